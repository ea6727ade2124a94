"""Draws actors beside actors as a map, and who does what to whom as bars in two directions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plots.style import FAINT, INK, QUIET, label, ordered, wrap

# from praise to blame: a neutral cell is light enough for dark figures
_RAMP = ("#ffffff", "#c4c4c4", "#3a3a3a")
_HATCHED = {"facecolor": "white", "edgecolor": INK, "hatch": "////", "linewidth": 0.8}
_COLUMNS = {"pairs": 2, "bars": 3}


def draw_actor_pairs(fig, data: pd.DataFrame) -> None:
    """Draw one map per bloc: rows the judged actor, columns the actor named beside it.

    A cell is the darker the more the actor is blamed there; it shows the balance and, below, the number of
    sentences. A hatched cell has too few sentences for a balance; an empty one has none.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``group``, ``actor_id``, ``actor``, ``beside_id``, ``beside``, ``n_sentences``, ``balance`` (NaN
        where it is withheld) and ``shown`` (what a cell prints).
    """
    groups, rows, named = (ordered(data[name]) for name in ("group", "actor", "beside"))
    columns = [name for name in rows if name in named] + [name for name in named if name not in rows]
    across = min(_COLUMNS["pairs"], max(1, len(groups)))
    down = max(1, -(-len(groups) // across))
    axs = np.atleast_2d(fig.subplots(down, across, squeeze=False))
    image = None
    for place, ax in enumerate(axs.ravel()):
        if place >= len(groups):
            ax.set_axis_off()
            continue
        image = _draw_map(ax, data[data["group"] == groups[place]], rows, columns)
        ax.set_title(label(groups[place], 40), pad=6)
        if place % across:
            ax.set_yticklabels([])
        if place // across:
            ax.set_xticklabels([])
        else:
            ax.set_xlabel("beside", loc="left", labelpad=3)
            ax.xaxis.set_label_position("top")
    if image is None:
        axs[0, 0].set_axis_off()
        return
    bar = fig.colorbar(image, ax=list(axs.ravel()), shrink=0.6, pad=0.02, aspect=30)
    bar.set_label("balance toward the actor of the row")
    bar.set_ticks([-1, -0.5, 0, 0.5, 1], labels=["+1 praised", "+0.5", "0", "−0.5", "−1 blamed"])
    bar.outline.set_linewidth(0.5)


def _draw_map(ax, data: pd.DataFrame, rows: list[str], columns: list[str]):
    """Draw one bloc's map."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    shades = np.full((len(rows), len(columns)), np.nan)
    for record in data.to_dict("records"):
        place = rows.index(record["actor"]), columns.index(record["beside"])
        blame = -record["balance"]
        shades[place] = blame
        counted, withheld = record["n_sentences"] > 0, np.isnan(blame)
        if counted and withheld:
            corner = (place[1] - 0.5, place[0] - 0.5)
            ax.add_patch(Rectangle(corner, 1, 1, fill=False, hatch="////", edgecolor=FAINT, linewidth=0))
        if counted:
            ax.text(
                place[1], place[0], record["shown"], ha="center", va="center", fontsize=7, linespacing=1.15,
                color="white" if not withheld and blame > 0.35 else INK,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6} if withheld else None,
            )  # fmt: skip
    image = ax.pcolormesh(
        np.arange(len(columns) + 1) - 0.5,
        np.arange(len(rows) + 1) - 0.5,
        np.ma.masked_invalid(shades),
        cmap=LinearSegmentedColormap.from_list("blame", _RAMP),
        vmin=-1,
        vmax=1,
        zorder=0,
    )
    for line in np.arange(len(rows) + 1) - 0.5:
        ax.axhline(line, color=FAINT, linewidth=0.6)
    for line in np.arange(len(columns) + 1) - 0.5:
        ax.axvline(line, color=FAINT, linewidth=0.6)
    for actor_id, part in data.groupby("actor_id"):
        own = data.loc[data["beside_id"] == actor_id, "beside"]
        if len(own):
            row, column = rows.index(part["actor"].iloc[0]), columns.index(own.iloc[0])
            ax.plot([column - 0.5, column + 0.5], [row - 0.5, row + 0.5], color=QUIET, linewidth=0.6)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), [label(name, 20) for name in rows])
    names = [label(name, 18) for name in columns]
    ax.set_xticks(range(len(columns)), names, rotation=40, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    return image


def draw_directed(fig, data: pd.DataFrame) -> None:
    """Draw one panel per bloc: for each directed pair, conflict to the left and cooperation to the right.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``group``, ``actor`` (who acts), ``object`` (toward whom), ``pair`` (names the row, once),
        ``cooperative`` and ``conflictual`` (sentences).
    """
    from matplotlib.patches import Rectangle

    groups, pairs = ordered(data["group"]), ordered(data["pair"])
    across = min(_COLUMNS["bars"], max(1, len(groups)))
    down = max(1, -(-len(groups) // across))
    axs = fig.subplots(down, across, squeeze=False, sharex=True, sharey=True)
    most = max(1, int(data[["cooperative", "conflictual"]].max().max()) if len(data) else 1)
    names = data.drop_duplicates("pair").set_index("pair")
    for place, ax in enumerate(axs.ravel()):
        if place >= len(groups):
            ax.set_axis_off()
            continue
        part = data[data["group"] == groups[place]].set_index("pair").reindex(pairs)
        heights = np.arange(len(pairs))
        bad, good = (part[name].fillna(0).to_numpy(dtype=float) for name in ("conflictual", "cooperative"))
        ax.barh(heights[bad > 0], -bad[bad > 0], height=0.62, color=INK)
        ax.barh(heights[good > 0], good[good > 0], height=0.62, **_HATCHED)
        for values, side in ((bad, -1), (good, 1)):
            for height, value in zip(heights, values, strict=True):
                if value > 0:
                    ax.text(
                        side * (value + 0.04 * most), height, f"{int(value)}", va="center",
                        ha="left" if side > 0 else "right", fontsize=7,
                    )  # fmt: skip
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.set_xlim(-1.3 * most, 1.3 * most)
        ax.set_xticks([])
        ax.set_ylim(len(pairs) - 0.4, -0.6)
        if place % across == 0:
            sides = [(names.loc[one, "actor"], names.loc[one, "object"]) for one in pairs]
            ax.set_yticks(heights, [f"{label(one, 18)} → {label(other, 18)}" for one, other in sides])
        ax.tick_params(axis="y", length=0)
        ax.set_axisbelow(True)
        ax.grid(axis="y", color=FAINT, linewidth=0.5)
        for side in ("left", "bottom"):
            ax.spines[side].set_visible(False)
        ax.set_title(wrap(groups[place], 26))
    keys = [
        Rectangle((0, 0), 1, 1, color=INK, label="conflictual"),
        Rectangle((0, 0), 1, 1, label="cooperative", **_HATCHED),
    ]
    fig.legend(handles=keys, loc="outside upper left", ncols=2)
