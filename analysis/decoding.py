"""Turns the bytes of a file into text, in whichever of the usual encodings they are."""

from __future__ import annotations

import codecs
import re

from analysis.errors import Problem

MAX_CHARACTERS = 2_000_000
"""The longest text that is taken for one article: about 300,000 words."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
_CONTROL = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
# what UTF-8 makes of a sign beyond ASCII: of two bytes, or of more, which no Windows-1252 text has by chance
_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_LONG = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND = re.compile(rb"[\x80-\xff]")
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]{2,40})""", re.I
)


def decode_any(data: bytes, *, page: bool = False) -> tuple[str, str]:
    """Decode text in UTF-8, UTF-16, UTF-32 or Windows-1252.

    Parameters
    ----------
    data : bytes
        The content of a file.
    page : bool
        Whether it is a web page, which may declare its encoding.

    Returns
    -------
    text : str
        Without byte order mark and control characters.
    note : str
        What a reader of the text should know; empty for plain UTF-8.

    Raises
    ------
    ValueError
        It is in none of these, or no text at all; the message says what it is.

    Examples
    --------
    >>> decode_any("café".encode("cp1252"))
    ('café', 'decoded from Windows-1252')
    """
    encoding, skip = _tell(data, page)
    if encoding == "cp1252":
        _refuse_mixed(data)
    try:
        text = data[skip:].decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("text in an encoding that is neither UTF-8, UTF-16 nor Windows-1252") from None
    notes = [] if encoding == "utf-8" else [f"decoded from {_NAMES.get(encoding, encoding)}"]
    plain, control = _CONTROL.subn("", text)
    if control > max(8, len(text) // 100):
        raise ValueError(f"binary data ({control:,} control characters)")
    if control:
        notes.append(f"{control} control character{'' if control == 1 else 's'} removed")
    if encoding == "cp1252" and sum("\x80" <= sign <= "\xff" for sign in plain) > 0.3 * len(plain):
        raise ValueError("text in an encoding that is neither UTF-8, UTF-16 nor Windows-1252")
    return plain, "; ".join(notes)


def _refuse_mixed(data: bytes) -> None:
    """Stop at UTF-8 in which some bytes are of another encoding: read as Windows-1252, the rest would be garbled."""
    rest, long = _LONG.subn(b"", data)
    rest, pairs = _PAIR.subn(b"", rest)
    if not long and pairs < max(1, len(_BEYOND.findall(rest))):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"UTF-8 with bytes of another encoding (the first, {data[error.start]:#04x}, in line {line})"
        ) from None


def _tell(data: bytes, page: bool) -> tuple[str, int]:
    """Tell the encoding, and how many bytes its mark takes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    head = data[:2000]
    # UTF-16 without a mark: every other byte of English text is 0
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[first::2].count(0) > 0.4 * len(head):
            return encoding, 0
    try:
        data.decode("utf-8")
        return "utf-8", 0
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:4000]) if page else None
    if declared:
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name
            data.decode(name)
        except (LookupError, UnicodeError, TypeError, AttributeError):
            return "cp1252", 0
        # browsers read latin-1 as what it is mistaken for
        return ("cp1252" if name in ("iso8859-1", "ascii") else name), 0
    return "cp1252", 0


def check_length(place: str, text: str) -> Problem | None:
    """Say that a text is too long for one article.

    Parameters
    ----------
    place : str
        Where it stands, for the message.
    text : str
        The text.

    Returns
    -------
    Problem or None
        None for up to `MAX_CHARACTERS`.
    """
    if len(text) <= MAX_CHARACTERS:
        return None
    found = f"{len(text):,} characters in one article"
    return Problem(place, found, f"up to {MAX_CHARACTERS:,}", "Divide it: it may hold many articles.")
