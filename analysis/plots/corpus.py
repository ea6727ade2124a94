"""Draws the corpus: articles by date, outlet and length."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import PAPER, QUIET, group_style, ordered, row_axis


def draw_corpus(fig, data: pd.DataFrame) -> None:
    """Draw when each outlet's articles appeared, and how long they are.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``outlet``, ``bloc``, ``published_from``, ``published_to``, ``n_tokens``; one row per article.
    """
    outlets, blocs = ordered(data["outlet"]), ordered(data["bloc"])
    left, right = fig.subplots(1, 2, width_ratios=[1.7, 1], sharey=True)
    first = pd.to_datetime(data["published_from"], errors="coerce")
    last = pd.to_datetime(data["published_to"], errors="coerce")
    for position, bloc in enumerate(blocs):
        style, rows = group_style(position), data["bloc"] == bloc
        heights = data.loc[rows, "outlet"].map(outlets.index)
        known = rows & first.notna()
        middle = first[known] + (last[known] - first[known]) / 2
        places = data.loc[known, "outlet"].map(outlets.index)
        left.hlines(places, first[known], last[known], color=style["color"], linewidth=2.5)
        left.plot(
            middle,
            places,
            style["marker"],
            color=style["color"],
            markeredgecolor="white",
            markeredgewidth=0.4,
            markersize=6.5,
            label=bloc,
        )
        right.plot(
            data.loc[rows, "n_tokens"],
            heights,
            style["marker"],
            color=style["color"],
            markeredgecolor="white",
            markeredgewidth=0.4,
            markersize=6.5,
        )
    _date_axis(left, first.min(), last.max())
    row_axis(left, outlets)
    left.set_title("Published")
    if first.notna().any():
        left.set_xlabel("date (a bar where only the month or year is known)")
    right.set_xlim(0, data["n_tokens"].max() * 1.15)
    right.tick_params(axis="y", length=0)
    right.grid(axis="y", color="#d9d9d9", linewidth=0.5)
    right.spines["left"].set_color(QUIET)
    right.set_title("Length")
    right.set_xlabel("tokens after cleaning")
    fig.legend(loc="outside upper right", ncols=len(blocs), title=None)


def _date_axis(ax, first: pd.Timestamp, last: pd.Timestamp) -> None:
    """Set the ticks of an axis of dates; without any date it says so."""
    from matplotlib.dates import AutoDateLocator, DateFormatter, DayLocator

    if pd.isna(first):
        ax.set_xticks([])
        ax.text(0.5, 0.5, "no dates known", transform=ax.transAxes, ha="center", va="center", bbox=PAPER)
        return
    days = (last - first).days
    if days == 0:
        # without limits of its own the axis of a single day would span four years
        ax.set_xlim(first - pd.Timedelta(days=15), first + pd.Timedelta(days=15))
        ax.set_xticks([first])
    elif days < 14:
        # hours between the days would be labelled with the same day again
        ax.xaxis.set_major_locator(DayLocator(interval=1 + days // 4))
        ax.margins(x=0.15)
    else:
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=6))
        ax.margins(x=0.08)
    # numbers, since the names of months depend on the locale
    style = "%Y" if days > 5 * 365 else "%Y-%m" if days > 0.3 * 365 else "%Y-%m-%d"
    ax.xaxis.set_major_formatter(DateFormatter(style))
