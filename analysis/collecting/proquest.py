"""Reads the articles of a ProQuest export in text form, from the structure that its help pages document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.collecting.found import Found, not_read
from analysis.errors import Problem
from analysis.results import one_line

_LINE = re.compile(r"(?m)^[ \t]*_{20,}[ \t]*$")
_NAMES = (
    "Title|Author|Publication title|Publication date|Publication year|Publication info|Publication subject|Pages|"
    "First page|Volume|Issue|Section|Publisher|Place of publication|Country of publication|Full text|Abstract|Links|"
    "Subject|Location|People|Company / organization|Identifier / keyword|Classification|Column|Dateline|Credit|"
    "ISSN|e-ISSN|Source type|Language of publication|Document type|Document feature|ProQuest document ID|"
    "Accession number|Document URL|Copyright|Last updated|Database|Source|Number of pages|Publication frequency|"
    "Edition|Notes|Alternate title|Correction"
)
_FIELD = re.compile(rf"(?m)^({_NAMES}):[ \t]*")
# only these end a text: what follows it in an export, and what no sentence of prose starts with
_AFTER_TEXT = re.compile(
    r"(?m)^(Subject|Location|People|Company / organization|Identifier / keyword|Classification|Publication title|"
    r"Publication year|Publication date|Publication subject|First page|Place of publication|Country of publication|"
    r"ISSN|e-ISSN|Source type|Language of publication|Document type|ProQuest document ID|Document URL|Credit|"
    r"Last updated):"
)


def is_proquest(text: str) -> bool:
    """Say whether a text is an export of ProQuest.

    Parameters
    ----------
    text : str
        The file's text.

    Returns
    -------
    bool
        True where lines of underscores part records with its fields.
    """
    names = {match[1] for match in _FIELD.finditer(text[:2_000_000])}
    return (
        bool(_LINE.search(text))
        and "Title" in names
        and bool(names & {"ProQuest document ID", "Publication title"})
    )


def read_proquest(text: str, shown: str) -> Iterator[Found | Problem]:
    """Read the articles of an export.

    Parameters
    ----------
    text : str
        The file's text.
    shown : str
        How messages name the file.

    Yields
    ------
    Found or Problem
        One for each record with a title.
    """
    records: list[str] = []
    for part in _LINE.split(text):
        names = {match[1] for match in _FIELD.finditer(part)}
        if "Title" in names and names & {
            "Full text",
            "Publication title",
            "ProQuest document ID",
            "Abstract",
        }:
            records.append(part)
        elif records and part.strip() and not _is_footer(part):
            # a line of underscores may stand in a text, too
            records[-1] += "\n" + part
    for number, record in enumerate(records, start=1):
        yield _read_record(record, f"{shown}:{number}")


def _is_footer(part: str) -> bool:
    head = part.strip()[:400]
    return bool(
        re.match(
            r"(?:Contact us|Database copyright|Copyright \u00a9|Bibliography|Terms and Conditions)", head
        )
    )


def _read_record(record: str, place: str) -> Found | Problem:
    """Read the fields of one record."""
    fields: dict[str, str] = {}
    start = 0
    while match := _FIELD.search(record, start):
        if match[1] == "Full text":
            after = _AFTER_TEXT.search(record, match.end())
        else:
            after = _FIELD.search(record, match.end())
        end = after.start() if after else len(record)
        fields.setdefault(match[1], record[match.end() : end].strip())
        start = end
    body = fields.get("Full text", "")
    if not body or re.fullmatch(r"(?i)(?:full text )?not available\.?", body):
        return not_read(place, "a record without a full text", "Export it with its full text.")
    date = one_line(fields.get("Publication date", "")) or one_line(fields.get("Publication year", ""))
    outlet = re.split(r";", one_line(fields.get("Publication title", "")))[0].strip()
    parts = {
        "title": one_line(fields.get("Title", "")),
        "author": one_line(fields.get("Author", "")),
        "outlet": outlet,
        "published": date,
    }
    printed = {
        "title": "Title",
        "author": "Author",
        "outlet": "Publication title",
        "published": "Publication date",
    }
    lifted = {name: f"'{printed[name]}'" for name, value in parts.items() if value}
    if date and not fields.get("Publication date"):
        lifted["published"] = "'Publication year'"
    return Found(
        place,
        _paragraphs(body),
        "ProQuest",
        source_id=one_line(fields.get("ProQuest document ID", "")),
        url=one_line(fields.get("Document URL", "")),
        rights=one_line(fields.get("Copyright", ""))[:200],
        lifted=lifted,
        **parts,
    )


def _paragraphs(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()
