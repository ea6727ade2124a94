"""Copies that share the weight of one text: what must come out the same, in every table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planted import build_planted

from analysis.copy_weights import CopyWeights
from analysis.duplicates.copies import Copies
from analysis.measures.multiverse_sentiment import run_sentiment_specifications
from analysis.measures.multiverse_terms import TermChoices, run_term_specifications
from analysis.measures.multiverse_themes import ThemeChoices, run_theme_specifications
from analysis.steps import STEPS
from analysis.study import load_study

SETTINGS = (
    "[terms]\nmin_count = 8\n[statistics]\nbootstrap = 100\npermutations = 100\n"
    "[corpus]\ncheck_language = false\n"
)
KEYS = {
    "contrasts": ["level", "target", "reference", "term"],
    "divergence": ["level", "target", "reference", "term"],
    "attention": ["actor_id", "level", "group"],
    "themes": ["theme_id", "level", "group"],
    "theme_time": ["theme_id", "bloc", "period"],
    "sentiment": ["actor_id", "voice", "level", "group"],
    "sentiment_adjusted": ["actor_id", "level", "group", "benchmark_set"],
    "sentiment_shift": ["actor_id", "target", "reference", "rank"],
    "actor_pairs": ["actor_id", "beside_id", "level", "group"],
    "actor_themes": ["theme_id", "actor_id", "level", "group"],
    "robustness": ["measure", "item", "group", "specification"],
    "keywords": ["article_id", "term"],
}


class Kept:
    """A study whose results are computed, and kept for as long as the tests."""

    def __init__(self, study, corpus):
        self.study = study
        study.__dict__.update(corpus=corpus, received=corpus)
        study.result = self.result
        self.results = {}

    def result(self, name):
        if name not in self.results:
            self.results[name] = STEPS[name](self.study)
        return self.results[name]


def twin_of(article, number=1):
    return replace(article, article_id=f"{article.article_id}-{number}")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return a planted study, of which every article is a text of its own."""
    root = tmp_path_factory.mktemp("plain") / "study"
    build_planted(root, blocs=("Chinese", "Russian"), outlets=2, articles=3, settings=SETTINGS)
    for number, path in enumerate(sorted((root / "seeds" / "texts").glob("*.txt"))):
        verb, object_ = ("praised", "threatened", "met")[number % 3], ("Russia", "China")[number % 2]
        with path.open("a", encoding="utf-8") as file:
            file.write(
                f"\n\nOn Monday NATO {verb} {object_}. The good work of Washington and {object_} went on, "
            )
            file.write("and the pipeline, the tariff and the treaty were on the table.\n")
    study = load_study(root)
    return Kept(study, study.corpus)


@pytest.fixture(scope="module")
def doubled(plain):
    """Return the same study with a twin of every article in its own outlet; the two share the weight of one text."""
    articles = plain.study.corpus.articles
    both = tuple(sorted([*articles, *map(twin_of, articles)], key=lambda one: one.article_id))
    shared = {one.article_id: (one.article_id.removesuffix("-1"), 2) for one in both}
    corpus = replace(plain.study.corpus, articles=both, copies=CopyWeights(shared))
    return Kept(load_study(plain.study.paths.root), corpus)


def compare(first, second, keys):
    """Compare the numbers of two tables that are no counts; return how many rows there are."""
    if "level" in first:
        first, second = (table[table["level"] != "article"] for table in (first, second))
    if "article_id" in first:
        second = second[~second["article_id"].str.endswith("-1")]
    joined = first.merge(second, on=keys, how="outer", suffixes=("", "_other"), indicator=True)
    assert (joined["_merge"] == "both").all()
    numbers = [name for name in first if first[name].dtype.kind == "f" and name not in keys]
    for name in numbers:
        np.testing.assert_allclose(joined[f"{name}_other"], joined[name], rtol=1e-5, atol=1e-6, err_msg=name)
    for name in ("driven_by", "lock", "verdict", "test", "top_terms", "label"):
        if name in first:
            assert (joined[name] == joined[f"{name}_other"]).all(), name
    return len(joined)


@pytest.mark.parametrize("name", KEYS)
def test_articles_doubled_in_their_outlets_change_no_estimate_interval_or_test(plain, doubled, name):
    rows = compare(plain.result(name).table, doubled.result(name).table, KEYS[name])
    assert rows > 2
    assert "article" not in "".join(doubled.result(name).table.get("flag", pd.Series(dtype=str)))


def test_counts_are_of_all_that_is_there(plain, doubled):
    for name, columns in (("contrasts", ["count_target", "articles_target", "n_articles_target"]),
                          ("attention", ["n_mentions", "n_articles"]), ("sentiment", ["n_mentions"])):  # fmt: skip
        first, second = (one.result(name).table for one in (plain, doubled))
        joined = first.merge(second, on=KEYS[name], suffixes=("", "_other"))
        joined = joined[joined["level"] != "article"]
        for column in columns:
            assert (joined[f"{column}_other"] == 2 * joined[column]).all(), (name, column)
    row = doubled.result("attention").table.query("level == 'bloc'").iloc[0]
    hits = doubled.result("attention").evidence_for(actor_id=row["actor_id"], bloc=row["group"])
    assert len(hits) == row["n_mentions"]
    row = doubled.result("contrasts").table.query("level == 'bloc' and count_target > 0").iloc[0]
    hits = doubled.result("contrasts").evidence_for(term=row["term"], bloc=row["target"])
    assert len(hits) == row["count_target"]


def test_the_multiverse_of_doubled_articles_is_the_same(plain, doubled):
    found = []
    for one in (plain, doubled):
        study = one.study
        terms, themes = study.config.terms, replace(study.config.themes, k=3)
        names = tuple(one.result("themes").table["theme_id"].drop_duplicates())
        found.append(
            [
                run_term_specifications(
                    TermChoices(study.corpus, study.corpus, terms, 500.0), [("Chinese", "harmony")]
                ),
                run_sentiment_specifications(
                    study.corpus, {"lexicon.v1": one.result("scores").table}, [("Russian", "us")]
                ),
                run_theme_specifications(
                    ThemeChoices(
                        study.corpus, study.corpus.subset(study.corpus.ids[:8]), themes, terms, names
                    ),
                    [("Chinese", names[0])],
                    progress=lambda refits: refits[:2],
                ),
            ]
        )
    for first, second in zip(*found, strict=True):
        assert len(first) > 3 and first["value"].notna().any()
        said = [name for name in first if name != "value"]
        assert (first[said].to_numpy() == second[said].to_numpy()).all()
        np.testing.assert_allclose(second["value"], first["value"], atol=1e-6)


def with_wire(plain, outlets):
    """Let the first Chinese article stand in some outlets, as copies of one text."""
    articles = list(plain.study.corpus.articles)
    story = articles.pop(0)
    copies = [
        replace(twin_of(story, number) if number else story, outlet_id=outlet, outlet=outlet, bloc=bloc)
        for number, (outlet, bloc) in enumerate(outlets)
    ]
    shared = {one.article_id: (story.article_id, len(copies)) for one in copies}
    every = tuple(sorted([*articles, *copies], key=lambda one: one.article_id))
    corpus = replace(plain.study.corpus, articles=every, copies=CopyWeights(shared))
    return Kept(load_study(plain.study.paths.root), corpus)


def test_a_story_in_three_outlets_of_a_bloc_weighs_as_one_article_there(plain):
    wire = with_wire(
        plain, [("Chinese Herald 1", "Chinese"), ("New Herald", "Chinese"), ("Third Herald", "Chinese")]
    )
    for name in ("attention", "sentiment", "themes"):
        first, second = (one.result(name).table.query("level == 'bloc'") for one in (plain, wire))
        assert compare(first, second, KEYS[name]) > 2
    # means over outlets, and what they bring, are of other outlets now
    first, second = (one.result("contrasts").table.query("level == 'bloc'") for one in (plain, wire))
    means = [name for name in first if "mean" in name]
    assert compare(first.drop(columns=means), second.drop(columns=means), KEYS["contrasts"]) > 100
    alone = wire.result("attention").table.query("group == 'New Herald'")
    assert alone["n_group_articles"].eq(1).all() and alone["flag"].eq("descriptive: 1 text").all()


def test_a_story_on_both_sides_is_no_evidence_of_a_difference(plain):
    wire = with_wire(plain, [("Chinese Herald 1", "Chinese"), ("Russian Herald 1", "Russian")])
    table = wire.result("contrasts").table.query(
        "level == 'bloc' and target == 'Chinese' and reference == 'Russian'"
    )
    # five texts of its own and one that both have, against six and the same one
    assert table["n_articles_target"].iloc[0] == 6 and table["n_articles_reference"].iloc[0] == 7
    row = table.set_index("term").loc["harmony"]
    corpus, weights = wire.study.corpus, wire.study.corpus.weights
    counts, inside = wire.study.counts, np.array([one.bloc == "Chinese" for one in corpus.articles])
    rates = [
        (counts.column("harmony") * weights)[side].sum() / (counts.sizes * weights)[side].sum()
        for side in (inside, ~inside)
    ]
    assert row["per_10000_target"] == pytest.approx(1e4 * rates[0])
    assert row["per_10000_reference"] == pytest.approx(1e4 * rates[1])
    assert row["count_reference"] == counts.column("harmony")[~inside].sum() == 2
    assert 0 < row["p"] <= 0.05 and row["log_ratio_low"] > 0


@pytest.mark.parametrize("name", ["contrasts", "sentiment"])
def test_the_order_of_articles_changes_nothing(plain, name):
    outlets = [
        ("Chinese Herald 1", "Chinese"),
        ("Russian Herald 1", "Russian"),
        ("Russian Herald 2", "Russian"),
    ]
    tables = []
    for turned in (False, True):
        wire = with_wire(plain, outlets)
        corpus = wire.study.corpus
        if turned:
            corpus = replace(corpus, articles=corpus.articles[::-1])
            wire = Kept(load_study(wire.study.paths.root), corpus)
        table = wire.result(name).table
        tables.append(table.sort_values(KEYS[name], ignore_index=True))
    pd.testing.assert_frame_equal(*tables, rtol=1e-9, atol=1e-12)


def test_a_study_without_copies_is_measured_as_if_they_were_kept(plain):
    found = []
    for policy in ("keep", "weight"):
        study = load_study(plain.study.paths.root)
        study.config = replace(study.config, corpus=replace(study.config.corpus, duplicates=policy))
        study.__dict__.update(admitted=plain.study.corpus, copies=Copies((), ()))
        assert not study.corpus.copies
        results = Kept(study, study.corpus)
        results.result("mentions")
        found.append(study._compute("attention"))
    pd.testing.assert_frame_equal(found[0].table, found[1].table, check_exact=True)
    assert found[0].params == found[1].params
