"""Which widths of a journal a figure bears: nothing cut, nothing covered, no panel squeezed."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.figures.fit import JOURNAL_WIDTHS, fitting_widths
from analysis.figures.spec import FigureSpec


def make_spec(draw, width: float = 7.0) -> FigureSpec:
    return FigureSpec(
        "1_x", "X", "x", lambda study: None, draw, lambda data: 2.0, lambda data: "", lambda data: "", width
    )


DATA = pd.DataFrame({"x": [1]})


def draw_roomy(fig, data):
    fig.subplots().plot([0, 1], [0, 1])


def draw_names(fig, data):
    """Draw names that fit beside each other on seven inches and on five."""
    ax = fig.subplots()
    ax.set_xlim(0, 6)
    for place in range(6):
        ax.text(place + 0.05, 0.5, "nine signs", fontsize=8)


def draw_lost(fig, data):
    """Draw a name only where there is room, as some figures do."""
    ax = fig.subplots()
    if fig.get_figwidth() > 5:
        ax.text(0.5, 0.5, "only here")


def draw_cut(fig, data):
    """Draw a line of words of a fixed length that a narrow page cuts."""
    fig.text(0.02, 0.5, "a line of words that needs about four inches of the page, and no less", fontsize=8)


def draw_squeezed(fig, data):
    """Draw names beside an axis that leave it little of a narrow page."""
    ax = fig.subplots()
    ax.set_yticks([0, 1], ["a name as long as the names of some outlets are"] * 2)


@pytest.mark.parametrize(
    ("draw", "widths"),
    [
        (draw_roomy, [3.5, 5.0, 7.0]),
        (draw_names, [5.0, 7.0]),
        (draw_lost, [7.0]),
        (draw_cut, [5.0, 7.0]),
        (draw_squeezed, [5.0, 7.0]),
    ],
)
def test_a_width_is_taken_only_if_nothing_is_lost(draw, widths):
    drawn = fitting_widths(make_spec(draw), DATA)
    assert list(drawn) == widths
    assert set(drawn) <= set(JOURNAL_WIDTHS)
    for width, fig in drawn.items():
        assert fig.get_figwidth() == width, "drawn at this width, not scaled"
        assert fig.get_figheight() == 2.0


def test_a_figure_is_not_drawn_wider_than_it_is_made():
    assert list(fitting_widths(make_spec(draw_roomy, 3.5), DATA)) == [3.5]
    assert list(fitting_widths(make_spec(draw_roomy, 5.0), DATA)) == [3.5, 5.0]


def test_a_figure_with_nothing_to_show_bears_its_own_width():
    assert 7.0 in fitting_widths(make_spec(draw_roomy), DATA.iloc[:0])
