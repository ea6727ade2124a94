"""The contrasts of a large corpus in memory: the same numbers as term by term, from postings and shared replicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from analysis.config import StatisticsParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts
from analysis.measures.contrast_blocks import (
    NUMBERS,
    BlockMeasures,
    Contrast,
    OutletSums,
    Postings,
)
from analysis.resampling import LARGEST_WEIGHT, bootstrap_weights

_CELLS = 8_000_000  # sums (term, outlet, replicate) that are held at once


class CountedOutlets(NamedTuple):
    """The articles in the order of their names, with their outlets.

    Parameters
    ----------
    order : numpy.ndarray
        Of shape (articles,): the place of each article in the counts, sorted by article_id.
    owner : numpy.ndarray
        Of shape (articles,): its outlet, in that order, from 0.
    """

    order: np.ndarray
    owner: np.ndarray


def count_outlets(
    counts: TermCounts, groupings: Sequence[Grouping], outlets: np.ndarray
) -> CountedOutlets | None:
    """Find the outlets of which every group is made, if there are such.

    Parameters
    ----------
    counts : TermCounts
        Of the terms.
    groupings : sequence of Grouping
        Whose groups are contrasted.
    outlets : numpy.ndarray
        Of shape (articles,): a number for each article's outlet.

    Returns
    -------
    CountedOutlets or None
        None where a group holds a part of an outlet, an article is in no group, one has no token, or copies share a
        weight.
    """
    if counts.copies or not len(outlets) or outlets.min() < 0 or not (counts.sizes > 0).all():
        return None
    _, owner = np.unique(outlets, return_inverse=True)
    for grouping in groupings:
        group = np.full(len(owner), -1)
        for number, rows in enumerate(grouping.members.values()):
            group[rows] = number
        whole = np.full(owner.max() + 1, -1)
        whole[owner] = group
        if (group < 0).any() or (whole[owner] != group).any():
            return None
    order = np.argsort(np.array(counts.article_ids))
    return CountedOutlets(order, owner[order])


def contrast_numbers(
    counts: TermCounts,
    counted: CountedOutlets,
    contrasts: Sequence[tuple[np.ndarray, np.ndarray]],
    prior: tuple[np.ndarray, np.ndarray],
    statistics: StatisticsParameters,
) -> list[dict[str, np.ndarray]]:
    """Measure contrasts: the bootstrap's sums of every outlet are drawn once, and added up for every side.

    Parameters
    ----------
    counts : TermCounts
        Of the terms that are tested.
    counted : CountedOutlets
        From `count_outlets`.
    contrasts : sequence of (numpy.ndarray, numpy.ndarray)
        Positions of the articles of target and reference.
    prior : (numpy.ndarray, numpy.ndarray)
        w and w0 of the terms.
    statistics : StatisticsParameters
        See `analysis.config`.

    Returns
    -------
    list of dict of str to numpy.ndarray
        For each contrast `NUMBERS` and ``driven_by``, each of shape (terms,).
    """
    from analysis.kernels.postings import add_drawn, sum_postings

    names = np.array(counts.article_ids, dtype=object)[counted.order]
    place = np.argsort(counted.order)
    planned = [
        Contrast("", "", "", tuple(tuple(np.unique(counted.owner[place[rows]]).tolist()) for rows in pair))
        for pair in contrasts
    ]
    weights = np.ascontiguousarray(bootstrap_weights(names, statistics.bootstrap, statistics.random_state).T)
    sizes = counts.sizes[counted.order]
    outlets = _sum_outlets(sizes, counted.owner, weights)
    matrix = counts.matrix[counted.order].tocsc()
    kind = np.int32 if counts.totals.max(initial=0) * LARGEST_WEIGHT < 2**31 else np.int64
    terms = len(counts.terms)
    width = max(1, _CELLS // outlets.drawn.size)
    found = [{name: np.empty(terms) for name in NUMBERS} for _ in planned]
    driven = np.full((len(planned), terms), -1)
    for start in range(0, terms, width):
        block = slice(start, start + width)
        part = matrix[:, block]
        postings = _list_postings(part, sizes, counted.owner)
        shape = part.shape[1], len(outlets.articles)
        sums = sum_postings(postings.terms, postings.outlets, postings.sizes, postings.counts, shape)
        drawn = np.zeros((*shape, statistics.bootstrap), dtype=kind)
        own = postings.terms, postings.outlets, postings.articles, postings.counts.astype(kind)
        add_drawn(drawn, *own, weights)
        measured = BlockMeasures(
            statistics, (postings, outlets), sums, drawn, (prior[0][block], prior[1][block])
        )
        for number, contrast in enumerate(planned):
            columns = measured.columns(contrast, family=terms)
            for name in NUMBERS:
                found[number][name][block] = columns[name]
            driven[number, block] = measured.drivers(contrast, columns["log_ratio"])
    drivers = np.append(names, "")[driven]  # -1: no article drives
    return [numbers | {"driven_by": own} for numbers, own in zip(found, drivers, strict=True)]


def _list_postings(part: sparse.csc_matrix, sizes: np.ndarray, owner: np.ndarray) -> Postings:
    """List the postings of some terms."""
    part.sort_indices()
    terms = np.repeat(np.arange(part.shape[1]), np.diff(part.indptr))
    offsets, articles = part.indptr.astype(np.int64), part.indices.astype(np.int64)
    return Postings(offsets, terms, articles, part.data.astype(np.int64), owner[articles], sizes[articles])


def _sum_outlets(sizes: np.ndarray, owner: np.ndarray, weights: np.ndarray) -> OutletSums:
    """Add up the articles of each outlet, and their tokens in every replicate."""
    own = [np.flatnonzero(owner == number) for number in range(owner.max() + 1)]
    # whole numbers, which the product in floating point holds exactly
    drawn = np.array([sizes[rows].astype(float) @ weights[rows] for rows in own]).astype(np.int64)
    return OutletSums.of(owner, sizes, drawn)
