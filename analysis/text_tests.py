"""Permutation tests of two groups of articles of which some are copies of one text: texts are permuted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import comb

import numpy as np
from scipy import sparse

from analysis.copy_weights import TextRows, text_rows
from analysis.resampling import EXACT_LIMIT, attainable_p, divide, permutation_p, smallest_p

_BLOCK_CELLS = 4_000_000
ALIKE = 1e-12
"""Weights that differ by less are the same."""


@dataclass(frozen=True)
class TextComparison:
    """Two groups of articles, and which of their texts a test can permute.

    A text of which both groups hold copies is on both sides whatever the labels: it stays where it is, and says
    nothing of the difference beyond what it weighs. The others have a label that could have been the other one.

    Parameters
    ----------
    first, second : TextRows
        The groups, one row per text.
    """

    first: TextRows
    second: TextRows

    @cached_property
    def free(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the texts that one group alone holds, of either group."""
        both = set(self.first.names) & set(self.second.names)
        return tuple(
            np.array([place for place, name in enumerate(side.names) if name not in both], dtype=np.int64)
            for side in (self.first, self.second)
        )

    @property
    def sizes(self) -> tuple[int, int]:
        """Texts whose label is permuted, of either group."""
        return len(self.free[0]), len(self.free[1])

    def smallest_p(self, permutations: int) -> float:
        """Return the smallest p that the test can give: `analysis.resampling.smallest_p` of the free texts.

        Parameters
        ----------
        permutations : int
            B of the sampled test.

        Returns
        -------
        float
            1 where all texts of a group are in the other one, too; NaN where a group has no article.
        """
        if len(self.first) and len(self.second) and not all(self.sizes):
            return 1.0
        return smallest_p(*self.sizes, permutations)

    @property
    def exact(self) -> bool:
        """Whether all divisions of the free texts are tried."""
        return attainable_p(*self.sizes) * EXACT_LIMIT >= 2

    def permutation_p(self, first, second, *, permutations: int, random_state: int = 0) -> np.ndarray:
        """Test the difference of two groups' weighted mean per-article values.

        As `analysis.resampling.permutation_p`, which it is where no text has a copy, with texts in place of articles:
        a text takes its weight along to the other side.

        Parameters
        ----------
        first, second : numpy.ndarray or scipy.sparse matrix
            Of shapes (articles, k): one row per article of the groups, one column per quantity.
        permutations : int
            B of the sampled test.
        random_state : int
            Seed of the sampled test.

        Returns
        -------
        numpy.ndarray
            Of shape (k,); NaN where a group has no article, or no text of its own.
        """
        settings = {"permutations": permutations, "random_state": random_state}
        if self.first.member is None and self.second.member is None and self._apart:
            return permutation_p(first, second, **settings)
        if not all(self.sizes):
            return np.full(first.shape[1], np.nan)
        sums = [_matrix(side.add_up(part)) for side, part in ((self.first, first), (self.second, second))]
        weights = [row_weights(side) for side in (self.first, self.second)]
        every = np.concatenate(weights)
        if self._apart and np.ptp(every) <= ALIKE:
            return permutation_p(*sums, **settings)
        return self._permute(sums, weights, **settings)

    @property
    def _apart(self) -> bool:
        """Whether no text is on both sides."""
        return self.sizes == (len(self.first), len(self.second))

    def _permute(self, sums, weights, *, permutations: int, random_state: int) -> np.ndarray:
        """Divide the free texts anew, those on both sides staying; the statistic is the difference of means."""
        a, b = self.sizes
        stay = [np.setdiff1d(np.arange(len(side)), own) for side, own in zip(weights, self.free, strict=True)]
        fixed = [np.asarray(part[rows].sum(axis=0)).ravel() for part, rows in zip(sums, stay, strict=True)]
        held = [side[rows].sum() for side, rows in zip(weights, stay, strict=True)]
        moving = sparse.vstack([part[rows] for part, rows in zip(sums, self.free, strict=True)], format="csr")
        weight = np.concatenate([side[rows] for side, rows in zip(weights, self.free, strict=True)])
        whole = np.asarray(moving.sum(axis=0)).ravel()
        columns = moving.T.tocsr()

        def differ(chosen: np.ndarray) -> np.ndarray:
            taken, heavy = columns @ chosen, weight @ chosen
            one = (fixed[0][:, None] + taken) / (held[0] + heavy)
            return one - (fixed[1][:, None] + whole[:, None] - taken) / (held[1] + weight.sum() - heavy)

        observed = differ(np.concatenate([np.ones(a), np.zeros(b)])[:, None])
        size = sum(np.asarray(abs(part).sum(axis=0)).ravel() for part in sums) / min(
            held[0] + weight[:a].sum(), held[1] + weight[a:].sum()
        )
        tolerance = 1e-9 * np.maximum(1e-300, size)[:, None]
        above, below = np.zeros((2, len(whole)))
        draws = divide(a, b, permutations, random_state, exact=self.exact)
        while block := list(islice(draws, max(1, min(500, _BLOCK_CELLS // max(columns.shape))))):
            chosen = np.zeros((a + b, len(block)))
            np.put_along_axis(chosen, np.array(block, dtype=np.int64).T, 1.0, axis=0)
            found = differ(chosen)
            above += (found >= observed - tolerance).sum(axis=1)
            below += (found <= observed + tolerance).sum(axis=1)
        smaller = np.minimum(above, below)
        one_sided = smaller / comb(a + b, a) if self.exact else (1 + smaller) / (1 + permutations)
        return np.minimum(1.0, 2 * one_sided)


def compare_texts(
    first: tuple[Sequence[str], np.ndarray], second: tuple[Sequence[str], np.ndarray]
) -> TextComparison:
    """Set two groups of articles against each other.

    Parameters
    ----------
    first, second : (sequence of str, numpy.ndarray)
        The text and the weight of each article.

    Returns
    -------
    TextComparison
        Of their texts.
    """
    return TextComparison(text_rows(*first), text_rows(*second))


def row_weights(rows: TextRows) -> np.ndarray:
    """Return what each text weighs in its group.

    Parameters
    ----------
    rows : TextRows
        Of the group.

    Returns
    -------
    numpy.ndarray
        Of shape (texts,): 1 where all its copies are there.
    """
    if rows.member is None:
        return np.ones(len(rows))
    return np.asarray(rows.member.sum(axis=1)).ravel()


def _matrix(values) -> sparse.csr_matrix:
    return values.tocsr() if sparse.issparse(values) else sparse.csr_matrix(np.atleast_2d(values))
