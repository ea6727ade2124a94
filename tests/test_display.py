"""What a notebook shows of untrusted text: nothing runs, nothing becomes a formula, and the right word is marked."""

from __future__ import annotations

import html
import math
from html.parser import HTMLParser

import pandas as pd
import pytest

from analysis.display import figure_html, show_evidence, show_table, shown_claim
from analysis.results import EVIDENCE_COLUMNS

EVIL = (
    "<script>alert(1)</script></figure></table></li>\"' onerror='x' $$x$$ \\(y\\) US$5 and $10 "
    "\x00\x1b[31m\u202e\ufeff&amp;"
)
CLEAN = "<script>alert(1)</script></figure></table></li>\"' onerror='x' $$x$$ \\(y\\) US$5 and $10 [31m&amp;"


class Reader(HTMLParser):
    """Collects tags, attributes and text, and checks that every tag is closed."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(markup)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def evidence(**cells):
    row = {
        **dict.fromkeys(EVIDENCE_COLUMNS, ""),
        "article_id": "a1",
        "outlet": "Alpha",
        "sentence_id": 3,
        "sentence": "The US met Russia.",
        "left": "The",
        "match": "US",
        "right": "met Russia.",
    }
    return pd.DataFrame([{**row, **cells}])


def shown_everywhere():
    return [
        show_table(pd.DataFrame({EVIL: [EVIL]}), caption=EVIL),
        show_evidence(evidence(outlet=EVIL, sentence=EVIL, match="alert", left="<script>"), caption=EVIL),
        show_evidence(evidence(voice=EVIL), columns=("voice",)),
        figure_html(b"png", alt=EVIL, caption=EVIL, width=3.5),
        shown_claim(EVIL, True),
    ]


@pytest.mark.parametrize("number", range(5))
def test_untrusted_text_stays_text(number):
    shown = shown_everywhere()[number]
    read = Reader(shown._repr_html_())
    assert set(read.tags) <= {
        "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "b", "ul", "li", "mark", "small",
        "figure", "img", "figcaption",
    }  # fmt: skip
    assert {name for name, _ in read.attributes} <= {"class", "style", "scope", "alt", "src", "width"}
    assert not any(character in shown.markup + shown.text for character in "\x00\x1b\u202e\ufeff")
    # MathJax leaves alone what stands in an element of these classes
    assert ("class", "mathjax_ignore tex2jax_ignore") in read.attributes[:1]


def test_the_words_are_all_there():
    shown = show_table(pd.DataFrame({"text": [EVIL]}), caption=EVIL)
    assert Reader(shown.markup).words == [CLEAN, "text", CLEAN]


def test_quotes_in_alt_text():
    shown = figure_html(b"png", alt=EVIL, caption="", width=7.0)
    assert dict(Reader(shown.markup).attributes)["alt"] == CLEAN
    assert 'width="770"' in shown.markup
    assert "base64,cG5n" in shown.markup
    assert repr(shown) == f"Figure: {CLEAN}"


def test_a_claim_and_its_verdict():
    assert repr(shown_claim("A < B", True)) == "Holds: A < B"
    assert repr(shown_claim("A < B", False)) == "Does not hold in this corpus: A < B"
    assert "<b>Holds:</b> A &lt; B</p>" in shown_claim("A < B", True).markup


def test_numbers_of_a_table():
    table = pd.DataFrame({"n": [1, 12], "value": [-1.236, math.nan], "small": [-0.001, math.inf], "name": ["x", "y"]})
    shown = show_table(table)
    read = Reader(shown.markup)
    assert read.words == ["n", "value", "small", "name", "1", "−1.24", "0.00", "x", "12", "–", "inf", "y"]
    assert "−1.24" in repr(shown)


def test_a_long_table_says_how_long_it_is():
    shown = show_table(pd.DataFrame({"n": range(20)}), caption="Counts.", rows=3)
    assert Reader(shown.markup).words[:2] == ["Counts. First 3 of 20 rows.", "n"]
    assert repr(shown).splitlines()[0] == "Counts. First 3 of 20 rows."


def test_an_empty_table_shows_its_columns():
    assert Reader(show_table(pd.DataFrame({"term": [], "n": []})).markup).words == ["term", "n"]


def test_evidence_marks_the_match_and_names_the_place():
    shown = show_evidence(evidence(balance=-0.5), caption="Why", columns=("balance",))
    assert "<li>The <mark>US</mark> met Russia. <small>[Alpha, a1, sentence 3 (balance −0.50)]</small></li>" in (
        shown.markup
    )
    assert repr(shown) == "Why\n- The [US] met Russia. [Alpha, a1, sentence 3 (balance −0.50)]"


@pytest.mark.parametrize(
    ("sentence", "left", "match", "right", "before"),
    [
        ("US aid, US arms and US oil.", "US aid,", "US", "arms and US oil.", "US aid, "),
        ("US aid, US arms and US oil.", "It was over.", "US", "aid, US arms and US oil.", ""),
        ("Putin said that Mr. Putin won.", "They met at length with Mr.", "Putin", "said that Mr. Putin won.", ""),
        ("The “US-led” US force.", "The “", "US", "-led” US force.", "The “"),
        ("The US  and the\u00a0US.", "The US and the", "US", ".", "The US and the "),
    ],
)
def test_of_several_equal_words_the_right_one_is_marked(sentence, left, match, right, before):
    shown = show_evidence(evidence(sentence=sentence, left=left, match=match, right=right))
    assert f"<li>{html.escape(before)}<mark>{match}</mark>" in shown.markup


def test_a_match_that_is_not_in_the_sentence_shows_the_sentence():
    assert "[The US met Russia.]" in repr(show_evidence(evidence(match="absent")))


def test_the_number_of_places_is_told():
    shown = show_evidence(pd.concat([evidence()] * 7), caption="Why", rows=2)
    assert repr(shown).splitlines()[0] == "Why (2 of 7 places)"
    assert shown.markup.count("<li>") == 2


def test_no_place():
    shown = show_evidence(evidence().head(0), caption="Why")
    assert repr(shown) == "Why\n- no place"
    assert "<li>no place</li>" in shown.markup
