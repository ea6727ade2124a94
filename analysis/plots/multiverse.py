"""Draws specification curves: every specification of a claim by size, and what each choice does."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plots.style import FAINT, INK, PAPER, QUIET, group_style, label, ordered

BOUNDS = (-1.5, 2.5)
"""Relative sizes beyond are drawn at the edge."""


def draw_multiverse(fig, data: pd.DataFrame) -> None:
    """Draw one column per claim: the specification curve above, the options of each choice below.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``claim``, ``bloc_rank``, ``kind`` (``curve`` or ``option``), ``choice``, ``option``, ``place`` (share of the
        specifications, for the curve), ``relative_low``, ``relative_median``, ``relative_high``, ``same_sign``; in
        the order of drawing.
    """
    claims = ordered(data["claim"])
    options = data[data["kind"] == "option"]
    lines = ordered(f"{row.choice}\t{row.option}" for row in options.itertuples())
    if not claims:
        return
    grid = fig.add_gridspec(2, len(claims), height_ratios=[1.35, 0.165 * len(lines)])
    for column, claim in enumerate(claims):
        part = data[data["claim"] == claim]
        style = group_style(int(part["bloc_rank"].iloc[0]))
        _draw_curve(fig.add_subplot(grid[0, column]), part, style, first=column == 0)
        ax = fig.add_subplot(grid[1, column])
        _draw_options(ax, part[part["kind"] == "option"], lines, style)
        if column == 0:
            _name_options(ax, lines)
        else:
            ax.set_yticks([])


def _draw_curve(ax, part: pd.DataFrame, style: dict[str, str], *, first: bool) -> None:
    """Draw the sorted sizes over the share of specifications; what is lost leaves the right side empty."""
    curve = part[part["kind"] == "curve"]
    share = float(part["same_sign"].iloc[0])
    ax.axhline(0, color=QUIET, linewidth=0.6)
    ax.axhline(1, color=QUIET, linewidth=0.6, linestyle=(0, (3, 2)))
    ax.plot(100 * curve["place"], curve["relative_median"].clip(*BOUNDS), color=style["color"], linewidth=1.4)
    ax.set_xlim(0, 100)
    ax.set_ylim(*BOUNDS)
    ax.set_yticks([-1, 0, 1, 2])
    ax.set_xlabel("% of specifications")
    item, _, group = str(part["claim"].iloc[0]).rpartition(" – ")
    ax.set_title(f"{label(item, 28)}\n{label(group, 28)}: {100 * share:.0f} % keep the sign", fontsize=7.5)
    if first:
        ax.set_ylabel("size (1 = as published)")
    else:
        ax.set_yticklabels([])


def _draw_options(ax, options: pd.DataFrame, lines: list[str], style: dict[str, str]) -> None:
    """Draw the middle nine tenths and the median of each option, with the share that keeps the sign."""
    place = {line: number for number, line in enumerate(lines)}
    for row in options.itertuples():
        line = place[f"{row.choice}\t{row.option}"]
        if np.isfinite(row.relative_median):
            low, high = np.clip([row.relative_low, row.relative_high], *BOUNDS)
            ax.hlines(line, low, high, color=style["color"], linewidth=1.0)
            ax.plot(
                np.clip(row.relative_median, *BOUNDS), line, marker=style["marker"], markersize=3.6,
                color=style["color"], linestyle="none",
            )  # fmt: skip
        ax.text(
            BOUNDS[1] + 0.95,
            line,
            f"{100 * row.same_sign:.0f}",
            ha="right",
            va="center",
            fontsize=7,
            color=INK,
            bbox=PAPER,
        )
    starts = [
        number
        for number, line in enumerate(lines)
        if number and line.split("\t")[0] != lines[number - 1].split("\t")[0]
    ]
    for start in starts:
        ax.axhline(start - 0.5, color=FAINT, linewidth=0.6)
    ax.axvline(0, color=QUIET, linewidth=0.6)
    ax.axvline(1, color=QUIET, linewidth=0.6, linestyle=(0, (3, 2)))
    ax.set_xlim(BOUNDS[0], BOUNDS[1] + 1.0)
    ax.set_ylim(len(lines) - 0.5, -0.9)
    ax.set_xticks([-1, 0, 1, 2])
    ax.set_xlabel("size")
    ax.text(BOUNDS[1] + 0.95, -0.75, "% same sign", ha="right", va="center", fontsize=7, color=INK)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _name_options(ax, lines: list[str]) -> None:
    """Name each line; a choice is named at its first option."""
    names, before = [], None
    for line in lines:
        choice, option = line.split("\t")
        names.append(f"{choice}: {label(option, 32)}" if choice != before else label(option, 32))
        before = choice
    ax.set_yticks(range(len(lines)), names, fontsize=7)
