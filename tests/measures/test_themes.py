"""Themes: disjoint vocabularies recovered, groups weighed and tested, and corpora too poor for a model."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus, make_theme_corpus

from analysis.config import StatisticsParameters, TermParameters, ThemeParameters
from analysis.errors import ParameterError, StudyError
from analysis.measures.themes import measure_themes

STATISTICS = StatisticsParameters(bootstrap=100, random_state=1)
TERMS = TermParameters()
WORDS = {
    "sea": "harbour sailor anchor vessel tide captain deck".split(),
    "farm": "tractor barley harvest orchard cattle plough barn".split(),
    "court": "judge verdict lawyer witness appeal prison trial".split(),
}


def paragraph(name, place):
    """Write a paragraph of one vocabulary; every word of it occurs, some more than once."""
    words = WORDS[name]
    return " ".join(
        [
            *words,
            words[place % 7],
            words[(place + 1) % 7],
            words[0],
            words[0],
            words[1],
            "and the of it was to",
        ]
    )


def planted_corpus(articles=5):
    """Each article: two paragraphs of each vocabulary, in an order that changes; blocs favour one."""
    texts, truth = {}, {}
    for number in range(articles):
        order = [*WORDS, *WORDS]
        order = order[number % 6 :] + order[: number % 6]
        # one short paragraph carries no theme
        texts[f"a{number}"] = "\n\n".join(
            [*(paragraph(name, number + i) for i, name in enumerate(order)), "The end."]
        )
        truth[f"a{number}"] = order
    return make_corpus(texts, {name: "AB"[int(name[1:]) % 2] for name in texts}), truth


def measure(corpus, *, k=3, levels=("article", "bloc"), terms=TERMS, statistics=STATISTICS, **options):
    options = {"min_tokens": 5, "max_share": 0.9, **options}
    return measure_themes(
        corpus,
        [corpus.grouping(level) for level in levels],
        themes=ThemeParameters(k=k, resamples=5, **options),
        terms=terms,
        statistics=statistics,
    )


def test_three_vocabularies_are_three_themes_with_their_paragraphs():
    corpus, truth = planted_corpus()
    result = measure(corpus)
    tops = result.table.drop_duplicates("theme_id").set_index("theme_id")
    names = {}
    for theme_id, top in tops["top_terms"].items():
        found = [name for name, words in WORDS.items() if set(top.split(", ")) <= set(words)]
        assert len(found) == 1, top
        names[theme_id] = found[0]
    assert sorted(names.values()) == sorted(WORDS)
    # the first terms stand in every paragraph twice; the tail of a ranking may change
    assert (tops["stability"] > 0.85).all()
    paragraphs = result.evidence_for()
    heavy = paragraphs[paragraphs["weight"] > 0.1]
    for article_id, order in truth.items():
        rows = heavy[heavy["article_id"] == article_id].sort_values("start")
        assert rows["theme_id"].map(names).tolist() == order
    assert result.excluded["n"].tolist() == [5]
    assert result.evidence_for(theme_id="T1")["weight"].is_monotonic_decreasing
    row = paragraphs.iloc[0]
    text = corpus.article(row["article_id"]).text[row["start"] : row["end"]]
    assert " ".join(text.split()) == row["sentence"]


def test_shares_add_up_and_order_is_by_weight():
    corpus, _ = planted_corpus(6)
    table = measure(corpus, levels=("article", "outlet", "bloc")).table
    np.testing.assert_allclose(table.groupby(["level", "group"])["weight"].sum(), 1)
    whole = measure(make_corpus({a.article_id: a.text for a in corpus.articles}), levels=("bloc",)).table
    assert whole["theme_id"].tolist() == ["T1", "T2", "T3"]
    assert whole["weight"].is_monotonic_decreasing
    assert table.loc[table["level"] == "bloc", "n_paragraphs"].unique().tolist() == [18]


def test_intervals_need_five_articles():
    corpus, _ = planted_corpus(9)
    table = measure(corpus).table
    five = table[table["group"] == "A"]
    assert (five["weight_low"] <= five["weight"]).all() and (five["weight"] <= five["weight_high"]).all()
    assert (five["flag"] == "").all() and (five["n_with_themes"] == 5).all()
    four = table[table["group"] == "B"]
    assert four[["weight_low", "weight_high"]].isna().all(axis=None)
    # five against four articles can be tested, though four bear no interval
    assert (four["flag"] == "no interval: 4 articles").all()
    assert four["p"].notna().all()


def test_the_same_corpus_gives_the_same_themes():
    corpus, _ = planted_corpus()
    first, second = measure(corpus), measure(planted_corpus()[0])
    pd.testing.assert_frame_equal(first.table, second.table, check_exact=True)
    pd.testing.assert_frame_equal(first.evidence_for(), second.evidence_for(), check_exact=True)
    other = measure(corpus, statistics=StatisticsParameters(bootstrap=100, random_state=2)).table
    # the initialisation is not random: another seed moves the intervals alone
    pd.testing.assert_series_equal(other["weight"], first.table["weight"])


def test_more_themes_than_paragraphs():
    corpus, _ = planted_corpus(2)
    with pytest.raises(ParameterError) as caught:
        measure(corpus, k=15)
    assert str(caught.value) == (
        "study.toml [themes] k: 15 themes cannot be found in 12 paragraphs with 21 terms; "
        "allowed: at most 12; lower k, min_tokens or min_paragraphs, or add articles"
    )


@pytest.mark.parametrize(
    ("texts", "paragraphs", "terms"),
    [
        ({"a1": "War.", "b1": "Peace."}, 0, 0),
        ({"a1": " ".join(WORDS["sea"]), "b1": " ".join(WORDS["farm"])}, 0, 0),
        (dict.fromkeys(("a1", "a2", "b1", "b2"), " ".join(WORDS["sea"])), 0, 0),
    ],
    ids=["one word each", "no term in two paragraphs", "all articles identical"],
)
def test_corpora_that_carry_no_themes_say_so(texts, paragraphs, terms):
    with pytest.raises(ParameterError) as caught:
        measure(make_corpus(texts), k=2)
    assert str(caught.value) == (
        f"study.toml [themes] k: 2 themes cannot be found in {paragraphs} paragraphs with {terms} terms; "
        "needed: at least 2 of each; lower min_tokens or min_paragraphs, raise max_share, or add articles"
    )


@pytest.mark.parametrize("k", [2, 3])
def test_identical_articles_with_every_term_admitted_do_not_break_the_model(k):
    texts = dict.fromkeys(("a1", "a2", "b1", "b2"), " ".join(WORDS["sea"]))
    result = measure(make_corpus(texts), k=k, max_share=1.0)
    assert result.table["theme_id"].nunique() == k
    # there is one theme; the others are empty and say so
    assert result.table["weight"].between(0, 1).all()
    np.testing.assert_allclose(result.table.groupby(["level", "group"])["weight"].sum(), 1)


def test_an_article_without_a_paragraph_has_no_weight():
    corpus, _ = planted_corpus()
    texts = {a.article_id: a.text for a in corpus.articles} | {"z9": "Too short."}
    table = measure(make_corpus(texts)).table
    empty = table[table["group"] == "z9"]
    assert len(empty) == 3 and empty["weight"].isna().all()
    assert (empty["n_paragraphs"] == 0).all()


def test_a_theme_of_one_article_is_shown_as_unstable():
    corpus = make_theme_corpus(3, 8, one_article="a003")
    one_each = measure(corpus, k=4, levels=("bloc",), terms=TermParameters()).table.drop_duplicates(
        "theme_id"
    )
    lonely = one_each[one_each["top_terms"].str.contains("lonely")].iloc[0]
    assert lonely["driven_by"] == "a003" and lonely["largest_share"] > 0.8
    # without its article the theme is gone, whatever the average says
    assert lonely["stability_without"] < 0.05
    others = one_each[one_each["theme_id"] != lonely["theme_id"]]
    assert (others["driven_by"] == "").all() and (others["largest_share"] < 0.5).all()
    assert (others["stability"] > 0.8).all() and lonely["stability"] < others["stability"].min()


def test_neither_order_of_articles_changes_the_themes():
    from dataclasses import replace

    corpus = make_theme_corpus(3, 9)
    turned = replace(corpus, articles=corpus.articles[::-1])
    first, second = measure(corpus), measure(turned)
    keys = ["level", "group", "theme_id"]
    tables = [found.table.sort_values(keys, ignore_index=True) for found in (first, second)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)
    pd.testing.assert_frame_equal(first.evidence_for(), second.evidence_for(), check_exact=True)


def test_two_identical_articles_have_the_same_weights():
    texts = {a.article_id: a.text for a in make_theme_corpus(3, 6).articles}
    texts["a999"] = texts["a002"]
    table = measure(make_corpus(texts), levels=("article",)).table.set_index(["group", "theme_id"])["weight"]
    pd.testing.assert_series_equal(table["a999"], table["a002"])


def test_the_heaviest_paragraph_of_each_article_comes_first():
    result = measure(make_theme_corpus(3, 8))
    for theme in ("T1", "T2", "T3"):
        everything = result.evidence_for(theme_id=theme)
        firsts = result.evidence_for(theme_id=theme, place_in_article=1)
        assert firsts["article_id"].is_unique and len(firsts) == everything["article_id"].nunique() == 8
        assert firsts["weight"].is_monotonic_decreasing
        heaviest = everything.groupby("article_id")["weight"].max()
        pd.testing.assert_series_equal(
            firsts.set_index("article_id")["weight"].sort_index(), heaviest, check_names=False
        )
        one_bloc = result.evidence_for(theme_id=theme, bloc="A", place_in_article=1)
        assert set(one_bloc["bloc"]) == {"A"} and len(one_bloc) == 4


def test_a_name_of_study_toml_stands_beside_the_automatic_label():
    corpus, _ = planted_corpus()
    label = measure(corpus).table["automatic_label"].iloc[0]
    table = measure(corpus, labels={label: "Named"}).table
    assert set(table.loc[table["theme_id"] == "T1", "label"]) == {"Named"}
    assert set(table.loc[table["theme_id"] == "T1", "automatic_label"]) == {label}
    others = table[table["theme_id"] != "T1"]
    assert (others["label"] == others["automatic_label"]).all()
    with pytest.raises(StudyError, match="labels 'zebra': found terms that no theme has together"):
        measure(corpus, labels={"zebra": "Named"})
