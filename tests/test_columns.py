"""Columns, dates of publication, and the check of a table: all problems in one go, with row and column."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.columns import Column, Table, check_table, pandera_schema, parse_published

SPEC = Table(
    "test",
    "a test",
    (
        Column("name", "text", "name of it"),
        Column("size", "whole", "size of it", allowed="0 or more", check=lambda value: int(value) >= 0),
        Column("share", "number", "share of it", required=False, allowed="0 to 1", check=lambda value: 0 <= value <= 1),
        Column("note", "text", "note", required=False, allowed="no x", check=lambda value: value != "x"),
        Column("kept", "flag", "whether it is kept"),
    ),
)
GOOD = {"name": ["a", "b"], "size": [1, 0], "share": [0.5, math.nan], "note": ["", "y"], "kept": [True, False]}


@pytest.mark.parametrize(
    ("value", "first", "last", "precision"),
    [
        ("2019-05-21", date(2019, 5, 21), date(2019, 5, 21), "day"),
        ("2019-12", date(2019, 12, 1), date(2019, 12, 31), "month"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("1900-02", date(1900, 2, 1), date(1900, 2, 28), "month"),
        ("2019", date(2019, 1, 1), date(2019, 12, 31), "year"),
    ],
)
def test_the_days_that_a_date_may_mean(value, first, last, precision):
    assert parse_published(value) == (first, last, precision)


@pytest.mark.parametrize(
    "value",
    ["", "19", "2019-", "2019-1", "2019-00", "2019-13", "2019-05-00", "2019-02-30", "2019-05-21 ", "２０１９", "May"],
)
def test_what_is_no_date(value):
    with pytest.raises(ValueError):
        parse_published(value)


@given(st.dates(max_value=date(9998, 12, 31)))
def test_every_day_lies_in_its_month_and_year(day):
    text = day.isoformat()
    assert parse_published(text) == (day, day, "day")
    for length, precision in ((7, "month"), (4, "year")):
        first, last, found = parse_published(text[:length])
        assert first <= day <= last
        assert (first.day, found) == (1, precision)
        assert first.isoformat()[:length] == last.isoformat()[:length] == text[:length]


def test_a_good_table_has_no_problem():
    assert check_table(pd.DataFrame(GOOD), SPEC, where="t.csv") == []


def test_columns_in_any_order():
    assert check_table(pd.DataFrame(GOOD)[["kept", "note", "share", "size", "name"]], SPEC, where="t.csv") == []


def test_missing_and_unknown_columns():
    table = pd.DataFrame(GOOD).rename(columns={"size": "Size", "note": "=note"})
    assert [str(problem) for problem in check_table(table, SPEC, where="t.csv")] == [
        "t.csv:1 (size): found no such column; allowed: name, size, share, note, kept. Add the column.",
        "t.csv:1 (note): found no such column; allowed: name, size, share, note, kept. Add the column.",
        "t.csv:1 ('Size'): found an unknown column; allowed: name, size, share, note, kept. Remove or rename it.",
        "t.csv:1 ('=note'): found an unknown column; allowed: name, size, share, note, kept. Remove or rename it.",
    ]


def test_all_bad_cells_are_told_with_their_rows():
    table = pd.DataFrame({**GOOD, "name": ["", " "], "size": [1, -1], "share": [0.5, 2.0], "note": ["x", ""]})
    assert sorted(str(problem) for problem in check_table(table, SPEC, where="t.csv")) == [
        "t.csv:2 (name): found an empty cell; allowed: text. Fill it in: name of it.",
        "t.csv:2 (note): found 'x'; allowed: no x. Correct the value.",
        "t.csv:3 (name): found ' '; allowed: text. Correct the value.",
        "t.csv:3 (share): found '2.0'; allowed: 0 to 1. Correct the value.",
        "t.csv:3 (size): found '-1'; allowed: 0 or more. Correct the value.",
    ]


def test_the_first_row_can_be_named():
    table = pd.DataFrame({**GOOD, "note": ["x", ""]})
    assert [problem.where for problem in check_table(table, SPEC, where="t", first_row=0)] == ["t:0 (note)"]


def test_a_column_of_another_type():
    (problem,) = check_table(pd.DataFrame({**GOOD, "kept": [1, 0]}), SPEC, where="t")
    assert str(problem) == "t (kept): found 'int64'; allowed: true or false. Correct the value."


def test_the_index_of_the_table_does_not_matter():
    table = pd.DataFrame({**GOOD, "note": ["x", ""]}, index=[70, 80])
    assert [problem.where for problem in check_table(table, SPEC, where="t")] == ["t:2 (note)"]


def test_the_schema_tells_what_the_columns_mean():
    schema = pandera_schema(SPEC)
    assert list(schema.columns) == SPEC.names
    assert schema.columns["size"].description == "size of it"
    assert [name for name, column in schema.columns.items() if column.nullable] == ["share"]
