"""Figures of the room: drawn from the numbers on the screen, the same to the byte, with alt text and points."""

from __future__ import annotations

import pytest

from analysis.reading_room.choice import Choice
from analysis.reading_room.numbers import list_numbers
from analysis.reading_room.picture import MOST_GROUPS, _fitting, draw_picture

CHOICES = (
    Choice(),
    Choice(actor_id="us", bloc="Western"),
    Choice(term="treaty", theme_id="T1"),
    Choice(term="zebra"),
    Choice(article_id="russian-1_02"),
)


@pytest.mark.parametrize("choice", CHOICES, ids=repr)
def test_a_figure_has_alt_text_a_caption_and_a_point_for_each_mark(planted_library, choice):
    numbers = list_numbers(planted_library, choice)
    picture = draw_picture(planted_library, choice, numbers)
    assert picture.png.startswith(b"\x89PNG")
    assert 8 <= len(picture.alt.split()) <= 40
    assert any(sign.isdigit() for sign in picture.alt)
    assert picture.caption.endswith(".")
    groups = {(row.level, row.group) for row in numbers[0].table.itertuples()}
    for point in picture.points:
        assert not choice.subjects or point.key[:2] in groups
        assert point.left >= 0 and point.left + point.width <= 1.01
        assert point.top >= 0 and point.top + point.height <= 1.01
        assert point.said
    panels = 2 if choice in (CHOICES[1], CHOICES[2], CHOICES[4]) else 1
    if choice.subjects:
        assert len(picture.points) == panels * len(numbers[0].table)


def test_a_figure_is_the_same_to_the_byte(planted_library):
    numbers = list_numbers(planted_library, CHOICES[1])
    one, two = (draw_picture(planted_library, CHOICES[1], numbers) for _ in range(2))
    assert one == two


def test_points_of_a_panel_stand_below_each_other(planted_library):
    picture = draw_picture(
        planted_library, Choice(actor_id="us"), list_numbers(planted_library, Choice(actor_id="us"))
    )
    half = len(picture.points) // 2
    for panel in (picture.points[:half], picture.points[half:]):
        tops = [point.top for point in panel]
        assert tops == sorted(tops)
    # the planted balance is positive in the Western bloc and negative in the Russian
    balance = {point.key[1]: point.left for point in picture.points[half:]}
    assert balance["Russian"] < balance["Chinese"] < balance["Western"]


def test_names_that_the_font_lacks_are_replaced_in_the_figure_only(small_library):
    rows = [
        ("人民日报", "中国", "Russia met the US in the hall."),
        ("B", "West", "Russia met nobody in the hall."),
    ]
    library = small_library(
        {
            "article_id": f"a{number}",
            "outlet": outlet,
            "bloc": bloc,
            "published": "",
            "title": "",
            "text": text,
        }
        for number, (outlet, bloc, text) in enumerate(rows)
    )
    choice = Choice(actor_id="russia")
    picture = draw_picture(library, choice, list_numbers(library, choice))
    assert "人民日报" in picture.caption and "The font has no signs" in picture.caption
    assert ("outlet", "人民日报") in {point.key for point in picture.points}


def test_a_figure_holds_so_many_groups_and_counts_the_others(planted_library):
    import pandas as pd

    table = pd.DataFrame(
        {"level": ["bloc"] * 3 + ["outlet"] * 60, "chosen": [False] * 50 + [True] + [False] * 12}
    )
    kept, left_out = _fitting(table)
    assert len(kept) == MOST_GROUPS
    assert left_out == 63 - MOST_GROUPS
    assert kept["chosen"].sum() == 1
    assert (kept["level"] == "bloc").sum() == 3
