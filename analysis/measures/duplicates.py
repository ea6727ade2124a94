"""Copies of one text in the corpus: which articles, and which outlets publish whose."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pandas as pd

from analysis.corpus import Article, Corpus
from analysis.duplicates.copies import (
    FEWEST_WORDS,
    OTHER,
    OVERLAP,
    SAME,
    WHOLE,
    Copies,
    CopyGroup,
    keep_one,
)
from analysis.duplicates.passages import compare_passages
from analysis.errors import UnknownName
from analysis.results import EVIDENCE_COLUMNS, Evidence, Result, hit_row, one_line
from analysis.schema.results import as_declared

PAIR_KEYS = ("group_id", "article_id", "other_id", "outlet", "status")
"""By what the passages of copies are found; `article_id` names the copy, `other_id` what it is set beside."""
_PARAMS = {"same": SAME, "other": OTHER, "whole": WHOLE, "overlap": OVERLAP, "fewest_words": FEWEST_WORDS}


def measure_duplicates(corpus: Corpus, copies: Copies, policy: str) -> Result:
    """List the articles that are copies of one text.

    Parameters
    ----------
    corpus : Corpus
        All admitted articles.
    copies : Copies
        Their groups, by `analysis.duplicates.copies.find_copies`.
    policy : str
        ``keep``, ``one`` or ``weight``: whether copies are measured, and what they count.

    Returns
    -------
    Result
        The table ``duplicates``; its evidence sets the passages of each copy beside the article kept.
    """
    rows = []
    for number, group in enumerate(copies.groups, start=1):
        for position, likeness in zip(group.members, group.likeness, strict=True):
            article = corpus.articles[position]
            kept = position == group.kept
            rows.append(
                {
                    "group_id": number,
                    "article_id": article.article_id,
                    "kept": kept,
                    "left_out": policy == "one" and not kept,
                    "outlet": article.outlet,
                    "bloc": article.bloc,
                    "title": article.title,
                    "published": article.published,
                    "n_tokens": len(article.tokens),
                    "n_articles": len(group.members),
                    "weight": 1 / len(group.members),
                    "similarity": likeness.similarity,
                    "share": likeness.share_other,
                    "share_kept": likeness.share,
                }
            )
    excluded = keep_one(corpus, copies).excluded.iloc[len(corpus.excluded) :] if policy == "one" else None
    extra = {} if excluded is None else {"excluded": excluded.reset_index(drop=True)}
    return Result(
        "duplicates",
        as_declared(pd.DataFrame(rows), "duplicates"),
        params={**_PARAMS, "duplicates": policy},
        evidence=_evidence(corpus, copies),
        **extra,
    )


def measure_shared_copy(corpus: Corpus, copies: Copies) -> Result:
    """Count the texts that outlets have in common, and who published them first.

    Parameters
    ----------
    corpus : Corpus
        All admitted articles.
    copies : Copies
        Their groups.

    Returns
    -------
    Result
        The table ``shared_copy``. An outlet was first where the last day that the date of its earliest article may
        mean is before the first day of the other's; an agency whose wire is not in the corpus is nobody's source.
    """
    outlets = corpus.grouping("outlet")
    totals = {label: len(rows) for label, rows in outlets.members.items()}
    blocs = {article.outlet: article.bloc for article in corpus.articles}
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for group in copies.groups:
        by_outlet: dict[str, list[Article]] = {}
        for position in group.members:
            by_outlet.setdefault(corpus.articles[position].outlet, []).append(corpus.articles[position])
        for outlet, other in product(by_outlet, repeat=2):
            mine, theirs = by_outlet[outlet], by_outlet[other]
            if outlet == other and len(mine) == 1:
                continue
            row = counts.setdefault((outlet, other), dict.fromkeys(("n_groups", "n_articles", *_ORDERS), 0))
            row["n_groups"] += 1
            row["n_articles"] += len(mine)
            row[_order(mine, theirs)] += 1
    rows = [
        {"outlet": outlet, "bloc": blocs[outlet], "other": other, "other_bloc": blocs[other], **row}
        | {"share": row["n_articles"] / totals[outlet]}
        for outlet, other in product(outlets.labels, repeat=2)
        if (row := counts.get((outlet, other)))
    ]
    return Result(
        "shared_copy",
        as_declared(pd.DataFrame(rows), "shared_copy"),
        params=_PARAMS,
        evidence=_evidence(corpus, copies),
    )


_ORDERS = ("n_first", "n_later", "n_undated")


def _order(mine: list[Article], theirs: list[Article]) -> str:
    """Say who published first: the column that counts it."""
    known = [article.published_range for article in (*mine, *theirs)]
    if mine is theirs or None in known:
        return "n_undated"
    # the earliest article decides, by its first and its last possible day
    first, last = (min(article.published_range[end] for article in mine) for end in (0, 1))
    other_first, other_last = (min(article.published_range[end] for article in theirs) for end in (0, 1))
    return "n_first" if last < other_first else "n_later" if other_last < first else "n_undated"


def _evidence(corpus: Corpus, copies: Copies) -> Evidence:
    """Make evidence that sets copies beside the article kept, or any two articles beside each other."""
    places = {article.article_id: position for position, article in enumerate(corpus.articles)}

    def find(wanted: Mapping[str, Any]) -> pd.DataFrame:
        for key in ("article_id", "other_id"):
            if key in wanted and wanted[key] not in places:
                raise UnknownName("article", wanted[key], places)
        if {"article_id", "other_id"} <= set(wanted):
            pairs = [(0, places[wanted["article_id"]], places[wanted["other_id"]])]
        else:
            pairs = [
                (number, position, group.kept)
                for number, group in enumerate(copies.groups, start=1)
                for position in _asked(group, wanted, places)
                if wanted.get("group_id", number) == number
            ]
        rows = [row for pair in pairs for row in _pair_rows(corpus, copies, pair)]
        table = pd.DataFrame(
            rows, columns=[*EVIDENCE_COLUMNS, "group_id", "other_id", "status", "counterpart"]
        )
        for key in ("outlet", "status"):
            if key in wanted:
                table = table[table[key] == wanted[key]]
        return table.reset_index(drop=True)

    return Evidence(PAIR_KEYS, find)


def _asked(group: CopyGroup, wanted: Mapping[str, Any], places: Mapping[str, int]) -> tuple[int, ...]:
    """List the members of a group, beside the one kept, that a question is about."""
    members = group.members[1:]
    if "other_id" in wanted and places[wanted["other_id"]] != group.kept:
        return ()
    if "article_id" in wanted and places[wanted["article_id"]] != group.kept:
        return tuple(member for member in members if member == places[wanted["article_id"]])
    return members if "article_id" not in wanted or places[wanted["article_id"]] == group.kept else ()


def _pair_rows(corpus: Corpus, copies: Copies, pair: tuple[int, int, int]) -> list[dict[str, Any]]:
    """Describe every passage of a copy, then what only the other article has."""
    number, position, kept = pair
    copy, other = corpus.articles[position], corpus.articles[kept]
    spans = copies.recurring[position], copies.recurring[kept]
    rows = []
    for passage in compare_passages(copy.text, other.text, *spans):
        low, high = passage.counterpart
        row = hit_row(copy, passage.start, passage.end)
        row |= {
            "other_id": other.article_id,
            "status": passage.status,
            "counterpart": one_line(other.text[low:high]),
        }
        rows.append(row | {"group_id": number})
    for passage in compare_passages(other.text, copy.text, *spans[::-1]):
        if passage.status in ("only here", "recurring"):
            row = hit_row(other, passage.start, passage.end)
            rows.append(
                row
                | {
                    "other_id": copy.article_id,
                    "status": passage.status,
                    "counterpart": "",
                    "group_id": number,
                }
            )
    return rows
