"""Measures a sentiment scorer against sentences that people have coded (NewsMTSC's format)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.actors import ActorTable, load_actors, project_actors
from analysis.errors import Problem, StudyError, shorten
from analysis.mentions import find_mentions
from analysis.sentiment.contract import CLASSES, Scorer, label_scores, score_mentions

POLARITIES = {2: "negative", 4: "neutral", 6: "positive"}
"""How NewsMTSC (Hamborg & Donnay 2021) writes the three classes."""

PRONOUNS = frozenset(
    "i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our ours "
    "ourselves they them their theirs themselves who whom whose this that these those".split()
)
"""Further mentions that a study does not see, since it finds actors by their names."""

# NewsMTSC names a sentence by its article, its number in it, and the target
_ARTICLE = re.compile(r"(.+?_\d+_-?\d+)_\d+_")


def evaluate_scorer(scorer: Scorer, path: str | os.PathLike) -> dict[str, Any]:
    """Compare a scorer's most likely class with the one that people gave.

    Accuracy that is printed beside a sentiment figure must be measured as the study uses the scorer: see
    `load_targets` for what is hidden from it.

    Parameters
    ----------
    scorer : Scorer
        Any scorer.
    path : path
        JSON lines as read by `load_targets`.

    Returns
    -------
    dict
        ``n`` (targets), ``accuracy`` and ``macro_f1`` (0 to 1; F1 is 0 for a class that is neither coded nor
        found), ``classes`` (one row per class: ``class``, ``n``, ``precision``, ``recall``, ``f1``; NaN where
        undefined) and ``confusion`` (rows are the coded class, columns the scorer's).

    Raises
    ------
    StudyError
        A line of the file cannot be used; all such lines are named.
    ScorerError
        The scorer breaks its contract.
    """
    targets = load_targets(path)
    scores = score_mentions(scorer, targets)
    return summarise_labels(targets["label"].to_numpy(), label_scores(scores))


def load_targets(path: str | os.PathLike) -> pd.DataFrame:
    """Read coded targets as a study reads its mentions.

    The coded targets are taken for the listed actors. Hidden is what a study finds by name: every target,
    every further mention that is a name, and every actor of the project's alias table. A pronoun or a
    description ("he", "the ex-CIA leader") is not found, and stays.

    Parameters
    ----------
    path : path
        One JSON object per line: ``sentence_normalized`` and ``targets``, a list of ``from``, ``to``
        (exclusive), ``polarity`` (2, 4 or 6) and, optionally, ``further_mentions`` with ``from`` and ``to``;
        optionally ``primary_gid``, which names the article.

    Returns
    -------
    pandas.DataFrame
        One row per target: ``text``, ``start``, ``end``, ``names`` and ``same`` (as in
        `analysis.sentiment.contract.Scorer`), ``label``, and ``article`` (without a ``primary_gid`` each
        sentence counts as an article).

    Raises
    ------
    StudyError
        The file is missing, is not UTF-8, holds no target, or a line of it is none; all lines are named.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise StudyError([Problem(path.name, "no such file", "JSON lines", "Correct the path.")]) from None
    except UnicodeDecodeError:
        raise StudyError(
            [Problem(path.name, "bytes that are not UTF-8", "UTF-8", "Save it as UTF-8.")]
        ) from None
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path.name}:{number}"
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(Problem(where, f"no JSON: {error.msg}", "one JSON object", "Correct the line."))
            continue
        try:
            rows += [{**row, "article": _article(record, number)} for row in _read_record(record)]
        except (KeyError, TypeError, ValueError) as error:
            what = f"no {error}" if isinstance(error, KeyError) else str(error)
            allowed = "sentence_normalized, and targets with from, to and polarity"
            problems.append(Problem(where, what, allowed, "Correct the line."))
    if not rows and not problems:
        problems.append(Problem(path.name, "no target", "at least one line", "Check the file."))
    if problems:
        raise StudyError(problems)
    return pd.DataFrame(rows, columns=["text", "start", "end", "names", "same", "label", "article"])


def summarise_labels(coded: np.ndarray, found: np.ndarray) -> dict[str, Any]:
    """Summarise how far two codings into the three classes agree.

    Parameters
    ----------
    coded, found : array_like of str
        Of shape (n,): the class that people gave, and the scorer's.

    Returns
    -------
    dict
        As `evaluate_scorer` returns.

    Examples
    --------
    >>> summarise_labels(["negative", "positive"], ["negative", "neutral"])["accuracy"]
    0.5
    """
    coded, found = np.asarray(coded, dtype=object), np.asarray(found, dtype=object)
    confusion = pd.DataFrame(
        [[int(((coded == row) & (found == column)).sum()) for column in CLASSES] for row in CLASSES],
        index=pd.Index(CLASSES, name="coded"),
        columns=pd.Index(CLASSES, name="found"),
    )
    hits = np.diag(confusion).astype(float)
    n_coded, n_found = confusion.sum(axis=1).to_numpy(), confusion.sum(axis=0).to_numpy()
    with np.errstate(invalid="ignore"):
        precision, recall = hits / n_found, hits / n_coded
        f1 = 2 * hits / (n_found + n_coded)
    classes = pd.DataFrame(
        {"class": CLASSES, "n": n_coded, "precision": precision, "recall": recall, "f1": f1}
    )
    return {
        "n": len(coded),
        "accuracy": float(hits.sum() / len(coded)) if len(coded) else float("nan"),
        "macro_f1": float(np.nan_to_num(f1).mean()) if len(coded) else float("nan"),
        "classes": classes,
        "confusion": confusion,
    }


def _read_record(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn one sentence into one row per target."""
    if not isinstance(record, dict):
        raise TypeError(f"{shorten(record)} instead of an object")
    text, targets = record["sentence_normalized"], record["targets"]
    if not isinstance(text, str) or not isinstance(targets, list):
        raise TypeError("a sentence that is no text, or targets that are no list")
    for target in targets:
        if target["polarity"] not in POLARITIES:
            raise ValueError(f"the polarity {shorten(target['polarity'])}")
    places = [_place(text, target) for target in targets]
    further = [
        [_place(text, mention) for mention in target.get("further_mentions") or []] for target in targets
    ]
    named = [[place for place in one if is_name(text[slice(*place)])] for one in further]
    listed = [(one.start, one.end, one.actor_id) for one in find_mentions(text, _actors())]
    names = {*places, *(place for one in named for place in one), *((a, b) for a, b, _ in listed)}
    rows = []
    for target, (start, end), same in zip(targets, places, named, strict=True):
        own = {actor_id for a, b, actor_id in listed if a < end and start < b}
        same = [*same, *((a, b) for a, b, actor_id in listed if actor_id in own and (b <= start or end <= a))]
        rows.append(
            {
                "text": text,
                "start": start,
                "end": end,
                "names": sorted(names),
                "same": sorted({place for place in same if place != (start, end)}),
                "label": POLARITIES[target["polarity"]],
            }
        )
    return rows


def is_name(words: str) -> bool:
    """Say whether a further mention is a name, which an alias table can hold.

    Parameters
    ----------
    words : str
        The mention.

    Returns
    -------
    bool
        It begins with a capital and is no pronoun.

    Examples
    --------
    >>> [is_name(words) for words in ("Mr. Trump", "He", "his", "the ex-CIA leader")]
    [True, False, False, False]
    """
    return words[:1].isupper() and words.casefold() not in PRONOUNS


@cache
def _actors() -> ActorTable:
    """Load the project's alias table once."""
    return load_actors(project_actors())


def _article(record: Mapping[str, Any], number: int) -> str:
    """Name the article that a sentence is from."""
    found = _ARTICLE.match(str(record.get("primary_gid", "")))
    return found[1] if found else f"line {number}"


def _place(text: str, mention: Mapping[str, Any]) -> tuple[int, int]:
    start, end = int(mention["from"]), int(mention["to"])
    if not 0 <= start < end <= len(text):
        raise ValueError(f"offsets {start} to {end} in a sentence of {len(text)} characters")
    return start, end
