"""Two scorers side by side: balances, tables and agreement by hand, and the sentences they differ on."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.measures.scorer_differences import measure_scorer_differences

ACTORS = pd.DataFrame({"actor_id": ["ru", "us"], "actor": ["Russia", "US"], "kind": "state"})
KEYS = [("w1", "W", "us"), ("w1", "W", "us"), ("w1", "W", "ru"), ("r1", "R", "us")]
FIRST = [(0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.0, 0.1, 0.9), (0.5, 0.3, 0.2)]
SECOND = [(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)]


def scores_of(values):
    keys = pd.DataFrame(KEYS, columns=["article_id", "bloc", "actor_id"])
    return keys.join(pd.DataFrame(values, columns=["negative", "neutral", "positive"]))


@pytest.fixture
def result():
    corpus = make_corpus({"w1": "Text.", "r1": "Text."})
    hits = pd.DataFrame(KEYS, columns=["article_id", "bloc", "actor_id"]).assign(
        outlet="", voice="own", start=range(4), sentence=list("abcd")
    )
    scored = {"own.v1": scores_of(FIRST), "other.v1": scores_of(SECOND)}
    return measure_scorer_differences(scored, corpus.grouping("bloc"), ACTORS, hits)


def test_by_hand(result):
    table = result.table.set_index(["actor_id", "group"])
    assert set(table["first"]) == {"own.v1"} and set(table["second"]) == {"other.v1"}
    everyone = table.loc[("all", "all")]
    assert (everyone["n_mentions"], everyone["n_articles"]) == (4, 2)
    assert everyone["balance_first"] == pytest.approx((-0.7 + 0 + 0.9 - 0.3) / 4)
    assert everyone["balance_second"] == pytest.approx(0.25)
    assert everyone["apart"] == pytest.approx(-0.025 - 0.25)
    assert everyone["agreement"] == 0.5
    assert everyone["correlation"] == pytest.approx(np.corrcoef([-0.7, 0, 0.9, -0.3], [-1, 1, 1, 0])[0, 1])
    cells = {name: everyone[name] for name in table.columns if name.count("_") == 1 and everyone[name] == 1}
    assert {"negative_negative", "neutral_positive", "positive_positive", "negative_neutral"} <= set(cells)
    assert table.loc[("us", "W"), "n_mentions"] == 2
    assert np.isnan(table.loc[("us", "W"), "correlation"])
    # all labels the same on both sides: chance cannot be told
    assert np.isnan(table.loc[("ru", "W"), "alpha"])
    assert ("ru", "R") not in table.index
    assert table.index[1] == ("us", "all")


def test_evidence_begins_where_they_lie_furthest_apart(result):
    found = result.evidence_for()
    assert found["sentence"].tolist() == ["b", "d", "a", "c"]
    assert found["apart"].tolist() == [1, 0.3, 0.3, 0.1]
    assert found.loc[0, ["own.v1", "other.v1"]].tolist() == [0, 1]
    assert len(result.evidence_for(actor_id="us", bloc="R")) == 1


def test_one_scorer_or_no_mention():
    corpus = make_corpus({"w1": "Text."})
    alone = measure_scorer_differences(
        {"own.v1": scores_of(FIRST)}, corpus.grouping("bloc"), ACTORS, pd.DataFrame()
    )
    assert alone.table.empty
    assert alone.excluded["why"].tolist() == [
        "the study's scorer is the baseline itself: there is no second one to set beside it"
    ]
    empty = {name: scores_of(FIRST).iloc[:0] for name in ("a", "b")}
    hits = scores_of(FIRST).iloc[:0].assign(start=0)
    assert measure_scorer_differences(empty, corpus.grouping("bloc"), ACTORS, hits).table.empty
