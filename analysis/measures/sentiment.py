"""Sentiment toward each actor: shares and balance by article, outlet and bloc, in own and quoted voice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.measures.attention import rank_actors
from analysis.resampling import descriptive_flag
from analysis.results import Evidence, Result
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES, Scorer, score_mentions

VOICES = ("all", "own", "quoted")


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


def measure_sentiment(
    corpus: Corpus,
    groupings: list[Grouping],
    scores: pd.DataFrame,
    actors: pd.DataFrame,
    *,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Aggregate the scores of mentions.

    Balance is the mean of positive minus negative over the mentions of a group; intervals resample its
    articles. The baseline is the balance over all actors' mentions in the same articles, each article
    weighted by its mentions of this actor: an article about a war is negative about everyone.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Articles, outlets, blocs.
    scores : pandas.DataFrame
        The table ``scores``.
    actors : pandas.DataFrame
        ``actor_id``, ``actor`` (label) and ``kind``.
    statistics : StatisticsParameters
        Of the intervals.
    evidence : Evidence, optional
        Finds the scored mentions.

    Returns
    -------
    Result
        The table ``sentiment``; actors by mentions in the corpus, then label. A group that does not
        mention an actor has 0 mentions and no balance.
    """
    named = actors.set_index("actor_id")
    order = rank_actors(scores, named["actor"])
    rows = []
    for voice in VOICES:
        chosen = scores if voice == "all" else scores[scores["voice"] == voice]
        cube = score_cube(corpus, chosen, order)
        for grouping in groupings:
            for label, positions in grouping.members.items():
                found = _group_rows(cube[positions], [corpus.ids[p] for p in positions], statistics)
                for actor_id, values in zip(order, found, strict=True):
                    if grouping.level == "article" and values["n_mentions"] == 0:
                        continue
                    rows.append(
                        {
                            "actor_id": actor_id,
                            "actor": named.loc[actor_id, "actor"],
                            "kind": named.loc[actor_id, "kind"],
                            "level": grouping.level,
                            "group": label,
                            "voice": voice,
                            **values,
                        }
                    )
    return Result(
        "sentiment",
        as_declared(pd.DataFrame(rows), "sentiment"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={
            "balance": "mean of positive minus negative over mentions",
            "interval": METHOD,
        },
        evidence=evidence,
    )


def score_cube(corpus: Corpus, scores: pd.DataFrame, order: list[str]) -> np.ndarray:
    """Add up scores by article and actor.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    scores : pandas.DataFrame
        The table ``scores``.
    order : list of str
        The actors.

    Returns
    -------
    numpy.ndarray
        Of shape (articles, actors, 4): mentions, negative, neutral, positive.
    """
    cube = np.zeros((len(corpus), len(order), 4))
    article = pd.Index(corpus.ids).get_indexer(scores["article_id"])
    actor = pd.Index(order, dtype=str).get_indexer(scores["actor_id"])
    values = np.column_stack([np.ones(len(scores)), scores[list(CLASSES)].to_numpy(dtype=float)])
    np.add.at(cube, (article[actor >= 0], actor[actor >= 0]), values[actor >= 0])
    return cube


def cube_balance(cube: np.ndarray) -> np.ndarray:
    """Compute the balance of every actor over some articles.

    Parameters
    ----------
    cube : numpy.ndarray
        Of shape (articles, actors, 4), from `score_cube`.

    Returns
    -------
    numpy.ndarray
        Of shape (actors,); NaN without a mention.
    """
    n, negative, _, positive = cube.sum(axis=0).T
    with np.errstate(invalid="ignore"):
        return np.where(n > 0, (positive - negative) / n, np.nan)


def _group_rows(cube: np.ndarray, names: list[str], statistics: StatisticsParameters) -> list[dict]:
    """Aggregate one group's articles, one row per actor."""
    n, negative, neutral, positive = cube.sum(axis=0).T
    articles = (cube[:, :, 0] > 0).sum(axis=0)
    everyone = cube.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        article_mean = np.where(everyone[:, 0] > 0, (everyone[:, 3] - everyone[:, 1]) / everyone[:, 0], 0.0)
        baseline = article_mean @ cube[:, :, 0] / n
        shares = np.array([negative, neutral, positive]) / n
    balance = shares[2] - shares[0]
    low, high = _balance_interval(cube, articles, names, statistics)
    rows = []
    for actor in range(cube.shape[1]):
        few = articles[actor] < statistics.min_articles_interval
        rows.append(
            {
                "n_mentions": int(n[actor]),
                "n_articles": int(articles[actor]),
                "negative": shares[0, actor],
                "neutral": shares[1, actor],
                "positive": shares[2, actor],
                "balance": balance[actor],
                "baseline": baseline[actor],
                "balance_minus_baseline": balance[actor] - baseline[actor],
                "balance_low": low[actor],
                "balance_high": high[actor],
                "flag": descriptive_flag(int(articles[actor])) if few else "",
            }
        )
    return rows


def _balance_interval(
    cube: np.ndarray, articles: np.ndarray, names: list[str], statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of the balance, for actors with enough articles."""
    low, high = np.full((2, cube.shape[1]), np.nan)
    enough = articles >= statistics.min_articles_interval
    if enough.any():
        difference, n = (cube[:, enough, 3] - cube[:, enough, 1]), cube[:, enough, 0]
        low[enough], high[enough] = article_interval(
            ratio,
            [Group(names, (difference, n))],
            replicates=statistics.bootstrap,
            random_state=statistics.random_state,
        )
    return low, high
