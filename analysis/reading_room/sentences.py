"""What a sentence stands behind: the numbers of the study that its actors, terms and theme are counted in."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.measures.contrasts import REST
from analysis.measures.headlines import G2_FILTER
from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library

MOST_TERMS = 6


@dataclass(frozen=True)
class Behind:
    """One number that a sentence is counted in.

    Parameters
    ----------
    choice : Choice
        What leads to the number.
    name : str
        The actor, term or theme.
    group : str
        The outlet or bloc.
    quantity : str
        What the number is.
    value : float
        The number; NaN where the study has none.
    n : int
        Mentions, places or paragraphs behind it.
    here : str
        What this sentence adds to it.
    flag : str
        What the sample supports.
    """

    choice: Choice
    name: str
    group: str
    quantity: str
    value: float
    n: int
    here: str
    flag: str


def list_behind(library: Library, article_id: str, start: int, end: int) -> list[Behind]:
    """List the numbers that a stretch of an article stands behind.

    Parameters
    ----------
    library : Library
        The study.
    article_id : str
        The article.
    start, end : int
        Offsets of the sentence in the cleaned text.

    Returns
    -------
    list of Behind
        For its outlet and its bloc: sentiment toward each actor mentioned in it, the theme of its paragraph
        that weighs most, and its terms with the largest log ratio among those that pass the figure's filter.
    """
    article = library.article(article_id)
    groups = [("outlet", article.outlet), ("bloc", article.bloc)]
    found = _actors(library, article_id, (start, end), groups)
    found += _theme(library, article_id, (start, end), groups)
    return found + _terms(library, article_id, (start, end), groups)


def _row(table: pd.DataFrame, level: str, group: str, **keys: str) -> pd.Series | None:
    chosen = (table["level"] == level) & (table["group"] == group)
    for name, value in keys.items():
        chosen &= table[name] == value
    rows = table[chosen]
    return None if rows.empty else rows.iloc[0]


def _place(level: str, group: str, **subject: str) -> Choice:
    return Choice(**{level: group}, **subject)


def _actors(library: Library, article_id: str, span: tuple[int, int], groups) -> list[Behind]:
    hits = library.mentions
    hits = hits[(hits["article_id"] == article_id) & hits["start"].between(span[0], span[1] - 1)]
    found = []
    for actor_id, rows in hits.groupby("actor_id", sort=False):
        here = ", ".join(f"{value:+.2f}" for value in rows["balance"])
        for level, group in groups:
            row = _row(library.table("sentiment"), level, group, actor_id=actor_id, voice="all")
            if row is not None:
                found.append(
                    Behind(
                        _place(level, group, actor_id=actor_id),
                        library.catalogue.actors[actor_id][0],
                        group,
                        "balance",
                        row["balance"],
                        int(row["n_mentions"]),
                        here,
                        row["flag"],
                    )  # fmt: skip
                )
    return found


def _theme(library: Library, article_id: str, span: tuple[int, int], groups) -> list[Behind]:
    best, weight = "", 0.0
    for theme_id in library.catalogue.themes:
        rows = library.theme_places(theme_id)
        inside = (rows["article_id"] == article_id) & (rows["start"] <= span[0]) & (span[0] < rows["end"])
        if inside.any() and rows.loc[inside, "weight"].iloc[0] > weight:
            best, weight = theme_id, float(rows.loc[inside, "weight"].iloc[0])
    if not best:
        return []
    found = []
    for level, group in groups:
        row = _row(library.table("themes"), level, group, theme_id=best)
        if row is not None:
            found.append(
                Behind(
                    _place(level, group, theme_id=best),
                    f"theme {best}: {row['label']}",
                    group,
                    "weight",
                    row["weight"],
                    int(row["n_paragraphs"]),
                    "its paragraph's foremost theme",
                    row["flag"],
                )  # fmt: skip
            )
    return found


def _terms(library: Library, article_id: str, span: tuple[int, int], groups) -> list[Behind]:
    contrasts = library.table("contrasts")
    article = library.article(article_id)
    words = {
        library.counted_term(article.text[token.start : token.end])
        for token in article.tokens
        if span[0] <= token.start < span[1]
    }
    contrasts = contrasts[contrasts["term"].isin(words) & (contrasts["reference"] == REST)]
    rows = contrasts[(contrasts["level"] == "bloc") & (contrasts["target"] == article.bloc)]
    rows = rows[rows["g2"].abs() >= G2_FILTER]
    rows = rows.assign(size=rows["log_ratio"].abs().round(9)).sort_values(
        ["size", "term"], ascending=[False, True]
    )
    table = contrasts.rename(columns={"target": "group"})
    found = []
    for term in rows["term"].head(MOST_TERMS):
        for level, group in groups:
            row = _row(table, level, group, term=term)
            if row is not None:
                found.append(
                    Behind(
                        _place(level, group, term=term),
                        f"“{term}”",
                        group,
                        "log ratio",
                        row["log_ratio"],
                        int(row["count_target"]),
                        "the term stands in it",
                        row["flag"],
                    )  # fmt: skip
                )
    return found
