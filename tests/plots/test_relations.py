"""The map of actors beside actors and the bars of directed relations show what the table says."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from analysis.plots.relations import draw_actor_pairs, draw_directed

PAIRS = pd.DataFrame(
    [
        ("us", "US", "ru", "Russia", 5, -0.5, "−.50\n(5)"),
        ("us", "US", "cn", "China", 1, np.nan, "(1)"),
        ("ru", "Russia", "us", "US", 5, 0.25, "+.25\n(5)"),
        ("ru", "Russia", "cn", "China", 0, np.nan, "(0)"),
        ("cn", "China", "us", "US", 1, np.nan, "(1)"),
        ("cn", "China", "ru", "Russia", 0, np.nan, "(0)"),
    ],
    columns=["actor_id", "actor", "beside_id", "beside", "n_sentences", "balance", "shown"],
).assign(group="Western")

BARS = pd.DataFrame(
    [("W", "ru > us", "Russia", "US", 0, 3), ("W", "us > ru", "US", "Russia", 2, 1), ("R", "ru > us", "Russia", "US", 1, 0)],
    columns=["group", "pair", "actor", "object", "cooperative", "conflictual"],
)  # fmt: skip


def drawn(draw, data):
    fig = Figure(figsize=(7, 4), layout="constrained")
    before = data.copy()
    assert draw(fig, data) is None
    pd.testing.assert_frame_equal(data, before)
    fig.draw_without_rendering()
    return fig


def test_a_cell_shows_its_balance_its_number_or_nothing():
    ax = drawn(draw_actor_pairs, PAIRS).axes[0]
    texts = {tuple(round(at) for at in text.get_position()): text.get_text() for text in ax.texts}
    # (column, row); where no sentence names both, nothing stands
    assert texts == {(1, 0): "−.50\n(5)", (2, 0): "(1)", (0, 1): "+.25\n(5)", (0, 2): "(1)"}
    hatched = [patch.get_xy() for patch in ax.patches if patch.get_hatch()]
    assert sorted(hatched) == [(-0.5, 1.5), (1.5, -0.5)]
    shades = np.ma.filled(ax.collections[0].get_array().reshape(3, 3), np.nan)
    assert shades[0, 1] == 0.5 and shades[1, 0] == -0.25 and np.isnan(shades).sum() == 7


def test_rows_and_columns_stand_in_one_order():
    ax = drawn(draw_actor_pairs, PAIRS).axes[0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["US", "Russia", "China"]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["US", "Russia", "China"]


def test_bars_go_left_for_conflict_and_right_for_cooperation():
    fig = drawn(draw_directed, BARS)
    first, second = fig.axes
    widths = sorted((round(patch.get_y() + 0.31), patch.get_width()) for patch in first.patches)
    assert widths == [(0, -3), (1, -1), (1, 2)]
    # a pair that a bloc does not have has no bar
    assert [patch.get_width() for patch in second.patches] == [1]
    assert sorted(text.get_text() for text in first.texts) == ["1", "2", "3"]
    assert [text.get_text() for text in first.get_yticklabels()] == ["Russia → US", "US → Russia"]
    assert {patch.get_hatch() for patch in first.patches if patch.get_width() > 0} == {"////"}


@pytest.mark.parametrize("groups", [1, 2, 3, 7])
def test_every_bloc_has_its_panel(groups):
    for draw, data in ((draw_actor_pairs, PAIRS), (draw_directed, BARS[BARS["group"] == "W"])):
        many = pd.concat([data.assign(group=f"Bloc {n}") for n in range(groups)])
        titles = {ax.get_title(loc="left") for ax in drawn(draw, many).axes}
        assert {f"Bloc {n}" for n in range(groups)} <= titles
