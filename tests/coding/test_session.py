"""A coder's session: what is on the disk after every code, resuming, and two desks at one sheet."""

from __future__ import annotations

import os

import pytest

from analysis.coding.sample import load_sample
from analysis.coding.session import Session, read_task
from analysis.coding.sheets import load_codings
from analysis.errors import ParameterError, StudyError


@pytest.fixture
def path(sentiment_folder):
    return sentiment_folder / "sheet-anna.csv"


def column(rows, name):
    place = rows[0].index(name)
    return [row[place] for row in rows[1:]]


def test_every_code_is_on_the_disk(path, rows_of):
    session = Session(path)
    assert (session.coder, len(session)) == ("anna", 9)
    first, second, *_ = session.item_ids
    assert session.set_codes(first, {"sentiment": "negative"}) == ""
    assert column(rows_of(path), "sentiment")[:2] == ["negative", ""]
    session.set_note(second, "=odd\nsecond line")
    # the guard is in the file, not in the note
    assert column(rows_of(path), "note")[1] == "'=odd\nsecond line"
    assert session.note(second) == "=odd\nsecond line"
    session.set_codes(first, {"sentiment": ""})
    assert column(rows_of(path), "sentiment")[0] == ""
    assert [name for name in os.listdir(path.parent) if name.startswith(".")] == []


def test_what_the_session_writes_is_what_agreement_reads(path, sentiment_folder):
    session = Session(path)
    codes = ("negative", "neutral", "positive", "unclear")
    for number, item in enumerate(session.item_ids[:8]):
        session.set_codes(item, {"sentiment": codes[number % 4]})
        session.set_note(item, 'a, b; "c"\n\'d')
    table = load_codings([path], load_sample(sentiment_folder))
    assert table["code"].to_list()[:8] == [*codes, *codes]
    assert table["code"].isna().sum() == 1


def test_it_goes_on_where_it_stopped(path):
    session = Session(path)
    for item in (*session.item_ids[:2], session.item_ids[3]):
        session.set_codes(item, {"sentiment": "neutral"})
    again = Session(path)
    assert again.done == 3
    assert again.next_open() == 2
    assert again.next_open(3) == 4
    for item in again.item_ids[4:]:
        again.set_codes(item, {"sentiment": "neutral"})
    # the search goes on at the first item; with all coded it stays
    assert again.next_open(4) == 2
    again.set_codes(again.item_ids[2], {"sentiment": "unclear"})
    assert again.done == len(again)
    assert again.next_open(4) == 4


def test_a_sheet_is_written_whole_or_not_at_all(path, monkeypatch):
    session = Session(path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudyError) as caught:
        session.set_codes(session.item_ids[0], {"sentiment": "negative"})
    assert str(caught.value.problems[0]) == (
        "sheet-anna.csv: found a file that cannot be written (No space left on device); allowed: a sheet "
        "that can be "
        "written. The last code is not saved: close the file elsewhere, or free the disk, and code it again."
    )
    assert path.read_bytes() == before
    assert session.code(session.item_ids[0], "sentiment") == ""
    assert [name for name in os.listdir(path.parent) if name.startswith(".")] == []


def test_two_desks_lose_nothing(path):
    one, two = Session(path), Session(path)
    first, second, third, *_ = one.item_ids
    one.set_codes(first, {"sentiment": "negative"})
    message = two.set_codes(second, {"sentiment": "positive"})
    assert message == "The sheet was changed elsewhere: 1 cell was taken over. Work in one place at a time."
    assert two.code(first, "sentiment") == "negative"
    one.set_note(third, "mine")
    final = Session(path)
    assert [final.code(item, "sentiment") for item in (first, second, third)] == ["negative", "positive", ""]
    assert final.note(third) == "mine"


def test_two_desks_that_disagree_are_told(path):
    one, two = Session(path), Session(path)
    first = one.item_ids[0]
    one.set_codes(first, {"sentiment": "negative"})
    with pytest.raises(StudyError) as caught:
        two.set_codes(first, {"sentiment": "positive"})
    assert str(caught.value.problems[0]) == (
        f"sheet-anna.csv: found 'negative' for sentiment of {first}, given elsewhere meanwhile; allowed: "
        "one desk at a "
        "time for a sheet. That is shown now; code it again if it is to be changed."
    )
    assert two.code(first, "sentiment") == "negative"
    assert two.set_codes(first, {"sentiment": "positive"}) == ""
    assert Session(path).code(first, "sentiment") == "positive"


def test_a_sheet_that_was_saved_by_a_spreadsheet_goes_on(path, rows_of, write_rows):
    session = Session(path)
    session.set_codes(session.item_ids[0], {"sentiment": "negative"})
    write_rows(path, rows_of(path), encoding="utf-16", delimiter="\t")
    assert session.set_codes(session.item_ids[1], {"sentiment": "neutral"}) == ""
    assert column(rows_of(path), "sentiment")[:2] == ["negative", "neutral"]


def test_a_column_of_the_coders_own_is_kept(path, rows_of, write_rows):
    rows = rows_of(path)
    write_rows(path, [[*row, "own" if number == 0 else str(number)] for number, row in enumerate(rows)])
    session = Session(path)
    session.set_codes(session.item_ids[0], {"sentiment": "negative"})
    assert column(rows_of(path), "own") == [str(number) for number in range(1, 10)]


def test_what_it_refuses(path, rows_of, write_rows):
    session = Session(path)
    with pytest.raises(
        ParameterError, match="sentiment is 'bad'; allowed: negative, neutral, positive, unclear"
    ):
        session.set_codes(session.item_ids[0], {"sentiment": "bad"})
    rows = rows_of(path)
    first = rows[1][rows[0].index("sentiment")]
    rows[1][rows[0].index("sentiment")] = "bad"
    write_rows(path, rows)
    with pytest.raises(StudyError, match=r"sheet-anna\.csv:2 \(sentiment\): found 'bad'"):
        Session(path)
    rows[1][rows[0].index("sentiment")] = first
    write_rows(path, rows[:3])
    with pytest.raises(StudyError, match="found other items than those that were opened"):
        session.set_codes(session.item_ids[0], {"sentiment": "neutral"})
    write_rows(path, [rows[0], rows[1], rows[1]])
    with pytest.raises(StudyError, match="found an item twice; allowed: each item once"):
        Session(path)
    write_rows(path, [row[:-1] for row in rows])
    with pytest.raises(StudyError, match=r"sheet-anna\.csv:1 \(note\): found no such column"):
        Session(path)
    write_rows(path, rows[:1])
    with pytest.raises(StudyError, match="found no item"):
        Session(path)
    rows[1][-1] = "caf\xe9"
    write_rows(path, rows, encoding="latin-1")
    with pytest.raises(StudyError, match="found a file that is no UTF-8, so that letters may be lost"):
        Session(path)
    path.unlink()
    with pytest.raises(StudyError, match="found no such file; allowed: the sheet that is being coded"):
        session.set_codes(session.item_ids[0], {"sentiment": "neutral"})
    assert not path.exists()


def test_the_task_beside_the_sheet(drawn_frames, coding_study, tmp_path):
    task = read_task(drawn_frames.folder / "codebook.json")
    assert task == coding_study.codebook.task("frames")
    (tmp_path / "codebook.json").write_text("[]", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_task(tmp_path / "codebook.json")
    assert str(caught.value.problems[0]) == (
        "codebook.json: found no codebook that can be read; allowed: the codebook of the sample. Copy it "
        "from the sample's "
        "folder; `framing sample` wrote it beside the sheets."
    )
