"""Figure 23: the study's scorer against coders, and balances corrected by what they coded."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, signed
from analysis.measures.machine import MACRO
from analysis.measures.machine_balance import FEWEST
from analysis.plots.machine_coders import draw_machine_coders
from analysis.sentiment.contract import CLASSES

COLUMNS = [
    "panel",
    "item",
    "bloc",
    "series",
    "n",
    "n_coded",
    "n_articles",
    "value",
    "low",
    "high",
    "bloc_rank",
    "scorer",
]
MOST_ROWS = 18
"""Actors enter by mentions, as long as their blocs fit on so many rows."""

SERIES = {"precision": "precision", "recall": "recall", "f1": "F1"}


def machine_table(classes: pd.DataFrame, balance: pd.DataFrame, scorer: str) -> pd.DataFrame:
    """Put the scorer's classes and the balances into the one table behind the figure.

    Parameters
    ----------
    classes : pandas.DataFrame
        The table ``machine_classes``.
    balance : pandas.DataFrame
        The table ``machine_balance``.
    scorer : str
        The scorer whose classes are shown.

    Returns
    -------
    pandas.DataFrame
        With `COLUMNS`, in the order of drawing; empty where nothing was coded.
    """
    rows = []
    own = classes[(classes["scorer"] == scorer) & classes["class"].isin([*CLASSES, MACRO])]
    for record in own.to_dict("records"):
        name = "mean of classes" if record["class"] == MACRO else record["class"]
        for measure, series in SERIES.items():
            estimate = [record[f"{measure}{end}"] for end in ("", "_low", "_high")]
            n, articles = record["n_coded"], record["n_articles"]
            rows.append(("classes", name, "", series, n, n, articles, *estimate, 0, scorer))
    shown = balance[(balance["level"] == "bloc") & (balance["against"] == "") & (balance["n_coded"] > 0)]
    ranks = {bloc: rank for rank, bloc in enumerate(dict.fromkeys(shown["group"]))}
    mentions = shown.groupby("actor", sort=False)["n_mentions"].sum().sort_index()
    taken = 0
    for actor in mentions.sort_values(ascending=False, kind="stable").index if len(shown) else ():
        blocs = shown[shown["actor"] == actor].to_dict("records")
        if taken and taken + len(blocs) > MOST_ROWS:
            break
        taken += len(blocs)
        for record in blocs:
            for name, series in (("machine", "counted"), ("corrected", "corrected")):
                estimate = [record[f"{name}{end}"] for end in ("", "_low", "_high")]
                counts = (record["n_mentions"], record["n_coded"], record["n_articles_coded"])
                rows.append(
                    (
                        "balance",
                        actor,
                        record["group"],
                        series,
                        *counts,
                        *estimate,
                        ranks[record["group"]],
                        scorer,
                    )
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def _data(study) -> pd.DataFrame:
    classes, balance = (study.result(name).table for name in ("machine_classes", "machine_balance"))
    return machine_table(classes, balance, study.config.sentiment.scorer)


def _macro(data: pd.DataFrame) -> pd.Series:
    return data[(data["item"] == "mean of classes") & (data["series"] == "F1")].iloc[0]


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No codings: the study has no coded mentions to set its scorer against."
    macro = _macro(data)
    bars = "Bars are 95 % intervals over articles" if data["low"].notna().any() else "No interval is given"
    some = data["low"].notna().any() and data["low"].isna().any()
    balance = data[data["panel"] == "balance"]
    everything = len(balance) and (balance["n_coded"] == balance["n"]).all()
    whole = " Every mention is coded, so that the corrected balance is what coders say." if everything else ""
    lacking = data.loc[data["series"] == "corrected", "value"].isna().any()
    few = f" Fewer than {FEWEST} coded of more mentions are not corrected." if lacking else ""
    return (
        f"{data['scorer'].iloc[0]} against the code that more than half of a mention's coders gave "
        f"({counted(macro['n_coded'], 'mention')} in {counted(macro['n_articles'], 'article')}), weighted by "
        "the sample. Below: the balance of its labels over all mentions (hollow), and corrected by the mean error "
        "seen in coded mentions (filled), which assumes nothing of the errors. "
        f"{bars}{'; withheld where too few articles bear one' if some else ''}.{whole}{few}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty figure: 0 mentions of the corpus have been coded, so nothing is compared."
    macro = _macro(data)
    text = f"Dot plots of {data['scorer'].iloc[0]} against coders."
    if pd.notna(macro["value"]):
        text = f"Dot plots of {data['scorer'].iloc[0]} against coders: mean F1 {macro['value']:.2f}."
    balance = data[(data["panel"] == "balance") & data["value"].notna()]
    if balance.empty:
        return f"{text} No balance is corrected; {int(macro['n_coded'])} mentions were coded."
    first = balance[
        (balance["item"] == balance["item"].iloc[0]) & (balance["bloc"] == balance["bloc"].iloc[0])
    ]
    values = " and ".join(f"{row.series} {signed(row.value)}" for row in first.itertuples())
    return f"{text} Balance toward {first['item'].iloc[0]} in {first['bloc'].iloc[0]}: {values}."


def _height(data: pd.DataFrame) -> float:
    rows = len(data.drop_duplicates(["panel", "item", "bloc"]))
    return round(4 * (1.3 + 0.25 * max(1, rows))) / 4


FIGURE = FigureSpec(
    "23_machine_coders",
    "The scorer against coders, and balances corrected by them",
    "04_sentiment",
    _data,
    draw_machine_coders,
    _height,
    _caption,
    _alt,
)
