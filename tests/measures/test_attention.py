"""Attention: counts and rates by hand."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.actors import load_actors, project_actors
from analysis.config import StatisticsParameters
from analysis.measures.attention import actor_counts, count_aliases, measure_attention, measure_mentions

ACTORS = pd.DataFrame({"actor_id": ["cn", "ru", "us"], "actor": ["China", "Russia", "US"], "kind": "state"})
STATISTICS = StatisticsParameters(bootstrap=200, random_state=1)


def mentions_of(rows):
    return pd.DataFrame(rows, columns=["article_id", "actor_id"])


def measure(corpus, rows, level="bloc"):
    return measure_attention(
        corpus, [corpus.grouping(level)], mentions_of(rows), ACTORS, statistics=STATISTICS
    ).table.set_index(["group", "actor_id"])


def test_counts_and_rates_by_hand():
    # 20 and 30 tokens; 50 in bloc R
    corpus = make_corpus({"w1": "of " * 20, "w2": "of " * 30, "r1": "of " * 50})
    rows = [("w1", "us")] * 3 + [("w2", "us")] + [("w2", "ru")] + [("r1", "ru")] * 2
    table = measure(corpus, rows)
    row = table.loc[("W", "us")]
    assert (row["n_mentions"], row["n_articles"], row["n_group_articles"]) == (4, 2, 2)
    assert row["per_1000"] == pytest.approx(1000 * 4 / 50)
    assert row["share"] == pytest.approx(4 / 5)
    assert row["flag"] == "descriptive: 2 articles" and np.isnan(row["per_1000_low"])
    assert table.loc[("R", "us"), ["n_mentions", "per_1000", "share"]].tolist() == [0, 0, 0]
    assert table.loc["R"].index.tolist() == ["us", "ru"]
    assert measure(corpus, rows, "article").loc[("w1", "ru"), "n_mentions"] == 0


def test_intervals_from_five_articles():
    corpus = make_corpus({f"w{n}": "of " * (20 + n) for n in range(6)})
    row = measure(corpus, [(f"w{n}", "us") for n in range(6) for _ in range(n)]).loc[("W", "us")]
    assert row["per_1000_low"] < row["per_1000"] < row["per_1000_high"]
    assert row["flag"] == ""


def test_no_mentions():
    corpus = make_corpus({"w1": "of " * 20})
    assert measure(corpus, []).empty
    assert actor_counts(corpus, mentions_of([]), []).shape == (1, 0)


def test_the_evidence_of_no_mentions_can_be_computed_with():
    hits = measure_mentions(make_corpus({"w1": "Nobody spoke."}), load_actors(project_actors())).evidence.find({})
    assert hits.empty and hits["bloc"].map({"negative": -1}).groupby(hits["bloc"]).mean().empty


def test_places_of_aliases_by_hand(tmp_path):
    rows = [
        "us,US,state,USA,US,exact,,,",
        "us,US,state,USA,US president,case-insensitive,,,",
        "obama,Obama,person,USA,the president,case-insensitive,2009-01-20,2017-01-20,",
        "ru,Russia,state,RUS,Russia,case-insensitive,,,",
    ]
    header = "actor_id,label,kind,country,alias,match,not_before,not_after,note"
    (tmp_path / "actors.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    # the office is dated, and these articles are not
    corpus = make_corpus({"a": "The US president met us. The president left the US.", "b": "US talks."})
    table = count_aliases(corpus, load_actors(tmp_path / "actors.csv"))
    assert table.to_dict("list") == {
        "row": [2, 3, 4, 5],
        "actor_id": ["us", "us", "obama", "ru"],
        "alias": ["US", "US president", "the president", "Russia"],
        "n_places": [3, 1, 0, 0],
    }


def test_actor_counts_leave_out_who_is_not_asked_for():
    corpus = make_corpus({"w1": "of", "w2": "of"})
    counts = actor_counts(corpus, mentions_of([("w2", "us"), ("w2", "us"), ("w1", "cn")]), ["us", "ru"])
    assert counts.tolist() == [[0, 0], [2, 0]]
