"""Contrast statistics of terms from counts alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import ParameterError

ALPHA = 0.05
"""Of the bound of LRC, before it is divided by the family."""
DEFAULT_PRIOR = 500.0
"""w0 of the log-odds where no prior is given."""


def contrast_statistics(a, b, n1, n2, family: int | None = None, prior=None) -> pd.DataFrame:
    """Compute the contrast statistics of terms from counts alone.

    With c = n1 - a, d = n2 - b, N = n1 + n2, E1 = n1 (a + b) / N, E2 = n2 (a + b) / N:

    - ``g2``: 2 sum O ln(O / E) over a, b, c, d, signed (Dunning 1993);
    - ``g2_two_term``: 2 (a ln(a / E1) + b ln(b / E2)), signed (Rayson & Garside 2000);
    - ``bic``: |g2| - ln N (Wilson 2013);
    - ``log_ratio``: log2 ((a + .5) / (n1 + .5)) - log2 ((b + .5) / (n2 + .5)) (Walter 1975; Hardie 2014);
    - ``lrc``: conservative log ratio, the Clopper-Pearson bound nearer 0 at .05 / family (Evert 2022);
    - ``simple_maths``: (1e6 a / n1 + 100) / (1e6 b / n2 + 100) (Kilgarriff 2009);
    - ``log_odds``, ``z``, ``z_four_term``: log-odds with Dirichlet prior, in standard errors with the two-
      and the four-term variance (Monroe, Colaresi & Quinn 2008).

    They treat tokens as independent draws: use them to describe and rank, not to test; `measure_contrasts`
    tests over articles.

    Parameters
    ----------
    a, b : array_like
        Of shape (terms,): occurrences in target and reference.
    n1, n2 : float or array_like
        Tokens of target and reference.
    family : int, optional
        Terms tested together, for ``lrc``; 1 or more, by default the number given.
    prior : float or array_like, optional
        w, the prior count of each term, with w0 their sum. By default informative: the terms' share of
        both sides together, times 500.

    Returns
    -------
    pandas.DataFrame
        One row per term; NaN where a side has no tokens, or the term does not occur at all. Log-odds and
        their z are NaN, too, where a side (with its prior) holds nothing but the term.

    Raises
    ------
    ParameterError
        A count is negative or larger than its side, the shapes do not agree, or a prior count is not above 0.

    Examples
    --------
    >>> contrast_statistics([10], [5], 100, 200)[["g2", "g2_two_term"]].round(6).values.tolist()
    [[7.329812, 6.931472]]
    """
    a, b, n1, n2 = _as_counts(a, b, n1, n2)
    if prior is None:
        with np.errstate(invalid="ignore", divide="ignore"):
            w = DEFAULT_PRIOR * (a + b) / (n1 + n2)
        w0 = DEFAULT_PRIOR
    else:
        w = _as_prior(prior, a.shape)
        w0 = float(w.sum())
    if not (w[(a + b) > 0] > 0).all():
        raise ParameterError("the prior count of every term must be above 0")
    found = compute_statistics((a, b, n1, n2), (w, w0), family=len(a) if family is None else family)
    return pd.DataFrame(found)


def compute_statistics(
    sides: tuple[np.ndarray, np.ndarray, np.ndarray | float, np.ndarray | float],
    prior: tuple[np.ndarray, float],
    *,
    family: int,
) -> dict[str, np.ndarray]:
    """Compute the statistics of `contrast_statistics` for terms that are part of a longer list.

    Parameters
    ----------
    sides : (a, b, n1, n2)
        As in `contrast_statistics`; floats.
    prior : (w, w0)
        The prior count of each term, of shape (terms,), and the sum over all terms, of which these are a part.
    family : int
        Terms tested together.

    Returns
    -------
    dict of str to numpy.ndarray
        The columns of `contrast_statistics`, each of shape (terms,).
    """
    a, b, n1, n2 = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in sides))
    w, w0 = prior
    with np.errstate(invalid="ignore", divide="ignore"):
        over = a * n2 >= b * n1
        sign = np.where(over, 1.0, -1.0)
        expected1, expected2 = n1 * (a + b) / (n1 + n2), n2 * (a + b) / (n1 + n2)
        two_term = 2 * (_o_log(a, expected1) + _o_log(b, expected2))
        four_term = two_term + 2 * (_o_log(n1 - a, n1 - expected1) + _o_log(n2 - b, n2 - expected2))
        four_term = np.maximum(four_term, 0.0)
        log_odds = np.log((a + w) / (n1 + w0 - a - w)) - np.log((b + w) / (n2 + w0 - b - w))
        variance = 1 / (a + w) + 1 / (b + w)
        wide = variance + 1 / (n1 + w0 - a - w) + 1 / (n2 + w0 - b - w)
        columns = {
            "g2": sign * four_term,
            "g2_two_term": sign * np.maximum(two_term, 0.0),
            "bic": four_term - np.log(n1 + n2),
            "log_ratio": log_ratio(a, b, n1, n2),
            "lrc": _conservative_log_ratio(a, b, n1, n2, ALPHA / max(1, family)),
            "simple_maths": simple_maths(a, b, n1, n2),
            "log_odds": log_odds,
            "z": log_odds / np.sqrt(variance),
            "z_four_term": log_odds / np.sqrt(wide),
        }
    defined = (n1 > 0) & (n2 > 0) & (a + b > 0)
    # the odds of a term that is all there is on a side are not defined
    return {name: np.where(defined & np.isfinite(values), values, np.nan) for name, values in columns.items()}


def simple_maths(a, b, n1, n2, *, k: float = 100.0) -> np.ndarray:
    """Compute simple maths: the ratio of the rates per million, k added to both (Kilgarriff 2009).

    Parameters
    ----------
    a, b, n1, n2 : float or array_like
        Occurrences and tokens of target and reference.
    k : float
        The larger, the more frequent the words that come first.

    Returns
    -------
    numpy.ndarray
        1 at equal rates; NaN where a side has no tokens.

    Examples
    --------
    >>> simple_maths(7, 2, 1000, 1000, k=1).round(6).item()
    3.498751
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = [1e6 * np.asarray(x, float) / np.asarray(n, float) for x, n in ((a, n1), (b, n2))]
        return (rates[0] + k) / (rates[1] + k)


def log_ratio(a, b, n1, n2) -> np.ndarray:
    """Compute the log ratio with 0.5 added to every count (Walter 1975).

    Parameters
    ----------
    a, b, n1, n2 : numpy.ndarray
        Occurrences and tokens of target and reference.

    Returns
    -------
    numpy.ndarray
        In binary logarithms: 1 is twice as frequent.
    """
    return np.log2((a + 0.5) / (n1 + 0.5)) - np.log2((b + 0.5) / (n2 + 0.5))


def _as_counts(a, b, n1, n2) -> list[np.ndarray]:
    """Bring counts and tokens into arrays of one shape, (terms,)."""
    names = ("a", "b", "n1", "n2")
    parts = []
    for name, value in zip(names, (a, b, n1, n2), strict=True):
        try:
            parts.append(np.atleast_1d(np.asarray(value, dtype=float)))
        except (TypeError, ValueError):
            raise ParameterError(f"{name} must be a number or a list of numbers") from None
    try:
        parts = np.broadcast_arrays(*parts)
    except ValueError:
        parts = [np.zeros((2, 2)), *parts]
    if parts[0].ndim != 1:
        shapes = ", ".join(
            f"{name} {np.shape(value)}" for name, value in zip(names, (a, b, n1, n2), strict=True)
        )
        raise ParameterError(f"one count per term and side is needed; the shapes do not agree: {shapes}")
    a, b, n1, n2 = parts
    # counts below 0 and NaN both fail these comparisons
    if not ((a >= 0) & (b >= 0) & (n1 >= a) & (n2 >= b) & np.isfinite(n1) & np.isfinite(n2)).all():
        raise ParameterError(
            "counts must be 0 or more, and at most the tokens of their side: 0 <= a <= n1, 0 <= b <= n2"
        )
    return parts


def _as_prior(prior, shape: tuple[int, ...]) -> np.ndarray:
    """Bring prior counts into the shape (terms,)."""
    try:
        w = np.broadcast_to(np.asarray(prior, dtype=float), shape)
    except (TypeError, ValueError):
        raise ParameterError(
            f"prior must be one number, or one for each of the {shape[0]} terms; found shape {np.shape(prior)}"
        ) from None
    if not np.isfinite(w).all():
        raise ParameterError("every prior count must be a finite number")
    return w


def _o_log(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Compute O ln(O / E), with 0 ln 0 = 0."""
    positive = observed > 0
    return np.where(positive, observed * np.log(np.where(positive, observed, 1.0) / expected), 0.0)


def _conservative_log_ratio(a, b, n1, n2, alpha: float) -> np.ndarray:
    """Compute LRC: the bound of the exact interval that is nearer to 0, or 0 where it crosses."""
    from scipy.stats import beta

    low = np.where(a > 0, beta.ppf(alpha / 2, np.maximum(a, 1e-300), b + 1), 0.0)
    high = np.where(b > 0, beta.isf(alpha / 2, a + 1, np.maximum(b, 1e-300)), 1.0)
    scale = np.log2(n2 / n1)
    over = np.maximum(0.0, scale + np.log2(low / (1 - low)))
    under = np.minimum(0.0, scale + np.log2(high / (1 - high)))
    return np.where(a * n2 >= b * n1, over, under)
