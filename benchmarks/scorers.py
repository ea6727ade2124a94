"""Measures the sentiment scorers on NewsMTSC's dev sets: every reading, with intervals, beside each other."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from calibrate import calibrate

from analysis.paths import project_root
from analysis.registry import list_scorers, load_scorer
from analysis.score import read_targets
from analysis.sentiment.benchmark import load_targets
from analysis.sentiment.contract import CLASSES, label_scores, score_mentions
from analysis.sentiment.encoder import favour_positive
from analysis.sentiment.validation import compare_scores, validate_scores
from analysis.tables import write_bytes

CUTS = ("dev_rw", "dev_mt")
STUDY, BASELINE, TWIN = "study", "lexicon.v1", "target-blind twin"
ALSO_AGAINST = {"encoder-small.v1": "encoder.v1"}
"""Whom a scorer is compared with besides the baseline and the twin."""

READINGS = {
    STUDY: "as in a study: every listed actor hidden",
    "command": "as by `framing score`: states and their people hidden, actors of US politics visible",
    "target": "the target hidden, every other actor visible",
    "visible": "every name visible",
}
"""What is hidden from a scorer; the encoder alone can read the target's own name."""

HEADS = {"macro_f1": "macro-F1", "accuracy": "accuracy", "calibration_error": "calibration error"}
FIRST = 60
KEPT_TWIN = Path(__file__).with_name("twin.csv")
"""What the target-blind twin found: `train_encoder/train.py --blind`, through `measure_encoder.py --twin`."""


def read_set(reading: str, path: Path) -> pd.DataFrame:
    """Read coded targets in one of `READINGS`.

    Parameters
    ----------
    reading : str
        One of `READINGS`.
    path : pathlib.Path
        A set of NewsMTSC.

    Returns
    -------
    pandas.DataFrame
        As from `load_targets`, the same targets in the same order.
    """
    targets = load_targets(path)
    if reading == "command":
        found: list[dict] = []
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            rows, problems = read_targets(path.name, number, line)
            if problems:
                raise ValueError(f"framing score refuses a coded target: {problems[0]}")
            found += rows
        names = pd.DataFrame(found)[["text", "start", "end", "names", "same"]]
        if not names[["text", "start", "end"]].equals(targets[["text", "start", "end"]]):
            raise ValueError(f"{path.name} is read in another order by framing score")
        targets = targets.assign(names=names["names"], same=names["same"])
    elif reading != STUDY:
        targets = targets.assign(names=[[] for _ in range(len(targets))])
    return targets


def measure_scorers(
    folder: Path, make: Mapping[str, Callable[[], Any]] | None = None, twin: Path = KEPT_TWIN
) -> dict[str, dict]:
    """Measure every scorer in every reading, and the twin.

    Parameters
    ----------
    folder : pathlib.Path
        Holds the dev sets.
    make : mapping of str to callable, optional
        Makes a fresh scorer by name; by default each that is registered.
    twin : pathlib.Path
        What the target-blind twin found.

    Returns
    -------
    dict
        By scorer: ``readings`` (by reading and set, as from `validate_scores`), ``against`` (by other scorer
        and set, as from `compare_scores`, in the study's reading) and ``right_of_first`` (hits among the first
        60 targets of dev_mt).
    """
    targets = {cut: load_targets(folder / f"{cut}.jsonl") for cut in CUTS}
    scores = {TWIN: lean(targets, {cut: read_twin(twin, cut, len(targets[cut])) for cut in CUTS})}
    if make is None:
        make = {name: partial(load_scorer, name) for name in list_scorers()}
    measured: dict[str, dict] = {}
    for name in sorted({BASELINE, *make}):
        by_reading: dict[str, dict] = {}
        for reading in READINGS:
            scorer = make[name]() if name in make else load_scorer(name)
            if reading == "visible":
                if not hasattr(scorer, "visible"):
                    continue
                scorer.visible = True
            by_reading[reading] = {}
            for cut in CUTS:
                found = score_mentions(scorer, read_set(reading, folder / f"{cut}.jsonl"))
                by_reading[reading][cut] = validate_scores(targets[cut], found)
                if reading == STUDY:
                    scores.setdefault(name, {})[cut] = found
        few = targets["dev_mt"]["label"].head(FIRST) == label_scores(scores[name]["dev_mt"].head(FIRST))
        measured[name] = {"readings": by_reading, "right_of_first": int(few.sum())}
    measured[TWIN] = {
        "readings": {STUDY: {cut: validate_scores(targets[cut], scores[TWIN][cut]) for cut in CUTS}}
    }
    for name, one in measured.items():
        others = [
            other for other in (ALSO_AGAINST.get(name), BASELINE, TWIN) if other in scores and other != name
        ]
        others = [] if name == TWIN else others
        one["against"] = {
            other: {cut: compare_scores(targets[cut], scores[name][cut], scores[other][cut]) for cut in CUTS}
            for other in others
        }
    return measured


def lean(targets: Mapping[str, pd.DataFrame], scores: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Give scores the bias that the dev sets ask for, as `encoder.v1` has its own.

    Parameters
    ----------
    targets, scores : mapping of str to pandas.DataFrame
        By set.

    Returns
    -------
    dict
        By set, the three classes.
    """
    bias = calibrate(targets, scores)
    return {
        cut: pd.DataFrame(favour_positive(one[list(CLASSES)].to_numpy(), bias), columns=list(CLASSES))
        for cut, one in scores.items()
    }


def read_twin(path: Path, cut: str, n: int) -> pd.DataFrame:
    """Read what the target-blind twin found.

    Parameters
    ----------
    path : pathlib.Path
        A table of ``set``, ``line``, ``target`` and the three classes.
    cut : str
        The set.
    n : int
        Its targets.

    Returns
    -------
    pandas.DataFrame
        The three classes, one row per target.
    """
    table = pd.read_csv(path)
    table = table[table["set"] == cut].reset_index(drop=True)
    if len(table) != n:
        raise ValueError(f"{path.name} holds {len(table)} targets of {cut}, the set {n}: it is another set")
    shares = table[list(CLASSES)].to_numpy(dtype=float)
    # four decimals do not quite add up to 1
    return pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), columns=list(CLASSES))


def benchmark_card(measured: dict[str, dict], name: str) -> dict:
    """Make the part of a scorer's card that is measured.

    Parameters
    ----------
    measured : dict
        From `measure_scorers`.
    name : str
        The scorer.

    Returns
    -------
    dict
        ``dev_rw`` and ``dev_mt`` (macro-F1), ``targets``, ``summary``, ``confusion`` and ``measured``
        (``rw`` and ``mt``: everything in the study's reading), ``readings`` (the shares of each reading),
        ``against`` and ``right_of_first_60``; sets are named ``rw`` and ``mt``.
    """
    one, short = measured[name], {cut: cut.removeprefix("dev_") for cut in CUTS}
    study = one["readings"][STUDY]
    rw, mt = (study[cut]["macro_f1"][0] for cut in CUTS)
    neutral = [always_neutral(study[cut]["confusion"]) for cut in CUTS]
    kind = "trained encoder, names masked" if name.startswith("encoder") else "VADER on the whole sentence"
    shares = (*HEADS, "rmse_100", "rmse_100_labels")
    return {
        "data": "NewsMTSC (Hamborg & Donnay 2021), the authors' dev cut of the two test sets, dev_rw and dev_mt; read "
        "as in a study: every target and every actor of the alias table hidden",
        "metric": "macro-F1 over negative, neutral, positive",
        "dev_rw": rw,
        "dev_mt": mt,
        "targets": [study[cut]["n"] for cut in CUTS],
        "summary": f"{kind}, macro-F1 {rw:.1f} (dev_rw) and {mt:.1f} (dev_mt) of 100 on NewsMTSC; always-neutral "
        f"{neutral[0]:.1f} and {neutral[1]:.1f}",
        "confusion": {short[cut]: study[cut]["confusion"] for cut in CUTS},
        "measured": {short[cut]: study[cut] for cut in CUTS},
        "readings": {
            reading: {short[cut]: {key: found[cut][key] for key in shares} for cut in CUTS}
            for reading, found in one["readings"].items()
        },
        "against": {
            other: {
                short[cut]: {"macro_f1": measured[other]["readings"][STUDY][cut]["macro_f1"], **found[cut]}
                for cut in CUTS
            }
            for other, found in one["against"].items()
        },
        "right_of_first_60": one["right_of_first"],
    }


def always_neutral(confusion: list[list[int]]) -> float:
    """Return the macro-F1 of calling every target neutral.

    Parameters
    ----------
    confusion : list of list of int
        Of any scorer on the same targets.

    Returns
    -------
    float
        Percent.

    Examples
    --------
    >>> round(always_neutral([[1, 0, 0], [0, 2, 0], [1, 0, 0]]), 1)
    22.2
    """
    coded = np.array(confusion).sum(axis=1)
    return float(100 * 2 * coded[1] / (coded.sum() + coded[1]) / len(CLASSES))


def write_cards(measured: dict[str, dict]) -> None:
    """Write what was measured into the cards beside the scorers; the rest of a card stays.

    Parameters
    ----------
    measured : dict
        From `measure_scorers`.
    """
    for name in (name for name in measured if name != TWIN):
        path = project_root() / "analysis" / "sentiment" / f"{name.partition('.')[0]}_card.json"
        card = json.loads(path.read_text(encoding="utf-8")) | benchmark_card(measured, name)
        write_bytes(path, (dump_card(card) + "\n").encode())


def dump_card(card: dict) -> str:
    """Write a card as JSON, a list of numbers on one line.

    Parameters
    ----------
    card : dict
        The card.

    Returns
    -------
    str
        JSON; what is undefined is null.
    """
    text = json.dumps(_without_nan(card), indent=1, ensure_ascii=False, allow_nan=False)
    return re.sub(r"\[\s+([-\d.,\snul]+?)\s+\]", lambda found: f"[{' '.join(found[1].split())}]", text)


def _without_nan(value):
    """Write NaN as null."""
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and np.isnan(value) else value
