"""A reader's way: everything that can be pressed leads to its sentences, and back; what is seen is saved safely."""

from __future__ import annotations

import csv
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hostile import SCRIPT

from analysis.errors import UnknownName
from analysis.reading_room.choice import Choice
from analysis.reading_room.desk import Desk
from analysis.reading_room.places import find_places
from analysis.steps import STEPS


def keys(markup):
    return re.findall('data-framing-go="([0-9a-f]{12})"', markup)


def test_figure_numbers_and_sentences_change_together(planted_library):
    desk = Desk(planted_library, Choice(actor_id="us"))
    before = desk.view
    after = desk.choose(actor_id="russia")
    assert before.picture.png != after.picture.png
    assert "Russia" in after.picture.caption and "Russia" in after.numbers and "Russia" in after.status
    assert after.places["actor_id"].unique().tolist() == ["russia"]


def test_every_row_and_every_mark_leads_to_its_sentences(planted_library, request):
    desk = Desk(planted_library, Choice(actor_id="us"))
    start, actions = desk.view, desk.links.actions
    table = start.tables[0].table
    rows, marks = keys(start.numbers), keys(start.figure)
    # nine groups in the table, and each in the two panels of the figure; a mark does what its row does
    assert (len(rows), len(marks)) == (9, 18)
    assert marks[:9] == marks[9:]
    assert [actions[key] for key in marks[:9]] == [actions[key] for key in rows]
    request.getfixturevalue("without_drawing")
    for key, row in zip(rows, table.itertuples(), strict=True):
        view = desk.press(key)
        assert desk.choice.place == (row.level, row.group)
        assert desk.choice.actor_id == "us"
        assert len(view.places) == row.n_mentions
        assert desk.back().screen == start.screen


def test_a_row_of_the_overview_leads_to_the_sentences_of_its_item(planted_library, without_drawing):
    desk = Desk(planted_library)
    start = desk.view
    for key in keys(start.numbers):
        desk.press(key)
        assert desk.choice.subjects and desk.choice.bloc
        assert len(desk.view.places) or desk.choice.theme_id
        desk.back()
    assert desk.choice == Choice()


def test_a_sentence_leads_to_its_article_and_to_its_numbers(planted_library, without_drawing):
    desk = Desk(planted_library, Choice(actor_id="nato"))
    place = desk.view.places.iloc[0]
    key = next(key for key in keys(desk.view.evidence) if desk.links.actions[key][0] == "read")
    view = desk.press(key)
    article = planted_library.article(place["article_id"])
    soup = BeautifulSoup(view.article, "html.parser")
    shown = " ".join(soup.select_one(".framing-text").get_text(" ", strip=True).split())
    assert len(re.sub(r"\s", "", shown)) == len(re.sub(r"\s", "", article.text)), "the whole text is there"
    here = "".join(tag.get_text() for tag in soup.select(".framing-here"))
    assert " ".join(here.split()) == " ".join(place["sentence"].split())
    numbers = soup.select_one("table")
    assert "NATO" in numbers.get_text()
    start = desk.view
    for key in keys(str(numbers)):
        desk.press(key)
        found = desk.view.places
        # what a sentence stands behind has the sentence among its evidence
        inside = (found["article_id"] == place["article_id"]) & (found["start"] <= place["end"])
        assert (inside & (found["end"] >= place["start"])).any() or desk.choice.term
        assert desk.view.screen.reading == start.screen.reading, "the article stays open"
        desk.back()
    close = next(key for key in keys(desk.view.article) if desk.links.actions[key][0] == "close")
    assert desk.press(close).article == ""


def test_an_outlet_without_a_mention_says_so(small_library, without_drawing):
    bare = {"published": "", "title": ""}
    library = small_library(
        [
            bare
            | {
                "article_id": "a1",
                "outlet": "人民日报",
                "bloc": "One",
                "text": "Russia met Iran in the hall that day.",
            },
            bare
            | {
                "article_id": "b1",
                "outlet": "Beta",
                "bloc": "Two",
                "text": "The US met nobody in the hall that day.",
            },
        ]
    )
    view = Desk(library, Choice(actor_id="iran", outlet="Beta")).view
    assert view.status == "Iran: does not occur in Beta. Elsewhere in the corpus: 1 place."
    assert view.status in BeautifulSoup(view.evidence, "html.parser").get_text()
    assert "人民日报" in Desk(library, Choice(actor_id="iran")).view.evidence
    assert Desk(library, Choice(term="zebra")).view.status == "“zebra”: does not occur in this corpus."


def test_what_a_small_sample_cannot_support_is_withheld(hostile_library, without_drawing):
    # two articles against two: no p can fall below a third
    desk = Desk(hostile_library, Choice(actor_id="evil"))
    for row in desk.view.tables[0].table.itertuples():
        if pd.isna(row.p) and "withheld" in row.flag:
            assert row.flag in BeautifulSoup(desk.view.numbers, "html.parser").get_text()
    flags = desk.view.tables[0].table["flag"]
    assert desk.view.numbers.count(">withheld<") == flags.str.contains("withheld").sum() > 0


def test_back_returns_and_ends_at_the_first_screen(planted_library, without_drawing):
    desk = Desk(planted_library)
    first = desk.view.screen
    screens = []
    for change in ({"actor_id": "us"}, {"bloc": "Russian"}, {"term": "praised"}, {"actor_id": ""}):
        screens.append(desk.view.screen)
        desk.choose(**change)
    desk.sort("right")
    for screen in reversed(screens):
        assert desk.back().screen == screen
    assert desk.back().screen == first
    assert desk.clear().screen.choice == Choice()


def test_pages_hold_every_place_once(planted_library, without_drawing):
    desk = Desk(planted_library, Choice(actor_id="us"))
    total = len(desk.view.places)
    seen = []
    while True:
        seen += [
            desk.links.actions[key][1]
            for key in keys(desk.view.evidence)
            if desk.links.actions[key][0] == "read"
        ]
        following = [
            key
            for key in keys(desk.view.evidence)
            if desk.links.actions[key] == ("page", desk.view.screen.page + 1)
        ]
        if not following:
            break
        desk.press(following[0])
    assert len(seen) == len(set(seen)) == total > 40


def test_a_key_that_is_not_on_the_screen_does_nothing(planted_library, without_drawing):
    desk = Desk(planted_library, Choice(actor_id="us"))
    view = desk.view
    for key in ("", "0" * 12, "<script>", "../.."):
        assert desk.press(key) is view


def test_unknown_orders_and_forms_are_refused(planted_library, without_drawing):
    desk = Desk(planted_library)
    with pytest.raises(UnknownName):
        desk.sort("colour")
    with pytest.raises(UnknownName):
        desk.show_as("song")


def test_what_is_saved_is_what_is_seen(planted_library):
    desk = Desk(planted_library, Choice(actor_id="us", bloc="Russian"))
    desk.sort("balance")
    written = desk.save()
    folder = planted_library.study.paths.results / "reading-room"
    assert {path.parent for path in written} == {folder}
    assert [path.name.partition("-")[0] for path in written] == ["russian"] * 4
    numbers, places = pd.read_csv(written[0]), pd.read_csv(written[1])
    assert numbers["group"].tolist() == desk.view.tables[0].table["group"].tolist()
    assert places["start"].tolist() == desk.view.places["start"].tolist()
    assert places["balance"].is_monotonic_increasing
    again = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in desk.save()] == again
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_saved_cells_are_no_formulas_and_names_are_safe(hostile_library, without_drawing):
    desk = Desk(hostile_library, Choice(term="scripty"))
    outlet = next(name for name in hostile_library.catalogue.outlets if name.startswith("="))
    for change in ({}, {"outlet": outlet}, {"term": "", "actor_id": "evil"}):
        desk.choose(**change)
        for path in desk.save():
            assert re.fullmatch(r"[a-z0-9-]+(-numbers\.csv|-places\.csv|\.png|\.alt\.txt)", path.name)
            if path.suffix == ".csv":
                with path.open(encoding="utf-8", newline="") as file:
                    for cell in (cell for row in csv.reader(file) for cell in row):
                        if re.match(r"[\s\ufeff]*[=+\-@|%\t\r]", cell):
                            float(cell)


def test_hostile_text_is_inert_on_every_screen(hostile_library):
    desk = Desk(hostile_library)
    outlet = next(iter(hostile_library.catalogue.outlets))
    screens = [
        {},
        {"actor_id": "evil"},
        {"term": "scripty"},
        {"term": SCRIPT},
        {"outlet": outlet, "term": "scripty"},
    ]
    for change in screens:
        desk.choose(**change)
        reads = [key for key in keys(desk.view.evidence) if desk.links.actions[key][0] == "read"]
        views = [desk.view, *([desk.press(reads[0])] if reads else []), desk.show_as("sentences")]
        for view in views:
            for part in (view.figure, view.numbers, view.evidence, view.article):
                soup = BeautifulSoup(part, "html.parser")
                assert not soup.find_all(["script", "a", "iframe"])
                for tag in soup.find_all(True):
                    assert not [name for name in tag.attrs if name.startswith("on")]
                    assert tag.name != "img" or tag["src"].startswith("data:image/png;base64,")
                    assert tag.name != "button" or re.fullmatch("[0-9a-f]{12}", tag["data-framing-go"])
                assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e]", part)


def test_a_change_computes_no_result_of_the_study_again(planted_library, monkeypatch):
    desk = Desk(planted_library)
    for name in STEPS:
        monkeypatch.setitem(STEPS, name, lambda _, name=name: pytest.fail(f"{name} was computed again"))
    for change in (
        {"actor_id": "china"},
        {"bloc": "Western"},
        {"term": "treaty", "actor_id": ""},
        {"term": "", "theme_id": "T2"},
    ):
        desk.choose(**change)
        desk.sort("date")
        assert len(find_places(planted_library, desk.choice))
