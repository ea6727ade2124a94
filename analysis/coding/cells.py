"""Reads tables that a spreadsheet program may have saved, and writes workbooks of the same bytes each time."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from analysis.errors import Problem, StudyError, shorten
from analysis.office import package_bytes
from analysis.readers import wrong_byte

FORMATS = (".csv", ".xlsx")
_AS_XLSX = "Save it as .xlsx, or as CSV in UTF-8."
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


@dataclass(frozen=True)
class Cells:
    """The cells of a table, as text.

    Parameters
    ----------
    columns : tuple of str
        The header, stripped and in lower case; cells of it that are empty stay empty.
    rows : tuple of (int, tuple of str)
        Each row that is not blank, with its number as a spreadsheet counts it; as wide as the header.
    guessed : bool
        Whether the encoding had to be guessed: the file is no UTF-8, and was read as Windows-1252.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    guessed: bool = False


def read_cells(path: Path, *, shown: str, needed: str) -> Cells:
    """Read a CSV file or a workbook, in any form that leaves no doubt.

    A CSV file may be in UTF-8 or UTF-16 (both as a byte order mark tells) or, failing that, in Windows-1252; its
    cells may be parted by commas, semicolons or tabs. Of a workbook the first sheet with `needed` in its first row
    is read; formulas are not computed, so that a cell that holds one shows as what it is.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    shown : str
        How messages name it.
    needed : str
        A column by which the header is known.

    Returns
    -------
    Cells
        As they stand, blanks and all; an empty cell is ``""``. A truth value is ``TRUE`` or ``FALSE``, a date
        ``2019-05-01``, a whole number has no decimals.

    Raises
    ------
    StudyError
        The file cannot be read, or has no such column: every problem with its row.
    """
    kind = path.suffix.lower()
    if kind not in FORMATS:
        found = f"a file of kind {kind or '(none)'}"
        raise StudyError([Problem(shown, found, ", ".join(FORMATS), _AS_XLSX)])
    try:
        data = path.read_bytes()
    except OSError as error:
        found = (
            "no such file"
            if isinstance(error, FileNotFoundError)
            else f"it cannot be read ({error.strerror})"
        )
        raise StudyError([Problem(shown, found, "a coding sheet", "Name a file that is there.")]) from None
    if kind == ".xlsx":
        return _from_grids(_read_workbook(data, shown), shown, needed)
    text, guessed = _decode(data, shown)
    return _from_grids(_split(text, shown, needed), shown, needed, guessed=guessed)


def csv_bytes(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    """Write cells as CSV that spreadsheet programs read as UTF-8.

    Parameters
    ----------
    columns : tuple of str
        The header.
    rows : list of tuple of str
        The cells, guarded already.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark, commas, line feeds.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def workbook_bytes(workbook) -> bytes:
    """Save a workbook with the same bytes each time.

    Parameters
    ----------
    workbook : openpyxl.Workbook
        Any workbook.

    Returns
    -------
    bytes
        The .xlsx file, without the times at which it was made.
    """

    def without_times(name: str, data: bytes) -> bytes:
        stamped = name == "docProps/core.xml"
        return _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", data) if stamped else data

    return package_bytes(workbook, without_times)


def _decode(data: bytes, shown: str) -> tuple[str, bool]:
    """Decode a CSV file; say whether its encoding was guessed."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), False
        except UnicodeDecodeError:
            raise StudyError([Problem(shown, "broken UTF-16", "CSV in UTF-8", _AS_XLSX)]) from None
    if data[:4] == b"PK\x03\x04":
        found = "a workbook that is named .csv"
        raise StudyError([Problem(shown, found, "a CSV file", "Name it .xlsx.")])
    if b"\x00" in data:
        raise StudyError([Problem(shown, "binary data", "a CSV file in UTF-8", _AS_XLSX)])
    try:
        return data.decode("utf-8-sig"), False
    except UnicodeDecodeError as error:
        first = error
    try:
        return data.decode("cp1252"), True
    except UnicodeDecodeError:
        raise StudyError([wrong_byte(first, shown, _AS_XLSX)]) from None


def _split(text: str, shown: str, needed: str) -> list[list[list[str]]]:
    """Split a CSV file into rows of cells, by the sign that shows `needed` in the header."""
    first = text.split("\n", 1)[0].strip()
    skipped = 0
    if re.fullmatch(r'"?sep=[,;\t]"?', first, re.IGNORECASE):
        # Excel's own first line: not counted, since Excel does not show it
        text, skipped = text.split("\n", 1)[1] if "\n" in text else "", 1
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    grids = []
    for sign in (",", ";", "\t"):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
        try:
            header = next(reader, [])
            if needed not in [name.strip().lower() for name in header] and sign != "\t":
                continue
            grids.append([header, *reader])
            break
        except csv.Error as error:
            where = f"{shown}:{reader.line_num + skipped}"
            found = f"no CSV: {error}"
            raise StudyError(
                [Problem(where, found, "a CSV file", f"Correct its quotes. {_AS_XLSX}")]
            ) from None
    return grids


def _read_workbook(data: bytes, shown: str) -> list[list[list[str]]]:
    """Read every sheet of a workbook."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
        return [
            [[_as_text(cell.value) for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
        ]
    # whatever a broken or a foreign file makes the library raise, it is no workbook
    except Exception as error:
        found = f"no workbook that can be read ({type(error).__name__})"
        raise StudyError([Problem(shown, found, "an .xlsx file", _AS_XLSX)]) from None


def _as_text(value: object) -> str:
    """Write the value of a cell as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    formula = getattr(value, "text", None)
    return str(formula if formula is not None and not isinstance(value, str) else value)


def _from_grids(grids: list[list[list[str]]], shown: str, needed: str, *, guessed: bool = False) -> Cells:
    """Choose the sheet that is meant, and make its rows as wide as its header."""
    for grid in grids:
        header = [name.strip().lower() for name in (grid[0] if grid else [])]
        if needed in header:
            break
    else:
        names = ", ".join(name.strip() for name in (grids[0][0] if grids and grids[0] else [])[:8])
        found = f"no column {needed} among {shorten(names)}"
        remedy = "Keep the header as it was written; start from the sheet that `framing sample` made."
        raise StudyError([Problem(f"{shown}:1", found, f"a header with {needed}", remedy)])
    while header and not header[-1]:
        header.pop()
    problems = [
        Problem(f"{shown}:1 ({name})", "the column twice", "each column once", "Remove one of them.")
        for name in sorted({name for name in header if name and header.count(name) > 1})
    ]
    rows = []
    for number, row in enumerate(grid[1:], start=2):
        cells = list(row)
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(header):
            found = f"{len(cells)} cells"
            remedy = "Remove what stands right of the last column; put text with commas in quotes."
            problems.append(
                Problem(f"{shown}:{number}", found, f"{len(header)} cells, as in the header", remedy)
            )
        elif cells:
            rows.append((number, tuple(cells + [""] * (len(header) - len(cells)))))
    if problems:
        raise StudyError(problems)
    return Cells(tuple(header), tuple(rows), guessed)
