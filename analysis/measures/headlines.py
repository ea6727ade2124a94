"""Chooses the headline numbers: the terms and actors that the figures show and the robustness checks repeat."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import StudyConfig
from analysis.measures.contrasts import REST
from analysis.measures.robustness import Headlines

G2_FILTER = 3.84
"""Terms are ranked by size among those whose |G2| is at least this; it is a filter, not a test."""


def top_contrasts(contrasts: pd.DataFrame, *, terms: int, level: str = "bloc") -> pd.DataFrame:
    """Choose the terms that set each group apart from the rest.

    Parameters
    ----------
    contrasts : pandas.DataFrame
        The table ``contrasts``.
    terms : int
        Terms per group.
    level : {"bloc", "outlet"}
        What is contrasted.

    Returns
    -------
    pandas.DataFrame
        Rows of the table: over-used terms with G2 of at least `G2_FILTER` that two of the target's articles
        contain (or its only one), by log ratio, then term.
    """
    rows = contrasts[(contrasts["level"] == level) & (contrasts["reference"] == REST)]
    spread = rows["articles_target"] >= np.minimum(2, rows["n_articles_target"])
    rows = rows[(rows["log_ratio"] > 0) & (rows["g2"] >= G2_FILTER) & spread]
    rows = rows.assign(_size=rows["log_ratio"].round(9), _order=pd.factorize(rows["target"])[0])
    rows = rows.sort_values(["_order", "_size", "term"], ascending=[True, False, True])
    return (
        rows.groupby("_order", sort=True).head(terms).drop(columns=["_size", "_order"]).reset_index(drop=True)
    )


def top_actors(attention: pd.DataFrame, *, actors: int, min_mentions: int) -> list[str]:
    """Choose the actors that are shown.

    Parameters
    ----------
    attention : pandas.DataFrame
        The table ``attention``.
    actors : int
        The most actors.
    min_mentions : int
        Mentions in the corpus that an actor must have.

    Returns
    -------
    list of str
        actor_ids by mentions in the corpus, then label.
    """
    rows = attention[attention["level"] == "bloc"]
    totals = rows.groupby(["actor_id", "actor"], as_index=False)["n_mentions"].sum()
    totals = totals[totals["n_mentions"] >= min_mentions]
    totals = totals.sort_values(["n_mentions", "actor"], ascending=[False, True])
    return totals["actor_id"].head(actors).tolist()


def choose_headlines(contrasts: pd.DataFrame, attention: pd.DataFrame, config: StudyConfig) -> Headlines:
    """Choose the numbers that the robustness checks repeat.

    Parameters
    ----------
    contrasts, attention : pandas.DataFrame
        The tables of these names.
    config : StudyConfig
        How many are shown.

    Returns
    -------
    Headlines
        What the figures show.
    """
    chosen = top_contrasts(contrasts, terms=config.figures.terms)
    pairs = tuple(zip(chosen["target"], chosen["term"], strict=True))
    actors = top_actors(attention, actors=config.figures.actors, min_mentions=config.sentiment.min_mentions)
    return Headlines(pairs, tuple(actors))
