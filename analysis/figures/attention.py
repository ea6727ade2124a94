"""Figure 4: who is mentioned."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, column_level, row_height, small_sample, with_bloc
from analysis.measures.headlines import top_actors
from analysis.plots.heatmap import draw_heatmap


def _data(study) -> pd.DataFrame:
    config = study.config
    table = study.result("attention").table
    shown = top_actors(table, actors=config.figures.actors + 4, min_mentions=config.sentiment.min_mentions)
    table = table[(table["level"] == column_level(study)) & table["actor_id"].isin(shown)]
    table = (
        with_bloc(table, study)
        .assign(_order=table["actor_id"].map(shown.index))
        .sort_values("_order", kind="stable")
    )
    columns = [
        "actor_id",
        "actor",
        "kind",
        "level",
        "group",
        "bloc",
        "n_mentions",
        "n_articles",
        "n_group_articles",
        "per_1000",
    ]
    return table[columns].reset_index(drop=True)


def _draw(fig, data: pd.DataFrame) -> None:
    data = data.assign(shown=data["n_mentions"].astype(str))
    draw_heatmap(fig, data, row="actor", value="per_1000", unit="mentions per 1,000 tokens", row_width=26)


def _caption(data: pd.DataFrame) -> str:
    groups = data.drop_duplicates("group")
    return (
        f"Mentions of each actor by {data['level'].iloc[0] if len(data) else 'outlet'}: the number is the count, "
        f"the shade the rate per 1,000 tokens. Names, metonyms, demonyms and dated offices count; pronouns do not. "
        f"{small_sample(groups['n_group_articles'])}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty heat map: 0 actors are mentioned often enough in this corpus to be shown."
    totals = data.groupby("actor", sort=False)["n_mentions"].sum()
    first = f"{totals.index[0]} has {totals.iloc[0]} mentions"
    second = f" and {totals.index[1]} {totals.iloc[1]}" if len(totals) > 1 else ""
    columns = counted(data["group"].nunique(), data["level"].iloc[0])
    return f"Heat map of mentions of {counted(len(totals), 'actor')} by {columns}: {first}{second}."


FIGURE = FigureSpec(
    "4_attention",
    "Who is mentioned",
    "04_sentiment",
    _data,
    _draw,
    row_height("actor", 1.2, 0.24),
    _caption,
    _alt,
)
