"""Balance of scored mentions in many small cells at once, with article-level intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.config import StatisticsParameters
from analysis.copy_weights import text_rows
from analysis.intervals import Group, article_interval, ratio
from analysis.resampling import descriptive_flag

_BLOCK = 200  # cells whose replicates are held at a time
ESTIMATES = (
    "balance", "overall", "difference", "balance_low", "balance_high", "difference_low", "difference_high",
)  # fmt: skip


@dataclass(frozen=True)
class CellSums:
    """Weights and weighted scores, summed by article and cell.

    Parameters
    ----------
    weight : scipy.sparse.csc_matrix
        Of shape (articles, cells): the sum of the mentions' weights.
    score : scipy.sparse.csc_matrix
        Of the same shape: the sum of weight times score.
    """

    weight: sparse.csc_matrix
    score: sparse.csc_matrix

    def rows(self, positions: np.ndarray) -> CellSums:
        """Keep some articles.

        Parameters
        ----------
        positions : numpy.ndarray
            Their rows.

        Returns
        -------
        CellSums
            Of these articles.
        """
        return CellSums(self.weight[positions], self.score[positions])


def sum_cells(
    places: tuple[np.ndarray, np.ndarray], weight: np.ndarray, score: np.ndarray, shape: tuple[int, int]
) -> CellSums:
    """Add up mentions by article and cell.

    Parameters
    ----------
    places : (numpy.ndarray, numpy.ndarray)
        The article and the cell of each mention, as positions.
    weight, score : numpy.ndarray
        The weight (above 0) and the score of each mention.
    shape : (int, int)
        Articles and cells.

    Returns
    -------
    CellSums
        Their sums.
    """
    weights = sparse.csr_matrix((np.asarray(weight, dtype=float), places), shape=shape)
    scores = sparse.csr_matrix((np.asarray(weight * score, dtype=float), places), shape=shape)
    return CellSums(weights.tocsc(), scores.tocsc())


def measure_cells(
    cells: CellSums, overall: CellSums, owner: np.ndarray, names: list[str], statistics: StatisticsParameters
) -> pd.DataFrame:
    """Compute the balance of every cell, and how far it is from its actor's balance overall.

    Parameters
    ----------
    cells : CellSums
        Of one group's articles.
    overall : CellSums
        Of the same articles, one column per actor: all its mentions.
    owner : numpy.ndarray
        The column of `overall` that belongs to each cell.
    names : list of str
        The article_ids, or texts: rows of one name are copies of one text.
    statistics : StatisticsParameters
        Of the intervals, which are given to cells with enough articles only.

    Returns
    -------
    pandas.DataFrame
        One row per cell: `ESTIMATES`, ``n_articles``, ``weight`` and ``flag``; NaN without a mention.
    """
    weight, score = (np.asarray(part.sum(axis=0)).ravel() for part in (cells.weight, cells.score))
    articles = np.asarray((cells.weight > 0).sum(axis=0)).ravel().astype(int)
    rows = text_rows(names, np.ones(len(names)))
    texts = np.asarray((rows.add_up(cells.weight) > 0).sum(axis=0)).ravel().astype(int)
    everywhere = ratio(*(np.asarray(part.sum(axis=0)).ravel() for part in (overall.score, overall.weight)))
    table = pd.DataFrame({"weight": weight, "n_articles": articles})
    table["balance"] = ratio(score, weight)
    table["overall"] = np.where(weight > 0, everywhere[owner], np.nan)
    table["difference"] = table["balance"] - table["overall"]
    for name in ESTIMATES[3:]:
        table[name] = np.nan
    enough = np.flatnonzero(texts >= statistics.min_articles_interval)
    for start in range(0, len(enough), _BLOCK):
        block = enough[start : start + _BLOCK]
        parts = [cells.score, cells.weight]
        here = tuple(part[:, block].toarray() for part in parts)
        whole = tuple(part[:, owner[block]].toarray() for part in (overall.score, overall.weight))
        for name, statistic, sums in (
            ("balance", ratio, here),
            ("difference", lambda a, n, b, m: ratio(a, n) - ratio(b, m), here + whole),
        ):
            low, high = article_interval(
                statistic,
                [Group(names, sums)],
                replicates=statistics.bootstrap,
                random_state=statistics.random_state,
            )
            table.loc[block, f"{name}_low"], table.loc[block, f"{name}_high"] = low, high
    few = texts < statistics.min_articles_interval
    table["flag"] = [descriptive_flag(n) if small else "" for n, small in zip(texts, few, strict=True)]
    return table
