"""Compiles the inner loops of large corpora with numba, and keeps what was compiled."""

from __future__ import annotations

from collections.abc import Callable

COMPILED_FROM = 4_000_000
"""So many characters (about 1,000 articles) are worth the half second that loading compiled loops takes."""


def compiled(function: Callable) -> Callable:
    """Compile a function of arrays and numbers when it is first called.

    The machine code is kept beside the module (``__pycache__``), or where that cannot be written in the user's
    own cache, or in the folder that ``NUMBA_CACHE_DIR`` names; where none of them can be written, it is compiled
    anew in every process. Modules with such functions load numba: import them inside the function that needs them.

    Parameters
    ----------
    function : callable
        In the part of Python that numba compiles; it calls only functions of its own module, because numba looks
        at no other file to tell whether what it kept is still right.

    Returns
    -------
    callable
        The same, compiled; without fast-math, so that every operation is the one that is written.
    """
    import numba

    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder of the cache can be written
        return numba.njit(nogil=True)(function)
