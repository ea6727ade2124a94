"""Numbers drawn as hashes: they depend on names and a seed, not on what was drawn before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

STEP = np.uint64(0x9E3779B97F4A7C15)
"""Between the states of neighbouring numbers: 2**64 over the golden ratio."""


def hash_names(names: Sequence[str], random_state: int) -> np.ndarray:
    """Hash each name.

    Parameters
    ----------
    names : sequence of str
        Of articles, for example.
    random_state : int
        The seed.

    Returns
    -------
    numpy.ndarray
        Of shape (names,), uint64.
    """
    digests = (hashlib.sha256(f"{random_state}:{name}".encode()).digest()[:8] for name in names)
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def hash_replicates(names: Sequence[str], replicates: int, random_state: int) -> np.ndarray:
    """Hash each name with each replicate.

    Parameters
    ----------
    names : sequence of str
        Of articles, for example.
    replicates : int
        B.
    random_state : int
        The seed.

    Returns
    -------
    numpy.ndarray
        Of shape (names, B), uint64.
    """
    return mix_bits(hash_names(names, random_state)[:, None] + np.arange(replicates, dtype=np.uint64) * STEP)


def mix_bits(state: np.ndarray) -> np.ndarray:
    """Mix 64-bit integers, so that neighbours have nothing in common.

    Parameters
    ----------
    state : numpy.ndarray
        uint64.

    Returns
    -------
    numpy.ndarray
        uint64, shaped as `state`.

    References
    ----------
    Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators.
    """
    with np.errstate(over="ignore"):
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return state ^ (state >> np.uint64(31))
