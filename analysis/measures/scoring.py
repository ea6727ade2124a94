"""Hands every mention of an actor, in its sentence, to a sentiment scorer."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.attention import mention_sentences
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
    requests = []
    names = {
        key: list(zip(part["start"], part["end"], part["actor_id"], strict=True))
        for key, part in mentions.groupby(["article_id", "sentence_id"])
    }
    for row, (first, text) in zip(mentions.itertuples(), sentences, strict=True):
        places = names[row.article_id, row.sentence_id]
        inside = [(start - first, end - first) for start, end, _ in places]
        same = [
            place
            for place, (start, _, actor_id) in zip(inside, places, strict=True)
            if actor_id == row.actor_id and start != row.start
        ]
        requests.append(
            {
                "text": text,
                "start": row.start - first,
                "end": row.end - first,
                "names": inside,
                "same": same,
            }
        )
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
    sentences = [" ".join(text.split()) for _, text in mention_sentences(corpus, mentions)]
    values = {name: classes[name].to_numpy() for name in CLASSES}
    return as_declared(mentions.assign(**values, sentence=sentences), "scores")
