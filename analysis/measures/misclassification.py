"""Corrects shares of sentiment for the scorer's errors on a benchmark: a sensitivity, not the truth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.corpus import Corpus, Grouping
from analysis.measures.attention import rank_actors
from analysis.measures.sentiment import score_cube
from analysis.results import Result
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES, label_scores

FLAG = "sensitivity, not truth"
_REPLICATES = 200
_LEAST_SINGULAR = 0.02
# the faces of the simplex of three shares: its sides; the corners are their ends
_SIDES = ((0, 1), (0, 2), (1, 2))


def read_confusion(benchmark: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Read the confusion matrices of a scorer's card.

    Parameters
    ----------
    benchmark : mapping
        A scorer's ``benchmark``. ``confusion`` maps the name of a test set to 3 rows (coded negative,
        neutral, positive) of 3 columns (found so), as lists or as mappings by class; counts of targets.

    Returns
    -------
    dict of str to numpy.ndarray
        Test set, sorted, to counts of shape (3, 3); what is no such matrix is left out.
    """
    found = {}
    stored = benchmark.get("confusion") if isinstance(benchmark, Mapping) else None
    for name, rows in sorted(stored.items()) if isinstance(stored, Mapping) else ():
        try:
            if isinstance(rows, Mapping):
                rows = [[rows[true][seen] for seen in CLASSES] for true in CLASSES]
            counts = np.asarray(rows, dtype=float)
        except (KeyError, TypeError, ValueError):
            continue
        if counts.shape == (3, 3) and np.isfinite(counts).all() and (counts >= 0).all():
            found[str(name)] = counts
    return found


def adjust_shares(shares: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Find the true shares that the scorer would most nearly have turned into the shares it found.

    The shares found are ``found = true @ rates``; `true` is the solution of least squares among all shares,
    that is numbers of at least 0 that add up to 1. Where the inverse of `rates` gives shares, it is that
    (Hausman, Abrevaya & Scott-Morton 1998; Buonaccorsi 2010; King & Lu 2008 for many classes); where it
    does not, the best point on the edge of the simplex is taken (as in Hopkins & King 2010), not a clipped
    inverse.

    Parameters
    ----------
    shares : numpy.ndarray
        Of shape (k, 3): shares of labels found, each row adding up to 1.
    rates : numpy.ndarray
        Of shape (3, 3): P(found | true), each row adding up to 1. Or both in stacks: (b, k, 3) and (b, 3, 3).

    Returns
    -------
    numpy.ndarray
        Of the shape of `shares`; NaN where the shares are, and everywhere if the scorer does not tell the classes
        apart (smallest singular value of `rates` below .02), as then nothing can be inferred.

    Examples
    --------
    >>> rates = np.array([[0.8, 0.2, 0.0], [0.1, 0.8, 0.1], [0.0, 0.2, 0.8]])
    >>> adjust_shares(np.array([[0.25, 0.5, 0.25]]) @ rates, rates).round(6).tolist()
    [[0.25, 0.5, 0.25]]
    """
    shares, rates = np.asarray(shares, dtype=float), np.asarray(rates, dtype=float)
    whole, stacked = shares.shape, (rates if rates.ndim == 3 else rates[None])
    shares = shares.reshape(len(stacked), -1, 3)
    best = np.full(shares.shape, np.nan)
    usable = np.isfinite(stacked).all(axis=(1, 2))
    usable[usable] = np.linalg.svd(stacked[usable], compute_uv=False)[:, -1] >= _LEAST_SINGULAR
    found, rates = shares[usable], stacked[usable]
    solved = found @ np.linalg.inv(rates)
    stack, row = np.nonzero(~(solved >= -1e-9).all(axis=2) & np.isfinite(found).all(axis=2))
    if len(stack):
        solved[stack, row] = _nearest_on_the_edge(found[stack, row], rates[stack])
    solved = np.where(np.abs(solved) < 1e-9, 0.0, solved)
    best[usable] = solved / solved.sum(axis=2, keepdims=True)
    return best.reshape(whole)


def _nearest_on_the_edge(shares: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Find the best shares of which one is 0: shares of shape (m, 3), each with rates of its own."""
    best, error = np.zeros(shares.shape), np.full(len(shares), np.inf)
    for first, second in _SIDES:
        step = rates[:, first] - rates[:, second]
        along = ((shares - rates[:, second]) * step).sum(axis=1) / (step**2).sum(axis=1)
        candidate = np.zeros(shares.shape)
        candidate[:, first] = np.clip(along, 0.0, 1.0)
        candidate[:, second] = 1 - candidate[:, first]
        missed = ((shares - (candidate[:, None, :] @ rates)[:, 0]) ** 2).sum(axis=1)
        better = missed < error - 1e-12
        best[better], error[better] = candidate[better], missed[better]
    return best


def measure_misclassification(
    corpus: Corpus,
    groupings: list[Grouping],
    scores: pd.DataFrame,
    actors: pd.DataFrame,
    *,
    benchmark: Mapping[str, Any],
    statistics: StatisticsParameters,
) -> Result:
    """Adjust every group's shares by each confusion matrix on the scorer's card.

    Labels are counted, since it is labels that the benchmark has confused. The matrix is carried over from
    the benchmark's sentences to the study's: P(found | true) is taken to be the same there and in every
    group, which cannot be checked without codes of the study's own sentences. The range tells only how
    small the benchmark is: its targets are redrawn within each true class, and the articles are not.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Articles, outlets, blocs.
    scores : pandas.DataFrame
        The table ``scores``.
    actors : pandas.DataFrame
        ``actor_id``, ``actor`` (label) and ``kind``.
    benchmark : mapping
        The scorer's; see `read_confusion`.
    statistics : StatisticsParameters
        Its random state.

    Returns
    -------
    Result
        The table ``sentiment_adjusted``: one row per group, actor and test set. Without a confusion matrix,
        one row per group and actor with nothing adjusted, and the reason.
    """
    named = actors.set_index("actor_id")["actor"]
    order = rank_actors(scores, named)
    labels = label_scores(scores) if len(scores) else np.array([], dtype=str)
    hard = scores.assign(**{name: (labels == name).astype(float) for name in CLASSES})
    cube, there = score_cube(corpus, hard, order), 1 / corpus.weights
    rows = []
    for grouping in groupings:
        for label, positions in grouping.members.items():
            sums, found = cube[positions].sum(axis=0), there[positions] @ cube[positions, :, 0]
            rows += [
                {"actor_id": actor_id, "level": grouping.level, "group": label, "n_mentions": round(n)}
                | dict(zip((f"counted_{name}" for name in CLASSES), counts[1:] / counts[0], strict=True))
                for actor_id, counts, n in zip(order, sums, found, strict=True)
                if counts[0] > 0
            ]
    counted = pd.DataFrame(rows)
    matrices = read_confusion(benchmark)
    parts = [_adjust(counted, name, matrix, statistics) for name, matrix in matrices.items()] or [
        counted.assign(benchmark_set="none", flag=f"{FLAG}; no confusion matrix on the scorer's card")
    ]
    table = pd.concat(parts, ignore_index=True) if rows else pd.DataFrame()
    if rows:
        table["actor"] = table["actor_id"].map(named)
        table["counted_balance"] = table["counted_positive"] - table["counted_negative"]
        table = table.reindex(columns=[*table.columns, *_estimates(table)])
    return Result(
        "sentiment_adjusted",
        as_declared(table, "sentiment_adjusted"),
        params={"replicates": _REPLICATES, "random_state": statistics.random_state},
        provenance={
            "adjustment": "least squares on the simplex, P(found | true) of the benchmark",
            "range": "benchmark targets redrawn within true classes; not an interval over articles",
        },
    )


def _estimates(table: pd.DataFrame) -> list[str]:
    """List the adjusted columns that a table lacks."""
    names = [f"adjusted_{name}" for name in (*CLASSES, "balance", "balance_low", "balance_high")]
    return [name for name in names if name not in table]


def _adjust(
    counted: pd.DataFrame, name: str, matrix: np.ndarray, statistics: StatisticsParameters
) -> pd.DataFrame:
    """Adjust all rows by one confusion matrix."""
    table = counted.assign(benchmark_set=name, flag=FLAG)
    coded = matrix.sum(axis=1)
    if not len(table):
        return table
    if (coded == 0).any():
        none = ", ".join(one for one, n in zip(CLASSES, coded, strict=True) if n == 0)
        return table.assign(flag=f"{FLAG}; the benchmark has no {none} target")
    rates = matrix / coded[:, None]
    every = table[[f"counted_{one}" for one in CLASSES]].to_numpy(dtype=float)
    # groups of few mentions have the same shares again and again
    shares, place_of = np.unique(every, axis=0, return_inverse=True)
    place_of = place_of.ravel()
    adjusted = adjust_shares(shares, rates)
    if np.isnan(adjusted).all():
        return table.assign(flag=f"{FLAG}; the scorer does not tell the classes apart on this set")
    generator = np.random.Generator(np.random.Philox(statistics.random_state))
    drawn = []
    for _ in range(_REPLICATES):
        again = np.array(
            [generator.multinomial(int(n), rate) / int(n) for n, rate in zip(coded, rates, strict=True)]
        )
        found = adjust_shares(shares, again)
        drawn.append(found[:, 2] - found[:, 0])
    drawn = np.array(drawn)
    usable = np.isfinite(drawn).all(axis=1)
    low, high = (
        np.quantile(drawn[usable], [0.025, 0.975], axis=0)
        if usable.any()
        else np.full((2, len(shares)), np.nan)
    )
    edge = (adjusted == 0).any(axis=1) & ~np.isclose(adjusted @ rates, shares).all(axis=1)
    return table.assign(
        **{f"adjusted_{one}": adjusted[place_of, place] for place, one in enumerate(CLASSES)},
        adjusted_balance=(adjusted[:, 2] - adjusted[:, 0])[place_of],
        adjusted_balance_low=low[place_of],
        adjusted_balance_high=high[place_of],
        flag=np.where(edge[place_of], f"{FLAG}; no shares fit these counts, the nearest are given", FLAG),
    )
