"""Article-level resampling: bootstrap weights, permutation tests, attainable p, false discovery rate."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, islice
from math import ceil, comb, inf

import numpy as np
from scipy import sparse

from analysis.errors import ParameterError
from analysis.hashing import hash_names, hash_replicates

EXACT_LIMIT = 20_000
"""Up to so many divisions of the articles the permutation test is exact."""

_BLOCK_CELLS = 4_000_000
_COUNTABLE = 1000  # articles of the smaller group; beyond, 2 / C(a + b, a) is 0 in floating point

# P(X <= k) of a Poisson variable with mean 1, from which a weight is read off
_POISSON = np.cumsum(np.exp(-1.0) / np.array([1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880], dtype=float))
# the same as bounds of a 64-bit hash, of which the upper 53 bits are the uniform number
_THRESHOLDS = [np.uint64(ceil(bound * 2.0**53) << 11) for bound in _POISSON]
_NAMES = 64  # articles hashed at once: what fits the processor's cache

COMPILED_FROM = 2_000_000
"""So many weights (articles times replicates) are drawn by a compiled loop: the same, bit for bit."""

LARGEST_WEIGHT = len(_POISSON)
"""The most often that an article can be drawn in one replicate."""


def attainable_p(a: int, b: int) -> float:
    """Return the smallest two-sided p that a permutation test of a against b articles can reach.

    Parameters
    ----------
    a, b : int
        Articles in the two groups.

    Returns
    -------
    float
        ``min(1, 2 / C(a + b, a))``; NaN where a group has no article.

    Raises
    ------
    ParameterError
        A number of articles is negative.

    Examples
    --------
    >>> round(attainable_p(4, 4), 3)
    0.029
    >>> attainable_p(1, 4)
    0.4
    """
    if a < 0 or b < 0:
        raise ParameterError(f"a number of articles cannot be negative: {a} and {b}; give 0 or more")
    if a == 0 or b == 0:
        return float("nan")
    return min(1.0, 2 / _divisions(a, b))


def smallest_p(a: int, b: int, permutations: int) -> float:
    """Return the smallest two-sided p that `permutation_p` can give for a against b articles.

    Up to `EXACT_LIMIT` divisions the test is exact and the design sets the floor (`attainable_p`). Beyond, it is
    sampled: the division that was observed counts as one of B + 1, so no p lies below 2 / (B + 1).

    Parameters
    ----------
    a, b : int
        Articles in the two groups.
    permutations : int
        B of the sampled test.

    Returns
    -------
    float
        At most 1; NaN where a group has no article.

    Raises
    ------
    ParameterError
        A number of articles is negative, or B is below 1.

    Examples
    --------
    >>> smallest_p(4, 4, 5000) == attainable_p(4, 4)
    True
    >>> smallest_p(40, 40, 5000) == 2 / 5001
    True
    """
    if permutations < 1:
        raise ParameterError(f"permutations is {permutations}; allowed: 1 or more")
    floor = attainable_p(a, b)
    if np.isnan(floor) or _divisions(a, b) <= EXACT_LIMIT:
        return floor
    return min(1.0, max(floor, 2 / (1 + permutations)))


def articles_needed(alpha: float, *, other: int | None = None) -> int:
    """Return how many articles a group must have before p can reach alpha.

    Parameters
    ----------
    alpha : float
        The level of the test.
    other : int, optional
        Articles of the other group; without it both groups grow alike.

    Returns
    -------
    int
        The smallest number of articles.

    Raises
    ------
    ParameterError
        No number of articles is enough: alpha is not above 0, or the other group has no article.

    Examples
    --------
    >>> articles_needed(0.05)
    4
    """
    if not 0 < alpha <= 1:
        raise ParameterError(f"alpha is {alpha}; allowed: above 0 and at most 1")
    if other is not None and other < 1:
        raise ParameterError(
            f"the other group has {other} articles; allowed: 1 or more, as no test can do without"
        )
    size = 1
    while attainable_p(size, size if other is None else other) > alpha:
        size += 1
    return size


def bootstrap_weights(names: Sequence[str], replicates: int, random_state: int) -> np.ndarray:
    """Return how often each article is drawn in each replicate.

    The weight is a hash of (random_state, article, replicate), read as a Poisson(1) draw: it depends
    neither on the other articles nor on their order, so any part of a corpus makes its own weights.

    Parameters
    ----------
    names : sequence of str
        The article_ids.
    replicates : int
        B.
    random_state : int
        The seed of the resampling.

    Returns
    -------
    numpy.ndarray
        Of shape (B, articles), uint8.

    References
    ----------
    Hanley & MacGibbon (2006), Creating non-parametric bootstrap samples using Poisson frequencies.
    """
    if len(names) * replicates >= COMPILED_FROM:
        from analysis.kernels.bootstrap import hash_weights

        return hash_weights(hash_names(names, random_state), np.array(_THRESHOLDS), replicates).T
    weights = np.zeros((len(names), replicates), dtype=np.uint8)
    for start in range(0, len(names), _NAMES):
        block = slice(start, start + _NAMES)
        mixed = hash_replicates(names[block], replicates, random_state)
        # a uniform number u is the hash's upper 53 bits: P <= u is read off the hash itself
        for threshold in _THRESHOLDS:
            weights[block] += mixed >= threshold
    return weights.T


def hashed_uniform(name: str, replicates: int, random_state: int) -> np.ndarray:
    """Return numbers between 0 and 1 that depend on nothing but a name, the replicate and the seed.

    Parameters
    ----------
    name : str
        What the numbers are for.
    replicates : int
        How many.
    random_state : int
        The seed.

    Returns
    -------
    numpy.ndarray
        Of shape (replicates,), float64, from 0 up to but not including 1.
    """
    return (hash_replicates([name], replicates, random_state)[0] >> np.uint64(11)).astype(np.float64) * 2.0**-53


def percentile_interval(values: np.ndarray, alpha: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Return the percentile interval of bootstrap replicates.

    Parameters
    ----------
    values : numpy.ndarray
        Of shape (B, ...); NaN marks a replicate that drew no article of a group.
    alpha : float
        One minus the level.

    Returns
    -------
    low, high : numpy.ndarray
        Of the shape of one replicate; NaN where a tenth or more of the replicates are NaN.
    """
    values = np.asarray(values, dtype=float)
    flat = np.sort(values.reshape(len(values), -1), axis=0)  # NaN last
    usable = len(flat) - np.isnan(flat).sum(axis=0)
    given = usable > 0.9 * len(flat)
    bounds, columns = [], np.arange(flat.shape[1])
    for level in (alpha / 2, 1 - alpha / 2):
        place = level * np.maximum(usable - 1, 0)
        before = np.floor(place).astype(np.int64)
        low, high = flat[before, columns], flat[np.minimum(before + 1, np.maximum(usable - 1, 0)), columns]
        bounds.append(
            np.where(given, low + (place - before) * (high - low), np.nan).reshape(values.shape[1:])
        )
    return tuple(bounds)


def permutation_p(first, second, *, permutations: int = 5000, random_state: int = 0) -> np.ndarray:
    """Test the difference of two groups' mean per-article values.

    Exact over all divisions of the articles where there are at most `EXACT_LIMIT`; else over
    `permutations` sampled ones, with (1 + count) / (1 + B). Two-sided p is twice the smaller one-sided p,
    at most 1 (Lijffijt et al. 2016).

    Parameters
    ----------
    first, second : numpy.ndarray or scipy.sparse matrix
        Of shapes (a, k) and (b, k): one row per article, one column per quantity. Sparse ones stay sparse: memory
        follows their entries and k, not a times k.
    permutations : int
        B of the sampled test.
    random_state : int
        Seed of the sampled test.

    Returns
    -------
    numpy.ndarray
        Of shape (k,); NaN where a group has no article.

    Examples
    --------
    >>> permutation_p(np.array([[1.0], [2], [3], [4]]), np.array([[5.0], [6], [7], [8]])).round(4)
    array([0.0286])
    """
    first, second, pooled = _pool(first, second)
    a, b = first.shape[0], second.shape[0]
    if a == 0 or b == 0:
        return np.full(first.shape[1], np.nan)
    observed = np.asarray(first.sum(axis=0)).ravel()
    # a division is told by the sum of its first group: the difference of means rises with it
    tolerance = 1e-9 * np.maximum(1e-300, np.asarray(abs(pooled).sum(axis=0)).ravel())
    divisions = _divisions(a, b)
    exact = divisions <= EXACT_LIMIT
    draws = divide(a, b, permutations, random_state, exact=exact)
    above = np.zeros(pooled.shape[1])
    below = np.zeros(pooled.shape[1])
    columns = pooled.T.tocsr() if sparse.issparse(pooled) else pooled.T
    # a block of draws is held at a time, so that memory does not grow with B
    while block := list(islice(draws, max(1, min(500, _BLOCK_CELLS // max(pooled.shape))))):
        indicator = np.zeros((a + b, len(block)))
        np.put_along_axis(indicator, np.array(block, dtype=np.int64).T, 1.0, axis=0)
        sums = columns @ indicator
        above += (sums >= (observed - tolerance)[:, None]).sum(axis=1)
        below += (sums <= (observed + tolerance)[:, None]).sum(axis=1)
    smaller = np.minimum(above, below)
    one_sided = smaller / divisions if exact else (1 + smaller) / (1 + permutations)
    return np.minimum(1.0, 2 * one_sided)


def divide(a: int, b: int, permutations: int, random_state: int, *, exact: bool):
    """Yield divisions of a + b articles or texts: the places of the first a.

    Parameters
    ----------
    a, b : int
        Articles or texts of either group.
    permutations : int
        How many are sampled.
    random_state : int
        Seed of the sampled ones.
    exact : bool
        Whether all are listed.

    Returns
    -------
    iterator
        Of places.
    """
    if exact:
        return combinations(range(a + b), a)
    generator = np.random.Generator(np.random.Philox(random_state))
    return (generator.permutation(a + b)[:a] for _ in range(permutations))


def false_discovery_q(p: np.ndarray) -> np.ndarray:
    """Return Benjamini-Hochberg q values.

    Parameters
    ----------
    p : numpy.ndarray
        Of shape (k,); NaN is left out of the family.

    Returns
    -------
    numpy.ndarray
        Of shape (k,).
    """
    from scipy.stats import false_discovery_control

    p = np.asarray(p, dtype=float)
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        q[tested] = false_discovery_control(p[tested], method="bh")
    return q


def descriptive_flag(*articles: int) -> str:
    """Say in one phrase that a design supports no test or interval.

    Parameters
    ----------
    *articles : int
        Articles in each group.

    Returns
    -------
    str
        For example ``"descriptive: 1 and 4 articles"``.

    Examples
    --------
    >>> descriptive_flag(1)
    'descriptive: 1 article'
    """
    counts = " and ".join(str(count) for count in articles)
    return f"descriptive: {counts} article{'s' if articles != (1,) else ''}"


def why_withheld(a: int, b: int, *, alpha: float, permutations: int) -> str:
    """Say what keeps p from reaching alpha: too few articles, or too few permutations.

    Parameters
    ----------
    a, b : int
        Articles in the two groups, at least one each.
    alpha : float
        The level of the test.
    permutations : int
        B of the sampled test.

    Returns
    -------
    str
        Empty where p can reach alpha.

    Examples
    --------
    >>> why_withheld(1, 4, alpha=0.05, permutations=5000)
    'p withheld: 0.4 is the smallest attainable; 4 articles a group are needed'
    """
    floor = smallest_p(a, b, permutations)
    if floor <= alpha:
        return ""
    if attainable_p(a, b) <= alpha:
        needed = f"more than {permutations} permutations are needed"
    else:
        needed = f"{articles_needed(alpha)} articles a group are needed"
    return f"p withheld: {floor:.2g} is the smallest attainable; {needed}"


def _pool(first, second):
    """Bring two groups' values into one form, and stack them."""
    if sparse.issparse(first) and sparse.issparse(second):
        first, second = first.tocsr().astype(float), second.tocsr().astype(float)
        return first, second, sparse.vstack([first, second], format="csr")
    first, second = (
        np.atleast_2d(part.toarray() if sparse.issparse(part) else part).astype(float)
        for part in (first, second)
    )
    return first, second, np.vstack([first, second])


def _divisions(a: int, b: int) -> float:
    """Count the ways to divide the articles; infinite where a float cannot tell the difference."""
    return comb(a + b, a) if min(a, b) <= _COUNTABLE else inf
