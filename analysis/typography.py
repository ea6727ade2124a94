"""Normalised text, with the way back to the text as received, and its paragraphs.

Public entry: `analysis.text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text, from `start` up to but not including `end`."""

    start: int
    end: int


def make_spans(starts: Sequence[int], ends: Sequence[int]) -> list[Span]:
    """Make many spans, in a fifth of the time that one by one takes.

    Parameters
    ----------
    starts, ends : sequence of int
        Of equal length.

    Returns
    -------
    list of Span
        In the same order.

    Examples
    --------
    >>> make_spans([0, 5], [4, 9])
    [Span(start=0, end=4), Span(start=5, end=9)]
    """
    spans = list(map(Span.__new__, repeat(Span, len(starts))))
    # the slots are filled without a call of Python for each; a frozen class lets nobody do so later
    deque(map(Span.start.__set__, spans, starts), maxlen=0)  # type: ignore[attr-defined]
    deque(map(Span.end.__set__, spans, ends), maxlen=0)  # type: ignore[attr-defined]
    return spans


@dataclass(frozen=True, eq=False)
class Normalised:
    """A text in the one spelling of marks and blanks that the study counts in.

    Parameters
    ----------
    text : str
        The normalised text.
    typographic : str
        The same characters, but with the quotation marks and dashes of the input; `find_quotes` reads this.
    offsets : numpy.ndarray of int32, shape (len(text),)
        Index in the input of each character.
    """

    text: str
    typographic: str
    offsets: np.ndarray


# \r of \r\n, control characters (not \t \n \v \f and NEL, which part words), and characters without width.
# A pattern that begins with a class of characters runs through a text several times as fast as one of two branches.
_REMOVED = re.compile(
    "[\r\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb](?:(?<!\r)|(?=\n))"
)
_BLANKS = dict.fromkeys(map(ord, "\xa0\u1680\u202f\u205f\u3000"), " ")
_BLANKS |= dict.fromkeys(range(0x2000, 0x200B), " ")
_BLANKS |= dict.fromkeys(map(ord, "\r\v\f\x85\u2028\u2029"), "\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = dict.fromkeys(map(ord, "‘’‚‛‹›ʼ´`＇"), "'") | dict.fromkeys(map(ord, "“”„‟«»＂"), '"')
_MARKS |= dict.fromkeys([0x2010, 0x2011], "-") | dict.fromkeys([0x2012, 0x2014, 0x2015], "–")
_BLANK, _TYPOGRAPHIC = (re.compile(f"[{''.join(map(chr, table))}]") for table in (_BLANKS, _MARKS))
_LONGEST_CLUSTER = 32  # longer piles of combining marks are no writing, and sorting them is quadratic


def normalise(text: str) -> Normalised:
    """Bring quotation marks, dashes, blanks and composed letters to one form, keeping track of positions.

    Counted as they come, "Russia’s" and "Russia's" would be two terms. Nothing is respelt, no visible
    character is dropped, and applying it twice changes nothing.

    Parameters
    ----------
    text : str
        Any text, also with lone surrogates (they become U+FFFD).

    Returns
    -------
    Normalised
        The text, its typographic twin of the same length, and the offsets into the input.

    Examples
    --------
    >>> done = normalise("Russia’s super-powers—the\\u00a0US")
    >>> done.text
    "Russia's super-powers–the US"
    >>> done.typographic
    'Russia’s super-powers—the US'
    """
    offsets = np.arange(len(text), dtype=np.int32)
    kept, removed = _REMOVED.subn("", text)
    if removed:
        mask = np.ones(len(text), dtype=bool)
        mask[[match.start() for match in _REMOVED.finditer(text)]] = False
        offsets = offsets[mask]
    kept = _SURROGATE.sub("\ufffd", kept)
    if not unicodedata.is_normalized("NFC", kept):
        kept, positions = _compose(kept)
        offsets = offsets[positions]
    typographic = _BLANK.sub(lambda match: _BLANKS[ord(match[0])], kept)
    plain = _TYPOGRAPHIC.sub(lambda match: _MARKS[ord(match[0])], typographic)
    return Normalised(plain, typographic, offsets)


def _compose(text: str) -> tuple[str, np.ndarray]:
    """Compose each letter with its marks; give the position of each character in `text`."""
    parts, positions, start = [], [], 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _continues_cluster(text[end]):
            continue
        cluster = text[start:end]
        if len(cluster) <= _LONGEST_CLUSTER:
            cluster = unicodedata.normalize("NFC", cluster)
        parts.append(cluster)
        positions.extend(min(start + index, end - 1) for index in range(len(cluster)))
        start = end
    return "".join(parts), np.array(positions, dtype=np.int32)


def _continues_cluster(character: str) -> bool:
    if character.isascii():
        return False
    # Vowels and final consonants of Korean compose with what is before them, but are letters.
    korean = "\u1161" <= character <= "\u1175" or "\u11a8" <= character <= "\u11c2"
    return korean or unicodedata.category(character)[0] == "M"


_LINE_BREAK = re.compile(r"[\n\r](?:(?<=\r)\n)?")
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"’”»)\]]{0,3}\Z")
_WRAP_WIDEST, _WRAP_NARROWEST, _WRAP_LINES = 100, 50, 3


def find_paragraphs(text: str) -> list[Span]:
    """Locate the paragraphs: blocks between blank lines, or single lines in a block that is not hard-wrapped.

    Parameters
    ----------
    text : str
        The text, raw or normalised.

    Returns
    -------
    list of Span
        In order, without blanks at either end, never empty.

    Examples
    --------
    >>> find_paragraphs("He left.\\n\\n  She stayed. \\nWhy?")
    [Span(start=0, end=8), Span(start=12, end=23), Span(start=25, end=29)]
    """
    paragraphs: list[Span] = []
    block: list[Span] = []
    start = 0
    breaks = [match.span() for match in _LINE_BREAK.finditer(text)]
    for end, following in [*breaks, (len(text), len(text))]:
        line = _strip(text, start, end)
        start = following
        if line is not None:
            block.append(line)
        if block and (line is None or end == len(text)):
            paragraphs.extend([Span(block[0].start, block[-1].end)] if _is_wrapped(text, block) else block)
            block = []
    return paragraphs


def _strip(text: str, start: int, end: int) -> Span | None:
    """Narrow a stretch to its characters that are not blank."""
    piece = text[start:end]
    length = len(piece.strip())
    if not length:
        return None
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + length)


def _is_wrapped(text: str, lines: Sequence[Span]) -> bool:
    """Tell a block broken by line width from lines that are paragraphs of their own."""
    if len(lines) < _WRAP_LINES or any(line.end - line.start > _WRAP_WIDEST for line in lines):
        return False
    if any(line.end - line.start < _WRAP_NARROWEST for line in lines[:-1]):
        return False
    endings = (text[max(line.start, line.end - 4) : line.end] for line in lines[:-1])
    return any(not _SENTENCE_END.search(ending) for ending in endings)
