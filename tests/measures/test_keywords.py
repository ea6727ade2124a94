"""Keywords: what cleaning changes, and articles without any word to rank."""

import numpy as np
import pytest
from planted import make_corpus

from analysis.config import TermParameters
from analysis.measures.keywords import measure_cleaning, measure_keywords


def test_ranks_with_and_without_cleaning():
    received = make_corpus({"w1": "share share share sanctions talks talks", "r1": "share pipeline gas gas"})
    cleaned = make_corpus({"w1": "sanctions talks talks", "r1": "pipeline gas gas"})
    table = measure_keywords(cleaned, received, terms=TermParameters()).table.set_index(
        ["article_id", "term"]
    )
    assert table.loc[("w1", "talks"), ["rank_received", "rank_cleaned"]].tolist() == [2, 1]
    row = table.loc[("w1", "share")]
    assert row["rank_received"] == 1 and np.isnan(row["rank_cleaned"]) and np.isnan(row["tfidf_cleaned"])
    # l2: the squares of an article's weights add up to 1
    assert (table.loc["r1", "tfidf_cleaned"] ** 2).sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("texts", [{"w1": "the", "r1": "of"}, {"w1": "the", "r1": "war"}])
def test_articles_of_one_word(texts):
    corpus = make_corpus(texts)
    found = measure_keywords(corpus, corpus, terms=TermParameters()).table
    assert found["term"].tolist() == [word for word in texts.values() if word == "war"]


def test_nothing_was_removed():
    assert measure_cleaning(make_corpus({"w1": "of"})).table.empty
