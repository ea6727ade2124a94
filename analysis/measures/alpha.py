"""Krippendorff's alpha with its interval over articles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.codings import Measurement
from analysis.config import StatisticsParameters
from analysis.errors import ParameterError
from analysis.intervals import Group, article_interval
from analysis.resampling import descriptive_flag

NO_PAIR = "undefined: no item was coded by two coders"
NO_VARIATION = "undefined: every code is the same, so nothing can be told from chance"


def krippendorff_alpha(codes: np.ndarray, level: Measurement = "nominal") -> float:
    """Compute Krippendorff's alpha.

    Parameters
    ----------
    codes : array_like
        Of shape (coders, units), numbers; NaN is a missing code.
    level : {"nominal", "ordinal", "interval"}
        Level of measurement.

    Returns
    -------
    float
        1 is perfect agreement, 0 what chance gives; NaN where all codes are the same, so that nothing can be
        told from chance, or fewer than two codes can be paired.

    Raises
    ------
    ParameterError
        There are fewer than two coders.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> a = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    >>> b = [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]
    >>> round(krippendorff_alpha([a, b]), 4)
    0.0952
    """
    import krippendorff

    codes = np.asarray(codes, dtype=float)
    if codes.ndim != 2 or len(codes) < 2:
        raise ParameterError(f"alpha needs two coders or more; found an array of shape {codes.shape}")
    if why_undefined(codes):
        return float("nan")
    return float(krippendorff.alpha(reliability_data=codes, level_of_measurement=level))


def why_undefined(codes: np.ndarray) -> str:
    """Say why alpha is undefined.

    Parameters
    ----------
    codes : numpy.ndarray
        As in `krippendorff_alpha`.

    Returns
    -------
    str
        Empty where it is defined.
    """
    paired = codes[:, (~np.isnan(codes)).sum(axis=0) >= 2]
    if paired.size == 0:
        return NO_PAIR
    return NO_VARIATION if len(np.unique(paired[~np.isnan(paired)])) < 2 else ""


def unit_coincidences(codes: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Count each unit's pairs of codes, as alpha weighs them.

    A unit with m codes, m_c of them c, adds (m_c m_k - [c = k] m_c) / (m - 1) to the coincidence of c and k.

    Parameters
    ----------
    codes : numpy.ndarray
        Of shape (coders, units); NaN is missing.
    values : numpy.ndarray
        Of shape (v,): what codes can be, sorted.

    Returns
    -------
    numpy.ndarray
        Of shape (units, v, v), symmetric; 0 for a unit with fewer than two codes.
    """
    counts = (codes[:, :, None] == values).sum(axis=0).astype(float)
    pairs = counts[:, :, None] * counts[:, None, :]
    diagonal = np.arange(len(values))
    pairs[:, diagonal, diagonal] -= counts
    return pairs / np.maximum(counts.sum(axis=1) - 1, 1)[:, None, None]


def coincidence_alpha(coincidences: np.ndarray, values: np.ndarray, level: Measurement) -> np.ndarray:
    """Compute alpha from sums of coincidences: a smooth function of sums over articles.

    alpha = 1 - (n - 1) sum o_ck d_ck / sum n_c n_k d_ck, with d 0 or 1 (nominal), (c - k)^2 (interval) or the
    squared distance of mid-ranks (ordinal).

    Parameters
    ----------
    coincidences : numpy.ndarray
        Of shape (..., v, v).
    values : numpy.ndarray
        Of shape (v,), sorted.
    level : {"nominal", "ordinal", "interval"}
        Level of measurement.

    Returns
    -------
    numpy.ndarray
        Of shape (...,); NaN where it is undefined.
    """
    totals = coincidences.sum(axis=-1)
    n = totals.sum(axis=-1)
    if level == "ordinal":
        place = np.cumsum(totals, axis=-1) - totals / 2
    else:
        place = np.broadcast_to(np.asarray(values, dtype=float), totals.shape)
    distance = (place[..., :, None] - place[..., None, :]) ** 2
    if level == "nominal":
        distance = (distance > 0).astype(float)
    observed = (coincidences * distance).sum(axis=(-2, -1))
    expected = (totals[..., :, None] * totals[..., None, :] * distance).sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((expected > 0) & (n > 1), 1 - (n - 1) * observed / expected, np.nan)


def alpha_interval(
    codes: np.ndarray,
    level: Measurement = "nominal",
    *,
    articles: Sequence[str],
    statistics: StatisticsParameters,
) -> tuple[float, float]:
    """Compute the interval of alpha over articles, drawn with all their units.

    Units of one article share their writer and their story. Where each article has one unit, this is the
    bootstrap over units.

    Parameters
    ----------
    codes : array_like
        As in `krippendorff_alpha`.
    level : {"nominal", "ordinal", "interval"}
        Level of measurement.
    articles : sequence of str
        The article of each unit.
    statistics : StatisticsParameters
        Replicates, random state, level, and how many articles an interval needs.

    Returns
    -------
    low, high : float
        NaN where alpha is undefined, fewer articles than ``min_articles_interval`` hold a unit that two
        coded, no disagreement was seen (so that no replicate would show one), or a tenth or more of the
        replicates are undefined.
    """
    codes = np.asarray(codes, dtype=float)
    nothing = (float("nan"), float("nan"))
    if why_undefined(codes):
        return nothing
    paired = (~np.isnan(codes)).sum(axis=0) >= 2
    names, owner = np.unique(np.asarray(articles, dtype=str)[paired], return_inverse=True)
    if len(names) < statistics.min_articles_interval or not _disagree(codes):
        return nothing
    values = np.unique(codes[:, paired][~np.isnan(codes[:, paired])])
    units = unit_coincidences(codes[:, paired], values)
    upper = np.triu_indices(len(values))
    sums = np.zeros((len(names), len(upper[0])))
    np.add.at(sums, owner, units[:, upper[0], upper[1]])

    def statistic(*parts: np.ndarray) -> np.ndarray:
        table = np.zeros((*np.shape(parts[0]), len(values), len(values)))
        for part, first, second in zip(parts, *upper, strict=True):
            table[..., first, second] = table[..., second, first] = part
        return coincidence_alpha(table, values, level)

    low, high = article_interval(
        statistic,
        [Group(names.tolist(), tuple(sums.T[:, :, None]))],
        replicates=statistics.bootstrap,
        random_state=statistics.random_state,
        alpha=statistics.alpha,
    )
    return float(low[0]), float(high[0])


def _disagree(codes: np.ndarray) -> bool:
    """Say whether two coders differ on any unit."""
    least = np.where(np.isnan(codes), np.inf, codes).min(axis=0)
    most = np.where(np.isnan(codes), -np.inf, codes).max(axis=0)
    return bool((least < most).any())


def interval_flag(codes: np.ndarray, low: float, n_articles: int, statistics: StatisticsParameters) -> str:
    """Say why alpha or its interval is withheld.

    Parameters
    ----------
    codes : numpy.ndarray
        As in `krippendorff_alpha`.
    low : float
        Its lower end.
    n_articles : int
        Articles that it would rest on.
    statistics : StatisticsParameters
        How many it needs.

    Returns
    -------
    str
        Empty where it is given.
    """
    reason = why_undefined(codes)
    if reason or not np.isnan(low):
        return reason
    if n_articles < statistics.min_articles_interval:
        return descriptive_flag(n_articles)
    if not _disagree(codes):
        return "no interval: no disagreement was seen"
    return "no interval: undefined in a tenth or more of the replicates"
