"""A text in the form that aliases are looked up in, with the way back to its own offsets."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

# one of these in capitals is also an English word
AMBIGUOUS_IN_CAPITALS = frozenset({"US", "WHO"})

# folds marks and blanks, one character to one
SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc\u2032\u00b4\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000", " "),
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
        "\u0130": "I",  # the only character whose lower case is longer than itself
    }
)
_FOLDED = re.compile(f"[{''.join(map(re.escape, map(chr, SAME_LENGTH)))}]")
_BLANKS = re.compile(r"\s{2,}")
_CAPITALS = re.compile("[A-Z]{3}")
_IN_DOUBT = re.compile(rf"\b(?:{'|'.join(sorted(AMBIGUOUS_IN_CAPITALS))})\b")
_SURROGATES = re.compile("[\ud800-\udfff]")


class FoldedText:
    """A text in the form that aliases are looked up in, with the way back to its own offsets.

    Parameters
    ----------
    text : str
        Any text.
    """

    def __init__(self, text: str):
        self.text = text
        # a pattern finds the few marks of a long text faster than each character is looked up
        cased = _FOLDED.sub(lambda mark: SAME_LENGTH[ord(mark[0])], text)
        if not cased.isascii():
            cased = _SURROGATES.sub("\ufffd", cased)
        self._offsets = None
        runs = [run for run in _BLANKS.finditer(text) if len(run[0]) <= 3 and run[0].count("\n") < 2]
        if runs:
            cased = self._squeeze(cased, runs)
        self.cased = cased
        self.lower = cased.lower()
        self._shouting = {}

    def _squeeze(self, cased: str, runs: list[re.Match]) -> str:
        """Replace short runs of white space by one blank; longer ones are no part of a name."""
        parts, offsets, last = [], [], 0
        for run in runs:
            parts += [cased[last : run.start()], " "]
            offsets += range(last, run.start() + 1)
            last = run.end()
        self._offsets = [*offsets, *range(last, len(cased))]
        return "".join([*parts, cased[last:]])

    @property
    def squeezed(self) -> bool:
        """Whether offsets differ from those of the text as given."""
        return self._offsets is not None

    def original(self, position: int) -> int:
        """Translate an offset in the folded text into one in the text itself.

        Parameters
        ----------
        position : int
            An offset into `cased`.

        Returns
        -------
        int
            The offset into the text as given.
        """
        return position if self._offsets is None else self._offsets[position]

    def starts_word(self, start: int) -> bool:
        """Say whether no word runs across the start of a match.

        Parameters
        ----------
        start : int
            First character of the match.

        Returns
        -------
        bool
            False where the match begins inside a word.
        """
        return start == 0 or not (_in_word(self.cased[start]) and _in_word(self.cased[start - 1]))

    def ends_word(self, end: int) -> bool:
        """Say whether no word runs across the end of a match; a final full stop counts as part of one.

        Parameters
        ----------
        end : int
            Character after the last of the match.

        Returns
        -------
        bool
            False where the match ends inside a word.
        """
        last = self.cased[end - 1]
        return end == len(self.cased) or not ((_in_word(last) or last == ".") and _in_word(self.cased[end]))

    def is_shouting(self, position: int) -> bool:
        """Say whether the line at an offset of the text itself is mostly capitals.

        Parameters
        ----------
        position : int
            An offset into the text as given.

        Returns
        -------
        bool
            True for a headline in capitals.
        """
        if not self._shouting:
            start = 0
            self._line_starts = []
            for line in self.text.split("\n"):
                self._line_starts.append(start)
                self._shouting[start] = None
                start += len(line) + 1
        index = bisect_right(self._line_starts, position) - 1
        start = self._line_starts[index]
        if self._shouting[start] is None:
            after = self._line_starts[index + 1] if index + 1 < len(self._line_starts) else len(self.text)
            self._shouting[start] = _is_mostly_capitals(self.text[start:after])
        return self._shouting[start]


def _is_mostly_capitals(line: str) -> bool:
    """Whether over 80 % of a line's letters are capitals, and a word in doubt is not all there is."""
    if not _CAPITALS.search(line):
        return False  # nearly every line, told before anything is counted
    line = _IN_DOUBT.sub(" ", line)
    if not _CAPITALS.search(line):
        return False
    letters = list(filter(str.isalpha, line))
    return sum(map(str.isupper, letters)) > 0.8 * len(letters)


def _in_word(char: str) -> bool:
    """Whether a character can stand inside a word: letters, digits, marks, "_" and the soft hyphen."""
    return char.isalnum() or char in "_\u00ad" or (char > "\u02ff" and unicodedata.category(char)[0] == "M")


def same_case(there: str, cased: str, *, shouted: bool) -> bool:
    """Say whether a match has the case of an exact alias, or is all of it in capitals.

    Parameters
    ----------
    there : str
        The match, as it stands in the folded text.
    cased : str
        The alias as written.
    shouted : bool
        Whether it stands in a line of capitals; asked of `AMBIGUOUS_IN_CAPITALS` only.

    Returns
    -------
    bool
        False, too, for a word in a line of capitals that could be another one there.
    """
    cased = cased.removesuffix("-")
    if there == cased:
        return not (shouted and cased in AMBIGUOUS_IN_CAPITALS)
    return len(cased) > 3 and there == cased.upper()


def keeps_capitals(there: str, cased: str) -> bool:
    """Say whether every capital of an alias is one in the text; its small letters may be either.

    Parameters
    ----------
    there : str
        The match, as it stands in the folded text.
    cased : str
        The alias as written.

    Returns
    -------
    bool
        False where "May" stands as "may".
    """
    return there == cased or all(char == wanted for char, wanted in zip(there, cased, strict=False) if wanted.isupper())
