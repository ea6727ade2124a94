"""Figure 6: own and quoted words by actor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, benchmark_sentence, row_height, with_benchmark
from analysis.measures.headlines import top_actors
from analysis.plots.sentiment import draw_voice


def _data(study) -> pd.DataFrame:
    config = study.config
    shown = top_actors(
        study.result("attention").table,
        actors=config.figures.actors,
        min_mentions=config.sentiment.min_mentions,
    )
    table = study.result("sentiment").table
    table = table[(table["level"] == "bloc") & (table["voice"] != "all") & table["actor_id"].isin(shown)]
    sums = table.assign(sum_balance=(table["balance"] * table["n_mentions"]).fillna(0.0))
    sums = sums.groupby(["actor_id", "actor", "voice"], as_index=False)[
        ["n_mentions", "n_articles", "sum_balance"]
    ].sum()
    sums["balance"] = np.where(
        sums["n_mentions"] > 0, sums["sum_balance"] / sums["n_mentions"].clip(lower=1), np.nan
    )
    if study.corpus.copies:
        sums["balance"] = _weighted_balances(study, sums)
    sums = sums.assign(_actor=sums["actor_id"].map(shown.index)).sort_values(["_actor", "voice"])
    columns = ["actor_id", "actor", "voice", "n_mentions", "n_articles", "balance"]
    return with_benchmark(sums[columns].reset_index(drop=True), study)


def _weighted_balances(study, sums: pd.DataFrame) -> np.ndarray:
    """Average the balance of all mentions of each actor in each voice, where copies share the weight of one text."""
    scores = study.result("scores").table
    weight = study.corpus.copies.weights(scores["article_id"].tolist())
    table = scores[["actor_id", "voice"]].assign(
        weight=weight, balance=weight * (scores["positive"] - scores["negative"])
    )
    found = table.groupby(["actor_id", "voice"])[["balance", "weight"]].sum()
    found = found.reindex(pd.MultiIndex.from_frame(sums[["actor_id", "voice"]]))
    return (found["balance"] / found["weight"]).to_numpy()


def _caption(data: pd.DataFrame) -> str:
    quoted = int(data.loc[data["voice"] == "quoted", "n_mentions"].sum())
    return (
        f"Left: mentions of each actor in the outlet's own words and inside quotation marks (own + quoted). Right: "
        f"balance in each voice, all blocs together. {quoted} of {int(data['n_mentions'].sum())} mentions are quoted; "
        f"indirect speech counts as the outlet's own. {benchmark_sentence(data)} Articles are described, not tested."
    )


def _alt(data: pd.DataFrame) -> str:
    quoted = int(data.loc[data["voice"] == "quoted", "n_mentions"].sum())
    return (
        f"Bars of own and quoted mentions of {counted(data['actor'].nunique(), 'actor')}, with the balance in each "
        f"voice: {quoted} of {int(data['n_mentions'].sum())} mentions are quoted."
    )


FIGURE = FigureSpec(
    "6_voice",
    "Own and quoted words by actor",
    "04_sentiment",
    _data,
    draw_voice,
    row_height("actor", 1.1, 0.26),
    _caption,
    _alt,
)
