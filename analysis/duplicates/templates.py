"""Turns a line of boilerplate into a template in which numbers, dates and names are left open."""

from __future__ import annotations

import re
from typing import Literal

Open = Literal["numbers", "names"]
"""What a template leaves open: numbers, months and days; or names, too."""

_MONTH = (
    "(?:Jan(?:uary|\\.)?|Feb(?:ruary|\\.)?|Mar(?:ch|\\.)?|Apr(?:il|\\.)?|May|June?|July?|Aug(?:ust|\\.)?|"
    "Sept?(?:ember|\\.)?|Oct(?:ober|\\.)?|Nov(?:ember|\\.)?|Dec(?:ember|\\.)?)"
)
_DAY = "(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day|\\.)?"
_NAME_WORD = r"[A-Z][\w.'-]*"
NAME = rf"{_NAME_WORD}(?: {_NAME_WORD}){{0,4}}"
"""Matches a name: up to five words with a capital."""
PLACE = r"[A-Z][A-Za-z .,/-]{1,40}"
"""Matches the place of a dateline."""
_SLOTS = {"NUMBER": r"\d+", "MONTH": _MONTH, "DAY": _DAY, "NAME": NAME}
_FIND = {
    "numbers": re.compile(rf"(?P<MONTH>\b{_MONTH}(?!\w))|(?P<DAY>\b{_DAY}(?!\w))|(?P<NUMBER>\d+)"),
    "names": re.compile(
        rf"(?P<MONTH>\b{_MONTH}(?!\w))|(?P<DAY>\b{_DAY}(?!\w))|(?P<NUMBER>\d+)|(?P<NAME>(?<![\w.'-]){NAME})"
    ),
}

CUE = re.compile(
    r"""
    ©|\(c\)\s*\d{4}|\bcopyright\b|\ball\s+rights\s+reserved\b|\brights\s+reserved\b|\bredistribut|\bwithout\s+(?:\w+\s+){0,6}permission\b
    |^\W*(?:read|see|watch|view|listen|click|tap|follow|subscribe|sign\s+up|download|share|join|like\s+us|support|donate|
        comment|contact|email|print|advertis|related|recommended|more\s+(?:on|from|about|news|stories)|editor's\s+(?:note|picks?)|
        continue\s+reading|story\s+continues|you\s+(?:may|might)\s+also|also\s+read|don't\s+miss|most\s+read|trending|tags?|topics?|
        filed\s+under|source|originally\s+published|first\s+published|last\s+updated|updated|published|posted)\b[^.]*(?:[:|]|$)
    |\b(?:subscribe|sign\s+up)\b.{0,40}\b(?:newsletter|email|inbox|updates|alerts|daily|weekly|channel|free)\b
    |\bnewsletters?\b|\bour\s+(?:app|website|podcast|channel)\b|\bfollow\s+(?:us|him|her|me|them)\b
    |\b(?:follow|share|like|find|join|tweet)\b.{0,60}\b(?:twitter|facebook|instagram|telegram|youtube)\b
    |https?://|\bwww\.|\S@\S+\.\w
    |\b(?:reporting|writing|editing|edited|translated|compiled|photographs?|photos?|images?|pictures?|illustration|graphics?|video|
        additional\s+reporting)\s+by\b
    |(?:^|[(\[])\s*(?:photos?|images?|pictures?|file\s+photo|credit|photo\s+credit|image\s+credit|getty|caption)\b\s*(?:[:/|)\]]|credit|courtesy)
    |[(\[/|]\s*(?:reuters|afp|ap|xinhua|tass|getty(?:\s+images)?|epa|sputnik|file|photo|handout)\b[^()\[\]]{0,40}[)\]]\s*$
    |\bis\s+(?:an?|the)\s+(?:[\w'-]+\s+){0,5}?(?:reporter|correspondent|columnist|writer|journalist|editor|fellow|professor|analyst|author|
        commentator|researcher|lecturer|contributor|associate)\b
    |\b(?:views|opinions)\s+expressed\b|\bdo(?:es)?\s+not\s+(?:necessarily\s+)?(?:reflect|represent)\b
    |\bcontributed\s+to\s+this\s+(?:report|article|story)\b|\bthis\s+(?:article|story|report)\s+(?:was|is|has|first|originally)\b
    |^\d+\s+comments?\b|\bno\s+comments\b|\bcookies?\b|\bterms\s+of\s+(?:use|service)\b|\bprivacy\s+policy\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What templates of sites say and stories hardly ever do."""
BYLINE = re.compile(rf"(?i:by) {NAME}(?:\s*(?:[,|/•–-]|and|in)\s*.{{0,60}})?\Z")
"""A line that names the author."""
SPOKEN = re.compile(
    r"[\"“”]|\b(?:said|says|told|added|according\s+to|announced|argued|insisted|warned)\b", re.IGNORECASE
)
"""What sentences of stories say."""


def make_template(text: str, open_: Open) -> tuple[str, ...]:
    """Leave numbers and dates, or names too, of a text open.

    Parameters
    ----------
    text : str
        Words on one line.
    open_ : {"numbers", "names"}
        What is left open.

    Returns
    -------
    tuple of str
        By turns what is fixed and the name of what is open; it starts and ends with what is fixed.

    Examples
    --------
    >>> make_template("By Jane Doe, 3 May 2018", "names")
    ('By ', 'NAME', ', ', 'NUMBER', ' ', 'MONTH', ' ', 'NUMBER', '')
    """
    # a capital at the start may be the sentence's
    first = re.match(
        r"\W*(?:By|By:|Photo|Image|Photos|Credit|Reporting|Editing|Writing|Source|The|A|An|In|On|This)\b",
        text,
    )
    parts, at = [], 0
    for match in _FIND[open_].finditer(text, first.end() if first else 0):
        parts += [text[at : match.start()], match.lastgroup]
        at = match.end()
    return (*parts, text[at:])


def as_pattern(template: tuple[str, ...]) -> str:
    """Write a template as a regular expression.

    Parameters
    ----------
    template : tuple of str
        By `make_template`.

    Returns
    -------
    str
        What is fixed is escaped; what is open matches any number, month, day or name.

    Examples
    --------
    >>> as_pattern(("(c) ", "NUMBER", " Alpha"))
    '\\\\(c\\\\) \\\\d+ Alpha'
    """
    return "".join(escape(part) if place % 2 == 0 else _SLOTS[part] for place, part in enumerate(template))


def escape(text: str) -> str:
    """Escape what a regular expression would read as an operator, and no more, so that a person can read it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        A pattern that matches `text` and nothing else.

    Examples
    --------
    >>> escape("Read more - at a.b (c)")
    'Read more - at a\\\\.b \\\\(c\\\\)'
    """
    return re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)
