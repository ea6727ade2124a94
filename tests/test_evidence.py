"""Evidence of terms: as many rows as were counted, each with its place."""

from __future__ import annotations

from collections import Counter

import pytest

from analysis.config import TermParameters
from analysis.errors import ParameterError, UnknownName
from analysis.evidence import term_evidence
from analysis.results import EVIDENCE_COLUMNS


@pytest.fixture(scope="module")
def seeds(seed_study_dir, corpus_of):
    return corpus_of(seed_study_dir)


def test_every_term_of_the_seeds_has_as_many_places_as_it_was_counted(seeds):
    evidence = term_evidence(seeds)
    counted = Counter(term for article in seeds.articles for term in article.terms())
    for term in sorted(counted)[::40]:
        found = evidence.find({"term": term})
        assert len(found) == counted[term], term
        assert list(found.columns) == list(EVIDENCE_COLUMNS)
        for row in found.itertuples():
            article = seeds.article(row.article_id)
            assert article.text[row.start : row.end] == row.match
            assert row.match.split()[0] in row.sentence


def test_rows_are_sorted_by_article_and_place(seeds):
    found = term_evidence(seeds).find({"term": "russia"})
    assert list(zip(found["article_id"], found["start"], strict=True)) == sorted(
        zip(found["article_id"], found["start"], strict=True)
    )


def test_keys_narrow_the_choice(seeds):
    evidence = term_evidence(seeds)
    whole = evidence.find({"term": "russia"})
    for key in ("article_id", "outlet", "bloc"):
        parts = [evidence.find({"term": "russia", key: value}) for value in sorted(set(whole[key]))]
        assert sum(map(len, parts)) == len(whole)
        assert all(part[key].nunique() == 1 for part in parts)
    assert evidence.find({"term": "russia", "bloc": "Martian"}).empty


def test_case_is_kept_where_it_tells(tmp_path, make_study, corpus_of):
    make_study(tmp_path, texts={"a1": "The US told us. Give us the US."})
    corpus = corpus_of(tmp_path)
    assert list(term_evidence(corpus).find({"term": "US"})["match"]) == ["US", "US"]
    assert list(term_evidence(corpus).find({"term": "us"})["match"]) == ["us", "us"]
    assert len(term_evidence(corpus, TermParameters(keep_case=())).find({"term": "us"})) == 4


def test_an_unknown_term(tmp_path, make_study, corpus_of):
    make_study(tmp_path, texts={"a1": "They met."})
    with pytest.raises(UnknownName) as caught:
        term_evidence(corpus_of(tmp_path)).find({"term": "war"})
    assert str(caught.value) == "unknown term 'war'; allowed: met, they"


def test_no_term(seeds):
    with pytest.raises(ParameterError) as caught:
        term_evidence(seeds).find({"bloc": "Western"})
    assert str(caught.value) == "name the term: evidence_for(term=...), and optionally a bloc, outlet or article_id"
