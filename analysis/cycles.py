"""Rest from the search for cycles of objects, while very many objects are made that are in none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave off the search for cycles: a corpus is millions of spans in none, which it goes through again and again.

    What is in a cycle is found after the block. It can be a ``with`` block, or stand before a function.

    Yields
    ------
    None

    Examples
    --------
    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
