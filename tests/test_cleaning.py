"""Cleaning: rules that are told when broken, nothing lost, and exactly what is taken from the five seeds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from analysis.cleaning import CleaningRule, apply_rules, clean_received, load_rules
from analysis.errors import StudyError
from analysis.text import normalise

GOOD = """[[rule]]
id = "print"
pattern = "^Print$"
reason = "a button"
example = "Print"
"""


def rules_of(folder, content):
    path = folder / "cleaning.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return load_rules(path, shown="cleaning.toml")


def problems(folder, content):
    with pytest.raises(StudyError) as caught:
        rules_of(folder, content)
    return [str(problem) for problem in caught.value.problems]


def rule(pattern, rule_id="r", lift=""):
    return CleaningRule(rule_id, "a test", re.compile(pattern, re.MULTILINE), "", lift)


# --- reading the rules


def test_a_study_without_rules_says_so_by_an_empty_file(tmp_path):
    assert rules_of(tmp_path, "") == ()


def test_a_missing_file_is_not_taken_for_no_rules(tmp_path):
    with pytest.raises(StudyError) as caught:
        load_rules(tmp_path / "cleaning.toml")
    assert [str(problem) for problem in caught.value.problems] == [
        "seeds/cleaning.toml: found no such file; allowed: a TOML file of cleaning rules. "
        "Create it; if nothing is to be taken out of the texts, leave it empty."
    ]


def test_a_good_rule(tmp_path):
    (found,) = rules_of(tmp_path, GOOD)
    assert (found.rule_id, found.reason, found.pattern.pattern) == ("print", "a button", "^Print$")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            ('"^Print$"', '"^Print($"'),
            "cleaning.toml rule 1 ('print') pattern: found '^Print($': missing ), unterminated subpattern at position "
            "6; allowed: a Python regular expression. Correct the pattern.",
        ),
        (
            ('example = "Print"', 'example = "Drucken"'),
            "cleaning.toml rule 1 ('print') example: found 'Drucken', which the pattern does not match; "
            "allowed: text that the pattern matches. Correct the pattern or the example.",
        ),
        (
            ('"^Print$"', '"(?:Print)?"'),
            "cleaning.toml rule 1 ('print') pattern: found a match of nothing; allowed: some text. Narrow the pattern.",
        ),
        (
            ('example = "Print"', ""),
            "cleaning.toml rule 1 ('print') example: found nothing; allowed: text that it matches. Give an example.",
        ),
        (
            ('reason = "a button"', 'reason = " "'),
            "cleaning.toml rule 1 ('print') reason: found nothing; allowed: text. Give the rule its reason.",
        ),
        (
            ('id = "print"', ""),
            "cleaning.toml rule 1 ('without id') id: found nothing; allowed: text. Give the rule its id.",
        ),
        (
            ('reason = "a button"', 'reason = "a button"\nwhy = "x"'),
            "cleaning.toml rule 1 ('print') why: found an unknown key; allowed: id, pattern, line_is, lift, reason, "
            "example. Correct or remove it.",
        ),
        (
            ('"^Print$"', "7"),
            "cleaning.toml rule 1 ('print') pattern: found '7'; allowed: text. Put it in quotes.",
        ),
        (
            ('pattern = "^Print$"', ""),
            "cleaning.toml rule 1 ('print'): found both or neither of pattern and line_is; allowed: one of the two. "
            "Keep one of the two.",
        ),
        (
            ('pattern = "^Print$"', 'line_is = "event"'),
            "cleaning.toml rule 1 ('print') line_is: found 'event'; allowed: title, author. Correct it.",
        ),
        (
            ("[[rule]]", "[[rules]]"),
            "cleaning.toml rules: found an unknown entry; allowed: [[rule]]. Correct or remove it.",
        ),
        (("[[rule]]", "[rule]"), "cleaning.toml rule: found no list; allowed: [[rule]] tables. Write [[rule]]."),
    ],
)
def test_a_broken_rule(tmp_path, change, expected):
    assert problems(tmp_path, GOOD.replace(*change)) == [expected]


def test_a_repetition_beyond_measure_is_a_problem_not_a_crash(tmp_path):
    (message,) = problems(tmp_path, GOOD.replace('"^Print$"', '"P{99999999999999999999}"'))
    assert message.startswith("cleaning.toml rule 1 ('print') pattern: found 'P{99999999999999999999}': ")


def test_a_duplicate_id(tmp_path):
    assert problems(tmp_path, GOOD + GOOD) == [
        "cleaning.toml rule 2 ('print'): found an id used before; allowed: each id once. Rename the rule."
    ]


def test_all_broken_rules_are_told_at_once(tmp_path):
    content = GOOD.replace('"^Print$"', '"("') + GOOD.replace('"Print"', '"x"')
    assert len(problems(tmp_path, content)) == 2


def test_invalid_toml(tmp_path):
    (message,) = problems(tmp_path, '[[rule]]\nid = "a\n')
    assert message.startswith("cleaning.toml: found invalid TOML: Illegal character")
    assert message.endswith("; allowed: valid TOML. Correct the line it names.")


def test_another_encoding(tmp_path):
    assert problems(tmp_path, 'id = "é"'.encode("latin-1")) == [
        "cleaning.toml: found a byte that is not UTF-8 at position 6; allowed: UTF-8. Save the file as UTF-8."
    ]


# --- using the rules


def test_what_an_earlier_rule_took_is_not_taken_again():
    taken = apply_rules("By Ann Lee", [rule("Ann Lee", "first"), rule("By .*", "second")])
    assert [(removal.rule_id, removal.text) for removal in taken] == [("first", "Ann Lee")]


def test_named_groups_and_lift_keep_what_is_taken():
    (removal,) = apply_rules("  • By Ann Lee", [rule(r"^.*By (?P<author>.+)$", lift="line")])
    assert removal.fields == (("author", "Ann Lee"), ("line", "By Ann Lee"))
    assert removal.field == "author, line"


def test_the_line_that_equals_a_column_is_taken_once():
    line = CleaningRule("title", "a test", None, "title", "title")
    text = "Talks begin\n\n  TALKS   begin \n\nTalks begin now."
    (removal,) = apply_rules(text, [line], {"title": "Talks begin"})
    assert (removal.start, removal.end) == (0, 11)
    assert apply_rules(text, [line], {"title": ""}) == []
    assert apply_rules(text, [line], {}) == []


@pytest.mark.parametrize(
    "line", ["the  Talks\tin Geneva", "  THE TALKS IN GENEVA ", "The talk\u017f in Geneva"]
)
def test_a_title_line_may_differ_in_case_and_blanks(line):
    title = CleaningRule("title", "a title", None, "title")
    for columns, n in (({"title": "The talks in Geneva"}, 1), ({"title": "The talks in Genevi"}, 0)):
        assert len(apply_rules(f"One.\n{line}\nTwo words.", [title], columns)) == n


def test_rules_find_the_same_beside_others():
    # groups that are referred to by number, flags of a pattern's own, alternatives, an anchor, a rule used twice
    patterns = (r"^a+$", r"b|c\b", r"(x)(y)\1", r"(?i)PRINT", r"(?s:d.e)", r"^a+$")
    rules = [rule(pattern, pattern) for pattern in patterns]
    texts = ["aa\nxyx", "c xyx print", "nothing", "", "d\ne\nb", "xyy c", "PRINT", "\naaa", "b aa"]
    for text in texts:
        alone = {(one.start, one.end) for single in rules for one in apply_rules(text, [single])}
        assert {(one.start, one.end) for one in apply_rules(text, rules)} == alone
    assert [len(apply_rules(text, rules)) for text in texts] == [2, 3, 0, 0, 2, 1, 1, 1, 1]


def test_a_title_is_no_pattern():
    line = CleaningRule("title", "a test", None, "title", "")
    assert apply_rules("Whyyy\nWhat", [line], {"title": "Why+"}) == []
    assert len(apply_rules("Why (not)?\nWhat", [line], {"title": "Why (not)?"})) == 1


def test_a_title_with_other_marks_is_found():
    line = CleaningRule("title", "a test", None, "title", "")
    cleaned, removals = clean_received("Russia’s  Answer\r\n\r\nThey met.", [line], {"title": "Russia's answer"})
    assert cleaned.text == "They met."
    assert [(removal.start, removal.end) for removal in removals] == [(0, 16)]


def test_without_rules_only_the_ends_are_trimmed():
    cleaned, removals = clean_received("\n They met.\n\n", [])
    assert cleaned.text == "They met."
    assert list(cleaned.offsets) == list(range(2, 11))
    assert removals == ()


@pytest.mark.parametrize("text", ["", "  \n", "Print", "Print\nPrint\n"])
def test_a_text_of_which_nothing_is_left(text):
    cleaned, _ = clean_received(text, [rule("^Print$")])
    assert (cleaned.text, cleaned.typographic, len(cleaned.offsets)) == ("", "", 0)


def test_offsets_lead_through_composed_letters_and_removed_characters():
    received = "Print\r\nCafe\u0301 \u200bin\u00a0Geneva\u2014“fine”. re\u0301sume\u0301\r\nThey met."
    cleaned, (removal,) = clean_received(received, [rule(" résumé$")])
    assert cleaned.text == 'Print\nCafé in Geneva–"fine".\nThey met.'
    assert received[removal.start : removal.end] == " re\u0301sume\u0301"
    assert removal.text == " résumé"
    check_offsets(received, cleaned)


def check_offsets(received, cleaned):
    """Each character of the cleaned text stands where its offset says, up to normalisation."""
    assert len(cleaned.text) == len(cleaned.typographic) == len(cleaned.offsets)
    assert (np.diff(cleaned.offsets) > 0).all()
    ends = [*cleaned.offsets[1:], len(received)]
    for character, typographic, start, end in zip(
        cleaned.text, cleaned.typographic, cleaned.offsets, ends, strict=True
    ):
        plain = normalise(received[start]).text
        composed = normalise(received[start:end])
        assert character in (plain, composed.text[:1])
        assert typographic in (normalise(received[start]).typographic, composed.typographic[:1])


# --- the five seeds

TAKEN = {
    "cambodia_2019-12": [
        ("advertisers", "", "ana-air canadia-bank Silk-air nissan acleda cab-bank"),
        ("title-line", "title", "Meetings raise hope, but will Russia-US ties improve?"),
        ("comments-share", "", "No Comments Share:"),
        (
            "photo-caption",
            "caption",
            "U.S. Secretary of State Mike Pompeo talks with Russia's Foreign Minister Sergei Lavrov as they meet on "
            "the sidelines of the Arctic Council Ministerial Meeting in Rovaniemi, Finland May 6, 2019. "
            "(xinhuanet/Reuters Photo)",
        ),
        (
            "related-posts",
            "",
            "Related Posts\n\nPrevious Article\n\nUnderstanding digital economy in Cambodia\n\nNext Article\n\n"
            "Time to translate Europe, Asia power into real partnership",
        ),
    ],
    "daily_2019-05": [
        ("page-furniture", "", "You are here"),
        ("title-line", "title", "From Russia with love for Pompeo"),
        ("market-voices", "", "Market voices on:"),
        (
            "author-note",
            "author_note",
            "• The writer is an Associate at LSE IDEAS at the London School of Economics.",
        ),
    ],
    "neo_2019-05": [
        ("dated-byline", "author, published", "21.05.2019 Author: Salman Rafi Sheikh"),
        ("title-line", "title", "Are the US and Russia Really Headed Towards a Re-set of Relations?"),
        (
            "author-note",
            "author_note",
            "Salman Rafi Sheikh, research-analyst of International Relations and Pakistan's foreign and domestic "
            'affairs, exclusively for the online magazine "New Eastern Outlook".',
        ),
        ("digest-download", "", "Please select digest to download:"),
    ],
    "newschina_2019-05": [
        ("page-furniture", "", "Old Version"),
        ("page-furniture", "", "HEADLINES"),
        ("title-line", "title", "US-Russia Structural Conflict Preventing Substantive Turn in Ties"),
        ("updated-byline", "author, published", "By Xu Mouquan Updated May.22"),
        ("page-furniture", "", "Print"),
    ],
    "repost_2018-07": [
        ("title-line", "title", "Russia, US Try to Revive Relations"),
        ("closing-byline", "author", "By Shawn Wayne"),
        (
            "repost-notice",
            "repost_notice",
            "Above was cited from this link.if you have any question,please contact them.",
        ),
    ],
}
LIFTED = {
    "cambodia_2019-12": {
        "title": "Meetings raise hope, but will Russia-US ties improve?",
        "caption": TAKEN["cambodia_2019-12"][3][2],
    },
    "daily_2019-05": {
        "title": "From Russia with love for Pompeo",
        "author_note": "The writer is an Associate at LSE IDEAS at the London School of Economics.",
    },
    "neo_2019-05": {
        "published": "21.05.2019",
        "author": "Salman Rafi Sheikh",
        "title": "Are the US and Russia Really Headed Towards a Re-set of Relations?",
        "author_note": TAKEN["neo_2019-05"][2][2],
    },
    "newschina_2019-05": {
        "title": "US-Russia Structural Conflict Preventing Substantive Turn in Ties",
        "author": "Xu Mouquan",
        "published": "May.22",
    },
    "repost_2018-07": {
        "title": "Russia, US Try to Revive Relations",
        "author": "Shawn Wayne",
        "repost_notice": "Above was cited from this link.if you have any question,please contact them.",
    },
}
ENDS = {
    "cambodia_2019-12": ("Russian Foreign Minister Sergey Lavrov", "Russia will not let it pass."),
    "daily_2019-05": ("VLADIMIR Putin and Sergei Lavrov", "relationship with Beijing under Mr Xi."),
    "neo_2019-05": ("Some recent developments in US–Russia", "than confrontation and no-dialogue."),
    "newschina_2019-05": ("The Sochi meeting is an attempt", "any crisis that causes major concern."),
    "repost_2018-07": ("US lawmakers visited Russia this week", "bring more clarity to the discussion."),
}


@pytest.fixture(scope="module")
def seeds(seed_study_dir, corpus_of):
    return {article.article_id: article for article in corpus_of(seed_study_dir).articles}


def test_every_seed_is_described_here(seeds):
    assert sorted(seeds) == sorted(TAKEN) == sorted(LIFTED) == sorted(ENDS)


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_exactly_these_rules_fire(seeds, name):
    found = [(removal.rule_id, removal.field, removal.text.strip()) for removal in seeds[name].removals]
    assert found == TAKEN[name]


@pytest.mark.parametrize("name", sorted(LIFTED))
def test_titles_captions_bylines_and_dates_are_lifted(seeds, name):
    assert dict(pair for removal in seeds[name].removals for pair in removal.fields) == LIFTED[name]


@pytest.mark.parametrize("name", sorted(ENDS))
def test_the_body_begins_and_ends_where_it_should(seeds, name):
    first, last = ENDS[name]
    assert seeds[name].text.startswith(first)
    assert seeds[name].text.endswith(last)


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_lifted_titles_and_authors_agree_with_the_coding(seeds, name):
    article = seeds[name]
    assert LIFTED[name]["title"] == normalise(article.title).text
    assert LIFTED[name].get("author", "") == article.author


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_nothing_is_lost(seeds, name):
    article = seeds[name]
    account = np.zeros(len(article.received), dtype=int)
    account[article.offsets] += 1
    for removal in article.removals:
        account[removal.start : removal.end] += 1
        assert normalise(article.received[removal.start : removal.end]).text == removal.text
    assert account.max() == 1
    assert "".join(c for c, n in zip(article.received, account, strict=True) if not n).strip() == ""


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_every_offset_leads_to_its_character(seeds, name):
    article = seeds[name]
    assert len(article.text) == len(article.typographic) == len(article.offsets)
    for place, character, typographic in zip(article.offsets, article.text, article.typographic, strict=True):
        found = normalise(article.received[place])
        assert (found.text, found.typographic) == (character, typographic)


def test_every_rule_of_the_seed_study_fires_somewhere(seed_study_dir, seeds):
    used = {removal.rule_id for article in seeds.values() for removal in article.removals}
    assert used == {rule.rule_id for rule in load_rules(seed_study_dir / "seeds/cleaning.toml")}


@pytest.mark.parametrize("name", sorted(TAKEN))
def test_cleaning_a_cleaned_text_takes_nothing_more(seed_study_dir, seeds, name):
    rules = load_rules(seed_study_dir / "seeds/cleaning.toml")
    assert apply_rules(seeds[name].text, rules, {"title": seeds[name].title}) == []
