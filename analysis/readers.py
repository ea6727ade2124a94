"""Reads the bytes of a CSV file or a text, and says what is wrong with them: encoding, cells, binary data."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from analysis.errors import Problem, StudyError
from analysis.tables import plain_cell

_CONTROL = bytes(code for code in range(32) if chr(code) not in "\t\n\r\f")


def read_csv(path: Path, *, shown: str) -> pd.DataFrame:
    """Read a CSV file in which every cell is text.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 file, with or without a byte order mark.
    shown : str
        How messages name it.

    Returns
    -------
    pandas.DataFrame
        Cells are stripped; an empty cell is ``""``; rows without any text are dropped. The index is the
        row's number as a spreadsheet counts it: the header is row 1, and blank rows count.

    Raises
    ------
    StudyError
        The file is missing, empty, in another encoding, or a row has too many or too few cells.
    """
    table, problems = read_rows(path, shown=shown)
    if problems:
        raise StudyError(problems)
    return table


def read_rows(path: Path, *, shown: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the usable rows of a CSV file, so that one broken row does not hide the problems of the others.

    Parameters
    ----------
    path : pathlib.Path
        As in `read_csv`.
    shown : str
        How messages name it.

    Returns
    -------
    table : pandas.DataFrame
        As of `read_csv`, without the broken rows.
    problems : list of Problem
        One for each row with too many or too few cells.

    Raises
    ------
    StudyError
        No row can be read: the file is missing, in another encoding, or has no header to read it by.
    """
    return parse_rows(_read_csv_text(path, shown), shown)


def parse_rows(content: str, shown: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Read the usable rows of the text of a CSV file.

    Parameters
    ----------
    content : str
        The file's text.
    shown : str
        How messages name the file.

    Returns
    -------
    table : pandas.DataFrame
        As of `read_csv`, without the broken rows.
    problems : list of Problem
        One for each row with too many or too few cells.

    Raises
    ------
    StudyError
        There is no header to read it by, or it is no CSV.
    """
    header, *rows = _split_cells(content, shown) or [[]]
    header = [name.strip() for name in header]
    if not any(header):
        raise StudyError([Problem(f"{shown}:1", "no header", "the columns' names", "Add a header.")])
    for sign, name in ((";", "';'"), ("\t", "tabs")):
        if len(header) == 1 and sign in header[0]:
            remedy = "Save it with commas (in a spreadsheet: the separator of the CSV export)."
            raise StudyError(
                [Problem(f"{shown}:1", f"cells parted by {name}", "cells parted by ','", remedy)]
            )
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise StudyError(
            Problem(f"{shown}:1 ({name})", "the column twice", "each column once", "Remove one of them.")
            for name in twice
        )
    records, numbers, problems = [], [], []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) == len(header):
            records.append([plain_cell(cell.strip()) for cell in row])
            numbers.append(number)
            continue
        problems.append(
            Problem(
                f"{shown}:{number}",
                f"{len(row)} cell{'s' if len(row) != 1 else ''}",
                f"{len(header)} cells, as in the header",
                "Check its commas; put text that holds a comma in quotes.",
            )
        )
    return pd.DataFrame(records, columns=header, dtype=str, index=pd.Index(numbers, name="row")), problems


def decode_text(data: bytes, *, shown: str) -> str:
    """Decode the bytes of an article.

    Parameters
    ----------
    data : bytes
        The file's content: UTF-8, with or without a byte order mark.
    shown : str
        How messages name the file.

    Returns
    -------
    str
        The text as received, without the byte order mark.

    Raises
    ------
    StudyError
        It is in another encoding, or no text at all.
    """
    remedy = "Save the text as UTF-8."
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise StudyError([Problem(shown, "UTF-16", "UTF-8", remedy)])
    if b"\x00" in data:
        found = "binary data (a NUL byte)"
        raise StudyError([Problem(shown, found, "plain text in UTF-8", "Export the text as .txt.")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError([wrong_byte(error, shown, remedy)]) from None
    control = len(data) - len(data.translate(None, _CONTROL))
    if control > max(8, len(text) // 100):
        found = f"binary data ({control} control characters)"
        raise StudyError([Problem(shown, found, "plain text in UTF-8", "Export the text as .txt.")])
    return text


def utf16_problem(data: bytes, shown: str) -> Problem | None:
    """Tell UTF-16 by its byte order mark.

    Parameters
    ----------
    data : bytes
        The beginning of a file.
    shown : str
        How messages name it.

    Returns
    -------
    Problem or None
        None for anything else.
    """
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return None
    return Problem(shown, "UTF-16", "UTF-8", "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8').")


def wrong_byte(error: UnicodeDecodeError, shown: str, remedy: str, *, line: int | None = None) -> Problem:
    """Name the line and the value of the byte at which decoding stopped.

    Parameters
    ----------
    error : UnicodeDecodeError
        What decoding raised.
    shown : str
        How messages name the file.
    remedy : str
        What to do.
    line : int, optional
        The line, where the error knows only a part of the file.

    Returns
    -------
    Problem
        With what the byte is in the commonest other encoding.
    """
    if line is None:
        line = error.object[: error.start].count(b"\n") + 1
    byte = error.object[error.start : error.start + 1]
    sign = byte.decode("cp1252", "ignore")
    found = f"a byte that is not UTF-8 (0x{byte.hex()}{f', in Windows-1252 {sign}' if sign else ''})"
    return Problem(f"{shown}:{line}", found, "UTF-8", remedy)


def decode_csv(data: bytes, shown: str) -> str:
    """Decode the bytes of a CSV file.

    Parameters
    ----------
    data : bytes
        The file's content.
    shown : str
        How messages name it.

    Returns
    -------
    str
        The text, without a byte order mark.

    Raises
    ------
    StudyError
        It is in another encoding than UTF-8, or binary.
    """
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = utf16_problem(data, shown) or wrong_byte(
            error, shown, "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')."
        )
    else:
        if "\x00" not in content:
            return content
        problem = Problem(shown, "binary data", "a CSV file in UTF-8", "Save it as CSV UTF-8.")
    raise StudyError([problem])


def _read_csv_text(path: Path, shown: str) -> str:
    """Read and decode a CSV file."""
    try:
        return decode_csv(path.read_bytes(), shown)
    except FileNotFoundError:
        problem = Problem(shown, "no such file", "a CSV file", "Create it; see seeds/README.md.")
    except IsADirectoryError:
        problem = Problem(shown, "a folder", "a CSV file", "Put the file in its place.")
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        problem = Problem(shown, found, "a CSV file", "Make it readable.")
    raise StudyError([problem])


def _split_cells(content: str, shown: str) -> list[list[str]]:
    """Split a CSV file into rows of cells; a blank line is an empty row."""
    # a whole article may stand in one cell
    csv.field_size_limit(max(csv.field_size_limit(), len(content) + 1))
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        where = f"{shown}:{reader.line_num}"
        raise StudyError([Problem(where, f"no CSV: {error}", "a CSV file", "Correct its quotes.")]) from None
