"""The multiverse: what is published is one of its specifications, planted claims stand, chance ones fall."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planted import TERMS, build_planted

from analysis.counts import count_terms
from analysis.measures import multiverse_sentiment, multiverse_terms, multiverse_themes
from analysis.measures.claims import (
    MOST_CLAIMS,
    choose_sentiment_claims,
    choose_term_claims,
    choose_theme_claims,
)
from analysis.measures.keyness import log_ratio
from analysis.measures.multiverse import (
    CHOICES,
    FAMILIES,
    measure_multiverse,
    no_multiverse,
    relative_effects,
    summarise_multiverse,
)
from analysis.measures.multiverse_terms import TermChoices, run_term_specifications
from analysis.steps import STEPS
from analysis.study import load_study

FAST = "[statistics]\nbootstrap = 100\npermutations = 100\n"


@pytest.fixture(scope="module")
def seed():
    return load_study()


@pytest.fixture(scope="module")
def table(seed):
    return seed.result("multiverse").table


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    root = tmp_path_factory.mktemp("multiverse") / "study"
    build_planted(root, settings=FAST, outlets=2, articles=2)
    return load_study(root)


def choices_of(study):
    config = study.config
    return TermChoices(study.corpus, study.received, config.terms, config.contrasts.prior_tokens)


def test_there_are_enough_specifications_and_each_is_there_once(table):
    assert (table.groupby(["family", "item", "group"]).size() >= 96).all()
    assert not table.duplicated(["family", "item", "group", *CHOICES, "measure"]).any()
    for family, published in FAMILIES.items():
        part = table[table["family"] == family]
        # no choice is made one way only, but for a measure that has no rival
        assert all(part[name].nunique() > 1 for name in published)


def test_what_is_published_is_one_specification_of_each_claim(seed, table):
    chosen = table[table["published"] == 1]
    claims = table[["family", "item", "group"]].drop_duplicates()
    assert len(chosen) == len(claims)
    np.testing.assert_allclose(chosen["relative"], 1.0)
    for row in chosen.itertuples():
        if row.family == "contrasts":
            keys = {"level": "bloc", "target": row.group, "reference": "rest", "term": row.item}
            assert row.value == pytest.approx(seed.value("contrasts", "log_ratio", **keys))
        elif row.family == "themes":
            robustness = seed.result("robustness").table
            keys = (robustness["item"] == row.item) & (robustness["group"] == row.group)
            expected = robustness.loc[keys & (robustness["measure"] == "themes"), "reference_value"].iloc[0]
            assert row.value == pytest.approx(expected, abs=2e-5)
        else:
            scores = seed.result("scores").table
            mine = scores[scores["actor_id"] == row.item]
            balance = mine["positive"] - mine["negative"]
            inside = mine["bloc"] == row.group
            assert row.value == pytest.approx(balance[inside].mean() - balance[~inside].mean())


def test_leaving_an_article_out_is_computed_by_hand(seed, table):
    left_out = "daily_2019-05"
    published = {**FAMILIES["contrasts"], "left_out": left_out, "measure": "difference of article shares"}
    part = table[(table["item"] == "europe") & (table["group"] == "Western")]
    for name, value in published.items():
        part = part[part[name] == value]
    hits = seed.counts.column("europe")
    blocs = np.array([article.bloc for article in seed.corpus.articles])
    kept = np.array(seed.corpus.ids) != left_out
    expected = (hits[kept & (blocs == "Western")] > 0).mean() - (hits[kept & (blocs != "Western")] > 0).mean()
    assert part["value"].tolist() == [pytest.approx(expected)]
    # and where too few occurrences are left, there is no number
    rarer = table[(table["item"] == "number") & (table["left_out"] == "neo_2019-05")]
    assert len(rarer) and rarer["value"].isna().all()


def test_planted_terms_keep_their_sign_everywhere(planted):
    claims = [(bloc, term) for bloc, term in TERMS.items()]
    found = run_term_specifications(choices_of(planted), claims)
    known = found["value"].dropna()
    assert (known > 0).all() and len(known) > 0.9 * len(found)
    assert set(found["item"]) == set(TERMS.values())


def test_a_term_that_all_use_alike_keeps_no_sign(planted):
    counts = planted.counts
    everywhere = counts.article_counts == len(counts.article_ids)
    term = counts.terms[int(np.flatnonzero(everywhere)[np.argmax(counts.totals[everywhere])])]
    found = run_term_specifications(choices_of(planted), [("Western", term)])
    lost = found[found["measure"] == "difference of article shares"]
    assert (lost["value"] == 0).all()
    assert found["value"].notna().all()


def test_processes_and_the_order_of_articles_change_nothing(seed, planted):
    claims = [("Western", "europe")]
    alone = run_term_specifications(choices_of(seed), claims)
    pd.testing.assert_frame_equal(alone, run_term_specifications(choices_of(seed), claims, workers=2))
    choices = choices_of(planted)
    turned = replace(
        choices,
        corpus=planted.corpus.subset(planted.corpus.ids[::-1]),
        received=planted.received.subset(planted.received.ids[::-1]),
    )
    keys = [*multiverse_terms.PUBLISHED, "measure"]
    first, second = (
        run_term_specifications(one, [("Western", TERMS["Western"])]).sort_values(keys, ignore_index=True)
        for one in (choices, turned)
    )
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("term", ["europe", "bilateral relation"])
def test_lemmas_and_ngrams_that_are_published_are_the_unit(seed, term):
    counted = replace(seed.config.terms, lemmas=True, ngrams=3)
    table = run_term_specifications(replace(choices_of(seed), terms=counted), [("Western", term)])
    chosen = multiverse_terms.published_choices(counted)
    found = measure_multiverse({"contrasts": table}, {"contrasts": "log ratio"}, {"contrasts": chosen}).table
    one = found[found["published"] == 1]
    assert one[["lemmas", "ngrams"]].values.tolist() == [["lemmas", "words, pairs and triples"]]
    counts = count_terms(seed.corpus, counted)
    inside = np.array([article.bloc == "Western" for article in seed.corpus.articles])
    hits, sizes = counts.column(term), np.asarray(counts.matrix.sum(axis=1)).ravel()
    expected = log_ratio(hits[inside].sum(), hits[~inside].sum(), sizes[inside].sum(), sizes[~inside].sum())
    assert one["value"].item() == pytest.approx(float(expected)) and one["relative"].item() == 1


def test_no_claim_no_specification(seed):
    assert run_term_specifications(choices_of(seed), []).empty
    assert multiverse_sentiment.run_sentiment_specifications(seed.corpus, {}, []).empty
    settings = replace(seed.config.themes, k=2)
    choices = multiverse_themes.ThemeChoices(
        seed.corpus, seed.received, settings, seed.config.terms, ("T1", "T2")
    )
    assert multiverse_themes.run_theme_specifications(choices, []).empty


def test_a_relative_effect_is_in_units_of_its_own_measure():
    table = pd.DataFrame(
        [
            ("t", "A", "yes", "ratio", 2.0),
            ("t", "A", "no", "ratio", -1.0),
            ("t", "A", "yes", "rate", 0.0),
            ("t", "A", "no", "rate", 5.0),
            ("u", "A", "no", "ratio", 3.0),
        ],
        columns=["item", "group", "cleaning", "measure", "value"],
    )
    found = relative_effects(table, {"cleaning": "yes"})
    assert found[:2].tolist() == [1.0, -0.5]
    # an effect of 0 has no unit, and a claim that is not published none either
    assert found[2:].isna().all()


def test_the_summary_counts_what_is_lost_against_a_claim():
    rows = [("yes", 1.0, 1), ("yes", 0.5, 0), ("no", -1.0, 0), ("no", np.nan, 0)]
    table = pd.DataFrame(rows, columns=["cleaning", "relative", "published"]).assign(
        family="contrasts", item="t", group="A", measure="log ratio", value=lambda data: 2 * data["relative"]
    )
    table = table.assign(
        **{name: FAMILIES["contrasts"].get(name, "") for name in CHOICES if name != "cleaning"}
    )
    summary = summarise_multiverse(table).table
    whole = summary[summary["choice"] == ""].iloc[0]
    assert (whole["n_specifications"], whole["n_lost"], whole["same_sign"], whole["value"]) == (
        4,
        1,
        0.5,
        2.0,
    )
    cleaning = summary[summary["choice"] == "cleaning"].set_index("option")["same_sign"]
    assert cleaning.to_dict() == {"yes": 1.0, "no": 0.0}


def test_claims_are_few_and_of_different_items(seed):
    terms = choose_term_claims(seed.result("contrasts").table)
    assert [bloc for bloc, _ in terms] == ["Chinese", "Russian", "Western"]
    themes = choose_theme_claims(seed.result("robustness").table)
    assert len({theme for _, theme in themes}) == len(themes) <= MOST_CLAIMS
    scores = seed.result("scores").table
    claims = choose_sentiment_claims(seed.corpus, scores, ["russia", "us", "nobody"], min_mentions=3)
    assert [actor for _, actor in claims] == ["russia", "us"]
    assert choose_sentiment_claims(seed.corpus, scores, ["russia"], min_mentions=10**6) == []


def test_a_corpus_above_the_bound_is_measured_once():
    result = no_multiverse(10_000, 2000)
    assert result.table.empty
    assert result.excluded.values.tolist() == [
        [
            "specifications",
            0,
            "10,000 articles; a corpus of more than statistics.multiverse_articles = 2,000 is measured once",
        ]
    ]
    assert summarise_multiverse(result.table).table.empty


def test_the_bound_is_a_setting_of_the_study(seed):
    study = load_study(seed.paths.root)
    study.config = replace(
        study.config, statistics=replace(study.config.statistics, multiverse_articles=len(seed.corpus) - 1)
    )
    assert STEPS["multiverse"](study).table.empty
