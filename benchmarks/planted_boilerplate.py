"""Plants boilerplate in real text, and sentences of stories that recur as boilerplate does: the truth is known."""

from __future__ import annotations

import random
from dataclasses import dataclass

from planted_copies import AGENCIES, CITIES, NAMES, split_sentences

MONTHS = ("January", "March", "May", "October")
KINDS = (
    "header", "byline", "updated", "dateline", "photo", "read-more", "reporting", "follow", "bio", "share",
    "subscribe", "rights",
)  # fmt: skip
"""Kinds of boilerplate, from the top of an article to its foot; an outlet has six of them."""


@dataclass(frozen=True)
class Framed:
    """One article between its outlet's boilerplate.

    Parameters
    ----------
    article_id, outlet_id, text : str
        As in a study.
    places : tuple of (str, int, int)
        Kind and offsets of every piece of boilerplate in `text`.
    """

    article_id: str
    outlet_id: str
    text: str
    places: tuple[tuple[str, int, int], ...]


def plant_boilerplate(
    base: list[list[str]], *, random_state: int = 0, sizes: tuple[int, ...] = (6, 12, 30, 60)
) -> list[Framed]:
    """Put articles between the boilerplate of outlets of several sizes.

    Beside boilerplate the articles of an outlet share a quotation (in two to five of them), and a paragraph of
    background (in up to a quarter), both of which may stand last; interviews have the speakers' names before each line.

    Parameters
    ----------
    base : list of list of str
        Different articles as lists of paragraphs, each used once.
    random_state : int
        Of all choices.
    sizes : tuple of int
        Articles of each outlet, repeated while there are articles.

    Returns
    -------
    list of Framed
        In the order of `base`.
    """
    draw = random.Random(random_state)
    words = [word for article in base for paragraph in article for word in paragraph.split()]
    made: list[Framed] = []
    at, number = 0, 0
    while at + min(sizes) <= len(base):
        size = min(sizes[number % len(sizes)], len(base) - at)
        outlet = f"Outlet {chr(65 + number % 26)}{number}"
        kinds = sorted(draw.sample(KINDS, 6), key=KINDS.index)
        stories = [list(article) for article in base[at + 1 : at + size]]
        # the first article lends its sentences to the others as quotation and background
        lent = split_sentences(" ".join(base[at]))
        _share(stories, f'"{lent[0]}" the minister told reporters on Monday.', draw.randrange(2, 6), draw)
        _share(stories, " ".join(lent[1:3]), max(2, len(stories) // 4), draw)
        if number % 3 == 0 and stories:
            turns = split_sentences(" ".join(stories[0]))
            stories[0] = [f"{('REPORTER', 'MINISTER')[turn % 2]}: {line}" for turn, line in enumerate(turns)]
        authors = draw.sample(NAMES, 3)
        for story in stories:
            pieces = _frame(story, kinds, (outlet, draw.choice(authors)), words, draw)
            text, places = "", []
            for kind, piece, joint in pieces:
                text += joint if text else ""
                if kind:
                    places.append((kind, len(text), len(text) + len(piece)))
                text += piece
            made.append(Framed(f"b{len(made):05}", outlet, text, tuple(places)))
        at += size
        number += 1
    return made


def _share(stories: list[list[str]], paragraph: str, n: int, draw: random.Random) -> None:
    """Put one paragraph into some stories; in half of them at the end."""
    for place in draw.sample(range(len(stories)), min(n, len(stories))):
        story = stories[place]
        story.insert(len(story) if draw.random() < 0.5 else draw.randrange(len(story) + 1), paragraph)


def _frame(
    story: list[str], kinds: list[str], names: tuple[str, str], words: list[str], draw: random.Random
) -> list[tuple[str, str, str]]:
    """Return (kind or nothing, text, what stands before it) from top to foot."""
    outlet, author = names
    day = f"{draw.randrange(1, 29)} {draw.choice(MONTHS)} {2015 + draw.randrange(5)}"
    agency = AGENCIES[len(outlet) % len(AGENCIES)]
    top = {
        "header": f"{outlet.upper()} WORLD EDITION",
        "byline": f"By {draw.choice(NAMES)} | {day}",
        "updated": f"Last updated: {day} at {draw.randrange(24)}:{draw.randrange(10, 60)} GMT",
    }
    foot = {
        "bio": f"{author} is a senior correspondent of {outlet}, who writes about diplomacy.",
        "share": "Share on Facebook Twitter LinkedIn Email",
        "subscribe": f"Subscribe to the {outlet} newsletter and get the morning's news in your inbox.",
        "rights": f"© {2015 + draw.randrange(5)} {outlet} Media. All rights reserved.",
    }
    title = " ".join(draw.sample(words, 7))
    pieces = [(kind, top[kind], "\n\n") for kind in kinds if kind in top]
    if "dateline" in kinds:
        pieces.append(
            ("dateline", f"{draw.choice(CITIES)}, May {draw.randrange(1, 29)} ({agency}) - ", "\n\n")
        )
        pieces.append(("", story[0], ""))
    else:
        pieces.append(("", story[0], "\n\n"))
    if "photo" in kinds:
        pieces.append(("photo", f"Photo: {draw.choice(NAMES)}/{agency}", "\n\n"))
    middle = draw.randrange(1, max(2, len(story)))
    for number, paragraph in enumerate(story[1:], start=1):
        if "read-more" in kinds and number == middle:
            pieces.append(("read-more", f"Read more: {title}", "\n\n"))
        pieces.append(("", paragraph, "\n\n"))
    if "reporting" in kinds:
        pieces.append(
            ("reporting", f"(Reporting by {draw.choice(NAMES)}; Editing by {draw.choice(NAMES)})", " ")
        )
    if "follow" in kinds:
        pieces.append(("follow", f"Follow {outlet} on Twitter for more stories like this.", " "))
    return [*pieces, *((kind, foot[kind], "\n\n") for kind in kinds if kind in foot)]
