"""The paragraph on coding: what it says of estimates, intervals and what is undefined."""

from __future__ import annotations

import numpy as np
import pandas as pd
from coded import coded_by

from analysis.coding_text import coding_paragraph
from analysis.codings import CodedItems, CodedVariable
from analysis.config import StatisticsParameters
from analysis.measures.coding import measure_alphas
from analysis.measures.machine import measure_machine
from analysis.methods_text import cite_works

STATISTICS = StatisticsParameters(bootstrap=120)
NOTHING = pd.DataFrame()


def paragraph(coded, classes=NOTHING, balance=NOTHING, unit="mention"):
    alphas = measure_alphas(coded, STATISTICS).table
    return coding_paragraph(alphas, classes, balance, unit=unit, coders="Two coders", scorer="m.v1")


def test_few_articles_have_no_interval_and_none_is_claimed():
    text = paragraph(coded_by({"a": ["neutral", "negative"], "b": ["neutral", "positive"]}))
    assert text == (
        "Two coders gave a code to the same 2 mentions of 2 articles. Krippendorff's alpha [krippendorff2019] "
        "(nominal; unclear is taken for missing) is 0.40."
    )


def test_machine_and_intervals_are_told():
    codes = ["negative", "neutral", "positive"] * 12
    other = ["neutral", *codes[1:]]
    coded = coded_by({"a": codes, "b": other})
    labels = np.array([*codes[:30], *["neutral"] * 6])
    classes = measure_machine(coded, {"m.v1": labels}, statistics=STATISTICS).table
    balance = pd.DataFrame({"n_coded": [4]})
    text = paragraph(coded, classes, balance)
    assert "Intervals in this paragraph are 95 % and resample articles." in text
    assert "(35 mentions), m.v1 reaches a mean F1 of 0." in text
    assert "negative 0.9" in text and "[egami2023]" in text and "[teblunthuis2024]" in text
    assert "[egami2023]" not in paragraph(coded, classes, balance.iloc[:0]), "nothing was corrected"
    cited = cite_works(text)
    assert "(Egami et al., 2023)" in cited and cited.count("\n- ") == 3


def test_variables_are_named_and_undefined_ones_give_their_reason():
    parts = []
    for name, second in (("human_interest", ["yes", "no", "no"]), ("other", ["no"] * 3)):
        variable = CodedVariable(name, "nominal", ("no", "yes"))
        first = ["yes", "no", "yes"] if name != "other" else ["no"] * 3
        parts.append(coded_by({"a": first, "b": second}, variable=variable))
    coded = CodedItems(
        pd.concat([part.codings for part in parts]),
        parts[0].items,
        tuple(variable for part in parts for variable in part.variables),
    )
    text = paragraph(coded, unit="paragraph")
    # codes: yes 3, no 3; one disagreement
    assert "the same 3 paragraphs of 3 articles" in text
    assert text.endswith(
        "is 0.44 for human interest, undefined (every code is the same, so nothing can be told from chance) for other."
    )


def test_nothing_coded_twice_says_nothing():
    assert paragraph(coded_by({"a": ["neutral", ""], "b": ["", "neutral"]})) == ""
    assert cite_works("") == ""
