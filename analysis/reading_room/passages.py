"""The sentences on the screen as HTML: places in context, the list of articles, and one article in full."""

from __future__ import annotations

import pandas as pd

from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.reading_room.markup import Links, Notes, bloc_mark, marked, number, table_html
from analysis.reading_room.places import ORDERS, find_marks
from analysis.reading_room.screen import Screen, choose_group, rank_of, tell_status, where_name
from analysis.reading_room.sentences import list_behind
from analysis.tables import escape_html

CONTEXT = 60
"""Characters of context on each side."""


def evidence_html(
    library: Library, screen: Screen, places: pd.DataFrame, links: Links, page_size: int
) -> str:
    """Show one page of places; without an actor, term or theme, the articles.

    Parameters
    ----------
    library : Library
        The study.
    screen : Screen
        Where the reader is.
    places : pandas.DataFrame
        All places, sorted.
    links : Links
        Makes what can be pressed.
    page_size : int
        Places on a page.

    Returns
    -------
    str
        Safe HTML; where there is no place, it says so.
    """
    choice = screen.choice
    if not choice.subjects:
        return _article_list(library, choice, links, page_size)
    if places.empty:
        return f'<p class="framing-nothing">{escape_html(tell_status(library, choice, places))}</p>'
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
        read = links.button(
            "read", "read", (record["article_id"], start, end), said=f"Read {record['article_id']} here"
        )
        cells = [
            f"{bloc_mark(rank_of(library, 'bloc', article.bloc), 'outlet')}\u00a0{escape_html(article.outlet)}",
            escape_html(article.published or "–"),
            *_stretch(article, record, marks, kwic),
            *(number(record[name]) for name in scores),
            *([escape_html(record["voice"])] if "voice" in places else []),
            *([read] if links.live else [escape_html(record["article_id"])]),
        ]
        rows.append((cells, opened))
    kinds = ["outlet", "date", *(["left", "match", "right"] if kwic else ["sentence"])]
    kinds += ["number"] * len(scores) + ["text"] * (len(headings) - len(kinds) - len(scores))
    caption = f"{_shown(first, len(shown), len(places))} Sorted by {ORDERS[screen.order]}. {_legend(choice)}"
    name = "framing-kwic" if kwic else "framing-sentences"
    return table_html(caption, headings, rows, name=name, kinds=kinds) + _pager(
        screen, len(places), links, page_size
    )


def _stretch(article, record: dict, marks, kwic: bool) -> list[str]:
    """Show one place: in its context, or in its whole sentence."""
    start, end = int(record["start"]), int(record["end"])
    if not kwic:
        number_of = int(record["sentence_id"])
        if "theme_id" not in record and number_of >= 0:
            start, end = article.sentences[number_of].start, article.sentences[number_of].end
        return [marked(article.text, start, end, marks)]
    low, high = _whole_words(article.text, start - CONTEXT, end + CONTEXT, (start, end))
    return [
        marked(article.text, low, start, marks),
        marked(article.text, start, end, marks),
        marked(article.text, end, high, marks),
    ]


def _whole_words(text: str, low: int, high: int, match: tuple[int, int]) -> tuple[int, int]:
    """Draw both ends of a context in to the next blank, so that no word is cut."""
    low, high = max(0, low), min(len(text), high)
    if low and not text[low - 1].isspace():
        blanks = [place for place in range(low, match[0]) if text[place].isspace()]
        low = blanks[0] + 1 if blanks else low
    if high < len(text) and not text[high].isspace():
        blanks = [place for place in range(high - 1, match[1] - 1, -1) if text[place].isspace()]
        high = blanks[0] if blanks else high
    return low, high


def _place_headings(screen: Screen, links: Links, kwic: bool, others: list[str]) -> list[str]:
    def head(text: str, order: str) -> str:
        here = " ↓" if order == screen.order else ""
        return links.button(f"{text}{here}", "order", order, said=f"Sort by {ORDERS[order]}")

    words = [head("left", "left"), "match", head("right", "right")] if kwic else ["sentence"]
    scores = [head(name, name) if name in ORDERS else name for name in others]
    return [head("outlet", "outlet"), head("date", "date"), *words, *scores, "article"]


def _shown(first: int, shown: int, total: int) -> str:
    part = "" if shown == total else f", {first + 1} to {first + shown} of {total:,}"
    return f"Sentences{part}."


def _legend(choice: Choice) -> str:
    kinds = {
        "actor_id": "the actor is bold",
        "term": "the term underlined",
        "theme_id": "the theme's top terms italic",
    }
    return f"Marked: {', '.join(kinds[name] for name in choice.subjects)}."


def _pager(screen: Screen, total: int, links: Links, page_size: int) -> str:
    if not links.live or total <= page_size:
        return ""
    before = links.button("previous page", "page", screen.page - 1) if screen.page else ""
    after = (
        links.button("next page", "page", screen.page + 1) if (screen.page + 1) * page_size < total else ""
    )
    return f'<p class="framing-pager">{before} page {screen.page + 1} of {-(-total // page_size)} {after}</p>'


def _article_list(library: Library, choice: Choice, links: Links, page_size: int) -> str:
    table = library.table("articles")
    for column, value in choice.filters.items():
        table = table[table[column] == value]
    rows = []
    for row in table.head(page_size).itertuples():
        read = links.button(
            escape_html(row.article_id), "read", (row.article_id, 0, 0), said=f"Read {row.article_id}"
        )
        mark = bloc_mark(rank_of(library, "bloc", row.bloc), "article")
        cells = [
            f"{mark} {escape_html(row.outlet)}",
            escape_html(row.published or "–"),
            escape_html(row.title or "–"),
            str(row.n_tokens),
        ]
        rows.append(([*cells, read], False))
    more = f" First {page_size} of {len(table)}." if len(table) > page_size else ""
    headings = ["outlet", "date", "title", "tokens", "article"]
    kinds = ["text", "text", "text", "number", "text"]
    return table_html(f"Articles of {where_name(library, choice)}.{more}", headings, rows, kinds=kinds)


def article_html(library: Library, screen: Screen, links: Links) -> str:
    """Show the full cleaned text of the article that is open, and what its sentence stands behind.

    Parameters
    ----------
    library : Library
        The study.
    screen : Screen
        Where the reader is.
    links : Links
        Makes what can be pressed.

    Returns
    -------
    str
        Safe HTML; empty if no article is open.
    """
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
    paragraphs = "".join(
        f"<p>{marked(article.text, part.start, part.end, marks)}</p>" for part in article.paragraphs
    )
    facts = [article.outlet, article.bloc, article.published or "no date", article_id, article.author]
    facts += [f"{len(article.tokens)} tokens after cleaning"]
    close = links.button("close the article", "close", "")
    only = links.button("only this article", "choose", choose_group("article", article_id))
    return (
        f'<section aria-label="Article {escape_html(article_id)}"><h4>{escape_html(article.title or article_id)}</h4>'
        f'<p class="framing-note">{escape_html(", ".join(filter(None, facts)))}. {only} {close}</p>'
        f"{_behind(library, article_id, here, links) if here else ''}"
        f'<div class="framing-text" tabindex="0" role="region" aria-label="Text">{paragraphs}</div></section>'
    )


def _behind(library: Library, article_id: str, here: tuple[int, int], links: Links) -> str:
    """Show the numbers that a sentence is counted in: one row for each actor, theme and term."""
    items: dict[tuple[str, str, str], list[str]] = {}
    notes, flags = Notes(), {}
    for item in list_behind(library, article_id, *here):
        level, group = item.choice.place
        change = {"actor_id": "", "term": "", "theme_id": ""}
        change |= {name: getattr(item.choice, name) for name in item.choice.subjects}
        mark = bloc_mark(rank_of(library, level, group), level)
        shown = f"{mark} {escape_html(group)} {number(item.value)} (n {item.n})"
        said = f"{item.name} in {group}: {item.quantity} {number(item.value)}, n {item.n}; show this number"
        button = links.button(shown, "choose", choose_group(level, group, **change), said=said)
        key = (item.name, item.quantity, item.here)
        items.setdefault(key, []).append(button)
        flags.setdefault(key, []).append(notes.mark(item.flag))
    if not items:
        return '<p class="framing-note">No number of the study is counted in this sentence.</p>'
    rows = [
        (
            [*map(escape_html, (name, said, quantity)), *buttons, " ".join(flags[name, quantity, said])],
            False,
        )
        for (name, quantity, said), buttons in items.items()
    ]
    headings = ["about", "this sentence", "number", "outlet", "bloc", "note"]
    caption = "The numbers that this sentence stands behind"
    return table_html(caption, headings, rows) + notes.markup()
