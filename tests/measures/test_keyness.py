"""Contrast statistics on counts alone: published values, identities, and impossible counts."""

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.measures.keyness import compute_statistics, contrast_statistics, log_ratio, simple_maths

SIGNED = ["g2", "g2_two_term", "log_ratio", "lrc", "log_odds", "z", "z_four_term"]


# Dunning 1993, table 2: A B, ~A B, A ~B, ~A ~B. B after A in the first row's side against B after anything else.
@pytest.mark.parametrize(
    ("both", "second_only", "first_only", "neither", "published"),
    [(110, 2442, 111, 29114, 270.72), (8, 5, 24, 31740, 95.29), (10, 0, 3, 31764, 167.23)],
)
def test_g2_of_dunning_1993(both, second_only, first_only, neither, published):
    by_row = contrast_statistics([both], [first_only], both + second_only, first_only + neither)
    assert by_row["g2"].item() == pytest.approx(published, abs=0.005)
    # the statistic does not ask which margin is called the side
    by_column = contrast_statistics([both], [second_only], both + first_only, second_only + neither)
    assert by_column["g2"].item() == pytest.approx(published, abs=0.005)


def test_g2_four_and_two_terms():
    row = contrast_statistics([10], [5], 100, 200).loc[0]
    assert row["g2"] == pytest.approx(7.329812, abs=5e-7)
    assert row["g2_two_term"] == pytest.approx(6.931472, abs=5e-7)
    assert row["bic"] == pytest.approx(7.329812 - np.log(300), abs=5e-7)


def test_keyness_of_seven_against_two_in_a_thousand():
    row = contrast_statistics([7], [2], 1000, 1000).loc[0]
    assert row["g2"] == pytest.approx(2.954494, abs=5e-7)
    assert row["log_ratio"] == pytest.approx(1.584963, abs=5e-7)


def test_simple_maths():
    # published values are for k = 1; the table has k = 100
    assert simple_maths(7, 2, 1000, 1000, k=1) == pytest.approx(3.498751, abs=5e-7)
    assert simple_maths(35, 263, 112_289_776, 1_559_716_979, k=1) == pytest.approx(1.1224, abs=5e-5)
    for case in [(7, 2, 1000, 1000), (35, 263, 112_289_776, 1_559_716_979), (0, 3, 50, 80)]:
        found = contrast_statistics([case[0]], [case[1]], *case[2:])["simple_maths"].item()
        a, b, n1, n2 = case
        assert found == pytest.approx((1e6 * a / n1 + 100) / (1e6 * b / n2 + 100))
    assert np.isnan(simple_maths(0, 2, 0, 10)) and simple_maths(5, 5, 10, 10) == 1


def test_log_odds_with_a_flat_prior():
    # Monroe, Colaresi & Quinn 2008; w = .01 for each of four terms
    y1, y2 = np.array([1, 5, 1, 9]), np.array([100, 510, 100, 199])
    table = contrast_statistics(y1, y2, y1.sum(), y2.sum(), prior=0.01)
    np.testing.assert_allclose(table["log_odds"], [-0.6095321, -1.0345766, -0.6095321, 1.5201005], atol=5e-8)
    np.testing.assert_allclose(table["z"], [-0.60950219, -2.30440513, -0.60950219, 4.46292517], atol=5e-9)
    np.testing.assert_allclose(
        table["z_four_term"], [-0.58984491, -1.90568407, -0.58984491, 2.98306431], atol=5e-9
    )


def test_conservative_log_ratio_is_the_clopper_pearson_bound():
    from scipy.stats import binomtest

    for a, b, n1, n2, family in [(40, 10, 1000, 1000, 1), (40, 10, 1000, 3000, 50), (3, 40, 900, 1000, 10)]:
        interval = binomtest(a, a + b).proportion_ci(1 - 0.05 / family, method="exact")
        bounds = [np.log2(n2 / n1 * share / (1 - share)) for share in (interval.low, interval.high)]
        expected = max(0.0, bounds[0]) if a / n1 > b / n2 else min(0.0, bounds[1])
        found = contrast_statistics([a], [b], n1, n2, family=family)["lrc"].item()
        assert found == pytest.approx(expected)
        assert abs(found) <= abs(log_ratio(a, b, n1, n2))
    # a difference that the interval does not bear is none
    assert contrast_statistics([3], [2], 1000, 1000)["lrc"].item() == 0.0


def random_counts(generator, terms=60):
    n1, n2 = generator.integers(200, 5000, 2)
    a = np.minimum(n1, generator.poisson(generator.choice([0.5, 3, 40], terms)))
    b = np.minimum(n2, generator.poisson(generator.choice([0.5, 3, 40], terms)))
    b[a + b == 0] = 1
    return a, b, n1, n2


def test_swapping_the_groups_turns_every_sign():
    for state in range(5):
        a, b, n1, n2 = random_counts(np.random.default_rng(state))
        there, back = contrast_statistics(a, b, n1, n2), contrast_statistics(b, a, n2, n1)
        for name in SIGNED:
            np.testing.assert_allclose(there[name], -back[name], atol=1e-9, err_msg=name)
        np.testing.assert_allclose(there["bic"], back["bic"])
        np.testing.assert_allclose(there["simple_maths"] * back["simple_maths"], 1)


def test_equal_rates_show_nothing():
    row = contrast_statistics([5], [5], 100, 100).loc[0]
    assert row[["g2", "g2_two_term", "log_ratio", "lrc", "log_odds", "z"]].abs().max() == pytest.approx(0)
    # 0.5 is added to unequal sides too, so that the log ratio is only nearly 0 there
    wide = contrast_statistics([5000], [10_000], 100_000, 200_000).loc[0]
    assert wide["g2"] == pytest.approx(0, abs=1e-6)
    assert wide["log_ratio"] == pytest.approx(0, abs=1e-4)


def test_doubling_both_sides_doubles_evidence_and_keeps_size():
    a, b, n1, n2 = np.array([40, 300, 12]), np.array([10, 290, 55]), 10_000, 12_000
    once, twice = contrast_statistics(a, b, n1, n2), contrast_statistics(2 * a, 2 * b, 2 * n1, 2 * n2)
    np.testing.assert_allclose(twice["g2"], 2 * once["g2"])
    np.testing.assert_allclose(twice["log_ratio"], once["log_ratio"], atol=0.05)


def test_undefined_is_nan_and_nothing_is_infinite():
    assert contrast_statistics([0], [2], 0, 10).isna().all(axis=None)
    assert contrast_statistics([2], [0], 10, 0).isna().all(axis=None)
    assert contrast_statistics([0], [0], 10, 10).isna().all(axis=None)
    assert contrast_statistics([0], [0], 0, 0).isna().all(axis=None)
    generator = np.random.default_rng(0)
    for _ in range(400):
        n1, n2 = generator.integers(0, 6, 2)
        a, b = generator.integers(0, n1 + 1, 2), generator.integers(0, n2 + 1, 2)
        for prior in (None, 0.5):
            table = contrast_statistics(a, b, n1, n2, prior=prior)
            assert not np.isinf(table.to_numpy()).any()
            defined = (a + b > 0) & (n1 > 0) & (n2 > 0)
            assert table["g2"].notna().tolist() == defined.tolist()
            assert table["log_ratio"].notna().tolist() == defined.tolist()
    assert contrast_statistics([], [], 10, 10).empty


@pytest.mark.parametrize(
    ("a", "b", "n1", "n2"), [([-1], [0], 5, 5), ([6], [0], 5, 5), ([1], [9], 5, 5), ([np.nan], [1], 5, 5)]
)
def test_impossible_counts_are_refused(a, b, n1, n2):
    with pytest.raises(ParameterError) as caught:
        contrast_statistics(a, b, n1, n2)
    expected = "counts must be 0 or more, and at most the tokens of their side: 0 <= a <= n1, 0 <= b <= n2"
    assert str(caught.value) == expected


def test_a_prior_must_be_above_zero():
    with pytest.raises(ParameterError) as caught:
        contrast_statistics([1], [1], 5, 5, prior=0)
    assert str(caught.value) == "the prior count of every term must be above 0"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ([1], [1], np.inf, 5),
            "counts must be 0 or more, and at most the tokens of their side: 0 <= a <= n1, 0 <= b <= n2",
        ),
        ((["many"], [1], 5, 5), "a must be a number or a list of numbers"),
        (([1], [1], None, "x"), "n2 must be a number or a list of numbers"),
        (
            ([1, 2, 3], [1, 2], 5, 5),
            "one count per term and side is needed; the shapes do not agree: a (3,), b (2,), n1 (), n2 ()",
        ),
        (
            ([[1, 2]], [[1, 2]], 5, 5),
            "one count per term and side is needed; the shapes do not agree: a (1, 2), b (1, 2), n1 (), n2 ()",
        ),
    ],
)
def test_what_is_no_count_is_refused(arguments, message):
    arguments = tuple(5 if argument is None else argument for argument in arguments)
    with pytest.raises(ParameterError) as caught:
        contrast_statistics(*arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        (np.nan, "every prior count must be a finite number"),
        (np.inf, "every prior count must be a finite number"),
        ([1, 2, 3], "prior must be one number, or one for each of the 2 terms; found shape (3,)"),
        ("flat", "prior must be one number, or one for each of the 2 terms; found shape ()"),
    ],
)
def test_what_is_no_prior_is_refused(prior, message):
    with pytest.raises(ParameterError) as caught:
        contrast_statistics([1, 2], [1, 2], 5, 5, prior=prior)
    assert str(caught.value) == message


def test_part_of_a_list_keeps_the_prior_of_the_whole():
    a, b, n1, n2 = random_counts(np.random.default_rng(1))
    prior = np.linspace(0.5, 3, len(a))
    whole = contrast_statistics(a, b, n1, n2, family=10, prior=prior)
    part = compute_statistics((a[5:9], b[5:9], n1, n2), (prior[5:9], prior.sum()), family=10)
    assert list(part) == list(whole.columns)
    for name, values in part.items():
        np.testing.assert_allclose(values, whole[name][5:9], rtol=1e-12)
