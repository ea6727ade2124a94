"""The widgets: what is chosen changes everything at once; what is kept in a notebook is the static view."""

from __future__ import annotations

import warnings

import pytest
from bs4 import BeautifulSoup
from hostile import SCRIPT
from nbformat import v4

from analysis.errors import UnknownName
from analysis.notebook_format import LIVE, normalise_notebook
from analysis.reading_room.choice import Choice
from analysis.reading_room.room import Room, explore, library_of, read


@pytest.fixture()
def room(planted_library, without_drawing):
    with warnings.catch_warnings():
        # of ipywidgets, when there is no kernel
        warnings.simplefilter("ignore", DeprecationWarning)
        yield Room(planted_library, Choice(actor_id="us"))


def shown(room):
    return {
        name: BeautifulSoup(room.widgets[name].value, "html.parser").get_text()
        for name in ("status", "table", "evidence")
    }


def test_choosing_an_actor_changes_everything(room):
    before = shown(room)
    room.widgets["actor"].value = "russia"
    after = shown(room)
    assert before["status"].startswith("United States in all blocs")
    assert after["status"].startswith("Russia in all blocs")
    assert before["table"] != after["table"] and before["evidence"] != after["evidence"]


def test_a_bloc_narrows_the_outlets_and_articles(room):
    room.widgets["bloc"].value = "Russian"
    assert [value for _, value in room.widgets["outlet"].options] == [
        "",
        "Russian Herald 1",
        "Russian Herald 2",
    ]
    assert all(not value or value.startswith("russian") for _, value in room.widgets["article"].options)
    room.widgets["outlet"].value = "Russian Herald 2"
    room.widgets["bloc"].value = "Western"
    assert room.widgets["outlet"].value == ""
    assert "Western" in shown(room)["status"]


def test_a_term_is_typed_and_places_are_sorted(room):
    room.widgets["actor"].value = ""
    room.widgets["term"].value = "harmon*"
    assert shown(room)["status"] == "“harmon*” in all blocs: 12 places in 6 articles."
    room.widgets["order"].value = "right"
    assert "Sorted by right word" in shown(room)["evidence"]
    room.widgets["form"].value = "sentences"
    assert "framing-sentences" in room.widgets["evidence"].value


def test_a_button_of_the_page_is_heard(room):
    key, (_, change) = next(
        (key, action)
        for key, action in room.desk.links.actions.items()
        if action[0] == "choose" and action[1]["bloc"]
    )
    room.widgets["signal"].value = f"{key} 1"
    assert room.widgets["bloc"].value == change["bloc"]
    room.widgets["back"].click()
    assert room.widgets["bloc"].value == ""
    room.widgets["clear"].click()
    assert room.widgets["actor"].value == ""


def test_an_article_opens_and_closes(room):
    key = next(key for key, action in room.desk.links.actions.items() if action[0] == "read")
    assert room.widgets["article_text"].layout.display == "none"
    room.widgets["signal"].value = f"{key} 1"
    assert "framing-text" in room.widgets["article_text"].value
    assert room.widgets["article_text"].layout.display is None
    close = next(key for key, action in room.desk.links.actions.items() if action[0] == "close")
    room.widgets["signal"].value = f"{close} 2"
    assert room.widgets["article_text"].value == ""


def test_saving_says_where(room, planted_library, monkeypatch):
    room.widgets["save"].click()
    assert "Saved: results/reading-room/us-" in shown(room)["status"]

    def fail(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(room.desk, "save", fail)
    room.widgets["save"].click()
    assert shown(room)["status"] == "Nothing was saved: no space left on device"


def test_classes_that_the_page_is_found_by(room):
    found = set(room.box._dom_classes) | {
        name for widget in room.widgets.values() for name in widget._dom_classes
    }
    for name in (
        "room",
        "status",
        "figure",
        "table",
        "evidence",
        "article",
        "order",
        "form",
        "back",
        "clear",
        "save",
        "signal",
    ):
        assert f"framing-{name}" in found
    for name in ("bloc", "outlet", "article", "actor", "theme", "term"):
        assert f"framing-choice-{name}" in found


def test_hostile_names_are_inert_in_every_widget(hostile_library, without_drawing):
    room = Room(hostile_library, Choice(actor_id="evil"))
    for name in ("status", "figure", "table", "evidence"):
        soup = BeautifulSoup(room.widgets[name].value, "html.parser")
        assert not soup.find_all(["script", "a"])
        assert not [tag for tag in soup.find_all(True) if any(key.startswith("on") for key in tag.attrs)]
    room.widgets["term"].value = SCRIPT
    assert SCRIPT in shown(room)["status"], "the words are shown, as words"
    assert SCRIPT not in room.widgets["status"].value


def test_a_notebook_keeps_the_static_view_only(planted_library, without_drawing, monkeypatch):
    outputs = []

    def display(shown, raw=False, metadata=None):
        data = (
            shown
            if raw
            else {"application/vnd.jupyter.widget-view+json": {"model_id": "5f"}, "text/plain": "VBox()"}
        )
        outputs.append(v4.new_output("display_data", data=data, metadata=metadata or {}))

    monkeypatch.setattr("IPython.display.display", display)
    explore(planted_library.study, actor_id="us", bloc="Russian")._ipython_display_()
    assert len(outputs) == 3
    assert outputs[0].metadata == LIVE
    kept = (
        normalise_notebook(v4.new_notebook(cells=[v4.new_code_cell("room", outputs=outputs)]))
        .cells[0]
        .outputs
    )
    assert len(kept) == 1
    soup = BeautifulSoup(kept[0].data["text/html"], "html.parser")
    assert soup.select_one(".framing-static img")["alt"]
    assert not soup.find_all(["button", "script", "style"])
    assert "mentions and sentiment" in soup.get_text()


def test_a_static_view_is_the_same_at_every_call(planted_library):
    one, two = (read(planted_library.study, term="harmony", rows=3)._repr_html_() for _ in range(2))
    assert one == two
    soup = BeautifulSoup(one, "html.parser")
    assert len(soup.select(".framing-kwic tbody tr")) == 3
    assert "1 to 3 of 12" in soup.get_text()


def test_the_room_opens_at_the_actor_mentioned_most(planted_library, without_drawing):
    library = library_of(planted_library.study)
    assert library is library_of(planted_library.study)
    room = explore(planted_library.study)
    assert room.desk.choice == Choice(actor_id=next(iter(library.catalogue.actors)))
    with pytest.raises(UnknownName):
        explore(planted_library.study, actor_id="atlantis")


def test_nobody_named_and_no_theme_is_shown_as_such(small_library, without_drawing):
    row = {"article_id": "a1", "outlet": "One", "bloc": "Only", "published": "", "title": ""}
    library = small_library([row | {"text": "Nobody is named in this."}])
    room = explore(library.study)
    assert room.widgets["theme"].options[0][0] == "there are no themes"
    assert len(room.widgets["actor"].options) == 1
    assert "No actor is mentioned" in shown(room)["table"]
