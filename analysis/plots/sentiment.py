"""Draws sentiment toward each actor by group, and the two voices."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import INK, PAPER, QUIET, group_style, label, ordered, row_axis


def draw_sentiment(fig, data: pd.DataFrame) -> None:
    """Draw the balance toward each actor: one mark per group, its articles as points behind it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``actor``, ``level`` (bloc or article), ``group``, ``bloc``, ``n_mentions``, ``balance`` and its
        interval; in the order of drawing.
    """
    actors, blocs = ordered(data["actor"]), ordered(data["bloc"])
    # numbers of more than four digits need wider columns
    digits = len(str(int(data["n_mentions"].max()))) if len(data) else 1
    column = 0.28 * max(1.0, digits / 4)
    ax, table = fig.subplots(1, 2, width_ratios=[4.2, column * max(2, len(blocs))], sharey=True)
    row_axis(ax, actors)
    step = 0.72 / max(1, len(blocs))
    for position, bloc in enumerate(blocs):
        style = group_style(position)
        offset = (position - (len(blocs) - 1) / 2) * step
        rows = data[data["bloc"] == bloc]
        points = rows[(rows["level"] == "article") & rows["balance"].notna()]
        ax.scatter(
            points["balance"],
            points["actor"].map(actors.index) + offset,
            s=9,
            marker=style["marker"],
            facecolors="white",
            edgecolors=style["color"],
            linewidths=0.6,
        )
        group = rows[(rows["level"] == "bloc") & rows["balance"].notna()]
        heights = group["actor"].map(actors.index) + offset
        ax.hlines(heights, group["balance_low"], group["balance_high"], color=style["color"], linewidth=1.2)
        ax.scatter(
            group["balance"],
            heights,
            s=30,
            marker=style["marker"],
            color=style["color"],
            label=label(bloc, 20),
            zorder=3,
        )
        counts = rows[rows["level"] == "bloc"].set_index("actor")["n_mentions"]
        for height, actor in enumerate(actors):
            table.text(position, height, str(int(counts.get(actor, 0))), ha="center", va="center", fontsize=7)
    ax.axvline(0, color=QUIET, linewidth=0.8)
    ax.set_xlim(-1.08, 1.08)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.set_xlabel("balance: share of positive minus share of negative mentions")
    for line in range(len(actors) - 1):
        ax.axhline(line + 0.5, color="#eeeeee", linewidth=0.5)
    table.set_xlim(-0.6, len(blocs) - 0.4)
    table.set_xticks([])
    table.tick_params(length=0)
    table.set_xlabel("mentions")
    for position, _ in enumerate(blocs):
        # each column is headed by its bloc's mark, as in the legend
        style = group_style(position)
        table.plot(position, -0.62, style["marker"], color=style["color"], markersize=5, clip_on=False)
    for spine in table.spines.values():
        spine.set_visible(False)
    fig.legend(loc="outside upper left", ncols=max(1, len(blocs)))


def draw_voice(fig, data: pd.DataFrame) -> None:
    """Draw how often each actor stands in own and in quoted words, and the balance in each.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``actor``, ``voice`` (own or quoted), ``n_mentions``, ``balance``; in the order of drawing.
    """
    actors = ordered(data["actor"])
    left, right = fig.subplots(1, 2, sharey=True)
    row_axis(left, actors)
    own, quoted = (
        data[data["voice"] == voice].set_index("actor").reindex(actors) for voice in ("own", "quoted")
    )
    heights = range(len(actors))
    left.barh(heights, own["n_mentions"], color="#9a9a9a", height=0.62, label="outlet's own words")
    # an actor that is never quoted has no bar, not a bar of no width
    left.barh(
        heights, quoted["n_mentions"].where(quoted["n_mentions"] > 0), left=own["n_mentions"], color="white",
        edgecolor="#222222", hatch="/////", linewidth=0.6, height=0.62, label="quoted words",
    )  # fmt: skip
    most = float((own["n_mentions"] + quoted["n_mentions"]).max()) if actors else 1.0
    for height, n_own, n_quoted in zip(heights, own["n_mentions"], quoted["n_mentions"], strict=True):
        left.text(
            n_own + n_quoted + 0.02 * most, height, f"{int(n_own)} + {int(n_quoted)}", va="center",
            fontsize=7, bbox=PAPER,
        )  # fmt: skip
    left.set_xlim(0, most * 1.2)
    left.set_xlabel("mentions")
    right.axvline(0, color=QUIET, linewidth=0.8)
    right.hlines(heights, own["balance"], quoted["balance"], color=QUIET, linewidth=0.8)
    right.plot(own["balance"], heights, "o", color="#4d4d4d", markersize=5, label="balance, own")
    right.plot(
        quoted["balance"],
        heights,
        "D",
        color="#222222",
        markerfacecolor="white",
        markersize=5,
        label="balance, quoted",
    )
    right.set_xlim(-1.08, 1.08)
    right.set_xticks([-1, -0.5, 0, 0.5, 1])
    right.tick_params(axis="y", length=0)
    right.grid(axis="y", color="#d9d9d9", linewidth=0.5)
    right.spines["left"].set_visible(False)
    right.set_xlabel("balance (positive minus negative)")
    fig.legend(loc="outside upper left", ncols=4)


def draw_codes(fig, data: pd.DataFrame) -> None:
    """Draw the balance toward each actor as coded, and as each scorer has it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``actor``, ``source``, ``n_mentions``, ``balance``; in the order of drawing, the codings first.
    """
    actors, sources = ordered(data["actor"]), ordered(data["source"])
    ax = fig.subplots()
    mentions = data.drop_duplicates("actor")["n_mentions"]
    row_axis(ax, [f"{actor} ({n})" for actor, n in zip(actors, mentions, strict=True)])
    # not the blocs' colours and marks: a source is no bloc
    for position, source in enumerate(sources):
        rows = data[data["source"] == source]
        filled = position == 0
        ax.plot(
            rows["balance"],
            rows["actor"].map(actors.index),
            "DoXv*P"[position % 6],
            color=INK if position < 2 else QUIET,
            markerfacecolor=INK if filled else "white",
            markersize=7 if filled else 6,
            label=label(source, 20),
            zorder=3 if filled else 2,
        )
    ax.axvline(0, color=QUIET, linewidth=0.8)
    ax.set_xlim(-1.08, 1.08)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.set_xlabel("balance: share of positive minus share of negative mentions")
    fig.legend(loc="outside upper left", ncols=max(1, len(sources)))
