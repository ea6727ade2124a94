"""The figure registry: which figures there are, in the order of the study."""

from __future__ import annotations

from analysis.errors import UnknownName
from analysis.figures import (
    actor_pairs,
    attention,
    benchmark,
    calibration,
    codes,
    confusion,
    contrast_frequency,
    contrast_matrix,
    contrasts,
    corpus,
    directed,
    divergence,
    machine_coders,
    multiverse,
    sentiment,
    sentiment_shift,
    theme_stability,
    theme_time,
    themes,
    voice,
    xray,
)
from analysis.figures.spec import FigureSpec

_MODULES = (
    actor_pairs,
    attention,
    benchmark,
    calibration,
    codes,
    confusion,
    contrast_frequency,
    contrast_matrix,
    contrasts,
    corpus,
    directed,
    divergence,
    machine_coders,
    multiverse,
    sentiment,
    sentiment_shift,
    theme_stability,
    theme_time,
    themes,
    voice,
    xray,
)

FIGURES: tuple[FigureSpec, ...] = tuple(
    sorted(
        (spec for module in _MODULES for spec in getattr(module, "FIGURES", None) or (module.FIGURE,)),
        key=lambda spec: int(spec.figure_id.partition("_")[0]),
    )
)


def list_figures() -> list[str]:
    """List the figures.

    Returns
    -------
    list of str
        figure_ids, in the order of the study.

    Examples
    --------
    >>> list_figures()[0]
    '1_corpus'
    """
    return [spec.figure_id for spec in FIGURES]


def find_figure(figure_id: str) -> FigureSpec:
    """Return one figure's specification.

    Parameters
    ----------
    figure_id : str
        One of `list_figures`, or its name without the number.

    Returns
    -------
    FigureSpec
        The figure.

    Raises
    ------
    UnknownName
        There is no such figure.
    """
    for spec in FIGURES:
        if figure_id in (spec.figure_id, spec.figure_id.partition("_")[2]):
            return spec
    raise UnknownName("figure", figure_id, list_figures())
