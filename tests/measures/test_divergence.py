"""Divergence: hand-worked values, identities, what it is when nothing differs, and poor corpora."""

from itertools import permutations

import numpy as np
import pytest

from analysis.config import StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import count_lists
from analysis.measures.divergence import (
    MOST_GROUPS,
    OTHER_TERMS,
    divergence_contributions,
    measure_divergence,
)

TERMS = TermParameters(min_count=1, min_articles=1, stop_words="none")
STATISTICS = StatisticsParameters()


def measured(lists, groups, *, level="bloc", terms=TERMS, statistics=STATISTICS):
    counts = count_lists([text.split() for text in lists], [f"a{n:02}" for n in range(len(lists))])
    grouping = Grouping(level, {name: np.array(rows) for name, rows in groups.items()})
    return measure_divergence(counts, [grouping], terms=terms, statistics=statistics)


def test_a_hand_worked_pair():
    # p = (1, 0), q = (1/2, 1/2): m = (3/4, 1/4); parts 1/2 log2(4/3) + 1/4 log2(2/3) and 1/4 log2(2)
    parts = divergence_contributions(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    assert parts == pytest.approx([0.5 * np.log2(4 / 3) + 0.25 * np.log2(2 / 3), 0.25])


def test_it_agrees_with_scipy_and_lies_between_its_bounds():
    from scipy.spatial.distance import jensenshannon

    generator = np.random.default_rng(3)
    for _ in range(20):
        p, q = generator.dirichlet(np.full(30, 0.2), size=2)
        total = divergence_contributions(p, q).sum()
        assert total == pytest.approx(jensenshannon(p, q, base=2) ** 2)
        assert divergence_contributions(q, p).sum() == pytest.approx(total)
        assert 0 <= total <= 1
    assert divergence_contributions(p, p).sum() == 0
    assert divergence_contributions(np.array([1.0, 0]), np.array([0, 1.0])).sum() == 1


def test_the_rows_of_a_pair_sum_to_its_divergence_with_rare_terms_in_one_row():
    lists = ["war war peace it", "war gas gas it", "talks peace it it", "talks gas unique"]
    terms = TermParameters(min_count=2, min_articles=2, stop_words="english")
    table = measured(lists, {"A": [0, 1], "B": [2, 3]}, terms=terms).table
    assert table["contribution"].sum() == pytest.approx(table["jsd"].iloc[0])
    assert table["term"].iloc[-1] == OTHER_TERMS
    assert table["count_target"].sum() == 8 and table["count_reference"].sum() == 7
    rest = table.iloc[-1]
    assert (rest["count_target"], rest["count_reference"], rest["more_in"]) == (2, 3, "")
    assert table["term"].tolist()[0] in ("talks", "war")
    assert dict(zip(table["term"], table["more_in"], strict=True))["talks"] == "reference"


def test_a_planted_difference_is_found_and_chance_is_not():
    generator = np.random.default_rng(1)
    words = np.array([f"w{n}" for n in range(40)])
    groups = {"A": range(5), "B": range(5, 10)}
    found = []
    for _ in range(30):
        same = [" ".join(generator.choice(words, 80)) for _ in range(10)]
        found.append(measured(same, groups).table.iloc[0])
    # with nothing planted the test is as often below .05 as it says, and the divergence is what chance makes
    assert sum(row["p"] <= 0.05 for row in found) <= 4
    assert np.mean([row["jsd"] / row["jsd_expected"] for row in found]) == pytest.approx(1, abs=0.1)
    planted = [text + (" alpha beta" * 10 if n < 5 else "") for n, text in enumerate(same)]
    table = measured(planted, groups).table
    assert table["p"].iloc[0] <= 0.05 and set(table["term"].head(2)) == {"alpha", "beta"}
    assert table["jsd"].iloc[0] > 1.5 * table["jsd_expected"].iloc[0]


def test_the_expected_divergence_is_the_mean_over_all_divisions():
    lists = ["a a b", "a c", "b b c", "c d d"]
    row = measured(lists, {"A": [0, 1], "B": [2, 3]}).table.iloc[0]
    values = []
    for order in {frozenset(p[:2]) for p in permutations(range(4))}:
        first = [lists[n] for n in order]
        second = [lists[n] for n in range(4) if n not in order]
        counts = count_lists([" ".join(first).split(), " ".join(second).split()], ["x", "y"]).matrix.toarray()
        values.append(divergence_contributions(*(counts / counts.sum(axis=1, keepdims=True))).sum())
    assert len(values) == 6
    assert row["jsd_expected"] == pytest.approx(np.mean(values))


def test_what_the_sample_does_not_support_is_withheld():
    table = measured(["a b", "b c", "c d"], {"A": [0], "B": [1, 2]}).table
    assert table["p"].isna().all()
    assert table["flag"].iloc[0] == (
        "descriptive: 1 and 2 articles; p withheld: 0.67 is the smallest attainable; 4 articles a group are needed"
    )
    two = measured(["a b", "b c"], {"A": [0], "B": [1]}).table
    assert two["jsd_expected"].isna().all()


def test_order_and_names_change_nothing():
    lists = ["a a b", "a c", "b b c", "c d d", "a d"]
    table = measured(lists, {"A": [0, 1], "B": [2, 3, 4]}).table
    turned = measured(lists, {"A": [1, 0], "B": [4, 2, 3]}).table
    assert table.equals(turned)


def test_empty_and_crowded_groupings():
    assert measured(["a b"], {"A": [0]}).table.empty
    empty = measured(["", "a b"], {"A": [0], "B": [1]})
    assert empty.table.empty and empty.excluded["why"].tolist() == ["no token in A or B"]
    many = MOST_GROUPS + 1
    crowded = measured(["a b"] * many, {f"G{n:02}": [n] for n in range(many)}, level="outlet")
    assert crowded.table.empty
    assert crowded.excluded[["what", "n"]].values.tolist() == [["pairs of outlets", 78]]
    same = measured(["a b", "a b"], {"A": [0], "B": [1]}).table
    assert (same["jsd"] == 0).all()


def test_more_articles_than_the_bound_are_divided_a_few_times_and_not_tested():
    generator = np.random.default_rng(2)
    lists = [" ".join(generator.choice(list("abcdefgh"), 40)) for _ in range(24)]
    counts = count_lists([text.split() for text in lists], [f"a{n:02}" for n in range(24)])
    groups = Grouping("bloc", {"A": np.arange(12), "B": np.arange(12, 24)})
    free, bound = (
        measure_divergence(
            counts, [groups], terms=TermParameters(1, stop_words="none"), statistics=statistics
        ).table.iloc[0]
        for statistics in (StatisticsParameters(), StatisticsParameters(permuted_articles=23))
    )
    assert free["p"] > 0 and np.isnan(bound["p"])
    assert bound["flag"] == "p withheld: 24 articles are not permuted"
    assert bound["jsd"] == free["jsd"]
    assert bound["jsd_expected"] == pytest.approx(free["jsd_expected"], rel=0.2)
    assert bound["jsd_expected"] != free["jsd_expected"]
