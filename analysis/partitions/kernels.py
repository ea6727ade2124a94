"""Compiled loops over the paragraphs of a corpus in partitions."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled


@compiled
def solve_weights(products, gram, sweeps):
    """Find the non-negative weights of themes in each paragraph: least squares by coordinate descent.

    Every row is solved on its own, so that it does not matter which others are solved with it.

    Parameters
    ----------
    products : numpy.ndarray
        Of shape (paragraphs, k): X H^T.
    gram : numpy.ndarray
        Of shape (k, k): H H^T.
    sweeps : int
        At most so many rounds; a row is done when a round moves no weight by more than 1e-9.

    Returns
    -------
    numpy.ndarray
        Of shape (paragraphs, k): W.
    """
    rows, k = products.shape
    weights = np.zeros((rows, k))
    for row in range(rows):
        for _ in range(sweeps):
            moved = 0.0
            for theme in range(k):
                if gram[theme, theme] == 0:
                    continue
                slope = -products[row, theme]
                for other in range(k):
                    slope += weights[row, other] * gram[other, theme]
                new = max(0.0, weights[row, theme] - slope / gram[theme, theme])
                moved = max(moved, abs(new - weights[row, theme]))
                weights[row, theme] = new
            if moved <= 1e-9:
                break
    return weights
