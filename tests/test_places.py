"""The index of places finds what reading every text finds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import ParameterError
from analysis.evidence import query_places
from analysis.places import PlaceIndex
from analysis.study import load_study

QUERIES = (
    "sanctions",
    "sanction*",
    "Russia",
    "US",
    "us",
    "U.S.",
    "US-Russia",
    "the United States",
    "the *",
    "* of the",
    "* *",
    "* * *",
    "*tion",
    "*tion*",
    "s*n*s",
    "*",
    "NATO",
    "nato*",
    "no such words here",
    "Mr Trump",
    "don't",
)


NOWHERE = ("no such words here", "don't")


@pytest.fixture(scope="module")
def seeds():
    return load_study().corpus


@pytest.fixture(scope="module")
def index(seeds):
    return PlaceIndex(seeds)


@pytest.mark.parametrize("query", QUERIES)
def test_the_index_finds_what_reading_finds(seeds, index, query):
    expected = query_places(seeds, query, width=30)
    found = index.lines(query, width=30)
    assert found.to_dict("records") == expected.to_dict("records")
    assert found.empty == (query in NOWHERE)


def test_a_large_corpus_is_indexed_alike(seeds, index, monkeypatch):
    monkeypatch.setattr("analysis.places.COMPILED_FROM", 0)
    compiled = PlaceIndex(seeds)
    for query in ("sanction*", "* of the", "US"):
        assert compiled.lines(query).to_dict("records") == index.lines(query).to_dict("records")


WORDS = ("a", "b", "a b", "aa", "A.B.", "ab's", "a-b", "x. A", "x? B", "\n\n", ",", "é", "US", "us")


@settings(max_examples=120)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), min_size=1, max_size=3),
    st.lists(
        st.sampled_from(["a", "b", "*", "a*", "*b", "*a*", "AB", "US", "us", "é*"]), min_size=1, max_size=3
    ),
)
def test_any_phrase_in_any_text(make_study, corpus_of, tmp_path_factory, texts, query):
    # every text has a word, and none stands twice
    texts = {f"t{number}": f"{text} end{number}." for number, text in enumerate(texts)}
    toml = "[corpus]\ncheck_language = false\n"
    corpus = corpus_of(make_study(tmp_path_factory.mktemp("places"), texts=texts, toml=toml))
    found = PlaceIndex(corpus).lines(" ".join(query))
    assert found.to_dict("records") == query_places(corpus, " ".join(query)).to_dict("records")


def test_the_first_lines_only(index):
    whole = index.lines("the")
    assert index.lines("the", limit=3).to_dict("records") == whole.head(3).to_dict("records")
    assert len(whole) > 100
    assert index.lines("the", limit=0).empty


def test_what_cannot_be_asked_is_said(index):
    with pytest.raises(ValueError, match="query '...' holds no term; give a word or a phrase"):
        index.lines("...")
    with pytest.raises(ValueError, match="width is -1; give 0 or more characters."):
        index.lines("US", width=-1)
    with pytest.raises(ParameterError) as caught:
        index.lines("US", limit=-1)
    assert str(caught.value) == "limit is -1; give 0 or more lines"
