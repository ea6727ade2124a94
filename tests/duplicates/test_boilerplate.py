"""Proposed cleaning rules: planted boilerplate is found, sentences of stories are not, and every rule is sound."""

import importlib
import re
import sys
import tomllib
from pathlib import Path

import pytest
from small_articles import article, words

from analysis.cleaning import apply_rules, load_rules
from analysis.corpus import Corpus
from analysis.duplicates.boilerplate import propose_rules, write_rules
from analysis.duplicates.copies import find_copies

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def load():
    """Import a module of benchmarks/, which is no package."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    yield importlib.import_module
    sys.path.remove(str(ROOT / "benchmarks"))


def proposals_of(*articles):
    corpus = Corpus(tuple(articles))
    return propose_rules(corpus, find_copies(corpus.articles))


def body(number, sentences=6):
    """Return paragraphs that no other number has."""
    found = words(12 * sentences, start=80 * number)
    return "\n\n".join(" ".join(found[at : at + 12]).capitalize() + "." for at in range(0, 12 * sentences, 12))


def outlet(texts, name="alpha"):
    return [article(f"{name}{n:02}", text, outlet=name) for n, text in enumerate(texts)]


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_boilerplate_is_found_and_stories_are_left_alone(load, seed):
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds" / "texts").glob("*.txt"))]
    base = load("planted_copies").invent_articles(texts, 110, words=200, random_state=seed)
    framed = load("planted_boilerplate").plant_boilerplate(base, random_state=seed)
    total, _ = load("duplicates").measure_boilerplate(framed)
    assert total["planted"] > 500
    assert total["hit"] / total["planted"] >= 0.95
    assert total["right"] / total["matched"] >= 0.99


def test_a_foot_with_a_year_is_one_rule_with_count_and_places():
    foot = "© {} Alpha Media. All rights reserved."
    texts = [f"{body(n)}\n\n{foot.format(2010 + n)}" for n in range(4)]
    (rule,) = proposals_of(*outlet(texts), article("zeta00", body(50), outlet="zeta"))
    assert rule.pattern == r"^© \d+ Alpha Media\. All rights reserved\.$"
    assert rule.example == "© 2010 Alpha Media. All rights reserved."
    assert rule.reason == "Recurs in 4 of 4 articles of Alpha."
    assert rule.places[0] == ("alpha00", 13)
    assert (rule.n_articles, rule.n_others, rule.outlets) == (4, 0, ("Alpha",))
    share = len(rule.example) / len(texts[0])
    assert rule.largest[1] == pytest.approx(share, abs=0.005)


def test_datelines_headings_credits_and_tails_keep_the_prose():
    texts = [
        f"MOSCOW, May {n + 1} (Reuters) - {body(n)} (Reporting by Jane Doe{'' if n else ' in Oslo'}; Editing by Li Wei)"
        f"\n\nRead more: {' '.join(words(4, 7000 + 4 * n))}\n\n{' '.join(words(3, 9000 + 3 * n))} | Alpha Times"
        for n in range(8)
    ]
    rules = proposals_of(*outlet(texts))
    text = texts[2]
    left = text
    for rule in rules:
        left = re.sub(rule.pattern, "", left, flags=re.MULTILINE)
    for gone in ("MOSCOW", "Reuters", "Reporting by", "Read more", "Alpha Times"):
        assert gone not in left
    assert body(2) in left


def test_what_a_story_says_is_not_proposed():
    quote = '"We will not yield to anybody," the minister said on Monday.'
    background = "Russia annexed Crimea from Ukraine in March 2014, which the United States never recognised."
    texts = []
    for n in range(12):
        parts = [body(n)]
        parts += [quote] if n < 5 else []
        parts += [background] if n % 3 == 0 else []
        texts.append("\n\n".join(parts))
    assert proposals_of(*outlet(texts)) == ()


def test_two_articles_are_not_enough_and_copies_are_one():
    foot = "All rights reserved."
    two = [f"{body(n)}\n\n{foot}" for n in range(2)]
    assert proposals_of(*outlet([*two, body(3), body(4)])) == ()
    copies = [f"{body(1, sentences=8)}\n\n{foot}"] * 4 + [body(9)]
    assert proposals_of(*outlet(copies)) == ()


def test_the_names_of_speakers_are_part_of_the_form():
    texts = ["\n\n".join(f"TRUMP: {line}" for line in body(n).split("\n\n")) for n in range(6)]
    assert proposals_of(*outlet(texts)) == ()


def test_a_rule_that_takes_much_or_reaches_other_outlets_says_so():
    notice = "Subscribe to our newsletter and read the whole story, all our reports and a good deal more."
    texts = [f"{body(n, sentences=8)}\n\n{notice}" for n in range(3)] + [f"It rained in Oslo.\n\n{notice}"]
    other = article("beta00", f"{body(60)}\n\n{notice}", outlet="beta")
    (rule,) = proposals_of(*outlet(texts), other)
    assert rule.reason == (
        "Recurs in 4 of 4 articles of Alpha. It also matches 1 article of other outlets. It removes 82 % of alpha03."
    )


def test_every_rule_is_read_and_matches_its_example(tmp_path):
    odd = "Sign up: it's 'free' \"now\" \\ [a](b) {c} $5 ^ .* | '''x''' \t#1"
    texts = [f"{body(n)}\n\n{odd}\n\n(c) 201{n} Alpha" for n in range(5)]
    corpus = Corpus(tuple(outlet(texts)))
    proposals = propose_rules(corpus, find_copies(corpus.articles))
    assert len(proposals) == 2
    path = tmp_path / "rules.toml"
    path.write_text(write_rules(proposals), encoding="utf-8")
    rules = load_rules(path)
    assert [rule.rule_id for rule in rules] == [proposal.rule_id for proposal in proposals]
    for one in corpus.articles:
        assert len(apply_rules(one.text, rules)) == 2
    content = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    assert {entry["example"] for entry in content} == {proposal.example for proposal in proposals}
    assert path.read_text(encoding="utf-8").count("# matches 5 articles, such as alpha00 line") == 2


def test_the_proposals_do_not_depend_on_the_order_of_articles():
    texts = [f"By Jane Doe\n\n{body(n)}\n\nFollow us on Twitter\n\n© 201{n} Alpha" for n in range(5)]
    articles = [*outlet(texts), *outlet(texts[:4], name="beta")]
    assert proposals_of(*articles[::-1])[0].pattern in {rule.pattern for rule in proposals_of(*articles)}
    patterns = [rule.pattern for rule in proposals_of(*articles)]
    assert len(patterns) == 3
    assert [rule.pattern for rule in proposals_of(*articles[::-1])] == patterns


def test_nothing_to_propose_is_said():
    assert proposals_of() == ()
    text = write_rules(())
    assert tomllib.loads(text) == {}
    assert text.startswith("# Proposed cleaning rules: nothing was removed.")


@pytest.mark.parametrize(
    "text", ["", "Yes.", "\n\n\n", "(" * 5_000, "A" * 200_000, "Read more: \n" * 5_000, "a | " * 20_000]
)
def test_hostile_texts(text):
    rules = proposals_of(*outlet([text] * 2 + [text + "\n\nend"] + [f"{text}\n\n{body(n)}" for n in range(3)]))
    for rule in rules:
        assert re.compile(rule.pattern, re.MULTILINE).search(rule.example)
