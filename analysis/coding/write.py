"""Writes the folder of a sample: its description, the key, and a sheet, a workbook and a notebook for each coder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.codebook import Codebook, CodingTask
from analysis.coding.cells import csv_bytes, read_cells, workbook_bytes
from analysis.coding.draw import Drawn, SampleQuestion
from analysis.coding.notebook import notebook_bytes
from analysis.coding.sample import (
    CONTEXT,
    FORMAT,
    KEY_COLUMNS,
    Sample,
    key_digest,
    load_sample,
    sample_name,
)
from analysis.coding.sheets import find_sheets
from analysis.errors import Problem, StudyError
from analysis.tables import safe_cell, write_bytes

WIDTHS = {"before": 44, "target": 18, "after": 44, "text": 90, "actor": 18, "note": 30, "item_id": 9}
"""Widths of the workbook's columns, in characters; all others are 14 wide."""

_README = """# A sample for coding

Drawn by `framing sample`. Task: {label} ({unit}s). Sample {sample_id}.

For each coder, and nothing else of this folder:

- `sheet-NAME.csv` with `code-NAME.ipynb` and `codebook.json`: open the notebook in JupyterLab; it saves into the
  sheet after every code; or
- `sheet-NAME.xlsx`: the same sheet as a workbook with lists to choose from, and the codebook as its second sheet.

A coder uses one of the two. For the researcher alone: `key.csv` says which article each item is from, `sample.json` how
the sample was drawn. Do not change either; the sheets are held to them.

An empty cell is missing, not zero. When the sheets are filled in: `framing agreement` with the sheets' names.
"""


@dataclass(frozen=True)
class SampleSource:
    """What a sample is drawn from and for.

    Parameters
    ----------
    corpus : str
        SHA-256 of the cleaned corpus.
    codebook : Codebook
        The study's codebook.
    task : CodingTask
        One of its tasks.
    """

    corpus: str
    codebook: Codebook
    task: CodingTask


def check_folder(folder: Path) -> None:
    """Refuse a folder in which somebody has coded, or which holds something else.

    Parameters
    ----------
    folder : pathlib.Path
        Where a sample is to be written.

    Raises
    ------
    StudyError
        It holds a sheet with a code or a note, a sheet that cannot be read, or files but no sample.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    remedy = "Name another folder with --out, or move this one away."
    if not (folder / "sample.json").is_file():
        found = "something there already"
        raise StudyError([Problem(folder.as_posix(), found, "a new or empty folder", remedy)])
    problems = []
    for path in find_sheets(folder):
        shown = path.as_posix()
        allowed = "a folder in which nobody has coded yet"
        try:
            cells = read_cells(path, shown=shown, needed="item_id")
        except StudyError:
            problems.append(Problem(shown, "a sheet that cannot be read", allowed, remedy))
            continue
        fixed = {"sample", "item_id", "coder", *(name for names in CONTEXT.values() for name in names)}
        places = [place for place, name in enumerate(cells.columns) if name not in fixed]
        filled = sum(bool(row[place].strip()) for _, row in cells.rows for place in places)
        if filled:
            found = f"{filled} cell{'' if filled == 1 else 's'} that a coder filled in"
            problems.append(Problem(shown, found, allowed, remedy))
    if problems:
        raise StudyError(problems)


def write_sample(folder: Path, drawn: Drawn, question: SampleQuestion, source: SampleSource) -> Sample:
    """Write the files of a sample; those of an older one in which nobody has coded are replaced.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; it is made.
    drawn : Drawn
        The items with their context.
    question : SampleQuestion
        What was asked for.
    source : SampleSource
        What it was drawn from and for.

    Returns
    -------
    Sample
        As it can be read back.

    Raises
    ------
    StudyError
        Somebody has coded in the folder, or it holds something else.
    """
    check_folder(folder)
    task = source.task
    if folder.is_dir():
        for path in [*find_sheets(folder), *sorted(folder.glob("code-*.ipynb"))]:
            path.unlink()
    rows = [tuple(map(_cell, row)) for row in drawn.key[list(KEY_COLUMNS)].itertuples(index=False, name=None)]
    described = (
        json.dumps(_describe(drawn, question, source, rows), indent=1, ensure_ascii=False) + "\n"
    ).encode()
    name = sample_name(described)
    guarded = [tuple(map(safe_cell, row)) for row in rows]
    files = {
        "key.csv": csv_bytes(KEY_COLUMNS, guarded),
        "codebook.json": _codebook_bytes(task),
        "README.md": _README.format(label=task.label, unit=task.unit, sample_id=name).encode(),
    }
    for coder in question.coders:
        columns, cells = _sheet(drawn.key, coder, name, task)
        files[f"sheet-{coder}.csv"] = csv_bytes(columns, cells)
        files[f"sheet-{coder}.xlsx"] = _workbook(columns, cells, task)
        files[f"code-{coder}.ipynb"] = notebook_bytes(coder, task)
    for file, data in files.items():
        write_bytes(folder / file, data)
    # written last: where it is there, the rest is
    write_bytes(folder / "sample.json", described)
    return load_sample(folder)


def _describe(drawn: Drawn, question: SampleQuestion, source: SampleSource, rows: list[tuple]) -> dict:
    """List what ``sample.json`` holds."""
    task = source.task
    return {
        "format": FORMAT,
        "task": task.task_id,
        "unit": task.unit,
        "corpus": source.corpus,
        "codebook": source.codebook.sha256,
        "key": key_digest(rows),
        "random_state": question.random_state,
        "n": question.n,
        "drawn": len(rows),
        "coders": list(question.coders),
        "overlap": question.overlap,
        "by": drawn.by,
        "allocation": question.allocation,
        "strata": [
            {"stratum": row.stratum, "size": int(row.size), "drawn": int(row.drawn), "weight": row.weight}
            for row in drawn.strata.itertuples(index=False)
        ],
        "variables": {
            variable.variable_id: {
                "label": variable.label,
                "level": variable.level,
                "codes": list(variable.code_ids),
                "scale": list(variable.scale),
            }
            for variable in task.variables
        },
    }


def _sheet(
    key: pd.DataFrame, coder: str, sample_id: str, task: CodingTask
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Lay out one coder's sheet: the codes and the note are empty."""
    context = CONTEXT[task.unit]
    columns = ("sample", "item_id", "coder", *context, *task.variable_ids, "note")
    blank = ("",) * (len(task.variables) + 1)
    rows = [
        (sample_id, row["item_id"], coder, *(row[name] for name in context), *blank)
        for row in key.to_dict("records")
        if coder in row["coders"].split()
    ]
    return columns, rows


def _workbook(columns: tuple[str, ...], rows: list[tuple[str, ...]], task: CodingTask) -> bytes:
    """Make the workbook: the sheet with lists to choose from, the codebook, and the codes the lists are made of."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet, guide, codes = book.active, book.create_sheet("codebook"), book.create_sheet("codes")
    sheet.title = "coding"
    _fill(sheet, [columns, *rows])
    _fill(guide, _guide_rows(task))
    for table in (sheet, guide, codes):
        table.freeze_panes = "A2"
    sheet.freeze_panes = "C2"
    for number, name in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(name, 14)
    for letter, width in zip("ABCDEFGH", (22, 44, 50, 44, 44, 50, 12, 50), strict=True):
        guide.column_dimensions[letter].width = width
    for table in (sheet, guide):
        for row in table.iter_rows():
            for cell in row:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for place, variable in enumerate(task.variables, start=1):
        letter = get_column_letter(place)
        for line, text in enumerate((variable.variable_id, *variable.code_ids), start=1):
            _put(codes, line, place, text)
        source = f"codes!${letter}$2:${letter}${len(variable.codes) + 1}"
        choice = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        choice.errorTitle, choice.error = "No such code", f"Choose: {', '.join(variable.code_ids)}"[:250]
        column = get_column_letter(columns.index(variable.variable_id) + 1)
        choice.add(f"{column}2:{column}{len(rows) + 1}")
        sheet.add_data_validation(choice)
        for line in range(2, len(rows) + 2):
            # as text, so that nothing typed becomes a date or a number
            sheet[f"{column}{line}"].number_format = "@"
    for table in (sheet, guide, codes):
        for cell in table[1]:
            cell.font = Font(bold=True)
    return workbook_bytes(book)


def _fill(table, rows: list[tuple[str, ...]]) -> None:
    """Write rows of texts."""
    for line, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            _put(table, line, place, text)


def _put(table, line: int, place: int, text: str) -> None:
    """Write a text as a text, whatever it looks like."""
    cell = table.cell(line, place)
    if text:
        cell.value = text
        cell.data_type = "s"


def _guide_rows(task: CodingTask) -> list[tuple[str, ...]]:
    """Lay out the codebook for the workbook; where examples come from stays hidden."""
    head = ("variable", "definition", "indicators", "includes", "excludes", "example", "its code", "codes")
    rows = [head, ("", task.instructions, "", "", "", "", "", "")]
    for variable in task.variables:
        lists = (
            "\n".join(f"- {item}" for item in items) for items in (variable.indicators, variable.includes)
        )
        rows.append(
            (
                f"{variable.label}\n({variable.variable_id})",
                variable.definition,
                *lists,
                "\n".join(f"- {item}" for item in variable.excludes),
                variable.example,
                variable.example_code,
                "\n".join(f"{code}: {meaning}" for code, meaning in variable.codes),
            )
        )
    return [tuple(safe_cell(text) for text in row) for row in rows]


def _codebook_bytes(task: CodingTask) -> bytes:
    """Write the task for the coding notebook; where examples come from stays hidden."""
    content = {
        "id": task.task_id,
        "label": task.label,
        "unit": task.unit,
        "instructions": task.instructions,
        "variable": [
            {
                "id": variable.variable_id,
                "label": variable.label,
                "family": variable.family,
                "level": variable.level,
                "codes": dict(variable.codes),
                "definition": variable.definition,
                "indicators": list(variable.indicators),
                "includes": list(variable.includes),
                "excludes": list(variable.excludes),
                "example": variable.example,
                "example_code": variable.example_code,
            }
            for variable in task.variables
        ],
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _cell(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
