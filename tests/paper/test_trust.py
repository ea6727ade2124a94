"""Tables of trust: what they count is in the results, and a study without codings has no table of them."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from analysis.paper.model import MISSING
from analysis.paper.trust import agreement_table, multiverse_table, robustness_table

NAN = float("nan")


def study_of(**tables: pd.DataFrame) -> SimpleNamespace:
    """Stand in for a study with some results."""
    themes = pd.DataFrame([("T1", "Trade")], columns=["theme_id", "label"])
    tables = {"themes": themes, **tables}
    return SimpleNamespace(
        result=lambda name: SimpleNamespace(table=tables[name]),
        actor_labels=pd.DataFrame([("us", "United States")], columns=["actor_id", "actor"]),
    )


def cells(table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def test_robustness_counts_verdicts_and_keeps_extremes():
    names = ["measure", "item", "group", "specification", "value", "reference_value", "verdict"]
    rows = [
        ("contrasts", "needs", "East", "without a", 4.0, 3.0, "same"),
        ("contrasts", "needs", "East", "without b", 1.0, 3.0, "halved"),
        ("contrasts", "needs", "East", "alternative coding of X", -1.0, 3.0, "turned"),
        ("sentiment", "us", "West", "without a", -0.5, -0.25, "same"),
        ("sentiment", "us", "West", "without b", NAN, -0.25, "lost"),
        ("themes", "T1", "West", "without a", NAN, 0.125, "lost"),
    ]
    table = robustness_table(study_of(robustness=pd.DataFrame(rows, columns=names)))
    assert cells(table) == [
        ("Log ratio of the foremost terms",),
        ("needs, East", "3.00", "−1.00", "4.00", "1", "1", "1", "0"),
        ("Balance toward the actors mentioned most",),
        ("United States, West", "−.25", "−.50", "−.50", "1", "0", "0", "1"),
        ("Weight of the theme minus its weight in all other blocs (points)",),
        ("T1 Trade, West", "12.5", MISSING, MISSING, "0", "0", "0", "1"),
    ]
    assert "under 3 specifications: without one article (2), and with the alternative" in table.note
    assert f"{MISSING} the number is not to be had." in table.note


def test_the_multiverse_is_printed_in_all_and_not_by_choice():
    names = [
        "family", "item", "group", "choice", "n_specifications", "n_lost", "same_sign", "value", "relative_low",
        "relative_median", "relative_high",
    ]  # fmt: skip
    rows = [
        ("contrasts", "needs", "East", "", 3072, 768, 0.5, 4.5, -0.06, 0.333, 1.0),
        ("contrasts", "needs", "East", "case", 1536, 0, 0.5, 4.5, 0.0, 0.3, 1.0),
        ("sentiment", "us", "West", "", 10, 10, 0.0, -0.2, NAN, NAN, NAN),
    ]
    table = multiverse_table(study_of(multiverse_summary=pd.DataFrame(rows, columns=names)))
    assert [row for row in cells(table) if len(row) > 1] == [
        ("needs, East", "3,072", "25.0", "50.0", "4.50", "0.33", "[−0.06, 1.00]"),
        ("United States, West", "10", "100.0", "0.0", "−.20", MISSING, MISSING),
    ]
    assert table.note.endswith(f"{MISSING} not defined.")


def test_agreement_of_coders():
    names = [
        "first", "second", "n", "n_articles", "agreement", "kappa", "alpha", "alpha_low", "alpha_high", "macro_f1",
    ]  # fmt: skip
    rows = [
        ("anna", "ben", 367, 7, 0.970027, 0.8914, 0.891409, 0.82405, 0.94984, 0.930367),
        ("anna", "c", 1, 1, 1.0, NAN, NAN, NAN, NAN, 1),
    ]
    table = agreement_table(study_of(agreement=pd.DataFrame(rows, columns=names)))
    assert cells(table) == [
        ("anna", "ben", "367", "7", "97.0", ".89", ".89", "[.82, .95]", ".93"),
        ("anna", "c", "1", "1", "100.0", MISSING, MISSING, MISSING, "1.00"),
    ]
    assert "with its interval over articles" in table.note
    table = agreement_table(study_of(agreement=pd.DataFrame(rows[1:], columns=names)))
    assert cells(table) == [("anna", "c", "1", "1", "100.0", MISSING, MISSING, "1.00")]
    assert "so few articles support no interval of it" in table.note


def test_what_is_not_there_has_no_table():
    empty = pd.DataFrame(columns=["reference_value", "choice"])
    study = study_of(agreement=empty, robustness=empty, multiverse_summary=empty)
    assert agreement_table(study) is robustness_table(study) is multiverse_table(study) is None
