"""Reads articles.csv and outlets.csv, and tells what is wrong with their rows and between them."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from analysis.columns import Table, check_table, parse_published
from analysis.config import StudyConfig
from analysis.errors import Problem, StudyError, counted, shorten
from analysis.paths import StudyPaths
from analysis.readers import read_rows
from analysis.schema.parts import PRECISIONS, fold_name, is_uncoded
from analysis.schema.seeds import ARTICLES_SEED, OUTLETS_SEED, SAME_OUTLETS_SEED

NO_BLOC = "no bloc for the outlet "
"""How the problem of an uncoded outlet begins."""


@dataclass
class Reading:
    """What has been read so far, and what is wrong with it.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    config : StudyConfig
        Its settings.
    fatal : list of Problem
        What no study can be run with.
    by_row : mapping of int to list of Problem
        What is wrong with single articles, by position in articles.csv.
    lines : mapping of pathlib.Path to list of int
        The row of each record of a table, as a spreadsheet counts them.
    """

    paths: StudyPaths
    config: StudyConfig
    fatal: list[Problem] = field(default_factory=list)
    by_row: dict[int, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[Path, list[int]] = field(default_factory=dict)

    def cell(self, path: Path, position: int, column: str) -> str:
        """Name a cell of a seeds table, rows as a spreadsheet counts them.

        Parameters
        ----------
        path : pathlib.Path
            The table's file.
        position : int
            The record, counted from 0.
        column : str
            The column.

        Returns
        -------
        str
            For messages.
        """
        return f"{self.paths.shown(path)}:{self.lines[path][position]} ({column})"

    def articles_cell(self, position: int, column: str) -> str:
        """Name a cell of articles.csv.

        Parameters
        ----------
        position : int
            The record, counted from 0.
        column : str
            The column.

        Returns
        -------
        str
            For messages.
        """
        return self.cell(self.paths.articles, position, column)


def read_seed(reading: Reading, path: Path, spec: Table) -> pd.DataFrame | None:
    """Read and check one table of seeds/.

    Parameters
    ----------
    reading : Reading
        Gets the problems.
    path : pathlib.Path
        The file.
    spec : Table
        Its declaration.

    Returns
    -------
    pandas.DataFrame or None
        Every cell is text; None where the table cannot be used at all.
    """
    shown = reading.paths.shown(path)
    try:
        table, problems = read_rows(path, shown=shown)
    except StudyError as error:
        reading.fatal += error.problems
        return None
    reading.fatal += problems
    # the rows that are left say too little about which outlets there are
    broken = bool(problems) and spec is OUTLETS_SEED
    reading.lines[path] = list(table.index)
    table = table.reset_index(drop=True)
    if table.empty:
        if not problems:
            reading.fatal.append(Problem(shown, "no rows", "at least one row", "Add a row."))
        return None
    problems = check_table(table, spec, where=shown)
    if set(table.columns) != set(spec.names):
        reading.fatal += problems
        return None
    for problem in problems:
        # check_table numbers the records from 2; blank rows in the file move what the reader sees
        position, column = re.search(r":(\d+) \((.*)\)$", problem.where).groups()
        position = int(position) - 2
        moved = replace(problem, where=reading.cell(path, position, column))
        if spec is ARTICLES_SEED:
            reading.by_row[position].append(moved)
        else:
            reading.fatal.append(moved)
    return None if broken else table


def check_outlets(reading: Reading, outlets: pd.DataFrame) -> None:
    """Check what holds between the rows of outlets.csv, and with the blocs of study.toml.

    Parameters
    ----------
    reading : Reading
        Gets the problems.
    outlets : pandas.DataFrame
        From `read_seed`.
    """
    labels = outlets["label"].where(outlets["label"] != "", outlets["name"])
    for column, values in (("outlet_id", outlets["outlet_id"]), ("label", labels)):
        seen: dict[str, int] = {}
        for position, value in enumerate(values):
            first = seen.setdefault(fold_name(value), position) if value else position
            if first == position:
                continue
            same = value == values.iloc[first]
            row = reading.lines[reading.paths.outlets][first]
            found = (
                "which an earlier row has"
                if same
                else f"which row {row} has as {shorten(values.iloc[first])}"
            )
            reading.fatal.append(
                Problem(
                    reading.cell(reading.paths.outlets, position, column),
                    f"{shorten(value)}, {found}",
                    f"each {column} once" + ("" if same else ", whatever its case"),
                    "Rename or remove one of them.",
                )
            )
    _check_blocs(reading, outlets)


def _check_blocs(reading: Reading, outlets: pd.DataFrame) -> None:
    """Find the blocs that are misspelt: those that study.toml does not list, or that have two spellings."""
    listed, seen = reading.config.groups.blocs, {}
    config = reading.paths.shown(reading.paths.config)
    remedy = f"Correct it, or add it to groups.blocs in {config}."
    for position, record in enumerate(outlets.to_dict("records")):
        bloc, other = record["bloc"], record["bloc_alternative"]
        where = reading.cell(reading.paths.outlets, position, "bloc")
        first = seen.setdefault(fold_name(bloc), bloc)
        if bloc and listed and bloc not in listed:
            found = f"{shorten(bloc)}, a bloc that {config} does not list"
            reading.fatal.append(Problem(where, found, ", ".join(listed), remedy))
        elif bloc != first:
            found = f"{shorten(bloc)}, which an earlier row has as {shorten(first)}"
            reading.fatal.append(Problem(where, found, "one spelling of a bloc", "Write it as there."))
        # a sceptic may name a bloc of his own, such as "other"; one that is nearly a listed bloc is a slip
        near = difflib.get_close_matches(fold_name(other), map(fold_name, listed), 1, 0.85) if other else []
        if near and other not in listed:
            reading.fatal.append(
                Problem(
                    reading.cell(reading.paths.outlets, position, "bloc_alternative"),
                    f"{shorten(other)}, which is nearly a bloc that {config} lists",
                    f"{', '.join(listed)}, or a name that is not like any of them",
                    remedy,
                )
            )


def check_article_rows(reading: Reading, articles: pd.DataFrame, outlets: pd.DataFrame | None) -> None:
    """Check what holds between the rows of articles.csv, and with outlets.csv where that can be read.

    Parameters
    ----------
    reading : Reading
        Gets the problems.
    articles : pandas.DataFrame
        From `read_seed`.
    outlets : pandas.DataFrame or None
        From `read_seed`.
    """
    known = None if outlets is None else sorted(set(outlets["outlet_id"]) - {""})
    seen: dict[str, tuple[int, str]] = {}
    for position, record in enumerate(articles.to_dict("records")):
        found, name = reading.by_row[position], record["article_id"]
        if name and name.casefold() in seen:
            row, first = seen[name.casefold()]
            same = name == first
            found.append(
                Problem(
                    reading.articles_cell(position, "article_id"),
                    f"{shorten(name)}, which row {row} has" + ("" if same else f" as {shorten(first)}"),
                    "each article_id once" + ("" if same else ", whatever its case"),
                    "Rename or remove one of the articles.",
                )
            )
        seen.setdefault(name.casefold(), (reading.lines[reading.paths.articles][position], name))
        if known is not None and record["outlet_id"] and record["outlet_id"] not in known:
            found.append(
                Problem(
                    reading.articles_cell(position, "outlet_id"),
                    f"the unknown outlet {shorten(record['outlet_id'])}",
                    ", ".join(known[:20]) + (", ..." if len(known) > 20 else ""),
                    f"Add the outlet to {reading.paths.shown(reading.paths.outlets)}, or correct the id.",
                )
            )
        found += _check_precision(reading, position, record)


def _check_precision(reading: Reading, position: int, record: dict[str, str]) -> list[Problem]:
    """Check that the precision is the one that the date is written in."""
    published, given = record["published"], record["published_precision"]
    try:
        precision = parse_published(published)[2] if published else ""
    except ValueError:
        return []  # the date itself is reported already
    if given not in PRECISIONS or given == precision:
        return []
    return [
        Problem(
            reading.articles_cell(position, "published_precision"),
            shorten(given),
            f"{precision!r}, the precision of {published!r}" if published else "nothing, as there is no date",
            "Write the date as precisely as it is known, and no more.",
        )
    ]


def join_outlets(reading: Reading, articles: pd.DataFrame, outlets: pd.DataFrame | None) -> pd.DataFrame:
    """Give the articles of an outlet that is another under a second name to that outlet.

    Parameters
    ----------
    reading : Reading
        Gets the problems of seeds/same_outlets.csv, which may be missing.
    articles, outlets : pandas.DataFrame
        From `read_seed`; without outlets nothing is joined.

    Returns
    -------
    pandas.DataFrame
        The articles.
    """
    path = reading.paths.same_outlets
    if outlets is None or not path.exists():
        return articles
    table = read_seed(reading, path, SAME_OUTLETS_SEED)
    if table is None:
        return articles
    known, seconds = set(outlets["outlet_id"]), set(table["outlet_id"])
    for position, record in enumerate(table.to_dict("records")):
        for column in ("outlet_id", "same_as"):
            if record[column] and record[column] not in known:
                where, found = (
                    reading.cell(path, position, column),
                    f"the unknown outlet {shorten(record[column])}",
                )
                remedy = f"Write an outlet_id of {reading.paths.shown(reading.paths.outlets)}."
                reading.fatal.append(Problem(where, found, "an outlet of the study", remedy))
        if record["same_as"] in seconds:
            found = f"{shorten(record['same_as'])}, which is itself another outlet"
            where = reading.cell(path, position, "same_as")
            reading.fatal.append(
                Problem(where, found, "an outlet of its own", "Write the outlet that it is.")
            )
    same = dict(zip(table["outlet_id"], table["same_as"], strict=True))
    return articles.assign(outlet_id=[same.get(name, name) for name in articles["outlet_id"]])


def check_coded(reading: Reading, articles: pd.DataFrame, outlets: pd.DataFrame) -> dict[str, Problem]:
    """Find the outlets that have articles and no bloc yet: no article may slip into a bloc that nobody chose.

    Parameters
    ----------
    reading : Reading
        Gets the problems, unless ``corpus.on_bad_article`` is ``"exclude"``.
    articles, outlets : pandas.DataFrame
        From `read_seed`.

    Returns
    -------
    dict of str to Problem
        By outlet_id, in the order of the table.
    """
    counts = articles["outlet_id"].value_counts()
    blocs = reading.config.groups.blocs or sorted({bloc for bloc in outlets["bloc"] if not is_uncoded(bloc)})
    exclude = reading.config.corpus.on_bad_article == "exclude"
    remedy = "Write its bloc there" + (
        "."
        if exclude
        else ', or leave its articles out with corpus.on_bad_article = "exclude" in study.toml.'
    )
    found: dict[str, Problem] = {}
    for position, record in enumerate(outlets.to_dict("records")):
        number = int(counts.get(record["outlet_id"], 0))
        if not number or not is_uncoded(record["bloc"]):
            continue
        label = record["label"] or record["name"]
        what = f"{NO_BLOC}{shorten(label)} with {counted(number, 'article')}"
        if record["note"].startswith("perhaps "):  # as `framing add` notes what the name may stand for
            what += f" ({shorten(record['note'], 100)[1:-1]})"
        where = reading.cell(reading.paths.outlets, position, "bloc")
        allowed = ", ".join(blocs) or "the name of a bloc; the same one for all outlets compares outlets only"
        found[record["outlet_id"]] = Problem(where, what, allowed, remedy)
    if not exclude:
        reading.fatal += found.values()
    return found
