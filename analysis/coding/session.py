"""One coder's work on one sheet: what is coded, what comes next, and saving so that nothing is lost or overwritten."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from analysis.codebook import CodingTask, Variable
from analysis.coding.cells import Cells, csv_bytes, read_cells
from analysis.coding.sample import CONTEXT
from analysis.errors import ParameterError, Problem, StudyError, shorten
from analysis.tables import plain_cell, safe_cell, write_synced

NOTE = "note"


class Session:
    """A sheet that is being coded; every change is on the disk when the call that made it returns.

    Parameters
    ----------
    path : pathlib.Path
        ``sheet-NAME.csv`` as `framing sample` wrote it, with ``codebook.json`` beside it.

    Attributes
    ----------
    task : CodingTask
        What is asked.
    coder : str
        Whose sheet it is.
    item_ids : tuple of str
        The items, in the sheet's order.

    Raises
    ------
    StudyError
        A file is missing or cannot be used.
    """

    def __init__(self, path: Path):
        self.path = Path(path)
        self.task = read_task(self.path.parent / "codebook.json")
        self._cells = Cells((), ())
        self._digest = ""
        self._values: dict[tuple[str, str], str] = {}
        self._load()
        first = self._record(0)
        self.coder = first["coder"]
        self.sample = first["sample"]
        self.item_ids = tuple(self._record(number)["item_id"] for number in range(len(self._cells.rows)))

    def __len__(self) -> int:
        return len(self.item_ids)

    def context(self, item: str) -> dict[str, str]:
        """Return what the coder is shown.

        Parameters
        ----------
        item : str
            An item_id.

        Returns
        -------
        dict of str to str
            The context columns, without the guard against formulas.
        """
        record = self._record(self.item_ids.index(item))
        return {name: plain_cell(record[name]) for name in CONTEXT[self.task.unit]}

    def code(self, item: str, variable: str) -> str:
        """Return a code.

        Parameters
        ----------
        item : str
            An item_id.
        variable : str
            A variable of the task.

        Returns
        -------
        str
            Empty if it is not coded.
        """
        return self._values[(item, variable)]

    def note(self, item: str) -> str:
        """Return the coder's note on an item.

        Parameters
        ----------
        item : str
            An item_id.

        Returns
        -------
        str
            Empty if there is none.
        """
        return self._values[(item, NOTE)]

    def open_variables(self, item: str) -> list[str]:
        """List what is not coded yet.

        Parameters
        ----------
        item : str
            An item_id.

        Returns
        -------
        list of str
            Variables, in the codebook's order.
        """
        return [name for name in self.task.variable_ids if not self._values[(item, name)]]

    @property
    def done(self) -> int:
        """How many items have a code for every variable."""
        return sum(not self.open_variables(item) for item in self.item_ids)

    def next_open(self, position: int = 0) -> int:
        """Find the next item that is not coded.

        Parameters
        ----------
        position : int
            Where to begin; after the last item the search goes on at the first.

        Returns
        -------
        int
            Its position; `position` itself if all items are coded.
        """
        count = len(self.item_ids)
        for number in [*range(position, count), *range(min(position, count))]:
            if self.open_variables(self.item_ids[number]):
                return number
        return min(position, count - 1)

    def set_codes(self, item: str, codes: dict[str, str]) -> str:
        """Give an item codes, or take them back, and save.

        Parameters
        ----------
        item : str
            An item_id.
        codes : dict of str to str
            Variable to code; an empty code takes it back.

        Returns
        -------
        str
            What the coder must know: empty, or that codes given elsewhere were taken over.

        Raises
        ------
        ParameterError
            No such code.
        StudyError
            It could not be saved, or the same was coded otherwise elsewhere meanwhile; nothing was changed, and
            what stands in the file now is shown.
        """
        for variable in self.task.variables:
            code = codes.get(variable.variable_id, "")
            if code and code not in variable.code_ids:
                allowed = ", ".join(variable.code_ids)
                raise ParameterError(f"{variable.variable_id} is {code!r}; allowed: {allowed}")
        return self._save({(item, name): code for name, code in codes.items()})

    def set_note(self, item: str, note: str) -> str:
        """Write a note on an item, and save.

        Parameters
        ----------
        item : str
            An item_id.
        note : str
            Any text.

        Returns
        -------
        str
            As of `set_codes`.

        Raises
        ------
        StudyError
            As of `set_codes`.
        """
        return self._save({(item, NOTE): note.strip()})

    def _record(self, number: int) -> dict[str, str]:
        return dict(zip(self._cells.columns, self._cells.rows[number][1], strict=True))

    def _load(self) -> None:
        """Read the sheet as it is on the disk."""
        shown = self.path.name
        remedy = "Put the sheet back as it was; codes that were saved in it are in the file."
        try:
            digest = hashlib.sha256(self.path.read_bytes()).hexdigest()
        except OSError as error:
            found = "no such file" if isinstance(error, FileNotFoundError) else str(error.strerror)
            raise StudyError([Problem(shown, found, "the sheet that is being coded", remedy)]) from None
        cells = read_cells(self.path, shown=shown, needed="item_id")
        wanted = ("sample", "item_id", "coder", *CONTEXT[self.task.unit], *self.task.variable_ids, NOTE)
        problems = [
            Problem(f"{shown}:1 ({name})", "no such column", ", ".join(wanted), remedy)
            for name in wanted
            if name not in cells.columns
        ]
        if cells.guessed:
            found = "a file that is no UTF-8, so that letters may be lost"
            problems.append(Problem(shown, found, "CSV in UTF-8", "Save it as CSV in UTF-8."))
        if not cells.rows:
            problems.append(Problem(shown, "no item", "the sheet that `framing sample` made", remedy))
        if problems:
            raise StudyError(problems)
        place = {name: position for position, name in enumerate(cells.columns)}
        names = [row[place["item_id"]] for _, row in cells.rows]
        if len(set(names)) < len(names) or (self._cells.rows and tuple(names) != self.item_ids):
            found = "other items than those that were opened" if self._cells.rows else "an item twice"
            raise StudyError([Problem(shown, found, "each item once, as they were drawn", remedy)])
        values = {}
        for number, row in cells.rows:
            item = row[place["item_id"]]
            values[(item, NOTE)] = plain_cell(row[place[NOTE]])
            for variable in self.task.variables:
                code = row[place[variable.variable_id]].strip().lower()
                if code and code not in variable.code_ids:
                    allowed = f"{', '.join(variable.code_ids)} or empty"
                    where = f"{shown}:{number} ({variable.variable_id})"
                    problems.append(Problem(where, shorten(code), allowed, "Correct it in the sheet."))
                values[(item, variable.variable_id)] = code
        if problems:
            raise StudyError(problems)
        self._cells, self._digest, self._values = cells, digest, values

    def _save(self, changes: dict[tuple[str, str], str]) -> str:
        """Write changes into the sheet as it is on the disk now."""
        before = dict(self._values)
        known = self._digest
        message = ""
        self._load()
        if self._digest != known:
            elsewhere = [key for key, value in self._values.items() if value != before[key]]
            clash = [key for key in elsewhere if key in changes and self._values[key] != changes[key]]
            if clash:
                item, name = clash[0]
                found = f"{shorten(self._values[clash[0]])} for {name} of {item}, given elsewhere meanwhile"
                remedy = "That is shown now; code it again if it is to be changed."
                raise StudyError([Problem(self.path.name, found, "one desk at a time for a sheet", remedy)])
            count = len(elsewhere)
            if count:
                what = "1 cell was" if count == 1 else f"{count} cells were"
                message = f"The sheet was changed elsewhere: {what} taken over. Work in one place at a time."
        values = {**self._values, **changes}
        place = {name: position for position, name in enumerate(self._cells.columns)}
        rows = []
        for _, row in self._cells.rows:
            cells = list(row)
            item = cells[place["item_id"]]
            for name in self.task.variable_ids:
                cells[place[name]] = values[(item, name)]
            cells[place[NOTE]] = safe_cell(values[(item, NOTE)])
            rows.append(tuple(cells))
        data = csv_bytes(self._cells.columns, rows)
        try:
            write_synced(self.path, data)
        except OSError as error:
            found = f"a file that cannot be written ({error.strerror})"
            remedy = (
                "The last code is not saved: close the file elsewhere, or free the disk, and code it again."
            )
            problem = Problem(self.path.name, found, "a sheet that can be written", remedy)
            raise StudyError([problem]) from None
        self._load()
        return message


def read_task(path: Path) -> CodingTask:
    """Read the task that a sample was drawn for.

    Parameters
    ----------
    path : pathlib.Path
        ``codebook.json`` of the sample's folder.

    Returns
    -------
    CodingTask
        Its examples name no article.

    Raises
    ------
    StudyError
        It is missing or was changed.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        variables = tuple(
            Variable(
                entry["id"], entry["label"], entry["family"], entry["level"], tuple(entry["codes"].items()),
                entry["definition"], tuple(entry["indicators"]), tuple(entry["includes"]),
                tuple(entry["excludes"]), entry["example"], "", entry["example_code"],
            )
            for entry in content["variable"]
        )  # fmt: skip
        return CodingTask(
            content["id"], content["label"], content["unit"], content["instructions"], variables
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        remedy = "Copy it from the sample's folder; `framing sample` wrote it beside the sheets."
        problem = Problem(
            Path(path).name, "no codebook that can be read", "the codebook of the sample", remedy
        )
        raise StudyError([problem]) from None
