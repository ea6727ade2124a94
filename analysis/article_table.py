"""Reads a table of articles with a column that groups them, as a corpus."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.corpus import Article, Corpus, Grouping, split_large
from analysis.errors import Problem, StudyError, UnknownName, shorten
from analysis.table_files import cell_text, read_rows
from analysis.text import normalise

_OUTLET = "outlet"


def load_table(path: Path, by: str) -> tuple[Corpus, list[Grouping]]:
    """Read a table of articles.

    Parameters
    ----------
    path : pathlib.Path
        A table (`analysis.table_files.FORMS`) with the columns ``article_id``, ``text`` and `by`; ``outlet`` is read
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
        record = {}
        for name in dict.fromkeys(("article_id", "text", *levels)):
            record[name], problem = _read_cell(row.get(name), f"{path.name}:{number} ({name})")
            problems += [problem] if problem else []
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


def _read_cell(value: Any, where: str) -> tuple[str, Problem | None]:
    """Read a cell that must hold something, and say what is wrong with it."""
    if isinstance(value, list | dict):
        found = f"a {type(value).__name__} of several values"
        return "", Problem(where, found, "one text or number", "Write one value a cell.")
    try:
        # a column of true and false groups articles, too
        text = str(value) if isinstance(value, bool) else cell_text(value)
    except ValueError as error:
        return "", Problem(where, str(error), "text", "Write it as text.")
    empty = Problem(where, "an empty cell", "text", "Fill it in, or remove the row.")
    return text, None if text.strip() else empty


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
