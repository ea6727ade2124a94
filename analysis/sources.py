"""Reads what a new study is made of: a table of articles in a file, or a folder of texts."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from analysis.columns import parse_published
from analysis.decoding import check_length, decode_any
from analysis.errors import Problem, StudyError, shorten, shorten_list
from analysis.table_files import FORMS, cell_text, read_rows, table_form

COLUMNS = ("article_id", "outlet", "bloc", "published", "title", "text")
OPTIONAL = ("published", "title")
# what a cell of Excel holds at most
_LONGEST_CELL = 32_767


def read_source(source: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the articles of a table or a folder.

    Parameters
    ----------
    source : pathlib.Path
        A table (`analysis.table_files.FORMS`) with `COLUMNS`, or a folder of ``.txt``
        files: ``bloc/outlet/name.txt``, ``outlet/name.txt`` or ``name.txt``.

    Returns
    -------
    records : list of dict
        `COLUMNS` as text; ``place``, the row or file for messages; for a folder ``bytes``, the text as it is.
    notes : list of str
        What was taken for what, and what was left out.

    Raises
    ------
    StudyError
        The source cannot be used; every problem by row.
    """
    return _read_folder(source) if source.is_dir() else _read_table(source)


def _read_table(source: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the rows of a table, with every problem by row."""
    name = source.name
    if not table_form(source):
        allowed = ", ".join(FORMS) + ", or a folder"
        raise StudyError(
            [Problem(name, f"a file that ends in {source.suffix.lower()!r}", allowed, "Convert it.")]
        )
    if not source.is_file():
        raise StudyError(
            [Problem(source.as_posix(), "no such file", "a table or a folder", "Correct the path.")]
        )
    rows = read_rows(source)
    if not rows:
        raise StudyError([Problem(name, "no rows", "at least one article", "Add a row.")])
    # a key may stand in some lines of JSON only
    taken, notes = _find_columns(list(dict.fromkeys(key for _, row in rows for key in row)), name)
    records, problems = [], []
    for number, row in rows:
        place = f"{name}:{number}"
        record, found = {"place": place}, []
        for column in COLUMNS:
            value = row.get(taken.get(column, column))
            try:
                record[column] = cell_text(value)
            except ValueError as error:
                record[column] = ""
                found.append(Problem(f"{place} ({column})", str(error), "text", "Write it as text."))
        told = {problem.where for problem in found}
        found += [problem for problem in _check_record(record) if problem.where not in told]
        problems += found
        records.append(record)
    if problems:
        raise StudyError(problems)
    cut = [record["place"] for record in records if len(record["text"]) == _LONGEST_CELL]
    if cut and table_form(source) == ".xlsx":
        notes.append(f"texts of {_LONGEST_CELL:,} characters, where Excel cuts a cell: {shorten_list(cut)}")
    return records, notes


def _find_columns(names: list[str], source: str) -> tuple[dict[str, str], list[str]]:
    """Find the wanted columns whatever the case and blanks of their names."""
    folded: dict[str, list[str]] = {}
    for name in names:
        folded.setdefault("_".join(re.split(r"[\s_-]+", str(name).strip().casefold())), []).append(name)
    taken, problems = {}, []
    for column in COLUMNS:
        found = [column] if column in names else folded.get(column, [])
        if len(found) == 1:
            taken[column] = found[0]
        elif found:
            twins = " and ".join(map(shorten, found))
            remedy = "Remove or rename the others."
            problems.append(Problem(f"{source}:1 ({column})", f"the columns {twins}", "one of them", remedy))
        elif column not in OPTIONAL:
            among = ", ".join(map(str, names)) or "none"
            where, allowed = f"{source}:1 ({column})", ", ".join(COLUMNS)
            problems.append(Problem(where, f"no such column among {among}", allowed, "Add it."))
    if problems:
        raise StudyError(problems)
    notes = [
        f"took the column {shorten(name)} for {column}" for column, name in taken.items() if name != column
    ]
    left = [shorten(name) for name in names if name not in taken.values()]
    if left:
        notes.append(f"left out the column{'' if len(left) == 1 else 's'} {shorten_list(left)}")
    return taken, notes


def _check_record(record: dict[str, Any]) -> list[Problem]:
    """Check one row, and bring its names and its date into the form of seeds/."""
    for column in ("article_id", "outlet", "bloc"):
        record[column] = " ".join(record[column].split())
    where = record["place"]
    problems = [
        Problem(f"{where} ({column})", "an empty cell", "text", "Fill it in, or remove the row.")
        for column in ("article_id", "outlet", "bloc", "text")
        if not record[column].strip()
    ]
    long = check_length(f"{where} (text)", record["text"])
    if long:
        problems.append(long)
    # 'rest' is how the contrasts name all other groups together
    problems += [
        Problem(f"{where} ({column})", shorten(record[column]), "any text but 'rest'", "Rename it.")
        for column in ("outlet", "bloc")
        if record[column].casefold() == "rest"
    ]
    published = record["published"].strip()
    # a time of day is dropped, as are the forms in which tables store midnight, or a year as a number
    match = re.match(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}|(\d{4})\.0+\Z", published, re.ASCII)
    record["published"] = (match[1] or match[2]) if match else published
    if record["published"]:
        try:
            parse_published(record["published"])
        except ValueError:
            allowed = "YYYY-MM-DD, YYYY-MM, YYYY or empty"
            problems.append(Problem(f"{where} (published)", shorten(published), allowed, "Correct it."))
    return problems


def _read_folder(source: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """Read the .txt files of a folder; bytes in UTF-8 are kept as they are."""
    records, problems, others = [], [], []
    unread: list[OSError] = []
    for path in _walk(source, unread):
        parts = _show(path.relative_to(source).as_posix()).split("/")
        if any(part.startswith(".") for part in parts):
            continue
        if path.suffix.lower() != ".txt" and not path.is_dir():
            others.append("/".join(parts))
            continue
        read = _read_file(path, parts)
        (problems if isinstance(read, Problem) else records).append(read)
    for error in unread:
        where = _show(os.path.relpath(error.filename, source))
        problems.append(Problem(where, f"cannot be read ({error.strerror})", "a folder", "Make it readable."))
    if problems:
        raise StudyError(problems)
    if not records:
        raise StudyError(
            [Problem(source.as_posix(), "no .txt files", "texts as .txt", "Export them as .txt.")]
        )
    notes = []
    if others:
        what = "1 file that does" if len(others) == 1 else f"{len(others)} files that do"
        notes.append(
            f"left out {what} not end in .txt: {shorten_list(others)}; `framing add` reads documents and pages"
        )
    decoded = [f"{record['place']} ({record['note']})" for record in records if "note" in record]
    if decoded:
        notes.append(f"decoded {shorten_list(decoded)}")
    return records, notes


def _read_file(path: Path, parts: list[str]) -> dict[str, Any] | Problem:
    """Read one text; `parts` is its place in the folder."""
    place = "/".join(parts)
    if path.is_dir():
        # links to folders may lead in a circle
        what = f"a link to the folder {shorten(_show(os.readlink(path)))}"
        return Problem(place, what, "a text or a folder", "Put the folder there, or remove the link.")
    try:
        # reading a pipe or a device would wait for ever
        data = path.read_bytes() if path.is_file() else None
    except OSError as error:
        return Problem(place, f"cannot be read ({error.strerror})", "a text", "Make it readable.")
    if data is None:
        what = "no file"
        if path.is_symlink():
            what = f"a link to {shorten(_show(os.readlink(path)))}, which is not there"
        return Problem(place, what, "a text", "Remove it, or put the text there.")
    record = {
        **dict.fromkeys(COLUMNS, ""),
        "article_id": _show(path.stem),
        "outlet": parts[-2] if len(parts) > 1 else "unknown",
        "bloc": parts[-3] if len(parts) > 2 else "",
        "bytes": data,
        "place": place,
    }
    try:
        text, note = _decode(data)
    except ValueError:
        # it is set aside by name when the study is made
        return record
    if note:
        record |= {"bytes": text.encode("utf-8"), "note": note}
    return check_length(place, text) or record


def _walk(source: Path, unread: list[OSError]) -> list[Path]:
    """List the files of a folder and the links to other folders; what cannot be read goes to `unread`."""
    found = []
    for folder, folders, files in os.walk(source, onerror=unread.append):
        found += [Path(folder, name) for name in files]
        found += [Path(folder, name) for name in folders if os.path.islink(os.path.join(folder, name))]
    return sorted(found)


def _decode(data: bytes) -> tuple[str, str]:
    """Decode a text; the note is empty for UTF-8, which is kept to the byte."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return decode_any(data)
    # UTF-16 of plain letters is UTF-8 with a NUL behind each
    return (text, "") if "\0" not in text else decode_any(data)


def _show(place: str) -> str:
    """The name of a file, whose bytes may be no text."""
    return os.fsencode(place).decode("utf-8", "replace")
