"""Passages that recur at the ends of an outlet's articles, and those that only seem to."""

import numpy as np
import pytest
from small_articles import article, words

from analysis.duplicates.recurring import find_passages, find_recurring, fold_passage, remove_spans


def body(number, n=60):
    """Return sentences that no other number has."""
    found = words(n, start=n * number)
    return " ".join(" ".join(found[at : at + 12]).capitalize() + "." for at in range(0, n, 12))


def recurring(texts, outlet=None):
    articles = [article(f"a{n:02}", text, outlet=outlet or "alpha") for n, text in enumerate(texts)]
    return [
        [one.text[start:end] for start, end in spans]
        for one, spans in zip(articles, find_recurring(articles), strict=True)
    ]


def test_passages_are_lines_and_sentences():
    text = 'He left. "We met." Nobody\n\n  came  \n***\nBy U.S. law it ended!'
    found = [text[start:end] for start, end in find_passages(text)]
    assert found == ["He left.", '"We met."', "Nobody", "came", "By U.S.", "law it ended!"]
    assert find_passages("") == find_passages("\n...\n") == []


def test_numbers_and_blanks_do_not_tell_passages_apart():
    assert fold_passage("Page 3 of  12") == fold_passage("PAGE 14 of 7")


def test_a_foot_recurs_from_three_articles_on():
    texts = [f"{body(n)}\n\nCopyright 201{n} The Alpha Times." for n in range(3)]
    assert recurring(texts) == [[f"Copyright 201{n} The Alpha Times."] for n in range(3)]
    assert recurring(texts[:2]) == [[], []]


def test_a_foot_is_its_outlets():
    articles = [
        article(f"a{n}", f"{body(n)}\n\nAll rights reserved.", outlet=outlet)
        for n, outlet in enumerate(["alpha", "beta", "gamma"])
    ]
    assert find_recurring(articles) == [[], [], []]


def test_a_sentence_in_the_middle_recurs_without_being_frame():
    texts = [f"{body(2 * n, n=120)} It was a good day for all. {body(2 * n + 1, n=120)}" for n in range(5)]
    texts = [text.replace(". ", ".\n\n") for text in texts]
    assert recurring(texts) == [[]] * 5


def test_copies_of_one_story_are_no_frame():
    story = body(1, n=240)
    texts = [f"{story} {body(20 + n, n=12)}" for n in range(4)]
    assert recurring(texts) == [[]] * 4


def test_the_same_article_three_times_is_one():
    assert recurring([body(1)] * 3) == [[]] * 3


def test_what_is_left_keeps_its_parts_apart():
    assert remove_spans("One. Two. Three.", [(5, 9)]) == "One. \n Three."
    assert remove_spans("One.", []) == "One."


@pytest.mark.parametrize("text", ["", " ", "\n\n\n", "x" * 100_000, "a. " * 50_000, ".\n" * 50_000])
def test_hostile_texts(text):
    articles = [article(f"a{n}", text) for n in range(3)]
    assert find_recurring(articles) == [[], [], []]
    assert all(0 <= start < end <= len(text) for start, end in find_passages(text))
    assert np.array(find_passages(text)).size % 2 == 0
