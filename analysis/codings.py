"""What coders made of a sample: the form that every measure of agreement takes, and the reader of seeds/codings/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from analysis.copy_weights import CopyWeights
from analysis.errors import Problem, StudyError, shorten
from analysis.readers import read_csv
from analysis.sentiment.contract import CLASSES

COLUMNS = ("article_id", "start", "end", "actor_id", "code", "note")
_KEY = ["article_id", "start", "end", "actor_id"]

Measurement = Literal["nominal", "ordinal", "interval"]
UNCLEAR = "unclear"
"""The code of an item that a coder could not decide; never one of a variable's own codes."""


@dataclass(frozen=True)
class CodedVariable:
    """One thing that was coded.

    Parameters
    ----------
    name : str
        Its name in the sheets.
    level : {"nominal", "ordinal", "interval"}
        Level of measurement.
    codes : tuple of str
        What it can be, in order, without `UNCLEAR`; numbers for an interval variable.
    """

    name: str
    level: Measurement
    codes: tuple[str, ...]


SENTIMENT = CodedVariable("sentiment", "nominal", CLASSES)
"""Sentiment toward an actor, as coders and scorers tell it. Nominal, so that every disagreement counts alike."""


@dataclass(frozen=True)
class CodedItems:
    """Items that coders have coded.

    Parameters
    ----------
    codings : pandas.DataFrame
        One row per item, coder and variable: ``item_id``, ``coder``, ``variable``, ``code``; NaN is missing.
    items : pandas.DataFrame
        One row per sampled item: ``item_id``, ``article_id``, ``stratum`` and ``weight`` (how many items of the
        corpus it stands for), in any order; more columns are kept.
    variables : tuple of CodedVariable
        What was coded.
    """

    codings: pd.DataFrame
    items: pd.DataFrame
    variables: tuple[CodedVariable, ...]

    @property
    def coders(self) -> list[str]:
        """Who coded, sorted."""
        return sorted(self.codings["coder"].unique())


def share_codings(coded: CodedItems, copies: CopyWeights) -> CodedItems:
    """Let the coded items of copies share the weight of one text, and be drawn with it.

    Parameters
    ----------
    coded : CodedItems
        The items.
    copies : CopyWeights
        Which articles are copies of one text.

    Returns
    -------
    CodedItems
        Whose items name the text as their ``article_id``; as given where nothing is copied.
    """
    if not copies:
        return coded
    names = coded.items["article_id"].tolist()
    weight = coded.items["weight"] * copies.weights(names)
    return replace(coded, items=coded.items.assign(article_id=copies.texts(names), weight=weight))


def coded_mentions(codes: pd.DataFrame, mentions: pd.DataFrame) -> CodedItems:
    """Bring the sheets of ``seeds/codings`` into the form of coded items.

    The sheets tell of no sample. Where they hold some mentions only, these are taken for a simple random
    sample, so that each stands for as many.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `load_codings`.
    mentions : pandas.DataFrame
        The table ``mentions``, in the same order.

    Returns
    -------
    CodedItems
        One item for each mention that somebody coded; ``mention`` is its place in `mentions`.
    """
    coded = (
        (codes != "").any(axis=1).to_numpy(dtype=bool) if len(codes.columns) else np.zeros(len(codes), bool)
    )
    places = np.flatnonzero(coded)
    items = mentions[_KEY].iloc[places].reset_index(drop=True)
    items.insert(0, "item_id", [f"m{place:06d}" for place in places])
    items = items.assign(
        mention=places, stratum="all mentions", weight=len(mentions) / len(places) if len(places) else np.nan
    )
    parts = [
        pd.DataFrame(
            {
                "item_id": items["item_id"],
                "coder": str(coder),
                "variable": SENTIMENT.name,
                "code": codes[coder].to_numpy()[places],
            }
        )
        for coder in codes.columns
    ]
    columns = ["item_id", "coder", "variable", "code"]
    codings = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns, dtype=object)
    codings["code"] = codings["code"].astype(object).where(codings["code"] != "", np.nan)
    return CodedItems(codings, items, (SENTIMENT,))


def coded_places(items: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    """Find the scored mention of each coded item.

    Parameters
    ----------
    items : pandas.DataFrame
        ``article_id``, ``start``, ``end``, ``actor_id``.
    scores : pandas.DataFrame
        The table ``scores`` or ``mentions``.

    Returns
    -------
    numpy.ndarray
        Of shape (items,): places in `scores`; -1 where there is no such mention.
    """
    known = pd.MultiIndex.from_frame(scores[_KEY])
    return known.get_indexer(pd.MultiIndex.from_frame(items[_KEY]))


def codes_by_coder(coded: CodedItems, index: pd.Index) -> pd.DataFrame:
    """Lay out coded mentions beside all mentions.

    Parameters
    ----------
    coded : CodedItems
        Whose items have their place among all mentions in ``mention``.
    index : pandas.Index
        Of all mentions.

    Returns
    -------
    pandas.DataFrame
        One column per coder; what is not coded is ``""``.
    """
    place = dict(zip(coded.items["item_id"], coded.items["mention"], strict=True))
    table = pd.DataFrame(index=index)
    for coder in coded.coders:
        rows = coded.codings[coded.codings["coder"] == coder].dropna(subset="code")
        column = np.full(len(index), "", dtype=object)
        column[rows["item_id"].map(place).to_numpy(dtype=int)] = rows["code"].to_numpy(dtype=object)
        table[coder] = column
    return table


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
