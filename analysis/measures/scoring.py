"""Hands every mention of an actor, in its sentence, to a sentiment scorer."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.attention import mention_sentences
from analysis.results import one_line
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
    sentences = mention_sentences(corpus, mentions)
    keys, places = (
        list(zip(*(mentions[name].tolist() for name in names), strict=True))
        for names in (("article_id", "sentence_id"), ("start", "end", "actor_id"))
    )
    beside = defaultdict(list)
    for key, place in zip(keys, places, strict=True):
        beside[key].append(place)
    requests = []
    for key, (start, end, actor_id), (first, text) in zip(keys, places, sentences, strict=True):
        inside = [(one - first, other - first) for one, other, _ in beside[key]]
        same = [
            place
            for place, (one, _, named) in zip(inside, beside[key], strict=True)
            if named == actor_id and one != start
        ]
        requests.append((text, start - first, end - first, inside, same))
    frame = pd.DataFrame(requests, columns=["text", "start", "end", "names", "same"], index=mentions.index)
    scores = score_mentions(scorer, frame)
    return scores_table(corpus, mentions, scores)


def scores_table(corpus: Corpus, mentions: pd.DataFrame, classes: pd.DataFrame) -> pd.DataFrame:
    """Put the table of scores together, whether the three classes are new or were kept.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    mentions : pandas.DataFrame
        The table ``mentions``.
    classes : pandas.DataFrame
        ``negative``, ``neutral``, ``positive``, in the order of the mentions.

    Returns
    -------
    pandas.DataFrame
        The table ``scores``: the mentions with the three classes and the sentence.
    """
    found = mention_sentences(corpus, mentions)
    line = {text: one_line(text) for _, text in found}
    sentences = [line[text] for _, text in found]
    values = {name: classes[name].to_numpy() for name in CLASSES}
    return as_declared(mentions.assign(**values, sentence=sentences), "scores")
