"""Scoring a corpus: what a scorer is asked, and what comes back."""

import pandas as pd
from planted import make_corpus

from analysis.measures.scoring import score_corpus
from analysis.sentiment.lexicon import LexiconScorer


def test_score_corpus_masks_every_name_of_the_sentence():
    text = "The United States wrote to Russia. Russia praised the offer."
    corpus = make_corpus({"w1": text})
    places = [(0, "us", "United States"), (0, "ru", "Russia"), (1, "ru", "Russia")]
    rows, cursor = [], 0
    for sentence, actor, alias in places:
        start = text.index(alias, cursor)
        cursor = start + 1
        rows.append(
            {
                "article_id": "w1",
                "outlet": "W outlet",
                "bloc": "W",
                "sentence_id": sentence,
                "start": start,
                "end": start + len(alias),
                "actor_id": actor,
                "alias": alias,
                "voice": "own",
            }
        )
    table = score_corpus(corpus, pd.DataFrame(rows), LexiconScorer())
    assert table["neutral"].tolist() == [1, 1, 0]
    assert table["positive"].tolist() == [0, 0, 1]
    assert table["sentence"].tolist() == [text[:34]] * 2 + [text[35:]]
    asked = []

    class Asked(LexiconScorer):
        def score(self, mentions):
            asked.append(mentions)
            return super().score(mentions)

    score_corpus(corpus, pd.DataFrame(rows), Asked())
    assert asked[0]["names"].tolist() == [[(4, 17), (27, 33)]] * 2 + [[(0, 6)]]
    assert asked[0]["same"].tolist() == [[], [], []]
    empty = score_corpus(corpus, pd.DataFrame(rows).iloc[:0], LexiconScorer())
    assert empty.empty and "positive" in empty.columns


def test_score_corpus_tells_the_further_mentions_of_the_same_actor():
    text = "Russia said Moscow and China would talk to Russia."
    corpus = make_corpus({"w1": text})
    keys = {"article_id": "w1", "outlet": "W outlet", "bloc": "W", "sentence_id": 0, "voice": "own"}
    places = [(0, 6, "ru"), (12, 18, "ru"), (23, 28, "cn"), (43, 49, "ru")]
    rows = [
        {**keys, "start": start, "end": end, "actor_id": actor, "alias": text[start:end]}
        for start, end, actor in places
    ]
    asked = []

    class Asked(LexiconScorer):
        def score(self, mentions):
            asked.append(mentions)
            return super().score(mentions)

    score_corpus(corpus, pd.DataFrame(rows), Asked())
    russia = [(0, 6), (12, 18), (43, 49)]
    assert asked[0]["same"].tolist() == [russia[1:], russia[::2], [], russia[:2]]
