"""The frozen `Codebook`: what coders are asked about each unit, with which codes, and how they are to decide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.config import read_toml
from analysis.errors import Problem, StudyError, UnknownName, shorten
from analysis.text import normalise

UNITS = ("mention", "paragraph", "article")
LEVELS = ("nominal", "ordinal", "interval")
UNCLEAR = "unclear"
"""The code of what cannot be coded. Every variable has it; it stands on no scale."""

TASK_KEYS = ("id", "label", "unit", "instructions", "codes", "variable")
VARIABLE_KEYS = (
    *("id", "label", "family", "level", "definition", "indicators", "includes", "excludes"),
    *("example", "example_from", "example_code", "codes"),
)
RESERVED = (
    *("sample", "item_id", "coder", "before", "target", "after", "text", "actor", "note"),
    *("code", "variable", "weight", "stratum"),
)
"""Columns of coding sheets, keys and long tables, which no variable may be called."""

_NEEDED = ("id", "label", "level", "definition", "example", "example_code")
_LISTS = ("indicators", "includes", "excludes")
_VARIABLE_ID = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
_CODE_ID = re.compile(r"(?:[a-z][a-z_]{0,29}|-?(?:0|[1-9]\d{0,5}))\Z")
_NUMBER = re.compile(r"-?\d+\Z")
# a spreadsheet turns these into its own values
_MANGLED_CODES = ("true", "false")


@dataclass(frozen=True)
class Variable:
    """One question that is asked about every unit.

    Parameters
    ----------
    variable_id, label, family : str
        The column of the sheet, its name in words, and the group it belongs to.
    level : {"nominal", "ordinal", "interval"}
        What the codes' order and distance mean.
    codes : tuple of (str, str)
        Each code with its meaning, in their order; on an ordinal or interval level from low to high.
    definition : str
        What is coded.
    indicators, includes, excludes : tuple of str
        Published questions that stand for it, what belongs to it, and what does not.
    example, example_from, example_code : str
        A passage, the article it stands in (empty if it is made up), and its code.
    """

    variable_id: str
    label: str
    family: str
    level: str
    codes: tuple[tuple[str, str], ...]
    definition: str
    indicators: tuple[str, ...]
    includes: tuple[str, ...]
    excludes: tuple[str, ...]
    example: str
    example_from: str
    example_code: str

    @property
    def code_ids(self) -> tuple[str, ...]:
        """Every code that a cell may hold."""
        return tuple(code for code, _ in self.codes)

    @property
    def scale(self) -> tuple[str, ...]:
        """The codes without `UNCLEAR`: on an ordinal or interval level from low to high."""
        return tuple(code for code in self.code_ids if code != UNCLEAR)


@dataclass(frozen=True)
class CodingTask:
    """One task of the codebook: the unit that is coded, and what is asked about it.

    Parameters
    ----------
    task_id, label : str
        Its name on the command line, and in words.
    unit : {"mention", "paragraph", "article"}
        What is shown to the coder and coded.
    instructions : str
        What holds for all variables.
    variables : tuple of Variable
        In the order in which they are asked.
    """

    task_id: str
    label: str
    unit: str
    instructions: str
    variables: tuple[Variable, ...]

    @property
    def variable_ids(self) -> tuple[str, ...]:
        """The variables' columns."""
        return tuple(variable.variable_id for variable in self.variables)


@dataclass(frozen=True)
class Codebook:
    """All tasks of a study.

    Parameters
    ----------
    title : str
        What the codebook is about.
    tasks : tuple of CodingTask
        In the file's order.
    sha256 : str
        Of the file's bytes.
    """

    title: str
    tasks: tuple[CodingTask, ...]
    sha256: str

    def task(self, task_id: str) -> CodingTask:
        """Return one task.

        Parameters
        ----------
        task_id : str
            Its name.

        Returns
        -------
        CodingTask
            The task.

        Raises
        ------
        UnknownName
            There is no such task.
        """
        for task in self.tasks:
            if task.task_id == task_id:
                return task
        raise UnknownName("coding task", task_id, (task.task_id for task in self.tasks))


def load_codebook(path: Path, *, shown: str = "seeds/codebook.toml") -> Codebook:
    """Read and check a codebook.

    Parameters
    ----------
    path : pathlib.Path
        ``codebook.toml``.
    shown : str
        How messages name it.

    Returns
    -------
    Codebook
        Its examples are not yet looked up in the texts: see `check_examples`.

    Raises
    ------
    StudyError
        There is no such file, or anything in it cannot be used: every problem with its place.
    """
    if not path.exists():
        remedy = (
            "Copy the project's seeds/codebook.toml and put your own frames in; seeds/README.md explains it."
        )
        raise StudyError([Problem(shown, "no such file", "a codebook, which coding needs", remedy)])
    content = read_toml(path, shown=shown)
    problems = [
        Problem(f"{shown} {key}", "an unknown entry", "title, [[task]]", "Correct or remove it.")
        for key in content
        if key not in ("title", "task")
    ]
    title = content.get("title", "")
    if not isinstance(title, str) or not title.strip():
        problems.append(Problem(f"{shown} title", shorten(title), "text", "Give the codebook a title."))
    tasks = []
    for number, entry in enumerate(_tables(content.get("task"), f"{shown} task", problems), start=1):
        tasks.append(_load_task(entry, f"{shown} task {number}", problems))
    _check_twice([task.task_id for task in tasks], f"{shown} task", problems)
    if problems:
        raise StudyError(problems)
    return Codebook(title, tuple(tasks), hashlib.sha256(path.read_bytes()).hexdigest())


def check_examples(
    codebook: Codebook,
    texts: Mapping[str, str],
    *,
    complete: bool = True,
    shown: str = "seeds/codebook.toml",
) -> list[Problem]:
    """Check that every example that names an article stands in its text.

    Parameters
    ----------
    codebook : Codebook
        Any codebook.
    texts : mapping of str to str
        article_id to its text as received.
    complete : bool
        Whether `texts` holds all articles; if not, an article that is not there is no problem.
    shown : str
        How messages name the file.

    Returns
    -------
    list of Problem
        One for each article that is not there, and each passage that its text does not hold. Blanks,
        quotation marks and dashes may be of another kind.
    """
    squeezed: dict[str, str] = {}
    problems = []
    for task in codebook.tasks:
        for variable in task.variables:
            source = variable.example_from
            if not source or source not in texts and not complete:
                continue
            where = f"{shown} task {task.task_id} variable {variable.variable_id}"
            if source not in texts:
                remedy = "Correct it, or leave example_from out if the example is made up."
                found = f"{shorten(source)}, which is no article of the study"
                problems.append(Problem(f"{where} example_from", found, "an article_id", remedy))
                continue
            if source not in squeezed:
                squeezed[source] = _squeeze(texts[source])
            if _squeeze(variable.example) not in squeezed[source]:
                found = f"{shorten(variable.example)}, which is not in the text of {source}"
                problems.append(
                    Problem(
                        f"{where} example", found, "words of the text", "Correct the example, or its article."
                    )
                )
    return problems


def _squeeze(text: str) -> str:
    """Bring marks and blanks to one form, so that a passage is found across lines."""
    return " ".join(normalise(text).text.split())


def _tables(value: object, where: str, problems: list[Problem]) -> list[dict]:
    """Return the tables of a list of tables, with a problem where there are none."""
    if isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        return value
    name = where.rpartition(" ")[2]
    form = "[[task]]" if name == "task" else "[[task.variable]]"
    found = "none" if value in (None, []) else "no list of tables"
    problems.append(Problem(where, found, f"{form} tables", f"Write at least one {form}."))
    return []


def _load_task(entry: dict, where: str, problems: list[Problem]) -> CodingTask:
    """Build one task, adding to `problems` what cannot be used."""
    where = f"{where} ({shorten(entry.get('id', 'without id'))})"
    _check_keys(entry, TASK_KEYS, where, problems)
    texts = _texts(entry, ("id", "label", "unit", "instructions"), ("id", "label", "unit"), (where, problems))
    if texts["id"] and not _VARIABLE_ID.match(texts["id"]):
        problems.append(_bad_name(f"{where} id", texts["id"]))
    if texts["unit"] and texts["unit"] not in UNITS:
        problems.append(Problem(f"{where} unit", shorten(texts["unit"]), ", ".join(UNITS), "Correct it."))
    shared = _load_codes(entry["codes"], f"{where} codes", problems) if "codes" in entry else ()
    variables = [
        _load_variable(variable, shared, f"{where} variable {number}", problems)
        for number, variable in enumerate(
            _tables(entry.get("variable"), f"{where} variable", problems), start=1
        )
    ]
    _check_twice([variable.variable_id for variable in variables], f"{where} variable", problems)
    return CodingTask(texts["id"], texts["label"], texts["unit"], texts["instructions"], tuple(variables))


def _load_variable(
    entry: dict, shared: tuple[tuple[str, str], ...], where: str, problems: list[Problem]
) -> Variable:
    """Build one variable, adding to `problems` what cannot be used."""
    where = f"{where} ({shorten(entry.get('id', 'without id'))})"
    _check_keys(entry, VARIABLE_KEYS, where, problems)
    names = tuple(name for name in VARIABLE_KEYS if name not in (*_LISTS, "codes"))
    texts = _texts(entry, names, _NEEDED, (where, problems))
    lists = {name: _load_list(entry, name, where, problems) for name in _LISTS}
    codes = _load_codes(entry["codes"], f"{where} codes", problems) if "codes" in entry else shared
    if "codes" not in entry and not shared:
        remedy = "Write [task.codes] for all variables of the task, or [task.variable.codes]."
        problems.append(Problem(f"{where} codes", "none", "a table of codes and their meanings", remedy))
    name, level = texts["id"], texts["level"]
    if name and not _VARIABLE_ID.match(name):
        problems.append(_bad_name(f"{where} id", name))
    if name in RESERVED:
        found = f"{shorten(name)}, a column that every sheet or key has"
        problems.append(Problem(f"{where} id", found, "another name", "Rename the variable."))
    if level and level not in LEVELS:
        problems.append(Problem(f"{where} level", shorten(level), ", ".join(LEVELS), "Correct it."))
    variable = Variable(
        name, texts["label"], texts["family"], level, codes, texts["definition"], *lists.values(),
        texts["example"], texts["example_from"], texts["example_code"],
    )  # fmt: skip
    if codes and texts["example_code"] and texts["example_code"] not in variable.code_ids:
        allowed = ", ".join(variable.code_ids)
        problems.append(
            Problem(f"{where} example_code", shorten(texts["example_code"]), allowed, "Correct it.")
        )
    if level == "interval" and not all(_NUMBER.match(code) for code in variable.scale):
        found = ", ".join(code for code in variable.scale if not _NUMBER.match(code))
        problems.append(
            Problem(f"{where} codes", found, "whole numbers on an interval level", "Correct them.")
        )
    return variable


def _load_codes(value: object, where: str, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    """Read a table of codes, adding to `problems` what cannot be used."""
    if not isinstance(value, dict) or not all(
        isinstance(meaning, str) and meaning.strip() for meaning in value.values()
    ):
        problems.append(
            Problem(where, "no such table", "a table of codes and their meanings", 'Write code = "meaning".')
        )
        return ()
    for code in value:
        if not _CODE_ID.match(code) or code in _MANGLED_CODES:
            allowed = "lower-case letters and '_', or a whole number; not true or false"
            remedy = "Rename it: a spreadsheet would turn other codes into dates, formulas or truth values."
            problems.append(Problem(where, shorten(code), allowed, remedy))
    if UNCLEAR not in value:
        found = f"{', '.join(map(shorten, value)) or 'none'}, without {UNCLEAR!r}"
        remedy = "Add it: a coder who cannot decide must be able to say so."
        problems.append(Problem(where, found, f"codes with {UNCLEAR!r} among them", remedy))
    if len(set(value) - {UNCLEAR}) < 2:
        found = f"{len(set(value) - {UNCLEAR})} besides {UNCLEAR!r}"
        problems.append(Problem(where, found, "two codes or more", "Add the codes to choose from."))
    return tuple(value.items())


def _load_list(entry: dict, name: str, where: str, problems: list[Problem]) -> tuple[str, ...]:
    """Read a list of texts; `includes` and `excludes` may not be empty."""
    value = entry.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        problems.append(
            Problem(f"{where} {name}", shorten(value), "a list of texts", 'Write ["...", "..."].')
        )
        return ()
    if not value and name != "indicators":
        remedy = "Say what belongs to it." if name == "includes" else "Say what does not belong to it."
        problems.append(Problem(f"{where} {name}", "nothing", "a list of texts", remedy))
    return tuple(value)


def _texts(
    entry: dict, names: tuple[str, ...], needed: tuple[str, ...], place: tuple[str, list[Problem]]
) -> dict[str, str]:
    """Read the texts of an entry; what is missing or no text is a problem, and empty."""
    where, problems = place
    values = {}
    for name in names:
        value = entry.get(name, "")
        if not isinstance(value, str):
            problems.append(Problem(f"{where} {name}", shorten(value), "text", "Put it in quotes."))
            value = ""
        elif name in needed and not value.strip():
            problems.append(Problem(f"{where} {name}", "nothing", "text", f"Give it its {name}."))
        values[name] = value.strip()
    return values


def _check_keys(entry: dict, known: tuple[str, ...], where: str, problems: list[Problem]) -> None:
    problems += [
        Problem(f"{where} {key}", "an unknown key", ", ".join(known), "Correct or remove it.")
        for key in entry
        if key not in known
    ]


def _check_twice(names: list[str], where: str, problems: list[Problem]) -> None:
    problems += [
        Problem(f"{where} {shorten(name)}", "an id used before", "each id once", "Rename one of them.")
        for name in sorted({name for name in names if name and names.count(name) > 1})
    ]


def _bad_name(where: str, name: str) -> Problem:
    allowed = "a lower-case letter, then lower-case letters, digits and '_', at most 40"
    return Problem(where, shorten(name), allowed, "Rename it.")
