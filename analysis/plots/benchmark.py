"""Draws the accuracy of scorers and published systems on the sets of a benchmark."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import INK, PAPER, QUIET, label, ordered, row_axis

_LOOKS = (("D", INK, INK), ("D", INK, "white"), ("s", QUIET, QUIET), ("o", QUIET, "white"))


def draw_benchmark(fig, data: pd.DataFrame) -> None:
    """Draw one row for each system, one panel for each set, the value beside its mark.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``system``, ``kind``, ``set``, ``macro_f1`` (percent) and its interval, NaN where there is none; in the
        order of drawing.
    """
    systems, kinds, sets = ordered(data["system"]), ordered(data["kind"]), ordered(data["set"])
    axs = fig.subplots(1, len(sets), sharey=True, squeeze=False)[0]
    for ax, part in zip(axs, sets, strict=True):
        row_axis(ax, systems, width=30)
        rows = data[data["set"] == part]
        for position, kind in enumerate(kinds):
            marker, edge, face = _LOOKS[position % len(_LOOKS)]
            chosen = rows[rows["kind"] == kind]
            heights = chosen["system"].map(systems.index)
            ax.hlines(heights, chosen["macro_f1_low"], chosen["macro_f1_high"], color=edge, linewidth=1.0)
            ax.plot(
                chosen["macro_f1"], heights, marker, color=edge, markerfacecolor=face, markersize=4.5,
                linestyle="none", zorder=3, label=label(kind, 30) if ax is axs[0] else None,
            )  # fmt: skip
        for row in rows.itertuples():
            ax.text(
                113, systems.index(row.system), f"{row.macro_f1:.1f}", ha="right", va="center", fontsize=7,
                bbox=PAPER,
            )  # fmt: skip
        # a line where the kind changes
        firsts = data.drop_duplicates("system")["kind"].tolist()
        for height in range(1, len(firsts)):
            if firsts[height] != firsts[height - 1]:
                ax.axhline(height - 0.5, color=QUIET, linewidth=0.5)
        ax.set_xlim(10, 113)
        ax.set_xticks([20, 40, 60, 80, 100])
        ax.set_title(label(part, 20))
        ax.set_xlabel("macro-F1, percent")
    for ax in axs[1:]:
        ax.tick_params(axis="y", labelleft=False)
    fig.legend(loc="outside upper left", ncols=max(1, len(kinds)))
