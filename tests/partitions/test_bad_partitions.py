"""What is wrong with partitions: named by file and row, set aside or stopped as study.toml says, nothing lost."""

from __future__ import annotations

import pandas as pd
import pyarrow
import pytest
from parted import make_rows, run_parted, write_parted, write_rows
from pyarrow.parquet import write_table

from analysis.cli import main
from analysis.errors import StudyError
from analysis.partitions.reading import split_partition


@pytest.fixture
def study(tmp_path):
    """Return the builder of a study with three partitions, which a test then damages."""

    def build(policy="stop", rows=None):
        return write_parted(tmp_path / "study", rows or make_rows(18), 3, policy=policy)

    return build


def problems(paths, out):
    with pytest.raises(StudyError) as caught:
        run_parted(paths, out)
    return [str(problem) for problem in caught.value.problems]


def excluded(paths, out):
    """Run a study that sets bad articles aside, and list them."""
    tables = run_parted(paths, out)
    table = pd.read_parquet(tables / "excluded.parquet")
    articles = pd.read_parquet(tables / "articles.parquet")
    return table.fillna(""), articles["article_id"].tolist()


def test_a_file_that_is_no_parquet_or_cut_off_is_named(tmp_path, study):
    paths = study()
    whole = (paths.root / "corpus/p1.parquet").read_bytes()
    (paths.root / "corpus/p1.parquet").write_bytes(whole[:-200])
    (paths.root / "corpus/p2.parquet").write_bytes(b"article_id,text\n")
    found = problems(paths, tmp_path / "out")
    assert [one.partition(":")[0] for one in found] == ["corpus/p1.parquet", "corpus/p2.parquet"]
    assert all(
        "found no Parquet: " in one and one.endswith("a whole Parquet file. Export the file again.")
        for one in found
    )


def test_a_file_that_is_set_aside_is_listed_and_the_others_are_all_there(tmp_path, study):
    paths = study("exclude")
    (paths.root / "corpus/p1.parquet").write_bytes(b"PAR1")
    table, names = excluded(paths, tmp_path / "out")
    assert table[["file", "row", "remedy"]].values.tolist() == [["corpus/p1.parquet", 0, "Export the file again."]]
    kept = [row["article_id"] for number, row in enumerate(make_rows(18)) if number % 3 != 1]
    assert names == sorted(kept)


@pytest.mark.parametrize("policy", ["stop", "exclude"])
def test_a_damaged_page_sets_its_row_groups_aside(tmp_path, study, policy):
    paths = study(policy)
    path = paths.root / "corpus/p1.parquet"
    rows = make_rows(18)[1::3]
    table = pyarrow.table({name: [row[name] for row in rows] for name in rows[0]})
    write_table(table, path, row_group_size=6, write_page_checksum=True, compression="none")
    data = bytearray(path.read_bytes())
    place = data.find(b"In the week")
    data[place : place + 11] = b"In the weak"
    path.write_bytes(bytes(data))
    if policy == "stop":
        (found,) = problems(paths, tmp_path / "out")
        assert found.startswith("corpus/p1.parquet:1-6: found no Parquet: ") and "CRC" in found
        return
    table, names = excluded(paths, tmp_path / "out")
    assert table["file"].tolist() == ["corpus/p1.parquet:1-6"] and len(names) == 12


def test_a_schema_that_changes_is_told_by_column(tmp_path, study):
    paths = study()
    rows = make_rows(18)
    write_rows(
        paths.root / "corpus/p1.parquet",
        [{k: v for k, v in row.items() if k != "text"} for row in rows[1::3]],
    )
    write_rows(
        paths.root / "corpus/p2.parquet",
        [{k: v for k, v in row.items() if k != "title"} for row in rows[2::3]],
    )
    write_rows(paths.root / "corpus/p3.parquet", [{**row, "article_id": 7} for row in rows[:1]])
    assert problems(paths, tmp_path / "out") == [
        "corpus/p1.parquet (text): found no such column; allowed: article_id, outlet_id, text, title, author, "
        "published, language. Export the file again.",
        "corpus/p2.parquet: found the columns article_id, language, outlet_id, published, text; allowed: article_id, "
        "language, outlet_id, published, text, title, as corpus/p0.parquet has them. Export all files with the same "
        "columns.",
        "corpus/p3.parquet (article_id): found a column of int64; allowed: text (UTF-8). Export the file again.",
    ]


def test_rows_are_told_once_for_each_kind_with_the_first_and_the_number(tmp_path, study):
    rows = make_rows(18)
    for row in rows[9:]:
        # an outlet that was renamed half-way
        row["outlet_id"] = row["outlet_id"].replace("alpha", "alpha-daily")
    rows[3]["article_id"] = rows[0]["article_id"].upper()
    rows[4]["published"] = "2019-02-30"
    rows[5]["language"] = "fr"
    rows[7]["article_id"] = ""
    found = problems(study(rows=rows), tmp_path / "out")
    name = rows[0]["article_id"]
    assert found == [
        f"corpus/p0.parquet:2 (article_id): found '{name.upper()}', which corpus/p0.parquet:1 has as '{name}'; "
        "allowed: each article_id once, whatever its case. Rename or remove one of the articles.",
        "corpus/p0.parquet:5 (outlet_id): found the unknown outlet 'alpha-daily'; allowed: alpha, beta, delta, gamma. "
        "Add the outlet to seeds/outlets.csv, or correct the id.",
        "corpus/p1.parquet:2 (published): found '2019-02-30'; allowed: YYYY-MM-DD, YYYY-MM or YYYY (a day of the "
        "calendar), or empty. Correct the value.",
        "corpus/p1.parquet:3 (article_id): found an empty cell; allowed: text. Fill it in, or remove the row.",
        "corpus/p1.parquet:6 (outlet_id): found the unknown outlet 'alpha-daily'; allowed: alpha, beta, delta, gamma. "
        "Add the outlet to seeds/outlets.csv, or correct the id.",
        "corpus/p2.parquet:2 (language): found 'fr'; allowed: 'en', the language of the study. Remove the article, or "
        "correct its language.",
    ]


def test_many_rows_of_one_kind_are_one_message(tmp_path, study):
    rows = make_rows(18)
    for row in rows[6:]:
        row["outlet_id"] = "other"
    found = problems(study(rows=rows), tmp_path / "out")
    assert [one.partition(";")[0] for one in found] == [
        f"corpus/p{number}.parquet:3 (outlet_id): found the unknown outlet 'other', here and in 3 more rows"
        for number in range(3)
    ]


def test_every_article_is_in_the_study_or_listed_as_excluded(tmp_path, study):
    rows = make_rows(18)
    rows[9]["outlet_id"] = "other"
    rows[10]["text"] = "?!"
    rows[11]["text"] = "Les ministres ont dit que la réunion était très utile pour tous. " * 4
    rows[12]["text"] = rows[0]["text"].replace("\n\n", "\n\n\n")
    rows[13]["article_id"] = rows[1]["article_id"]
    table, names = excluded(study("exclude", rows), tmp_path / "out")
    assert sorted([*names, *table["article_id"]]) == sorted(row["article_id"] for row in rows)
    assert dict(zip(table["article_id"], table["found"], strict=True)) == {
        rows[9]["article_id"]: "the unknown outlet 'other'",
        rows[10]["article_id"]: "no words",
        rows[11]["article_id"]: "a text in the language 'fr'",
        rows[12]["article_id"]: f"the same text as corpus/p0.parquet:1 ({rows[0]['article_id']})",
        rows[1]["article_id"]: f"'{rows[1]['article_id']}', which corpus/p1.parquet:1 has",
    }
    # the partition's file and row lead back to the article
    assert table.set_index("article_id").loc[rows[12]["article_id"], ["file", "row"]].tolist() == [
        "corpus/p0.parquet",
        5,
    ]


def test_bytes_that_are_no_utf_8_are_told_by_row_and_column(tmp_path, study):
    paths = study("exclude")
    rows = make_rows(18)[1::3]
    columns = {name: [row[name].encode() for row in rows] for name in rows[0]}
    columns["text"][2] = "The Élysée said that the talks were over.".encode("cp1252")
    columns["title"][4] = b"\xff\xfe"
    table = pyarrow.table(
        {k: pyarrow.array(v, pyarrow.binary()).view(pyarrow.string()) for k, v in columns.items()}
    )
    write_table(table, paths.root / "corpus/p1.parquet")
    table, names = excluded(paths, tmp_path / "out")
    assert table[["file", "row", "column", "found"]].values.tolist() == [
        ["corpus/p1.parquet", 3, "text", "a byte that is not UTF-8 (0xc9, in Windows-1252 É)"],
        ["corpus/p1.parquet", 5, "title", "UTF-16"],
    ]
    assert table["article_id"].tolist() == [rows[2]["article_id"], rows[4]["article_id"]]
    assert len(names) == 16


@pytest.mark.parametrize("kind", ["large_string", "string_view", "dictionary", "large_binary"])
def test_text_may_be_stored_in_any_of_the_ways_of_parquet(tmp_path, kind):
    from analysis.partitions.reading import read_rows

    text = pyarrow.array(["one", None, "drei ä"])
    kinds = {"dictionary": pyarrow.dictionary(pyarrow.int32(), pyarrow.string())}
    kinds |= {name: getattr(pyarrow, name)() for name in ("large_string", "string_view", "large_binary")}
    ids = pyarrow.array(["a1", "a2", "a3"])
    path = tmp_path / "p.parquet"
    write_table(pyarrow.table({"article_id": ids, "outlet_id": ids, "text": text.cast(kinds[kind])}), path)
    (part,), _, findings = split_partition(path, "p.parquet")
    assert not findings
    assert [record["text"] for _, record, _ in read_rows(part, ("text",))] == ["one", "", "drei ä"]


def test_row_groups_are_parts_of_bounded_size(tmp_path, monkeypatch):
    from analysis.partitions import reading

    monkeypatch.setattr(reading, "PART_ROWS", 5)
    write_rows(tmp_path / "p.parquet", make_rows(14), each=2)
    parts, columns, _ = split_partition(tmp_path / "p.parquet", "p.parquet")
    assert [(part.groups, part.first, part.rows) for part in parts] == [
        ((0, 1), 1, 4),
        ((2, 3), 5, 4),
        ((4, 5), 9, 4),
        ((6,), 13, 2),
    ]
    assert columns == ("article_id", "language", "outlet_id", "published", "text", "title")


def test_one_huge_article_and_many_tiny_ones(tmp_path, study):
    rows = make_rows(12)
    rows[0]["text"] = "The talks on Russia were of no use, they said to the press. " * 20_000
    for number in range(300):
        row = {"article_id": f"tiny{number}", "outlet_id": "beta", "text": f"Word{number}"}
        rows.append({**rows[1], **row})
    tables = run_parted(study("exclude", rows), tmp_path / "out")
    articles = pd.read_parquet(tables / "articles.parquet").set_index("article_id")
    assert articles.loc[rows[0]["article_id"], "n_tokens"] == 260_000
    assert (articles.loc[[f"tiny{number}" for number in range(300)], "n_tokens"] == 1).all()
    mentions = pd.read_parquet(tables / "mentions.parquet")
    assert (mentions["article_id"] == rows[0]["article_id"]).sum() == 20_000


def test_the_command_says_what_is_wrong_and_how_it_ended(tmp_path, study, capsys, monkeypatch):
    paths = study()
    assert main(["check", "--study", str(paths.root)]) == 0
    assert "18 articles in 3 partitions, 4 outlets" in capsys.readouterr().out
    out = tmp_path / "out"
    assert main(["run", "--study", str(paths.root), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"tables:   {out / 'tables'}\nmanifest: {out / 'manifest.json'}\n"
    for command in (["kwic", "talks"], ["figures"]):
        assert main([*command, "--study", str(paths.root)]) == 1
        assert capsys.readouterr().err == (
            "1 problem found:\n  study.toml [corpus] partitions: found articles in partitions; allowed: articles in "
            "seeds/articles.csv for this command. Use framing check and framing run.\n"
        )
    assert main(["run", "--study", str(paths.root), "--only", "themes"]) == 1
    (paths.root / "corpus/p1.parquet").write_bytes(b"")
    assert main(["check", "--study", str(paths.root)]) == 1
    assert "corpus/p1.parquet: found no Parquet: " in capsys.readouterr().err
    paths.config.write_text('[corpus]\npartitions = "corpora/*.parquet"\n')
    assert main(["check", "--study", str(paths.root)]) == 1
    assert (
        "study.toml [corpus] partitions: found 'corpora/*.parquet', which no file has"
        in capsys.readouterr().err
    )


def test_options_of_partitions_are_refused_for_other_studies(tmp_path, make_study, capsys):
    make_study(tmp_path)
    assert main(["run", "--study", str(tmp_path), "--workers", "2"]) == 1
    assert capsys.readouterr().err == (
        "1 problem found:\n  --workers: found a study whose articles are not in partitions; allowed: [corpus] "
        "partitions in study.toml. Run it without the option.\n"
    )


def test_articles_in_two_places_and_a_reference_list_are_refused(tmp_path, study):
    paths = study()
    paths.articles.write_text("article_id\n")
    paths.config.write_text(paths.config.read_text() + '[contrasts]\nreference = "seeds/list.csv"\n')
    assert problems(paths, tmp_path / "out") == [
        "seeds/articles.csv: found articles beside those of the partitions; allowed: articles in one of the two. "
        'Remove the file, or set corpus.partitions = "" in study.toml.',
        "study.toml [contrasts] reference: found 'seeds/list.csv'; allowed: \"\": a corpus in partitions is not set "
        'against a list. Set it to "".',
    ]


@pytest.mark.parametrize("policy", ["one", "weight"])
def test_copies_are_not_sought_in_partitions(tmp_path, study, policy):
    paths = study()
    text = paths.config.read_text()
    assert text.count("[corpus]\n") == 1
    paths.config.write_text(text.replace("[corpus]\n", f'[corpus]\nduplicates = "{policy}"\n'))
    assert problems(paths, tmp_path / "out") == [
        f"study.toml [corpus] duplicates: found '{policy}'; allowed: \"keep\": copies are not sought in partitions. "
        'Set it to "keep".'
    ]


def test_a_corpus_with_one_outlet_and_no_actor_has_empty_tables(tmp_path, study):
    rows = [
        {**make_rows(1)[0], "article_id": f"b{number}", "text": f"It is so on the day of {word}."}
        for number, word in enumerate(("rain", "snow"))
    ]
    tables = run_parted(study(rows=rows), tmp_path / "out")
    sizes = {path.stem: len(pd.read_parquet(path)) for path in tables.iterdir()}
    assert sizes == {
        **dict.fromkeys(("attention", "contrasts", "excluded", "mentions"), 0),
        **dict.fromkeys(("theme_articles", "theme_stability", "themes"), 0),
        "articles": 2,
        "term_totals": 2,  # "day", in the outlet and in the bloc
    }


def test_the_command_says_how_much_was_set_aside(tmp_path, study, capsys):
    paths = study("exclude")
    (paths.root / "corpus/p1.parquet").write_bytes(b"PAR1")
    out = tmp_path / "out"
    assert main(["run", "--study", str(paths.root), "--out", str(out)]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"excluded: 1 finding, by file and row: {out / 'tables' / 'excluded.parquet'}"
