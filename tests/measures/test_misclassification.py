"""Adjusted shares: identity, planted shares recovered, edges, and cards that cannot be used."""

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus

from analysis.config import StatisticsParameters
from analysis.measures.misclassification import adjust_shares, measure_misclassification, read_confusion

RATES = np.array([[0.8, 0.15, 0.05], [0.1, 0.8, 0.1], [0.05, 0.2, 0.75]])
ACTORS = pd.DataFrame({"actor_id": ["ru", "us"], "actor": ["Russia", "US"], "kind": "state"})
STATISTICS = StatisticsParameters(random_state=1)


def shares(n, seed=0):
    return np.random.default_rng(seed).dirichlet([1, 1, 1], n)


def test_a_scorer_without_errors_changes_nothing():
    found = shares(50)
    np.testing.assert_allclose(adjust_shares(found, np.eye(3)), found, atol=1e-12)


def test_true_shares_are_recovered_from_expected_labels():
    true = shares(200)
    np.testing.assert_allclose(adjust_shares(true @ RATES, RATES), true, atol=1e-9)


def test_a_scorer_that_swaps_two_classes_is_swapped_back():
    swapped = np.eye(3)[[2, 1, 0]]
    assert adjust_shares(np.array([[0.7, 0.2, 0.1]]), swapped)[0] == pytest.approx([0.1, 0.2, 0.7])


def test_what_no_shares_can_make_is_met_as_nearly_as_can_be():
    found = np.array([[1.0, 0, 0], [0, 0, 1], [0.02, 0.96, 0.02], [0.5, 0.0, 0.5], [0, 0.5, 0.5]])
    adjusted = adjust_shares(found, RATES)
    assert (adjusted >= 0).all()
    assert adjusted.sum(axis=1) == pytest.approx(1)
    grid = np.array([(a, b, 200 - a - b) for a in range(201) for b in range(201 - a)]) / 200
    for one, best in zip(found, adjusted, strict=True):
        errors = ((grid @ RATES - one) ** 2).sum(axis=1)
        assert ((best @ RATES - one) ** 2).sum() <= errors.min() + 1e-12
        assert best == pytest.approx(grid[errors.argmin()], abs=0.006)
    assert adjusted[0].tolist() == [1, 0, 0]


def test_a_scorer_that_tells_nothing_apart_allows_no_adjustment():
    always_neutral = np.array([[0.0, 1, 0]] * 3)
    assert np.isnan(adjust_shares(shares(3), always_neutral)).all()
    assert np.isnan(adjust_shares(np.array([[np.nan] * 3]), RATES)).all()


def test_cards_are_read_as_lists_or_by_class_and_nonsense_is_left_out():
    names = ("negative", "neutral", "positive")
    rows = [[8, 1, 1], [1, 8, 1], [0, 2, 8]]
    nested = {one: dict(zip(names, row, strict=True)) for one, row in zip(names, rows, strict=True)}
    card = {
        "confusion": {"rw": rows, "mt": nested, "short": [[1, 2]], "text": "none", "minus": [[-1, 0, 0]] * 3}
    }
    found = read_confusion(card)
    assert list(found) == ["mt", "rw"]
    np.testing.assert_array_equal(found["mt"], rows)
    assert (
        read_confusion({}) == read_confusion({"confusion": None}) == read_confusion({"confusion": [1]}) == {}
    )


def planted(rates, n=3000, seed=5):
    """Label mentions of two groups with planted shares through a scorer that errs at `rates`."""
    generator = np.random.default_rng(seed)
    true = {"w1": [0.6, 0.3, 0.1], "r1": [0.1, 0.5, 0.4]}
    rows = []
    for name, share in true.items():
        for label in generator.choice(3, n, p=share):
            seen = generator.choice(3, p=rates[label])
            rows.append(
                {"article_id": name, "actor_id": "us", **dict(zip("abc", np.eye(3)[seen], strict=True))}
            )
    table = pd.DataFrame(rows).rename(columns={"a": "negative", "b": "neutral", "c": "positive"})
    return make_corpus(dict.fromkeys(true, "Text.")), table, true


def measure(corpus, scores, benchmark):
    groupings = [corpus.grouping(level) for level in ("article", "outlet", "bloc")]
    return measure_misclassification(
        corpus, groupings, scores, ACTORS, benchmark=benchmark, statistics=STATISTICS
    ).table


def test_planted_shares_are_recovered_from_noisy_labels():
    corpus, scores, true = planted(RATES)
    table = measure(corpus, scores, {"confusion": {"mt": (RATES * 1000).tolist()}})
    assert len(table) == 6 and set(table["benchmark_set"]) == {"mt"}
    for row in table[table["level"] == "article"].itertuples():
        negative, neutral, positive = true[row.group]
        assert row.adjusted_negative == pytest.approx(negative, abs=0.04)
        assert row.adjusted_neutral == pytest.approx(neutral, abs=0.04)
        assert row.adjusted_positive == pytest.approx(positive, abs=0.04)
        assert row.adjusted_balance == pytest.approx(row.adjusted_positive - row.adjusted_negative)
        assert row.adjusted_balance_low <= row.adjusted_balance <= row.adjusted_balance_high
        assert row.adjusted_balance_low <= positive - negative <= row.adjusted_balance_high
        # the labels alone miss it
        assert abs(row.counted_balance - (positive - negative)) > 0.04
        assert row.flag == "sensitivity, not truth"


def test_the_range_narrows_with_the_benchmark():
    corpus, scores, _ = planted(RATES, n=300)
    small, large = (measure(corpus, scores, {"confusion": {"mt": (RATES * n).tolist()}}) for n in (40, 4000))
    width = [(one["adjusted_balance_high"] - one["adjusted_balance_low"]).max() for one in (small, large)]
    assert width[1] < width[0] / 4


def test_what_cannot_be_adjusted_says_why():
    corpus, scores, _ = planted(RATES, n=30)
    estimates = ["adjusted_negative", "adjusted_balance", "adjusted_balance_low"]
    for benchmark, name, why in (
        ({}, "none", "no confusion matrix on the scorer's card"),
        (
            {"confusion": {"a": [[5, 0, 0], [0, 5, 0], [0, 0, 0]]}},
            "a",
            "the benchmark has no positive target",
        ),
        (
            {"confusion": {"a": [[0, 9, 0]] * 3}},
            "a",
            "the scorer does not tell the classes apart on this set",
        ),
    ):
        table = measure(corpus, scores, benchmark)
        assert set(table["flag"]) == {f"sensitivity, not truth; {why}"}
        assert set(table["benchmark_set"]) == {name}
        assert table[estimates].isna().all().all()
        assert table["counted_balance"].notna().all()


def test_one_mention_that_no_shares_explain_is_flagged():
    corpus, scores, _ = planted(RATES, n=30)
    only = scores[(scores["article_id"] == "w1") & (scores["negative"] == 1)]
    table = measure(corpus, only, {"confusion": {"mt": (RATES * 100).tolist()}})
    assert set(table["flag"]) == {"sensitivity, not truth; no shares fit these counts, the nearest are given"}
    assert set(table["adjusted_balance"]) == {-1.0}
    assert measure(corpus, scores.iloc[:0], {"confusion": {"mt": (RATES * 100).tolist()}}).empty
