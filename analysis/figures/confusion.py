"""Figure 18: which class the study's scorer takes for which, on a public benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.figures.spec import FigureSpec
from analysis.plots.confusion import draw_confusion
from analysis.sentiment.contract import CLASSES

COLUMNS = ["set", "coded", "found", "n", "n_coded", "share", "scorer"]
SETS = ("rw", "mt")


def _data(study) -> pd.DataFrame:
    rows = [
        {"set": part, "coded": coded, "found": found, "n": n, "n_coded": sum(counts),
         "share": n / sum(counts) if sum(counts) else float("nan"), "scorer": study.config.sentiment.scorer}
        for part, matrix in read_confusion(study.scorer.benchmark).items()
        for coded, counts in zip(CLASSES, matrix, strict=True)
        for found, n in zip(CLASSES, counts, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def read_confusion(card: Mapping[str, Any]) -> dict[str, list[list[int]]]:
    """Read the confusion matrices of a scorer's card.

    Parameters
    ----------
    card : mapping
        ``benchmark`` of a scorer; another package's may hold no matrix, or something else of this name.

    Returns
    -------
    dict
        By set, rows of counts as coded by columns as found; none that is not of three by three counts.
    """
    found = card.get("confusion")
    if not isinstance(found, Mapping):
        return {}
    size = len(CLASSES)
    return {
        part: found[part]
        for part in SETS
        if isinstance(found.get(part), list)
        and [len(row) if isinstance(row, list) else 0 for row in found[part]] == [size] * size
        and all(isinstance(n, int) and n >= 0 for row in found[part] for n in row)
    }


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "The card of this study's scorer holds no confusion matrix."
    sets = data.groupby("set", sort=False)["n"].sum()
    sizes = " and ".join(f"{part} ({n} targets)" for part, n in sets.items())
    return (
        f"{data['scorer'].iloc[0]} on the dev cuts of NewsMTSC's test sets {sizes}, names hidden as in a study: rows "
        "are the class that people gave, columns the scorer's. Each cell: targets, and their share of the row, which "
        "the shade repeats."
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty figure: the scorer's card holds 0 confusion matrices to be shown here."
    first = data[data["set"] == data["set"].iloc[0]]
    kept = first[first["coded"] == first["found"]]
    shares = ", ".join(f"{row.coded} {100 * row.share:.0f} %" for row in kept.itertuples())
    return (
        f"Confusion matrices of {data['scorer'].iloc[0]} on {data['set'].nunique()} test sets; share found as coded "
        f"on {data['set'].iloc[0]}: {shares}."
    )


FIGURE = FigureSpec(
    "18_confusion",
    "Which class the scorer takes for which",
    "04_sentiment",
    _data,
    draw_confusion,
    lambda data: 2.75,
    _caption,
    _alt,
    width=5.0,
)
