"""Places the labels of points so that none covers another, a point, or the frame."""

from __future__ import annotations

import numpy as np

# where a label may stand beside its point: horizontal and vertical direction, nearest first
_SIDES = ((1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1))


def place_labels(
    ax, points: np.ndarray, names: list[str], obstacles: np.ndarray, *, size: float = 7.0
) -> list[bool]:
    """Write names beside points, the foremost first; a name without room is left out.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        The axes, with their final limits and place on the page.
    points : numpy.ndarray
        Of shape (names, 2), in data coordinates.
    names : list of str
        Prepared labels, the most important first.
    obstacles : numpy.ndarray
        Of shape (k, 2): points in data coordinates that no label may cover.
    size : float
        Points of the type.

    Returns
    -------
    list of bool
        Whether each name was written.
    """
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.text import Text

    figure = ax.figure
    # measured with one renderer for every format, so that PDF, SVG and PNG agree
    renderer = RendererAgg(*(figure.get_size_inches() * figure.dpi), figure.dpi)
    frame = ax.get_window_extent(renderer)
    pixel = figure.dpi / 72
    marks = ax.transData.transform(obstacles) if len(obstacles) else np.empty((0, 2))
    taken = np.empty((0, 4))
    written = []
    for point, name in zip(ax.transData.transform(points) if len(points) else [], names, strict=True):
        probe = Text(0, 0, name, fontsize=size, figure=figure)
        box = probe.get_window_extent(renderer)
        place = _free_place(point, (box.width, box.height), (frame, marks, taken), pixel)
        written.append(place is not None)
        if place is None:
            continue
        left, low = place
        taken = np.vstack([taken, [left, low, left + box.width, low + box.height]])
        offset = ((left + box.width / 2 - point[0]) / pixel, (low + box.height / 2 - point[1]) / pixel)
        ax.annotate(
            name, ax.transData.inverted().transform(point), xytext=offset, textcoords="offset points",
            ha="center", va="center", fontsize=size, annotation_clip=False,
        )  # fmt: skip
    return written


def _free_place(point, extent, blocked, pixel: float) -> tuple[float, float] | None:
    """Find the lower left corner of the nearest free box beside a point, in pixels."""
    width, height = extent
    frame, marks, taken = blocked
    for gap in (4.0, 7.0, 11.0):
        for across, up in _SIDES:
            shift = gap * pixel
            left = point[0] + across * (shift + width / 2) - width / 2
            low = point[1] + up * (shift + height / 2) - height / 2
            if left < frame.x0 or low < frame.y0 or left + width > frame.x1 or low + height > frame.y1:
                continue
            pad = 1.5 * pixel
            inside = (
                (marks[:, 0] > left - pad)
                & (marks[:, 0] < left + width + pad)
                & (marks[:, 1] > low - pad)
                & (marks[:, 1] < low + height + pad)
            )
            over = (
                (taken[:, 0] < left + width + pad)
                & (taken[:, 2] > left - pad)
                & (taken[:, 1] < low + height + pad)
                & (taken[:, 3] > low - pad)
            )
            if not inside.any() and not over.any():
                return left, low
    return None
