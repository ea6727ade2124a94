"""Loading a corpus: what a spreadsheet does to a file, all problems in one go, and the seed study itself."""

from __future__ import annotations

import hashlib

import pytest

from analysis.errors import StudyError

EXCLUDE = '[corpus]\non_bad_article = "exclude"\n'
ID = (
    "letters, digits, '.', '_' and '-', at most 80, starting with a letter or digit, not ending in '.', "
    "and no device of Windows (con, nul)"
)
DATE = "YYYY-MM-DD, YYYY-MM or YYYY (a day of the calendar), or empty"
FRENCH = (
    "Le président russe a rencontré le secrétaire d'État américain mardi à Sotchi. Les deux hommes ont parlé de la "
    "guerre en Ukraine, des sanctions et du désarmement, mais ils ne sont pas parvenus à un accord."
)


# --- what a spreadsheet does to a file


def test_blank_rows_keep_row_numbers_right(tmp_path, make_study, problems_of):
    make_study(tmp_path, articles=[{"article_id": "a1"}, {"article_id": "b1", "published": "May"}])
    path = tmp_path / "seeds/articles.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "", lines[1], "," * 14, " " + "," * 14, lines[2], ""]) + "\n")
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:6 (published): found 'May'; allowed: {DATE}. Correct the value."
    ]


def test_cells_of_several_lines_keep_row_numbers_right(tmp_path, make_study, problems_of):
    rows = [{"article_id": "a1", "note": "one\ntwo, three\n\nfour"}, {"article_id": "b1", "published": "May"}]
    make_study(tmp_path, articles=rows)
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:3 (published): found 'May'; allowed: {DATE}. Correct the value."
    ]


def test_byte_order_mark_and_windows_line_ends(tmp_path, make_study, corpus_of):
    plain, other = make_study(tmp_path / "plain"), make_study(tmp_path / "other")
    for name in ("seeds/articles.csv", "seeds/outlets.csv", "seeds/texts/a1.txt", "seeds/texts/b1.txt"):
        path = other / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    expected, found = corpus_of(plain), corpus_of(other)
    assert [article.text for article in found.articles] == [article.text for article in expected.articles]
    for article in found.articles:
        assert "\r\n" in article.received
        assert not article.received.startswith("\ufeff")
        assert [article.received[place] for place in article.offsets] == list(article.text)


def test_blanks_around_cells_do_not_count(tmp_path, make_study, corpus_of):
    make_study(tmp_path, articles=[{"article_id": " a1 ", "file": " texts/a1.txt", "outlet_id": "alpha "}])
    (tmp_path / "seeds/texts").mkdir(exist_ok=True)
    (tmp_path / "seeds/texts/a1.txt").write_text("They met.")
    assert corpus_of(tmp_path).ids == ["a1"]


# --- many at once, and one bad article among good ones


def test_many_problems_are_told_in_one_go_by_file_and_row(tmp_path, make_study, corpus_of):
    rows = [{"article_id": f"a{number}"} for number in range(1, 11)]
    rows[8]["published"] = "May"
    rows[1]["outlet_id"] = "gamma"
    make_study(
        tmp_path,
        articles=rows,
        texts={"a5": b"\xff", "a7": "", "a3": FRENCH},
        files={"seeds/cleaning.toml": '[[rule]]\nid = "x"\n'},
    )
    with pytest.raises(StudyError) as caught:
        corpus_of(tmp_path)
    assert [problem.where for problem in caught.value.problems] == [
        "seeds/articles.csv:3 (outlet_id)",
        "seeds/articles.csv:10 (published)",
        "seeds/cleaning.toml rule 1 ('x')",
        "seeds/cleaning.toml rule 1 ('x') reason",
        "seeds/texts/a3.txt",
        "seeds/texts/a5.txt:1",
        "seeds/texts/a7.txt",
    ]
    assert str(caught.value).startswith("7 problems found:\n  seeds/articles.csv:3 (outlet_id): found ")


def test_bad_articles_are_excluded_by_name(tmp_path, make_study, corpus_of):
    rows = [
        {"article_id": "good"},
        {"article_id": "late", "published": "May"},
        {"article_id": "gone"},
        {"article_id": "fine", "outlet_id": "beta"},
        {"article_id": "", "file": "texts/x.txt"},
    ]
    make_study(tmp_path, articles=rows, texts={"gone": None}, toml=EXCLUDE)
    corpus = corpus_of(tmp_path)
    assert corpus.ids == ["fine", "good"]
    assert corpus.excluded.to_dict("records") == [
        {
            "what": "article late",
            "n": 1,
            "why": f"seeds/articles.csv:3 (published): found 'May'; allowed: {DATE}. Correct the value.",
        },
        {
            "what": "article gone",
            "n": 1,
            "why": "seeds/articles.csv:4 (file): found 'texts/gone.txt': no such file; allowed: a text file. "
            "Add the file.",
        },
        {
            "what": "article in row 6",
            "n": 1,
            "why": f"seeds/articles.csv:6 (article_id): found an empty cell; allowed: {ID}. "
            "Fill it in: readable, unique name of the article.",
        },
    ]
    assert corpus.describe().excluded.equals(corpus.excluded)


def test_of_two_twins_the_good_one_stays(tmp_path, make_study, corpus_of):
    rows = [{"article_id": "a1", "published": "May"}, {"article_id": "b1"}, {"article_id": "c1"}]
    make_study(tmp_path, rows, texts=dict.fromkeys(("a1", "b1", "c1"), "They met."), toml=EXCLUDE)
    corpus = corpus_of(tmp_path)
    assert corpus.ids == ["b1"]
    assert list(corpus.excluded["what"]) == ["article a1", "article c1"]


def test_problems_of_the_whole_study_are_never_excluded(tmp_path, make_study, problems_of):
    make_study(tmp_path, outlets=[{"outlet_id": "alpha", "name": "", "bloc": "East"}], toml=EXCLUDE)
    assert problems_of(tmp_path)[0] == (
        "seeds/outlets.csv:2 (name): found an empty cell; allowed: any text but 'rest'. "
        "Fill it in: the outlet's name, or a description where it is not known."
    )


UNCODED = [{"outlet_id": "alpha", "name": "Alpha", "bloc": "East"}, {"outlet_id": "beta", "name": "Beta", "bloc": ""}]


def test_an_outlet_without_a_bloc_stops_the_study(tmp_path, make_study, problems_of):
    make_study(tmp_path, outlets=UNCODED)
    message = "seeds/outlets.csv:3 (bloc): found no bloc for the outlet 'Beta' with 1 article; allowed: East. "
    remedy = "Write its bloc there"
    assert problems_of(tmp_path) == [
        f'{message}{remedy}, or leave its articles out with corpus.on_bad_article = "exclude" in study.toml.'
    ]


def test_what_an_outlet_without_a_bloc_may_be_is_told(tmp_path, make_study, problems_of):
    make_study(tmp_path, outlets=[UNCODED[0], UNCODED[1] | {"note": "perhaps 'Alpha' (alpha)"}])
    (message,) = problems_of(tmp_path)
    assert "found no bloc for the outlet 'Beta' with 1 article (perhaps 'Alpha' (alpha)); allowed: East. " in message


@pytest.mark.parametrize("bloc", ["", "Uncoded"])
def test_the_articles_of_an_outlet_without_a_bloc_are_left_out_by_name(tmp_path, make_study, corpus_of, bloc):
    make_study(tmp_path, outlets=[UNCODED[0], UNCODED[1] | {"bloc": bloc}], toml=EXCLUDE)
    corpus = corpus_of(tmp_path)
    assert {article.bloc for article in corpus.articles} == {"East"}
    found = "no bloc for the outlet 'Beta' with 1 article; allowed: East. Write its bloc there."
    assert corpus.excluded.to_dict("records") == [
        {"what": "outlet Beta", "n": 1, "why": f"seeds/outlets.csv:3 (bloc): found {found}"}
    ]


def test_a_copy_in_an_outlet_that_is_left_out_takes_no_article_with_it(tmp_path, make_study, corpus_of):
    rows = [{"article_id": "a1", "outlet_id": "beta"}, {"article_id": "b1", "outlet_id": "alpha"}]
    make_study(tmp_path, rows, texts=dict.fromkeys(("a1", "b1"), "They met."), outlets=UNCODED, toml=EXCLUDE)
    corpus = corpus_of(tmp_path)
    assert corpus.ids == ["b1"]
    assert list(corpus.excluded["what"]) == ["outlet Beta"]


def test_a_study_without_any_coded_outlet_stops(tmp_path, make_study, problems_of):
    make_study(tmp_path, outlets=[{**row, "bloc": ""} for row in UNCODED], toml=EXCLUDE)
    end = "the name of a bloc; the same one for all outlets compares outlets only. Write its bloc there."
    assert problems_of(tmp_path) == [
        f"seeds/outlets.csv:{row} (bloc): found no bloc for the outlet {name!r} with {number}; allowed: {end}"
        for row, name, number in ((2, "Alpha", "1 article"), (3, "Beta", "1 article"))
    ]


def test_an_outlet_under_a_second_name(tmp_path, make_study, corpus_of, problems_of):
    make_study(tmp_path, outlets=UNCODED)
    same = tmp_path / "seeds" / "same_outlets.csv"
    same.write_text("outlet_id,same_as\nbeta,alpha\n", encoding="utf-8")
    assert {(article.outlet_id, article.outlet) for article in corpus_of(tmp_path).articles} == {("alpha", "Alpha")}
    same.write_text("outlet_id,same_as\nbeta,gamma\nalpha,beta\n", encoding="utf-8")
    remedy = "allowed: an outlet of the study. Write an outlet_id of seeds/outlets.csv."
    assert problems_of(tmp_path)[-2:] == [
        f"seeds/same_outlets.csv:2 (same_as): found the unknown outlet 'gamma'; {remedy}",
        "seeds/same_outlets.csv:3 (same_as): found 'beta', which is itself another outlet; allowed: an outlet of its "
        "own. Write the outlet that it is.",
    ]


def test_a_study_of_bad_articles_only_stops(tmp_path, make_study, problems_of):
    make_study(tmp_path, texts={"a1": ""}, toml=EXCLUDE)
    assert problems_of(tmp_path) == [
        "seeds/texts/a1.txt: found no words; allowed: an article. Add its text, or remove its row."
    ]


# --- the seed study


def test_the_seed_study_has_no_problem(seed_study_dir, corpus_of):
    corpus = corpus_of(seed_study_dir)
    assert corpus.ids == [
        "cambodia_2019-12",
        "daily_2019-05",
        "neo_2019-05",
        "newschina_2019-05",
        "repost_2018-07",
    ]
    assert corpus.excluded.empty


def test_every_text_of_the_seed_study_has_its_row_and_its_sha256(seed_study_dir, corpus_of):
    from analysis.readers import read_csv

    table = read_csv(seed_study_dir / "seeds/articles.csv", shown="articles.csv")
    texts = sorted((seed_study_dir / "seeds/texts").iterdir())
    assert sorted(table["file"]) == [f"texts/{path.name}" for path in texts]
    by_file = dict(zip(table["file"], table["sha256"], strict=True))
    for path in texts:
        assert by_file[f"texts/{path.name}"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_texts_are_as_received(seed_study_dir, shared_dir):
    received = {path.read_bytes() for path in (shared_dir / "seeds").glob("*.txt")}
    assert received == {path.read_bytes() for path in (seed_study_dir / "seeds/texts").iterdir()}


def test_seeds_hold_nothing_generated_and_no_code(seed_study_dir):
    found = {path.relative_to(seed_study_dir / "seeds").as_posix() for path in (seed_study_dir / "seeds").rglob("*")}
    assert {name for name in found if not name.startswith("texts/")} <= {
        "README.md",
        "articles.csv",
        "outlets.csv",
        "actors.csv",
        "cleaning.toml",
        "codebook.toml",
        "texts",
        "codings",
        "codings/README.md",
        "codings/pass_a.csv",
        "codings/pass_b.csv",
    }
