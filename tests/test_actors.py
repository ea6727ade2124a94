"""The actor table: what is refused, with whole messages, and what the project's own table holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from analysis.actors import COLUMNS, load_actors, project_actors
from analysis.aliases import STOP, ActorTable
from analysis.errors import StudyError

HEADER = ",".join(COLUMNS)
GOOD = "us,United States,state,USA,US,exact,,,"


@pytest.fixture(scope="module")
def actors():
    return load_actors(project_actors())


@pytest.fixture
def write(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()

    def write_rows(*rows: str, header: str = HEADER, encoding: str = "utf-8"):
        path = folder / "actors.csv"
        path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
        return path

    return write_rows


def problems_of(path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        load_actors(path)
    return [str(problem) for problem in caught.value.problems]


def test_a_good_table_is_read_with_its_facts(write):
    table = load_actors(
        write(GOOD, "-,,none,,US$,exact,,,money", '"nato",NATO,organisation,,NATO,exact,,,"a, b"')
    )
    assert dict(table.labels) == {"us": "United States", "nato": "NATO"}
    assert dict(table.kinds) == {"us": "state", "nato": "organisation"}
    assert dict(table.countries) == {"us": "USA", "nato": ""}
    assert list(table.table.columns) == list(COLUMNS)
    assert list(table.table.index) == [2, 3, 4]
    with pytest.raises(AttributeError):
        table.aliases = ()


def test_byte_order_mark_carriage_returns_and_unicode_are_read(tmp_path):
    path = tmp_path / "actors.csv"
    rows = [HEADER, "turkey,Türkiye,state,TUR,Türkiye,case-insensitive,,,", "x,中国,state,CHN,中国,exact,,,"]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(rows).encode())
    assert load_actors(path).labels["x"] == "中国"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "us,United States,nation,USA,US,exact,,,",
            "seeds/actors.csv:2 (kind): found 'nation'; allowed: state, person, organisation, none. "
            "Correct the kind.",
        ),
        (
            "us,United States,state,USA,US,loose,,,",
            "seeds/actors.csv:2 (match): found 'loose'; allowed: exact, case-insensitive, nominal, beside, with, role. "
            "Correct the match.",
        ),
        (
            "us,United States,state,USA,,exact,,,",
            "seeds/actors.csv:2 (alias): found ''; allowed: text with a letter. Add the alias, or "
            "remove the row.",
        ),
        (
            "us,United States,state,USA,$ 1.0,exact,,,",
            "seeds/actors.csv:2 (alias): found '$ 1.0'; allowed: text with a letter. "
            "Add the alias, or remove the row.",
        ),
        (
            "us,United States,state,USA,United  States,exact,,,",
            "seeds/actors.csv:2 (alias): found 'United  States'; allowed: text without outer, "
            "double or unusual "
            "blanks. Use single blanks.",
        ),
        (
            "us,United States,state,USA,US,exact,2019-02-30,,",
            "seeds/actors.csv:2 (not_before): found '2019-02-30'; allowed: YYYY-MM-DD (a day of the "
            "calendar), "
            "or empty. Correct the date.",
        ),
        (
            "us,United States,state,USA,US,exact,,20190203,",
            "seeds/actors.csv:2 (not_after): found '20190203'; allowed: YYYY-MM-DD (a day of the calendar), "
            "or empty. Correct the date.",
        ),
        (
            "us,United States,state,USA,US,exact,2019-05-02,2019-05-01,",
            "seeds/actors.csv:2 (not_after): found '2019-05-01'; allowed: a day from 2019-05-02 on. "
            "Swap or correct the dates.",
        ),
        (
            "US,United States,state,USA,US,exact,,,",
            "seeds/actors.csv:2 (actor_id): found 'US'; allowed: lower-case letters, digits and '-'; "
            "'-' for a stop alias. Rename the actor.",
        ),
        (
            "-,,state,,US$,exact,,,",
            "seeds/actors.csv:2 (kind): found 'state'; allowed: none for a stop alias (actor_id "
            "'-') and only "
            "there. Correct kind or actor_id.",
        ),
        (
            "us,,state,USA,US,exact,,,",
            "seeds/actors.csv:2 (label): found ''; allowed: text. Add the label that tables and "
            "figures show.",
        ),
        (
            "us,United States,state,us,US,exact,,,",
            "seeds/actors.csv:2 (country): found 'us'; allowed: ISO 3166 alpha-3 code, or empty. "
            "Correct the code.",
        ),
        (
            "us,United States,state,USA",
            "seeds/actors.csv:2: found 4 cells; allowed: 9 cells. Quote commas, or add the missing cells.",
        ),
    ],
)
def test_a_bad_cell_is_named_with_file_row_and_remedy(write, row, message):
    assert problems_of(write(row)) == [message]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "-,,none,,the president,nominal,,,",
            "seeds/actors.csv:3 (match): found 'nominal'; allowed: nominal only with an actor. "
            "Name the actor, or choose another match.",
        ),
        (
            "us,United States,state,USA,Atlanta,beside,,,",
            "seeds/actors.csv:3 (match): found 'beside'; allowed: beside only in a stop alias (actor_id '-'). "
            "Correct match or actor_id.",
        ),
        (
            "us,United States,state,USA,US *,exact,,,",
            "seeds/actors.csv:3 (alias): found 'US *'; allowed: '*' only at the start or end of a stop alias. "
            "Remove it.",
        ),
        (
            "-,,none,,Lake * Park,exact,,,",
            "seeds/actors.csv:3 (alias): found 'Lake * Park'; allowed: '*' only at the start or end of a stop "
            "alias. Remove it.",
        ),
        (
            "us,United States,state,USA,Tbilisi,with,,,",
            "seeds/actors.csv:3 (match): found 'with'; allowed: with only in a stop alias (actor_id '-'). "
            "Correct match or actor_id.",
        ),
        (
            "-,Georgia,none,,Tbilisi,with,,,",
            "seeds/actors.csv:3 (label): found 'Georgia'; allowed: an alias of an actor, as written in its row. "
            "Correct the alias that the row is of.",
        ),
        (
            "-,US,none,,Laura Welch,exact,,,",
            "seeds/actors.csv:3 (label): found 'US'; allowed: the surname of a relative, with which its alias ends. "
            "Correct or empty it.",
        ),
        (
            "-,US,none,,Atlanta,beside,2020-01-01,,",
            "seeds/actors.csv:3 (not_before): found '2020-01-01'; allowed: nothing: cues, company, roles and open stop "
            "aliases hold at any time. Empty it.",
        ),
        (
            "-,Biden,none,,Jill Biden,exact,,,",
            "seeds/actors.csv:3 (label): found 'Biden'; allowed: an alias of an actor, as written in its row. "
            "Correct the alias that the row is of.",
        ),
        (
            "-,Georgia,none,,Atlanta,beside,,,",
            "seeds/actors.csv:3 (label): found 'Georgia'; allowed: an alias of an actor, as written in its row. "
            "Correct the alias that the row is of.",
        ),
    ],
)
def test_rows_that_are_no_names_have_their_own_rules(write, row, message):
    assert problems_of(write(GOOD, row)) == [message]


def test_a_cue_is_of_a_name_and_either_forbids_or_asks_for(write):
    nominal = "us,United States,state,USA,the republic,nominal,,,"
    georgia = "georgia,Georgia,state,GEO,Georgia,exact,,,"
    path = write(nominal, "-,the republic,none,,Tbilisi,with,,,")
    assert problems_of(path) == [
        "seeds/actors.csv:3 (label): found 'the republic'; allowed: an alias of an actor, as written in its row; "
        "no nominal. Correct the alias that the row is of."
    ]
    path = write(georgia, "-,Georgia,none,,Atlanta,beside,,,", "-,Georgia,none,,atlanta,with,,,")
    assert problems_of(path) == [
        "seeds/actors.csv:4 (match): found with, and beside in row 3, of 'Georgia'; allowed: one of the two. "
        "Remove a row."
    ]


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x7f", "\x9f"])
def test_an_alias_has_no_control_characters(write, char):
    [problem] = problems_of(write(GOOD, f"us,United States,state,USA,A{char}merica,exact,,,"))
    assert problem.startswith("seeds/actors.csv:3 (alias): found ")
    assert "allowed: text without control characters" in problem
    assert char not in problem


def test_several_actors_share_a_nominal_and_several_aliases_a_cue(write):
    table = load_actors(
        write(
            GOOD,
            "trump,Donald Trump,person,USA,the president,nominal,2017-01-20,2021-01-19,",
            "putin,Vladimir Putin,person,RUS,the president,nominal,2012-05-07,,",
            "-,US,none,,Atlanta,beside,,,",
        )
    )
    assert [row.nominal for row in table.aliases] == [False, True, True, False]
    assert problems_of(
        write(
            "putin,Vladimir Putin,person,RUS,the president,nominal,2012-05-07,,",
            "putin,Vladimir Putin,person,RUS,the president,nominal,,,",
        )
    ) == [
        "seeds/actors.csv:2 (alias): found 'the president' for putin, already in row 3 for putin; allowed: each "
        "alias once at a time. Remove a row, or part them by not_before and not_after."
    ]


def test_the_same_alias_for_two_actors_at_one_time_is_refused(write):
    path = write(
        "obama,Barack Obama,person,USA,US president,exact,2009-01-20,2017-01-20,",
        "trump,Donald Trump,person,USA,US President,case-insensitive,2017-01-20,,",
    )
    assert problems_of(path) == [
        "seeds/actors.csv:3 (alias): found 'US President' for trump, already in row 2 for obama; "
        "allowed: each "
        "alias once at a time. Remove a row, or part them by not_before and not_after."
    ]


def test_the_same_alias_at_different_times_is_allowed(write):
    path = write(
        "obama,Barack Obama,person,USA,US president,exact,2009-01-20,2017-01-19,",
        "trump,Donald Trump,person,USA,US president,exact,2017-01-20,,",
    )
    assert len(load_actors(path).aliases) == 2


def test_a_duplicate_row_is_refused(write):
    assert problems_of(write(GOOD, GOOD)) == [
        "seeds/actors.csv:3 (alias): found 'US' for us, already in row 2 for us; allowed: each "
        "alias once at a "
        "time. Remove a row, or part them by not_before and not_after."
    ]


def test_an_actor_has_one_label_kind_and_country(write):
    assert problems_of(write(GOOD, "us,America,state,USA,America,exact,,,")) == [
        "seeds/actors.csv:3 (label): found 'America'; allowed: 'United States', as in row 2. "
        "Make the actor's rows agree."
    ]


def test_all_problems_are_told_in_one_go(write):
    found = problems_of(write("US,,nation,usa,!,loose,x,y,"))
    columns = [re.search(r"\((\w+)\)", message)[1] for message in found]
    assert sorted(columns) == [
        "actor_id",
        "alias",
        "country",
        "kind",
        "label",
        "match",
        "not_after",
        "not_before",
    ]


def test_a_wrong_header_is_refused(write):
    assert problems_of(write(header="actor,label")) == [
        f"seeds/actors.csv:1: found 'actor,label'; allowed: {HEADER}. Correct the header."
    ]


def test_a_missing_file_is_refused(tmp_path):
    found = problems_of(tmp_path / "seeds" / "actors.csv")
    assert found == [
        "seeds/actors.csv: found no readable file (No such file or directory); allowed: a CSV file. "
        "Add it, or correct the path."
    ]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    assert "no readable file" in problems_of(tmp_path)[0]


def test_a_file_in_another_encoding_is_refused(write):
    path = write(GOOD, "tr,Türkiye,state,TUR,Türkiye,exact,,,", encoding="latin-1")
    assert problems_of(path) == [
        "seeds/actors.csv:3: found byte 0xfc, which is not UTF-8; allowed: UTF-8. Save the file as UTF-8."
    ]


def test_an_empty_table_and_broken_quotes_are_refused(write):
    assert problems_of(write()) == [
        "seeds/actors.csv: found no actors; allowed: one alias a row. Add the actors of the study."
    ]
    assert problems_of(write(GOOD, '"us,x'))[0].startswith("seeds/actors.csv:3: found broken CSV (")


def test_row_numbers_count_lines_inside_quotes(write):
    found = problems_of(write('us,United States,state,USA,US,exact,,,"two\nlines"', "x,X,nation,,X,exact,,,"))
    assert found[0].startswith("seeds/actors.csv:4 (kind)")


def test_check_aliases_names_the_rows_that_cannot_match(write):
    table = load_actors(write(GOOD))
    # load_actors refuses double blanks, so such a row can only be made by hand
    broken = replace(table.aliases[0], alias="United  States", row=3)
    found = ActorTable(table.table, (*table.aliases, broken)).check_aliases()
    assert [str(problem) for problem in found] == [
        "actors.csv:3 (alias): found 'United  States', which does not match its own text; allowed: an alias "
        "that begins and ends at a word. Correct or remove the row."
    ]


def test_every_row_of_the_project_matches_its_own_alias(actors):
    assert actors.check_aliases() == []


def test_the_project_table_covers_what_the_study_needs(actors):
    wanted = (
        "us russia china ukraine georgia iran syria venezuela north-korea south-korea afghanistan eu germany "
        "france uk cuba turkey israel palestine saudi-arabia qatar japan india pakistan yemen iraq "
        "libya belarus "
        "kazakhstan poland estonia latvia lithuania canada mexico nato g8 g7 g20 un imf world-bank "
        "brics sco iaea "
        "eaeu trump putin pompeo lavrov wang-yi xi clinton tillerson medvedev mueller maduro schumer assad"
    )
    assert sorted(set(wanted.split()) - set(actors.labels)) == []
    assert STOP not in actors.labels


def test_persons_and_states_have_a_country(actors):
    without = [
        actor
        for actor, kind in actors.kinds.items()
        if kind != "organisation" and not actors.countries[actor]
    ]
    assert without == ["bin-laden", "eu"]


def test_stop_aliases_give_a_reason(actors):
    stops = actors.table[actors.table["actor_id"] == STOP]
    assert len(stops) > 100
    assert (stops["note"] != "").all()


@pytest.mark.parametrize("title", ["US president", "Russian president", "Chinese president"])
def test_offices_are_held_without_gap_from_2005_to_2025(actors, title):
    terms = sorted((row.not_before, row.not_after) for row in actors.aliases if row.alias == title)
    assert terms[0][0] <= date(2005, 1, 1)
    assert terms[-1][1] >= date(2025, 12, 31)
    assert all(after[0] - before[1] == timedelta(1) for before, after in zip(terms, terms[1:], strict=False))
