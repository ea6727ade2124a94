"""Validation: values by hand, against scikit-learn and SciPy, and intervals that respect articles."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from sklearn.metrics import f1_score, precision_score, recall_score

from analysis.sentiment.contract import CLASSES
from analysis.sentiment.validation import compare_scores, validate_scores


def frame(rows):
    return pd.DataFrame(rows, columns=list(CLASSES))


def targets(labels, articles=None):
    return pd.DataFrame({"label": labels, "article": articles or [f"a{i}" for i in range(len(labels))]})


def certain(labels):
    return frame([[float(name == label) for name in CLASSES] for label in labels])


def random_scores(n, seed=1):
    generator = np.random.default_rng(seed)
    labels = generator.choice(CLASSES, n, p=[0.3, 0.5, 0.2]).tolist()
    raw = generator.random((n, 3)) + 0.4 * certain(labels).to_numpy()
    return labels, frame(raw / raw.sum(axis=1, keepdims=True))


def test_values_by_hand():
    scores = frame([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.0, 0.45, 0.55], [0.3, 0.3, 0.4]])
    found = validate_scores(targets(["negative", "negative", "positive", "neutral"]), scores, bootstrap=20)
    assert found["n"] == found["articles"] == 4
    assert found["confusion"] == [[1, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert found["accuracy"][0] == 50
    # F1: negative 2/3, neutral 0, positive 2/3
    assert found["macro_f1"][0] == 44.4
    # gaps: .9 right .1, .8 wrong .8, .55 right .45, .4 wrong .4
    assert found["calibration_error"][0] == pytest.approx(100 * (0.1 + 0.8 + 0.45 + 0.4) / 4, abs=0.06)
    assert found["balance"] == pytest.approx((-0.9 - 0.2 + 0.55 + 0.1) / 4, abs=5e-4)
    assert found["balance_coded"] == -0.25
    assert found["classes"]["negative"]["n"] == 2
    assert [found["classes"]["negative"][key][0] for key in ("precision", "recall", "f1")] == [100, 50, 66.7]


def test_values_equal_scikit_learn():
    labels, scores = random_scores(300)
    found = validate_scores(targets(labels), scores, bootstrap=20)
    guess = np.array(CLASSES)[scores.to_numpy().argmax(axis=1)]
    assert found["macro_f1"][0] == pytest.approx(100 * f1_score(labels, guess, average="macro"), abs=0.051)
    for key, function in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        expected = function(labels, guess, labels=list(CLASSES), average=None)
        shown = [found["classes"][name][key][0] for name in CLASSES]
        assert shown == pytest.approx(100 * expected, abs=0.051)


def test_the_interval_holds_the_value_and_narrows_with_articles():
    widths = []
    for n in (60, 2400):
        labels, scores = random_scores(n)
        value, low, high = validate_scores(targets(labels), scores, bootstrap=400)["macro_f1"]
        assert low < value < high
        widths.append(high - low)
    # forty times the articles: about a sixth of the width
    assert 4.5 < widths[0] / widths[1] < 9


def test_targets_of_one_article_are_drawn_together():
    labels, scores = random_scores(100)
    once = validate_scores(targets(labels), scores, bootstrap=300)
    articles = [f"a{i % 100}" for i in range(400)]
    copied = validate_scores(targets(labels * 4, articles), pd.concat([scores] * 4), bootstrap=300)
    # four copies in the same article are no more evidence than one
    assert copied["articles"] == 100 and copied["n"] == 400
    for key in ("macro_f1", "accuracy", "calibration_error"):
        assert copied[key] == pytest.approx(once[key], abs=0.11)


def test_the_order_of_the_rows_changes_no_interval():
    labels, scores = random_scores(80)
    articles = [f"a{i // 3}" for i in range(80)]
    expected = validate_scores(targets(labels, articles), scores, bootstrap=100)
    turned = validate_scores(targets(labels[::-1], articles[::-1]), scores[::-1], bootstrap=100)
    assert {**turned, "rmse_100": 0, "rmse_100_labels": 0} == {
        **expected,
        "rmse_100": 0,
        "rmse_100_labels": 0,
    }


def test_a_class_without_targets_is_undefined_not_zero():
    found = validate_scores(targets(["negative", "neutral"]), certain(["negative", "neutral"]), bootstrap=20)
    assert found["classes"]["positive"]["n"] == 0
    assert np.isnan([found["classes"]["positive"][key][0] for key in ("precision", "recall", "f1")]).all()
    assert found["accuracy"][0] == 100 and found["calibration_error"][0] == 0 == found["rmse_100"]


def test_a_known_error_of_the_balance_is_found():
    # probabilities that are off by .1 each, all one way: averaging does not help
    labels = ["neutral"] * 50
    found = validate_scores(targets(labels), frame([[0.0, 0.9, 0.1]] * 50), bootstrap=50)
    assert found["rmse_100"] == 0.1 and found["rmse_100_labels"] == 0 and found["balance"] == 0.1


def test_scorers_are_compared_on_the_same_targets():
    labels = ["negative", "neutral", "positive"] * 40
    wrong = ["neutral", "negative", "neutral"]
    first = [wrong[i % 3] if i < 10 else label for i, label in enumerate(labels)]
    second = [wrong[i % 3] if 8 <= i < 38 else label for i, label in enumerate(labels)]
    found = compare_scores(targets(labels), certain(first), certain(second), bootstrap=300)
    assert (found["only_first"], found["only_second"]) == (28, 8)
    assert found["p"] == pytest.approx(binomtest(28, 36).pvalue, rel=0.05)
    guess = [f1_score(labels, one, average="macro") for one in (first, second)]
    value, low, high = found["difference"]
    assert value == pytest.approx(100 * (guess[0] - guess[1]), abs=0.051) and low < value < high
    back = compare_scores(targets(labels), certain(second), certain(first), bootstrap=300)
    assert back["difference"] == pytest.approx([-value, -high, -low]) and back["p"] == found["p"]


def test_a_scorer_does_not_differ_from_itself():
    labels, scores = random_scores(50)
    found = compare_scores(targets(labels), scores, scores, bootstrap=50)
    assert found == {"difference": [0, 0, 0], "only_first": 0, "only_second": 0, "p": 1.0}
