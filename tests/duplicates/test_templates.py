"""Templates of boilerplate: what is left open, what is escaped, and which lines say what they are."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.duplicates.templates import BYLINE, CUE, SPOKEN, as_pattern, escape, make_template


@pytest.mark.parametrize(
    ("text", "open_", "others"),
    [
        ("© 2018 Alpha Media.", "numbers", ["© 1999 Alpha Media."]),
        ("Updated 3 May 2018, Monday", "numbers", ["Updated 31 December 1999, Sunday", "Updated 1 Sept. 20, Tue"]),
        ("By Jane Doe", "names", ["By J. R. O'Neill-Smith", "By Ivan"]),
        ("(Reporting by Jane Doe; Editing by Al Bo)", "names", ["(Reporting by Li Wei; Editing by A. Khan)"]),
        ("Photo: Jane Doe/AFP", "names", ["Photo: Paul Kern/Reuters"]),
        ("a+b (c) [d] {e} ^f$ g|h \\d . ? *", "numbers", []),
    ],
)
def test_a_pattern_matches_its_text_and_others_of_its_form(text, open_, others):
    pattern = as_pattern(make_template(text, open_))
    for line in [text, *others]:
        assert re.fullmatch(pattern, line), (pattern, line)
    assert not re.fullmatch(pattern, f"{text} and more")


def test_what_is_open_stays_of_its_kind():
    pattern = as_pattern(make_template("By Jane Doe, 3 May", "names"))
    assert not re.fullmatch(pattern, "By the minister, 3 May")
    assert not re.fullmatch(pattern, "By Jane Doe, three May")
    assert not re.fullmatch(pattern, "By Jane Doe, 3 Talks")
    # a word that only begins like a month is none
    assert make_template("Marching on", "numbers") == ("Marching on",)


@given(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_matched_by_its_own_template(text):
    for open_ in ("numbers", "names"):
        assert re.fullmatch(as_pattern(make_template(text, open_)), text)
    assert re.fullmatch(escape(text), text)


@pytest.mark.parametrize(
    "line",
    [
        "© 2018 Alpha", "All rights reserved.", "Read more: Talks begin", "READ MORE", "Subscribe to our newsletter",
        "Follow us on Twitter", "(Reporting by Jane Doe; Editing by Li Wei)", "Photo: AFP", "(Xinhua/Li Wei) [Photo]",
        "Jane Doe is a senior correspondent in Moscow.", "The writer is an associate fellow at a university.",
        "The views expressed here are the author's own and do not reflect those of Alpha.", "12 comments",
        "Additional reporting by Li Wei", "This article was first published in Alpha.", "Visit www.alpha.example",
    ],
)  # fmt: skip
def test_lines_that_say_what_they_are(line):
    assert CUE.search(line)


@pytest.mark.parametrize(
    "line",
    [
        "The talks lasted for two days.", "Read in parliament, it caused a stir.", "Trump fired back on Twitter.",
        "He is a president without friends.", "Russia annexed Crimea from Ukraine in March 2014.",
        "Officials in Washington published a joint statement on arms.", "The image of both countries suffers.",
    ],
)  # fmt: skip
def test_sentences_of_stories_do_not(line):
    assert not CUE.search(line)
    assert not BYLINE.match(line)


def test_bylines_and_speech():
    assert all(map(BYLINE.match, ("By Jane Doe", "by Li Wei | 3 May 2018", "BY JANE DOE, MOSCOW")))
    assert not BYLINE.match("By Monday the talks had ended without a word on arms")
    assert SPOKEN.search('"No," he answered') and SPOKEN.search("The minister said so.")
    assert not SPOKEN.search("Sign up for our newsletter")


@pytest.mark.parametrize(
    "text", ["(c) " * 20_000, "Aa " * 30_000, "follow " * 20_000, "is a " * 30_000, "without x " * 9_000]
)
def test_long_lines_take_no_long_time(text):
    CUE.search(text)
    BYLINE.match(text)
    assert SPOKEN.search(text) is None
