"""Contrasts: published values, identities, and a corpus small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts, count_lists
from analysis.errors import ParameterError
from analysis.intervals import Group, article_interval
from analysis.measures.contrasts import list_contrasts, measure_contrasts
from analysis.measures.dispersion import dispersion
from analysis.measures.keyness import contrast_statistics, log_ratio
from analysis.resampling import (
    attainable_p,
    false_discovery_q,
    permutation_p,
)

STATISTICS = StatisticsParameters(bootstrap=200, permutations=200, random_state=1)
TERMS = TermParameters(min_count=1, min_articles=1, stop_words="none")
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


def simple_maths(a, b, n1, n2, k):
    """Kilgarriff's ratio with any k."""
    return (1e6 * a / n1 + k) / (1e6 * b / n2 + k)


def test_keyness_of_seven_against_two_in_a_thousand():
    row = contrast_statistics([7], [2], 1000, 1000).loc[0]
    assert row["g2"] == pytest.approx(2.954494, abs=5e-7)
    assert row["log_ratio"] == pytest.approx(1.584963, abs=5e-7)


def test_simple_maths_is_the_published_formula_with_k_100():
    # published values are for k = 1: they fix the formula, with which our k of 100 is then compared
    assert simple_maths(7, 2, 1000, 1000, 1) == pytest.approx(3.498751, abs=5e-7)
    assert simple_maths(35, 263, 112_289_776, 1_559_716_979, 1) == pytest.approx(1.1224, abs=5e-5)
    for case in [(7, 2, 1000, 1000), (35, 263, 112_289_776, 1_559_716_979), (0, 3, 50, 80)]:
        found = contrast_statistics([case[0]], [case[1]], *case[2:])["simple_maths"].item()
        assert found == pytest.approx(simple_maths(*case, 100))


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


def test_list_contrasts():
    blocs = Grouping("bloc", {name: np.array([place]) for place, name in enumerate("CRW")})
    pairs = [("C", "rest"), ("R", "rest"), ("W", "rest"), ("C", "R"), ("C", "W"), ("R", "W")]
    assert list_contrasts(blocs) == pairs
    assert list_contrasts(Grouping("bloc", {"C": np.array([0, 1])})) == []
    with pytest.raises(ParameterError) as caught:
        list_contrasts(Grouping("outlet", {"rest": np.array([0]), "C": np.array([1])}))
    assert str(caught.value) == "an outlet is named 'rest', which stands for all others; rename it"


# a corpus by hand: two blocs, articles of 10 tokens each but the last
HAND = {
    "w1": "sanctions sanctions allies talks talks of of of of of",
    "w2": "sanctions allies allies talks of of of of of of",
    "r1": "talks talks talks west of of of of of of",
    "r2": "talks west west west of of of of of of of of of of of of of of of of",
}


def measure(texts, blocs, *, statistics=STATISTICS, terms=TERMS, order=None, **options):
    """Measure the contrasts of texts, one bloc per text."""
    names = sorted(texts) if order is None else order
    counts = count_lists([texts[name].split() for name in names], names)
    members = {}
    for place, name in enumerate(names):
        members.setdefault(blocs[name], []).append(place)
    grouping = Grouping("bloc", {bloc: np.array(members[bloc]) for bloc in sorted(members)})
    return measure_contrasts(
        counts, [grouping], terms=terms, contrasts=ContrastParameters(), statistics=statistics, **options
    )


def row_of(result, term, target="W", reference="rest"):
    table = result.table
    chosen = table[(table["term"] == term) & (table["target"] == target) & (table["reference"] == reference)]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_counts_rates_and_texts_by_hand():
    result = measure(HAND, {name: name[0].upper() for name in HAND})
    row = row_of(result, "sanctions")
    assert (row["count_target"], row["count_reference"]) == (3, 0)
    assert (row["articles_target"], row["articles_reference"]) == (2, 0)
    assert (row["n_articles_target"], row["n_articles_reference"]) == (2, 2)
    assert (row["per_10000_target"], row["per_10000_reference"]) == (1500, 0)
    assert row["log_ratio"] == pytest.approx(np.log2(3.5 / 20.5) - np.log2(0.5 / 30.5))
    assert row["dp_target"] == pytest.approx(dispersion([2, 1], [10, 10]).loc[0, "dp"])
    assert np.isnan(row["dp_reference"])
    row = row_of(result, "talks")
    assert (row["count_target"], row["count_reference"]) == (3, 4)
    assert row["per_10000_reference"] == pytest.approx(1e4 * 4 / 30)
    prior = 500 * np.array([3, 3, 7, 33, 4]) / 50
    expected = contrast_statistics([3, 3, 3, 11, 0], [0, 0, 4, 22, 4], 20, 30, prior=prior)
    np.testing.assert_allclose(
        row[["g2", "log_odds", "z"]].astype(float), expected.loc[2, ["g2", "log_odds", "z"]]
    )


def test_the_rest_is_all_others_pooled():
    texts = {**HAND, "c1": "sanctions of of of of"}
    blocs = {name: name[0].upper() for name in texts}
    result = measure(texts, blocs)
    assert row_of(result, "sanctions")["count_reference"] == 1
    assert row_of(result, "sanctions")["n_articles_reference"] == 3
    assert row_of(result, "sanctions", "R", "W")["count_reference"] == 3
    assert set(zip(result.table["target"], result.table["reference"], strict=True)) == {
        ("C", "rest"),
        ("R", "rest"),
        ("W", "rest"),
        ("C", "R"),
        ("C", "W"),
        ("R", "W"),
    }


def test_terms_below_the_filter_stay_in_the_denominators():
    result = measure(
        HAND, {name: name[0].upper() for name in HAND}, terms=TermParameters(min_count=3, min_articles=2)
    )
    assert set(result.table["term"]) == {"allies", "sanctions", "talks", "west"}
    assert (result.table["family"] == 4).all()
    assert row_of(result, "talks")["per_10000_target"] == 1500
    assert result.excluded["n"].tolist() == [1]


def test_the_table_is_sorted_by_size_then_term():
    table = measure(HAND, {name: name[0].upper() for name in HAND}).table
    for _, part in table.groupby(["target", "reference"], sort=False):
        keys = list(zip(-part["log_ratio"].abs().round(9), part["term"], strict=True))
        assert keys == sorted(keys)


def brute_force_drivers(texts, blocs, term, target):
    """Leave out every article with the term; name those after which the sign turns or the size halves."""

    def ratio(names):
        sides = [[n for n in names if (blocs[n] == target) is inside] for inside in (True, False)]
        counted = [sum(texts[n].split().count(term) for n in side) for side in sides]
        return log_ratio(*counted, *(sum(len(texts[n].split()) for n in side) for side in sides))

    whole = ratio(texts)
    found = set()
    for name in texts:
        alone = sum(blocs[other] == blocs[name] for other in texts) == 1
        if term in texts[name].split():
            left = ratio([other for other in texts if other != name])
            if alone or left * whole < 0 or abs(left) < abs(whole) / 2:
                found.add((-np.inf if alone else left / whole, name))
    return found


def random_texts(state, sizes, terms="alpha beta gamma delta"):
    generator = np.random.default_rng(state)
    texts, blocs = {}, {}
    for bloc, size in sizes.items():
        for place in range(size):
            words = generator.choice([*terms.split(), "of", "of", "of"], generator.integers(15, 40))
            texts[f"{bloc.lower()}{place}"], blocs[f"{bloc.lower()}{place}"] = " ".join(words), bloc
    return texts, blocs


@pytest.mark.parametrize("state", range(6))
def test_driven_by_equals_leaving_articles_out(state):
    texts, blocs = random_texts(state, {"W": 3, "R": 1 + state % 3})
    table = measure(texts, blocs).table
    for row in table[table["reference"] == "rest"].itertuples():
        drivers = brute_force_drivers(texts, blocs, row.term, row.target)
        worst = {name for left, name in drivers if left <= min(left for left, _ in drivers) + 1e-12}
        assert (row.driven_by in worst) if drivers else (row.driven_by == ""), row.term


def test_intervals_are_withheld_below_five_articles_a_group():
    for sizes, given in [({"W": 5, "R": 5}, True), ({"W": 4, "R": 9}, False), ({"W": 9, "R": 1}, False)]:
        table = measure(*random_texts(3, sizes)).table
        assert table["log_ratio_low"].notna().all() == table["log_ratio_high"].notna().all() == given
        assert table["log_ratio_low"].isna().all() != given
        assert table["flag"].str.contains("descriptive|no interval").all() != given


def test_intervals_resample_articles_within_groups():
    texts, blocs = random_texts(8, {"W": 6, "R": 5})
    row = row_of(measure(texts, blocs), "alpha")
    groups = []
    for bloc in "WR":
        side = [name for name in sorted(texts) if blocs[name] == bloc]
        words = [texts[name].split() for name in side]
        column = [np.array([[float(part)] for part in parts]) for parts in
                  ([word.count("alpha") for word in words], [len(word) for word in words])]  # fmt: skip
        groups.append(Group(side, tuple(column)))
    low, high = article_interval(
        lambda a, n1, b, n2: np.where((n1 > 0) & (n2 > 0), log_ratio(a, b, n1, n2), np.nan),
        groups,
        replicates=200,
        random_state=1,
    )
    assert (row["log_ratio_low"], row["log_ratio_high"]) == pytest.approx((low.item(), high.item()), abs=1e-6)
    assert low < row["log_ratio"] < high


def test_p_and_q_are_withheld_where_they_cannot_reach_alpha():
    for sizes in ({"W": 3, "R": 3}, {"W": 1, "R": 12}, {"W": 2, "R": 3}):
        table = measure(*random_texts(4, sizes)).table
        floor = attainable_p(*sizes.values())
        assert table["p"].isna().all() and table["q"].isna().all()
        assert table["attainable_p"].unique() == pytest.approx([floor])
        flag = f"p withheld: {floor:.2g} is the smallest attainable; 4 articles a group are needed"
        assert table["flag"].str.endswith(flag).all()


def test_the_floor_of_a_sampled_test_is_that_of_its_permutations():
    # C(19, 10) = 92,378 divisions: more than are enumerated, and the design's own floor is 2e-5
    texts = random_texts(4, {"W": 10, "R": 9})
    table = measure(*texts).table
    assert table["attainable_p"].unique() == pytest.approx([2 / 201])
    assert table["p"].min() >= 2 / 201 - 1e-12
    few = StatisticsParameters(bootstrap=200, permutations=100, random_state=1, alpha=0.01)
    table = measure(*texts, statistics=few).table
    assert table["attainable_p"].unique() == pytest.approx([2 / 101])
    assert table["p"].isna().all() and table["q"].isna().all()
    flag = "p withheld: 0.02 is the smallest attainable; more than 100 permutations are needed"
    assert table["flag"].str.endswith(flag).all()


def test_p_and_q_are_given_from_four_articles_a_group():
    texts, blocs = random_texts(5, {"W": 4, "R": 4})
    table = measure(texts, blocs).table
    assert not table["flag"].str.contains("withheld").any()
    rates = {
        bloc: np.array(
            [[texts[n].split().count("alpha") / len(texts[n].split())] for n in texts if blocs[n] == bloc]
        )
        for bloc in "WR"
    }
    row = row_of(measure(texts, blocs), "alpha")
    assert row["p"] == pytest.approx(permutation_p(rates["W"], rates["R"]).item())
    part = table[(table["target"] == "W") & (table["reference"] == "rest")]
    np.testing.assert_allclose(part["q"], false_discovery_q(part["p"].to_numpy()))
    assert (part["q"] >= part["p"]).all()


@pytest.mark.parametrize("sizes", [{"W": 6, "R": 5}, {"W": 12, "R": 10}, {"C": 2, "R": 3, "W": 4}])
def test_the_order_of_articles_changes_nothing(sizes):
    texts, blocs = random_texts(6, sizes)
    expected = measure(texts, blocs).table
    for state in range(3):
        order = np.random.default_rng(state).permutation(sorted(texts)).tolist()
        pd.testing.assert_frame_equal(measure(texts, blocs, order=order).table, expected, rtol=1e-12)


def test_equal_drivers_are_told_apart_by_name():
    # without either article one of the two occurrences, and so most of the size, is gone
    once = "alpha" + " of" * 20
    texts = {"w1": once, "w2": once, "w3": "of " * 200, "r1": once, "r2": "of " * 221}
    blocs = {name: name[0].upper() for name in texts}
    for order in (["w1", "w2", "w3", "r1", "r2"], ["r2", "w3", "w2", "w1", "r1"]):
        assert row_of(measure(texts, blocs, order=order), "alpha")["driven_by"] == "w1"


def test_one_group_or_no_term_gives_an_empty_table():
    assert measure(HAND, dict.fromkeys(HAND, "W")).table.empty
    result = measure(HAND, {name: name[0].upper() for name in HAND}, terms=TermParameters(min_count=99))
    assert result.table.empty
    assert result.excluded["n"].tolist() == [5]


def test_a_missing_denominator_is_not_a_rate():
    counts = TermCounts(
        ("r", "w"), ("alpha",), count_lists([["alpha"], []], ["r", "w"]).matrix, np.array([1, 0])
    )
    grouping = Grouping("bloc", {"R": np.array([0]), "W": np.array([1])})
    table = measure_contrasts(
        counts,
        [grouping],
        terms=TermParameters(min_count=1, min_articles=1, stop_words="none"),
        contrasts=ContrastParameters(),
        statistics=STATISTICS,
    ).table
    assert table[["g2", "log_ratio", "z"]].isna().all(axis=None)


def test_evidence_has_as_many_rows_as_were_counted():
    from analysis.study import load_study

    study = load_study()
    result = study.result("contrasts")
    table = result.table[(result.table["level"] == "bloc") & (result.table["reference"] != "rest")]
    for row in table.head(12).itertuples():
        assert len(result.evidence_for(term=row.term, bloc=row.target)) == row.count_target
        found = result.evidence_for(term=row.term, bloc=row.reference)
        assert len(found) == row.count_reference
        assert found["article_id"].nunique() == row.articles_reference
    hit = result.evidence_for(term="sanctions").iloc[0]
    assert study.corpus.article(hit["article_id"]).text[hit["start"] : hit["end"]].lower() == "sanctions"
    assert hit["match"] in hit["sentence"]
