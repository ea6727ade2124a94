"""The compiled loops of resampling: weights and shuffles from hashes, and weighted sums; they load numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

_ARTICLES = 4096  # whose weights stay in the cache while the terms pass by
_REPLICATES = 512


@compiled
def _mix_bits(state, number):
    """Hash a state with a number: as `analysis.hashing.mix_bits` does."""
    state = state + np.uint64(number) * np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


@compiled
def hash_weights(first, thresholds, replicates):
    """Read the bootstrap weights off the hashes of articles and replicates.

    Parameters
    ----------
    first : numpy.ndarray
        uint64, of shape (articles,): the hash of each article.
    thresholds : numpy.ndarray
        uint64, ascending: a hash that reaches n of them is the weight n.
    replicates : int
        B.

    Returns
    -------
    numpy.ndarray
        Of shape (articles, B), uint8.
    """
    weights = np.zeros((len(first), replicates), np.uint8)
    states = np.empty(replicates, np.uint64)
    for article in range(len(first)):
        row = weights[article]
        for replicate in range(replicates):
            states[replicate] = _mix_bits(first[article], replicate)
        for threshold in thresholds:
            for replicate in range(replicates):
                row[replicate] += np.uint8(states[replicate] >= threshold)
    return weights


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
            upper = _mix_bits(states[number], place) >> np.uint64(32)
            other = np.int64((upper * np.uint64(place + 1)) >> np.uint64(32))
            row[place], row[other] = row[other], row[place]
    return shuffled


@compiled
def add_narrow(matrix, weights, columns, out):
    """Add up counts under many sets of weights, where 16 bits hold every sum.

    Parameters
    ----------
    matrix : tuple of numpy.ndarray
        Heads, articles and counts (int16) of sparse columns, articles ascending.
    weights : numpy.ndarray
        uint8, of shape (articles, B).
    columns : numpy.ndarray
        The columns that are summed.
    out : numpy.ndarray
        Of shape (all columns, B): the sums are written into the rows of `columns`.

    Returns
    -------
    None
        Only `out` changes.
    """
    heads, articles, counts = matrix
    sums = np.empty(_REPLICATES, np.int16)
    cursor = heads[:-1].copy()
    for low in range(0, len(weights), _ARTICLES):
        high = low + _ARTICLES
        for begin in range(0, weights.shape[1], _REPLICATES):
            width = min(_REPLICATES, weights.shape[1] - begin)
            last = begin + width == weights.shape[1]
            for column in columns:
                entry, stop = cursor[column], heads[column + 1]
                if entry == stop or articles[entry] >= high:
                    if low == 0:
                        out[column, begin : begin + width] = 0
                    continue
                sums[:width] = 0
                while entry < stop and articles[entry] < high:
                    count, row = counts[entry], weights[articles[entry], begin : begin + width]
                    if count == 1:
                        for place in range(width):
                            sums[place] = np.int16(sums[place] + row[place])
                    else:
                        for place in range(width):
                            sums[place] = np.int16(sums[place] + np.int16(count * row[place]))
                    entry += 1
                if low == 0:
                    out[column, begin : begin + width] = sums[:width]
                else:
                    out[column, begin : begin + width] += sums[:width]
                if last:
                    cursor[column] = entry
