"""Alpha: published and hand-worked values, what has none, and its interval over articles."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.config import StatisticsParameters
from analysis.errors import ParameterError
from analysis.measures.alpha import (
    NO_PAIR,
    NO_VARIATION,
    alpha_interval,
    coincidence_alpha,
    krippendorff_alpha,
    unit_coincidences,
    why_undefined,
)

X = np.nan
# Krippendorff (2011): four coders, twelve units
FOUR = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, X],
        [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
    ]
)
LEVELS = ("nominal", "ordinal", "interval")


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_published_values(level, value):
    assert krippendorff_alpha(FOUR, level) == pytest.approx(value, abs=0.0005)


def test_two_coders_ten_units():
    codes = [[1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]]
    assert krippendorff_alpha(codes) == pytest.approx(0.0952, abs=0.00005)


def test_worked_by_hand_with_a_missing_code():
    # units (1,1) (1,2) (2,2,3) and one of a single code, which counts for nothing
    codes = np.array([[1, 1, 2, 3], [1, 2, 2, X], [X, X, 3, X]])
    # coincidences: 11: 2; 12, 21: 1 each; 22: 1; 23, 32: 1 each. Totals 3, 3, 1; n = 7
    observed, expected = 4, 3 * 3 + 3 * 1 + 3 * 3 + 3 * 1 + 1 * 3 + 1 * 3
    assert krippendorff_alpha(codes) == pytest.approx(1 - 6 * observed / expected)
    # interval: (1-2)^2 = (2-3)^2 = 1, (1-3)^2 = 4
    assert krippendorff_alpha(codes, "interval") == pytest.approx(1 - 6 * 4 / (2 * (9 + 3 + 4 * 3)))
    # ordinal: mid-ranks 1.5, 4.5, 6.5
    distances = 2 * (9 * 9 + 3 * 4 + 3 * 25)
    assert krippendorff_alpha(codes, "ordinal") == pytest.approx(1 - 6 * 2 * (9 + 4) / distances)


@pytest.mark.parametrize("level", LEVELS)
def test_sums_of_coincidences_give_what_the_package_gives(level):
    generator = np.random.default_rng(5)
    for _ in range(20):
        codes = generator.integers(0, 4, (3, 30)).astype(float)
        codes[1] = np.where(generator.random(30) < 0.6, codes[0], codes[1])
        codes[generator.random(codes.shape) < 0.2] = X
        values = np.unique(codes[~np.isnan(codes)])
        sums = unit_coincidences(codes, values).sum(axis=0)
        assert np.allclose(sums, sums.T)
        assert coincidence_alpha(sums, values, level) == pytest.approx(krippendorff_alpha(codes, level))


def test_what_has_no_alpha():
    assert np.isnan(krippendorff_alpha([[1, 1], [1, 1]])), "without variation nothing can be told from chance"
    assert np.isnan(krippendorff_alpha([[1, X], [X, 2]])), "no unit is coded twice"
    assert why_undefined(np.array([[1, 1], [1.0, 1]])) == NO_VARIATION
    assert why_undefined(np.array([[1, X], [X, 2]])) == NO_PAIR
    with pytest.raises(ParameterError) as caught:
        krippendorff_alpha([[1, 2]])
    assert str(caught.value) == "alpha needs two coders or more; found an array of shape (1, 2)"


def planted(generator, articles, units=4, share=0.8):
    """Two coders: the second repeats the first with probability `share`, else draws; alpha is `share`."""
    first = generator.integers(0, 3, articles * units).astype(float)
    second = np.where(generator.random(len(first)) < share, first, generator.integers(0, 3, len(first)))
    return np.array([first, second]), np.repeat([f"a{n}" for n in range(articles)], units)


def test_planted_alpha_is_recovered():
    codes, _ = planted(np.random.default_rng(1), 5000)
    assert krippendorff_alpha(codes) == pytest.approx(0.8, abs=0.01)


def test_the_interval_covers_planted_alpha():
    generator, held = np.random.default_rng(2), 0
    for _ in range(200):
        codes, articles = planted(generator, 25)
        low, high = alpha_interval(codes, articles=articles, statistics=StatisticsParameters(bootstrap=200))
        held += low <= 0.8 <= high
    # 95 % of 200 is 190; five standard errors of the simulation below
    assert held >= 175


def test_the_interval_is_the_same_for_any_order_and_withheld_for_few_articles():
    codes, articles = planted(np.random.default_rng(3), 12)
    statistics = StatisticsParameters(bootstrap=200, random_state=4)
    found = alpha_interval(codes, "ordinal", articles=articles, statistics=statistics)
    assert found[0] < krippendorff_alpha(codes, "ordinal") < found[1]
    order = np.random.default_rng(0).permutation(len(articles))
    again = alpha_interval(codes[::-1][:, order], "ordinal", articles=articles[order], statistics=statistics)
    assert again == found
    few = alpha_interval(codes[:, :16], articles=articles[:16], statistics=statistics)
    assert np.isnan(few).all(), "four articles"
    alike = alpha_interval(np.ones_like(codes), articles=articles, statistics=statistics)
    assert np.isnan(alike).all()


def test_units_of_one_article_widen_the_interval():
    # each article is coded as a whole: forty units are ten draws
    generator = np.random.default_rng(8)
    codes = np.repeat(planted(generator, 10, units=1)[0], 4, axis=1)
    statistics = StatisticsParameters(bootstrap=500)
    width = []
    for names in (np.repeat(np.arange(10), 4), np.arange(40)):
        low, high = alpha_interval(codes, articles=names.astype(str), statistics=statistics)
        width.append(high - low)
    assert width[0] > 1.5 * width[1]
