"""Reads the articles of a Nexis Uni export in Word form, from the structure that its help pages document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.collecting.dates import AmbiguousDate, read_date
from analysis.collecting.found import Found, not_read
from analysis.errors import Problem
from analysis.results import one_line

_END = "end of document"
_CAPTION = 300
_HEAD = re.compile(
    r"(Copyright(?= )|(?:Length|Byline|Section|Dateline|Highlight)(?=:))[ \t]*:?[ \t]*(.*)\Z", re.S
)
_FIELD = re.compile(
    r"(Copyright|Length|Byline|Section|Dateline|Highlight|Correction(?:-Date)?|Series|Load-Date|Language|"
    r"Publication-Type|Subject|Industry|Geographic|Company|Organization|Person|Ticker|Journal Code|Document-Type|"
    r"Graphic|Classification|Notes|URL|State|City|Country)\b[ \t]*:?[ \t]*(.*)\Z",
    re.S,
)
# what follows the body; one word alone on a line, or the first of the fields after it
_AFTER = re.compile(
    r"(?:Classification|Graphic|Notes)\Z|(?:Load-Date|Publication-Type|Language|Journal Code):"
)


def is_nexis(lines: list[str]) -> bool:
    """Say whether the paragraphs of a document are an export of Nexis Uni.

    Parameters
    ----------
    lines : list of str
        The paragraphs.

    Returns
    -------
    bool
        True where articles end with "End of Document" and one of its fields stands there.
    """
    plain = [line.strip().casefold() for line in lines]
    return _END in plain and any(line.startswith(("length:", "load-date:", "copyright ")) for line in plain)


def read_nexis(lines: list[str], shown: str) -> Iterator[Found | Problem]:
    """Read the articles of an export.

    Parameters
    ----------
    lines : list of str
        The paragraphs.
    shown : str
        How messages name the file.

    Yields
    ------
    Found or Problem
        One for each "End of Document", and one for an article that the file breaks off in.
    """
    block: list[str] = []
    number = 0
    for line in [part.strip() for paragraph in lines for part in paragraph.split("\n")]:
        if line.casefold() != _END:
            block.append(line)
            continue
        number += 1
        yield _read_article(block, f"{shown}:{number}")
        block = []
    if "Body" in block:
        found = "an article that breaks off before its 'End of Document'"
        yield not_read(f"{shown}:{number + 1}", found, "Export it again.")


def _read_article(block: list[str], place: str) -> Found | Problem:
    """Read the lines of one article."""
    if "Body" not in block:
        return not_read(place, "an article without a line 'Body'", "Export it with its full text.")
    start = block.index("Body")
    head = [line for line in block[:start] if line]
    fields: dict[str, str] = {}
    marks = []
    for number, line in enumerate(head):
        match = _HEAD.match(line)
        if match:
            marks.append(number)
            fields.setdefault(match[1], one_line(match[2]))
    body, after = _split_body(block[start + 1 :])
    fields |= {name: value for name, value in after.items() if name not in fields}
    if not body.strip():
        return not_read(place, "an article without a body", "Export it with its full text.")
    # above the first article stands a cover page, with a list of titles
    dated = next((number for number in range(len(head) - 1, -1, -1) if _is_date(head[number])), None)
    published, where = (
        (head[dated], "the line under the outlet") if dated is not None else ("", "'Load-Date'")
    )
    if dated is None and marks:
        dated, published = marks[0], fields.get("Load-Date", "")
    if dated is None or dated < 2:
        what = "an article without title, outlet and date on the lines above its fields"
        return not_read(place, what, "Export it again, with the full metadata.")
    right = fields.get("Copyright", "")
    author = re.sub(r"\A[Bb]y\s+", "", fields.get("Byline", ""))
    lifted = {
        "title": "the line above the outlet",
        "outlet": "the line under the title",
        "published": where,
    }
    return Found(
        place,
        body,
        "Nexis Uni",
        title=head[dated - 2],
        outlet=head[dated - 1],
        published=published,
        author=author,
        rights=f"Copyright {right}" if right else "",
        lifted={**lifted, "author": "'Byline'"} if author else lifted,
    )


def _is_date(line: str) -> bool:
    try:
        read_date(line)
    except AmbiguousDate:
        return True
    except ValueError:
        return False
    # a year alone is more likely a title
    return not line.strip().isdigit()


def _split_body(lines: list[str]) -> tuple[str, dict[str, str]]:
    """Split the body from the fields under it."""
    end = len(lines)
    # from below: a body may hold a line that looks like a field
    marks = [number for number, line in enumerate(lines) if _AFTER.match(line)]
    for number in reversed(marks):
        between = [line for line in lines[number + 1 : end] if line]
        captions = lines[number] in ("Graphic", "Notes") and end < len(lines)
        if all(_FIELD.match(line) or captions and len(line) < _CAPTION for line in between):
            end = number
        else:
            break
    fields: dict[str, str] = {}
    for line in lines[end:]:
        match = _FIELD.match(line)
        if match and ":" in line:
            fields.setdefault(match[1], one_line(match[2]))
    return "\n\n".join(line for line in lines[:end] if line), fields
