"""Reliability of a coded sample: identities of alpha by code, unclear both ways, counts, disagreements, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from coded import coded_by

from analysis.codings import CodedItems, CodedVariable
from analysis.config import StatisticsParameters
from analysis.errors import StudyError
from analysis.measures.coding import (
    check_comparable,
    list_disagreements,
    measure_alphas,
    measure_coders,
    measure_confusions,
    measure_pairs,
)

STATISTICS = StatisticsParameters(bootstrap=150)
FRAME = CodedVariable("conflict", "nominal", ("no", "yes"))
TONE = CodedVariable("tone", "ordinal", ("low", "mid", "high"))


def planted(n=240, share=0.7, seed=1):
    """Two coders: the second repeats the first with probability `share`, else draws; nominal alpha is `share`."""
    generator = np.random.default_rng(seed)
    codes = np.array(TONE.codes)
    first = codes[generator.integers(0, 3, n)]
    second = np.where(generator.random(n) < share, first, codes[generator.integers(0, 3, n)])
    return coded_by(
        {"ben": second, "anna": first}, articles=[f"a{k % 20:02d}" for k in range(n)], variable=TONE
    )


def alphas(coded):
    table = measure_alphas(coded, STATISTICS).table
    return table.set_index(["unclear", "code"])


def test_planted_alpha_and_confusion_are_recovered():
    coded = planted(n=6000, seed=2)
    nominal = CodedItems(coded.codings, coded.items, (CodedVariable("tone", "nominal", TONE.codes),))
    row = alphas(nominal).loc[("missing", "")]
    assert row["alpha"] == pytest.approx(0.7, abs=0.02)
    assert row["alpha_low"] < 0.7 < row["alpha_high"]
    # they differ where the second draws another of three codes: .3 * 2 / 3
    assert row["agreement"] == pytest.approx(0.8, abs=0.02)
    table = measure_confusions(coded).table
    assert set(zip(table["first"], table["second"], strict=True)) == {("anna", "ben")}
    counts = table.pivot(index="first_code", columns="second_code", values="n")
    assert counts.to_numpy().sum() == 6000 and counts.loc["unclear"].sum() == 0
    assert counts.loc["low", "low"] / counts.loc["low"].sum() == pytest.approx(0.8, abs=0.03)
    assert counts.loc["low", "high"] / counts.loc["low"].sum() == pytest.approx(0.1, abs=0.03)


def test_of_two_codes_each_against_the_rest_is_the_variable():
    generator = np.random.default_rng(3)
    first = np.array(["no", "yes"])[generator.integers(0, 2, 60)]
    second = np.where(generator.random(60) < 0.7, first, "no")
    table = alphas(coded_by({"a": first, "b": second}, variable=FRAME))
    assert table.loc[("missing", "yes"), "alpha"] == pytest.approx(table.loc[("missing", ""), "alpha"])
    assert table.loc[("missing", "no"), "alpha"] == pytest.approx(table.loc[("missing", ""), "alpha"])


def test_nominal_alpha_is_the_mean_of_its_codes_weighted_by_expected_disagreement():
    coded = planted()
    nominal = CodedItems(coded.codings, coded.items, (CodedVariable("tone", "nominal", TONE.codes),))
    table = alphas(nominal)
    totals = coded.codings["code"].value_counts()
    weights = {code: totals[code] * (totals.sum() - totals[code]) for code in TONE.codes}
    mean = sum(weights[code] * table.loc[("missing", code), "alpha"] for code in TONE.codes) / sum(
        weights.values()
    )
    assert table.loc[("missing", ""), "alpha"] == pytest.approx(mean)


def test_unclear_as_missing_and_as_a_code():
    codes = {"a": ["no", "yes", "unclear", "unclear", "no"], "b": ["no", "yes", "unclear", "no", ""]}
    table = alphas(coded_by(codes, variable=FRAME))
    missing, own = table.loc[("missing", "")], table.loc[("a code", "")]
    assert (missing["n_items"], own["n_items"]) == (2, 4)
    assert missing["alpha"] == 1.0
    # coincidences of the four: no 3, yes 2, unclear 3 codes; one disagreement of four pairs
    assert own["alpha"] == pytest.approx(1 - 7 * 2 / (3 * 5 + 2 * 6 + 3 * 5))
    assert own["level"] == "nominal" and ("a code", "unclear") in table.index
    assert ("missing", "unclear") not in table.index


def test_an_ordinal_variable_is_nominal_where_unclear_is_a_code():
    table = alphas(planted())
    assert table.loc[("missing", ""), "level"] == "ordinal"
    assert table.loc[("a code", ""), "level"] == "nominal"
    assert table.loc[("missing", "low"), "level"] == "nominal"


def test_an_interval_variable():
    scale = CodedVariable("score", "interval", ("-2", "0", "5"))
    coded = coded_by({"a": ["-2", "0", "5", "5"], "b": ["-2", "0", "5", "0"]}, variable=scale)
    row = alphas(coded).loc[("missing", "")]
    # squared differences: one pair of 25; codes -2, -2, 0, 0, 0, 5, 5, 5
    assert row["alpha"] == pytest.approx(1 - 7 * 2 * 25 / (2 * (6 * 4 + 6 * 49 + 9 * 25)))
    assert alphas(coded).loc[("missing", "5"), "agreement"] == 0.75
    [pair] = measure_pairs(coded, STATISTICS).table.to_dict("records")
    assert (pair["agreement"], pair["n"]) == (0.75, 4)


def test_undefined_is_nan_with_its_reason():
    same = alphas(coded_by({"a": ["no"] * 6, "b": ["no"] * 6}, variable=FRAME)).loc[("missing", "")]
    assert np.isnan(same["alpha"]) and same["agreement"] == 1.0
    assert same["flag"] == "undefined: every code is the same, so nothing can be told from chance"
    apart = alphas(coded_by({"a": ["no", ""], "b": ["", "yes"]}, variable=FRAME)).loc[("missing", "")]
    assert np.isnan(apart["alpha"]) and np.isnan(apart["agreement"])
    assert apart["flag"] == "undefined: no item was coded by two coders"
    sure = alphas(coded_by({"a": ["no", "yes"] * 6, "b": ["no", "yes"] * 6}, variable=FRAME)).loc[
        ("missing", "")
    ]
    assert sure["alpha"] == 1.0 and np.isnan(sure["alpha_low"])
    assert sure["flag"] == "no interval: no disagreement was seen"
    few = coded_by({"a": ["no", "yes", "no"], "b": ["no", "yes", "yes"]}, variable=FRAME)
    assert alphas(few).loc[("missing", ""), "flag"] == "descriptive: 3 articles"


def test_missing_and_unclear_are_counted_apart():
    codes = {"a": ["no", "", "unclear", "yes"], "b": ["", "", "", ""]}
    first, second = measure_coders(coded_by(codes, variable=FRAME)).table.to_dict("records")
    assert (first["n_items"], first["n_missing"], first["n_unclear"]) == (4, 1, 1)
    assert (first["missing"], first["unclear"]) == (0.25, pytest.approx(1 / 3))
    assert second["missing"] == 1.0 and np.isnan(second["unclear"]), (
        "no code was given of which to be unclear"
    )


def test_disagreements_are_listed_with_what_was_read():
    codes = {"a": ["no", "yes", "unclear", ""], "b": ["no", "no", "yes", "yes"]}
    coded = coded_by(codes, variable=FRAME)
    coded = CodedItems(
        coded.codings, coded.items.assign(target=list("wxyz"), before="b", after=""), coded.variables
    )
    table = list_disagreements(coded).table
    assert table["codes"].tolist() == ["a: yes; b: no", "a: unclear; b: yes"], (
        "a missing code disagrees with none"
    )
    assert table["target"].tolist() == ["x", "y"] and set(table["before"]) == {"b"}


def test_any_order_of_rows_gives_the_same():
    coded = planted()
    turned = CodedItems(
        coded.codings.sample(frac=1, random_state=3),
        coded.items.sample(frac=1, random_state=4).reset_index(drop=True),
        coded.variables,
    )
    for measure in (
        lambda one: measure_alphas(one, STATISTICS),
        lambda one: measure_pairs(one, STATISTICS),
        measure_confusions,
        measure_coders,
        list_disagreements,
    ):
        pd.testing.assert_frame_equal(measure(coded).table, measure(turned).table)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (
            {"a": ["no", "yes"], "b": ["", ""]},
            "codings: found codes by a only; allowed: codes by two coders or more. Give the sheet of another coder, "
            "too; what one coder does alone has no agreement.",
        ),
        (
            {"a": ["", ""]},
            "codings: found no code at all; allowed: codes by two coders or more. Give the sheet of another coder, "
            "too; what one coder does alone has no agreement.",
        ),
        (
            {"a": ["no", ""], "b": ["", "yes"]},
            "codings: found no item that two of a, b coded; allowed: items coded by two coders or more. Draw the "
            "sample with --overlap above 0, or let a second coder code some of the items.",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(codes, message):
    with pytest.raises(StudyError) as caught:
        check_comparable(coded_by(codes, variable=FRAME))
    assert [str(problem) for problem in caught.value.problems] == [message]


def test_two_coders_of_one_item_can_be_compared():
    check_comparable(coded_by({"a": ["no", ""], "b": ["unclear", "yes"]}, variable=FRAME))
