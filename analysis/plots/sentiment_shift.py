"""Draws word shifts: what each word adds to the difference of two balances."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import INK, PAPER, QUIET, label, ordered, row_axis

# told apart in grey and by hatch: the kinds of line are no blocs and take none of their colours
_LOOKS = {
    "positive word": {"facecolor": "#a6a6a6", "edgecolor": INK},
    "negative word": {"facecolor": "white", "edgecolor": INK, "hatch": "/////"},
}


def draw_sentiment_shift(fig, data: pd.DataFrame) -> None:
    """Draw one panel per actor: a bar for each word, and the sums of all other words and of what no word tells.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``actor``, ``target``, ``reference``, ``line``, ``word``, ``weight``, ``contribution``, its interval,
        ``near_target``, ``near_reference``, ``balance_target``, ``balance_reference``; in the order of drawing.
    """
    from matplotlib.patches import Patch
    from matplotlib.ticker import MaxNLocator

    actors = ordered(data["actor"])
    axs = fig.subplots(1, max(1, len(actors)), squeeze=False).ravel()
    # the words have a scale of their own: what no single word carries can be many times as much, and is printed
    told = data[data["line"] == "word"]
    ends = told[["contribution", "contribution_low", "contribution_high"]]
    low, high = (float(end) if pd.notna(end) else 0.0 for end in (ends.min().min(), ends.max().max()))
    low, high = min(low, -0.005), max(high, 0.005)
    room = high - low
    most = int(data.groupby("actor").size().max()) if len(data) else 1
    for ax, actor in zip(axs, actors, strict=False):
        rows = data[data["actor"] == actor].reset_index(drop=True)
        row_axis(ax, [row.word if row.line == "word" else row.line for row in rows.itertuples()], width=15)
        ax.set_ylim(most - 0.5, -0.5)
        for tick, line in zip(ax.get_yticklabels(), rows["line"], strict=True):
            tick.set_fontstyle("normal" if line == "word" else "italic")
        for place, row in rows.iterrows():
            text = _signed(row["contribution"])
            if row["line"] == "word":
                look = _LOOKS["positive word" if row["weight"] > 0 else "negative word"]
                ax.barh(place, row["contribution"], height=0.66, linewidth=0.6, **look)
                text = f"{int(row['near_target'])} : {int(row['near_reference'])}"
            ax.text(
                high + 0.06 * room, place, text, va="center", ha="left", fontsize=7, color=INK, bbox=PAPER,
                fontstyle="normal" if row["line"] == "word" else "italic",
            )  # fmt: skip
        words = rows[rows["line"] == "word"]
        ax.hlines(
            words.index,
            words["contribution_low"],
            words["contribution_high"],
            color=INK,
            linewidth=0.9,
            zorder=3,
        )
        ax.axhline(len(words) - 0.5, color=QUIET, linewidth=0.6)
        first = rows.iloc[0]
        ax.set_title(
            f"{label(actor, 22)}\n{label(first['target'], 14)} {_signed(first['balance_target'])}\n"
            f"{label(first['reference'], 14)} {_signed(first['balance_reference'])}",
            fontsize=7.5,
        )
        ax.text(high + 0.06 * room, -0.85, "near", va="center", ha="left", fontsize=7, color=INK)
        ax.axvline(0, color=QUIET, linewidth=0.6)
        ax.set_xlim(low - 0.06 * room, high + 0.42 * room)
        ax.set_xticks([tick for tick in MaxNLocator(3).tick_values(low, high) if low <= tick <= high])
        ax.set_xlabel(f"{label(first['target'], 14)} minus\n{label(first['reference'], 14)}")
    if actors:
        handles = [Patch(label=name, linewidth=0.6, **look) for name, look in _LOOKS.items()]
        fig.legend(handles=handles, loc="outside upper left", ncols=2)
    else:
        axs[0].set_axis_off()


def _signed(value: float) -> str:
    """Write a balance with its sign; nothing is written as -0.00."""
    return f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")
