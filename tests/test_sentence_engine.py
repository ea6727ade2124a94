"""Splitting many texts at once finds what splitting them one by one finds."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import sentence_engine, sentences
from analysis.sentence_engine import encode_texts, find_sentence_starts, split_texts
from analysis.study import load_study
from analysis.text import find_paragraphs, find_sentences

WORDS = (
    "Mr Mrs. MR. Inc. U.S. U.N Ph.D PH.D. p.m. pm a.m Monday No. no. 7 12. 1. 2019 3.5 The the He I A a AI iPhone "
    "said Putin Lavrov asked café É Ünal (?) [...] (sic.) [12] [1].[2] $5 @home _x www.a.com http://b.org/c.d, e.g. "
    "i.e vs. Sept. Approx. ended.The end.A ends.I've com.The Yes! No? What?! ... .. … 。 ! ? . .\" .” .’ !\" ?” ?' ) ] "
    "“ ” ‘ ’ \" ' « » – — - • * St. ST. J. J.R. J.R.R. Jr. KATHMANDU. longish. Considerable. verylongwordindeed. "
    "x@y.Com ends.Then@home St.The 20.The .5.The McGrath O'Neil-Smith. Ilyin_x Šef said, says wrote. saidé tells "
    "….. ...Then (...) [...]. “The [1234] [9]The [٣] ’The 。The ؟ ।He .! ...? www.x www… :// a:b _said . . ... .x"
).split()
NAMES = "McGrath Smith. O’Neil-Smith X.Y_z Éluard Šef name Namenamenamenamenamenamenameee Nam" + "e" * 28
GLUE = st.sampled_from(
    [" ", " ", " ", "", "  ", "\n", "\n\n", "\r\n", "\r", "\t", "\u00a0", "\x1c", "\u2028"]
)
PHRASE = st.lists(st.tuples(st.sampled_from(WORDS), GLUE), max_size=40).map(
    lambda parts: "".join(word + glue for word, glue in parts)
)
LINE = "The envoys met in the city for the third time, and then the"


def same(texts):
    found = split_texts(texts)
    assert found.paragraphs == [find_paragraphs(text) for text in texts]
    assert found.sentences == [find_sentences(text) for text in texts]
    starts, rows = find_sentence_starts(texts)
    parts = [starts[rows[number] : rows[number + 1]].tolist() for number in range(len(texts))]
    assert parts == [[span.start for span in spans] for spans in found.sentences]
    return found


@settings(max_examples=200)
@given(st.lists(st.one_of(PHRASE, st.text(max_size=50)), max_size=4))
@example(["", " ", "\n", "\r", "a.\r", "A.\r\n\r\nB", "Yes.\n"])
@example([f"{LINE}\n{LINE}\n{LINE}\nend. It was late.\n\n{LINE}\r"])
@example([f"{LINE}\n{LINE}\nshort\r"])
@example(
    [
        "So ... . Then. . .x. . Y",
        "It is.[1]The end.[12] Then.[1234] x.[٣] A",
        "Why?” X Y\n\n\n",
        "a. b.\x00 C",
    ]
)
@example(["Foo.[12] ) ! Bar said. Qux.", "\ud800. A", "He left.  \n It was."])
def test_any_texts(texts):
    same(texts)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_any_words(text):
    same([text])


@settings(max_examples=100)
@given(
    st.sampled_from(["?”", '!"', "...'", "….", "?!»"]),
    st.lists(st.sampled_from(NAMES.split()), min_size=1, max_size=5),
    st.sampled_from([" ", "  ", "\n", "\u2028 ", "    "]),
    st.sampled_from(["said", "says.", "saids", "said_", "saidé", "asked", "The"]),
)
def test_any_attribution(stop, names, glue, verb):
    """A name and a verb of speech after a quotation that asks belong to its sentence."""
    same([f"“Why {stop} {glue.join([*names, verb])} she.", f"“Why {stop}{glue.join([*names, verb])}"])


@pytest.fixture(scope="module")
def seeds():
    return [text for article in load_study().corpus.articles for text in (article.text, article.received)]


def test_the_seed_texts_and_batches(seeds, monkeypatch):
    found = same(seeds)
    monkeypatch.setattr(sentence_engine, "_BATCH", 5000)
    assert same(seeds) == found


def test_a_sentence_is_found_where_the_last_text_left_its_characters():
    # the same memory holds text after text: what stands behind the end of one is not read
    long = "“Why?” Smith said. " * 30
    for end in ("He left?” Smith", "He left?” Smith ", "He left.Smi", "At www", "So:", "ends.["):
        same([long, end, long, end + "\n"])


def test_texts_at_hand_are_not_encoded_again(seeds, monkeypatch):
    starts, rows = find_sentence_starts(seeds)
    encoded = encode_texts(seeds)
    monkeypatch.setattr(sentence_engine, "encode_texts", None)
    again = find_sentence_starts(seeds, encoded)
    assert (starts.tolist(), rows.tolist()) == tuple(part.tolist() for part in again)
    assert bytes(encoded[0]) == "".join(text + "\n" for text in seeds).encode()


def test_most_paragraphs_of_news_are_plain(seeds, monkeypatch):
    # else nothing is gained: what is left to the rules one by one stays below a fiftieth
    left = []
    plain = sentences.split_paragraph
    monkeypatch.setattr(
        sentences, "split_paragraph", lambda text, span: left.append(span) or plain(text, span)
    )
    found = split_texts([article.text for article in load_study().corpus.articles])
    assert len(left) < 0.02 * sum(map(len, found.paragraphs))


def test_the_lists_can_be_told_in_sixteen_characters_of_ascii():
    for words in sentences.LISTS:
        assert all(word.isascii() and len(word) <= 16 for word in words)
