"""Splits many texts at once: plain paragraphs by a compiled loop, the others by `analysis.sentences`."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
    found, batch, size = SplitTexts([], []), [], 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH:
            _split_batch(batch, found)
            batch, size = [], 0
    if batch:
        _split_batch(batch, found)
    return found


def _split_batch(texts: list[str], found: SplitTexts) -> None:
    """Split some texts, and add their spans."""
    from analysis import sentence_kernels as kernels

    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) + len(_LINES) for text in texts], out=bounds[1:])
    codes = np.frombuffer(
        "".join([text + _LINES for text in texts]).encode("utf-32-le", "surrogatepass"), np.uint32
    )
    rows, wrapped, paragraphs, starts, ends = kernels.split_texts(codes, bounds, _flags(), _lists())
    rows, starts, ends, table = rows.tolist(), starts.tolist(), ends.tolist(), paragraphs.tolist()
    for number, text in enumerate(texts):
        if wrapped[number]:
            found.paragraphs.append(find_paragraphs(text))
            found.sentences.append(find_sentences(text))
            continue
        before, spans, inside = int(bounds[number]), [], []
        for begin, end, first, count in table[rows[number] : rows[number + 1]]:
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
    from analysis.sentence_kernels import BLANK, OPEN, PART, STOP, WORD

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
