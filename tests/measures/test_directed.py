"""Who does what to whom: counts by hand, what is not asserted, the sentences behind, and poor corpora."""

import pandas as pd
import pytest
from planted import make_corpus

from analysis.actors import load_actors, project_actors
from analysis.config import StatisticsParameters
from analysis.measures.attention import measure_mentions
from analysis.measures.directed import measure_directed
from analysis.relations.verbs import load_verbs

STATISTICS = StatisticsParameters(min_articles_interval=2)
TABLE = load_actors(project_actors())
ACTORS = pd.DataFrame({"actor_id": sorted(TABLE.labels)})
ACTORS = ACTORS.assign(actor=ACTORS["actor_id"].map(TABLE.labels), kind=ACTORS["actor_id"].map(TABLE.kinds))


def measure(texts):
    corpus = make_corpus(texts)
    mentions = measure_mentions(corpus, TABLE).table
    return measure_directed(
        corpus, [corpus.grouping("bloc")], mentions, ACTORS, load_verbs(), statistics=STATISTICS
    )


TEXTS = {
    "w1": "Russia attacked Ukraine and then bombed Ukraine. Ukraine did not attack Russia. China met Russia.",
    "w2": "Ukraine was invaded by Russia. Iran could help Russia. Russia and China slept in Moscow.",
    "r1": "The weather in Russia was fine.",
}


@pytest.fixture(scope="module")
def hand():
    return measure(TEXTS)


def row_of(result, *keys):
    table = result.table.set_index(["group", "subject_id", "object_id", "relation"])
    return table.loc[keys]


def test_a_sentence_counts_once_however_many_verbs_say_it(hand):
    row = row_of(hand, "W", "russia", "ukraine", "conflictual")
    assert (row["n"], row["n_material"], row["n_articles"]) == (2, 2, 2)
    assert row["verbs"] == "attack 1, bomb 1, invade 1"
    assert row["flag"] == ""


def test_what_is_denied_or_only_possible_is_counted_apart(hand):
    row = row_of(hand, "W", "ukraine", "russia", "conflictual")
    assert (row["n"], row["n_negated"], row["n_hypothetical"], row["verbs"]) == (0, 1, 0, "")
    row = row_of(hand, "W", "iran", "russia", "cooperative")
    assert (row["n"], row["n_hypothetical"], row["flag"]) == (0, 1, "descriptive: 0 articles")


def test_what_is_mutual_counts_in_both_directions(hand):
    for pair in (("china", "russia"), ("russia", "china")):
        row = row_of(hand, "W", *pair, "cooperative")
        assert (row["n"], row["n_material"], row["flag"]) == (1, 0, "descriptive: 1 article")


def test_every_relation_has_a_row_in_every_group_and_zeros_where_there_is_none(hand):
    assert (hand.table.groupby(["subject_id", "object_id", "relation"]).size() == 2).all()
    assert (hand.table.loc[hand.table["group"] == "R", "n"] == 0).all()
    assert hand.table["subject_id"].iloc[0] == "russia" and hand.table["n"].iloc[1] == 2


def test_the_sentences_behind_and_those_left_out(hand):
    found = hand.evidence_for(subject_id="russia", object_id="ukraine", status="asserted")
    assert found["match"].tolist() == ["attacked", "bombed", "invaded"]
    assert found["sentence"].iloc[2] == "Ukraine was invaded by Russia."
    assert hand.excluded["n"].tolist() == [1]
    assert hand.provenance["accuracy"].startswith("on 100 held-out sentences")
    corpus = make_corpus(TEXTS)
    for hit in found.itertuples():
        text = next(article.text for article in corpus.articles if article.article_id == hit.article_id)
        assert text[hit.start : hit.end] == hit.match


@pytest.mark.parametrize(
    "texts", [{"w1": "Nothing."}, {"w1": "Russia slept."}, {"w1": "Russia, China and Iran."}]
)
def test_nothing_to_count(texts):
    result = measure(texts)
    assert result.table.empty and "n_material" in result.table
    assert result.evidence_for(subject_id="russia").empty
