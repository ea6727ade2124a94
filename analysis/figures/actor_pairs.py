"""Figure 15: who is praised or blamed beside whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, benchmark_sentence, signed, with_benchmark
from analysis.measures.headlines import top_actors
from analysis.plots.relations import draw_actor_pairs

MOST_ACTORS = 6


def _data(study) -> pd.DataFrame:
    config = study.config
    shown = top_actors(
        study.result("attention").table,
        actors=min(MOST_ACTORS, config.figures.actors),
        min_mentions=config.sentiment.min_mentions,
    )
    table = study.result("actor_pairs").table
    table = table[(table["level"] == "bloc") & table["actor_id"].isin(shown) & table["beside_id"].isin(shown)]
    blocs = study.corpus.grouping("bloc").labels
    table = table.assign(
        _bloc=table["group"].map(blocs.index),
        _actor=table["actor_id"].map(shown.index),
        _beside=table["beside_id"].map(shown.index),
        balance=table["balance"].where(table["n_sentences"] >= config.sentiment.min_mentions),
        least=config.sentiment.min_mentions,
    )
    table = table.sort_values(["_bloc", "_actor", "_beside"])
    columns = [
        "actor_id", "actor", "beside_id", "beside", "group", "n_sentences", "n_mentions", "n_articles", "balance",
        "overall", "least",
    ]  # fmt: skip
    table = with_benchmark(table[columns].reset_index(drop=True), study)
    return table.assign(
        shown=[
            f"({row.n_sentences})" if np.isnan(row.balance) else f"({row.n_sentences})\n{_short(row.balance)}"
            for row in table.itertuples()
        ]
    )


def _short(balance: float) -> str:
    """Write a balance without its leading zero: a cell is narrow."""
    return signed(balance).replace("-", "−").replace("0.", ".")


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No sentence names two of the actors that are mentioned often enough to be shown."
    least = int(data["least"].iloc[0])
    return (
        "Balance of positive and negative mentions of the actor of the row in the sentences that also name the "
        "actor of the column, with the number of sentences in brackets; the darker, the more blamed. Hatched cells "
        f"have fewer than {least} sentences and show their number only; empty cells have none. No cell has an "
        "interval: most rest on few articles, which the table lists, with the balance elsewhere. "
        f"{benchmark_sentence(data)}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty map: 0 pairs of actors are named in one sentence of this corpus."
    top = data.loc[data["n_sentences"].idxmax()]
    maps = counted(data["group"].nunique(), "bloc")
    return (
        f"Maps of sentiment toward {counted(data['actor_id'].nunique(), 'actor')} beside each other in {maps}; most "
        f"sentences, {top['n_sentences']}, name {top['actor']} beside {top['beside']} in {top['group']}."
    )


def _height(data: pd.DataFrame) -> float:
    rows = -(-max(1, data["group"].nunique()) // 2)
    return round(4 * (1.1 + rows * (0.5 + 0.34 * max(2, data["actor"].nunique())))) / 4


FIGURE = FigureSpec(
    "15_actor_pairs",
    "Who is praised or blamed beside whom",
    "04_sentiment",
    _data,
    draw_actor_pairs,
    _height,
    _caption,
    _alt,
)
