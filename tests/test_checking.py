"""What `framing check` says of texts that it does not refuse."""

from __future__ import annotations

import pytest
from small_articles import article

from analysis.checking import describe_traces
from analysis.corpus import Corpus


def traces(*texts: str) -> list[str]:
    """Describe the traces in a corpus of these texts."""
    return describe_traces(Corpus(tuple(article(f"a{number}", text) for number, text in enumerate(texts))))


@pytest.mark.parametrize(
    ("text", "kind", "sign"),
    [
        ("<p>Talks began.</p>", "HTML tags", "'<p>'"),
        ('He <a href="x">said</a> so.', "HTML tags", "'<a href=\"x\">'"),
        ("One line<br/>and more", "HTML tags", "'<br/>'"),
        ("AT&amp;T and Russia", "HTML entities", "'&amp;'"),
        ("It&#8217;s over", "HTML entities", "'&#8217;'"),
        ("Russia\u00e2\u20ac\u2122s answer", "signs of a wrong encoding", "'\u00e2\u20ac\u2122'"),
        ("caf\u00c3\u00a9", "signs of a wrong encoding", "'\u00c3\u00a9'"),
        ("don\u00c2\u2019t", "signs of a wrong encoding", "'\u00c2\u2019'"),
        ("\u00d0\u00bf\u00d1\u20ac", "signs of a wrong encoding", "'\u00d0\u00bf\u00d1\u20ac'"),
        ("caf&eacute;", "HTML entities", "'&eacute;'"),
        ("<script async>", "HTML tags", "'<script async>'"),
        ("<!-- more -->", "HTML tags", "'<!--'"),
        ("a \ufffd sign", "signs of a wrong encoding", "'\ufffd'"),
    ],
)
def test_a_trace_is_told_with_its_first_article(text, kind, sign):
    assert traces("Plain.", text, text) == [
        f"note: 2 articles have {kind} (first: {sign} in a1), which count as words: export the texts without them, or "
        "add a rule to seeds/cleaning.toml"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Growth < 3 % and > 1 %.",
        "Tom & Jerry; R&D",
        "if a<b and c>d",
        "Zo\u00eb, \u00c9lys\u00e9e, \u00c2ge",
        "\u20ac5 and \u00a35",
        "<Reuters>",
    ],
)
def test_what_prose_may_hold_is_no_trace(text):
    assert traces(text) == []


def test_each_kind_has_a_line():
    assert [line.partition(" has ")[2].partition(" (")[0] for line in traces("<b>A&amp;B\ufffd</b>")] == [
        "HTML tags", "HTML entities", "signs of a wrong encoding",
    ]  # fmt: skip
