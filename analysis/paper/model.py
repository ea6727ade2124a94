"""A table as a paper prints it, and how its numbers are written."""

from __future__ import annotations

import math
from dataclasses import dataclass

MISSING = "—"
"""Stands for a number that is undefined or withheld; the table's note says which."""

MOST_ROWS = 120


@dataclass(frozen=True)
class PaperColumn:
    """One column of a printed table.

    Parameters
    ----------
    head : str
        Its heading; a line break divides it.
    text : bool
        Whether it holds words, set from the left; numbers are set from the right.
    symbol : bool
        Whether the heading is a symbol of statistics, set in italics.
    """

    head: str
    text: bool = False
    symbol: bool = False


@dataclass(frozen=True)
class PaperRow:
    """One line of a printed table.

    Parameters
    ----------
    cells : tuple of str
        Plain text, one cell for each column; for a heading within the table, its one text.
    heading : bool
        Whether the line heads those below it.
    """

    cells: tuple[str, ...]
    heading: bool = False


@dataclass(frozen=True)
class PaperTable:
    """One table, in plain text.

    Parameters
    ----------
    table_id : str
        Name of its files.
    title : str
        What it shows.
    columns : tuple of PaperColumn
        From left to right.
    rows : tuple of PaperRow
        From top to bottom.
    note : str
        Numbers of cases, variants of formulas, and what is withheld and why.
    """

    table_id: str
    title: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[PaperRow, ...]
    note: str

    @property
    def name(self) -> str:
        """The id without its number, for labels."""
        return self.table_id.partition("_")[2]

    @property
    def n_rows(self) -> int:
        """Lines that are no headings."""
        return sum(not row.heading for row in self.rows)

    @property
    def alt(self) -> str:
        """What the table is, for those who do not see it."""
        heads = ", ".join(column.head.replace("\n", " ") for column in self.columns)
        return f"Table of {self.n_rows} row{'' if self.n_rows == 1 else 's'}: {self.title}. Columns: {heads}."


def words_of(table: PaperTable) -> str:
    """Return all text of a table.

    Parameters
    ----------
    table : PaperTable
        The table.

    Returns
    -------
    str
        Title, heads, cells and note.
    """
    cells = [cell for row in table.rows for cell in row.cells]
    return "\n".join([table.title, *(column.head for column in table.columns), *cells, table.note])


def shorten_rows(rows: list[PaperRow], most: int = MOST_ROWS) -> tuple[tuple[PaperRow, ...], str]:
    """Keep the first rows of a table that is too long to be printed.

    Parameters
    ----------
    rows : list of PaperRow
        With headings.
    most : int
        Rows kept, without the headings.

    Returns
    -------
    rows : tuple of PaperRow
        At most so many, and no heading without a row.
    note : str
        How many there are, where any are left out; else empty.
    """
    kept: list[PaperRow] = []
    total = sum(not row.heading for row in rows)
    count = 0
    for row in rows:
        if not row.heading:
            count += 1
            if count > most:
                break
        kept.append(row)
    while kept and kept[-1].heading:
        kept.pop()
    note = f"The first {most} of {total:,} rows are shown; results/tables holds all." if total > most else ""
    return tuple(kept), note


def without_empty(
    columns: list[PaperColumn], rows: list[PaperRow], may_go: tuple[str, ...]
) -> tuple[tuple[PaperColumn, ...], list[PaperRow]]:
    """Leave out columns in which no row has a number.

    Parameters
    ----------
    columns : list of PaperColumn
        All columns.
    rows : list of PaperRow
        Their rows.
    may_go : tuple of str
        Heads of the columns that may be left out.

    Returns
    -------
    columns : tuple of PaperColumn
        Those that are left.
    rows : list of PaperRow
        With their cells.
    """
    bodies = [row.cells for row in rows if not row.heading]
    kept = [
        place
        for place, column in enumerate(columns)
        if column.head not in may_go or any(cells[place] != MISSING for cells in bodies)
    ]
    left = [row if row.heading else PaperRow(tuple(row.cells[place] for place in kept)) for row in rows]
    return tuple(columns[place] for place in kept), left


def fixed(value: float, decimals: int = 2) -> str:
    """Write a number with fixed decimals.

    Parameters
    ----------
    value : float
        Any number.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        With a minus sign and commas between thousands; `MISSING` for what is no number. Nothing is
        written as minus zero.

    Examples
    --------
    >>> fixed(-1234.5, 1), fixed(-0.001), fixed(float("nan"))
    ('−1,234.5', '0.00', '—')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{value:,.{decimals}f}"
    if text.startswith("-"):
        text = f"−{text[1:]}" if any(sign in "123456789" for sign in text) else text[1:]
    return text


def bounded(value: float, decimals: int = 2) -> str:
    """Write a number that cannot exceed 1, without a zero before the point, as psychologists and others print it.

    Parameters
    ----------
    value : float
        From -1 to 1.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        `MISSING` for what is no number.

    Examples
    --------
    >>> bounded(0.25), bounded(-0.126), bounded(1.0)
    ('.25', '−.13', '1.00')
    """
    text = fixed(value, decimals)
    return text.replace("0.", ".", 1) if text.lstrip("−").startswith("0.") else text


def probability(value: float) -> str:
    """Write a p or q.

    Parameters
    ----------
    value : float
        From 0 to 1.

    Returns
    -------
    str
        Three decimals, or ``< .001``; `MISSING` where it is withheld.

    Examples
    --------
    >>> probability(0.0321), probability(0.00002), probability(0.9999)
    ('.032', '< .001', '1.000')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    return "< .001" if value < 0.001 else bounded(value, 3)


def percent(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage, without its sign.

    Parameters
    ----------
    share : float
        From 0 to 1.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        `MISSING` for what is no number.

    Examples
    --------
    >>> percent(0.125)
    '12.5'
    """
    return fixed(100 * share, decimals)


def interval(low: float, high: float, write=fixed) -> str:
    """Write an interval.

    Parameters
    ----------
    low, high : float
        Its ends.
    write : callable
        How each is written.

    Returns
    -------
    str
        In brackets; `MISSING` where an end is no number.

    Examples
    --------
    >>> interval(-0.5, 1)
    '[−0.50, 1.00]'
    """
    ends = write(low), write(high)
    return MISSING if MISSING in ends else f"[{ends[0]}, {ends[1]}]"


def words(value: object) -> str:
    """Write untrusted text as one line.

    Parameters
    ----------
    value : object
        A title, a name, a term; an empty one is missing.

    Returns
    -------
    str
        Without control characters.
    """
    from analysis.tables import clean_text

    text = "" if value is None or value != value else str(value)
    return " ".join(clean_text(text).split()) or MISSING
