"""The error tree, and the form in which every problem is told: where, found, allowed, remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with an input.

    Parameters
    ----------
    where : str
        File, row and column, for example ``seeds/articles.csv:4 (published)``. Rows are counted as a
        spreadsheet counts them: the header is row 1.
    found : str
        What stands there.
    allowed : str
        What may stand there.
    remedy : str
        What the reader of the message should do.

    Examples
    --------
    >>> print(Problem("articles.csv:4 (published)", "'2019-13'", "YYYY-MM-DD", "Correct the date."))
    articles.csv:4 (published): found '2019-13'; allowed: YYYY-MM-DD. Correct the date.
    """

    where: str
    found: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        text = f"{self.where}: found {self.found}"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        return f"{text}. {self.remedy}"


class FramingError(Exception):
    """Base of every error that this package raises on purpose."""


class StudyError(FramingError):
    """An input is not usable; carries every problem found, sorted.

    Parameters
    ----------
    problems : iterable of Problem
        All that was found, in one go.

    Attributes
    ----------
    problems : tuple of Problem
        Sorted and without repetitions.
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(sorted(set(problems), key=_reading_order))
        count = len(self.problems)
        head = f"{count} problem{'s' if count != 1 else ''} found:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


class ParameterError(FramingError, ValueError):
    """A function was called with a value that it does not take."""


class UnknownName(FramingError, KeyError):
    """A name (step, figure, scorer, term, group) that does not exist; lists those that do."""

    def __init__(self, kind: str, name: object, allowed: Iterable[str]):
        self.allowed = tuple(sorted(allowed))
        shown = ", ".join(self.allowed[:40]) + (", ..." if len(self.allowed) > 40 else "")
        super().__init__(f"unknown {kind} {name!r}; allowed: {shown or '(none)'}")

    def __str__(self) -> str:
        # KeyError would show the repr of the message
        return str(self.args[0])


class ScorerError(FramingError):
    """A sentiment scorer could not be loaded, or broke its contract."""


class ClaimError(FramingError, AssertionError):
    """A sentence of a notebook says something that the numbers do not."""


def shorten(value: object, width: int = 60) -> str:
    """Quote a value for a message, on one line and at most `width` characters.

    Parameters
    ----------
    value : object
        Anything; it is untrusted.
    width : int
        The most characters shown.

    Returns
    -------
    str
        The quoted value, control characters escaped.

    Examples
    --------
    >>> shorten("a\\nb")
    "'a\\\\nb'"
    """
    text = repr(str(value))
    return text if len(text) <= width else f"{text[: width - 4]}...{text[0]}"


def _reading_order(problem: Problem) -> tuple:
    """Sort by file, then by row as a number, then by the rest."""
    place, _, column = problem.where.partition(" (")
    file, _, row = place.rpartition(":")
    if not row.isdigit():
        return (place, 0, column, problem.found, problem.allowed, problem.remedy)
    return (file, int(row), column, problem.found, problem.allowed, problem.remedy)


def counted(number: float, noun: str) -> str:
    """Write a number with its noun.

    Parameters
    ----------
    number : float
        How many.
    noun : str
        In the singular.

    Returns
    -------
    str
        For example ``"1,200 mentions"``.

    Examples
    --------
    >>> counted(1, "article"), counted(1200, "mention")
    ('1 article', '1,200 mentions')
    """
    return f"{int(number):,} {noun}{'' if int(number) == 1 else 's'}"


def shorten_list(names: Sequence[str], most: int = 10) -> str:
    """List names, and how many more there are.

    Parameters
    ----------
    names : sequence of str
        The names.
    most : int
        How many are listed.

    Returns
    -------
    str
        The first ones, with commas.

    Examples
    --------
    >>> shorten_list(["a", "b", "c"], 2), shorten_list(["a", "b"], 2)
    ('a, b and 1 more', 'a, b')
    """
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
