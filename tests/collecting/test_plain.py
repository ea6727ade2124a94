"""Plain text and Markdown: what is lifted from them, and what stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.collecting.plain import date_of_name, read_plain, strip_markdown

BODY = "The talks began.\n\nThey went on."


def parts(found):
    names = ("title", "author", "outlet", "published", "url")
    return {name: getattr(found, name) for name in names if getattr(found, name)}


def test_a_first_line_that_stands_alone_is_the_title():
    found = read_plain(f"Talks resume in Moscow\n\n{BODY}", "a.txt")
    assert parts(found) == {"title": "Talks resume in Moscow"}
    assert found.text == f"Talks resume in Moscow\n\n{BODY}"


def test_a_first_line_of_prose_is_no_title():
    lines = ("Talks " * 40, "You are here", "21.05.2019 Author: Jane Roe", "ana-air canadia-bank Silk-air nissan")
    lines = (*lines, "Talks resume in Moscow.", "MOSCOW, Nov. 9 (Xinhua) --", "Home > World > Talks resume in Moscow")
    for text in (BODY, f"Talks resume in Moscow\n{BODY}", *(f"{line}\n\n{BODY}" for line in lines), "Talks resume"):
        assert parts(read_plain(text, "a.txt")) == {}, text
        assert read_plain(text, "a.txt").text == text


def test_a_header_is_lifted_out_of_the_text():
    header = "Title: Talks resume\nAuthor: Jane Roe\nDate: 9 November 2018\nSource: Daily One\nURL: https://d.one/a\n\n"
    found = read_plain(header + BODY, "2019-01-01.txt")
    assert parts(found) == {
        "title": "Talks resume",
        "author": "Jane Roe",
        "published": "9 November 2018",
        "outlet": "Daily One",
        "url": "https://d.one/a",
    }
    assert found.text == BODY
    assert found.lifted["published"] == "the header's 'Date'"


def test_one_line_like_a_header_is_prose():
    text = f"Title: a play in two acts\n\n{BODY}"
    assert parts(read_plain(text, "a.txt")) == {"title": "Title: a play in two acts"}
    assert read_plain(f"Source: x\nDate: y\n{BODY}", "a.txt").text == f"Source: x\nDate: y\n{BODY}"


def test_the_front_matter_of_markdown():
    text = '---\ntitle: "Talks resume"\nlayout: post\ndate: 2018-11-09\n---\n# Talks resume\n\nThe **talks** [began](http://a.b).'
    found = read_plain(text, "a.md", markdown=True)
    assert parts(found) == {"title": "Talks resume", "published": "2018-11-09"}
    assert found.text == "Talks resume\n\nThe talks began."
    assert found.reader == "Markdown"


def test_markdown_without_its_marks():
    text = "## Head\n\n> quoted *words* and __more__\n\n- item `code`\n\n![alt](x.png)2 * 3 * 4, snake_case_name\n\n*"
    plain = "Head\n\nquoted words and more\n\nitem code\n\n2 * 3 * 4, snake_case_name\n\n*"
    assert strip_markdown(text) == plain


def test_the_date_in_a_name():
    assert date_of_name("x/2018-11-09_talks.txt") == date_of_name("talks 20181109.txt") == "2018-11-09"
    assert date_of_name("2018-11-09/talks.txt") == ""
    for name in ("2018-13-09.txt", "2018-11-09_2018-11-10.txt", "120181109.txt", "2018-1109.txt", "talks.txt"):
        assert date_of_name(name) == ""


@given(st.text(alphabet="ab \n:-#*_[]()!`>T.", max_size=120), st.booleans())
def test_any_text_is_read_and_no_word_is_lost(text, markdown):
    found = read_plain(text, "a.txt", markdown=markdown)
    assert {"a", "b"} & set(text) <= set(found.text + found.title + found.author) or "](" in text or "![" in text
