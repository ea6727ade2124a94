"""Figure 5: sentiment toward each actor by bloc."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted, shorten_list
from analysis.figures.spec import (
    FigureSpec,
    benchmark_sentence,
    fit_alt,
    row_height,
    signed,
    small_sample,
    with_benchmark,
    with_bloc,
)
from analysis.measures.headlines import top_actors
from analysis.plots.sentiment import draw_sentiment

LEVEL = 0.05
"""Differences with a q of at most this are named in the caption."""


def _data(study) -> pd.DataFrame:
    config, result = study.config, study.result("sentiment")
    shown = top_actors(
        study.result("attention").table,
        actors=config.figures.actors,
        min_mentions=config.sentiment.min_mentions,
    )
    table = result.table
    table = table[
        (table["voice"] == "all") & table["level"].isin(["bloc", "article"]) & table["actor_id"].isin(shown)
    ]
    table = with_bloc(table, study)
    blocs = study.corpus.grouping("bloc").labels
    table = table.assign(_actor=table["actor_id"].map(shown.index), _bloc=table["bloc"].map(blocs.index))
    table = table.sort_values(["_actor", "_bloc", "level", "group"], ascending=[True, True, False, True])
    columns = [
        "actor_id", "actor", "level", "group", "bloc", "n_mentions", "n_articles", "negative", "neutral", "positive",
        "balance", "balance_low", "balance_high", "baseline", "difference", "q",
    ]  # fmt: skip
    return with_benchmark(table[columns].reset_index(drop=True), study)


def _caption(data: pd.DataFrame) -> str:
    bars = " Bars are 95 % intervals over articles." if data["balance_low"].notna().any() else ""
    return (
        f"Balance of positive and negative mentions of each actor: a filled mark for a bloc, a hollow one for each "
        f"of its articles.{bars}{_tested(data)} {benchmark_sentence(data)} Compare outlets on the same actor, "
        f"not actors with each other. {small_sample(_mentioning(data))}"
    )


def _tested(data: pd.DataFrame) -> str:
    """Say which blocs differ from all other articles, where that could be tested."""
    tested = data[data["q"].notna()]
    if tested.empty:
        return ""
    apart = [f"{row.group} on {row.actor}" for row in tested[tested["q"] <= LEVEL].itertuples()]
    names = shorten_list(apart, 6) or "none"
    return f" Apart from all other articles at q of at most {LEVEL} (permutation of articles): {names}."


def _mentioning(data: pd.DataFrame) -> pd.Series:
    """Articles of each bloc that mention the actor, where any does."""
    return data.loc[(data["level"] == "bloc") & (data["n_articles"] > 0), "n_articles"]


def _alt(data: pd.DataFrame) -> str:
    groups = data[(data["level"] == "bloc") & data["balance"].notna()]
    if groups.empty:
        return "Empty dot plot: 0 actors are mentioned often enough in this corpus to be shown."
    actor = groups["actor"].iloc[0]
    values = [f"{row.group} {signed(row.balance)}" for row in groups[groups["actor"] == actor].itertuples()]
    actors = counted(groups["actor"].nunique(), "actor")
    return fit_alt(f"Dot plot of sentiment balance toward {actors} by bloc; toward {actor}:", values)


FIGURE = FigureSpec(
    "5_sentiment",
    "Sentiment toward each actor by bloc",
    "04_sentiment",
    _data,
    draw_sentiment,
    row_height("actor", 1.2, 0.42),
    _caption,
    _alt,
)
