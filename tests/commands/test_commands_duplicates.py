"""The commands duplicates and boilerplate, and what study.toml says about copies."""

import csv
import io

import pytest
from small_articles import words

from analysis.cleaning import load_rules
from analysis.cli import main
from analysis.study import load_study

STORY = "Ministers met in Geneva and agreed. " + " ".join(words(60)) + "."
ONE = '[corpus]\ncheck_language = false\nduplicates = "one"\n'


@pytest.fixture
def copied(tmp_path, make_study):
    """Write a study in which beta carries alpha's story, exactly and edited."""
    articles = [
        {"article_id": "a1", "outlet_id": "alpha", "published": "2019-05-02", "title": "Talks\x1b[31m"},
        {"article_id": "b1", "outlet_id": "beta", "published": "2019-05-01", "title": "=Talks"},
        {"article_id": "b2", "outlet_id": "beta", "published": "2019-05-03"},
        {"article_id": "b3", "outlet_id": "beta"},
    ]
    texts = {"a1": STORY, "b1": STORY, "b2": STORY.replace("agreed", "argued") + " It rained."}
    return make_study(tmp_path, articles=articles, texts=texts, toml=ONE)


def test_one_of_each_text_is_measured(copied):
    study = load_study(copied)
    assert study.corpus.ids == ["b1", "b3"] and study.admitted.ids == ["a1", "b1", "b2", "b3"]
    assert study.received.ids == study.corpus.ids
    assert study.corpus.excluded["what"].tolist() == ["article a1", "article b2"]
    assert study.result("articles").excluded["what"].tolist() == ["article a1", "article b2"]
    assert study.result("duplicates").table["left_out"].sum() == 2
    assert set(study.result("mentions").table["article_id"]) <= {"b1", "b3"}


def test_identical_texts_stop_a_study_that_keeps_copies(copied, capsys):
    (copied / "study.toml").write_text("[corpus]\ncheck_language = false\n", encoding="utf-8")
    assert main(["check", "--study", str(copied)]) == 1
    assert "seeds/articles.csv:3 (file): found the same text as row 2 (a1)" in capsys.readouterr().err


def test_near_copies_are_kept_and_listed(copied, capsys):
    (copied / "seeds" / "texts" / "a1.txt").write_text(STORY + " Nobody left.", encoding="utf-8")
    (copied / "study.toml").write_text("[corpus]\ncheck_language = false\n", encoding="utf-8")
    assert load_study(copied).corpus.ids == ["a1", "b1", "b2", "b3"]
    assert main(["duplicates", "--study", str(copied)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "group 1: 3 articles"
    assert "  kept  b1  Beta, 2019-05-01: =Talks" in out
    assert out.endswith('3 of 4 articles are in 1 group of copies; 0 left out (corpus.duplicates = "keep")\n')
    assert "\x1b" not in out


def test_copies_share_the_weight_of_their_text(copied, capsys):
    toml = '[corpus]\ncheck_language = false\nduplicates = "weight"\n'
    (copied / "study.toml").write_text(toml, encoding="utf-8")
    study = load_study(copied)
    assert study.corpus.ids == study.received.ids == ["a1", "b1", "b2", "b3"]
    assert study.corpus.weights.tolist() == study.received.weights.tolist() == [1 / 3, 1 / 3, 1 / 3, 1]
    assert study.corpus.texts == ["b1", "b1", "b1", "b3"]
    result = study.result("attention")
    assert result.params["duplicates"] == "weight"
    assert not study.result("duplicates").table["left_out"].any()
    assert main(["check", "--study", str(copied)]) == 0
    assert (
        "3 of 4 articles are copies of 1 text: each counts 1 over the number of its copies. Rates, shares, balances, "
        "intervals and tests are of 2 texts (of the smallest bloc 1), counts of all that is there."
    ) in capsys.readouterr().out.splitlines()
    assert main(["duplicates", "--study", str(copied)]) == 0
    assert capsys.readouterr().out.endswith(
        '1 group of copies; the copies of a text share its weight (corpus.duplicates = "weight")\n'
    )


def test_another_policy_is_refused(copied, capsys):
    (copied / "study.toml").write_text('[corpus]\nduplicates = "split"\n', encoding="utf-8")
    assert main(["check", "--study", str(copied)]) == 1
    assert "found 'split'; allowed: \"keep\", \"one\" or \"weight\"." in capsys.readouterr().err


def test_the_groups_as_csv(copied, capsys):
    assert main(["duplicates", "--csv", "--study", str(copied)]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["article_id"] for row in rows] == ["b1", "a1", "b2"]
    assert [row["left_out"] for row in rows] == ["False", "True", "True"]
    # a cell that a spreadsheet would compute is quoted
    assert rows[0]["title"] == "'=Talks"


def test_two_articles_side_by_side(copied, capsys):
    assert main(["duplicates", "--pair", "b2", "b1", "--study", str(copied)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("= in both, ~ edited, < only in b2, > only in b1")
    assert "~ Ministers met in Geneva and argued." in lines
    assert lines[lines.index("~ Ministers met in Geneva and argued.") + 1] == "  Ministers met in Geneva and agreed."
    assert "< It rained." in lines
    assert main(["duplicates", "--pair", "b2", "zz", "--study", str(copied)]) == 1
    assert capsys.readouterr().err == "error: unknown article 'zz'; allowed: a1, b1, b2, b3\n"


@pytest.fixture
def framed(tmp_path, make_study):
    """Write a study whose articles end alike."""
    stories = [" ".join(words(60, start=100 * n)) for n in range(4)]
    texts = {f"a{n}": f"{story}.\n\n© 201{n} Alpha. All rights reserved." for n, story in enumerate(stories)}
    return make_study(tmp_path, texts=texts, toml="[corpus]\ncheck_language = false\n")


def test_rules_are_proposed_and_nothing_is_removed(framed, tmp_path, capsys):
    before = [article.text for article in load_study(framed).corpus.articles]
    out = tmp_path / "rules.toml"
    assert main(["boilerplate", "--out", str(out), "--study", str(framed)]) == 0
    assert capsys.readouterr().out == f"1 rule proposed, nothing removed: {out}\n"
    (rule,) = load_rules(out)
    assert rule.pattern.pattern == r"^© \d+ Alpha\. All rights reserved\.$"
    assert [article.text for article in load_study(framed).corpus.articles] == before
    # pasted in, it does what it says, and nothing is left to propose
    (framed / "seeds" / "cleaning.toml").write_text(out.read_text(encoding="utf-8"), encoding="utf-8")
    assert not any("reserved" in article.text for article in load_study(framed).corpus.articles)
    assert main(["boilerplate", "--study", str(framed)]) == 0
    assert capsys.readouterr().err == "0 rules proposed, nothing removed\n"


def test_a_file_that_is_there_is_not_replaced(framed, capsys):
    path = framed / "seeds" / "cleaning.toml"
    assert main(["boilerplate", "--out", str(path), "--study", str(framed)]) == 1
    assert path.read_text(encoding="utf-8") == ""
    assert "Name another: rules that are there are never replaced." in capsys.readouterr().err
