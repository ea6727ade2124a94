"""Dispersion: Gries' worked examples, and the sparse twin of DP."""

import numpy as np
import pytest
from scipy import sparse

from analysis.errors import ParameterError
from analysis.measures.dispersion import deviation_of_proportions, dispersion

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
    ],
)
def test_errors(counts, sizes, message):
    with pytest.raises(ParameterError) as caught:
        dispersion(counts, sizes)
    assert str(caught.value) == message


def test_the_sparse_dp_equals_the_dense_one():
    generator = np.random.default_rng(4)
    counts = generator.poisson(0.6, (7, 50))
    sizes = generator.integers(20, 300, 7)
    sparse_dp = deviation_of_proportions(sparse.csr_matrix(counts), sizes)
    np.testing.assert_allclose(sparse_dp, dispersion(counts, sizes)["dp"], atol=1e-12)
    assert np.isnan(deviation_of_proportions(sparse.csr_matrix(counts[:1]), sizes[:1])).all()
    assert np.isnan(deviation_of_proportions(sparse.csr_matrix(np.zeros((3, 2))), sizes[:3])).all()
