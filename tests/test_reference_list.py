"""Reference lists: terms folded as the corpus's are, and every unusable row by its number."""

from __future__ import annotations

import pytest

from analysis.config import TermParameters, load_config
from analysis.errors import StudyError
from analysis.reference_list import load_reference
from analysis.study import load_study


@pytest.fixture
def listed(tmp_path):
    """Return the reader of a list given as text."""

    def listed(text, **options):
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        return load_reference(path, TermParameters(**options))

    return listed


def problems_of(listed, text):
    with pytest.raises(StudyError) as caught:
        listed(text)
    return [str(problem) for problem in caught.value.problems]


def test_words_become_terms_and_forms_are_added_up(listed):
    found = listed("term,count\nThe,50\nU.S.,4\nUS,3\nus,9\nSanctions,2\nsanction,5\n")
    assert found.counts == {"the": 50, "US": 7, "us": 9, "sanctions": 2, "sanction": 5}
    assert found.tokens == 73
    assert found.lengths == [1]
    lemmas = listed("term,count\nSanctions,2\nsanction,5\nUS,3\n", lemmas=True)
    assert lemmas.counts == {"sanction": 7, "US": 3}


def test_phrases_are_no_tokens_of_their_own(listed):
    found = listed("term,count\ncold,10\nwar,20\nCold War,5\n")
    assert found.tokens == 30
    assert found.counts["cold war"] == 5
    assert found.lengths == [1, 2]


def test_every_bad_row_is_named(listed):
    allowed = "a whole number from 1 to 1,000,000,000,000"
    remedy = "Write it without separators, or remove the row: a term without occurrences needs none."
    text = (
        'term,count\nwar,0\npeace,-3\ntalks,2.5\ndeal,\n,4\n!!,4\nnato,"1,000"\nfine,3\nhuge,9999999999999\n'
    )
    assert problems_of(listed, text) == [
        f"list.csv:2 (count): found '0'; allowed: {allowed}. {remedy}",
        f"list.csv:3 (count): found '-3'; allowed: {allowed}. {remedy}",
        f"list.csv:4 (count): found '2.5'; allowed: {allowed}. {remedy}",
        f"list.csv:5 (count): found an empty cell; allowed: {allowed}. {remedy}",
        "list.csv:6 (term): found an empty cell; allowed: a word or phrase. Fill it in, or remove the row.",
        "list.csv:7 (term): found '!!'; allowed: a word or phrase. Fill it in, or remove the row.",
        f"list.csv:8 (count): found '1,000'; allowed: {allowed}. {remedy}",
        f"list.csv:10 (count): found '9999999999999'; allowed: {allowed}. {remedy}",
    ]


def test_a_list_without_words_or_columns_is_refused(listed):
    remedy = "Give the whole list, stop words and all: its sum is what rates are taken of."
    expected = "list.csv: found {}; allowed: words with their counts. " + remedy
    assert problems_of(listed, "term,count\n") == [expected.format("no row")]
    assert problems_of(listed, "term,count\ncold war,3\n") == [expected.format("phrases only")]
    assert problems_of(listed, "word,count\nwar,3\n") == [
        "list.csv:1 ('word'): found an unknown column; allowed: term, count. Remove or rename it.",
        "list.csv:1 (term): found no such column; allowed: term, count. Add the column.",
    ]


def test_a_study_names_its_list(make_study, tmp_path):
    toml = '[corpus]\ncheck_language = false\n[contrasts]\nreference = "seeds/reference.csv"\n'
    good = make_study(
        tmp_path / "good", toml=toml, files={"seeds/reference.csv": "term,count\nthe,100\ntalks,3\n"}
    )
    assert load_study(good).reference.tokens == 103
    assert load_study(good).check() == []
    bad = make_study(tmp_path / "bad", toml=toml, files={"seeds/reference.csv": "term,count\nthe,-1\n"})
    assert [problem.where for problem in load_study(bad).check()] == ["seeds/reference.csv:2 (count)"]
    missing = make_study(tmp_path / "missing", toml=toml)
    assert [problem.found for problem in load_study(missing).check()] == ["no such file"]


@pytest.mark.parametrize("path", ["../list.csv", "seeds/../list.csv", "/etc/passwd"])
def test_a_list_lies_in_the_seeds(make_study, tmp_path, path):
    folder = make_study(tmp_path, toml=f'[contrasts]\nreference = "{path}"\n')
    with pytest.raises(StudyError) as caught:
        load_config(folder / "study.toml")
    allowed = 'a file under seeds/, such as "seeds/reference.csv", or ""'
    assert [str(problem) for problem in caught.value.problems] == [
        f"study.toml [contrasts] reference: found '{path}'; allowed: {allowed}. Correct the value."
    ]
