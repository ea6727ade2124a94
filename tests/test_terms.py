"""Terms with their places: lemmas from the dictionary, n-grams inside a sentence."""

from __future__ import annotations

import pytest

from analysis.config import TermParameters
from analysis.counts import count_terms, eligible_terms, stop_words
from analysis.errors import ParameterError
from analysis.evidence import term_evidence
from analysis.study import load_study
from analysis.terms import find_ngrams, lemma_finder, list_terms

TEXT = (
    "The U.S. sanctions hit Russia’s allies. Allies of the US met; the allies, they said, made a US-led deal."
)


@pytest.fixture(scope="module")
def corpus(make_study, corpus_of, tmp_path_factory):
    folder = make_study(
        tmp_path_factory.mktemp("terms"), texts={"a1": TEXT}, toml="[corpus]\ncheck_language = false\n"
    )
    return corpus_of(folder)


def test_by_default_a_term_is_a_token(corpus):
    article = corpus.articles[0]
    assert list_terms(article, TermParameters()) == article.terms(("US",))
    counts = count_terms(corpus, TermParameters())
    assert counts.lengths.tolist() == [1] * len(counts.terms)
    assert counts.sizes.tolist() == [19]


def test_ngrams_stay_within_a_sentence(corpus):
    article = corpus.articles[0]
    words = list_terms(article, TermParameters())
    # 6 and 13 tokens: 5 + 12 bigrams, 4 + 11 trigrams
    assert len(find_ngrams(article, words, 2)) == 17
    assert len(find_ngrams(article, words, 3)) == 15
    assert "allies allies" not in [ngram for ngram, _ in find_ngrams(article, words, 2)]
    assert find_ngrams(article, words, 2)[:2] == [("the US", 0), ("US sanctions", 1)]
    assert find_ngrams(article, words, 15) == []


@pytest.mark.parametrize("ngrams", [1, 2, 3])
def test_ngrams_do_not_change_the_counts_of_words_or_their_denominator(corpus, ngrams):
    single = count_terms(corpus, TermParameters())
    counts = count_terms(corpus, TermParameters(ngrams=ngrams))
    assert counts.sizes.tolist() == single.sizes.tolist()
    assert counts.terms == tuple(sorted(counts.terms))
    words = counts.only((counts.lengths == 1).nonzero()[0])
    assert words.terms == single.terms
    assert words.totals.tolist() == single.totals.tolist()
    assert counts.lengths.max() == ngrams
    for size, number in {1: 19, 2: 17, 3: 15}.items():
        assert counts.totals[counts.lengths == size].sum() == (number if size <= ngrams else 0)


def test_an_ngram_begins_and_ends_with_a_word(corpus):
    params = TermParameters(ngrams=3, min_count=1, min_articles=1)
    counts = count_terms(corpus, params)
    kept = {counts.terms[column] for column in eligible_terms(counts, params)}
    assert {"US sanctions", "allies of the", "allies"} & kept == {"US sanctions", "allies"}
    # an inner stop word is part of the phrase
    assert {"allies of the US", "russia allies"} & kept == {"russia allies"}
    assert "us-led deal" in kept and "made a us-led" not in kept


def test_lemmas_join_forms_and_keep_case(corpus):
    counts = count_terms(corpus, TermParameters(lemmas=True))
    assert counts.column("ally").tolist() == [3]
    assert "allies" not in counts.terms
    assert counts.column("US").tolist() == [2]
    # of a compound the parts are not reduced
    assert counts.column("us-led").tolist() == [1]
    assert counts.sizes.tolist() == [19]


def test_a_stop_word_does_not_come_back_under_its_lemma():
    assert "make" not in stop_words(TermParameters())
    assert "make" in stop_words(TermParameters(lemmas=True))
    assert stop_words(TermParameters(lemmas=True, stop_words="none")) == frozenset()


def test_a_language_without_a_dictionary_is_named():
    with pytest.raises(ParameterError) as caught:
        lemma_finder("zh")
    message = "[terms] lemmas: there is no dictionary of lemmas for the language 'zh'; set lemmas = false"
    assert str(caught.value) == message
    assert lemma_finder("de")("verhandlungen") == "verhandlung"


@pytest.mark.parametrize("params", [TermParameters(ngrams=3), TermParameters(ngrams=2, lemmas=True)])
def test_every_count_has_its_places(corpus, params):
    counts = count_terms(corpus, params)
    evidence = term_evidence(corpus, params)
    for term, total in zip(counts.terms, counts.totals, strict=True):
        found = evidence.find({"term": term})
        assert len(found) == total, term
        if not params.lemmas:
            assert found["match"].str.split().str.len().unique().tolist() == [term.count(" ") + 1]
    expected = {1: ["allies", "Allies", "allies"], 2: ["Russia's allies"]}
    terms = ("ally", "russia ally") if params.lemmas else ("allies", "russia allies")
    for words, term in enumerate(terms, start=1):
        assert evidence.find({"term": term})["match"].tolist() == expected[words]


def test_a_study_in_such_a_language_is_told_before_it_runs(make_study, tmp_path):
    toml = '[corpus]\nlanguage = "zh"\ncheck_language = false\n[terms]\nlemmas = true\n'
    problems = load_study(make_study(tmp_path, toml=toml)).check()
    assert [str(problem) for problem in problems if "articles.csv" not in problem.where] == [
        "study.toml [terms] lemmas: found 'true'; allowed: false: there is no dictionary for the language 'zh'. "
        "Set it to false."
    ]


def test_words_are_counted_apart_from_ngrams(corpus):
    both = count_terms(corpus, TermParameters(ngrams=2))
    assert both.words.terms == count_terms(corpus, TermParameters()).terms
    assert both.words.totals.sum() == both.sizes.sum()
    single = count_terms(corpus, TermParameters())
    assert single.words is single
