"""Article intervals: levels by hand, a second way to compute them, and independence of order and tiling."""

import numpy as np
import pytest
from scipy import sparse, stats

from analysis.errors import ParameterError
from analysis.intervals import (
    DrawnWeights,
    Group,
    Moments,
    article_interval,
    article_replicates,
    interval_levels,
    ratio,
    replicate_quantiles,
    weighted_counts,
)
from analysis.resampling import bootstrap_weights

SETTINGS = {"replicates": 400, "random_state": 7}


def group(numerator, denominator, prefix="a"):
    numerator, denominator = np.atleast_2d(numerator).T, np.atleast_2d(denominator).T
    names = [f"{prefix}{n:02d}" for n in range(len(numerator))]
    return Group(names, (numerator.astype(float), denominator.astype(float)))


def moments_of(influence):
    """Return the moments of one quantity in one group, from its influences."""
    centred = np.asarray(influence) - np.mean(influence)
    n = np.array([len(centred)])
    return Moments(n, n, np.array([(centred**2).sum()]), np.array([(centred**3).sum()]))


def test_levels_of_one_symmetric_group_are_those_of_hesterberg():
    # Hesterberg 2015: the quantiles at Phi(-+ sqrt(n / (n - 1)) t), here for n = 10 by hand: Phi(-2.3846) = .008549
    low, high = interval_levels([moments_of([-3, -2, -1, -1, 0, 0, 1, 1, 2, 3])])
    by_hand = stats.norm.cdf(-np.sqrt(10 / 9) * 2.262157)
    assert low.item() == pytest.approx(by_hand, rel=1e-5) == pytest.approx(0.008549, abs=2e-6)
    assert high.item() == pytest.approx(1 - by_hand, rel=1e-5)


def test_levels_that_are_not_widened_have_students_quantile_alone():
    low, high = interval_levels([moments_of([-3, -2, -1, -1, 0, 0, 1, 1, 2, 3])], widened=False)
    assert low.item() == pytest.approx(stats.norm.cdf(-2.262157), rel=1e-5)
    assert high.item() == pytest.approx(1 - low.item())
    assert np.isnan(interval_levels([moments_of([2.0])], widened=False)).all()


def test_levels_of_two_groups_have_satterthwaites_freedom():
    first, second = moments_of([-2.0, -1, 0, 1, 2]), moments_of([-4.0, -4, -1, 0, 0, 1, 4, 4])
    spread = [m.second.item() * n / (n - 1) for m, n in ((first, 5), (second, 8))]
    freedom = sum(spread) ** 2 / (spread[0] ** 2 / 4 + spread[1] ** 2 / 7)
    wider = np.sqrt(sum(spread) / (first.second.item() + second.second.item()))
    low, high = interval_levels([first, second])
    assert low.item() == pytest.approx(stats.norm.cdf(-wider * stats.t.ppf(0.975, freedom)))
    assert low.item() == pytest.approx(1 - high.item())


def test_skewness_moves_both_levels_to_the_side_of_the_tail():
    straight = interval_levels([moments_of([-1, -1, 0, 0, 1, 1.0])])
    right = interval_levels([moments_of([-1, -1, -1, -1, -1, 5.0])])
    left = interval_levels([moments_of([1, 1, 1, 1, 1, -5.0])])
    assert right[0] > straight[0] and right[1] > straight[1]
    np.testing.assert_allclose([left[0], left[1]], [1 - right[1], 1 - right[0]])
    # a difference in which the tails point the same way is straight again
    both = [moments_of([-1, -1, -1, -1, -1, 5.0])] * 2
    low, high = interval_levels([both[0], both[1].turned()])
    assert low.item() == pytest.approx(1 - high.item())


def test_skewness_counts_less_where_few_articles_show_it():
    moments = moments_of([-1, -1, -1, -1, -1, 5.0])
    levels = []
    for shown in (0, 1, 6):
        part = Moments(moments.articles, np.array([shown]), moments.second, moments.third)
        levels.append(interval_levels([part])[1].item())
    assert levels[0] < levels[1] < levels[2]
    skew = moments.third.item() / (6 * moments.second.item() ** 1.5) * 6 / 8
    reach = np.sqrt(6 / 5) * stats.t.ppf(0.975, 5)
    place = skew + reach
    assert levels[2] == pytest.approx(stats.norm.cdf(skew + place / (1 - skew * place)))


def test_the_interval_is_the_quantiles_of_the_replicates_at_its_levels():
    generator = np.random.default_rng(3)
    first = group(generator.poisson(4, 9), generator.integers(5, 30, 9))
    second = group(generator.poisson(2, 7), generator.integers(5, 30, 7), "b")

    def difference(x, n, y, m):
        return ratio(x, n) - ratio(y, m)

    low, high = article_interval(difference, [first, second], **SETTINGS)
    replicates, moments = [], []
    for replicate in range(400):
        sums = []
        for part in (first, second):
            drawn = bootstrap_weights(part.names, 400, 7)[replicate].astype(float)
            sums += [(drawn[:, None] * values).sum() for values in part.parts]
        replicates.append(sums[0] / sums[1] - sums[2] / sums[3] if sums[1] and sums[3] else np.nan)
    for part, sign in ((first, 1), (second, -1)):
        x, n = (values[:, 0] for values in part.parts)
        moment = moments_of(sign * (x - x.sum() / n.sum() * n) / n.sum())
        moments.append(Moments(moment.articles, np.array([(x != 0).sum()]), moment.second, moment.third))
    levels = [level.item() for level in interval_levels(moments)]
    by_hand = np.nanquantile(replicates, levels)
    assert (low.item(), high.item()) == pytest.approx(tuple(by_hand), rel=1e-6)


def test_identities():
    generator = np.random.default_rng(4)
    numerator, denominator = generator.normal(size=12), generator.integers(1, 9, 12)
    low, high = article_interval(ratio, [group(numerator, denominator)], **SETTINGS)
    turned = article_interval(ratio, [group(-numerator, denominator)], **SETTINGS)
    np.testing.assert_allclose([low, high], [-turned[1], -turned[0]], rtol=1e-9)
    # the interval of a function that rises is the function of the interval, up to the place between two replicates
    tripled = article_interval(ratio, [group(3 * numerator, denominator)], **SETTINGS)
    np.testing.assert_allclose(tripled, [3 * low, 3 * high], rtol=1e-7)
    # articles that are 0 in every part change nothing: they are not those that mention the actor
    more = group(np.append(numerator, [0, 0]), np.append(denominator, [0, 0]))
    np.testing.assert_allclose(article_interval(ratio, [more], **SETTINGS), [low, high], rtol=1e-9)


def test_order_of_articles_and_company_of_quantities_change_no_bit():
    generator = np.random.default_rng(5)
    parts = generator.normal(size=(40, 6)), generator.random((40, 1))
    names = [f"a{n}" for n in range(40)]
    whole = article_replicates(ratio, [Group(names, parts)], **SETTINGS)
    order = generator.permutation(40)
    mixed = Group([names[n] for n in order], tuple(part[order] for part in parts))
    np.testing.assert_array_equal(whole, article_replicates(ratio, [mixed], **SETTINGS))
    low, high = article_interval(ratio, [Group(names, parts)], **SETTINGS)
    for column in range(6):
        one = Group(names, (parts[0][:, [column]], parts[1]))
        np.testing.assert_allclose(
            article_interval(ratio, [one], **SETTINGS), [[low[column]], [high[column]]], rtol=1e-9
        )


def test_what_cannot_be_had_is_nan():
    one = Group(["a"], (np.ones((1, 1)), np.full((1, 1), 9.0)))
    assert np.isnan(article_interval(ratio, [one], **SETTINGS)).all()
    silent = group([0, 0, 0, 0, 0], [0, 0, 0, 0, 0])
    assert np.isnan(article_interval(ratio, [silent], **SETTINGS)).all()
    # two of six articles mention the actor: 14 % of the replicates draw neither
    rarely = group([1, -1, 0, 0, 0, 0], [3, 2, 0, 0, 0, 0])
    assert np.isnan(article_interval(ratio, [rarely], **SETTINGS)).all()
    with pytest.raises(ParameterError) as caught:
        article_interval(ratio, [group([1, np.nan, 2], [1, 1, 1])], **SETTINGS)
    assert (
        str(caught.value) == "sums over articles need finite values; found NaN or infinity; allowed: numbers"
    )


def test_the_same_value_in_all_articles_has_no_width():
    low, high = article_interval(ratio, [group([2, 4, 6, 3, 1], [20, 40, 60, 30, 10])], **SETTINGS)
    assert low.item() == pytest.approx(0.1, rel=1e-12)
    assert high.item() == pytest.approx(0.1, rel=1e-12)


def test_quantiles_at_each_quantitys_own_level():
    generator = np.random.default_rng(6)
    values = generator.normal(size=(5, 101))
    values[1, :5] = np.nan
    values[2, :11] = np.nan
    levels = np.array([0.1, 0.5, 0.5, 1.0, np.nan])
    (found,) = replicate_quantiles(values.copy(), (levels,))
    assert found[0] == pytest.approx(np.quantile(values[0], 0.1))
    assert found[1] == pytest.approx(np.nanquantile(values[1], 0.5))
    assert np.isnan(found[2]), "more than a tenth of the replicates are missing"
    assert found[3] == values[3].max()
    assert np.isnan(found[4])


@pytest.mark.parametrize("frequent", [3, 400_000])
def test_weighted_counts_are_exact_however_they_are_tiled(frequent, monkeypatch):
    generator = np.random.default_rng(8)
    counts = generator.poisson(0.1, (90, 40))
    counts[:, :3] = generator.poisson(frequent, (90, 3))  # terms of most articles, beyond 24 bits in one case
    weights = bootstrap_weights([f"a{n}" for n in range(90)], 300, 2)
    matrix = sparse.csc_matrix(counts)
    expected = counts.T.astype(np.int64) @ weights.T.astype(np.int64)
    np.testing.assert_array_equal(weighted_counts(matrix, DrawnWeights(weights)), expected)
    monkeypatch.setattr("analysis.intervals._TILE", 7)
    monkeypatch.setattr("analysis.intervals._REPLICATES", 37)
    for share in (0.0, 0.5, 1.0):
        monkeypatch.setattr("analysis.intervals._DENSE_SHARE", share)
        np.testing.assert_array_equal(weighted_counts(matrix, DrawnWeights(weights)), expected)
    assert weighted_counts(matrix[:, :0], DrawnWeights(weights)).shape == (0, 300)


@pytest.mark.parametrize(("articles", "frequent"), [(90, 3), (90, 400_000), (9000, 1)])
def test_compiled_counts_are_the_same(articles, frequent):
    # more articles and replicates than one tile holds; terms that 16 bits do not hold; empty terms; no order
    generator = np.random.default_rng(9)
    counts = generator.poisson(0.05, (articles, 7))
    counts[:, 0] = generator.poisson(frequent, articles)
    counts[:, 1] = 0
    weights = bootstrap_weights([f"a{n}" for n in range(articles)], 700, 2)
    matrix = sparse.csc_matrix(counts)
    plain = weighted_counts(matrix, DrawnWeights(weights))
    expected = counts.T.astype(np.int64) @ weights.T.astype(np.int64)
    turned = sparse.csc_matrix(counts[::-1])
    turned.indices = (articles - 1 - turned.indices).astype(turned.indices.dtype)
    turned.has_sorted_indices = False
    for one in (matrix, turned):
        found = weighted_counts(one, DrawnWeights(weights, compiled=True))
        assert found.dtype == plain.dtype
        np.testing.assert_array_equal(found, plain)
        np.testing.assert_array_equal(found, expected)
    assert weighted_counts(matrix[:, :0], DrawnWeights(weights, compiled=True)).shape == (0, 700)
