"""Reads the sheets that coders filled in, and refuses what does not fit their sample."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.coding.cells import FORMATS, Cells, read_cells
from analysis.coding.sample import CONTEXT, Sample, SampledVariable, context_digest, load_sample
from analysis.errors import Problem, StudyError, shorten
from analysis.tables import plain_cell

__all__ = [
    "LONG_COLUMNS",
    "Sample",
    "SampledVariable",
    "find_sheets",
    "load_codings",
    "load_sample",
    "read_sheet",
]

LONG_COLUMNS = ("item_id", "coder", "variable", "code")

_DATE = re.compile(
    r"\d{4}-\d\d-\d\d|\d{1,2}[./-](?:\d{1,2}|[A-Za-z]{3})(?:[./-]\d{2,4})?|[A-Za-z]{3}[-/ ]\d{2,4}"
)
_TRUTH = frozenset("true false wahr falsch vrai faux verdadero falso".split())
_TYPE_AGAIN = "Format the column as text and type the code again."


def find_sheets(folder: Path) -> list[Path]:
    """List the sheets of a sample's folder.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.

    Returns
    -------
    list of pathlib.Path
        CSV files and workbooks, sorted; of one coder there may be both, see `load_codings`.
    """
    return sorted(
        path
        for path in Path(folder).glob("sheet-*")
        if path.suffix.lower() in FORMATS and not path.name.startswith((".", "~"))
    )


def load_codings(paths: Iterable[Path], sample: Sample) -> pd.DataFrame:
    """Read the sheets that coders filled in.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        CSV files or workbooks, one coder in each. A sheet without any code is passed over where another sheet of the
        same coder is given, since each coder gets one in both formats.
    sample : Sample
        The sample that was coded.

    Returns
    -------
    pandas.DataFrame
        One row per item, coder and variable: ``item_id``, ``coder``, ``variable``, ``code``; ordered by coder as in
        the sample, item, and variable as in the codebook. A code is NaN where the cell is empty or the row is gone:
        missing, which is no code.

    Raises
    ------
    StudyError
        Anything in them that does not fit, every problem by file and row.
    """
    paths = [Path(path) for path in paths]
    names = [path.name for path in paths]
    problems: list[Problem] = []
    read: dict[str, list[tuple[str, dict[tuple[str, str], str]]]] = {}
    for path in sorted(set(paths)):
        shown = path.name if names.count(path.name) == 1 else path.as_posix()
        try:
            coder, codes = read_sheet(path, sample, shown=shown)
        except StudyError as error:
            problems += error.problems
            continue
        read.setdefault(coder, []).append((shown, codes))
    for coder, sheets in sorted(read.items()):
        filled = [sheet for sheet in sheets if sheet[1]] or sheets[:1]
        for shown, _ in filled[1:]:
            found = f"the codes of {shorten(coder)}, which {filled[0][0]} has too"
            remedy = "Keep one of the two sheets: a coder may code once."
            problems.append(Problem(shown, found, "each coder in one sheet", remedy))
        read[coder] = filled
    if problems:
        raise StudyError(problems)
    variables = [variable.variable_id for variable in sample.variables]
    rows = [
        (item, coder, variable, read[coder][0][1].get((item, variable), np.nan))
        for coder in sample.coders
        if coder in read
        for item, coders in zip(sample.key["item_id"], sample.key["coders"], strict=True)
        if coder in coders
        for variable in variables
    ]
    return pd.DataFrame(rows, columns=list(LONG_COLUMNS)).astype(dict.fromkeys(LONG_COLUMNS, object))


def read_sheet(
    path: Path, sample: Sample, *, shown: str | None = None
) -> tuple[str, dict[tuple[str, str], str]]:
    """Read one coder's sheet.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file or a workbook.
    sample : Sample
        The sample that was coded.
    shown : str, optional
        How messages name it.

    Returns
    -------
    coder : str
        Whose it is.
    codes : dict of (item_id, variable) to str
        The cells that are not empty.

    Raises
    ------
    StudyError
        Anything in it that does not fit, every problem by row.
    """
    shown = shown or path.name
    cells = read_cells(path, shown=shown, needed="item_id")
    variables = [variable.variable_id for variable in sample.variables]
    wanted = ("sample", "item_id", "coder", *CONTEXT[sample.unit], *variables)
    missing = [name for name in wanted if name not in cells.columns]
    if missing:
        remedy = "Add it as it was written; start from the sheet that `framing sample` made."
        raise StudyError(
            Problem(f"{shown}:1 ({name})", "no such column", ", ".join(wanted), remedy) for name in missing
        )
    return _Reading(cells, sample, shown).run()


class _Reading:
    """One sheet while it is checked row by row."""

    def __init__(self, cells: Cells, sample: Sample, shown: str):
        self.cells, self.sample, self.shown = cells, sample, shown
        self.place = {name: position for position, name in enumerate(cells.columns)}
        self.key = {row["item_id"]: row for row in sample.key.to_dict("records")}
        self.problems: list[Problem] = []
        self.foreign: set[str] = set()
        self.coder = ""

    def run(self) -> tuple[str, dict[tuple[str, str], str]]:
        """Check every row; return the coder and the codes, or raise with all problems."""
        seen: dict[str, int] = {}
        codes: dict[tuple[str, str], str] = {}
        for number, row in self.cells.rows:
            record = {name: row[position].strip() for name, position in self.place.items()}
            if not self._fits(number, record, seen):
                continue
            for variable in self.sample.variables:
                code = self._code(number, variable, record[variable.variable_id])
                if code:
                    codes[(record["item_id"].lower(), variable.variable_id)] = code
        if not self.coder and not self.problems:
            remedy = "Start from the sheet that `framing sample` made."
            self._refuse("", "no item", "a coding sheet", remedy)
        if self.problems:
            raise StudyError(self.problems)
        return self.coder, codes

    def _refuse(self, place: object, found: str, allowed: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.shown}{place}", found, allowed, remedy))

    def _fits(self, number: int, record: dict[str, str], seen: dict[str, int]) -> bool:
        """Say whether a row is an item of this sample, of this coder, once, as it was shown."""
        if record["sample"] != self.sample.sample_id:
            if record["sample"] not in self.foreign:
                self.foreign.add(record["sample"])
                found = f"a sheet of the sample {shorten(record['sample'])}"
                allowed = f"{self.sample.sample_id!r}, the sample in {self.sample.folder.as_posix()}"
                remedy = (
                    "A sheet of another sample or corpus does not fit: name the folder that it was drawn in."
                )
                self._refuse(f":{number} (sample)", found, allowed, remedy)
            return False
        item = self.key.get(record["item_id"].lower())
        if item is None:
            found = f"{shorten(record['item_id'])}, which is no item of the sample"
            self._refuse(
                f":{number} (item_id)", found, f"{min(self.key)} to {max(self.key)}", "Remove the row."
            )
            return False
        name = item["item_id"]
        if name in seen:
            found = f"the item {name} again, which row {seen[name]} has"
            self._refuse(f":{number} (item_id)", found, "each item once", "Keep one of the two rows.")
            return False
        seen[name] = number
        if not self._by_one_coder(number, record["coder"], item):
            return False
        context = [record[column] for column in CONTEXT[self.sample.unit]]
        if context_digest(context) != item["context"]:
            remedy = (
                "What the coder saw is not what was drawn: copy the codes into the sheet as it was written."
            )
            if self.cells.guessed:
                remedy = "The file is no UTF-8, so letters may be lost: save it as .xlsx, or as CSV in UTF-8."
            found = f"another text of {name}: {shorten(' '.join(filter(None, context)))}"
            columns = ", ".join(CONTEXT[self.sample.unit])
            self._refuse(f":{number} ({columns})", found, "the text as it was written", remedy)
            return False
        return True

    def _by_one_coder(self, number: int, cell: str, item: dict) -> bool:
        """Say whether the coder of a row is the sheet's one coder, and was given the item."""
        where = f":{number} (coder)"
        coder = {name.lower(): name for name in self.sample.coders}.get(cell.lower())
        if coder is None:
            found = shorten(cell) if cell else "no coder"
            remedy = "Correct the name; draw a new sample for another coder."
            self._refuse(where, found, ", ".join(self.sample.coders), remedy)
            return False
        self.coder = self.coder or coder
        if coder != self.coder:
            found = f"{shorten(coder)} in a sheet of {shorten(self.coder)}"
            self._refuse(where, found, "one coder in each sheet", "Part the sheet in two.")
            return False
        if coder not in item["coders"]:
            allowed = f"the items that {coder} was given"
            remedy = "Remove the row: the item is another coder's."
            self._refuse(f":{number} (item_id)", item["item_id"], allowed, remedy)
            return False
        return True

    def _code(self, number: int, variable: SampledVariable, cell: str) -> str:
        """Return the code of a cell, or an empty text, with the problem noted, if it holds none."""
        code = plain_cell(cell).strip().lower()
        if not code or code in variable.codes:
            return code
        found, remedy = shorten(cell), "Correct it, or leave the cell empty if the item was not coded."
        if code in _TRUTH:
            found, remedy = (
                f"the truth value {cell}",
                f"A spreadsheet made it of what was typed. {_TYPE_AGAIN}",
            )
        elif _DATE.fullmatch(cell):
            found, remedy = f"the date {cell}", f"A spreadsheet made it of what was typed. {_TYPE_AGAIN}"
        elif cell.startswith("="):
            found, remedy = f"the formula {shorten(cell)}", _TYPE_AGAIN
        elif cell.startswith("#"):
            found, remedy = f"the error value {shorten(cell)} of a spreadsheet", _TYPE_AGAIN
        allowed = f"{', '.join(variable.codes)} or empty"
        self._refuse(f":{number} ({variable.variable_id})", found, allowed, remedy)
        return ""
