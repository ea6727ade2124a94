"""Draws a matrix of pairwise contrasts: the distance of each pair as a shade, and the terms that make it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plots.style import INK, QUIET, label, ordered, wrap


def draw_contrast_matrix(fig, data: pd.DataFrame) -> None:
    """Draw one row and one column per group; a cell names the terms of the row's group against the column's.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``group``, ``against``, ``jsd`` (bits; empty for a group against itself), ``terms`` (foremost first,
        comma between); one row per ordered pair, in the order of drawing.
    """
    from matplotlib.ticker import MaxNLocator

    groups = ordered([*data["group"], *data["against"]])
    place = {name: position for position, name in enumerate(groups)}
    shades = np.full((len(groups), len(groups)), np.nan)
    for row in data.itertuples():
        shades[place[row.group], place[row.against]] = row.jsd
    ax = fig.subplots()
    finite = shades[np.isfinite(shades)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    # pale shades only: the terms on them must be read
    room = max(high - low, 1e-6)
    image = ax.pcolormesh(
        np.arange(len(groups) + 1) - 0.5, np.arange(len(groups) + 1) - 0.5, np.ma.masked_invalid(shades),
        cmap="Greys", vmin=low - 0.3 * room, vmax=high + 2.2 * room, edgecolors="white", linewidth=1.5,
    )  # fmt: skip
    width = max(8, int(66 / max(1, len(groups))))
    for row in data.itertuples():
        if row.group == row.against:
            ax.text(place[row.against], place[row.group], "–", ha="center", va="center", color=QUIET)
            continue
        found = row.terms.split(", ") if isinstance(row.terms, str) else []
        lines = [label(term, width) for term in found if term]
        head = [f"{row.jsd:.2f}"] if np.isfinite(row.jsd) else []
        ax.text(
            place[row.against], place[row.group], "\n".join([*head, *(lines or ["(none)"])]), ha="center", va="center",
            fontsize=7, color=INK, linespacing=1.25,
        )  # fmt: skip
    names = [wrap(name, 14) for name in groups]
    ax.set_xticks(range(len(groups)), names)
    ax.set_yticks(range(len(groups)), names)
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.xaxis.tick_top()
    ax.xaxis.set_label_position("top")
    ax.set_xlabel("against")
    ax.set_ylabel("terms of")
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    if finite.size:
        bar = fig.colorbar(
            image,
            ax=ax,
            shrink=0.7,
            pad=0.02,
            aspect=25,
            boundaries=np.linspace(low, max(high, low + 1e-6), 65),
        )
        bar.set_label("Jensen-Shannon divergence (bits)")
        bar.locator = MaxNLocator(4)
        bar.update_ticks()
        bar.outline.set_linewidth(0.5)
