"""Counts the terms of many texts with compiled loops; what it counts is what `analysis.terms` defines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.config import TermParameters
from analysis.sentence_engine import encode_texts
from analysis.terms import reduce_words
from analysis.text import find_tokens, fold_token

_SIMPLE = re.compile(r"[0-9A-Za-z\-]+\Z")
_BLANK = re.compile(r"[\0- ]")
_CODE_POINTS = 0x110000


class TypedTokens(NamedTuple):
    """The tokens of texts by their types.

    Parameters
    ----------
    types : tuple of str
        The distinct tokens as they stand in the texts, in order of their first occurrence.
    numbers : numpy.ndarray
        int32, of shape (tokens,): the type of each token.
    starts : numpy.ndarray
        int32, of shape (tokens,): at which character of its text it begins.
    rows : numpy.ndarray
        int64, of shape (texts + 1,): the first token of each text, and the number of tokens.
    """

    types: tuple[str, ...]
    numbers: np.ndarray
    starts: np.ndarray
    rows: np.ndarray


class Counted(NamedTuple):
    """Terms, sorted; and the parts of their matrix (texts x terms) in compressed rows."""

    terms: tuple[str, ...]
    indptr: np.ndarray
    indices: np.ndarray
    values: np.ndarray
    sizes: np.ndarray


@cache
def character_classes() -> np.ndarray:
    """Return the class of every code point, as Python's regular expressions see it.

    Returns
    -------
    numpy.ndarray
        Of shape (0x110000,), uint8.
    """
    from analysis.kernels.tokens import DIGIT, JOINER, LETTER, STOP

    everything = "".join(map(chr, range(_CODE_POINTS)))
    classes = np.zeros(_CODE_POINTS, np.uint8)
    for pattern, value in ((r"[^\W_]+", DIGIT), (r"[^\W\d_]+", LETTER), (r"['’\-]", JOINER), (r"\.", STOP)):
        for match in re.finditer(pattern, everything):
            classes[match.start() : match.end()] = value
    return classes


def find_typed_tokens(
    texts: Sequence[str], encoded: tuple[np.ndarray, np.ndarray] | None = None, *, placed: bool = True
) -> TypedTokens:
    """Find the tokens of texts, as `analysis.text.find_tokens` does.

    Parameters
    ----------
    texts : sequence of str
        Any texts.
    encoded : tuple of numpy.ndarray, optional
        The texts as from `analysis.sentence_engine.encode_texts`, where they are at hand.
    placed : bool, default True
        Whether `starts` are wanted; else they are empty.

    Returns
    -------
    TypedTokens
        Tokens, types, places.
    """
    from analysis.kernels.tokens import scan_tokens, write_types

    data, bounds = encode_texts(texts) if encoded is None else encoded
    # a token takes a byte and one that parts it from the next; memory that is never written is never taken
    room = len(data) // 2 + 1
    numbers, starts = np.empty(room, np.int32), np.empty(room if placed else 0, np.int32)
    rows, first, last = scan_tokens(data, bounds, character_classes(), numbers, starts)
    types = _read_lines(write_types(data, first, last))
    return TypedTokens(types, numbers[: rows[-1]], starts[: rows[-1]], rows)


def _read_lines(data: np.ndarray) -> tuple[str, ...]:
    """Read lines of UTF-8, each with a line break at its end."""
    return tuple(str(data[:-1], "utf-8", "surrogatepass").split("\n")) if len(data) else ()


def list_typed_tokens(texts: Sequence[str]) -> TypedTokens:
    """Find the tokens of texts as `find_typed_tokens`, without compiled loops.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    TypedTokens
        The same.
    """
    known: dict[str, int] = {}
    numbers, starts, rows = [], [], [0]
    for text in texts:
        for span in find_tokens(text):
            numbers.append(known.setdefault(text[span.start : span.end], len(known)))
            starts.append(span.start)
        rows.append(len(numbers))
    return TypedTokens(
        tuple(known), np.array(numbers, np.int32), np.array(starts, np.int32), np.array(rows, np.int64)
    )


def fold_types(types: Sequence[str], params: TermParameters, *, language: str = "en") -> list[str]:
    """Reduce types to the terms they are counted as: `fold_token` and lemmas, once a type.

    Parameters
    ----------
    types : sequence of str
        Distinct tokens.
    params : TermParameters
        `keep_case` and `lemmas`.
    language : str
        Whose lemmas.

    Returns
    -------
    list of str
        One per type.
    """
    kept = set(params.keep_case)
    folded = [
        token.lower()
        if token not in kept and _SIMPLE.match(token)
        else fold_token(token, keep_case=params.keep_case)
        for token in types
    ]
    return reduce_words(folded, params, language=language)


def count_typed(
    tokens: TypedTokens,
    params: TermParameters,
    *,
    language: str = "en",
    sentences: tuple[np.ndarray, np.ndarray] | None = None,
) -> Counted | None:
    """Count the terms of texts.

    Parameters
    ----------
    tokens : TypedTokens
        Their tokens.
    params : TermParameters
        `keep_case`, `lemmas` and `ngrams`.
    language : str
        Whose lemmas.
    sentences : tuple of numpy.ndarray, optional
        Where sentences begin, as from `analysis.sentence_engine.find_sentence_starts`; needed where ``ngrams`` is
        above 1.

    Returns
    -------
    Counted or None
        None where a lemma holds a blank: then an n-gram does not tell its words.
    """
    from analysis.kernels.ngrams import count_rows

    folded = fold_types(tokens.types, params, language=language)
    words = sorted(set(folded))
    if params.ngrams > 1 and ("" in words[:1] or _BLANK.search("".join(words))):
        return None
    place = dict(zip(words, range(len(words)), strict=True))
    mapped = np.fromiter(map(place.__getitem__, folded), np.int32, len(folded))
    if params.ngrams > 1:
        streams, columns, grams = _number_ngrams(tokens, mapped, len(words), params.ngrams, sentences)
        names = _written(grams, words)
    else:
        streams, columns, names = (tokens.numbers,), (mapped,), tuple(words)
    room = sum(map(len, streams))
    indices, values = np.empty(room, np.int32), np.empty(room, np.int64)
    indptr = count_rows(streams, columns, tokens.rows, len(names), (indices, values))
    return Counted(names, indptr, indices[: indptr[-1]], values[: indptr[-1]], np.diff(tokens.rows))


def _number_ngrams(
    tokens: TypedTokens,
    mapped: np.ndarray,
    n_words: int,
    longest: int,
    sentences: tuple[np.ndarray, np.ndarray],
) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...], np.ndarray]:
    """Number the n-grams of all lengths; return their numbers by token, their columns, and their words."""
    from analysis.kernels.ngrams import number_ngrams, sort_keys

    streams, ranks, parents = [tokens.numbers], [mapped], []
    grams = [np.arange(n_words, dtype=np.int32)[:, None]]
    for size in range(2, longest + 1):
        out = np.empty(len(tokens.numbers), np.int32)
        keys = number_ngrams((streams[-1], ranks[-1]), tokens[1:], mapped, sentences, size, out)
        order, before, lasts = sort_keys(keys, len(grams[-1]), n_words)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order), dtype=np.int32)
        streams.append(out)
        ranks.append(rank)
        parents.append(before)
        grams.append(np.hstack([grams[-1][before], lasts[:, None]]))
    places = _merge_orders(n_words, parents)
    merged = np.full((sum(map(len, grams)), longest), -1, np.int32)
    for size, (place, words) in enumerate(zip(places, grams, strict=True), start=1):
        merged[place, :size] = words
    return tuple(streams), tuple(place[rank] for place, rank in zip(places, ranks, strict=True)), merged


def _merge_orders(n_words: int, parents: list[np.ndarray]) -> list[np.ndarray]:
    """Return where n-grams of each length stand in the order of all: an n-gram before those that begin with it.

    `parents` holds for each length from 2 on, of its sorted n-grams, which shorter one each begins with.
    """
    lengths = [n_words, *map(len, parents)]
    followers = [np.zeros(length, np.int64) for length in lengths]  # that begin with it
    for size in range(len(parents) - 1, -1, -1):
        summed = np.concatenate([[0], np.cumsum(followers[size + 1] + 1)])
        edges = np.searchsorted(parents[size], np.arange(lengths[size] + 1))
        followers[size] = np.diff(summed[edges])
    places = [np.cumsum(followers[0] + 1) - followers[0] - 1]
    for size, before in enumerate(parents):
        inside = np.cumsum(followers[size + 1] + 1) - followers[size + 1] - 1
        earlier = np.cumsum(followers[size]) - followers[size]  # that begin with n-grams before the parent
        places.append(places[size][before] + 1 + inside - earlier[before])
    return [place.astype(np.int32) for place in places]


def _written(grams: np.ndarray, words: list[str]) -> tuple[str, ...]:
    """Write n-grams with one blank between their words."""
    from analysis.kernels.ngrams import write_ngrams

    data = "".join(words).encode("utf-8", "surrogatepass")
    bounds = np.zeros(len(words) + 1, np.int64)
    lengths = [len(word) for word in words]
    if len(data) != sum(lengths):
        lengths = [len(word.encode("utf-8", "surrogatepass")) for word in words]
    np.cumsum(lengths, out=bounds[1:])
    return _read_lines(write_ngrams(grams, np.frombuffer(data, np.uint8), bounds))
