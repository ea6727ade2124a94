"""The contract that every sentiment scorer keeps, and the checks that hold it to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis.errors import ScorerError

CLASSES = ("negative", "neutral", "positive")


class Scorer(Protocol):
    """What a scorer offers.

    Attributes
    ----------
    name, version : str
        Together they name it: ``lexicon.v1``.
    benchmark : mapping
        Its measured accuracy: ``data``, ``metric``, and a value per test set; shown beside every
        sentiment figure. ``confusion``, if given, maps each test set to 3 rows (coded negative, neutral,
        positive) of 3 columns (found so), counts of targets.
    visible : bool, optional
        A scorer that masks the actor's name may have this attribute, False at first. Set to True it leaves
        the name to be read, so that a study can tell what the name does to the score.
    """

    name: str
    version: str
    benchmark: Mapping[str, Any]

    def score(self, mentions: pd.DataFrame) -> pd.DataFrame:
        """Score each mention in its sentence.

        Parameters
        ----------
        mentions : pandas.DataFrame
            ``text`` (the sentence), ``start`` and ``end`` (offsets of the mention in it) and ``names``: a
            list of (start, end) of every actor's mention in the sentence, this one included, so that no
            name can colour its own score; and, where that is known, ``same``: those of ``names`` that are
            further mentions of the same actor.

        Returns
        -------
        pandas.DataFrame
            ``negative``, ``neutral``, ``positive``: 0 to 1, adding up to 1, in the rows' order and with
            their index.
        """


def score_mentions(scorer: Scorer, mentions: pd.DataFrame) -> pd.DataFrame:
    """Score mentions, and hold the scorer to its contract.

    Parameters
    ----------
    scorer : Scorer
        Any scorer.
    mentions : pandas.DataFrame
        As in `Scorer.score`.

    Returns
    -------
    pandas.DataFrame
        The three classes, rounded to 6 decimals.

    Raises
    ------
    ScorerError
        An offset lies outside its text, or the scores are not what the contract says.
    """
    starts, ends = (mentions[name].to_numpy() for name in ("start", "end"))
    lengths = np.array([len(text) for text in mentions["text"].tolist()], dtype=np.int64)
    inside = (starts >= 0) & (starts < ends) & (ends <= lengths)
    if not inside.all():
        at = int(np.argmin(inside))
        raise ScorerError(
            f"mention {mentions.index[at]}: offsets {starts[at]} to {ends[at]} lie outside a text of {lengths[at]} "
            "characters; give offsets with 0 <= start < end <= length"
        )
    scores = scorer.score(mentions)
    label = f"{scorer.name}.{scorer.version}"
    shaped = isinstance(scores, pd.DataFrame) and list(scores.columns) == list(CLASSES)
    if not shaped or not scores.index.equals(mentions.index):
        raise ScorerError(f"scorer {label} must return {', '.join(CLASSES)} for each mention, in order")
    # what is no number becomes NaN, which is no share
    scores = scores.apply(pd.to_numeric, errors="coerce").astype(float)
    values = scores.to_numpy()
    if len(values) and not (
        np.isfinite(values).all() and (values >= 0).all() and np.allclose(values.sum(axis=1), 1)
    ):
        raise ScorerError(f"scorer {label} returned scores that are not shares adding up to 1")
    return scores.round(6)


def label_scores(scores: pd.DataFrame) -> np.ndarray:
    """Name the most likely class of each mention.

    Parameters
    ----------
    scores : pandas.DataFrame
        The three classes, as from `score_mentions`.

    Returns
    -------
    numpy.ndarray of str
        Of shape (mentions,); where two classes are equally likely, the more neutral one.

    Examples
    --------
    >>> label_scores(pd.DataFrame({"negative": [0.4], "neutral": [0.4], "positive": [0.2]})).tolist()
    ['neutral']
    """
    order = ("neutral", "negative", "positive")
    return np.array(order)[scores[list(order)].to_numpy(dtype=float).argmax(axis=1)]


def mask_names(text: str, names: Sequence[tuple[int, int]], mask: str) -> str:
    """Replace every mention in a sentence by one neutral word.

    Parameters
    ----------
    text : str
        The sentence.
    names : sequence of (int, int)
        Offsets of the mentions; overlapping ones are joined.
    mask : str
        The word that takes their place.

    Returns
    -------
    str
        The sentence without the names.

    Examples
    --------
    >>> mask_names("Trump praised Putin.", [(0, 5), (14, 19)], "it")
    'it praised it.'
    """
    pieces, cursor = [], 0
    for start, end in sorted(map(tuple, names)):
        if start >= cursor:
            pieces += [text[cursor:start], mask]
        cursor = max(cursor, end)
    return "".join([*pieces, text[cursor:]])
