"""The numbers that a sentence stands behind are the study's, and have the sentence among their evidence."""

from __future__ import annotations

from analysis.reading_room.choice import Choice
from analysis.reading_room.places import find_places
from analysis.reading_room.sentences import list_behind


def test_every_number_has_the_sentence_in_its_evidence(planted_library):
    library, checked = planted_library, 0
    for article_id in ("chinese-1_01", "western-2_03"):
        article = library.article(article_id)
        for sentence in article.sentences[::3]:
            for item in list_behind(library, article_id, sentence.start, sentence.end):
                found = find_places(library, item.choice)
                inside = (found["article_id"] == article_id) & (found["start"] < sentence.end)
                assert (inside & (found["end"] > sentence.start)).any(), item
                level, group = item.choice.place
                assert group == getattr(article, level)
                checked += 1
    assert checked > 20


def test_the_values_are_those_of_the_tables(planted_library):
    library = planted_library
    place = library.actor_places("nato").iloc[0]
    article = library.article(place["article_id"])
    span = article.sentences[place["sentence_id"]]
    found = [
        item
        for item in list_behind(library, article.article_id, span.start, span.end)
        if item.choice.actor_id
    ]
    assert [item.group for item in found] == [article.outlet, article.bloc]
    for item in found:
        level, group = item.choice.place
        row = library.table("sentiment").query(
            "actor_id == 'nato' and level == @level and group == @group and voice == 'all'"
        )
        assert (item.value, item.n, item.flag) == (
            row["balance"].item(),
            row["n_mentions"].item(),
            row["flag"].item(),
        )


def test_the_planted_term_is_among_them(planted_library):
    place = find_places(planted_library, Choice(term="harmony")).iloc[0]
    found = list_behind(planted_library, place["article_id"], place["start"], place["end"])
    assert {item.choice.term for item in found if item.choice.term} == {"harmony"}
