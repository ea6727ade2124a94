"""Reads an article from a file of plain text or Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import PurePath

from analysis.collecting.found import Found
from analysis.results import one_line

_FIELDS = {
    "title": "title",
    "headline": "title",
    "author": "author",
    "authors": "author",
    "byline": "author",
    "date": "published",
    "published": "published",
    "publication date": "published",
    "source": "outlet",
    "outlet": "outlet",
    "publication": "outlet",
    "url": "url",
    "link": "url",
}
_HEADER = re.compile(rf"({'|'.join(_FIELDS)})[ \t]*:[ \t]*(\S.*)?\Z", re.I)
_TITLE_LENGTH = 150
# begins like a sentence and does not end like one; what stands above an article on a page is often no headline
_HEADLINE = re.compile(
    r"(?!.*(?:\d[./-]\d{1,2}[./-]\d|\b(?:author|published|posted|updated|home|menu|share|read)\b\s*[:|>]))"
    r"(?!.*\b(?:you are here|skip to)\b)"
    r"[\"'\u2018\u201c(]?(?-i:[^\W_a-z]).*[^.,;:\-\u2013\u2014]\Z",
    re.I,
)
_FILE_DATE = re.compile(r"(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?!\d)")


def read_plain(text: str, place: str, *, markdown: bool = False) -> Found:
    """Read an article from plain text.

    Parameters
    ----------
    text : str
        The file's text. Lines such as ``Title: ...`` at its beginning, and the front matter of Markdown, are
        lifted out of it; a first line that stands alone like a headline is lifted as the title and stays.
    place : str
        The file, for messages.
    markdown : bool
        Whether the marks of Markdown are taken out.

    Returns
    -------
    Found
        With the date that the file's name holds where the text states none.
    """
    fields, body, where = _split_header(text, markdown)
    if markdown:
        body = strip_markdown(body)
    lifted = {name: f"{where} '{key}'" for name, (key, _) in fields.items()}
    found = Found(
        place,
        body if body.strip() else text,
        "Markdown" if markdown else "plain text",
        lifted=lifted,
        **{name: value for name, (_, value) in fields.items()},
    )
    if not found.title:
        found = lift_first_line(found)
    if not found.published:
        printed = date_of_name(place)
        if printed:
            lifted = {**found.lifted, "published": "the file's name"}
            found = replace(found, published=printed, lifted=lifted)
    return found


def lift_first_line(found: Found) -> Found:
    """Take the first line for the title if it stands alone like a headline.

    Parameters
    ----------
    found : Found
        An article without a title.

    Returns
    -------
    Found
        With the title; its text is unchanged.
    """
    match = re.match(r"\s*(\S[^\n]*?)[ \t\r]*\n[ \t\r]*\n\s*\S", found.text)
    line = one_line(match[1]) if match else ""
    if len(line.split()) < 3 or len(line) > _TITLE_LENGTH or not _HEADLINE.match(line):
        return found
    return replace(found, title=line, lifted={**found.lifted, "title": "the first line"})


def date_of_name(name: str) -> str:
    """Find a whole date in the name of a file.

    Parameters
    ----------
    name : str
        The name, also with folders.

    Returns
    -------
    str
        ``YYYY-MM-DD``; empty where there is none, or more than one.

    Examples
    --------
    >>> date_of_name("xinhua/2018-11-09_talks.txt")
    '2018-11-09'
    """
    days = set()
    for year, _, month, day in _FILE_DATE.findall(PurePath(name).name):
        try:
            days.add(date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    days = {day for day in days if "1600" < day < "2200"}
    return days.pop() if len(days) == 1 else ""


def strip_markdown(text: str) -> str:
    """Take the marks of Markdown out of a text.

    Parameters
    ----------
    text : str
        Markdown.

    Returns
    -------
    str
        The words: without headings' signs, emphasis, images and the addresses of links.

    Examples
    --------
    >>> strip_markdown("# Talks\\n\\nThe **talks** [resume](http://a.b).")
    'Talks\\n\\nThe talks resume.'
    """
    text = re.sub(r"(?m)^```.*$", "", text)
    text = re.sub(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)", "", text)
    text = re.sub(r"\[([^\]\n]{1,500})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,100}\])", r"\1", text)
    text = re.sub(r"(?m)^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?|[*+-][ \t]+)", "", text)
    text = re.sub(r"(?m)^[ \t]*(?:[-*_=][ \t]*){3,}$", "", text)
    text = re.sub(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,2000}?)(?<=\S)\1(?![\w*])", r"\2", text)
    text = re.sub(r"(?<!\w)(_{1,3})(?=\S)([^_\n]{1,2000}?)(?<=\S)\1(?!\w)", r"\2", text)
    return re.sub(r"`([^`\n]{1,2000})`", r"\1", text)


def _split_header(text: str, markdown: bool) -> tuple[dict[str, tuple[str, str]], str, str]:
    """Split what stands before the text from it: name to printed key and value, body, and what it is called."""
    lines = text.lstrip("\ufeff").splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    fenced = markdown and start < len(lines) and lines[start].strip() == "---"
    fields: dict[str, tuple[str, str]] = {}
    number = start + 1 if fenced else start
    while number < len(lines):
        line = lines[number].strip()
        match = _HEADER.match(line)
        if match is None and not (fenced and line not in ("---", "...")):
            break
        if match and match[2]:
            value = one_line(match[2]).strip("\"'" if fenced else "")
            fields.setdefault(_FIELDS[match[1].casefold()], (match[1], value))
        number += 1
    closed = number < len(lines) and (
        lines[number].strip() in ("---", "...") if fenced else not lines[number].strip()
    )
    # one such line may be prose ("Date: ..."); a block of them, with a blank line after it, is a header
    if not closed or (not fenced and len(fields) < 2):
        return {}, text, ""
    body = "\n".join(lines[number + 1 :]).strip("\n")
    return fields, body, "the front matter's" if fenced else "the header's"
