"""Figure 2: themes by outlet."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, column_level, row_height, small_sample, with_bloc
from analysis.plots.heatmap import draw_heatmap
from analysis.plots.style import ordered


def _data(study) -> pd.DataFrame:
    table = study.result("themes").table
    table = with_bloc(table[table["level"] == column_level(study)], study)
    ids = ordered(table["theme_id"])
    table = table.assign(
        theme=table["theme_id"] + "  " + table["label"],
        shown=[f"{100 * weight:.0f}" if pd.notna(weight) else "–" for weight in table["weight"]],
        _order=table["theme_id"].map(ids.index),
    )
    table = table.sort_values("_order", kind="stable")
    columns = [
        "theme_id",
        "theme",
        "top_terms",
        "stability",
        "level",
        "group",
        "bloc",
        "n_articles",
        "n_paragraphs",
        "weight",
        "shown",
    ]
    return table[columns].reset_index(drop=True)


def _draw(fig, data: pd.DataFrame) -> None:
    percent = data.assign(percent=100 * data["weight"])
    draw_heatmap(fig, percent, row="theme", value="percent", unit="% of theme weight", row_width=52)


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No themes: the corpus has fewer paragraphs or terms than study.toml asks for themes."
    stability = data.drop_duplicates("theme_id").set_index("theme_id")["stability"]
    known = stability.dropna()
    shown = ", ".join(f"{name} {value:.2f}" for name, value in known.items())
    missing = ", ".join(map(str, stability.index.difference(known.index, sort=False)))
    if missing:
        shown += f"{'; ' if shown else ''}not to be had for {missing}"
    return (
        f"TF-IDF and non-negative matrix factorisation on {_paragraphs(data)} paragraphs; each cell is the theme's "
        f"share, in percent, of the theme weight of an {data['level'].iloc[0]}'s paragraphs. Stability when one "
        f"article is left out (average Jaccard, 1 is unchanged): {shown}. {small_sample(data['n_articles'])}"
    )


def _paragraphs(data: pd.DataFrame) -> int:
    return int(data.drop_duplicates("group")["n_paragraphs"].sum())


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty heat map: 0 themes can be found in so few paragraphs, as the caption says."
    top = data.loc[data["weight"].idxmax()]
    return (
        f"Heat map of {data['theme_id'].nunique()} themes by "
        f"{counted(data['group'].nunique(), data['level'].iloc[0])}; the largest share is "
        f"{100 * top['weight']:.0f} percent, theme {top['theme_id']} in {top['group']}."
    )


FIGURE = FigureSpec(
    "2_themes",
    "Themes by outlet",
    "02_themes",
    _data,
    _draw,
    row_height("theme", 1.2, 0.33),
    _caption,
    _alt,
)
