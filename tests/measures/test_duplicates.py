"""The tables of copies: hand-worked groups, who was first, and the passages behind them."""

import pytest
from small_articles import article, words

from analysis.corpus import Corpus
from analysis.duplicates.copies import find_copies
from analysis.errors import UnknownName
from analysis.measures.duplicates import measure_duplicates, measure_shared_copy
from analysis.schema.results import RESULT_TABLES

STORY, OTHER = " ".join(words(100)), " ".join(words(100, start=400))


def corpus_of(*articles):
    corpus = Corpus(tuple(articles))
    return corpus, find_copies(corpus.articles)


@pytest.fixture
def copied():
    """Return a corpus in which Beta takes a story over from Alpha, and Alpha publishes another one twice."""
    return corpus_of(
        article("a1", STORY, outlet="alpha", published="2019-05-01"),
        article("a2", OTHER, outlet="alpha", published="2019-05-03"),
        article("a3", OTHER, outlet="alpha", published="2019-05-02"),
        article("b1", " ".join([*words(80), *words(20, start=900)]), outlet="beta", published="2019-05-02"),
        article("b2", " ".join(words(100, start=1200)), outlet="beta", published="2019-05-02"),
    )


def test_the_groups_are_listed_with_what_is_shared(copied):
    result = measure_duplicates(*copied, "keep")
    assert result.table[["group_id", "article_id", "kept", "n_articles", "weight"]].values.tolist() == [
        [1, "a1", True, 2, 0.5],
        [1, "b1", False, 2, 0.5],
        [2, "a3", True, 2, 0.5],
        [2, "a2", False, 2, 0.5],
    ]
    # 80 of 100 words, and two on the seam whose neighbourhood is shared by .4
    assert result.table.loc[1, ["similarity", "share", "share_kept"]].tolist() == [0.8, 0.82, 0.82]
    assert result.table.loc[[0, 2, 3], "similarity"].tolist() == [1, 1, 1]
    assert not result.table["left_out"].any() and result.excluded.empty
    assert result.table.groupby("group_id")["weight"].sum().tolist() == [1, 1]


def test_with_one_the_others_are_left_out_by_name(copied):
    result = measure_duplicates(*copied, "one")
    assert result.table["left_out"].tolist() == [False, True, False, True]
    assert result.excluded["what"].tolist() == ["article a2", "article b1"]
    assert result.excluded["why"].iloc[1] == (
        '82 % of it stands in a1 (Alpha, 2019-05-01), which is kept of 2 copies (corpus.duplicates = "one")'
    )
    assert result.params["duplicates"] == "one"


def test_who_publishes_whose(copied):
    table = measure_shared_copy(*copied).table
    assert table.drop(columns=["bloc", "other_bloc"]).values.tolist() == [
        ["Alpha", "Alpha", 1, 0, 0, 1, 2, 2 / 3],
        ["Alpha", "Beta", 1, 1, 0, 0, 1, 1 / 3],
        ["Beta", "Alpha", 1, 0, 1, 0, 1, 1 / 2],
    ]
    turned = table.set_index(["outlet", "other"])
    assert turned.loc[("Alpha", "Beta"), "n_first"] == turned.loc[("Beta", "Alpha"), "n_later"]


@pytest.mark.parametrize(
    ("published", "column"), [("2019-05-01", "n_undated"), ("", "n_undated"), ("2019-04-30", "n_first")]
)
def test_dates_that_do_not_tell_are_said(published, column):
    articles = article("a1", STORY, published="2019-05-01"), article("b1", STORY, outlet="beta", published=published)
    table = measure_shared_copy(*corpus_of(*articles)).table
    assert table.loc[table["outlet"] == "Beta", column].item() == 1
    assert (table[["n_first", "n_later", "n_undated"]].sum(axis=1) == table["n_groups"]).all()


def test_the_passages_stand_behind_the_groups():
    first = "Ministers met in Geneva. Envoys praised a lasting agreement about missiles. " + STORY + "."
    second = first.replace("praised", "hailed") + " Rain fell overnight."
    corpus, copies = corpus_of(article("a1", first), article("b1", second, outlet="beta"))
    result = measure_duplicates(corpus, copies, "keep")
    # the longer one is kept
    found = result.evidence_for(group_id=1)
    assert found["status"].tolist() == ["same", "edited", "same", "only here"]
    assert found["article_id"].tolist() == ["a1", "a1", "a1", "b1"]
    assert found.loc[1, "counterpart"] == "Envoys hailed a lasting agreement about missiles."
    assert found.loc[3, "match"] == "Rain fell overnight."
    assert len(result.evidence_for(article_id="a1", status="edited")) == 1
    assert len(result.evidence_for(article_id="b1")) == 4
    assert set(result.evidence_for(outlet="Beta")["article_id"]) == {"b1"}
    assert result.evidence_for(group_id=2).empty
    # any two articles, whichever is named first
    assert result.evidence_for(article_id="b1", other_id="a1")["status"].tolist() == [
        "same", "edited", "same", "only here",
    ]  # fmt: skip
    for row in found.to_dict("records"):
        assert corpus.article(row["article_id"]).text[row["start"] : row["end"]] == row["match"]
    with pytest.raises(UnknownName):
        result.evidence_for(article_id="z9")


def test_a_corpus_without_copies_gives_empty_tables():
    corpus, copies = corpus_of(article("a1", STORY), article("b1", OTHER))
    for result in (measure_duplicates(corpus, copies, "one"), measure_shared_copy(corpus, copies)):
        assert result.table.empty
        assert list(result.table.columns) == RESULT_TABLES[result.name].names
        assert result.evidence_for().empty
