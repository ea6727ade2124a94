"""The figure of a choice: drawn from the numbers on the screen, with its alt text and where its points lie."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.errors import counted
from analysis.figures.export import draw_figure, render_figure
from analysis.figures.glyphs import drawable_table
from analysis.figures.spec import FULL_WIDTH, FigureSpec, fit_alt, signed
from analysis.plots.contrasts import draw_contrasts, panel_grid
from analysis.plots.readings import draw_readings
from analysis.reading_room.choice import Choice
from analysis.reading_room.library import Library
from analysis.reading_room.numbers import Numbers
from analysis.tables import round_table

MOST_GROUPS = 26
"""Rows that a figure can hold; the table has all groups."""
DPI = 120


@dataclass(frozen=True)
class Point:
    """Where a row of the numbers is drawn, as shares of the image's width and height.

    Parameters
    ----------
    key : tuple of str
        Level and group, and for an overview the term.
    left, top, width, height : float
        A box around the mark, from the upper left corner.
    said : str
        The mark in words.
    """

    key: tuple[str, ...]
    left: float
    top: float
    width: float
    height: float
    said: str


@dataclass(frozen=True)
class Picture:
    """A figure as an image, and in words.

    Parameters
    ----------
    png : bytes
        The image.
    alt, caption : str
        Plain text.
    points : tuple of Point
        What can be pointed at.
    width : float
        Inches.
    """

    png: bytes
    alt: str
    caption: str
    points: tuple[Point, ...]
    width: float = FULL_WIDTH


def draw_picture(library: Library, choice: Choice, numbers: list[Numbers]) -> Picture:
    """Draw the figure of a choice.

    Parameters
    ----------
    library : Library
        The study.
    choice : Choice
        What is chosen.
    numbers : list of Numbers
        From `analysis.reading_room.numbers.list_numbers`.

    Returns
    -------
    Picture
        The terms that set the groups apart where nothing but a place is chosen.
    """
    data = None if choice.subjects else _contrast_data(library, numbers)
    if data is not None and len(data):
        return _draw(library, data, draw_contrasts, _contrast_words(data), _contrast_points)
    data, left_out = _reading_data(library, choice, numbers)
    return _draw(library, data, draw_readings, _reading_words(data, numbers, left_out), _reading_points)


def _draw(library: Library, data: pd.DataFrame, draw, words: tuple, points) -> Picture:
    title, caption, alt, height = words
    drawn, note = drawable_table(round_table(data), library.study)
    spec = FigureSpec("reading", title, "07_explore", None, draw, height, None, None)
    fig = draw_figure(spec, drawn)
    png = render_figure(fig, "png", dpi=DPI)
    return Picture(png, alt, f"{title}. {caption} {note}".strip(), tuple(points(fig, data)))


def _panels(
    choice: Choice, numbers: list[Numbers]
) -> list[tuple[pd.DataFrame, str, str, str, str, str, str]]:
    """Choose what is drawn: (table, panel, scale, value, low, high, n)."""
    by_source = {table.source: table.table for table in numbers}
    alone, panels = len(choice.subjects) == 1, []
    if choice.actor_id:
        table = by_source["attention, sentiment"]
        if alone:
            panels.append(
                (
                    table,
                    "mentions per 1,000 tokens",
                    "rate",
                    "per_1000",
                    "per_1000_low",
                    "per_1000_high",
                    "n_mentions",
                )
            )
        panels.append(
            (
                table,
                "balance toward the actor",
                "balance",
                "balance",
                "balance_low",
                "balance_high",
                "n_mentions",
            )
        )
    if choice.term and "contrasts" in by_source:
        table = by_source["contrasts"]
        if alone:
            panels.append((table, "the term per 10,000 tokens", "rate", "per_10000_target", "", "", "count"))
        panels.append(
            (
                table,
                "log ratio of the term",
                "signed",
                "log_ratio",
                "log_ratio_low",
                "log_ratio_high",
                "count",
            )
        )
    elif choice.term:
        table = next(table.table for table in numbers if table.source == "counts")
        panels.append((table, "places of the words", "count", "count", "", "", "count"))
    if choice.theme_id:
        table = by_source["themes"]
        panels.append(
            (table, "weight of the theme", "rate", "weight", "weight_low", "weight_high", "n_paragraphs")
        )
        if alone:
            panels.append(
                (table, "weight: group minus the rest", "signed", "difference", "", "", "n_paragraphs")
            )
    return panels


def _reading_data(library: Library, choice: Choice, numbers: list[Numbers]) -> tuple[pd.DataFrame, int]:
    """Put the panels below each other as one table; the groups left out are counted."""
    panels = _panels(choice, numbers)
    if not panels:
        panels = _corpus_panels(library, choice)
    ranks = {bloc: rank for rank, bloc in enumerate(library.catalogue.blocs)}
    frames = []
    for table, panel, scale, value, low, high, n in panels:
        table, left_out = _fitting(table)
        nothing = pd.Series(float("nan"), index=table.index)
        frames.append(
            pd.DataFrame(
                {
                    "panel": panel,
                    "scale": scale,
                    "level": table["level"],
                    "group": table["group"],
                    "bloc_rank": table["bloc"].map(ranks),
                    "value": table[value].astype(float),
                    "low": table[low] if low else nothing,
                    "high": table[high] if high else nothing,
                    "n": table[n].fillna(0).astype(int),
                    "n_group_articles": table["n_group_articles"],
                    "chosen": table["chosen"],
                }
            )
        )
    return pd.concat(frames, ignore_index=True), left_out


def _fitting(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Keep the groups that a figure can hold: all blocs, what is chosen, then the others in their order."""
    first = (table["level"] == "bloc") | table["chosen"]
    room = max(0, MOST_GROUPS - int(first.sum()))
    kept = table[first | ((~first).cumsum() <= room) & ~first].head(2 * MOST_GROUPS)
    return kept, len(table) - len(kept)


def _corpus_panels(library: Library, choice: Choice) -> list[tuple]:
    """Draw how much text there is where no term sets the groups apart."""
    from analysis.reading_room.numbers import list_groups

    groups = list_groups(library, choice)
    articles = library.table("articles")
    names = {"bloc": "bloc", "outlet": "outlet", "article": "article_id"}
    tokens = [
        int(articles.loc[articles[names[row.level]] == row.group, "n_tokens"].sum())
        for row in groups.itertuples()
    ]
    table = groups.assign(tokens=tokens)
    return [
        (table, "articles", "count", "n_group_articles", "", "", "n_group_articles"),
        (table, "tokens", "count", "tokens", "", "", "tokens"),
    ]


def _reading_words(data: pd.DataFrame, numbers: list[Numbers], left_out: int) -> tuple:
    title = "; ".join(table.about for table in numbers if table.source != "counts") or numbers[0].about
    if numbers[0].source == "contrasts" and "item" in numbers[0].table:
        title = "The corpus: no term passes the filter of the contrasts"
    interval = " Bars are 95 % intervals over articles." if data["low"].notna().any() else ""
    absent = " A dash: nothing to measure there." if data["value"].isna().any() else ""
    more = f" {left_out} groups more are in the table." if left_out else ""
    blocs = data[data["level"] == "bloc"].drop_duplicates("group")
    caption = (
        f"Filled marks: blocs; hollow ones: their outlets, and articles where an outlet is chosen; at the right, n."
        f"{interval}{absent}{more} {_smallest(blocs['n_group_articles'])}"
    )
    panels = list(dict.fromkeys(data["panel"]))
    shown = data[(data["panel"] == panels[-1]) & data["value"].notna()]
    values = [f"{row.group} {_number(row.value, row.scale)}" for row in shown.itertuples()] or ["0 values"]
    alt = fit_alt(f"Dot plot, {' and '.join(panels)} by group; {panels[-1]}:", values)
    rows = data.groupby("panel").size().max()
    return title, caption, alt, lambda _: round(4 * (0.75 + 0.2 * rows)) / 4


def _smallest(articles: pd.Series) -> str:
    """Say how small the smallest group is; what that supports stands with each number."""
    least = counted(articles.min(), "article")
    return f"The smallest group has {least}; the notes below the numbers say what it supports."


def _number(value: float, scale: str) -> str:
    if scale == "count":
        return f"{value:.0f}"
    return f"{value:.2f}" if scale == "rate" else signed(value)


def _reading_points(fig, data: pd.DataFrame) -> list[Point]:
    """Find the boxes around the marks of each panel."""
    width, height = fig.get_size_inches() * fig.dpi
    points = []
    for ax, (panel, rows) in zip(fig.axes, data.groupby("panel", sort=False), strict=True):
        zero = max(0.0, ax.get_xlim()[0])
        for place, row in enumerate(rows.itertuples()):
            x, y = ax.transData.transform((zero if pd.isna(row.value) else row.value, place))
            tall = abs(ax.transData.transform((0, 1))[1] - ax.transData.transform((0, 0))[1])
            said = "nothing to measure" if pd.isna(row.value) else _number(row.value, row.scale)
            points.append(
                _point(
                    (row.level, row.group),
                    (x, y),
                    tall,
                    (width, height),
                    f"{row.group}, {panel}: {said}, n {row.n}",
                )
            )
    return points


def _point(key: tuple[str, ...], at, tall: float, size, said: str) -> Point:
    wide = max(tall, 0.022 * size[0])
    return Point(
        key,
        round((at[0] - wide / 2) / size[0], 4),
        round(1 - (at[1] + tall / 2) / size[1], 4),
        round(wide / size[0], 4),
        round(tall / size[1], 4),
        said,
    )


def _contrast_data(library: Library, numbers: list[Numbers]) -> pd.DataFrame | None:
    """Take the terms on the screen as the figure of contrasts wants them."""
    table = next((found.table for found in numbers if found.source == "contrasts"), None)
    if table is None or table.empty:
        return None
    blocs = list(library.catalogue.blocs)
    rank = [blocs.index(library.catalogue.outlets.get(group, group)) if level == "outlet" else blocs.index(group)
            for level, group in zip(table["level"], table["group"], strict=True)]  # fmt: skip
    table = table.assign(bloc_rank=rank, target=table["group"], count_target=table["count"])
    columns = [
        "level", "target", "bloc_rank", "term", "count_target", "count_reference", "articles_target",
        "n_articles_target", "n_articles_reference", "log_ratio", "log_ratio_low", "log_ratio_high",
        "dp_target", "driven_by",
    ]  # fmt: skip
    return table[columns]


def _contrast_words(data: pd.DataFrame) -> tuple:
    groups = data.drop_duplicates("target")
    sizes = ", ".join(
        f"{row.target} {row.n_articles_target} against {row.n_articles_reference}"
        for row in groups.itertuples()
    )
    interval = " Bars are 95 % intervals over articles." if data["log_ratio_low"].notna().any() else ""
    caption = (
        "Log ratio against all other groups of the level pooled; at the right, occurrences here : in the rest. Ranked "
        "and filtered as in figure 3. A larger mark is more evenly spread (DP); a hollow mark is driven by one "
        f"article.{interval} Articles: {sizes}. {_smallest(groups['n_articles_target'])}"
    )
    tops = [
        f"{row.target} {row.term} {row.log_ratio:.1f}"
        for row in data.groupby("target", sort=False).head(1).itertuples()
    ]
    alt = fit_alt("Dot plot of the terms that set the groups apart; the largest log ratio of each:", tops)
    most = data.groupby("target").size().max()
    grid = panel_grid(len(groups))
    return (
        "The terms that set each group apart",
        caption,
        alt,
        lambda _: round(4 * (1.0 + 0.23 * most) * grid[0]) / 4,
    )


def _contrast_points(fig, data: pd.DataFrame) -> list[Point]:
    width, height = fig.get_size_inches() * fig.dpi
    points = []
    for ax, (_, rows) in zip(fig.axes, data.groupby("target", sort=False), strict=True):
        tall = abs(ax.transData.transform((0, 1))[1] - ax.transData.transform((0, 0))[1])
        for place, row in enumerate(rows.itertuples()):
            at = ax.transData.transform((row.log_ratio, place))
            said = f"{row.term} in {row.target}: log ratio {signed(row.log_ratio)}, {row.count_target} places"
            points.append(_point((row.level, row.target, row.term), at, tall, (width, height), said))
    return points
