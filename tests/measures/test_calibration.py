"""Calibration: planted truths are what they are said to be, intervals cover them, and tests keep their level."""

import numpy as np
import pytest

from analysis.config import StatisticsParameters
from analysis.measures import calibration, planting
from analysis.measures.calibration import (
    ARTICLE_INTERVAL,
    COVERAGE,
    PERCENTILE,
    PERMUTATION,
    SIZES,
    TOKEN_INTERVAL,
    TOKEN_TEST,
    measure_calibration,
)
from analysis.measures.planting import (
    FALSE_POSITIVES,
    PLANTED,
    POWER,
    TESTED,
    PlantedMean,
    PlantedRatio,
    plant_lengths,
    plant_outlets,
)

STATISTICS = StatisticsParameters(bootstrap=1000, permutations=999, random_state=20181109)


@pytest.fixture(scope="module")
def table():
    return measure_calibration(STATISTICS, corpora=4).table


def rates(table, question, method, *, least=0, most=99):
    chosen = table[(table["question"] == question) & (table["method"] == method)]
    chosen = chosen[chosen["n_articles"].between(least, most)]
    return chosen.set_index(["quantity", "n_articles"])["rate"]


@pytest.mark.parametrize("name", [name for name in PLANTED if not isinstance(PLANTED[name], PlantedMean)])
def test_the_true_value_is_that_of_very_many_articles(name, monkeypatch):
    generator = np.random.default_rng(1)
    planted = PLANTED[name]
    if isinstance(planted, PlantedRatio):
        numerator, denominator = planted.plant(generator, (20_000, 1))
        assert numerator.sum() / denominator.sum() == pytest.approx(planted.truth, rel=0.03)
    else:
        monkeypatch.setattr(planting, "QUANTITIES", 1)
        counts, lengths = planting.plant_terms(planted, 20_000, generator)
        per_token = [
            counts[half].sum() / lengths[half].sum() for half in (slice(20_000), slice(20_000, None))
        ]
        assert np.log2(per_token[0] / per_token[1]) == pytest.approx(planted.truth, abs=0.06)
        # over-dispersed as stated: the variance of counts is m + dispersion m^2 at equal lengths
        expected = planted.rates[0] * lengths[:20_000]
        spread = ((counts[:20_000, 0] - expected) ** 2 - expected).sum() / (expected**2).sum()
        assert spread == pytest.approx(planted.dispersion, rel=0.1)


def test_two_thirds_of_a_group_are_from_the_outlet_with_the_higher_rate(monkeypatch):
    assert plant_outlets(20).tolist() == [0] * 7 + [1] * 3 + [0] * 7 + [1] * 3
    monkeypatch.setattr(planting, "QUANTITIES", 1)
    planted = PlantedMean((0.01, 0.0025), 0.1)
    counts, lengths = planting.plant_terms(planted, 3000, np.random.default_rng(4))
    outlets = plant_outlets(6000)
    rates = [
        counts[rows, 0].sum() / lengths[rows].sum()
        for half in (slice(3000), slice(3000, None))
        for rows in (np.arange(6000)[half][outlets[half] == outlet] for outlet in (0, 1))
    ]
    assert rates == pytest.approx([0.015, 0.005, 0.00375, 0.00125], rel=0.05)
    assert np.log2((rates[0] + rates[1]) / (rates[2] + rates[3])) == pytest.approx(planted.truth, abs=0.08)


def test_lengths_are_those_of_news():
    lengths = plant_lengths(np.random.default_rng(2), 5000)
    assert lengths.min() == 200 and lengths.max() == 1200
    assert np.median(lengths) == pytest.approx(572, rel=0.03)


def test_intervals_cover_from_ten_articles(table):
    # four standard errors of a share of 400
    found = rates(table, COVERAGE, ARTICLE_INTERVAL, least=10)
    assert found.between(0.95 - 0.045, 0.95 + 0.045).all(), found[~found.between(0.905, 0.995)]
    # over all sizes and quantities at once, where the simulation's error is small
    assert 0.94 < found.mean() < 0.965


def test_the_plain_percentile_interval_does_not(table):
    ours, plain = (
        rates(table, COVERAGE, method, least=5, most=15) for method in (ARTICLE_INTERVAL, PERCENTILE)
    )
    assert plain.mean() < 0.91 < ours.mean()
    few = rates(table, COVERAGE, PERCENTILE, least=5, most=5)
    assert few.mean() < 0.90, "the percentile interval of five articles is known to be too narrow"


def test_independent_tokens_give_intervals_that_are_too_narrow(table):
    tokens = rates(table, COVERAGE, TOKEN_INTERVAL, least=10)["frequent term, 2 : 1"]
    assert tokens.max() < 0.87


def test_tests_keep_their_level_where_token_tests_do_not(table):
    ours = rates(table, FALSE_POSITIVES, PERMUTATION, least=4)
    assert ours.mean() <= 0.055
    assert ours.max() < 0.055 + 4 * np.sqrt(0.055 * 0.945 / 390)
    assert rates(table, FALSE_POSITIVES, TOKEN_TEST).min() > 0.09


def test_power_rises_and_is_not_given_away(table):
    for name, (question, _) in TESTED.items():
        if question == POWER:
            ours = rates(table, POWER, PERMUTATION, least=5)[name].to_numpy()
            assert (np.diff(ours) > 0).all() and ours[-1] > 0.85
    assert rates(table, POWER, PERMUTATION, most=3).isna().all(), (
        "three against three articles reach no p of .05"
    )


def test_the_table_is_complete_and_its_errors_hold_the_share(table):
    assert set(table["n_articles"]) == set(SIZES)
    assert set(table.loc[table["question"] == COVERAGE, "quantity"]) == set(PLANTED)
    given = table["rate"].notna()
    assert (table["n"] > 0).equals(given)
    assert (table["rate_low"] <= table["rate"])[given].all() and (table["rate"] <= table["rate_high"])[
        given
    ].all()
    # Wilson's interval of 8 of 10, by the textbook: .490 to .943
    share = calibration._share(8, 10)
    assert (share["rate_low"], share["rate_high"]) == pytest.approx((0.490, 0.943), abs=5e-4)


def test_the_simulation_depends_on_its_settings_alone():
    small = StatisticsParameters(bootstrap=100, permutations=100, random_state=3)
    calls = []
    first = measure_calibration(small, corpora=1).table
    again = measure_calibration(
        small, corpora=1, progress=lambda cells: calls.append(len(cells)) or cells
    ).table
    assert first.equals(again)
    assert calls == [(len(PLANTED) + len(TESTED)) * len(SIZES)]
    other = StatisticsParameters(bootstrap=100, permutations=100, random_state=4)
    assert not first.equals(measure_calibration(other, corpora=1).table)
