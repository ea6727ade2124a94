"""Tests of groups' balances: by hand, withheld where they cannot be made, the same for any order of articles."""

import numpy as np
import pandas as pd
import pytest

from analysis.config import StatisticsParameters
from analysis.measures.balance_tests import compare_balances, compare_levels
from analysis.resampling import permutation_p

STATISTICS = StatisticsParameters(permutations=4000, random_state=3)


def test_four_against_four_by_hand():
    balances = np.array([[-1.0], [-0.9], [-0.8], [-0.7], [0.1], [0.2], [0.3], [0.4]])
    table = compare_balances(balances, [np.arange(4), np.arange(4, 8)], STATISTICS)
    # 2 of the 70 divisions are as far apart
    assert table["p"].tolist() == pytest.approx([2 / 70] * 2)
    assert table["attainable_p"].tolist() == pytest.approx([2 / 70] * 2)
    assert table["difference"].tolist() == pytest.approx([-1.1, 1.1])
    assert table["q"].tolist() == pytest.approx([2 / 70] * 2)
    assert table["family"].tolist() == [2, 2]
    assert table["withheld"].tolist() == ["", ""]


def test_only_articles_that_mention_the_actor_count():
    balances = np.array([[-1.0], [-1], [-1], [-1], [1], [1], [1], [np.nan]])
    table = compare_balances(balances, [np.arange(4), np.arange(4, 8)], STATISTICS)
    assert table["n_articles_rest"].tolist() == [3, 4]
    # 4 against 3: 2 / 35 is above alpha
    assert table["p"].isna().all() and table["q"].isna().all()
    assert table["family"].tolist() == [0, 0]
    assert table.loc[0, "withheld"] == (
        "descriptive: 4 and 3 articles; p withheld: 0.057 is the smallest attainable; 4 articles a group are needed"
    )


def test_a_group_without_the_actor_or_without_a_rest():
    balances = np.array([[0.5], [0.1], [np.nan]])
    table = compare_balances(balances, [np.arange(2), np.array([2])], STATISTICS)
    assert table[["difference", "attainable_p", "p", "q"]].isna().all().all()
    assert table["withheld"].tolist() == ["no test: no other article mentions the actor", ""]


def test_rows_are_groups_then_actors_and_the_family_is_theirs():
    generator = np.random.default_rng(1)
    balances = generator.uniform(-1, 1, (15, 3))
    balances[:5, 1] += 5
    members = [np.arange(5), np.arange(5, 10), np.arange(10, 15)]
    table = compare_balances(balances, members, STATISTICS)
    assert len(table) == 9 and set(table["family"]) == {9}
    assert table["difference"].abs().idxmax() == 1
    assert table.loc[1, "p"] == pytest.approx(2 / 3003)
    assert table.loc[1, "q"] == pytest.approx(2 / 3003 * 9)


def test_sampled_tests_agree_with_the_one_by_one_test():
    generator = np.random.default_rng(2)
    balances = generator.normal(0, 1, (40, 1))
    balances[:15] += 0.5
    members = [np.arange(15), np.arange(15, 30), np.arange(30, 40)]
    found = compare_balances(balances, members, STATISTICS)["p"]
    for group, positions in enumerate(members):
        rest = np.setdiff1d(np.arange(40), positions)
        expected = permutation_p(balances[positions], balances[rest], permutations=4000, random_state=9)[0]
        assert found[group] == pytest.approx(expected, abs=0.04)
    assert (found >= 2 / 4001).all()


def test_no_difference_is_called_apart_as_rarely_as_alpha_says():
    generator = np.random.default_rng(4)
    balances = generator.choice([-1.0, 0.0, 1.0], (10, 400))
    p = compare_balances(balances, [np.arange(5), np.arange(5, 10)], STATISTICS)["p"]
    assert (p[:400] <= 0.05).mean() <= 0.06


def test_equal_articles_and_no_actors():
    table = compare_balances(np.zeros((10, 1)), [np.arange(5), np.arange(5, 10)], STATISTICS)
    assert table["p"].tolist() == [1, 1]
    empty = compare_balances(np.zeros((4, 0)), [np.arange(2), np.arange(2, 4)], STATISTICS)
    assert isinstance(empty, pd.DataFrame) and empty.empty


def test_levels_share_their_permutations_and_have_families_of_their_own():
    generator = np.random.default_rng(4)
    balances = generator.uniform(-1, 1, (30, 3))
    balances[:10, 1] += 0.6
    outlets = [np.arange(start, start + 10) for start in (0, 10, 20)]
    blocs = [np.arange(20), np.arange(20, 30)]
    both = compare_levels(balances, [outlets, blocs], STATISTICS)
    for table, members in zip(both, (outlets, blocs), strict=True):
        pd.testing.assert_frame_equal(table, compare_balances(balances, members, STATISTICS))
    # the last outlet is the last bloc
    assert both[0]["p"].tolist()[6:] == both[1]["p"].tolist()[3:]
    assert both[0]["family"].tolist() == [9] * 9 and both[1]["family"].tolist() == [6] * 6


def test_more_articles_than_the_bound_are_not_permuted():
    balances = np.random.default_rng(4).uniform(-1, 1, (30, 2))
    balances[25:, 1] = np.nan
    statistics = StatisticsParameters(permutations=200, permuted_articles=29)
    table = compare_balances(balances, [np.arange(3), np.arange(3, 30)], statistics)
    assert table["p"].isna().tolist() == [True, False, True, False]
    assert table["withheld"].tolist() == [
        "no interval: 3 articles; p withheld: 30 articles are not permuted",
        "",
        "p withheld: 30 articles are not permuted",
        "",
    ]
    assert set(table["family"]) == {2}
