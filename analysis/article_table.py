"""Reads a table of articles (CSV, JSON lines, Parquet) with a column that groups them, as a corpus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.corpus import Article, Corpus, Grouping, split_large
from analysis.errors import Problem, StudyError, UnknownName, shorten
from analysis.readers import read_csv
from analysis.text import normalise

FORMS = (".csv", ".jsonl", ".ndjson", ".parquet")
"""What a table's name may end in."""
_OUTLET = "outlet"
_EXACT = 2.0**53


def load_table(path: Path, by: str) -> tuple[Corpus, list[Grouping]]:
    """Read a table of articles.

    Parameters
    ----------
    path : pathlib.Path
        A CSV, JSON-lines or Parquet file with the columns ``article_id``, ``text`` and `by`; ``outlet`` is read
        where it is there.
    by : str
        The column that groups the articles.

    Returns
    -------
    corpus : Corpus
        Articles sorted by article_id, typographic marks normalised; no cleaning rules.
    groupings : list of Grouping
        By the column, groups sorted; and by outlet, if that is another column of the table.

    Raises
    ------
    StudyError
        The file or rows of it cannot be used; all problems by row.
    UnknownName
        The table has no column `by`, or it groups nothing.
    """
    rows = read_rows(path)
    if not rows:
        raise StudyError([Problem(path.name, "no row", "at least one article", "Add rows.")])
    names = list(dict.fromkeys(str(name) for _, row in rows for name in row))
    problems = [
        Problem(f"{path.name}:1 ({name})", "no such column", ", ".join(names), "Add the column.")
        for name in ("article_id", "text")
        if name not in names
    ]
    if problems:
        raise StudyError(problems)
    if by not in names or by in ("article_id", "text"):
        raise UnknownName(f"column of {path.name}", by, set(names) - {"article_id", "text"})
    levels = [by, _OUTLET] if _OUTLET in names and by != _OUTLET else [by]
    seen: dict[str, int] = {}
    records = []
    for number, row in rows:
        record = {name: _as_text(row.get(name)) for name in ("article_id", "text", *levels)}
        for name in dict.fromkeys(("article_id", "text", *levels)):
            if isinstance(row.get(name), list | dict):
                where, found = f"{path.name}:{number} ({name})", f"a {type(row[name]).__name__} of several values"
                problems.append(Problem(where, found, "one text or number", "Write one value a cell."))
            elif not record[name].strip():
                where, remedy = f"{path.name}:{number} ({name})", "Fill it in, or remove the row."
                problems.append(Problem(where, "an empty cell", "text", remedy))
        article_id = record["article_id"]
        if article_id and article_id in seen:
            found = f"{shorten(article_id)}, which row {seen[article_id]} has"
            where = f"{path.name}:{number} (article_id)"
            problems.append(Problem(where, found, "each article_id once", "Rename one of them."))
        seen.setdefault(article_id, number)
        records.append(record)
    if problems:
        raise StudyError(problems)
    records.sort(key=lambda record: record["article_id"])
    articles = tuple(map(_make_article, records))
    split_large(articles)
    return Corpus(articles), [_group(records, level) for level in levels]


def read_rows(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """Read the rows of a table, whatever its columns.

    Parameters
    ----------
    path : pathlib.Path
        A file that ends as one of `FORMS`.

    Returns
    -------
    list of (int, mapping)
        The row's number for messages, and its cells by column: a spreadsheet's number for CSV, the line for JSON
        lines, the record for Parquet.

    Raises
    ------
    StudyError
        The file cannot be read.
    """
    kind = path.suffix.lower()
    if kind not in FORMS:
        found = f"a file that ends in {kind!r}" if kind else "a name without an ending"
        raise StudyError([Problem(path.name, found, ", ".join(FORMS), "Convert it, or correct the name.")])
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no such file"
        raise StudyError([Problem(path.as_posix(), found, "a table of articles", "Correct the path.")])
    if kind == ".csv":
        table = read_csv(path, shown=path.name)
        return list(zip(table.index, table.to_dict("records"), strict=True))
    return _read_parquet(path) if kind == ".parquet" else _read_json_lines(path)


def _read_json_lines(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    rows, problems = [], []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line.decode("utf-8-sig"))
            if not isinstance(record, dict):
                raise ValueError("not an object")
        except (ValueError, RecursionError) as error:
            found = f"no JSON object: {shorten(error)}"
            problems.append(Problem(f"{path.name}:{number}", found, "one JSON object a line", "Correct it."))
            continue
        rows.append((number, record))
    if problems:
        raise StudyError(problems)
    return rows


def _read_parquet(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            return list(enumerate(file.read().to_pylist(), start=1))
    except (OSError, ValueError, ArrowException) as error:
        problem = Problem(path.name, f"no Parquet: {shorten(error)}", "a Parquet file", "Export it again.")
        raise StudyError([problem]) from None


def _as_text(value: Any) -> str:
    """Write a cell as text: nothing for what is missing, whole numbers without a point."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    # a lone surrogate, which JSON can hold, cannot be written again
    return str(value).encode("utf-8", "replace").decode("utf-8")


def _make_article(record: Mapping[str, str]) -> Article:
    """Make an article whose text is all that is known of it."""
    normal = normalise(record["text"])
    return Article(
        article_id=record["article_id"],
        outlet_id=record.get(_OUTLET, ""),
        outlet=record.get(_OUTLET, ""),
        bloc="",
        bloc_alternative="",
        title="",
        author="",
        published="",
        published_range=None,
        received=record["text"],
        text=normal.text,
        typographic=normal.typographic,
        offsets=normal.offsets,
    )


def _group(records: list[Mapping[str, str]], level: str) -> Grouping:
    """Group sorted records by a column."""
    members: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        members.setdefault(" ".join(record[level].split()), []).append(place)
    return Grouping(level, {name: np.array(members[name], dtype=np.int64) for name in sorted(members)})
