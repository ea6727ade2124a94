"""Accuracy of directed relations: precision, recall and F1 against coded sentences, with intervals over sentences."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.relations.finding import find_relations
from analysis.relations.verbs import VerbTable
from analysis.resampling import bootstrap_weights, percentile_interval

_KEYS = ["source", "key"]


def measure_relation_accuracy(
    sentences: pd.DataFrame,
    codes: pd.DataFrame,
    table: VerbTable,
    kinds: Mapping[str, str],
    *,
    bootstrap: int = 2000,
) -> pd.DataFrame:
    """Compare the relations found in sentences with those that were coded.

    What counts is a relation of a sentence: subject, object and kind, asserted. It is right if it is coded
    so. Precision is the share of those found that are right, recall the share of those coded that are
    found, F1 their harmonic mean. Intervals resample sentences, because the two directions of a symmetric
    relation are right or wrong together.

    Parameters
    ----------
    sentences : pandas.DataFrame
        ``source``, ``key``, ``text`` and ``mentions`` ("start-end:actor_id", parted by blanks).
    codes : pandas.DataFrame
        ``source``, ``key``, ``subject``, ``object``, ``relation``, ``status``.
    table : VerbTable
        The verbs.
    kinds : mapping of str to str
        actor_id to kind.
    bootstrap : int
        B.

    Returns
    -------
    pandas.DataFrame
        One row per source and one for ``all``: n_sentences, n_coded, n_found, n_right, and precision,
        recall and f1, each with _low and _high; NaN where nothing is coded or found.
    """
    coded = codes[codes["status"] == "asserted"].groupby(_KEYS)[["subject", "object", "relation"]]
    gold = {key: set(part.itertuples(index=False, name=None)) for key, part in coded}
    counts = []
    for row in sentences.itertuples():
        found = {
            (one.subject, one.object, one.relation)
            for one in find_relations(row.text, parse_mentions(row.mentions), table, kinds)
            if one.status == "asserted"
        }
        wanted = gold.get((row.source, row.key), set())
        counts.append((len(wanted), len(found), len(wanted & found)))
    counts = np.array(counts, dtype=float).reshape(-1, 3)
    names = (sentences["source"] + ":" + sentences["key"]).to_numpy()
    parts = [
        (source, (sentences["source"] == source).to_numpy()) for source in sorted(set(sentences["source"]))
    ]
    rows = []
    for source, chosen in [*parts, ("all", np.ones(len(sentences), dtype=bool))]:
        inside = counts[chosen]
        coded_n, found_n, right = inside.sum(axis=0)
        drawn = bootstrap_weights(list(names[chosen]), bootstrap, 0).astype(float) @ inside
        low, high = percentile_interval(_scores(drawn))
        row = {
            "source": source,
            "n_sentences": int(chosen.sum()),
            "n_coded": int(coded_n),
            "n_found": int(found_n),
            "n_right": int(right),
        }
        for place, name in enumerate(("precision", "recall", "f1")):
            row |= {name: _scores(inside.sum(axis=0)[None, :])[0, place]}
            row |= {f"{name}_low": low[place], f"{name}_high": high[place]}
        rows.append(row)
    return pd.DataFrame(rows)


def parse_mentions(written: str) -> list[tuple[int, int, str]]:
    """Read mentions as the table of sentences writes them.

    Parameters
    ----------
    written : str
        For example ``"0-6:russia 16-23:ukraine"``.

    Returns
    -------
    list of (int, int, str)
        Start, end, actor_id.
    """
    found = []
    for one in written.split():
        place, _, actor = one.partition(":")
        start, _, end = place.partition("-")
        found.append((int(start), int(end), actor))
    return found


def _scores(counts: np.ndarray) -> np.ndarray:
    """Compute precision, recall and F1 of rows of coded, found and right."""
    coded, found, right = counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = np.where(found > 0, right / found, np.nan)
        recall = np.where(coded > 0, right / coded, np.nan)
        f1 = np.where(coded + found > 0, 2 * right / (coded + found), np.nan)
    return np.column_stack([precision, recall, f1])
