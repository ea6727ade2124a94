"""The numbers on the screen are the study's rows, and each has as many sentences as it counts."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.reading_room.choice import Choice
from analysis.reading_room.numbers import list_groups, list_numbers
from analysis.reading_room.places import find_places


def choices(library):
    actors, themes = list(library.catalogue.actors), list(library.catalogue.themes)
    return [Choice(actor_id=name) for name in actors] + [Choice(theme_id=name) for name in themes] + [
        Choice(term="harmony"), Choice(term="treaty")
    ]  # fmt: skip


def test_every_value_is_that_of_the_study(planted_library):
    checked = 0
    for choice in choices(planted_library):
        for numbers in list_numbers(planted_library, choice):
            for name in numbers.source.split(", "):
                table = planted_library.table(name).rename(columns={"target": "group"})
                if "term" in table:
                    table = table[(table["reference"] == "rest") & (table["term"] == choice.term)]
                if "voice" in table:
                    table = table[table["voice"] == "all"]
                for key in ("actor_id", "theme_id"):
                    if key in table and getattr(choice, key):
                        table = table[table[key] == getattr(choice, key)]
                values = table.set_index(["level", "group"])
                shown = numbers.table.set_index(["level", "group"])
                for field in numbers.fields:
                    for column in filter(None, (field.column, field.low, field.high, field.beside)):
                        if column in values and column not in (
                            "flag",
                            "n_articles",
                            "n_mentions",
                            "n_group_articles",
                        ):
                            own = values[column].reindex(shown.index)
                            np.testing.assert_array_equal(shown[column].to_numpy(), own.to_numpy())
                            checked += 1
    assert checked > 50


def test_each_number_of_mentions_has_as_many_sentences(planted_library):
    library = planted_library
    for actor_id in library.catalogue.actors:
        for outlet in library.catalogue.outlets:
            choice = Choice(outlet=outlet, actor_id=actor_id)
            table = list_numbers(library, choice)[0].table
            for row in table.itertuples():
                at = {"bloc": "bloc", "outlet": "outlet", "article": "article_id"}[row.level]
                places = find_places(library, Choice(actor_id=actor_id), anywhere=True)
                assert (places[at] == row.group).sum() == row.n_mentions


def test_each_count_of_a_term_has_as_many_places(planted_library):
    for term in ("harmony", "treaty", "the", "harmon*", "tariff on"):
        table = list_numbers(planted_library, Choice(term=term))[0].table
        places = find_places(planted_library, Choice(term=term))
        blocs = table[table["level"] == "bloc"].set_index("group")
        assert blocs["count"].sum() == len(places)
        for bloc in planted_library.catalogue.blocs:
            inside = places[places["bloc"] == bloc]
            assert blocs.loc[bloc, "count"] == len(inside)
            assert blocs.loc[bloc, "articles_target"] == inside["article_id"].nunique()


def test_the_planted_term_is_found_where_it_was_planted(planted_library):
    table = list_numbers(planted_library, Choice(term="harmony"))[0].table
    counts = table[table["level"] == "bloc"].set_index("group")["count"]
    # twice in each of six articles, and nowhere else
    assert counts.to_dict() == {"Chinese": 12, "Russian": 0, "Western": 0}


def test_all_blocs_stay_in_view_and_outlets_of_the_one_chosen(planted_library):
    groups = list_groups(planted_library, Choice(bloc="Russian"))
    assert groups["group"].tolist() == [
        "Chinese",
        "Russian",
        "Western",
        "Russian Herald 1",
        "Russian Herald 2",
    ]
    assert groups.loc[groups["chosen"], "group"].tolist() == ["Russian"]
    groups = list_groups(planted_library, Choice(outlet="Russian Herald 2"))
    assert groups[groups["level"] == "article"]["group"].tolist() == [f"russian-2_0{n}" for n in (1, 2, 3)]
    assert groups["n_group_articles"].tolist() == [6, 6, 6, 3, 3, 1, 1, 1]


@pytest.mark.parametrize(
    ("term", "why"),
    [
        ("the", "a stop word"),
        ("zebra crossing", "no term that the study counts"),
        ("2", "no term that the study counts"),
    ],
)
def test_a_term_that_is_not_ranked_says_why_and_has_no_rate(planted_library, term, why):
    numbers = list_numbers(planted_library, Choice(term=term))[0]
    assert why in numbers.about
    assert [field.column for field in numbers.fields] == ["count", "articles_target"]


def test_several_together_are_counted_and_said_to_be(planted_library):
    choice = Choice(actor_id="us", term="praised")
    together = list_numbers(planted_library, choice)[-1]
    assert together.about.endswith("counted here")
    assert [field.column for field in together.fields] == ["count", "n_articles"]
    places = find_places(planted_library, choice)
    assert together.table.loc[together.table["level"] == "bloc", "count"].sum() == len(places) > 0


def test_nothing_chosen_shows_what_stands_out(planted_library):
    terms, actors, themes = list_numbers(planted_library, Choice(bloc="Chinese"))
    assert "harmony" in terms.table["item"].tolist()
    assert set(actors.table["item"]) == {"us", "russia", "china", "nato"}
    assert themes.table["item"].tolist() == list(planted_library.catalogue.themes)
    for numbers in (terms, actors, themes):
        assert set(numbers.table["group"]) == {"Chinese"}


def test_one_article_has_numbers_without_estimates(small_library):
    library = small_library(
        [{"article_id": "a1", "outlet": "人民日报", "bloc": "One", "published": "", "title": "",
          "text": "Russia met the US. Russia left the talks with the US and said so to the reporters in the hall."}]
    )  # fmt: skip
    table = list_numbers(library, Choice(actor_id="russia"))[0].table
    assert table["n_mentions"].tolist() == [2, 2]
    assert table["balance_low"].isna().all()
    assert (table["flag"] != "").all()
    assert "no second bloc" in list_numbers(library, Choice(term="talks"))[0].about
    assert [numbers.table.empty for numbers in list_numbers(library, Choice())] == [True, False, True]
