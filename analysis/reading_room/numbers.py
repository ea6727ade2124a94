"""The numbers of a choice: rows of the study's results, as they are, for the groups that stand side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.counts import sum_groups
from analysis.measures.contrasts import REST
from analysis.measures.headlines import top_contrasts
from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.reading_room.places import find_places

MOST_ROWS = 60
"""The most rows of one table on the screen; the file has all."""


@dataclass(frozen=True)
class Field:
    """One column on the screen.

    Parameters
    ----------
    heading : str
        What stands above it.
    column : str
        The number.
    low, high : str
        Columns of its interval, if it has one.
    beside : str
        A column whose number is shown with it, in the words of `form`.
    form : str
        How the two are shown.
    """

    heading: str
    column: str
    low: str = ""
    high: str = ""
    beside: str = ""
    form: str = "{} of {}"


@dataclass(frozen=True)
class Numbers:
    """One table of numbers.

    Parameters
    ----------
    about : str
        What it is about: the caption.
    source : str
        The result that the numbers are of.
    table : pandas.DataFrame
        First ``level``, ``group``, ``bloc``; where each row is about another thing, ``kind`` and ``item`` too.
    fields : tuple of Field
        What the screen shows of it.
    note : str
        What is to be known about them.
    """

    about: str
    source: str
    table: pd.DataFrame
    fields: tuple[Field, ...]
    note: str = ""


_TEST = (Field("to the rest", "difference"), Field("p (q)", "p"))
_NOTE = Field("note", "flag")
ACTOR_FIELDS = (
    Field("mentions", "n_mentions"),
    Field("articles", "n_articles", beside="n_group_articles"),
    Field("per 1,000", "per_1000", "per_1000_low", "per_1000_high"),
    Field("balance", "balance", "balance_low", "balance_high"),
    *_TEST,
    _NOTE,
)
TERM_FIELDS = (
    Field("places", "count"),
    Field("articles", "articles_target", beside="n_group_articles"),
    Field("per 10,000 (rest)", "per_10000_target", beside="per_10000_reference", form="{} ({})"),
    Field("log ratio", "log_ratio", "log_ratio_low", "log_ratio_high"),
    Field("G2", "g2"),
    Field("p (q)", "p"),
    _NOTE,
)
THEME_FIELDS = (
    Field("paragraphs", "n_paragraphs"),
    Field("articles", "n_with_themes", beside="n_group_articles"),
    Field("weight", "weight", "weight_low", "weight_high"),
    *_TEST,
    _NOTE,
)
ACTOR_THEME_FIELDS = (
    Field("mentions there", "n_mentions"),
    Field("articles", "n_articles"),
    Field("share of the actor's mentions", "share"),
    Field("balance there", "balance", "balance_low", "balance_high"),
    Field("balance overall", "overall"),
    Field("difference", "difference", "difference_low", "difference_high"),
    _NOTE,
)
TOGETHER_FIELDS = (Field("places", "count"), Field("articles", "n_articles", beside="n_group_articles"))


def list_groups(library: Library, choice: Choice) -> pd.DataFrame:
    """List the groups that stand side by side: every bloc, the outlets in view, an outlet's articles.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        Where the reader is.

    Returns
    -------
    pandas.DataFrame
        ``level``, ``group``, ``bloc``, ``n_group_articles`` and ``chosen``; outlets are those of the bloc
        chosen, else all; articles those of the outlet chosen.
    """
    catalogue = library.catalogue
    outlet = choice.outlet or catalogue.articles.get(choice.article_id, "")
    bloc = choice.bloc or catalogue.outlets.get(outlet, "")
    rows = [("bloc", name, name) for name in catalogue.blocs]
    rows += [("outlet", name, of) for name, of in catalogue.outlets.items() if bloc in ("", of)]
    if outlet:
        of = catalogue.outlets[outlet]
        rows += [("article", name, of) for name, by in catalogue.articles.items() if by == outlet]
    sizes = _sizes(library)
    table = pd.DataFrame(rows, columns=["level", "group", "bloc"])
    places = list(zip(table["level"], table["group"], strict=True))
    table["n_group_articles"] = [sizes[place] for place in places]
    table["chosen"] = [place == choice.place for place in places]
    return table


def list_numbers(library: Library, choice: Choice) -> list[Numbers]:
    """Look up the numbers of a choice.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        What is chosen.

    Returns
    -------
    list of Numbers
        One table for each thing chosen and one for several together; without any, what stands out in the groups.
    """
    if not choice.subjects:
        return _overview(library, choice)
    groups = list_groups(library, choice)
    found = []
    if choice.actor_id:
        found.append(_actor(library, choice.actor_id, groups))
    if choice.term:
        found.append(_term(library, choice.term, groups))
    if choice.theme_id:
        found.append(_theme(library, choice.theme_id, groups))
    if choice.actor_id and choice.theme_id:
        found.append(_actor_theme(library, choice, groups))
    if len(choice.subjects) > 1 and choice.term:
        found.append(_together(library, choice, groups))
    return found


def subject_name(library: Library, choice: Choice) -> str:
    """Name what is chosen, in words.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        What is chosen.

    Returns
    -------
    str
        Plain text; empty if only a place is chosen.
    """
    catalogue, names = library.catalogue, []
    if choice.actor_id:
        names.append(catalogue.actors[choice.actor_id][0])
    if choice.term:
        names.append(f"“{choice.term}”")
    if choice.theme_id:
        names.append(f"theme {choice.theme_id} ({catalogue.themes[choice.theme_id]})")
    return " with ".join(names)


def _sizes(library: Library) -> dict[tuple[str, str], int]:
    """Count the articles of every group."""
    return library.keep(
        "sizes",
        lambda: {
            (grouping.level, label): len(members)
            for grouping in library.study.groupings
            for label, members in grouping.members.items()
        },
    )


def _join(groups: pd.DataFrame, *tables: pd.DataFrame) -> pd.DataFrame:
    """Put the rows of results beside their groups; a group without a row has none of its numbers."""
    joined = groups
    for table in tables:
        columns = ["level", "group", *(name for name in table if name not in joined)]
        joined = joined.merge(table[columns], on=["level", "group"], how="left", validate="one_to_one")
    if "flag" in joined:
        joined["flag"] = joined["flag"].fillna("")
    return joined


def _actor(library: Library, actor_id: str, groups: pd.DataFrame) -> Numbers:
    attention, sentiment = library.table("attention"), library.table("sentiment")
    attention = attention[attention["actor_id"] == actor_id]
    sentiment = sentiment[(sentiment["actor_id"] == actor_id) & (sentiment["voice"] == "all")]
    # the longer of the two flags is that of the balance, which says what attention's says and more
    table = _join(groups, attention.drop(columns="flag"), sentiment)
    flags = groups.merge(attention[["level", "group", "flag"]], on=["level", "group"], how="left")["flag"]
    table["flag"] = table["flag"].where(table["flag"] != "", flags.fillna(""))
    counted = ["n_mentions", "n_articles"]
    table[counted] = table[counted].fillna(0).astype(int)
    scores = library.results["scores"]
    return Numbers(
        f"{library.catalogue.actors[actor_id][0]}: mentions and sentiment",
        "attention, sentiment",
        table,
        ACTOR_FIELDS,
        "Rates are per 1,000 tokens. Balance: share of positive minus share of negative mentions. "
        f"Scorer: {scores.params['scorer']}, {scores.provenance['benchmark']['summary']}.",
    )


def _term(library: Library, words: str, groups: pd.DataFrame) -> Numbers:
    term = library.counted_term(words)
    contrasts = library.table("contrasts")
    rows = (
        contrasts[(contrasts["term"] == term) & (contrasts["reference"] == REST)]
        if term
        else contrasts.head(0)
    )
    table = _join(groups, rows.rename(columns={"target": "group"}))
    table["count"], table["articles_target"] = _count_term(library, words, term, groups)
    if rows.empty:
        return Numbers(f"“{words}”: places, {library.why_uncounted(words)}", "counts", table, TERM_FIELDS[:2])
    return Numbers(
        f"“{term}”: the term against all other groups of its level",
        "contrasts",
        table,
        TERM_FIELDS,
        "Rates are per 10,000 tokens. Log ratio: log2 of the ratio of rates, 0.5 added; G2 and log ratio are "
        "above 0 where the group uses it more.",
    )


def _count_term(library: Library, words: str, term: str, groups: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Count a term's places and articles in each group, as the study's counts or the search have them."""
    if term:
        column = library.study.counts.column(term)
    else:
        found = library.term_places(words)["article_id"].value_counts()
        column = np.array([int(found.get(name, 0)) for name in library.study.corpus.ids])
    both = np.column_stack([column, column > 0]).astype(np.int64)
    totals = {
        (grouping.level, label): row
        for grouping in library.study.groupings
        for label, row in zip(grouping.labels, sum_groups(both, grouping), strict=True)
    }
    places = [totals[place] for place in zip(groups["level"], groups["group"], strict=True)]
    return [int(row[0]) for row in places], [int(row[1]) for row in places]


def _theme(library: Library, theme_id: str, groups: pd.DataFrame) -> Numbers:
    themes = library.table("themes")
    rows = themes[themes["theme_id"] == theme_id]
    first = rows.iloc[0]
    driven = f" More than half of it is in {first['driven_by']}." if first["driven_by"] else ""
    return Numbers(
        f"Theme {theme_id}: {first['label']}",
        "themes",
        _join(groups, rows.drop(columns="driven_by")),
        THEME_FIELDS,
        f"Top terms: {first['top_terms']}. Weight: the theme's share of the group's theme "
        f"weight.{_stability(first)}{driven}",
    )


def _stability(row: pd.Series) -> str:
    """Say how stable a theme is, as far as that could be measured."""
    if pd.isna(row["stability"]):
        return " Its stability cannot be measured."
    without = row["stability_without"]
    rest = "" if pd.isna(without) else f", and {without:.2f} without its largest article"
    return f" Stability {row['stability']:.2f}{rest}."


def _actor_theme(library: Library, choice: Choice, groups: pd.DataFrame) -> Numbers:
    table = library.table("actor_themes")
    rows = table[(table["actor_id"] == choice.actor_id) & (table["theme_id"] == choice.theme_id)]
    return Numbers(
        f"{library.catalogue.actors[choice.actor_id][0]} in the paragraphs of theme {choice.theme_id}",
        "actor_themes",
        _join(groups[groups["level"] == "bloc"].reset_index(drop=True), rows),
        ACTOR_THEME_FIELDS,
    )


def _together(library: Library, choice: Choice, groups: pd.DataFrame) -> Numbers:
    """Count the places where all that is chosen stands together."""
    found = find_places(library, choice, anywhere=True)
    names = {"bloc": found["bloc"], "outlet": found["outlet"], "article": found["article_id"]}
    rows = [names[row.level] == row.group for row in groups.itertuples()]
    table = groups.assign(
        count=[int(inside.sum()) for inside in rows],
        n_articles=[int(found.loc[inside, "article_id"].nunique()) for inside in rows],
    )
    return Numbers(
        f"{subject_name(library, choice)}: places where they stand together, counted here",
        "counts",
        table,
        TOGETHER_FIELDS,
    )


def _overview(library: Library, choice: Choice) -> list[Numbers]:
    """List what stands out in the group chosen, or in every bloc."""
    level, group = choice.place
    top = library.study.config.figures.terms
    wanted = [(level, group)] if level else [("bloc", name) for name in library.catalogue.blocs]
    tables = []
    if level != "article":
        rows = top_contrasts(library.table("contrasts"), terms=top, level=level or "bloc")
        rows = rows.rename(columns={"target": "group", "count_target": "count"})
        tables.append(
            ("terms that set it apart", "contrasts", _about(rows, wanted, "term", "term"), TERM_FIELDS)
        )
    rows = library.table("attention")
    rows = rows[rows["n_mentions"] > 0].sort_values(["n_mentions", "actor"], ascending=[False, True])
    actors = _about(rows, wanted, "actor_id", "actor")
    actors = actors.groupby(["level", "group"], sort=False).head(top).reset_index(drop=True)
    tables.append(("actors mentioned most", "attention", actors, ACTOR_FIELDS[:3] + ACTOR_FIELDS[-1:]))
    themes = _about(library.table("themes"), wanted, "theme_id", "label")
    tables.append(("themes", "themes", themes, THEME_FIELDS))
    where = group or "each bloc"
    found = []
    for what, source, table, fields in tables:
        table = table.assign(chosen=False)
        table["n_group_articles"] = [
            _sizes(library)[place] for place in zip(table["level"], table["group"], strict=True)
        ]
        shown = tuple(field for field in fields if field.column in table)
        note = "" if len(table) else _why_empty(library, source)
        found.append(Numbers(f"{where}: {what}", source, table, shown, note))
    return found


def _about(rows: pd.DataFrame, wanted: list[tuple[str, str]], key: str, name: str) -> pd.DataFrame:
    """Keep the rows of some groups, in the groups' order, and say what each is about."""
    order = {place: rank for rank, place in enumerate(wanted)}
    ranks = [order.get(place, -1) for place in zip(rows["level"], rows["group"], strict=True)]
    rows = rows.assign(_rank=ranks, kind=key, item=rows[key], name=rows[name])
    rows = rows[rows["_rank"] >= 0].sort_values("_rank", kind="stable").drop(columns="_rank")
    front = ["level", "group", "kind", "item", "name"]
    return rows[[*front, *(column for column in rows if column not in front)]].reset_index(drop=True)


def _why_empty(library: Library, source: str) -> str:
    if source == "themes" and len(library.results["themes"].excluded):
        return str(library.results["themes"].excluded["why"].iloc[0])
    if source == "contrasts" and len(library.catalogue.blocs) < 2:
        return "There is no second bloc to set it against."
    return {
        "contrasts": "No term passes the filter of the figure.",
        "attention": "No actor is mentioned.",
    }.get(source, "There is none.")
