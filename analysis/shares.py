"""Intervals of shares over articles: the article interval, with room for an article that the sample happens to lack."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.copy_weights import merge_named
from analysis.intervals import METHOD, Group, article_interval, article_replicates, ratio, replicate_quantiles
from analysis.resampling import hashed_uniform

SHARE_METHOD = f"{METHOD}, with room for an article not seen"

_NOISE = 1e-8  # of the largest share: what is left of equal shares is rounding


def share_interval(
    names: Sequence[str],
    part: np.ndarray,
    whole: np.ndarray,
    *,
    replicates: int,
    random_state: int,
    alpha: float = 0.05,
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the interval of a share of sums, such as a theme's share of a group's weight.

    The interval of `analysis.intervals.article_interval` trusts the articles that are there. Where most articles
    have next to nothing of a theme and a few have nearly all, a sample often holds none of the few, and the
    interval ends too soon. So the end on the side of the longer tail is the more cautious of two: that of the
    article interval, and the plain 1 - alpha / 2 (or alpha / 2) quantile of replicates to which an article not
    seen is added, of mean size times a Gamma(1/2) draw. Its share is the geometric mean of the largest share seen
    and 1; toward 0, one minus the geometric mean of one minus the smallest and 1. Gamma(1/2) is the posterior of
    a Poisson mean after a count of 0, as for a term that is absent on one side.

    Parameters
    ----------
    names : sequence of str
        The article_ids, or texts: they choose the weights, and rows of one name are copies of one text.
    part : numpy.ndarray
        Of shape (articles, quantities): what the quantities have of each article, from 0 to its whole.
    whole : numpy.ndarray
        Of shape (articles, 1) or as `part`; an article with 0 counts for nothing.
    replicates : int
        B.
    random_state : int
        The seed of the resampling.
    alpha : float
        One minus the level.

    Returns
    -------
    low, high : numpy.ndarray
        Of shape (quantities,), between 0 and 1; NaN where the article interval is.

    Examples
    --------
    >>> shares = np.array([[0.0], [0.0], [0.01], [0.02], [0.0], [0.4]])
    >>> names, settings = [f"a{n}" for n in range(6)], {"replicates": 1000, "random_state": 0}
    >>> low, high = share_interval(names, shares, np.ones((6, 1)), **settings)
    >>> bool(high[0] >= article_interval(ratio, [Group(names, (shares, np.ones((6, 1))))], **settings)[1][0])
    True
    """
    names, (part, whole) = merge_named(names, (part, whole))
    groups = [Group(names, (part, whole))]
    low, high = article_interval(
        ratio, groups, replicates=replicates, random_state=random_state, alpha=alpha
    )
    shares = np.where(whole > 0, ratio(part, whole), np.nan)
    if np.isnan(shares).all():
        return low, high
    tail = _longer_tail(part, np.broadcast_to(whole, part.shape))
    size = whole.sum(axis=0) / np.maximum((whole > 0).sum(axis=0), 1)
    size = size * half_gamma("an article that is not there", replicates, random_state)[:, None]
    most, least = np.fmax.reduce(shares), np.fmin.reduce(shares)
    above, below = np.sqrt(most), 1 - np.sqrt(1 - np.minimum(least, 1))
    higher, lower = article_replicates(
        lambda some, all_: np.stack([ratio(some + size * share, all_ + size) for share in (above, below)]),
        groups,
        replicates=replicates,
        random_state=random_state,
    )
    half = np.full(part.shape[1], alpha / 2)
    (upper_end,) = replicate_quantiles(np.array(higher.T, order="C"), (1 - half,))
    (lower_end,) = replicate_quantiles(np.array(lower.T, order="C"), (half,))
    high = np.where((tail > 0) & (upper_end > high), upper_end, high)
    low = np.where((tail < 0) & (lower_end < low), lower_end, low)
    return low, high


def half_gamma(name: str, replicates: int, random_state: int) -> np.ndarray:
    """Draw Gamma(1/2) values, one for each replicate: half the square of a normal one.

    They are the distribution's B middle quantiles in a random order, so that no chance of the draw is left in a
    quantile of theirs.

    Parameters
    ----------
    name : str
        What they are for: the same name gives the same values.
    replicates : int
        B.
    random_state : int
        The seed.

    Returns
    -------
    numpy.ndarray
        Of shape (B,), above 0.
    """
    from scipy.special import ndtri

    order = np.argsort(hashed_uniform(name, replicates, random_state), kind="stable")
    uniform = np.empty(replicates)
    uniform[order] = (np.arange(replicates) + 0.5) / replicates
    return ndtri((1 + uniform) / 2) ** 2 / 2


def _longer_tail(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Say on which side of each share its articles reach further: 1 above, -1 below, 0 neither."""
    share = part.sum(axis=0) / whole.sum(axis=0)
    influence = np.where(whole > 0, part - share * whole, 0.0)
    influence[np.abs(influence) <= _NOISE * np.abs(part).max(axis=0, initial=0.0)] = 0.0
    return np.sign((influence**3).sum(axis=0))
