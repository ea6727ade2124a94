"""Adding articles to a study: each once, whatever happens in between, and nothing of a person's is touched."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import main
from analysis.collecting import adding
from analysis.collecting.adding import AddOptions, add_articles
from analysis.config import load_config
from analysis.new_study import create_study, start_study
from analysis.paths import StudyPaths
from analysis.study import load_study

SENTENCE = "The government of Russia said that it will meet the leaders of China and the US in the spring. "
EXPORTS = Path(__file__).resolve().parent.parent / "data" / "exports"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def make_source(folder: Path, count: int = 6) -> Path:
    """Write articles of two outlets in two blocs."""
    for number in range(count):
        place = ("East/Daily One", "West/Weekly Two")[number % 2]
        text = f"Talks number {number}\n\n{SENTENCE * 3}\n\nIt was report {number}.\n"
        write(folder / place / f"2020-01-{number % 28 + 1:02d}_{number}.txt", text)
    return folder


def add(study: Path, *sources: Path, **options):
    paths = StudyPaths(study) if (study / "study.toml").exists() else start_study(study)
    return add_articles(paths, load_config(paths.config), list(sources), AddOptions(**options))


def snapshot(study: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a study but the settings."""
    found = {path.relative_to(study).as_posix(): path for path in study.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(found.items())}


def rows(study: Path, name: str = "seeds/articles.csv") -> list[dict[str, str]]:
    with (study / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_articles_that_say_where_each_part_came_from(tmp_path):
    added = add(tmp_path / "study", make_source(tmp_path / "texts", 2))
    assert added.set_aside == []
    key = rows(tmp_path / "study", "added/log.csv")[0]["key"][:8]
    row = rows(tmp_path / "study")[0]
    name = f"daily-one_2020-01-01_talks-number-0_{key}"
    assert {**row, "sha256": ""} == {
        "article_id": name,
        "file": f"texts/{name}.txt",
        "outlet_id": "daily-one",
        "title": "Talks number 0",
        "author": "",
        "published": "2020-01-01",
        "published_precision": "day",
        "language": "en",
        "event": "",
        "url": "",
        "rights": "",
        "sha256": "",
        "evidence": "title: from the first line; outlet: from the folder's name; date: from the file's name",
        "confidence": "",
        "note": "from texts/East/Daily One/2020-01-01_0.txt (plain text)",
    }
    source = tmp_path / "texts/East/Daily One/2020-01-01_0.txt"
    assert (tmp_path / "study/seeds" / row["file"]).read_bytes() == source.read_bytes()
    study = load_study(tmp_path / "study")
    assert study.check() == []
    assert study.corpus.grouping("bloc").labels == ["East", "West"]


def test_a_second_run_adds_nothing_and_changes_nothing(tmp_path):
    source = make_source(tmp_path / "texts")
    assert len(add(tmp_path / "study", source, EXPORTS).added) == 17
    before = snapshot(tmp_path / "study")
    again = add(tmp_path / "study", source, EXPORTS)
    assert (again.added, again.n_known) == ([], 17)
    assert snapshot(tmp_path / "study") == before


def test_files_may_move_between_runs_and_stand_twice(tmp_path):
    source = make_source(tmp_path / "texts", 2)
    twin = source / "East/Daily One/2020-01-01_copy.txt"
    twin.write_bytes((source / "East/Daily One/2020-01-01_0.txt").read_bytes())
    added = add(tmp_path / "study", source)
    assert (len(added.added), added.n_known) == (2, 1)
    source.rename(tmp_path / "elsewhere")
    assert add(tmp_path / "study", tmp_path / "elsewhere").added == []


def test_what_a_person_edited_stays_byte_for_byte(tmp_path):
    study = tmp_path / "study"
    add(study, make_source(tmp_path / "texts", 2))
    articles = study / "seeds/articles.csv"
    # a spreadsheet's line ends, other order of columns, a comment, no line end at the end
    table = pd.read_csv(articles, dtype=str, keep_default_na=False)
    table.loc[0, ["published", "published_precision", "outlet_id", "note"]] = ["2019", "year", "weekly-two", "é, mine"]
    table = table[[*table.columns[::-1]]]
    data = b"\xef\xbb\xbf" + table.to_csv(index=False, lineterminator="\r\n").encode()[:-2]
    articles.write_bytes(data)
    assert add(study, tmp_path / "texts").added == []
    assert articles.read_bytes() == data
    make_source(tmp_path / "texts", 3)
    assert len(add(study, tmp_path / "texts").added) == 1
    assert articles.read_bytes().startswith(data + b"\r\n")
    assert articles.read_bytes().count(b"\r\n") == articles.read_bytes().count(b"\n") == 4
    assert load_study(study).check() == []


def test_an_article_that_a_person_removed_or_renamed_does_not_come_back(tmp_path):
    study = tmp_path / "study"
    add(study, make_source(tmp_path / "texts", 3))
    articles = study / "seeds/articles.csv"
    lines = articles.read_text(encoding="utf-8").splitlines(keepends=True)
    name = rows(study)[1]["article_id"]
    articles.write_text("".join([lines[0], lines[2].replace(name, "mine", 1), lines[3]]), encoding="utf-8")
    before = articles.read_bytes()
    added = add(study, tmp_path / "texts")
    assert (added.added, added.n_known, added.n_removed) == ([], 1, 2)
    assert articles.read_bytes() == before


def test_articles_of_a_study_made_otherwise_are_known_by_their_text(tmp_path):
    source = make_source(tmp_path / "texts", 4)
    create_study(tmp_path / "study", source)
    before = (tmp_path / "study/seeds/articles.csv").read_bytes()
    make_source(source, 5)
    added = add(tmp_path / "study", source)
    assert (len(added.added), added.n_known) == (1, 4)
    assert (tmp_path / "study/seeds/articles.csv").read_bytes().startswith(before)
    assert add(tmp_path / "study", source).added == []


class Killed(BaseException):
    """Stands for a process that is gone at once."""


def test_a_run_killed_at_any_write_goes_on_and_ends_the_same(tmp_path, monkeypatch):
    source = make_source(tmp_path / "texts", 5)
    # two articles of one text, and one text in two outlets
    write(source / "East/Daily One/2020-02-01.txt", SENTENCE * 3)
    write(source / "East/Daily One/2020-02-02.txt", SENTENCE * 3)
    write(source / "West/Weekly Two/2020-02-02.txt", SENTENCE * 3)
    write(source / "bad.pdf", "no PDF")
    monkeypatch.setattr(adding, "_PAUSE", 0.0)
    add(tmp_path / "whole", source)
    whole = snapshot(tmp_path / "whole")
    assert len(rows(tmp_path / "whole")) == 8
    replace = os.replace
    for stop in range(1, 40):
        study = tmp_path / f"study{stop}"
        start_study(study)
        left = stop

        def replace_or_die(*paths):
            nonlocal left
            left -= 1
            if left < 1:
                raise Killed
            replace(*paths)

        monkeypatch.setattr(os, "replace", replace_or_die)
        try:
            add(study, source)
        except Killed:
            finished = False
        else:
            finished = True
        monkeypatch.setattr(os, "replace", replace)
        # what a kill leaves can be read
        assert len(load_rows_of(study)) <= 8
        add(study, source)
        found = snapshot(study)
        assert {name: data for name, data in found.items() if name != "study.toml"} == {
            name: data for name, data in whole.items() if name != "study.toml"
        }
        if finished:
            break
    assert finished and stop > 20


def load_rows_of(study: Path) -> list[dict[str, str]]:
    """Read articles.csv, and see that every row has its text."""
    found = rows(study)
    assert all((study / "seeds" / row["file"]).is_file() for row in found)
    return found


def test_a_process_that_is_killed(tmp_path):
    source, study = tmp_path / "texts", tmp_path / "study"
    for number in range(1500):
        write(source / "Daily" / f"{number}.txt", f"{SENTENCE} It was report {number}.")
    start_study(study)
    command = [sys.executable, "-c", KILLED, str(source), str(study)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and len(os.listdir(study / "seeds/texts")) < 100 and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was done before it could be killed"
    before = (study / "seeds/articles.csv").read_bytes()
    added = add(study, source)
    assert added.n_known + len(added.added) == 1500
    assert (study / "seeds/articles.csv").read_bytes().startswith(before)
    ids = [row["article_id"] for row in load_rows_of(study)]
    assert len(ids) == len({name.casefold() for name in ids}) == 1500
    assert sum(1 for path in (study / "seeds/texts").iterdir() if not path.name.startswith(".")) == 1500


KILLED = """
import sys
from pathlib import Path
from analysis.collecting import adding
from analysis.config import load_config
from analysis.paths import StudyPaths
adding._PAUSE = 0.05
paths = StudyPaths(Path(sys.argv[2]))
adding.add_articles(paths, load_config(paths.config), [Path(sys.argv[1])], adding.AddOptions())
"""


def test_a_table_that_someone_saves_meanwhile_keeps_what_was_saved(tmp_path, monkeypatch):
    study = tmp_path / "study"
    add(study, make_source(tmp_path / "texts", 2))
    make_source(tmp_path / "texts", 5)
    articles = study / "seeds/articles.csv"
    admit = adding.Admission.admit

    def admit_and_save(self, found):
        if found.title == "Talks number 3":
            articles.write_bytes(articles.read_bytes().replace(b"Talks number 0", b"My own title"))
        return admit(self, found)

    monkeypatch.setattr(adding.Admission, "admit", admit_and_save)
    add(study, tmp_path / "texts")
    assert sorted(row["title"] for row in rows(study)) == ["My own title", *(f"Talks number {n}" for n in range(1, 5))]


def test_a_full_disk_leaves_whole_articles(tmp_path, monkeypatch, capsys):
    source, study = make_source(tmp_path / "texts", 4), tmp_path / "study"
    start_study(study)
    write_bytes, left = adding.write_bytes, 3

    def write_until_full(path, data):
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(28, "No space left on device", str(path))
        return write_bytes(path, data)

    monkeypatch.setattr(adding, "write_bytes", write_until_full)
    assert main(["add", str(source), "--study", str(study)]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: No space left on device: {study}/seeds/texts/") and error.count("\n") == 1
    assert load_rows_of(study) == []
    monkeypatch.setattr(adding, "write_bytes", write_bytes)
    assert len(add(study, source).added) == 4


def test_the_command_says_what_it_did_and_what_is_left_to_do(tmp_path, capsys):
    source, study = make_source(tmp_path / "mixed", 2), tmp_path / "study"
    write(source / "West/Weekly Two/scan.pdf", "no PDF")
    write(source / "empty.txt", " \n")
    write(source / "picture.jpg", "")
    write(source / "german.txt", "Die Regierung hat am Dienstag erklärt, dass sie sich mit ihr treffen wird. " * 4)
    write(source / "t.csv", f"source,body,date\nDAILY  ONE,{SENTENCE} a,5/6/2019\nDaily-One.com,{SENTENCE} b,2019\n")
    assert main(["add", str(source), "--study", str(study)]) == 1
    lines = capsys.readouterr().out.splitlines()
    order = "Say which with --date-order dmy or --date-order mdy."
    english = "'en', the language of the study. Leave it out, or set corpus.check_language = false in study.toml"
    aside = [
        "  mixed/empty.txt: found an empty file; allowed: an article. Add its text, or leave it out.",
        f"  mixed/german.txt: found a text in the language 'de'; allowed: {english} if it is right.",
        "  mixed/t.csv:2: found the date '5/6/2019', which is 2019-05-06 or 2019-06-05; allowed: a date that means "
        f"one day. {order}",
        "  mixed/West/Weekly Two/scan.pdf: found no PDF: 'Failed to load document (PDFium: Data format error).'; "
        "allowed: an article. Fetch or export it again.",
    ]
    assert lines == [
        f"started the study {study}",
        "left out 1 file of other kinds: .jpg (1)",
        "mixed/t.csv: took the columns 'body' for text, 'source' for outlet, 'date' for published",
        "read 6 files: added 3 articles",
        f"set aside 4, all of them listed in {study}/added/set_aside.csv:",
        *aside,
        "'Daily-One.com' may be 'Daily One': if it is, write daily-one-com,daily-one into seeds/same_outlets.csv, "
        "under the header outlet_id,same_as",
        "write the bloc of these outlets into seeds/outlets.csv: Daily-One.com (1 new)",
        f"next: framing check --study '{study}'",
    ]
    assert [row["place"] for row in rows(study, "added/set_aside.csv")] == [
        line[2:].partition(": found")[0] for line in aside
    ]
    # the person says that they are one; what is mended is added, and leaves the list
    write(study / "seeds/same_outlets.csv", "outlet_id,same_as\ndaily-one-com,daily-one\n")
    (source / "empty.txt").unlink()
    write(source / "german.txt", SENTENCE * 3)
    command = ["add", str(source), "--study", str(study), "--date-order", "dmy", "--outlet", "daily one"]
    assert main(command) == 1
    assert capsys.readouterr().out.splitlines()[2:] == [
        "read 5 files: added 2 articles",
        "not added again: 3 articles that the study has already",
        f"set aside 1, all of them listed in {study}/added/set_aside.csv:",
        aside[3],
        f"next: framing check --study '{study}'",
    ]
    assert {row["outlet_id"] for row in rows(study)} == {"daily-one", "weekly-two", "daily-one-com"}
    assert main(["check", "--study", str(study)]) == 0
    assert capsys.readouterr().out.startswith("study: no problems found\n5 articles, 2 outlets, 2 blocs, ")


def test_a_study_that_excludes_bad_articles_is_told_of_them_and_goes_on(tmp_path, capsys):
    source, study = make_source(tmp_path / "texts", 2), start_study(tmp_path / "study").root
    toml = (study / "study.toml").read_text(encoding="utf-8")
    (study / "study.toml").write_text(toml.replace('"stop"  ', '"exclude"'), encoding="utf-8")
    write(source / "empty.txt", "")
    assert main(["add", str(source), "--study", str(study)]) == 0
    assert "set aside 1, all of them" in capsys.readouterr().out


def test_what_is_not_there_or_is_the_study_itself_is_refused_before_anything_is_made(tmp_path, capsys):
    assert main(["add", str(tmp_path / "none"), "--study", str(tmp_path / "study")]) == 1
    assert capsys.readouterr().err == (
        f"1 problem found:\n  {tmp_path}/none: found no such file or folder; allowed: a file or folder of articles. "
        "Correct the path.\n"
    )
    assert list(tmp_path.iterdir()) == []
    study = start_study(tmp_path / "study").root
    assert main(["add", str(study / "seeds"), "--study", str(study)]) == 1
    assert capsys.readouterr().err == (
        f"1 problem found:\n  {study}/seeds: found the study's own folder; allowed: a source outside of it. "
        "Name where the articles are.\n"
    )
    # what stands in the study's folder beside its own is a source like any other
    make_source(study / "exports", 2)
    assert main(["add", str(study), "--study", str(study)]) == 0
    assert "read 2 files: added 2 articles" in capsys.readouterr().out


def test_a_folder_that_is_no_study_is_left_alone(tmp_path, capsys):
    make_source(tmp_path / "texts", 2)
    assert main(["add", str(tmp_path / "texts"), "--study", str(tmp_path)]) == 1
    assert "found no study.toml" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["texts"]


def test_a_broken_table_of_the_study_stops_before_anything_is_written(tmp_path):
    study = start_study(tmp_path / "study").root
    (study / "seeds/articles.csv").write_text("article_id;file\n", encoding="utf-8")
    before = snapshot(study)
    with pytest.raises(Exception, match="seeds/articles.csv:1: found cells parted by ';'"):
        add(study, make_source(tmp_path / "texts", 2))
    assert snapshot(study) == before


def test_the_blocs_of_a_source_do_not_move_those_of_the_study(tmp_path, capsys):
    study = tmp_path / "study"
    add(study, make_source(tmp_path / "texts", 2))
    named = ("Daily One,West", "New,West", "Other,Rest", "rest,")
    table = "outlet,bloc,text\n" + "".join(f"{cells},{SENTENCE} {cells[0]}\n" for cells in named)
    assert main(["add", str(write(tmp_path / "t.csv", table)), "--study", str(study)]) == 0
    out = capsys.readouterr().out
    assert "the sources code 'Daily One' as 'West'; seeds/outlets.csv was left as it is\n" in out
    assert "write the bloc of these outlets into seeds/outlets.csv: Other (1 new), rest (outlet) (1 new)\n" in out
    assert {row["name"]: (row["bloc"], row["note"]) for row in rows(study, "seeds/outlets.csv")} == {
        "Daily One": ("East", ""),
        "Weekly Two": ("West", ""),
        "New": ("West", ""),
        "Other": ("", "the source says 'Rest'"),
        "rest (outlet)": ("", ""),
    }


def test_which_outlet_a_page_belongs_to(tmp_path):
    page = '<html><head><title>Talks</title>{}</head><body><article><p>{}</p></article></body></html>'
    site = '<meta property="og:site_name" content="RT International">'
    link = '<link rel="canonical" href="https://www.rt.com/news/{}">'
    for number, (name, head) in enumerate(
        {
            "RT/a.html": site,  # the scholar's folder before the page's own word
            "html/b.html": site,
            "politics/c.html": link.format(1),  # no outlet of the study, and the page is of one
            "politics/d.html": link.format(2).replace("rt.com", "unheard.org"),
            "2019/e.html": link.format(3).replace("rt.com", "unheard.org"),
            "2019/f.html": "",
        }.items()
    ):
        write(tmp_path / "s" / name, page.format(head, SENTENCE * 4 + f"It was report {number}."))
    (tmp_path / "s/RT").rename(tmp_path / "RT")
    (tmp_path / "first").mkdir()
    (tmp_path / "RT").rename(tmp_path / "first/RT")
    study = tmp_path / "study"
    add(study, tmp_path / "first")
    add(study, tmp_path / "s")
    outlets = {Path(row["note"].partition(" (")[0]).stem: row["outlet_id"] for row in rows(study)}
    assert outlets == {
        "a": "rt",
        "b": "rt-international",
        "c": "rt",
        "d": "politics",
        "e": "unheard-org",
        "f": "unknown",
    }


def test_ids_of_a_table_are_kept_where_they_can_name_a_file_and_are_free(tmp_path):
    study = tmp_path / "study"
    table = "article_id,outlet,text\n" + "".join(
        f"{name},Daily,{SENTENCE} {number}\n" for number, name in enumerate(["a1", "A1", "con", "../x", "b", ""])
    )
    add(study, write(tmp_path / "t.csv", table))
    keys = [row["key"][:8] for row in rows(study, "added/log.csv")]
    assert [row["article_id"] for row in rows(study)] == [
        "a1", f"a1_{keys[1]}", f"article-con_{keys[2]}", f"x_{keys[3]}", "b", f"daily_undated_t_{keys[5]}",
    ]  # fmt: skip
    # another table's "a1" is another article
    write(tmp_path / "u.csv", f"article_id,outlet,text\na1,Daily,{SENTENCE} other\n")
    assert len(add(study, tmp_path / "u.csv").added) == 1
    assert add(study, tmp_path / "u.csv", tmp_path / "t.csv").n_known == 7


def test_cells_that_a_spreadsheet_would_run_are_guarded(tmp_path):
    study = tmp_path / "study"
    write(tmp_path / "t.csv", f'outlet,title,author,text\n=1+1,"=cmd()",@me,{SENTENCE * 2}\n')
    add(study, tmp_path / "t.csv")
    assert rows(study)[0]["title"] == "'=cmd()" and rows(study)[0]["author"] == "'@me"
    assert rows(study, "seeds/outlets.csv")[0]["name"] == "'=1+1"
    assert add(study, tmp_path / "t.csv").n_known == 1
    assert len(rows(study, "seeds/outlets.csv")) == 1


def test_many_articles_of_one_word(tmp_path):
    study = tmp_path / "study"
    lines = "".join(f"Daily,2020-01-0{number % 9 + 1},word{number}\n" for number in range(3000))
    write(tmp_path / "t.csv", "outlet,date,text\n" + lines)
    assert len(add(study, tmp_path / "t.csv").added) == 3000
    ids = [row["article_id"].casefold() for row in rows(study)]
    assert len(set(ids)) == 3000


def test_an_article_that_is_far_too_long_is_named(tmp_path):
    write(tmp_path / "texts/long.txt", SENTENCE * 30_000)
    added = add(tmp_path / "study", make_source(tmp_path / "texts", 2))
    assert len(added.added) == 2
    assert [str(problem) for problem in added.set_aside] == [
        f"texts/long.txt: found {len(SENTENCE) * 30_000:,} characters in one article; allowed: up to 2,000,000. "
        "Divide it: it may hold many articles."
    ]


def test_a_date_that_cannot_be_read_is_told_and_the_article_is_added(tmp_path):
    write(tmp_path / "t.csv", f"outlet,date,text\nDaily,last May,{SENTENCE}\n")
    added = add(tmp_path / "study", tmp_path / "t.csv")
    assert added.notes[-1] == "added without a date, which could not be read: t.csv:2 ('last May')"
    row = rows(tmp_path / "study")[0]
    assert row["published"] == ""
    assert row["evidence"] == "outlet: from column 'outlet'; date: 'last May' from column 'date'"


def test_the_progress_bar_has_rate_and_time_left(tmp_path, capsys):
    add(tmp_path / "study", make_source(tmp_path / "texts"), progress=True)
    bar = capsys.readouterr().err.rpartition("\r")[2]
    assert bar.startswith("reading: 100%") and "B/s" in bar and "<00:00" in bar


def test_many_files_of_many_outlets_are_added_once_each(tmp_path):
    for number in range(300):
        text = f"Title {number}\n\n{SENTENCE * 30}{number}.\n"
        write(tmp_path / f"texts/Daily {number % 20}/{number}.txt", text)
    assert len(add(tmp_path / "study", tmp_path / "texts").added) == 300
    assert len(add(tmp_path / "study", tmp_path / "texts").added) == 0
