"""Measure a trained encoder on the dev files of NewsMTSC, and write its card.

    .venv/bin/python benchmarks/train_encoder/measure.py DATA FOLDER [--twin TWIN] [--sizes sizes.jsonl]

DATA holds dev_rw.jsonl and dev_mt.jsonl; FOLDER holds encoder.v1.onnx and encoder.v1.json. Written are
encoder_card.json beside FOLDER's model and page.json, from which card.py makes docs/model-card-encoder.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.sentiment.benchmark import load_targets, summarise_labels
from analysis.sentiment.contract import CLASSES, label_scores, score_mentions
from analysis.sentiment.encoder import EncoderScorer

CUTS = ("dev_rw", "dev_mt")
SWAPPED = ("John Smith", "Russia", "Putin", "China", "Trump", "Zelensky", "Hitler", "the United States")


def main() -> None:
    """Read the command line, measure, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--twin", type=Path, help="folder of the target-blind twin, as train.py wrote it")
    parser.add_argument(
        "--sizes", type=Path, help="other files of the same weights, measured: one object per line"
    )
    parsed = parser.parse_args()
    model = parsed.folder / "encoder.v1.onnx"
    facts = json.loads((parsed.folder / "encoder.v1.json").read_text(encoding="utf-8"))
    dev = {cut: load_targets(parsed.data / f"{cut}.jsonl") for cut in CUTS}
    page: dict = {"file": facts, "forms": {}}
    scorer = make_scorer(model)
    clock, cpu = time.perf_counter(), time.process_time()
    score_mentions(scorer, dev["dev_rw"].head(1))
    page["load"] = {"seconds": time.perf_counter() - clock, "cpu_seconds": time.process_time() - cpu}
    found, clock, cpu = {}, time.perf_counter(), time.process_time()
    for cut in CUTS:
        found[cut] = score_mentions(scorer, dev[cut])
    n = sum(map(len, dev.values()))
    page["speed"] = {"wall": n / (time.perf_counter() - clock), "cpu": n / (time.process_time() - cpu)}
    page["forms"]["all names masked or replaced"] = {cut: describe(dev[cut], found[cut]) for cut in CUTS}
    bare = {cut: dev[cut].assign(names=[[] for _ in range(len(dev[cut]))]) for cut in CUTS}
    shown = make_scorer(model, visible=True)
    for label, one in (("other actors visible", scorer), ("every name visible", shown)):
        page["forms"][label] = {cut: describe(dev[cut], score_mentions(one, bare[cut])) for cut in CUTS}
    page["swap"] = measure_swap(dev["dev_mt"], scorer, shown)
    if parsed.twin:
        page["twin"] = measure_twin(dev, found, parsed.twin)
    if parsed.sizes:
        page["sizes"] = [json.loads(line) for line in parsed.sizes.read_text(encoding="utf-8").splitlines()]
    few = dev["dev_mt"].head(60)
    right = int((label_scores(found["dev_mt"].head(60)) == few["label"]).sum())
    write_json(parsed.folder / "encoder_card.json", make_card(page, model, right))
    write_json(parsed.folder / "page.json", page)


def make_scorer(model: Path, **options) -> EncoderScorer:
    """Make a scorer of a file that has no card yet."""
    scorer = EncoderScorer(model, **options)
    # a measured file is its own reference
    scorer.__dict__["benchmark"] = {"sha256": hashlib.sha256(model.read_bytes()).hexdigest()}
    return scorer


def make_card(page: dict, model: Path, right: int) -> dict:
    """Make what stands beside the model: benchmark, hash, confusion."""
    measured = page["forms"]["all names masked or replaced"]
    rw, mt = (measured[cut]["macro_f1"] for cut in CUTS)
    return {
        "data": "NewsMTSC (Hamborg & Donnay 2021), the authors' dev cut of the two test sets, dev_rw and dev_mt; "
        "names masked, other actors replaced",
        "metric": "macro-F1 over negative, neutral, positive",
        "dev_rw": rw,
        "dev_mt": mt,
        "targets": [measured[cut]["n"] for cut in CUTS],
        "summary": f"trained encoder, names masked, macro-F1 {rw:.1f} (dev_rw) and {mt:.1f} (dev_mt) of 100 on "
        "NewsMTSC; always-neutral 18.9 and 22.0",
        "confusion": {cut: measured[cut]["confusion"] for cut in CUTS},
        "right_of_first_60": right,
        "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "bytes": model.stat().st_size,
    }


def describe(coded: pd.DataFrame, scores: pd.DataFrame, draws: int = 2000) -> dict:
    """Accuracy, calibration and error of the balance.

    Parameters
    ----------
    coded : pandas.DataFrame
        With ``label``.
    scores : pandas.DataFrame
        The three classes.
    draws : int
        Resamples of targets for the 95 % interval, and of 100 targets for the error of the balance.

    Returns
    -------
    dict
        Shares in percent, to one decimal; balances to three.
    """
    labels, hat = coded["label"].to_numpy(dtype=object), label_scores(scores)
    result = summarise_labels(labels, hat)
    y, p = np.array([CLASSES.index(one) for one in labels]), scores.to_numpy()
    guess = np.array([CLASSES.index(one) for one in hat])
    random_state = np.random.default_rng(1)
    resampled = [macro_f1(y[i], guess[i]) for i in random_state.integers(0, len(y), (draws, len(y)))]
    top = p.max(axis=1)
    bins = np.minimum((top * 10).astype(int), 9)
    gaps = [abs(top[bins == b].sum() - (guess == y)[bins == b].sum()) for b in range(10)]
    parts = random_state.integers(0, len(y), (draws, 100))
    error = (p[:, 2] - p[:, 0])[parts].mean(axis=1) - (y - 1)[parts].mean(axis=1)
    hard = (guess - 1)[parts].mean(axis=1) - (y - 1)[parts].mean(axis=1)
    return {
        "n": len(y),
        "macro_f1": round(100 * result["macro_f1"], 1),
        "interval": [round(100 * float(q), 1) for q in np.quantile(resampled, [0.025, 0.975])],
        "accuracy": round(100 * result["accuracy"], 1),
        "classes": [
            [row["class"], row["n"], *(round(100 * row[name], 1) for name in ("precision", "recall", "f1"))]
            for row in result["classes"].to_dict("records")
        ],
        "confusion": result["confusion"].to_numpy().tolist(),
        "calibration_error": round(100 * float(sum(gaps)) / len(y), 1),
        "balance": round(float((p[:, 2] - p[:, 0]).mean()), 3),
        "balance_coded": round(float((y - 1).mean()), 3),
        "rmse_100": round(float(np.sqrt((error**2).mean())), 3),
        "rmse_100_labels": round(float(np.sqrt((hard**2).mean())), 3),
    }


def macro_f1(y: np.ndarray, guess: np.ndarray) -> float:
    """Macro-F1 of class numbers."""
    hits = np.array([np.sum((y == k) & (guess == k)) for k in range(3)])
    either = np.array([np.sum(y == k) + np.sum(guess == k) for k in range(3)])
    return float((2 * hits / np.maximum(1, either)).mean())


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


def measure_twin(dev: dict[str, pd.DataFrame], found: dict[str, pd.DataFrame], twin: Path) -> dict:
    """Compare with the same encoder trained without a marked target (McNemar's exact test)."""
    result, predicted = {}, np.load(twin / "predictions.npz")
    temperature = json.loads((twin / "card.json").read_text(encoding="utf-8"))["temperature"]
    for cut in CUTS:
        logits = predicted[cut.removeprefix("dev_")] / temperature
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        blind = pd.DataFrame(shares / shares.sum(axis=1, keepdims=True), columns=list(CLASSES))
        coded = dev[cut]["label"].to_numpy(dtype=object)
        ours, theirs = label_scores(found[cut]) == coded, label_scores(blind) == coded
        b, c = int((ours & ~theirs).sum()), int((~ours & theirs).sum())
        p = min(1.0, 2 * sum(math.comb(b + c, k) for k in range(min(b, c) + 1)) / 2 ** (b + c))
        result[cut] = {**describe(dev[cut], blind), "only_ours": b, "only_twin": c, "p": float(f"{p:.2g}")}
    return result


def write_json(path: Path, content: dict) -> None:
    """Write a JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
