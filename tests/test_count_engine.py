"""The compiled engine counts exactly what the reference counts, whatever the text."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import counts
from analysis.config import TermParameters
from analysis.count_engine import character_classes, find_typed_tokens
from analysis.counts import count_terms, count_texts
from analysis.errors import UnknownName
from analysis.study import load_study
from analysis.text import TOKEN_PATTERN, find_tokens

ROOT = Path(__file__).resolve().parent.parent

# what makes tokens hard: stops and joiners, letters beyond ASCII, digits of other scripts, marks, halves of pairs
PIECES = (
    "US us U.S. u.s U.S.A. Ph.D don't Russia’s US-led US's 's s's -a a- a--b ab. a.b.c 3.5 1990s x² Ⅷ ٣ é ё СССР "
    "İstanbul ΟΔΟΣ ß ǅ 北京 प्र e\u0301 \ud800 \U0001f1fa\U00010400 _ a_b . ' ’ - \n \r\n \x00 Mr. said Then. The end!"
).split(" ")
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*PIECES, " ", ". ", "\n\n"]), max_size=30).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
)


def same(one, other):
    assert one.terms == other.terms
    assert one.article_ids == other.article_ids
    for left, right in ((one.sizes, other.sizes), *zip(parts(one), parts(other), strict=True)):
        assert left.dtype == right.dtype
        assert left.tolist() == right.tolist()


def parts(counts):
    assert counts.matrix.has_sorted_indices
    return counts.matrix.data, counts.matrix.indices, counts.matrix.indptr


@settings(max_examples=250)
@given(
    st.lists(TEXT, max_size=5),
    st.sampled_from([("US",), (), ("US", "us", "don't", "U.S.", "Russia's")]),
    st.integers(1, 3),
    st.booleans(),
)
@example(["a b. A b", "", "b a b"], ("US",), 3, False)
def test_both_engines_count_the_same(texts, keep_case, ngrams, lemmas):
    params = TermParameters(keep_case=keep_case, ngrams=ngrams, lemmas=lemmas)
    same(count_texts(texts, params, engine="compiled"), count_texts(texts, params, engine="reference"))


@settings(max_examples=150)
@given(st.lists(TEXT, max_size=4))
def test_typed_tokens_stand_where_the_reference_finds_them(texts):
    tokens = find_typed_tokens(texts)
    for row, text in enumerate(texts):
        chosen = slice(tokens.rows[row], tokens.rows[row + 1])
        found = [
            (start, tokens.types[number])
            for number, start in zip(
                tokens.numbers[chosen].tolist(), tokens.starts[chosen].tolist(), strict=True
            )
        ]
        assert found == [(span.start, text[span.start : span.end]) for span in find_tokens(text)]
    assert len(set(tokens.types)) == len(tokens.types)


def test_many_types_outgrow_the_table():
    # 30,000 types need a larger table three times, in the middle of a text
    texts = ["first", " ".join(f"w{n} v{n % 7}" for n in range(30_000)), "w29999 last"]
    counts = count_texts(texts, TermParameters(), engine="compiled")
    same(counts, count_texts(texts, TermParameters(), engine="reference"))
    assert counts.column("w29999").tolist() == [0, 1, 1]
    assert len(counts.terms) == 30_000 + 7 + 2


def test_counts_are_those_of_scikit_learn():
    from sklearn.feature_extraction.text import CountVectorizer

    texts = ["The talks in Sochi were short; the talks went on.", "US-led talks, and no end of the talks."]
    counts = count_texts(texts, TermParameters(), engine="compiled")
    # no possessives and initialisms, which are folded here and not there
    vectors = CountVectorizer(token_pattern=TOKEN_PATTERN)
    assert counts.matrix.toarray().tolist() == vectors.fit_transform(texts).toarray().tolist()
    assert counts.terms == tuple(vectors.get_feature_names_out())


@pytest.mark.parametrize("params", [TermParameters(), TermParameters(ngrams=2, lemmas=True)])
def test_the_seed_study_is_counted_alike(params):
    corpus = load_study().corpus
    counts = count_terms(corpus, params, engine="compiled")
    same(counts, count_terms(corpus, params, engine="reference"))
    assert counts.article_ids == tuple(corpus.ids)


def test_sentences_at_hand_are_not_found_again(monkeypatch):
    corpus, params = load_study().corpus, TermParameters(ngrams=3)
    found = []
    starts = counts.find_sentence_starts
    monkeypatch.setattr(counts, "find_sentence_starts", lambda *a: found.append(len(a[0])) or starts(*a))
    fresh = replace(corpus, articles=tuple(replace(article) for article in corpus.articles))
    anew = count_terms(fresh, params, engine="compiled")
    for article in fresh.articles:
        assert article.sentences
    same(count_terms(fresh, params, engine="compiled"), anew)
    assert found == [len(corpus)]


@pytest.mark.parametrize("length", [15, 16, 17, 40])
def test_long_words_are_told_apart(length):
    # up to 16 bytes a token is its own key; longer ones are compared
    stem = "w" * (length - 1)
    texts = [f"{stem}a {stem}b {stem}é {stem}a. {stem}", f"{stem}b-{stem}a {stem}é’s {stem}a"]
    counted = count_texts(texts, TermParameters(), engine="compiled")
    same(counted, count_texts(texts, TermParameters(), engine="reference"))
    assert counted.column(f"{stem}a").tolist() == [2, 1]


def test_long_and_short_texts_are_sorted_alike():
    # few terms of a text are sorted by insertion, many by digits, one or two at a time
    text = " ".join(f"w{n * 7919 % 3001}" for n in range(4000))
    for texts in ([text, "w5 w3 w5", ""], [text[:150], text[:600]]):
        params = TermParameters(ngrams=2)
        counted = count_texts(texts, params, engine="compiled")
        same(counted, count_texts(texts, params, engine="reference"))


def test_a_lemma_with_a_blank_is_left_to_the_reference(monkeypatch):
    # "a b" + "c" and "a" + "b c" are the same n-gram, which numbers of words cannot tell
    params = TermParameters(ngrams=2, lemmas=True)
    monkeypatch.setattr(
        "analysis.terms.lemma_finder", lambda language: lambda word: {"x": "a b"}.get(word, word)
    )
    counts = count_texts(["x c", "a b c"], params, engine="compiled")
    same(counts, count_texts(["x c", "a b c"], params, engine="reference"))
    assert "a b c" in counts.terms


def test_classes_are_those_of_the_token_pattern():
    classes = character_classes()
    assert classes.shape == (0x110000,)
    assert [int(classes[ord(char)]) for char in "aé北5٣²'’-._ \n"] == [1, 1, 1, 2, 2, 1, 3, 3, 3, 4, 0, 0, 0]


def test_an_unknown_engine_is_named():
    with pytest.raises(UnknownName) as caught:
        count_texts(["a"], TermParameters(), engine="fast")
    assert str(caught.value) == "unknown engine 'fast'; allowed: auto, compiled, reference"


def test_size_chooses_the_engine(monkeypatch):
    used = []
    monkeypatch.setattr("analysis.counts._count_compiled", lambda *arguments: used.append(len(arguments[0])))
    monkeypatch.setattr("analysis.counts.COMPILED_FROM", 10)
    count_texts(["a few", "words"], TermParameters())
    count_texts(["few", "words"], TermParameters())
    assert used == [2]


def test_nothing_is_written_where_nothing_can_be(tmp_path):
    """A read-only install without a home of its own compiles in memory."""
    code = (
        "import os, numba.core.caching as caching\n"
        "def no(self, *a, **k): raise OSError\n"
        "caching._CacheLocator.ensure_cache_path = no\n"
        "from analysis.kernels.compiled import compiled\n"
        "from analysis.counts import count_texts\n"
        "import analysis.kernels.ngrams as kernels\n"
        "print(kernels.write_ngrams(kernels.np.array([[1, 0]], 'i4'), kernels.np.frombuffer(b'ab', 'u1'), "
        "kernels.np.arange(3)).tobytes())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.stdout, done.returncode) == ("b'b a\\n'\n", 0), done.stderr


def test_a_matrix_of_nothing():
    for texts in ([], [""], ["...", "'"]):
        counts = count_texts(texts, TermParameters(ngrams=2), engine="compiled")
        assert counts.terms == ()
        assert counts.matrix.shape == (len(texts), 0)
        assert np.array_equal(counts.sizes, np.zeros(len(texts)))
