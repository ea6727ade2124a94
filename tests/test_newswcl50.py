"""The alias table against NewsWCL50: does a coded mention lead to the country it is coded with?"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from analysis.actors import load_actors, project_actors
from analysis.alias_recall import measure_alias_recall
from analysis.aliases import ActorTable

SHARED = Path(os.environ.get("FRAMING_SHARED") or Path(__file__).resolve().parents[2] / "shared")
GOLD = SHARED / "data" / "newswcl50" / "actor_mentions_events_0_4.csv"
PUBLISHED = (date(2018, 4, 1), date(2018, 5, 31))

pytestmark = pytest.mark.skipif(
    not GOLD.is_file(),
    reason="NewsWCL50 is not part of this project: set FRAMING_SHARED to the folder that holds data/",
)


@pytest.fixture(scope="module")
def measured():
    gold = pd.read_csv(GOLD, dtype="str", keep_default_na=False)
    summary, misses = measure_alias_recall(gold, load_actors(project_actors()), PUBLISHED)
    return summary.set_index("country"), misses


def told(measured, country):
    """Describe the recall of a country and what was missed, for a failed assertion."""
    summary, misses = measured
    return f"{summary.loc[country].to_dict()}\n{misses[misses['country'] == country].to_string()}"


@pytest.mark.parametrize(("country", "least"), [("USA", 0.90), ("CHN", 0.90), ("RUS", 0.90)])
def test_recall_over_all_coded_mentions(measured, country, least):
    assert measured[0].loc[country, "recall"] >= least, told(measured, country)


@pytest.mark.parametrize("country", ["USA", "RUS", "CHN"])
def test_recall_over_mentions_with_a_name(measured, country):
    assert measured[0].loc[country, "recall_named"] >= 0.97, told(measured, country)


@pytest.mark.parametrize("country", ["USA", "RUS", "CHN"])
def test_mentions_mapped_to_a_country_are_coded_so(measured, country):
    assert measured[0].loc[country, "precision"] >= 0.99, told(measured, country)


def test_nominals_raise_recall_and_do_not_lower_precision(measured):
    gold = pd.read_csv(GOLD, dtype="str", keep_default_na=False)
    table = load_actors(project_actors())
    names = ActorTable(table.table, tuple(row for row in table.aliases if not (row.nominal or row.role)))
    before = measure_alias_recall(gold, names, PUBLISHED)[0].set_index("country")
    after = measured[0]
    assert after.loc["USA", "found"] - before.loc["USA", "found"] >= 30
    assert (after["found"] >= before["found"]).all()
    assert (after["precision"].fillna(1) >= before["precision"].fillna(1) - 0.01).all()


def test_without_ids_every_mention_stands_alone():
    gold = pd.DataFrame(
        {
            "code_name": ["USA\\Trump", "USA\\Trump", "RUS"],
            "code_mention": ["Trump", "the president", "Moscow"],
        }
    )
    table = load_actors(project_actors())
    alone = measure_alias_recall(gold, table, PUBLISHED)[0].set_index("country")
    together = measure_alias_recall(gold.assign(id=["0_L_1", "0_L_2", "0_L_3"]), table, PUBLISHED)[0]
    assert alone["found"].to_dict() == {"RUS": 1, "USA": 1}
    assert together.set_index("country")["found"].to_dict() == {"RUS": 1, "USA": 2}


def test_every_miss_is_in_the_list(measured):
    summary, misses = measured
    listed = misses[misses["country"] == "RUS"].set_index("mention")["n"]
    assert listed[["defendants", "the defendants", "Defendants"]].sum() == 3
    assert (misses["n"] >= 1).all()


def test_summary_and_misses_agree(measured):
    summary, misses = measured
    missed = misses.groupby("country")["n"].sum().reindex(summary.index, fill_value=0)
    assert (summary["n"] - summary["found"] == missed).all()
