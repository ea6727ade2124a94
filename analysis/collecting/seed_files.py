"""Appends rows to the tables that people keep: what stands in a file stays as it is, byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from analysis.columns import Table, check_table
from analysis.errors import Problem, StudyError
from analysis.readers import read_rows
from analysis.tables import safe_cell, write_bytes


def load_rows(path: Path, spec: Table, *, shown: str) -> pd.DataFrame:
    """Read a table that rows are to be appended to.

    Parameters
    ----------
    path : pathlib.Path
        The file; a missing one has no rows.
    spec : Table
        Its declaration.
    shown : str
        How messages name it.

    Returns
    -------
    pandas.DataFrame
        Every cell is text; may be empty.

    Raises
    ------
    StudyError
        The file cannot be read, or has other columns.
    """
    if not path.exists():
        return pd.DataFrame(columns=spec.names, dtype=str)
    table, problems = read_rows(path, shown=shown)
    if set(table.columns) != set(spec.names):
        problems += check_table(table, spec, where=shown)
    if problems:
        raise StudyError(problems)
    return table


def append_rows(path: Path, rows: Iterable[Mapping[str, str]], spec: Table) -> None:
    """Append rows to a table: all of them, or none.

    Parameters
    ----------
    path : pathlib.Path
        The file; its bytes stay, and the new rows take its order of columns and its line ends. A missing one gets
        its header.
    rows : iterable of mapping
        Cells by column; what is missing is empty.
    spec : Table
        The table's declaration.

    Raises
    ------
    StudyError
        The file's header is no longer that of the table.
    """
    data = path.read_bytes() if path.exists() else b""
    header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")), [])
    names = [name.strip() for name in header]
    if data and set(names) != set(spec.names):
        raise StudyError(
            [Problem(path.name, "other columns than before", ", ".join(spec.names), "Restore its header.")]
        )
    end = "\r\n" if b"\r\n" in data[:100_000] else "\n"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    if not names:
        names = spec.names
        writer.writerow(names)
    for row in rows:
        writer.writerow([safe_cell(row.get(name, "")) for name in names])
    gap = end if data and not data.endswith((b"\n", b"\r")) else ""
    # a spreadsheet's file may end in blank lines: rows after them are read, too
    write_bytes(path, data + (gap + text.getvalue()).encode("utf-8"))
