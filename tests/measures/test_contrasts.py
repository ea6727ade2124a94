"""Contrasts: published values, identities, and a corpus small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts, count_lists
from analysis.errors import ParameterError
from analysis.intervals import Group, article_interval
from analysis.measures.contrasts import ChosenContrasts, list_contrasts, measure_contrasts
from analysis.measures.dispersion import MEASURES, dispersion
from analysis.measures.keyness import contrast_statistics, log_ratio
from analysis.reference_list import ReferenceList
from analysis.resampling import (
    attainable_p,
    false_discovery_q,
    permutation_p,
)

STATISTICS = StatisticsParameters(bootstrap=200, permutations=200, random_state=1)
TERMS = TermParameters(min_count=1, min_articles=1, stop_words="none")


def test_list_contrasts():
    blocs = Grouping("bloc", {name: np.array([place]) for place, name in enumerate("CRW")})
    pairs = [("C", "rest"), ("R", "rest"), ("W", "rest"), ("C", "R"), ("C", "W"), ("R", "W")]
    assert list_contrasts(blocs) == pairs
    assert list_contrasts(Grouping("bloc", {"C": np.array([0, 1])})) == []
    with pytest.raises(ParameterError) as caught:
        list_contrasts(Grouping("outlet", {"rest": np.array([0]), "C": np.array([1])}))
    assert str(caught.value) == "an outlet is named 'rest', which stands for all others; rename it"
    with pytest.raises(ParameterError) as caught:
        list_contrasts(Grouping("bloc", {"reference list": np.array([0])}))
    assert (
        str(caught.value) == "a bloc is named 'reference list', which stands for a list of counts; rename it"
    )
    chosen = ChosenContrasts("bloc", blocs.members, (("R", "rest"),))
    assert list_contrasts(chosen) == [("R", "rest")]


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
        widened=False,
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


def test_every_statistic_is_that_of_the_functions_on_counts_alone():
    texts, blocs = random_texts(9, {"W": 5, "R": 6})
    table = measure(texts, blocs).table
    part = table[(table["target"] == "W") & (table["reference"] == "rest")].set_index("term")
    terms = sorted(part.index)
    part = part.loc[terms]
    sides = [[name for name in sorted(texts) if blocs[name] == bloc] for bloc in "WR"]
    counted = [np.array([[texts[n].split().count(t) for t in terms] for n in side]) for side in sides]
    sizes = [np.array([len(texts[n].split()) for n in side]) for side in sides]
    a, b = (one.sum(axis=0) for one in counted)
    n1, n2 = (one.sum() for one in sizes)
    prior = 500 * (a + b) / (n1 + n2)
    expected = contrast_statistics(a, b, n1, n2, prior=prior)
    for column in expected.columns:
        np.testing.assert_allclose(part[column], expected[column], atol=1e-9, err_msg=column)
    for name, one, size in zip(("target", "reference"), counted, sizes, strict=True):
        spread = dispersion(one, size)
        for measured in MEASURES:
            np.testing.assert_allclose(part[f"{measured}_{name}"], spread[measured], atol=1e-9)
    within = contrast_statistics(*((one > 0).sum(axis=0) for one in counted), 5, 6)["g2"]
    np.testing.assert_allclose(part["g2_articles"], within, atol=1e-9)
    assert (part["test"] == "exact").all()


def test_p_of_many_articles_is_sampled_and_says_so():
    table = measure(*random_texts(5, {"W": 12, "R": 12})).table
    assert (table["test"] == "sampled").all() and table["p"].notna().all()
    assert (measure(*random_texts(5, {"W": 3, "R": 3})).table["test"] == "").all()


def test_text_dispersion_keyness_by_hand():
    # in all four articles of one side and none of the other: 2 * 8 ln 2
    texts = {f"w{k}": "alpha of" for k in range(4)} | {f"r{k}": "beta of" for k in range(4)}
    row = row_of(measure(texts, {name: name[0].upper() for name in texts}), "alpha")
    assert row["g2_articles"] == pytest.approx(16 * np.log(2))


def test_a_planted_lock_word_is_found():
    texts = {f"w{k}": "lock lock key" + " of" * 17 for k in range(5)}
    texts |= {f"r{k}": "lock lock" + " of" * 18 for k in range(5)}
    table = measure(texts, {name: name[0].upper() for name in texts}, terms=TermParameters()).table
    assert table.loc[table["lock"], "term"].unique().tolist() == ["lock"]


def test_ngrams_leave_the_numbers_of_words_as_they_are():
    from dataclasses import replace

    from analysis.study import load_study

    study = load_study()
    params = replace(study.config.terms, ngrams=2)
    from analysis.counts import count_terms

    def run(params):
        return measure_contrasts(
            count_terms(study.corpus, params),
            study.groupings[2:],
            terms=params,
            contrasts=study.config.contrasts,
            statistics=study.config.statistics,
        ).table

    words, both = run(study.config.terms), run(params)
    both = both[~both["term"].str.contains(" ")].reset_index(drop=True)
    # LRC and q look at the whole family
    kept = [name for name in words.columns if name not in ("lrc", "family")]
    pd.testing.assert_frame_equal(both[kept], words[kept], rtol=1e-12)


REFERENCE = ReferenceList("list.csv", {"of": 900, "talks": 50, "west": 50, "talks of": 7}, 1000)


def test_a_reference_list_by_hand():
    result = measure(HAND, {name: name[0].upper() for name in HAND}, reference=REFERENCE)
    row = row_of(result, "talks", "W", "reference list")
    assert (row["count_target"], row["count_reference"]) == (3, 50)
    assert (row["n_articles_reference"], row["articles_reference"], row["outlets_reference"]) == (0, 0, 0)
    assert row["per_10000_reference"] == 500
    expected = contrast_statistics([3], [50], 20, 1000).loc[0]
    assert row[["g2", "g2_two_term", "bic", "log_ratio"]].tolist() == pytest.approx(
        expected[["g2", "g2_two_term", "bic", "log_ratio"]].tolist()
    )
    empty = ["g2_articles", "log_ratio_mean", "dp_reference", "log_ratio_low", "p", "q", "attainable_p"]
    assert row[empty].isna().all()
    assert row["flag"] == "descriptive: 2 articles; p withheld: a list has no articles to permute"
    # without w1, 1 of 10 tokens is left of 3 of 20
    assert row["driven_by"] == ""
    # a word that the list does not hold has not been seen there
    assert row_of(result, "sanctions", "W", "reference list")["count_reference"] == 0
    pairs = result.table[["target", "reference"]].drop_duplicates().to_numpy().tolist()
    assert pairs[-2:] == [["R", "reference list"], ["W", "reference list"]]


def test_intervals_against_a_list_resample_the_target_only():
    texts, blocs = random_texts(8, {"W": 6, "R": 2})
    listed = ReferenceList("list.csv", {"alpha": 30, "of": 170}, 200)
    row = row_of(measure(texts, blocs, reference=listed), "alpha", "W", "reference list")
    names = sorted(name for name in texts if blocs[name] == "W")
    a = np.array([float(texts[name].split().count("alpha")) for name in names])
    n = np.array([float(len(texts[name].split())) for name in names])
    low, high = article_interval(
        # a replicate that draws no article has no ratio
        lambda hits, tokens: np.where(tokens > 0, log_ratio(hits, 30, tokens, 200), np.nan),
        [Group(names, (a[:, None], n[:, None]))],
        replicates=200,
        random_state=1,
        widened=False,
    )
    assert (row["log_ratio_low"], row["log_ratio_high"]) == pytest.approx((float(low[0]), float(high[0])))
    few = row_of(measure(texts, blocs, reference=listed), "alpha", "R", "reference list")
    assert np.isnan(few["log_ratio_low"])


def test_an_article_that_drives_a_contrast_with_a_list_is_named():
    texts = {"w1": "alpha " * 20, "w2": "alpha " + "of " * 200, "w3": "of " * 221}
    listed = ReferenceList("list.csv", {"alpha": 10, "of": 990}, 1000)
    result = measure(texts, dict.fromkeys(texts, "W"), reference=listed)
    assert row_of(result, "alpha", "W", "reference list")["driven_by"] == "w1"


def test_a_list_of_other_words_is_refused():
    with pytest.raises(ParameterError) as caught:
        measure(
            HAND,
            {name: name[0].upper() for name in HAND},
            reference=ReferenceList("list.csv", {"mot": 3, "parole": 4}, 7),
        )
    assert str(caught.value) == (
        "list.csv: none of the 5 terms that are tested is in the list of 2 terms; give a list of words of the "
        "corpus's language, in the form of terms"
    )


def test_a_group_without_articles_is_nan_with_its_n():
    counts = count_lists([text.split() for text in HAND.values()], list(HAND))
    grouping = Grouping("bloc", {"W": np.array([0, 1]), "none": np.array([])})
    table = measure_contrasts(
        counts, [grouping], terms=TERMS, contrasts=ContrastParameters(), statistics=STATISTICS
    ).table
    part = table[(table["target"] == "W") & (table["reference"] == "none")]
    assert (part["n_articles_reference"] == 0).all() and (part["count_reference"] == 0).all()
    empty = [
        "per_10000_reference",
        "per_10000_mean_reference",
        "g2",
        "log_ratio",
        "log_ratio_mean",
        "z",
        "p",
        "q",
    ]
    assert part[[*empty, "attainable_p"]].isna().all(axis=None)
    assert part["flag"].unique().tolist() == [
        "descriptive: 2 and 0 articles; p withheld: a side has no article"
    ]


def test_identical_articles_show_no_contrast():
    texts = {f"{bloc}{k}": "alpha beta of of" for bloc in "wr" for k in range(5)}
    table = measure(texts, {name: name[0].upper() for name in texts}).table
    for name in (
        "g2",
        "g2_articles",
        "log_ratio",
        "log_ratio_mean",
        "lrc",
        "log_odds",
        "z",
        "dp_target",
        "kld_target",
    ):
        np.testing.assert_allclose(table[name], 0, atol=1e-9, err_msg=name)
    assert ((table["log_ratio_low"] <= 0) & (table["log_ratio_high"] >= 0)).all()
    assert (table["p"] == 1).all() and (table["q"] == 1).all()
    assert (table["driven_by"] == "").all()


def test_articles_of_one_word_break_nothing():
    texts = {"w1": "alpha", "w2": "beta", "r1": "alpha", "r2": "alpha"}
    table = measure(texts, {name: name[0].upper() for name in texts}).table
    numbers = table.select_dtypes("number")
    assert not np.isinf(numbers.to_numpy(dtype=float)).any()
    row = row_of(measure(texts, {name: name[0].upper() for name in texts}), "alpha")
    assert row["log_ratio"] == pytest.approx(np.log2(1.5 / 2.5))
    assert row["dp_target"] == pytest.approx(0.5)
    # all that stands on a side: its odds are those of the prior's other words
    assert np.isfinite(row["z"])
