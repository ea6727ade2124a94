"""Draws a scorer against coders: how well it finds each class, and balances as counted and as corrected."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import FAINT, INK, QUIET, group_style, label, ordered, row_axis

_MEASURES = {"precision": ">", "recall": "<", "F1": "o"}


def draw_machine_coders(fig, data: pd.DataFrame) -> None:
    """Draw classes on top, and below them the balance toward each actor by bloc.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``panel`` (classes or balance), ``item`` (the class or the actor), ``bloc`` (empty for classes), ``series``
        (precision, recall, F1; counted, corrected), ``value``, ``low``, ``high``, ``n``, ``n_coded`` and
        ``bloc_rank`` (the bloc's place in the study); in the
        order of drawing.
    """
    parts = [data[data["panel"] == panel] for panel in ordered(data["panel"])]
    rows = [len(part.drop_duplicates(["item", "bloc"])) for part in parts]
    axs = fig.subplots(len(parts), 1, squeeze=False, height_ratios=[1.2 + count for count in rows])[:, 0]
    for ax, part in zip(axs, parts, strict=True):
        draw = _draw_classes if part["panel"].iloc[0] == "classes" else _draw_balance
        draw(ax, part)


def _draw_classes(ax, data: pd.DataFrame) -> None:
    items = ordered(data["item"])
    counts = data.drop_duplicates("item")["n_coded"]
    row_axis(ax, [f"{item} ({n})" for item, n in zip(items, counts, strict=True)])
    for place, (series, marker) in enumerate(_MEASURES.items()):
        rows = data[(data["series"] == series) & data["value"].notna()]
        heights = rows["item"].map(items.index) + 0.25 * (place - 1)
        main = series == "F1"
        ax.hlines(
            heights, rows["low"], rows["high"], color=INK if main else QUIET, linewidth=1.2 if main else 0.8
        )
        ax.plot(
            rows["value"], heights, marker, color=INK, markerfacecolor=INK if main else "white", markersize=5.5,
            markeredgewidth=0.8, label=series, linestyle="none", zorder=3,
        )  # fmt: skip
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", ".25", ".50", ".75", "1"])
    ax.set_title("Found as coded: class (coded mentions)")
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=3, borderaxespad=0.1, handletextpad=0.2)


def _draw_balance(ax, data: pd.DataFrame) -> None:
    keys = data.drop_duplicates(["item", "bloc"])
    places = {(row.item, row.bloc): place for place, row in enumerate(keys.itertuples())}
    names, last = [], None
    for row in keys.itertuples():
        shown = f"{label(row.bloc, 18)} ({row.n_coded} of {row.n})"
        names.append(f"{label(row.item, 20)}: {shown}" if row.item != last else shown)
        last = row.item
    row_axis(ax, names, width=60)
    for series, filled, shift in (("counted", False, -0.16), ("corrected", True, 0.16)):
        rows = data[(data["series"] == series) & data["value"].notna()]
        for rank, own in rows.groupby("bloc_rank"):
            style = group_style(int(rank))
            heights = [places[row.item, row.bloc] + shift for row in own.itertuples()]
            ax.hlines(
                heights, own["low"], own["high"], color=style["color"], linewidth=1.2 if filled else 0.8
            )
            ax.plot(
                own["value"], heights, style["marker"], color=style["color"], markersize=5, zorder=3,
                markerfacecolor=style["color"] if filled else "white", markeredgewidth=0.9, linestyle="none",
            )  # fmt: skip
    for line, row in enumerate(keys.itertuples()):
        if line and row.item != keys["item"].iloc[line - 1]:
            ax.axhline(line - 0.5, color=FAINT, linewidth=1.0)
    for name, filled in (("as the scorer counts", "white"), ("corrected", INK)):
        ax.plot([], [], "o", color=INK, markerfacecolor=filled, markersize=5, label=name)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.1, handletextpad=0.2)
    ax.axvline(0, color=QUIET, linewidth=0.8)
    ax.set_xlim(-1.08, 1.08)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.set_xlabel("balance: share of positive minus share of negative mentions")
    ax.set_title("Balance (coded of all mentions)")
