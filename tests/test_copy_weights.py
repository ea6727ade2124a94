"""Shared weights: which articles are one text, and what their sums are."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.copy_weights import NO_COPIES, CopyWeights, merge_named, text_rows, weighted_mean

WIRE = CopyWeights({"a": ("b", 3), "b": ("b", 3), "d": ("b", 3)})


def test_copies_have_the_name_of_one_text_and_share_its_weight():
    assert WIRE.texts(["a", "b", "c", "d"]) == ["b", "b", "c", "b"]
    np.testing.assert_allclose(WIRE.weights(["a", "b", "c", "d"]), [1 / 3, 1 / 3, 1, 1 / 3])
    assert WIRE.weights([]).shape == (0,)
    assert WIRE and not NO_COPIES
    assert NO_COPIES.texts(["a"]) == ["a"] and NO_COPIES.weights(["a"]).tolist() == [1]


def test_flags_speak_of_texts_where_texts_were_counted():
    assert WIRE.in_words("descriptive: 1 and 4 articles") == "descriptive: 1 and 4 texts"
    assert WIRE.in_words(["", "no interval: 1 article"]) == ["", "no interval: 1 text"]
    assert NO_COPIES.in_words("descriptive: 1 article") == "descriptive: 1 article"


def test_a_group_has_one_row_for_each_text():
    rows = text_rows(["b", "c", "b"], np.array([1 / 3, 1.0, 1 / 3]))
    assert rows.names == ["b", "c"] and rows.first.tolist() == [0, 1] and len(rows) == 2
    values = np.array([[3.0, 0], [5, 1], [6, 9]])
    # two of three copies: the third is elsewhere
    np.testing.assert_allclose(rows.add_up(values), [[3, 3], [5, 1]])
    found = rows.add_up(sparse.csr_matrix(values))
    np.testing.assert_allclose(found.toarray(), [[3, 3], [5, 1]])


def test_without_copies_nothing_is_touched():
    rows = text_rows(["a", "b"], np.ones(2))
    values = np.arange(4).reshape(2, 2)
    assert rows.member is None and rows.add_up(values) is values


def test_rows_of_one_name_are_added():
    names, (first, second) = merge_named(["b", "a", "b"], [np.array([[1.0], [2], [3]]), np.ones((3, 2))])
    assert names == ["b", "a"] and first.tolist() == [[4], [2]] and second.tolist() == [[2, 2], [1, 1]]
    part = np.ones((2, 1))
    assert merge_named(["a", "b"], [part])[1][0] is part


def test_a_mean_with_weights():
    assert weighted_mean(np.array([1.0, 3]), np.array([0.25, 0.75])) == 2.5
    assert weighted_mean(pd.Series([1.0, 2]), pd.Series([1.0, 1])) == 1.5
    with pytest.warns(RuntimeWarning):
        assert np.isnan(weighted_mean(np.array([]), np.array([])))
