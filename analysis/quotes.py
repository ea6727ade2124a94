"""Quotations: which stretches of a text are somebody's quoted words.

The quotation marks of a paragraph are read once, left to right, with a stack. Curly marks carry a direction;
for straight marks, and where curly ones point the wrong way, the characters on both sides decide. A single
mark is a quotation mark only if it cannot be an apostrophe. Public entry: `analysis.text`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

from analysis.typography import find_paragraphs


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation, or one paragraph of a longer one.

    Parameters
    ----------
    start, end : int
        Offsets, marks included. An unclosed quotation ends with its paragraph.
    closed : bool
        Whether a closing mark was found.
    level : int
        0 for an outermost quotation, 1 for one inside it, and so on.
    outer_end : int or None
        End of the outermost quotation around this one; lets `voice_at` answer without walking back.
    """

    start: int
    end: int
    closed: bool
    level: int
    outer_end: int | None = field(default=None, compare=False, repr=False)


# "``", "''" or one sign; a pattern that begins with a class of characters runs through a text fastest
_MARK = re.compile("[`\"＂“”„‟'＇‘’‚‛«»‹›](?:(?<=`)`|(?<=')'|(?<!`))")
_FAMILY = {**dict.fromkeys(["``", "''", *'"＂“”„‟'], "double"), **dict.fromkeys("'＇‘’‚‛", "single")}
_FAMILY |= {**dict.fromkeys("«»", "guillemet"), **dict.fromkeys("‹›", "small guillemet")}
_OPENS = frozenset(["``", *"“„‟‘‚‛«‹"])
_CLOSES = frozenset("”»›")  # ’ is missing: it is more often an apostrophe
_EITHER = frozenset("'’＇")
_FREE_LEFT = frozenset("([{<>–—―-/=|")  # what may stand before an opening mark, besides a blank
_STOPS_RIGHT = frozenset(".,;:!?)]}")  # what may follow a closing mark but not an opening one
_DASHES_RIGHT = frozenset("–—―-/…")  # what may follow either
_ELIDED = r"\d\ds\b|n['’]|(?:tis|twas|twill|em|til|till|cause|cos|bout)\b(?!['’])"
_ELISION = re.compile(_ELIDED, re.IGNORECASE)
_ELISION_OR_YEAR = re.compile(rf"{_ELIDED}|\d\d\b(?!['’])", re.IGNORECASE)
_INTRODUCED = re.compile(r"[:,]\s\Z")
_BY_START = attrgetter("start")


@dataclass(slots=True)
class _Mark:
    """A mark with what its neighbours allow."""

    text: str
    start: int
    end: int
    left: str
    right: str
    possessive: bool  # stands where a plural possessive stands: "countries' interests"

    @property
    def family(self) -> str:
        return _FAMILY[self.text]

    def role(self, after_opening: bool) -> str:
        """Say "open", "close", or "either" from the characters on both sides."""
        free_left = after_opening or not self.left or self.left.isspace() or self.left in _FREE_LEFT
        stop_right = not self.right or self.right.isspace() or self.right in _STOPS_RIGHT
        free_right = stop_right or self.right in _DASHES_RIGHT or self.right in _FAMILY
        if free_left:
            return "either" if stop_right else "open"
        return "close" if free_right else "either"


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    """List the marks of a paragraph that are not apostrophes inside or before a word."""
    found = []
    for match in _MARK.finditer(text, start, end):
        mark, at, after = match[0], match.start(), match.end()
        left = text[at - 1] if at > start else ""
        right = text[after] if after < end else ""
        if _FAMILY[mark] == "single":
            if left.isalnum() and right.isalnum():
                continue
            elision = _ELISION if mark in _OPENS else _ELISION_OR_YEAR
            if not left.isalnum() and elision.match(text, after, end):
                continue
        word_follows = right.isspace() and text[after + 1 : after + 2].isalpha()
        possessive = mark in _EITHER and bool(left) and left in "sSxXzZ" and word_follows
        found.append(_Mark(mark, at, after, left, right, possessive))
    return found


def _later_closers(marks: Sequence[_Mark]) -> list[bool]:
    """Say for each mark whether the next single mark closes a quotation and is no possessive itself."""
    answer = [False] * len(marks)
    following = False
    for index in range(len(marks) - 1, -1, -1):
        answer[index] = following
        mark = marks[index]
        if mark.family == "single":
            following = not mark.possessive and mark.text in _EITHER and mark.role(False) == "close"
    return answer


def _action(mark: _Mark, role: str, is_open: bool, later_closer: bool) -> str:
    """Decide between "open", "close" and "skip"; `is_open`: a quotation of this family can be closed here."""
    if mark.text in _OPENS:
        return "close" if role == "close" and is_open else "open"
    if mark.text in _CLOSES:
        return "open" if role == "open" else ("close" if is_open else "skip")
    if mark.family == "single":
        if mark.possessive and (not is_open or later_closer):
            return "skip"
        if role == "either":
            loose = not mark.right.strip() or mark.left.isalnum()
            return "close" if is_open else ("skip" if loose else "open")
        return role if role == "open" or is_open else "skip"
    if role == "either":  # 6" with nothing open is a measure, not a mark
        return "close" if is_open else ("skip" if mark.left.isdigit() else "open")
    return role if role == "open" or is_open else "skip"


def _read_paragraph(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Pair the marks of one paragraph: (start, end, closed)."""
    marks = _marks(text, start, end)
    if not marks:
        return []
    later = _later_closers(marks)
    waiting: list[_Mark] = []
    count = dict.fromkeys(_FAMILY.values(), 0)
    found: list[tuple[int, int, bool]] = []
    opening_end = -1
    for mark, later_closer in zip(marks, later, strict=True):
        family = mark.family
        # An apostrophe inside an inner double quotation must not close the single one around it.
        is_open = waiting[-1:] and waiting[-1].family == family if family == "single" else count[family] > 0
        action = _action(mark, mark.role(opening_end == mark.start), bool(is_open), later_closer)
        if action == "open":
            waiting.append(mark)
            count[family] += 1
            opening_end = mark.end
        elif action == "close":
            while waiting[-1].family != family:  # an unmatched inner mark was no quotation mark
                count[waiting.pop().family] -= 1
            found.append((waiting.pop().start, mark.end, True))
            count[family] -= 1
    for mark in waiting:
        if mark.family != "single" or _may_stay_open(text, mark, start):
            found.append((mark.start, end, False))
    return found


def _may_stay_open(text: str, mark: _Mark, paragraph_start: int) -> bool:
    """Tell an unclosed single quotation from a stray apostrophe."""
    introduction = text[max(paragraph_start, mark.start - 2) : mark.start]
    return mark.text in _OPENS or not introduction or _INTRODUCED.search(introduction) is not None


def find_quotes(text: str) -> list[Quote]:
    """Locate the quotations, outermost and nested, paragraph by paragraph.

    A quotation that runs over paragraphs opens again in each and closes only in the last, so each paragraph
    gives its own `Quote`.

    Parameters
    ----------
    text : str
        The text, best with its curly marks (`Normalised.typographic`).

    Returns
    -------
    list of Quote
        Sorted by start, an outer quotation before the ones inside it.

    Examples
    --------
    >>> find_quotes("The US’ ally wished to ‘punish’ Iran.")
    [Quote(start=23, end=31, closed=True, level=0)]
    """
    quotes: list[Quote] = []
    for paragraph in find_paragraphs(text):
        around: list[int] = []
        for start, end, closed in sorted(_read_paragraph(text, paragraph.start, paragraph.end)):
            while around and around[-1] <= start:
                around.pop()
            quotes.append(Quote(start, end, closed, len(around), around[0] if around else end))
            around.append(end)
    return quotes


def voice_at(quotes: Sequence[Quote], start: int, end: int) -> Literal["quoted", "own"]:
    """Say whose words a stretch of text is: the outlet's own or quoted.

    A term in a quotation is not the outlet's choice of words, so the two are counted apart.

    Parameters
    ----------
    quotes : sequence of Quote
        As `find_quotes` returns them, for the same text.
    start, end : int
        Character offsets of the stretch.

    Returns
    -------
    {"quoted", "own"}
        "quoted" if the stretch lies in a quotation or more than half of its characters do.

    Examples
    --------
    >>> quotes = [Quote(5, 15, True, 0)]
    >>> voice_at(quotes, 6, 10), voice_at(quotes, 14, 20)
    ('quoted', 'own')
    """
    index = bisect_right(quotes, start, key=_BY_START)
    inside = 0
    covered = start
    if index:
        before = index - 1
        while quotes[before].outer_end is None and quotes[before].level:  # only in quotations made by hand
            before -= 1
        quote = quotes[before]
        covered = max(start, quote.outer_end or quote.end)
        inside = min(end, covered) - start
        if start == end and start < covered:
            return "quoted"
    while index < len(quotes) and quotes[index].start < end:
        quote = quotes[index]
        inside += max(0, min(end, quote.end) - max(covered, quote.start))
        covered = max(covered, quote.end)
        index += 1
    return "quoted" if 2 * inside > end - start else "own"
