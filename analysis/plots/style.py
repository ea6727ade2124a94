"""The look that all plots share: type, lines, and a colour and marker for each group."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.tables import clean_text

INK = "#222222"
QUIET = "#767676"
FAINT = "#d9d9d9"
PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}
"""Background of a text that stands on a guide line."""

# Okabe & Ito's colours, told apart by most colour-blind readers; markers and hatches serve the rest, and print
_COLOURS = ("#B5452A", "#0072B2", "#00795C", "#7A4B94", "#8A6D00", "#3D3D3D")
_MARKERS = ("s", "^", "o", "D", "v", "P")
_HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "++++")

RC = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "legend.fontsize": 7.5,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.0,
    "hatch.linewidth": 0.6,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "legend.frameon": False,
    "figure.dpi": 100,
    "savefig.dpi": 300,
    "savefig.bbox": None,
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "framing",
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": True,
    "figure.constrained_layout.use": True,
}


def group_style(position: int) -> dict[str, str]:
    """Return the colour, marker and hatch of a group.

    Parameters
    ----------
    position : int
        The group's place in the order.

    Returns
    -------
    dict
        ``color``, ``marker``, ``hatch``.
    """
    place = position % len(_COLOURS)
    # a seventh group takes a colour again, but with another marker and hatch
    shape = (position + position // len(_COLOURS)) % len(_MARKERS)
    return {"color": _COLOURS[place], "marker": _MARKERS[shape], "hatch": _HATCHES[shape]}


def label(text: object, width: int = 34) -> str:
    """Prepare untrusted text for a figure.

    Parameters
    ----------
    text : object
        A term, title or name.
    width : int
        The most characters shown.

    Returns
    -------
    str
        One line without control characters; a leading underscore, which would hide it from a legend, is
        kept visible behind a zero-width mark.
    """
    line = " ".join(clean_text(str(text)).split())
    line = line if len(line) <= width else f"{line[: width - 1]}…"
    return f"\u200a{line}" if line.startswith("_") else line


def wrap(text: object, width: int) -> str:
    """Break untrusted text into lines for a figure.

    Parameters
    ----------
    text : object
        A name.
    width : int
        Characters of a line.

    Returns
    -------
    str
        At most three lines.
    """
    import textwrap

    lines = textwrap.wrap(label(text, width * 3), width) or [""]
    return "\n".join(lines[:3])


def ordered(values: Sequence[str]) -> list[str]:
    """List values in the order of their first appearance.

    Parameters
    ----------
    values : sequence of str
        A column.

    Returns
    -------
    list of str
        Each once.
    """
    return list(dict.fromkeys(values))


def row_axis(ax, names: Sequence[str], *, width: int = 34) -> None:
    """Put one name on each row, the first on top, with faint guides.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes.
    names : sequence of str
        Untrusted text.
    width : int
        Characters shown of a name.
    """
    ax.set_yticks(range(len(names)), [label(name, width) for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", color=FAINT, linewidth=0.5)
    ax.spines["left"].set_visible(False)
