"""Hands every mention of an actor, in its sentence, to a sentiment scorer."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Corpus
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
    articles = {article.article_id: article for article in corpus.articles}
    requests, sentences = [], []
    names = {
        key: list(zip(part["start"], part["end"], part["actor_id"], strict=True))
        for key, part in mentions.groupby(["article_id", "sentence_id"])
    }
    for row in mentions.itertuples():
        article = articles[row.article_id]
        sentence = article.sentences[row.sentence_id]
        places = names[row.article_id, row.sentence_id]
        # a misprinted stop ("the US. Congress") can end a sentence inside a name
        text = article.text[sentence.start : max(sentence.end, *(end for _, end, _ in places))]
        inside = [(start - sentence.start, end - sentence.start) for start, end, _ in places]
        same = [
            place
            for place, (start, _, actor_id) in zip(inside, places, strict=True)
            if actor_id == row.actor_id and start != row.start
        ]
        requests.append(
            {
                "text": text,
                "start": row.start - sentence.start,
                "end": row.end - sentence.start,
                "names": inside,
                "same": same,
            }
        )
        sentences.append(" ".join(text.split()))
    frame = pd.DataFrame(requests, columns=["text", "start", "end", "names", "same"], index=mentions.index)
    scores = score_mentions(scorer, frame)
    return as_declared(
        mentions.assign(**{name: scores[name] for name in CLASSES}, sentence=sentences), "scores"
    )
