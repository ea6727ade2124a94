"""From a reader's place in the study to what the screen shows: figure, numbers, places and an article, as HTML."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.reading_room.markup import (
    PLAIN,
    Links,
    bloc_mark,
    escape,
    figure_markup,
    marked,
    number,
    table_html,
)
from analysis.reading_room.numbers import MOST_ROWS, Numbers, list_numbers, subject_name
from analysis.reading_room.picture import Picture, draw_picture
from analysis.reading_room.places import ORDERS, find_marks, find_places, possible_orders, sort_places
from analysis.reading_room.sentences import list_behind

FORMS = {"kwic": "words in context", "sentences": "whole sentences"}
PAGE = 40
"""Places on one page."""
CONTEXT = 60
"""Characters of context on each side."""
_NUMERIC = ("n_", "count", "per_", "balance", "log_", "g2", "p", "q", "weight", "difference", "share", "overall")


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
        evidence=_evidence(library, screen, places, links, page_size),
        article=_article(library, screen, links),
        status=_status(library, choice, places),
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
        f'<div class="framing-static {PLAIN}"><p><b>{escape(view.status)}</b></p>{view.figure}'
        f"{view.numbers}{view.evidence}</div>"
    )


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


def _choose(level: str, group: str, **subject: str) -> dict[str, str]:
    """Return the change of choice that a press on a group makes: the group alone, of whatever level."""
    change = {"bloc": "", "outlet": "", "article_id": ""} | subject
    change["article_id" if level == "article" else level] = group
    return change


def _ranks(library: Library) -> dict[str, int]:
    ranks = {bloc: rank for rank, bloc in enumerate(library.catalogue.blocs)}
    return ranks


def _rank(library: Library, level: str, group: str) -> int:
    catalogue = library.catalogue
    outlet = catalogue.articles[group] if level == "article" else group
    return _ranks(library)[outlet if level == "bloc" else catalogue.outlets[outlet]]


def _figure(library: Library, picture: Picture, tables: list[Numbers], links: Links) -> str:
    buttons = []
    for point in picture.points if links.live else ():
        level, group, *term = point.key
        subject = {"term": term[0]} if term else {}
        place = "".join(
            f"{name}:{100 * value:.2f}%;"
            for name, value in zip(
                ("left", "top", "width", "height"), (point.left, point.top, point.width, point.height), strict=True
            )
        )
        said = f"{point.said}; show the sentences"
        buttons.append(links.button("", "choose", _choose(level, group, **subject), said=said, style=place))
    return figure_markup(picture.png, picture.alt, picture.caption, picture.width, "".join(buttons))


def _numbers(library: Library, numbers: Numbers, links: Links) -> str:
    table = numbers.table
    several = "item" in table
    headings = ["group", *(["about"] if several else []), *(field.heading for field in numbers.fields)]
    shown = table.head(MOST_ROWS)
    rows = []
    for record in shown.to_dict("records"):
        level, group = record["level"], record["group"]
        mark = bloc_mark(_rank(library, level, group), level)
        subject = {record["kind"]: record["item"]} if several else {}
        about = f"{record.get('name', '')} in {group}" if several else group
        change = _choose(level, group, **subject)
        if record["chosen"]:
            change, about = _choose("bloc", ""), f"{group}: back to all groups"
        else:
            about = f"{about}: show the sentences"
        cells = [f"{mark} {links.button(escape(group), 'choose', change, said=about)}"]
        if several:
            cells = [f"{mark} {escape(group)}", links.button(escape(record["name"]), "choose", change, said=about)]
        cells += [_with_interval(record, field) for field in numbers.fields]
        rows.append((cells, bool(record["chosen"])))
    kinds = [
        "text",
        *(["text"] if several else []),
        *("number" if field.column.startswith(_NUMERIC) else "text" for field in numbers.fields),
    ]
    more = f" First {MOST_ROWS} of {len(table)} rows; the file has all." if len(table) > MOST_ROWS else ""
    note = f"{numbers.note}{more}".strip()
    if table.empty:
        return f'<p class="framing-note"><b>{escape(numbers.about)}:</b> {escape(note)}</p>'
    return table_html(numbers.about, [escape(name) for name in headings], rows, note=note, kinds=kinds)


def _with_interval(record: dict, field) -> str:
    text = number(record[field.column])
    if field.low and not pd.isna(record[field.low]):
        text += f" <small>[{number(record[field.low])}, {number(record[field.high])}]</small>"
    return text


def _status(library: Library, choice: Choice, places: pd.DataFrame) -> str:
    """Say in one sentence what is shown."""
    where = where_name(library, choice)
    name = subject_name(library, choice)
    if not name:
        return f"{where}: choose an actor, a term or a theme, or press a point or a row, to read sentences."
    if len(places):
        kind = "paragraph" if choice.subjects == ["theme_id"] else "place"
        articles = places["article_id"].nunique()
        return f"{name} in {where}: {_count(len(places), kind)} in {_count(articles, 'article')}."
    elsewhere = len(find_places(library, choice, anywhere=True))
    rest = f" Elsewhere in the corpus: {_count(elsewhere, 'place')}." if elsewhere else " Nor does it anywhere else."
    return f"{name} does not occur in {where}.{rest if choice.place[0] else ''}"


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _evidence(library: Library, screen: Screen, places: pd.DataFrame, links: Links, page_size: int) -> str:
    choice = screen.choice
    if not choice.subjects:
        return _article_list(library, choice, links, page_size)
    status = _status(library, choice, places)
    if places.empty:
        return f'<p class="framing-nothing">{escape(status)}</p>'
    first = screen.page * page_size
    shown = places.iloc[first : first + page_size]
    kwic = screen.form == "kwic" and choice.subjects != ["theme_id"]
    scores = [name for name in ("balance", "weight") if name in places]
    headings = _place_headings(screen, links, kwic, [*scores, *(["voice"] if "voice" in places else [])])
    rows = []
    for record in shown.to_dict("records"):
        article = library.article(record["article_id"])
        start, end = int(record["start"]), int(record["end"])
        marks = find_marks(library, choice, record["article_id"])
        opened = screen.reading is not None and screen.reading[:2] == (record["article_id"], start)
        read = links.button("read", "read", (record["article_id"], start, end), said=f"Read {record['article_id']} here")
        cells = [
            f"{bloc_mark(_ranks(library)[article.bloc], 'outlet')} {escape(article.outlet)}",
            escape(article.published or "–"),
            *_stretch(article, record, marks, kwic),
            *(number(record[name]) for name in scores),
            *([escape(record["voice"])] if "voice" in places else []),
            *([read] if links.live else [escape(record["article_id"])]),
        ]
        rows.append((cells, opened))
    kinds = ["text", "text", *(["left", "match", "right"] if kwic else ["sentence"])]
    kinds += ["number"] * len(scores) + ["text"] * (len(headings) - len(kinds) - len(scores))
    caption = f"{status} {_shown(first, len(shown), len(places))} Sorted by {ORDERS[screen.order]}. {_legend(choice)}"
    name = "framing-kwic" if kwic else "framing-sentences"
    return table_html(caption, headings, rows, name=name, kinds=kinds) + _pager(screen, len(places), links, page_size)


def _stretch(article, record: dict, marks, kwic: bool) -> list[str]:
    """Show one place: in its context, or in its whole sentence."""
    start, end = int(record["start"]), int(record["end"])
    if not kwic:
        number_of = int(record["sentence_id"])
        if "theme_id" not in record and number_of >= 0:
            start, end = article.sentences[number_of].start, article.sentences[number_of].end
        return [marked(article.text, start, end, marks)]
    low, high = max(0, start - CONTEXT), min(len(article.text), end + CONTEXT)
    return [
        marked(article.text, low, start, marks),
        marked(article.text, start, end, marks),
        marked(article.text, end, high, marks),
    ]


def _place_headings(screen: Screen, links: Links, kwic: bool, others: list[str]) -> list[str]:
    def head(text: str, order: str) -> str:
        here = " ↓" if order == screen.order else ""
        button = links.button(f"{text}{here}", "order", order, said=f"Sort by {ORDERS[order]}")
        return button

    words = [head("left", "left"), "match", head("right", "right")] if kwic else ["sentence"]
    scores = [head(name, name) if name in ORDERS else name for name in others]
    return [head("outlet", "outlet"), head("date", "date"), *words, *scores, "article"]


def _shown(first: int, shown: int, total: int) -> str:
    return "" if shown == total else f"Shown: {first + 1} to {first + shown} of {total:,}."


def _legend(choice: Choice) -> str:
    kinds = {"actor_id": "the actor is bold", "term": "the term underlined", "theme_id": "the theme's top terms italic"}
    return f"Marked: {', '.join(kinds[name] for name in choice.subjects)}."


def _pager(screen: Screen, total: int, links: Links, page_size: int) -> str:
    if not links.live or total <= page_size:
        return ""
    before = links.button("previous page", "page", screen.page - 1) if screen.page else ""
    after = links.button("next page", "page", screen.page + 1) if (screen.page + 1) * page_size < total else ""
    return f'<p class="framing-pager">{before} page {screen.page + 1} of {-(-total // page_size)} {after}</p>'


def _article_list(library: Library, choice: Choice, links: Links, page_size: int) -> str:
    table = library.table("articles")
    for column, value in choice.filters.items():
        table = table[table[column] == value]
    rows = []
    for row in table.head(page_size).itertuples():
        read = links.button(escape(row.article_id), "read", (row.article_id, 0, 0), said=f"Read {row.article_id}")
        mark = bloc_mark(_ranks(library)[row.bloc], "article")
        cells = [f"{mark} {escape(row.outlet)}", escape(row.published or "–"), escape(row.title or "–"), str(row.n_tokens)]
        rows.append(([*cells, read], False))
    more = f" First {page_size} of {len(table)}." if len(table) > page_size else ""
    headings = ["outlet", "date", "title", "tokens", "article"]
    kinds = ["text", "text", "text", "number", "text"]
    return table_html(f"Articles of {where_name(library, choice)}.{more}", headings, rows, kinds=kinds)


def _article(library: Library, screen: Screen, links: Links) -> str:
    """Show the full cleaned text of the article that is open, and what its sentence stands behind."""
    if screen.reading is None:
        return ""
    article_id, start, end = screen.reading
    article = library.article(article_id)
    marks = find_marks(library, screen.choice, article_id)
    here = None
    if end > start:
        sentence = article.sentence_at(start)
        span = article.sentences[sentence] if sentence >= 0 else None
        here = (min(start, span.start), max(end, span.end)) if span else (start, end)
        marks = [*marks, (*here, "here")]
    paragraphs = "".join(f"<p>{marked(article.text, part.start, part.end, marks)}</p>" for part in article.paragraphs)
    facts = [article.outlet, article.bloc, article.published or "no date", article_id, article.author]
    facts += [f"{len(article.tokens)} tokens after cleaning"]
    close = links.button("close the article", "close", "")
    only = links.button("only this article", "choose", _choose("article", article_id))
    return (
        f'<section aria-label="Article {escape(article_id)}"><h4>{escape(article.title or article_id)}</h4>'
        f'<p class="framing-note">{escape(", ".join(filter(None, facts)))}. {only} {close}</p>'
        f"{_behind(library, article_id, here, links) if here else ''}"
        f'<div class="framing-text" tabindex="0" role="region" aria-label="Text">{paragraphs}</div></section>'
    )


def _behind(library: Library, article_id: str, here: tuple[int, int], links: Links) -> str:
    rows = []
    for item in list_behind(library, article_id, *here):
        level, group = item.choice.place
        change = {"actor_id": "", "term": "", "theme_id": ""}
        change |= {name: getattr(item.choice, name) for name in item.choice.subjects}
        said = f"{item.name} in {item.group}: show this number"
        rows.append(
            (
                [
                    links.button(escape(item.name), "choose", _choose(level, group, **change), said=said),
                    f"{bloc_mark(_rank(library, level, group), level)} {escape(group)}",
                    f"{item.quantity} {number(item.value)}",
                    str(item.n),
                    escape(item.here),
                    escape(item.flag),
                ],
                False,
            )
        )
    if not rows:
        return '<p class="framing-note">No number of the study is counted in this sentence.</p>'
    headings = ["about", "group", "number", "n", "this sentence", "what it supports"]
    kinds = ["text", "text", "text", "number", "text", "text"]
    return table_html("The numbers that this sentence stands behind", headings, rows, kinds=kinds)
