"""Draws the numbers of one choice: a panel for each quantity, a row for each group."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import FAINT, INK, PAPER, QUIET, group_style, label, ordered

_SIZES = {"bloc": 6.0, "outlet": 4.6, "article": 3.4}
_INDENT = {"bloc": "", "outlet": "   ", "article": "      "}


def draw_readings(fig, data: pd.DataFrame) -> None:
    """Draw one panel per quantity: blocs as filled marks, outlets and articles as hollow ones below.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``panel``, ``scale`` (``"rate"`` or ``"count"`` from 0, ``"signed"`` around 0, ``"balance"`` from -1 to 1),
        ``level``, ``group``, ``bloc_rank``, ``value``, ``low``, ``high``, ``n``, ``chosen``; the same groups
        in each panel, in the order of drawing.
    """
    panels = ordered(data["panel"])
    axs = fig.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, panel in zip(axs, panels, strict=True):
        rows = data[data["panel"] == panel].reset_index(drop=True)
        low, high = _limits(rows)
        span = high - low
        for place, row in rows.iterrows():
            if row["chosen"]:
                ax.axhspan(place - 0.5, place + 0.5, color="#f0f0f0", linewidth=0, zorder=0)
        ax.grid(axis="y", color=FAINT, linewidth=0.5)
        for place, row in rows.iterrows():
            _draw_row(ax, place, row, low if low == 0 else 0)
            ax.text(
                high + 0.14 * span, place, str(int(row["n"])), ha="right", va="center", fontsize=7,
                color=INK, bbox=PAPER | ({"facecolor": "#f0f0f0"} if row["chosen"] else {}),
            )  # fmt: skip
        ax.text(high + 0.14 * span, -0.75, "n", ha="right", va="bottom", fontsize=7, color=INK)
        ax.set_xlim(low - 0.04 * span, high + 0.16 * span)
        if low < 0:
            ax.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        ax.set_xlabel(label(panel, 44))
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        _ticks(ax, low, high, whole=rows["scale"].iloc[0] == "count")
    first = data[data["panel"] == panels[0]]
    names = [
        f"{_INDENT[level]}{label(group, 26)}"
        for level, group in zip(first["level"], first["group"], strict=True)
    ]
    axs[0].set_yticks(range(len(names)), names)
    for text, row in zip(axs[0].get_yticklabels(), first.itertuples(), strict=True):
        text.set_fontweight("bold" if row.level == "bloc" else "normal")


def _draw_row(ax, place: int, row: pd.Series, zero: float) -> None:
    """Draw one group's value with its interval; a dash at zero where there is no value."""
    if pd.isna(row["value"]):
        ax.text(zero, place, "–", ha="center", va="center", fontsize=8, color=QUIET, zorder=3, bbox=PAPER)
        return
    style, bloc = group_style(int(row["bloc_rank"])), row["level"] == "bloc"
    if pd.notna(row["low"]):
        ax.plot(
            [row["low"], row["high"]], [place, place], color=style["color"], linewidth=1.2 if bloc else 0.8, zorder=2
        )  # fmt: skip
    ax.plot(
        row["value"], place, style["marker"], markersize=_SIZES[row["level"]], color=style["color"],
        markerfacecolor=style["color"] if bloc else "white", markeredgewidth=0.8, zorder=3,
    )  # fmt: skip


def _limits(rows: pd.DataFrame) -> tuple[float, float]:
    """Choose the range of an axis from all that is drawn on it."""
    scale = rows["scale"].iloc[0]
    if scale == "balance":
        return -1.0, 1.0
    drawn = rows[["value", "low", "high"]].abs().max(skipna=True).max(skipna=True)
    most = float(drawn) if pd.notna(drawn) and drawn > 0 else 1.0
    return (-1.08 * most, 1.08 * most) if scale == "signed" else (0.0, 1.08 * most)


def _ticks(ax, low: float, high: float, *, whole: bool) -> None:
    """Keep ticks inside the range that holds values, away from the counts."""
    from matplotlib.ticker import MaxNLocator

    ticks = MaxNLocator(4, integer=whole).tick_values(low, high)
    ax.set_xticks([tick for tick in ticks if low <= tick <= high + 1e-9])
