"""Attention: which actors are mentioned, how often, and in how many articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.aliases import ActorTable
from analysis.config import StatisticsParameters
from analysis.copy_weights import NO_COPIES, CopyWeights
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.mentions import find_mentions
from analysis.resampling import descriptive_flag
from analysis.results import ACTOR_KEYS, Evidence, Result, hit_table, table_evidence
from analysis.schema.results import RESULT_TABLES, as_declared
from analysis.text import voice_at

_CELLS = 8_000_000  # articles times actors whose rates are resampled at once


def measure_mentions(corpus: Corpus, actors: ActorTable) -> Result:
    """Find every mention of an actor.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    actors : ActorTable
        Who can be mentioned.

    Returns
    -------
    Result
        The table ``mentions``, in reading order.
    """
    hits, named, voices = [], [], []
    for article in corpus.articles:
        found = find_mentions(article.text, actors, published=article.published_range)
        found = [mention for mention in found if article.sentence_at(mention.start) >= 0]
        hits.append((article, [(mention.start, mention.end) for mention in found]))
        named += [mention.actor_id for mention in found]
        voices += [voice_at(article.quotes, mention.start, mention.end) for mention in found]
    columns = {"actor_id": pd.array(named, dtype=str), "voice": pd.array(voices, dtype=str)}
    evidence = hit_table(hits).assign(**columns)
    if evidence.empty:
        # what is computed of no rows must not be refused for their type: the mean of no codes is no text
        evidence = evidence.astype(object)
    table = evidence.rename(columns={"match": "alias"})[RESULT_TABLES["mentions"].names]
    return Result("mentions", as_declared(table, "mentions"), evidence=table_evidence(evidence, ACTOR_KEYS))


def count_aliases(corpus: Corpus, actors: ActorTable) -> pd.DataFrame:
    """Count the places of every alias, to show which rows of actors.csv this corpus makes use of.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    actors : ActorTable
        Who can be mentioned.

    Returns
    -------
    pandas.DataFrame
        ``row`` of actors.csv, ``actor_id``, ``alias`` and ``n_places``, in the file's order. A place is
        counted for each alias that stands there, also inside a longer one, in articles to whose date the
        row applies; so it may be no mention.
    """
    places = dict.fromkeys((alias.row for alias in actors.aliases), 0)
    for article in corpus.articles:
        for _, _, rows in actors.find_aliases(article.text):
            for alias in rows:
                places[alias.row] += alias.applies(article.published_range)
    rows = [(alias.row, alias.actor_id, alias.alias, places[alias.row]) for alias in actors.aliases]
    return pd.DataFrame(rows, columns=["row", "actor_id", "alias", "n_places"])


def mention_sentences(corpus: Corpus, mentions: pd.DataFrame) -> tuple[np.ndarray, list[tuple[int, str]]]:
    """Return the sentences that have a mention, each once and whole for every mention in it.

    A misprinted stop ("the US. Congress") can end a sentence inside a name; the sentence then goes on to
    the end of the last name that begins in it.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    mentions : pandas.DataFrame
        With ``article_id``, ``sentence_id`` and ``end``.

    Returns
    -------
    numbers : numpy.ndarray of int, shape (mentions,)
        The place of each mention's sentence in `sentences`.
    sentences : list of (start, text)
        Where each begins in the article's cleaned text, and its characters.
    """
    groups = mentions.groupby(["article_id", "sentence_id"], sort=False)
    last = groups["end"].max()
    sentences = []
    for (article_id, sentence_id), end in zip(last.index.tolist(), last.tolist(), strict=True):
        article = corpus.article(article_id)
        sentence = article.sentences[sentence_id]
        sentences.append((sentence.start, article.text[sentence.start : max(sentence.end, end)]))
    return groups.ngroup().to_numpy(), sentences


def measure_attention(
    corpus: Corpus,
    groupings: list[Grouping],
    mentions: pd.DataFrame,
    actors: pd.DataFrame,
    *,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Count the mentions of each actor in each group.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Articles, outlets, blocs.
    mentions : pandas.DataFrame
        The table ``mentions``.
    actors : pandas.DataFrame
        ``actor_id``, ``actor`` (label) and ``kind``, one row per actor.
    statistics : StatisticsParameters
        Of the intervals.
    evidence : Evidence, optional
        Finds the mentions.

    Returns
    -------
    Result
        The table ``attention``; actors by mentions in the corpus, then label. Actors that are never
        mentioned are left out; an actor that a group does not mention has 0 mentions there.
    """
    named = actors.set_index("actor_id")
    order = rank_actors(mentions, named["actor"])
    tokens = np.array([len(article.tokens) for article in corpus.articles], dtype=float)
    counted = ActorCounts(corpus.ids, actor_counts(corpus, mentions, order), tokens, corpus.copies)
    rows = attention_rows(counted, groupings, named, order, statistics)
    return Result(
        "attention",
        as_declared(pd.DataFrame(rows), "attention"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={"interval": METHOD},
        evidence=evidence,
    )


@dataclass(frozen=True)
class ActorCounts:
    """How often each actor is mentioned in each article.

    Parameters
    ----------
    names : sequence of str
        The article_ids.
    counts : numpy.ndarray
        Of shape (articles, actors), whole numbers.
    tokens : numpy.ndarray
        Of shape (articles,), float64.
    copies : CopyWeights
        Which articles share the weight of one text.
    """

    names: Sequence[str]
    counts: np.ndarray
    tokens: np.ndarray
    copies: CopyWeights = NO_COPIES


def attention_rows(
    counted: ActorCounts,
    groupings: list[Grouping],
    named: pd.DataFrame,
    order: list[str],
    statistics: StatisticsParameters,
) -> list[dict]:
    """Make the rows of the table ``attention`` from counts.

    Parameters
    ----------
    counted : ActorCounts
        Of all articles, actors in the order of `order`.
    groupings : list of Grouping
        Articles, outlets, blocs.
    named : pandas.DataFrame
        ``actor`` (label) and ``kind``, by actor_id.
    order : list of str
        The actors.
    statistics : StatisticsParameters
        Of the intervals.

    Returns
    -------
    list of dict
        One for each group and actor.
    """
    weights, texts = counted.copies.weights(counted.names), counted.copies.texts(counted.names)
    tokens = counted.tokens * weights

    def group_values(positions: np.ndarray) -> list[dict]:
        """Count one group's mentions, one row per actor."""
        inside = counted.counts[positions]
        weighted = inside * weights[positions, None]
        total, size = weighted.sum(), tokens[positions].sum()
        names = [texts[position] for position in positions]
        low, high = _rate_interval(weighted, tokens[positions], names, statistics)
        few = len(set(names)) < statistics.min_articles_interval
        flag = counted.copies.in_words(descriptive_flag(len(set(names)))) if few else ""
        return [
            {
                "n_mentions": int(inside[:, column].sum()),
                "n_articles": int((inside[:, column] > 0).sum()),
                "n_group_articles": len(positions),
                "per_1000": 1000 * n / size if size else np.nan,
                "share": n / total if total else np.nan,
                "per_1000_low": low[column],
                "per_1000_high": high[column],
                "flag": flag,
            }
            for column, n in enumerate(weighted.sum(axis=0))
        ]

    return actor_rows(groupings, named, order, group_values)


def actor_rows(
    groupings: list[Grouping],
    named: pd.DataFrame,
    order: list[str],
    values: Callable[[np.ndarray], list[dict]],
) -> list[dict]:
    """Make the rows of a table with one row per group and actor.

    Parameters
    ----------
    groupings : list of Grouping
        Articles, outlets, blocs.
    named : pandas.DataFrame
        ``actor`` (label) and ``kind``, by actor_id.
    order : list of str
        The actors.
    values : callable
        Takes the positions of a group's articles, returns one dictionary for each actor of `order`.

    Returns
    -------
    list of dict
        Keys first, then what `values` gave.
    """
    facts = [
        {"actor_id": actor_id, "actor": named.loc[actor_id, "actor"], "kind": named.loc[actor_id, "kind"]}
        for actor_id in order
    ]
    return [
        {**fact, "level": grouping.level, "group": label, **found}
        for grouping in groupings
        for label, positions in grouping.members.items()
        for fact, found in zip(facts, values(positions), strict=True)
    ]


def rank_actors(mentions: pd.DataFrame, labels: pd.Series) -> list[str]:
    """Order the actors that are mentioned: by mentions in the corpus, then label.

    Parameters
    ----------
    mentions : pandas.DataFrame
        With ``actor_id``.
    labels : pandas.Series
        Label of each actor_id.

    Returns
    -------
    list of str
        actor_ids.
    """
    order = mentions.groupby("actor_id").size().rename("n").reset_index()
    order["label"] = order["actor_id"].map(labels)
    return order.sort_values(["n", "label"], ascending=[False, True])["actor_id"].tolist()


def actor_counts(corpus: Corpus, mentions: pd.DataFrame, order: list[str]) -> np.ndarray:
    """Cross-tabulate mentions.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    mentions : pandas.DataFrame
        With ``article_id`` and ``actor_id``.
    order : list of str
        The actors, in the order of the columns.

    Returns
    -------
    numpy.ndarray
        Of shape (articles, actors), int64.
    """
    article = pd.Index(corpus.ids).get_indexer(mentions["article_id"])
    actor = pd.Index(order, dtype=str).get_indexer(mentions["actor_id"])
    counts = np.zeros((len(corpus), len(order)), dtype=np.int64)
    np.add.at(counts, (article[actor >= 0], actor[actor >= 0]), 1)
    return counts


def _rate_interval(
    counts: np.ndarray, tokens: np.ndarray, names: list[str], statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of mentions per 1,000 tokens, over articles, copies of one text drawn together."""
    low, high = np.full(counts.shape[1], np.nan), np.full(counts.shape[1], np.nan)
    if len(set(names)) < statistics.min_articles_interval:
        return low, high
    # actors of a large corpus are taken a few at a time: each on its own comes out the same
    width = max(1, _CELLS // len(names))
    for start in range(0, counts.shape[1], width):
        block = slice(start, start + width)
        low[block], high[block] = article_interval(
            ratio,
            [Group(names, (1000.0 * counts[:, block], tokens[:, None]))],
            replicates=statistics.bootstrap,
            random_state=statistics.random_state,
        )
    return low, high
