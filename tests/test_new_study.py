"""New studies from tables and folders: what is written, what is refused, and that they run."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.cli import main
from analysis.errors import StudyError
from analysis.new_study import create_study
from analysis.study import load_study

SENTENCE = "The government of Russia said that it will meet the leaders of China and the US in the spring. "


def articles(count: int = 6) -> pd.DataFrame:
    """Make a table of articles that differ in their last words."""
    rows = []
    for number in range(count):
        text = "\n\n".join(f"{SENTENCE * 2}It was report {number}, part {part}." for part in range(3))
        rows.append(
            {
                "article_id": f"a{number}",
                "outlet": ("Daily One", "Weekly Two")[number % 2],
                "bloc": ("East", "West")[number % 2],
                "published": f"2020-01-{number + 1:02d}",
                "title": f"Title {number}",
                "text": text,
            }
        )
    return pd.DataFrame(rows)


def write_source(folder: Path, kind: str) -> Path:
    """Write the articles as a table of one kind."""
    path, table = folder / f"articles.{kind}", articles()
    if kind == "csv":
        table.to_csv(path, index=False)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_dict("records")), encoding="utf-8")
    elif kind == "xlsx":
        table.assign(published=pd.to_datetime(table["published"])).to_excel(path, index=False)
    else:
        table.assign(published=pd.to_datetime(table["published"])).to_parquet(path)
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_table_becomes_a_study_that_checks(tmp_path, kind, capsys):
    study_dir = tmp_path / "made here"
    assert main(["new", str(study_dir), "--from", str(write_source(tmp_path, kind))]) == 0
    assert "made the study" in capsys.readouterr().out
    study = load_study(study_dir)
    assert study.check() == []
    table = study.result("articles").table
    assert list(table["article_id"]) == [f"a{number}" for number in range(6)]
    assert list(table["published"]) == [f"2020-01-0{number + 1}" for number in range(6)]
    assert set(table["outlet"]) == {"Daily One", "Weekly Two"}
    assert set(table["bloc"]) == {"East", "West"}


def test_the_made_study_runs(tmp_path):
    create_study(tmp_path / "study", write_source(tmp_path, "csv"))
    out = tmp_path / "out"
    assert main(["run", "--study", str(tmp_path / "study"), "--out", str(out)]) == 0
    attention = pd.read_csv(out / "tables" / "attention.csv")
    russia = attention[(attention["actor_id"] == "russia") & (attention["level"] == "bloc")]
    # two sentences a paragraph, three paragraphs an article, three articles a bloc
    assert list(russia["n_mentions"]) == [18, 18]


def test_a_folder_of_texts(tmp_path):
    source = tmp_path / "texts"
    for place in ("East/Daily One/a.txt", "West/Weekly Two/b.txt", "Solo/c.txt", "d.txt"):
        path = source / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{SENTENCE * 3} This is {place}.", encoding="utf-8")
    paths, notes = create_study(tmp_path / "study", source)
    assert notes == ["code the bloc of these outlets in seeds/outlets.csv: Solo, unknown"]
    end = (
        "allowed: East, West. Write its bloc there, or leave its articles out with "
        'corpus.on_bad_article = "exclude" in study.toml.'
    )
    assert [str(problem) for problem in load_study(paths.root).check()] == [
        f"seeds/outlets.csv:{row} (bloc): found no bloc for the outlet {name!r} with 1 article; {end}"
        for row, name in ((3, "Solo"), (5, "unknown"))
    ]
    config = paths.config.read_text(encoding="utf-8").replace(
        'on_bad_article = "stop"', 'on_bad_article = "exclude"'
    )
    paths.config.write_text(config, encoding="utf-8")
    table = load_study(paths.root).result("articles").table.set_index("article_id")
    assert table["outlet"].to_dict() == {"a": "Daily One", "b": "Weekly Two"}
    assert table["bloc"].to_dict() == {"a": "East", "b": "West"}


def test_bytes_of_a_folder_are_kept(tmp_path):
    source = tmp_path / "texts"
    source.mkdir()
    data = "\ufeffCaf\u00e9 “quoted”\r\n".encode()
    (source / "a.txt").write_bytes(data)
    paths, _ = create_study(tmp_path / "study", source)
    assert (paths.seeds / "texts" / "a.txt").read_bytes() == data


def test_ids_that_cannot_name_a_file_are_renamed(tmp_path):
    table = articles(3)
    table["article_id"] = ["../../etc/passwd", "Größe 1", "Größe/1"]
    table.to_csv(tmp_path / "t.csv", index=False)
    paths, notes = create_study(tmp_path / "study", tmp_path / "t.csv")
    made = load_study(paths.root).result("articles").table
    assert list(made["article_id"]) == ["Groe-1", "Groe-1-2", "etc-passwd"]
    assert notes[0].startswith("3 articles were renamed")
    assert {path.name for path in (paths.seeds / "texts").iterdir()} == {
        f"{name}.txt" for name in made["article_id"]
    }


def test_an_outlet_that_starts_like_a_formula_keeps_its_name(tmp_path):
    table = articles(4).assign(outlet="+972 Magazine", bloc="=East")
    table.to_csv(tmp_path / "t.csv", index=False)
    paths, _ = create_study(tmp_path / "study", tmp_path / "t.csv")
    assert "'+972 Magazine" in paths.outlets.read_text(encoding="utf-8")
    assert set(load_study(paths.root).result("articles").table["outlet"]) == {"+972 Magazine"}


def note_of(paths) -> dict[str, str]:
    """Return the notes of the made articles.csv by article_id."""
    table = pd.read_csv(paths.articles, dtype=str, keep_default_na=False)
    return dict(zip(table["article_id"], table["note"], strict=True))


def test_ids_that_a_disk_may_take_for_one_are_told_apart(tmp_path):
    table = articles(5)
    table["article_id"] = ["a1", "A1", "a1-2", "con", "report."]
    table.to_csv(tmp_path / "t.csv", index=False)
    paths, notes = create_study(tmp_path / "study", tmp_path / "t.csv")
    assert note_of(paths) == {
        "A1-3": "named 'A1' in the source",
        "a1": "",
        "a1-2": "",
        "item-con": "named 'con' in the source",
        "report": "named 'report.' in the source",
    }
    assert notes == ["3 articles were renamed; the column note of articles.csv has the old names"]
    assert load_study(paths.root).check() == []


def test_one_article_is_renamed(tmp_path):
    articles(2).assign(article_id=["a", "b c"]).to_csv(tmp_path / "t.csv", index=False)
    _, notes = create_study(tmp_path / "study", tmp_path / "t.csv")
    assert notes == ["1 article was renamed; the column note of articles.csv has the old name"]


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv"])
def test_numbers_and_dates_beside_empty_cells(tmp_path, kind):
    path, rows = tmp_path / f"t.{kind}", articles(3).to_dict("records")
    for row, name, published in zip(rows, (1, 2, 3), (2019, None, 2020), strict=True):
        row |= {"article_id": name, "published": published}
    if kind == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif kind == "parquet":
        pd.DataFrame(rows).to_parquet(path)  # pandas has made decimals of the years
    else:
        pd.DataFrame(rows).to_csv(path, index=False)  # which it writes as 2019.0
    paths, notes = create_study(tmp_path / "study", path)
    table = load_study(paths.root).result("articles").table
    assert dict(zip(table["article_id"], table["published"], strict=True)) == {
        "1": "2019",
        "2": "",
        "3": "2020",
    }
    assert notes == []


def test_the_types_of_parquet(tmp_path):
    import datetime
    from decimal import Decimal

    import pyarrow
    from pyarrow import parquet

    table = articles(2).to_dict("list")
    for name, dates in {
        "day": pyarrow.array([datetime.date(2019, 5, 21), None]),
        "time": pyarrow.array([datetime.datetime(2019, 5, 21, 23, 59), None], pyarrow.timestamp("ns")),
        "zone": pyarrow.array([datetime.datetime(2019, 5, 21, 23, 59), None], pyarrow.timestamp("ms", "UTC")),
        "text": pyarrow.array(["2019-05-21", None]).dictionary_encode(),
    }.items():
        ids = pyarrow.array([Decimal("7.00"), Decimal("8.50")])
        columns = pyarrow.table({**table, "article_id": ids, "published": dates})
        parquet.write_table(columns, tmp_path / f"{name}.parquet")
        paths, _ = create_study(tmp_path / name, tmp_path / f"{name}.parquet")
        made = load_study(paths.root).result("articles").table
        assert list(zip(made["article_id"], made["published"], strict=True)) == [
            ("7", "2019-05-21"),
            ("8.50", ""),
        ]


def test_cells_that_are_no_text(tmp_path):
    rows = articles(3).to_dict("records")
    for row, value in zip(rows, (["a"], True, {"b": 1}), strict=True):
        row["title"] = value
    rows.append(rows[0] | {"article_id": "\ud800", "title": ""})
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.jsonl")
    remedy = "which is no text; allowed: text. Write it as text."
    assert [str(problem) for problem in error.value.problems] == [
        f"t.jsonl:1 (title): found \"['a']\", {remedy}",
        f"t.jsonl:2 (title): found 'True', {remedy}",
        f"t.jsonl:3 (title): found \"{{'b': 1}}\", {remedy}",
        "t.jsonl:4 (article_id): found '\\ud800', which holds half a sign (a lone surrogate); allowed: text. "
        "Write it as text.",
    ]


def test_headers_in_capitals_and_with_blanks(tmp_path):
    table = articles(2).rename(columns={"article_id": "Article ID", "title": " Title ", "text": "TEXT"})
    table.assign(url="x", Section="y").to_csv(tmp_path / "t.csv", index=False)
    paths, notes = create_study(tmp_path / "study", tmp_path / "t.csv")
    assert list(load_study(paths.root).result("articles").table["title"]) == ["Title 0", "Title 1"]
    assert notes == [
        "took the column 'Article ID' for article_id",
        "took the column 'Title' for title",
        "took the column 'TEXT' for text",
        "left out the columns 'url', 'Section'",
    ]


def test_two_headers_for_one_column(tmp_path):
    articles(2).assign(Title="x", TITLE="y").drop(columns="title").to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.csv")
    assert [str(problem) for problem in error.value.problems] == [
        "t.csv:1 (title): found the columns 'Title' and 'TITLE'; allowed: one of them. Remove or rename the others."
    ]


ASIDE = 'will be left out of every result (on_bad_article = "exclude" in study.toml):'
GERMAN = (
    "Die Regierung hat am Dienstag erklärt, dass sie sich mit den Vertretern der anderen Seite treffen wird. "
    * 3
)


def test_what_check_would_refuse_is_left_out_and_named(tmp_path, capsys):
    table = articles(5)
    table.loc[3, "text"] = table.loc[1, "text"].upper()
    table.loc[4, "text"] = GERMAN
    table.iloc[[4, 3, 2, 1, 0]].to_csv(tmp_path / "t.csv", index=False)
    paths, notes = create_study(tmp_path / "study", tmp_path / "t.csv")
    assert notes == [
        f"2 articles of 5 {ASIDE}",
        "  t.csv:2: found a text in the language 'de'; allowed: 'en', the language of the study. "
        "Remove the article, or set corpus.check_language = false in study.toml if it is right.",
        "  t.csv:3: found the same text as t.csv:5; allowed: each text once. "
        "Remove one of them, or set [corpus] duplicates in study.toml to 'one' or 'weight': a text that counts twice "
        "is no second piece of evidence.",
    ]
    assert main(["check", "--study", str(paths.root)]) == 0
    assert capsys.readouterr().out.count("\nexcluded: article a") == 2
    assert load_study(paths.root).corpus.ids == ["a0", "a1", "a2"]


def test_texts_of_a_folder_are_decoded_or_named(tmp_path):
    source = tmp_path / "texts" / "East" / "Daily"
    source.mkdir(parents=True)
    for name, data in {
        "a.txt": SENTENCE.encode(),
        "b.TXT": b"Caf\xe9 talks",
        "c.txt": b"",
        "d.txt": "Le caf\xe9".encode("utf-16"),
        "e.pdf": b"",
        "f.txt": b"Talks\x00" * 20,
        "e.txt": "Plain talks".encode("utf-16-le"),
        "g h.txt": b"Tea \x96 and talks",
        ".hidden.txt": b"",
    }.items():
        (source / name).write_bytes(data)
    paths, notes = create_study(tmp_path / "study", tmp_path / "texts")
    assert notes == [
        "left out 1 file that does not end in .txt: East/Daily/e.pdf; `framing add` reads documents and pages",
        "decoded East/Daily/b.TXT (decoded from Windows-1252), East/Daily/d.txt (decoded from UTF-16), "
        "East/Daily/e.txt (decoded from UTF-16), "
        "East/Daily/g h.txt (decoded from Windows-1252)",
        "1 article was renamed; the column note of articles.csv has the old name",
        f"2 articles of 7 {ASIDE}",
        "  East/Daily/c.txt: found no words; allowed: an article. Add its text, or remove its row.",
        "  East/Daily/f.txt: found binary data (a NUL byte); allowed: plain text in UTF-8. Export the text as .txt.",
    ]
    study = load_study(paths.root)
    assert study.corpus.ids == ["a", "b", "d", "e", "g-h"]
    rows = pd.read_csv(paths.articles, keep_default_na=False).set_index("article_id")
    assert rows.loc["g-h", "note"] == "decoded from Windows-1252; named 'g h' in the source"
    texts = {
        name: (paths.seeds / "texts" / f"{name}.txt").read_text(encoding="utf-8")
        for name in ("b", "d", "g-h")
    }
    assert texts == {"b": "Caf\xe9 talks", "d": "Le caf\xe9", "g-h": "Tea \u2013 and talks"}


def test_a_dead_link_and_a_text_of_many_articles_are_refused_by_name(tmp_path):
    source = tmp_path / "texts"
    source.mkdir()
    (source / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (source / "b.txt").symlink_to("nowhere.txt")
    (tmp_path / "elsewhere").mkdir()
    (source / "d").symlink_to("../elsewhere")
    (source / "c.txt").write_text("word " * 400_001, encoding="utf-8")
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", source)
    assert [str(problem) for problem in error.value.problems] == [
        "b.txt: found a link to 'nowhere.txt', which is not there; allowed: a text. Remove it, or put the text there.",
        "c.txt: found 2,000,005 characters in one article; allowed: up to 2,000,000. "
        "Divide it: it may hold many articles.",
        "d: found a link to the folder '../elsewhere'; allowed: a text or a folder. "
        "Put the folder there, or remove the link.",
    ]
    articles(2).assign(text=[SENTENCE, "w" * 32_767]).to_excel(tmp_path / "t.xlsx", index=False)
    assert create_study(tmp_path / "cut", tmp_path / "t.xlsx")[1][0] == (
        "texts of 32,767 characters, where Excel cuts a cell: t.xlsx:3"
    )
    articles(2).assign(text=[SENTENCE, "word " * 400_001]).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.csv")
    assert [problem.where for problem in error.value.problems] == ["t.csv:3 (text)"]


def test_a_source_of_bad_articles_only_is_refused(tmp_path):
    articles(2).assign(text=[GERMAN, "..."]).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.csv")
    assert [str(problem) for problem in error.value.problems] == [
        "t.csv:2: found a text in the language 'de'; allowed: 'en', the language of the study. "
        "Remove the article, or set corpus.check_language = false in study.toml if it is right.",
        "t.csv:3: found no words; allowed: an article. Add its text, or remove its row.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_a_folder_that_cannot_be_written_is_found_before_the_source_is_read(tmp_path):
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "taken" / "study", tmp_path / "absent.csv")
    assert [str(problem) for problem in error.value.problems] == [
        f"{tmp_path}/taken/study: found a file above it, {tmp_path}/taken; allowed: a folder that can be written to. "
        "Name another folder, or make it writable."
    ]


def test_an_empty_folder_is_filled_and_not_replaced(tmp_path, monkeypatch):
    source = write_source(tmp_path, "csv")
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    create_study(Path("."), source)
    assert sorted(path.name for path in Path(".").iterdir()) == ["seeds", "study.toml"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["articles.csv", "mine"]


def test_uncoded_outlets_can_be_coded_without_touching_the_settings(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(SENTENCE, encoding="utf-8")
    paths, _ = create_study(tmp_path / "study", tmp_path / "texts")
    coded = paths.outlets.read_text().replace("unknown,unknown,unknown,", "unknown,unknown,unknown,East")
    paths.outlets.write_text(coded, encoding="utf-8")
    assert load_study(paths.root).check() == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"outlet": ["", "x"]},
            "t.csv:2 (outlet): found an empty cell; allowed: text. Fill it in, or remove the row.",
        ),
        (
            {"text": ["  ", "x"]},
            "t.csv:2 (text): found an empty cell; allowed: text. Fill it in, or remove the row.",
        ),
        (
            {"published": ["May 3", ""]},
            "t.csv:2 (published): found 'May 3'; allowed: YYYY-MM-DD, YYYY-MM, YYYY or empty. Correct it.",
        ),
        (
            {"article_id": ["a", "a"]},
            "t.csv:3 (article_id): found 'a', which t.csv:2 has; allowed: each article_id once. Rename one of them.",
        ),
        (
            {"outlet": ["D", "D"]},
            "t.csv:3 (bloc): found 'West' for the outlet 'D'; allowed: 'East', as in an earlier row. "
            "Give an outlet one bloc.",
        ),
        (
            {"outlet": ["Daily", "DAILY"], "bloc": "East"},
            "t.csv:3 (outlet): found 'DAILY'; allowed: 'Daily', as in an earlier row. Give it one spelling.",
        ),
        (
            {"bloc": ["East", "east"]},
            "t.csv:3 (bloc): found 'east'; allowed: 'East', as in an earlier row. Give it one spelling.",
        ),
        (
            {"outlet": ["Rest", "x"]},
            "t.csv:2 (outlet): found 'Rest'; allowed: any text but 'rest'. Rename it.",
        ),
    ],
)
def test_what_is_refused(tmp_path, change, message):
    articles(2).assign(**change).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.csv")
    assert [str(problem) for problem in error.value.problems] == [message]
    assert not (tmp_path / "study").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"], "nothing half-written is left"


def test_all_problems_in_one_go(tmp_path):
    table = articles(3).assign(outlet=["", "b", ""], published=["x", "2020-13", "2020"])
    table.to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.csv")
    assert len(error.value.problems) == 4


def test_missing_columns(tmp_path):
    articles(2).drop(columns=["bloc", "title"]).to_csv(tmp_path / "t.csv", index=False)
    with pytest.raises(StudyError, match=r"t\.csv:1 \(bloc\): found no such column among article_id, outlet"):
        create_study(tmp_path / "study", tmp_path / "t.csv")


def test_broken_json_lines(tmp_path):
    lines = [
        b'{"article_id": "a"}',
        b"{broken",
        b"[1]",
        b'{"a": 1, "a": 2}',
        b"[" * 99999,
        b'{"a": "caf\xe9"}',
    ]
    (tmp_path / "t.jsonl").write_bytes(b"\n".join(lines))
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.jsonl")
    end = "; allowed: one JSON object a line. Correct it."
    messages = [str(problem) for problem in error.value.problems]
    assert messages[0].startswith("t.jsonl:2: found no JSON object: ") and messages[0].endswith(end)
    assert messages[1] == f"t.jsonl:3: found no JSON object: 'not an object'{end}"
    assert messages[2] == f"t.jsonl:4: found no JSON object: 'the key a twice'{end}"
    assert messages[3].startswith("t.jsonl:5: found no JSON object: ") and messages[3].endswith(end)
    assert messages[4:] == [
        "t.jsonl:6: found a byte that is not UTF-8 (0xe9, in Windows-1252 é); allowed: UTF-8. Save the file as UTF-8."
    ]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_table_in_utf16(tmp_path, kind):
    path = write_source(tmp_path, kind)
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", path)
    assert [str(problem) for problem in error.value.problems] == [
        f"articles.{kind}: found UTF-16; allowed: UTF-8. Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8')."
    ]


def test_a_broken_parquet_file(tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(StudyError, match=r"t\.parquet: found no Parquet"):
        create_study(tmp_path / "study", tmp_path / "t.parquet")


@pytest.mark.parametrize("name", ["t.docx", "t"])
def test_other_kinds_of_file(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / name)
    assert [str(problem) for problem in error.value.problems] == [
        f"{name}: found a file that ends in {Path(name).suffix!r}; allowed: .csv, .jsonl, .ndjson, .parquet, .xlsx, "
        ".csv.gz, .jsonl.gz, .ndjson.gz, or a folder. Convert it."
    ]


def test_a_folder_that_is_taken(tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(StudyError, match="something there already"):
        create_study(tmp_path / "study", write_source(tmp_path, "csv"))
    assert (tmp_path / "study" / "mine.txt").read_text(encoding="utf-8") == "precious"


def test_an_article_longer_than_a_spreadsheet_cell(tmp_path):
    table = articles(2)
    table.loc[0, "text"] = SENTENCE * 3000
    table.to_csv(tmp_path / "t.csv", index=False)
    paths, _ = create_study(tmp_path / "study", tmp_path / "t.csv")
    assert len(load_study(paths.root).corpus.article("a0").sentences) == 3000
