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
    else:
        table.assign(published=pd.to_datetime(table["published"])).to_parquet(path)
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
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
    table = load_study(paths.root).result("articles").table.set_index("article_id")
    assert table["outlet"].to_dict() == {"a": "Daily One", "b": "Weekly Two", "c": "Solo", "d": "unknown"}
    assert table["bloc"].to_dict() == {"a": "East", "b": "West", "c": "uncoded", "d": "uncoded"}
    assert notes == ["code the bloc of these outlets in seeds/outlets.csv: Solo, unknown"]


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
    assert {path.name for path in (paths.seeds / "texts").iterdir()} == {f"{name}.txt" for name in made["article_id"]}


def test_an_outlet_that_starts_like_a_formula_keeps_its_name(tmp_path):
    table = articles(4).assign(outlet="+972 Magazine", bloc="=East")
    table.to_csv(tmp_path / "t.csv", index=False)
    paths, _ = create_study(tmp_path / "study", tmp_path / "t.csv")
    assert "'+972 Magazine" in paths.outlets.read_text(encoding="utf-8")
    assert set(load_study(paths.root).result("articles").table["outlet"]) == {"+972 Magazine"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"outlet": ["", "x"]}, "t.csv:2 (outlet): found an empty cell; allowed: text. Fill it in, or remove the row."),
        ({"text": ["  ", "x"]}, "t.csv:2 (text): found an empty cell; allowed: text. Fill it in, or remove the row."),
        (
            {"published": ["May 3", ""]},
            "t.csv:2 (published): found 'May 3'; allowed: YYYY-MM-DD, YYYY-MM, YYYY or empty. Correct it.",
        ),
        (
            {"article_id": ["a", "a"]},
            "row 3 (article_id): found 'a', which row 2 has; allowed: each article_id once. Rename one of them.",
        ),
        (
            {"outlet": ["D", "D"]},
            "t.csv:3 (bloc): found 'West' for the outlet 'D'; allowed: 'East', as in an earlier row. "
            "Give an outlet one bloc.",
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
    (tmp_path / "t.jsonl").write_text('{"article_id": "a"}\n{broken\n[1]\n', encoding="utf-8")
    with pytest.raises(StudyError) as error:
        create_study(tmp_path / "study", tmp_path / "t.jsonl")
    assert [problem.where for problem in error.value.problems] == ["t.jsonl:2", "t.jsonl:3"]


def test_a_broken_parquet_file(tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(StudyError, match=r"t\.parquet: found no Parquet"):
        create_study(tmp_path / "study", tmp_path / "t.parquet")


@pytest.mark.parametrize("name", ["t.xlsx", "t"])
def test_other_kinds_of_file(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(StudyError, match=r"allowed: \.csv, \.jsonl, \.ndjson, \.parquet, or a folder\. Convert it\."):
        create_study(tmp_path / "study", tmp_path / name)


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
