"""Finds out at which widths of a journal a figure can be printed: where nothing is cut, covered or squeezed."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pandas as pd

from analysis.figures.export import draw_figure
from analysis.figures.spec import FigureSpec

JOURNAL_WIDTHS = (3.5, 5.0, 7.0)
"""Inches: one column, one and a half, and two."""

_SHARE_KEPT = 0.6  # of its share of the page that each panel must keep
_LEAST_PANEL = 0.55  # inches
_NUMBER_SIGNS = str.maketrans("", "", "\u2212-+.,% ")


def fitting_widths(spec: FigureSpec, data: pd.DataFrame) -> dict[float, object]:
    """Draw a figure at every width of a journal that it bears.

    It bears its own width. It bears a narrower one if all words that stand in it at its own width still stand
    there, within the page and without covering each other, and if no panel is squeezed.

    Parameters
    ----------
    spec : FigureSpec
        The figure.
    data : pandas.DataFrame
        Its table, as `analysis.figures.export.figure_content` returns it.

    Returns
    -------
    dict of float to matplotlib.figure.Figure
        Width in inches, ascending, to the figure drawn anew at this width, not scaled.
    """
    own = draw_figure(spec, data)
    wanted = _Look(own)
    fits = {spec.width: own}
    for width in JOURNAL_WIDTHS:
        if width >= spec.width:
            continue
        with warnings.catch_warnings(record=True) as squeezed:
            warnings.simplefilter("always")
            fig = draw_figure(replace(spec, width=width), data)
        if not squeezed and _Look(fig).is_as_good_as(wanted):
            fits[width] = fig
    return dict(sorted(fits.items()))


class _Look:
    """What can be read in a drawn figure, and where it stands."""

    def __init__(self, fig):
        from matplotlib.backends.backend_agg import RendererAgg
        from matplotlib.text import Text

        self.width = fig.get_figwidth()
        page = fig.get_size_inches() * fig.dpi
        renderer = RendererAgg(*page, fig.dpi)
        shown = [text for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
        shown = [(text, text.get_window_extent(renderer)) for text in shown]
        # tick labels beyond the limits of an axis are kept by matplotlib, but not drawn
        undrawn = {id(text) for ax in fig.axes for text in _undrawn_ticks(ax)}
        shown = [(text, box) for text, box in shown if id(text) not in undrawn and box.width > 0]
        self.words = {text.get_text() for text, _ in shown} - _tick_words(fig)
        self.cut = sum(
            box.x0 < -1 or box.y0 < -1 or box.x1 > page[0] + 1 or box.y1 > page[1] + 1 for _, box in shown
        )
        boxes = [box.padded(-0.75) for _, box in shown]
        self.covered = sum(
            box.overlaps(other) for place, box in enumerate(boxes) for other in boxes[place + 1 :]
        )
        self.panels = [ax.get_position().width for ax in fig.axes]

    def is_as_good_as(self, own: _Look) -> bool:
        """Whether nothing is lost against the figure at its own width."""
        roomy = len(self.panels) == len(own.panels) and all(
            share >= _SHARE_KEPT * wanted and share * self.width >= min(_LEAST_PANEL, wanted * own.width)
            for share, wanted in zip(self.panels, own.panels, strict=True)
        )
        return roomy and own.words <= self.words and self.cut <= own.cut and self.covered <= own.covered


def _tick_words(fig) -> set[str]:
    """List the tick labels that are numbers: a narrower axis has fewer of them."""
    found = set()
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            words = {label.get_text() for label in axis.get_ticklabels()}
            found |= {word for word in words if word.translate(_NUMBER_SIGNS).isdigit()}
    return found


def _undrawn_ticks(ax) -> list:
    """List the tick labels of an axes that lie outside its limits."""
    hidden = []
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        low, high = sorted(limits)
        slack = 1e-9 * max(abs(low), abs(high), 1e-300)
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not low - slack <= tick.get_loc() <= high + slack:
                hidden += [tick.label1, tick.label2]
    return hidden
