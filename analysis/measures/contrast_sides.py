"""The two sides of a contrast: what is counted on each, over its tokens, its articles and its outlets."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.copy_weights import TextRows, text_rows
from analysis.counts import TermCounts
from analysis.intervals import interval_levels
from analysis.measures.contrast_trust import (
    CountSums,
    bound_log_ratios,
    drawn_sizes,
    mean_moments,
    silent_counts,
    sum_counts,
)
from analysis.measures.dispersion import MEASURES, disperse_sparse
from analysis.measures.keyness import log_ratio
from analysis.resampling import bootstrap_weights

_BLOCK = 2000  # terms whose bootstrap replicates are held at once


@dataclass(frozen=True)
class Side:
    """One side of a contrast.

    Parameters
    ----------
    name : str
        The group, or what stands for several.
    rows : numpy.ndarray
        Positions of its articles; none for a reference list.
    found : numpy.ndarray
        Of shape (terms,): occurrences, as many as there are.
    count : numpy.ndarray
        Of shape (terms,): occurrences, each with the weight of its article.
    tokens : float
        Of all its articles, with their weights.
    articles : numpy.ndarray
        Of shape (terms,): articles that contain the term.
    spread : numpy.ndarray
        Of shape (terms,): their weights.
    texts : TextRows
        The articles, one row per text.
    weight : float
        Of all its articles.
    outlets : int
        Outlets that its articles are from.
    mean_rate : numpy.ndarray
        Of shape (terms,): the mean over its outlets of their rates; NaN without a token.
    dispersion : pandas.DataFrame
        One row per term, the columns of `disperse_sparse`.
    """

    name: str
    rows: np.ndarray
    found: np.ndarray = field(repr=False)
    count: np.ndarray = field(repr=False)
    tokens: float
    articles: np.ndarray = field(repr=False)
    spread: np.ndarray = field(repr=False)
    texts: TextRows = field(repr=False)
    weight: float
    outlets: int
    mean_rate: np.ndarray = field(repr=False)
    dispersion: pd.DataFrame = field(repr=False)


def count_side(counts: TermCounts, name: str, rows: np.ndarray, outlets: np.ndarray) -> Side:
    """Count one side.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    name : str
        The group, or what stands for several.
    rows : numpy.ndarray
        Positions of its articles.
    outlets : numpy.ndarray
        Of shape (articles,): a number for each article's outlet.

    Returns
    -------
    Side
        With the mean of rates over outlets, in which each outlet weighs the same, however much it published.
    """
    part, sizes, counted = counts.matrix[rows], counts.sizes[rows], counts.weights[rows]
    weights = outlet_weights(counted[None, :], sizes, outlets[rows])
    texts = counts.text_rows(rows)
    merged, merged_sizes = texts.add_up(part), texts.add_up(sizes)
    return Side(
        name,
        rows,
        np.asarray(part.sum(axis=0)).ravel(),
        np.asarray(merged.sum(axis=0)).ravel(),
        merged_sizes.sum(),
        np.bincount(part.indices, minlength=len(counts.terms)),
        np.bincount(part.indices, np.repeat(counted, np.diff(part.indptr)), minlength=len(counts.terms)),
        texts,
        counted.sum(),
        len(np.unique(outlets[rows])),
        (part.T @ weights.T).T[0] if sizes.sum() else np.full(len(counts.terms), np.nan),
        disperse_sparse(merged, merged_sizes),
    )


def list_side(name: str, count: np.ndarray, tokens: int) -> Side:
    """Make a side of a list of counts, which knows neither articles nor outlets.

    Parameters
    ----------
    name : str
        What the list is called.
    count : numpy.ndarray
        Of shape (terms,): occurrences.
    tokens : int
        Of the list's corpus.

    Returns
    -------
    Side
        Without articles; dispersion and mean rate are NaN.
    """
    none = np.zeros(len(count), dtype=np.int64)
    nothing = pd.DataFrame(np.nan, index=range(len(count)), columns=list(MEASURES))
    rate, texts = np.full(len(count), np.nan), text_rows([], np.zeros(0))
    return Side(name, none[:0], count, count, tokens, none, none, texts, 0.0, 0, rate, nothing)


def outlet_weights(drawn: np.ndarray, sizes: np.ndarray, outlets: np.ndarray) -> np.ndarray:
    """Weigh articles so that the weighted sum of their counts is the mean over outlets of the outlets' rates.

    Parameters
    ----------
    drawn : numpy.ndarray
        Of shape (replicates, articles): how often each article is drawn.
    sizes : numpy.ndarray
        Of shape (articles,): tokens.
    outlets : numpy.ndarray
        Of shape (articles,): a number for each article's outlet.

    Returns
    -------
    numpy.ndarray
        Of shape (replicates, articles): for each article, how often it is drawn, over the tokens drawn of its
        outlet times the outlets drawn. Outlets without a token do not enter; where nothing is drawn all are 0.
    """
    names, codes = np.unique(outlets, return_inverse=True)
    member = (codes[:, None] == np.arange(len(names))).astype(float)
    tokens = (drawn * sizes) @ member
    with np.errstate(divide="ignore"):
        each = np.where(tokens > 0, 1 / tokens, 0.0)
    return drawn * (each / np.maximum(1, (tokens > 0).sum(axis=1, keepdims=True)))[:, codes]


def mean_log_ratio(rate1: np.ndarray, rate2: np.ndarray, tokens1, tokens2) -> np.ndarray:
    """Compute the log ratio of two mean rates, 0.5 added at the size of the sides.

    Parameters
    ----------
    rate1, rate2 : numpy.ndarray
        Means over outlets of the rates per token.
    tokens1, tokens2 : float or numpy.ndarray
        Tokens of the sides.

    Returns
    -------
    numpy.ndarray
        `log_ratio` of the counts that sides of these sizes would have at these rates: with one outlet on each
        side it is the log ratio of the pooled counts.
    """
    ratio = log_ratio(rate1 * tokens1, rate2 * tokens2, tokens1, tokens2)
    # a term that stands on neither side has no ratio
    return np.where(rate1 + rate2 > 0, ratio, np.nan)


def mean_intervals(
    counts: TermCounts, sides: tuple[Side, Side], outlets: np.ndarray, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the interval of the log ratio of mean rates over articles within the two sides.

    As `analysis.measures.contrast_trust.log_ratio_intervals`, with the influences of `mean_moments`.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    sides : (Side, Side)
        Target and reference.
    outlets : numpy.ndarray
        Of shape (articles,): a number for each article's outlet.
    statistics : StatisticsParameters
        See `analysis.config`.

    Returns
    -------
    low, high : numpy.ndarray
        Of shape (terms,); a replicate averages over the outlets of which it drew an article. NaN where a side
        has too few articles.
    """
    terms = len(counts.terms)
    low, high = np.full(terms, np.nan), np.full(terms, np.nan)
    if min(len(side.texts) for side in sides) < statistics.min_articles_interval:
        return low, high
    weights, tokens, moments, parts = [], [], [], []
    for side in sides:
        # copies of one text are drawn together
        names = [counts.texts[row] for row in side.rows]
        drawn = bootstrap_weights(names, statistics.bootstrap, statistics.random_state).astype(np.float64)
        drawn *= counts.weights[side.rows]
        sizes, own = counts.sizes[side.rows].astype(float), outlets[side.rows]
        weights.append(outlet_weights(drawn, sizes, own).T)
        tokens.append(drawn @ sizes)
        parts.append(counts.matrix[side.rows].tocsc())
        each = [side.rows[own == outlet] for outlet in np.unique(own)]
        moments.append(mean_moments([_sum_texts(counts, rows) for rows in each]))
    levels = interval_levels([moments[0], moments[1].turned()], widened=False)
    absent = [side.count == 0 for side in sides]
    silent, ratio = silent_counts(statistics), drawn_sizes(*tokens)
    for start in range(0, terms, _BLOCK):
        block = slice(start, start + _BLOCK)
        low[block], high[block] = bound_log_ratios(
            tuple(
                (part[:, block].T @ weight) * size + 0.5
                for part, weight, size in zip(parts, weights, tokens, strict=True)
            ),
            ratio,
            tuple(level[block] for level in levels),
            tuple(gone[block] for gone in absent),
            silent,
        )
    low[absent[0] & absent[1]] = high[absent[0] & absent[1]] = np.nan
    return low, high


def _sum_texts(counts: TermCounts, rows: np.ndarray) -> CountSums:
    """Add up some articles' counts; copies of one text are one row."""
    texts = counts.text_rows(rows)
    return sum_counts(texts.add_up(counts.matrix[rows]).tocsc(), texts.add_up(counts.sizes[rows].astype(float)))
