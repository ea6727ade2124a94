"""Sets two articles side by side: which passages they share, which were edited, and which only one has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.duplicates.recurring import find_passages
from analysis.duplicates.shingles import WordHasher, find_same, find_shared, hash_triples

SHARED = 0.5
"""A passage is shared from this share of its words on."""


class Passage(NamedTuple):
    """A passage of an article, and what it is beside another article.

    Parameters
    ----------
    start, end : int
        Offsets into the article's cleaned text.
    status : str
        ``same`` (word for word), ``edited``, ``only here``, or ``recurring``: it recurs at the ends of the outlet's
        articles, and was not compared.
    counterpart : (int, int)
        Offsets of the passage of the other article that has most words in common with it; (0, 0) if there is none.
    """

    start: int
    end: int
    status: str
    counterpart: tuple[int, int]


def compare_passages(
    text: str,
    other: str,
    recurring: Sequence[tuple[int, int]] = (),
    other_recurring: Sequence[tuple[int, int]] = (),
) -> list[Passage]:
    """Compare the passages of one article with another article.

    Parameters
    ----------
    text, other : str
        Cleaned texts.
    recurring, other_recurring : sequence of (int, int)
        Passages of each that are not compared.

    Returns
    -------
    list of Passage
        Every passage of `text`, in its order.

    Examples
    --------
    >>> [passage.status for passage in compare_passages("It rained all day. We left.", "It rained all day.")]
    ['same', 'only here']
    """
    spans, words = _words(text, recurring)
    other_spans, other_words = _words(other, other_recurring)
    triples = np.sort(hash_triples(other_words), axis=None)
    same = find_same(find_shared(hash_triples(words), triples))
    places = np.array([start for start, _ in spans], dtype=np.int64)
    other_places = np.array([start for start, _ in other_spans], dtype=np.int64)
    others = []
    for start, end in find_passages(other):
        low, high = np.searchsorted(other_places, (start, end))
        others.append(((start, end), _plain(other[start:end]), frozenset(other_words[low:high].tolist())))
    out = []
    for start, end in find_passages(text):
        if any(low <= start and end <= high for low, high in recurring):
            out.append(Passage(start, end, "recurring", (0, 0)))
            continue
        low, high = np.searchsorted(places, (start, end))
        mine, plain = frozenset(words[low:high].tolist()), _plain(text[start:end])
        best = max(
            others,
            key=lambda found: (found[1] == plain, len(mine & found[2]), -len(found[2]), -found[0][0]),
            default=((0, 0), "", frozenset()),
        )
        if best[1] == plain:
            out.append(Passage(start, end, "same", best[0]))
        elif high > low and same[low:high].mean() >= SHARED and mine & best[2]:
            out.append(Passage(start, end, "edited", best[0]))
        else:
            out.append(Passage(start, end, "only here", (0, 0)))
    return out


def _words(text: str, recurring: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Find the words that are compared: their places and hashes."""
    hasher = WordHasher()
    spans, hashes = hasher.find_words(text), hasher.hash_words(text)
    kept = [
        place
        for place, (start, _) in enumerate(spans)
        if not any(low <= start < high for low, high in recurring)
    ]
    return [spans[place] for place in kept], hashes[kept]


def _plain(text: str) -> str:
    """Bring a passage to the form in which the same words are equal."""
    return " ".join(text.casefold().split())
