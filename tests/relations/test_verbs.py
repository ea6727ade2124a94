"""The table of verbs: forms by hand, every row usable, classes, and messages on bad rows."""

import pytest

from analysis.errors import StudyError
from analysis.relations.verbs import ROOTS, load_verbs, make_table, plural, verb_forms, verbs_card


@pytest.mark.parametrize(
    ("lemma", "past", "expected"),
    [
        ("attack", [], "attack attacked attacking attacks"),
        ("criticise", [], "criticise criticised criticises criticising"),
        ("deny", [], "denied denies deny denying"),
        ("obey", [], "obey obeyed obeying obeys"),
        ("slam", ["slammed", "slammed"], "slam slammed slamming slams"),
        ("hit", ["hit", "hit"], "hit hits hitting"),
        ("beat", ["beat", "beaten"], "beat beaten beating beats"),
        ("agree", [], "agree agreed agreeing agrees"),
        ("veto", [], "veto vetoed vetoes vetoing"),
        ("clash", [], "clash clashed clashes clashing"),
    ],
)
def test_forms(lemma, past, expected):
    assert sorted(verb_forms(lemma, past)) == expected.split()


def test_plurals():
    assert [plural(word) for word in ("sanction", "ally", "boss", "speech")] == [
        "sanctions", "allies", "bosses", "speeches",
    ]  # fmt: skip


def test_the_table_is_whole():
    table = load_verbs()
    classed = [one for one in table.entries if one.cameo]
    assert len(classed) > 700
    assert {one.cameo for one in classed} <= set(ROOTS)
    assert all(one.frames for one in classed), "a verb without a frame never finds its object"
    assert {one.relation for one in classed} == {"cooperative", "conflictual"}
    assert table.accuracy == verbs_card()["summary"]
    # a doubled consonant that is missing shows as a form that no text has
    wrong = [
        form
        for form in table.verbs
        if form in ("baned", "stabed", "expeled", "ploted", "admited", "begining")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("lemma", "relation", "material"),
    [
        ("praise", "cooperative", False),
        ("assist", "cooperative", True),
        ("accuse", "conflictual", False),
        ("invade", "conflictual", True),
        ("investigate", "conflictual", True),
    ],
)
def test_classes(lemma, relation, material):
    [entry] = [one for one in load_verbs().entries if one.lemma == lemma and one.pos == "verb"]
    assert (entry.relation, entry.material) == (relation, material)


def test_bad_rows_are_all_listed():
    rows = [
        {
            "lemma": "hug",
            "pos": "verb",
            "cameo": "05",
            "frames": "direct",
            "symmetric": "",
            "past": "hugged hugged",
        },
        {"lemma": "hug", "pos": "verb", "cameo": "05", "frames": "direct", "symmetric": "", "past": ""},
        {"lemma": "nod", "pos": "adverb", "cameo": "05", "frames": "", "symmetric": "", "past": ""},
        {"lemma": "nod", "pos": "verb", "cameo": "21", "frames": "", "symmetric": "", "past": ""},
    ]
    with pytest.raises(StudyError) as caught:
        make_table(rows, "v.csv")
    found = [(one.where, one.found) for one in caught.value.problems]
    assert found == [
        ("v.csv:3 (lemma)", "'hug' again"),
        ("v.csv:4 (pos)", "'adverb'"),
        ("v.csv:5 (cameo)", "'21'"),
    ]
