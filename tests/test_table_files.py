"""Tables of articles in every form: the same rows, and what cannot be read is named."""

from __future__ import annotations

import datetime
import gzip
import zipfile
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StudyError
from analysis.table_files import FORMS, cell_text, check_archive, read_rows, read_usable_rows

ROWS = [
    {"article_id": "a", "text": "Talks, again.\nMore.", "n": "1"},
    {"article_id": "b", "text": "\u201cTalks\u201d", "n": "2"},
]


def write(folder, form: str):
    """Write the rows in one form."""
    path, table = folder / f"t{form}", pd.DataFrame(ROWS)
    if form == ".parquet":
        table.to_parquet(path)
    elif form == ".xlsx":
        table.to_excel(path, index=False)
    else:
        text = table.to_csv(index=False) if ".csv" in form else table.to_json(orient="records", lines=True)
        path.write_bytes(gzip.compress(text.encode()) if form.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_the_same_rows(tmp_path, form):
    rows = read_rows(write(tmp_path, form))
    assert [{name: cell_text(cell) for name, cell in row.items()} for _, row in rows] == ROWS
    # a spreadsheet's rows begin under the header
    first = 2 if form.startswith((".csv", ".xlsx")) else 1
    assert [number for number, _ in rows] == [first, first + 1]


@pytest.mark.parametrize("form", [form for form in FORMS if form not in (".csv", ".jsonl", ".ndjson")])
def test_a_file_that_is_cut_short_is_named(tmp_path, form):
    path = write(tmp_path, form)
    whole = path.read_bytes()
    for end in range(1, len(whole) - 1, max(1, len(whole) // 25)):
        path.write_bytes(whole[:end])
        with pytest.raises(StudyError) as caught:
            read_rows(path)
        assert str(caught.value.problems[0]).startswith(f"t{form}: found ")


@pytest.mark.parametrize("form", [".xlsx", ".parquet"])
def test_a_file_with_a_wrong_byte_is_read_or_named(tmp_path, form):
    path = write(tmp_path, form)
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read_rows(path)
        except StudyError as error:
            assert str(error.problems[0]).startswith(f"t{form}: found no ")


def test_broken_rows_do_not_hide_the_others(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3\n4,5\n", encoding="utf-8")
    rows, problems = read_usable_rows(path)
    assert [(number, dict(row)) for number, row in rows] == [(2, {"a": "1", "b": "2"}), (4, {"a": "4", "b": "5"})]
    assert [problem.where for problem in problems] == ["t.csv:3"]


def test_the_first_sheet_that_holds_anything_is_read(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.create_sheet("second")
    day = datetime.date(2018, 11, 9)
    for row in ([None, "text", " n "], [None, None, None], ["x", "Talks", 3.0], [None, day, True]):
        sheet.append(row)
    book.create_sheet("third").append(["other"])
    book.save(tmp_path / "t.xlsx")
    rows = read_rows(tmp_path / "t.xlsx")
    assert [number for number, _ in rows] == [3, 4]
    assert rows[0][1] == {"text": "Talks", "n": 3}
    assert cell_text(rows[1][1]["text"]) == "2018-11-09T00:00:00"


def test_a_column_twice_is_refused(tmp_path):
    pd.DataFrame([["a", "b"]], columns=["text", "text"]).to_excel(tmp_path / "t.xlsx", index=False)
    with pytest.raises(StudyError) as caught:
        read_rows(tmp_path / "t.xlsx")
    assert [str(problem) for problem in caught.value.problems] == [
        "t.xlsx:1 (text): found the column twice; allowed: each column once. Remove one of them."
    ]


def test_an_archive_that_would_fill_the_memory_is_not_opened(tmp_path):
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("x.xml", "w") as file:
        for _ in range(110):
            file.write(b"\0" * 10**6)
    message = (
        f"t.xlsx: found an archive of {path.stat().st_size:,} bytes that unpacks to 110,000,000; "
        "allowed: an ordinary document. Export it again, or remove it."
    )
    assert str(check_archive(path)) == message
    with pytest.raises(StudyError) as caught:
        read_rows(path)
    assert [str(problem) for problem in caught.value.problems] == [message]


def test_cells_as_text():
    day = datetime.datetime(2018, 11, 9, 21, 3)
    cells = [None, float("nan"), 2019.0, 2019, 1e300, Decimal("7.00"), Decimal("8.50"), b"caf\xc3\xa9", day, "x"]
    assert [cell_text(cell) for cell in cells] == [
        "", "", "2019", "2019", "1e+300", "7", "8.50", "caf\u00e9", "2018-11-09T21:03:00", "x",
    ]  # fmt: skip
    for cell, message in (
        (True, "'True', which is no text"),
        (["a"], "\"['a']\", which is no text"),
        (b"\xff", "bytes that are no UTF-8"),
        ("\ud800", "'\\ud800', which holds half a sign (a lone surrogate)"),
    ):
        with pytest.raises(ValueError) as caught:
            cell_text(cell)
        assert str(caught.value) == message


@given(st.binary(max_size=200), st.sampled_from([form for form in FORMS if form != ".xlsx"]))
def test_any_bytes_are_rows_or_named(tmp_path_factory, data, form):
    path = tmp_path_factory.getbasetemp() / f"any{form}"
    path.write_bytes(data)
    try:
        read_rows(path)
    except StudyError as error:
        assert all(problem.where.startswith(path.name) for problem in error.problems)
