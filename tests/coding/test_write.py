"""The folder of a sample: blind, the same bytes each time, safe in a spreadsheet, never over a coder's work."""

from __future__ import annotations

import json
import zipfile

import openpyxl
import pytest

from analysis.cli import main
from analysis.coding.draw import SampleQuestion
from analysis.coding.sample import corpus_digest, load_sample
from analysis.coding.sampling import check_question, sample_study
from analysis.coding.write import check_folder
from analysis.errors import ParameterError, StudyError, UnknownName
from analysis.study import load_study

QUESTION = SampleQuestion(12, ("anna", "ben"), overlap=0.5, random_state=3)
# what would tell a coder where a text is from: names, labels, ids, blocs, titles, dates, files
GIVEAWAYS = ("planet", "weekly", "eastbloc", "westbloc", "headline", "1999", ".txt")


def files_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_is_written(drawn_sentiment, coding_study):
    names = sorted(path.name for path in drawn_sentiment.folder.iterdir())
    each = ["code-anna.ipynb", "code-ben.ipynb", "codebook.json", "key.csv", "sample.json"]
    sheets = ["sheet-anna.csv", "sheet-anna.xlsx", "sheet-ben.csv", "sheet-ben.xlsx"]
    assert names == ["README.md", *each, *sheets]
    assert drawn_sentiment.corpus == corpus_digest(coding_study.corpus)
    assert drawn_sentiment.codebook == coding_study.codebook.sha256
    assert (drawn_sentiment.task, drawn_sentiment.unit, drawn_sentiment.n) == ("sentiment", "mention", 12)
    (variable,) = drawn_sentiment.variables
    assert (variable.level, variable.scale) == ("ordinal", ("negative", "neutral", "positive"))
    assert drawn_sentiment.key["weight"].sum() == pytest.approx(drawn_sentiment.strata["size"].sum())


def test_the_corpus_hash_sees_every_text(coding_study):
    corpus = coding_study.corpus
    assert corpus_digest(corpus) != corpus_digest(corpus.subset(corpus.ids[1:]))


@pytest.mark.parametrize("task", ["sentiment", "frames"])
def test_the_same_study_and_options_give_the_same_bytes(coding_study, tmp_path, task, make_study):
    first = sample_study(coding_study, task, QUESTION, tmp_path / "one")[0]
    again = load_study(coding_study.paths.root)
    second = sample_study(again, task, QUESTION, tmp_path / "two")[0]
    assert files_of(first.folder) == files_of(second.folder)
    assert first.sample_id == second.sample_id


def test_another_random_state_gives_another_sample(coding_study, tmp_path, drawn_sentiment):
    question = SampleQuestion(12, ("anna", "ben"), overlap=0.5, random_state=4)
    sample = sample_study(coding_study, "sentiment", question, tmp_path / "s")[0]
    assert sample.sample_id != drawn_sentiment.sample_id
    assert sample.key["start"].to_list() != drawn_sentiment.key["start"].to_list()


@pytest.mark.parametrize("kind", ["drawn_sentiment", "drawn_frames"])
def test_coders_are_not_told_where_a_text_is_from(kind, request):
    sample = request.getfixturevalue(kind)
    for path in sorted(sample.folder.iterdir()):
        if path.name in ("key.csv", "sample.json", "README.md"):
            continue
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as file:
                text = "".join(file.read(name).decode("utf-8") for name in file.namelist())
        else:
            text = path.read_text(encoding="utf-8-sig")
        # the planted texts name both outlets: their own is masked, the other is what the text says
        own = text.lower().replace("the weekly mirror was told by", "")
        own = own.replace("1999/xlink", "").replace("1999/xhtml", "")
        if path.suffix == ".xlsx":
            own = own.replace("1999", "")
        assert [word for word in GIVEAWAYS if word in own] == [], path.name


def test_the_name_of_another_outlet_is_left_and_the_own_is_masked(coding_study, tmp_path, rows_of):
    question = SampleQuestion(1000, ("anna",))
    sample, notes = sample_study(coding_study, "frames", question, tmp_path / "all")
    shown = dict(zip(sample.key["item_id"], sample.key["outlet_id"], strict=True))
    for row in rows_of(sample.folder / "sheet-anna.csv")[1:]:
        text = row[3]
        if "was told by" in text and "off for good" not in text:
            assert ("[outlet]" in text) == (shown[row[1]] == "weekly-mirror")
            assert ("Weekly Mirror" in text) == (shown[row[1]] == "planet-times")
        if "off for good" in text:
            assert text.startswith("'=HYPERLINK")
            assert "told by the [outlet], and by [outlet], that" in text
    assert "masked: 5 items, in which the outlet or the writer names itself" in notes
    assert "drawn: 25 of 25 paragraphs, which are all there are (1,000 were asked for)" in notes


def test_the_workbook_offers_the_codes_and_runs_nothing(coding_study, tmp_path):
    sample = sample_study(coding_study, "frames", SampleQuestion(25, ("anna",)), tmp_path / "all")[0]
    book = openpyxl.load_workbook(sample.folder / "sheet-anna.xlsx")
    sheet, codes = book["coding"], book["codes"]
    assert book.sheetnames == ["coding", "codebook", "codes"]
    assert sheet.freeze_panes == "C2"
    assert len(sheet.data_validations.dataValidation) == len(sample.variables) == 10
    for choice, variable in zip(sheet.data_validations.dataValidation, sample.variables, strict=True):
        letter = choice.formula1.split("$")[1]
        assert choice.formula1 == f"codes!${letter}$2:${letter}$4"
        column = [cell.value for cell in codes[letter]]
        assert column == [variable.variable_id, *variable.codes]
        (area,) = choice.sqref.ranges
        assert (area.min_row, area.max_row) == (2, 26)
        assert sheet.cell(1, area.min_col).value == variable.variable_id
        assert sheet.cell(2, area.min_col).number_format == "@"
    for table in book.worksheets:
        for row in table.iter_rows():
            assert all(cell.data_type in ("s", "n") and not str(cell.value).startswith("=") for cell in row)
    texts = [sheet.cell(row, 4) for row in range(2, 27)]
    assert all(cell.alignment.wrap_text for cell in texts)
    assert sum(cell.value.startswith("'=") for cell in texts) == 1


def test_the_coders_codebook_keeps_its_sources_to_itself(drawn_frames):
    content = json.loads((drawn_frames.folder / "codebook.json").read_text(encoding="utf-8"))
    assert [variable["id"] for variable in content["variable"]] == [
        v.variable_id for v in drawn_frames.variables
    ]
    assert not any("example_from" in variable for variable in content["variable"])


def test_a_folder_in_which_nobody_has_coded_is_written_anew(coding_study, sentiment_folder):
    old = load_sample(sentiment_folder).sample_id
    question = SampleQuestion(9, ("cleo",), random_state=8)
    sample = sample_study(coding_study, "sentiment", question, sentiment_folder)[0]
    assert sample.sample_id != old
    assert sorted(path.name for path in sentiment_folder.glob("sheet-*")) == [
        "sheet-cleo.csv",
        "sheet-cleo.xlsx",
    ]
    assert sorted(path.name for path in sentiment_folder.glob("code-*")) == ["code-cleo.ipynb"]


@pytest.mark.parametrize("what", ["csv", "note", "xlsx", "broken"])
def test_a_folder_in_which_somebody_has_coded_is_left_alone(
    coding_study, sentiment_folder, what, rows_of, write_rows
):
    allowed = "allowed: a folder in which nobody has coded yet"
    remedy = "Name another folder with --out, or move this one away."
    path = sentiment_folder / ("sheet-ben.xlsx" if what == "xlsx" else "sheet-ben.csv")
    if what == "xlsx":
        book = openpyxl.load_workbook(path)
        book["coding"].cell(3, 8).value = "neutral"
        book.save(path)
    elif what == "broken":
        path.write_bytes(b"\x81\x00")
    else:
        rows = rows_of(path)
        rows[1][-1 if what == "note" else -2] = "neutral"
        write_rows(path, rows)
    before = files_of(sentiment_folder)
    with pytest.raises(StudyError) as caught:
        sample_study(coding_study, "sentiment", QUESTION, sentiment_folder)
    found = "a sheet that cannot be read" if what == "broken" else "1 cell that a coder filled in"
    assert [str(problem) for problem in caught.value.problems] == [
        f"{path.as_posix()}: found {found}; {allowed}. {remedy}"
    ]
    assert files_of(sentiment_folder) == before


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("precious", encoding="utf-8")
    with pytest.raises(StudyError, match="something there already"):
        check_folder(tmp_path)
    check_folder(tmp_path / "new")


@pytest.mark.parametrize(
    "question, message",
    [
        (SampleQuestion(3, ()), "no coder; allowed: each coder once, such as --coders anna,ben"),
        (
            SampleQuestion(3, ("anna", "Anna")),
            "the coder 'anna' twice; allowed: each coder once, such as --coders anna,ben",
        ),
        (
            SampleQuestion(3, ("../x",)),
            "'../x' cannot name a coder; allowed: a letter, then letters, digits, '_' and '-', at most 30",
        ),
        (SampleQuestion(3, ("a", "b"), overlap=1.5), "overlap is 1.5; allowed: a share from 0 to 1"),
    ],
)
def test_questions_that_cannot_be_answered(question, message):
    with pytest.raises(ParameterError) as caught:
        check_question(question)
    assert str(caught.value) == message


def test_a_coder_without_an_item(coding_study, tmp_path):
    with pytest.raises(ParameterError) as caught:
        sample_study(coding_study, "frames", SampleQuestion(1, ("anna", "ben"), overlap=0), tmp_path / "s")
    assert str(caught.value) == (
        "a sample of 1 leaves nothing to code for ben; raise --n or --overlap, or name fewer coders"
    )
    assert not (tmp_path / "s").exists()


def test_an_unknown_task(coding_study, tmp_path):
    with pytest.raises(UnknownName) as caught:
        sample_study(coding_study, "tone", QUESTION, tmp_path / "s")
    assert str(caught.value) == "unknown coding task 'tone'; allowed: frames, sentiment"
    assert not (tmp_path / "s").exists()


def test_the_command(coding_study, tmp_path, capsys):
    out = tmp_path / "mine"
    study = ["--study", str(coding_study.paths.root)]
    options = [
        "--task",
        "sentiment",
        "--n",
        "12",
        "--coders",
        "anna, ben",
        "--overlap",
        "0.5",
        "--random-state",
        "3",
    ]
    assert main(["sample", *options, "--out", str(out), *study]) == 0
    lines = capsys.readouterr().out.splitlines()
    sample = load_sample(out)
    total = sample.strata["size"].sum()
    assert lines[0] == f"drawn: 12 of {total} mentions"
    assert (
        lines[1]
        == "strata: 4 strata by outlet and actor, proportional allocation; weights in sample.json and key.csv"
    )
    assert "coders: anna 9, ben 9 items; 6 coded by all" in lines
    assert f"sample {sample.sample_id}: {out}" in lines
    assert (
        main(["sample", "--task", "sentiment", "--n", "2", "--by", "outlet+actor", "--out", str(out), *study])
        == 1
    )
    assert capsys.readouterr().err == (
        "error: n is 2, fewer than the 4 strata, so that some would not be drawn from; draw 4 or more, or "
        "make coarser "
        "strata (--by)\n"
    )
    with pytest.raises(SystemExit):
        main(["sample", "--task", "sentiment", "--n", "2", "--overlap", "20", *study])
    assert "argument --overlap: '20' is no share from 0 to 1, such as 0.2" in capsys.readouterr().err


def test_the_default_folder_is_in_the_study(make_study, tmp_path, coding_study, capsys):
    codebook = coding_study.paths.codebook.read_text(encoding="utf-8")
    folder = make_study(tmp_path / "s", files={"seeds/codebook.toml": codebook})
    assert main(["sample", "--task", "frames", "--n", "3", "--coders", "anna", "--study", str(folder)]) == 0
    assert (folder / "coding" / "frames" / "sheet-anna.csv").is_file()
    lines = capsys.readouterr().out.splitlines()
    assert "coders: anna alone: agreement needs two or more (--coders anna,ben)" in lines


def test_without_a_codebook_the_command_stops(make_study, tmp_path, capsys):
    folder = make_study(tmp_path)
    assert main(["sample", "--task", "frames", "--n", "3", "--study", str(folder)]) == 1
    assert (
        "seeds/codebook.toml: found no such file; allowed: a codebook, which coding needs."
        in capsys.readouterr().err
    )
