"""Tables of findings: each printed number is the number of the result, and what is withheld is said."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from planted import TERMS, build_planted

from analysis.new_study import create_study
from analysis.paper.model import MISSING, bounded, fixed, probability
from analysis.paper.tables import MOST_ARTICLES, contrasts_table, corpus_table, sentiment_table, themes_table
from analysis.study import load_study


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Five articles a bloc: intervals and tests."""
    root = tmp_path_factory.mktemp("tables") / "study"
    build_planted(root, articles=5, outlets=1, settings="[statistics]\nbootstrap = 100\npermutations = 100\n")
    return load_study(root)


def grouped(table) -> dict[str, list[tuple[str, ...]]]:
    """Return a table's rows by the heading above them."""
    found, name = {}, ""
    for row in table.rows:
        if row.heading:
            name = row.cells[0]
            found[name] = []
        else:
            found[name].append(row.cells)
    return found


def heads(table) -> list[str]:
    return [column.head.replace("\n", " ") for column in table.columns]


def test_the_planted_term_heads_its_bloc_with_its_numbers(study):
    table = contrasts_table(study)
    assert heads(table) == [
        "Term", "Occurrences bloc", "Occurrences rest", "Articles bloc", "Articles rest", "G²", "Log ratio",
        "95% CI", "DP", "p", "q",
    ]  # fmt: skip
    groups = grouped(table)
    assert list(groups) == [f"{bloc} (5 articles against 10)" for bloc in TERMS]
    result = study.result("contrasts").table
    for (bloc, term), rows in zip(TERMS.items(), groups.values(), strict=True):
        assert rows[0][:5] == (term, "10", "0", "5", "0")
        of = result[
            (result["target"] == bloc) & (result["reference"] == "rest") & (result["term"] == term)
        ].iloc[0]
        assert rows[0][5:] == (
            fixed(of["g2"]),
            fixed(of["log_ratio"]),
            f"[{fixed(of['log_ratio_low'])}, {fixed(of['log_ratio_high'])}]",
            bounded(of["dp_target"]),
            probability(of["p"]),
            probability(of["q"]),
        )
        sizes = [float(row[6]) for row in rows]
        assert sizes == sorted(sizes, reverse=True)
        assert 0 < len(rows) <= study.config.figures.terms
    assert "95% CI over articles, from 5 articles a group. p: two-sided permutation test" in table.note


def test_what_two_articles_cannot_support_is_not_printed_and_said(small_study):
    for table in (contrasts_table(small_study), themes_table(small_study), sentiment_table(small_study)):
        assert not {"95% CI", "p", "q"} & set(heads(table))
        assert "No interval is given: it takes 5 articles a group, and the smallest here has 2." in table.note
        floor = "p and q are withheld: so few articles cannot reach a p below .33 (alpha = .05)"
        assert floor in table.note


def test_weights_of_a_bloc_sum_to_a_hundred(study):
    table = themes_table(study)
    assert heads(table)[:3] == ["Theme and bloc", "Articles", "Paragraphs"]
    shares = pd.DataFrame([row for rows in grouped(table).values() for row in rows], columns=heads(table))
    sums = shares["Weight (%)"].astype(float).groupby(shares["Theme and bloc"]).sum()
    assert list(sums.index) == list(TERMS)
    assert sums.between(99.8, 100.2).all()
    assert all(re.search(r"\(stability (\.\d\d|1\.00)\)$", name) for name in grouped(table))


def test_sentiment_has_every_bloc_of_every_actor(study):
    table = sentiment_table(study)
    groups = grouped(table)
    assert {"United States", "Russia", "China"} <= set(groups)
    assert all([row[0] for row in rows] == list(TERMS) for rows in groups.values())
    for rows in groups.values():
        for row in rows:
            if row[1] != "0":
                assert sum(map(float, row[3:6])) == pytest.approx(100, abs=0.2)
    # praise and blame were planted
    assert groups["Russia"][1][6].startswith(".") and groups["Russia"][2][6].startswith("−")
    assert "lexicon.v1" in table.note and "macro-F1" in table.note


def test_the_corpus_is_listed_article_by_article(study):
    table = corpus_table(study)
    assert heads(table)[:2] == ["Outlet", "Title"] and "Confidence in coding" not in heads(table)
    assert table.n_rows == len(study.corpus) == 15
    tokens = [int(row[5].replace(",", "")) for rows in grouped(table).values() for row in rows]
    assert sum(tokens) == int(study.counts.sizes.sum())
    assert table.note.startswith("15 articles of 3 outlets in 3 blocs.")


def test_a_larger_corpus_is_described_by_its_outlets(tmp_path):
    rows = [
        {
            "article_id": f"a{number:02}",
            "outlet": f"Outlet {number % 3}",
            "bloc": ("East", "West", "West")[number % 3],
            "published": f"2020-{1 + number % 12:02}",
            "title": f"Title {number}",
            "text": f"The leaders of Russia and the US met for talk number {number}, and they said it was good.",
        }
        for number in range(MOST_ARTICLES + 3)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    create_study(tmp_path / "study", tmp_path / "t.csv")
    table = corpus_table(load_study(tmp_path / "study"))
    groups = grouped(table)
    assert list(groups) == ["East (11 articles)", "West (22 articles)"]
    assert [row[:3] for row in groups["West (22 articles)"]] == [
        ("Outlet 1", "11", "2020-02 to 2020-11"),
        ("Outlet 2", "11", "2020-03 to 2020-12"),
    ]


def test_the_barest_corpus_has_no_table_that_says_nothing(tmp_path):
    rows = [
        {
            "article_id": f"a{number}",
            "outlet": "One",
            "bloc": "Only",
            "published": "",
            "title": "",
            "text": text,
        }
        for number, text in enumerate(["Nobody is named in this.", "Nor is anybody in that one."])
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    create_study(tmp_path / "study", tmp_path / "t.csv")
    study = load_study(tmp_path / "study")
    assert contrasts_table(study) is themes_table(study) is sentiment_table(study) is None
    table = corpus_table(study)
    assert heads(table) == ["Outlet", "Paragraphs", "Sentences", "Tokens", "Removed (%)"]
    assert MISSING not in [cell for row in table.rows for cell in row.cells]
