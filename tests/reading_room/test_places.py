"""Places are found together, sorted in a total order, and marked where they stand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.reading_room.choice import Choice
from analysis.reading_room.places import (
    context_words,
    export_places,
    find_marks,
    find_places,
    possible_orders,
    sort_places,
)


@pytest.fixture(scope="module")
def library(small_library):
    """Three outlets, one without a date; every place can be found by hand."""
    texts = {
        "a1": (
            "Alpha",
            "East",
            "2019-05-02",
            "Cruel sanctions hit Russia. The US lifted old sanctions on trade then.",
        ),
        "b1": (
            "Beta",
            "West",
            "2018",
            "New sanctions were bad for Russia. No word of it from the US in the evening.",
        ),
        "c1": (
            "Gamma",
            "West",
            "",
            "All that the people of the US saw was a beautiful sanction, and it ended.",
        ),
    }
    return small_library(
        {
            "article_id": name,
            "outlet": outlet,
            "bloc": bloc,
            "published": day,
            "title": f"T {name}",
            "text": text,
        }
        for name, (outlet, bloc, day, text) in texts.items()
    )


def test_a_query_finds_what_the_concordance_finds(library):
    for query in ("sanction*", "the US", "sanctions", "US", "*tions", "old sanctions", "sanctions on trade"):
        found = find_places(library, Choice(term=query))
        lines = library.study.kwic(query)
        assert (
            found[["article_id", "start", "end"]].values.tolist()
            == lines[["article_id", "start", "end"]].values.tolist()
        )
        assert len(found)


@pytest.mark.parametrize("query", ["*", "!?", "…", "* *", "zebra"])
def test_words_that_are_none_have_no_place(library, query):
    assert find_places(library, Choice(term=query)).empty


def test_an_actor_with_a_term_is_in_the_same_sentence(library):
    both = find_places(library, Choice(actor_id="russia", term="sanctions"))
    assert both["article_id"].tolist() == ["a1", "b1"]
    assert find_places(library, Choice(actor_id="us", term="sanctions"))["article_id"].tolist() == ["a1"]
    assert find_places(library, Choice(actor_id="us", term="sanctions", bloc="West")).empty


def test_orders_by_hand(library):
    def order(name):
        found = find_places(library, Choice(term="sanction*"))
        return [(row.article_id, row.match) for row in sort_places(library, found, name).itertuples()]

    a1, old, b1, c1 = ("a1", "sanctions"), ("a1", "sanctions"), ("b1", "sanctions"), ("c1", "sanction")
    assert order("place") == [a1, old, b1, c1]
    # beautiful, cruel, new, old
    assert order("left") == [c1, a1, b1, old]
    # and, hit, on, were
    assert order("right") == [c1, a1, old, b1]
    assert order("outlet") == [a1, old, b1, c1]
    # 2018 before 2019; without a date last
    assert order("date") == [b1, a1, old, c1]


def test_no_word_on_a_side_comes_first(library):
    article = library.article("a1")
    assert context_words(article, 0, 5, side="left") == ()
    assert context_words(article, 6, 15, side="left") == ("cruel",)
    assert context_words(article, 6, 15, side="right") == ("hit", "russia", "the")


def test_an_order_is_total_whatever_order_it_starts_from(planted_library):
    found = find_places(planted_library, Choice(actor_id="us"))
    for name in possible_orders(found, Choice(actor_id="us")):
        one = sort_places(planted_library, found, name)
        two = sort_places(planted_library, found.iloc[::-1].reset_index(drop=True), name)
        pd.testing.assert_frame_equal(one, two)


def test_marks_stand_on_the_words(library):
    marks = find_marks(library, Choice(actor_id="russia", term="sanctions"), "a1")
    text = library.article("a1").text
    assert [(text[start:end], kind) for start, end, kind in marks] == [
        ("sanctions", "term"), ("Russia", "actor"), ("sanctions", "term")
    ]  # fmt: skip


def test_a_themes_terms_are_marked_in_its_paragraphs_only(planted_library):
    library = planted_library
    theme_id = next(iter(library.catalogue.themes))
    top = library.table("themes").query("theme_id == @theme_id")["top_terms"].iloc[0].split(", ")
    paragraphs = find_places(library, Choice(theme_id=theme_id))
    article_id = paragraphs["article_id"].iloc[0]
    spans = paragraphs.loc[paragraphs["article_id"] == article_id, ["start", "end"]].values.tolist()
    text = library.article(article_id).text
    marks = find_marks(library, Choice(theme_id=theme_id), article_id)
    assert marks
    for start, end, kind in marks:
        assert kind == "theme"
        assert text[start:end].lower() in top
        assert any(low <= start < high for low, high in spans)


def test_an_actor_in_a_theme_has_the_mentions_of_the_table(planted_library):
    library = planted_library
    table = library.table("actor_themes")
    for row in table[table["level"] == "bloc"].itertuples():
        found = find_places(library, Choice(actor_id=row.actor_id, theme_id=row.theme_id, bloc=row.group))
        assert len(found) == row.n_mentions


def test_what_is_exported_has_the_words_around(library):
    table = export_places(library, find_places(library, Choice(actor_id="russia", term="sanctions")))
    assert table["match"].tolist() == ["Russia", "Russia"]
    assert table.loc[0, "left"] == "Cruel sanctions hit"
    assert table.loc[0, "sentence"] == "Cruel sanctions hit Russia."
    assert table["title"].tolist() == ["T a1", "T b1"]
    assert {"balance", "voice", "actor_id"} <= set(table)
