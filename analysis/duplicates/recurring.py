"""Passages that recur at the ends of an outlet's articles: they are the outlet's, not the article's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from analysis.corpus import Article

FEWEST_ARTICLES = 3
"""A passage recurs from so many different articles of an outlet on."""
HEAD, TAIL = 3, 6
"""Passages from the start and from the end of an article that stand at its ends."""
AT_ENDS = 0.8
"""Share of its places at which a recurring passage stands at an end."""
MOST_RECURRING = 0.8
"""Articles of which a larger share recurs are copies of each other, not articles in the same frame."""

_BREAK = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n\s*")
_DIGITS = re.compile(r"\d+")


def find_passages(text: str) -> list[tuple[int, int]]:
    """Split a text into passages: lines, and sentences within them.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of (int, int)
        Offsets of passages that hold a letter or digit.

    Examples
    --------
    >>> find_passages("It rained. All left.\\n(c) 2018")
    [(0, 10), (11, 20), (21, 29)]
    """
    found, start = [], 0
    for match in _BREAK.finditer(text):
        found.append((start, match.start() + len(match.group().rstrip())))
        start = match.end()
    found.append((start, len(text)))
    found = [(b - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in found]
    return [(a, b) for a, b in found if any(map(str.isalnum, text[a:b]))]


def fold_passage(text: str) -> str:
    """Bring a passage to the form in which recurring ones are equal.

    Parameters
    ----------
    text : str
        A passage.

    Returns
    -------
    str
        In lower case, with one blank between words and 0 for every number.

    Examples
    --------
    >>> fold_passage("Page 12  of 100")
    'page 0 of 0'
    """
    return " ".join(_DIGITS.sub("0", text).casefold().split())


def find_recurring(articles: Sequence[Article]) -> list[list[tuple[int, int]]]:
    """Find the passages that recur at the ends of their outlet's articles.

    Parameters
    ----------
    articles : sequence of Article
        Of any outlets.

    Returns
    -------
    list of list of (int, int)
        For each article the offsets of such passages in its cleaned text.
    """
    out: list[list[tuple[int, int]]] = [[] for _ in articles]
    outlets: dict[str, list[int]] = defaultdict(list)
    for position, article in enumerate(articles):
        outlets[article.outlet_id].append(position)
    for positions in outlets.values():
        if len(positions) >= FEWEST_ARTICLES:
            _find_in_outlet(articles, positions, out)
    return out


def _find_in_outlet(
    articles: Sequence[Article], positions: list[int], out: list[list[tuple[int, int]]]
) -> None:
    """Add the recurring passages of one outlet's articles."""
    passages = {position: find_passages(articles[position].text) for position in positions}
    # an article that is there twice is one article
    numbers: dict[tuple[str, ...], int] = {}
    keys = {}
    for position in positions:
        text = articles[position].text
        keys[position] = tuple(fold_passage(text[start:end]) for start, end in passages[position])
        numbers.setdefault(keys[position], len(numbers))
    places: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for folded, number in numbers.items():
        for place, key in enumerate(folded):
            places[key].append((number, place < HEAD or place >= len(folded) - TAIL))
    owners = {key: {number for number, _ in found} for key, found in places.items()}
    recurs = {key for key, found in owners.items() if len(found) >= FEWEST_ARTICLES}
    share = {number: _recurring_share(folded, recurs) for folded, number in numbers.items()}
    frame = {
        key
        for key in recurs
        if sum(at_end for _, at_end in places[key]) >= AT_ENDS * len(places[key])
        and median(share[number] for number in owners[key]) <= MOST_RECURRING
    }
    for position in positions:
        out[position] = [
            span for span, key in zip(passages[position], keys[position], strict=True) if key in frame
        ]


def _recurring_share(folded: tuple[str, ...], recurs: set[str]) -> float:
    """Share of an article's characters that recur."""
    total = sum(map(len, folded))
    return sum(len(key) for key in folded if key in recurs) / total if total else 1.0


def remove_spans(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Take passages out of a text.

    Parameters
    ----------
    text : str
        The text.
    spans : sequence of (int, int)
        Offsets, ascending.

    Returns
    -------
    str
        What is left; places taken out are line breaks.
    """
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return "\n".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
