"""Hands every mention of an actor, in its sentence, to a sentiment scorer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.attention import mention_sentences
from analysis.results import ACTOR_KEYS, Evidence, one_line, table_evidence
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES, Scorer, score_mentions


def score_corpus(corpus: Corpus, mentions: pd.DataFrame, scorer: Scorer) -> pd.DataFrame:
    """Score every mention in its sentence.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    mentions : pandas.DataFrame
        The table ``mentions``.
    scorer : Scorer
        The model.

    Returns
    -------
    pandas.DataFrame
        The table ``scores``: the mentions with the three classes and the sentence.
    """
    numbers, sentences = found = mention_sentences(corpus, mentions)
    first = np.array([start for start, _ in sentences], dtype=np.int64)[numbers]
    starts, ends = ((mentions[name].to_numpy() - first).tolist() for name in ("start", "end"))
    places = list(zip(starts, ends, strict=True))
    # what is named in a sentence is listed once, for all its mentions
    named = [[] for _ in sentences]
    for number, place in zip(numbers.tolist(), places, strict=True):
        named[number].append(place)
    requests = {
        "text": pd.Series([sentences[number][1] for number in numbers.tolist()], mentions.index, object),
        "start": starts,
        "end": ends,
        "names": [named[number] for number in numbers.tolist()],
        "same": _further_mentions(numbers, mentions["actor_id"], places),
    }
    scores = score_mentions(scorer, pd.DataFrame(requests, index=mentions.index))
    return scores_table(mentions, scores, found)


def _further_mentions(
    numbers: np.ndarray, actors: pd.Series, places: Sequence[tuple[int, int]]
) -> list[list[tuple[int, int]]]:
    """List for each mention the others of its actor in its sentence; nearly always there are none."""
    codes, known = pd.factorize(actors)
    keys = numbers * len(known) + codes
    repeated = np.flatnonzero(pd.Index(keys).duplicated(keep=False))
    pairs = list(zip(repeated.tolist(), keys[repeated].tolist(), strict=True))
    own = defaultdict(list)
    for at, key in pairs:
        own[key].append(places[at])
    found: list[list[tuple[int, int]]] = [[]] * len(places)
    for at, key in pairs:
        found[at] = [place for place in own[key] if place[0] != places[at][0]]
    return found


def scores_table(
    mentions: pd.DataFrame, classes: pd.DataFrame, found: tuple[np.ndarray, list[tuple[int, str]]]
) -> pd.DataFrame:
    """Put the table of scores together, whether the three classes are new or were kept.

    Parameters
    ----------
    mentions : pandas.DataFrame
        The table ``mentions``.
    classes : pandas.DataFrame
        ``negative``, ``neutral``, ``positive``, in the order of the mentions.
    found : (numpy.ndarray, list of (start, text))
        Their sentences, from `mention_sentences`.

    Returns
    -------
    pandas.DataFrame
        The table ``scores``: the mentions with the three classes and the sentence.
    """
    numbers, sentences = found
    lines = pd.Series([one_line(text) for _, text in sentences], dtype=str).array.take(numbers)
    values = {name: classes[name].to_numpy() for name in CLASSES}
    return as_declared(mentions.assign(**values, sentence=lines), "scores")


def score_evidence(hits: pd.DataFrame, scores: pd.DataFrame) -> Evidence:
    """Set each score beside its place in the text, the most negative first.

    Parameters
    ----------
    hits : pandas.DataFrame
        The evidence of the table ``mentions``.
    scores : pandas.DataFrame
        The table ``scores``, in the same order.

    Returns
    -------
    Evidence
        With the three classes and ``balance``, positive minus negative; put in order when it is first asked for.
    """

    @cache
    def scored() -> Evidence:
        balance = (scores["positive"] - scores["negative"]).rename("balance")
        table = pd.concat([hits.reset_index(drop=True), scores[[*CLASSES]], balance], axis=1)
        table = table.sort_values(["balance", "article_id", "start"], ignore_index=True)
        return table_evidence(table, ACTOR_KEYS)

    return Evidence(ACTOR_KEYS, lambda wanted: scored().find(wanted))
