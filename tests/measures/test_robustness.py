"""Robustness: specifications, verdicts, and headline numbers repeated by hand."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.counts import count_lists
from analysis.measures.headlines import top_actors, top_contrasts
from analysis.measures.keyness import log_ratio
from analysis.measures.robustness import Headlines, judge, list_specifications, measure_robustness

TEXTS = {"w1": "alpha alpha of of", "w2": "alpha of of of", "r1": "of of of of of", "r2": "alpha of of of of"}
NO_SCORES = pd.DataFrame({"article_id": [], "actor_id": [], "negative": [], "neutral": [], "positive": []})
NO_THEMES = pd.DataFrame({"article_id": [], "theme_id": [], "weight": []})


def test_specifications_leave_out_and_recode():
    corpus = make_corpus(TEXTS, alternative={"w1": "other", "w2": "other"})
    found = {name: (kept.tolist(), coding.tolist()) for name, kept, coding in list_specifications(corpus)}
    assert list(found) == [
        "without r1",
        "without r2",
        "without w1",
        "without w2",
        "alternative coding of W outlet",
    ]
    assert found["without r2"] == ([0, 2, 3], ["R", "R", "W", "W"])
    assert found["alternative coding of W outlet"] == ([0, 1, 2, 3], ["R", "R", "other", "other"])
    both = make_corpus(TEXTS, alternative=dict.fromkeys(TEXTS, "other"))
    assert list_specifications(both)[-1][0] == "alternative coding of all outlets"
    assert list_specifications(make_corpus({"w1": "alpha"})) == []


@pytest.mark.parametrize(
    ("value", "reference", "verdict"),
    [
        (2, 2, "same"),
        (1, 2, "same"),
        (0.99, 2, "halved"),
        (-0.1, 2, "turned"),
        (-3, -2, "same"),
        (np.nan, 2, "lost"),
        (5, 0, "same"),
        (0, 2, "halved"),
    ],
)
def test_verdicts(value, reference, verdict):
    assert judge(float(value), float(reference)) == verdict


def test_contrasts_are_repeated_without_each_article():
    corpus = make_corpus(TEXTS, alternative={"w1": "R", "w2": "R"})
    counts = count_lists([article.terms() for article in corpus.articles], corpus.ids)
    table = measure_robustness(corpus, counts, NO_THEMES, NO_SCORES, Headlines((("W", "alpha"),), ())).table
    table = table.set_index("specification")
    assert table["reference_value"].unique() == pytest.approx([log_ratio(3, 1, 8, 10)])
    assert table.loc["without w1", "value"] == pytest.approx(log_ratio(1, 1, 4, 10))
    assert table.loc["without r2", "value"] == pytest.approx(log_ratio(3, 0, 8, 5))
    # under the other coding the bloc has no article left
    assert np.isnan(table.loc["alternative coding of W outlet", "value"])
    assert table.loc["alternative coding of W outlet", "verdict"] == "lost"


def test_nothing_to_repeat():
    corpus = make_corpus({"w1": "alpha"})
    counts = count_lists([["alpha"]], ["w1"])
    assert measure_robustness(corpus, counts, NO_THEMES, NO_SCORES, Headlines((), ())).table.empty


def test_headline_terms_pass_the_stated_filter():
    base = {"level": "bloc", "reference": "rest", "n_articles_target": 3, "articles_target": 2, "g2": 9.0}
    rows = [
        {**base, "target": "W", "term": "b", "log_ratio": 2.0},
        {**base, "target": "W", "term": "a", "log_ratio": 2.0},
        {**base, "target": "W", "term": "once", "log_ratio": 9.0, "articles_target": 1},
        {**base, "target": "W", "term": "weak", "log_ratio": 9.0, "g2": 3.8},
        {**base, "target": "W", "term": "under", "log_ratio": -9.0, "g2": -30.0},
        {**base, "target": "W", "term": "pair", "log_ratio": 9.0, "reference": "A"},
        {
            **base,
            "target": "A",
            "term": "single",
            "log_ratio": 1.0,
            "articles_target": 1,
            "n_articles_target": 1,
        },
    ]
    found = top_contrasts(pd.DataFrame(rows), terms=2)
    assert list(zip(found["target"], found["term"], strict=True)) == [("W", "a"), ("W", "b"), ("A", "single")]


def test_headline_actors_are_ranked_by_mentions_then_label():
    rows = [
        {"level": level, "actor_id": actor, "actor": label, "n_mentions": n}
        for level in ("bloc", "outlet")
        for actor, label, n in [
            ("x", "Xi", 4),
            ("b", "Biden", 2),
            ("b", "Biden", 2),
            ("t", "Trump", 9),
            ("q", "Q", 1),
        ]
    ]
    assert top_actors(pd.DataFrame(rows), actors=9, min_mentions=2) == ["t", "b", "x"]
    assert top_actors(pd.DataFrame(rows), actors=1, min_mentions=2) == ["t"]
