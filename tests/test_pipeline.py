"""The pipeline: what is written where, and what is reused."""

from __future__ import annotations

import json
import shutil

import pytest

from analysis.config import load_config
from analysis.kept_results import study_key
from analysis.notebooks import find_notebooks, load_notebook
from analysis.paths import StudyPaths, project_root
from analysis.pipeline import copy_notebooks, run_figures, run_results
from analysis.study import load_study
from analysis.tables import hash_file

ROOT = project_root()


@pytest.fixture
def seed_copy(tmp_path) -> StudyPaths:
    shutil.copy(ROOT / "study.toml", tmp_path)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return StudyPaths(tmp_path)


def key_of(paths):
    return study_key(paths, load_config(paths.config))


def test_the_key_depends_on_inputs_and_parameters_only(seed_copy):
    key = key_of(seed_copy)
    assert key_of(seed_copy) == key
    (seed_copy.root / "results").mkdir()
    (seed_copy.root / "results" / "anything.txt").write_text("x", encoding="utf-8")
    assert key_of(seed_copy) == key
    text = seed_copy.seeds / "texts" / "neo_2019-05.txt"
    text.write_bytes(text.read_bytes() + b"\n")
    changed = key_of(seed_copy)
    assert changed != key
    seed_copy.config.write_text(seed_copy.config.read_text(encoding="utf-8") + "\n# other\n", encoding="utf-8")
    assert key_of(seed_copy) != changed


def test_the_key_does_not_depend_on_where_the_study_lies(seed_copy, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere")
    shutil.copy(seed_copy.config, other)
    shutil.copytree(seed_copy.seeds, other / "seeds")
    assert key_of(StudyPaths(other)) == key_of(seed_copy)


def test_a_study_without_notebooks_gets_copies_without_outputs(seed_copy):
    copy_notebooks(seed_copy)
    made = find_notebooks(seed_copy.notebooks)
    assert [path.name for path in made] == [path.name for path in find_notebooks(ROOT / "notebooks")]
    for path in made:
        assert all(not cell.get("outputs") for cell in load_notebook(path).cells)


def test_notebooks_of_its_own_are_left_alone(seed_copy):
    seed_copy.notebooks.mkdir()
    (seed_copy.notebooks / "mine.ipynb").write_text("{}", encoding="utf-8")
    copy_notebooks(seed_copy)
    assert [path.name for path in seed_copy.notebooks.iterdir()] == ["mine.ipynb"]


def test_the_manifest_names_every_input_and_output(seed_copy, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    run_results(load_study(seed_copy.root), out, only=["attention"])
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["outputs"]) == {"tables/attention.csv", "tables/excluded.csv"}
    for name, digest in manifest["outputs"].items():
        assert hash_file(out / name) == digest
    assert {"study.toml", "seeds/articles.csv", "seeds/texts/neo_2019-05.txt"} <= set(manifest["inputs"])
    for name, digest in manifest["inputs"].items():
        assert hash_file(seed_copy.root / name) == digest
    assert manifest["parameters"]["statistics"]["bootstrap"] == 1000


def test_one_figure_leaves_the_others_and_what_the_manifest_says_of_them(seed_copy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures")
    study = load_study(seed_copy.root)
    run_figures(study, folder, only=["2_themes"])
    assert not (folder / "manifest.json").exists()
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    run_figures(study, folder, only=["2_themes"])
    themes = (folder / "2_themes.png").read_bytes()
    written = run_figures(study, folder, only=["1_corpus"])
    assert {path.suffix for path in written} == {".pdf", ".svg", ".png", ".csv", ".txt", ".json"}
    assert (folder / "2_themes.png").read_bytes() == themes
    outputs = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert len(outputs) == 10
    assert all(hash_file(folder / name) == digest for name, digest in outputs.items())


def test_a_manifest_keeps_nothing_that_was_changed_or_made_of_something_else(seed_copy, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    manifest = out / "manifest.json"

    def run(result: str) -> set[str]:
        run_results(load_study(seed_copy.root), out, only=[result])
        return set(json.loads(manifest.read_text(encoding="utf-8"))["outputs"])

    manifest.write_text("[]", encoding="utf-8")
    assert run("attention") == {"tables/attention.csv", "tables/excluded.csv"}
    assert "tables/attention.csv" in run("cleaning")
    with (out / "tables" / "attention.csv").open("a", encoding="utf-8") as table:
        table.write("changed by hand\n")
    assert "tables/attention.csv" not in run("cleaning")
    run("attention")
    with (seed_copy.root / "study.toml").open("a", encoding="utf-8") as config:
        config.write("\n# changed\n")
    assert "tables/attention.csv" not in run("cleaning")
