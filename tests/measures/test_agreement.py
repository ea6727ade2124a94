"""Agreement: published values of alpha, and scorers set beside codes by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.config import StatisticsParameters
from analysis.errors import ParameterError
from analysis.measures.agreement import alpha_interval, confusion, krippendorff_alpha, measure_agreement

X = np.nan
# Krippendorff (2011): four coders, twelve units
FOUR = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, X],
        [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
    ]
)


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_published_values(level, value):
    assert krippendorff_alpha(FOUR, level) == pytest.approx(value, abs=0.0005)


def test_two_coders_ten_units():
    codes = [[1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]]
    assert krippendorff_alpha(codes) == pytest.approx(0.0952, abs=0.00005)


def test_what_has_no_alpha():
    assert np.isnan(krippendorff_alpha([[1, 1], [1, 1]])), "without variation nothing can be told from chance"
    assert np.isnan(krippendorff_alpha([[1, X], [X, 2]])), "no unit is coded twice"
    with pytest.raises(ParameterError, match="alpha needs two coders or more"):
        krippendorff_alpha([[1, 2]])


def test_the_interval_holds_the_value_and_is_reproducible():
    generator = np.random.default_rng(3)
    first = generator.integers(0, 3, 200).astype(float)
    second = np.where(generator.random(200) < 0.8, first, generator.integers(0, 3, 200))
    low, high = alpha_interval([first, second], replicates=300, random_state=1)
    assert low < krippendorff_alpha([first, second]) < high
    assert (low, high) == alpha_interval([first, second], replicates=300, random_state=1)
    assert np.isnan(alpha_interval([[1, 2], [1, 2]])).all()


def test_a_table_by_hand():
    codes = pd.DataFrame(
        {
            "a": ["negative", "neutral", "positive", "neutral", ""],
            "b": ["negative", "neutral", "neutral", "", ""],
        }
    )
    labels = {"s.v1": np.array(["negative", "positive", "positive", "neutral", "neutral"])}
    table = measure_agreement(codes, labels, statistics=StatisticsParameters()).table
    pair, scorer = table.to_dict("records")
    assert (pair["first"], pair["second"], pair["n"]) == ("a", "b", 3)
    assert pair["agreement"] == pytest.approx(2 / 3)
    # agreed: negative, neutral, and the one that only the first coded as neutral
    assert (scorer["first"], scorer["second"], scorer["n"]) == ("coders agreeing", "s.v1", 3)
    assert scorer["agreement"] == pytest.approx(2 / 3)
    assert scorer["f1_negative"] == 1.0
    assert scorer["f1_neutral"] == pytest.approx(2 / 3)
    assert scorer["f1_positive"] == 0.0


def test_without_codes_there_is_no_row():
    assert measure_agreement(pd.DataFrame(index=range(3)), {}, statistics=StatisticsParameters()).table.empty


def test_confusion_counts_pairs():
    table = confusion(np.array([0, 0, 1, X]), np.array([0, 2, 1, 1]))
    assert table.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
