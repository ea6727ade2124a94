"""Reads articles from tables, whatever their columns are called; those of Media Cloud among them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.collecting.found import Found, not_read
from analysis.decoding import decode_any
from analysis.errors import Problem, StudyError, shorten, shorten_list
from analysis.table_files import cell_text, read_usable_rows

NAMES = {
    "article_id": ("article_id", "doc_id", "document_id", "id"),
    "source_id": ("stories_id", "story_id", "an", "proquest_document_id"),
    "text": ("text", "body", "content", "full_text", "fulltext", "article", "article_text", "story_text"),
    "title": ("title", "headline"),
    "outlet": (
        "outlet",
        "media_name",
        "publication",
        "publication_title",
        "newspaper",
        "source",
        "publisher",
    ),
    "bloc": ("bloc",),
    "published": ("published", "publish_date", "publication_date", "published_at", "pub_date", "date"),
    "author": ("author", "authors", "byline"),
    "url": ("url", "link"),
    "media_url": ("media_url",),
    "rights": ("rights", "copyright"),
}
"""What the columns of a table may be called, the first that is there counts."""
_PARTS = ("article_id", "source_id", "title", "outlet", "bloc", "published", "author", "url", "rights")


def read_table(path: Path, shown: str, notes: list[str]) -> Iterator[Found | Problem]:
    """Read the articles of a table.

    Parameters
    ----------
    path : pathlib.Path
        A table (`analysis.table_files.FORMS`).
    shown : str
        How messages name it.
    notes : list of str
        Gets which column was taken for what.

    Yields
    ------
    Found or Problem
        One for each row; one alone where the table cannot be used.
    """

    encoding: list[str] = []

    def decode(data: bytes) -> str:
        try:
            text, note = decode_any(data)
        except ValueError as error:
            raise StudyError([not_read(shown, str(error), "Save it as UTF-8.", "a table")]) from None
        encoding[:] = [note] if note else []
        return text

    try:
        rows, broken = read_usable_rows(path, decode)
    except StudyError as error:
        yield from (_rename(problem, path.name, shown) for problem in error.problems)
        return
    yield from (_rename(problem, path.name, shown) for problem in broken)
    if not rows:
        if not broken:
            yield not_read(shown, "no rows", "Add rows, or leave the table out.", "at least one article")
        return
    names = list(dict.fromkeys(str(key) for _, row in rows for key in row))
    taken, media_cloud = _find_columns(names)
    if "text" not in taken:
        yield _without_text(names, shown, len(rows), media_cloud)
        return
    notes += _taken_notes(taken, names, shown)
    for number, row in rows:
        found = _read_row(row, taken, f"{shown}:{number}", media_cloud)
        yield replace(found, notes=(*encoding, *found.notes)) if isinstance(found, Found) else found


def _find_columns(names: list[str]) -> tuple[dict[str, str], bool]:
    """Find which column holds what: part to column, and whether the table is one of Media Cloud."""
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault("_".join(re.split(r"[\s_-]+", name.strip().casefold())), name)
    media_cloud = "media_name" in folded and bool({"stories_id", "publish_date", "media_url"} & set(folded))
    wanted = dict(NAMES)
    if media_cloud:
        # its newer exports call the number of a story `id`
        wanted |= {"article_id": (), "source_id": ("stories_id", "story_id", "id")}
    taken = {
        part: next(folded[one] for one in aliases if one in folded)
        for part, aliases in wanted.items()
        if any(one in folded for one in aliases)
    }
    return taken, media_cloud


def _without_text(names: list[str], shown: str, rows: int, media_cloud: bool) -> Problem:
    """Say that a table has no text."""
    if media_cloud:
        found = f"{rows:,} stories of Media Cloud without their text"
        remedy = (
            "Media Cloud gives addresses only: add a column 'text' with the articles, or the pages as .html."
        )
        return not_read(shown, found, remedy, "a column 'text'")
    among = ", ".join(shorten(name) for name in names[:12]) + (", ..." if len(names) > 12 else "")
    return not_read(
        f"{shown}:1 (text)",
        f"no such column among {among}",
        "Name the column of the texts so.",
        ", ".join(NAMES["text"]),
    )


def _taken_notes(taken: Mapping[str, str], names: list[str], shown: str) -> list[str]:
    """Say which columns were taken for what, and which were left."""
    pairs = [f"{shorten(name)} for {part}" for part, name in taken.items() if name != part]
    notes = [f"{shown}: took the column{'' if len(pairs) == 1 else 's'} {', '.join(pairs)}"] if pairs else []
    left = [shorten(name) for name in names if name and name not in taken.values()]
    if left:
        notes.append(f"{shown}: left out the column{'' if len(left) == 1 else 's'} {shorten_list(left)}")
    return notes


def _read_row(
    row: Mapping[str, Any], taken: Mapping[str, str], place: str, media_cloud: bool
) -> Found | Problem:
    """Read one row."""
    cells = {}
    for part, name in taken.items():
        try:
            cells[part] = cell_text(row.get(name)).strip()
        except ValueError as error:
            return not_read(f"{place} ({name})", str(error), "Write it as text.", "text")
    if not cells["text"]:
        return not_read(
            f"{place} ({taken['text']})",
            "an empty cell",
            "Fill it in, or leave the row out.",
            "the article's text",
        )
    lifted = {part: f"column '{name}'" for part, name in taken.items() if cells[part]}
    # without a name, the address tells the outlet
    address = cells.get("url", "") or cells.get("media_url", "")
    reader = "Media Cloud" if media_cloud else "table"
    parts = {part: cells.get(part, "") for part in _PARTS}
    # a number in one table is another article's in the next
    source_id = parts["source_id"] if media_cloud else ""
    return Found(
        place, cells["text"], reader, lifted=lifted, **parts | {"url": address, "source_id": source_id}
    )


def _rename(problem: Problem, name: str, shown: str) -> Problem:
    """Name the file as the source does, with its folders."""
    where = problem.where
    if where == name or where.startswith(f"{name}:"):
        where = shown + where[len(name) :]
    return Problem(where, problem.found, problem.allowed, problem.remedy)
