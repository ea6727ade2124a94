"""Article-level resampling: published values, brute force, and independence of order and subset."""

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse, stats

from analysis.errors import ParameterError
from analysis.resampling import (
    articles_needed,
    attainable_p,
    bootstrap_weights,
    descriptive_flag,
    false_discovery_q,
    percentile_interval,
    permutation_p,
    smallest_p,
)

# Benjamini & Hochberg 1995, section 3.2: fifteen p-values of a clinical trial
BH_1995 = [
    float(p)
    for p in (
        ".0001 .0004 .0019 .0095 .0201 .0278 .0298 .0344 .0459 .3240 .4262 .5719 .6528 .7590 1.0".split()
    )
]


@pytest.mark.parametrize(
    ("a", "b", "floor"),
    [(1, 4, 0.4), (2, 3, 0.2), (3, 3, 0.10), (4, 4, 0.029), (5, 5, 0.0079), (8, 8, 1.6e-4), (9, 9, 4.1e-5)],
)
def test_attainable_p_equals_the_published_floors(a, b, floor):
    assert attainable_p(a, b) == pytest.approx(floor, rel=0.03)
    assert attainable_p(b, a) == attainable_p(a, b)


def test_attainable_p_is_capped_undefined_and_safe_for_any_size():
    assert attainable_p(1, 1) == 1.0
    assert np.isnan(attainable_p(0, 5))
    assert np.isnan(attainable_p(0, 0))
    assert attainable_p(600, 600) == 0.0
    assert attainable_p(500_000, 500_000) == 0.0
    assert attainable_p(1, 999_999) == 2e-6
    with pytest.raises(ParameterError) as caught:
        attainable_p(-1, 3)
    assert str(caught.value) == "a number of articles cannot be negative: -1 and 3; give 0 or more"


def test_attainable_p_is_reached_by_the_test_itself():
    for a, b in [(3, 3), (4, 4), (2, 5)]:
        first, second = np.arange(a)[:, None] + 100.0, np.arange(b)[:, None] * 1.0
        assert permutation_p(first, second).item() == pytest.approx(attainable_p(a, b))


@pytest.mark.parametrize(
    ("a", "b", "permutations", "smallest"),
    [
        (1, 4, 5000, 0.4),
        (4, 4, 5000, 2 / 70),
        (8, 8, 5000, 2 / 12870),  # 12,870 divisions are enumerated
        (9, 9, 5000, 2 / 5001),  # 48,620 are sampled
        (9, 9, 100_000, 2 / 48620),
        (40, 40, 999, 2 / 1000),
        (5000, 5000, 999, 2 / 1000),
        (40, 40, 1, 1.0),
    ],
)
def test_smallest_p_is_the_floor_of_the_test_that_is_run(a, b, permutations, smallest):
    assert smallest_p(a, b, permutations) == pytest.approx(smallest, rel=1e-12)
    if a + b <= 80 and permutations <= 5000:
        first, second = np.arange(a)[:, None] + 1000.0, np.arange(b)[:, None] * 1.0
        assert permutation_p(first, second, permutations=permutations).item() == pytest.approx(smallest)


def test_smallest_p_is_undefined_without_articles_and_refuses_no_permutations():
    assert np.isnan(smallest_p(0, 50, 5000))
    with pytest.raises(ParameterError) as caught:
        smallest_p(9, 9, 0)
    assert str(caught.value) == "permutations is 0; allowed: 1 or more"


def test_articles_needed():
    assert articles_needed(0.05) == 4
    assert articles_needed(5e-5) == 9
    assert articles_needed(1.0) == 1
    assert articles_needed(0.05, other=1) == 39
    assert articles_needed(0.05, other=3) == 5
    for alpha in (0.05, 0.01, 0.001):
        size = articles_needed(alpha)
        assert attainable_p(size, size) <= alpha < attainable_p(size - 1, size - 1)
    with pytest.raises(ParameterError) as caught:
        articles_needed(0.0)
    assert str(caught.value) == "alpha is 0.0; allowed: above 0 and at most 1"
    with pytest.raises(ParameterError) as caught:
        articles_needed(0.05, other=0)
    assert (
        str(caught.value) == "the other group has 0 articles; allowed: 1 or more, as no test can do without"
    )


def test_false_discovery_q_rejects_four_of_the_fifteen_of_1995():
    q = false_discovery_q(np.array(BH_1995))
    assert (q <= 0.05).sum() == 4
    # step-up by hand: the smallest p_k 15 / k at or above each rank
    by_hand = [min(BH_1995[k] * 15 / (k + 1) for k in range(i, 15)) for i in range(15)]
    np.testing.assert_allclose(q, by_hand)


def test_false_discovery_q_leaves_nan_out_of_the_family():
    q = false_discovery_q(np.array([0.01, np.nan, 0.04]))
    np.testing.assert_allclose(q, [0.02, np.nan, 0.04])
    assert np.isnan(false_discovery_q(np.array([np.nan]))).all()
    assert false_discovery_q(np.array([])).shape == (0,)


def brute_force_p(first, second):
    """Enumerate every division; the definition, one quantity at a time."""
    pooled = np.concatenate([first, second])
    observed = first.mean() - second.mean()
    found = []
    for chosen in combinations(range(len(pooled)), len(first)):
        inside = np.isin(np.arange(len(pooled)), chosen)
        found.append(pooled[inside].mean() - pooled[~inside].mean())
    found = np.array(found)
    above, below = (found >= observed - 1e-12).mean(), (found <= observed + 1e-12).mean()
    return min(1.0, 2 * min(above, below))


@pytest.mark.parametrize(("a", "b"), [(1, 1), (1, 4), (2, 3), (3, 3), (4, 4), (2, 7), (5, 4)])
def test_permutation_p_equals_brute_force(a, b):
    generator = np.random.default_rng(a * 10 + b)
    # few distinct values: ties between divisions must count
    first, second = generator.integers(0, 4, (a, 6)) / 3, generator.integers(0, 4, (b, 6)) / 3
    expected = [brute_force_p(first[:, k], second[:, k]) for k in range(6)]
    np.testing.assert_allclose(permutation_p(first, second), expected)


@pytest.mark.parametrize(("a", "b"), [(4, 4), (3, 6)])
def test_permutation_p_equals_scipy(a, b):
    generator = np.random.default_rng(5)
    first, second = generator.normal(0.8, 1, (a, 3)), generator.normal(0, 1, (b, 3))
    for k in range(3):
        theirs = stats.permutation_test(
            (first[:, k], second[:, k]), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf
        )
        assert permutation_p(first, second)[k] == pytest.approx(theirs.pvalue)


def test_sampled_permutation_p_is_near_the_exact_one(monkeypatch):
    generator = np.random.default_rng(2)
    first, second = generator.normal(0.5, 1, (6, 40)), generator.normal(0, 1, (6, 40))
    exact = permutation_p(first, second)
    monkeypatch.setattr("analysis.resampling.EXACT_LIMIT", 10)
    sampled = permutation_p(first, second, permutations=4000, random_state=1)
    # four standard errors of a doubled proportion of 4,000
    assert np.abs(sampled - exact).max() < 4 * 2 * 0.5 / np.sqrt(4000)
    assert sampled.min() >= 2 / 4001
    np.testing.assert_array_equal(sampled, permutation_p(first, second, permutations=4000, random_state=1))
    assert (sampled != permutation_p(first, second, permutations=4000, random_state=2)).any()
    # however many draws are held at a time
    monkeypatch.setattr("analysis.resampling._BLOCK_CELLS", 12 * 7)
    np.testing.assert_array_equal(sampled, permutation_p(first, second, permutations=4000, random_state=1))


def test_permutation_p_is_symmetric_and_undefined_without_articles():
    generator = np.random.default_rng(3)
    first, second = generator.normal(size=(4, 5)), generator.normal(size=(5, 5))
    np.testing.assert_allclose(permutation_p(first, second), permutation_p(second, first))
    np.testing.assert_allclose(permutation_p(first, second), permutation_p(first[::-1], second[::-1]))
    assert np.isnan(permutation_p(np.empty((0, 5)), second)).all()
    np.testing.assert_array_equal(permutation_p(np.zeros((4, 1)), np.zeros((4, 1))), [1.0])


@pytest.mark.parametrize(("a", "b"), [(4, 5), (12, 9)])
def test_permutation_p_of_sparse_rates_equals_that_of_dense_ones(a, b, monkeypatch):
    generator = np.random.default_rng(a)
    first, second = (generator.poisson(0.3, (size, 200)) / 7 for size in (a, b))
    dense = permutation_p(first, second, permutations=500)
    assert len(np.unique(dense)) > 10
    rows = sparse.csr_matrix(first), sparse.csr_matrix(second)
    np.testing.assert_array_equal(permutation_p(*rows, permutations=500), dense)
    np.testing.assert_array_equal(permutation_p(rows[0], second, permutations=500), dense)
    monkeypatch.setattr("analysis.resampling._BLOCK_CELLS", 200 * 3)
    np.testing.assert_array_equal(permutation_p(*rows, permutations=500), dense)
    assert np.isnan(permutation_p(rows[0][:0], rows[1])).all()


def test_bootstrap_weights_are_poisson_draws():
    weights = bootstrap_weights([f"article-{n}" for n in range(200)], 500, 20181109).astype(float)
    assert weights.mean() == pytest.approx(1.0, abs=0.01)
    assert weights.var() == pytest.approx(1.0, abs=0.02)
    for count, share in enumerate(stats.poisson.pmf(range(5), 1)):
        assert (weights == count).mean() == pytest.approx(share, abs=0.005)
    # neither articles nor replicates go together
    between = np.corrcoef(weights.T)
    assert np.abs(between[~np.eye(200, dtype=bool)]).mean() < 0.05
    assert abs(np.corrcoef(weights[:-1].ravel(), weights[1:].ravel())[0, 1]) < 0.01


def test_bootstrap_weights_depend_on_nothing_but_name_replicate_and_state():
    names = ["b", "a", "d", "c"]
    weights = bootstrap_weights(names, 100, 3)
    np.testing.assert_array_equal(bootstrap_weights(names[::-1], 100, 3), weights[:, ::-1])
    np.testing.assert_array_equal(bootstrap_weights(["d"], 100, 3)[:, 0], weights[:, 2])
    np.testing.assert_array_equal(bootstrap_weights(names, 40, 3), weights[:40])
    assert (bootstrap_weights(names, 100, 4) != weights).any()
    assert bootstrap_weights([], 10, 0).shape == (10, 0)


def test_compiled_weights_are_the_same(monkeypatch):
    names = [f"article {n}" for n in range(150)]
    plain = bootstrap_weights(names, 77, 3)
    monkeypatch.setattr("analysis.resampling.COMPILED_FROM", 0)
    compiled = bootstrap_weights(names, 77, 3)
    assert compiled.dtype == plain.dtype == np.uint8
    np.testing.assert_array_equal(compiled, plain)
    assert bootstrap_weights([], 77, 3).shape == (77, 0)


def test_bootstrap_weights_have_these_values_on_every_machine():
    weights = bootstrap_weights(["neo_2019-05", "daily_2019-05"], 12, 20181109)
    assert weights.dtype == np.uint8
    assert weights.T.tolist() == [
        [1, 0, 0, 1, 0, 0, 3, 0, 0, 1, 1, 1],
        [2, 0, 0, 3, 0, 0, 0, 0, 3, 1, 2, 0],
    ]


def test_percentile_interval_of_known_replicates():
    low, high = percentile_interval(np.arange(101.0)[:, None])
    assert (low.item(), high.item()) == (2.5, 97.5)
    low, high = percentile_interval(np.arange(101.0), alpha=0.5)
    assert (float(low), float(high)) == (25.0, 75.0)


def test_percentile_interval_is_undefined_where_a_tenth_of_the_replicates_is():
    values = np.tile(np.arange(100.0)[:, None], (1, 3))
    values[:9, 0] = np.nan
    values[:10, 1] = np.nan
    values[:, 2] = np.nan
    low, high = percentile_interval(values)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, True]
    assert low[0] == np.quantile(np.arange(9.0, 100), 0.025)


def test_descriptive_flag():
    assert descriptive_flag(1) == "descriptive: 1 article"
    assert descriptive_flag(4) == "descriptive: 4 articles"
    assert descriptive_flag(1, 4) == "descriptive: 1 and 4 articles"
