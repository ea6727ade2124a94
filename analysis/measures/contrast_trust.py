"""How far a log ratio can be trusted: its interval over articles, and the article that drives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.config import StatisticsParameters
from analysis.counts import TermCounts
from analysis.intervals import DrawnWeights, Moments, interval_levels, replicate_quantiles, weighted_counts
from analysis.measures.keyness import log_ratio
from analysis.resampling import bootstrap_weights, hashed_uniform

_BLOCK = 2000  # terms whose bootstrap replicates are held at once


@dataclass(frozen=True)
class _Side:
    """One side's articles, and how often each is drawn."""

    counts: sparse.csc_matrix
    sizes: np.ndarray
    drawn: DrawnWeights
    tokens: np.ndarray


def log_ratio_intervals(
    counts: TermCounts, rows1: np.ndarray, rows2: np.ndarray, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the interval of the log ratio over articles within the two groups.

    As `analysis.intervals.article_interval`, from the same weights, for thousands of terms at once.

    Where a term does not occur on one side, the replicates cannot show how rare it may be there; only the 0.5
    that is added stands for it. The end toward 0 is then the more cautious of two: that of the replicates, and
    the plain 2.5 % quantile of replicates in which a Gamma(1/2) draw takes the place of the 0.5 (the posterior
    of a Poisson mean after a count of 0, under the prior that the 0.5 belongs to). The far end stays a
    convention, as the log ratio itself: where one side has 0, the articles set no limit to it.

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
        Of shape (terms,), binary logarithms; NaN where a side has too few articles, or no side has the term.
    """
    terms = len(counts.terms)
    low, high = np.full(terms, np.nan), np.full(terms, np.nan)
    if min(len(rows1), len(rows2)) < statistics.min_articles_interval:
        return low, high
    sides = [_draw_side(counts, rows, statistics) for rows in (rows1, rows2)]
    empty = (sides[0].tokens == 0) | (sides[1].tokens == 0)
    sizes = np.where(empty, np.nan, (sides[1].tokens + 0.5) / (sides[0].tokens + 0.5))
    # terms of like frequency together, which the kernel is fastest with
    order = np.argsort(-counts.article_counts, kind="stable")
    for start in range(0, terms, _BLOCK):
        block = order[start : start + _BLOCK]
        low[block], high[block] = _block_intervals(sides, block, sizes.astype(np.float32), statistics)
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


def _draw_side(counts: TermCounts, rows: np.ndarray, statistics: StatisticsParameters) -> _Side:
    """Weigh one side's articles."""
    names = [counts.article_ids[row] for row in rows]
    weights = bootstrap_weights(names, statistics.bootstrap, statistics.random_state)
    sizes = counts.sizes[rows].astype(float)
    return _Side(counts.matrix[rows].tocsc(), sizes, DrawnWeights(weights), weights.astype(float) @ sizes)


def _block_intervals(
    sides: list[_Side], block: np.ndarray, sizes: np.ndarray, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Intervals of some terms; replicates are sorted as ratios, and only what is read is made a logarithm."""
    parts = [side.counts[:, block] for side in sides]
    moments = [_count_moments(part, side.sizes) for part, side in zip(parts, sides, strict=True)]
    # in single precision whatever the block holds: an error of 1e-7, and the same in any block
    a, b = (
        weighted_counts(part, side.drawn).astype(np.float32, copy=False)
        for part, side in zip(parts, sides, strict=True)
    )
    a += np.float32(0.5)
    b += np.float32(0.5)
    levels = interval_levels([moments[0], moments[1].turned()])
    low, high = replicate_quantiles(a / b * sizes, levels, scale=np.log2)
    absent1, absent2 = (moment.numerators == 0 for moment in moments)
    silent = _silent_counts(statistics).astype(np.float32)
    for here, end, ratios, better in (
        (np.flatnonzero(absent2), low, lambda rows: a[rows] / silent * sizes, np.minimum),
        (np.flatnonzero(absent1), high, lambda rows: silent / b[rows] * sizes, np.maximum),
    ):
        if len(here):
            level = np.full(len(here), 0.025 if end is low else 0.975)
            (cautious,) = replicate_quantiles(ratios(here), (level,), scale=np.log2)
            end[here] = better(end[here], cautious)
    low[absent1 & absent2] = high[absent1 & absent2] = np.nan
    return low, high


def _silent_counts(statistics: StatisticsParameters) -> np.ndarray:
    """Draw Gamma(1/2) values, one for each replicate: half the square of a normal one."""
    from scipy.special import ndtri

    uniform = hashed_uniform("a term that does not occur", statistics.bootstrap, statistics.random_state)
    return np.maximum(ndtri((1 + uniform) / 2) ** 2 / 2, 1e-12)


def _count_moments(part: sparse.csc_matrix, sizes: np.ndarray) -> Moments:
    """Sum up the influences of one side's articles on the log ratio, without making them dense.

    An article with x of a term's X occurrences and d of the side's D tokens has the influence
    u = x / (X + .5) - d / (D + .5), up to a factor that all share.
    """
    counting = int((sizes > 0).sum())
    values, squares = part.astype(float), part.astype(float).power(2)
    cubes = part.astype(float).power(3)
    once = np.ones(len(sizes))
    total, tokens = values.T @ once, sizes.sum()
    slope, drop = 1 / (total + 0.5), -1 / (tokens + 0.5)
    mean = (slope * total + drop * tokens) / max(1, counting)
    second = (
        slope**2 * (squares.T @ once) + 2 * slope * drop * (values.T @ sizes) + drop**2 * (sizes**2).sum()
    )
    third = (
        slope**3 * (cubes.T @ once)
        + 3 * slope**2 * drop * (squares.T @ sizes)
        + 3 * slope * drop**2 * (values.T @ sizes**2)
        + drop**3 * (sizes**3).sum()
    )
    centred = second - counting * mean**2
    # equal rates in all articles: what is left is rounding
    centred = np.where(centred <= 1e-12 * second, 0.0, centred)
    third = np.where(centred > 0, third - 3 * mean * second + 2 * counting * mean**3, 0.0)
    present = np.diff(part.indptr)
    return Moments(np.full(len(total), counting), present, centred, third)
