"""Measure a trained encoder on the dev sets of NewsMTSC, and write its card.

    .venv/bin/python benchmarks/measure_encoder.py DATA FOLDER [--name NAME] [--twin TWIN] [--sizes sizes.jsonl]

DATA holds dev_rw.jsonl and dev_mt.jsonl; FOLDER holds encoder.v1.onnx and encoder.v1.json. Written is
encoder_card.json in FOLDER, from which model_card.py makes docs/model-card-encoder.md; with --twin, the folder of the
target-blind twin as train.py wrote it, twin.csv as well. NAME is encoder or encoder-small; the files are called so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from calibrate import calibrate, cross_fit
from scorers import ALSO_AGAINST, CUTS, KEPT_TWIN, STUDY, benchmark_card, dump_card, measure_scorers, read_set

from analysis.registry import load_scorer
from analysis.sentiment.benchmark import load_targets
from analysis.sentiment.contract import CLASSES, score_mentions
from analysis.sentiment.encoder import EncoderScorer, SmallEncoderScorer
from analysis.sentiment.validation import validate_scores

KINDS = {"encoder": EncoderScorer, "encoder-small": SmallEncoderScorer}
SWAPPED = ("John Smith", "Russia", "Putin", "China", "Trump", "Zelensky", "Hitler", "the United States")


def main() -> None:
    """Read the command line, measure, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name", default="encoder", choices=sorted(KINDS))
    parser.add_argument("--twin", type=Path, help="folder of the target-blind twin, as train.py wrote it")
    parser.add_argument(
        "--sizes", type=Path, help="other files of the same weights, measured: one object per line"
    )
    parsed = parser.parse_args()
    name = f"{parsed.name}.v1"
    model, twin = parsed.folder / f"{name}.onnx", KEPT_TWIN
    if parsed.twin:
        twin = parsed.folder / "twin.csv"
        keep_twin(parsed.data, parsed.twin, twin)
    facts = json.loads((parsed.folder / f"{name}.json").read_text(encoding="utf-8"))
    calibration = measure_bias(parsed.data, model)
    scorer, shown = (make_scorer(model, calibration["bias"], visible=visible) for visible in (False, True))
    first = read_set(STUDY, parsed.data / "dev_rw.jsonl")
    # seconds of the processor, since others may share the machine
    clock = time.process_time()
    score_mentions(scorer, first.head(1))
    load, clock = time.process_time() - clock, time.process_time()
    score_mentions(scorer, first)
    speed = len(first) / (time.process_time() - clock)
    made = {name: partial(make_scorer, model, calibration["bias"])}
    if name in ALSO_AGAINST:
        made[ALSO_AGAINST[name]] = partial(load_scorer, ALSO_AGAINST[name])
    card = benchmark_card(measure_scorers(parsed.data, made, twin), name)
    card |= {"sha256": facts["sha256"], "bytes": facts["bytes"]}
    card |= {key: facts[key] for key in ("pieces", "embedding_bits", "temperature")}
    card |= calibration
    card |= {"load_seconds": round(load, 1), "targets_a_second": round(speed, 1)}
    card["swap"] = measure_swap(load_targets(parsed.data / "dev_mt.jsonl"), scorer, shown)
    if parsed.sizes:
        card["sizes"] = [json.loads(line) for line in parsed.sizes.read_text(encoding="utf-8").splitlines()]
    (parsed.folder / f"{parsed.name}_card.json").write_text(dump_card(card) + "\n", encoding="utf-8")


def make_scorer(model: Path, bias: float = 0.0, **options) -> EncoderScorer:
    """Make a scorer of a file that has no card yet; the file is called after it."""
    scorer = KINDS.get(model.name.partition(".")[0], EncoderScorer)(model, **options)
    # a measured file is its own reference
    scorer.__dict__["benchmark"] = {"sha256": hashlib.sha256(model.read_bytes()).hexdigest(), "bias": bias}
    return scorer


def measure_bias(data: Path, model: Path) -> dict:
    """Fit the bias of the positive class, and measure what it does for sentences that it was not fitted on.

    Parameters
    ----------
    data : pathlib.Path
        Holds the dev sets.
    model : pathlib.Path
        The model file.

    Returns
    -------
    dict
        ``bias``, ``bias_alone`` (fitted on each set alone, by reading) and ``cross_fitted``: by reading and set,
        macro-F1 and what else was measured without a bias and with that of the other articles.
    """
    scorer, found = make_scorer(model), {}
    for reading in (STUDY, "command"):
        targets = {cut: read_set(reading, data / f"{cut}.jsonl") for cut in CUTS}
        found[reading] = targets, {cut: score_mentions(scorer, one) for cut, one in targets.items()}
    kept = ("macro_f1", "calibration_error", "rmse_100", "balance", "balance_coded")
    cross = {}
    for reading, (targets, scores) in found.items():
        plain = {cut: validate_scores(targets[cut], scores[cut]) for cut in CUTS}
        crossed = cross_fit(targets, scores)
        cross[reading] = {
            cut.removeprefix("dev_"): {
                "without": {key: plain[cut][key] for key in kept},
                "with": {key: crossed[cut][key] for key in kept},
            }
            for cut in CUTS
        }
    alone = {
        reading: [calibrate({cut: targets[cut]}, scores) for cut in CUTS]
        for reading, (targets, scores) in found.items()
    }
    return {"bias": calibrate(*found[STUDY]), "bias_alone": alone, "cross_fitted": cross}


def measure_swap(coded: pd.DataFrame, scorer: EncoderScorer, shown: EncoderScorer, most: int = 150) -> dict:
    """How far the balance moves when a name is put in place of another.

    Parameters
    ----------
    coded : pandas.DataFrame
        As from `load_targets`.
    scorer, shown : EncoderScorer
        With the name masked, and visible.
    most : int
        Sentences used.

    Returns
    -------
    dict
        For the target's own name and for the other actors', masked (or replaced) and visible: mean
        shift of the balance against "John Smith", by name.
    """
    rows = [row for row in coded.to_dict("records") if is_apart(row["names"])]
    others = [row for row in rows if len(row["names"]) > 1 + len(row["same"])]
    found: dict = {}
    for who, chosen in (("own", rows[:most]), ("other", others[:most])):
        for how, one in (("hidden", scorer), ("visible", shown if who == "own" else scorer)):
            balance = {}
            for name in SWAPPED:
                frame = pd.DataFrame([rename(row, name, own=who == "own") for row in chosen])
                if how == "visible":
                    frame["names"] = [[] for _ in chosen]
                scores = score_mentions(one, frame)
                balance[name] = scores["positive"] - scores["negative"]
            first = balance[SWAPPED[0]]
            found[f"{who} name, {how}"] = {
                "sentences": len(chosen),
                "shift": {
                    name: round(float((balance[name] - first).mean()), 3) + 0.0 for name in SWAPPED[1:]
                },
            }
    return found


def is_apart(names: list[tuple[int, int]]) -> bool:
    """Say whether no two mentions of a sentence overlap."""
    return all(one[1] <= other[0] for one, other in zip(names, names[1:], strict=False))


def rename(row: dict, name: str, *, own: bool) -> dict:
    """Put a name in place of the target's mentions, or of everyone else's; move the offsets along."""
    mine = {(row["start"], row["end"]), *row["same"]}
    text, cursor, moved = "", 0, {}
    for start, end in sorted(row["names"]):
        words = name if ((start, end) in mine) == own else row["text"][start:end]
        text += row["text"][cursor:start]
        moved[start, end] = (len(text), len(text) + len(words))
        text += words
        cursor = end
    start, end = moved[row["start"], row["end"]]
    return {
        "text": text + row["text"][cursor:],
        "start": start,
        "end": end,
        "names": sorted(moved.values()),
        "same": [moved[place] for place in row["same"]],
    }


def keep_twin(data: Path, folder: Path, path: Path) -> None:
    """Write what the target-blind twin found on the dev sets.

    Parameters
    ----------
    data : pathlib.Path
        Holds the dev sets.
    folder : pathlib.Path
        The twin's: predictions.npz holds its logits, card.json its temperature.
    path : pathlib.Path
        The table: set, line and target (both from 1), and the three classes.
    """
    predicted = np.load(folder / "predictions.npz")
    temperature = json.loads((folder / "card.json").read_text(encoding="utf-8"))["temperature"]
    rows = []
    for cut in CUTS:
        logits = predicted[cut.removeprefix("dev_")] / temperature
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = iter(shares / shares.sum(axis=1, keepdims=True))
        lines = (data / f"{cut}.jsonl").read_text(encoding="utf-8").splitlines()
        for line, text in enumerate(lines, start=1):
            for target in range(1, len(json.loads(text)["targets"]) + 1):
                rows.append([cut, line, target, *next(shares)])
        if next(shares, None) is not None:
            raise ValueError(f"the twin in {folder} scored more targets than {cut} holds")
    table = pd.DataFrame(rows, columns=["set", "line", "target", *CLASSES])
    table.to_csv(path, index=False, lineterminator="\n", float_format="%.4f")


if __name__ == "__main__":
    main()
