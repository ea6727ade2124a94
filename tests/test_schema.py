"""The declarations: sound in themselves, kept by the seeds and results, and told in the data dictionary."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest

from analysis import actors, cleaning, codebook
from analysis.columns import check_table
from analysis.readers import read_csv
from analysis.schema.results import RESULT_TABLES, as_declared
from analysis.schema.seeds import ADDED_LOG, ARTICLES_SEED, OUTLETS_SEED, SAME_OUTLETS_SEED, SET_ASIDE

SEEDS = (ARTICLES_SEED, OUTLETS_SEED)


@pytest.fixture(scope="module")
def dictionary(seed_study_dir):
    """Return the tables of seeds/README.md: section to rows of cells."""
    sections = {}
    for line in (seed_study_dir / "seeds/README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            rows = sections.setdefault(line.lstrip("# "), [])
        elif line.startswith("| `"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return sections


OTHERS = (SAME_OUTLETS_SEED, ADDED_LOG, SET_ASIDE)


@pytest.mark.parametrize("table", [*SEEDS, *OTHERS, *RESULT_TABLES.values()], ids=lambda table: table.name)
def test_a_declaration_is_sound(table):
    assert len(table.names) == len(set(table.names))
    for column in table.columns:
        assert re.fullmatch("[a-z][a-z0-9_]*", column.name)
        assert column.kind in ("text", "whole", "number", "flag")
        assert column.meaning
        assert "|" not in column.meaning + column.allowed
        assert (column.check is None) == (column.allowed == ""), column.name


@pytest.mark.parametrize("table", SEEDS, ids=lambda table: table.name)
def test_the_seeds_are_as_declared(seed_study_dir, table):
    found = read_csv(seed_study_dir / "seeds" / table.name, shown=table.name)
    assert list(found.columns) == table.names
    assert check_table(found, table, where=table.name) == []


@pytest.mark.parametrize("table", [*SEEDS, SAME_OUTLETS_SEED], ids=lambda table: table.name)
def test_the_data_dictionary_is_the_declaration(dictionary, table):
    assert dictionary[table.name] == [
        [f"`{column.name}`", "yes" if column.required else "no", column.meaning, column.allowed or "any text"]
        for column in table.columns
    ]


def test_the_data_dictionary_of_actors(dictionary):
    rows = {row[0].strip("`"): row for row in dictionary["actors.csv"]}
    assert tuple(rows) == actors.COLUMNS
    assert rows["kind"][3] == ", ".join(actors.KINDS)
    assert rows["match"][3] == ", ".join(actors.MATCHES)


def test_the_data_dictionary_of_cleaning_rules(dictionary):
    assert sorted(row[0].strip("`") for row in dictionary["cleaning.toml"]) == sorted(cleaning._RULE_KEYS)


def test_the_data_dictionary_of_the_codebook(dictionary):
    keys = [row[0].strip("`") for row in dictionary["codebook.toml"]]
    assert keys == [*codebook.TASK_KEYS, *codebook.VARIABLE_KEYS]


def test_the_datasheet_tells_each_article_as_it_is_coded(seed_study_dir, dictionary):
    articles = read_csv(seed_study_dir / "seeds/articles.csv", shown="articles.csv")
    outlets = read_csv(seed_study_dir / "seeds/outlets.csv", shown="outlets.csv").set_index("outlet_id")
    told = [(row[0].strip("`"), *row[2:]) for row in dictionary["What the texts are"]]
    assert told == [
        (row.article_id, row.published, row.confidence, outlets.loc[row.outlet_id, "confidence"])
        for row in articles.itertuples()
    ]
    assert (articles["url"] == "").all()


def test_every_link_of_the_seeds_readme_exists(seed_study_dir):
    folder = seed_study_dir / "seeds"
    for target in re.findall(r"\]\(([^)]+)\)", (folder / "README.md").read_text(encoding="utf-8")):
        assert (folder / target).exists(), target


def test_a_result_is_brought_into_its_declared_form():
    columns = dict.fromkeys(RESULT_TABLES["keywords"].names, 1)
    table = pd.DataFrame([{**columns, "article_id": "a1", "term": "war", "extra": 1}], index=[7])
    found = as_declared(table[[*table.columns[::-1]]], "keywords")
    assert list(found.columns) == RESULT_TABLES["keywords"].names
    assert list(found.index) == [0]
    assert [str(kind) for kind in found.dtypes][2:] == ["float64"] * 4


def test_an_empty_result_has_its_types():
    found = as_declared(pd.DataFrame(columns=RESULT_TABLES["mentions"].names), "mentions")
    assert found["start"].dtype == "int64"


def test_a_result_without_a_declared_column_is_a_defect():
    table = pd.DataFrame({"article_id": ["a1"], "term": ["war"]})
    with pytest.raises(AssertionError) as caught:
        as_declared(table, "keywords")
    assert str(caught.value) == (
        "keywords: the measure made no column tfidf_received, rank_received, tfidf_cleaned, rank_cleaned"
    )


def test_a_result_outside_its_bounds_is_a_defect():
    row = {
        **{c.name: math.nan for c in RESULT_TABLES["themes"].columns if c.kind == "number"},
        "theme_id": "T1", "label": "a", "automatic_label": "a", "top_terms": "a", "level": "bloc", "group": "East",
        "n_articles": 1, "n_with_themes": 1, "n_paragraphs": 1, "family": 0, "weight": 1.5, "driven_by": None,
        "flag": None,
    }  # fmt: skip
    with pytest.raises(AssertionError) as caught:
        as_declared(pd.DataFrame([row]), "themes")
    assert str(caught.value) == "themes:0 (weight): found '1.5'; allowed: 0 to 1. Correct the value."
