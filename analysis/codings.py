"""Reads seeds/codings/: what people (or another reader) coded each mention of an actor as."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import Problem, StudyError, shorten
from analysis.readers import read_csv
from analysis.sentiment.contract import CLASSES

COLUMNS = ("article_id", "start", "end", "actor_id", "code", "note")
_KEY = ["article_id", "start", "end", "actor_id"]


def load_codings(folder: Path, mentions: pd.DataFrame) -> pd.DataFrame:
    """Read every coder's sheet.

    Parameters
    ----------
    folder : pathlib.Path
        ``seeds/codings``; each ``.csv`` file is one coder, named by the file.
    mentions : pandas.DataFrame
        The table ``mentions`` that was coded.

    Returns
    -------
    pandas.DataFrame
        One row per mention, in the mentions' order, one column per coder; a missing code is ``""``. Without
        sheets there are no columns.

    Raises
    ------
    StudyError
        A sheet lacks a column, holds a code that the guide does not know, codes a mention twice, or codes one
        that is not in the corpus (a sheet of another corpus, or of other texts): every problem by file and row.
    """
    codes = pd.DataFrame(index=mentions.index)
    places = {
        tuple(row): position for position, row in enumerate(mentions[_KEY].itertuples(index=False, name=None))
    }
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        shown = f"seeds/codings/{path.name}"
        try:
            sheet = read_csv(path, shown=shown)
        except StudyError as error:
            problems += error.problems
            continue
        missing = [name for name in COLUMNS if name not in sheet.columns]
        if missing:
            problems += [
                Problem(f"{shown}:1 ({name})", "no such column", ", ".join(COLUMNS), "Add it.")
                for name in missing
            ]
            continue
        column, found = _read_sheet(sheet, places, shown)
        problems += found
        codes[path.stem] = column
    if problems:
        raise StudyError(problems)
    return codes


def _read_sheet(
    sheet: pd.DataFrame, places: dict[tuple, int], shown: str
) -> tuple[np.ndarray, list[Problem]]:
    """Put one coder's codes in the mentions' order."""
    column = np.full(len(places), "", dtype=object)
    seen: dict[int, int] = {}
    problems = []
    for row, record in zip(sheet.index, sheet.to_dict("records"), strict=True):
        if record["code"] not in ("", *CLASSES):
            problems.append(
                Problem(
                    f"{shown}:{row} (code)",
                    shorten(record["code"]),
                    f"{', '.join(CLASSES)} or empty",
                    "Correct it.",
                )
            )
            continue
        try:
            key = (record["article_id"], int(record["start"]), int(record["end"]), record["actor_id"])
        except ValueError:
            found = f"{shorten(record['start'])} and {shorten(record['end'])}"
            problems.append(Problem(f"{shown}:{row} (start, end)", found, "whole numbers", "Correct them."))
            continue
        place = places.get(key)
        if place is None:
            found = f"a mention that is not in the corpus: {key[3]} at {key[1]} in {shorten(key[0])}"
            remedy = "Code the corpus as it is now; a sheet of other texts does not fit."
            problems.append(Problem(f"{shown}:{row}", found, "a row of `framing mentions`", remedy))
        elif place in seen:
            found = f"the mention of row {seen[place]} again"
            problems.append(
                Problem(f"{shown}:{row}", found, "each mention once", "Keep one of the two codes.")
            )
        else:
            seen[place] = row
            column[place] = record["code"]
    return column, problems
