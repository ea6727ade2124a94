"""What is wrong with the place of a target in a text: outside it, blank, or inside a character."""

from __future__ import annotations

import unicodedata

from analysis.errors import shorten


def offset_error(text: str, start: object, end: object) -> str | None:
    """Say what is wrong with the offsets of a target.

    Parameters
    ----------
    text : str
        The sentence.
    start, end : object
        What stands in the file; `end` is exclusive.

    Returns
    -------
    str or None
        What was found; None if nothing is wrong.

    Examples
    --------
    >>> offset_error("Russia", 0, 9)
    'offsets 0 to 9 in a text of 6 characters'
    """
    for value in (start, end):
        if isinstance(value, bool) or not isinstance(value, int):
            return f"the offset {shorten(value)}{', which is text' if isinstance(value, str) else ''}"
    if not 0 <= start < end <= len(text):
        return f"offsets {shorten(start)[1:-1]} to {shorten(end)[1:-1]} in a text of {len(text)} characters"
    if not text[start:end].strip():
        return f"a blank target at {start} to {end}"
    for at in (start, end):
        if _inside_character(text, at):
            return f"the offset {at} inside a character"
    return None


def _inside_character(text: str, at: int) -> bool:
    """Say whether an offset parts what a reader sees as one character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or after == "\u200d" or before == "\u200d":
        return True
    # shades of skin, tags of regional flags, halves of a surrogate pair
    if (
        "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0020" <= after <= "\U000e007f"
        or "\udc00" <= after <= "\udfff"
    ):
        return True
    # a flag is a pair of letters: an odd number of them before means the middle of one
    flags = 0
    while flags < at and "\U0001f1e6" <= text[at - 1 - flags] <= "\U0001f1ff":
        flags += 1
    return "\U0001f1e6" <= after <= "\U0001f1ff" and flags % 2 == 1
