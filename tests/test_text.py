"""Sentences, tokens, terms and keyword in context."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text import (
    KwicLine,
    find_paragraphs,
    find_quotes,
    find_sentences,
    find_terms,
    find_tokens,
    fold_token,
    kwic,
    normalise,
)

PIECES = [
    *["U.S.", "US", "us", "Mr. ", "The", "ends", "A."],
    *["a", "5", "p.m.", "No. ", "Putin", "’s", "'s", "Russia"],
    *[".", "!", "?", "…", "...", ". . .", " ", "  ", "\n"],
    *["\n\n", "\t", "\u00a0", "\r\n", "-", "—", "–", "_", "@"],
    *['"', "'", "“", "”", "‘", "’", "«", "»", "("],
    *[")", "[", "]", "[…]", "[1]", "http://x.y/", "www.", "。", "e\u0301"],
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
QUICK = settings(max_examples=100, deadline=None, database=None)


def sentences(text):
    return [text[span.start : span.end] for span in find_sentences(text)]


def split(*parts):
    """Join the sentences expected with a blank and compare."""
    assert sentences(" ".join(parts)) == list(parts)


@pytest.mark.parametrize(
    "parts",
    [
        ("It was signed by the U.S. and Russia.", "The U.N. did not sign."),
        ("It was signed by the U.S.", "The deal is off."),
        ("They live in the U.K.", "He is a critic."),
        ("Mr. Putin met Mrs. May, Dr. No, Gen. Li, Sen. Cruz, Rep. King, Gov. Brown, Prof. Li.", "It ended."),
        ("U.S. Secretary of State Mike Pompeo talks with Russia's Foreign Minister.", "But nobody listens."),
        ("J. K. Rowling and George W. Bush came.", "They left."),
        ("It happened on Dec. 9 in St. Petersburg.", "In Paris, nothing did."),
        ("Apple Inc. and Google Ltd. agreed.", "Robert Downey Jr. did not."),
        ("The company is Apple Inc.", "It sells phones."),
        ("Syria, Yemen, Iran, etc. are named.", "So are others, e.g. Iraq, i.e. Baghdad vs. Tehran."),
        ("It covers Syria, etc.", "Russia is named."),
        ("It is No. 5 on the list.", "The answer is No.", "They left."),
        ("The talks begin at 5 p.m. Moscow time.", "At 6 p.m. Putin left."),
        ("The delegation came to the Kremlin at 5 p.m.", "Putin was away."),
        ("The growth was 1.5 per cent.", "20 people left."),
        ("It was vitamin C.", "It is cheap."),
        ("The capital is Washington, D.C.", "However, nobody knows."),
        ("1. The first point is made.", "2. The second is not."),
        ("He holds a Ph.D. from Yale.", "She does not."),
    ],
)
def test_abbreviations_initials_and_numbers(parts):
    split(*parts)


@pytest.mark.parametrize(
    "parts",
    [
        ("“Why?” he asked.", "“No!” she said."),
        ("“Why?” Putin asked.", "“Why?”", "The crowd left."),
        ("He said “It is over.”", "The others left."),
        ('He said "It is over."', "The others left."),
        ("He said: ‘It is done.’", "Then he left."),
        ("(See above.)", "Then he left."),
        ("It ended [sic].", "Then he left.[1]", "She stayed."),
        ("Really?!", "Yes!", "He (?) left."),
        ("«Il part. »", "Elle reste."),
        ("What? no way.", "Yahoo! said so."),
    ],
)
def test_closing_marks_and_questions(parts):
    split(*parts)


@pytest.mark.parametrize(
    "parts",
    [
        ("Wait... what?", "He said so...", "Russia left."),
        ("They say the two ... Russia among them … Left alone.", "Yes."),
        ("[...] it is said.", "[…] He left."),
    ],
)
def test_ellipses(parts):
    split(*parts)


def test_missing_blank_after_the_stop():
    assert sentences("It ends.The next starts.") == ["It ends.", "The next starts."]
    assert sentences("It ends.“The next” starts.") == ["It ends.", "“The next” starts."]
    assert sentences("Is it?Yes.") == ["Is it?", "Yes."]
    assert sentences("Says the UN.The deal is off.") == ["Says the UN.", "The deal is off."]


@pytest.mark.parametrize(
    "text",
    [
        "The U.S.-led force uses Node.js and example.com daily.",
        "See http://example.com/a.The/b?Q=1 for more.",
        "Write to John.Smith@example.com for more.",
        "Read it at Booking.Com today.",
        "By Xu Mouquan Updated May.22",
        "The U.S.Congress agreed with St.Petersburg.",
    ],
)
def test_no_split_inside(text):
    assert sentences(text) == [text]


def test_address_at_the_end_of_a_sentence():
    split("See www.example.com.", "Then he left.")
    split("Write to me@example.com.", "Then he left.")


def test_other_scripts_and_small_initials():
    assert sentences("他走了。她留下。") == ["他走了。", "她留下。"]
    split("He left.", "iPhone sales fell.")


def test_sentences_of_the_real_texts():
    split(
        "The US in turn needs to uproot any emerging threats in its backyard.",
        "The total value of bilateral trade for 2018 hit US$25 billion, around one-fourth of that.",
        "Therefore, bilateral ties will inevitably deteriorate.",
    )
    split(
        "But the questions is: will such a breakthrough happen?",
        "While a US initiated dialogue is good omen, there are a number of grey areas.",
    )
    split(
        "said, “In general, cooperation is one of the key factors in a multipolar world order. . . .",
        "Our states cooperate closely, including the UN, G20, SCO, BRICS and RIC…..we are working on "
        "aligning the EAEU, with potentially establishing [a] larger Eurasian partnership.”",
    )
    split(
        "This takes to another tension in the US-Russia relations i.e., although the inquiry was over.",
        "And then there is also the question of US sanctions on Russia.",
    )
    split("• The writer is an Associate at LSE IDEAS at the London School of Economics.")


def test_sentences_stay_in_paragraphs():
    assert sentences("No stop here\n\nNext one. Last") == ["No stop here", "Next one.", "Last"]
    assert sentences("") == sentences(" \n ") == []
    assert sentences("...") == ["..."]


def tokens(text):
    return [text[span.start : span.end] for span in find_tokens(text)]


def test_tokens():
    assert tokens("The U.S. don't want US-led, Russia’s US$25 deals.") == (
        ["The", "U.S.", "don't", "want", "US-led", "Russia’s", "US", "25", "deals"]
    )
    assert tokens("super-powers–something US’ closet naïve 2015-16") == (
        ["super-powers", "something", "US", "closet", "naïve", "2015-16"]
    )
    assert tokens("the U.S.-led force") == ["the", "U.S.", "led", "force"]


@pytest.mark.parametrize(
    ("token", "term"),
    [
        *[("US", "US"), ("us", "us"), ("Us", "us"), ("U.S.", "US")],
        *[("U.S", "US"), ("US's", "US"), ("US’", "US")],
        *[("US-led", "us-led"), ("Russia’s", "russia"), ("countries'", "countries"), ("RUSSIA'S", "russia")],
        *[("don’t", "don't"), ("U.K.", "uk"), ("NATO", "nato")],
        *[("i.e.", "ie"), ("it's", "it"), ("s", "s"), ("", "")],
    ],
)
def test_fold_token(token, term):
    assert fold_token(token) == term


def test_fold_token_keeps_other_terms():
    assert fold_token("WHO", keep_case=("US", "WHO")) == "WHO"
    assert fold_token("US", keep_case=()) == "us"


def test_find_terms():
    assert find_terms("The US wants us; U.S.-led.") == ["the", "US", "wants", "us", "US", "led"]
    assert find_terms("WHO said who?", keep_case=("WHO",)) == ["WHO", "said", "who"]


def matches(text, query):
    return [line.match for line in kwic(text, query)]


def test_kwic_tells_the_country_from_the_pronoun():
    text = "The US and the U.S. and US-led Us told us."
    assert matches(text, "US") == ["US", "U.S."]
    assert matches(text, "U.S.") == ["US", "U.S."]
    assert matches(text, "us") == ["Us", "us"]
    assert matches(text, "US*") == ["US", "U.S.", "US-led"]
    assert matches(text, "us-led") == ["US-led"]


def test_kwic_terms_and_wildcards():
    text = "Russia’s aims. RUSSIA and Russian sanctions; a sanction is sanctioned, WHO says who."
    assert matches(text, "russia") == ["Russia’s", "RUSSIA"]
    assert matches(text, "Russia's") == ["Russia’s", "RUSSIA"]
    assert matches(text, "sanction*") == ["sanctions", "sanction", "sanctioned"]
    assert matches(text, "*n*on*d") == ["sanctioned"]
    assert matches(text, "s*sanctions") == []
    assert matches(text, "WHO") == ["WHO"]
    assert matches(text, "who") == ["WHO", "who"]


def test_kwic_phrases_stay_in_one_sentence():
    text = "The Cold War ended. War began in the cold\nwar of words."
    assert matches(text, "cold war") == ["Cold War"]
    assert matches(text, "ended war") == []
    assert matches("a a a a a", "a a") == ["a a", "a a"]


def test_kwic_context():
    text = "One\ntwo three\r\nfour"
    assert kwic(text, "three", width=4) == [KwicLine(8, 13, "two ", "three", "  fo")]
    assert kwic(text, "three", width=0) == [KwicLine(8, 13, "", "three", "")]
    assert kwic("", "three") == []


@pytest.mark.parametrize("query", ["", "  ", "?!"])
def test_kwic_without_a_term(query):
    with pytest.raises(ValueError) as caught:
        kwic("text", query)
    assert str(caught.value) == (
        f"query {query!r} holds no term; give a word or a phrase, such as 'sanction*'."
    )


def test_kwic_with_a_negative_width():
    with pytest.raises(ValueError) as caught:
        kwic("text", "text", width=-1)
    assert str(caught.value) == "width is -1; give 0 or more characters."


@QUICK
@given(TEXTS)
def test_sentences_tile_paragraphs(text):
    found = find_sentences(text)
    covered = [index for span in found for index in range(span.start, span.end)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
    paragraphs = find_paragraphs(text)
    for span in found:
        piece = text[span.start : span.end]
        assert piece and piece == piece.strip()
        assert any(p.start <= span.start and span.end <= p.end for p in paragraphs)


@QUICK
@given(TEXTS)
def test_tokens_lie_within_sentences(text):
    found = find_sentences(text)
    for token in find_tokens(text):
        assert any(span.start <= token.start and token.end <= span.end for span in found)


@QUICK
@given(TEXTS)
def test_terms_are_stable(text):
    for term in find_terms(text):
        assert fold_token(term) == term


@QUICK
@given(TEXTS, st.sampled_from(["us", "US", "a", "*", "the *", "mr. putin"]), st.integers(0, 9))
def test_kwic_lines_are_cut_from_the_text(text, query, width):
    for line in kwic(text, query, width=width):
        assert len(line.left) <= width
        assert len(line.right) <= width
        assert len(line.match) == line.end - line.start
        assert line.match == text[line.start : line.end].replace("\n", " ").replace("\r", " ")


def test_a_term_in_kwic_is_the_whole_token():
    assert matches("The sanctioned and un-sanctioned", "sanction") == []


def test_analysis_of_normalised_text_agrees_in_both_spellings():
    done = normalise("“Why?” he asked—Russia’s U.S. envoy. ‘No.’ The end…")
    assert find_sentences(done.text) == find_sentences(done.typographic)
    assert find_terms(done.text) == find_terms(done.typographic)


@pytest.mark.parametrize(
    ("unit", "sentence_count", "token_count"),
    [
        ("A.", 1, 1),
        (".", 1, 0),
        (". ", 1, 0),
        (" ", 0, 0),
        ('"', 1, 0),
        ("…  ", 1, 0),
        ('."', 1, 0),
        ("www.", 1, None),
        ("a", 1, 1),
        ("a'", 1, 1),
        ("((!", 1, 0),
    ],
)
def test_hostile_text(unit, sentence_count, token_count):
    text = unit * 50_000
    assert len(find_sentences(text)) == sentence_count
    assert token_count is None or len(find_tokens(text)) == token_count
    assert len(find_quotes(text)) <= len(text)
    assert kwic(text, "b*b*b") == []
