"""How far a log ratio against a reference list can be trusted: only the target's articles vary."""

from __future__ import annotations

import numpy as np

from analysis.config import StatisticsParameters
from analysis.counts import TermCounts
from analysis.errors import ParameterError
from analysis.intervals import Group, article_interval
from analysis.measures.contrast_sides import Side, list_side
from analysis.measures.keyness import log_ratio
from analysis.reference_list import ReferenceList

_BLOCK = 500  # terms whose bootstrap replicates are held at once


def find_listed(counts: TermCounts, reference: ReferenceList, name: str) -> Side:
    """Look the terms up in a reference list.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    reference : ReferenceList
        The list.
    name : str
        What the side is called.

    Returns
    -------
    Side
        Without articles.

    Raises
    ------
    ParameterError
        None of the terms is in the list.
    """
    found = np.array([reference.counts.get(term, 0) for term in counts.terms], dtype=np.int64)
    if len(found) and not found.any():
        raise ParameterError(
            f"{reference.name}: none of the {len(found)} terms that are tested is in the list of "
            f"{len(reference.counts)} terms; give a list of words of the corpus's language, in the form of terms"
        )
    return list_side(name, found, reference.tokens)


def list_intervals(
    counts: TermCounts, target: Side, listed: Side, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap the log ratio over the target's articles; the list is taken as it is.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    target, listed : Side
        The articles, and the list.
    statistics : StatisticsParameters
        See `analysis.config`.

    Returns
    -------
    low, high : numpy.ndarray
        Of shape (terms,); NaN where the target has too few articles.
    """
    terms, rows = len(counts.terms), target.rows
    low, high = np.full(terms, np.nan), np.full(terms, np.nan)
    if len(target.texts) < statistics.min_articles_interval:
        return low, high
    names, matrix = target.texts.names, target.texts.add_up(counts.matrix[rows])
    sizes = target.texts.add_up(counts.sizes[rows]).astype(float)[:, None]
    for start in range(0, terms, _BLOCK):
        block = slice(start, start + _BLOCK)
        listed_counts = listed.count[block]
        low[block], high[block] = article_interval(
            lambda a, n, b=listed_counts: np.where(n > 0, log_ratio(a, b, n, listed.tokens), np.nan),
            [Group(names, (matrix[:, block].toarray().astype(float), sizes))],
            replicates=statistics.bootstrap,
            random_state=statistics.random_state,
            widened=False,
        )
    return low, high


def list_drivers(counts: TermCounts, target: Side, listed: Side, whole: np.ndarray) -> np.ndarray:
    """Name, for each term, the target's article without which the sign turns or the size halves.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    target, listed : Side
        The articles, and the list.
    whole : numpy.ndarray
        Of shape (terms,): the log ratio with all articles.

    Returns
    -------
    numpy.ndarray
        Of shape (terms,): article_ids; empty where no article drives. The only article always drives.
    """
    driven = np.full(len(counts.terms), "", dtype=object)
    worst = np.full(len(counts.terms), np.inf)
    matrix, sizes = (target.texts.add_up(part[target.rows]) for part in (counts.matrix, counts.sizes))
    for row, first in enumerate(target.texts.first):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        columns, values = matrix.indices[start:end], matrix.data[start:end]
        if len(target.texts) == 1:
            kept = np.full(len(columns), -np.inf)
        else:
            left = log_ratio(
                target.count[columns] - values,
                listed.count[columns],
                target.tokens - sizes[row],
                listed.tokens,
            )
            kept = left / np.where(whole[columns] == 0, np.nan, whole[columns])
        # the share of the effect that is left; NaN compares as False
        hit = (kept < 0.5) & (kept < worst[columns])
        worst[columns[hit]] = kept[hit]
        driven[columns[hit]] = counts.article_ids[target.rows[first]]
    return driven
