"""Cleaning rules: what is taken out of a text, why, and into which field it is lifted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from analysis.config import read_toml
from analysis.errors import Problem, StudyError, shorten
from analysis.results import one_line
from analysis.text import Normalised, normalise

_RULE_KEYS = ("id", "pattern", "line_is", "lift", "reason", "example")
_LINE_FIELDS = ("title", "author")


@dataclass(frozen=True)
class CleaningRule:
    """One rule.

    Parameters
    ----------
    rule_id : str
        Its name.
    reason : str
        Why what it matches is not the article's own prose.
    pattern : re.Pattern or None
        What it matches; None where `line_is` is used.
    line_is : str
        A column of ``articles.csv``: the line that equals it is matched.
    lift : str
        The field that takes the match; empty if it is only removed.
    """

    rule_id: str
    reason: str
    pattern: re.Pattern[str] | None
    line_is: str = ""
    lift: str = ""


@dataclass(frozen=True)
class Removal:
    """What one rule took out of one text.

    Parameters
    ----------
    rule_id, field, text, reason : str
        The rule, the field it was lifted into (or empty), the words, and why.
    start, end : int
        Offsets: into the normalised text from `apply_rules`, into the text as received from
        `clean_received`.
    fields : tuple of (str, str)
        Every field lifted, with its value.
    """

    rule_id: str
    field: str
    start: int
    end: int
    text: str
    reason: str
    fields: tuple[tuple[str, str], ...] = ()


def load_rules(path: Path, *, shown: str = "seeds/cleaning.toml") -> tuple[CleaningRule, ...]:
    """Read and test the cleaning rules.

    Parameters
    ----------
    path : pathlib.Path
        ``cleaning.toml``; it may be empty, but must be there: a lost file would change every number.
    shown : str
        How messages name it.

    Returns
    -------
    tuple of CleaningRule
        In the file's order, which is the order of their use.

    Raises
    ------
    StudyError
        There is no such file; or any rule is incomplete, has an invalid pattern, or does not match its
        own example.
    """
    if not path.exists():
        remedy = "Create it; if nothing is to be taken out of the texts, leave it empty."
        raise StudyError([Problem(shown, "no such file", "a TOML file of cleaning rules", remedy)])
    content = read_toml(path, shown=shown)
    problems = [
        Problem(f"{shown} {key}", "an unknown entry", "[[rule]]", "Correct or remove it.")
        for key in content
        if key != "rule"
    ]
    entries = content.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise StudyError(
            [*problems, Problem(f"{shown} rule", "no list", "[[rule]] tables", "Write [[rule]].")]
        )
    rules, seen = [], set()
    for number, entry in enumerate(entries, start=1):
        where = f"{shown} rule {number} ({shorten(entry.get('id', 'without id'))})"
        rule, found = _load_rule(entry, where)
        if rule is not None and rule.rule_id in seen:
            found.append(Problem(where, "an id used before", "each id once", "Rename the rule."))
        problems += found
        if rule is not None:
            seen.add(rule.rule_id)
            rules.append(rule)
    if problems:
        raise StudyError(problems)
    return tuple(rules)


def apply_rules(
    text: str, rules: Sequence[CleaningRule], columns: Mapping[str, str] | None = None
) -> list[Removal]:
    """Find what the rules take out of a text.

    Parameters
    ----------
    text : str
        A normalised text.
    rules : sequence of CleaningRule
        Used in order; what an earlier rule took is not taken again.
    columns : mapping, optional
        The article's row of ``articles.csv``, for rules with `line_is`.

    Returns
    -------
    list of Removal
        Sorted by place, without overlap.

    Examples
    --------
    >>> rule = CleaningRule("print", "a button", re.compile("^Print$", re.MULTILINE))
    >>> [(r.start, r.end) for r in apply_rules("Body.\\nPrint", [rule])]
    [(6, 11)]
    """
    taken: list[Removal] = []
    joined = _join_patterns(tuple(rules))
    clean = joined is not None and joined.search(text) is None
    for rule in rules:
        if clean and _can_be_joined(rule):
            continue
        for match in _matches(rule, text, columns or {}):
            start, end = match.span()
            if start == end or any(start < other.end and other.start < end for other in taken):
                continue
            lifted = [(name, value.strip()) for name, value in sorted(match.groupdict().items()) if value]
            if rule.lift:
                lifted.append((rule.lift, match.group().strip(" \t\n•*-–")))
            taken.append(
                Removal(
                    rule.rule_id,
                    ", ".join(name for name, _ in lifted),
                    start,
                    end,
                    match.group(),
                    rule.reason,
                    tuple(lifted),
                )
            )
            if rule.line_is:
                break
    return sorted(taken, key=lambda removal: removal.start)


def clean_received(
    text: str, rules: Sequence[CleaningRule], columns: Mapping[str, str] | None = None
) -> tuple[Normalised, tuple[Removal, ...]]:
    """Normalise a text and take out what the rules match; nothing is lost.

    Parameters
    ----------
    text : str
        The text as received.
    rules : sequence of CleaningRule
        Used in order.
    columns : mapping, optional
        The article's row of ``articles.csv``, for rules with `line_is`.

    Returns
    -------
    cleaned : Normalised
        What is left, without blanks at its two ends; its offsets lead into `text`.
    removals : tuple of Removal
        What was taken out; their offsets lead into `text`.

    Examples
    --------
    >>> rule = CleaningRule("print", "a button", re.compile("^Print$", re.MULTILINE))
    >>> cleaned, removals = clean_received("Print\\nThe US’s answer.", [rule])
    >>> cleaned.text, int(cleaned.offsets[0]), removals[0].text
    ("The US's answer.", 6, 'Print')
    """
    whole = normalise(text)
    removals = apply_rules(whole.text, rules, columns)
    # what is kept are the gaps between the removals
    edges = [0, *(edge for removal in removals for edge in (removal.start, removal.end)), len(whole.text)]
    gaps = list(zip(edges[::2], edges[1::2], strict=True))
    body = "".join(whole.text[start:end] for start, end in gaps)
    typographic = "".join(whole.typographic[start:end] for start, end in gaps)
    offsets = np.concatenate([whole.offsets[start:end] for start, end in gaps])
    last = len(body.rstrip())
    first = min(len(body) - len(body.lstrip()), last)
    cleaned = Normalised(body[first:last], typographic[first:last], offsets[first:last])
    moved = []
    for removal in removals:
        end = int(whole.offsets[removal.end - 1]) + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1  # an accent that was composed with its letter
        moved.append(replace(removal, start=int(whole.offsets[removal.start]), end=end))
    return cleaned, tuple(moved)


def _can_be_joined(rule: CleaningRule) -> bool:
    """Whether a pattern means the same beside others: it has no groups and sets no flags of its own."""
    pattern = rule.pattern
    return pattern is not None and not pattern.groups and pattern.flags == re.MULTILINE | re.UNICODE


@lru_cache(maxsize=16)
def _join_patterns(rules: tuple[CleaningRule, ...]) -> re.Pattern[str] | None:
    """Join the patterns that can be joined: nearly every text has a match of none, and is read once to tell."""
    patterns = [f"(?:{rule.pattern.pattern})" for rule in rules if _can_be_joined(rule)]
    return re.compile("|".join(patterns), re.MULTILINE) if patterns else None


def _matches(rule: CleaningRule, text: str, columns: Mapping[str, str]):
    """Yield the matches of a rule."""
    if rule.pattern is not None:
        yield from rule.pattern.finditer(text)
        return
    wanted = one_line(normalise(columns.get(rule.line_is, "")).text)
    # a pattern of its own for each article takes long to make, and most articles have no line as long as their title
    if wanted and any(len(one_line(line)) == len(wanted) for line in text.split("\n")):
        words = r"[^\S\n]+".join(re.escape(word) for word in wanted.split(" "))
        yield from re.finditer(rf"^[^\S\n]*{words}[^\S\n]*$", text, re.MULTILINE | re.IGNORECASE)


def _load_rule(entry: dict, where: str) -> tuple[CleaningRule | None, list[Problem]]:
    """Build one rule, with what is wrong with it."""
    problems = [
        Problem(f"{where} {key}", "an unknown key", ", ".join(_RULE_KEYS), "Correct or remove it.")
        for key in entry
        if key not in _RULE_KEYS
    ]
    for key in _RULE_KEYS:
        if key in entry and not isinstance(entry[key], str):
            problems.append(Problem(f"{where} {key}", shorten(entry[key]), "text", "Put it in quotes."))
    for key in ("id", "reason"):
        if not str(entry.get(key, "")).strip():
            problems.append(Problem(f"{where} {key}", "nothing", "text", f"Give the rule its {key}."))
    if ("pattern" in entry) == ("line_is" in entry):
        problems.append(
            Problem(where, "both or neither of pattern and line_is", "one of the two", "Keep one of the two.")
        )
    if problems:
        return None, problems
    if "line_is" in entry:
        if entry["line_is"] not in _LINE_FIELDS:
            allowed = ", ".join(_LINE_FIELDS)
            return None, [Problem(f"{where} line_is", shorten(entry["line_is"]), allowed, "Correct it.")]
        return CleaningRule(entry["id"], entry["reason"], None, entry["line_is"], entry.get("lift", "")), []
    try:
        pattern = re.compile(entry["pattern"], re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        problem = Problem(
            f"{where} pattern",
            f"{shorten(entry['pattern'])}: {error}",
            "a Python regular expression",
            "Correct the pattern.",
        )
        return None, [problem]
    example = entry.get("example", "").strip("\n")
    if not example:
        return None, [Problem(f"{where} example", "nothing", "text that it matches", "Give an example.")]
    if pattern.search("") is not None:
        return None, [Problem(f"{where} pattern", "a match of nothing", "some text", "Narrow the pattern.")]
    if pattern.search(normalise(example).text) is None:
        problem = Problem(
            f"{where} example",
            f"{shorten(example)}, which the pattern does not match",
            "text that the pattern matches",
            "Correct the pattern or the example.",
        )
        return None, [problem]
    return CleaningRule(entry["id"], entry["reason"], pattern, "", entry.get("lift", "")), []
