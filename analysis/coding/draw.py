"""Draws a blind, stratified sample of units; the same question to the same corpus has the same answer."""

from __future__ import annotations

import hashlib
import heapq
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.coding.sample import KEY_COLUMNS, context_digest
from analysis.errors import ParameterError
from analysis.tables import clean_text, safe_cell

STRATIFICATIONS = ("outlet+actor", "bloc+actor", "outlet", "bloc", "none")
"""What strata may be made of, from fine to coarse; actors only where mentions are coded."""
ALLOCATIONS = ("proportional", "equal")
OTHER_ACTORS = "other actors"
MAX_SHOWN = 30_000
"""The most characters of a text that a sheet shows: a cell of a workbook holds 32,767."""
MASKS = ("[outlet]", "[author]")


@dataclass(frozen=True)
class SampleQuestion:
    """What is to be drawn.

    Parameters
    ----------
    n : int
        How many items, over all coders.
    coders : tuple of str
        Who codes.
    overlap : float
        The share of the items that every coder codes; the rest is split evenly.
    by : str
        One of `STRATIFICATIONS`, or ``"auto"``: the finest that gives every stratum two items on average.
    allocation : {"proportional", "equal"}
        Items by the strata's sizes, or the same number from each.
    random_state : int
        Chooses the items, their order and who codes what.
    """

    n: int
    coders: tuple[str, ...] = ("a", "b")
    overlap: float = 0.25
    by: str = "auto"
    allocation: str = "proportional"
    random_state: int = 0


@dataclass(frozen=True)
class Drawn:
    """What was drawn.

    Parameters
    ----------
    key : pandas.DataFrame
        One row per item in the order of item_id: `KEY_COLUMNS`, and the context columns as they are shown.
    strata : pandas.DataFrame
        One row per stratum: ``stratum``, ``size`` (units in the corpus), ``drawn``, ``weight`` (size / drawn).
    by : str
        What the strata are made of.
    """

    key: pd.DataFrame
    strata: pd.DataFrame
    by: str


def find_units(corpus, unit: str, mentions: pd.DataFrame | None = None, *, min_tokens: int = 1):
    """List the units of a corpus that can be coded.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    unit : {"mention", "paragraph", "article"}
        What is coded.
    mentions : pandas.DataFrame, optional
        The table ``mentions``, where they are the unit.
    min_tokens : int
        Shorter paragraphs, such as headings, are no units.

    Returns
    -------
    units : pandas.DataFrame
        ``article_id``, ``outlet_id``, ``outlet``, ``bloc``, ``start``, ``end``, ``part_id`` (sentence or paragraph,
        counted from 0) and ``actor_id`` (empty but for mentions), sorted by place.
    n_short : int
        How many paragraphs were too short.
    """
    rows, n_short = [], 0
    by_article = dict(tuple(mentions.groupby("article_id"))) if unit == "mention" else {}
    for article in corpus.articles:
        head = (article.article_id, article.outlet_id, article.outlet, article.bloc)
        if unit == "article":
            rows.append((*head, 0, len(article.text), 0, ""))
        elif unit == "paragraph":
            starts = [token.start for token in article.tokens]
            for number, span in enumerate(article.paragraphs):
                if bisect_left(starts, span.end) - bisect_left(starts, span.start) < min_tokens:
                    n_short += 1
                else:
                    rows.append((*head, span.start, span.end, number, ""))
        elif article.article_id in by_article:
            columns = ("start", "end", "sentence_id", "actor_id")
            table = by_article[article.article_id]
            rows += [(*head, *row) for row in zip(*(table[name] for name in columns), strict=True)]
    names = ["article_id", "outlet_id", "outlet", "bloc", "start", "end", "part_id", "actor_id"]
    units = pd.DataFrame(rows, columns=names)
    return units.sort_values(["article_id", "start", "end", "actor_id"], ignore_index=True), n_short


def allocate(sizes: Sequence[int], n: int, allocation: str = "proportional") -> list[int]:
    """Say how many units are drawn from each stratum.

    Proportional: Webster's method (Sainte-Lague) from one unit in each stratum on, each next unit to the stratum with
    the largest size / (2 drawn + 1). Equal: each next unit to the stratum of which the fewest were drawn. No
    stratum gives more than it has, or nothing; ties go to the earlier stratum.

    Parameters
    ----------
    sizes : sequence of int
        The strata's sizes, each 1 or more.
    n : int
        Units to draw; where there are no more, all are taken.
    allocation : {"proportional", "equal"}
        As above.

    Returns
    -------
    list of int
        In the strata's order; they add up to the smaller of `n` and the sum of the sizes.

    Raises
    ------
    ParameterError
        There are more strata than units to draw, so that some would have none; or no such allocation.

    Examples
    --------
    >>> allocate([90, 9, 1], 10), allocate([90, 9, 1], 10, "equal")
    ([8, 1, 1], [5, 4, 1])
    """
    if allocation not in ALLOCATIONS:
        raise ParameterError(f"allocation is {allocation!r}; allowed: {', '.join(ALLOCATIONS)}")
    if n < len(sizes):
        raise ParameterError(
            f"n is {n}, fewer than the {len(sizes)} strata, so that some would not be drawn from; draw {len(sizes)} "
            "or more, or make coarser strata (--by)"
        )

    def rank(position: int) -> tuple:
        drawn = counts[position]
        return ((-sizes[position] / (2 * drawn + 1)) if allocation == "proportional" else drawn, position)

    counts = [1] * len(sizes)
    left = min(n, sum(sizes)) - len(sizes)
    heap = [rank(position) for position, size in enumerate(sizes) if size > 1]
    heapq.heapify(heap)
    while left > 0:
        position = heapq.heappop(heap)[-1]
        counts[position] += 1
        left -= 1
        if counts[position] < sizes[position]:
            heapq.heappush(heap, rank(position))
    return counts


def draw_sample(units: pd.DataFrame, question: SampleQuestion, named_actors: Mapping[str, str]) -> Drawn:
    """Draw the items, give them blind names, and deal them to the coders.

    A unit is drawn, and placed, by the SHA-256 of the random state and of its own place: neither the order of the
    inputs nor a random generator's version plays a part, and of two samples with one random state the smaller is
    part of the larger as far as the strata allow.

    Parameters
    ----------
    units : pandas.DataFrame
        From `find_units`.
    question : SampleQuestion
        What is to be drawn.
    named_actors : mapping of str to str
        actor_id to label of the actors that are strata of their own; all others are one.

    Returns
    -------
    Drawn
        Without the context columns, which `add_context` makes.

    Raises
    ------
    ParameterError
        There is nothing to draw from, or there are more strata than items.
    """
    if units.empty:
        raise ParameterError("the corpus has no unit of this task: nothing can be drawn")
    by = choose_strata(units, question, named_actors)
    labels = _stratum_labels(units, by, named_actors)
    keys = [
        "\x1f".join(map(str, row)) for row in units[["article_id", "start", "end", "actor_id"]].to_numpy()
    ]
    table = units.assign(stratum=labels, key=keys, rank=[_hash(question, "draw", key) for key in keys])
    table = table.sort_values(["stratum", "rank"], ignore_index=True)
    sizes = table.groupby("stratum", sort=True).size()
    counts = allocate(sizes.to_list(), question.n, question.allocation)
    strata = pd.DataFrame({"stratum": sizes.index, "size": sizes.to_numpy(), "drawn": counts})
    strata["weight"] = [float(f"{size / drawn:.10g}") for size, drawn in zip(sizes, counts, strict=True)]
    place = table.groupby("stratum").cumcount()
    wanted = table["stratum"].map(dict(zip(sizes.index, counts, strict=True)))
    drawn = table[place < wanted].reset_index(drop=True)
    drawn["coders"] = _deal(drawn, question)
    drawn["weight"] = drawn["stratum"].map(dict(zip(strata["stratum"], strata["weight"], strict=True)))
    drawn["order"] = [_hash(question, "order", key) for key in drawn["key"]]
    drawn = drawn.sort_values("order", ignore_index=True)
    width = max(4, len(str(len(drawn))))
    drawn["item_id"] = [f"i{number:0{width}d}" for number in range(1, len(drawn) + 1)]
    return Drawn(drawn.drop(columns=["key", "rank", "order"]), strata, by)


def choose_strata(units: pd.DataFrame, question: SampleQuestion, named_actors: Mapping[str, str]) -> str:
    """Choose what the strata are made of, where the question leaves it open.

    Parameters
    ----------
    units : pandas.DataFrame
        From `find_units`.
    question : SampleQuestion
        With the number of items.
    named_actors : mapping of str to str
        As in `draw_sample`.

    Returns
    -------
    str
        One of `STRATIFICATIONS`: as asked for, or the finest that gives every stratum two items on average.

    Raises
    ------
    ParameterError
        There is no such stratification, or it needs mentions.
    """
    possible = [by for by in STRATIFICATIONS if "actor" not in by or (units["actor_id"] != "").any()]
    if question.by != "auto":
        if question.by not in possible:
            raise ParameterError(f"strata by {question.by!r}; allowed here: {', '.join(possible)}")
        return question.by
    for by in possible:
        if 2 * len(set(_stratum_labels(units, by, named_actors))) <= question.n:
            return by
    return "none"


def add_context(
    drawn: Drawn, corpus, names: Mapping[str, Sequence[str]], labels: Mapping[str, str], unit: str
) -> Drawn:
    """Add what the coder is shown: the text with the names of its own outlet and author masked.

    Parameters
    ----------
    drawn : Drawn
        From `draw_sample`.
    corpus : Corpus
        The articles.
    names : mapping of str to sequence of str
        outlet_id to the outlet's names.
    labels : mapping of str to str
        actor_id to the label shown.
    unit : {"mention", "paragraph", "article"}
        What is coded.

    Returns
    -------
    Drawn
        Its key has all `KEY_COLUMNS` and the context columns, guarded for spreadsheets.
    """
    records = []
    for row in drawn.key.to_dict("records"):
        article = corpus.article(row["article_id"])
        start, end = row["start"], row["end"]
        if unit == "mention":
            sentence = article.sentences[row["part_id"]]
            parts = (
                article.text[sentence.start : start],
                article.text[start:end],
                article.text[end : sentence.end],
            )
        else:
            parts = (article.text[start:end],)
        own = names.get(row["outlet_id"], (article.outlet,))
        # the mention itself is what is coded, even where an outlet is the actor
        masked = [
            part if unit == "mention" and number == 1 else mask_names(part, own, article.author)
            for number, part in enumerate(parts)
        ]
        shown = [safe_cell(_cut(part)) for part in masked]
        context = dict(
            zip(("before", "target", "after") if unit == "mention" else ("text",), shown, strict=True)
        )
        if unit == "mention":
            context = {"actor": safe_cell(clean_text(labels[row["actor_id"]])), **context}
        row |= {"masked": int(tuple(masked) != tuple(parts)), "context": context_digest(context.values())}
        row["stratum"] = " ".join(clean_text(row["stratum"]).split())
        records.append({**{name: row[name] for name in KEY_COLUMNS}, **context})
    return Drawn(pd.DataFrame(records), drawn.strata, drawn.by)


def mask_names(text: str, names: Sequence[str], author: str = "") -> str:
    """Replace an outlet's own names, its address and its writer's name.

    Parameters
    ----------
    text : str
        What would be shown.
    names : sequence of str
        The outlet's names; written as given or in capitals, with or without "The".
    author : str
        The byline; empty if there is none.

    Returns
    -------
    str
        With `MASKS` in their place.

    Examples
    --------
    >>> mask_names("The Daily Planet learned (dailyplanet.com)", ["Daily Planet"])
    'The [outlet] learned ([outlet])'
    """
    wanted = {name.strip() for name in names if len(name.strip()) > 1}
    wanted |= {name[4:].strip() for name in wanted if name.lower().startswith("the ") and len(name) > 5}
    for group, mask in (
        (wanted, MASKS[0]),
        ({author.strip()} if len(author.strip()) > 3 else set(), MASKS[1]),
    ):
        spellings = sorted(group | {name.upper() for name in group}, key=lambda name: (-len(name), name))
        patterns = [r"\s+".join(map(re.escape, name.split())) for name in spellings]
        if mask == MASKS[0]:
            squeezed = sorted({re.sub(r"\W", "", name).lower() for name in group} - {""})
            # an address goes first: its name would otherwise be masked and its ending stay
            addresses = [rf"(?i:(?:www\.)?{re.escape(name)}\.[a-z]{{2,6}})" for name in squeezed]
            patterns = [*addresses, *patterns]
        if patterns:
            text = re.sub(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", mask, text)
    return text


def _stratum_labels(units: pd.DataFrame, by: str, named_actors: Mapping[str, str]) -> list[str]:
    """Name the stratum of each unit."""
    if by == "none":
        return ["all"] * len(units)
    group, _, actor = by.partition("+")
    labels = units[group].to_list()
    if actor:
        who = (named_actors.get(actor_id, OTHER_ACTORS) for actor_id in units["actor_id"])
        labels = [f"{label} | {name}" for label, name in zip(labels, who, strict=True)]
    return labels


def _deal(drawn: pd.DataFrame, question: SampleQuestion) -> list[str]:
    """Say who codes each item; `drawn` is sorted by stratum, so that each coder has some of every stratum."""
    coders = question.coders
    if len(coders) == 1:
        return [coders[0]] * len(drawn)
    n = len(drawn)
    shared = int(question.overlap * n + 0.5)
    chosen = {int((number + 0.5) * n / shared) for number in range(shared)} if shared else set()
    dealt, turn = [], 0
    for position in range(n):
        if position in chosen:
            dealt.append(" ".join(coders))
        else:
            dealt.append(coders[turn % len(coders)])
            turn += 1
    return dealt


def _hash(question: SampleQuestion, purpose: str, key: str) -> str:
    text = f"{question.random_state}\x1f{purpose}\x1f{key}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]} [...]"
