"""Sheets: read where unambiguous, refused with the reason otherwise, and never a code that nobody gave."""

from __future__ import annotations

import datetime
import math

import openpyxl
import pytest

from analysis.coding.sample import load_sample
from analysis.coding.sheets import find_sheets, load_codings
from analysis.errors import StudyError


def problems_of(paths, sample):
    with pytest.raises(StudyError) as caught:
        load_codings(paths, sample)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def sample(sentiment_folder):
    return load_sample(sentiment_folder)


@pytest.fixture
def anna(sentiment_folder):
    return sentiment_folder / "sheet-anna.csv"


def code(rows, codes):
    """Give the first items codes, in the sheet's column."""
    place = rows[0].index("sentiment")
    for row, value in zip(rows[1:], codes, strict=False):
        row[place] = value
    return rows


def codes_of(table, coder="anna"):
    return [value for value in table.loc[table["coder"] == coder, "code"] if isinstance(value, str)]


def test_long_form_and_missing_is_not_a_code(sample, anna, rows_of, write_rows):
    rows = code(rows_of(anna), ["negative", "", "unclear", "positive"])
    del rows[5]
    write_rows(anna, rows)
    table = load_codings(find_sheets(sample.folder), sample)
    assert list(table.columns) == ["item_id", "coder", "variable", "code"]
    own = table[table["coder"] == "anna"]
    given = sample.key[["anna" in names for names in sample.key["coders"]]]
    # a row that is gone and an empty cell are both missing
    assert own["item_id"].to_list() == given["item_id"].to_list()
    assert own["code"].to_list()[:1] == ["negative"]
    assert math.isnan(own["code"].iloc[1])
    assert codes_of(table) == ["negative", "unclear", "positive"]
    assert table["code"].notna().sum() == 3
    assert set(table["coder"]) == {"anna", "ben"}


def test_the_sheet_of_one_coder(sample, anna, rows_of, write_rows):
    write_rows(anna, code(rows_of(anna), ["negative"]))
    table = load_codings([anna], sample)
    assert set(table["coder"]) == {"anna"}
    assert set(table["variable"]) == {"sentiment"}


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"encoding": "utf-8-sig"},
        {"encoding": "utf-8-sig", "delimiter": ";"},
        {"encoding": "utf-16"},
        {"encoding": "utf-16", "delimiter": "\t"},
        {"encoding": "cp1252", "delimiter": ";"},
        {"delimiter": ";", "first": "sep=;\r\n"},
        {"end": "\n"},
    ],
    ids=str,
)
def test_what_spreadsheets_save_is_read(sample, anna, rows_of, write_rows, options):
    rows = code(rows_of(anna), ["Negative ", " POSITIVE", "neutral"])
    rows[0] = [f" {name.upper()}" for name in rows[0]]
    wide = [[*row, "", ""] for row in rows] + [[""] * (len(rows[0]) + 2)]
    write_rows(anna, wide, **options)
    assert codes_of(load_codings([anna], sample)) == ["negative", "positive", "neutral"]


def test_a_workbook_is_read(sample, sentiment_folder):
    path = sentiment_folder / "sheet-anna.xlsx"
    book = openpyxl.load_workbook(path)
    place = [cell.value for cell in book["coding"][1]].index("sentiment") + 1
    book["coding"].cell(2, place).value = "positive"
    book.move_sheet("coding", 2)
    book.save(path)
    # the CSV sheet of the same coder holds no code and is passed over
    assert codes_of(load_codings(find_sheets(sentiment_folder), sample)) == ["positive"]


def test_what_a_workbook_makes_of_codes_is_refused(sample, sentiment_folder):
    path = sentiment_folder / "sheet-anna.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    place = [cell.value for cell in sheet[1]].index("sentiment") + 1
    values = (True, datetime.datetime(2019, 5, 1), "=1+1", 3.0, "#NAME?", "-")
    for row, value in enumerate(values, start=2):
        sheet.cell(row, place).value = value
    book.save(path)
    allowed = "allowed: negative, neutral, positive, unclear or empty"
    made = "A spreadsheet made it of what was typed. Format the column as text and type the code again."
    again = "Format the column as text and type the code again."
    empty = "Correct it, or leave the cell empty if the item was not coded."
    assert problems_of([path], sample) == [
        f"sheet-anna.xlsx:2 (sentiment): found the truth value TRUE; {allowed}. {made}",
        f"sheet-anna.xlsx:3 (sentiment): found the date 2019-05-01; {allowed}. {made}",
        f"sheet-anna.xlsx:4 (sentiment): found the formula '=1+1'; {allowed}. {again}",
        f"sheet-anna.xlsx:5 (sentiment): found '3'; {allowed}. {empty}",
        f"sheet-anna.xlsx:6 (sentiment): found the error value '#NAME?' of a spreadsheet; {allowed}. {again}",
        f"sheet-anna.xlsx:7 (sentiment): found '-'; {allowed}. {empty}",
    ]


def test_every_problem_of_every_sheet_at_once(sample, sentiment_folder, rows_of, write_rows):
    anna, ben = sentiment_folder / "sheet-anna.csv", sentiment_folder / "sheet-ben.csv"
    rows = rows_of(anna)
    header = rows[0]
    column = {name: header.index(name) for name in header}
    rows[1][column["sentiment"]] = "hostile"
    rows[2][column["item_id"]] = "i9999"
    rows[4] = list(rows[3])
    rows[5][column["after"]] = "another text"
    rows[6][column["coder"]] = "ben"
    rows[7][column["coder"]] = "carl"
    rows[8][column["sample"]] = "s00000000000"
    write_rows(anna, rows)
    write_rows(ben, [row[:-2] for row in rows_of(ben)])
    folder = sentiment_folder.as_posix()
    third, fifth, last = rows[3][column["item_id"]], rows[5][column["item_id"]], max(sample.key["item_id"])
    found = problems_of([anna, ben], sample)
    assert found == [
        "sheet-anna.csv:2 (sentiment): found 'hostile'; allowed: negative, neutral, positive, unclear or "
        "empty. Correct it, "
        "or leave the cell empty if the item was not coded.",
        "sheet-anna.csv:3 (item_id): found 'i9999', which is no item of the sample; allowed: i0001 to "
        f"{last}. Remove the row.",
        f"sheet-anna.csv:5 (item_id): found the item {third} again, which row 4 has; allowed: each item "
        "once. Keep one of the "
        "two rows.",
        next(problem for problem in found if problem.startswith("sheet-anna.csv:6 ")),
        "sheet-anna.csv:7 (coder): found 'ben' in a sheet of 'anna'; allowed: one coder in each sheet. "
        "Part the sheet in two.",
        "sheet-anna.csv:8 (coder): found 'carl'; allowed: anna, ben. Correct the name; draw a new sample "
        "for another coder.",
        "sheet-anna.csv:9 (sample): found a sheet of the sample 's00000000000'; allowed: "
        f"{sample.sample_id!r}, the sample in "
        f"{folder}. A sheet of another sample or corpus does not fit: name the folder that it was drawn in.",
        "sheet-ben.csv:1 (sentiment): found no such column; allowed: sample, item_id, coder, actor, "
        "before, target, after, "
        "sentiment. Add it as it was written; start from the sheet that `framing sample` made.",
    ]
    assert found[3].startswith(
        f"sheet-anna.csv:6 (actor, before, target, after): found another text of {fifth}: "
    )
    assert found[3].endswith(
        "; allowed: the text as it was written. What the coder saw is not what was drawn: copy the codes "
        "into the sheet as "
        "it was written."
    )


def test_a_coder_who_codes_twice(sample, sentiment_folder, rows_of, write_rows):
    anna = sentiment_folder / "sheet-anna.csv"
    write_rows(anna, code(rows_of(anna), ["negative"]))
    second = write_rows(sentiment_folder / "sheet-anna-again.csv", code(rows_of(anna), ["positive"]))
    assert problems_of([anna, second], sample) == [
        "sheet-anna.csv: found the codes of 'anna', which sheet-anna-again.csv has too; allowed: each "
        "coder in one sheet. "
        "Keep one of the two sheets: a coder may code once."
    ]


def test_an_item_of_another_coder(sample, sentiment_folder, rows_of, write_rows):
    anna, ben = sentiment_folder / "sheet-anna.csv", sentiment_folder / "sheet-ben.csv"
    given = {row[1] for row in rows_of(anna)}
    rows = rows_of(ben)
    foreign = next(row for row in rows[1:] if row[1] not in given)
    foreign[2] = "anna"
    write_rows(anna, [*rows_of(anna), foreign])
    assert problems_of([anna], sample) == [
        f"sheet-anna.csv:{len(given) + 1} (item_id): found {foreign[1]}; allowed: the items that anna was "
        "given. Remove the "
        "row: the item is another coder's."
    ]


def test_letters_lost_in_another_encoding_are_seen(sample, anna, rows_of, write_rows):
    rows = rows_of(anna)
    rows[1][-1] = "na\xefve"
    write_rows(anna, code(rows, ["negative"]), encoding="cp1252")
    assert codes_of(load_codings([anna], sample)) == ["negative"]
    place = rows[0].index("before")
    rows[1][place] += "caf\xe9"
    write_rows(anna, rows, encoding="cp1252")
    (problem,) = problems_of([anna], sample)
    assert problem.endswith(
        "The file is no UTF-8, so letters may be lost: save it as .xlsx, or as CSV in UTF-8."
    )


AS_XLSX = "Save it as .xlsx, or as CSV in UTF-8."
HEADER = "Keep the header as it was written; start from the sheet that `framing sample` made."
RIGHT = "Remove what stands right of the last column; put text with commas in quotes."
NO_SHEETS = (
    ("absent.csv", None, ": found no such file; allowed: a coding sheet. Name a file that is there."),
    ("s.ods", b"x", f": found a file of kind .ods; allowed: .csv, .xlsx. {AS_XLSX}"),
    ("s.xlsx", b"x", f": found no workbook that can be read (BadZipFile); allowed: an .xlsx file. {AS_XLSX}"),
    ("s.csv", b"PK\x03\x04", ": found a workbook that is named .csv; allowed: a CSV file. Name it .xlsx."),
    ("s.csv", b"a\x00b", f": found binary data; allowed: a CSV file in UTF-8. {AS_XLSX}"),
    ("s.csv", b"", f":1: found no column item_id among ''; allowed: a header with item_id. {HEADER}"),
    (
        "s.csv",
        b"item_id,item_id\n",
        ":1 (item_id): found the column twice; allowed: each column once. Remove one of them.",
    ),
    (
        "s.csv",
        b"item_id,x\ni1,2,3\n",
        f":2: found 3 cells; allowed: 2 cells, as in the header. {RIGHT}",
    ),
    (
        "s.csv",
        b'item_id\n"a',
        f":2: found no CSV: unexpected end of data; allowed: a CSV file. Correct its quotes. {AS_XLSX}",
    ),
    ("s.csv", b"\x81", f":1: found a byte that is not UTF-8 (0x81); allowed: UTF-8. {AS_XLSX}"),
)


@pytest.mark.parametrize("name, data, message", NO_SHEETS)
def test_files_that_are_no_sheets(sample, tmp_path, name, data, message):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert problems_of([tmp_path / name], sample) == [f"{name}{message}"]


def test_a_sheet_of_another_task_lacks_columns(sample, drawn_frames):
    (problem, *_) = problems_of([drawn_frames.folder / "sheet-anna.csv"], sample)
    assert problem.startswith("sheet-anna.csv:1 (actor): found no such column; ")


def test_guarded_text_is_the_same_text(drawn_frames, frames_folder, rows_of, write_rows):
    path = frames_folder / "sheet-anna.csv"
    rows = rows_of(path)
    place = rows[0].index("text")
    # a spreadsheet that takes the guard for its own mark drops it on saving
    for row in rows:
        row[place] = row[place].removeprefix("'")
    write_rows(path, rows)
    sample = load_sample(frames_folder)
    assert load_codings([path], sample)["code"].isna().all()


def test_a_changed_sample_is_refused(sentiment_folder, tmp_path):
    with pytest.raises(StudyError, match=r"sample\.json: found no such file"):
        load_sample(tmp_path)
    key = sentiment_folder / "key.csv"
    key.write_text(
        key.read_text(encoding="utf-8").replace("planet-times", "weekly-mirror", 1), encoding="utf-8"
    )
    with pytest.raises(StudyError) as caught:
        load_sample(sentiment_folder)
    assert str(caught.value.problems[0]) == (
        f"{key.as_posix()}: found a key that was changed; allowed: the key as it was written. Restore it, "
        "or draw the sample "
        "again: a changed key gives codes to other texts."
    )
    (sentiment_folder / "sample.json").write_text("{}", encoding="utf-8")
    with pytest.raises(StudyError, match="no sample that can be read"):
        load_sample(sentiment_folder)
    (sentiment_folder / "sample.json").write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(StudyError, match="found format '2'; allowed: format 1. Draw the sample again."):
        load_sample(sentiment_folder)
