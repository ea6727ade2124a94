"""Draws the terms that set each group apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plots.style import INK, PAPER, QUIET, group_style, label, ordered, row_axis


def draw_contrasts(fig, data: pd.DataFrame) -> None:
    """Draw one panel per group: log ratio against the rest, with counts and dispersion.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``target``, ``bloc_rank`` (the bloc's place in the study's order), ``term``, ``log_ratio``, its
        interval, ``count_target``, ``count_reference``, ``dp_target``, ``driven_by``; in the order of drawing.
    """
    from matplotlib.ticker import MaxNLocator

    targets = ordered(data["target"])
    most = max(int((data["target"] == target).sum()) for target in targets) if targets else 1
    axs = fig.subplots(*panel_grid(len(targets)), squeeze=False).ravel()
    for ax in axs[max(1, len(targets)) :]:
        ax.remove()
    limit = max(1.0, float(data[["log_ratio", "log_ratio_high"]].max().max())) if len(data) else 1.0
    for ax, target in zip(axs, targets, strict=False):
        rows = data[data["target"] == target].reset_index(drop=True)
        # the bloc's own place: one without a term has no panel, and lends its mark to nobody
        style = group_style(int(rows["bloc_rank"].iloc[0]))
        row_axis(ax, list(rows["term"]), width=18)
        # panels with fewer terms keep the row height of the fullest
        ax.set_ylim(most - 0.5, -0.5)
        ax.hlines(
            rows.index, rows["log_ratio_low"], rows["log_ratio_high"], color=style["color"], linewidth=1.2
        )
        for place, row in rows.iterrows():
            ax.plot(
                row["log_ratio"],
                place,
                marker=style["marker"],
                color=style["color"],
                markerfacecolor="white" if row["driven_by"] else style["color"],
                markersize=_marker_size(row["dp_target"]),
                linestyle="none",
            )
            ax.text(
                limit * 1.13, place, f"{int(row['count_target'])} : {int(row['count_reference'])}",
                va="center", ha="left", fontsize=7, color=INK, bbox=PAPER,
            )  # fmt: skip
        ax.set_xlim(0, limit * 1.45)
        ax.set_title(label(target, 24))
        ax.text(limit * 1.13, -0.75, "here : rest", va="center", ha="left", fontsize=7, color=INK)
        ax.set_xlabel("log ratio")
        ax.set_xticks(
            [tick for tick in MaxNLocator(4, integer=True).tick_values(0, limit) if 0 <= tick <= limit]
        )
        ax.axvline(0, color=QUIET, linewidth=0.6)


def panel_grid(panels: int) -> tuple[int, int]:
    """Arrange panels in rows of at most three, so that terms stay readable.

    Parameters
    ----------
    panels : int
        How many.

    Returns
    -------
    rows, columns : int
        As even as can be.

    Examples
    --------
    >>> panel_grid(3), panel_grid(4), panel_grid(8)
    ((1, 3), (2, 2), (3, 3))
    """
    rows = -(-max(1, panels) // 3)
    return rows, -(-max(1, panels) // rows)


def _marker_size(dp: float) -> float:
    """Scale a marker by evenness: the more even the spread, the larger; one article has no spread."""
    return 5.0 if np.isnan(dp) else 3.5 + 4.5 * (1 - min(1.0, max(0.0, dp)))
