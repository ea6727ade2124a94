"""HTML of untrusted text: escaped everywhere, marked where it should be, and with buttons that only we made."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from hostile import HOSTILE

from analysis.reading_room.markup import (
    Links,
    Notes,
    bloc_mark,
    figure_markup,
    marked,
    number,
    table_html,
)
from analysis.tables import escape_html


def test_marks_by_hand():
    text = "The US lifted  sanctions\non Russia."
    spans = [(4, 6, "actor"), (15, 24, "term"), (28, 34, "actor")]
    assert marked(text, 0, len(text), spans) == (
        'The <mark class="framing-actor"><b>US</b></mark> lifted '
        '<mark class="framing-term"><u>sanctions</u></mark> on <mark class="framing-actor"><b>Russia</b></mark>.'
    )


def test_a_stretch_shows_only_what_is_inside():
    text = "The US lifted sanctions on Russia."
    assert marked(text, 7, 23, [(4, 6, "actor"), (14, 23, "term")]) == (
        'lifted <mark class="framing-term"><u>sanctions</u></mark>'
    )
    assert marked(text, 5, 5, []) == ""


def test_overlapping_marks_bear_both_kinds():
    shown = marked("Russia", 0, 6, [(0, 6, "actor"), (0, 6, "term")])
    assert shown == '<mark class="framing-actor framing-term"><u><b>Russia</b></u></mark>'
    half = marked("Cold War", 0, 8, [(0, 8, "term"), (5, 8, "actor")])
    assert BeautifulSoup(half, "html.parser").get_text() == "Cold War"
    assert half.count("<mark") == 2


def test_text_keeps_its_words_whatever_is_marked():
    text = f"before {HOSTILE} after"
    for step in range(1, 9):
        spans = [
            (place, place + step, kind)
            for place in range(0, len(text), step + 2)
            for kind in ("actor", "here")
        ]
        soup = BeautifulSoup(marked(text, 0, len(text), spans), "html.parser")
        assert {tag.name for tag in soup.find_all(True)} <= {"mark", "b", "span"}
        plain = "".join(soup.get_text().split())
        assert plain == "".join(text.replace("\u202e", "").replace("\x07", "").split())


def test_nothing_hostile_is_left_in_any_part():
    links = Links()
    parts = [
        escape_html(HOSTILE),
        marked(HOSTILE, 0, len(HOSTILE), [(0, 9, "term")]),
        table_html(HOSTILE, ["a"], [([escape_html(HOSTILE)], True)], note=HOSTILE),
        figure_markup(b"x", HOSTILE, HOSTILE, 7.0),
        links.button(escape_html(HOSTILE), "read", HOSTILE, said=HOSTILE),
        Notes().mark(HOSTILE),
        number(HOSTILE),
    ]
    for part in parts:
        soup = BeautifulSoup(part, "html.parser")
        assert not soup.find_all(["script", "a"])
        for image in soup.find_all("img"):
            assert image["src"].startswith("data:image/png;base64,")
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")]
        assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e]", part)
    assert 'class="mathjax_ignore tex2jax_ignore"' in parts[3]


def test_a_key_depends_on_the_action_alone():
    one, two = Links(), Links()
    shown = one.button("x", "read", ("a1", 0, 5))
    two.button("other", "order", "left")
    assert two.button("x", "read", ("a1", 0, 5)) == shown
    (key,) = one.actions
    assert re.fullmatch("[0-9a-f]{12}", key)
    assert one.actions[key] == ("read", ("a1", 0, 5))


def test_a_static_view_has_no_button():
    links = Links(live=False)
    assert links.button("x", "read", ("a1", 0, 5)) == "x"
    assert links.actions == {}


def test_numbers_are_written_as_in_every_table():
    assert [number(value) for value in (1.005, -0.25, -0.001, float("nan"), 3, "a<b")] == [
        "1.00", "−0.25", "0.00", "–", "3", "a&lt;b"
    ]  # fmt: skip


def test_notes_are_said_once():
    notes = Notes()
    assert [re.sub("<[^>]+>", "", notes.mark(text)) for text in ("one", "two", "one", "")] == [
        "[a]",
        "[b]",
        "[a]",
        "",
    ]
    assert BeautifulSoup(notes.markup(), "html.parser").get_text() == "[a] one. [b] two."
    assert Notes().markup() == ""


def test_blocs_have_the_marks_and_colours_of_the_figures():
    assert "■" in bloc_mark(0, "bloc") and "#B5452A" in bloc_mark(0, "bloc")
    assert "△" in bloc_mark(1, "outlet") and 'aria-hidden="true"' in bloc_mark(1, "outlet")
