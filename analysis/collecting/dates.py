"""Reads a date of publication in the forms that English-language press and databases print."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

ORDERS = ("dmy", "mdy")
"""What 9/11/2018 may mean: day, month, year; or month, day, year."""
_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {name[:3]: number for number, name in enumerate(_NAMES, start=1)}
_MONTH = r"(?P<month>" + "|".join([*_NAMES, "sept", *_MONTHS]) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})(?!\d)"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        rf"{_MONTH}\s*{_DAY}(?:\s*,\s*|\s+){_YEAR}",
        rf"{_DAY}[\s.-]*(?:of\s+)?{_MONTH}[\s,-]*{_YEAR}",
        rf"{_YEAR}[\s,-]*{_MONTH}[\s-]*{_DAY}(?!\d)",
        rf"{_MONTH}[\s,-]*{_YEAR}",
        r"(?P<year>\d{4})-(?P<month>\d{2})(?![\d-])",
        r"(?P<year>(?:1[5-9]|20)\d{2})(?:\.0+)?(?![\d-])",
    )
)
_NUMBERS = re.compile(r"(?P<first>\d{1,2})([-/.])(?P<second>\d{1,2})\2(?P<year>\d{4})(?!\d)")
# after a date may stand its weekday, its time of day, or an edition after the weekday
_REST = re.compile(rf"[\s,;]*(?:{_WEEKDAY}.*|(?:at\s+|t)?\d{{1,2}}[:.]\d{{2}}.*)?\Z")


class AmbiguousDate(ValueError):
    """A date in numbers that means one day to a British reader and another to an American one."""


def read_date(words: str, order: str = "") -> str:
    """Read a date as it is printed.

    Parameters
    ----------
    words : str
        Such as "November 9, 2018 Friday".
    order : {"", "dmy", "mdy"}
        What the first number of 9/11/2018 is; without it such a date is refused where both readings are days.

    Returns
    -------
    str
        ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``: as precise as the words, and no more.

    Raises
    ------
    AmbiguousDate
        The words mean two days.
    ValueError
        They mean none.

    Examples
    --------
    >>> read_date("November 9, 2018 Friday"), read_date("9th of Nov. 2018"), read_date("May 2019")
    ('2018-11-09', '2018-11-09', '2019-05')
    >>> read_date("9/11/2018", "dmy"), read_date("25/12/2018")
    ('2018-11-09', '2018-12-25')
    """
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    plain = re.sub(rf"\A{_WEEKDAY}[\s,]*", "", plain)
    numbers = _NUMBERS.match(plain)
    if numbers and _REST.match(plain, numbers.end()):
        return _read_numbers(numbers, order, words)
    for form in _FORMS:
        match = form.match(plain)
        if match and _REST.match(plain, match.end()):
            parts = match.groupdict()
            year = int(parts["year"])
            if "month" not in parts:
                return f"{year:04d}"
            name = parts["month"]
            month = int(name) if name.isdigit() else _MONTHS[name[:3]]
            if "day" not in parts:
                return date(year, month, 1).isoformat()[:7]
            return date(year, month, int(parts["day"])).isoformat()
    raise ValueError(f"no date: {words!r}")


def _read_numbers(match: re.Match, order: str, words: str) -> str:
    """Read day, month and year in numbers."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    readings = {"dmy": (second, first), "mdy": (first, second)}
    if order:
        readings = {order: readings[order]}
    days = set()
    for month, day in readings.values():
        try:
            days.add(date(year, month, day).isoformat())
        except ValueError:
            continue
    if len(days) > 1:
        raise AmbiguousDate(" or ".join(sorted(days)))
    if not days:
        raise ValueError(f"no date: {words!r}")
    return days.pop()
