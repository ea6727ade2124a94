"""The compiled loop of shuffles: it loads numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled


@compiled
def shuffle_each(values, states):
    """Shuffle numbers several times, each time from the state that a hash gives.

    Parameters
    ----------
    values : numpy.ndarray
        Of shape (n,).
    states : numpy.ndarray
        uint64, of shape (shuffles,).

    Returns
    -------
    numpy.ndarray
        Of shape (shuffles, n).
    """
    shuffled = np.empty((len(states), len(values)))
    for number in range(len(states)):
        row = shuffled[number]
        row[:] = values
        for place in range(len(values) - 1, 0, -1):
            state = states[number] + np.uint64(place) * np.uint64(0x9E3779B97F4A7C15)
            state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            upper = (state ^ (state >> np.uint64(31))) >> np.uint64(32)
            other = np.int64((upper * np.uint64(place + 1)) >> np.uint64(32))
            row[place], row[other] = row[other], row[place]
    return shuffled
