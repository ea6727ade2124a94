"""Dates in the forms that press and databases print, and those that no one can read."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.collecting.dates import AmbiguousDate, read_date

DAY = "2018-11-09"


@pytest.mark.parametrize(
    "words",
    [
        "November 9, 2018 Friday",
        "November 9, 2018 Friday 9:03 PM GMT",
        "November 9, 2018 Friday, Late Edition - Final",
        "Friday, November 9, 2018",
        "Fri, 09 Nov 2018 21:03:00 GMT",
        "9 November 2018",
        "9th of November, 2018",
        "9-Nov-2018",
        "Nov. 9, 2018",
        "NOV 9 2018",
        "2018 November 9",
        "2018-11-09",
        "2018-11-09T21:03:00+01:00",
        "2018-11-09 21:03",
        "2018/11/9",
        "20181109",
        " November\u00a09,\n2018 ",
    ],
)
def test_a_day(words):
    assert read_date(words) == DAY


@pytest.mark.parametrize(
    ("words", "expected"),
    [("November 2018", "2018-11"), ("Nov., 2018", "2018-11"), ("2018-11", "2018-11"), ("2018.0", "2018")],
)
def test_what_is_less_precise_stays_so(words, expected):
    assert read_date(words) == expected


@pytest.mark.parametrize("words", ["9/11/2018", "09.11.2018", "9-11-2018", "9/11/2018 14:30"])
def test_two_readings_are_refused_unless_the_order_is_stated(words):
    with pytest.raises(AmbiguousDate) as caught:
        read_date(words)
    assert str(caught.value) == "2018-09-11 or 2018-11-09"
    assert read_date(words, "dmy") == DAY
    assert read_date(words, "mdy") == "2018-09-11"


def test_one_reading_needs_no_order():
    assert read_date("25/12/2018") == read_date("12/25/2018") == "2018-12-25"
    assert read_date("9/9/2018") == "2018-09-09"
    with pytest.raises(ValueError, match="no date: '25/12/2018'"):
        read_date("25/12/2018", "mdy")


@pytest.mark.parametrize(
    "words",
    ["", "May 3", "31 February 2018", "09.11.18", "13/13/2018", "yesterday", "November 9-15, 2018", "2018-2019",
     "In 2018", "0/0/2018", "November 9, 2018 was a Friday", "99999"],
)  # fmt: skip
def test_what_is_no_date(words):
    with pytest.raises(ValueError):
        read_date(words)


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2199, 12, 31)))
def test_every_day_is_read_in_every_form(day):
    for form in ("%B %d, %Y %A", "%d %B %Y", "%b. %d, %Y", "%Y-%m-%d", "%Y%m%d", "%A, %d %b %Y", "%Y-%m-%dT%H:%M:%SZ"):
        assert read_date(day.strftime(form)) == day.isoformat()
    assert read_date(day.strftime("%d/%m/%Y"), "dmy") == read_date(day.strftime("%m/%d/%Y"), "mdy") == day.isoformat()


@given(st.text(max_size=40))
def test_any_words_are_a_date_or_none(words):
    try:
        found = read_date(words)
    except ValueError:
        return
    assert date.fromisoformat(f"{found}-01-01"[:10])
