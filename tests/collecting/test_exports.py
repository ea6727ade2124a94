"""Exports of Nexis Uni, Factiva and ProQuest, as samples made from their documented structure."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.collecting import factiva, nexis, proquest
from analysis.collecting.files import list_files, read_file
from analysis.errors import Problem

EXPORTS = Path(__file__).resolve().parent.parent / "data" / "exports"
FIRST = "The government of Russia said on Friday that it will meet the leaders of China and the US in the spring."
SECOND = "It was the second round of talks in the city, which had been planned for more than a year, an official said."
THIRD = "Notes: the two sides have not said what they will talk about, and neither has the host of the meeting."


def read(name: str):
    """Read a sample: the parts of each article, or the message of what was set aside."""
    (item,) = list_files([EXPORTS / name], EXPORTS / "study").items
    found = list(read_file(item, []))
    names = ("place", "title", "outlet", "published", "author", "source_id", "rights", "text")
    return [
        str(one) if isinstance(one, Problem) else tuple(getattr(one, name) for name in names) for one in found
    ]


def test_nexis_uni():
    assert read("nexis_uni.docx") == [
        (
            "nexis_uni.docx:1",
            "Talks to Resume in Spring",
            "The New York Times",
            "November 9, 2018 Friday",
            "JANE ROE and JOHN DOE",
            "",
            "Copyright 2018 The New York Times Company All Rights Reserved",
            f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
        ),
        (
            "nexis_uni.docx:2",
            "US, Russia and China plan to talk",
            "The Guardian (London)",
            "10 November 2018 Saturday 9:03 PM GMT",
            "Mary Poe in Moscow",
            "",
            "Copyright 2018 Guardian Newspapers Limited All Rights Reserved",
            f"{SECOND}\n\n{FIRST} No date was given.",
        ),
        "nexis_uni.docx:3: found an article without a body; allowed: an article. Export it with its full text.",
    ]


def test_nexis_uni_with_one_article_a_file():
    assert read("nexis_uni_single.docx") == [
        (
            "nexis_uni_single.docx:1",
            "Leaders will talk, minister says",
            "Xinhua General News Service",
            "November 12, 2018 Monday 8:00 AM EST",
            "",
            "",
            "Copyright 2018 Xinhua News Agency All Rights Reserved",
            f"{FIRST}\n\n{SECOND}",
        )
    ]


HEAD = ["Talks resume", "Daily One", "November 9, 2018", "Copyright 2018 Daily", "Length: 20 words", "Body"]


def nexis_article(*lines: str):
    (found,) = nexis.read_nexis([*lines, "End of Document"], "n.docx")
    return found


def test_the_body_of_nexis_may_hold_lines_like_its_fields():
    body = ["Language: a weapon.", FIRST, "Notes", SECOND * 4, "Graphic", "PHOTO: a hall", "Classification"]
    found = nexis_article(*HEAD, *body, "Subject: TALKS (90%)", "Load-Date: November 10, 2018")
    assert found.text == "\n\n".join(["Language: a weapon.", FIRST, "Notes", SECOND * 4])


def test_nexis_without_a_date_line_takes_the_load_date():
    found = nexis_article(*HEAD[:2], *HEAD[3:], FIRST, "Load-Date: November 10, 2018")
    assert (found.title, found.outlet, found.published) == ("Talks resume", "Daily One", "November 10, 2018")
    assert found.lifted["published"] == "'Load-Date'"


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (HEAD[:-1], "an article without a line 'Body'"),
        (HEAD[2:] + [FIRST], "an article without title, outlet and date on the lines above its fields"),
    ],
)
def test_articles_of_nexis_that_lack_a_part(lines, found):
    assert nexis_article(*lines).found == found


def test_nexis_that_breaks_off():
    found = list(nexis.read_nexis([*HEAD, FIRST, "End of Document", *HEAD, SECOND], "n.docx"))
    assert [getattr(one, "title", "") for one in found] == ["Talks resume", ""]
    assert str(found[1]) == (
        "n.docx:2: found an article that breaks off before its 'End of Document'; allowed: an article. Export it again."
    )


def test_factiva_with_field_codes():
    assert read("factiva_codes.html") == [
        (
            "factiva_codes.html:1",
            "Talks to resume in spring",
            "Reuters News",
            "9 November 2018",
            "Jane Roe",
            "LBA0000020181109eeb900abc",
            "(c) 2018 Reuters Limited",
            f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
        ),
        "factiva_codes.html:2: found an article without text (LP, TD); allowed: an article. "
        "Export it with its full text.",
    ]


def test_factiva_as_displayed():
    assert read("factiva_display.html") == [
        (
            "factiva_display.html:1",
            "US, Russia and China plan to talk",
            "The Guardian",
            "10 November 2018",
            "Mary Poe",
            "GRDN000020181110eeba0009x",
            "Copyright 2018. Guardian News & Media Limited. All rights reserved.",
            f"{SECOND}\n\n{FIRST} It was not said when.",
        )
    ]


def test_factiva_in_rtf_with_and_without_field_codes():
    assert read("factiva.rtf") == [
        (
            "factiva.rtf:1",
            "Talks in caf\u00e9 to resume",
            "Xinhua News Agency",
            "11 November 2018",
            "Jane Roe",
            "XNEWS00020181111eebb000xy",
            "(c) 2018 Xinhua News Agency",
            f"{FIRST}\n\n{SECOND}\n\n{THIRD}",
        ),
        (
            "factiva.rtf:2",
            "Leaders plan to talk",
            "Financial Times",
            "12 November 2018",
            "",
            "FTFT000020181112eebc0001a",
            "Copyright 2018 The Financial Times Ltd. All rights reserved.",
            f"{SECOND}\n\n{FIRST} The pound rose.",
        ),
    ]


def test_factiva_out_of_order_is_named():
    lines = [("", line) for line in ("Talks", FIRST, SECOND, "Document LBA0000020181109eeb900abc")]
    assert [str(one) for one in factiva.read_factiva([lines], "f.rtf")] == [
        "f.rtf:1: found an article without headline, number of words and date in their order; allowed: an article. "
        "Export it again, with the field codes."
    ]


def test_proquest():
    rights = "(Copyright (c) 2018 Dow Jones & Company, Inc.)"
    assert read("proquest.txt") == [
        (
            "proquest.txt:1",
            "Talks to Resume in Spring",
            "Wall Street Journal, Eastern edition",
            "Nov 9, 2018",
            "Roe, Jane; Doe, John",
            "2130000001",
            rights,
            f"{FIRST}\n\n{SECOND}\n\n\n\n\nCorrection: an earlier version of the article gave another city.",
        ),
        "proquest.txt:2: found a record without a full text; allowed: an article. Export it with its full text.",
        (
            "proquest.txt:3",
            "Leaders plan to talk",
            "Washington Post",
            "Nov 12, 2018",
            "",
            "2130000003",
            rights,
            f"{SECOND}\n\n{FIRST} A spokesman declined to comment.",
        ),
    ]


def test_a_text_with_a_line_of_underscores_is_no_export():
    assert not proquest.is_proquest(f"Title: a play\n\n{'_' * 60}\n\n{FIRST}")
    assert not nexis.is_nexis(["End of document", FIRST])
    assert factiva.lines_of_page(f'<div class="article"><p>{FIRST}</p></div>') is None


LINES = st.sampled_from(
    [*HEAD, "End of Document", "Load-Date: x", FIRST, "", "Classification", "Title: x", "Full text: y", "_" * 60,
     "HD|x|", "TD|y|", "AN|Document ABCD1234|", "Document ABCD1234", "12 words", "9 November 2018", "Subject: z"]
)  # fmt: skip


@given(st.lists(LINES, max_size=20))
def test_lines_in_any_order_are_articles_or_named(lines):
    found = list(nexis.read_nexis(lines, "x"))
    found += proquest.read_proquest("\n".join(lines), "x")
    found += factiva.read_factiva(factiva.lines_of_rtf("\n".join(lines)) or [], "x")
    assert all(isinstance(one, Problem) or one.text.strip() for one in found)
