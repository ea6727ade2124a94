"""Reads the articles of a Factiva export in HTML or RTF form, from the structure that its help pages document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.collecting.dates import AmbiguousDate, read_date
from analysis.collecting.found import Found, not_read
from analysis.errors import Problem
from analysis.results import one_line

CODES = (
    "SE HD CR BY WC PD ET SN SC ED PG VOL LA CY CX LP TD RF CT ART CO IN NS RE IPC IPD PUB AN DLN HLP CLM DJ ATC RST"
).split()
"""The field codes of the indexed format: headline, byline, words, date, source, lead paragraph, text ..."""
_ROW = re.compile(rf"({'|'.join(CODES)})\s*\|\s*(.*)\Z", re.S)
_NUMBER = re.compile(r"Document\s+([A-Za-z0-9]{8,40})\Z")
_WORDS = re.compile(r"[\d.,]+ words?\Z", re.I)

Lines = list[tuple[str, str]]
"""The lines of an export: the field code, where there is one, and the words."""


def lines_of_page(page: str) -> list[Lines] | None:
    """Read the lines of an export in HTML.

    Parameters
    ----------
    page : str
        The file's text.

    Returns
    -------
    list of list of (str, str), or None
        One for each article; None where the page is no export of Factiva.
    """
    if not re.search(r"class\s*=\s*[\"']?article\b", page) or not re.search(
        r"Document\s+[A-Z0-9]{8,40}\b|<td[^>]*>(?:\s|&nbsp;|<[^>]+>)*HD(?:\s|&nbsp;|<[^>]+>)*</td>|[Ff]activa",
        page,
    ):
        return None
    from lxml import html
    from lxml.etree import LxmlError

    page = re.sub(r"(?i)<br\b[^>]*>", " ", re.sub(r"\A\s*<\?xml[^>]*\?>", "", page))
    try:
        tree = html.document_fromstring(page)
    except (LxmlError, ValueError):
        return None
    articles = tree.xpath("//div[contains(concat(' ', normalize-space(@class), ' '), ' article ')]")
    return [_lines_of_node(node) for node in articles] or None


def lines_of_rtf(text: str) -> list[Lines] | None:
    """Read the lines of an export in RTF, after its marks were taken out.

    Parameters
    ----------
    text : str
        Plain text; the cells of a table end with ``|``.

    Returns
    -------
    list of list of (str, str), or None
        One for each article; None where the text is no export of Factiva.
    """
    articles: list[Lines] = []
    lines: Lines = []
    code = ""
    for printed in text.splitlines():
        row = _ROW.match(printed.strip())
        line = printed.strip()
        if row:
            code, line = row[1], row[2]
        ends = line.endswith("|")
        line = line.strip("| ")
        if line or code:
            lines.append((code, line))
        number = _NUMBER.match(line)
        if number or (code == "AN" and ends):
            articles.append(lines)
            lines = []
        if ends or number:
            code = ""
    if not articles:
        return None
    # what stands under the last article is the list of what was searched for
    return [*articles, lines] if any(code == "HD" for code, _ in lines) else articles


def read_factiva(articles: list[Lines], shown: str) -> Iterator[Found | Problem]:
    """Read the articles of an export.

    Parameters
    ----------
    articles : list of list of (str, str)
        From `lines_of_page` or `lines_of_rtf`.
    shown : str
        How messages name the file.

    Yields
    ------
    Found or Problem
        One for each article: by its field codes, or in the display format by the order of its lines.
    """
    for number, lines in enumerate(articles, start=1):
        place = f"{shown}:{number}"
        coded = any(code in ("HD", "TD", "LP") for code, _ in lines)
        yield _read_coded(lines, place) if coded else _read_display(lines, place)


def _lines_of_node(node) -> Lines:
    """Read the lines of one article in HTML."""
    rows = [[_words(cell) for cell in row.xpath("./td")] for row in node.xpath(".//tr")]
    coded = [(cells[0], cells[1]) for cells in rows if len(cells) > 1 and cells[0] in CODES]
    if coded:
        lines: Lines = []
        cells = [row.xpath("./td") for row in node.xpath(".//tr")]
        for pair in cells:
            if len(pair) < 2 or _words(pair[0]) not in CODES:
                continue
            paragraphs = pair[1].xpath(".//p") or [pair[1]]
            lines += [(_words(pair[0]), _words(paragraph)) for paragraph in paragraphs]
        return lines
    leaves = node.xpath(".//*[self::div or self::p or self::span][not(.//div or .//p)]")
    # a span in a paragraph is part of it
    blocks = [leaf for leaf in leaves if not any(above in leaves for above in leaf.iterancestors())]
    return [("", _words(block)) for block in blocks if _words(block)]


def _words(node) -> str:
    return one_line(node.text_content().replace("\xa0", " "))


def _read_coded(lines: Lines, place: str) -> Found | Problem:
    """Read an article by its field codes."""
    fields: dict[str, list[str]] = {}
    for code, line in lines:
        if line:
            fields.setdefault(code, []).append(line)

    def one(code: str) -> str:
        return one_line(" ".join(fields.get(code, [])))

    body = "\n\n".join(fields.get("LP", []) + fields.get("TD", []))
    if not body:
        return not_read(place, "an article without text (LP, TD)", "Export it with its full text.")
    number = _NUMBER.match(one("AN"))
    parts = {
        "title": one("HD"),
        "author": re.sub(r"\A[Bb]y\s+", "", one("BY")),
        "outlet": one("SN"),
        "published": one("PD"),
    }
    codes = {"title": "HD", "author": "BY", "outlet": "SN", "published": "PD"}
    return Found(
        place,
        body,
        "Factiva",
        source_id=number[1] if number else one("AN"),
        rights=one("CY"),
        lifted={name: f"field {codes[name]}" for name, value in parts.items() if value},
        **parts,
    )


def _read_display(lines: Lines, place: str) -> Found | Problem:
    """Read an article of the display format: headline, byline, words, date, time, source, code, language, rights."""
    plain = [line for _, line in lines if line]
    number = next((match[1] for match in map(_NUMBER.match, plain) if match), "")
    plain = [line for line in plain if not _NUMBER.match(line)]
    counted = next((place for place, line in enumerate(plain[:8]) if _WORDS.match(line)), None)
    if counted is None or counted == 0 or len(plain) < counted + 4 or not _is_date(plain[counted + 1]):
        found = "an article without headline, number of words and date in their order"
        return not_read(place, found, "Export it again, with the field codes.")
    head, rest = plain[:counted], plain[counted + 2 :]
    author = head.pop() if len(head) > 1 and re.match(r"[Bb]y\s", head[-1]) else ""
    if rest and re.fullmatch(r"\d{1,2}:\d{2}(?: ?[APap]\.?[Mm]\.?)?(?: [A-Z]{2,5})?", rest[0]):
        rest = rest[1:]
    outlet, rest = (rest[0], rest[1:]) if rest else ("", [])
    rights, start = "", 0
    for place_of, line in enumerate(rest[:8]):
        if re.match(r"(?:Copyright\b|\(?[cC]\)|\u00a9)", line):
            rights, start = line, place_of + 1
            break
        if re.fullmatch(r"[A-Z0-9]{2,8}|[A-Z][a-z]+|\d+|Volume .*|[A-Z]{1,2}\d+", line):
            start = place_of + 1
    body = "\n\n".join(rest[start:])
    if not body:
        return not_read(place, "an article without text", "Export it with its full text.")
    parts = {
        "title": one_line(" ".join(head)),
        "author": re.sub(r"\A[Bb]y\s+", "", author),
        "outlet": outlet,
        "published": plain[counted + 1],
    }
    where = {
        "title": "the first line",
        "author": "the line under the headline",
        "outlet": "the line under the date",
        "published": "the line under the number of words",
    }
    lifted = {name: where[name] for name, value in parts.items() if value}
    return Found(place, body, "Factiva", source_id=number, rights=rights, lifted=lifted, **parts)


def _is_date(line: str) -> bool:
    try:
        read_date(line)
    except AmbiguousDate:
        return True
    except ValueError:
        return False
    return True
