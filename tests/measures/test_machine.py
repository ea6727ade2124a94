"""Machine against coders: a planted confusion is recovered, weighted by the strata, and what is out is counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from coded import coded_by

from analysis.codings import SENTIMENT, CodedItems
from analysis.config import StatisticsParameters
from analysis.measures.machine import carry_weights, match_labels, measure_machine
from analysis.sentiment.contract import CLASSES

STATISTICS = StatisticsParameters(bootstrap=200)


def classes(coded, labels, statistics=STATISTICS):
    result = measure_machine(coded, {"m.v1": np.array(labels)}, statistics=statistics)
    return result, result.table.set_index("class")


def test_by_hand_with_weights_of_strata():
    # stratum x: each coded mention stands for 1, stratum y: for 3
    coded = coded_by(
        {"a": ["negative", "negative", "neutral", "neutral", "positive", "negative"]},
        strata=["x", "x", "x", "y", "y", "y"],
        weight=[1, 1, 1, 3, 3, 3],
    )
    labels = ["negative", "neutral", "neutral", "negative", "positive", "negative"]
    _, table = classes(coded, labels)
    row = table.loc["negative"]
    assert (row["n_coded"], row["n_found"]) == (3, 3)
    assert row["precision"] == pytest.approx((1 + 3) / (1 + 3 + 3))
    assert row["recall"] == pytest.approx((1 + 3) / (1 + 1 + 3))
    assert row["f1"] == pytest.approx(2 * 4 / (7 + 5))
    assert row["found_neutral"] == pytest.approx(1 / 5)
    assert table.loc["all", "f1"] == pytest.approx((1 + 1 + 3 + 3) / 12)
    assert table.loc["macro", "recall"] == pytest.approx((4 / 5 + 1 / 4 + 1) / 3)
    # of a share of exactly 1 the bootstrap knows no error; here one article counts
    assert table.loc["positive", "flag"].startswith("precision descriptive: 1 article")


def test_what_has_no_reference_is_out_and_counted():
    codes = {
        "a": ["negative", "neutral", "unclear", "", "positive"],
        "b": ["positive", "neutral", "unclear", "", ""],
        "c": ["", "negative", "neutral", "", ""],
    }
    result, table = classes(coded_by(codes), ["neutral"] * 5)
    assert table.loc["all", "n_coded"] == 2
    assert result.excluded.values.tolist() == [
        ["coded mentions", 1, "coders tied: no code of more than half of them"],
        ["coded mentions", 1, "most coders found them unclear"],
        ["sampled mentions", 1, "nobody coded them"],
    ]
    row = table.loc["negative"]
    assert np.isnan([row["precision"], row["recall"], row["f1"]]).all()
    assert row["flag"].startswith("precision undefined: never found; recall undefined: never coded")


def test_the_balance_of_a_mention_is_the_mean_of_its_coders():
    matched = match_labels(
        coded_by({"a": ["negative", "neutral", "unclear"], "b": ["neutral", "positive", "positive"]}),
        np.array(["neutral"] * 3),
    )
    assert matched.balance.tolist() == [-0.5, 0.5, 1.0]
    assert matched.balance_weight.tolist() == [1.0, 1.0, 1.0]
    assert (matched.n_tied, matched.n_unclear) == (3, 0)


def test_weights_are_carried_within_strata_and_empty_ones_are_named():
    weight = carry_weights(
        np.array([2.0, 2, 2, 7]), np.array(["a", "a", "a", "b"]), np.array([True, False, True, False])
    )
    assert weight.tolist() == [3.0, 0.0, 3.0, 0.0]
    coded = coded_by({"a": ["neutral", "neutral", ""]}, strata=["x", "x", "y"])
    result, _ = classes(coded, ["neutral"] * 3)
    assert ["strata of the sample", 1, "no mention with a reference code"] in result.excluded.values.tolist()


def test_a_share_of_one_has_wilsons_interval_over_articles():
    codes = ["negative", "neutral", "positive"] * 10
    _, table = classes(coded_by({"a": codes}, articles=np.repeat([f"a{k}" for k in range(10)], 3)), codes)
    row = table.loc["negative"]
    # Wilson (1927): 10 of 10 successes, 95 %: n / (n + z^2)
    assert (row["precision"], row["precision_high"]) == (1.0, 1.0)
    assert row["precision_low"] == pytest.approx(10 / (10 + 1.959964**2), abs=1e-5)
    assert np.isnan(row["f1_low"]) and row["flag"] == "f1 without an interval: exactly 1"


def planted(generator, n, rates, per_article=5):
    truth = generator.choice(3, n, p=[0.3, 0.5, 0.2])
    found = np.array([generator.choice(3, p=rates[one]) for one in truth])
    articles = [f"a{k // per_article:04d}" for k in range(n)]
    return np.array(CLASSES)[truth], np.array(CLASSES)[found], articles


RATES = np.array([[0.8, 0.15, 0.05], [0.2, 0.7, 0.1], [0.05, 0.25, 0.7]])


def test_planted_confusion_is_recovered():
    truth, found, articles = planted(np.random.default_rng(1), 6000, RATES)
    _, table = classes(coded_by({"a": truth}, articles=articles), found)
    rows = table.loc[list(CLASSES), [f"found_{name}" for name in CLASSES]].to_numpy()
    assert np.abs(rows - RATES).max() < 0.03
    assert np.diag(rows) == pytest.approx(table.loc[list(CLASSES), "recall"].to_numpy())
    shares = np.array([0.3, 0.5, 0.2])
    precision = np.diag(RATES) * shares / (shares @ RATES)
    assert table.loc[list(CLASSES), "precision"].to_numpy() == pytest.approx(precision, abs=0.03)
    for name in ("precision", "recall", "f1"):
        assert (table[f"{name}_low"] < table[name]).all() and (table[name] < table[f"{name}_high"]).all()
    assert table.loc["all", "precision"] == table.loc["all", "recall"] == table.loc["all", "f1"]


def test_oversampling_a_stratum_does_not_move_the_estimate():
    generator = np.random.default_rng(4)
    truth, found, articles = planted(generator, 9000, RATES)
    _, whole = classes(coded_by({"a": truth}, articles=articles), found)
    # nine of ten mentions that the machine calls positive are coded, one of three of the others
    positive = found == "positive"
    kept = generator.random(9000) < np.where(positive, 0.9, 0.33)
    sizes = {flag: (positive == flag).sum() / (kept & (positive == flag)).sum() for flag in (True, False)}
    weight = np.array([sizes[flag] for flag in positive[kept]])
    strata = positive[kept].astype(str)
    coded = coded_by({"a": truth[kept]}, articles=np.array(articles)[kept], strata=strata, weight=weight)
    _, weighted = classes(coded, found[kept])
    _, plain = classes(coded_by({"a": truth[kept]}, articles=np.array(articles)[kept]), found[kept])
    recall = whole.loc["positive", "recall"]
    assert weighted.loc["positive", "recall"] == pytest.approx(recall, abs=0.03)
    row = weighted.loc["positive"]
    assert row["recall_low"] < recall < row["recall_high"]
    assert plain.loc["positive", "recall"] > recall + 0.1, "without the weights recall is that of the sample"


def test_any_order_of_items_and_coders_gives_the_same():
    truth, found, articles = planted(np.random.default_rng(2), 120, RATES)
    other = np.where(np.arange(120) % 7 == 0, "unclear", truth)
    coded = coded_by({"a": truth, "b": other}, articles=articles)
    _, table = classes(coded, found)
    order = np.random.default_rng(0).permutation(120)
    shuffled = CodedItems(
        coded.codings.sample(frac=1, random_state=1),
        coded.items.iloc[order].reset_index(drop=True),
        coded.variables,
    )
    _, again = classes(shuffled, found[order])
    pd.testing.assert_frame_equal(table, again)


def test_without_coders_there_is_no_row():
    empty = CodedItems(
        pd.DataFrame(columns=["item_id", "coder", "variable", "code"]),
        pd.DataFrame(columns=["item_id", "article_id", "stratum", "weight"]),
        (SENTIMENT,),
    )
    assert measure_machine(empty, {"m.v1": np.array([])}, statistics=STATISTICS).table.empty
