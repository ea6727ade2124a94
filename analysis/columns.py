"""What a table may hold: its columns with their types, and the check of a table against them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import Problem, shorten

KINDS = {"text": str, "whole": "int64", "number": "float64", "flag": bool}
"""The type of each kind of column, as pandas names it."""


@dataclass(frozen=True)
class Column:
    """One column: its type, what it means and what it may hold.

    Parameters
    ----------
    name : str
        The column's name.
    kind : {"text", "whole", "number", "flag"}
        Its type.
    meaning : str
        One line for the data dictionary, with the unit.
    required : bool
        Whether an empty cell is a problem.
    allowed : str
        What it may hold, in words, for messages.
    check : callable, optional
        Whether one non-empty value is allowed.
    """

    name: str
    kind: str
    meaning: str
    required: bool = True
    allowed: str = ""
    check: Callable[[object], bool] | None = None


@dataclass(frozen=True)
class Table:
    """One table: what it is about, and its columns in order."""

    name: str
    about: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The columns' names, in order."""
        return [column.name for column in self.columns]


def parse_published(value: str) -> tuple[date, date, str]:
    """Read a date of publication with its precision.

    Parameters
    ----------
    value : str
        ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``.

    Returns
    -------
    first, last : datetime.date
        The first and the last day that it may mean.
    precision : str
        ``"day"``, ``"month"`` or ``"year"``.

    Raises
    ------
    ValueError
        The value is no such date.

    Examples
    --------
    >>> parse_published("2019-12")[1].isoformat()
    '2019-12-31'
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value, re.ASCII)
    if not match:
        raise ValueError(value)
    year, month, day = (int(part) if part else None for part in match.groups())
    # month 00 and day 00 are no dates: `date` refuses them
    first = date(year, 1 if month is None else month, 1 if day is None else day)
    if day is not None:
        return first, first, "day"
    following = date(year + (month is None or month == 12), 1 if month in (None, 12) else month + 1, 1)
    return first, following - timedelta(days=1), "year" if month is None else "month"


def check_table(table: pd.DataFrame, spec: Table, *, where: str, first_row: int = 2) -> list[Problem]:
    """Check a table against its declaration, all problems in one go.

    Parameters
    ----------
    table : pandas.DataFrame
        For seeds every cell is text and an empty cell is ``""``.
    spec : Table
        The declaration.
    where : str
        How messages name the file.
    first_row : int
        The row that messages give the first record.

    Returns
    -------
    list of Problem
        Empty if the table is as declared.
    """
    missing = [name for name in spec.names if name not in table.columns]
    unknown = [str(name) for name in table.columns if name not in spec.names]
    problems = [
        Problem(f"{where}:1 ({name})", "no such column", ", ".join(spec.names), "Add the column.")
        for name in missing
    ]
    problems += [
        Problem(f"{where}:1 ({name})", "an unknown column", ", ".join(spec.names), "Remove or rename it.")
        for name in map(shorten, unknown)
    ]
    if problems:
        return problems
    from pandera.errors import SchemaErrors

    try:
        pandera_schema(spec).validate(table.reset_index(drop=True), lazy=True)
    except SchemaErrors as error:
        by_name = {column.name: column for column in spec.columns}
        for case in error.failure_cases.itertuples():
            column = by_name.get(str(case.column))
            if column is None:
                raise
            row = f":{int(case.index) + first_row}" if pd.notna(case.index) else ""
            problems.append(_cell_problem(f"{where}{row} ({column.name})", column, case.failure_case))
    return problems


def _cell_problem(where: str, column: Column, value: object) -> Problem:
    """Say what is wrong with one cell."""
    kinds = {"text": "text", "whole": "a whole number", "number": "a number", "flag": "true or false"}
    allowed = column.allowed or kinds[column.kind]
    if value is None or str(value) in ("", "nan", "None", "<NA>"):
        return Problem(where, "an empty cell", allowed, f"Fill it in: {column.meaning}.")
    return Problem(where, shorten(value), allowed, "Correct the value.")


def _each(test: Callable[[Any], bool]) -> Callable[[pd.Series], pd.Series]:
    """Test the cells of a column, each value once: what the same value is tested to twice is the same."""

    def tested(column: pd.Series) -> pd.Series:
        code, values = pd.factorize(column)
        # what is missing has the code -1; whether it may be is not for the test to say
        found = np.array([*map(test, values), True], dtype=bool)
        return pd.Series(found[code], index=column.index)

    return tested


def pandera_schema(spec: Table):
    """Translate a declaration into a pandera schema.

    Parameters
    ----------
    spec : Table
        The declaration.

    Returns
    -------
    pandera.DataFrameSchema
        Strict and ordered.
    """
    import pandera.pandas as pa

    def column_schema(column: Column):
        checks = []
        if column.kind == "text" and column.required:
            checks.append(pa.Check(_each(lambda cell: str(cell).strip() != ""), error="filled"))
        if column.check is not None:
            test = column.check
            checks.append(
                pa.Check(_each(lambda cell: cell == "" or bool(test(cell))), ignore_na=True, error=column.allowed)
            )
        return pa.Column(
            KINDS[column.kind], checks, nullable=column.kind == "number", description=column.meaning
        )

    return pa.DataFrameSchema(
        {column.name: column_schema(column) for column in spec.columns}, strict=True, ordered=False
    )
