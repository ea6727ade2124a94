"""How far a log ratio can be trusted: its interval over articles, and the article that drives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.config import StatisticsParameters
from analysis.copy_weights import TextRows
from analysis.counts import TermCounts
from analysis.exact_sums import exact_values
from analysis.intervals import (
    DrawnWeights,
    Moments,
    interval_levels,
    replicate_quantiles,
    weighted_counts,
)
from analysis.measures.keyness import log_ratio
from analysis.resampling import bootstrap_weights
from analysis.shares import half_gamma

COMPILED_FROM = 300_000_000
"""So many products (entries of the matrix times replicates) are added up by compiled loops: the same, bit for bit."""

_BLOCK = 512  # terms whose bootstrap replicates are held at once: about what fits the processor's cache


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
    groups = [counts.text_rows(rows) for rows in (rows1, rows2)]
    if min(map(len, groups)) < statistics.min_articles_interval:
        return low, high
    sides = [
        _draw_side(counts, rows, group, statistics) for rows, group in zip((rows1, rows2), groups, strict=True)
    ]
    sizes = drawn_sizes(sides[0].tokens, sides[1].tokens)
    moments = [count_moments(sum_counts(side.counts, side.sizes)) for side in sides]
    levels = interval_levels([moments[0], moments[1].turned()], widened=False)
    absent = [moment.numerators == 0 for moment in moments]
    silent = silent_counts(statistics)
    # terms of like frequency together, which the kernel is fastest with
    order = np.argsort(-counts.article_counts, kind="stable")
    for start in range(0, terms, _BLOCK):
        block = order[start : start + _BLOCK]
        low[block], high[block] = bound_log_ratios(
            tuple(_drawn_counts(side, block) for side in sides),
            sizes,
            tuple(level[block] for level in levels),
            tuple(gone[block] for gone in absent),
            silent,
        )
    low[absent[0] & absent[1]] = high[absent[0] & absent[1]] = np.nan
    return low, high


def bound_log_ratios(
    drawn: tuple[np.ndarray, np.ndarray],
    sizes: np.ndarray,
    levels: tuple[np.ndarray, np.ndarray],
    absent: tuple[np.ndarray, np.ndarray],
    silent: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Read the interval of the log ratio off the replicates of some terms.

    Parameters
    ----------
    drawn : (numpy.ndarray, numpy.ndarray)
        Of shape (terms, B), float32: occurrences in every replicate, 0.5 added, of target and reference. The
        first is overwritten.
    sizes : numpy.ndarray
        Of shape (B,), from `drawn_sizes`.
    levels : (numpy.ndarray, numpy.ndarray)
        Of shape (terms,), from `analysis.intervals.interval_levels`.
    absent : (numpy.ndarray, numpy.ndarray)
        Of shape (terms,), bool: the terms that a side does not have.
    silent : numpy.ndarray
        Of shape (B,), from `silent_counts`.

    Returns
    -------
    low, high : numpy.ndarray
        Of shape (terms,), binary logarithms.
    """
    a, b = drawn
    cautious = {1: silent / b[absent[0]] * sizes, 0: a[absent[1]] / silent * sizes}
    a /= b
    a *= sizes
    bounds = replicate_quantiles(a, levels, scale=np.log2)
    for end, level, wider in ((0, 0.025, np.minimum), (1, 0.975, np.maximum)):
        chosen = absent[1 - end]
        (nearer,) = replicate_quantiles(cautious[end], (np.full(len(cautious[end]), level),), scale=np.log2)
        bounds[end][chosen] = wider(bounds[end][chosen], nearer)
    return bounds[0], bounds[1]


def drawn_sizes(tokens1: np.ndarray, tokens2: np.ndarray) -> np.ndarray:
    """Divide the sides' tokens in every replicate.

    Parameters
    ----------
    tokens1, tokens2 : numpy.ndarray
        Of shape (B,): tokens drawn of target and reference.

    Returns
    -------
    numpy.ndarray
        Of shape (B,), float32: reference to target, 0.5 added to both; NaN where a side drew no token.
    """
    empty = (tokens1 == 0) | (tokens2 == 0)
    return np.where(empty, np.nan, (tokens2 + 0.5) / (tokens1 + 0.5)).astype(np.float32)


def driving_articles(
    counts: TermCounts, rows1: np.ndarray, rows2: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    """Name, for each term, the article without which the sign turns or the size halves.

    Only articles that contain the term are left out, each with all copies of its text. The only article of a side
    always drives.

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
    driven = np.full(len(counts.terms), "", dtype=object)
    sides = [_Texts.of(counts, rows) for rows in (rows1, rows2)]
    sums = [np.asarray(side.counts.sum(axis=0)).ravel().astype(float) for side in sides]
    tokens = [float(side.sizes.sum()) for side in sides]
    worst = np.full(len(counts.terms), np.inf)
    for side, (own, other) in enumerate((sides, sides[::-1])):
        for row, name in enumerate(own.rows.names):
            start, end = own.counts.indptr[row], own.counts.indptr[row + 1]
            columns, values = own.counts.indices[start:end], own.counts.data[start:end]
            if len(own.rows) == 1:
                kept = np.full(len(columns), -np.inf)
            else:
                left = [sums[0][columns], sums[1][columns]]
                left[side] = left[side] - values
                sizes = list(tokens)
                sizes[side] -= own.sizes[row]
                if name in other.place:
                    # with a text all its copies go, those of the other side too
                    left[1 - side] = left[1 - side] - other.counts[other.place[name]].toarray()[0, columns]
                    sizes[1 - side] -= other.sizes[other.place[name]]
                kept = log_ratio(*left, *sizes) / np.where(whole[columns] == 0, np.nan, whole[columns])
            # the share of the effect that is left; NaN compares as False
            hit = (kept < 0.5) & (kept < worst[columns])
            worst[columns[hit]] = kept[hit]
            driven[columns[hit]] = own.articles[row]
    return driven


@dataclass(frozen=True)
class _Texts:
    """One side's articles, one row per text; ``articles`` names the first article of each."""

    rows: TextRows
    counts: sparse.csr_matrix
    sizes: np.ndarray
    articles: list[str]
    place: dict[str, int]

    @classmethod
    def of(cls, counts: TermCounts, rows: np.ndarray) -> _Texts:
        texts = counts.text_rows(rows)
        found = [counts.article_ids[rows[place]] for place in texts.first]
        places = {name: place for place, name in enumerate(texts.names)}
        sizes = texts.add_up(counts.sizes[rows])
        return cls(texts, texts.add_up(counts.matrix[rows]), sizes, found, places)


def _draw_side(
    counts: TermCounts, rows: np.ndarray, texts: TextRows, statistics: StatisticsParameters
) -> _Side:
    """Draw one side's articles; copies of one text are drawn together."""
    weights = bootstrap_weights(texts.names, statistics.bootstrap, statistics.random_state)
    sizes = texts.add_up(counts.sizes[rows].astype(float))
    drawn = DrawnWeights(weights, compiled=counts.matrix.nnz * statistics.bootstrap >= COMPILED_FROM)
    matrix = texts.add_up(counts.matrix[rows]).tocsc()
    if texts.member is not None:
        # whole numbers of a unit so small that nothing shows, and sums that no order can change
        matrix.data, sizes = exact_values(matrix.data, len(rows)), exact_values(sizes, len(rows))
    return _Side(matrix, sizes, drawn, weights.astype(float) @ sizes)


def _drawn_counts(side: _Side, block: np.ndarray) -> np.ndarray:
    """Count some terms in every replicate, 0.5 added.

    In single precision whatever the block holds: that is wrong by 1e-7 at most, and the same in any block.
    """
    chosen = side.counts[:, block]
    if chosen.dtype.kind == "f":
        # shares of a text, which the kernel of whole numbers does not add up
        found = (chosen.T.tocsr() @ side.drawn.rows.astype(np.float64)).astype(np.float32)
    else:
        found = weighted_counts(chosen, side.drawn).astype(np.float32, copy=False)
    found += np.float32(0.5)
    return found


def silent_counts(statistics: StatisticsParameters) -> np.ndarray:
    """Draw Gamma(1/2) values, one for each replicate: half the square of a normal one.

    Parameters
    ----------
    statistics : StatisticsParameters
        ``bootstrap`` and ``random_state``.

    Returns
    -------
    numpy.ndarray
        Of shape (B,), float32: what stands for the 0.5 of a term that does not occur.
    """
    return half_gamma("a term that does not occur", statistics.bootstrap, statistics.random_state).astype(
        np.float32
    )


@dataclass(frozen=True)
class CountSums:
    """Sums over one side's articles of x, a term's occurrences, and d, the article's tokens.

    Parameters
    ----------
    articles : int
        Articles with a token.
    present : numpy.ndarray
        Of shape (terms,): articles with the term.
    counts : tuple of numpy.ndarray
        Of shape (terms,) each: the sums of x, x^2 and x^3.
    mixed : tuple of numpy.ndarray
        Of shape (terms,) each: the sums of x d, x^2 d and x d^2.
    sizes : tuple of float
        The sums of d, d^2 and d^3.
    """

    articles: int
    present: np.ndarray
    counts: tuple[np.ndarray, np.ndarray, np.ndarray]
    mixed: tuple[np.ndarray, np.ndarray, np.ndarray]
    sizes: tuple[float, float, float]


def count_moments(sums: CountSums) -> Moments:
    """Sum up the influences of one side's articles on the log ratio, from sums alone.

    An article with x of a term's X occurrences and d of the side's D tokens has the influence
    u = x / (X + .5) - d / (D + .5), up to a factor that all share.

    Parameters
    ----------
    sums : CountSums
        Of the side.

    Returns
    -------
    Moments
        Centred.
    """
    return _centre([(sums, 1 / (sums.counts[0] + 0.5), -1 / (sums.sizes[0] + 0.5))])


def mean_moments(outlets: Sequence[CountSums]) -> Moments:
    """Sum up the influences of one side's articles on the log ratio of mean rates, from sums over each outlet.

    With m outlets, each with X occurrences and D tokens, and R the mean of their rates X / D, an article with x
    occurrences and d tokens has the influence u = (x - c d) / (m D), up to a factor that all share; c is the
    rate of its outlet, or R if it is the outlet's only article, as an article alone shows nothing of how much its
    outlet varies.

    Parameters
    ----------
    outlets : sequence of CountSums
        Of the side's outlets. Those without a token do not enter.

    Returns
    -------
    Moments
        Centred, of all articles together.
    """
    outlets = [sums for sums in outlets if sums.sizes[0] > 0]
    rates = [sums.counts[0] / sums.sizes[0] for sums in outlets]
    tokens = sum(sums.sizes[0] for sums in outlets)
    mean = sum(rates) / len(outlets)
    parts = []
    for sums, rate in zip(outlets, rates, strict=True):
        slope = 1 / (len(outlets) * sums.sizes[0] * (mean + 0.5 / tokens))
        parts.append((sums, slope, -slope * (rate if sums.articles > 1 else mean)))
    return _centre(parts)


def _centre(parts: Sequence[tuple[CountSums, np.ndarray, np.ndarray]]) -> Moments:
    """Sum up influences u = slope x + drop d over the articles of all parts, and centre them."""
    counting = sum(sums.articles for sums, _, _ in parts)
    first = second = third = present = 0.0
    for sums, slope, drop in parts:
        (total, squares, cubes), (tokens, tokens2, tokens3) = sums.counts, sums.sizes
        mixed, square_mixed, mixed_square = sums.mixed
        present = present + sums.present
        first = first + slope * total + drop * tokens
        second = second + slope**2 * squares + 2 * slope * drop * mixed + drop**2 * tokens2
        third = third + (
            slope**3 * cubes
            + 3 * slope**2 * drop * square_mixed
            + 3 * slope * drop**2 * mixed_square
            + drop**3 * tokens3
        )
    mean = first / max(1, counting)
    centred = second - counting * mean**2
    # equal rates in all articles: what is left is rounding
    centred = np.where(centred <= 1e-12 * second, 0.0, centred)
    third = np.where(centred > 0, third - 3 * mean * second + 2 * counting * mean**3, 0.0)
    return Moments(np.full(len(centred), counting), present, centred, third)


def sum_counts(part: sparse.csc_matrix, sizes: np.ndarray) -> CountSums:
    """Add up the counts of some articles, without making them dense.

    Parameters
    ----------
    part : scipy.sparse.csc_matrix
        Of shape (articles, terms): occurrences.
    sizes : numpy.ndarray
        Of shape (articles,): tokens, as float64.

    Returns
    -------
    CountSums
        Of the articles.
    """
    values = part.astype(float)
    squares, cubes = (
        sparse.csc_matrix((values.data**power, values.indices, values.indptr), shape=values.shape)
        for power in (2, 3)
    )
    once = np.ones(len(sizes))
    return CountSums(
        int((sizes > 0).sum()),
        np.diff(part.indptr),
        (values.T @ once, squares.T @ once, cubes.T @ once),
        (values.T @ sizes, squares.T @ sizes, values.T @ sizes**2),
        (sizes.sum(), (sizes**2).sum(), (sizes**3).sum()),
    )
