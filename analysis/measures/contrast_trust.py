"""How far a log ratio can be trusted: its interval over articles, and the article that drives it."""

from __future__ import annotations

import numpy as np

from analysis.config import StatisticsParameters
from analysis.counts import TermCounts
from analysis.measures.keyness import log_ratio
from analysis.resampling import bootstrap_weights, percentile_interval

_BLOCK = 2000  # terms whose bootstrap replicates are held at once


def log_ratio_intervals(
    counts: TermCounts, rows1: np.ndarray, rows2: np.ndarray, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap the log ratio over articles within the two groups.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    rows1, rows2 : numpy.ndarray
        Positions of the articles of target and reference.
    statistics : StatisticsParameters
        See `analysis.config`.

    Returns
    -------
    low, high : numpy.ndarray
        Of shape (terms,); NaN where a side has too few articles.
    """
    terms = len(counts.terms)
    low, high = np.full(terms, np.nan), np.full(terms, np.nan)
    if min(len(rows1), len(rows2)) < statistics.min_articles_interval:
        return low, high
    weights = [
        bootstrap_weights(
            [counts.article_ids[row] for row in rows], statistics.bootstrap, statistics.random_state
        )
        for rows in (rows1, rows2)
    ]
    weights = [weight.astype(np.float64) for weight in weights]
    n1, n2 = (weight @ counts.sizes[rows] for weight, rows in zip(weights, (rows1, rows2), strict=True))
    empty = (n1 == 0) | (n2 == 0)
    for start in range(0, terms, _BLOCK):
        block = slice(start, start + _BLOCK)
        a, b = (
            (counts.matrix[rows][:, block].T @ weight.T).T
            for weight, rows in zip(weights, (rows1, rows2), strict=True)
        )
        replicates = log_ratio(a, b, n1[:, None], n2[:, None])
        replicates[empty] = np.nan
        low[block], high[block] = percentile_interval(replicates)
    return low, high


def driving_articles(
    counts: TermCounts, rows1: np.ndarray, rows2: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    """Name, for each term, the article without which the sign turns or the size halves.

    Only articles that contain the term are left out. The only article of a side always drives.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    rows1, rows2 : numpy.ndarray
        Positions of the articles of target and reference.
    whole : numpy.ndarray
        Of shape (terms,): the log ratio with all articles.

    Returns
    -------
    numpy.ndarray
        Of shape (terms,): article_ids; empty where no article drives.
    """
    names = np.array(counts.article_ids, dtype=object)
    driven = np.full(len(counts.terms), "", dtype=object)
    sums = [np.asarray(counts.matrix[rows].sum(axis=0)).ravel().astype(float) for rows in (rows1, rows2)]
    tokens = [float(counts.sizes[rows].sum()) for rows in (rows1, rows2)]
    worst = np.full(len(counts.terms), np.inf)
    for side, rows in enumerate((rows1, rows2)):
        for row in rows:
            start, end = counts.matrix.indptr[row], counts.matrix.indptr[row + 1]
            columns, values = counts.matrix.indices[start:end], counts.matrix.data[start:end]
            if len(rows) == 1:
                kept = np.full(len(columns), -np.inf)
            else:
                left = [sums[0][columns], sums[1][columns]]
                left[side] = left[side] - values
                sizes = list(tokens)
                sizes[side] -= counts.sizes[row]
                kept = log_ratio(*left, *sizes) / np.where(whole[columns] == 0, np.nan, whole[columns])
            # the share of the effect that is left; NaN compares as False
            hit = (kept < 0.5) & (kept < worst[columns])
            worst[columns[hit]] = kept[hit]
            driven[columns[hit]] = names[row]
    return driven
