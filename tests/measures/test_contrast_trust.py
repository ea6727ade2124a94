"""Intervals of the log ratio: the same as the general function's, and what they say of a term absent on one side."""

import numpy as np
import pytest
from scipy import sparse, stats

from analysis.config import StatisticsParameters
from analysis.counts import TermCounts
from analysis.intervals import Group, article_interval
from analysis.measures.contrast_trust import log_ratio_intervals
from analysis.measures.keyness import log_ratio
from analysis.resampling import bootstrap_weights, hashed_uniform

STATISTICS = StatisticsParameters(bootstrap=300, random_state=4)


def planted(first, second, terms=30, *, start=0.3, random_state=0):
    generator = np.random.default_rng(random_state)
    articles = first + second
    counts = generator.poisson(generator.gamma(1, 1, (articles, terms)) * np.linspace(start, 9, terms))
    names = tuple(f"a{n:02d}" for n in range(articles))
    return TermCounts(
        names,
        tuple(f"t{n:02d}" for n in range(terms)),
        sparse.csr_matrix(counts),
        generator.integers(200, 1200, articles),
    )


def general(counts, rows1, rows2, statistics=STATISTICS):
    """Compute the intervals by the function for any statistic, on dense sums."""
    dense, sizes = counts.matrix.toarray().astype(float), counts.sizes[:, None].astype(float)
    groups = [
        Group([counts.article_ids[n] for n in rows], (dense[rows], sizes[rows])) for rows in (rows1, rows2)
    ]
    return article_interval(
        lambda a, n1, b, n2: np.where((n1 > 0) & (n2 > 0), log_ratio(a, b, n1, n2), np.nan),
        groups,
        replicates=statistics.bootstrap,
        random_state=statistics.random_state,
        widened=False,
    )


@pytest.mark.parametrize(("first", "second"), [(6, 9), (40, 25)])
def test_the_intervals_are_those_of_the_general_function(first, second):
    counts = planted(first, second, start=3)
    rows = np.arange(first), np.arange(first, first + second)
    assert (counts.matrix[rows[0]].sum(axis=0) > 0).all() and (counts.matrix[rows[1]].sum(axis=0) > 0).all()
    np.testing.assert_allclose(
        log_ratio_intervals(counts, *rows, STATISTICS), general(counts, *rows), atol=1e-6
    )


def test_neither_blocks_of_terms_nor_the_order_of_articles_change_a_bit(monkeypatch):
    counts = planted(8, 7)
    rows = np.arange(8), np.arange(8, 15)
    whole = log_ratio_intervals(counts, *rows, STATISTICS)
    monkeypatch.setattr("analysis.measures.contrast_trust._BLOCK", 7)
    np.testing.assert_array_equal(log_ratio_intervals(counts, *rows, STATISTICS), whole)
    mixed = log_ratio_intervals(counts, rows[0][::-1], rows[1][::-1], STATISTICS)
    np.testing.assert_allclose(mixed, whole, rtol=1e-12)


def test_compiled_loops_do_not_change_a_bit(monkeypatch):
    counts = planted(12, 9, start=0.02)
    rows = np.arange(12), np.arange(12, 21)
    plain = log_ratio_intervals(counts, *rows, STATISTICS)
    monkeypatch.setattr("analysis.measures.contrast_trust.COMPILED_FROM", 0)
    monkeypatch.setattr("analysis.resampling.COMPILED_FROM", 0)
    np.testing.assert_array_equal(log_ratio_intervals(counts, *rows, STATISTICS), plain)


def test_swapping_the_sides_turns_the_interval():
    counts = planted(8, 7, start=0.05)
    rows = np.arange(8), np.arange(8, 15)
    low, high = log_ratio_intervals(counts, *rows, STATISTICS)
    turned_low, turned_high = log_ratio_intervals(counts, *rows[::-1], STATISTICS)
    np.testing.assert_allclose(turned_low, -high, atol=1e-6)
    np.testing.assert_allclose(turned_high, -low, atol=1e-6)


def test_a_term_absent_on_one_side_reaches_nearer_to_zero():
    counts = planted(10, 10, terms=3, start=5)
    matrix = counts.matrix.tolil()
    matrix[10:, 0] = 0  # in the target alone
    matrix[:10, 1] = 0  # in the reference alone
    matrix[:, 2] = 0  # nowhere
    counts = TermCounts(counts.article_ids, counts.terms, sparse.csr_matrix(matrix), counts.sizes)
    rows = np.arange(10), np.arange(10, 20)
    low, high = log_ratio_intervals(counts, *rows, STATISTICS)
    plain_low, plain_high = general(counts, *rows)
    assert low[0] < plain_low[0] and high[0] == pytest.approx(plain_high[0], abs=1e-6)
    assert high[1] > plain_high[1] and low[1] == pytest.approx(plain_low[1], abs=1e-6)
    assert np.isnan([low[2], high[2]]).all(), "nothing is known of a term that occurs nowhere"
    # by hand: a Gamma(1/2) draw for each replicate takes the place of the 0.5
    names = [counts.article_ids[n] for n in range(20)]
    drawn = bootstrap_weights(names, 300, 4).astype(float)
    a, n1, n2 = (
        drawn[:, :10] @ matrix.toarray()[:10, 0],
        drawn[:, :10] @ counts.sizes[:10],
        drawn[:, 10:] @ counts.sizes[10:],
    )
    # its 300 middle quantiles, in the order of the hashed numbers
    rank = stats.rankdata(hashed_uniform("a term that does not occur", 300, 4))
    draws = stats.gamma.ppf((rank - 0.5) / 300, 0.5)
    replicates = np.log2((a + 0.5) / (n1 + 0.5)) - np.log2(draws / (n2 + 0.5))
    assert low[0] == pytest.approx(np.quantile(replicates, 0.025), abs=1e-5)


def test_no_interval_with_too_few_articles():
    counts = planted(8, 4)
    bounds = log_ratio_intervals(counts, np.arange(8), np.arange(8, 12), STATISTICS)
    assert np.isnan(bounds).all()
