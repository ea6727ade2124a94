"""Writing tables: rounding, no cell that a spreadsheet would run, and files that are whole or not there."""

from __future__ import annotations

import csv
import hashlib
import io
import math
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import tables
from analysis.tables import (
    clean_text,
    hash_file,
    plain_cell,
    round_table,
    safe_cell,
    write_bytes,
    write_table,
)


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(A1)",
        "|calc",
        "%0A",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM",
        "｜calc",
        "％0A",
        "﹦1",
        "﹢1",
        "  =1",
        "\u00a0=1",
        "\u3000=1",
        "\u200b=1",
        "\u2003\u00a0 @x",
    ],
)
def test_what_looks_like_a_formula_gets_an_apostrophe(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\t=1", "'\t=1"),
        ("\tx", "'\tx"),
        ("\r=1", "'\n=1"),
        ("\rx", "'\nx"),
        ("\n=1", "'\n=1"),
        ("\ufeff=1", "'=1"),
        ("\ufeff  -1", "'  -1"),
        ("\x00=1", "'=1"),
        ("\x00\t=1", "'\t=1"),
        ("\u202e=1", "'=1"),
        ("\u061c=1", "'=1"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    ],
)
def test_what_hides_a_formula_is_removed_or_guarded(text, safe):
    assert safe_cell(text) == safe


@pytest.mark.parametrize("text", ["", "Talks = war", "US-led", "'=1", "5 %", "“+”", "–", "…", "a\tb"])
def test_plain_text_is_left_alone(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("value", [-1, -1.5, 0, np.float64(-2), True, None, -1e300])
def test_numbers_are_left_alone(value):
    assert safe_cell(value) is value


@given(st.text(max_size=20))
def test_no_text_starts_a_formula_once_it_is_safe(text):
    safe = safe_cell(text)
    bare = safe.lstrip("\ufeff\u200b\u200c\u200d\u2060" + " \n\t\u00a0\u3000")
    assert not bare.startswith(tuple("=+-@|%＝＋－＠｜％"))
    assert safe_cell(safe) == safe


@pytest.mark.parametrize("text", ["=1", "+972 Magazine", "＝1", "  -1", "\tx", "\nx", "plain", "", "it's", "'quoted'"])
def test_the_guard_can_be_taken_off(text):
    assert plain_cell(safe_cell(text)) == text


def test_control_characters_surrogates_and_direction_marks_are_removed():
    text = "a\x00b\x1b[31m\x7f\x85\ud800\u202e\u2066\u200f\ufeff\ufffe\uffffc\t\n\r😀é"
    assert clean_text(text) == "ab[31mc\t\n\r😀é"


@given(st.text())
def test_clean_text_leaves_valid_xml(text):
    from xml.dom.minidom import parseString
    from xml.sax.saxutils import escape

    parseString(f"<p>{escape(clean_text(text))}</p>")


def test_six_significant_digits():
    table = round_table(pd.DataFrame({"value": [1234567.8, 0.000123456789, -0.0, math.nan, math.inf, 1 / 3]}))
    assert table["value"].tolist()[:3] == [1234570.0, 0.000123457, 0.0]
    assert math.copysign(1, table["value"][2]) == 1
    assert math.isnan(table["value"][3])
    assert table["value"].tolist()[4:] == [math.inf, 0.333333]


def test_rounding_leaves_the_table_and_whole_numbers_alone():
    table = pd.DataFrame({"n": [123456789], "value": [1 / 3], "mixed": pd.Series(["a"], dtype=object)})
    rounded = round_table(table)
    assert table["value"][0] == 1 / 3
    assert rounded["n"][0] == 123456789
    assert rounded["mixed"][0] == "a"


def test_floats_among_text_are_rounded_too():
    table = pd.DataFrame({"value": pd.Series(["a", 1 / 3, 7], dtype=object)})
    assert round_table(table)["value"].tolist() == ["a", 0.333333, 7]


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_rounding_twice_is_rounding_once(values):
    once = round_table(pd.DataFrame({"value": values}))
    pd.testing.assert_frame_equal(round_table(once), once, check_exact=True)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_reads_back_as_rounded(value):
    rounded = round_table(pd.DataFrame({"value": [value]}))
    assert float(rounded.to_csv(index=False).splitlines()[1]) == rounded["value"][0]


def test_a_written_table_is_guarded_rounded_and_utf8(tmp_path):
    table = pd.DataFrame(
        {
            "term": ["=cmd|' /C calc'!A0", "Kyiv, “the” city", 'say "no"', None],
            "value": [-1.0000001, math.nan, 1 / 3, 2.0],
            "n": [-1, 2, 3, 4],
            "flag": [True, False, True, False],
        }
    )
    path = write_table(table, tmp_path / "deep" / "table.csv")
    assert path.read_bytes().decode("utf-8") == (
        "term,value,n,flag\n"
        "'=cmd|' /C calc'!A0,-1.0,-1,True\n"
        '"Kyiv, “the” city",,2,False\n'
        '"say ""no""",0.333333,3,True\n'
        ",2.0,4,False\n"
    )


def test_names_of_columns_are_guarded_too(tmp_path):
    path = write_table(pd.DataFrame({"=outlet": [1]}), tmp_path / "t.csv")
    assert path.read_text() == "'=outlet\n1\n"


def test_a_carriage_return_makes_no_row(tmp_path):
    path = write_table(pd.DataFrame({"text": ["one\rtwo", "three\r\nfour"]}), tmp_path / "t.csv")
    assert b"\r" not in path.read_bytes()
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    assert rows == [["text"], ["one\ntwo"], ["three\nfour"]]


def test_the_table_that_was_given_is_not_changed(tmp_path):
    table = pd.DataFrame({"term": ["=1"], "value": [1 / 3]})
    write_table(table, tmp_path / "t.csv")
    assert table.to_dict("list") == {"term": ["=1"], "value": [1 / 3]}


def test_categories_are_guarded(tmp_path):
    path = write_table(pd.DataFrame({"bloc": pd.Categorical(["=1", "East"])}), tmp_path / "t.csv")
    assert path.read_text() == "bloc\n'=1\nEast\n"


def test_an_existing_file_is_replaced(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    assert write_bytes(path, b"new") == path
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fdopen", "chmod", "replace"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step, failure):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    handles = []

    def fail(first, *rest):
        if isinstance(first, int):
            handles.append(first)
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(tables.os, step, fail)
        with pytest.raises(type(failure)):
            write_bytes(path, b"new")
    for handle in handles:
        os.close(handle)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_while_writing_leaves_nothing_where_nothing_was(tmp_path, monkeypatch):
    monkeypatch.setattr(tables.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "t.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_hash_of_a_file(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    assert hash_file(tmp_path / "x") == hashlib.sha256(b"abc").hexdigest()


def test_equal_cells_of_different_kinds_stay_apart(tmp_path):
    table = pd.DataFrame({"mixed": np.array([True, 1, 1.0, "=1", None], dtype=object), "text": list("ab=+") + [None]})
    lines = write_table(table, tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["mixed,text", "True,a", "1,b", "1.0,'=", "'=1,'+", ","]
