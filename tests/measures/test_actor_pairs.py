"""Actors beside actors, and actors in themes: by hand, against a plain loop, intervals, and nothing found."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.config import StatisticsParameters
from analysis.measures.actor_pairs import measure_actor_pairs
from analysis.results import EVIDENCE_COLUMNS, table_evidence

STATISTICS = StatisticsParameters(bootstrap=200, random_state=1)
ACTORS = pd.DataFrame({"actor_id": ["cn", "ru", "us"], "actor": ["China", "Russia", "US"], "kind": "state"})
SCORES = {"-": (1.0, 0.0, 0.0), "0": (0.0, 1.0, 0.0), "+": (0.0, 0.0, 1.0)}


def corpus_of(names):
    return make_corpus({name: f"Text of {name}." for name in names})


def scores_of(corpus, rows):
    """Make scores: (article_id, sentence_id, actor_id, sign) per mention."""
    articles = {article.article_id: article for article in corpus.articles}
    columns = ["article_id", "sentence_id", "actor_id", "negative", "neutral", "positive"]
    table = pd.DataFrame([(*row[:3], *SCORES[row[3]]) for row in rows], columns=columns)
    return table.assign(
        outlet=[articles[name].outlet for name in table["article_id"]],
        bloc=[articles[name].bloc for name in table["article_id"]],
        start=range(len(table)),
        end=range(1, len(table) + 1),
        voice="own",
    )


def evidence_of(scores):
    hits = scores.assign(
        left="", match="x", right="", sentence="s", balance=scores["positive"] - scores["negative"]
    )
    return table_evidence(hits[[*EVIDENCE_COLUMNS, "actor_id", "voice", "balance"]], ("actor_id",))


def measure(corpus, scores):
    groupings = [corpus.grouping("bloc")]
    evidence = evidence_of(scores)
    return measure_actor_pairs(corpus, groupings, scores, ACTORS, statistics=STATISTICS, evidence=evidence)


HAND = [
    ("w1", 0, "us", "+"),
    ("w1", 0, "us", "-"),
    ("w1", 0, "ru", "-"),
    ("w1", 1, "us", "+"),
    ("w2", 0, "us", "+"),
    ("w2", 0, "ru", "-"),
    ("w2", 0, "cn", "0"),
    ("w2", 3, "ru", "+"),
    ("r1", 0, "cn", "+"),
]


def test_pairs_by_hand():
    corpus = corpus_of(["r1", "w1", "w2"])
    result = measure(corpus, scores_of(corpus, HAND))
    table = result.table.set_index(["group", "actor_id", "beside_id"])
    row = table.loc[("W", "us", "ru")]
    assert (row["n_sentences"], row["n_mentions"], row["n_articles"]) == (2, 3, 2)
    # beside Russia +, -, + ; everywhere +, -, +, +
    assert row["balance"] == pytest.approx(1 / 3)
    assert (row["overall"], row["difference"]) == (0.5, pytest.approx(1 / 3 - 0.5))
    row = table.loc[("W", "ru", "us")]
    assert (row["n_sentences"], row["balance"], row["overall"]) == (2, -1, pytest.approx(-1 / 3))
    assert row["flag"] == "descriptive: 2 articles"
    row = table.loc[("R", "us", "ru")]
    assert (row["n_sentences"], row["n_mentions"], row["flag"]) == (0, 0, "descriptive: 0 articles")
    assert row[["balance", "overall", "difference", "balance_low"]].isna().all()
    assert not (result.table["actor_id"] == result.table["beside_id"]).any()
    assert len(result.evidence_for(actor_id="us", beside_id="ru")) == 3
    assert result.evidence_for(actor_id="us", beside_id="ru", article_id="w2")["start"].tolist() == [4]


def test_pairs_as_a_plain_loop_counts_them():
    generator = np.random.default_rng(5)
    names = [f"{bloc}{number}" for bloc in "rw" for number in range(6)]
    corpus = corpus_of(names)
    rows = [
        (
            str(generator.choice(names)),
            int(generator.integers(3)),
            str(generator.choice(["us", "ru", "cn"])),
            sign,
        )
        for sign in generator.choice(list("-0+"), 150)
    ]
    table = measure(corpus, scores_of(corpus, rows)).table.set_index(["group", "actor_id", "beside_id"])
    sentences, values = defaultdict(set), defaultdict(list)
    for name, sentence, actor, sign in rows:
        for other in {row[2] for row in rows if row[:2] == (name, sentence)} - {actor}:
            sentences[name[0].upper(), actor, other].add((name, sentence))
            values[name[0].upper(), actor, other].append("-0+".index(sign) - 1)
    assert len(table) == 12
    for key, row in table.iterrows():
        assert row["n_sentences"] == len(sentences[key])
        assert row["n_articles"] == len({name for name, _ in sentences[key]})
        assert row["balance"] == pytest.approx(np.mean(values[key]))
        assert np.isfinite([row["balance_low"], row["difference_high"]]).all() == (row["n_articles"] >= 5)
        if row["n_articles"] >= 5:
            assert row["balance_low"] <= row["balance"] <= row["balance_high"]
    both = table["n_sentences"].unstack("group")
    assert (both.loc[("us", "ru")] == both.loc[("ru", "us")]).all()


def test_pairs_do_not_depend_on_the_order_of_the_mentions():
    corpus = corpus_of(["r1", "w1", "w2"])
    scores = scores_of(corpus, HAND)
    turned = scores.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(measure(corpus, scores).table, measure(corpus, turned).table)


@pytest.mark.parametrize("rows", [[], [("w1", 0, "us", "+")], [("w1", 0, "us", "+"), ("w1", 1, "ru", "+")]])
def test_no_pairs(rows):
    corpus = corpus_of(["w1", "r1"])
    result = measure(corpus, scores_of(corpus, rows))
    assert result.table.empty and "difference_low" in result.table
    assert result.evidence_for(actor_id="us").empty
