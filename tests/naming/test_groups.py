"""Persons in a role and spy agencies: whose they are, whom "the defendants" means, and where nobody is meant."""

from __future__ import annotations

import time
from datetime import date

import pytest

from analysis.actors import load_actors, project_actors
from analysis.aliases import FIELDS
from analysis.mentions import find_mentions

ACTORS = load_actors(project_actors())
JULY_2018 = date(2018, 7, 20)
NOUNS = {row.alias for row in ACTORS.aliases if row.role and row.alias.islower()}


def roles(text, published=JULY_2018):
    found = find_mentions(text, ACTORS, published=published)
    return [(text[m.start : m.end], m.actor_id) for m in found if m.alias in NOUNS]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the court: after a role, a nationality, a number of them
        ("A grand jury indicted 12 Russian intelligence officers. The defendants are not expected to appear in court.",
         [("The defendants", "russia")]),
        ("Two Chinese nationals were arrested in Ghent. The suspects deny it.", [("The suspects", "china")]),
        ("Two Russians were charged with murder. The suspects flew home.", [("The suspects", "russia")]),
        ("Thirteen Russians and three Russian companies were charged. The defendants bought advertisements.",
         [("The defendants", "russia")]),
        ("Italian prosecutors charged 23 Americans with kidnapping. The defendants were tried in their absence.",
         [("The defendants", "us")]),
        ("Australian police charged two Iranian nationals. The suspects appeared.", [("The suspects", "iran")]),
        ("Bulgarian nationals spied for Russia. The defendants face 14 years.", [("The defendants", "bulgaria")]),
        ("The suit was brought against nine Iranian nationals. It says that defendants stole research.",
         [("defendants", "iran")]),
        ("Two Syrian officers stood trial in Koblenz. The defendants in the case denied the charges.",
         [("The defendants", "syria")]),
        # the same noun, or one of the same field
        ("The Justice Department charged seven Iranian hackers. Prosecutors say the hackers attacked a dam.",
         [("the hackers", "iran")]),
        ("North Korean operatives poisoned the man. The agents then fled to Jakarta.", [("The agents", "north-korea")]),
        ("Cuban spies lived in Miami. The alleged spies were jailed in 2001.", [("The alleged spies", "cuba")]),
        ("Six Turkish soldiers died. Relatives of the soldiers gathered.", [("the soldiers", "turkey")]),
        ("Indian troops crossed the line. The troops withdrew.", [("The troops", "india")]),
        ("Three Saudi officials were named. The three officials deny it.", [("The three officials", "saudi-arabia")]),
        ("UN peacekeepers came under fire. The peacekeepers returned it.", [("The peacekeepers", "un")]),
        ("Five Polish soldiers and an interpreter were hurt. The soldiers were flown to Germany.",
         [("The soldiers", "poland")]),
        ("Chinese naval officers came. The naval officers saluted.", [("The naval officers", "china")]),
        # whose they are may stand behind, or before with "its"
        ("Officers of the G.R.U. broke in. The officers rented servers.", [("The officers", "russia")]),
        ("Hackers linked to the Chinese government did it. The hackers left few traces.", [("The hackers", "china")]),
        ("France recalled its diplomats from Niger. The diplomats flew to Paris.", [("The diplomats", "france")]),
        # a chain; and a noun that two countries do not share
        ("Indian sailors are held in Qatar. The sailors worked there, and diplomats have visited the sailors twice.",
         [("The sailors", "india"), ("the sailors", "india")]),
        ("Israeli soldiers and Palestinian gunmen exchanged fire. The gunmen fled. The soldiers followed.",
         [("The gunmen", "palestine"), ("The soldiers", "israel")]),
        ("Saudi agents came. Turkish investigators heard tapes. The agents had a jet, the investigators said.",
         [("The agents", "saudi-arabia"), ("the investigators", "turkey")]),
        # agencies
        ("Russia's military intelligence service, the G.R.U., denied it. The spy agency has an office in Vienna.",
         [("The spy agency", "russia")]),
        ("Mossad planned it. The intelligence service never comments.", [("The intelligence service", "israel")]),
        ("Pakistan's intelligence service knew. The spy agency rejected the claim.", [("The spy agency", "pakistan")]),
        ("The Russian government and its military spy agency did it.", [("its military spy agency", "russia")]),
    ],
)  # fmt: skip
def test_a_role_goes_back_to_its_country(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        # nobody was introduced, or not as persons
        "The defendants pleaded not guilty. Two Russians watched them.",
        "Russia denied it. The hackers and the spy agency of a European country had warned of it.",
        "A Russian witness said so. The defendants pleaded not guilty.",
        "The old Georgian houses in Bath were searched. The suspects had fled.",
        "Companies pay hackers for finding errors. The hackers are teenagers.",
        "Russia denied it. The spy agency knew more.",
        # two countries, or persons of two
        "Two Russian officers and three German officers met. The officers shook hands.",
        "Russian and Iranian hackers were blamed. The hackers asked for bitcoin.",
        "Russian hackers and Chinese hackers were named. The hackers used the same servers.",
        "Three Russians and a Ukrainian were charged. The defendants did not come.",
        "The indictment names four Chinese officers and an American accomplice. The defendants are at large.",
        "Japan sent envoys. Japanese envoys and Chinese envoys met. The envoys were tired.",
        "The G.R.U. and the C.I.A. denied it. The spy agency had no comment.",
        "Bosnian Serb soldiers were convicted. The defendants listened in silence.",
        # strangers
        "Russian soldiers came. Three men shot at them. The suspects were caught.",
        "Iranian diplomats came. Police officers stood at the gate. The officers checked the papers.",
        "Russian agents were expelled. FBI agents had watched them. The agents wrote reports.",
        "Russian agents were expelled. Other agents stayed. The agents wrote reports.",
        "Twelve Russian officers were indicted, and other defendants are unknown. The defendants are at home.",
        "The BND warned of it. Russian intelligence denied it. The BND was sure. The spy agency stood by its report.",
        # not the persons of that country, although they are near
        "Pro-Russian fighters held the town. The fighters left.",
        "US-trained soldiers deserted. The soldiers took their weapons.",
        "Russian-speaking hackers were blamed. The hackers asked for bitcoin.",
        "Ethnic Russian fighters came. The fighters left.",
        "Egypt met soldiers from Chad. The soldiers left.",
        "Russia told the company that its spy agency was to blame.",
        # somebody else is charged, sued or arrested; those who arrest; the victims
        "Russian agents met Paul Manafort. Mr. Mueller charged Paul Manafort with fraud. The defendants deny it.",
        "The suit accuses Russia and WikiLeaks of theft. Russian agents are named. The defendants deny it.",
        "The suit accuses Russia, the Trump campaign and WikiLeaks. Russian agents are named. The defendants deny it.",
        "Russian agents arrested a Briton in Minsk. The suspects were shown on television.",
        "Four Americans were kidnapped in Matamoros. The suspects were handed over.",
        "Gunmen killed four American soldiers. The suspects were handed over.",
        # what follows says which ones; what precedes is another country
        "Russian officers met in Sochi. The officers of the ship were Greek.",
        "Russian hackers were at work. The hackers who broke into Sony came from elsewhere.",
        "Chinese students came. Chinese diplomats did, too. The diplomats from Oslo left.",
        "Chinese soldiers crossed the river. In India, the soldiers were awaited.",
        "Iranian hackers were blamed. The suspects are three Germans.",
        "Iranian hackers were blamed. The suspects, two Germans and a Belgian, were freed.",
        "Iranian hackers were blamed. The suspects, John Smith and others, were freed.",
        "Iranian officers came. The police officers left.",
        # in general, as a predicate, singular, other determiners
        "Iranian hackers were blamed. Defendants often take years to be found.",
        "Iranian hackers were blamed. They were named as defendants, with criminal defendants of other countries.",
        "Twelve Russian officers were indicted. A defendant's lawyer and the defendant said nothing.",
        "Russian hackers came. Some hackers, his hackers, many suspects and all sorts of agents left.",
        # too far back
        "Russian soldiers took the town. " + "It rained for days in the valley. " * 40 + "The soldiers left.",
    ],
)  # fmt: skip
def test_a_role_in_doubt_is_left_alone(text):
    assert roles(text) == []


def test_a_name_that_is_no_alias_is_no_mention():
    assert roles("Agents of the CIA came. The BND and the agents met.") == [("the agents", "cia")]
    assert find_mentions("the General Intelligence Directorate", ACTORS) == []


def test_roles_are_marked_as_short_forms_of_the_actor():
    text = "Seven Iranian hackers were charged. The hackers left."
    last = find_mentions(text, ACTORS, published=JULY_2018)[-1]
    assert (text[last.start : last.end], last.actor_id, last.alias) == ("The hackers", "iran", "hackers")


def test_every_role_has_fields_and_is_found_in_a_text():
    for row in ACTORS.aliases:
        if row.role:
            assert set(row.label.split()) <= set(FIELDS)
            assert any(row in rows for _, _, rows in ACTORS.find_aliases(f"the {row.alias} there"))


@pytest.mark.parametrize(
    "noun",
    sorted(
        row.alias for row in ACTORS.aliases if row.role and "agency" not in row.label and row.alias.islower()
    ),
)
def test_every_noun_goes_back_to_persons_of_any_country(noun):
    before = {"court": "Two Peruvian spies"}
    field = next(row.label for row in ACTORS.aliases if row.role and row.alias == noun)
    text = f"{before.get(field, f'Two Peruvian {noun}')} came. The {noun} left."
    assert roles(text) == [(f"The {noun}", "peru")]


@pytest.mark.parametrize(
    "piece",
    [
        "the defendants ",
        "Russian agents. The agents ",
        "two Russians were charged. The suspects ",
        "its spies ",
    ],
)
def test_many_roles_take_no_longer_than_others(piece):
    began = time.process_time()
    find_mentions(piece * (60_000 // len(piece)), ACTORS, published=JULY_2018)
    assert time.process_time() - began < 5
