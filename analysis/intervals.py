"""Article-level intervals: the expanded, skewness-adjusted percentile bootstrap, for any function of article sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from analysis.copy_weights import merge_named
from analysis.exact_sums import exact_values
from analysis.resampling import LARGEST_WEIGHT, bootstrap_weights

METHOD = "expanded, skewness-adjusted percentile bootstrap over articles within groups"

_SHRINKAGE = 2.0  # articles: the skewness of m counts m / (m + 2)
_MOST_MISSING = 0.1  # of the replicates; with more of them undefined there is no interval
_DENSE_SHARE = 0.1  # a term in more of the articles is multiplied as a dense row
_DENSE_SHARE_COMPILED = 0.4  # the compiled loop is faster than scipy's
_REPLICATES = 256  # so many weights of an article are added at a time
_TILE = 8192  # articles whose dense rows, or weights, are held at once
_STEP = 1e-5  # of the numerical derivative, relative to the sum of sizes
_NOISE = 1e-8  # of the parts' influence: what is left of equal values is rounding
_HALF_PRECISION = 2**15 - 1
_SINGLE_PRECISION = 2**24


@dataclass(frozen=True)
class Group:
    """One group of articles and what is summed over them.

    Parameters
    ----------
    names : sequence of str
        The article_ids, or texts: they choose the weights.
    parts : tuple of numpy.ndarray
        Each of shape (articles, quantities), or (articles, 1) where all quantities share it. The first is the
        numerator: an article in which it is 0 says nothing of the numerator's skewness.
    """

    names: Sequence[str]
    parts: tuple[np.ndarray, ...]


def article_interval(
    statistic: Callable[..., np.ndarray],
    groups: Sequence[Group],
    *,
    replicates: int,
    random_state: int,
    alpha: float = 0.05,
    widened: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the interval of a smooth function of sums over articles, drawn within their groups.

    The ends are quantiles of the Poisson bootstrap's replicates at levels that `interval_levels` moves outward
    for small samples (Hesterberg 2015) and sideways for skewness (Efron 1987). The adjustments come from the
    influence of each article: its parts times the statistic's derivative. An article that is 0 in every part,
    as one that does not mention the actor, counts for nothing.

    Not for medians and ranks, nor for what the sample cannot show: equal values give an interval without width.

    Parameters
    ----------
    statistic : callable
        Takes the sums, part by part and group after group, each of shape (..., quantities), and returns an
        array of that shape; NaN where it is undefined.
    groups : sequence of Group
        One or more groups of articles.
    replicates : int
        B.
    random_state : int
        The seed of the resampling.
    alpha : float
        One minus the level.
    widened : bool
        See `interval_levels`.

    Returns
    -------
    low, high : numpy.ndarray
        Of shape (quantities,); NaN where a group has fewer than two articles that count, or a tenth or more
        of the replicates are undefined.

    References
    ----------
    Efron, B. (1987), Better bootstrap confidence intervals; Hesterberg, T. (2015), What teachers should know
    about the bootstrap.

    Examples
    --------
    >>> mentions = Group([f"a{n}" for n in range(12)], (np.arange(12.0)[:, None], np.full((12, 1), 10.0)))
    >>> low, high = article_interval(ratio, [mentions], replicates=1000, random_state=0)
    >>> bool(low[0] < 0.55 < high[0])
    True
    """
    # copies of one text bear one name: they are drawn together, and are one piece of evidence
    groups = [Group(*merge_named(group.names, group.parts)) for group in groups]
    slopes = _derivatives(statistic, [part for group in groups for part in group.parts])
    values = article_replicates(statistic, groups, replicates=replicates, random_state=random_state)
    moments = []
    for group in groups:
        own, slopes = slopes[: len(group.parts)], slopes[len(group.parts) :]
        moments.append(_moments(group.parts, own))
    levels = interval_levels(moments, alpha=alpha, widened=widened)
    return replicate_quantiles(np.array(values.T, order="C"), levels)


def article_replicates(
    statistic: Callable[..., np.ndarray], groups: Sequence[Group], *, replicates: int, random_state: int
) -> np.ndarray:
    """Compute a statistic in every replicate of the bootstrap, from exact sums: no order or thread can show.

    Parameters
    ----------
    statistic : callable
        As in `article_interval`.
    groups : sequence of Group
        One or more groups of articles.
    replicates : int
        B.
    random_state : int
        The seed of the resampling.

    Returns
    -------
    numpy.ndarray
        Of shape (B, quantities).

    Raises
    ------
    ParameterError
        A part holds NaN or infinity.
    """
    drawn = []
    for group in groups:
        parts = [exact_values(part) for part in group.parts]
        sums = [np.zeros((replicates, part.shape[1])) for part in parts]
        for own in (slice(start, start + _TILE) for start in range(0, len(group.names), _TILE)):
            weights = bootstrap_weights(group.names[own], replicates, random_state).astype(float)
            for total, part in zip(sums, parts, strict=True):
                total += weights @ part[own]
        drawn += sums
    with np.errstate(invalid="ignore", divide="ignore"):
        return statistic(*drawn)


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Divide sums: the statistic of balances, shares and rates.

    Parameters
    ----------
    numerator, denominator : numpy.ndarray
        Sums over articles.

    Returns
    -------
    numpy.ndarray
        NaN where there is nothing to divide by.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)


@dataclass(frozen=True)
class Moments:
    """What one group's articles say of the shape of a statistic's sampling distribution.

    Parameters
    ----------
    articles : numpy.ndarray
        Of shape (quantities,): articles that count.
    numerators : numpy.ndarray
        Of shape (quantities,): articles whose numerator is not 0.
    second, third : numpy.ndarray
        Of shape (quantities,): sums of the squared and cubed influences, centred.
    """

    articles: np.ndarray
    numerators: np.ndarray
    second: np.ndarray
    third: np.ndarray

    def turned(self) -> Moments:
        """Turn the sign: for a group whose sums lower the statistic, with moments taken as if they raised it.

        Returns
        -------
        Moments
            With the third moment negated.
        """
        return Moments(self.articles, self.numerators, self.second, -self.third)


def interval_levels(
    moments: Sequence[Moments], *, alpha: float = 0.05, widened: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the levels of the bootstrap quantiles that bound an interval.

    With influences u of n articles in each group, v = sum u^2, s = v n / (n - 1):

    - expansion: c = t sqrt(sum s / sum v), t the quantile of Student's distribution at 1 - alpha / 2 with
      (sum s)^2 / sum (s^2 / (n - 1)) degrees of freedom (Satterthwaite): the bootstrap's variance is too small
      by (n - 1) / n, and the normal quantile too short. Not widened, s = v: Poisson weights, whose sum varies,
      spread a log ratio wider by the same order already (decision 0010);
    - skewness: a = sum u^3 / (6 (sum v)^1.5), the acceleration of BCa, times m / (m + 2), where m is the number
      of articles with a numerator in the group that has fewest: a skewness seen in a handful of articles is
      mostly noise;
    - levels Phi(a + (a -+ c) / (1 - a (a -+ c))), BCa with its bias constant set to a, as it is for sums.

    Parameters
    ----------
    moments : sequence of Moments
        One for each group.
    alpha : float
        One minus the level of the interval.
    widened : bool
        Whether s = v n / (n - 1).

    Returns
    -------
    low, high : numpy.ndarray
        Of shape (quantities,); NaN where a group has fewer than two articles that count.
    """
    from scipy.special import ndtr, stdtrit

    counts = np.stack([moment.articles for moment in moments]).astype(float)
    second = np.stack([moment.second for moment in moments])
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.where(counts > 1, second * counts / (counts - 1) if widened else second, np.nan)
        total = spread.sum(axis=0)
        freedom = total**2 / (spread**2 / (counts - 1)).sum(axis=0)
        still = second.sum(axis=0) == 0
        freedom = np.where(still, 1.0, freedom)
        wider = np.where(still, 1.0, np.sqrt(total / second.sum(axis=0)))
        reach = wider * stdtrit(freedom, 1 - alpha / 2)
        skew = sum(moment.third for moment in moments) / (6 * second.sum(axis=0) ** 1.5)
        fewest = np.min([moment.numerators for moment in moments], axis=0)
        skew = np.where(still, 0.0, skew * fewest / (fewest + _SHRINKAGE))
        low, high = (ndtr(skew + _shift(skew, skew + side * reach)) for side in (-1, 1))
    undefined = (counts < 2).any(axis=0)
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)


def replicate_quantiles(
    values: np.ndarray, levels: tuple[np.ndarray, ...], *, scale: Callable = np.float64
) -> tuple[np.ndarray, ...]:
    """Read quantiles off bootstrap replicates, at levels of each quantity's own.

    Parameters
    ----------
    values : numpy.ndarray
        Of shape (quantities, B), sorted in place; NaN marks an undefined replicate.
    levels : tuple of numpy.ndarray
        Of shape (quantities,) each.
    scale : callable
        An increasing function in whose scale the result is wanted, taken only of the replicates that are read.

    Returns
    -------
    tuple of numpy.ndarray
        One for each level, of shape (quantities,), interpolated; NaN where a tenth of the replicates or the level are.
    """
    values.sort(axis=1)  # NaN last
    usable = np.full(len(values), values.shape[1])
    partial = np.flatnonzero(np.isnan(values[:, -1]))
    usable[partial] -= np.isnan(values[partial]).sum(axis=1)
    rows = np.arange(len(values))
    found = []
    for level in levels:
        given = (usable > (1 - _MOST_MISSING) * values.shape[1]) & ~np.isnan(level)
        place = np.where(given, level, 0.0) * np.maximum(usable - 1, 0)
        before = np.floor(place).astype(np.int64)
        after = np.minimum(before + 1, np.maximum(usable - 1, 0))
        low, high = (scale(values[rows, index].astype(float)) for index in (before, after))
        found.append(np.where(given, low + (place - before) * (high - low), np.nan))
    return tuple(found)


class DrawnWeights:
    """The weights of one group's articles, laid out for `weighted_counts`.

    Parameters
    ----------
    weights : numpy.ndarray
        Of shape (B, articles), uint8, from `bootstrap_weights`.
    compiled : bool
        Whether `weighted_counts` adds up in a compiled loop, which pays for many terms.
    """

    def __init__(self, weights: np.ndarray, *, compiled: bool = False):
        self.weights = weights
        self.compiled = compiled

    @cached_property
    def rows(self) -> np.ndarray:
        """The weights of each article, one after the other: of shape (articles, B)."""
        return np.ascontiguousarray(self.weights.T)

    @cached_property
    def columns(self) -> list[np.ndarray]:
        """Some replicates each, of shape (articles, replicates), int16: narrow, so that they stay in the cache."""
        return [
            np.ascontiguousarray(self.weights[start : start + _REPLICATES].T, dtype=np.int16)
            for start in range(0, len(self.weights), _REPLICATES)
        ]


def weighted_counts(matrix: sparse.csc_matrix, drawn: DrawnWeights) -> np.ndarray:
    """Add up counts over articles under many sets of weights: the bootstrap's kernel.

    Terms in many articles are multiplied as dense rows, the others as sparse ones in 16-bit integers, by scipy or in
    a compiled loop: whole numbers, held exactly. It is fastest where the terms of a matrix are of like frequency.

    Parameters
    ----------
    matrix : scipy.sparse.csc_matrix
        Of shape (articles, terms), without stored zeros: whole numbers from 0.
    drawn : DrawnWeights
        How often each article is drawn.

    Returns
    -------
    numpy.ndarray
        Of shape (terms, B): float32 where that is exact, else float64.
    """
    articles, terms = matrix.shape
    weights = drawn.weights
    most = np.asarray(matrix.sum(axis=0)).ravel().astype(float) * LARGEST_WEIGHT
    kind = np.float32 if terms == 0 or most.max() < _SINGLE_PRECISION else np.float64
    share = _DENSE_SHARE_COMPILED if drawn.compiled else _DENSE_SHARE
    dense = (np.diff(matrix.indptr) > share * articles) | (most > _HALF_PRECISION)
    few, many = np.flatnonzero(~dense), np.flatnonzero(dense)
    found = np.empty((terms, len(weights)), dtype=kind)
    if len(few) and drawn.compiled:
        from analysis.kernels.bootstrap import add_narrow

        matrix.sort_indices()
        counted = np.minimum(matrix.data, _HALF_PRECISION).astype(np.int16)
        add_narrow((matrix.indptr, matrix.indices, counted), drawn.rows, few, found)
    elif len(few):
        rows = (matrix[:, few] if len(many) else matrix).T.astype(np.int16)
        chosen = few if len(many) else slice(None)
        for place, part in enumerate(drawn.columns):
            found[chosen, place * _REPLICATES : (place + 1) * _REPLICATES] = rows @ part
    if len(many):
        rows = (matrix[:, many] if len(few) else matrix).T.astype(kind)
        sums = np.zeros((len(many), len(weights)), dtype=kind)
        for start in range(0, articles, _TILE):
            part = rows if articles <= _TILE else rows[:, start : start + _TILE]
            sums += part.toarray() @ weights.T[start : start + _TILE].astype(kind)
        if not len(few):
            return sums
        found[many] = sums
    return found


def _shift(skew: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Stretch a place by the skewness, short of the pole at 1 / skew."""
    return place / np.maximum(1 - skew * place, 1e-3)


def _derivatives(statistic: Callable[..., np.ndarray], parts: list[np.ndarray]) -> list[np.ndarray]:
    """Differentiate the statistic by each sum (central differences)."""
    sums = [part.sum(axis=0) for part in parts]
    slopes = []
    for place, part in enumerate(parts):
        step = _STEP * np.maximum(np.abs(part).sum(axis=0), 1e-300)
        ends = []
        for side in (-1, 1):
            moved = list(sums)
            moved[place] = sums[place] + side * step
            with np.errstate(invalid="ignore", divide="ignore"):
                ends.append(statistic(*moved))
        slopes.append((ends[1] - ends[0]) / (2 * step))
    return slopes


def _moments(parts: tuple[np.ndarray, ...], slopes: list[np.ndarray]) -> Moments:
    """Sum up the influences of one group's articles."""
    pieces = np.broadcast_arrays(*(part * slope for part, slope in zip(parts, slopes, strict=True)))
    counting = np.broadcast_to(sum(part != 0 for part in parts) > 0, pieces[0].shape)
    articles = counting.sum(axis=0)
    influence = np.where(counting, sum(pieces), 0.0)
    centred = np.where(counting, influence - influence.sum(axis=0) / np.maximum(articles, 1), 0.0)
    largest = np.abs(pieces).max(axis=(0, 1), initial=0.0)
    centred[np.abs(centred) <= _NOISE * largest] = 0.0
    numerators = np.broadcast_to(parts[0] != 0, counting.shape).sum(axis=0)
    return Moments(articles, numerators, (centred**2).sum(axis=0), (centred**3).sum(axis=0))
