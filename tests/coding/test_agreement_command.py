"""framing agreement, end to end: from the sheets of a sample to text, tables, page and figure; and its refusals."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from analysis.cli import main
from analysis.coding.draw import SampleQuestion
from analysis.coding.sampling import sample_study

CODES = {
    "anna": ["negative", "neutral", "positive", "neutral"],
    "ben": ["negative", "neutral", "neutral", "unclear"],
}


def fill(folder, rows_of, write_rows, give):
    """Let every coder give the codes that `give` (coder, row, column) returns."""
    for path in sorted(folder.glob("sheet-*.csv")):
        rows = rows_of(path)
        head = rows[0]
        first = max(head.index(name) for name in ("after", "text") if name in head) + 1
        for number, row in enumerate(rows[1:]):
            for place in range(first, head.index("note")):
                row[place] = give(path.stem.removeprefix("sheet-"), number, head[place])
        write_rows(path, rows)


@pytest.fixture(scope="module")
def coded(coding_study, tmp_path_factory, rows_of, write_rows):
    """Return a sample of all mentions, coded by two."""
    folder = tmp_path_factory.mktemp("coded") / "sentiment"
    question = SampleQuestion(1000, ("anna", "ben"), overlap=1.0, random_state=3)
    sample_study(coding_study, "sentiment", question, folder)
    fill(folder, rows_of, write_rows, lambda coder, row, column: CODES[coder][row % 4])
    return folder


@pytest.fixture(scope="module")
def run(coding_study):
    """Return the command on the study of the samples."""

    def run(*words):
        return main(["agreement", *map(str, words), "--study", str(coding_study.paths.root)])

    return run


@pytest.fixture(scope="module")
def out(coded, run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "agreement"
    assert run(coded, "--out", folder) == 0
    return folder


def test_the_text_says_what_was_found(coded, run, capsys):
    assert run(coded) == 0
    text = capsys.readouterr().out
    n = len(pd.read_csv(coded / "key.csv"))
    assert text.startswith(f"{n} mentions coded by 2 coders: anna, ben\n")
    for part in (
        "Krippendorff's alpha",
        "Pairs of coders",
        "lexicon.v1 against the coders",
        "Balance by bloc",
    ):
        assert part in text
    assert f"{n // 4 * 2} disagreements, of which the first 10:" in text
    assert "(Egami et al., 2023)" in text and "- Krippendorff, Klaus" in text
    assert "\x1b" not in text


def test_the_tables_hold_what_was_planted(out, coded):
    alphas = pd.read_csv(out / "coding_alpha.csv", keep_default_na=False)
    missing = alphas[(alphas["unclear"] == "missing") & (alphas["code"] == "")].iloc[0]
    n = len(pd.read_csv(coded / "key.csv"))
    planted = [sum(1 for row in range(n) if row % 4 == place) for place in range(4)]
    assert int(missing["n_items"]) == n - planted[3], "what one of them found unclear is missing"
    assert float(missing["agreement"]) == pytest.approx(
        (n - planted[2] - planted[3]) / (n - planted[3]), abs=1e-5
    )
    confusion = pd.read_csv(out / "coding_confusion.csv")
    counts = confusion[confusion["n"] > 0].set_index(["first_code", "second_code"])["n"]
    pairs = list(zip(CODES["anna"], CODES["ben"], strict=True))
    assert dict(counts) == dict(zip(pairs, planted, strict=True))
    coders = pd.read_csv(out / "coding_coders.csv").set_index("coder")
    assert coders.loc["ben", "n_unclear"] == planted[3] and coders["n_missing"].sum() == 0
    balance = pd.read_csv(out / "machine_balance.csv", keep_default_na=False)
    assert (balance["n_coded"] > 0).any() and set(balance["level"]) == {"outlet", "bloc"}
    classes = pd.read_csv(out / "machine_classes.csv")
    assert set(classes["scorer"]) == {"lexicon.v1"}
    assert len(pd.read_csv(out / "coding_disagreements.csv")) == planted[2] + planted[3]


def test_the_page_is_whole_and_inert(out):
    page = (out / "agreement.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page and "<script" not in page.lower()
    assert "&lt;b&gt;bad&lt;/b&gt;" in page and "<b>bad</b>" not in page, "text of articles is escaped"
    assert not re.search(r"(?:src|href)=\"(?!data:|#)", page), "nothing is loaded from anywhere"
    assert re.search(r'<img alt="[^"]{40,}" src="data:image/png;base64,', page)
    assert page.count("<h2>") >= 8
    for name in ("pdf", "svg", "png", "csv", "alt.txt"):
        assert (out / f"23_machine_coders.{name}").stat().st_size > 20


def test_no_cell_is_a_formula(out):
    table = pd.read_csv(out / "coding_disagreements.csv", keep_default_na=False)
    cells = [str(cell) for column in table for cell in table[column]]
    assert any("HYPERLINK" in cell for cell in cells), "the planted formula stands before a coded mention"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_a_second_run_gives_the_same_bytes(coded, run, out, tmp_path):
    assert run(coded / "sheet-ben.csv", coded / "sheet-anna.csv", "--out", tmp_path / "again") == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == sorted(path.name for path in (tmp_path / "again").iterdir())
    for name in names:
        assert (out / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_hostile_codes_and_names_are_shown_as_they_are(out, coding_study):
    from analysis.coding_report.page import write_page
    from analysis.coding_report.report import CodingReport
    from analysis.coding_report.tables import write_text
    from analysis.results import Result
    from analysis.schema.coding import CODING_TABLES

    hostile = "<script>alert(1)</script>\x1b[31m\u202e"
    results = {}
    for spec in CODING_TABLES:
        row = {
            column.name: hostile if column.kind == "text" else (1 if column.kind == "whole" else 0.5)
            for column in spec.columns
        }
        rows = [row]
        if spec.name == "coding_alpha":
            rows = [row | {"code": "", "unclear": unclear} for unclear in ("missing", "a code")]
        results[spec.name] = Result(spec.name, pd.DataFrame(rows))
    report = CodingReport(hostile, results, hostile, pd.DataFrame(), (hostile,))
    page, text = write_page(report), write_text(report)
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    for shown in (page, text):
        assert "\x1b" not in shown and "\u202e" not in shown


def refusal(capsys, run, *words):
    assert run(*words) == 1
    return capsys.readouterr().err.strip()


def test_frames_are_measured_without_a_machine(coding_study, tmp_path, rows_of, write_rows, run, capsys):
    folder = tmp_path / "frames"
    sample_study(coding_study, "frames", SampleQuestion(20, ("anna", "ben"), overlap=1.0), folder)
    fill(
        folder,
        rows_of,
        write_rows,
        lambda coder, row, column: "yes" if row % 3 == 0 or (row % 7 == 1 and coder == "ben") else "no",
    )
    assert run(folder, "--out", tmp_path / "out") == 0
    text = capsys.readouterr().out
    assert "for conflict" in text and "for human interest" in text and "against the coders" not in text
    assert not (tmp_path / "out" / "machine_classes.csv").exists()
    assert refusal(capsys, run, folder, "--machine") == (
        "1 problem found:\n  --machine: found a sample of the task 'frames'; allowed: the task 'sentiment'. Leave out "
        "--machine: the study's scorer labels sentiment, and nothing else."
    )


def test_what_is_refused(coded, sentiment_folder, tmp_path, run, capsys, rows_of, write_rows):
    one = refusal(capsys, run, coded / "sheet-anna.csv")
    assert one == (
        "1 problem found:\n  codings: found codes by anna only; allowed: codes by two coders or more. Give the "
        "sheet of another coder, too; what one coder does alone has no agreement."
    )
    apart = refusal(capsys, run, coded / "sheet-anna.csv", sentiment_folder / "sheet-ben.csv")
    assert apart.startswith("1 problem found:\n  codings: found sheets in ")
    assert apart.endswith("; allowed: one sample. Name the sample's folder with --sample.")
    foreign = refusal(
        capsys, run, coded / "sheet-anna.csv", sentiment_folder / "sheet-ben.csv", "--sample", coded
    )
    assert "sheet-ben.csv:2 (sample): found a sheet of the sample" in foreign
    empty = refusal(capsys, run, sentiment_folder)
    assert "found no code at all" in empty
    rows = rows_of(sentiment_folder / "sheet-anna.csv")
    rows[1][rows[0].index("sentiment")] = "angry"
    write_rows(sentiment_folder / "sheet-anna.csv", rows)
    wrong = refusal(capsys, run, sentiment_folder)
    assert (
        "anna.csv:2 (sentiment): found 'angry'; allowed: negative, neutral, positive, unclear or empty"
        in wrong
    )
    nothing = refusal(capsys, run, tmp_path)
    assert "sample.json: found no such file; allowed: the description of a sample" in nothing
