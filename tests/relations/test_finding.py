"""Directed relations in single sentences: every rule, what must not be found, and hostile text in linear time."""

import re
import time

import pytest

from analysis.relations.finding import find_relations
from analysis.relations.verbs import load_verbs

NAMES = {
    "Russian": "ru", "Russia": "ru", "Moscow": "ru", "Ukraine": "ua", "the US": "us", "US": "us", "China": "cn",
    "Iran": "ir", "Trump": "trump", "Putin": "putin", "Clinton": "clinton", "Obama": "obama", "Comey": "comey",
}  # fmt: skip
PERSONS = {"trump", "putin", "clinton", "obama", "comey"}
KINDS = {actor: "person" if actor in PERSONS else "state" for actor in NAMES.values()} | {
    "eu": "organisation"
}
PATTERN = re.compile(
    r"\b(?:the US|Russian|Russia|Moscow|Ukraine|US|China|Iran|Trump|Putin|Clinton|Obama|Comey)\b"
)


def relations(text):
    """List relations as "subject>object" with + or - and, unless asserted, the first letter of the status."""
    mentions = [(found.start(), found.end(), NAMES[found[0]]) for found in PATTERN.finditer(text)]
    return sorted(
        {
            f"{one.subject}>{one.object}{'+' if one.relation == 'cooperative' else '-'}"
            + ("" if one.status == "asserted" else one.status[0])
            for one in find_relations(text, mentions, load_verbs(), KINDS)
        }
    )


CASES = [
    ("Russia attacked Ukraine.", "ru>ua-"),
    ("Ukraine was attacked by Russia.", "ru>ua-"),
    ("Trump has long been criticised by Clinton and Obama.", "clinton>trump- obama>trump-"),
    ("Russia and China criticised the US.", "cn>us- ru>us-"),
    ("Russia, China and Iran criticised the US.", "cn>us- ir>us- ru>us-"),
    ("The US has accused Russia, China and Iran of spying.", "us>cn- us>ir- us>ru-"),
    # nouns
    ("Russia's invasion of Ukraine went on.", "ru>ua-"),
    ("US sanctions on Russia went on.", "us>ru-"),
    ("Sanctions were imposed on Russia by the US.", "us>ru-"),
    ("China imposed sanctions on Russia.", "cn>ru-"),
    ("Sanctions against Russia by China were lifted.", "cn>ru+"),
    ("The war of Russia against Ukraine goes on.", "ru>ua- ua>ru-"),
    ("Comey's firing by Trump was news.", "trump>comey-"),
    ("Comey faced considerable criticism from Trump.", "trump>comey-"),
    ("China signed a deal with Russia.", "cn>ru+ ru>cn+"),
    ("US-Russia talks failed.", "ru>us+ us>ru+"),
    ("Talks between China and Russia failed.", "cn>ru+ ru>cn+"),
    # who the subject is
    ("Trump said Russia attacked Ukraine.", "ru>ua-"),
    ("Trump said that Russia had attacked Ukraine.", "ru>ua-"),
    ("Trump accused Putin of having attacked Ukraine.", "putin>ua- trump>putin-"),
    ("Russia, which invaded Ukraine, criticised China.", "ru>cn- ru>ua-"),
    ("Trump, fired by China, attacked Iran.", "cn>trump- trump>ir-"),
    ("Clinton, a friend of Obama, criticised Trump.", "clinton>trump-"),
    ("Trump attacked Clinton and Obama criticised Putin.", "obama>putin- trump>clinton-"),
    ("Russia built roads and attacked Ukraine.", "ru>ua-"),
    ("The US decision to sanction Russia was welcomed by Ukraine.", "ua>us+ us>ru-"),
    ("Russia, along with China, built a road.", "cn>ru+ ru>cn+"),
    # pronouns that can mean one only
    ("Russia believes that China is attacking it.", "cn>ru-"),
    ("Trump was happy when he praised Putin.", "trump>putin+"),
    # what is not asserted
    ("Russia did not attack Ukraine.", "ru>ua-n"),
    ("Russia would attack Ukraine.", "ru>ua-h"),
    ("If Russia attacks Ukraine, nobody helps.", "ru>ua-h"),
    ("Russia attacked Ukraine?", "ru>ua-h"),
    ("Russia wants to attack Ukraine.", "ru>ua-h"),
    ("Trump urged China to punish Iran.", "cn>ir-h"),
    # words given, threats and refusals are asserted
    ("Russia threatened to attack Ukraine.", "ru>ua-"),
    ("Russia will attack Ukraine.", "ru>ua-"),
    ("Trump refused to meet Putin.", "putin>trump- trump>putin-"),
    # nothing
    ("Russian journalists criticised Putin.", ""),
    ("Trump praised a Russian singer.", ""),
    ("Trump called on Russia to leave Ukraine.", ""),
    ("Russia fears Ukraine.", "ru>ua-"),
    ("Trump fears Russia will leave Ukraine.", ""),
    ("Russia and Ukraine.", ""),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_rules(text, expected):
    assert relations(text) == expected.split()


def test_swapping_the_names_swaps_the_relation():
    swap = {"Russia": "China", "China": "Russia"}
    for text in (
        "Russia attacked China.",
        "Sanctions on Russia by China",
        "Russia's visit to China was long.",
    ):
        other = re.sub("Russia|China", lambda found: swap[found[0]], text)
        turned = relations(other)
        expected = [{"ru>cn": "cn>ru", "cn>ru": "ru>cn"}[one[:5]] + one[5:] for one in relations(text)]
        assert expected and sorted(expected) == turned


def test_one_actor_has_no_relation():
    assert find_relations("Russia attacked Moscow.", [(0, 6, "ru"), (16, 22, "ru")], load_verbs()) == []
    assert find_relations("", [], load_verbs()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Russia attacked Ukraine and China, " * 1500,
        "Russia attacked and " * 3000 + " Ukraine",
        "to attack " * 3000 + "Russia and Ukraine",
        "," * 9000 + "Russia, attacked Ukraine",
        "Russia and " * 4000 + "Ukraine attacked China",
        "(" * 9000 + "Russia attacked China",
        "Russia of " * 3000 + "China attacked " * 3000,
        "who " * 9000 + "Russia attacked China \x00\u202e",
    ],
    ids=range(8),
)
def test_hostile_sentences_neither_fail_nor_take_long(text):
    start = time.perf_counter()
    relations(text)
    assert time.perf_counter() - start < 5
