"""Plants copies of articles, and articles that only look like copies, in real text: the truth is known."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

RATES = (0.0, 0.05, 0.1, 0.2, 0.3)
"""Shares of a text that an edit changes."""
EDITS = ("replace", "delete", "insert", "mixed", "drop", "reorder", "wire", "truncate")
"""Kinds of edits; those of `truncate` keep 30 to 80 % of the text from its start, the higher the rate the less."""
AGENCIES = ("Reuters", "AFP", "Xinhua", "TASS")
NAMES = (
    "Jane Doe",
    "Li Wei",
    "Ivan Petrov",
    "Ann Smith",
    "Paul Kern",
    "Maria Rossi",
    "Tom Reed",
    "Amina Khan",
)
CITIES = ("LONDON", "MOSCOW", "BEIJING", "WASHINGTON", "BRUSSELS", "GENEVA")


@dataclass(frozen=True)
class Planted:
    """One planted article.

    Parameters
    ----------
    article_id, outlet_id, published, title, text : str
        As in a study.
    family : str
        Articles of one family are copies of one text; empty for articles without a copy.
    kind : str
        ``original``, one of `EDITS`, or what makes it look like a copy: ``same-event``, ``same-outlet``, ``digest``,
        ``digested``, ``plain``.
    rate : float
        Share of the text that the edit changed.
    """

    article_id: str
    outlet_id: str
    published: str
    title: str
    text: str
    family: str
    kind: str
    rate: float


def plant_copies(
    base: list[list[str]], *, random_state: int = 0, copies: int = 3, rates: tuple[float, ...] = RATES
) -> list[Planted]:
    """Plant families of copies and hard negatives.

    Parameters
    ----------
    base : list of list of str
        Different articles as lists of paragraphs; each is used once.
    random_state : int
        Of all choices.
    copies : int
        Copies of each original, each with another kind of edit.
    rates : tuple of float
        Shares of a text that the edits change, each as often.

    Returns
    -------
    list of Planted
        Shuffled. Two in five of `base` become originals with their copies; one in five same-event articles, one in
        five short articles of one outlet between its boilerplate, one in five digests and the stories they hold.
    """
    draw = random.Random(random_state)
    words = [word for article in base for paragraph in article for word in paragraph.split()]
    made: list[Planted] = []
    choices = [(kind, rate) for kind in EDITS for rate in rates]
    draw.shuffle(choices)
    used = 0

    def add(paragraphs: list[str], family: str, kind: str, rate: float = 0.0, outlet: str = "") -> None:
        outlet = outlet or f"outlet{draw.randrange(8)}"
        title = " ".join(draw.sample(words, 7)).title()
        day = f"2019-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        name = f"a{draw.randrange(10**9):09}"
        made.append(Planted(name, outlet, day, title, "\n\n".join(paragraphs), family, kind, rate))

    number = 0
    while number < len(base):
        article, place = base[number], number % 10
        if place < 4:
            add(article, f"f{number}", "original")
            for _ in range(copies):
                kind, rate = choices[used % len(choices)]
                used += 1
                outlet = f"outlet{draw.randrange(8)}"
                copy = edit_article(article, (kind, rate), words, draw, outlet)
                add(copy, f"f{number}", kind, rate, outlet)
        elif place in (4, 5):
            shared = _background(article, base[number - 1], draw)
            add(shared, "", "same-event", outlet="agency")
        elif place in (6, 7):
            outlet = f"brief{number % 3}"
            add(
                in_boilerplate(_first_words(article, draw.randrange(70, 140)), outlet, draw),
                "",
                "same-outlet",
                outlet=outlet,
            )
        elif place == 8 and number + 1 < len(base):
            stories = [_first_words(story, draw.randrange(110, 160)) for story in base[number : number + 2]]
            for story in stories:
                add(story, f"d{number}", "digested")
            add([paragraph for story in stories for paragraph in story], f"d{number}", "digest")
            number += 1
        else:
            add(article, "", "plain")
        number += 1
    draw.shuffle(made)
    return made


def _background(article: list[str], neighbour: list[str], draw: random.Random) -> list[str]:
    """Put passages of another article into an article: 20 to 45 % of what comes of it, at most 45 % of the other."""
    share = draw.uniform(0.2, 0.45)
    own = sum(len(paragraph.split()) for paragraph in article)
    other = sum(len(paragraph.split()) for paragraph in neighbour)
    wanted = min(own * share / (1 - share), 0.45 * other)
    passages, taken = [], 0
    sentences = split_sentences(" ".join(neighbour))
    at = draw.randrange(max(1, len(sentences) // 2))
    while at < len(sentences) and taken + len(sentences[at].split()) <= wanted:
        passages.append(sentences[at])
        taken += len(sentences[at].split())
        at += 1
    cuts = sorted(draw.sample(range(len(article) + 1), min(2, len(article) + 1)))
    half = len(passages) // 2
    parts = [passages[:half], passages[half:]] if len(cuts) > 1 else [passages]
    out = list(article)
    for cut, part in sorted(zip(cuts, parts, strict=True), reverse=True):
        if part:
            out.insert(cut, " ".join(part))
    return out


def _first_words(article: list[str], n: int) -> list[str]:
    """Return whole sentences from the start, up to about `n` words."""
    kept, count = [], 0
    for sentence in split_sentences(" ".join(article)):
        if count and count + len(sentence.split()) > n:
            break
        kept.append(sentence)
        count += len(sentence.split())
    return [" ".join(kept[place : place + 3]) for place in range(0, len(kept), 3)]


def split_sentences(text: str) -> list[str]:
    """Split a text roughly into sentences.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Without empty ones.
    """
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", text.strip()) if sentence]


def edit_article(
    article: list[str],
    edit: tuple[str, float],
    words: list[str],
    draw: random.Random,
    outlet: str = "outlet0",
) -> list[str]:
    """Edit an article as an editor, or a scraper, might.

    Parameters
    ----------
    article : list of str
        Paragraphs.
    edit : (str, float)
        One of `EDITS`, and the share of the text that is changed.
    words : list of str
        Where words that are put in come from.
    draw : random.Random
        Of all choices.
    outlet : str
        Whose boilerplate `wire` puts around it.

    Returns
    -------
    list of str
        Paragraphs.
    """
    kind, rate = edit
    if kind in ("replace", "delete", "insert", "mixed"):
        return [_edit_words(paragraph, kind, rate, words, draw) for paragraph in article]
    sentences = split_sentences(" ".join(article))
    if kind == "drop":
        dropped = set(draw.sample(range(len(sentences)), int(rate * len(sentences))))
        kept = [sentence for place, sentence in enumerate(sentences) if place not in dropped]
        return [" ".join(kept[place : place + 3]) for place in range(0, len(kept), 3)]
    if kind == "reorder":
        draw.shuffle(sentences)
        text = [" ".join(sentences[place : place + 3]) for place in range(0, len(sentences), 3)]
        return [_edit_words(paragraph, "mixed", rate, words, draw) for paragraph in text]
    if kind == "truncate":
        total = sum(len(paragraph.split()) for paragraph in article)
        share = 0.8 - 0.5 * rate / max(RATES)
        return [*_first_words(article, int(share * total)), "Continue reading with a subscription..."]
    # another lead, headline and boilerplate; light edits in the rest
    total = sum(len(sentence.split()) for sentence in sentences)
    lead, count = 0, 0
    while lead < len(sentences) - 1 and count + len(sentences[lead].split()) <= rate * total:
        count += len(sentences[lead].split())
        lead += 1
    body = [_edit_words(sentence, "mixed", 0.02, words, draw) for sentence in sentences[lead:]]
    new = " ".join(draw.sample(words, min(count, len(words))))
    paragraphs = [new] if new else []
    paragraphs += [" ".join(body[place : place + 2]) for place in range(0, len(body), 2)]
    return in_boilerplate(paragraphs, outlet, draw)


def _edit_words(text: str, kind: str, rate: float, words: list[str], draw: random.Random) -> str:
    """Change about `rate` of the words; `insert` adds as many as are `rate` of the text that comes of it."""
    out = []
    for word in text.split():
        what = draw.choice(("replace", "delete", "insert")) if kind == "mixed" else kind
        chance = rate / (1 - rate) if what == "insert" else rate
        if draw.random() >= chance:
            out.append(word)
        elif what == "replace":
            out.append(draw.choice(words))
        elif what == "insert":
            out += [word, draw.choice(words)]
    return " ".join(out)


def in_boilerplate(paragraphs: list[str], outlet: str, draw: random.Random) -> list[str]:
    """Put an article between its outlet's and its agency's boilerplate.

    Parameters
    ----------
    paragraphs : list of str
        The article's prose.
    outlet : str
        Whose boilerplate.
    draw : random.Random
        Of names, dates and agencies.

    Returns
    -------
    list of str
        With a dateline before the first paragraph, and lines before and after.
    """
    name, agency = draw.choice(NAMES), draw.choice(AGENCIES)
    day = f"{draw.randrange(1, 29)} {draw.choice(('January', 'March', 'October'))} 201{draw.randrange(6, 10)}"
    first = f"{draw.choice(CITIES)} ({agency}) - {paragraphs[0]}" if paragraphs else ""
    return [
        f"By {name} | {day}",
        first,
        *paragraphs[1:],
        f"(Reporting by {name}; Editing by {draw.choice(NAMES)})",
        f"Subscribe to the {outlet} newsletter for the latest news, analysis and opinion, delivered to your "
        "inbox every morning before breakfast.",
        f"© {2016 + draw.randrange(4)} {outlet} Media Group. All rights reserved. This material may not be published, "
        "broadcast, rewritten or redistributed without the written permission of the publisher.",
    ]


def invent_articles(texts: list[str], n: int, *, words: int = 300, random_state: int = 0) -> list[list[str]]:
    """Invent articles word by word, each word one that follows the last one somewhere in real texts.

    Invented articles share more word pairs with each other than real ones do, and no passages.

    Parameters
    ----------
    texts : list of str
        Real texts.
    n : int
        Articles.
    words : int
        Words of each, about: a third more or less.
    random_state : int
        Of all choices.

    Returns
    -------
    list of list of str
        Articles as lists of paragraphs.
    """
    draw = random.Random(random_state)
    following: dict[str, list[str]] = {}
    everything = []
    for text in texts:
        found = text.split()
        everything += found
        for word, after in zip(found, found[1:], strict=False):
            following.setdefault(word, []).append(after)
    out = []
    for _ in range(n):
        made, word = [], draw.choice(everything)
        for place in range(int(words * draw.uniform(0.67, 1.33))):
            # a leap now and then, or runs of the real texts would come back
            word = draw.choice(everything) if place % 6 == 0 else draw.choice(following.get(word, everything))
            made.append(word)
        sentences = [
            " ".join(made[at : at + 18]).strip(".,;:").capitalize() + "." for at in range(0, len(made), 18)
        ]
        out.append([" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)])
    return out
