"""Figures 19, 21 and 22: the specification curves of the headline claims on terms, sentiment and themes."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from analysis.figures.spec import FigureSpec, fit_alt
from analysis.plots.multiverse import draw_multiverse

MOST_CLAIMS = 3
_POINTS = 101
_SAID = {
    "contrasts": "that a bloc uses a term more than all others",
    "sentiment": "that a bloc is more negative, or more positive, toward an actor than all others",
    "themes": "that a bloc gives a theme more, or less, weight than all others",
}
_WORDS = {
    "left_out": "left out", "min_count": "least count", "scored_as": "scored as", "min_tokens": "shortest",
    "ngrams": "counted", "k": "themes",
}  # fmt: skip
_COLUMNS = [
    "claim", "family", "item", "group", "bloc_rank", "kind", "choice", "option", "place", "relative_low",
    "relative_median", "relative_high", "same_sign", "n_specifications", "n_lost", "value",
]  # fmt: skip


def _data(study, family: str) -> pd.DataFrame:
    every = study.result("multiverse").table
    summary = study.result("multiverse_summary").table
    every, summary = every[every["family"] == family], summary[summary["family"] == family]
    names = _item_names(study, family)
    blocs = study.corpus.grouping("bloc").labels
    rows = []
    for total in summary[summary["choice"] == ""].head(MOST_CLAIMS).itertuples():
        mine = (summary["item"] == total.item) & (summary["group"] == total.group)
        claim = {
            "claim": f"{names.get(total.item, total.item)} – {total.group}", "family": family, "item": total.item,
            "group": total.group, "bloc_rank": blocs.index(total.group), "same_sign": total.same_sign,
            "n_specifications": total.n_specifications, "n_lost": total.n_lost, "value": total.value,
        }  # fmt: skip
        found = every[(every["item"] == total.item) & (every["group"] == total.group)]["relative"].dropna()
        sizes = np.sort(found.to_numpy())[::-1]
        known = len(sizes) / total.n_specifications
        for step in range(_POINTS if len(sizes) else 0):
            share = step / (_POINTS - 1)
            size = sizes[min(len(sizes) - 1, int(share * len(sizes)))]
            rows.append(claim | {"kind": "curve", "place": share * known, "relative_median": size})
        for option in summary[mine & (summary["choice"] != "")].to_dict("records"):
            option["choice"] = _WORDS.get(option["choice"], option["choice"])
            rows.append(claim | {key: option[key] for key in _COLUMNS if key in option} | {"kind": "option"})
    return pd.DataFrame(rows, columns=_COLUMNS)


def _item_names(study, family: str) -> dict[str, str]:
    """Name actors and themes as the other figures do; terms are their own names."""
    if family == "sentiment":
        return dict(zip(study.actor_labels["actor_id"], study.actor_labels["actor"], strict=True))
    if family == "themes":
        table = study.result("themes").table
        return dict(zip(table["theme_id"], table["label"], strict=True))
    return {}


def _caption(family: str, data: pd.DataFrame) -> str:
    if data.empty:
        return f"No headline claim {_SAID[family]} can be made, so there is none to specify otherwise."
    claims = data.drop_duplicates("claim")
    said = "; ".join(
        f"{row.claim} {row.n_specifications:,} specifications, {100 * row.same_sign:.0f} % with the published sign"
        for row in claims.itertuples()
    )
    lost = " Where the curve ends, the number cannot be had." if (claims["n_lost"] > 0).any() else ""
    return (
        f"Specification curves of the claims {_SAID[family]}: every combination of defensible choices, sorted by size "
        f"relative to the published choices (1 the same, 0 nothing, below 0 turned; sizes beyond the axis are drawn "
        f"at its edge).{lost} Below, the median and the middle 90 % with each option, and the share that keeps the "
        f"sign. {said}."
    )


def _alt(family: str, data: pd.DataFrame) -> str:
    if data.empty:
        return f"Empty specification curve: 0 headline claims on {family} can be made in this corpus."
    claims = data.drop_duplicates("claim")
    items = [f"{row.claim} {100 * row.same_sign:.0f} %" for row in claims.itertuples()]
    return fit_alt("Specification curves; share of specifications that keep the published sign:", items)


def _height(data: pd.DataFrame) -> float:
    lines = data.loc[data["kind"] == "option", ["choice", "option"]].drop_duplicates()
    return round(4 * (2.9 + 0.165 * len(lines))) / 4


FIGURES = tuple(
    FigureSpec(
        figure_id,
        title,
        "05_robustness",
        partial(_data, family=family),
        draw_multiverse,
        _height,
        partial(_caption, family),
        partial(_alt, family),
    )
    for figure_id, title, family in (
        ("19_multiverse_contrasts", "Term contrasts under every specification", "contrasts"),
        ("21_multiverse_sentiment", "Sentiment under every specification", "sentiment"),
        ("22_multiverse_themes", "Themes under every specification", "themes"),
    )
)
