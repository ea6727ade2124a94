"""`framing contrasts`: the same numbers as the study, helpful refusals, and nothing written by half."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analysis import load_study
from analysis.cli import main
from analysis.contrast_table import ContrastQuestion, write_contrasts
from analysis.errors import ParameterError, StudyError, UnknownName

TEXTS = {
    "L": ["Tax the rich, tax the firms; a fair tax.", "Tax and fair wages."],
    "R": ["Freedom of firms, freedom for all.", "Freedom, low tax."],
    "C": ["Fair freedom."],
}
SMALL = (("min_count", 2), ("min_articles", 1))


@pytest.fixture
def table(tmp_path):
    rows = [
        {"article_id": f"{party}{k}", "text": text, "party": party, "outlet": f"o{k}"}
        for party, texts in TEXTS.items()
        for k, text in enumerate(texts)
    ]
    path = tmp_path / "articles.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def run(source, out, by="party", **options):
    write_contrasts(source, out, ContrastQuestion(by, **{"settings": SMALL, **options}))
    return pd.read_csv(out)


def pairs(found):
    return found[["target", "reference"]].drop_duplicates().to_numpy().tolist()


def test_all_contrasts_of_a_table(table, tmp_path):
    found = run(table, tmp_path / "out" / "found.csv")
    assert pairs(found) == [["C", "rest"], ["L", "rest"], ["R", "rest"], ["C", "L"], ["C", "R"], ["L", "R"]]
    row = found[(found["target"] == "L") & (found["reference"] == "R") & (found["term"] == "tax")].iloc[0]
    assert (row["count_target"], row["count_reference"], row["articles_target"]) == (4, 1, 2)
    assert row["log_ratio"] == pytest.approx(np.log2(4.5 / 13.5) - np.log2(1.5 / 9.5), rel=1e-5)
    assert (row["outlets_target"], row["level"]) == (2, "party")


def test_some_contrasts_only(table, tmp_path):
    out = tmp_path / "found.csv"
    whole = run(table, out).set_index(["target", "reference", "term"]).sort_index()
    assert pairs(run(table, out, target="R")) == [["R", "rest"], ["R", "C"], ["R", "L"]]
    assert pairs(run(table, out, target="R", reference="L")) == [["R", "L"]]
    rest = (
        run(table, out, target="R", reference="rest").set_index(["target", "reference", "term"]).sort_index()
    )
    assert pairs(rest.reset_index()) == [["R", "rest"]]
    pd.testing.assert_frame_equal(rest, whole.loc[rest.index], check_dtype=False)
    # the pair turned round
    there, back = whole.loc[("L", "R")], run(table, out, target="R", reference="L").set_index("term")
    np.testing.assert_allclose(back.loc[there.index, "log_ratio"], -there["log_ratio"])


def test_words_are_counted_as_asked(table, tmp_path):
    found = run(table, tmp_path / "found.csv", settings=(*SMALL, ("lemmas", True), ("ngrams", 2)))
    assert {"firm", "tax"} <= set(found["term"]) and "firms" not in set(found["term"])
    found = run(
        table, tmp_path / "found.csv", settings=(("min_count", 1), ("min_articles", 1), ("ngrams", 2))
    )
    assert {"fair wages", "low tax"} <= set(found["term"])


def test_a_word_list_is_a_reference_too(table, tmp_path):
    words = tmp_path / "words.csv"
    words.write_text("term,count\nthe,900\ntax,60\nfreedom,40\n", encoding="utf-8")
    found = run(table, tmp_path / "found.csv", target="L", reference="R", word_list=words)
    assert pairs(found) == [["L", "R"], ["L", "reference list"]]
    listed = found[(found["reference"] == "reference list") & (found["term"] == "tax")].iloc[0]
    assert (listed["count_reference"], listed["per_10000_reference"]) == (60, 600)


def test_the_numbers_of_a_study_are_those_of_its_results(seed_study_dir, tmp_path):
    found = run(seed_study_dir, tmp_path / "found.csv", by="bloc", settings=())
    table = load_study(seed_study_dir).result("contrasts").table
    table = table[table["level"] == "bloc"].reset_index(drop=True)
    assert found["term"].tolist() == table["term"].tolist()
    for name in (
        "count_target",
        "g2",
        "log_ratio",
        "log_ratio_mean",
        "z_four_term",
        "kld_target",
        "outlets_reference",
    ):
        np.testing.assert_allclose(found[name], table[name], rtol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"target": "X"}, UnknownName, "unknown group of party 'X'; allowed: C, L, R"),
        (
            {"target": "L", "reference": "X"},
            UnknownName,
            "unknown group of party 'X'; allowed: C, L, R, rest",
        ),
        ({"reference": "L"}, ParameterError, "--reference needs a --target; allowed: C, L, R"),
        (
            {"target": "L", "reference": "L"},
            ParameterError,
            "target and reference are both 'L'; name two groups",
        ),
        ({"by": "colour"}, UnknownName, "unknown column of articles.csv 'colour'; allowed: outlet, party"),
    ],
)
def test_what_does_not_exist_is_refused_and_nothing_is_written(table, tmp_path, options, error, message):
    out = tmp_path / "found.csv"
    out.write_text("as it was")
    with pytest.raises(error) as caught:
        run(table, out, **options)
    assert str(caught.value) == message
    assert out.read_text() == "as it was"


def test_one_group_has_no_contrast(tmp_path):
    path = tmp_path / "articles.csv"
    path.write_text("article_id,text,party\n1,Tax tax.,L\n2,Tax.,L\n", encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        run(path, tmp_path / "found.csv")
    assert str(caught.value) == "party has one group only, 'L'; a contrast needs two, or a word list (--list)"


def test_a_column_of_a_study_is_outlet_or_bloc(seed_study_dir, tmp_path):
    with pytest.raises(UnknownName) as caught:
        run(seed_study_dir, tmp_path / "found.csv", by="author")
    assert str(caught.value) == "unknown column of a study 'author'; allowed: bloc, outlet"


def test_the_file_is_a_new_csv_file(table, tmp_path):
    remedy = "allowed: a new file that ends in .csv. Name another file, such as contrasts.csv."
    for out, found in [(table, "the table itself"), (tmp_path / "found.txt", "no name of a CSV file")]:
        with pytest.raises(StudyError) as caught:
            run(table, out)
        assert str(caught.value.problems[0]) == f"--out {out.as_posix()}: found {found}; {remedy}"
    with pytest.raises(StudyError) as caught:
        run(tmp_path / "none.csv", tmp_path / "found.csv")
    allowed = "a study's folder or a table of articles. Correct the path."
    expected = f"{(tmp_path / 'none.csv').as_posix()}: found nothing there; allowed: {allowed}"
    assert str(caught.value.problems[0]) == expected


def test_the_command_says_what_it_did(table, tmp_path, capsys):
    out = tmp_path / "found.csv"
    assert (
        main(
            ["contrasts", str(table), "--by", "party", "--out", str(out), "--target", "L", "--reference", "R"]
        )
        == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "articles by party: C 1, L 2, R 2",
        "L against R: descriptive: 2 and 2 articles; p withheld: 0.33 is the smallest attainable; "
        "4 articles a group are needed",
        f"{out}: 3 rows, 1 contrast, 3 terms",
    ]
    assert main(["contrasts", str(table), "--by", "party", "--out", str(out), "--min-count", "99"]) == 0
    text = capsys.readouterr().out
    assert text.splitlines()[-1].endswith(
        "0 terms; no term passes the filter: lower --min-count or --min-articles"
    )
    assert main(["contrasts", str(table), "--by", "party", "--out", str(out), "--target", "X"]) == 1
    assert capsys.readouterr().err == "error: unknown group of party 'X'; allowed: C, L, R\n"
    with pytest.raises(SystemExit):
        main(["contrasts", str(table), "--by", "party", "--out", str(out), "--min-count", "0"])
    assert "'0' is no whole number from 1 to 1,000,000,000" in capsys.readouterr().err


def test_text_that_a_spreadsheet_would_run_is_guarded(tmp_path):
    path = tmp_path / "articles.jsonl"
    parties = ["=cmd()", "+1", "=cmd()", "+1"]
    rows = [
        json.dumps({"article_id": str(k), "text": "alpha beta", "party": party})
        for k, party in enumerate(parties)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    out = tmp_path / "found.csv"
    run(path, out)
    assert set(pd.read_csv(out)["target"]) == {"'=cmd()", "'+1"}
