"""Means over outlets: by hand, equal to pooled counts where outlets are equal, and resampled by article."""

import numpy as np
import pytest

from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import count_lists
from analysis.intervals import Moments, interval_levels
from analysis.measures.contrast_sides import count_side, mean_intervals, outlet_weights
from analysis.measures.contrast_trust import mean_moments, sum_counts
from analysis.measures.contrasts import measure_contrasts
from analysis.measures.keyness import log_ratio
from analysis.resampling import bootstrap_weights

STATISTICS = StatisticsParameters(bootstrap=200, permutations=200, random_state=1)
TERMS = TermParameters(min_count=1, min_articles=1, stop_words="none")


def measure(lists, outlets, blocs, *, statistics=STATISTICS):
    """Measure lists of terms by article, each with its outlet and bloc."""
    names = sorted(lists)
    counts = count_lists([lists[name] for name in names], names)

    def group(level, labels):
        found = sorted({labels[name] for name in names})
        return Grouping(
            level,
            {one: np.array([k for k, name in enumerate(names) if labels[name] == one]) for one in found},
        )

    return measure_contrasts(
        counts,
        [group("outlet", outlets), group("bloc", blocs)],
        terms=TERMS,
        contrasts=ContrastParameters(),
        statistics=statistics,
    ).table


def row_of(table, level, target, reference, term):
    keys = {"level": level, "target": target, "reference": reference, "term": term}
    chosen = table[np.logical_and.reduce([table[name] == value for name, value in keys.items()])]
    assert len(chosen) == 1
    return chosen.iloc[0]


# the large outlet of bloc Y is full of alpha, its small one has none
LISTS = {
    "x1": ["alpha"] * 2 + ["of"] * 18,
    "y1": ["alpha"] * 60 + ["of"] * 140,
    "z1": ["of"] * 20,
}
OUTLETS = {"x1": "X", "y1": "Large", "z1": "Small"}
BLOCS = {"x1": "West", "y1": "East", "z1": "East"}


def test_one_large_outlet_does_not_become_the_rest():
    row = row_of(measure(LISTS, OUTLETS, BLOCS), "bloc", "West", "rest", "alpha")
    assert (row["outlets_target"], row["outlets_reference"]) == (1, 2)
    assert row["per_10000_reference"] == pytest.approx(1e4 * 60 / 220)
    assert row["per_10000_mean_reference"] == pytest.approx(1e4 * (60 / 200 + 0) / 2)
    assert row["per_10000_mean_target"] == row["per_10000_target"] == pytest.approx(1000)
    # 0.15 of 220 tokens are 33
    assert row["log_ratio_mean"] == pytest.approx(np.log2(2.5 / 20.5) - np.log2(33.5 / 220.5))
    assert row["log_ratio"] == pytest.approx(np.log2(2.5 / 20.5) - np.log2(60.5 / 220.5))


def test_with_one_outlet_a_side_the_mean_is_the_pooled_count():
    table = measure(LISTS, OUTLETS, BLOCS)
    pairs = table[(table["outlets_target"] == 1) & (table["outlets_reference"] == 1)]
    assert len(pairs) > 3
    np.testing.assert_allclose(pairs["log_ratio_mean"], pairs["log_ratio"], atol=1e-12)
    np.testing.assert_allclose(pairs["per_10000_mean_reference"], pairs["per_10000_reference"])


def test_doubling_an_outlet_moves_the_pooled_ratio_and_not_the_mean():
    doubled = {**LISTS, "y2": LISTS["y1"] * 9}
    once = row_of(measure(LISTS, OUTLETS, BLOCS), "bloc", "West", "rest", "alpha")
    twice = row_of(
        measure(doubled, {**OUTLETS, "y2": "Large"}, {**BLOCS, "y2": "East"}), "bloc", "West", "rest", "alpha"
    )
    assert twice["per_10000_mean_reference"] == pytest.approx(once["per_10000_mean_reference"])
    assert twice["per_10000_reference"] > 1.05 * once["per_10000_reference"]


def test_swapping_the_groups_turns_the_sign():
    table = measure(LISTS, OUTLETS, BLOCS)
    there = row_of(table, "bloc", "West", "rest", "alpha")["log_ratio_mean"]
    assert row_of(table, "bloc", "East", "rest", "alpha")["log_ratio_mean"] == pytest.approx(-there)


def test_weights_give_the_mean_of_rates_and_leave_empty_outlets_out():
    drawn = np.array([[1, 1, 1, 1], [2, 0, 0, 1], [0, 0, 0, 0]], dtype=float)
    sizes, outlets = np.array([10, 30, 5, 0]), np.array([0, 0, 1, 2])
    counts = np.array([1, 3, 4, 0])
    # (4/40 + 4/5) / 2; then outlet 0 only, by its first article twice; then nothing
    assert (outlet_weights(drawn, sizes, outlets) @ counts).tolist() == pytest.approx([0.45, 0.1, 0])


def test_a_side_without_articles_or_tokens_has_no_rate():
    counts = count_lists([["a"], [], []], ["one", "two", "three"])
    outlets = np.array([0, 1, 1])
    for rows in ([], [1, 2]):
        side = count_side(counts, "none", np.array(rows, dtype=int), outlets)
        assert side.count.tolist() == [0] and side.tokens == 0
        assert np.isnan(side.mean_rate).all() and side.dispersion.isna().all(axis=None)


def random_lists(state, sizes):
    generator = np.random.default_rng(state)
    lists, outlets = {}, {}
    for outlet, size in sizes.items():
        for place in range(size):
            words = generator.choice(["alpha", "beta", "of", "of"], generator.integers(10, 60))
            lists[f"{outlet.lower()}{place}"] = words.tolist()
            outlets[f"{outlet.lower()}{place}"] = outlet
    return lists, outlets


def test_intervals_average_over_the_outlets_that_are_drawn():
    lists, outlets = random_lists(3, {"A": 5, "B": 4, "C": 2})
    blocs = {name: "West" if outlet == "A" else "East" for name, outlet in outlets.items()}
    row = row_of(measure(lists, outlets, blocs), "bloc", "West", "rest", "alpha")

    def side(bloc, replicate):
        names = sorted(name for name in lists if blocs[name] == bloc)
        weights = dict(zip(names, bootstrap_weights(names, 200, 1)[replicate].astype(float), strict=True))
        rates = []
        for outlet in sorted({outlets[name] for name in names}):
            part = [name for name in names if outlets[name] == outlet]
            tokens = sum(weights[name] * len(lists[name]) for name in part)
            if tokens:
                rates.append(sum(weights[name] * lists[name].count("alpha") for name in part) / tokens)
        return np.mean(rates) if rates else np.nan, sum(weights[name] * len(lists[name]) for name in names)

    replicates = []
    for replicate in range(200):
        (rate1, n1), (rate2, n2) = side("West", replicate), side("East", replicate)
        replicates.append(log_ratio(rate1 * n1, rate2 * n2, n1, n2))  # NaN where nothing is drawn
    # the influence of each article on the mean of its outlets' rates, one after the other
    influences = {}
    for bloc in ("West", "East"):
        names = sorted(name for name in lists if blocs[name] == bloc)
        groups = {
            outlet: [n for n in names if outlets[n] == outlet] for outlet in {outlets[n] for n in names}
        }
        tokens = {outlet: sum(len(lists[n]) for n in own) for outlet, own in groups.items()}
        rates = {o: sum(lists[n].count("alpha") for n in own) / tokens[o] for o, own in groups.items()}
        scale = len(groups) * (np.mean(list(rates.values())) + 0.5 / sum(tokens.values()))
        influences[bloc] = [
            (lists[n].count("alpha") - rates[outlets[n]] * len(lists[n])) / tokens[outlets[n]] / scale
            for n in names
        ]
    moments = [
        Moments(
            np.array([len(values)]),
            np.array([sum("alpha" in lists[name] for name in lists if blocs[name] == bloc)]),
            np.array([np.sum(np.square(values))]),
            sign * np.array([np.sum(np.power(values, 3))]),
        )
        for sign, (bloc, values) in zip((1, -1), influences.items(), strict=True)
    ]
    levels = interval_levels(moments, widened=False)
    low, high = np.nanquantile(replicates, np.concatenate(levels))
    bounds = (row["log_ratio_mean_low"], row["log_ratio_mean_high"])
    assert bounds == pytest.approx((float(low), float(high)), abs=0.02)  # its tokens have 0.5 added as well
    assert low < row["log_ratio_mean"] < high
    # the pooled interval is another one
    assert row["log_ratio_low"] != pytest.approx(row["log_ratio_mean_low"])


def test_the_only_article_of_an_outlet_is_set_against_the_mean_of_all():
    # rates .2, .4 and, alone, .6: about their mean .4 the last is .2 off, not 0
    counts = count_lists([["a"] + ["b"] * 4, ["a"] * 2 + ["b"] * 3, ["a"] * 3 + ["b"] * 2], ["x", "y", "z"])
    place = counts.terms.index("a")
    part, sizes = counts.matrix.tocsc(), counts.sizes.astype(float)
    found = mean_moments([sum_counts(part[[row]], sizes[[row]]) for row in range(3)])
    scale = 3 * (0.4 + 0.5 / 15)
    values = np.array([-0.2, 0, 0.2]) / scale
    assert found.second[place] == pytest.approx(np.sum(values**2))
    assert found.third[place] == pytest.approx(0, abs=1e-12)
    assert found.articles[place] == 3 and found.numerators[place] == 3


def test_intervals_are_withheld_below_the_minimum():
    lists, outlets = random_lists(4, {"A": 4, "B": 6})
    names = sorted(lists)
    counts = count_lists([lists[name] for name in names], names)
    numbers = np.array([outlets[name] == "B" for name in names], dtype=int)
    sides = tuple(count_side(counts, str(k), np.flatnonzero(numbers == k), numbers) for k in (0, 1))
    low, high = mean_intervals(counts, sides, numbers, STATISTICS)
    assert np.isnan(low).all() and np.isnan(high).all()
