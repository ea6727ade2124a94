"""The files of a source: which are read, in which order, and what is named instead."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from analysis.collecting.files import list_files, read_file
from analysis.errors import Problem

TEXT = "The government of Russia said that it will meet the leaders of China."


def read(*sources: Path):
    """Read sources: the places of articles, messages and notes."""
    listing = list_files(list(sources), sources[0].parent / "study")
    notes = list(listing.notes)
    found = [*listing.problems, *(one for item in listing.items for one in read_file(item, notes))]
    places = [one.place for one in found if not isinstance(one, Problem)]
    return places, [str(one) for one in found if isinstance(one, Problem)], notes


def write(path: Path, data: bytes = TEXT.encode()) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_folders_are_walked_sorted_and_each_file_is_read_once(tmp_path):
    for name in ("b.txt", "a/z.TXT", "a/c.md", ".hidden/x.txt", "a/.x.txt", "a/~$open.docx"):
        write(tmp_path / "s" / name)
    places, problems, notes = read(tmp_path / "s", tmp_path / "s/b.txt", tmp_path / "s/a")
    assert (places, problems, notes) == (["s/b.txt", "s/a/c.md", "s/a/z.TXT"], [], [])


def test_what_is_not_read_is_named_or_counted(tmp_path):
    for name in ("a.jpg", "b.jpg", "README", "old.doc", "sheet.xls", "list.json"):
        write(tmp_path / "s" / name)
    os.symlink(tmp_path / "nowhere", tmp_path / "s/dead.txt")
    os.symlink(tmp_path / "s", tmp_path / "s/circle")
    os.mkfifo(tmp_path / "s/pipe.txt")
    places, problems, notes = read(tmp_path / "s")
    kinds = (
        ".txt, .md, .html, .htm, .docx, .pdf, .rtf, .txt.gz, .csv, .jsonl, .ndjson, .parquet, .xlsx, .csv.gz, "
        ".jsonl.gz, .ndjson.gz"
    )
    assert places == []
    assert problems == [
        "s/dead.txt: found no file, or a link that leads nowhere; allowed: an article. Leave it out.",
        f"s/list.json: found a file that ends in '.json'; allowed: {kinds}. Write it as JSON lines (.jsonl), one "
        "object a line.",
        f"s/old.doc: found a file that ends in '.doc'; allowed: {kinds}. Save it as .docx.",
        "s/pipe.txt: found no file, or a link that leads nowhere; allowed: an article. Leave it out.",
        f"s/sheet.xls: found a file that ends in '.xls'; allowed: {kinds}. Save it as .xlsx.",
    ]
    assert notes == [
        "passed over links to folders: 'circle'",
        "left out 3 files of other kinds: no ending (1), .jpg (2)",
    ]
    # a file that was named is not passed over
    assert read(tmp_path / "s/README")[1] == [
        f"README: found a name without an ending; allowed: {kinds}. Convert it."
    ]


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is unreadable to this user")
def test_what_may_not_be_read_is_named(tmp_path):
    write(tmp_path / "s/a.txt").chmod(0)
    write(tmp_path / "s/b/c.txt").parent.chmod(0)
    places, problems, _ = read(tmp_path / "s")
    (tmp_path / "s/b").chmod(0o700)
    assert places == []
    assert problems == [
        "s/b: found a folder that cannot be read (Permission denied); allowed: a folder of articles. Make it readable.",
        "s/a.txt: found a file that cannot be read (Permission denied); allowed: an article. Make it readable.",
    ]


def test_an_error_of_the_disk_is_named(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt")

    def fail(self):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert read(path)[1] == [
        "a.txt: found a file that cannot be read (Input/output error); allowed: an article. Make it readable."
    ]


def test_compressed_files(tmp_path):
    whole = gzip.compress(TEXT.encode() * 100)
    table = gzip.compress(f"outlet,text\nDaily,{TEXT}\n".encode() * 1)
    write(tmp_path / "s/a.txt.gz", whole)
    write(tmp_path / "s/b.csv.gz", table)
    write(tmp_path / "s/c.csv.gz", table[:-9])
    write(tmp_path / "s/d.jsonl.gz", b"no gzip")
    write(tmp_path / "s/e.txt.gz", whole[:-9])
    places, problems, _ = read(tmp_path / "s")
    assert places == ["s/a.txt.gz", "s/b.csv.gz:2"]
    ends = "found a gzip file that ends too early; allowed: a whole .gz file. Fetch or compress it again."
    assert problems == [
        f"s/c.csv.gz: {ends}",
        "s/d.jsonl.gz: found no gzip file: \"Not a gzipped file (b'no')\"; allowed: a whole .gz file. "
        "Fetch or compress it again.",
        f"s/e.txt.gz: {ends}",
    ]


def test_broken_tables_and_documents_are_named_and_the_rest_is_read(tmp_path):
    write(tmp_path / "s/a.txt")
    for name in ("b.parquet", "c.xlsx", "d.docx", "e.rtf", "g.htm"):
        write(tmp_path / "s" / name, b"\x00\x01 broken" * 9)
    write(tmp_path / "s/f.html", b"<p>hi</p>")
    write(tmp_path / "s/h.md", b"")
    write(tmp_path / "s/i.rtf", TEXT.encode())
    places, problems, _ = read(tmp_path / "s")
    assert places == ["s/a.txt"]
    assert [problem.partition("; allowed")[0].partition(": '")[0] for problem in problems] == [
        "s/b.parquet: found no Parquet",
        "s/c.xlsx: found no Excel workbook",
        "s/d.docx: found no Word document",
        "s/e.rtf: found binary data (18 control characters)",
        "s/f.html: found a web page without an article",
        "s/g.htm: found binary data (18 control characters)",
        "s/h.md: found an empty file",
        "s/i.rtf: found no RTF",
    ]


def test_names_that_are_no_text_can_be_shown(tmp_path):
    (tmp_path / "s").mkdir()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/s/caf\xe9\n.txt")).write_text(TEXT, encoding="utf-8")
    assert read(tmp_path / "s")[0] == ["s/caf\ufffd?.txt"]


def test_pages_and_rich_text(tmp_path):
    page = (
        '<html><head><meta charset="windows-1252"><title>Talks resume | Daily</title>'
        '<meta property="og:site_name" content="The Daily">'
        '<meta property="article:published_time" content="2018-11-09"></head><body><nav>Menu</nav><article>'
        f"<h1>Talks resume</h1><p>{TEXT * 4}</p><p>Caf\u00e9 {TEXT * 3}</p></article>"
    )
    write(tmp_path / "a.html", page.encode("cp1252"))
    (item,) = list_files([tmp_path / "a.html"], tmp_path / "study").items
    (found,) = read_file(item, [])
    assert (found.title, found.outlet, found.published) == ("Talks resume", "The Daily", "2018-11-09")
    assert "Caf\u00e9" in found.text and "Menu" not in found.text
    assert found.notes == ("decoded from Windows-1252",)
    write(tmp_path / "a.rtf", b"{\\rtf1\\ansi Talks to resume in caf\\'e9\\par\\par " + TEXT.encode() + b"\\par}")
    (item,) = list_files([tmp_path / "a.rtf"], tmp_path / "study").items
    (found,) = read_file(item, [])
    assert (found.title, found.reader) == ("Talks to resume in caf\u00e9", "RTF document")
