"""Figure 17: the scorers' accuracy on a public benchmark, beside published systems and baselines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import sentiment
from analysis.figures.spec import FigureSpec, row_height
from analysis.plots.benchmark import draw_benchmark
from analysis.registry import load_scorer

COLUMNS = ["system", "kind", "set", "n_targets", "macro_f1", "macro_f1_low", "macro_f1_high", "source"]
OURS, SHOWN, BASELINE, PUBLISHED = "names hidden", "names visible", "baseline", "published, names visible"
SETS = ("rw", "mt")
TRAINED, SMALL, LEXICON = "encoder.v1", "encoder-small.v1", "lexicon.v1"
TWIN = "target-blind twin"
READINGS = {"study": "in a study", "command": "framing score"}

_MEASURED = "benchmarks/accuracy.py: authors' dev cut of the test set"


def _data(study) -> pd.DataFrame:
    trained, lexicon = load_scorer(TRAINED).benchmark, load_scorer(LEXICON).benchmark
    rows = []
    for reading, words in READINGS.items():
        rows += _measured(f"{TRAINED}, {words}", OURS, trained["readings"][reading], trained)
    others = {SMALL: load_scorer(SMALL).benchmark, study.config.sentiment.scorer: study.scorer.benchmark}
    for name, card in others.items():
        if name not in (TRAINED, LEXICON) and "study" in card.get("readings", {}):
            rows += _measured(f"{name}, in a study", OURS, card["readings"]["study"], card)
    rows += _measured(f"{TRAINED}, visible", SHOWN, trained["readings"]["visible"], trained)
    published = pd.read_csv(Path(sentiment.__file__).with_name("published.csv"))
    rows += [{**row, "kind": PUBLISHED} for row in published.to_dict("records")]
    rows += _measured(TWIN, BASELINE, trained["against"][TWIN], trained)
    rows += _measured(f"{LEXICON} (VADER)", BASELINE, lexicon["readings"]["study"], lexicon)
    for part in SETS:
        coded = [sum(row) for row in lexicon["confusion"][part]]
        # recall of neutral is 1 and its precision the share of neutral; the other two F1 are 0
        f1 = 100 * 2 * coded[1] / (sum(coded) + coded[1]) / 3
        rows.append(
            {"system": "always neutral", "kind": BASELINE, "set": part, "n_targets": sum(coded), "macro_f1": f1,
             "source": _MEASURED}
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS).round({"macro_f1": 1})
    # NaN where the targets are not known
    return table.astype({"n_targets": float})


def _measured(
    system: str, kind: str, found: Mapping[str, Mapping[str, Any]], card: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Make a row for each set from a scorer's card."""
    rows = []
    for part in SETS:
        value, low, high = found[part]["macro_f1"]
        n = sum(sum(row) for row in card["confusion"][part])
        rows.append(
            {"system": system, "kind": kind, "set": part, "n_targets": n, "macro_f1": value, "macro_f1_low": low,
             "macro_f1_high": high, "source": _MEASURED}
        )  # fmt: skip
    return rows


def _caption(data: pd.DataFrame) -> str:
    n = {part: int(data.loc[data["set"] == part, "n_targets"].max()) for part in SETS}
    return (
        "Macro-F1 over negative, neutral and positive on NewsMTSC (Hamborg & Donnay 2021): rw has the class shares of "
        f"the news, mt several targets a sentence. Points with lines: measured on the authors' dev cuts ({n['rw']} and "
        f"{n['mt']} targets), with 95 % bootstrap intervals over articles. Published values are of the authors' test "
        "sets and come without interval; they read the names. The target-blind twin is the "
        "encoder of encoder.v1 trained with no target marked; lexicon.v1 scores the whole sentence."
    )


def _alt(data: pd.DataFrame) -> str:
    first = data[data["system"] == data["system"].iloc[0]].set_index("set")["macro_f1"]
    twin = data[data["system"] == TWIN].set_index("set")["macro_f1"]
    return (
        f"Dot plot of macro-F1 of {data['system'].nunique()} systems on two test sets: {TRAINED} in a study "
        f"{first['rw']:.1f} and {first['mt']:.1f}, its {TWIN} {twin['rw']:.1f} and {twin['mt']:.1f}."
    )


FIGURE = FigureSpec(
    "17_scorer_benchmark",
    "Accuracy of the scorers on a public benchmark",
    "04_sentiment",
    _data,
    draw_benchmark,
    row_height("system", 1.0, 0.21),
    _caption,
    _alt,
)
