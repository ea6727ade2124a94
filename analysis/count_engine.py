"""Counts the terms of many texts with compiled loops; what it counts is what `analysis.terms` defines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.config import TermParameters
from analysis.terms import reduce_words
from analysis.text import find_tokens, fold_token

_SIMPLE = re.compile(r"[0-9A-Za-z\-]+\Z")
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


def find_typed_tokens(texts: Sequence[str]) -> TypedTokens:
    """Find the tokens of texts, as `analysis.text.find_tokens` does.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    TypedTokens
        Tokens, types, places.
    """
    from analysis.kernels.tokens import scan_tokens

    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    bounds = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) + 1 for part in parts], out=bounds[1:])
    parts.append(b"")
    data = b"\n".join(parts)
    del parts
    numbers, starts, rows, first, last = scan_tokens(
        np.frombuffer(data, np.uint8), bounds, character_classes()
    )
    types = tuple(
        [
            data[begin:end].decode("utf-8", "surrogatepass")
            for begin, end in zip(first.tolist(), last.tolist(), strict=True)
        ]
    )
    return TypedTokens(types, numbers, starts, rows)


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
    from analysis.kernels import ngrams as kernels

    folded = fold_types(tokens.types, params, language=language)
    words = sorted(set(folded))
    if params.ngrams > 1 and any(min(word, default=" ") <= " " for word in words):
        return None
    place = {word: number for number, word in enumerate(words)}
    mapped = np.array([place[word] for word in folded], np.int32)
    terms = mapped[tokens.numbers] if len(mapped) else np.zeros(0, np.int32)
    sizes = np.diff(tokens.rows)
    entries = kernels.count_words(terms, tokens.rows, len(words))
    names = tuple(words)
    if params.ngrams > 1:
        text_of = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        grams = np.arange(len(words), dtype=np.int32)[:, None], *entries
        for size in range(2, params.ngrams + 1):
            places = kernels.begin_ngrams(tokens.starts, tokens.rows, *sentences, size)
            places = kernels.sort_places(places, terms, len(words), size)
            grams = _merge(grams, kernels.count_sorted(places, terms, text_of, size))
        names, entries = _written(grams[0], words), grams[1:]
    indptr, indices, values = kernels.transpose(*entries, len(sizes))
    return Counted(names, indptr, indices, values, sizes)


def _merge(one: tuple[np.ndarray, ...], other: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Merge counted n-grams of two lengths into one sorted list."""
    from analysis.kernels.ngrams import merge_entries, merge_orders

    order = merge_orders(one[0], other[0])
    width = max(one[0].shape[1], other[0].shape[1])
    both = np.full((len(order), width), -1, np.int32)
    both[: len(one[0]), : one[0].shape[1]] = one[0]
    both[len(one[0]) :, : other[0].shape[1]] = other[0]
    return both[order], *merge_entries(order, one[1:], other[1:])


def _written(grams: np.ndarray, words: list[str]) -> tuple[str, ...]:
    """Write n-grams with one blank between their words."""
    from analysis.kernels.ngrams import write_ngrams

    data = "".join(words).encode("utf-8", "surrogatepass")
    bounds = np.zeros(len(words) + 1, np.int64)
    lengths = [len(word) for word in words]
    if len(data) != sum(lengths):
        lengths = [len(word.encode("utf-8", "surrogatepass")) for word in words]
    np.cumsum(lengths, out=bounds[1:])
    text = write_ngrams(grams, np.frombuffer(data, np.uint8), bounds).tobytes()
    return tuple(text.decode("utf-8", "surrogatepass").split("\n")[:-1])
