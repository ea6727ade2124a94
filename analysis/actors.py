"""Actors and their aliases: the only reader of ``seeds/actors.csv``, and where aliases occur in a text.

One row is one alias. Besides plain names the table can say the following, all of it without code:

dated aliases
    ``not_before`` and ``not_after`` (both inclusive) limit a row to articles published in that time.
    "US president" has one row for each holder of the office. A dated alias of a person that has two
    words or more is a *title*; `analysis.mentions` says what that means.
stop aliases
    ``actor_id`` is ``-`` and ``kind`` is ``none``: where such an alias matches, a shorter one inside it
    does not. "Washington Post" keeps the newspaper from being a mention of the United States.
combining forms
    An alias that ends in a hyphen ("Russo-") must be followed by a hyphen or dash in the text, which
    is not part of the mention.
relatives
    A stop alias with a surname in ``label`` ("Jill Biden", "Biden") is a relative: after her name the surname alone is
    still the actor's. After others of the surname it is not (`analysis.naming.namesakes`).
open stop aliases
    ``*`` at the start or end of a stop alias stands for any alias that touches the rest: "*, Idaho" stops
    "Moscow, Idaho" and "Denzel *" the actor. A longer alias that holds the name ("Theresa May") still wins.
nominals
    ``match`` is ``nominal``: the words are a mention only where the text has named the actor before
    ("the president", "Johnson"); `analysis.naming.nominals` has the rules. Several actors may share one.
cues
    ``match`` is ``beside`` in a stop row: within `CUE_REACH` characters of these words, in the same paragraph, the
    alias that stands in ``label`` does not match. Beside "Atlanta", "Georgia" is not the country.
company
    ``match`` is ``with`` in a stop row: the alias that stands in ``label`` matches only in a text in which it stands at
    least once within `CUE_REACH` characters of one of these words. "Georgia" is the country with "Tbilisi" or
    "Ukraine", and never without any of its company.
roles
    ``match`` is ``role`` in a stop row: a noun for persons ("defendants") or agencies ("spy agency") of any state;
    ``label`` has its fields, parted by blanks. `analysis.naming.groups` says when "the defendants" are a mention; of
    words with the field ``foreign`` ("hostile foreign power") it is `analysis.naming.other_states`. Such a row stops
    nothing.
case
    ``case-insensitive`` ignores case. ``exact`` wants the letters as written, or all of the alias in
    capitals ("CHINA", as in headlines), so "Turkey" is never the bird and "US" never the pronoun.
    Nominals, cues, company and roles want a capital where they have one, and take either case elsewhere.
    In a line that is mostly capitals "US" is not matched at all: there it cannot be told from "us".
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.aliases import FIELDS, STOP, ActorTable, Alias
from analysis.errors import Problem, StudyError, shorten
from analysis.folding import SAME_LENGTH

COLUMNS = ("actor_id", "label", "kind", "country", "alias", "match", "not_before", "not_after", "note")
KINDS = ("state", "person", "organisation", "none")
MATCHES = ("exact", "case-insensitive", "nominal", "beside", "with", "role")
_CUES = ("beside", "with")
# matches of stop rows that stop nothing
_NO_NAMES = (*_CUES, "role")
ACTOR_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def project_actors() -> Path:
    """Where this project's own table of actors is.

    Returns
    -------
    pathlib.Path
        ``seeds/actors.csv`` of the checkout.
    """
    return Path(__file__).resolve().parent.parent / "seeds" / "actors.csv"


def load_actors(path: str | Path) -> ActorTable:
    """Read a table of actors and check all of it.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV file in UTF-8 with the columns of `COLUMNS`.

    Returns
    -------
    ActorTable
        Frozen.

    Raises
    ------
    StudyError
        Something is wrong; it carries every problem, each with file and row.

    Examples
    --------
    >>> load_actors(project_actors()).labels["un"]
    'United Nations'
    """
    path = Path(path)
    where = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    records = _read_records(path, where)
    problems, aliases = [], []
    for row, record in records:
        found = _check_record(record, f"{where}:{row}")
        problems += found
        if not found:
            aliases.append(_to_alias(record, row))
    problems += _check_facts(records, where) + _check_overlaps(aliases, where) + _check_cues(aliases, where)
    if not records:
        problems.append(Problem(where, "no actors", "one alias a row", "Add the actors of the study."))
    if problems:
        raise StudyError(problems)
    table = pd.DataFrame([record for _, record in records], columns=list(COLUMNS), dtype="str")
    table.index = pd.Index([row for row, _ in records], name="row")
    return ActorTable(table, tuple(aliases))


def _read_records(path: Path, where: str) -> list[tuple[int, dict[str, str]]]:
    """Read the file's rows with their row numbers; a file that is not such a table stops here."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        found = f"no readable file ({error.strerror})"
        problem = Problem(where, found, "a CSV file", "Add it, or correct the path.")
        raise StudyError([problem]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"byte 0x{error.object[error.start]:02x}, which is not UTF-8"
        raise StudyError([Problem(f"{where}:{line}", found, "UTF-8", "Save the file as UTF-8.")]) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, problems, row = [], [], 1
    try:
        header = next(reader, [])
        if header != list(COLUMNS):
            found = shorten(",".join(header), 120)
            raise StudyError([Problem(f"{where}:1", found, ",".join(COLUMNS), "Correct the header.")])
        row = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(COLUMNS):
                records.append((row, dict(zip(COLUMNS, cells, strict=True))))
            else:
                remedy = "Quote commas, or add the missing cells."
                problems.append(
                    Problem(f"{where}:{row}", f"{len(cells)} cells", f"{len(COLUMNS)} cells", remedy)
                )
            row = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(f"{where}:{row}", f"broken CSV ({error})", "CSV", "Correct the quotes."))
    if problems:
        raise StudyError(problems)
    return records


def _parse_day(value: str) -> date | None:
    """Read YYYY-MM-DD and nothing else; None if it is not a day."""
    try:
        return date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) else None
    except ValueError:
        return None


def _check_record(record: dict[str, str], where: str) -> list[Problem]:
    """Check the cells of one row by themselves."""
    problems = []

    def refuse(column: str, allowed: str, remedy: str) -> None:
        problems.append(Problem(f"{where} ({column})", shorten(record[column]), allowed, remedy))

    stop = record["actor_id"] == STOP
    alias = record["alias"]
    if not stop and not ACTOR_ID.match(record["actor_id"]):
        refuse("actor_id", "lower-case letters, digits and '-'; '-' for a stop alias", "Rename the actor.")
    if record["kind"] not in KINDS:
        refuse("kind", ", ".join(KINDS), "Correct the kind.")
    elif stop != (record["kind"] == "none"):
        refuse("kind", "none for a stop alias (actor_id '-') and only there", "Correct kind or actor_id.")
    if not stop and not record["label"].strip():
        refuse("label", "text", "Add the label that tables and figures show.")
    if record["country"] and not re.fullmatch("[A-Z]{3}", record["country"]):
        refuse("country", "ISO 3166 alpha-3 code, or empty", "Correct the code.")
    if not any(char.isalpha() for char in alias):
        refuse("alias", "text with a letter", "Add the alias, or remove the row.")
    elif any(unicodedata.category(char) == "Cc" for char in alias):
        refuse("alias", "text without control characters", "Write the alias anew.")
    elif alias != " ".join(alias.split()):
        refuse("alias", "text without outer, double or unusual blanks", "Use single blanks.")
    if record["match"] not in MATCHES:
        refuse("match", ", ".join(MATCHES), "Correct the match.")
    elif stop and record["match"] == "nominal":
        refuse("match", "nominal only with an actor", "Name the actor, or choose another match.")
    elif not stop and record["match"] in _NO_NAMES:
        refuse(
            "match", f"{record['match']} only in a stop alias (actor_id '-')", "Correct match or actor_id."
        )
    if record["match"] == "role" and not set(record["label"].split() or [""]) <= set(FIELDS):
        refuse("label", f"fields parted by blanks: {', '.join(FIELDS)}", "Say what the noun is about.")
    relative = stop and record["label"] and record["match"] not in _NO_NAMES
    if relative and not alias.endswith(f" {record['label']}"):
        refuse("label", "the surname of a relative, with which its alias ends", "Correct or empty it.")
    if "*" in alias and not (
        stop and record["match"] not in _NO_NAMES and re.fullmatch(r"\*?[^*]+|[^*]+\*", alias)
    ):
        refuse("alias", "'*' only at the start or end of a stop alias", "Remove it.")
    timeless = stop and (record["match"] in _NO_NAMES or "*" in alias)
    for column in ("not_before", "not_after"):
        if record[column] and timeless:
            refuse(column, "nothing: cues, company, roles and open stop aliases hold at any time", "Empty it.")
        elif record[column] and _parse_day(record[column]) is None:
            refuse(column, "YYYY-MM-DD (a day of the calendar), or empty", "Correct the date.")
    first, last = _parse_day(record["not_before"]), _parse_day(record["not_after"])
    if first and last and last < first:
        refuse("not_after", f"a day from {first} on", "Swap or correct the dates.")
    return problems


def _to_alias(record: dict[str, str], row: int) -> Alias:
    return Alias(
        actor_id=record["actor_id"],
        kind=record["kind"],
        alias=record["alias"],
        match=record["match"],
        not_before=_parse_day(record["not_before"]) or date.min,
        not_after=_parse_day(record["not_after"]) or date.max,
        row=row,
        label=record["label"],
    )


def _check_facts(records: list[tuple[int, dict[str, str]]], where: str) -> list[Problem]:
    """Check that an actor has the same label, kind and country in every row."""
    first, problems = {}, []
    for row, record in records:
        for column in ("label", "kind", "country"):
            value, told = first.setdefault((record["actor_id"], column), (record[column], row))
            if value != record[column] and record["actor_id"] != STOP:
                allowed = f"{shorten(value)}, as in row {told}"
                remedy = "Make the actor's rows agree."
                problems.append(
                    Problem(f"{where}:{row} ({column})", shorten(record[column]), allowed, remedy)
                )
    return problems


def _check_overlaps(aliases: list[Alias], where: str) -> list[Problem]:
    """Check that no alias stands twice for the same time."""
    groups = defaultdict(list)
    for alias in aliases:
        key = alias.alias.translate(SAME_LENGTH).lower()
        # several actors may share a nominal, one cue may be of several aliases, and a role may be a name, too
        apart = {"nominal": alias.actor_id, "role": "a role", **dict.fromkeys(_CUES, alias.label)}.get(alias.match, "")
        groups[key, alias.match * bool(apart), apart].append(alias)
    problems = []
    for group in groups.values():
        exact_only = all(alias.exact for alias in group)
        latest = {}
        for alias in sorted(group, key=lambda alias: (alias.not_before, alias.row)):
            key = alias.alias.translate(SAME_LENGTH) if exact_only else ""
            before = latest.get(key)
            if before is not None and alias.not_before <= before.not_after:
                found = f"{shorten(alias.alias)} for {alias.actor_id}, already in row {before.row}"
                found += f" for {before.actor_id}"
                remedy = "Remove a row, or part them by not_before and not_after."
                place = f"{where}:{alias.row} (alias)"
                problems.append(Problem(place, found, "each alias once at a time", remedy))
            if before is None or alias.not_after > before.not_after:
                latest[key] = alias
    return problems


def _check_cues(aliases: list[Alias], where: str) -> list[Problem]:
    """Check that a cue, or a relative, is of a name of the table, and no word both forbids and asks for it."""
    known = {alias.alias for alias in aliases if alias.actor_id != STOP}
    names = {alias.alias for alias in aliases if alias.actor_id != STOP and not alias.nominal}
    beside = {(alias.alias.lower(), alias.label): alias.row for alias in aliases if alias.match == "beside"}
    problems = []
    for alias in aliases:
        if alias.actor_id != STOP or alias.role or not (alias.label or alias.match in _CUES):
            continue
        if alias.label not in (names if alias.match in _CUES else known):
            allowed = "an alias of an actor, as written in its row"
            allowed += "; no nominal" if alias.label in known else ""
            remedy = "Correct the alias that the row is of."
            problems.append(Problem(f"{where}:{alias.row} (label)", shorten(alias.label), allowed, remedy))
        other = beside.get((alias.alias.lower(), alias.label)) if alias.match == "with" else None
        if other is not None:
            found = f"with, and beside in row {other}, of {shorten(alias.label)}"
            problems.append(Problem(f"{where}:{alias.row} (match)", found, "one of the two", "Remove a row."))
    return problems
