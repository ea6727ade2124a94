"""Measures what a name does to its own score: the same sentences with the actor's name visible and masked."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.copy_weights import weighted_mean
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.measures.attention import rank_actors
from analysis.resampling import descriptive_flag
from analysis.results import ACTOR_KEYS, Result, table_evidence
from analysis.schema.results import as_declared
from analysis.sentiment.contract import label_scores

MOST_MENTIONS = 1000
"""Scoring again takes as long as scoring: of a larger corpus, so many mentions are compared."""


def sample_mentions(mentions: pd.DataFrame, most: int = MOST_MENTIONS) -> np.ndarray:
    """Choose the mentions that are scored twice.

    Parameters
    ----------
    mentions : pandas.DataFrame
        The table ``mentions``.
    most : int
        The most mentions.

    Returns
    -------
    numpy.ndarray
        Their positions, ascending: all, or those whose hashed place in the corpus is lowest, so that the
        choice does not depend on what else is in the corpus.
    """
    if len(mentions) <= most:
        return np.arange(len(mentions))
    keys = [
        hashlib.sha256(f"{article_id}:{start}".encode("utf-8", "replace")).digest()
        for article_id, start in zip(mentions["article_id"], mentions["start"], strict=True)
    ]
    return np.sort(sorted(range(len(keys)), key=lambda place: keys[place])[:most])


def measure_masking(
    masked: pd.DataFrame,
    visible: pd.DataFrame,
    actors: pd.DataFrame,
    hits: pd.DataFrame,
    *,
    statistics: StatisticsParameters,
    left_out: int = 0,
) -> Result:
    """Compare the scores of the same mentions with the name masked and visible.

    Nothing but the name differs, so the difference is what the scorer believes of the name. A difference
    between outlets on one actor is free of it either way; one between actors is not, unless names are masked.

    Parameters
    ----------
    masked, visible : pandas.DataFrame
        The table ``scores``, twice, of the same mentions in the same order. Where articles share the weight of one
        text, the first has ``text`` and ``weight`` of each mention's article as well.
    actors : pandas.DataFrame
        ``actor_id``, ``actor`` (label) and ``kind``.
    hits : pandas.DataFrame
        The evidence of these mentions, in their order.
    statistics : StatisticsParameters
        Of the intervals.
    left_out : int
        Mentions of the corpus that were not scored twice.

    Returns
    -------
    Result
        The table ``masking``: all actors, each kind, each actor by mentions. Its evidence is sorted by how
        far the name moves the balance.
    """
    named = actors.set_index("actor_id")
    frame = masked[["article_id", "actor_id"]].reset_index(drop=True)
    frame["kind"] = frame["actor_id"].map(named["kind"])
    frame["masked"] = (masked["positive"] - masked["negative"]).to_numpy(dtype=float)
    frame["visible"] = (visible["positive"] - visible["negative"]).to_numpy(dtype=float)
    frame["weight"] = masked["weight"].to_numpy() if "weight" in masked else 1.0
    frame["text"] = masked["text"].to_numpy() if "text" in masked else frame["article_id"]
    frame["turned"] = label_scores(masked) != label_scores(visible) if len(frame) else False
    rows = []
    if len(frame):
        rows.append({"scope": "all", "item": "all actors", **_compare(frame, statistics)})
    for kind in sorted(frame["kind"].unique()):
        rows.append({"scope": "kind", "item": kind, **_compare(frame[frame["kind"] == kind], statistics)})
    for actor_id in rank_actors(masked, named["actor"]):
        compared = _compare(frame[frame["actor_id"] == actor_id], statistics)
        rows.append({"scope": "actor", "item": named.loc[actor_id, "actor"], **compared})
    if "text" in masked:
        rows = [row | {"flag": row["flag"].replace("article", "text")} for row in rows]
    evidence = hits.reset_index(drop=True).assign(masked=frame["masked"], visible=frame["visible"])
    evidence["moved"] = (frame["visible"] - frame["masked"]).round(6)
    order = evidence["moved"].abs().sort_values(ascending=False, kind="stable").index
    why = f"more than {MOST_MENTIONS} mentions: those with the lowest hash of article and place were compared"
    excluded = [{"what": "mentions", "n": left_out, "why": why}] if left_out else []
    return Result(
        "masking",
        as_declared(pd.DataFrame(rows), "masking"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={"difference": "visible minus masked", "interval": METHOD},
        excluded=pd.DataFrame(excluded, columns=["what", "n", "why"]),
        evidence=table_evidence(evidence.loc[order].reset_index(drop=True), ACTOR_KEYS),
    )


def no_masking(scorer: str, mentions: int) -> Result:
    """Stand in for a comparison that the scorer does not allow.

    Parameters
    ----------
    scorer : str
        Its name with version.
    mentions : int
        Mentions that were not compared.

    Returns
    -------
    Result
        Without a row; the reason stands in ``excluded``.
    """
    why = f"the scorer {scorer} cannot leave the actor's name visible, so nothing can be compared"
    return Result(
        "masking",
        as_declared(pd.DataFrame(), "masking"),
        excluded=pd.DataFrame([{"what": "mentions", "n": mentions, "why": why}]),
    )


def _compare(frame: pd.DataFrame, statistics: StatisticsParameters) -> dict:
    """Compare the two scores of some mentions; intervals resample their articles."""
    weight, text = frame["weight"], frame["text"]
    moved = (frame["visible"] - frame["masked"]) * weight
    by_article = pd.DataFrame({"sum": moved.groupby(text).sum(), "size": weight.groupby(text).sum()}).sort_index()
    articles = len(by_article)
    low = high = np.nan
    if articles >= statistics.min_articles_interval:
        sums = (by_article["sum"].to_numpy()[:, None], by_article["size"].to_numpy(dtype=float)[:, None])
        bounds = article_interval(
            ratio,
            [Group(list(by_article.index), sums)],
            replicates=statistics.bootstrap,
            random_state=statistics.random_state,
        )
        low, high = (float(bound[0]) for bound in bounds)
    return {
        "n_mentions": len(frame),
        "n_articles": frame["article_id"].nunique(),
        "balance_masked": weighted_mean(frame["masked"], weight),
        "balance_visible": weighted_mean(frame["visible"], weight),
        "difference": weighted_mean(frame["visible"] - frame["masked"], weight),
        "difference_low": low,
        "difference_high": high,
        "turned": weighted_mean(frame["turned"], weight),
        "flag": descriptive_flag(articles) if articles < statistics.min_articles_interval else "",
    }
