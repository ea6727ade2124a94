"""Lock words: planted alike, and each bound on its own."""

import numpy as np
import pandas as pd
import pytest

from analysis.measures.lockwords import are_lock_words

ALIKE = {
    "count_target": 9,
    "count_reference": 30,
    "log_ratio": 0.1,
    "dp_norm_target": 0.2,
    "dp_norm_reference": 0.3,
    "log_ratio_low": -0.5,
    "log_ratio_high": 0.7,
}


@pytest.mark.parametrize(
    ("change", "lock"),
    [
        ({}, True),
        ({"log_ratio": -0.25}, True),
        ({"log_ratio": 0.26}, False),
        ({"log_ratio": np.nan}, False),
        ({"count_target": 4}, False),
        ({"count_reference": 4}, False),
        ({"dp_norm_target": 0.51}, False),
        ({"dp_norm_reference": 0.9}, False),
        # one article on a side, or too few for an interval: nothing is known against it
        ({"dp_norm_target": np.nan}, True),
        ({"dp_norm_target": np.nan, "dp_norm_reference": 0.9}, False),
        ({"log_ratio_low": np.nan, "log_ratio_high": np.nan}, True),
        # an interval that reaches a doubling shows no likeness
        ({"log_ratio_high": 1.01}, False),
        ({"log_ratio_low": -1.01}, False),
    ],
)
def test_each_bound(change, lock):
    assert are_lock_words(pd.DataFrame([{**ALIKE, **change}])).tolist() == [lock]


def test_no_row_is_no_lock_word():
    assert are_lock_words(pd.DataFrame([ALIKE]).iloc[:0]).shape == (0,)
