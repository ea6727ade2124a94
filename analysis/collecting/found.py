"""What a reader finds in a file: articles, with the place that each part was lifted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.errors import Problem


@dataclass(frozen=True)
class Found:
    """One article as a file holds it; every part but the text may be empty.

    Parameters
    ----------
    place : str
        The file, and the number of the article in it, for messages.
    text : str
        The body.
    reader : str
        What kind of file it came from.
    data : bytes, optional
        The text as UTF-8 bytes, where these are to be kept as they are.
    article_id, source_id : str
        The name that a table gives it, and the number of the database it came from.
    title, author, outlet, bloc, url, rights : str
        As printed.
    published : str
        The date as printed.
    lifted : mapping of str to str
        For each part that was lifted, the words that say from where.
    notes : tuple of str
        What a reader of the articles table should know.
    """

    place: str
    text: str
    reader: str
    data: bytes | None = None
    article_id: str = ""
    source_id: str = ""
    title: str = ""
    author: str = ""
    outlet: str = ""
    bloc: str = ""
    url: str = ""
    rights: str = ""
    published: str = ""
    lifted: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def not_read(place: str, found: str, remedy: str, allowed: str = "an article") -> Problem:
    """Say why a file, or an article in it, was not read.

    Parameters
    ----------
    place : str
        The file, and the number of the article in it.
    found : str
        What stands there.
    remedy : str
        What to do.
    allowed : str
        What may stand there.

    Returns
    -------
    Problem
        For the list of what was set aside.
    """
    return Problem(place, found, allowed, remedy)
