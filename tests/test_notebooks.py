"""The notebooks: their form, and that executing them again gives what is committed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.figures.registry import list_figures
from analysis.notebooks import compare_notebooks, execute_notebook, find_notebooks, load_notebook
from analysis.paths import project_root

ROOT = project_root()
NOTEBOOKS = find_notebooks(ROOT / "notebooks")
NAMES = [path.stem for path in NOTEBOOKS]


def test_the_notebooks_are_those_of_the_study():
    assert NAMES == [
        "00_start",
        "01_corpus",
        "02_themes",
        "03_contrasts",
        "04_sentiment",
        "05_robustness",
        "06_figures",
        "07_explore",
        "08_calibration",
    ]


def test_the_map_names_every_figure():
    text = "\n".join(cell.source for cell in load_notebook(NOTEBOOKS[0]).cells if cell.cell_type == "markdown")
    rows = {row[0]: row[1] for row in re.findall(r"(?m)^\| \[(\w+)\].*\| ([^|]+) \|$", text)}
    every = set(range(1, len(list_figures()) + 1))
    assert rows["06_figures"] == f"1 to {max(every)}"
    others = (cell for name, cell in rows.items() if name not in ("06_figures", "07_explore"))
    assert {int(number) for cell in others for number in re.findall(r"\d+", cell)} == every


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_form(path: Path):
    cells = load_notebook(path).cells
    assert len(cells) <= 30
    assert [cell.cell_type for cell in cells[:1]] == ["markdown"]
    opening = cells[0].source
    assert opening.startswith("# ")
    for word in ("**Question.**", "**Figures made", "**Inputs:**", "**Minutes:**"):
        assert word in opening, f"the opening cell lacks {word}"
    assert cells[-1].cell_type == "markdown"
    assert cells[-1].source.startswith("## What this does not show")
    for before, cell in zip(cells, cells[1:], strict=False):
        assert not (before.cell_type == cell.cell_type == "code"), f"no prose before: {cell.source[:60]}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_code_is_short_and_defines_nothing(path: Path):
    for cell in load_notebook(path).cells:
        if cell.cell_type != "code":
            continue
        lines = cell.source.splitlines()
        assert len(lines) <= 12, cell.source
        forbidden = r"^\s*(def|class)\s|\bopen\(|read_csv|to_csv|savefig|\bassert\b"
        assert not re.search(forbidden, cell.source, re.MULTILINE), cell.source
        assert all(len(line) <= 140 for line in lines), cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_outputs_are_committed_without_errors(path: Path):
    cells = [cell for cell in load_notebook(path).cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells):
        assert cell.execution_count is None
        # the first cell sets up, and shows nothing
        if number:
            assert cell.outputs, f"no output is committed for: {cell.source[:60]}"
        assert all(output.output_type != "error" for output in cell.outputs)


def test_every_figure_is_argued_in_the_notebook_that_it_names():
    from analysis.figures.registry import FIGURES

    for spec in FIGURES:
        source = "\n".join(cell.source for cell in load_notebook(ROOT / "notebooks" / f"{spec.notebook}.ipynb").cells)
        assert f'show_figure(study, "{spec.figure_id}")' in source


def test_the_notebook_of_figures_shows_every_figure():
    source = "\n".join(cell.source for cell in load_notebook(ROOT / "notebooks" / "06_figures.ipynb").cells)
    assert [name for name in list_figures() if f'"{name}"' not in source] == []


def test_every_notebook_that_argues_states_claims():
    for path in (path for path in NOTEBOOKS if path.stem != "06_figures"):
        assert "study.claim(" in "\n".join(cell.source for cell in load_notebook(path).cells), path.name


@pytest.mark.notebooks
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_executing_again_gives_what_is_committed(path: Path):
    executed = execute_notebook(path, study_dir=ROOT)
    assert compare_notebooks(load_notebook(path), executed, name=path.stem) == []
