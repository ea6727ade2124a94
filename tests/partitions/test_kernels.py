"""The compiled loops, each against what it stands for."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import nnls

from analysis.kernels.postings import add_drawn, disperse_postings, sum_postings
from analysis.measures.contrast_blocks import take_ranges
from analysis.measures.dispersion import MEASURES, disperse_sparse
from analysis.partitions.kernels import solve_weights
from analysis.partitions.vocabulary import split_blocks
from analysis.resampling import bootstrap_weights


def made(articles=40, terms=9):
    generator = np.random.Generator(np.random.Philox(2))
    matrix = sparse.csc_matrix(
        generator.poisson(0.4, (articles, terms)) * (generator.random((articles, terms)) < 0.7)
    )
    sizes = np.asarray(matrix.sum(axis=1)).ravel() + generator.integers(5, 60, articles)
    owner = generator.integers(0, 3, articles)
    return matrix, sizes, owner


def postings(matrix):
    return np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr)), matrix.indices, matrix.data


def test_sums_of_postings():
    matrix, sizes, owner = made()
    term, article, count = postings(matrix)
    found = sum_postings(term, owner[article], sizes[article], count, (9, 3))
    dense = matrix.toarray().astype(float)
    for outlet in range(3):
        x, d = dense[owner == outlet], sizes[owner == outlet, None]
        wanted = [x, x > 0, None, x**2, x**3, x * d, x**2 * d, x * d**2]
        for place, values in enumerate(wanted):
            expected = x.max(axis=0) if values is None else values.sum(axis=0)
            np.testing.assert_array_equal(found[place, :, outlet], expected)


def test_drawn_sums_are_products_with_the_weights():
    matrix, _, owner = made()
    weights = np.ascontiguousarray(bootstrap_weights([f"a{n}" for n in range(40)], 100, 5).T)
    term, article, count = postings(matrix)
    for kind in (np.int32, np.int64):
        sums = np.zeros((9, 3, 100), dtype=kind)
        add_drawn(sums, term, owner[article], article, count.astype(kind), weights)
        for outlet in range(3):
            own = owner == outlet
            np.testing.assert_array_equal(sums[:, outlet], matrix.toarray()[own].T @ weights[own].astype(int))


def test_dispersion_is_that_of_the_measure():
    matrix, sizes, owner = made()
    term, article, count = postings(matrix)
    offsets = np.searchsorted(term, np.arange(10))
    for side in ([0], [1, 2]):
        own = np.isin(owner, side)
        totals = (float(own.sum()), float(sizes[own].sum()), float(sizes[own].min()))
        found = disperse_postings(offsets, own[article], sizes[article], count, totals)
        wanted = disperse_sparse(matrix.tocsr()[np.flatnonzero(own)], sizes[own])
        np.testing.assert_allclose(found, wanted[list(MEASURES)].to_numpy().T, rtol=1e-13)


def test_weights_of_themes_are_non_negative_least_squares():
    generator = np.random.Generator(np.random.Philox(4))
    components = generator.random((4, 30)) * (generator.random((4, 30)) < 0.5)
    rows = generator.random((25, 30))
    found = solve_weights(rows @ components.T, components @ components.T, 1000)
    wanted = np.array([nnls(components.T, row)[0] for row in rows])
    np.testing.assert_allclose(found, wanted, atol=1e-7)
    alone = np.vstack(
        [solve_weights(row[None] @ components.T, components @ components.T, 1000) for row in rows]
    )
    np.testing.assert_allclose(found, alone, atol=1e-12)


def test_ranges_and_blocks():
    assert take_ranges(np.array([0, 3, 3, 7, 9]), np.array([0, 2])).tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert take_ranges(np.array([0, 3]), np.array([], dtype=int)).tolist() == []
    assert split_blocks([5, 1, 1, 9, 2], most_postings=7, most_terms=2) == [(0, 2), (2, 3), (3, 4), (4, 5)]
    assert split_blocks([], most_postings=7, most_terms=2) == []
