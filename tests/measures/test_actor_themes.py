"""Actors in themes: parts of mentions, weighted balance by hand, and poor corpora."""

import pandas as pd
import pytest
from planted import make_corpus

from analysis.config import StatisticsParameters
from analysis.measures.actor_themes import measure_actor_themes, theme_parts
from analysis.measures.themes import no_themes
from analysis.results import Result, table_evidence

STATISTICS = StatisticsParameters(bootstrap=100)
ACTORS = pd.DataFrame({"actor_id": ["ru", "us"], "actor": ["Russia", "US"], "kind": "state"})

# theme, weight, article, paragraph
PARAGRAPHS = pd.DataFrame(
    [
        ("T1", 3.0, "w1", 0, 50),
        ("T2", 1.0, "w1", 0, 50),
        ("T2", 2.0, "w1", 52, 90),
        ("T1", 0.5, "w2", 0, 40),
    ],
    columns=["theme_id", "weight", "article_id", "start", "end"],
)
MENTIONS = pd.DataFrame(
    [
        ("w1", 10, "us", 0.0, 1.0),
        ("w1", 60, "us", 1.0, 0.0),
        ("w1", 51, "ru", 1.0, 0.0),
        ("w2", 5, "ru", 0.0, 1.0),
        ("w2", 70, "us", 0.0, 0.0),
    ],
    columns=["article_id", "start", "actor_id", "negative", "positive"],
)


def themes():
    table = pd.DataFrame({"theme_id": ["T1", "T2"], "label": ["a, b, c", "d, e, f"]})
    return Result("themes", table, evidence=table_evidence(PARAGRAPHS, ("theme_id",)))


def scores(mentions=MENTIONS):
    hits = mentions.assign(
        outlet="W outlet", bloc="W", sentence_id=0, end=mentions["start"] + 2, left="", match="US", right="",
        sentence="s", voice="own",
    )  # fmt: skip
    return Result("scores", mentions, evidence=table_evidence(hits, ("actor_id",)))


def measure(found, scored):
    corpus = make_corpus({"w1": "Text.", "w2": "Text.", "r1": "Text."})
    return measure_actor_themes(
        corpus, [corpus.grouping("bloc")], found, scored, ACTORS, statistics=STATISTICS
    )


def test_the_parts_of_a_mention_add_up_to_one():
    parts = theme_parts(MENTIONS, PARAGRAPHS)
    assert parts.values.tolist() == [[0, "T1", 0.75], [0, "T2", 0.25], [1, "T2", 1.0], [3, "T1", 1.0]]
    # a mention between paragraphs, or after the last, belongs to none
    assert set(parts["row"]) == {0, 1, 3}


def test_weighted_balance_by_hand():
    result = measure(themes(), scores())
    table = result.table.set_index(["group", "actor_id", "theme_id"])
    row = table.loc[("W", "us", "T2")]
    assert (row["n_mentions"], row["n_articles"], row["weighted_mentions"]) == (2, 1, 1.25)
    assert row["share"] == pytest.approx(1.25 / 2)
    assert row["balance"] == pytest.approx((0.25 - 1) / 1.25)
    assert row["overall"] == pytest.approx(0)
    assert table.loc[("W", "us", "T1"), "balance"] == 1
    assert table.loc[("W", "ru", "T1"), ["weighted_mentions", "difference"]].tolist() == [1, 1]
    row = table.loc[("W", "ru", "T2")]
    assert (row["n_mentions"], row["share"]) == (0, 0)
    assert pd.isna(row["balance"])
    assert pd.isna(table.loc[("R", "us", "T1"), "share"])
    assert result.excluded[["n", "why"]].values.tolist() == [[2, "their paragraph carries no theme"]]
    assert len(result.evidence_for(actor_id="us", theme_id="T2")) == 2


@pytest.mark.parametrize(
    ("found", "scored"),
    [
        (no_themes("too small"), scores()),
        (themes(), scores(MENTIONS.iloc[:0])),
        (themes(), scores(MENTIONS[2:3])),
    ],
)
def test_nothing_to_cross(found, scored):
    result = measure(found, scored)
    assert result.table.empty
    assert result.excluded["n"].tolist() == [len(scored.table)]
    assert result.evidence_for(actor_id="us").empty
