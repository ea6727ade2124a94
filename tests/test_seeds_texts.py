"""Bad texts: missing, empty, in another encoding or language, or outside seeds/; with their whole messages."""

from __future__ import annotations

import os
import sys

import pytest

FRENCH = (
    "Le président russe a rencontré le secrétaire d'État américain mardi à Sotchi. Les deux hommes ont parlé de la "
    "guerre en Ukraine, des sanctions et du désarmement, mais ils ne sont pas parvenus à un accord."
)
RUSSIAN = (
    "Президент России встретился с государственным секретарём США во вторник в Сочи. Стороны обсудили войну на "
    "Украине, санкции и разоружение, однако договориться они не смогли, сообщает агентство."
)
CHINESE = "俄罗斯总统周二在索契会见了美国国务卿。双方讨论了乌克兰局势、制裁和裁军问题，但未能达成协议。"


# --- files that are missing or unreadable


@pytest.mark.parametrize("name", ["articles", "outlets"])
def test_a_missing_table(tmp_path, make_study, problems_of, name):
    make_study(tmp_path, files={f"seeds/{name}.csv": None})
    assert problems_of(tmp_path) == [
        f"seeds/{name}.csv: found no such file; allowed: a CSV file. Create it; see seeds/README.md."
    ]


def test_all_tables_missing(tmp_path, make_study, problems_of):
    make_study(tmp_path, files={"seeds/articles.csv": None, "seeds/outlets.csv": None})
    assert len(problems_of(tmp_path)) == 2


def test_missing_outlets_do_not_hide_what_is_wrong_with_the_articles(tmp_path, make_study, problems_of):
    make_study(tmp_path, texts={"a1": ""}, files={"seeds/outlets.csv": None})
    assert problems_of(tmp_path) == [
        "seeds/outlets.csv: found no such file; allowed: a CSV file. Create it; see seeds/README.md.",
        "seeds/texts/a1.txt: found no words; allowed: an article. Add its text, or remove its row.",
    ]


def test_a_missing_text(tmp_path, make_study, problems_of):
    make_study(tmp_path, texts={"a1": None})
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:2 (file): found 'texts/a1.txt': no such file; allowed: a text file. Add the file."
    ]


def test_a_folder_for_a_text(tmp_path, make_study, problems_of):
    make_study(tmp_path, articles=[{"article_id": "a1"}, {"article_id": "b1", "file": "texts"}], texts={"b1": None})
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:3 (file): found 'texts': a folder; allowed: a text file. Add the file."
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_for_a_text_is_not_waited_for(tmp_path, make_study, problems_of):
    make_study(tmp_path, texts={"a1": None, "b1": None})
    (tmp_path / "seeds" / "texts").mkdir(exist_ok=True)
    os.mkfifo(tmp_path / "seeds" / "texts" / "a1.txt")
    assert problems_of(tmp_path)[0] == (
        "seeds/articles.csv:2 (file): found 'texts/a1.txt': no such file; allowed: a text file. Add the file."
    )


def test_no_file_named(tmp_path, make_study, problems_of):
    make_study(tmp_path, articles=[{"article_id": "a1", "file": " "}])
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:2 (file): found an empty cell; allowed: text. "
        "Fill it in: the text, relative to seeds/, as received and never edited."
    ]


@pytest.mark.parametrize("name", ["../study.toml", "/etc/hostname", "texts/../../study.toml"])
def test_a_text_outside_seeds(tmp_path, make_study, problems_of, name):
    make_study(tmp_path, articles=[{"article_id": "a1", "file": name}])
    assert problems_of(tmp_path) == [
        f"seeds/articles.csv:2 (file): found '{name}'; allowed: the name of a file below seeds/. Move the text there."
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_outside_seeds(tmp_path, make_study, problems_of):
    make_study(tmp_path / "study", texts={"a1": None, "b1": "x"})
    (tmp_path / "secret.txt").write_text("A secret of the house.")
    (tmp_path / "study/seeds/texts/a1.txt").symlink_to(tmp_path / "secret.txt")
    assert problems_of(tmp_path / "study") == [
        "seeds/articles.csv:2 (file): found 'texts/a1.txt'; allowed: the name of a file below seeds/. "
        "Move the text there."
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_loop_of_links(tmp_path, make_study, problems_of):
    make_study(tmp_path, texts={"a1": None, "b1": "x"})
    (tmp_path / "seeds/texts/a1.txt").symlink_to(tmp_path / "seeds/texts/a1.txt")
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:2 (file): found 'texts/a1.txt': no such file; allowed: a text file. Add the file."
    ]


# --- texts that are no English article


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u00a0\u2003\n", "\ufeff", "***\n---\n", "\r\n\r\n"])
def test_a_text_without_words(tmp_path, make_study, problems_of, text):
    make_study(tmp_path, texts={"a1": text})
    assert problems_of(tmp_path) == [
        "seeds/texts/a1.txt: found no words; allowed: an article. Add its text, or remove its row."
    ]


def test_a_text_that_cleaning_takes_away(tmp_path, make_study, problems_of):
    rule = '[[rule]]\nid = "all"\nreason = "a test"\npattern = "^Print$"\nexample = "Print"\n'
    make_study(tmp_path, texts={"a1": "Print\n"}, files={"seeds/cleaning.toml": rule})
    assert problems_of(tmp_path) == [
        "seeds/texts/a1.txt: found no words after cleaning; allowed: an article. Add its text, or remove its row."
    ]


@pytest.mark.parametrize(
    ("data", "where", "found", "allowed", "remedy"),
    [
        ("One.\nA café.".encode("latin-1"), ":2", "a byte that is not UTF-8 (0xe9, in Windows-1252 é)", "UTF-8", "utf"),
        ("Talks in Geneva.".encode("utf-16"), "", "UTF-16", "UTF-8", "utf"),
        (b"\xfe\xff" + "Talks.".encode("utf-16-be"), "", "UTF-16", "UTF-8", "utf"),
        ("Talks.".encode("utf-16-le"), "", "binary data (a NUL byte)", "plain text in UTF-8", "txt"),
        (b"%PDF-1.7\x00\x01", "", "binary data (a NUL byte)", "plain text in UTF-8", "txt"),
        (b"\x01\x02" * 20, "", "binary data (40 control characters)", "plain text in UTF-8", "txt"),
        (b"\x89PNG\r\n\x1a\n", ":1", "a byte that is not UTF-8 (0x89, in Windows-1252 ‰)", "UTF-8", "utf"),
    ],
)
def test_a_text_in_another_encoding_or_none(tmp_path, make_study, problems_of, data, where, found, allowed, remedy):
    make_study(tmp_path, texts={"a1": data})
    advice = {"utf": "Save the text as UTF-8.", "txt": "Export the text as .txt."}[remedy]
    assert problems_of(tmp_path) == [f"seeds/texts/a1.txt{where}: found {found}; allowed: {allowed}. {advice}"]


@pytest.mark.parametrize(
    ("text", "code"), [(FRENCH, "fr"), (RUSSIAN, "ru"), (CHINESE, "zh")], ids=["French", "Russian", "Chinese"]
)
def test_a_text_in_another_language(tmp_path, make_study, problems_of, text, code):
    make_study(tmp_path, texts={"a1": text})
    assert problems_of(tmp_path) == [
        f"seeds/texts/a1.txt: found a text in the language '{code}'; allowed: 'en', the language of the study. "
        "Remove the article, or set corpus.check_language = false in study.toml if it is right."
    ]


def test_the_check_of_the_language_can_be_switched_off(tmp_path, make_study, corpus_of):
    make_study(tmp_path, texts={"a1": FRENCH}, toml="[corpus]\ncheck_language = false\n")
    assert corpus_of(tmp_path).ids == ["a1"]


def test_a_study_of_french_articles(tmp_path, make_study, corpus_of):
    rows = [{"article_id": "a1", "language": "fr"}]
    make_study(tmp_path, articles=rows, texts={"a1": FRENCH}, toml='[corpus]\nlanguage = "fr"\n')
    assert corpus_of(tmp_path).ids == ["a1"]


def test_a_short_text_is_not_judged(tmp_path, make_study, corpus_of):
    make_study(tmp_path, texts={"a1": "Le président est à Sotchi."})
    assert corpus_of(tmp_path).ids == ["a1"]


def test_an_article_coded_in_another_language(tmp_path, make_study, problems_of):
    make_study(tmp_path, articles=[{"article_id": "a1", "language": "fr"}, {"article_id": "b1", "language": "EN"}])
    assert problems_of(tmp_path) == [
        "seeds/articles.csv:2 (language): found 'fr'; allowed: 'en', the language of the study. "
        "Remove the article, or correct its language.",
        "seeds/articles.csv:3 (language): found 'EN'; allowed: two lower-case letters. Correct the value.",
    ]
