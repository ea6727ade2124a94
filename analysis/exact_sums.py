"""Sums of weighted values that no order of adding can change."""

from __future__ import annotations

import numpy as np

from analysis.errors import ParameterError
from analysis.resampling import LARGEST_WEIGHT

_DOUBLE_BITS = 52


def exact_values(part: np.ndarray, articles: int | None = None) -> np.ndarray:
    """Round values to a grid on which every weighted sum is exact, so that no order of adding can show.

    Parameters
    ----------
    part : numpy.ndarray
        Values of articles.
    articles : int, optional
        How many there are, if not as many as rows.

    Returns
    -------
    numpy.ndarray
        On a grid of 2^-52 of the largest sum that could arise, far below what is printed.

    Raises
    ------
    ParameterError
        A value is NaN or infinite.
    """
    if not np.isfinite(part).all():
        raise ParameterError("sums over articles need finite values; found NaN or infinity; allowed: numbers")
    largest = np.abs(part).max(initial=0.0) * LARGEST_WEIGHT * (articles or len(part))
    if largest == 0:
        return part
    grid = 2.0 ** (np.ceil(np.log2(largest)) - _DOUBLE_BITS)
    return np.round(part / grid) * grid
