"""The methods paragraph: what it says of this run, what it withholds, and that what it cites is there."""

from __future__ import annotations

import re

import pytest
from planted import build_planted

from analysis.methods_text import cited_keys, load_references, write_bibtex, write_methods
from analysis.study import load_study


@pytest.fixture(scope="module")
def seed():
    return load_study()


def test_it_says_what_the_seed_study_is_and_does_not_test(seed):
    text = write_methods(seed)
    tokens = int(seed.counts.sizes.sum())
    assert f"The corpus holds five articles ({tokens:,} tokens) of five outlets" in text
    assert "(Chinese 2, Russian 1, Western 2)" in text
    family = int(seed.result("contrasts").table["family"].iloc[0])
    assert f"the family of {family} terms" in re.sub(r"\s+", " ", text)
    assert "p, q and intervals are therefore withheld and all results are descriptive" in text
    assert "replicates" not in text
    assert f"{len(seed.result('mentions').table)} mentions" in text


def test_codings_are_told_with_what_made_them(seed):
    text = write_methods(seed)
    row = seed.result("agreement").table.iloc[0]
    assert f"Two codings (made as seeds/codings/README.md says) gave a code to the same {row['n']} mentions" in text
    assert f"is {row['alpha']:.2f} ({row['alpha_low']:.2f} to {row['alpha_high']:.2f})" in text
    classes = seed.result("machine_classes").table.set_index(["scorer", "class"])
    scorer = seed.config.sentiment.scorer
    assert f"{scorer} reaches a mean F1 of {classes.loc[(scorer, 'macro'), 'f1']:.2f} (" in text
    assert "(Egami et al., 2023)" in text and "egami2023" in write_bibtex(seed)


def test_a_corpus_that_can_be_tested_says_how(tmp_path):
    settings = "[statistics]\nbootstrap = 100\nrandom_state = 7\n"
    build_planted(tmp_path / "study", outlets=2, articles=3, settings=settings)
    text = write_methods(load_study(tmp_path / "study"))
    assert "Intervals are 95 % and resample articles within groups (100 replicates" in text
    assert "random state 7" in text and "(Benjamini & Hochberg, 1995)" in text
    assert "withheld and all results are descriptive" not in text
    assert "Krippendorff" not in text, "there are no codings"
    assert "lexicon.v1" in text and "(Hutto & Gilbert, 2014)" in text


@pytest.mark.parametrize(
    ("blocs", "articles", "said"),
    [
        (("Western",), 1, "A test sets one bloc against another, and there is one only; p, q and intervals"),
        (("Chinese", "Western"), 1, "With one article a bloc no permutation test can reach p = 0.05; p, q"),
        (("Chinese", "Western"), 2, "With two articles a bloc no permutation test can reach p = 0.05; p, q"),
    ],
)
def test_why_nothing_is_tested_is_said_in_words_that_fit(tmp_path, blocs, articles, said):
    settings = "[statistics]\nbootstrap = 100\n"
    build_planted(tmp_path / "study", blocs=blocs, outlets=1, articles=articles, actors=False, settings=settings)
    text = re.sub(r"\s+", " ", write_methods(load_study(tmp_path / "study")))
    assert said in text
    assert "No mention of an actor was found by a table" in text
    if articles == 1 and len(blocs) == 1:
        assert ", published 2019-01-01, grouped" in text


def test_every_citation_is_listed_and_every_listed_work_cited(seed):
    text, entries = write_methods(seed), write_bibtex(seed)
    body, _, listed = text.partition("\nReferences\n")
    keys = re.findall(r"@\w+\{(\w+),", entries)
    assert keys == sorted(set(keys)) and len(keys) == listed.count("\n- ")
    for key in keys:
        work = load_references()[key]
        surname = work["author"].partition(",")[0].replace("{", "").replace("}", "")
        assert re.search(rf"{surname}[^()]*{work['year']}", body), key
    assert not re.search(r"\[[a-z]+\d{4}", text) and "{" not in text and "\\" not in text


def test_every_entry_is_whole():
    for key, work in load_references().items():
        assert {"author", "title", "year"} <= set(work), key
        assert key.startswith(re.sub(r"\W", "", work["author"].partition(",")[0]).lower())
        assert key.endswith(work["year"])
        assert work["entry"].count("{") == work["entry"].count("}")


def test_citations_are_found_alone_and_together():
    assert cited_keys("as in [dunning1993] and [gries2008; dunning1993], not [this]") == ["dunning1993", "gries2008"]
