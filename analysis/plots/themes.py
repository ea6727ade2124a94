"""Draws themes: how stable they are for every number of themes, and their weight over time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plots.style import FAINT, INK, QUIET, group_style, label, ordered, row_axis, wrap


def draw_theme_stability(fig, data: pd.DataFrame) -> None:
    """Draw the curve over the number of themes, and the stability of each theme that is taken.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        Rows with ``part`` "k" hold ``k``, ``stability``, ``se``, ``chance``, ``adjusted``, ``adjusted_se``,
        ``left_out``, ``by_rule`` and ``chosen``; rows with "theme" hold ``theme``, ``stability``,
        ``left_out`` and ``without``.
    """
    from matplotlib.ticker import MaxNLocator

    curve, themes = data[data["part"] == "k"], data[data["part"] == "theme"]
    rows = max(1, len(themes))
    above, below = fig.subfigures(2, 1, height_ratios=[2.6, 0.75 + 0.27 * rows])
    raw, adjusted = above.subplots(1, 2)
    _draw_agreement(raw, curve)
    _draw_adjusted(adjusted, curve)
    for ax in (raw, adjusted):
        for k in curve.loc[curve["chosen"], "k"]:
            ax.axvline(k, color=FAINT, linewidth=6.0, zorder=0)
        ax.set_xlabel("number of themes, k (grey bar: taken)")
        ax.set_xlim(curve["k"].min() - 0.6, curve["k"].max() + 0.6)
        ax.xaxis.set_major_locator(MaxNLocator(11, integer=True))
    _draw_each_theme(below.subplots(), themes)
    handles, names = raw.get_legend_handles_labels()
    above.legend(handles, names, loc="outside upper left", ncols=4)


def _draw_agreement(ax, curve: pd.DataFrame) -> None:
    """Draw agreement with refits as it is measured, beside what chance gives."""
    ax.errorbar(
        curve["k"], curve["stability"], yerr=curve["se"], color=INK, marker="o", markersize=3.5,
        linewidth=1.0, elinewidth=0.8, capsize=2, label="articles resampled (± 1 SE)", zorder=3,
    )  # fmt: skip
    ax.plot(
        curve["k"], curve["left_out"], "D", color=INK, markerfacecolor="white", markersize=6.5,
        markeredgewidth=0.8, label="one article left out",
    )  # fmt: skip
    ax.plot(curve["k"], curve["chance"], "x--", color=QUIET, markersize=4.5, linewidth=0.8, label="chance")
    ax.set_ylim(0, 1.02)
    ax.set_ylabel("agreement of top terms")
    ax.set_title("Agreement with refits")
    # a mark without data: the panel below has it
    ax.plot(
        [], [], "v", color=INK, markerfacecolor="white", markersize=5, label="the theme's largest article out"
    )


def _draw_adjusted(ax, curve: pd.DataFrame) -> None:
    """Draw stability above chance, with the line of the rule."""
    ax.errorbar(
        curve["k"], curve["adjusted"], yerr=curve["adjusted_se"], color=INK, marker="o", markersize=4.5,
        linewidth=1.0, elinewidth=0.8, capsize=2,
    )  # fmt: skip
    ax.axhline(0, color=QUIET, linewidth=0.8)
    if curve["adjusted"].notna().any():
        best = curve.loc[curve["adjusted"].idxmax()]
        bound = best["adjusted"] - (best["adjusted_se"] if best["adjusted_se"] > 0 else 0)
        ax.axhline(bound, color=QUIET, linewidth=0.8, linestyle=":")
        low = (curve["adjusted"] - curve["adjusted_se"].fillna(0)).min()
        high = (curve["adjusted"] + curve["adjusted_se"].fillna(0)).max()
        ax.set_ylim(min(-0.08, low - 0.05), max(1.02, high + 0.02))
    ax.set_title("Adjusted for chance")
    ax.set_ylabel("0 chance, 1 unchanged")


def _draw_each_theme(ax, themes: pd.DataFrame) -> None:
    """Draw the stability of each theme of the number that is taken."""
    row_axis(ax, list(themes["theme"]), width=46)
    heights = np.arange(len(themes))
    values = themes[["stability", "left_out", "without"]]
    ax.hlines(heights, values.min(axis=1), values.max(axis=1), color=QUIET, linewidth=0.8)
    ax.plot(themes["stability"], heights, "o", color=INK, markersize=3.5, zorder=3)
    for name, mark, size in (("left_out", "D", 6.5), ("without", "v", 5)):
        ax.plot(
            themes[name], heights, mark, color=INK, markerfacecolor="white", markersize=size,
            markeredgewidth=0.8,
        )  # fmt: skip
    ax.set_xlim(-0.03, 1.03)
    ax.set_xlabel("agreement of top terms (1 is unchanged)")
    ax.set_title("Each theme of those taken")
    if themes.empty:
        ax.set_yticks([])


def draw_theme_time(fig, data: pd.DataFrame) -> None:
    """Draw one panel per theme: its share in each bloc's articles of a period, as points.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``theme``, ``bloc``, ``bloc_rank``, ``unit``, ``period``, ``percent`` with ``percent_low`` and
        ``percent_high``.
    """
    from matplotlib.dates import date2num

    themes, blocs = ordered(data["theme"]), ordered(data.sort_values("bloc_rank", kind="stable")["bloc"])
    rows, columns = time_grid(len(themes))
    axs = fig.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    starts = pd.to_datetime(data["period"], format="%Y-%m" if data["unit"].iloc[0] == "month" else "%Y")
    data = data.assign(_day=date2num(starts) + (15 if data["unit"].iloc[0] == "month" else 182))
    span = max(data["_day"].max() - data["_day"].min(), 60)
    for ax, theme in zip(axs, themes, strict=False):
        for position, bloc in enumerate(blocs):
            found = data[(data["theme"] == theme) & (data["bloc"] == bloc)]
            # blocs of one period stand side by side
            shift = (position - (len(blocs) - 1) / 2) * span * 0.014
            style = group_style(int(data.loc[data["bloc"] == bloc, "bloc_rank"].iloc[0]))
            ax.vlines(
                found["_day"] + shift, found["percent_low"], found["percent_high"], color=style["color"],
                linewidth=0.9,
            )  # fmt: skip
            firm = found["percent_low"].notna()
            for part, face in ((found[firm], style["color"]), (found[~firm], "white")):
                ax.plot(
                    part["_day"] + shift, part["percent"], style["marker"], color=style["color"],
                    markerfacecolor=face, markersize=4,
                )  # fmt: skip
        ax.set_title(wrap(theme, 30 if columns == 3 else 42), fontsize=7.5)
        ax.grid(axis="y", color=FAINT, linewidth=0.5)
    _date_axis(axs[0], data["_day"], data["unit"].iloc[0])
    top = max(5.0, 1.08 * float(np.nanmax(data[["percent", "percent_high"]].to_numpy())))
    axs[0].set_ylim(-0.05 * top, top)
    for number, ax in enumerate(axs):
        if number >= len(themes):
            ax.remove()
            continue
        # the panel below may be missing: each column's last panel carries the dates
        last = number + columns >= len(themes)
        ax.tick_params(axis="x", labelbottom=last, rotation=30)
        if number % columns == 0:
            ax.set_ylabel("% of weight")
    _legend(fig, data, blocs)


def time_grid(panels: int) -> tuple[int, int]:
    """Arrange panels in rows of at most three.

    Parameters
    ----------
    panels : int
        How many.

    Returns
    -------
    rows, columns : int
        Rows are filled in turn.

    Examples
    --------
    >>> time_grid(2), time_grid(6), time_grid(7)
    ((1, 2), (2, 3), (3, 3))
    """
    columns = min(3, max(1, panels))
    return -(-max(1, panels) // columns), columns


def _date_axis(ax, days: pd.Series, unit: str) -> None:
    """Tick whole months or years, so that a date is read as it is known."""
    from matplotlib.dates import DateFormatter, MonthLocator, YearLocator

    months = max(1, round((days.max() - days.min()) / 30.44))
    pad = max(25.0, 0.06 * (days.max() - days.min()))
    ax.set_xlim(days.min() - pad, days.max() + pad)
    if unit == "month":
        step = next(step for step in (1, 2, 3, 4, 6, 12) if months / step <= 5 or step == 12)
        ax.xaxis.set_major_locator(MonthLocator(bymonth=range(1, 13, step), bymonthday=15))
    else:
        ax.xaxis.set_major_locator(YearLocator(max(1, -(-months // 60)), month=7, day=2))
    # numbers, since the names of months depend on the locale
    ax.xaxis.set_major_formatter(DateFormatter("%Y-%m" if unit == "month" else "%Y"))


def _legend(fig, data: pd.DataFrame, blocs: list[str]) -> None:
    """Name the blocs' marks once for all panels."""
    from matplotlib.lines import Line2D

    handles = []
    for bloc in blocs:
        style = group_style(int(data.loc[data["bloc"] == bloc, "bloc_rank"].iloc[0]))
        handles.append(
            Line2D(
                [],
                [],
                color=style["color"],
                marker=style["marker"],
                linestyle="none",
                markersize=5,
                label=label(bloc, 24),
            )  # fmt: skip
        )
    fig.legend(handles=handles, loc="outside upper left", ncols=min(4, len(blocs)))
