"""Draws the terms that make the distance between two vocabularies."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import INK, PAPER, QUIET, group_style, label, ordered, row_axis


def draw_divergence(fig, data: pd.DataFrame) -> None:
    """Draw one panel per pair: bars to the left for terms of the first group, to the right for the second.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``pair``, ``target``, ``reference``, ``target_rank``, ``reference_rank`` (places of the blocs in the
        study's order), ``term``, ``count_target``, ``count_reference``, ``contribution`` (bits), ``more_in``;
        in the order of drawing.
    """
    pairs = ordered(data["pair"])
    axs = fig.subplots(1, max(1, len(pairs)), squeeze=False).ravel()
    most = max(int((data["pair"] == pair).sum()) for pair in pairs) if pairs else 1
    limit = max(1e-3, 1000 * float(data["contribution"].max())) if len(data) else 1.0
    for ax, pair in zip(axs, pairs, strict=False):
        rows = data[data["pair"] == pair].reset_index(drop=True)
        first = rows.iloc[0]
        for place, row in rows.iterrows():
            left = row["more_in"] == "target"
            style = group_style(int(row["target_rank"] if left else row["reference_rank"]))
            size = 1000 * row["contribution"]
            ax.barh(
                place, -size if left else size, height=0.7, facecolor="white" if style["hatch"] else style["color"],
                edgecolor=style["color"], hatch=style["hatch"], linewidth=0.8,
            )  # fmt: skip
            # counts stand on the bar's empty side, in the order of the heads
            ax.text(
                0.04 * limit if left else -0.04 * limit, place,
                f"{int(row['count_target'])} : {int(row['count_reference'])}",
                ha="left" if left else "right", va="center", fontsize=7, color=INK, bbox=PAPER,
            )  # fmt: skip
        row_axis(ax, list(rows["term"]), width=16)
        ax.set_ylim(most - 0.5, -0.5)
        ax.set_xlim(-1.08 * limit, 1.08 * limit)
        ax.axvline(0, color=QUIET, linewidth=0.6)
        ax.set_title(f"{label(first['target'], 16)} | {label(first['reference'], 16)}", loc="center")
        ax.set_xlabel("millibits")
        ax.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        ax.locator_params(axis="x", nbins=5)
