"""Tables of articles: the same corpus from every form, and every unusable row by its number."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis.article_table import load_table
from analysis.errors import StudyError, UnknownName
from analysis.table_files import read_rows

ROWS = [
    {"article_id": "b", "text": "Russia’s talks.", "party": "Left"},
    {"article_id": "a", "text": "The U.S. talks; talks.", "party": "Right"},
    {"article_id": "c", "text": "Talks\nagain.", "party": "Left"},
]


def write(folder, form, rows=ROWS):
    path = folder / f"articles.{form}"
    table = pd.DataFrame(rows)
    if form == "csv":
        table.to_csv(path, index=False)
    elif form == "parquet":
        table.to_parquet(path)
    else:
        path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["csv", "jsonl", "ndjson", "parquet"])
def test_every_form_gives_the_same_corpus(tmp_path, form):
    corpus, groupings = load_table(write(tmp_path, form), "party")
    assert corpus.ids == ["a", "b", "c"]
    assert [article.terms() for article in corpus.articles] == [
        ["the", "US", "talks", "talks"],
        ["russia", "talks"],
        ["talks", "again"],
    ]
    assert [(one.level, {k: v.tolist() for k, v in one.members.items()}) for one in groupings] == [
        ("party", {"Left": [1, 2], "Right": [0]})
    ]


def test_numbers_group_articles_and_outlets_are_told(tmp_path):
    rows = [{**row, "year": 2019 + k // 2, "outlet": f"o{k}"} for k, row in enumerate(ROWS)]
    for form in ("csv", "jsonl", "parquet"):
        _, groupings = load_table(write(tmp_path, form, rows), "year")
        assert [one.level for one in groupings] == ["year", "outlet"]
        assert groupings[0].labels == ["2019", "2020"]
    # a column with a gap is read as floats; what is left of it are whole numbers
    path = write(tmp_path, "parquet", [{**rows[0], "year": None}, *rows[1:]])
    with pytest.raises(StudyError) as caught:
        load_table(path, "year")
    assert [str(problem) for problem in caught.value.problems] == [
        "articles.parquet:1 (year): found an empty cell; allowed: text. Fill it in, or remove the row."
    ]


def test_a_number_too_large_to_be_exact_keeps_its_short_form(tmp_path):
    rows = [{**row, "party": value} for row, value in zip(ROWS, (1e300, 2.0, 2.0), strict=True)]
    _, groupings = load_table(write(tmp_path, "parquet", rows), "party")
    assert groupings[0].labels == ["1e+300", "2"]


def problems_of(path, by="party"):
    with pytest.raises(StudyError) as caught:
        load_table(path, by)
    return [str(problem) for problem in caught.value.problems]


def test_every_bad_row_is_named(tmp_path):
    rows = [
        *ROWS,
        {"article_id": "a", "text": "x", "party": " "},
        {"article_id": "", "text": "", "party": "Left"},
    ]
    empty = "found an empty cell; allowed: text. Fill it in, or remove the row."
    assert problems_of(write(tmp_path, "csv", rows)) == [
        "articles.csv:5 (article_id): found 'a', which row 3 has; allowed: each article_id once. Rename one of them.",
        f"articles.csv:5 (party): {empty}",
        f"articles.csv:6 (article_id): {empty}",
        f"articles.csv:6 (text): {empty}",
    ]


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_cell_of_several_values_is_no_group(tmp_path, form):
    rows = [{**row, "party": [row["party"]]} for row in ROWS]
    assert problems_of(write(tmp_path, form, rows)) == [
        f"articles.{form}:{number} (party): found a list of several values; allowed: one text or number. "
        "Write one value a cell."
        for number in (1, 2, 3)
    ]


def test_columns_that_are_missing_are_named(tmp_path):
    path = write(tmp_path, "csv")
    for by in ("outlet", "text", "article_id"):
        with pytest.raises(UnknownName) as caught:
            load_table(path, by)
        assert str(caught.value) == f"unknown column of articles.csv '{by}'; allowed: party"
    path.write_text("id,party\n1,Left\n", encoding="utf-8")
    assert problems_of(path) == [
        "articles.csv:1 (article_id): found no such column; allowed: id, party. Add the column.",
        "articles.csv:1 (text): found no such column; allowed: id, party. Add the column.",
    ]


def test_files_that_cannot_be_read_are_named(tmp_path):
    forms = ".csv, .jsonl, .ndjson, .parquet, .xlsx, .csv.gz, .jsonl.gz, .ndjson.gz"
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'{"article_id": 1}\n[1]\n{"a"\n\xff\n')
    with pytest.raises(StudyError) as caught:
        read_rows(path)
    assert [problem.where for problem in caught.value.problems] == [
        f"articles.jsonl:{row}" for row in (2, 3, 4)
    ]
    path = tmp_path / "articles.parquet"
    path.write_bytes(b"PAR1 no parquet")
    with pytest.raises(StudyError) as caught:
        read_rows(path)
    assert caught.value.problems[0].found.startswith("no Parquet: ")
    for name, found in [
        (
            "articles.docx",
            f"found a file that ends in '.docx'; allowed: {forms}. Convert it, or correct the name.",
        ),
        ("articles", f"found a name without an ending; allowed: {forms}. Convert it, or correct the name."),
    ]:
        with pytest.raises(StudyError) as caught:
            read_rows(tmp_path / name)
        assert str(caught.value.problems[0]) == f"{name}: {found}"
    with pytest.raises(StudyError) as caught:
        read_rows(tmp_path / "none.csv")
    assert caught.value.problems[0].found == "no such file"
    path = tmp_path / "articles.csv"
    path.write_text("article_id,text,party\n", encoding="utf-8")
    assert problems_of(path) == ["articles.csv: found no row; allowed: at least one article. Add rows."]
