"""What is wrong with articles in partitions: told once for each kind and file, with every article that it concerns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from analysis.errors import Problem

FILE = 0
"""The row of what concerns a whole file, or what of it could not be read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one article, or with a whole file.

    Parameters
    ----------
    file : str
        As messages name it.
    row : int
        The record, counted from 1; `FILE` for the whole file.
    article_id : str
        As it stands there; may be empty.
    column : str
        The column that it stands in; may be empty.
    found, allowed, remedy : str
        As in `analysis.errors.Problem`.
    """

    file: str
    row: int
    article_id: str
    column: str
    found: str
    allowed: str
    remedy: str

    def as_problem(self, more: int = 0) -> Problem:
        """Tell it, for this and more rows.

        Parameters
        ----------
        more : int
            Further rows of the file in which the same was found.

        Returns
        -------
        Problem
            With file, row and column.
        """
        row = f":{self.row}" if self.row != FILE else ""
        column = f" ({self.column})" if self.column else ""
        rows = f", here and in {more:,} more row{'s' * (more != 1)}" if more else ""
        return Problem(f"{self.file}{row}{column}", self.found + rows, self.allowed, self.remedy)


@dataclass
class Findings:
    """All that was found.

    Parameters
    ----------
    listed : list of Finding
        In the order in which it was found.
    """

    listed: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Note one thing.

        Parameters
        ----------
        finding : Finding
            What was found.
        """
        self.listed.append(finding)

    def problems(self) -> Iterator[Problem]:
        """Tell each kind once for each file, with its first row and the number of others.

        Yields
        ------
        Problem
            In reading order.
        """
        kinds: dict[tuple[str, str, str], list[Finding]] = {}
        for one in self.listed:
            kinds.setdefault((one.file, one.column, one.found), []).append(one)
        for ones in kinds.values():
            yield min(ones, key=lambda one: one.row).as_problem(len({one.row for one in ones}) - 1)
