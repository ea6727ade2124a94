"""Untrusted text: nothing in an article, a title or a name reaches an output unescaped."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from analysis.new_study import create_study
from analysis.notebooks import dump_notebook, execute_notebook, write_text
from analysis.paths import project_root
from analysis.pipeline import run_results
from analysis.report import export_report
from analysis.study import load_study

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(2)>"
HOSTILE = f"{SCRIPT} {IMAGE} US$5 billion and $10 $$x$$ \\alpha_{{1}} `code` [link](javascript:alert(3)) \u202egnp.exe"
PROSE = "The government of Russia said that it will praise the leaders of China and the US in the spring. "


@pytest.fixture(scope="module")
def hostile_study(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "article_id": f"a{number}",
            "outlet": (f"=cmd|' /C calc'!A0 {SCRIPT}", f"_hidden $outlet$ {IMAGE}")[number % 2],
            "bloc": (f"@East {SCRIPT}", "+West & $co$")[number % 2],
            "published": "2020-01",
            "title": f"=HYPERLINK(\"http://x\") {SCRIPT} {number}",
            "text": "\n\n".join(
                f"{PROSE}{HOSTILE} scripty scripty scripty number {number}, part {part}. {PROSE}" for part in range(3)
            ),
        }
        for number in range(6)
    ]
    pd.DataFrame(rows).to_csv(folder / "t.csv", index=False)
    create_study(folder / "study", folder / "t.csv")
    run_results(load_study(folder / "study"), folder / "out")
    return folder


def test_no_cell_of_a_table_is_a_formula(hostile_study):
    for path in sorted((hostile_study / "out").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    if re.match(r"[\s\ufeff]*[=+\-@|%\t\r]", cell):
                        float(cell)  # a number may be negative; nothing else may start so


def test_no_control_or_direction_mark_is_written(hostile_study):
    for path in sorted((hostile_study / "out").rglob("*")):
        if path.suffix in (".csv", ".md", ".txt", ".svg", ".json"):
            assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e]", path.read_text(encoding="utf-8")), path


def test_figures_are_valid_xml_without_scripts(hostile_study):
    for path in sorted((hostile_study / "out" / "figures").glob("*.svg")):
        tree = ElementTree.parse(path)
        assert not [node for node in tree.iter() if node.tag.endswith("script")]


def test_captions_hold_no_markup(hostile_study):
    text = (hostile_study / "out" / "figures" / "captions.md").read_text(encoding="utf-8")
    assert not re.search(r"(?<!\\)<(script|img)", text)
    assert not re.search(r"(?<!\\)\]\(", text)


def test_the_command_prints_no_control_characters(hostile_study, capsys):
    from analysis.cli import main

    assert main(["kwic", "scripty", "--study", str(hostile_study / "study")]) == 0
    assert "\u202e" not in capsys.readouterr().out


@pytest.mark.notebooks
def test_a_report_of_hostile_articles_is_inert(hostile_study):
    made = []
    for name in ("00_start", "01_corpus", "03_contrasts", "07_explore"):
        source = project_root() / "notebooks" / f"{name}.ipynb"
        executed = execute_notebook(source, study_dir=hostile_study / "study")
        made.append(hostile_study / f"{name}.ipynb")
        write_text(made[-1], dump_notebook(executed))
    page = export_report(made, hostile_study / "report.html", title=f"Study {SCRIPT}").read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "html.parser")
    assert soup.find_all(["script", "iframe", "object", "embed"]) == []
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        for name in ("src", "href"):
            target = str(tag.get(name, ""))
            assert not target.lower().startswith(("javascript:", "http:", "//")), target
            if name == "src":
                assert target == "" or target.startswith("data:image/png;base64,")
    assert "scripty" in soup.get_text()
    assert SCRIPT in soup.get_text(), "the words are shown, as words"


@pytest.mark.notebooks
@pytest.mark.parametrize(
    "name", ["01_corpus", "02_themes", "03_contrasts", "04_sentiment", "05_robustness", "07_explore"]
)
def test_the_notebooks_run_on_the_barest_corpus(tmp_path, name):
    rows = [
        {"article_id": f"a{number}", "outlet": "One", "bloc": "Only", "published": "", "title": "", "text": text}
        for number, text in enumerate(["Nobody is named in this.", "Nor is anybody in that one."])
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    create_study(tmp_path / "study", tmp_path / "t.csv")
    execute_notebook(project_root() / "notebooks" / f"{name}.ipynb", study_dir=tmp_path / "study")
