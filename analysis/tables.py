"""Writes and reads result tables: rounded, safe in a spreadsheet, all or nothing."""

from __future__ import annotations

import hashlib
import math
import os
import tempfile
from pathlib import Path

import pandas as pd

DIGITS = 6
# what a spreadsheet would take for a formula, with the full-width twins of the same signs
_FORMULA_STARTS = tuple("=+-@|%\t\r＝＋－＠｜％")
_BLANKS = " \ufeff\u00a0\u3000"


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
        Text that starts like a formula gets a leading apostrophe; control characters are removed.

    Examples
    --------
    >>> safe_cell("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    """
    if not isinstance(value, str):
        return value
    text = clean_text(value)
    start = text.lstrip(_BLANKS)
    return f"'{text}" if start.startswith(_FORMULA_STARTS) or value[:1] in "\t\r" and value else text


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
    return "".join(
        character
        for character in text
        if character in "\t\n\r"
        or ("\x20" <= character <= "\ud7ff" and not "\x7f" <= character <= "\x9f" and character not in _DIRECTION)
        or "\ue000" <= character <= "\ufffd" and character != "\ufeff"
        or character >= "\U00010000"
    )


_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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
            guarded[column] = [safe_cell(value) for value in guarded[column]]
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
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Parameters
    ----------
    path : pathlib.Path
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _round(value: float, digits: int) -> float:
    if not math.isfinite(value) or value == 0:
        return 0.0 if value == 0 else value
    return float(f"{value:.{digits}g}")
