"""Intervals of shares: planted coverage where few articles carry the share, mirror images, and what stays as it was."""

import numpy as np
import pytest

from analysis.intervals import Group, article_interval, ratio
from analysis.shares import half_gamma, share_interval

SETTINGS = {"replicates": 1000, "random_state": 7}


def both(part, whole, names=None):
    names = names or [f"a{n}" for n in range(len(part))]
    plain = article_interval(ratio, [Group(names, (part, whole))], **SETTINGS)
    return plain, share_interval(names, part, whole, **SETTINGS)


def clumpy(articles, quantities, seed=3, mean=0.08, concentration=3.0):
    generator = np.random.default_rng(seed)
    whole = generator.integers(200, 1200, (articles, 1)).astype(float)
    return whole * generator.beta(mean * concentration, (1 - mean) * concentration, (articles, quantities)), whole


@pytest.mark.parametrize(("mean", "articles"), [(0.08, 10), (0.08, 20), (0.92, 10)])
def test_a_share_that_few_articles_carry_is_covered(mean, articles):
    # one corpus has 500 quantities that share its weights and lengths; four give an error of about one point
    hits, before = [], []
    for corpus in range(4):
        part, whole = clumpy(articles, 500, seed=corpus, mean=mean)
        plain, ours = both(part, whole, [f"{corpus} {n}" for n in range(articles)])
        hits.append(((ours[0] <= mean) & (mean <= ours[1])).mean())
        before.append(((plain[0] <= mean) & (mean <= plain[1])).mean())
    assert 0.93 < np.mean(hits) < 0.985
    assert np.mean(before) < np.mean(hits) - 0.02


def test_the_complement_has_the_mirrored_interval():
    part, whole = clumpy(12, 30)
    low, high = share_interval([f"a{n}" for n in range(12)], part, whole, **SETTINGS)
    other_low, other_high = share_interval([f"a{n}" for n in range(12)], whole - part, whole, **SETTINGS)
    np.testing.assert_allclose(low, 1 - other_high, atol=2e-3)
    np.testing.assert_allclose(high, 1 - other_low, atol=2e-3)


def test_only_the_end_of_the_longer_tail_moves_and_only_outward():
    part, whole = clumpy(10, 200)
    (plain_low, plain_high), (low, high) = both(part, whole)
    assert (low <= plain_low).all() and (high >= plain_high).all()
    assert not ((low < plain_low) & (high > plain_high)).any()
    assert (high > plain_high).mean() > 0.2
    assert (low >= 0).all() and (high <= 1).all()


def test_many_articles_leave_it_as_it_was():
    part, whole = clumpy(2000, 5, mean=0.3)
    (plain_low, plain_high), (low, high) = both(part, whole)
    np.testing.assert_allclose([low, high], [plain_low, plain_high], rtol=2e-3)


def test_equal_shares_have_no_width_and_a_share_of_nothing_is_undefined():
    whole = np.arange(1.0, 9.0)[:, None]
    low, high = share_interval([f"a{n}" for n in range(8)], 0.25 * whole, whole, **SETTINGS)
    assert low == high == pytest.approx(0.25)
    nothing = np.zeros((8, 2))
    assert np.isnan(share_interval([f"a{n}" for n in range(8)], nothing, nothing, **SETTINGS)).all()
    absent = share_interval([f"a{n}" for n in range(8)], nothing, whole, **SETTINGS)
    np.testing.assert_array_equal(absent, np.zeros((2, 2)))


def test_articles_that_carry_nothing_count_for_nothing():
    part, whole = clumpy(9, 4)
    names = [f"a{n}" for n in range(9)]
    more = np.vstack([part, np.zeros((3, 4))]), np.vstack([whole, np.zeros((3, 1))])
    np.testing.assert_allclose(
        share_interval([*names, "x", "y", "z"], *more, **SETTINGS), share_interval(names, part, whole, **SETTINGS),
        rtol=1e-9,
    )  # fmt: skip


def test_the_order_of_articles_changes_nothing():
    part, whole = clumpy(11, 6)
    names = [f"a{n}" for n in range(11)]
    order = np.random.default_rng(0).permutation(11)
    turned = share_interval([names[n] for n in order], part[order], whole[order], **SETTINGS)
    np.testing.assert_allclose(turned, share_interval(names, part, whole, **SETTINGS), rtol=1e-9)


def test_half_gamma_has_its_moments_and_its_own_order():
    values = half_gamma("one", 1000, 7)
    assert values.mean() == pytest.approx(0.5, abs=0.01) and values.var() == pytest.approx(0.5, abs=0.02)
    assert values.min() > 0
    other = half_gamma("two", 1000, 7)
    assert sorted(values) == sorted(other) and not (values == other).all()
