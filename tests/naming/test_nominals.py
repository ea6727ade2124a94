"""Short forms: what they go back to, and where they are left alone."""

from __future__ import annotations

import time
from datetime import date

import pytest

from analysis.actors import load_actors, project_actors
from analysis.mentions import find_mentions

ACTORS = load_actors(project_actors())
MAY_2019 = date(2019, 5, 15)
NOMINALS = {row.alias.lower() for row in ACTORS.aliases if row.nominal}


def nominals(text, published=MAY_2019):
    found = find_mentions(text, ACTORS, published=published)
    return [(text[m.start : m.end], m.actor_id) for m in found if m.alias.lower() in NOMINALS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Trump flew home. The president was tired.", [("The president", "trump")]),
        ("Putin came late.\n\n\u201cI waited\u201d, the President said.", [("the President", "putin")]),
        ("Trump said the president's plan and the\npresident\u2019s men were fine.",
         [("the president", "trump"), ("the\npresident", "trump")]),
        ("Macron spoke. The president left. Later the president slept.",
         [("The president", "macron"), ("the president", "macron")]),
        ("Trump met Vice President Mike Pence; the vice president and the president agreed.",
         [("the vice president", "pence"), ("the president", "trump")]),
        ("Lavrov flew in. The foreign minister smiled.", [("The foreign minister", "lavrov")]),
        ("Merkel won. The chancellor thanked them.", [("The chancellor", "merkel")]),
        ("Hillary Clinton wrote. The former secretary of state denied it.",
         [("The former secretary of state", "clinton")]),
        ("Obama wrote a book. The former president is on tour.", [("The former president", "obama")]),
        ("The F.B.I. objected; the bureau had warned the C.I.A., and the agency knew.",
         [("the bureau", "fbi"), ("the agency", "cia")]),
        ("The IAEA met. The agency will report.", [("The agency", "iaea")]),
        ("NATO met; the alliance agreed.", [("the alliance", "nato")]),
        ("The Justice Department refused. The department gave no reason.", [("The department", "us")]),
        ("The Trump administration refused; the administration is divided.", [("the administration", "us")]),
        ("Boris Johnson spoke. Mr. Johnson left, but Johnson will return.",
         [("Johnson", "johnson"), ("Johnson", "johnson")]),
        ("Jerome Powell raised rates. Powell's decision surprised them.", [("Powell", "jerome-powell")]),
        # the text has turned to one of two
        ("Trump met Macron. Trump spoke, Trump left, Trump wrote. The president slept.",
         [("The president", "trump")]),
        ("Trump and Trump; Macron; Trump, then Trump. The president slept.", [("The president", "trump")]),
    ],
)  # fmt: skip
def test_a_nominal_goes_back_to_what_was_named(text, expected):
    assert nominals(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # nobody was named before
        "The president was tired. Mr. Trump flew home.",
        "Johnson spoke before Boris Johnson did.",
        "The department and the administration, said the US.",
        # two are possible
        "Trump met Macron. The president slept.",
        "The CIA and the IAEA differ. The agency denied it.",
        # somebody else in between, or in the words themselves
        "Trump left. The president of Peru and the president at the time stayed.",
        "Trump left. A company's president spoke; later the president resigned.",
        "Trump left. President Emmerson Mnangagwa spoke. The president laughed.",
        "Trump left. The French president and the former president stayed.",
        "Trump left. The presidents, the president-elect and a president stayed.",
        "Trump left. The president and chief executive of the bank stayed.",
        "Boris Johnson left. Ron Johnson and Johnson Smith stayed.",
        "Boris Johnson left. Ron Johnson spoke. Johnson went on.",
        "Trump left. In Ghana, the president was sworn in.",
        "Trump left. Jim Ryan, the president, said so.",
        "Trump left. The president, John Smith, said so.",
        "Trump left. The President Hotel is closed.",
        # no words that are resolved: pronouns, possessives of them, plurals, indefinites
        "Trump left. He and his administration, the two leaders, a president and lawmakers.",
        # another alliance
        "NATO met. The alliance between Rome and Carthage and the alliance with Persia fell.",
        # states need the word itself
        "The US left. The department stayed.",
        # too far back
        "Trump left. " + "It rained in the town. " * 60 + "The president spoke.",
        # no holder of that office
        "Pompeo left. The president spoke.",
        "Obama left. The president spoke.",
    ],
)
def test_a_nominal_in_doubt_is_left_alone(text):
    assert nominals(text) == []


def test_the_office_is_that_of_the_day():
    text = "Medvedev spoke. The president left."
    assert nominals(text, date(2010, 1, 1)) == [("The president", "medvedev")]
    assert nominals(text, date(2019, 1, 1)) == []
    assert nominals(text, None) == []
    assert nominals("Obama spoke. The president left.", date(2016, 5, 1)) == [("The president", "obama")]


def test_a_surname_needs_no_date():
    assert nominals("Boris Johnson spoke. Johnson left.", None) == [("Johnson", "johnson")]


def test_a_chain_goes_over_resolved_nominals():
    text = "Trump left. " + "The president spoke at length about many things. " * 60
    assert len(nominals(text)) == 60


@pytest.mark.parametrize(
    "piece", ["the president ", "Trump. The president ", "US the agency ", "Johnson Boris Johnson "]
)
def test_many_nominals_take_no_longer_than_others(piece):
    began = time.process_time()
    find_mentions(piece * (200_000 // len(piece)), ACTORS, published=MAY_2019)
    assert time.process_time() - began < 10
