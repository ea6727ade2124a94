"""Draws a heat map with its values: themes by outlet, attention by outlet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plots.style import INK, label, ordered, wrap


def draw_heatmap(fig, data: pd.DataFrame, *, row: str, value: str, unit: str, row_width: int = 40) -> None:
    """Draw one row per item and one column per group; each cell shows its value.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        The columns named by `row` and `value`, and ``shown`` (the number printed), ``group``, ``bloc``; in
        the order of drawing.
    row, value : str
        Columns: the row's name, and the number behind the shade.
    unit : str
        Label of the colour bar.
    row_width : int
        Characters shown of a row's name.
    """
    rows, groups = ordered(data[row]), ordered(data["group"])
    bloc = data.drop_duplicates("group").set_index("group")["bloc"]
    shades = np.full((len(rows), len(groups)), np.nan)
    texts = np.full((len(rows), len(groups)), "", dtype=object)
    for record in data.to_dict("records"):
        place = rows.index(record[row]), groups.index(record["group"])
        shades[place], texts[place] = record[value], record["shown"]
    ax = fig.subplots()
    top = float(np.nanmax(shades)) if np.isfinite(shades).any() else 1.0
    image = ax.pcolormesh(
        np.arange(len(groups) + 1) - 0.5,
        np.arange(len(rows) + 1) - 0.5,
        np.ma.masked_invalid(shades),
        cmap="Greys",
        vmin=0,
        vmax=max(top * 1.15, 1e-9),
        edgecolors="white",
        linewidth=1.0,
    )
    ax.set_ylim(len(rows) - 0.5, -0.5)
    for line in range(len(rows)):
        for column in range(len(groups)):
            dark = np.isfinite(shades[line, column]) and shades[line, column] > 0.55 * top
            ax.text(
                column, line, label(texts[line, column], 12), ha="center", va="center", fontsize=7.5,
                color="white" if dark else INK,
            )  # fmt: skip
    ax.set_yticks(range(len(rows)), [label(name, row_width) for name in rows])
    if len(groups) > 6:
        names = [label(name, 22) for name in groups]
        ax.set_xticks(range(len(groups)), names, rotation=40, ha="left", rotation_mode="anchor")
    else:
        ax.set_xticks(range(len(groups)), [wrap(name, 14 if len(groups) < 6 else 12) for name in groups])
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    _draw_blocs(ax, [bloc[group] for group in groups], len(rows))
    bar = fig.colorbar(image, ax=ax, shrink=0.8, pad=0.02, aspect=25)
    bar.set_label(unit)
    bar.outline.set_linewidth(0.5)


def _draw_blocs(ax, blocs: list[str], rows: int) -> None:
    """Bracket the columns of each bloc below the map."""
    start = 0
    for position in range(1, len(blocs) + 1):
        if position == len(blocs) or blocs[position] != blocs[start]:
            low = rows - 0.35
            ax.plot([start - 0.42, position - 0.58], [low, low], color=INK, linewidth=1.0, clip_on=False)
            ax.text(
                (start + position - 1) / 2, low + 0.12, label(blocs[start], 18), ha="center", va="top",
                fontweight="bold",
            )  # fmt: skip
            start = position
