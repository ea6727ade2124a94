"""Tables whose columns have many names, those of Media Cloud, and rows that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.collecting.files import list_files, read_file
from analysis.errors import Problem

EXPORTS = Path(__file__).resolve().parent.parent / "data" / "exports"
TEXT = "The government of Russia said that it will meet the leaders of China."


def read(path: Path):
    """Read a file: articles, messages and notes."""
    listing = list_files([path], path.parent / "study")
    notes = list(listing.notes)
    found = [*listing.problems, *(one for item in listing.items for one in read_file(item, notes))]
    articles = [one for one in found if not isinstance(one, Problem)]
    return articles, [str(one) for one in found if isinstance(one, Problem)], notes


def test_columns_go_by_many_names(tmp_path):
    path = tmp_path / "t.xlsx"
    row = {"Headline": "Talks", "Publication Title": "Daily", "DATE": pd.Timestamp("2018-11-09"), "Body": TEXT, "x": 1}
    pd.DataFrame([row, {**row, "Headline": None, "x": None}]).to_excel(path, index=False)
    articles, problems, notes = read(path)
    assert problems == []
    assert [(one.place, one.title, one.outlet, one.published, one.text) for one in articles] == [
        ("t.xlsx:2", "Talks", "Daily", "2018-11-09T00:00:00", TEXT),
        ("t.xlsx:3", "", "Daily", "2018-11-09T00:00:00", TEXT),
    ]
    assert articles[0].lifted["outlet"] == "column 'Publication Title'"
    assert notes == [
        "t.xlsx: took the columns 'Body' for text, 'Headline' for title, 'Publication Title' for outlet, "
        "'DATE' for published",
        "t.xlsx: left out the column 'x'",
    ]


def test_a_table_without_text_names_its_columns(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("outlet,words\nDaily,5\n", encoding="utf-8")
    assert read(path)[1] == [
        "t.csv:1 (text): found no such column among 'outlet', 'words'; allowed: text, body, content, full_text, "
        "fulltext, article, article_text, story_text. Name the column of the texts so."
    ]


def test_every_row_that_cannot_be_used_is_named_and_the_others_are_read(tmp_path):
    path = tmp_path / "t.jsonl"
    lines = ['{"text": "words"}', '{"text": ["a"]}', '{"text": " "}', "{broken", '{"outlet": "x"}']
    path.write_text("\n".join(lines), encoding="utf-8")
    articles, problems, _ = read(path)
    assert [one.place for one in articles] == ["t.jsonl:1"]
    empty = "found an empty cell; allowed: the article's text. Fill it in, or leave the row out."
    assert problems[0].startswith("t.jsonl:4: found no JSON object: ")
    assert problems[1:] == [
        "t.jsonl:2 (text): found \"['a']\", which is no text; allowed: text. Write it as text.",
        f"t.jsonl:3 (text): {empty}",
        f"t.jsonl:5 (text): {empty}",
    ]


def test_tables_with_other_columns_and_encodings_stand_beside_each_other(tmp_path):
    (tmp_path / "t").mkdir()
    (tmp_path / "t/a.csv").write_bytes(f"outlet,text\nCaf\u00e9,{TEXT}\n".encode("cp1252"))
    (tmp_path / "t/b.csv").write_bytes(f"newspaper,content\nDaily,{TEXT}\n".encode("utf-16"))
    (tmp_path / "t/c.csv").write_text(f"outlet,text\nDaily,{TEXT},more\nDaily,{TEXT}\n", encoding="utf-8")
    (tmp_path / "t/d.csv").write_text("", encoding="utf-8")
    (tmp_path / "t/e.csv").write_text("outlet,text\n", encoding="utf-8")
    articles, problems, _ = read(tmp_path / "t")
    assert [(one.place, one.outlet) for one in articles] == [
        ("t/a.csv:2", "Caf\u00e9"), ("t/b.csv:2", "Daily"), ("t/c.csv:3", "Daily"),
    ]  # fmt: skip
    assert [one.notes for one in articles] == [("decoded from Windows-1252",), ("decoded from UTF-16",), ()]
    assert problems == [
        "t/c.csv:2: found 3 cells; allowed: 2 cells, as in the header. Check its commas; put text that holds a comma "
        "in quotes.",
        "t/d.csv:1: found no header; allowed: the columns' names. Add a header.",
        "t/e.csv: found no rows; allowed: at least one article. Add rows, or leave the table out.",
    ]


def test_media_cloud():
    articles, problems, _ = read(EXPORTS / "media_cloud_text.csv")
    assert [(one.source_id, one.title, one.outlet, one.published, one.url, one.reader) for one in articles] == [
        ("1001", "Talks to resume", "The New York Times", "2018-11-09 10:00:00",
         "https://www.nytimes.com/2018/11/09/talks.html", "Media Cloud"),
        ("1002", "Leaders plan to talk", "", "2018-11-09", "https://www.rt.com/news/1-leaders/", "Media Cloud"),
    ]  # fmt: skip
    assert problems == [
        "media_cloud_text.csv:4 (text): found an empty cell; allowed: the article's text. "
        "Fill it in, or leave the row out."
    ]
    assert read(EXPORTS / "media_cloud.csv")[1] == [
        "media_cloud.csv: found 2 stories of Media Cloud without their text; allowed: a column 'text'. Media Cloud "
        "gives addresses only: add a column 'text' with the articles, or the pages as .html."
    ]
