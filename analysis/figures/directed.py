"""Figure 16: who does what to whom."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, fit_alt
from analysis.plots.relations import draw_directed

_PAIR = ["subject_id", "object_id"]


def _data(study) -> pd.DataFrame:
    result = study.result("directed")
    table = result.table[result.table["level"] == "bloc"]
    wide = table.pivot_table(
        index=["subject_id", "subject", "object_id", "object", "group"],
        columns="relation",
        values="n",
        aggfunc="sum",
    ).reset_index()
    for relation in ("cooperative", "conflictual"):
        wide[relation] = wide[relation].fillna(0).astype(int) if relation in wide else 0
    wide["n"] = wide["cooperative"] + wide["conflictual"] if len(wide) else pd.Series(dtype=int)
    totals = wide.groupby([*_PAIR, "subject", "object"], as_index=False)["n"].sum()
    totals = totals[totals["n"] > 0].sort_values(["n", "subject", "object"], ascending=[False, True, True])
    totals = totals.head(study.config.figures.actors).assign(
        _row=range(min(len(totals), study.config.figures.actors))
    )
    blocs = study.corpus.grouping("bloc").labels
    shown = wide.merge(totals[[*_PAIR, "_row"]], on=_PAIR)
    shown = shown.assign(_bloc=shown["group"].map(blocs.index)).sort_values(
        ["_bloc", "_row"], ignore_index=True
    )
    shown = shown.assign(
        actor=shown["subject"],
        pair=shown["subject_id"] + " > " + shown["object_id"],
        accuracy=result.provenance["accuracy"],
    )
    columns = [
        "pair",
        "subject_id",
        "actor",
        "object_id",
        "object",
        "group",
        "n",
        "cooperative",
        "conflictual",
        "accuracy",
    ]
    return shown[columns]


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No sentence joins two actors by a listed verb or noun of cooperation or conflict."
    return (
        "Sentences in which the first actor does or says something conflictual (left, dark) or cooperative (right, "
        "hatched) toward the second, by listed verbs and nouns; what is mutual counts in both directions, what is "
        "only possible or denied does not count. The most frequent pairs. Accuracy of the rules "
        f"{data['accuracy'].iloc[0]}. Descriptive: counts without intervals; actors that are not shown may still be "
        "joined by other words."
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty bar chart: 0 sentences of this corpus join two actors by a verb."
    first = data[data["pair"] == data["pair"].iloc[0]]
    values = [f"{row.group} {row.conflictual} and {row.cooperative}" for row in first.itertuples()]
    names = f"{first['actor'].iloc[0]} toward {first['object'].iloc[0]}"
    pairs = counted(data["pair"].nunique(), "directed pair")
    return fit_alt(f"Bars of conflictual and cooperative sentences for {pairs} of actors; {names}:", values)


def _height(data: pd.DataFrame) -> float:
    rows = -(-max(1, data["group"].nunique()) // 3)
    return round(4 * (0.9 + rows * (0.4 + 0.24 * max(2, data["pair"].nunique())))) / 4


FIGURE = FigureSpec(
    "16_directed",
    "Who does what to whom",
    "04_sentiment",
    _data,
    draw_directed,
    _height,
    _caption,
    _alt,
)
