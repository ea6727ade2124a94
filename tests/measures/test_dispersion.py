"""Dispersion: Gries' worked examples, and the sparse twin of DP."""

import numpy as np
import pytest
from scipy import sparse

from analysis.errors import ParameterError
from analysis.measures.dispersion import MEASURES, disperse_sparse, dispersion

SIZES = [9, 10, 10, 10, 11]


def test_the_five_part_example_of_gries():
    row = dispersion([1, 2, 3, 4, 5], SIZES).loc[0]
    assert (row["frequency"], row["parts"], row["range"]) == (15, 5, 5)
    assert row["dp"] == pytest.approx(0.18)
    assert row["dp_norm"] == pytest.approx(0.2195, abs=5e-5)
    assert row["juilland_d"] == pytest.approx(0.785, abs=5e-4)
    assert row["kld"] == pytest.approx(0.137, abs=5e-4)


def test_a_word_that_stands_once_in_the_smallest_part():
    row = dispersion([1, 0, 0, 0, 0], SIZES).loc[0]
    assert row["dp"] == pytest.approx(0.82)
    assert row["dp_norm"] == pytest.approx(1.0)
    assert row["range"] == 1


def test_an_even_spread_is_zero():
    row = dispersion([2, 4, 6], [10, 20, 30]).loc[0]
    assert row[["dp", "dp_norm", "kld"]].tolist() == pytest.approx([0, 0, 0])
    assert row["juilland_d"] == pytest.approx(1)


def test_undefined_is_nan_with_its_frequency():
    absent = dispersion([0, 0], [5, 5]).loc[0]
    one_part = dispersion([3], [5]).loc[0]
    measures = ["dp", "dp_norm", "kld", "juilland_d"]
    assert absent["frequency"] == 0 and absent[measures].isna().all()
    assert one_part["frequency"] == 3 and one_part[measures].isna().all()


def test_order_of_parts_and_scale_do_not_matter():
    counts, sizes = np.array([3, 0, 5, 1]), np.array([100, 50, 80, 20])
    order = [2, 0, 3, 1]
    columns = ["dp", "dp_norm", "kld", "juilland_d"]
    whole = dispersion(counts, sizes)[columns].to_numpy()
    np.testing.assert_allclose(dispersion(counts[order], sizes[order])[columns].to_numpy(), whole)
    np.testing.assert_allclose(dispersion(counts * 7, sizes * 7)[columns].to_numpy(), whole)


@pytest.mark.parametrize(
    ("counts", "sizes", "message"),
    [
        ([1, 2], [5], "counts of shape (2, 1) do not fit sizes of shape (1,); give one size per part"),
        ([1, -1], [5, 5], "counts must be 0 or more and sizes above 0; leave empty parts out"),
        ([1, 0], [5, 0], "counts must be 0 or more and sizes above 0; leave empty parts out"),
        ([1, np.nan], [5, 5], "counts must be 0 or more and sizes above 0; leave empty parts out"),
        ([1, 1], [5, np.inf], "counts must be 0 or more and sizes above 0; leave empty parts out"),
        ([], [], "there is no part to be dispersed over; give the size of one part or more"),
        (["a"], [5], "counts and sizes must be lists of numbers"),
    ],
)
def test_errors(counts, sizes, message):
    with pytest.raises(ParameterError) as caught:
        dispersion(counts, sizes)
    assert str(caught.value) == message


def test_the_sparse_measures_equal_the_dense_ones():
    generator = np.random.default_rng(4)
    counts = generator.poisson(0.6, (7, 50))
    sizes = generator.integers(20, 300, 7)
    found = disperse_sparse(sparse.csr_matrix(counts), sizes)
    assert list(found.columns) == list(MEASURES)
    np.testing.assert_allclose(found, dispersion(counts, sizes)[list(MEASURES)], atol=1e-12)
    # an article without a token is no part
    padded = np.vstack([counts, np.zeros((2, 50), dtype=int)])
    again = disperse_sparse(sparse.csr_matrix(padded), np.append(sizes, [0, 0]))
    np.testing.assert_allclose(again, found, atol=1e-12)


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [([[3, 1]], [9]), ([[0, 0]] * 3, [5, 6, 7]), ([[2, 1], [0, 0]], [9, 0]), ([[0], [0]], [0, 0])],
)
def test_without_two_articles_or_an_occurrence_dispersion_is_nan(counts, sizes):
    found = disperse_sparse(sparse.csr_matrix(np.array(counts)), np.array(sizes))
    assert len(found) == len(counts[0])
    assert found.isna().all(axis=None)


def test_articles_of_one_word_are_parts():
    found = disperse_sparse(sparse.csr_matrix(np.array([[1, 0], [0, 1], [0, 1]])), np.array([1, 1, 1]))
    assert found["dp"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert found["dp_norm"].tolist() == pytest.approx([1, 0.5])
    # rates 1, 0, 0: population SD sqrt(2)/3 over the mean 1/3, over sqrt(2)
    assert found.loc[0, "juilland_d"] == pytest.approx(0)
    assert found["kld"].tolist() == pytest.approx([np.log2(3), np.log2(1.5)])
