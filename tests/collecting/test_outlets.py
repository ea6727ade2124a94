"""Which outlet a name means, and what is left to a person."""

from __future__ import annotations

import pytest

from analysis.collecting.outlets import OutletTable

ROWS = [
    {"outlet_id": "nyt", "name": "The New York Times", "label": "NYT", "bloc": "Western"},
    {"outlet_id": "rt", "name": "RT", "label": "", "bloc": "Russian"},
    {"outlet_id": "sz", "name": "S\u00fcddeutsche Zeitung", "label": "", "bloc": "Western"},
    {"outlet_id": "guardian", "name": "The Guardian", "label": "", "bloc": "Western"},
]


@pytest.mark.parametrize(
    ("name", "outlet_id"),
    [
        ("The New York Times", "nyt"),
        ("new  york TIMES", "nyt"),
        ("NYT", "nyt"),
        ("nyt", "nyt"),
        ("rt", "rt"),
        ("Suddeutsche zeitung", "sz"),
        ("Guardian", "guardian"),
    ],
)
def test_the_usual_spellings_are_one_outlet(name, outlet_id):
    table = OutletTable(ROWS)
    assert table.find(name) == outlet_id
    assert table.added == []


def test_an_address_tells_the_outlet_where_no_name_does():
    table = OutletTable(ROWS)
    assert table.find("", url="https://www.theguardian.com/world/1") == "guardian"
    assert table.find("", url="https://www.rt.com/news/1") == "rt"
    assert table.find("", url="https://news.example.org/a") == "news-example-org"
    assert table.find("", url="") == "unknown"
    assert [row["name"] for row in table.added] == ["news.example.org", "unknown"]


@pytest.mark.parametrize("name", ["RT.com", "The Guardian (London)", "Guardian Online", "theguardian.com"])
def test_a_name_that_may_be_another_is_suggested_and_left_to_a_person(name):
    table = OutletTable(ROWS)
    outlet_id = table.find(name)
    assert table.added == [
        {"outlet_id": outlet_id, "name": name, "bloc": "", "note": table.added[0]["note"]}
    ]
    assert table.hints == {outlet_id: "rt" if name == "RT.com" else "guardian"}
    assert table.added[0]["note"] in ("perhaps 'RT' (rt)", "perhaps 'The Guardian' (guardian)")


def test_what_a_person_said_is_the_same_is_the_same():
    rows = [*ROWS, {"outlet_id": "rt-com", "name": "RT.com", "label": "", "bloc": ""}]
    assert OutletTable(rows, same_as={"rt-com": "rt"}).find("rt.COM") == "rt"


def test_a_bloc_of_the_source_counts_where_the_study_has_it():
    table = OutletTable(ROWS, blocs=("Russian", "Western"))
    table.find("Izvestia", "russian")
    table.find("Xinhua", "Chinese")
    table.find("RT", "Western")
    table.find("Rest", "rest")
    assert [(row["name"], row["bloc"], row["note"]) for row in table.added] == [
        ("Izvestia", "Russian", ""),
        ("Xinhua", "", "the source says 'Chinese'"),
        ("Rest (outlet)", "", "the source says 'rest'"),
    ]
    assert table.told["rt"] == {"Western"}


def test_ids_are_told_apart_whatever_their_case():
    table = OutletTable([])
    assert [table.find(name) for name in ("A/B", "A B!", "\u4eba\u6c11\u65e5\u62a5", "con", "rest", "x" * 300)] == [
        "a-b", "a-b-2", "outlet", "outlet-con", "rest-outlet", "x" * 40,
    ]  # fmt: skip
    assert len(table.added[-1]["name"]) == 120


def test_whether_an_outlet_is_known():
    table = OutletTable(ROWS)
    assert [table.knows(*one) for one in (("guardian",), ("RT.com",), ("", "rt.com/x"), ("", ""), ("", "x.org"))] == [
        True, False, True, False, False,
    ]  # fmt: skip
    assert table.added == []
