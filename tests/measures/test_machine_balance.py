"""Corrected balances: the planted truth is covered where the machine's own count misses it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from coded import coded_by

from analysis.config import StatisticsParameters
from analysis.copy_weights import NO_COPIES
from analysis.measures.machine import match_labels
from analysis.measures.machine_balance import NO_ERROR, measure_machine_balance
from analysis.sentiment.contract import CLASSES

ACTORS = pd.DataFrame({"actor_id": ["us"], "actor": ["United States"], "kind": ["state"]})
TRUTH = {"East": [0.2, 0.5, 0.3], "West": [0.4, 0.5, 0.1]}
BALANCE = {bloc: shares[2] - shares[0] for bloc, shares in TRUTH.items()}
# the machine is harsh on what the East writes and mild on what the West does: it turns the difference about
RATES = {
    "East": np.array([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0], [0.2, 0.4, 0.4]]),
    "West": np.array([[0.4, 0.4, 0.2], [0.0, 0.6, 0.4], [0.0, 0.1, 0.9]]),
}


class Corpus:
    """As much of a corpus as the measure asks for."""

    copies = NO_COPIES

    def __init__(self, blocs):
        self.ids = list(blocs)
        self.weights = np.ones(len(blocs))
        self.blocs = np.array(list(blocs.values()))

    def __len__(self):
        return len(self.ids)

    def grouping(self):
        labels = sorted(set(self.blocs))
        members = {label: np.flatnonzero(self.blocs == label) for label in labels}
        return type("Grouping", (), {"level": "bloc", "labels": labels, "members": members})()


def plant(generator, articles, share, rates=RATES):
    """Plant mentions, a machine and a coder; a share of each bloc's mentions is coded."""
    rows, blocs = [], {}
    for bloc, shares in TRUTH.items():
        for number in range(articles):
            name = f"{bloc}{number}"
            blocs[name] = bloc
            # articles differ in what they say: the article is the unit
            own = generator.dirichlet(np.array(shares) * 6)
            for truth in generator.choice(3, generator.poisson(5) + 1, p=own):
                rows.append((name, bloc, truth, generator.choice(3, p=rates[bloc][truth])))
    table = pd.DataFrame(rows, columns=["article_id", "bloc", "truth", "found"])
    table["start"], table["end"], table["actor_id"] = range(len(table)), range(1, len(table) + 1), "us"
    for place, name in enumerate(CLASSES):
        table[name] = (table["found"] == place).astype(float)
    kept = np.zeros(len(table), dtype=bool)
    for bloc in TRUTH:
        own = np.flatnonzero(table["bloc"] == bloc)
        kept[generator.choice(own, int(share[bloc] * len(own)), replace=False)] = True
    sample = table[kept]
    weight = sample["bloc"].map(table["bloc"].value_counts() / sample["bloc"].value_counts())
    codes = np.array(CLASSES)[sample["truth"]]
    coded = coded_by(
        {"a": codes},
        articles=sample["article_id"].to_numpy(),
        strata=sample["bloc"].to_numpy(),
        weight=weight.to_numpy(),
    )
    matched = match_labels(coded, np.array(CLASSES)[sample["found"]])
    return Corpus(blocs), table, (matched, np.flatnonzero(kept))


def measure(corpus, table, coded, **settings):
    statistics = StatisticsParameters(**{"bootstrap": 120, **settings})
    found = measure_machine_balance(
        corpus, [corpus.grouping()], table, coded, ACTORS, statistics=statistics
    ).table
    return found.set_index(["group", "against"])


def test_corrected_intervals_cover_the_truth_and_uncorrected_ones_do_not():
    generator, runs = np.random.default_rng(7), 80
    held = dict.fromkeys(("machine", "corrected", "by_matrix"), 0)
    single = 0
    for _ in range(runs):
        table = measure(*plant(generator, 25, {"East": 0.4, "West": 0.6}))
        difference = table.loc[("East", "West")]
        for name in held:
            low, high = difference[f"{name}_low"], difference[f"{name}_high"]
            held[name] += low <= BALANCE["East"] - BALANCE["West"] <= high
        east = table.loc[("East", "")]
        single += east["corrected_low"] <= BALANCE["East"] <= east["corrected_high"]
    # about 95 %: within three standard errors of the simulation (.024)
    assert held["corrected"] / runs >= 0.88, held
    assert single / runs >= 0.88, single
    assert held["machine"] / runs <= 0.05, held
    assert held["by_matrix"] / runs < 0.5, (
        "the machine errs otherwise in each bloc, which one matrix cannot see"
    )


def test_the_matrix_is_right_where_the_machine_errs_alike():
    generator, held = np.random.default_rng(9), 0
    alike = dict.fromkeys(TRUTH, np.array([[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.1, 0.3, 0.6]]))
    for _ in range(25):
        table = measure(*plant(generator, 25, {"East": 0.4, "West": 0.6}, alike))
        row = table.loc[("East", "West")]
        held += row["by_matrix_low"] <= BALANCE["East"] - BALANCE["West"] <= row["by_matrix_high"]
    assert held >= 20


def test_with_every_mention_coded_the_correction_is_what_coders_say():
    corpus, table, coded = plant(np.random.default_rng(3), 8, {"East": 1.0, "West": 1.0})
    found = measure(corpus, table, coded)
    for bloc in TRUTH:
        truth = (table.loc[table["bloc"] == bloc, "truth"] - 1).mean()
        row = found.loc[(bloc, "")]
        assert row["corrected"] == pytest.approx(truth) and row["coded"] == pytest.approx(truth)
        assert row["n_coded"] == row["n_mentions"]
    both = found.loc[("East", "West")]
    assert both["corrected"] == pytest.approx(
        found.loc[("East", ""), "corrected"] - found.loc[("West", ""), "corrected"]
    )


def test_a_machine_without_error_is_not_moved_and_says_so():
    corpus, table, coded = plant(
        np.random.default_rng(3), 8, {"East": 0.5, "West": 0.5}, dict.fromkeys(TRUTH, np.eye(3))
    )
    found = measure(corpus, table, coded)
    assert found["corrected"].to_numpy() == pytest.approx(found["machine"].to_numpy())
    assert set(found["flag"]) == {NO_ERROR}


def test_few_articles_have_no_interval_and_uncoded_groups_no_correction():
    corpus, table, coded = plant(np.random.default_rng(3), 4, {"East": 0.5, "West": 0.0})
    found = measure(corpus, table, coded)
    east, west = found.loc[("East", "")], found.loc[("West", "")]
    assert np.isnan([east["corrected_low"], east["machine_low"], west["corrected"]]).all()
    assert east["flag"].startswith("descriptive: ") and west["flag"] == "none coded"
    assert not np.isnan(east["corrected"]) and not np.isnan(west["machine"])


def test_the_order_of_articles_and_mentions_does_not_matter():
    corpus, table, (matched, places) = plant(np.random.default_rng(5), 10, {"East": 0.5, "West": 0.5})
    found = measure(corpus, table, (matched, places))
    order = np.random.default_rng(1).permutation(len(table))
    back = np.argsort(order)
    turned = Corpus(dict(reversed(list(zip(corpus.ids, corpus.blocs, strict=True)))))
    again = measure(turned, table.iloc[order].reset_index(drop=True), (matched, back[places]))
    pd.testing.assert_frame_equal(found, again, check_exact=False, rtol=1e-12)


def test_nothing_coded_gives_no_row():
    corpus, table, _ = plant(np.random.default_rng(3), 4, {"East": 0.5, "West": 0.5})
    assert measure(corpus, table, None).empty


def test_a_cell_with_few_coded_mentions_is_not_corrected_unless_all_are():
    corpus, table, coded = plant(np.random.default_rng(3), 6, {"East": 0.15, "West": 1.0})
    found = measure(corpus, table, coded)
    east, west, both = (found.loc[key] for key in (("East", ""), ("West", ""), ("East", "West")))
    assert 0 < east["n_coded"] < 10 and np.isnan([east["corrected"], east["coded"], both["corrected"]]).all()
    assert east["flag"] == f"not corrected: {east['n_coded']} coded, 10 are needed"
    assert not np.isnan(west["corrected_low"]) and not np.isnan(east["machine_low"])
    one = table.groupby("bloc").head(1)
    places = np.arange(2)
    matched = match_labels(
        coded_by({"a": ["neutral"] * 2}, articles=one["article_id"].to_numpy()), np.array(["negative"] * 2)
    )
    few = measure(corpus, one.reset_index(drop=True), (matched, places))
    assert few.loc[("East", ""), "corrected"] == 0, "the only mention is coded: nothing is left to be told"
    assert few["by_matrix"].isna().all()
