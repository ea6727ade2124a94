"""Bytes in the encodings that scholars' files have, and bytes that are no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.decoding import decode_any

WORDS = "Caf\u00e9 \u201cquoted\u201d \u2013 the talks of the two sides."


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "decoded from UTF-16"),
        ("utf-16-le", "decoded from UTF-16"),
        ("utf-16-be", "decoded from UTF-16"),
        ("utf-32", "decoded from utf-32-le"),
        ("cp1252", "decoded from Windows-1252"),
    ],
)
def test_the_usual_encodings(encoding, note):
    assert decode_any(WORDS.encode(encoding)) == (WORDS, note)


def test_a_page_declares_its_encoding():
    page = '<html><head><meta charset="iso-8859-2"></head>\u0160koda'
    assert decode_any(page.encode("iso-8859-2"), page=True) == (page, "decoded from iso8859-2")
    latin = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">caf\u00e9 \u201c'
    assert decode_any(latin.encode("cp1252"), page=True) == (latin, "decoded from Windows-1252")
    # a page that says what it is not
    wrong = '<meta charset="klingon">caf\u00e9'
    assert decode_any(wrong.encode("cp1252"), page=True) == (wrong, "decoded from Windows-1252")
    assert decode_any(wrong.encode("utf-8"), page=True) == (wrong, "")


def test_a_few_control_characters_are_removed_and_told():
    assert decode_any(b"The\x00 talks\x1b.") == ("The talks.", "2 control characters removed")
    assert decode_any(b"The talks\x07.") == ("The talks.", "1 control character removed")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(range(256)) * 4, "text in an encoding that is neither UTF-8, UTF-16 nor Windows-1252"),
        (b"\x01\x02\x03" * 100, "binary data (300 control characters)"),
        ("\u041f\u0440\u0435\u0437\u0438\u0434\u0435\u043d\u0442 \u0441\u043a\u0430\u0437\u0430\u043b".encode("cp1251"),
         "text in an encoding that is neither UTF-8, UTF-16 nor Windows-1252"),
        (b"\xff\xfe\x00", "text in an encoding that is neither UTF-8, UTF-16 nor Windows-1252"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_named(data, message):
    with pytest.raises(ValueError) as caught:
        decode_any(data)
    assert str(caught.value) == message


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_text_or_named(data, page):
    try:
        text, _ = decode_any(data, page=page)
    except ValueError as error:
        assert str(error)
    else:
        assert "\0" not in text


@pytest.mark.parametrize(
    ("data", "byte", "line"),
    [
        ((WORDS + "\nThen: ").encode() + "caf\u00e9".encode("cp1252"), "0xe9", 2),
        (WORDS.encode() + b"\n\n" + "Z\u00fcrich, caf\u00e9 na\u00efve \u201cnoise\u201d".encode("cp1252"), "0xfc", 3),
        ("Z\u00fcrich, \u00e9t\u00e9".encode()[:-1], "0xc3", 1),
    ],
)  # fmt: skip
def test_utf8_with_a_few_other_bytes_is_named_and_not_garbled(data, byte, line):
    with pytest.raises(ValueError) as caught:
        decode_any(data)
    said = f"UTF-8 with bytes of another encoding (the first, {byte}, in line {line})"
    assert str(caught.value) == said


def test_windows_signs_that_look_like_a_pair_by_chance_stay_what_they_are():
    # in Windows-1252 these two end in bytes that UTF-8 would read as one sign
    text = "At the \u201cCAF\u00c9\u201d, she said, \u201cna\u00efve\u201d guests paid 5 \u00a3."
    assert decode_any(text.encode("cp1252")) == (text, "decoded from Windows-1252")
