"""Shuffles of numbers that are the same on every machine, whatever was drawn before."""

from __future__ import annotations

import numpy as np

from analysis.hashing import STEP, mix_bits

COMPILED_FROM = 500
"""So many numbers are shuffled by a compiled loop: the same, bit for bit."""


def shuffle_rows(values: np.ndarray, numbers: range, random_state: int) -> np.ndarray:
    """Shuffle the same numbers several times.

    Each exchange is a hash of (random_state, number of the shuffle, place), so that any block of shuffles is made
    by itself.

    Parameters
    ----------
    values : numpy.ndarray
        Of shape (n,), n below 2**31.
    numbers : range
        The shuffles, counted from 0.
    random_state : int
        The seed.

    Returns
    -------
    numpy.ndarray
        Of shape (shuffles, n), float64.

    References
    ----------
    Durstenfeld (1964), Algorithm 235: Random permutation. The place of an exchange is the upper half of the product of
    a hash's upper 32 bits and the places left (Lemire 2019), uniform to 2**-32 times n.

    Examples
    --------
    >>> shuffle_rows(np.array([1.0, 2.0, 3.0]), range(2), 0).sum(axis=1)
    array([6., 6.])
    """
    values = np.asarray(values, dtype=float)
    seed = mix_bits(np.array([random_state], dtype=np.int64).astype(np.uint64) + STEP)
    with np.errstate(over="ignore"):
        states = mix_bits(seed + np.arange(numbers.start, numbers.stop, dtype=np.uint64) * STEP)
    if len(values) >= COMPILED_FROM:
        from analysis.kernels.bootstrap import shuffle_each

        return shuffle_each(values, states)
    shuffled = np.repeat(values[:, None], len(states), axis=1)
    every = np.arange(len(states))
    for place in range(len(values) - 1, 0, -1):
        with np.errstate(over="ignore"):
            upper = mix_bits(states + np.uint64(place) * STEP) >> np.uint64(32)
        other = ((upper * np.uint64(place + 1)) >> np.uint64(32)).astype(np.int64)
        here = shuffled[place].copy()
        shuffled[place] = shuffled[other, every]
        shuffled[other, every] = here
    return shuffled.T
