"""Agreement: coders and scorers set side by side by hand; kappa and AC1 as published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.codings import SENTIMENT, CodedItems, CodedVariable, coded_mentions
from analysis.config import StatisticsParameters
from analysis.errors import ParameterError
from analysis.measures.agreement import (
    chance_corrected,
    code_matrix,
    confusion,
    measure_agreement,
    pair_row,
    reference_codes,
)

X = np.nan
STATISTICS = StatisticsParameters(bootstrap=200)


def coded_from(wide, articles=None, variable=SENTIMENT):
    """Make coded items of a table with one column per coder; "" is missing."""
    wide = pd.DataFrame(wide)
    mentions = pd.DataFrame(
        {
            "article_id": articles or [f"a{n}" for n in range(len(wide))],
            "start": range(len(wide)),
            "end": range(1, len(wide) + 1),
            "actor_id": "us",
        }
    )
    return coded_mentions(wide, mentions)


def test_a_table_by_hand():
    coded = coded_from(
        {
            "a": ["negative", "neutral", "positive", "neutral", ""],
            "b": ["negative", "neutral", "neutral", "", ""],
        }
    )
    assert len(coded.items) == 4, "what nobody coded is no item"
    assert set(coded.items["weight"]) == {5 / 4}
    labels = {"s.v1": np.array(["negative", "positive", "positive", "neutral"])}
    table = measure_agreement(coded, labels, statistics=STATISTICS).table
    pair, scorer = table.to_dict("records")
    assert (pair["first"], pair["second"], pair["n"]) == ("a", "b", 3)
    assert pair["agreement"] == pytest.approx(2 / 3)
    # agreed: negative, neutral, and the one that only the first coded as neutral
    assert (scorer["first"], scorer["second"], scorer["n"]) == ("coders agreeing", "s.v1", 3)
    assert scorer["agreement"] == pytest.approx(2 / 3)
    assert scorer["f1_negative"] == 1.0
    assert scorer["f1_neutral"] == pytest.approx(2 / 3)
    assert scorer["f1_positive"] == 0.0
    assert pair["flag"] == "descriptive: 3 articles"


def test_a_class_that_neither_has_is_undefined_and_left_out_of_the_mean():
    coded = coded_from({"a": ["negative", "neutral"], "b": ["negative", "neutral"]})
    [pair] = measure_agreement(coded, {}, statistics=STATISTICS).table.to_dict("records")
    assert np.isnan(pair["f1_positive"]) and pair["macro_f1"] == 1.0


def test_without_codes_there_is_no_row():
    coded = coded_from(pd.DataFrame(index=range(3)))
    assert coded.items.empty and coded.coders == []
    assert measure_agreement(coded, {}, statistics=STATISTICS).table.empty


def test_confusion_counts_pairs():
    table = confusion(np.array([0, 0, 1, X]), np.array([0, 2, 1, 1]))
    assert table.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]


def test_kappa_and_ac1_as_published():
    # Gwet (2002), two raters and 125 subjects: kappa falls to 0 where one code prevails, AC1 does not
    agreement, kappa, ac1 = chance_corrected(np.array([[118, 5], [2, 0]]))
    assert (agreement, round(kappa, 4), round(ac1, 4)) == (0.944, -0.0234, 0.9408)
    # Cohen (1960), table 1: 200 patients, three diagnoses
    _, kappa, _ = chance_corrected(np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))
    assert kappa == pytest.approx(0.492, abs=0.0005)


def test_kappa_without_variation_is_undefined():
    agreement, kappa, ac1 = chance_corrected(np.array([[7, 0], [0, 0]]))
    assert (agreement, ac1) == (1.0, 1.0) and np.isnan(kappa)
    assert np.isnan(chance_corrected(np.zeros((2, 2)))).all()


def test_the_reference_is_what_more_than_half_gave():
    codes = np.array([[0, 0, X, X, 1, 2], [0, 1, 1, X, 1, 2], [1, X, X, X, 2, 2], [1, X, X, X, 1, 0]])
    assert reference_codes(codes).tolist()[2] == 1
    assert np.isnan(reference_codes(codes)[[0, 1, 3]]).all(), "ties, and what nobody coded"
    assert reference_codes(codes)[[4, 5]].tolist() == [1, 2]


def test_pairs_of_an_interval_variable():
    variable = CodedVariable("tone", "interval", ("-2", "0", "1"))
    row = pair_row(np.array([[-2, 0, 1, 1], [-2, 0, 1, 0]]), np.array(list("abcd")), variable, STATISTICS)
    assert row["agreement"] == 0.75 and row["n"] == 4
    # by hand: squared differences 1 of 4 pairs; pooled codes -2, -2, 0, 0, 0, 1, 1, 1
    assert row["alpha"] == pytest.approx(1 - 7 * (2 * 1) / (2 * (8 * 11 - 1)))


def test_codes_that_do_not_exist_are_refused():
    codings = pd.DataFrame([["i1", "a", "tone", "high"]], columns=["item_id", "coder", "variable", "code"])
    items = pd.DataFrame({"item_id": ["i1"], "article_id": ["x"]})
    for variable, message in (
        (
            CodedVariable("tone", "nominal", ("low", "mid")),
            "tone has no code 'high'; allowed: low, mid, unclear or empty",
        ),
        (
            CodedVariable("tone", "interval", ("1", "high")),
            "the interval variable 'tone' has a code that is no number; found: 1, high",
        ),
    ):
        with pytest.raises(ParameterError) as caught:
            code_matrix(CodedItems(codings, items, (variable,)), variable)
        assert str(caught.value) == message
