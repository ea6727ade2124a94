"""Names that share their last words with the next: "North and South Korea", "Bill and Hillary Clinton".

Of "North and South Korea" the alias table finds "South Korea". Where the word before "and" gives another alias with the
rest of that name ("North Korea"), it is a mention of that alias's actor. What is a mention, or part of one, already
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from analysis.aliases import Alias

_WORD_BEFORE = re.compile(r"(?<![\w.'\u2019-])([A-Z][\w.'\u2019-]*)[ \u00a0\n](?:and|or|nor|&)[ \u00a0\n]\Z")
# characters that a word and "and" have, at most
_REACH = 40


def find_joined_names(
    text: str, names: Sequence[tuple[int, int, Alias]], look_up: Callable[[str], Alias | None]
) -> list[tuple[int, int, Alias]]:
    """Find the words before "and" that share the last words of the name behind it.

    Parameters
    ----------
    text : str
        The text.
    names : sequence of (int, int, Alias)
        Character offsets of the names that were found, and their rows; sorted, not overlapping.
    look_up : callable
        Takes words, returns the row of the table that names an actor with all of them, or None.

    Returns
    -------
    list of (int, int, Alias)
        Character offsets of each such word, and the row of the whole name; sorted.

    Examples
    --------
    >>> from analysis.actors import load_actors, project_actors
    >>> from analysis.mentions import find_mentions
    >>> text = "North and South Korea thanked Bill and Hillary Clinton."
    >>> [(text[m.start : m.end], m.actor_id) for m in find_mentions(text, load_actors(project_actors()))]
    [('North', 'north-korea'), ('South Korea', 'south-korea'), ('Bill', 'bill-clinton'), ('Hillary Clinton', 'clinton')]
    """
    found, reach = [], 0
    for start, end, row in names:
        joined = _WORD_BEFORE.search(text, max(0, start - _REACH), start) if " " in row.alias else None
        if joined is not None and joined.start(1) >= reach and not row.title:
            rest = text[start:end].split(None, 1)[1:]
            whole = look_up(" ".join([joined[1], *rest])) if rest else None
            if whole is not None:
                found.append((*joined.span(1), whole))
        reach = end
    return found
