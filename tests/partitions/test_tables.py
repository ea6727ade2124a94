"""Tables in Parquet: rounded as in CSV, whole or not there."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.partitions.tables import TableWriter, round_digits
from analysis.schema.partitions import TERM_TOTALS
from analysis.tables import round_table


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_rounding_is_that_of_the_other_tables(values):
    values = np.array(values, dtype=float)
    wanted = round_table(pd.DataFrame({"x": values}))["x"].to_numpy()
    found = round_digits(values)
    np.testing.assert_array_equal(found, wanted)
    assert not np.signbit(found[found == 0]).any()


def test_rounding_of_ties_of_ordinary_numbers():
    ties = np.concatenate([np.arange(1000005, 1000995, 10) / 10.0**power for power in range(-3, 9)])
    values = np.concatenate([ties, -ties, 10.0 ** np.arange(-30, 30), [0.1234565, 999999.5, 9.999995]])
    wanted = [float(f"{value:.6g}") for value in values]
    assert round_digits(values).tolist() == wanted


def test_a_table_is_whole_or_not_there(tmp_path):
    path = tmp_path / "t.parquet"
    columns = {"level": "bloc", "group": "East", "term": ["a", "b"], "count": [2, 1], "n_articles": [1, 1]}
    columns |= {"n_group_articles": 3, "n_tokens": 9, "per_10000": [math.nan, 1 / 3]}
    with pytest.raises(RuntimeError), TableWriter(path, TERM_TOTALS) as table:
        table.write(columns)
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with TableWriter(path, TERM_TOTALS) as table:
        table.write(columns)
        table.write(columns)
    assert table.rows == 4
    found = pd.read_parquet(path)
    assert found["term"].tolist() == ["a", "b", "a", "b"]
    assert found["per_10000"].tolist()[1::2] == [0.333333, 0.333333] and found["per_10000"].isna().sum() == 2
