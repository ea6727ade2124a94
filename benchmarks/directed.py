"""Measures the directed relations on the coded sentences; writes docs/accuracy-directed.md and the card."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import pandas as pd

from analysis.actors import load_actors, project_actors
from analysis.measures.relation_accuracy import measure_relation_accuracy
from analysis.paths import project_root
from analysis.relations.verbs import load_verbs
from analysis.tables import write_bytes
from analysis.text import normalise

HELD_OUT = "2"
FOLDER = project_root() / "benchmarks" / "directed"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with newsmtsc/")
    sentences = fill_texts(load_sentences(), parser.parse_args().data / "newsmtsc" / "train.jsonl")
    codes = pd.read_csv(FOLDER / "codes.csv", dtype=str)
    kinds = load_actors(project_actors()).kinds
    found = {
        draw: measure_relation_accuracy(
            part, codes[codes["draw"] == draw], load_verbs(), kinds
        ).round(3)
        for draw, part in sentences.groupby("draw")
    }  # fmt: skip
    write_card(found[HELD_OUT].set_index("source").loc["all"])
    write_bytes(project_root() / "docs" / "accuracy-directed.md", page(found).encode())


def load_sentences() -> pd.DataFrame:
    """Read the table of sentences; the texts of NewsMTSC are not in it."""
    return pd.read_csv(FOLDER / "sentences.csv", dtype=str, keep_default_na=False)


def fill_texts(sentences: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Fill in the texts of NewsMTSC, and check every text by its hash."""
    wanted = set(sentences.loc[sentences["source"] == "newsmtsc", "key"])
    texts = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if record["primary_gid"] in wanted:
                texts[record["primary_gid"]] = normalise(record["sentence_normalized"]).text
    filled = sentences["text"].where(sentences["text"] != "", sentences["key"].map(texts))
    for row, text in zip(sentences.itertuples(), filled, strict=True):
        digest = hashlib.sha256(str(text).encode()).hexdigest()[:16]
        if row.source == "newsmtsc" and digest != row.sha256:
            raise SystemExit(f"{path}: the sentence {row.key} is missing or another than the one coded")
    return sentences.assign(text=filled)


def write_card(row: pd.Series) -> None:
    """Write what the study prints beside its table."""

    def span(name: str) -> str:
        return f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})"

    card = {
        "n_sentences": int(row["n_sentences"]),
        "n_coded": int(row["n_coded"]),
        "n_found": int(row["n_found"]),
        "n_right": int(row["n_right"]),
        **{name: float(row[name]) for name in ("precision", "recall", "f1")},
        "summary": (
            f"on {int(row['n_sentences'])} held-out sentences coded by a language model: precision "
            f"{span('precision')}, recall {span('recall')}, F1 {span('f1')}"
        ),
    }  # fmt: skip
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    write_bytes(project_root() / "analysis" / "relations" / "verbs_card.json", text.encode())


def page(found: dict[str, pd.DataFrame]) -> str:
    """Write the page of accuracies."""
    lines = [
        "# Accuracy of the directed relations",
        "",
        "Written by `benchmarks/directed.py`; how the sentences were drawn and coded: "
        "[benchmarks/directed/README.md](../benchmarks/directed/README.md). Draw 2 is held out; draw 1 was looked at "
        "after it was coded, to mend the rules, so that its numbers are too good. Intervals resample sentences.",
        "",
        "| draw | source | sentences | coded | found | right | precision | recall | F1 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for draw, table in sorted(found.items()):
        for row in table.itertuples():
            scores = " | ".join(
                f"{getattr(row, name):.2f} ({getattr(row, name + '_low'):.2f} to {getattr(row, name + '_high'):.2f})"
                for name in ("precision", "recall", "f1")
            )
            lines.append(
                f"| {draw} | {row.source} | {row.n_sentences} | {row.n_coded} | {row.n_found} | {row.n_right} "
                f"| {scores} |"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
