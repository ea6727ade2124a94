"""Figure 13: the weight of themes over time."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, fit_alt
from analysis.plots.themes import draw_theme_time, time_grid

_MOST = 12
_FEW = 4


def _data(study) -> pd.DataFrame:
    result = study.result("theme_time")
    table = result.table
    ids = list(dict.fromkeys(table["theme_id"]))
    blocs = study.corpus.grouping("bloc").labels
    table = table[table["theme_id"].isin(ids[:_MOST])]
    without = result.excluded.loc[result.excluded["why"].str.contains("date"), "n"].sum()
    table = table.assign(
        theme=table["theme_id"] + "  " + table["label"],
        bloc_rank=[blocs.index(bloc) for bloc in table["bloc"]],
        percent=100 * table["weight"],
        percent_low=100 * table["weight_low"],
        percent_high=100 * table["weight_high"],
        n_themes=len(ids),
        n_without_date=int(without),
    )
    columns = [
        "theme_id", "theme", "bloc", "bloc_rank", "unit", "period", "n_articles", "n_paragraphs", "percent",
        "percent_low", "percent_high", "n_themes", "n_without_date",
    ]  # fmt: skip
    return table[columns].reset_index(drop=True)


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "Nothing to place in time: no article that carries themes has a date of publication."
    unit, periods = data["unit"].iloc[0], data["period"].nunique()
    each = data.drop_duplicates(["bloc", "period"])["n_articles"]
    shown = data["theme_id"].nunique()
    parts = [
        f"Each mark is the theme's share, in percent, of the theme weight of a bloc's articles of one {unit}; "
        f"{counted(each.sum(), 'article')} in {counted(periods, unit)}, {int(each.min())} to {int(each.max())} "
        "articles a mark."
        if each.min() < each.max()
        else f"Each mark is the theme's share, in percent, of the theme weight of a bloc's articles of one {unit}; "
        f"{counted(each.sum(), 'article')} in {counted(periods, unit)}, {counted(each.min(), 'article')} a mark."
    ]
    if data["percent_low"].notna().any():
        parts.append("Bars are 95 % intervals over articles; a hollow mark has too few articles for one.")
    else:
        parts.append("Hollow marks: too few articles for an interval.")
    if periods < _FEW:
        parts.append(f"With {counted(periods, unit)} no course over time can be read.")
    if data["n_without_date"].iloc[0]:
        missing = int(data["n_without_date"].iloc[0])
        parts.append(f"{counted(missing, 'article')} without a date that says the {unit} left out.")
    if shown < data["n_themes"].iloc[0]:
        parts.append(f"The {shown} heaviest of {int(data['n_themes'].iloc[0])} themes.")
    return " ".join(parts)


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty plot of themes over time: 0 articles that carry themes have a date."
    unit = data["unit"].iloc[0]
    shown = data[data["percent"].notna()].sort_values(
        ["percent", "theme_id", "period"], ascending=[False, True, True]
    )
    top = shown.iloc[0]
    return fit_alt(
        f"Shares of {counted(data['theme_id'].nunique(), 'theme')} in {counted(data['bloc'].nunique(), 'bloc')} over "
        f"{counted(data['period'].nunique(), unit)}; the largest is {top['percent']:.0f} percent,",
        [f"theme {top['theme_id']} in {top['bloc']}"],
    )


def _height(data: pd.DataFrame) -> float:
    rows, _ = time_grid(data["theme_id"].nunique() if len(data) else 1)
    return round(4 * (0.9 + 1.45 * rows)) / 4


FIGURE = FigureSpec(
    "13_themes_time",
    "Themes over time",
    "02_themes",
    _data,
    draw_theme_time,
    _height,
    _caption,
    _alt,
)
