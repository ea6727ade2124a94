"""Loops over the postings of terms, compiled: a posting is one term in one article, with its count; they load numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

SUMS = ("counts", "articles", "largest", "squares", "cubes", "mixed", "square_mixed", "mixed_square")
"""What `sum_postings` adds up, with x the count and d the article's tokens: sum x, sum 1, max x, sum x^2, sum x^3,
sum x d, sum x^2 d, sum x d^2."""


@compiled
def sum_postings(terms, outlets, sizes, counts, shape):
    """Add up the postings of every term and outlet.

    Parameters
    ----------
    terms, outlets : numpy.ndarray
        Of shape (postings,): which term, and whose article.
    sizes, counts : numpy.ndarray
        Of shape (postings,): the article's tokens, and the term's count in it.
    shape : (int, int)
        Terms and outlets.

    Returns
    -------
    numpy.ndarray
        Of shape (8, terms, outlets), float64: `SUMS`, added in the order of the postings.
    """
    found = np.zeros((8, shape[0], shape[1]))
    for at in range(len(terms)):
        term, outlet = terms[at], outlets[at]
        x, d = float(counts[at]), float(sizes[at])
        found[0, term, outlet] += x
        found[1, term, outlet] += 1
        found[2, term, outlet] = max(found[2, term, outlet], x)
        found[3, term, outlet] += x * x
        found[4, term, outlet] += x * x * x
        found[5, term, outlet] += x * d
        found[6, term, outlet] += x * x * d
        found[7, term, outlet] += x * d * d
    return found


@compiled
def add_drawn(sums, terms, outlets, rows, counts, weights) -> None:
    """Add postings, each as often as its article is drawn, to the sums of every replicate.

    Parameters
    ----------
    sums : numpy.ndarray
        Of shape (terms, outlets, B), int32 or int64; added to.
    terms, outlets, rows : numpy.ndarray
        Of shape (postings,): which term, whose article, and the article's row in `weights`.
    counts : numpy.ndarray
        Of shape (postings,), int32.
    weights : numpy.ndarray
        Of shape (articles, B), uint8.
    """
    for at in range(len(terms)):
        place = sums[terms[at], outlets[at]]
        drawn = weights[rows[at]]
        count = counts[at]
        for replicate in range(len(place)):
            place[replicate] += count * np.int32(drawn[replicate])


@compiled
def disperse_postings(offsets, inside, sizes, counts, side):
    """Compute the dispersion of terms over the articles of one side.

    As `analysis.measures.dispersion.disperse_sparse`, from postings.

    Parameters
    ----------
    offsets : numpy.ndarray
        Of shape (terms + 1,): where each term's postings begin; they stand in the order of the articles.
    inside : numpy.ndarray
        Of shape (postings,), bool: whether the article is on the side.
    sizes, counts : numpy.ndarray
        Of shape (postings,): the article's tokens, and the term's count in it.
    side : (float, float, float)
        The side's articles, their tokens, and the tokens of the shortest.

    Returns
    -------
    numpy.ndarray
        Of shape (4, terms): DP, normalised DP, Juilland's D, Kullback-Leibler divergence.
    """
    parts, tokens, shortest = side
    found = np.full((4, len(offsets) - 1), np.nan)
    if parts < 2:
        return found
    for term in range(len(offsets) - 1):
        total, rates, filled = 0.0, 0.0, 0.0
        for at in range(offsets[term], offsets[term + 1]):
            if inside[at]:
                total += counts[at]
                rates += counts[at] / sizes[at]
                filled += 1
        if total == 0:
            continue
        mean = rates / parts
        apart, squares, divergence = 0.0, 0.0, 0.0
        for at in range(offsets[term], offsets[term + 1]):
            if inside[at]:
                share, expected = counts[at] / total, sizes[at] / tokens
                apart += abs(share - expected) - expected
                squares += (counts[at] / sizes[at] - mean) ** 2
                divergence += share * np.log2(share / expected)
        squares += (parts - filled) * mean**2
        # articles without the term add their whole share: 1 minus the shares of those with it
        found[0, term] = 0.5 * (apart + 1.0)
        found[1, term] = found[0, term] / (1 - shortest / tokens)
        found[2, term] = 1 - np.sqrt(squares / parts) / mean / np.sqrt(parts - 1)
        found[3, term] = divergence
    return found
