"""The evidence of a choice: its places in the texts, what is marked there, and their order."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

import pandas as pd

from analysis.corpus import Article
from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.results import hit_row
from analysis.text import fold_token

ORDERS = {
    "place": "article and place",
    "left": "left word",
    "right": "right word",
    "outlet": "outlet",
    "date": "date",
    "balance": "balance, most negative first",
    "weight": "weight of the theme, heaviest first",
}
"""How places can be sorted, with the words for it."""
CONTEXT_WORDS = 3
"""So many words on a side decide between places with the same word."""
COLUMNS = ("article_id", "outlet", "bloc", "sentence_id", "start", "end")
_LAST = "9999"


def find_places(library: Library, choice: Choice, *, anywhere: bool = False) -> pd.DataFrame:
    """Find the places of what is chosen.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        An actor's mentions, a term's places or a theme's paragraphs; of several, the places of the first that
        stand in a sentence with the term and in a paragraph with the theme.
    anywhere : bool
        Whether to look in the whole corpus, whatever group is chosen.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS` and what the study knows of the places (``balance``, ``voice``, ``weight``), by article and
        place; empty without an actor, term or theme.
    """
    found = library.keep(
        ("places", choice.actor_id, choice.term, choice.theme_id), lambda: _everywhere(library, choice)
    )
    if not anywhere:
        for column, value in choice.filters.items():
            found = found[found[column] == value]
    return found.reset_index(drop=True)


def _everywhere(library: Library, choice: Choice) -> pd.DataFrame:
    if choice.actor_id:
        found = library.actor_places(choice.actor_id)
        if choice.term:
            terms = library.term_places(choice.term)
            inside = set(zip(terms["article_id"], terms["sentence_id"], strict=True))
            keys = zip(found["article_id"], found["sentence_id"], strict=True)
            found = found[[key in inside for key in keys]]
    elif choice.term:
        found = library.term_places(choice.term)
    elif choice.theme_id:
        return library.theme_places(choice.theme_id)
    else:
        return pd.DataFrame(columns=list(COLUMNS))
    if choice.theme_id:
        spans: dict[str, list[tuple[int, int]]] = {}
        for row in library.theme_places(choice.theme_id).itertuples():
            spans.setdefault(row.article_id, []).append((row.start, row.end))
        keys = zip(found["article_id"], found["start"], strict=True)
        found = found[[any(low <= at < high for low, high in spans.get(name, ())) for name, at in keys]]
    return found


def possible_orders(places: pd.DataFrame, choice: Choice) -> list[str]:
    """List the orders that make sense.

    Parameters
    ----------
    places : pandas.DataFrame
        From `find_places`.
    choice : Choice
        What is chosen.

    Returns
    -------
    list of str
        Keys of `ORDERS`; paragraphs of a theme have no words beside them.
    """
    orders = ["place", "outlet", "date"]
    if choice.actor_id or choice.term:
        orders[1:1] = ["left", "right"]
    return orders + [name for name in ("balance", "weight") if name in places]


def sort_places(library: Library, places: pd.DataFrame, order: str) -> pd.DataFrame:
    """Sort places.

    Parameters
    ----------
    library : Library
        The study.
    places : pandas.DataFrame
        From `find_places`.
    order : str
        A key of `ORDERS`. Words are compared in small letters, the nearest first; a place without a word on
        that side, or without a date, comes first or last.

    Returns
    -------
    pandas.DataFrame
        A total order: places that are alike stand by article and place.
    """
    if order == "place" or places.empty:
        return places.sort_values(["article_id", "start"], ignore_index=True)
    if order in ("balance", "weight"):
        keys = [-value if order == "weight" else value for value in places[order]]
    elif order == "outlet":
        ranks = {label: rank for rank, label in enumerate(library.catalogue.outlets)}
        keys = [ranks[outlet] for outlet in places["outlet"]]
    elif order == "date":
        keys = [first_day(library.article(name)) for name in places["article_id"]]
    else:
        keys = [
            context_words(library.article(row.article_id), row.start, row.end, side=order)
            for row in places[["article_id", "start", "end"]].itertuples()
        ]
    table = pd.DataFrame({"article_id": places["article_id"], "start": places["start"]})
    ranked = sorted(zip(keys, table["article_id"], table["start"], range(len(table)), strict=True))
    return places.iloc[[position for *_, position in ranked]].reset_index(drop=True)


def first_day(article: Article) -> str:
    """Return the first day on which an article may have been published, to sort by.

    Parameters
    ----------
    article : Article
        The article.

    Returns
    -------
    str
        YYYY-MM-DD; after all days where it is not known.
    """
    return str(article.published_range[0]) if article.published_range else _LAST


def context_words(article: Article, start: int, end: int, *, side: str) -> tuple[str, ...]:
    """List the words beside a place, the nearest first.

    Parameters
    ----------
    article : Article
        The article.
    start, end : int
        Offsets of the place.
    side : {"left", "right"}
        Which side.

    Returns
    -------
    tuple of str
        At most `CONTEXT_WORDS`, in small letters.
    """
    tokens = article.tokens
    if side == "left":
        last = bisect.bisect_left(tokens, start, key=lambda token: token.start)
        chosen = reversed(tokens[max(0, last - CONTEXT_WORDS) : last])
    else:
        first = bisect.bisect_left(tokens, end, key=lambda token: token.start)
        chosen = tokens[first : first + CONTEXT_WORDS]
    return tuple(fold_token(article.text[token.start : token.end], keep_case=()) for token in chosen)


def find_marks(library: Library, choice: Choice, article_id: str) -> list[tuple[int, int, str]]:
    """Find what is marked in an article: the actor, the term, and a theme's top terms in its paragraphs.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        What is chosen.
    article_id : str
        The article.

    Returns
    -------
    list of (int, int, str)
        Start, end and ``"actor"``, ``"term"`` or ``"theme"``; sorted.
    """
    return _marks(library, choice).get(article_id, [])


def _marks(library: Library, choice: Choice) -> dict[str, list[tuple[int, int, str]]]:
    def make() -> dict[str, list[tuple[int, int, str]]]:
        marks: dict[str, list[tuple[int, int, str]]] = {}

        def add(rows: pd.DataFrame, kind: str) -> None:
            for name, start, end in zip(rows["article_id"], rows["start"], rows["end"], strict=True):
                marks.setdefault(name, []).append((int(start), int(end), kind))

        if choice.actor_id:
            add(library.actor_places(choice.actor_id), "actor")
        if choice.term:
            add(library.term_places(choice.term), "term")
        if choice.theme_id:
            paragraphs: dict[str, list[tuple[int, int]]] = {}
            for row in library.theme_places(choice.theme_id).itertuples():
                paragraphs.setdefault(row.article_id, []).append((row.start, row.end))
            for term in _top_terms(library, choice.theme_id):
                rows = library.term_places(term)
                keys = zip(rows["article_id"], rows["start"], strict=True)
                inside = [
                    any(low <= at < high for low, high in paragraphs.get(name, ())) for name, at in keys
                ]
                add(rows[inside], "theme")
        return {name: sorted(spans) for name, spans in marks.items()}

    return library.keep(("marks", choice.actor_id, choice.term, choice.theme_id), make)


def _top_terms(library: Library, theme_id: str) -> Iterable[str]:
    themes = library.table("themes")
    terms = themes.loc[themes["theme_id"] == theme_id, "top_terms"].iloc[0].split(", ")
    return [term for term in terms if library.counted_term(term)]


def export_places(library: Library, places: pd.DataFrame) -> pd.DataFrame:
    """Make the table of places that is written to a file.

    Parameters
    ----------
    library : Library
        The study.
    places : pandas.DataFrame
        From `find_places`, in the order of the screen.

    Returns
    -------
    pandas.DataFrame
        With title and date of the article, both contexts, the match and the sentence; article text as it is.
    """
    known = [name for name in ("actor_id", "voice", "balance", "theme_id", "weight") if name in places]
    rows = []
    for record in places.to_dict("records"):
        article = library.article(record["article_id"])
        hit = hit_row(article, int(record["start"]), int(record["end"]))
        front = {"article_id": hit.pop("article_id"), "title": article.title, "published": article.published}
        if "theme_id" in record:
            hit |= {"left": "", "right": "", "sentence": hit["match"]}
        rows.append(front | hit | {name: record[name] for name in known})
    columns = [
        "article_id", "title", "published", "outlet", "bloc", "sentence_id", "start", "end", "left", "match",
        "right", "sentence", *known,
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
