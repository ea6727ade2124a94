"""Reads the rows of a table of articles, whatever its form: CSV, JSON lines, Excel, Parquet, also compressed."""

from __future__ import annotations

import gzip
import json
import math
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from analysis.errors import Problem, StudyError, shorten
from analysis.readers import decode_csv, parse_rows, utf16_problem, wrong_byte

FORMS = (".csv", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".csv.gz", ".jsonl.gz", ".ndjson.gz")
"""What a table's name may end in."""
MAX_UNPACKED = 2 * 10**9
MAX_RATIO = 200
_EXACT = 2.0**53

Rows = list[tuple[int, Mapping[str, Any]]]


def table_form(path: Path) -> str:
    """Tell the form of a table by its name.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        One of `FORMS`; empty for any other file.

    Examples
    --------
    >>> table_form(Path("Articles.CSV.gz"))
    '.csv.gz'
    """
    name = path.name.lower()
    return max((form for form in FORMS if name.endswith(form)), key=len, default="")


def read_rows(path: Path) -> Rows:
    """Read every row of a table, or none.

    Parameters
    ----------
    path : pathlib.Path
        A file that ends as one of `FORMS`.

    Returns
    -------
    list of (int, mapping)
        The row's number for messages, and its cells by column: a spreadsheet's number for CSV and Excel, the line
        for JSON lines, the record for Parquet.

    Raises
    ------
    StudyError
        The file, or a row of it, cannot be read; every problem by row.
    """
    rows, problems = read_usable_rows(path)
    if problems:
        raise StudyError(problems)
    return rows


def read_usable_rows(path: Path, decode: Callable[[bytes], str] | None = None) -> tuple[Rows, list[Problem]]:
    """Read the rows of a table that can be read, so that one broken row does not hide the others.

    Parameters
    ----------
    path : pathlib.Path
        As in `read_rows`.
    decode : callable, optional
        Turns the bytes of a table that is text into text; without it they are UTF-8, or a problem.

    Returns
    -------
    rows : list of (int, mapping)
        As of `read_rows`.
    problems : list of Problem
        One for each broken row.

    Raises
    ------
    StudyError
        The file cannot be read at all.
    """
    form = table_form(path)
    if not form:
        found = f"a file that ends in {path.suffix.lower()!r}" if path.suffix else "a name without an ending"
        allowed = ", ".join(FORMS)
        raise StudyError([Problem(path.name, found, allowed, "Convert it, or correct the name.")])
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise StudyError([Problem(path.as_posix(), found, "a table of articles", "Correct the path.")])
    if form == ".parquet":
        return _read_parquet(path), []
    if form == ".xlsx":
        return _read_workbook(path), []
    data = _read_bytes(path)
    if not form.startswith(".csv"):
        return _read_json_lines(decode(data).encode("utf-8", "surrogatepass") if decode else data, path.name)
    content = decode(data) if decode else decode_csv(data, path.name)
    table, problems = parse_rows(content, path.name)
    return list(zip(table.index.tolist(), table.to_dict("records"), strict=True)), problems


def cell_text(value: Any) -> str:
    """Read a cell as text: a missing one is empty, and a whole number is written as one.

    Parameters
    ----------
    value : object
        A cell of any form of table.

    Returns
    -------
    str
        Dates as ISO 8601.

    Raises
    ------
    ValueError
        The cell is no text; the message says what it is.

    Examples
    --------
    >>> cell_text(2019.0), cell_text(None), cell_text(date(2019, 5, 21))
    ('2019', '', '2019-05-21')
    """
    if value is None or (isinstance(value, (float, Decimal)) and not math.isfinite(value)):
        return ""
    if isinstance(value, str):
        if re.search("[\ud800-\udfff]", value):
            raise ValueError(f"{shorten(value)}, which holds half a sign (a lone surrogate)")
        return value
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError("bytes that are no UTF-8") from None
    if isinstance(value, date):  # as is a datetime
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        # a year or an id beside an empty cell is stored as 2019.0
        whole = value == int(value) and (not isinstance(value, float) or abs(value) < _EXACT)
        return str(int(value)) if whole else str(value)
    raise ValueError(f"{shorten(value)}, which is no text")


def check_archive(path: Path) -> Problem | None:
    """Find out whether a .docx or .xlsx file, which is a zip archive, would fill the memory.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    Problem or None
        None for an archive that can be unpacked; also for what is none, which its reader will say.
    """
    try:
        with ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (BadZipFile, OSError, ValueError, RuntimeError):
        return None
    packed = max(path.stat().st_size, 1)
    # no reader unpacks more than an entry says it holds
    if unpacked <= MAX_UNPACKED and (unpacked <= 10**8 or unpacked <= MAX_RATIO * packed):
        return None
    found = f"an archive of {packed:,} bytes that unpacks to {unpacked:,}"
    return Problem(path.name, found, "an ordinary document", "Export it again, or remove it.")


def _read_bytes(path: Path) -> bytes:
    """Read a file, unpacked if it is compressed."""
    if not path.name.lower().endswith(".gz"):
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            data = file.read(MAX_UNPACKED + 1)
    except EOFError:
        found = "a gzip file that ends too early"
    except (gzip.BadGzipFile, zlib.error) as error:
        found = f"no gzip file: {shorten(error)}"
    else:
        if len(data) <= MAX_UNPACKED:
            return data
        found = f"a gzip file that unpacks to more than {MAX_UNPACKED:,} bytes"
    raise StudyError([Problem(path.name, found, "a whole .gz file", "Fetch or compress it again.")])


def _read_json_lines(data: bytes, shown: str) -> tuple[Rows, list[Problem]]:
    if utf16_problem(data, shown):
        raise StudyError([utf16_problem(data, shown)])
    rows, problems = [], []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            record = json.loads(text, object_pairs_hook=_once)
            if not isinstance(record, dict):
                raise ValueError("not an object")
        except UnicodeDecodeError as error:
            problems.append(wrong_byte(error, shown, "Save the file as UTF-8.", line=number))
            continue
        except (ValueError, RecursionError) as error:
            what = f"no JSON object: {shorten(error)}"
            problems.append(Problem(f"{shown}:{number}", what, "one JSON object a line", "Correct it."))
            continue
        rows.append((number, record))
    return rows, problems


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its pairs; of two equal keys JSON would silently keep the last."""
    pairs = list(pairs)
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {sorted({key for key in keys if keys.count(key) > 1})[0]} twice")
    return record


def _refuse_twins(names: list[str], shown: str) -> None:
    """Refuse a header that has a name twice."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise StudyError(
            Problem(f"{shown}:1 ({name})", "the column twice", "each column once", "Remove one of them.")
            for name in twice
        )


def _read_parquet(path: Path) -> Rows:
    import pyarrow
    from pyarrow.parquet import ParquetFile

    try:
        # not through pandas, which would store whole numbers beside an empty cell as decimals
        with ParquetFile(path) as file:
            table = file.read()
        names = table.column_names
        _refuse_twins(names, path.name)
        columns = [[cell.as_py() for cell in table.column(name)] for name in names]
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        found = f"no Parquet: {shorten(error)}"
        raise StudyError([Problem(path.name, found, "a Parquet file", "Export it again.")]) from None
    return [
        (number, dict(zip(names, row, strict=True)))
        for number, row in enumerate(zip(*columns, strict=True), start=1)
    ]


def _read_workbook(path: Path) -> Rows:
    """Read the first sheet of an Excel workbook that holds anything; its first row is the header."""
    from openpyxl import load_workbook

    bomb = check_archive(path)
    if bomb:
        raise StudyError([bomb])
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            sheets = ([list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets)
            cells = next((rows for rows in sheets if any(any(map(_filled, row)) for row in rows)), [])
        finally:
            book.close()
    except (
        OSError, EOFError, KeyError, TypeError, ValueError, AttributeError, IndexError, SyntaxError, RuntimeError,
        BadZipFile, zlib.error,
    ) as error:  # fmt: skip
        # whatever stands in the parts of a broken workbook comes up as one of these
        found = f"no Excel workbook: {shorten(error)}"
        raise StudyError([Problem(path.name, found, "an .xlsx file", "Save it again.")]) from None
    if not cells:
        return []
    header = [" ".join(str(name).split()) if _filled(name) else "" for name in cells[0]]
    _refuse_twins([name for name in header if name], path.name)
    return [
        (number, {name: cell for name, cell in zip(header, row, strict=False) if name})
        for number, row in enumerate(cells[1:], start=2)
        if any(map(_filled, row))
    ]


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""
