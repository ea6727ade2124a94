"""Draws confusion matrices: targets as coded by targets as found."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import INK, label, ordered


def draw_confusion(fig, data: pd.DataFrame) -> None:
    """Draw one matrix for each set, counts and shares of the row in each cell.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``set``, ``coded``, ``found``, ``n`` and ``share`` of the row (0 to 1, NaN for a row without targets);
        in the order of drawing.
    """
    sets, classes = ordered(data["set"]), ordered(data["coded"])
    axs = fig.subplots(1, len(sets), sharey=True, squeeze=False)[0]
    for ax, part in zip(axs, sets, strict=True):
        rows = data[data["set"] == part]
        shares = rows.pivot(index="coded", columns="found", values="share").loc[classes, classes].to_numpy()
        ax.imshow(shares, cmap="Greys", vmin=0, vmax=1.25, aspect="auto")
        for row in rows.itertuples():
            share = "" if pd.isna(row.share) else f"\n{100 * row.share:.0f} %"
            ax.text(
                classes.index(row.found), classes.index(row.coded), f"{row.n}{share}", ha="center", va="center",
                fontsize=8, color="white" if row.share > 0.7 else INK,
            )  # fmt: skip
        ax.set_xticks(range(len(classes)), [label(name, 12) for name in classes])
        ax.set_yticks(range(len(classes)), [label(name, 12) for name in classes])
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(True)
        n_coded = int(rows["n"].sum())
        ax.set_title(f"{label(part, 20)}, {n_coded} targets")
        ax.set_xlabel("as the scorer has it")
    axs[0].set_ylabel("as people coded it")
