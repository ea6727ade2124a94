"""The desk: buttons do what they say, every code is on the disk, hostile text stays text, the notebook is sound."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import nbformat
import pytest

from analysis.coding.desk import Desk
from analysis.coding.desk_page import key_script
from analysis.coding.notebook import notebook_bytes
from analysis.coding.session import Session


@pytest.fixture
def desk(sentiment_folder):
    return Desk(Session(sentiment_folder / "sheet-anna.csv"))


@pytest.fixture
def frames(frames_folder):
    return Desk(Session(frames_folder / "sheet-anna.csv"))


def saved(desk):
    """Read what is on the disk now: item to the codes that are given."""
    session = Session(desk.session.path)
    return {
        item: {name: session.code(item, name) for name in desk.task.variable_ids if session.code(item, name)}
        for item in session.item_ids
    }


def test_a_button_codes_saves_and_goes_on(desk):
    first = desk.item
    desk.codes["sentiment"]["negative"].click()
    assert saved(desk)[first] == {"sentiment": "negative"}
    assert desk.position == 1
    assert "Item 2 of 9" in desk.progress.value
    assert "1 coded, 8 open" in desk.progress.value
    desk.buttons["previous"].click()
    assert desk.item == first
    assert desk.codes["sentiment"]["negative"].description == "✓ negative"
    assert desk.codes["sentiment"]["negative"].button_style == "success"
    assert desk.codes["sentiment"]["neutral"].description == "neutral (2)"
    # a correction stays where it is
    desk.codes["sentiment"]["unclear"].click()
    assert desk.item == first
    assert saved(desk)[first] == {"sentiment": "unclear"}
    desk.buttons["clear"].click()
    assert saved(desk)[first] == {}
    assert desk.item == first


def test_it_opens_at_the_first_item_that_is_not_coded(desk):
    desk.codes["sentiment"]["neutral"].click()
    desk.codes["sentiment"]["neutral"].click()
    again = Desk(Session(desk.session.path))
    assert again.position == 2
    assert "2 of 9 items were coded when it was opened" in again.static_note()


def test_moving_stops_at_both_ends(desk):
    assert desk.buttons["previous"].disabled
    desk.move(-1)
    assert desk.position == 0
    desk.move(100)
    assert desk.position == 8
    assert desk.buttons["next"].disabled
    # the next open item after the last is the first
    desk.buttons["open"].click()
    assert desk.position == 0


def test_all_coded_is_said(desk):
    for _ in range(9):
        desk.codes["sentiment"]["positive"].click()
    assert "9 coded, all coded" in desk.progress.value
    assert all(codes == {"sentiment": "positive"} for codes in saved(desk).values())


def test_questions_are_asked_one_after_the_other(frames):
    first = frames.item
    frames.codes["conflict"]["yes"].click()
    assert frames.current == 1
    frames.buttons["down"].click()
    frames.buttons["down"].click()
    frames.buttons["up"].click()
    assert frames.current == 2
    assert "framing-desk-current" in frames.rows[2]._dom_classes
    assert "framing-desk-current" not in frames.rows[1]._dom_classes
    frames.codes["economic_consequences"]["unclear"].click()
    frames.buttons["rest"].click()
    codes = saved(frames)[first]
    assert codes.pop("conflict") == "yes"
    assert codes.pop("economic_consequences") == "unclear"
    assert set(codes.values()) == {"no"}
    assert len(codes) == 8
    assert frames.position == 1
    # no question of it is left open
    frames.buttons["previous"].click()
    frames.buttons["rest"].click()
    assert saved(frames)[first]["conflict"] == "yes"


def test_a_question_that_was_skipped_is_asked_again(frames):
    frames.ask(100)
    assert frames.current == 9
    frames.codes["other"]["no"].click()
    assert frames.current == 0


def test_a_note_is_saved_with_its_item(desk):
    first = desk.item
    desk.note.value = "  who says so?  "
    desk.buttons["next"].click()
    assert desk.note.value == ""
    desk.buttons["previous"].click()
    assert desk.note.value == "who says so?"
    assert Session(desk.session.path).note(first) == "who says so?"


def test_another_desk_is_noticed(desk):
    other = Desk(Session(desk.session.path))
    first = desk.item
    desk.codes["sentiment"]["negative"].click()
    other.codes["sentiment"]["positive"].click()
    assert "given elsewhere meanwhile" in other.status.value
    assert other.item == first
    assert other.codes["sentiment"]["negative"].description == "✓ negative"
    assert saved(desk)[first] == {"sentiment": "negative"}
    other.move(1)
    other.codes["sentiment"]["positive"].click()
    desk.codes["sentiment"]["neutral"].click()
    # both wanted the second item
    assert "given elsewhere meanwhile" in desk.status.value
    desk.move(1)
    desk.codes["sentiment"]["neutral"].click()
    assert "Every code is saved at once." in desk.status.value
    assert [codes.get("sentiment") for codes in saved(desk).values()][:3] == [
        "negative",
        "positive",
        "neutral",
    ]


def test_what_cannot_be_saved_is_not_shown_as_given(desk):
    first = desk.item
    desk.session.path.rename(desk.session.path.with_name("gone.csv"))
    desk.codes["sentiment"]["negative"].click()
    assert desk.item == first
    assert "no such file" in desk.status.value
    assert desk.codes["sentiment"]["negative"].description == "negative (1)"


class Tags(HTMLParser):
    """Collects the tags of a page and their attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_text_stays_text(frames_folder, rows_of, write_rows):
    path = frames_folder / "sheet-anna.csv"
    rows = rows_of(path)
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> $x$ </div> \u202e & \"'"
    rows[1][rows[0].index("text")] = evil
    rows[1][rows[0].index("note")] = evil
    write_rows(path, rows)
    codebook = frames_folder / "codebook.json"
    content = json.loads(codebook.read_text(encoding="utf-8"))
    content["variable"][0]["label"] = content["variable"][0]["example"] = content["instructions"] = evil
    content["label"] = evil
    codebook.write_text(json.dumps(content), encoding="utf-8")
    desk = Desk(Session(path))
    shown = [desk.text.value, desk.progress.value, desk.status.value, desk.static_note()]
    shown += [child.value for row in desk.rows for child in row.children if hasattr(child, "value")]
    shown += [child.value for child in desk.root.children if type(child).__name__ == "HTML"]
    page = Tags("".join(text for text in shown))
    assert not page.tags & {"script", "img"}
    assert not {name for name in page.attributes if name.startswith("on")}
    assert "alert(1)" in desk.text.value
    assert "\u202e" not in "".join(shown)
    assert desk.note.value == evil.replace("\u202e", "") or desk.note.value == evil


def test_the_target_is_marked_in_its_sentence(desk):
    context = desk.session.context(desk.item)
    text = re.sub(r"<[^>]+>", "", desk.text.value)
    assert f'<mark class="framing-desk-target">{context["target"]}</mark>' in desk.text.value
    assert context["actor"] in text


def test_definitions_are_one_click_away(frames):
    variable = frames.task.variables[0]
    question = frames.rows[0].children[0].value
    assert question.startswith('<details class="mathjax_ignore tex2jax_ignore"><summary')
    for words in (variable.definition, *variable.includes, *variable.excludes, variable.label):
        assert words in question
    tooltips = [button.tooltip for button in frames.codes["conflict"].values()]
    assert tooltips == [meaning for _, meaning in variable.codes]


def test_the_script_holds_its_name_only():
    script = key_script('x"</script>')
    assert '"x\\"</script>"' in script
    assert "http" not in script


def test_the_notebook_is_sound(coding_study):
    data = notebook_bytes("anna", coding_study.codebook.task("frames"))
    notebook = nbformat.reads(data.decode("utf-8"), as_version=4)
    nbformat.validate(notebook)
    (code,) = (cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert code == 'from analysis.coding.desk import open_desk\n\nopen_desk("sheet-anna.csv")'
    assert all(not cell.get("outputs") for cell in notebook.cells)


def test_opening_displays_a_note_the_desk_and_the_keys(sentiment_folder, monkeypatch):
    import IPython.display

    from analysis.coding.desk import open_desk

    shown = []
    monkeypatch.setattr(IPython.display, "display", shown.append)
    open_desk(sentiment_folder / "sheet-anna.csv")
    assert [type(thing).__name__ for thing in shown] == ["HTML", "VBox", "Javascript"]
    assert "in an export this line is all there is" in shown[0].data


def test_many_codes_stand_below_their_question(frames_folder):
    codebook = frames_folder / "codebook.json"
    content = json.loads(codebook.read_text(encoding="utf-8"))
    content["variable"][0]["codes"] = {
        **{str(code): "a step" for code in range(-5, 6)},
        "unclear": "cannot be said",
    }
    codebook.write_text(json.dumps(content), encoding="utf-8")
    desk = Desk(Session(frames_folder / "sheet-anna.csv"))
    wide = ["framing-desk-wide" in row._dom_classes for row in desk.rows]
    assert wide == [True] + [False] * 9
    # keys go by the place of a code, and there are nine of them
    texts = [button.description for button in desk.codes["conflict"].values()]
    assert texts == [
        "-5 (1)",
        "-4 (2)",
        "-3 (3)",
        "-2 (4)",
        "-1 (5)",
        "0 (6)",
        "1 (7)",
        "2 (8)",
        "3 (9)",
        "4",
        "5",
        "unclear (u)",
    ]
    desk.codes["conflict"]["-5"].click()
    assert saved(desk)[desk.item] == {"conflict": "-5"}
