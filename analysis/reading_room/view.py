"""From a reader's place in the study to what the screen shows: figure, numbers, places and an article, as HTML."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.reading_room.markup import (
    PLAIN,
    Links,
    Notes,
    bloc_mark,
    figure_markup,
    number,
    table_html,
)
from analysis.reading_room.numbers import MOST_ROWS, Field, Numbers, list_numbers
from analysis.reading_room.passages import article_html, evidence_html
from analysis.reading_room.picture import Picture, draw_picture
from analysis.reading_room.places import find_places, possible_orders, sort_places
from analysis.reading_room.screen import PAGE, Screen, choose_group, rank_of, tell_status
from analysis.tables import escape_html

_NUMERIC = (
    "articles_",
    "n_",
    "count",
    "per_",
    "balance",
    "log_",
    "g2",
    "p",
    "q",
    "weight",
    "difference",
    "share",
    "overall",
)


@dataclass(frozen=True)
class View:
    """What a screen shows.

    Parameters
    ----------
    screen : Screen
        Where the reader is, corrected: an order or a page that the places do not have is left.
    figure, numbers, evidence, article : str
        Safe HTML; no article is an empty text.
    status : str
        One sentence on what is shown, plain text.
    orders : tuple of str
        How the places can be sorted.
    tables : tuple of Numbers
        The numbers.
    places : pandas.DataFrame
        All places, in the order of the screen.
    picture : Picture
        The figure.
    """

    screen: Screen
    figure: str
    numbers: str
    evidence: str
    article: str
    status: str
    orders: tuple[str, ...]
    tables: tuple[Numbers, ...]
    places: pd.DataFrame
    picture: Picture


def build_view(library: Library, screen: Screen, links: Links, *, page_size: int = PAGE) -> View:
    """Build what a screen shows.

    Parameters
    ----------
    library : Library
        The study.
    screen : Screen
        Where the reader is.
    links : Links
        Makes what can be pressed.
    page_size : int
        Places on a page.

    Returns
    -------
    View
        Everything at once: figure, numbers and places are of the same choice.
    """
    choice = screen.choice
    tables = library.keep(("numbers", choice), lambda: list_numbers(library, choice))
    picture = library.keep(("picture", choice), lambda: draw_picture(library, choice, tables))
    found = find_places(library, choice)
    orders = possible_orders(found, choice)
    screen = replace(screen, order=screen.order if screen.order in orders else "place")
    places = library.keep(("sorted", choice, screen.order), lambda: sort_places(library, found, screen.order))
    screen = replace(screen, page=max(0, min(screen.page, (len(places) - 1) // page_size)))
    return View(
        screen=screen,
        figure=_figure(library, picture, tables, links),
        numbers="".join(_numbers(library, table, links) for table in tables),
        evidence=evidence_html(library, screen, places, links, page_size),
        article=article_html(library, screen, links),
        status=tell_status(library, choice, places),
        orders=tuple(orders),
        tables=tuple(tables),
        places=places,
        picture=picture,
    )


def static_markup(library: Library, choice: Choice, *, rows: int = 8, form: str = "kwic") -> str:
    """Show a choice without anything to press: for exports, code hosts and print.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        What is chosen.
    rows : int
        Places shown.
    form : {"kwic", "sentences"}
        Words in context, or whole sentences.

    Returns
    -------
    str
        Safe HTML.
    """
    view = build_view(library, Screen(choice, form=form), Links(live=False), page_size=rows)
    return (
        f'<div class="framing-static {PLAIN}"><p><b>{escape_html(view.status)}</b></p>{view.figure}'
        f"{view.numbers}{view.evidence}</div>"
    )


def _figure(library: Library, picture: Picture, tables: list[Numbers], links: Links) -> str:
    buttons = []
    for point in picture.points if links.live else ():
        level, group, *term = point.key
        subject = {"term": term[0]} if term else {}
        place = "".join(
            f"{name}:{100 * value:.2f}%;"
            for name, value in zip(
                ("left", "top", "width", "height"),
                (point.left, point.top, point.width, point.height),
                strict=True,
            )
        )
        said = f"{point.said}; show the sentences"
        buttons.append(
            links.button("", "choose", choose_group(level, group, **subject), said=said, style=place)
        )
    return figure_markup(picture.png, picture.alt, picture.caption, picture.width, "".join(buttons))


def _numbers(library: Library, numbers: Numbers, links: Links) -> str:
    table, notes = numbers.table, Notes()
    several = "item" in table
    headings = ["group", *(["about"] if several else []), *(field.heading for field in numbers.fields)]
    rows = []
    for record in table.head(MOST_ROWS).to_dict("records"):
        level, group = record["level"], record["group"]
        mark = bloc_mark(rank_of(library, level, group), level)
        subject = {record["kind"]: record["item"]} if several else {}
        change, said = choose_group(level, group, **subject), f"{group}: show the sentences"
        if several:
            said = f"{record['name']} in {said}"
        elif record["chosen"]:
            change, said = choose_group("bloc", ""), f"{group}: back to all groups"
        name = escape_html(record["name"] if several else group)
        button = links.button(name, "choose", change, said=said)
        cells = [f"{mark}\u00a0{escape_html(group)}", button] if several else [f"{mark}\u00a0{button}"]
        cells += [_cell(record, field, notes) for field in numbers.fields]
        rows.append((cells, bool(record["chosen"])))
    kinds = ["text"] * (len(headings) - len(numbers.fields))
    kinds += ["number" if field.column.startswith(_NUMERIC) else "text" for field in numbers.fields]
    more = f" First {MOST_ROWS} of {len(table)} rows; the file has all." if len(table) > MOST_ROWS else ""
    note = f"{numbers.note}{more}".strip()
    if table.empty:
        return f'<p class="framing-note"><b>{escape_html(numbers.about)}:</b> {escape_html(note)}</p>'
    heads = [escape_html(name) for name in headings]
    return table_html(numbers.about, heads, rows, note=note, kinds=kinds) + notes.markup()


def _cell(record: dict, field: Field, notes: Notes) -> str:
    """Show a number with its interval; a withheld one is said to be so, and why stands below the table."""
    value = record[field.column]
    if field.column == "flag":
        driven = record.get("driven_by", "")
        said = (
            f"driven by {driven}: without it the sign turns or the size halves"
            if "log_ratio" in record
            else ""
        )
        said = said or f"more than half of the theme's weight is in {driven}"
        return notes.mark(value) + (notes.mark(said) if isinstance(driven, str) and driven else "")
    if field.column == "p":
        withheld = pd.isna(value) and "withheld" in record.get("flag", "")
        return "withheld" if withheld else f"{_p_value(value)} ({_p_value(record['q'])})"
    text = number(value)
    if field.low and not pd.isna(record[field.low]):
        text += f" <small>[{number(record[field.low])}, {number(record[field.high])}]</small>"
    if field.beside and not pd.isna(value):
        text = field.form.format(text, number(record[field.beside]))
    return text


def _p_value(value: float) -> str:
    """Write a p: three decimals tell those apart that matter."""
    return "&lt;.001" if value < 0.001 else number(float(value), 3)
