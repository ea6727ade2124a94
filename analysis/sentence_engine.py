"""Splits many texts at once: plain paragraphs by a compiled loop, the others by `analysis.sentences`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis import sentences
from analysis.sentences import find_sentences
from analysis.typography import Span, find_paragraphs, make_spans

_CODE_POINTS = 0x110000
_BATCH = 1_000_000  # characters that are laid out at once


class SplitTexts(NamedTuple):
    """Where the paragraphs and the sentences of each text begin and end.

    Parameters
    ----------
    paragraphs, sentences : list of list of Span
        One list for each text.
    """

    paragraphs: list[list[Span]]
    sentences: list[list[Span]]


def encode_texts(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Lay texts out as bytes.

    Parameters
    ----------
    texts : sequence of str
        Any texts.

    Returns
    -------
    data : numpy.ndarray
        uint8: the texts in UTF-8 (halves of pairs too), each followed by a line break.
    bounds : numpy.ndarray
        int64, of shape (texts + 1,): the byte at which each text begins, and the end.
    """
    bounds = np.zeros(len(texts) + 1, np.int64)
    # room for the widest; memory that is never written is never taken
    room = sum(len(text) if text.isascii() else 4 * len(text) for text in texts)
    data = np.empty(room + len(texts), np.uint8)
    first = 0
    for batch in _batches(texts):
        parts = [text.encode("utf-8", "surrogatepass") for text in batch]
        sizes = np.fromiter(map(len, parts), np.int64, len(parts)) + 1
        np.cumsum(sizes, out=bounds[first + 1 : first + len(parts) + 1])
        bounds[first + 1 : first + len(parts) + 1] += bounds[first]
        parts.append(b"")
        stretch = slice(bounds[first], bounds[first + len(parts) - 1])
        data[stretch] = np.frombuffer(b"\n".join(parts), np.uint8)
        first += len(parts) - 1
    return data[: bounds[-1]], bounds


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


def find_sentence_starts(
    texts: Sequence[str], encoded: tuple[np.ndarray, np.ndarray] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Find where the sentences of texts begin, as `find_sentences` does.

    Parameters
    ----------
    texts : sequence of str
        Any texts.
    encoded : tuple of numpy.ndarray, optional
        The texts as from `encode_texts`, where they are at hand.

    Returns
    -------
    starts : numpy.ndarray
        int64: at which character each sentence begins, ascending in each text.
    rows : numpy.ndarray
        int64, of shape (texts + 1,): the first sentence of each text, and the number of sentences.
    """
    data, bounds = encode_texts(texts) if encoded is None else encoded
    steps = np.searchsorted(bounds, np.arange(0, max(1, bounds[-1]), _BATCH)).tolist()
    keys, left = [np.zeros(0, np.int64)], []
    for first, last in zip(steps, [*steps[1:], len(texts)], strict=True):
        scan = _scan(data, bounds[first : last + 1])
        owner = np.repeat(np.arange(last - first), np.diff(scan.rows))
        counts = scan.paragraphs[:, 3]
        text = np.repeat(owner, np.maximum(counts, 0))
        kept = ~scan.wrapped[text]
        keys.append((text[kept] + first << 32) | scan.starts[kept])
        for place in np.flatnonzero((counts < 0) & ~scan.wrapped[owner]).tolist():
            number = int(owner[place]) + first
            spans = sentences.split_paragraph(texts[number], Span(*scan.paragraphs[place, :2].tolist()))
            left += [number << 32 | span.start for span in spans]
        for number in (np.flatnonzero(scan.wrapped) + first).tolist():
            left += [number << 32 | span.start for span in find_sentences(texts[number])]
    sorted_keys = np.concatenate([*keys, np.array(left, np.int64)])
    if left:
        sorted_keys.sort(kind="stable")
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

    rows: np.ndarray
    wrapped: np.ndarray
    paragraphs: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


def _scan(data: np.ndarray, bounds: np.ndarray) -> _Scan:
    """Run the compiled loop."""
    from analysis.kernels import sentences as kernels

    return _Scan(*kernels.split_texts(data, bounds, _flags(), _lists()))


def _split_batch(texts: list[str], found: SplitTexts) -> None:
    """Split some texts, and add their spans."""
    scan = _scan(*encode_texts(texts))
    rows, wrapped, counts = scan.rows.tolist(), scan.wrapped.tolist(), scan.paragraphs[:, 3].tolist()
    firsts = [*scan.paragraphs[:, 2].tolist(), len(scan.starts)]
    spans = make_spans(scan.paragraphs[:, 0].tolist(), scan.paragraphs[:, 1].tolist())
    inside = make_spans(scan.starts.tolist(), scan.ends.tolist())
    for number, text in enumerate(texts):
        if wrapped[number]:
            found.paragraphs.append(find_paragraphs(text))
            found.sentences.append(find_sentences(text))
            continue
        own = range(rows[number], rows[number + 1])
        found.paragraphs.append(spans[own.start : own.stop])
        if min(counts[own.start : own.stop], default=0) >= 0:
            found.sentences.append(inside[firsts[own.start] : firsts[own.stop]])
            continue
        mixed: list[Span] = []
        for place in own:
            plain = inside[firsts[place] : firsts[place + 1]]
            mixed += sentences.split_paragraph(text, spans[place]) if counts[place] < 0 else plain
        found.sentences.append(mixed)


@cache
def _flags() -> np.ndarray:
    """Note of every code point what the rules ask of it."""
    from analysis.kernels.sentences import BLANK, EVENT, OPEN, PART, STOP, WORD

    everything = "".join(map(chr, range(_CODE_POINTS)))
    flags = np.zeros(_CODE_POINTS, np.uint8)
    for pattern, bit in (
        (sentences.WORD, WORD),
        (sentences.OPEN, OPEN),
        (r"\s", BLANK),
        (sentences.PART, PART),
        (sentences.STOP, STOP),
        (rf"[:\r\n]|{sentences.STOP}", EVENT),
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
