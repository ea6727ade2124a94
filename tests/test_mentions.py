"""Alias matching: words, case, dates, titles, stop aliases, and texts made to break it."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.actors import load_actors, project_actors
from analysis.aliases import STOP
from analysis.mentions import Mention, find_mentions

ACTORS = load_actors(project_actors())
MAY_2019 = date(2019, 5, 15)


def named(text, published=MAY_2019):
    return [(text[m.start : m.end], m.actor_id) for m in find_mentions(text, ACTORS, published=published)]


@pytest.mark.parametrize(
    "text",
    [
        "focus",
        "Russianize",
        "chinaware",
        "discus",
        "used",
        "us and them",
        "Us",
        "china cups",
        "a turkey",
        "trump card",
        "USB",
        "USSR",
        "US_x",
        "Xi'an",
        "Xi\u2019an",
        "unpolished",
        "polish",
        "George Washington",
        "The Washington Post",
        "the Washington Times",
        "Washington State",
        "Denzel Washington",
        "Michael Jordan",
        "Jim Jordans",
        "US$25 billion",
        "Latin America",
        "South Americans",
        "African-American",
        "South China Sea",
        "Atlanta, Georgia",
        "Georgia Tech",
        "the Georgia Senate",
        "a summit in Paris",
        "the Paris summit",
        "Liberal Democrats",
        "19th Congress",
        "Kim Kardashian",
        "New Mexico",
        "LET US GO",
        "TELL US WHO WON",
        "Somalian",
        "Indiana",
        "Romantic",
        "US\u00adage",
        "US\u0301",
        "",
    ],
)
def test_no_mention(text):
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("US-Russia ties", [("US", "us"), ("Russia", "russia")]),
        ("US\u2014Russia ties", [("US", "us"), ("Russia", "russia")]),
        ("Pompeo\u2013Lavrov meeting", [("Pompeo", "pompeo"), ("Lavrov", "lavrov")]),
        ("Russo-American", [("Russo", "russia"), ("American", "us")]),
        ("Sino\u2013Russian", [("Sino", "china"), ("Russian", "russia")]),
        ("Rene Russo", []),
        ("Russia's and Russia\u2019s", [("Russia", "russia"), ("Russia", "russia")]),
        ("the US' and US\u2019 allies", [("US", "us"), ("US", "us")]),
        ("the U.S. and the U.S.A.", [("U.S.", "us"), ("U.S.A.", "us")]),
        ("U.S.-led; in the U.S.", [("U.S.", "us"), ("U.S.", "us")]),
        ("the US. Congress", [("US. Congress", "us")]),
        ("CHINA AND TRUMP", [("CHINA", "china"), ("TRUMP", "trump")]),
        ("US", [("US", "us")]),
        ("North Kore, Iran", [("North Kore", "north-korea"), ("Iran", "iran")]),
        ("North\nKorea", [("North\nKorea", "north-korea")]),
        ("White \n House", [("White \n House", "us")]),
        ("White\n\nHouse", []),
        ("White\u00a0House", [("White\u00a0House", "us")]),
        ("NATO and Nato", [("NATO", "nato"), ("Nato", "nato")]),
        ("Georgia and Tbilisi", [("Georgia", "georgia"), ("Tbilisi", "georgia")]),
        ("\u0130ran, \u0130 and China", [("\u0130ran", "iran"), ("China", "china")]),
        ("\U0001f600 China \ud800 Iran", [("China", "china"), ("Iran", "iran")]),
        ("\u202eRussia\u202c", [("Russia", "russia")]),
        ("Washington-Moscow", [("Washington", "us"), ("Moscow", "russia")]),
        ("the Maduro government", [("Maduro government", "venezuela")]),
    ],
)
def test_mentions(text, expected):
    assert named(text) == expected


SENTENCES = [
    # Washington
    ("Washington, D.C., Nov. 3 – Snow fell on the Mall.", []),
    ("Their office at 1200 Main Street, Washington, DC 20036 is closed.", []),
    ("He lives in Washington, D.C., with his wife.", []),
    ("Officials in Washington condemned the strike.", [("Washington", "us")]),
    ("Washington's sanctions angered Moscow.", [("Washington", "us"), ("Moscow", "russia")]),
    ("The Washington Post reported it first.", []),
    ("George Washington crossed the Delaware.", []),
    ("Denzel Washington and Kerry Washington starred.", []),
    ("Fires spread across Washington state and eastern Washington.", []),
    ("Seattle, Washington, is wet.", []),
    ("The Washington Capitals beat the Washington Wizards' neighbours.", []),
    ("The Washington Monument reopened.", []),
    # towns that share a name
    ("Clinton, Iowa, has a new mayor.", []),
    ("He grew up in Moscow, Idaho.", []),
    ("China, Maine, voted on Tuesday.", []),
    ("A flood hit Lebanon, Pennsylvania.", []),
    ("Paris, Texas, is a film.", []),
    ("They moved from Athens, Ohio, to Cuba, Missouri.", []),
    ("The plant in Peru, Ind., will shut.", []),
    ("Warsaw, N.Y., and Rome, Georgia, are small.", []),
    ("London, Ontario, is in Canada.", [("Canada", "canada")]),
    # Georgia
    ("Atlanta, Georgia, hosted the Games.", []),
    ("The Georgia Senate race went to a runoff.", []),
    ("Gov. Brian Kemp of Georgia signed the bill.", [("Brian Kemp", "kemp")]),
    ("Sen. Jon Ossoff, a Democrat, won Georgia.", [("Jon Ossoff", "ossoff"), ("Democrat", "us-democrats")]),
    ("Johnny Isakson (R-Ga.) spoke for Georgia.", []),
    ("Voters in Georgia, Arizona and Nevada decided the election.", []),
    ("The University of Georgia beat Alabama.", []),
    ("A jury in Fulton County heard that Georgia had been lost.", []),
    ("Russia invaded Georgia in August 2008.", [("Russia", "russia"), ("Georgia", "georgia")]),
    (
        "Georgia and Ukraine hope to join NATO.",
        [("Georgia", "georgia"), ("Ukraine", "ukraine"), ("NATO", "nato")],
    ),
    (
        "The Georgian president met EU envoys in Tbilisi.",
        [("Georgian president", "zourabichvili"), ("EU", "eu"), ("Tbilisi", "georgia")],
    ),
    (
        "Citizens in Georgia and Ukraine stood up. Georgia's vote is not over.",
        [("Georgia", "georgia"), ("Ukraine", "ukraine"), ("Georgia", "georgia")],
    ),
    ("Voters in Georgia go to the polls.", []),
    ("The Georgia news media reported it, and Georgians were angry.", []),
    ("Georgia's prime minister resigned.", [("Georgia", "georgia")]),
    ("The mass shooting in Georgia shocked the nation.", []),
    (
        "Regulators in Georgia set the price of power. " + "x " * 120 + "Ukraine pays more.",
        [("Ukraine", "ukraine")],
    ),
    # abbreviations with more than one meaning
    ("Freight rates are a matter of the ICC.", []),
    ("The ICC in the Hague issued an arrest warrant.", [("ICC", "icc")]),
    ("CIS Technologies reported a loss.", []),
    ("Minsk hosted the CIS.", [("Minsk", "belarus"), ("CIS", "cis")]),
    ("a group of eight senators and a group of 20 pct holders", []),
    ("the group of eight industrialised nations", [("group of eight industrialised", "g8")]),
    ("CCTV cameras watched the street, and CNN meteorologist Chad Myers the sky.", []),
    (
        "China's CCTV showed Chad's president in Libya.",
        [("China", "china"), ("CCTV", "cctv"), ("Chad", "chad"), ("Libya", "libya")],
    ),
    # addresses
    ("See https://www.rt.com/russia/us-sanctions for more on Iran.", [("Iran", "iran")]),
    ("Read india.wsj.com, cyprus-mail.com and (http://a.org/china).", []),
    ("https://x.com/@Russia, https://x.org/a,russia,b and HTTPS://EXAMPLE.ORG/RUSSIA", []),
    ("Write to gru@kremlin.ru or read state.gov/russia.", []),
    ("RT.com reported that Russia.Trump agreed.", [("RT", "rt"), ("Russia", "russia"), ("Trump", "trump")]),
    ("Capt. Jan Jordan spoke. Comparisons with Jordan are unavoidable.", []),
    (
        "Leaders of Jordan, Britain and Egypt met.",
        [("Jordan", "jordan"), ("Britain", "uk"), ("Egypt", "egypt")],
    ),
    # parties of other countries
    (
        "Mubarak's National Democratic Party won, said New Democratic Party leader Ed Broadbent.",
        [("Mubarak", "mubarak")],
    ),
    ("South Korea's Democratic Party won.", [("South Korea's Democratic Party", "south-korea")]),
    (
        "Italy's Christian Democrats, the Radical Democrats and Irish Republicans met.",
        [("Italy", "italy"), ("Irish Republicans", "ireland")],
    ),
    (
        "The Democratic Party and House Republicans met.",
        [("Democratic Party", "us-democrats"), ("House Republicans", "us-republicans")],
    ),
    # other bearers of a surname
    (
        "West German Finance Minister Gerhard Stoltenberg spoke. Stoltenberg was pleased.",
        [("German", "germany")],
    ),
    (
        "Jens Stoltenberg and Gerhard Stoltenberg spoke. Stoltenberg was pleased.",
        [("Jens Stoltenberg", "stoltenberg"), ("Stoltenberg", "stoltenberg")],
    ),
    (
        "Stoltenberg left. Gerhard Stoltenberg spoke. Stoltenberg was pleased.",
        [("Stoltenberg", "stoltenberg")],
    ),
    (
        "Meghan McCain spoke. Senator McCain was her father. McCain died.",
        [("McCain", "mccain"), ("McCain", "mccain")],
    ),
    ("Jill Biden left for Kyiv. Biden stayed.", [("Kyiv", "ukraine"), ("Biden", "biden")]),
    ("Teresa Heinz Kerry spoke. Kerry left.", [("Kerry", "kerry")]),
    ("By Michael Gordon\nTrump spoke on Friday. Trump left.", [("Trump", "trump")]),
    ("After Hurricane Maria Trump flew off. Trump came back.", [("Trump", "trump"), ("Trump", "trump")]),
    ("King George V. Russia and Germany fought.", [("Russia", "russia"), ("Germany", "germany")]),
    ("Donald Trump, Jr. met them.", [("Donald Trump, Jr.", "trump-jr")]),
    ("Reggie Bush won a trophy. Bush was a running back.", []),
    ("Michelle Obama spoke. Obama listened.", [("Michelle Obama", "michelle-obama"), ("Obama", "obama")]),
    ("Patrolman Robert J. Nunes investigated. Nunes found nothing.", []),
    ("Secretary of State John F. Kerry was denounced.", [("Kerry", "kerry")]),
    ("George W. Bush and Richard B. Cheney ran.", [("George W. Bush", "bush"), ("Cheney", "cheney")]),
    ("the George W. Bush administration", [("Bush administration", "us")]),
    # Turkey and other things
    ("Turkey was served with cranberry sauce on Thanksgiving.", []),
    ("Roast Turkey with gravy is on the menu.", []),
    ("A wild turkey crossed the road.", []),
    ("Turkey and Syria closed the border.", [("Turkey", "turkey"), ("Syria", "syria")]),
    ("Polish the table with a soft cloth.", []),
    ("Polish officials and Poles protested.", [("Polish", "poland"), ("Poles", "poland")]),
    ("The white house on the hill is for sale.", []),
    ("The White House declined to comment.", [("White House", "us")]),
    ("She kept the plates in a china cabinet.", []),
    ("A China cabinet and Chinese checkers were sold.", []),
    ("Guinea pigs and Brazil nuts are imported.", []),
    ("French fries, Swiss cheese and Turkish delight.", []),
    ("The bush was full of birds; Bush tucker is eaten there.", []),
    ("Reggie Bush and Kate Bush sang.", []),
    ("He played his trump card; it was no Trump card.", []),
    ("In May the talks may resume on May 5.", []),
    ("Theresa May resigned in May.", [("Theresa May", "may")]),
    ("The Greek letter Xi follows Nu, Xi, Omicron.", [("Greek", "greece")]),
    # persons
    ("Michael Jordan and Jordan Peterson shook hands.", []),
    ("Jordan scored 40 points in the NBA final.", []),
    ("Jordan's king visited Amman.", [("Jordan", "jordan"), ("Amman", "jordan")]),
    ("Chad Smith plays the drums; Chad Wolf resigned.", [("Chad Wolf", "wolf")]),
    ("Chad's army crossed into Libya.", [("Chad", "chad"), ("Libya", "libya")]),
    ("Paris Hilton and Paris Jackson were in New York.", []),
    ("Lara Trump, Jill Biden and Mary Cheney spoke.", []),
    ("Steve Israel represented New York.", []),
    ("Taylor Swift and Jonathan Swift wrote.", []),
    # us
    ("TELL US MORE ABOUT IT", []),
    ("GIVE US A BREAK, SAYS NURSE", []),
    ("Us and them; join us, or let us go.", []),
    ("Us Weekly printed the photos.", []),
    ("The fee is US$30 or 5 US cents.", []),
    ("CHINA WARNS RUSSIA OVER IRAN", [("CHINA", "china"), ("RUSSIA", "russia"), ("IRAN", "iran")]),
    ("U.S. STRIKES SYRIA", [("U.S.", "us"), ("SYRIA", "syria")]),
    # forms
    (
        "US-Russia and Russia\u2013US talks",
        [("US", "us"), ("Russia", "russia"), ("Russia", "russia"), ("US", "us")],
    ),
    (
        "Sino-Russian and Russo-Georgian ties",
        [("Sino", "china"), ("Russian", "russia"), ("Russo", "russia"), ("Georgian", "georgia")],
    ),
    (
        "an anti-American, pro-Russian and anti-Chinese crowd",
        [("anti-American", "us"), ("pro-Russian", "russia"), ("Chinese", "china")],
    ),
    ("the U.S.-led coalition and U.S.-backed rebels", [("U.S.", "us"), ("U.S.", "us")]),
    (
        "Americans, Russians and Germans agree; the Chinese do not.",
        [("Americans", "us"), ("Russians", "russia"), ("Germans", "germany"), ("Chinese", "china")],
    ),
    (
        "China\u2019s, Trump\u2019s and Moscow's plans",
        [("China", "china"), ("Trump", "trump"), ("Moscow", "russia")],
    ),
    (
        "the United States\u2019 and the United States' role",
        [("United States", "us"), ("United States", "us")],
    ),
    (
        "the United\nStates and North\u00a0Korea",
        [("United\nStates", "us"), ("North\u00a0Korea", "north-korea")],
    ),
    ("Secretary of\nState Mike\nPompeo left.", [("Secretary of\nState Mike\nPompeo", "pompeo")]),
    (
        "Mr. Putin\u2014Russia\u2019s president\u2014smiled.",
        [("Putin", "putin"), ("Russia\u2019s president", "putin")],
    ),
    ("non-Russian, un-American", [("Russian", "russia"), ("American", "us")]),
    ("South American, Latin American and African-American voters", []),
    ("North Kore and the US. Congress", [("North Kore", "north-korea"), ("US. Congress", "us")]),
    # offices
    ("The British Prime Minister Lloyd George signed.", [("British", "uk")]),
    ("Texas Attorney General Ken Paxton sued.", []),
    ("Georgia Secretary of State Brad Raffensperger refused.", [("Brad Raffensperger", "raffensperger")]),
    ("Secretary of State Katie Hobbs of Arizona certified it.", []),
    ("He may run for US president as a Republican.", [("US", "us"), ("Republican", "us-republicans")]),
    ("A former Russian president was there.", [("Russian", "russia")]),
    ("The US vice president and the deputy secretary of state met.", [("US vice president", "pence")]),
    (
        "Obama\u2019s secretary of state and Britain's Secretary of State met.",
        [("Obama", "obama"), ("Britain", "uk")],
    ),
    (
        "Then Secretary of State Mike Pompeo and the Secretary of State left.",
        [("Secretary of State Mike Pompeo", "pompeo"), ("Secretary of State", "pompeo")],
    ),
    ("The president of the company and the president of Peru met.", [("Peru", "peru")]),
    # states of like names
    (
        "Niger and Nigeria; Dominica and the Dominican Republic.",
        [
            ("Niger", "niger"),
            ("Nigeria", "nigeria"),
            ("Dominica", "dominica"),
            ("Dominican Republic", "dominican-republic"),
        ],
    ),
    (
        "Guinea, Guinea-Bissau, Equatorial Guinea and Papua New Guinea",
        [
            ("Guinea", "guinea"),
            ("Guinea-Bissau", "guinea-bissau"),
            ("Equatorial Guinea", "equatorial-guinea"),
            ("Papua New Guinea", "papua-new-guinea"),
        ],
    ),
    (
        "Sudan and South Sudan; the Sudanese and the South Sudanese",
        [
            ("Sudan", "sudan"),
            ("South Sudan", "south-sudan"),
            ("Sudanese", "sudan"),
            ("South Sudanese", "south-sudan"),
        ],
    ),
    (
        "the Republic of the Congo, Congo-Brazzaville and the Democratic Republic of the Congo",
        [
            ("Republic of the Congo", "congo"),
            ("Congo-Brazzaville", "congo"),
            ("Democratic Republic of the Congo", "drc"),
        ],
    ),
    (
        "the People\u2019s Republic of China and the Republic of China",
        [("People\u2019s Republic of China", "china"), ("Republic of China", "taiwan")],
    ),
    (
        "Viet Nam, C\u00f4te d\u2019Ivoire, T\u00fcrkiye and the Republic of Korea",
        [
            ("Viet Nam", "vietnam"),
            ("C\u00f4te d\u2019Ivoire", "ivory-coast"),
            ("T\u00fcrkiye", "turkey"),
            ("Republic of Korea", "south-korea"),
        ],
    ),
    (
        "the DPRK, the Democratic People\u2019s Republic of Korea and the Russian Federation",
        [
            ("DPRK", "north-korea"),
            ("Democratic People\u2019s Republic of Korea", "north-korea"),
            ("Russian Federation", "russia"),
        ],
    ),
    # names that share their last words
    ("North and South Korea talk.", [("North", "north-korea"), ("South Korea", "south-korea")]),
    ("South or North Koreans", [("South", "south-korea"), ("North Koreans", "north-korea")]),
    ("Bill and Hillary Clinton", [("Bill", "bill-clinton"), ("Hillary Clinton", "clinton")]),
    # the relative is no actor of the table, the president is
    ("Joe and Jill Biden", [("Joe", "biden")]),
    ("State and Justice Department", [("State", "us"), ("Justice Department", "us")]),
    # no name with the last words of the next, or a name of its own
    ("Somewhere North and far South Korea", [("South Korea", "south-korea")]),
    ("True and Hillary Clinton", [("Hillary Clinton", "clinton")]),
    ("Russia and South Korea", [("Russia", "russia"), ("South Korea", "south-korea")]),
    ("north and South Korea", [("South Korea", "south-korea")]),
    ("Up North, and South Korea", [("South Korea", "south-korea")]),
    ("North and\n\nSouth Korea", [("South Korea", "south-korea")]),
    ("Mid-North and South Korea", [("South Korea", "south-korea")]),
    ("North and South Carolina", []),
    # bodies of states
    ("The ISI denied it in Islamabad.", [("ISI", "pakistan"), ("Islamabad", "pakistan")]),
    ("A journal of the ISI.", []),
    ("Kyiv's SBU did it.", [("Kyiv", "ukraine"), ("SBU", "ukraine")]),
    ("An SBU of the company", []),
    ("The BND of Germany", [("BND", "germany"), ("Germany", "germany")]),
    ("Canada's spy agency, CSIS, knew.", [("Canada", "canada")]),
    ("CSIS, a think tank in Washington, knew.", [("CSIS", "us-think-tanks"), ("Washington", "us")]),
    ("Shin Bet and ASIO met the RCMP", [("Shin Bet", "israel"), ("ASIO", "australia"), ("RCMP", "canada")]),
]


def test_the_table_of_hostile_sentences_is_long_and_has_both_kinds():
    assert len({text for text, _ in SENTENCES}) >= 90
    assert sum(not expected for _, expected in SENTENCES) >= 40
    assert sum(bool(expected) for _, expected in SENTENCES) >= 30


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text[:30] for text, _ in SENTENCES])
def test_hostile_sentences(text, expected):
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "published", "expected"),
    [
        ("the US president", date(2016, 1, 1), [("US president", "obama")]),
        ("the US President", date(2017, 1, 19), [("US President", "obama")]),
        ("the US President", date(2017, 1, 20), [("US President", "trump")]),
        ("the US president", date(2022, 1, 1), [("US president", "biden")]),
        ("the US president", (date(2018, 1, 1), date(2018, 12, 31)), [("US president", "trump")]),
        ("the US president", (date(2017, 1, 1), date(2017, 12, 31)), [("US", "us")]),
        ("the US president", None, [("US", "us")]),
        ("the US president", date(1960, 1, 1), [("US", "us")]),
        ("Russian president", date(2010, 1, 1), [("Russian president", "medvedev")]),
        ("China's foreign minister", date(2019, 1, 1), [("China's foreign minister", "wang-yi")]),
        ("the Secretary of State", date(2019, 1, 1), [("Secretary of State", "pompeo")]),
        ("the Secretary of State for Defence", date(2019, 1, 1), []),
        ("the secretary of state", None, [("secretary of state", "us")]),
        ("a former US president", date(2019, 1, 1), [("US", "us")]),
        ("then-US president", date(2019, 1, 1), [("US", "us")]),
        ("the US presidential election", date(2019, 1, 1), [("US", "us")]),
        ("the US president", date(2016, 5, 10), [("US president", "obama")]),
        ("the US president", date(2021, 1, 20), [("US president", "biden")]),
        ("the US president", date(2025, 1, 20), [("US president", "trump")]),
        ("the US president", (date(2017, 1, 19), date(2017, 1, 20)), [("US", "us")]),
        ("Russia's president", date(2008, 5, 6), [("Russia's president", "putin")]),
        ("Russia's president", date(2008, 5, 8), [("Russia's president", "medvedev")]),
        ("Russia's president", date(2012, 5, 6), [("Russia's president", "medvedev")]),
        ("Russia's president", date(2012, 5, 8), [("Russia's president", "putin")]),
        ("Russia's prime minister", date(2010, 1, 1), [("Russia's prime minister", "putin")]),
        ("Russia's prime minister", date(2019, 1, 1), [("Russia's prime minister", "medvedev")]),
        ("the Chinese president", date(2012, 1, 1), [("Chinese president", "hu-jintao")]),
        ("the Chinese president", date(2014, 1, 1), [("Chinese president", "xi")]),
        ("the Ukrainian president", date(2019, 5, 19), [("Ukrainian president", "poroshenko")]),
        ("the Ukrainian president", date(2019, 5, 21), [("Ukrainian president", "zelensky")]),
        ("the UK prime minister", date(2016, 7, 12), [("UK prime minister", "cameron")]),
        ("the UK prime minister", date(2016, 7, 14), [("UK prime minister", "may")]),
        ("the British prime minister", date(2024, 8, 1), [("British prime minister", "starmer")]),
        ("the German chancellor", date(2021, 12, 7), [("German chancellor", "merkel")]),
        ("the German chancellor", date(2021, 12, 9), [("German chancellor", "scholz")]),
        ("the French president", date(2012, 5, 14), [("French president", "sarkozy")]),
        ("the French president", date(2017, 5, 15), [("French president", "macron")]),
        ("the UN secretary-general", date(2016, 12, 31), [("UN secretary-general", "ban-ki-moon")]),
        ("the UN secretary-general", date(2017, 1, 1), [("UN secretary-general", "guterres")]),
        ("the NATO secretary general", date(2014, 9, 30), [("NATO secretary general", "rasmussen")]),
        ("the NATO secretary general", date(2014, 10, 1), [("NATO secretary general", "stoltenberg")]),
        ("the NATO secretary general", date(2024, 10, 2), [("NATO secretary general", "rutte")]),
        ("the NATO secretary general", None, [("NATO", "nato")]),
        ("the German chancellor", None, [("German", "germany")]),
        ("a secretary of state", date(2019, 1, 1), [("secretary of state", "us")]),
        ("the US president-elect", date(2020, 12, 1), [("US", "us")]),
        ("the US president Monday said", date(2019, 1, 1), [("US president", "trump")]),
        ("Wang Li", date(2019, 5, 21), [("Wang Li", "wang-yi")]),
        ("Wang Li", date(2012, 5, 21), []),
    ],
)
def test_dated_aliases(text, published, expected):
    assert named(text, published) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # persons of the United States, Russia and China, by their names, surnames and spellings
        ("Emmet Flood and Jay Sekulow met Mueller.", "flood sekulow mueller"),
        ("Sondland, Yovanovitch and Lt. Col. Alexander Vindman testified.", "sondland yovanovitch vindman"),
        ("Lisa Murkowski, John Cornyn and Kyrsten Sinema voted.", "murkowski cornyn sinema"),
        ("Victoria Nuland rang Geoffrey R. Pyatt.", "nuland pyatt"),
        ("RFK Jr. ran; Robert F. Kennedy was shot.", "robert-kennedy-jr robert-kennedy"),
        ("Woody Johnson and Ron Johnson met Boris Johnson.", "woody-johnson ron-johnson johnson"),
        ("Ron Johnson spoke. Johnson then left.", "ron-johnson ron-johnson"),
        ("Woody Johnson met Boris Johnson. Johnson then left.", "woody-johnson johnson"),
        ("Viktor Vekselberg, Suleyman Kerimov and Alisher Usmanov", "vekselberg kerimov usmanov"),
        ("Yulia Navalnaya and Kira Yarmysh answered Simonyan.", "navalnaya yarmysh simonyan"),
        ("Aleksandr Bortnikov, Alexander V. Bortnikov", "bortnikov bortnikov"),
        ("Sergei V. Lavrov and Dmitriy Peskov", "lavrov peskov"),
        ("Yevgeny Prigozhin's Wagner fighters", "prigozhin wagner"),
        ("Sergei Magnitsky died in 2009.", "magnitsky"),
        ("Dmitry Patrushev is a son of Nikolai Patrushev.", "dmitry-patrushev patrushev"),
        ("Zhao Leji, Cai Qi, Li Xi and Ding Xuexiang", "zhao-leji cai-qi li-xi ding-xuexiang"),
        ("Liu Xiaobo and Ilham Tohti; Tohti was jailed.", "liu-xiaobo ilham-tohti ilham-tohti"),
        ("Wang Shouwen led the talks. Mr. Wang flew home.", "wang-shouwen wang-shouwen"),
        ("Chou En-lai, Zhou Enlai", "zhou-enlai zhou-enlai"),
        # offices with their holder, and without
        ("US Ambassador to Russia Jon Huntsman spoke.", "huntsman"),
        ("the U.S. ambassador to Russia was told", "huntsman"),
        ("the former U.S. ambassador to Russia was told", "us russia"),
        ("White House press secretary Sarah Sanders said", "sarah-sanders"),
        ("Senate Majority Leader Mitch McConnell and the Senate minority leader", "mcconnell schumer"),
        ("Homeland Security Secretary Kirstjen Nielsen resigned.", "nielsen"),
        ("Fed Chair Jerome Powell said the Fed would wait.", "jerome-powell us"),
        ("China's ambassador to the US, Cui Tiankai", "cui-tiankai cui-tiankai"),
        ("Russia's UN ambassador Vassily Nebenzia", "nebenzya"),
        ("Chinese Commerce Minister Zhong Shan", "zhong-shan"),
        # bodies
        ("CBP and Border Patrol agents, and ICE agents", "us us us"),
        ("U.S. Customs and Border Protection", "us"),
        ("OFAC listed Rostec, VTB and Sberbank.", "us rostec vtb sberbank"),
        ("the National Guard went to the border with Mexico", "us mexico"),
        ("Sinopec, CNOOC and the Taiwan Affairs Office", "sinopec cnooc china"),
        # others of the name, and words
        ("The Magnitsky Act and the Global Magnitsky list", ""),
        ("Bristol Palin, Michael Palin and Lex Fridman", ""),
        ("Cardinal Sean O'Malley and Harry Vekselman", ""),
        ("Murphy, Cassidy, Hatch, Price and Power; the bout ended; a flood; the ice agents", ""),
        ("MEASURES TO PREVENT DELAY", ""),
        ("Richard Wagner's Ring, and Wagner of Bayreuth", ""),
        ("the National Guard fired on a crowd in Caracas", "venezuela"),
        ("Ukraine's National Guard held the town.", "ukraine"),
        ("the USS Gerald Ford and the USS Ronald Reagan", ""),
        ("Sun Chunlan read The Sun; He Weidong sat. He left.", "sun-chunlan he-weidong"),
        ("the Fed Cup final, and fed officials with cake", ""),
        ("Wright, Miller and Brown played for Leeds.", ""),
        ("Meredith Thatcher, Sean O' Malley and Debbie Wasserman Shultz", "wasserman-schultz"),
        ("the Israeli intelligence community; Texas Senate Majority Leader Smith", "israel"),
        ("South Korea's Joint Chiefs of Staff chairman", "south-korea"),
        # and of some others
        ("Michael Gove, Kim Darroch and Bill Browder", "gove darroch browder"),
        ("Jordan Bardella, Chad Wolf and Israel Katz", "bardella wolf katz"),
        ("Viktor Medvedchuk, Viktor Shokin and Yuriy Lutsenko", "medvedchuk shokin lutsenko"),
        ("Mr. Abbott of Texas", ""),
        ("Tony Abbott met Greg Abbott in Austin, Texas.", "tony-abbott abbott"),
    ],
)
def test_persons_and_bodies_of_the_three_states(text, expected):
    assert [actor for _, actor in named(text)] == expected.split()


@pytest.mark.parametrize("published", [None, date(2019, 5, 1), date(2023, 5, 1)])
def test_a_title_belongs_to_the_name_that_follows(published):
    assert named("Russian President Vladimir Putin spoke", published) == [
        ("Russian President Vladimir Putin", "putin")
    ]
    assert named("ex-US Secretary of State Mike Pompeo", published) == [
        ("US Secretary of State Mike Pompeo", "pompeo")
    ]
    assert named("Russia's Vladimir Putin", published) == [("Russia", "russia"), ("Vladimir Putin", "putin")]


def test_a_mention_tells_the_alias_that_named_the_actor():
    assert find_mentions("US President Donald Trump", ACTORS, published=MAY_2019) == [
        Mention(0, 25, "trump", "Donald Trump")
    ]


def test_every_row_names_its_actor_when_it_applies():
    wrong = []
    for row in ACTORS.aliases:
        if (
            row.nominal
            or row.open
            or row.match in ("beside", "with", "role")
            or row.alias in ACTORS.in_company
        ):
            continue
        published = row.not_before if row.not_before > date.min else row.not_after
        text = row.alias + ("Asian" if row.alias.endswith("-") else "")
        found = find_mentions(text, ACTORS, published=published if row.dated else None)
        if row.actor_id == STOP:
            if found:
                wrong.append(row)
        elif [mention.actor_id for mention in found] != [row.actor_id]:
            wrong.append(row)
    assert wrong == []


def test_every_nominal_goes_back_to_its_actor():
    names = {}
    in_company = {row.label for row in ACTORS.aliases if row.match == "with"}
    for row in ACTORS.aliases:
        if not (row.dated or row.nominal or row.actor_id == STOP or row.alias in in_company):
            names.setdefault(row.actor_id, []).append(row.alias)
    wrong = []
    for row in ACTORS.aliases:
        if row.nominal:
            last = row.alias.rpartition(" ")[2].lower()
            fitting = [
                name for name in names[row.actor_id] if row.kind != "state" or last in name.lower().split()
            ]
            published = row.not_before if row.not_before > date.min else row.not_after
            text = f"{max(fitting, key=len)} spoke. {row.alias} left."
            found = find_mentions(text, ACTORS, published=published if row.dated else None)
            if [mention.actor_id for mention in found] != [row.actor_id] * 2:
                wrong.append((text, found))
    assert wrong == []


def test_every_open_stop_stops_a_name_and_not_a_longer_one():
    table = [row for row in ACTORS.aliases if row.open]
    assert len(table) > 300
    for row in table:
        text = row.alias.replace("*", "Washington" if row.alias.endswith("*") else "Moscow")
        assert named(text) == [], row
    assert named("Theresa May, Don Rumsfeld and Corker, Tennessee Republican, met Ted Cruz") == [
        ("Theresa May", "may"),
        ("Don Rumsfeld", "rumsfeld"),
        ("Corker", "corker"),
        ("Republican", "us-republicans"),
        ("Ted Cruz", "cruz"),
    ]


PIECES = st.sampled_from(
    "US us U.S. Russia Russia's US\u2019 Russian President Vladimir Putin Washington Post Kim Jong "
    "Un - \u2013 . , "
    "Sino- Georgia \u0130 \u0301 \u202e \x00 \u200d \ud800 \U0001f600 secretary of state North "
    "Korea LET THE former "
    "Chinese president Xi".split()
)
TEXTS = st.one_of(
    st.text(st.characters(), max_size=80),
    st.lists(
        st.tuples(PIECES, st.sampled_from(["", " ", "  ", "\n", "\n\n", "\t", "    "])), max_size=20
    ).map(lambda pairs: "".join(piece + blank for piece, blank in pairs)),
)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.sampled_from([None, MAY_2019, (date(2016, 1, 1), date(2018, 1, 1))]))
def test_mentions_are_sorted_words_inside_the_text(text, published):
    found = find_mentions(text, ACTORS, published=published)
    assert found == sorted(found)
    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))
    for mention in found:
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.actor_id in ACTORS.labels
        assert not text[mention.start].isspace()
        assert not text[mention.end - 1].isspace()
        before, after = text[: mention.start][-1:], text[mention.end :][:1]
        assert not (before and re.match(r"\w", before) and re.match(r"\w", text[mention.start]))
        assert not (after and re.match(r"\w", after) and re.match(r"[\w.]", text[mention.end - 1]))


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_a_paragraph_does_not_change_the_next(first, second):
    # an alias that asks for company may have it in the other paragraph
    assume(not any(alias in text for alias in ACTORS.in_company for text in (first.title(), second.title())))
    apart = find_mentions(first, ACTORS) + [
        Mention(m.start + len(first) + 4, m.end + len(first) + 4, m.actor_id, m.alias)
        for m in find_mentions(second, ACTORS)
    ]
    assert find_mentions(f"{first}\n\n\n\n{second}", ACTORS) == apart


HOSTILE = [
    "US ",
    "US\n",
    "U.S.",
    "Russian President ",
    "US",
    " ",
    "\u202e",
    "\x00",
    "-",
    "'",
    "\u0130",
    "a" * 50,
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_no_longer_than_others(piece):
    # a quadratic search would need hours; the margin is for slow machines
    length = 1_000_000 if HOSTILE.index(piece) > 3 else 100_000
    began = time.process_time()
    find_mentions(piece * (length // len(piece)), ACTORS, published=MAY_2019)
    assert time.process_time() - began < 10


def test_runs_without_a_word_edge_are_no_mention():
    assert find_mentions("US" * 100_000, ACTORS) == []


def test_the_automaton_is_built_once_and_not_on_loading():
    table = load_actors(project_actors())
    assert "_automaton" not in vars(table)
    find_mentions("US", table)
    automaton = table._automaton
    find_mentions("Russia", table)
    assert table._automaton is automaton
