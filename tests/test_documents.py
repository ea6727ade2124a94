"""The documents: every path and command they name exists, and they say what the program does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from analysis.config import StudyConfig
from analysis.paths import project_root
from analysis.schema.results import RESULT_TABLES

ROOT = project_root()
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/*.md"), *ROOT.glob("figures/*.md")]
)
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
GENERATED = ("results/",)


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_links_lead_somewhere(path: Path):
    for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (path.parent / target).exists(), f"{path.name} links to {target}, which does not exist"


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_paths_exist(path: Path):
    text = path.read_text(encoding="utf-8")
    for named in re.findall(r"`((?:analysis|seeds|tests|docs|figures|notebooks|benchmarks)/[\w./-]*)`", text):
        assert (ROOT / named).exists(), f"{path.name} names {named}, which does not exist"


def test_the_commands_of_the_readme_exist():
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    assert ["make", "study"] in commands
    assert ["make", "test"] in commands
    for words in filter(None, commands):
        if words[0] == "make":
            assert words[1] in targets
        else:
            assert words[0] == ".venv/bin/framing"
            parsed = subprocess.run(
                [sys.executable, "-m", "analysis.cli", words[1], "--help"], capture_output=True, text=True, check=True
            )
            for option in (word for word in words if word.startswith("--")):
                assert option in parsed.stdout, f"framing {words[1]} has no {option}"


def test_the_readme_python_runs():
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)
    lines = block.strip().splitlines()
    scope: dict = {}
    exec("\n".join(lines[:-1]), scope)
    assert len(eval(lines[-1], scope)) == 6


def test_the_finding_of_the_readme_is_in_the_figure():
    table = pd.read_csv(ROOT / "figures" / "3_contrasts.csv")
    by_bloc = table.groupby("target")["term"].agg(set)
    assert {"europe", "nato", "military"} <= by_bloc["Western"]
    assert {"structural", "conflict", "cold", "war"} <= by_bloc["Chinese"]
    assert {"re-set", "unilateralism", "russia-china"} <= by_bloc["Russian"]
    counts = {row.term: (row.count_target, row.count_reference) for row in table.itertuples()}
    assert counts["europe"] == (6, 0)
    assert counts["needs"] == (4, 0)
    assert counts["number"] == (4, 0)


def test_methods_names_every_column_that_is_estimated():
    text = (ROOT / "METHODS.md").read_text(encoding="utf-8")
    for column in ("g2", "log_ratio", "log_odds", "z", "dp_target", "p", "q", "attainable_p", "driven_by"):
        assert column in RESULT_TABLES["contrasts"].names
        assert f"`{column}`" in text or f"`{column}`," in text or f", `{column}`" in text


def test_methods_gives_the_values_of_the_study():
    text = (ROOT / "METHODS.md").read_text(encoding="utf-8")
    config = tomllib.loads((ROOT / "study.toml").read_text(encoding="utf-8"))
    for section, name in (
        ("themes", "min_tokens"),
        ("themes", "min_paragraphs"),
        ("themes", "k_max"),
        ("themes", "resamples"),
        ("themes", "curve_paragraphs"),
        ("contrasts", "prior_tokens"),
        ("statistics", "bootstrap"),
        ("statistics", "min_articles_interval"),
        ("terms", "min_count"),
        ("terms", "min_articles"),
    ):
        value = config[section][name]
        assert re.search(rf"{name}`\s\[{value:g}\]", text), f"METHODS.md does not say {name} [{value}]"


def test_every_setting_of_study_toml_is_known_and_explained():
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    for section, settings in StudyConfig().as_dict().items():
        assert f"[{section}]" in text
        for name in settings:
            assert re.search(rf"^{name} = ", text, re.MULTILINE), f"study.toml leaves out {section}.{name}"


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for page in sorted(folder.glob("[0-9]*.md")):
        assert f"({page.name})" in listed
        title = page.read_text(encoding="utf-8").splitlines()[0]
        assert title.startswith(f"# {page.name[:4]} ")
        assert title[2:] in listed


def test_the_project_speaks_of_itself_only():
    words = re.compile(r"\b(TODO|FIXME|XXX)\b")
    for path in [*ROOT.glob("analysis/**/*.py"), *DOCUMENTS]:
        assert not words.search(path.read_text(encoding="utf-8")), path
