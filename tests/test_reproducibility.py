"""The same bytes under other hash seeds, time zones and locales, and as committed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.figures.registry import list_figures
from analysis.paths import project_root
from analysis.tables import hash_file

ROOT = project_root()
SETTINGS = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"},
)


def run_study(out: Path, settings: dict[str, str], *, scores: Path | None = None) -> dict[str, str]:
    """Run a copy of the seed study in a process of its own, with the scores that are given; hash each file."""
    study = out.with_name(f"{out.name}-study")
    study.mkdir()
    if scores:
        shutil.copytree(scores, study / ".cache" / "scores")
    shutil.copy(ROOT / "study.toml", study)
    shutil.copytree(ROOT / "seeds", study / "seeds")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    command = [sys.executable, "-m", "analysis.cli", "run", "--study", str(study), "--out", str(out)]
    subprocess.run(command, env=environment | settings, check=True, capture_output=True, cwd=ROOT)
    return {path.relative_to(out).as_posix(): hash_file(path) for path in sorted(out.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> list[dict[str, str]]:
    """Two runs: the first scores every mention itself; the other takes these scores, which saves half of its time."""
    first, second = (tmp_path_factory.mktemp("run") for _ in SETTINGS)
    made = run_study(first, SETTINGS[0])
    return [made, run_study(second, SETTINGS[1], scores=first.with_name(f"{first.name}-study") / ".cache" / "scores")]


def test_two_runs_are_the_same_to_the_byte(runs):
    first, second = runs
    assert len(first) > 35
    assert first == second


def test_a_run_writes_tables_figures_manifest_and_methods(runs):
    made = set(runs[0])
    tables = {"articles", "mentions", "themes", "contrasts", "sentiment", "robustness", "attention", "excluded"}
    assert {f"tables/{name}.csv" for name in tables} <= made
    assert {f"figures/{name}.svg" for name in list_figures()} <= made
    assert {"manifest.json", "methods.md", "references.bib"} <= made
    assert not [name for name in made if "/." in f"/{name}"], "no temporary file is left"


def test_the_committed_figures_are_those_of_this_code(runs):
    committed = {
        f"figures/{path.name}": hash_file(path)
        for path in sorted((ROOT / "figures").iterdir())
        if path.name not in ("manifest.json", "README.md")
    }
    made = {name: digest for name, digest in runs[0].items() if name.startswith("figures/")}
    assert {name for name in committed if committed[name] != made.get(name)} == set()
    assert set(made) == set(committed)
