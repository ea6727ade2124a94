"""The command `framing`: what it prints, its exit codes, and that it starts fast."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import main
from analysis.paths import project_root
from analysis.tables import plain_cell

ROOT = project_root()
SUBCOMMANDS = ("check", "study", "run", "figures", "report", "kwic", "mentions", "new")


@pytest.fixture
def seed_copy(tmp_path: Path) -> Path:
    """A copy of the seed study that may be spoilt."""
    folder = tmp_path / "a study"
    folder.mkdir()
    # the fast scorer: what is tested here is the command
    config = (ROOT / "study.toml").read_text(encoding="utf-8").replace('"encoder.v1"', '"lexicon.v1"', 1)
    (folder / "study.toml").write_text(config, encoding="utf-8")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from analysis.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'numpy', 'sklearn', 'matplotlib', 'scipy', 'nbclient', 'pandera', 'pyarrow'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stderr.strip() == "[]"
    for name in SUBCOMMANDS:
        assert f"    {name} " in found.stdout


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_explains_itself(name, capsys):
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert "usage: framing" in capsys.readouterr().out


def test_without_a_command_it_shows_help(capsys):
    assert main([]) == 2
    assert "commands:" in capsys.readouterr().out


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "framing 0.1.0\n"


def test_check_of_the_seed_study(capsys):
    assert main(["check", "--study", str(ROOT)]) == 0
    out = capsys.readouterr().out
    assert "no problems found" in out
    assert "5 articles, 5 outlets, 3 blocs" in out
    aliases = re.search(r"^aliases: (\d+) of ([\d,]+) occur in the corpus ", out, re.MULTILINE)
    assert main(["check", "--study", str(ROOT), "--aliases"]) == 0
    table = pd.read_csv(io.StringIO(capsys.readouterr().out), keep_default_na=False)
    assert list(table.columns) == ["row", "actor_id", "alias", "n_places"]
    assert (f"{(table['n_places'] > 0).sum():,}", f"{len(table):,}") == aliases.groups()
    lines = (ROOT / "seeds" / "actors.csv").read_text(encoding="utf-8").splitlines()
    for row in table[table["n_places"] > 0].itertuples():
        # the "-" of a stop alias is guarded as a formula would be
        assert (
            lines[row.row - 1].startswith(f"{plain_cell(row.actor_id)},") and row.alias in lines[row.row - 1]
        )


def test_a_broken_study_file_does_not_hide_the_other_files(seed_copy, capsys):
    (seed_copy / "study.toml").write_text("[themes]\nk = 1\n", encoding="utf-8")
    (seed_copy / "seeds" / "cleaning.toml").unlink()
    actors = seed_copy / "seeds" / "actors.csv"
    actors.write_text(actors.read_text(encoding="utf-8") + "x,X,thing,,X,exact,,,\n", encoding="utf-8")
    row = len(actors.read_text(encoding="utf-8").splitlines())
    (seed_copy / "seeds" / "texts" / "repost_2018-07.txt").unlink()
    assert main(["check", "--study", str(seed_copy)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if "evidence" not in line] == [
        "4 problems found:",
        f"  seeds/actors.csv:{row} (kind): found 'thing'; allowed: state, person, organisation, none. "
        "Correct the kind.",
        "  seeds/articles.csv:6 (file): found 'texts/repost_2018-07.txt': no such file; allowed: a text file. "
        "Add the file.",
        "  seeds/cleaning.toml: found no such file; allowed: a TOML file of cleaning rules. "
        "Create it; if nothing is to be taken out of the texts, leave it empty.",
        "  study.toml [themes] k: found '1'; allowed: \"auto\" or a whole number from 2 to 200. Correct the value.",
    ]


def test_check_lists_every_problem_by_file_and_row(seed_copy, capsys):
    articles = (seed_copy / "seeds" / "articles.csv").read_text(encoding="utf-8")
    articles = articles.replace("2019-05-21,day", "2019-05-32,day").replace(
        ",business-daily,", ",busines-daily,"
    )
    (seed_copy / "seeds" / "articles.csv").write_text(articles, encoding="utf-8")
    text = seed_copy / "seeds" / "texts" / "repost_2018-07.txt"
    text.write_bytes(b"")
    assert main(["check", "--study", str(seed_copy)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "problems found:" in captured.err
    assert "seeds/articles.csv:3 (outlet_id): found the unknown outlet 'busines-daily'" in captured.err
    assert "seeds/articles.csv:4 (published): found '2019-05-32'" in captured.err
    assert "seeds/articles.csv:6 (sha256)" in captured.err
    assert "seeds/texts/repost_2018-07.txt: found no words" in captured.err


@pytest.mark.parametrize(
    "command", [["study"], ["run"], ["run", "--out", "out"], ["figures", "--out", "out"], ["report"]]
)
def test_what_writes_needs_a_study_of_its_own(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"1 problem found:\n  {tmp_path.as_posix()}: found no study.toml, here or in a folder above; allowed: a folder "
        "of a study. Name the study with --study DIR (or FRAMING_STUDY), or change to its folder with cd.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["check"], ["kwic", "unilateralism"], ["mentions", "--actor", "maduro"]])
def test_what_reads_says_which_study_it_took(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 0
    assert capsys.readouterr().err == f"no study.toml here or above: this is the seed study, {ROOT}\n"
    monkeypatch.chdir(ROOT / "notebooks")
    assert main(command) == 0
    assert capsys.readouterr().err == ""


def test_an_unknown_command(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["foo"])
    assert stop.value.code == 2
    assert "framing: error: argument COMMAND: invalid choice: 'foo' (choose from " in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "figures", "report"])
def test_what_cannot_be_written_is_found_before_the_work(command, seed_copy, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("analysis.study.Study.result", lambda *_: pytest.fail("the work was begun"))
    monkeypatch.setattr("analysis.study.Study.check", lambda _: [])
    taken = tmp_path / "taken"
    taken.write_text("mine", encoding="utf-8")
    out = taken / "report.html" if command == "report" else taken
    assert main([command, "--study", str(seed_copy), "--out", str(out)]) == 1
    where, found = {
        "run": (f"{taken}/tables", f"a file above it, {taken}"),
        "figures": (taken, "a file"),
        "report": (taken, "a file"),
    }[command]
    assert capsys.readouterr().err == (
        f"1 problem found:\n  {where}: found {found}; allowed: a folder that can be written to. "
        "Name another folder, or make it writable.\n"
    )
    assert taken.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("value", ["abc", "0", "-1", ""])
def test_a_number_of_workers_that_is_none(value, monkeypatch, capsys):
    monkeypatch.setenv("FRAMING_WORKERS", value)
    monkeypatch.setattr("analysis.study.Study.check", lambda _: [])
    assert main(["study", "--study", str(ROOT)]) == 1
    assert capsys.readouterr().err == (
        f"1 problem found:\n  FRAMING_WORKERS: found {value!r}; allowed: a whole number from 1. "
        "Correct or unset it (with make: WORKERS=2).\n"
    )


def test_a_report_that_is_a_folder(seed_copy, tmp_path, capsys):
    assert main(["report", "--study", str(seed_copy), "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"1 problem found:\n  {tmp_path}: found a folder; allowed: the name of a file. "
        "Name the page, such as report.html in that folder.\n"
    )


def test_a_missing_study(tmp_path, capsys):
    assert main(["check", "--study", str(tmp_path / "nowhere")]) == 1
    assert "found no such folder; allowed: a folder that holds study.toml" in capsys.readouterr().err


def test_a_bad_study_writes_nothing(seed_copy, tmp_path):
    (seed_copy / "study.toml").write_text("[study\n", encoding="utf-8")
    out = tmp_path / "out"
    assert main(["run", "--study", str(seed_copy), "--out", str(out)]) == 1
    assert not out.exists()


def test_run_only(seed_copy, tmp_path):
    out = tmp_path / "out"
    assert main(["run", "--study", str(seed_copy), "--out", str(out), "--only", "attention"]) == 0
    assert {path.name for path in (out / "tables").iterdir()} == {"attention.csv"} | {"excluded.csv"}


def test_run_unknown_step(seed_copy, tmp_path, capsys):
    assert main(["run", "--study", str(seed_copy), "--out", str(tmp_path / "o"), "--only", "topics"]) == 1
    assert "unknown step 'topics'; allowed: actor_pairs, actor_themes, agreement" in capsys.readouterr().err


def test_kwic(capsys):
    assert main(["kwic", "unilateralism", "--study", str(ROOT)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "3 places"
    assert all("[unilateralism]" in line and line.startswith("neo_2019-05:") for line in lines[:-1])


def test_kwic_without_a_place_or_a_query(capsys):
    assert main(["kwic", "xylophone", "--study", str(ROOT)]) == 0
    assert capsys.readouterr().out == "no place of 'xylophone'\n"
    assert main(["kwic", "  ", "--study", str(ROOT)]) == 1
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize(
    ("failure", "place"),
    [
        (OSError(28, "No space left on device"), "rows.csv"),
        (OSError("Error writing bytes to file. Detail: [errno 28] No space left on device"), "rows.csv"),
        (OSError(28, "No space left on device", "/elsewhere/block.npy"), "/elsewhere/block.npy"),
    ],
)
def test_a_full_disk_is_told_with_its_place_and_a_remedy(tmp_path, capsys, monkeypatch, failure, place):
    table = tmp_path / "articles.csv"
    table.write_text("article_id,outlet,text\na,X,The talks went on.\nb,Y,The war went on.\n")

    def fail(*_, **__):
        raise failure

    monkeypatch.setattr("analysis.tables.os.fdopen", fail)
    assert main(["contrasts", str(table), "--by", "outlet", "--out", str(tmp_path / "rows.csv")]) == 1
    name = place if place.startswith("/") else str(tmp_path / place)
    assert capsys.readouterr().err == (
        f"error: No space left on device: {name}; make room, or choose a folder on another disk, "
        "and run the command again\n"
    )
    assert not (tmp_path / "rows.csv").exists()


def test_mentions_as_csv(tmp_path, capsys):
    assert main(["mentions", "--study", str(ROOT), "--actor", "maduro", "--csv"]) == 0
    out = capsys.readouterr().out
    (tmp_path / "m.csv").write_text(out, encoding="utf-8")
    assert set(pd.read_csv(tmp_path / "m.csv").columns) >= {"article_id", "match", "actor_id", "voice"}


def test_mentions_of_an_unknown_actor(capsys):
    assert main(["mentions", "--study", str(ROOT), "--actor", "atlantis"]) == 1
    assert "unknown actor 'atlantis'" in capsys.readouterr().err


def test_figures_by_name(seed_copy, tmp_path):
    assert main(["figures", "corpus", "--study", str(seed_copy), "--out", str(tmp_path / "f")]) == 0
    assert {path.name for path in (tmp_path / "f").iterdir()} == {
        f"1_corpus.{kind}" for kind in ("pdf", "svg", "png", "csv", "alt.txt")
    }


def test_an_unknown_figure(tmp_path, capsys):
    assert main(["figures", "7_none", "--study", str(ROOT), "--out", str(tmp_path / "f")]) == 1
    assert "unknown figure '7_none'; allowed: 10_xray" in capsys.readouterr().err
