"""Reading CSV and texts: what a spreadsheet may do to a file, and a whole message for what cannot be read."""

from __future__ import annotations

import sys

import pytest

from analysis.errors import StudyError
from analysis.readers import decode_text, read_csv, read_rows


def read(folder, data):
    path = folder / "table.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return read_csv(path, shown="table.csv")


def message(folder, data):
    with pytest.raises(StudyError) as caught:
        read(folder, data)
    return str(caught.value)


def test_every_cell_is_text(tmp_path):
    table = read(tmp_path, "id,value\n007, 1.50 \nNA,null\n")
    assert table.to_dict("records") == [{"id": "007", "value": "1.50"}, {"id": "NA", "value": "null"}]
    assert list(table.index) == [2, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_mark(tmp_path, end):
    table = read(tmp_path, b"\xef\xbb\xbf" + end.join(["id,note", "a,", "", 'b,"x, ""y"""', ""]).encode())
    assert table.to_dict("records") == [{"id": "a", "note": ""}, {"id": "b", "note": 'x, "y"'}]
    assert list(table.index) == [2, 4]


def test_a_cell_of_several_lines_is_one_row(tmp_path):
    table = read(tmp_path, 'id,note\na,"one\n\ntwo"\nb,x\n')
    assert table.loc[2, "note"] == "one\n\ntwo"
    assert list(table.index) == [2, 3]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", "table.csv:1: found no header; allowed: the columns' names. Add a header."),
        ("\n\na,b\n", "table.csv:1: found no header; allowed: the columns' names. Add a header."),
        (
            "id;note\na;b\n",
            "table.csv:1: found cells parted by ';'; allowed: cells parted by ','. "
            "Save it with commas (in a spreadsheet: the separator of the CSV export).",
        ),
        (
            "id\tnote\na\tb\n",
            "table.csv:1: found cells parted by tabs; allowed: cells parted by ','. "
            "Save it with commas (in a spreadsheet: the separator of the CSV export).",
        ),
        ("id,id\n", "table.csv:1 (id): found the column twice; allowed: each column once. Remove one of them."),
        (
            "id,note\na\n",
            "table.csv:2: found 1 cell; allowed: 2 cells, as in the header. "
            "Check its commas; put text that holds a comma in quotes.",
        ),
        (
            'id,note\na,b\nc,"open\n',
            "table.csv:3: found no CSV: unexpected end of data; allowed: a CSV file. Correct its quotes.",
        ),
        (
            'id,note\na,"b" c\n',
            "table.csv:2: found no CSV: ',' expected after '\"'; allowed: a CSV file. Correct its quotes.",
        ),
        (
            "id,note\na,caf\u00e9\n".encode("latin-1"),
            "table.csv:2: found a byte that is not UTF-8 (0xe9, in Windows-1252 é); allowed: UTF-8. "
            "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
        ),
        (
            "id,note\n".encode("utf-16"),
            "table.csv: found UTF-16; allowed: UTF-8. "
            "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
        ),
        (b"PK\x03\x04\x00\x00", "table.csv: found binary data; allowed: a CSV file in UTF-8. Save it as CSV UTF-8."),
    ],
)
def test_what_cannot_be_read(tmp_path, data, expected):
    assert message(tmp_path, data) == f"1 problem found:\n  {expected}"


def test_a_missing_file_and_a_folder(tmp_path):
    for path, found, remedy in (
        (tmp_path / "absent.csv", "no such file", "Create it; see seeds/README.md."),
        (tmp_path, "a folder", "Put the file in its place."),
    ):
        with pytest.raises(StudyError) as caught:
            read_csv(path, shown="x.csv")
        assert str(caught.value) == f"1 problem found:\n  x.csv: found {found}; allowed: a CSV file. {remedy}"


def test_broken_rows_are_left_out_and_told(tmp_path):
    (tmp_path / "x.csv").write_text("id,note\na\nb,c\nd,e,f\n")
    table, problems = read_rows(tmp_path / "x.csv", shown="x.csv")
    assert table["id"].to_dict() == {3: "b"}
    assert [problem.where for problem in problems] == ["x.csv:2", "x.csv:4"]


def test_a_cell_may_hold_a_whole_article(tmp_path):
    assert read(tmp_path, "id\n" + "x" * 200_000 + "\n").loc[2, "id"] == "x" * 200_000


def test_the_guard_of_a_written_cell_is_taken_off(tmp_path):
    table = read(tmp_path, "id,name\na,'+972 Magazine\nb,'quoted'\n")
    assert list(table["name"]) == ["+972 Magazine", "'quoted'"]


def test_decoding_keeps_every_character_but_the_byte_order_mark():
    assert decode_text(b"\xef\xbb\xbfOne\r\n\tTwo\x0c\n", shown="a.txt") == "One\r\n\tTwo\x0c\n"


def test_a_few_control_characters_are_no_binary_file():
    assert decode_text(b"Talks\x02 in Geneva." * 3, shown="a.txt").count("\x02") == 3


@pytest.mark.skipif(sys.platform == "win32", reason="modes differ there")
def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"

    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(StudyError) as caught:
        read_csv(path, shown="x.csv")
    assert str(caught.value) == (
        "1 problem found:\n  x.csv: found a file that cannot be read (Permission denied); allowed: a CSV file. "
        "Make it readable."
    )
