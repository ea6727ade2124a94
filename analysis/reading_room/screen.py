"""Where a reader is, and how that is said: the state behind the screen, and words for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import counted
from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.reading_room.numbers import subject_name
from analysis.reading_room.places import find_places

FORMS = {"kwic": "words in context", "sentences": "whole sentences"}
PAGE = 40
"""Places on one page."""


@dataclass(frozen=True)
class Screen:
    """Where a reader is.

    Parameters
    ----------
    choice : Choice
        What is chosen.
    order : str
        How places are sorted: a key of `analysis.reading_room.places.ORDERS`.
    form : {"kwic", "sentences"}
        Words in context, or whole sentences.
    page : int
        From 0.
    reading : tuple, optional
        The article that is open, with start and end of the place it was opened at.
    """

    choice: Choice = field(default_factory=Choice)
    order: str = "place"
    form: str = "kwic"
    page: int = 0
    reading: tuple[str, int, int] | None = None


def where_name(library: Library, choice: Choice) -> str:
    """Name the place chosen, in words.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        What is chosen.

    Returns
    -------
    str
        Plain text.
    """
    level, group = choice.place
    if not level:
        return "all blocs"
    title = library.article(group).title if level == "article" else ""
    return f"{group} (“{title}”)" if title else group


def choose_group(level: str, group: str, **subject: str) -> dict[str, str]:
    """Return the change of choice that a press on a group makes: that group alone, of whatever level.

    Parameters
    ----------
    level, group : str
        The group; an empty name for the whole corpus.
    **subject : str
        What else is to be chosen.

    Returns
    -------
    dict
        Arguments of `analysis.reading_room.desk.Desk.choose`.
    """
    change = {"bloc": "", "outlet": "", "article_id": ""} | subject
    change["article_id" if level == "article" else level] = group
    return change


def rank_of(library: Library, level: str, group: str) -> int:
    """Return the place of a group's bloc in the study's order.

    Parameters
    ----------
    library : Library
        The study.
    level, group : str
        The group.

    Returns
    -------
    int
        From 0: what gives the group its colour and mark.
    """
    catalogue = library.catalogue
    outlet = catalogue.articles[group] if level == "article" else group
    return catalogue.blocs.index(outlet if level == "bloc" else catalogue.outlets[outlet])


def tell_status(library: Library, choice: Choice, places: pd.DataFrame) -> str:
    """Say in one sentence what is shown.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        What is chosen.
    places : pandas.DataFrame
        Its places.

    Returns
    -------
    str
        Plain text; where nothing is found, whether there is something elsewhere.
    """
    where = where_name(library, choice)
    name = subject_name(library, choice)
    if not name:
        where = where if choice.place[0] else "All blocs"
        return f"{where}: choose an actor, a term or a theme, or press a point or a row, to read sentences."
    if len(places):
        kind = "paragraph" if choice.subjects == ["theme_id"] else "place"
        articles = places["article_id"].nunique()
        return f"{name} in {where}: {counted(len(places), kind)} in {counted(articles, 'article')}."
    said = "do not stand together" if len(choice.subjects) > 1 else "does not occur"
    if not choice.place[0]:
        return f"{name}: {said} in this corpus."
    elsewhere = len(find_places(library, choice, anywhere=True))
    rest = f"Elsewhere in the corpus: {counted(elsewhere, 'place')}." if elsewhere else "Nor anywhere else."
    return f"{name}: {said} in {where}. {rest}"
