"""Normalised text, paragraphs and quotations."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text import Quote, Span, find_paragraphs, find_quotes, normalise, voice_at

PIECES = [
    *["US", "’", "'", "‘", "“", "”", '"', "«", "»", "„"],
    *["‚", "``", "''", "s", "word", "5", " ", "\n", "\n\n", "."],
    *["\r\n", "\r", "\u200b", "\u00ad", "\ufeff"],
    *["\u00a0", "\u2028", "e\u0301", "\u0301\u0323", "—", "\u2011"],
    *["\ud800", "\x00", "\x85", "\u1112\u1161\u11ab", "\u0344", "\u2000", "\u0958", "`", "´", ",", ")"],
]
ANY = st.text(st.characters(codec=None), max_size=60)  # lone surrogates too
TEXTS = st.one_of(ANY, st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
QUICK = settings(max_examples=100, deadline=None, database=None)


# --- normalise ---


@pytest.mark.parametrize(
    ("raw", "text", "typographic"),
    [
        ("Russia’s ‘punish’ ‚x‘ ‹y›", "Russia's 'punish' 'x' 'y'", "Russia’s ‘punish’ ‚x‘ ‹y›"),
        ("“In general” «oui» „ja“", '"In general" "oui" "ja"', "“In general” «oui» „ja“"),
        ("the\u00a0US\u2009and\u3000us", "the US and us", "the US and us"),
        ("US—Russia, bi\u2011lateral, 2015–16", "US–Russia, bi-lateral, 2015–16", None),
        ("super-powers—so ― x ‒ y", "super-powers–so – x – y", "super-powers—so ― x ‒ y"),
        ("a\r\nb\rc\nd\u2028e\u2029f", "a\nb\nc\nd\ne\nf", "a\nb\nc\nd\ne\nf"),
        ("sanc\u00adtions\u200b\ufeff \u202eUS\u200f\x00\x07\t.", "sanctions US\t.", "sanctions US\t."),
        ("page\x0cend\x0bof\x85line", "page\nend\nof\nline", "page\nend\nof\nline"),
        ("nai\u0308ve", "naïve", "naïve"),
        ("\u1112\u1161\u11ab", "한", "한"),
        ("x\ud800y", "x\ufffdy", "x\ufffdy"),
        ("US´ `x` Russiaʼs", "US' 'x' Russia's", "US´ `x` Russiaʼs"),
        ("", "", ""),
    ],
)
def test_normalise(raw, text, typographic):
    done = normalise(raw)
    assert done.text == text
    assert typographic is None or done.typographic == typographic


def test_offsets_point_into_the_input():
    done = normalise("\ufeffa\r\ne\u0301\u200bx")
    assert done.text == "a\néx"
    assert done.offsets.tolist() == [1, 3, 4, 7]
    assert done.offsets.dtype == np.int32


@QUICK
@given(TEXTS)
def test_normalise_properties(raw):
    done = normalise(raw)
    again = normalise(done.text)
    assert again.text == done.text
    assert again.offsets.tolist() == list(range(len(done.text)))
    assert normalise(done.typographic).text == done.text
    assert len(done.text) == len(done.typographic) == len(done.offsets)
    assert done.offsets.dtype == np.int32
    assert (np.diff(done.offsets) >= 0).all()
    assert all(0 <= offset < len(raw) for offset in done.offsets)
    done.text.encode("utf-8")


# --- paragraphs ---


def paragraphs(text):
    return [text[span.start : span.end] for span in find_paragraphs(text)]


def test_paragraphs_end_at_blank_lines_and_at_single_breaks():
    text = "He left. \n \n\t\n  She stayed.\nWhy?\r\n\r\nNo."
    assert paragraphs(text) == ["He left.", "She stayed.", "Why?", "No."]
    assert paragraphs("") == paragraphs(" \n \n") == []
    assert find_paragraphs("a\n") == [Span(0, 1)]


def test_paragraph_broken_by_a_single_line_break():
    first = "They lack the basis for mutual trust at the strategic level, he said.   "
    second = "The lack of trust also sustains the geopolitical game between the two countries."
    assert paragraphs(f"{first}\n{second}") == [first.strip(), second]


def test_hard_wrapped_block_is_one_paragraph():
    lines = [
        "Russian President Vladimir Putin met with visiting US Secretary of State",
        "Mike Pompeo May 14 in Sochi. Both sides agreed to try to ease bilateral",
        "tensions and resume channels.",
    ]
    text = "\n".join(lines)
    assert paragraphs(f"Title\n\n{text}\n\nEnd") == ["Title", text, "End"]
    assert paragraphs("\n".join(lines[:2])) == lines[:2]
    assert len(paragraphs("\n".join([lines[0], "Short line", lines[2]]))) == 3
    assert len(paragraphs("\n".join([lines[0] * 2, *lines[1:]]))) == 3
    stopped = [f"{line[:60]}." for line in (lines[0], lines[1], lines[0])]
    assert paragraphs("\n".join(stopped)) == stopped


@QUICK
@given(TEXTS)
def test_paragraph_properties(text):
    last = 0
    covered = set()
    for span in find_paragraphs(text):
        piece = text[span.start : span.end]
        assert piece and piece == piece.strip() and span.start >= last
        last = span.end
        covered |= set(range(span.start, span.end))
    assert {index for index, character in enumerate(text) if not character.isspace()} <= covered


# --- quotations ---


def quotes(text):
    return [(text[quote.start : quote.end], quote.closed, quote.level) for quote in find_quotes(text)]


def closed(text):
    assert all(is_closed and level == 0 for _, is_closed, level in quotes(text))
    return [piece for piece, _, _ in quotes(text)]


@pytest.mark.parametrize(
    "text",
    [
        "even when the US’ closet ally, the EU, has opposed it",
        "even when the US' closet ally, Russia's friend, doesn't",
        "their countries’ core geopolitical interests and the senators’ visit",
        "their countries' core geopolitical interests and the senators' visit",
        "in the '90s, the ’90s, the ‘90s and the class of '98",
        "rock 'n' roll, 'tis, ’tis, get 'em",
        "a 5\" gun, 6'2\" tall",
        "the workers' and the dogs' and 'cause",
    ],
)
def test_apostrophes_and_measures_are_no_quotations(text):
    assert quotes(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("people who wish to ‘punish’ Iran; hence", ["‘punish’"]),
        ("people who wish to 'punish' Iran; hence", ["'punish'"]),
        ("Mr Putin's call to \"fully restore\" ties", ['"fully restore"']),
        ('described the alliance as "obsolete", sending', ['"obsolete"']),
        ('being "one step from war" and "totally ruined" after', ['"one step from war"', '"totally ruined"']),
        ("magazine “New Eastern Outlook”.", ["“New Eastern Outlook”"]),
        ("«Oui», »Ja«, „Ja“, ‚ja‘ and ”ja” end", ["«Oui»", "»Ja«", "„Ja“", "‚ja‘", "”ja”"]),
        ("a miscurled “word“ and “half\" here", ["“word“", "“half\""]),
        ("‘sanctions’ against Iran, and the US’ ally", ["‘sanctions’"]),
        ("'sanctions' against Iran, and the US' ally", ["'sanctions'"]),
        ("‘the countries’ interests are served,’ he said", ["‘the countries’ interests are served,’"]),
        ("He said: 'We don't know the US' aims.' Then", ["'We don't know the US' aims.'"]),
        ("said “ we agree ” then", ["“ we agree ”"]),
        ("``quoted'' and ''quoted'' here", ["``quoted''", "''quoted''"]),
        ('said:"We agree",he wrote', ['"We agree"']),
        ("(“yes”)—“no”—and", ["“yes”", "“no”"]),
        ('("yes")—"no"—and "..."', ['"yes"', '"no"', '"..."']),
        ('it began in "2015" and', ['"2015"']),
    ],
)
def test_quotations(text, found):
    assert closed(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "“He said ‘yes’ to it,” she said",
        "\"He said 'yes' to it,\" she said",
        "‘He said “yes” to it,’ she said",
        "'He said \"yes\" to it,' she said",
        "«He said “yes” to it,» she said",
    ],
)
def test_nested(text):
    assert quotes(text) == [(text[: text.index(" she")], True, 0), (text[9:14], True, 1)]


def test_nested_marks_side_by_side():
    assert quotes("He said \"'Yes,' he said.\"") == [("\"'Yes,' he said.\"", True, 0), ("'Yes,'", True, 1)]
    assert quotes("“‘Yes’”") == [("“‘Yes’”", True, 0), ("‘Yes’", True, 1)]


def test_inner_mark_without_partner_is_dropped():
    assert closed("“the ‘best friend, he said” and") == ["“the ‘best friend, he said”"]


def test_unclosed_ends_with_its_paragraph():
    assert quotes("He said “we agree.\n\nThen he left.") == [("“we agree.", False, 0)]
    assert quotes("He said ‘we agree.\n\nThen he left.") == [("‘we agree.", False, 0)]
    assert quotes("then, he said” and left") == []


@pytest.mark.parametrize("marks", ["“”", '""', "‘’", "''", "«»"])
def test_quotation_over_paragraphs(marks):
    start, end = marks
    text = f"{start}We agree.\n\n{start}We don't.\n\n{start}The deal is done,{end} he said."
    assert quotes(text) == [
        (f"{start}We agree.", False, 0),
        (f"{start}We don't.", False, 0),
        (f"{start}The deal is done,{end}", True, 0),
    ]


@QUICK
@given(TEXTS)
def test_quote_properties(text):
    found = find_quotes(text)
    order = [(quote.start, -quote.end) for quote in found]
    assert order == sorted(order)
    spans = find_paragraphs(text)
    around = []
    for quote in found:
        around = [outer for outer in around if outer.end > quote.start]
        assert all(quote.end <= outer.end for outer in around)
        assert quote.level == len(around)
        assert any(span.start <= quote.start < quote.end <= span.end for span in spans)
        around.append(quote)


# --- voice ---


def test_voice_at():
    text = "Lavrov said the US “proceeded in ‘full’ conformity” with China."
    found = find_quotes(text)

    def voice(word):
        start = text.index(word)
        return voice_at(found, start, start + len(word))

    assert [voice(word) for word in ("Lavrov", "US", "proceeded", "full", "conformity", "China")] == (
        ["own", "own", "quoted", "quoted", "quoted", "own"]
    )


def test_voice_of_a_partly_quoted_stretch():
    found = [Quote(10, 20, True, 0), Quote(30, 40, True, 0)]
    assert voice_at(found, 5, 15) == "own"  # exactly half
    assert voice_at(found, 5, 16) == "quoted"
    assert voice_at(found, 15, 25) == "own"
    assert voice_at(found, 14, 25) == "quoted"
    assert voice_at(found, 18, 36) == "own"
    assert voice_at(found, 10, 40) == "quoted"
    assert voice_at(found, 0, 0) == voice_at([], 3, 9) == voice_at(found, 20, 20) == "own"
    assert voice_at(found, 10, 10) == "quoted"


def test_voice_after_a_nested_quotation_made_by_hand():
    assert voice_at([Quote(0, 50, True, 0), Quote(5, 9, True, 1)], 20, 25) == "quoted"


@QUICK
@given(TEXTS, st.integers(0, 40), st.integers(1, 12))
def test_voice_agrees_with_counting_characters(text, start, length):
    found = find_quotes(text)
    quoted = {index for quote in found for index in range(quote.start, quote.end)}
    inside = len(quoted & set(range(start, start + length)))
    assert voice_at(found, start, start + length) == ("quoted" if 2 * inside > length else "own")


# --- hostile input ---


class _Counting(list):
    """A list that counts how often it is read."""

    reads = 0

    def __getitem__(self, index):
        self.reads += 1
        return super().__getitem__(index)


def test_voice_reads_few_quotations():
    found = _Counting(find_quotes("“" + "‘a’ “b” " * 10_000 + "”"))
    assert len(found) == 20_001
    for start in range(0, 80_000, 800):
        assert voice_at(found, start, start + 1) == "quoted"
    assert found.reads <= 100 * 20  # a search by halves, and one step


@pytest.mark.parametrize("unit", ["“", '"', "’", "”", " 'a", "“‘", "«a» ", "s' a ", "„a“ »b« "])
def test_hostile_quotation_marks(unit):
    """Twice the marks take at most about twice the function calls."""
    found = find_quotes(unit * 25_000)
    assert len(found) <= 2 * 25_000
    small, large = (count_calls(find_quotes, unit * times) for times in (500, 1_000))
    assert large <= 2.1 * small + 100


def count_calls(function, *arguments):
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        function(*arguments)
    finally:
        sys.setprofile(before)
    return calls


def test_hostile_marks_to_normalise():
    assert len(normalise("e" + "\u0301\u0323" * 50_000).text) == 100_001
    assert normalise("\u200b" * 100_000).text == ""
    assert normalise("\r\n" * 50_000).text == "\n" * 50_000
