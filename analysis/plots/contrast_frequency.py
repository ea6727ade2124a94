"""Draws effect against frequency: every term of a contrast as a point, the foremost with their names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.plots.labels import place_labels
from analysis.plots.style import FAINT, QUIET, group_style, label, ordered


def draw_contrast_frequency(fig, data: pd.DataFrame) -> None:
    """Draw one panel per group: the log ratio against the term's frequency on both sides together.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``target``, ``bloc_rank``, ``term``, ``count_both``, ``n_terms`` (terms at this very place), ``log_ratio``
        and its interval, ``dp_target``, ``driven_by``, ``name_rank`` (order in which names are written; empty for
        a term without a name).
    """
    from matplotlib.ticker import FuncFormatter

    targets = ordered(data["target"])
    rows = -(-max(1, len(targets)) // 2) if len(targets) > 3 else 1
    columns = -(-max(1, len(targets)) // rows)
    axs = fig.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for ax in axs[max(1, len(targets)) :]:
        ax.remove()
    axs = axs[: max(1, len(targets))]
    for ax, target in zip(axs, targets, strict=False):
        part = data[data["target"] == target]
        style = group_style(int(part["bloc_rank"].iloc[0]))
        ax.axhline(0, color=QUIET, linewidth=0.6)
        # thousands of terms need smaller marks
        crowd = max(0.2, min(1.0, 300 / len(part)))
        named = part[part["name_rank"].notna()]
        ax.vlines(
            named["count_both"], named["log_ratio_low"], named["log_ratio_high"], color=QUIET, linewidth=0.8
        )
        for driven, rows_ in part.groupby(part["driven_by"] != "", sort=True):
            ax.scatter(
                rows_["count_both"], rows_["log_ratio"], s=crowd * _areas(rows_["dp_target"]), marker=style["marker"],
                facecolor="white" if driven else style["color"], edgecolor=style["color"], linewidth=0.7, zorder=2,
            )  # fmt: skip
        ax.set_title(label(target, 24))
        ax.grid(color=FAINT, linewidth=0.5)
    if not targets:
        return
    least, most = float(data["count_both"].min()), float(data["count_both"].max())
    axs[0].set_xscale("log", base=2)
    axs[0].set_xlim(least / 1.5, max(most, 2 * least) * 2.2)
    axs[0].xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    bounds = max(1.0, float(data[["log_ratio", "log_ratio_low", "log_ratio_high"]].abs().max().max()))
    axs[0].set_ylim(-1.18 * bounds, 1.18 * bounds)
    for place, ax in enumerate(axs):
        ax.tick_params(axis="x", which="minor", length=0)
        if place % columns == 0:
            ax.set_ylabel("log ratio, bloc against rest")
        if place + columns >= len(axs):
            ax.set_xlabel("occurrences in the corpus")
    # names are placed on the finished page
    fig.draw_without_rendering()
    for ax, target in zip(axs, targets, strict=True):
        part = data[data["target"] == target]
        named = part[part["name_rank"].notna()].sort_values("name_rank", kind="stable")
        points = named[["count_both", "log_ratio"]].to_numpy(float)
        place_labels(
            ax,
            points,
            [_name(row) for row in named.itertuples()],
            part[["count_both", "log_ratio"]].to_numpy(float),
        )
    fig.set_layout_engine("none")


def _name(row) -> str:
    """Name a mark; one that stands for several terms says how many more."""
    return label(row.term, 18) + (f" +{int(row.n_terms) - 1}" if row.n_terms > 1 else "")


def _areas(dp: pd.Series) -> np.ndarray:
    """Scale marks by evenness: the more even the spread, the larger; one article has no spread."""
    return np.where(dp.isna(), 14.0, 8.0 + 22.0 * (1 - dp.fillna(1.0).clip(0, 1)))
