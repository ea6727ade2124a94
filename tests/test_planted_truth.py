"""The whole pipeline recovers what was planted, and finds nothing where nothing was."""

import numpy as np
import pandas as pd
import pytest
from planted import BLOCS, FILLERS, TERMS, THEMES, build_planted

from analysis.study import load_study


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    return build_planted(tmp_path_factory.mktemp("planted") / "study")


@pytest.fixture(scope="module")
def results(truth):
    return load_study(truth.root).run()


@pytest.fixture(scope="module")
def null_results(tmp_path_factory):
    settings = "[statistics]\nbootstrap = 400\npermutations = 1000\n"
    null = build_planted(tmp_path_factory.mktemp("null") / "study", null=True, settings=settings)
    return load_study(null.root).run(only=["themes", "contrasts", "sentiment"])


def against_rest(results, level="bloc"):
    table = results["contrasts"].table
    return table[(table["level"] == level) & (table["reference"] == "rest")]


def test_every_mention_is_found_with_its_actor_voice_and_label(truth, results):
    keys = ["article_id", "actor_id", "voice"]
    found = results["mentions"].table.groupby(keys).size()
    pd.testing.assert_series_equal(found, truth.mentions.groupby(keys).size(), check_names=False)
    labels = results["scores"].table[["negative", "neutral", "positive"]].idxmax(axis=1)
    found = results["scores"].table.assign(label=labels).groupby([*keys, "label"]).size()
    pd.testing.assert_series_equal(found, truth.mentions.groupby([*keys, "label"]).size(), check_names=False)


@pytest.mark.parametrize("bloc", BLOCS)
def test_the_planted_term_heads_its_bloc(results, bloc):
    rows = against_rest(results)
    top = rows[(rows["target"] == bloc) & (rows["log_ratio"] > 0)].iloc[0]
    assert top["term"] == TERMS[bloc]
    assert (top["count_target"], top["count_reference"]) == (24, 0)
    assert (top["articles_target"], top["n_articles_target"], top["n_articles_reference"]) == (12, 12, 24)
    assert top["p"] < 0.05 and top["q"] < 0.05
    assert top["log_ratio_low"] > 0
    assert top["dp_target"] < 0.1
    assert top["driven_by"] == top["flag"] == ""


@pytest.mark.parametrize("bloc", BLOCS)
def test_planted_terms_set_each_outlet_of_the_bloc_apart(results, bloc):
    rows = against_rest(results, "outlet")
    for outlet in (f"{bloc} Herald 1", f"{bloc} Herald 2"):
        row = rows[(rows["target"] == outlet) & (rows["term"] == TERMS[bloc])].iloc[0]
        assert row["count_target"] == 12 and row["log_ratio_low"] > 0 and row["q"] < 0.05
    table = results["contrasts"].table
    within = table[(table["target"] == f"{bloc} Herald 1") & (table["reference"] == f"{bloc} Herald 2")]
    # two outlets of one bloc: the sampled articles differ by chance alone
    assert within.loc[within["term"] == TERMS[bloc], "p"].item() > 0.05
    assert (within["q"] >= 0.05).all()


def test_evidence_of_a_planted_term_is_every_planted_sentence(results):
    found = results["contrasts"].evidence_for(term=TERMS["Western"], bloc="Western")
    assert len(found) == 24
    assert found["article_id"].value_counts().eq(2).all()
    assert found["sentence"].str.contains(TERMS["Western"]).all()


def theme_names(results):
    """Match each theme found to the planted one, by its terms."""
    table = results["themes"].table.drop_duplicates("theme_id")
    words = {
        "trade": {"tariff", "importers", "customs"},
        "energy": {"gas", "refinery", "pipeline"},
        "arms": {"treaty", "inspectors", "airbase"},
    }
    names = {}
    for row in table.itertuples():
        terms = set(row.top_terms.split(", "))
        names[row.theme_id] = max(words, key=lambda name: len(terms & (words[name] | set(FILLERS[name]))))
    return names


def test_the_planted_themes_are_recovered_with_their_paragraphs(truth, results):
    names = theme_names(results)
    assert sorted(names.values()) == sorted(THEMES.values())
    assert results["themes"].table["stability"].min() > 0.8
    paragraphs = results["themes"].evidence_for()
    heaviest = paragraphs.sort_values("weight", ascending=False).drop_duplicates(["article_id", "start"])
    found = heaviest.assign(theme=heaviest["theme_id"].map(names)).groupby(["article_id", "theme"]).size()
    planted = truth.themes.groupby(["article_id", "theme"]).size()
    pd.testing.assert_series_equal(found, planted, check_names=False)


def test_theme_weights_tell_the_blocs_apart(results):
    names = theme_names(results)
    table = results["themes"].table
    table = table[table["level"] == "bloc"].assign(theme=table["theme_id"].map(names))
    for row in table.itertuples():
        # four paragraphs of six, or one of six
        share = 4 / 6 if THEMES[row.group] == row.theme else 1 / 6
        assert row.weight == pytest.approx(share, abs=0.05)
        assert row.weight_low <= row.weight <= row.weight_high
        assert (row.weight_low > 1 / 3) == (THEMES[row.group] == row.theme)
    np.testing.assert_allclose(table.groupby("group")["weight"].sum(), 1)


PLANTED_BALANCE = {
    ("Western", "us"): 1,
    ("Western", "russia"): -1,
    ("Western", "china"): 0,
    ("Russian", "us"): -1,
    ("Russian", "russia"): 1,
    ("Russian", "china"): 0,
    ("Chinese", "us"): 0,
    ("Chinese", "russia"): 0,
    ("Chinese", "china"): 1,
}


def test_the_planted_sentiment_has_its_sign_and_interval(truth, results):
    table = (
        results["sentiment"]
        .table.query("level == 'bloc' and voice == 'all'")
        .set_index(["group", "actor_id"])
    )
    labels = truth.mentions["label"].map({"positive": 1, "neutral": 0, "negative": -1})
    planted = labels.groupby([truth.mentions["bloc"], truth.mentions["actor_id"]]).mean()
    for (bloc, actor), sign in PLANTED_BALANCE.items():
        row = table.loc[(bloc, actor)]
        assert row["balance"] == pytest.approx(planted[bloc, actor])
        assert row["n_mentions"] == 48 and row["n_articles"] == 12
        if sign:
            assert (
                np.sign(row["balance_low"]) == np.sign(row["balance_high"]) == np.sign(row["balance"]) == sign
            )
            assert np.sign(row["balance_minus_baseline"]) == sign
        else:
            assert row["balance_low"] <= 0 <= row["balance_high"]


def test_the_planted_voices_are_told_apart(results):
    table = (
        results["sentiment"]
        .table.query("level == 'bloc' and actor_id == 'nato'")
        .set_index(["group", "voice"])
    )
    for bloc in BLOCS:
        assert table.loc[(bloc, "own"), ["n_mentions", "balance"]].tolist() == [12, 1.0]
        assert table.loc[(bloc, "quoted"), ["n_mentions", "balance"]].tolist() == [12, -1.0]
        assert table.loc[(bloc, "all"), ["n_mentions", "balance"]].tolist() == [24, 0.0]


def test_planted_findings_are_robust(results):
    table = results["robustness"].table
    contrasts = table[(table["measure"] == "contrasts") & table["item"].isin(TERMS.values())]
    assert len(contrasts) == 3 * 36
    assert (contrasts["verdict"] == "same").all()
    sentiment = table[(table["measure"] == "sentiment") & (table["reference_value"].abs() > 0.5)]
    assert len(sentiment) > 0 and (sentiment["verdict"] == "same").all()


def test_nothing_is_significant_where_nothing_was_planted(null_results):
    rows = against_rest(null_results)
    assert (rows["q"] >= 0.05).all()
    # terms of one sentence stand and fall together: the share varies around .05
    assert (rows["p"] < 0.05).mean() < 0.12
    crossing = (rows["log_ratio_low"] <= 0) & (rows["log_ratio_high"] >= 0)
    assert crossing.mean() > 0.8


def test_themes_and_sentiment_do_not_differ_where_nothing_was_planted(null_results):
    themes = null_results["themes"].table.query("level == 'bloc'")
    assert themes["weight"].between(0.28, 0.39).all()
    sentiment = null_results["sentiment"].table.query(
        "level == 'bloc' and voice == 'all' and actor_id != 'nato'"
    )
    crossing = (sentiment["balance_low"] <= 0) & (sentiment["balance_high"] >= 0)
    assert crossing.all()
