"""Reads partitions: which files and row groups there are, and what stands in their rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.columns import parse_published
from analysis.errors import Problem, StudyError, shorten
from analysis.partitions.findings import FILE, Finding
from analysis.paths import StudyPaths
from analysis.readers import decode_text
from analysis.schema.parts import ID_PATTERN
from analysis.tables import hash_file

REQUIRED = ("article_id", "outlet_id", "text")
OPTIONAL = ("title", "author", "published", "language")
PART_ROWS = 10_000
"""Row groups that lie together are read as one part up to so many rows; a larger row group is a part of its own."""

_EXPORT = "Export the file again."


@dataclass(frozen=True)
class Part:
    """Some row groups of one partition.

    Parameters
    ----------
    path : str
        The file.
    shown : str
        As messages name it.
    digest : str
        SHA-256 of the file.
    groups : tuple of int
        The row groups.
    first : int
        The record that it begins with, counted from 1.
    rows : int
        How many records.
    """

    path: str
    shown: str
    digest: str
    groups: tuple[int, ...]
    first: int
    rows: int


def find_partitions(paths: StudyPaths, pattern: str) -> list[Path]:
    """Find the files of a study's corpus.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    pattern : str
        ``[corpus] partitions`` of study.toml.

    Returns
    -------
    list of pathlib.Path
        Sorted by name: where an article stands twice, the first one counts.

    Raises
    ------
    StudyError
        There is none.
    """
    found = sorted(path for path in paths.root.glob(pattern) if path.is_file())
    if not found:
        where = f"{paths.shown(paths.config)} [corpus] partitions"
        remedy = "Correct the pattern, or put the files there."
        raise StudyError(
            [Problem(where, f"{pattern!r}, which no file has", "Parquet files below the study", remedy)]
        )
    return found


def split_partition(path: Path, shown: str) -> tuple[list[Part], tuple[str, ...], list[Finding]]:
    """Read what a file says of itself: its row groups and columns.

    Parameters
    ----------
    path : pathlib.Path
        A partition.
    shown : str
        As messages name it.

    Returns
    -------
    parts : list of Part
        Empty where the file cannot be used.
    columns : tuple of str
        Those of `REQUIRED` and `OPTIONAL` that it has, sorted.
    findings : list of Finding
        What is wrong with the file.
    """
    import pyarrow
    from pyarrow.parquet import ParquetFile

    def refuse(column: str, found: str, allowed: str, remedy: str = _EXPORT) -> Finding:
        return Finding(shown, FILE, "", column, found, allowed, remedy)

    try:
        with ParquetFile(path) as file:
            sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
            schema = file.schema_arrow
        digest = hash_file(path)
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        return [], (), [refuse("", f"no Parquet: {shorten(error)}", "a whole Parquet file")]
    names, found = schema.names, []
    for name in (*REQUIRED, *OPTIONAL):
        if names.count(name) > 1:
            found.append(refuse(name, "the column twice", "each column once"))
        elif name not in names and name in REQUIRED:
            found.append(refuse(name, "no such column", ", ".join((*REQUIRED, *OPTIONAL))))
        elif name in names and not _is_text(schema.field(name).type):
            found.append(refuse(name, f"a column of {schema.field(name).type}", "text (UTF-8)"))
    if found:
        return [], (), found
    parts, groups, first, start = [], [], 1, 1
    for number, size in enumerate(sizes):
        if groups and start + size - first > PART_ROWS:
            parts.append(Part(str(path), shown, digest, tuple(groups), first, start - first))
            groups, first = [], start
        groups.append(number)
        start += size
    if start > first:
        parts.append(Part(str(path), shown, digest, tuple(groups), first, start - first))
    return parts, tuple(sorted({*names} & {*REQUIRED, *OPTIONAL})), []


def read_rows(part: Part, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str], list[Finding]]]:
    """Read the records of a part, a few at a time.

    Parameters
    ----------
    part : Part
        Which.
    columns : tuple of str
        Of `REQUIRED` and `OPTIONAL`; one that the file does not have is empty.

    Yields
    ------
    row : int
        The record, counted from 1 in its file.
    record : dict of str to str
        By column; what is missing is empty.
    findings : list of Finding
        Cells that are no UTF-8; they are empty in `record`.

    Raises
    ------
    OSError, ValueError, pyarrow.ArrowException
        The file cannot be read.
    """
    from pyarrow.parquet import ParquetFile

    with ParquetFile(part.path, page_checksum_verification=True) as file:
        there = [name for name in columns if name in file.schema_arrow.names]
        row = part.first
        for batch in file.iter_batches(1000, row_groups=list(part.groups), columns=there, use_threads=False):
            cells = {name: _bytes(batch.column(name)) for name in there}
            for place in range(batch.num_rows):
                record, findings = dict.fromkeys(columns, ""), []
                for name, values in cells.items():
                    try:
                        record[name] = _decode(values[place] or b"", whole=name == "text")
                    except StudyError as error:
                        told = error.problems[0]
                        findings.append(
                            Finding(
                                part.shown, row, "", name, told.found, told.allowed, "Export it as UTF-8."
                            )
                        )
                yield row, record, [replace(one, article_id=record.get("article_id", "")) for one in findings]
                row += 1


def check_record(
    part: Part, row: int, record: dict[str, str], outlets: set[str], language: str
) -> list[Finding]:
    """Check the cells of a record beside its text.

    Parameters
    ----------
    part : Part
        Where it stands.
    row : int
        Its number.
    record : dict of str to str
        The record.
    outlets : set of str
        The outlets of outlets.csv.
    language : str
        The study's language.

    Returns
    -------
    list of Finding
        Empty if nothing is wrong.
    """
    name = record["article_id"]

    def found(column: str, value: str, allowed: str, remedy: str = "Correct the value.") -> Finding:
        return Finding(part.shown, row, name, column, value, allowed, remedy)

    problems = []
    for column in ("article_id", "outlet_id"):
        if not record[column].strip():
            problems.append(found(column, "an empty cell", "text", "Fill it in, or remove the row."))
    if name.strip() and not ID_PATTERN.match(name):
        allowed = "letters, digits, '.', '_' and '-', at most 80, starting with a letter or digit"
        problems.append(found("article_id", shorten(name), allowed))
    outlet = record["outlet_id"]
    if outlet.strip() and outlet not in outlets:
        known = sorted(outlets)
        allowed = ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")
        remedy = "Add the outlet to seeds/outlets.csv, or correct the id."
        problems.append(found("outlet_id", f"the unknown outlet {shorten(outlet)}", allowed, remedy))
    if record["published"]:
        try:
            parse_published(record["published"])
        except ValueError:
            allowed = "YYYY-MM-DD, YYYY-MM or YYYY (a day of the calendar), or empty"
            problems.append(found("published", shorten(record["published"]), allowed))
    given = record["language"]
    if given and given != language:
        allowed, remedy = "two lower-case letters", "Correct the value."
        if re.fullmatch("[a-z]{2}", given):
            allowed = f"{language!r}, the language of the study"
            remedy = "Remove the article, or correct its language."
        problems.append(found("language", shorten(given), allowed, remedy))
    return problems


def _is_text(kind: Any) -> bool:
    """Say whether a column holds text, or bytes that may be text."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return any(
        test(kind)
        for test in (
            types.is_string,
            types.is_large_string,
            types.is_string_view,
            types.is_binary,
            types.is_large_binary,
            types.is_null,
        )
    )


def _bytes(column: Any) -> list[bytes | None]:
    """Take the bytes of a column, which no library has looked at."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pyarrow.types.is_null(column.type):
        return [None] * len(column)
    large = pyarrow.types.is_large_string(column.type) or pyarrow.types.is_large_binary(column.type)
    if pyarrow.types.is_string_view(column.type):
        return column.cast(pyarrow.large_string()).view(pyarrow.large_binary()).to_pylist()
    return column.view(pyarrow.large_binary() if large else pyarrow.binary()).to_pylist()


def _decode(data: bytes, *, whole: bool) -> str:
    """Decode a cell; only a text is read for what is no text."""
    if not whole:
        try:
            return data.decode("utf-8").strip()
        except UnicodeDecodeError:
            pass
    return decode_text(data, shown="")
