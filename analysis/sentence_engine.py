"""Splits many texts at once: plain paragraphs by a compiled loop, the others by `analysis.sentences`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis import sentences
from analysis.sentences import find_sentences
from analysis.typography import Span, find_paragraphs

_CODE_POINTS = 0x110000
_BATCH = 4_000_000  # characters that are laid out at once
_LINES = "\n\n\n"


class SplitTexts(NamedTuple):
    """Where the paragraphs and the sentences of each text begin and end.

    Parameters
    ----------
    paragraphs, sentences : list of list of Span
        One list for each text.
    """

    paragraphs: list[list[Span]]
    sentences: list[list[Span]]


def split_texts(texts: Sequence[str]) -> SplitTexts:
    """Find the paragraphs and sentences of texts, as `find_paragraphs` and `find_sentences` do.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    SplitTexts
        The same spans.
    """
    found = SplitTexts([], [])
    for batch in _batches(texts):
        _split_batch(batch, found)
    return found


def find_sentence_starts(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Find where the sentences of texts begin, as `find_sentences` does.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    starts : numpy.ndarray
        int64: at which character each sentence begins, ascending in each text.
    rows : numpy.ndarray
        int64, of shape (texts + 1,): the first sentence of each text, and the number of sentences.
    """
    keys, first = [np.zeros(0, np.int64)], 0
    for batch in _batches(texts):
        scan = _scan(batch)
        owner = np.repeat(np.arange(len(batch)), np.diff(scan.rows))
        counts = scan.paragraphs[:, 3]
        text = np.repeat(owner, np.maximum(counts, 0))
        kept = ~scan.wrapped[text]
        keys.append((text[kept] + first << 32) | (scan.starts[kept] - scan.bounds[text[kept]]))
        left = []
        for place in np.flatnonzero((counts < 0) & ~scan.wrapped[owner]):
            number = int(owner[place])
            begin, end = (scan.paragraphs[place, :2] - scan.bounds[number]).tolist()
            spans = sentences.split_paragraph(batch[number], Span(begin, end))
            left += [(number + first << 32) | span.start for span in spans]
        for number in np.flatnonzero(scan.wrapped).tolist():
            left += [(number + first << 32) | span.start for span in find_sentences(batch[number])]
        keys.append(np.array(left, np.int64))
        first += len(batch)
    sorted_keys = np.sort(np.concatenate(keys))
    rows = np.searchsorted(sorted_keys, np.arange(len(texts) + 1, dtype=np.int64) << 32)
    return sorted_keys & (2**32 - 1), rows


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Take as many texts at a time as are laid out at once."""
    batch, size = [], 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class _Scan(NamedTuple):
    """What `analysis.kernels.sentences.split_texts` finds in some texts."""

    bounds: np.ndarray
    rows: np.ndarray
    wrapped: np.ndarray
    paragraphs: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


def _scan(texts: list[str]) -> _Scan:
    """Lay texts out as code points, and run the compiled loop."""
    from analysis.kernels import sentences as kernels

    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + len(_LINES) for text in texts], out=bounds[1:])
    data = "".join([text + _LINES for text in texts]).encode("utf-32-le", "surrogatepass")
    return _Scan(bounds, *kernels.split_texts(np.frombuffer(data, np.uint32), bounds, _flags(), _lists()))


def _split_batch(texts: list[str], found: SplitTexts) -> None:
    """Split some texts, and add their spans."""
    bounds, rows, wrapped, paragraphs, starts, ends = (part.tolist() for part in _scan(texts))
    for number, text in enumerate(texts):
        if wrapped[number]:
            found.paragraphs.append(find_paragraphs(text))
            found.sentences.append(find_sentences(text))
            continue
        before, spans, inside = bounds[number], [], []
        for begin, end, first, count in paragraphs[rows[number] : rows[number + 1]]:
            span = Span(begin - before, end - before)
            spans.append(span)
            if count < 0:
                inside += sentences.split_paragraph(text, span)
            else:
                inside += [
                    Span(starts[one] - before, ends[one] - before) for one in range(first, first + count)
                ]
        found.paragraphs.append(spans)
        found.sentences.append(inside)


@cache
def _flags() -> np.ndarray:
    """Note of every code point what the rules ask of it."""
    from analysis.kernels.sentences import BLANK, OPEN, PART, STOP, WORD

    everything = "".join(map(chr, range(_CODE_POINTS)))
    flags = np.zeros(_CODE_POINTS, np.uint8)
    for pattern, bit in (
        (sentences.WORD, WORD),
        (sentences.OPEN, OPEN),
        (r"\s", BLANK),
        (sentences.PART, PART),
        (sentences.STOP, STOP),
    ):
        for match in re.finditer(f"(?:{pattern})+", everything):
            flags[match.start() : match.end()] |= bit
    return flags


@cache
def _lists() -> np.ndarray:
    """Lay out the lists of words for the compiled loop."""
    bits: dict[tuple[int, int], int] = {}
    for number, words in enumerate(sentences.LISTS):
        for word in words:
            # longer words, and such beyond ASCII, could not be told; a test looks that there are none
            high, low = (int.from_bytes(part.encode("ascii"), "big") for part in (word[:8], word[8:]))
            bits[high, low] = bits.get((high, low), 0) | 1 << number
    return np.array([(*word, bit) for word, bit in sorted(bits.items())], np.uint64)
