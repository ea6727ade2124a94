"""Draws coverage, false positives and power by the number of articles."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import FAINT, INK, QUIET, label, ordered

_STYLES = {
    "article interval": {"color": "#0072B2", "marker": "o", "linestyle": "-"},
    "plain percentile": {"color": "#B5452A", "marker": "s", "linestyle": "--"},
    "token interval": {"color": "#3D3D3D", "marker": "^", "linestyle": ":"},
    "article permutation": {"color": "#0072B2", "marker": "o", "linestyle": "-"},
    "token G2": {"color": "#3D3D3D", "marker": "^", "linestyle": ":"},
}
_COLUMNS = 3
_BAND = (0.93, 0.97)
_LEVEL = 0.05


def draw_calibration(fig, data: pd.DataFrame) -> None:
    """Draw one panel for each planted quantity, and a last row for the tests.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``question``, ``quantity``, ``method``, ``n_articles``, ``rate``, ``rate_low``, ``rate_high``.
    """
    covered = ordered(data.loc[data["question"] == "coverage", "quantity"])
    rows = max(1, -(-len(covered) // _COLUMNS))
    grid = fig.add_gridspec(rows + 1, 2 * _COLUMNS)
    sizes = sorted(set(data["n_articles"]))
    least = data.loc[data["question"] == "coverage", "rate_low"].min()
    most = data.loc[data["question"] == "false positives", "rate_high"].max()
    for place, quantity in enumerate(covered):
        row, column = divmod(place, _COLUMNS)
        ax = fig.add_subplot(grid[row, 2 * column : 2 * column + 2])
        part = data[(data["question"] == "coverage") & (data["quantity"] == quantity)]
        ax.axhspan(*_BAND, color=FAINT, linewidth=0)
        _draw_lines(ax, part, sizes)
        ax.set_title(label(quantity, 24), fontsize=7.5)
        ax.set_ylim(min(0.58, least - 0.02) if pd.notna(least) else 0.58, 1.01)
        if column == 0:
            ax.set_ylabel("share that covers")
        else:
            ax.tick_params(labelleft=False)
    for half, (question, title) in enumerate(
        (("false positives", "p ≤ .05 where the rates are equal"), ("power", "p ≤ .05 where they differ"))
    ):
        ax = fig.add_subplot(grid[rows, half * _COLUMNS : (half + 1) * _COLUMNS])
        part = data[data["question"] == question]
        for number, quantity in enumerate(ordered(part["quantity"])):
            _draw_lines(ax, part[part["quantity"] == quantity], sizes, hollow=number > 0)
        if question == "false positives":
            ax.axhline(_LEVEL, color=QUIET, linewidth=0.8)
        ax.set_title(title, fontsize=7.5)
        high = max(0.32, most + 0.05) if pd.notna(most) else 0.32
        ax.set_ylim(0, min(1.03, high) if question == "false positives" else 1.03)
        ax.set_ylabel("share that rejects")
        names = ordered(part["quantity"])
        if names:
            _name_fillings(ax, names, loc="upper right" if question == "false positives" else "lower right")
        ax.set_xlabel("articles a group")
    if len(data):
        _name_methods(fig, ordered(data["method"]))


def _draw_lines(ax, part: pd.DataFrame, sizes: list[int], *, hollow: bool = False) -> None:
    """Draw each method's shares, evenly spaced by size, with the simulation's error."""
    for method in ordered(part["method"]):
        rows = part[(part["method"] == method) & part["rate"].notna()].sort_values("n_articles")
        style = _STYLES[method]
        x = [sizes.index(size) for size in rows["n_articles"]]
        ax.vlines(x, rows["rate_low"], rows["rate_high"], color=style["color"], linewidth=0.8)
        ax.plot(
            x,
            rows["rate"],
            markersize=4,
            markerfacecolor="white" if hollow else style["color"],
            **style,
        )
    ax.set_xticks(range(len(sizes)), [str(size) for size in sizes])
    ax.set_xlim(-0.4, max(1, len(sizes)) - 0.6)


def _name_fillings(ax, names: list[str], *, loc: str) -> None:
    """Say which term has filled and which hollow marks."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markersize=4,
            color=INK,
            markerfacecolor=INK if n == 0 else "white",
        )
        for n in range(len(names))
    ]
    ax.legend(marks, [label(name, 30) for name in names], loc=loc)


def _name_methods(fig, methods: list[str]) -> None:
    """Name the lines once, below the panels; methods of one look share an entry."""
    from matplotlib.lines import Line2D

    named: dict[tuple, list[str]] = {}
    for method in methods:
        named.setdefault(tuple(_STYLES[method].items()), []).append(method)
    lines = [Line2D([], [], markersize=4, **dict(style)) for style in named]
    fig.legend(
        lines, [", ".join(names) for names in named.values()], loc="outside lower center", ncols=len(named)
    )
