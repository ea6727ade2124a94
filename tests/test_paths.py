"""Where a study is looked for, and how its files are named in messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.paths import StudyPaths, check_writable, find_study, nearest_study, project_root


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


def test_a_study_that_is_near_is_told_from_one_that_is_only_at_hand(tmp_path, make_study, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert nearest_study() is None
    make_study(tmp_path)
    assert nearest_study().root == tmp_path


def test_without_any_hint_and_without_a_seed_study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("analysis.paths.project_root", lambda: tmp_path / "site-packages")
    with pytest.raises(StudyError) as caught:
        find_study()
    assert str(caught.value) == (
        f"1 problem found:\n  {tmp_path.as_posix()}: found no study.toml, here or in a folder above; allowed: a folder "
        "of a study. Name the study with --study DIR (or FRAMING_STUDY), or change to its folder with cd."
    )


def test_a_folder_that_can_be_written_to_is_left_as_it_is(tmp_path):
    check_writable(tmp_path)
    check_writable(tmp_path / "not" / "there" / "yet")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_or_below_one(tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    place = (tmp_path / "taken").as_posix()
    for name, found in (("taken", "a file"), ("taken/out", f"a file above it, {place}")):
        with pytest.raises(StudyError) as caught:
            check_writable(tmp_path / name)
        assert [str(problem) for problem in caught.value.problems] == [
            f"{(tmp_path / name).as_posix()}: found {found}; allowed: a folder that can be written to. "
            "Name another folder, or make it writable."
        ]


def test_a_disk_that_takes_nothing(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(StudyError) as caught:
        check_writable(tmp_path / "a" / "b")
    assert [str(problem) for problem in caught.value.problems] == [
        f"{tmp_path.as_posix()}/a/b: found no such folder, and above it {tmp_path.as_posix()} that cannot be "
        "written to (Read-only file system); allowed: a folder that can be written to. "
        "Name another folder, or make it writable."
    ]


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
