"""Numbers as a paper prints them, and tables that are cut, or lose their empty columns."""

from __future__ import annotations

import math

import pytest

from analysis.paper.model import (
    MISSING,
    PaperColumn,
    PaperRow,
    PaperTable,
    bounded,
    fixed,
    interval,
    percent,
    probability,
    shorten_rows,
    without_empty,
    words,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (3, 2, "3.00"),
        (-3.456, 2, "−3.46"),
        (1234567.8, 1, "1,234,567.8"),
        (-0.004, 2, "0.00"),
        (-0.0, 0, "0"),
        (math.nan, 2, MISSING),
        (math.inf, 2, MISSING),
        (None, 2, MISSING),
    ],
)
def test_fixed_decimals(value, decimals, text):
    assert fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, ".50"), (-0.128, "−.13"), (1, "1.00"), (-1, "−1.00"), (-0.001, ".00"), (math.nan, MISSING)],
)
def test_what_cannot_exceed_one_has_no_zero_before_the_point(value, text):
    assert bounded(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.05, ".050"),
        (0.0009999, "< .001"),
        (0.001, ".001"),
        (0.0, "< .001"),
        (1.0, "1.000"),
        (math.nan, MISSING),
    ],
)
def test_probabilities(value, text):
    assert probability(value) == text


def test_percentages_and_intervals():
    assert percent(0.4567) == "45.7"
    assert percent(math.nan) == MISSING
    assert interval(-0.2, 0.35, bounded) == "[−.20, .35]"
    assert interval(math.nan, 0.35) == MISSING
    assert interval(0.2, math.nan) == MISSING


def test_words_are_one_line_without_control_characters():
    assert words("a\n b\t\u202ec\0") == "a b c"
    assert words("") == words(None) == words(math.nan) == MISSING


def rows_of(*sizes: int) -> list[PaperRow]:
    """Make groups of so many rows, each under a heading."""
    rows = []
    for group, size in enumerate(sizes):
        rows.append(PaperRow((f"g{group}",), heading=True))
        rows += [PaperRow((f"r{group}.{place}", "1", MISSING)) for place in range(size)]
    return rows


def test_a_long_table_is_cut_and_says_so():
    rows, note = shorten_rows(rows_of(3, 3), most=3)
    assert [row.cells[0] for row in rows] == ["g0", "r0.0", "r0.1", "r0.2"], "no heading is left without rows"
    assert note == "The first 3 of 6 rows are shown; results/tables holds all."
    assert shorten_rows(rows_of(3, 3), most=6) == (tuple(rows_of(3, 3)), "")


def test_an_empty_column_goes_only_if_it_may():
    columns = [PaperColumn("Name", text=True), PaperColumn("n"), PaperColumn("p")]
    kept, rows = without_empty(columns, rows_of(2), ("p",))
    assert [column.head for column in kept] == ["Name", "n"]
    assert [len(row.cells) for row in rows] == [1, 2, 2]
    kept, rows = without_empty(columns, rows_of(2), ("n",))
    assert [column.head for column in kept] == ["Name", "n", "p"]


def test_a_table_describes_itself():
    columns = (PaperColumn("Name", text=True), PaperColumn("Share\n(%)"), PaperColumn("p"))
    table = PaperTable("2_terms", "Terms", columns, tuple(rows_of(2)), "n = 2.")
    assert table.name == "terms"
    assert table.alt == "Table of 2 rows: Terms. Columns: Name, Share (%), p."
