"""Writes and reads result tables: rounded, safe in a spreadsheet, all or nothing."""

from __future__ import annotations

import hashlib
import html
import math
import os
import re
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

DIGITS = 6
_BLOCK = 1 << 18  # bytes that are hashed at a time
# what a spreadsheet would take for a formula; full-width and small twins are folded onto these before the test
_FORMULA_STARTS = tuple("=+-@|%")
# blanks, and characters without width
_BLANK_START = re.compile("\\A[\\s\u200b-\u200d\u2060]+")
# what is not valid in XML, and marks that change the direction of writing
_UNSAFE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def round_table(table: pd.DataFrame, digits: int = DIGITS) -> pd.DataFrame:
    """Round every float to significant digits, so that bytes agree between machines.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.
    digits : int
        Significant digits.

    Returns
    -------
    pandas.DataFrame
        A copy; -0.0 is 0.0.
    """
    rounded = table.copy()
    for column in rounded.columns:
        if pd.api.types.is_float_dtype(rounded[column]):
            rounded[column] = [_round(value, digits) for value in rounded[column]]
        elif rounded[column].dtype == object:
            rounded[column] = rounded[column].map(
                lambda value: _round(value, digits) if isinstance(value, float) else value
            )
    return rounded


def safe_cell(value: object) -> object:
    """Guard a text cell against being run as a formula by a spreadsheet.

    Parameters
    ----------
    value : object
        A cell; numbers are returned unchanged.

    Returns
    -------
    object
        Text that starts like a formula, or with a tab or a line break, gets a leading apostrophe; control
        characters are removed and line ends are ``\\n``.

    Examples
    --------
    >>> safe_cell("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    """
    if not isinstance(value, str):
        return value
    # a bare carriage return would end the row for some readers
    text = clean_text(value).replace("\r\n", "\n").replace("\r", "\n")
    formula = _is_formula(text)
    return f"'{text}" if formula or text[:1] in ("\t", "\n") else text


def plain_cell(text: str) -> str:
    """Undo `safe_cell`: take away the apostrophe that guards a text from being run as a formula.

    Parameters
    ----------
    text : str
        A cell of a CSV file.

    Returns
    -------
    str
        The text as it was.

    Examples
    --------
    >>> plain_cell("'+972 Magazine"), plain_cell("'quoted'")
    ('+972 Magazine', "'quoted'")
    """
    guarded = text.startswith("'") and (_is_formula(text[1:]) or text[1:2] in ("\t", "\n"))
    return text[1:] if guarded else text


def clean_text(text: str) -> str:
    """Remove what is not valid in XML: control characters, lone surrogates, direction marks.

    Parameters
    ----------
    text : str
        Untrusted text.

    Returns
    -------
    str
        Safe for SVG, CSV and HTML (markup is still to be escaped there).
    """
    return _UNSAFE.sub("", text)


def write_table(table: pd.DataFrame, path: Path) -> Path:
    """Write a table as CSV: UTF-8, rounded, guarded, all or nothing.

    Parameters
    ----------
    table : pandas.DataFrame
        A result table.
    path : pathlib.Path
        Where to; its folder is made.

    Returns
    -------
    pathlib.Path
        `path`.
    """
    guarded = round_table(table)
    for column in guarded.columns:
        if not pd.api.types.is_numeric_dtype(guarded[column]):
            guarded[column] = _guard(guarded[column])
    # a table with one column per outlet has untrusted names
    guarded.columns = [safe_cell(name) for name in guarded.columns]
    text = guarded.to_csv(index=False, lineterminator="\n", na_rep="")
    return write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> Path:
    """Write a file through a temporary one in the same folder.

    Parameters
    ----------
    path : pathlib.Path
        Where to; its folder is made.
    data : bytes
        The content.

    Returns
    -------
    pathlib.Path
        `path`; a failure leaves what was there before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, data)
    return path


def write_synced(path: Path, data: bytes) -> None:
    """Write a file so that a crash of the machine, too, leaves the old one or the new one, never a part.

    Parameters
    ----------
    path : pathlib.Path
        Where to; its folder must be there.
    data : bytes
        The content. It is on the disk, not only on its way there, when this returns.
    """
    _replace(path, data, synced=True)
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(path.parent, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _replace(path: Path, data: bytes, *, synced: bool = False) -> None:
    """Write a file beside the one that is there, and give it its name."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno and not error.filename:
            error.filename = str(path)  # writing to an open file, the system does not name it
        raise


def escape_html(text: object) -> str:
    """Escape untrusted text for HTML.

    Parameters
    ----------
    text : object
        Anything.

    Returns
    -------
    str
        Without control characters and marks of direction.
    """
    return html.escape(clean_text(str(text)), quote=True)


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, without holding it in memory.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    # most files are small: no buffer is made for them beside the one that is read
    with open(path, "rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _guard(column: pd.Series) -> pd.Series:
    """Guard the cells of a column that holds no numbers; each text once."""
    if pd.api.types.infer_dtype(column, skipna=True) != "string":
        # True, 1 and 1.0 are equal and not the same
        return pd.Series([safe_cell(value) for value in column], index=column.index, dtype=object)
    code, texts = pd.factorize(column)
    safe = np.array([*map(safe_cell, texts), np.nan], dtype=object)
    return pd.Series(safe[code], index=column.index, dtype=object)


def _is_formula(text: str) -> bool:
    """Say whether a spreadsheet would take a text for a formula."""
    start = _BLANK_START.sub("", text)
    return unicodedata.normalize("NFKC", start[:1]).startswith(_FORMULA_STARTS)


def _round(value: float, digits: int) -> float:
    if not math.isfinite(value) or value == 0:
        return 0.0 if value == 0 else value
    return float(f"{value:.{digits}g}")
