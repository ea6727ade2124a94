"""Figure 14: which words go with the difference of two blocs' balance toward an actor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.figures.spec import FigureSpec, benchmark_sentence, fit_alt, signed, with_benchmark
from analysis.measures.headlines import top_actors
from analysis.measures.sentiment_shift import OTHER, UNTOLD, largest_differences
from analysis.plots.sentiment_shift import draw_sentiment_shift


def _data(study) -> pd.DataFrame:
    config = study.config
    shown = top_actors(
        study.result("attention").table,
        actors=config.figures.actors,
        min_mentions=config.sentiment.min_mentions,
    )
    table = study.result("sentiment_shift").table
    parts = []
    for actor_id, target, reference in largest_differences(table, shown):
        chosen = (table["actor_id"] == actor_id) & (table["target"] == target)
        parts.append(_fold(table[chosen & (table["reference"] == reference)], config.figures.terms))
    table = pd.concat(parts, ignore_index=True) if parts else table.head(0)
    columns = [
        "actor_id", "actor", "target", "reference", "line", "word", "near_target", "near_reference", "articles_target",
        "articles_reference", "weight", "contribution", "contribution_low", "contribution_high", "direction",
        "n_mentions_target", "n_mentions_reference", "n_articles_target", "n_articles_reference", "balance_target",
        "balance_reference", "difference", "fit", "flag",
    ]  # fmt: skip
    return with_benchmark(table[columns], study)


def _fold(pair: pd.DataFrame, words: int) -> pd.DataFrame:
    """Keep the first words of a pair, and add the others to the line of other words."""
    told = pair[pair["line"] == "word"]
    other = pair[pair["line"] == OTHER].copy()
    rest = told.iloc[words:]
    if len(rest):
        # an interval of a sum is not the sum of intervals
        other["contribution"] += rest["contribution"].sum()
        other[["contribution_low", "contribution_high"]] = np.nan
    return pd.concat([told.head(words), other, pair[pair["line"] == UNTOLD]])


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return (
            "No two blocs mention any one actor often enough for their balances to be set against each other."
        )
    bars = " Lines are 95 % intervals over articles." if data["contribution_low"].notna().any() else ""
    fit = data["fit"].iloc[0]
    trust = (
        "the weights could not be tried on articles left out"
        if np.isnan(fit)
        else f"the weights predict {100 * fit:.0f} % of the variance in articles left out"
        if fit > 0
        else "the weights predict nothing in articles left out, so read no word as a reason"
    )
    few = min(data["n_articles_target"].min(), data["n_articles_reference"].min())
    sample = "" if few >= 5 else " Descriptive: too few articles for an interval in at least one panel."
    return (
        f"The actors on which two blocs differ most. Each bar is the share of mentions that a word stands near, in the "
        f"first bloc minus the second, times the word's weight (its association with the balance within articles, over "
        f"all actors); bars and the two sums below them add up to the difference. At the right, mentions near "
        f"the word, first : second bloc. Untold: what no word carries; {trust}.{bars} Association, not cause. "
        f"{benchmark_sentence(data)}{sample}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty bar chart: 0 pairs of blocs mention any one actor often enough to be compared."
    pairs = data.drop_duplicates("actor_id")
    tops = [
        f"{row.actor}, {row.target} minus {row.reference} {signed(row.difference)}"
        for row in pairs.itertuples()
    ]
    return fit_alt("Bars of the words that go with a difference in balance:", tops)


def _height(data: pd.DataFrame) -> float:
    most = data.groupby("actor_id").size().max() if len(data) else 1
    return round(4 * (1.3 + 0.2 * most)) / 4


FIGURE = FigureSpec(
    "14_sentiment_shift",
    "Why two blocs differ on an actor",
    "04_sentiment",
    _data,
    draw_sentiment_shift,
    _height,
    _caption,
    _alt,
)
