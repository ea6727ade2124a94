"""A study in partitions: the tables of the study in memory, whatever the partitions and whoever does the work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from parted import bytes_of, make_rows, run_parted, square_once_killed, write_parted, write_texts

from analysis.errors import StudyError
from analysis.partitions.executors import Cluster, Processes
from analysis.partitions.storage import FOLDER, only_run
from analysis.study import load_study
from analysis.tables import round_table

TESTS = Path(__file__).resolve().parent.parent
SAME = ("articles", "mentions", "attention", "theme_stability", "themes", "contrasts")


@pytest.fixture(scope="module")
def rows():
    return make_rows()


@pytest.fixture(scope="module")
def parted(tmp_path_factory, rows):
    return write_parted(tmp_path_factory.mktemp("parted") / "study", rows, 3)


@pytest.fixture(scope="module")
def tables(tmp_path_factory, parted):
    return run_parted(parted, tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def in_memory(tmp_path_factory, rows):
    return load_study(write_texts(tmp_path_factory.mktemp("memory") / "study", rows).root)


@pytest.mark.parametrize("name", SAME)
def test_the_tables_are_those_of_the_study_in_memory(tables, in_memory, name):
    wanted = round_table(in_memory.result(name).table)
    if "level" in wanted:
        # a corpus in partitions has no rows for single articles
        wanted = wanted[wanted["level"] != "article"].reset_index(drop=True)
    found = pd.read_parquet(tables / f"{name}.parquet")
    assert len(found) > 0
    pd.testing.assert_frame_equal(found.astype(wanted.dtypes), wanted, check_exact=True)


def test_the_contrasts_that_were_compared_hold_intervals_tests_and_drivers(tables):
    table = pd.read_parquet(tables / "contrasts.parquet")
    for column in ("log_ratio_low", "log_ratio_mean_low", "p", "q", "z", "dp_norm_target"):
        assert table[column].notna().any(), column
    assert (table["driven_by"] != "").any() and set(table["test"]) >= {"sampled"}


def test_totals_are_the_counts_of_the_groups(tables, in_memory):
    totals = (
        pd.read_parquet(tables / "term_totals.parquet").set_index(["level", "group", "term"]).sort_index()
    )
    counts = in_memory.counts
    for grouping in in_memory.groupings[1:]:
        for label, members in grouping.members.items():
            own = totals.loc[grouping.level, label]
            for term in ("sanctions", "russia"):
                column = counts.column(term)[members]
                assert own.loc[term, "count"] == column.sum()
                assert own.loc[term, "n_articles"] == (column > 0).sum()
                assert own.loc[term, "n_tokens"] == counts.sizes[members].sum()


@pytest.mark.parametrize(("files", "each"), [(1, 1000), (5, 2)])
def test_no_byte_depends_on_how_the_corpus_is_divided(tmp_path, tables, rows, files, each):
    shuffled = rows[::-1] if files == 1 else rows[7:] + rows[:7]
    other = run_parted(write_parted(tmp_path / "study", shuffled, files, each=each), tmp_path / "out")
    assert bytes_of(other) == bytes_of(tables)


def test_no_byte_depends_on_blocks_strides_and_weights(tmp_path, monkeypatch, parted, tables):
    from analysis.partitions import blocks, run, streams

    monkeypatch.setattr(run, "MOST_TERMS", 5)
    monkeypatch.setattr(run, "WEIGHED_ARTICLES", 7)
    monkeypatch.setattr(blocks, "WEIGHED_ARTICLES", 7)
    other = run_parted(parted, tmp_path)
    assert bytes_of(other) == bytes_of(tables)
    # a row group holds the rows of so many articles: the rows stay the same
    monkeypatch.setattr(streams, "STRIDE", 5)
    pd.testing.assert_frame_equal(
        pd.read_parquet(run_parted(parted, tmp_path) / "mentions.parquet"),
        pd.read_parquet(tables / "mentions.parquet"),
    )


KILLED = """
import sys, time
from pathlib import Path
from parted import run_parted
from analysis.partitions import run
from analysis.paths import StudyPaths

def slowly(job, part, map_part=run.map_part):
    folder = map_part(job, part)
    time.sleep(1)
    return folder

run.map_part = slowly
run_parted(StudyPaths(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def test_a_killed_run_goes_on_and_ends_the_same(tmp_path, monkeypatch, parted, tables):
    from analysis.partitions import run

    environment = os.environ | {"PYTHONPATH": f"{TESTS}{os.pathsep}{TESTS.parent}"}
    command = [sys.executable, "-c", KILLED, str(parted.root), str(tmp_path)]
    process = subprocess.Popen(command, env=environment)
    limit = time.monotonic() + 60
    while not (done := list((tmp_path / FOLDER).glob("part-*"))) and time.monotonic() < limit:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert 0 < len(done) < 3 and not (tmp_path / "tables").exists()
    # what a worker had half written when it was killed
    (tmp_path / FOLDER / ".part-half").mkdir()
    mapped = []

    def noted(job, part, map_part=run.map_part):
        mapped.append(job.folder(part).is_dir())
        return map_part(job, part)

    monkeypatch.setattr(run, "map_part", noted)
    assert bytes_of(run_parted(parted, tmp_path)) == bytes_of(tables)
    assert mapped.count(True) == len(done)
    assert not (tmp_path / FOLDER / ".part-half").exists()


def test_a_worker_of_a_cluster_that_is_killed_changes_nothing(tmp_path, rows, tables):
    from distributed import Client, LocalCluster

    paths = write_parted(tmp_path / "study", rows, 6)
    killed = []

    class Killing(Cluster):
        def run(self, function, job, items):
            for number, result in super().run(function, job, items):
                if not killed:
                    # while the other parts are being read
                    killed.append(sorted(self.client.run(os.getpid).values())[0])
                    os.kill(killed[0], signal.SIGKILL)
                yield number, result

    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with LocalCluster(**options) as cluster, Client(cluster) as client:
        other = run_parted(paths, tmp_path / "out", Killing(client))
        alive = set(client.run(os.getpid).values())
    assert len(killed) == 1 and killed[0] not in alive
    assert bytes_of(other) == bytes_of(tables)


def test_a_process_that_is_killed_is_replaced(tmp_path):
    processes = Processes(2)
    try:
        assert sorted(processes.run(square_once_killed, str(tmp_path), range(6))) == [
            (number, number**2) for number in range(6)
        ]
    finally:
        processes.close()
    assert (tmp_path / "killed").exists()


def test_what_other_settings_left_is_cleared_and_parts_are_used_again(tmp_path, rows):
    paths = write_parted(tmp_path / "study", rows, 2)
    run_parted(paths, tmp_path / "out")
    first = {path.name for path in (tmp_path / "out" / FOLDER).iterdir()}
    paths.config.write_text(paths.config.read_text().replace("random_state = 3", "random_state = 4"))
    run_parted(paths, tmp_path / "out")
    second = {path.name for path in (tmp_path / "out" / FOLDER).iterdir()}
    assert {name for name in first & second if name != "lock"} == {
        name for name in first if name[:4] == "part"
    }
    assert len(first) == len(second)


def test_one_run_at_a_time_writes_to_a_folder(tmp_path):
    with only_run(tmp_path / FOLDER), pytest.raises(StudyError) as caught, only_run(tmp_path / FOLDER):
        pass
    (problem,) = caught.value.problems
    assert str(problem) == (
        f"{(tmp_path / FOLDER).as_posix()}: found a run that is under way; allowed: one run at a time. "
        "Wait for it, or name another folder with --out."
    )


def test_a_disk_that_fills_up_stops_the_run_and_keeps_what_was_finished(
    tmp_path, monkeypatch, parted, tables
):
    from analysis.partitions import mapping

    written = []

    def full(folder, **arrays):
        written.append(folder)
        if len(written) > 3:
            raise OSError(28, "No space left on device", str(folder / "rows.npy"))
        save(folder, **arrays)

    save = mapping.save_arrays
    monkeypatch.setattr(mapping, "save_arrays", full)
    with pytest.raises(OSError, match="No space left on device"):
        run_parted(parted, tmp_path)
    assert [path.name[:5] for path in (tmp_path / FOLDER).iterdir() if path.is_dir()] == ["part-"]
    monkeypatch.undo()
    assert bytes_of(run_parted(parted, tmp_path)) == bytes_of(tables)


def test_themes_of_a_sample_are_weighed_in_every_article(tmp_path, rows, tables):
    paths = write_parted(tmp_path / "study", make_rows(150), 2)
    paths.config.write_text(paths.config.read_text().replace("[themes]", "[themes]\nsample = 100"))
    found = run_parted(paths, tmp_path / "out")
    themes = pd.read_parquet(found / "themes.parquet")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["themes"] == {"fitted on articles": 100}
    by_bloc = themes[themes["level"] == "bloc"]
    assert by_bloc.groupby("group")["n_with_themes"].first().sum() == 150
    # shares of a group's theme weight add up to 1
    assert by_bloc.groupby("group")["weight"].sum().round(4).tolist() == [1.0, 1.0]
    articles = pd.read_parquet(found / "theme_articles.parquet")
    assert articles["article_id"].nunique() == 150
    other = write_parted(tmp_path / "other", make_rows(150)[::-1], 3)
    other.config.write_text(paths.config.read_text())
    assert bytes_of(run_parted(other, tmp_path / "other_out")) == bytes_of(found)
