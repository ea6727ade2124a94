"""Words for another state: "a hostile foreign power", "the military spy agency", and where they mean nobody."""

from __future__ import annotations

import time

import pytest

from analysis.actors import load_actors, project_actors
from analysis.mentions import find_mentions

ACTORS = load_actors(project_actors())
# names Russia three times, and the United States
RUSSIA = "Russia hacked the Democratic Party, U.S. officials say. Moscow denies it. Putin laughed at Congress. "
KOREA = "Seoul was calm. South Korea's president apologized, and South Koreans slept. "


def others(text):
    found = find_mentions(text, ACTORS)
    return [
        (text[m.start : m.end], m.actor_id)
        for m in found
        if m.alias.startswith("hostile foreign") or m.alias == "military spy agency"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (RUSSIA + "He sided with a hostile foreign power.", [("a hostile foreign power", "russia")]),
        (RUSSIA + "The hostile foreign government won.", [("The hostile foreign government", "russia")]),
        (RUSSIA + "That hostile foreign state, he said, won.", [("That hostile foreign state", "russia")]),
        (RUSSIA + "The military spy agency did it.", [("The military spy agency", "russia")]),
        (RUSSIA + "The suit is against the military spy agency.", [("the military spy agency", "russia")]),
        # a heading leaves the article out
        (RUSSIA + "\n\nMilitary spy agency named in suit", [("Military spy agency", "russia")]),
        # an agency needs no mention of the United States; a power does
        (KOREA + "The offices of the military spy agency were searched.", [("the military spy agency", "south-korea")]),
        (KOREA + "It was the work of a hostile foreign power.", []),
        # persons and organisations name their state
        ("Putin met Lavrov. The GRU hacked the F.B.I. He defended a hostile foreign power.",
         [("a hostile foreign power", "russia")]),
    ],
)
def test_words_for_another_state_mean_the_only_one_that_is_named(text, expected):
    assert others(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # too few mentions, or of several states
        "Trump spoke of Norway. He would take help from a hostile foreign power.",
        RUSSIA + "China watched. He sided with a hostile foreign power.",
        "The Americans spoke. The United States is ready, Washington says. He sided with a hostile foreign power.",
        # none in particular
        RUSSIA + "He would never side with a hostile foreign power.",
        RUSSIA + "Nobody is helped if a hostile foreign power calls.",
        RUSSIA + "A hostile foreign power could do so again.",
        RUSSIA + "He sided with no hostile foreign power.",
        RUSSIA + "Few have met another hostile foreign power.",
        RUSSIA + "He sided with hostile foreign powers.",
        # says which
        RUSSIA + "He sided with a hostile foreign power like Iraq.",
        RUSSIA + "He spoke of a hostile foreign power that nobody knows.",
        RUSSIA + "He sided with a hostile foreign power, Freedonia, again.",
        RUSSIA + "The military spy agency of Freedonia did it.",
        RUSSIA + "The military spy agency (FBA) did it.",
        # beside the name that it explains
        RUSSIA + "He sided with Moscow, a hostile foreign power.",
        RUSSIA + "His military spy agency did it.",
    ],
)
def test_in_doubt_nobody_is_meant(text):
    assert others(text) == []


def test_a_hypothesis_is_one_of_its_own_sentence():
    before = RUSSIA + "Nobody could know. He sided with a hostile foreign power. It might know."
    assert others(before) == [("a hostile foreign power", "russia")]


def test_an_agency_that_was_named_comes_before_the_state():
    text = RUSSIA + "He led the Defense Intelligence Agency. The military spy agency let him go."
    assert others(text) == [("The military spy agency", "us")]


def test_the_time_grows_with_the_text_only():
    def seconds(times):
        text = RUSSIA * times + "He sided with a hostile foreign power. " * times
        start = time.process_time()
        assert len(others(text)) == times
        return time.process_time() - start

    seconds(20)
    small = min(seconds(200) for _ in range(3))
    assert seconds(1600) < 8 * 6 * small
