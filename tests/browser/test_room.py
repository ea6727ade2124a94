"""The reading room, live: what is chosen changes figure, numbers and sentences, and hostile text stays text."""

from __future__ import annotations

import csv
import io
import re
import shutil

import pytest
from conftest import ACTOR, HOSTILE, NAMES, ROOT, THEME, framing
from playwright.sync_api import Page, expect


@pytest.fixture(scope="module")
def mentions(seed_study) -> list[dict]:
    """Return the mentions of Ukraine, as the command lists them."""
    out = framing("mentions", "--actor", "ukraine", "--csv", study=seed_study).stdout
    return list(csv.DictReader(io.StringIO(out)))


def open_room(lab, page: Page, path: str):
    """Open and run the notebook, and return the live room."""
    notebook = lab.open(page, path)
    notebook.run_all()
    room = page.locator(".framing-room")
    expect(room).to_be_visible()
    expect(room.locator(".framing-evidence tbody tr").first).to_be_visible()
    return room


@pytest.fixture(scope="module")
def seed_room(lab, seed_study, new_page):
    """Open the room of the seed study once."""
    return open_room(lab, new_page(), "seed/notebooks/07_explore.ipynb")


@pytest.fixture
def room(seed_room):
    """Return the room with nothing chosen."""
    seed_room.locator("button.framing-clear").click()
    expect(seed_room.locator(".framing-status")).to_contain_text("choose an actor")
    return seed_room


def choose(room, name: str, label: str) -> None:
    """Choose an option whose label starts so."""
    select = room.locator(f".framing-choice-{name} select")
    places = [place for place, option in enumerate(options_of(room, name)) if option.startswith(label)]
    assert places, options_of(room, name)
    select.select_option(index=places[0])


def options_of(room, name: str) -> list[str]:
    """List what can be chosen; the widgets write blanks that do not break."""
    options = room.locator(f".framing-choice-{name} option").all_text_contents()
    return [option.replace("\xa0", " ") for option in options]


def test_a_choice_brings_its_sentences(room, mentions):
    status, rows = room.locator(".framing-status"), room.locator(".framing-evidence tbody tr")
    before = rows.all_inner_texts()

    # an actor: as many places as the command lists, each with the actor marked
    choose(room, "actor", "Ukraine")
    expect(status).to_contain_text(f"Ukraine in all blocs: {len(mentions)} places")
    expect(rows).to_have_count(min(len(mentions), rows.count()))
    after = rows.all_inner_texts()
    assert after and not set(after) & set(before)
    marks = room.locator(".framing-evidence tbody tr mark.framing-actor").all_inner_texts()
    aliases = {row["match"] for row in mentions}
    assert marks and set(marks) <= aliases
    expect(room.locator(".framing-table")).to_contain_text("Ukraine")

    # a bloc too: only its places
    bloc = mentions[0]["bloc"]
    inside = [row for row in mentions if row["bloc"] == bloc]
    choose(room, "bloc", bloc)
    expect(status).to_contain_text(f"Ukraine in {bloc}: {len(inside)} place")
    outlets = {row["outlet"] for row in inside}
    for line in rows.all_inner_texts():
        assert any(outlet in line for outlet in outlets), line

    # back to all
    room.locator("button.framing-back").click()
    expect(status).to_contain_text(f"Ukraine in all blocs: {len(mentions)} places")

    # every image is there and says what it shows
    shown = room.page.evaluate(
        """() => Array.from(document.querySelectorAll(".framing-room img, .framing-static img")).map(
            (image) => [image.alt.split(" ").length, image.naturalWidth])"""
    )
    assert len(shown) >= 2
    assert all(words >= 8 and width > 300 for words, width in shown), shown


def test_from_a_point_to_an_article_with_the_keyboard(room):
    choose(room, "actor", "Ukraine")
    status = room.locator(".framing-status")
    expect(status).to_contain_text("Ukraine in all blocs")
    said = status.inner_text()

    # a point of the figure leads to its sentences
    point = room.locator("figure button.framing-go").first
    name = point.get_attribute("aria-label")
    assert name
    point.focus()
    room.page.keyboard.press("Enter")
    expect(status).not_to_have_text(said)

    # a sentence leads to its article, with the sentence in view
    first = room.locator(".framing-evidence tbody tr").first
    match = first.locator("mark").first.inner_text()
    first.locator("button.framing-go").focus()
    room.page.keyboard.press("Enter")
    text = room.locator(".framing-article .framing-text")
    expect(text).to_be_visible()
    expect(text.locator(".framing-here").first).to_be_visible()
    assert match in text.inner_text()

    # a term that is typed; a star stands for any ending
    room.locator("button.framing-clear").click()
    expect(status).to_contain_text("choose an actor")
    term = room.locator(".framing-choice-term input")
    term.fill("sanction*")
    term.press("Enter")
    expect(status).to_contain_text("sanction*")
    expect(room.locator(".framing-evidence tbody tr mark.framing-term").first).to_contain_text(
        re.compile("^sanction", re.IGNORECASE)
    )


def test_the_screen_is_saved_as_tables(room, seed_study):
    choose(room, "actor", "Ukraine")
    expect(room.locator(".framing-status")).to_contain_text("Ukraine in")
    room.locator("button.framing-save").click()
    expect(room.locator(".framing-status")).to_contain_text("Saved: ")
    tables = list((seed_study / "results" / "reading-room").rglob("*.csv"))
    assert tables
    assert any("Ukrain" in path.read_text(encoding="utf-8") for path in tables)


def test_hostile_texts_stay_texts_in_the_live_room(lab, hostile_study, page, traffic, assert_harmless):
    path = hostile_study / "notebooks" / "live.ipynb"
    shutil.copy(ROOT / "notebooks" / "07_explore.ipynb", path)
    room = open_room(lab, page, "hostile/notebooks/live.ipynb")
    choose(room, "actor", ACTOR)
    evidence = room.locator(".framing-evidence")
    expect(evidence.locator("mark.framing-actor").first).to_be_visible()
    expect(room.locator(".framing-status")).to_contain_text("<script>")
    for kind in room.locator(".framing-form option").all_text_contents():
        room.locator(".framing-form select").select_option(label=kind)
        evidence.locator("tbody tr button.framing-go").first.click()
        expect(room.locator(".framing-article .framing-text")).to_contain_text(HOSTILE.split("**")[0])
    term = room.locator(".framing-choice-term input")
    term.fill("<img src=x onerror=\"window.harmed='typed'\">")
    term.press("Enter")
    expect(room.locator(".framing-status")).to_contain_text("typed")
    room.locator("button.framing-clear").click()
    expect(room.locator(".framing-status")).to_contain_text("choose an actor")
    choose(room, "theme", f"T1: {THEME}" if f"T1: {THEME}" in options_of(room, "theme") else f"T2: {THEME}")
    expect(room.locator(".framing-status")).to_contain_text("Trade <script>")
    for name, label in (("bloc", NAMES["bloc"]), ("outlet", NAMES["outlet"]), ("article", "a0")):
        choose(room, name, label)
        expect(room.locator(".framing-status")).to_contain_text(label)
    assert room.locator("mjx-container, .MathJax").count() == 0
    assert_harmless(page, traffic)
