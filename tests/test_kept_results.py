"""Results that take long are kept on disk, the same to the bit, and made again when anything that made them changes."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pandas as pd
import pytest

from analysis import kept_results
from analysis.kept_results import KEPT_STEPS, compute_once, study_key
from analysis.paths import project_root
from analysis.results import Result
from analysis.steps import STEPS
from analysis.study import Study, load_study

ROOT = project_root()
TABLE = pd.DataFrame({"k": [2, 3], "value": [0.1 + 0.2, float("nan")], "name": ["a", None], "yes": [True, False]})


@pytest.fixture
def study(tmp_path):
    config = (ROOT / "study.toml").read_text(encoding="utf-8").replace('"encoder.v1"', '"lexicon.v1"', 1)
    (tmp_path / "study.toml").write_text(config, encoding="utf-8")
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    return load_study(tmp_path)


def result(**changes):
    return Result("multiverse", **{"table": TABLE, "params": {"k": 3}, "provenance": {"rule": "x"}} | changes)


def refuse():
    raise AssertionError("computed again")


def test_a_kept_result_is_the_same(tmp_path):
    excluded = pd.DataFrame({"what": ["themes"], "n": [2], "why": ["too small"]})
    first = compute_once("multiverse", lambda: result(excluded=excluded), lambda: "key", cache=tmp_path)
    kept = compute_once("multiverse", refuse, lambda: "key", cache=tmp_path)
    pd.testing.assert_frame_equal(kept.table, first.table, check_exact=True)
    assert kept.excluded.to_dict("records") == excluded.to_dict("records")
    assert (dict(kept.params), dict(kept.provenance), kept.name) == ({"k": 3}, {"rule": "x"}, "multiverse")
    with pytest.raises(AssertionError, match="computed again"):
        compute_once("multiverse", refuse, lambda: "another key", cache=tmp_path)


@pytest.mark.parametrize("name", KEPT_STEPS)
def test_the_steps_of_a_study_are_kept_whole(name, study):
    made = STEPS[name](study)
    compute_once(name, lambda: made, lambda: "key", cache=study.paths.cache)
    kept = compute_once(name, refuse, lambda: "key", cache=study.paths.cache)
    pd.testing.assert_frame_equal(kept.table, made.table, check_exact=True)
    assert (dict(kept.params), dict(kept.provenance)) == (dict(made.params), dict(made.provenance))


def test_what_could_not_be_read_back_as_it_is_is_not_kept(tmp_path):
    for change in ({"params": {"k": (1, 2)}}, {"table": pd.DataFrame({"x": [{"a": 1}, 2]})}):
        compute_once("multiverse", lambda change=change: result(**change), lambda: "key", cache=tmp_path)
        assert list(tmp_path.iterdir()) == []


def test_only_what_takes_long_is_kept(tmp_path):
    compute_once("articles", result, lambda: "key", cache=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_whole_is_made_again(tmp_path):
    compute_once("multiverse", result, lambda: "key", cache=tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for part in (b"", whole[: len(whole) // 2], b"not parquet"):
        file.write_bytes(part)
        assert compute_once("multiverse", result, lambda: "key", cache=tmp_path).table.equals(TABLE)
        assert file.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "results").write_text("a file where the folder should be", encoding="utf-8")
    made = compute_once("multiverse", result, lambda: "key", cache=tmp_path / "results")
    assert made.table.equals(TABLE)


def test_code_edited_after_it_was_loaded_keeps_and_takes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_results, "_LOADED", 0.0)
    compute_once("multiverse", result, lambda: "key", cache=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_of_the_settings_in_use_and_of_the_word_list(study):
    key = study_key(study.paths, study.config)
    other = replace(study.config, themes=replace(study.config.themes, k_max=3))
    assert study_key(study.paths, other) != key
    listed = replace(study.config, contrasts=replace(study.config.contrasts, reference="words.csv"))
    (study.paths.root / "words.csv").write_text("term,count\nwar,3\n", encoding="utf-8")
    before = study_key(study.paths, listed)
    (study.paths.root / "words.csv").write_text("term,count\nwar,4\n", encoding="utf-8")
    assert study_key(study.paths, listed) != before


def test_a_second_study_takes_them_from_disk(study, monkeypatch):
    first = study.result("theme_stability").table
    monkeypatch.setitem(STEPS, "theme_stability", lambda _: refuse())
    again = Study(study.paths, study.config).result("theme_stability").table
    pd.testing.assert_frame_equal(first, again, check_exact=True)
