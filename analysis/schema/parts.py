"""Columns that many tables share, and what their values may be."""

from __future__ import annotations

import re
import unicodedata

from analysis.columns import Column, parse_published

# an id names files: Windows drops a dot at the end, and keeps some names for its devices
ID_PATTERN = re.compile(
    r"(?!(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z))[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?\Z", re.I | re.A
)
CONFIDENCES = ("high", "medium", "low")
PRECISIONS = ("day", "month", "year")


def is_date(value: object) -> bool:
    """Say whether a value is a day, month or year as articles.csv writes them.

    Parameters
    ----------
    value : object
        The value.

    Returns
    -------
    bool
        True for "2019-05-21", "2019-05" and "2019".
    """
    try:
        parse_published(str(value))
    except ValueError:
        return False
    return True


def fold_name(name: str) -> str:
    """Fold a name, so that two that a reader would take for one are equal.

    Parameters
    ----------
    name : str
        A label, a bloc or an id.

    Returns
    -------
    str
        Without differences of case, blanks and composition.

    Examples
    --------
    >>> fold_name("Neues  DEUTSCHLAND")
    'neues deutschland'
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def is_uncoded(bloc: str) -> bool:
    """Say whether an outlet's bloc is still to be coded.

    Parameters
    ----------
    bloc : str
        The cell of outlets.csv.

    Returns
    -------
    bool
        True for an empty cell, and for the word "uncoded".
    """
    return fold_name(bloc) in ("", "uncoded")


def one_of(*values: str) -> dict:
    """Allow some values only.

    Parameters
    ----------
    *values : str
        The values.

    Returns
    -------
    dict
        The fields ``allowed`` and ``check`` of a column.
    """
    return {"allowed": ", ".join(values), "check": lambda value: value in values}


ID = {
    "allowed": "letters, digits, '.', '_' and '-', at most 80, starting with a letter or digit, not ending in '.', "
    "and no device of Windows (con, nul)",
    "check": lambda value: bool(ID_PATTERN.match(str(value))),
}
SHARE = {"allowed": "0 to 1", "check": lambda value: 0 <= float(value) <= 1}
COUNT = {"allowed": "0 or more", "check": lambda value: int(value) >= 0}
# 'rest' is how the contrasts name all other groups together
NOT_REST = {"allowed": "any text but 'rest'", "check": lambda value: str(value).casefold() != "rest"}
GROUP_COLUMNS = (
    Column("level", "text", "what the group is", **one_of("article", "outlet", "bloc")),
    Column("group", "text", "the article_id, the outlet's label or the bloc"),
)


def text_column(name: str, meaning: str, **options) -> Column:
    """Declare a column of text.

    Parameters
    ----------
    name : str
        Its name.
    meaning : str
        What it holds, in a phrase.
    **options
        The other fields of `analysis.columns.Column`.

    Returns
    -------
    Column
        Of kind ``text``.
    """
    return Column(name, "text", meaning, **options)


def count_column(name: str, meaning: str, **options) -> Column:
    """Declare a column of whole numbers from 0.

    Parameters
    ----------
    name : str
        Its name.
    meaning : str
        What it holds, in a phrase.
    **options
        The other fields of `analysis.columns.Column`.

    Returns
    -------
    Column
        Of kind ``whole``.
    """
    return Column(name, "whole", meaning, **{**COUNT, **options})


def number_column(name: str, meaning: str, **options) -> Column:
    """Declare a column of numbers.

    Parameters
    ----------
    name : str
        Its name.
    meaning : str
        What it holds, in a phrase.
    **options
        The other fields of `analysis.columns.Column`.

    Returns
    -------
    Column
        Of kind ``number``; may be empty (NaN).
    """
    return Column(name, "number", meaning, **{"required": False, **options})


MENTION_COLUMNS = (
    text_column("article_id", "the article"),
    text_column("outlet", "the outlet's label"),
    text_column("bloc", "the outlet's bloc"),
    count_column("sentence_id", "the sentence, counted from 0 in the article's cleaned text"),
    count_column("start", "first character of the mention in the cleaned text"),
    count_column("end", "character after the last of the mention"),
    text_column("actor_id", "the actor mentioned (actors.csv)"),
    text_column("alias", "the words that name the actor, as they stand in the text"),
    text_column("voice", "whose words the mention stands in", **one_of("own", "quoted")),
)
