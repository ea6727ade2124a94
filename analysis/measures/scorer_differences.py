"""Sets two scorers side by side: balance by actor and bloc, agreement, and the sentences on which they differ most."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.copy_weights import NO_COPIES, CopyWeights, weighted_mean
from analysis.corpus import Grouping
from analysis.measures.agreement import confusion
from analysis.measures.alpha import coincidence_alpha, krippendorff_alpha, unit_coincidences
from analysis.measures.attention import rank_actors
from analysis.results import ACTOR_KEYS, Result, table_evidence
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES, label_scores

EVERYONE = "all"
"""Stands for all actors, or all groups, in a row that pools them."""


def measure_scorer_differences(
    scored: dict[str, pd.DataFrame],
    grouping: Grouping,
    actors: pd.DataFrame,
    hits: pd.DataFrame,
    copies: CopyWeights = NO_COPIES,
) -> Result:
    """Compare two scorers mention by mention.

    Where they agree on the sign of a difference between blocs, it does not hang on the choice of the scorer;
    that they agree does not make either right.

    Parameters
    ----------
    scored : dict of str to pandas.DataFrame
        Two scorers' tables ``scores``, of the same mentions in the same order; the study's own first.
    grouping : Grouping
        The blocs.
    actors : pandas.DataFrame
        ``actor_id``, ``actor`` (label) and ``kind``.
    hits : pandas.DataFrame
        The evidence of the mentions, in their order.
    copies : CopyWeights
        Which articles share the weight of one text.

    Returns
    -------
    Result
        The table ``scorer_differences``: all actors, then each actor in the corpus and in each bloc that
        mentions it. Its evidence is sorted by how far the two balances of a mention lie apart. With fewer
        than two scorers the table is empty, and ``excluded`` tells why.
    """
    if len(scored) < 2:
        why = "the study's scorer is the baseline itself: there is no second one to set beside it"
        return Result(
            "scorer_differences",
            as_declared(pd.DataFrame(), "scorer_differences"),
            excluded=pd.DataFrame([{"what": "scorers", "n": len(scored), "why": why}]),
            evidence=table_evidence(hits.head(0), ACTOR_KEYS),
        )
    (first, left), (second, right) = list(scored.items())[:2]
    frame = left[["article_id", "bloc", "actor_id"]].reset_index(drop=True)
    frame["weight"] = copies.weights(frame["article_id"].tolist())
    for side, scores in (("first", left), ("second", right)):
        frame[f"balance_{side}"] = (scores["positive"] - scores["negative"]).to_numpy(dtype=float)
        codes = {name: float(place) for place, name in enumerate(CLASSES)}
        frame[f"label_{side}"] = [codes[name] for name in label_scores(scores)] if len(scores) else []
    named = actors.set_index("actor_id")["actor"]
    rows = []
    if len(frame):
        rows.append(_row(frame, EVERYONE, "all actors", "corpus", EVERYONE))
    for actor_id in rank_actors(left, named):
        mentions = frame[frame["actor_id"] == actor_id]
        rows.append(_row(mentions, actor_id, named[actor_id], "corpus", EVERYONE))
        for label in grouping.labels:
            inside = mentions[mentions["bloc"] == label]
            if len(inside):
                rows.append(_row(inside, actor_id, named[actor_id], grouping.level, label))
    table = pd.DataFrame(rows)
    if rows:
        table = table.assign(first=first, second=second)
    evidence = hits.reset_index(drop=True).assign(
        **{first: frame["balance_first"], second: frame["balance_second"]},
        apart=(frame["balance_first"] - frame["balance_second"]).abs().round(6),
    )
    evidence = evidence.sort_values(
        ["apart", "article_id", "start"], ascending=[False, True, True], ignore_index=True
    )
    return Result(
        "scorer_differences",
        as_declared(table, "scorer_differences"),
        params={"first": first, "second": second},
        provenance={
            "alpha": "Krippendorff, nominal, over labels",
            "correlation": "Pearson, over balances of mentions",
        },
        evidence=table_evidence(evidence, ACTOR_KEYS),
    )


def _row(frame: pd.DataFrame, actor_id: str, actor: str, level: str, group: str) -> dict:
    """Compare the two scorers on some mentions."""
    balances = frame[["balance_first", "balance_second"]].to_numpy()
    labels = frame[["label_first", "label_second"]].to_numpy().T
    weight = frame["weight"].to_numpy()
    shared = bool((weight != 1).any())
    first, second = weighted_mean(balances, weight)
    table = confusion(*labels)
    # without spread on both sides there is nothing to correlate
    spread = weight.sum() > 2 + 1e-9 and (np.ptp(balances, axis=0) > 1e-9).all()
    return {
        "actor_id": actor_id,
        "actor": actor,
        "level": level,
        "group": group,
        "n_mentions": len(frame),
        "n_articles": frame["article_id"].nunique(),
        "balance_first": first,
        "balance_second": second,
        "apart": first - second,
        "correlation": _correlate(balances, weight) if spread else np.nan,
        "agreement": weighted_mean(labels[0] == labels[1], weight),
        "alpha": _weighted_alpha(labels, weight) if shared else krippendorff_alpha(labels),
        **{
            f"{one}_{other}": int(table[place, column])
            for place, one in enumerate(CLASSES)
            for column, other in enumerate(CLASSES)
        },
    }


def _correlate(balances: np.ndarray, weight: np.ndarray) -> float:
    """Correlate two columns, each row with its weight."""
    if (weight == 1).all():
        return np.corrcoef(balances.T)[0, 1]
    square = np.cov(balances.T, aweights=weight, bias=True)
    return square[0, 1] / np.sqrt(square[0, 0] * square[1, 1])


def _weighted_alpha(labels: np.ndarray, weight: np.ndarray) -> float:
    """Compute Krippendorff's alpha of mentions of which each counts its weight."""
    values = np.unique(labels)
    sums = np.tensordot(weight, unit_coincidences(labels, values), axes=1)
    return float(coincidence_alpha(sums, values, "nominal"))
