"""The article-term matrix: counts by hand, groups, stop words, and the filter fixed before testing."""

import numpy as np
import pytest

from analysis.config import TermParameters
from analysis.corpus import Grouping
from analysis.counts import count_lists, count_terms, eligible_terms, stop_words, sum_groups
from analysis.errors import UnknownName
from analysis.study import load_study

LISTS = [["b", "a", "b"], [], ["c", "b", "c", "c"]]


def test_count_lists_by_hand():
    counts = count_lists(LISTS, ["one", "two", "three"])
    assert counts.terms == ("a", "b", "c")
    assert counts.article_ids == ("one", "two", "three")
    assert counts.matrix.toarray().tolist() == [[1, 2, 0], [0, 0, 0], [0, 1, 3]]
    assert counts.sizes.tolist() == [3, 0, 4]
    assert counts.totals.tolist() == [1, 3, 3]
    assert counts.article_counts.tolist() == [1, 2, 1]
    assert counts.column("b").tolist() == [2, 0, 1]
    assert counts.position == {"a": 0, "b": 1, "c": 2}
    assert counts.matrix.has_sorted_indices


def test_counts_of_nothing_are_empty():
    for lists in ([], [[]], [[], []]):
        counts = count_lists(lists, [str(n) for n in range(len(lists))])
        assert counts.terms == ()
        assert counts.matrix.shape == (len(lists), 0)
        assert counts.totals.shape == counts.article_counts.shape == (0,)
        assert eligible_terms(counts, TermParameters()).shape == (0,)


def test_an_unknown_term_is_named_with_those_that_exist():
    with pytest.raises(UnknownName) as caught:
        count_lists(LISTS, ["one", "two", "three"]).column("z")
    assert str(caught.value) == "unknown term 'z'; allowed: a, b, c"


def test_only_keeps_whole_articles_in_the_denominator():
    part = count_lists(LISTS, ["one", "two", "three"]).only(np.array([2]))
    assert part.terms == ("c",)
    assert part.matrix.toarray().ravel().tolist() == [0, 0, 3]
    assert part.sizes.tolist() == [3, 0, 4]


def test_sum_groups_adds_rows_of_dense_and_sparse():
    counts = count_lists(LISTS, ["one", "two", "three"])
    grouping = Grouping("bloc", {"x": np.array([0, 2]), "y": np.array([1])})
    expected = [[1, 3, 3], [0, 0, 0]]
    assert sum_groups(counts.matrix, grouping).tolist() == expected
    assert sum_groups(counts.matrix.toarray(), grouping).tolist() == expected


def test_stop_words_are_folded_and_can_be_switched_off():
    assert stop_words(TermParameters(stop_words="none")) == frozenset()
    assert stop_words(TermParameters(stop_words="none", more_stop_words=("Mr", "US"))) == {"mr", "US"}
    english = stop_words(TermParameters(more_stop_words=("Mr",)))
    assert {"the", "don't", "us", "mr"} <= english
    assert "US" not in english


def test_eligible_terms_are_frequent_words():
    lists = [["us", "US", "x", "2019", "war", "war", "the"], ["US", "x", "2019", "war", "peace", "the"]]
    counts = count_lists(lists, ["one", "two"])

    def names(**options):
        return [counts.terms[column] for column in eligible_terms(counts, TermParameters(**options))]

    assert names(min_count=1, min_articles=1) == ["US", "peace", "war"]
    assert names(min_count=2, min_articles=2) == ["US", "war"]
    assert names(min_count=3, min_articles=2) == ["war"]
    assert names(min_count=1, min_articles=1, stop_words="none") == ["US", "peace", "the", "us", "war"]


def test_the_seed_study_counts_every_token():
    study = load_study()
    counts = count_terms(study.corpus, study.config.terms)
    assert counts.article_ids == tuple(study.corpus.ids)
    assert counts.sizes.tolist() == [len(article.tokens) for article in study.corpus.articles]
    assert counts.matrix.sum(axis=1).ravel().tolist() == [counts.sizes.tolist()]
    assert list(counts.terms) == sorted(set(counts.terms))
    # "us" the pronoun and "US" the state are two terms
    assert {"US", "us"} <= set(counts.terms)


def test_doubling_a_corpus_doubles_its_counts():
    single = count_lists(LISTS, ["one", "two", "three"])
    double = count_lists([words * 2 for words in LISTS], ["one", "two", "three"])
    assert (double.matrix.toarray() == 2 * single.matrix.toarray()).all()
