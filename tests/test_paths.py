"""Where a study is looked for, and how its files are named in messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.paths import StudyPaths, find_study, project_root


def test_the_seed_study_lies_beside_the_package(seed_study_dir):
    assert project_root() == seed_study_dir
    assert (seed_study_dir / "study.toml").is_file()


def test_a_named_folder_or_its_study_file(tmp_path, make_study):
    make_study(tmp_path)
    assert find_study(tmp_path).root == tmp_path
    assert find_study(str(tmp_path)).root == tmp_path
    assert find_study(tmp_path / "study.toml").root == tmp_path


def test_the_nearest_folder_upward(tmp_path, make_study, monkeypatch):
    make_study(tmp_path)
    inner = tmp_path / "notebooks" / "deep"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert find_study().root == tmp_path


def test_the_environment_names_a_study_but_an_argument_wins(tmp_path, make_study, monkeypatch):
    first, second = make_study(tmp_path / "first"), make_study(tmp_path / "second")
    monkeypatch.setenv("FRAMING_STUDY", str(first))
    assert find_study().root == first
    assert find_study(second).root == second


def test_without_any_hint_it_is_the_seed_study(tmp_path, monkeypatch, seed_study_dir):
    monkeypatch.chdir(tmp_path)
    assert find_study().root == seed_study_dir


def test_a_relative_name_becomes_absolute(tmp_path, make_study, monkeypatch):
    make_study(tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    assert find_study("mine").root == tmp_path / "mine"


@pytest.mark.parametrize(("name", "found"), [("absent", "no such folder"), ("", "no study.toml")])
def test_a_folder_that_is_no_study(tmp_path, name, found):
    folder = tmp_path / name
    with pytest.raises(StudyError) as caught:
        find_study(folder)
    assert str(caught.value) == (
        f"1 problem found:\n  {folder.as_posix()}: found {found}; allowed: a folder that holds study.toml. "
        "Name the study's folder, or make one with `framing new DIR --from TABLE`."
    )


def test_messages_name_files_relative_to_the_study():
    paths = StudyPaths(Path("/data/study"))
    assert paths.shown(paths.articles) == "seeds/articles.csv"
    assert paths.shown(Path("/elsewhere/x.csv")) == "/elsewhere/x.csv"


@pytest.mark.parametrize(
    ("attribute", "place"),
    [
        ("config", "study.toml"),
        ("articles", "seeds/articles.csv"),
        ("outlets", "seeds/outlets.csv"),
        ("actors", "seeds/actors.csv"),
        ("cleaning", "seeds/cleaning.toml"),
        ("notebooks", "notebooks"),
        ("figures", "figures"),
        ("tables", "results/tables"),
        ("report", "results/report.html"),
        ("cache", ".cache"),
    ],
)
def test_every_place_of_a_study(attribute, place):
    paths = StudyPaths(Path("study"))
    assert paths.shown(getattr(paths, attribute)) == place
