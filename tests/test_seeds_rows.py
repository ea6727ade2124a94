"""Bad rows of articles.csv and outlets.csv: each kind of problem, with its whole message."""

from __future__ import annotations

import hashlib

import pytest

COLUMNS = (
    "article_id, file, outlet_id, title, author, published, published_precision, language, event, url, rights, "
    "sha256, evidence, confidence, note"
)
ID = (
    "letters, digits, '.', '_' and '-', at most 80, starting with a letter or digit, not ending in '.', "
    "and no device of Windows (con, nul)"
)
DATE = "YYYY-MM-DD, YYYY-MM or YYYY (a day of the calendar), or empty"


# --- rows that do not fit together


def test_an_unknown_outlet(tmp_path, make_study, problems_of):
    make_study(tmp_path, articles=[{"article_id": "a1", "outlet_id": "gamma"}])
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:2 (outlet_id): found the unknown outlet 'gamma'; allowed: alpha, beta. "
        "Add the outlet to seeds/outlets.csv, or correct the id."
    ]


def test_a_duplicate_article_id(tmp_path, make_study, problems_of):
    rows = [{"article_id": "a1"}, {"article_id": "b1"}, {"article_id": "a1", "file": "texts/b2.txt"}]
    make_study(tmp_path, articles=rows, files={"seeds/texts/b2.txt": "Another text about it all."})
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:4 (article_id): found 'a1', which row 2 has; allowed: each article_id once. "
        "Rename or remove one of the articles."
    ]


@pytest.mark.parametrize(
    "twin",
    ["It was said. They met.", "IT WAS SAID.  They\n\nmet.\n", "\ufeffIt was\u00a0said. They met."],
)
def test_a_duplicate_text(tmp_path, make_study, problems_of, twin):
    make_study(tmp_path, texts={"a1": "It was said. They met.", "b1": twin})
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:3 (file): found the same text as row 2 (a1); allowed: each text once. "
        "Remove one of them, or set [corpus] duplicates in study.toml to 'one' or 'weight': a text that counts twice "
        "is no second piece of evidence."
    ]


def test_the_same_text_under_another_headline_is_a_duplicate(tmp_path, make_study, problems_of):
    rule = '[[rule]]\nid = "title"\nreason = "a test"\nline_is = "title"\n'
    rows = [{"article_id": "a1", "title": "Talks begin"}, {"article_id": "b1", "title": "Talks end"}]
    texts = {"a1": "Talks begin\n\nThey met.", "b1": "Talks end\n\nThey met."}
    make_study(tmp_path, articles=rows, texts=texts, files={"seeds/cleaning.toml": rule})
    assert len(problems_of(tmp_path)) == 1


def test_a_text_that_was_changed(tmp_path, make_study, problems_of):
    expected, found = (hashlib.sha256(data).hexdigest() for data in (b"They met.", b"They met!"))
    make_study(tmp_path, articles=[{"article_id": "a1", "sha256": expected}], texts={"a1": "They met!"})
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:2 (sha256): found {expected[:12]}..., but seeds/texts/a1.txt has {found[:12]}...; "
        "allowed: the SHA-256 of the file's bytes. "
        "The text was changed: restore it, or take the new text on purpose by updating the cell."
    ]


def test_a_sha256_in_capitals_is_right_and_one_too_short_is_told_once(tmp_path, make_study, problems_of):
    digest = hashlib.sha256(b"They met.").hexdigest()
    rows = [{"article_id": "a1", "sha256": digest.upper()}, {"article_id": "b1", "sha256": digest[:40]}]
    make_study(tmp_path, articles=rows, texts={"a1": "They met."})
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:3 (sha256): found '{digest[:40]}'; allowed: 64 hexadecimal digits, or empty. "
        "Correct the value."
    ]


@pytest.mark.parametrize(
    "value",
    [
        "2019-02-30",
        "2019-13",
        "2019-00",
        "2019-05-00",
        "3 May",
        "２０１９",
        "19-05-21",
        "2019-5-1",
        "2019-05-21T10:00",
        "0000",
    ],
)
def test_a_date_that_is_none(tmp_path, make_study, problems_of, value):
    make_study(tmp_path, articles=[{"article_id": "a1", "published": value}])
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:2 (published): found '{value}'; allowed: {DATE}. Correct the value."
    ]


@pytest.mark.parametrize(
    ("published", "precision", "allowed"),
    [
        ("2019-05", "day", "'month', the precision of '2019-05'"),
        ("2019", "month", "'year', the precision of '2019'"),
        ("2019-05-21", "year", "'day', the precision of '2019-05-21'"),
        ("", "day", "nothing, as there is no date"),
    ],
)
def test_a_precision_that_is_not_the_dates(tmp_path, make_study, problems_of, published, precision, allowed):
    make_study(
        tmp_path, articles=[{"article_id": "a1", "published": published, "published_precision": precision}]
    )
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:2 (published_precision): found '{precision}'; allowed: {allowed}. "
        "Write the date as precisely as it is known, and no more."
    ]


@pytest.mark.parametrize("value", ["../a1", "a 1", "=cmd", "-a", "<b>", "x" * 81, "a1.", "con", "NUL.1"])
def test_an_article_id_that_is_no_name(tmp_path, make_study, problems_of, value):
    make_study(tmp_path, articles=[{"article_id": value, "file": "texts/a.txt"}])
    shown = f"'{value}'" if len(value) < 60 else f"'{value[:55]}...'"
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:2 (article_id): found {shown}; allowed: {ID}. Correct the value."
    ]


def test_values_outside_their_lists(tmp_path, make_study, problems_of):
    make_study(
        tmp_path,
        articles=[{"article_id": "a1", "confidence": "sure", "published_precision": "week"}],
        outlets=[
            {"outlet_id": "alpha", "name": "", "bloc": "Rest", "country": "Cambodia", "confidence": "none"},
        ],
    )
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:2 (confidence): found 'sure'; allowed: high, medium, low. Correct the value.",
        "seeds/articles.csv:2 (published_precision): found 'week'; allowed: day, month, year. Correct the value.",
        "seeds/outlets.csv:2 (bloc): found 'Rest'; allowed: any text but 'rest'. Correct the value.",
        "seeds/outlets.csv:2 (confidence): found 'none'; allowed: high, medium, low. Correct the value.",
        "seeds/outlets.csv:2 (country): found 'Cambodia'; allowed: three capital letters, or empty. "
        "Correct the value.",
        "seeds/outlets.csv:2 (name): found an empty cell; allowed: any text but 'rest'. "
        "Fill it in: the outlet's name, or a description where it is not known.",
    ]


def test_outlets_that_share_an_id_or_a_label(tmp_path, make_study, problems_of):
    outlets = [
        {"outlet_id": "alpha", "name": "Alpha", "bloc": "East"},
        {"outlet_id": "beta", "name": "Beta", "label": "Alpha", "bloc": "West"},
        {"outlet_id": "alpha", "name": "Gamma", "bloc": "West"},
    ]
    make_study(tmp_path, articles=[{"article_id": "a1"}], outlets=outlets)
    assert problems_of(tmp_path) == [
        "seeds/outlets.csv:3 (label): found 'Alpha', which an earlier row has; allowed: each label once. "
        "Rename or remove one of them.",
        "seeds/outlets.csv:4 (outlet_id): found 'alpha', which an earlier row has; allowed: each outlet_id once. "
        "Rename or remove one of them.",
    ]


BLOCS = '[groups]\nblocs = ["East", "West"]\n'


def outlets_with(**values):
    """Make two outlets; what is given belongs to the second."""
    first = {"outlet_id": "alpha", "name": "Alpha", "bloc": "East"}
    return [first, {"outlet_id": "beta", "name": "Beta", "bloc": "West", **values}]


def test_a_bloc_that_the_study_does_not_list(tmp_path, make_study, problems_of):
    make_study(tmp_path, outlets=outlets_with(bloc="Weast"), toml=BLOCS)
    assert problems_of(tmp_path) == [
        "seeds/outlets.csv:3 (bloc): found 'Weast', a bloc that study.toml does not list; allowed: East, West. "
        "Correct it, or add it to groups.blocs in study.toml."
    ]


def test_without_a_list_any_bloc_is_right_in_one_spelling(tmp_path, make_study, corpus_of, problems_of):
    make_study(tmp_path / "free", outlets=outlets_with(bloc="Weast"))
    assert corpus_of(tmp_path / "free").grouping("bloc").labels == ["East", "Weast"]
    make_study(tmp_path / "twice", outlets=outlets_with(bloc="EAST"))
    assert problems_of(tmp_path / "twice") == [
        "seeds/outlets.csv:3 (bloc): found 'EAST', which an earlier row has as 'East'; allowed: one spelling of a "
        "bloc. Write it as there."
    ]


def test_an_alternative_may_be_another_bloc_but_no_slip_of_one(tmp_path, make_study, corpus_of, problems_of):
    toml = '[groups]\nblocs = ["East", "Western", "West"]\n'
    make_study(tmp_path / "free", outlets=outlets_with(bloc_alternative="other"), toml=toml)
    assert corpus_of(tmp_path / "free").article("b1").bloc_alternative == "other"
    for slip in ("Weastern", "western", "Wetsern"):
        make_study(tmp_path / slip, outlets=outlets_with(bloc_alternative=slip), toml=toml)
        assert problems_of(tmp_path / slip) == [
            f"seeds/outlets.csv:3 (bloc_alternative): found {slip!r}, which is nearly a bloc that study.toml lists; "
            "allowed: East, Western, West, or a name that is not like any of them. "
            "Correct it, or add it to groups.blocs in study.toml."
        ]


def test_names_that_differ_only_in_case(tmp_path, make_study, problems_of):
    rows = [{"article_id": "a1"}, {"article_id": "A1", "file": "texts/b2.txt", "outlet_id": "ALPHA"}]
    outlets = [
        {"outlet_id": "alpha", "name": "Caf\u00e9", "bloc": "East"},
        {"outlet_id": "ALPHA", "name": "CAFE\u0301", "bloc": "West"},
    ]
    make_study(tmp_path, rows, outlets, files={"seeds/texts/b2.txt": "Another text about it all."})
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:3 (article_id): found 'A1', which row 2 has as 'a1'; allowed: each article_id once, "
        "whatever its case. Rename or remove one of the articles.",
        "seeds/outlets.csv:3 (label): found 'CAFE\u0301', which row 2 has as 'Caf\u00e9'; allowed: each label once, "
        "whatever its case. Rename or remove one of them.",
        "seeds/outlets.csv:3 (outlet_id): found 'ALPHA', which row 2 has as 'alpha'; allowed: each outlet_id once, "
        "whatever its case. Rename or remove one of them.",
    ]


# --- evidence


def test_evidence_that_does_not_stand_in_the_text(tmp_path, make_study, problems_of):
    make_study(
        tmp_path,
        articles=[{"article_id": "a1", "evidence": 'day: "on Tuesday"; place: "in Sochi"'}],
        outlets=[{"outlet_id": "alpha", "name": "Alpha", "bloc": "East", "evidence": '"our correspondent"'}],
        texts={"a1": "They met on\u00a0Tuesday, it was said."},
    )
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:2 (evidence): found the quotation 'in Sochi', which is not in the text; "
        "allowed: words of the text. Correct the quotation, or take the double quotes away if it is none.",
        "seeds/outlets.csv:2 (evidence): found the quotation 'our correspondent', which is not in the text; "
        "allowed: words of the text. Correct the quotation, or take the double quotes away if it is none.",
    ]


def test_evidence_may_differ_in_marks_and_line_breaks(tmp_path, make_study, corpus_of):
    make_study(
        tmp_path,
        articles=[{"article_id": "a1", "evidence": '"Russia\'s answer"'}],
        texts={"a1": "It was Russia’s\nanswer to them."},
    )
    assert corpus_of(tmp_path).ids == ["a1"]


def test_evidence_of_an_outlet_is_not_doubted_for_a_text_that_could_not_be_read(
    tmp_path, make_study, corpus_of
):
    make_study(
        tmp_path,
        articles=[{"article_id": "a1"}, {"article_id": "a2"}],
        outlets=[{"outlet_id": "alpha", "name": "Alpha", "bloc": "East", "evidence": '"our correspondent"'}],
        texts={"a1": "They met.", "a2": None},
        toml='[corpus]\non_bad_article = "exclude"\n',
    )
    assert corpus_of(tmp_path).ids == ["a1"]


# --- tables that are broken


def test_rows_with_too_many_or_too_few_cells_do_not_hide_the_others(tmp_path, make_study, problems_of):
    make_study(tmp_path, articles=[{"article_id": "a1"}, {"article_id": "b1", "published": "May"}])
    path = tmp_path / "seeds/articles.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "a0,texts/a0.txt", lines[1] + ",extra", lines[2]]) + "\n")
    remedy = "Check its commas; put text that holds a comma in quotes."
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:2: found 2 cells; allowed: 15 cells, as in the header. {remedy}",
        f"seeds/articles.csv:3: found 16 cells; allowed: 15 cells, as in the header. {remedy}",
        f"seeds/articles.csv:4 (published): found 'May'; allowed: {DATE}. Correct the value.",
    ]


def test_a_broken_row_of_outlets_makes_no_outlet_unknown(tmp_path, make_study, problems_of):
    make_study(tmp_path)
    path = tmp_path / "seeds/outlets.csv"
    path.write_text(path.read_text().replace("beta,Beta", "beta,Beta,", 1))
    assert problems_of(tmp_path) == [
        "seeds/outlets.csv:3: found 10 cells; allowed: 9 cells, as in the header. "
        "Check its commas; put text that holds a comma in quotes."
    ]


def test_a_missing_header(tmp_path, make_study, problems_of):
    make_study(tmp_path, files={"seeds/articles.csv": ""})
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:1: found no header; allowed: the columns' names. Add a header."
    ]


def test_a_header_with_missing_and_unknown_columns(tmp_path, make_study, problems_of):
    make_study(tmp_path)
    path = tmp_path / "seeds/articles.csv"
    path.write_text(path.read_text().replace("article_id,", "id,").replace("sha256", "Language"))
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:1 ('Language'): found an unknown column; allowed: {COLUMNS}. Remove or rename it.",
        f"seeds/articles.csv:1 ('id'): found an unknown column; allowed: {COLUMNS}. Remove or rename it.",
        f"seeds/articles.csv:1 (article_id): found no such column; allowed: {COLUMNS}. Add the column.",
        f"seeds/articles.csv:1 (sha256): found no such column; allowed: {COLUMNS}. Add the column.",
    ]


def test_a_header_that_names_a_column_twice(tmp_path, make_study, problems_of):
    make_study(tmp_path)
    path = tmp_path / "seeds/articles.csv"
    path.write_text(path.read_text().replace("author", "title"))
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:1 (title): found the column twice; allowed: each column once. Remove one of them."
    ]


def test_a_table_without_rows(tmp_path, make_study, csv_text, problems_of):
    make_study(tmp_path, files={"seeds/articles.csv": csv_text(COLUMNS.split(", "), [])})
    assert problems_of(tmp_path) == [
        "seeds/articles.csv: found no rows; allowed: at least one row. Add a row."
    ]


def test_columns_in_another_order(tmp_path, make_study, csv_text, corpus_of):
    row = {"article_id": "a1", "file": "texts/a1.txt", "outlet_id": "alpha", "language": "en"}
    content = csv_text(COLUMNS.split(", ")[::-1], [row])
    make_study(tmp_path, files={"seeds/articles.csv": content})
    assert corpus_of(tmp_path).ids == ["a1"]
