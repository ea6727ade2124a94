"""Attention: which actors are mentioned, how often, and in how many articles."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.actors import ActorTable
from analysis.config import StatisticsParameters
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.mentions import find_mentions
from analysis.resampling import descriptive_flag
from analysis.results import ACTOR_KEYS, EVIDENCE_COLUMNS, Evidence, Result, hit_row, table_evidence
from analysis.schema.results import RESULT_TABLES, as_declared
from analysis.text import voice_at


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
    rows, hits = [], []
    for article in corpus.articles:
        for mention in find_mentions(article.text, actors, published=article.published_range):
            hit = hit_row(article, mention.start, mention.end)
            if hit["sentence_id"] < 0:
                continue
            voice = voice_at(article.quotes, mention.start, mention.end)
            place = {key: hit[key] for key in ("article_id", "outlet", "bloc", "sentence_id", "start", "end")}
            rows.append({**place, "actor_id": mention.actor_id, "alias": hit["match"], "voice": voice})
            hits.append({**hit, "actor_id": mention.actor_id, "voice": voice})
    evidence = pd.DataFrame(hits, columns=[*EVIDENCE_COLUMNS, "actor_id", "voice"])
    table = pd.DataFrame(rows, columns=RESULT_TABLES["mentions"].names)
    return Result("mentions", as_declared(table, "mentions"), evidence=table_evidence(evidence, ACTOR_KEYS))


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
    counts = actor_counts(corpus, mentions, order)
    tokens = np.array([len(article.tokens) for article in corpus.articles], dtype=float)
    rows = []
    for grouping in groupings:
        for label, positions in grouping.members.items():
            inside = counts[positions]
            total, size = inside.sum(), tokens[positions].sum()
            low, high = _rate_interval(
                inside, tokens[positions], [corpus.ids[p] for p in positions], statistics
            )
            few = len(positions) < statistics.min_articles_interval
            for column, actor_id in enumerate(order):
                n = int(inside[:, column].sum())
                rows.append(
                    {
                        "actor_id": actor_id,
                        "actor": named.loc[actor_id, "actor"],
                        "kind": named.loc[actor_id, "kind"],
                        "level": grouping.level,
                        "group": label,
                        "n_mentions": n,
                        "n_articles": int((inside[:, column] > 0).sum()),
                        "n_group_articles": len(positions),
                        "per_1000": 1000 * n / size if size else np.nan,
                        "share": n / total if total else np.nan,
                        "per_1000_low": low[column],
                        "per_1000_high": high[column],
                        "flag": descriptive_flag(len(positions)) if few else "",
                    }
                )
    return Result(
        "attention",
        as_declared(pd.DataFrame(rows), "attention"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={"interval": METHOD},
        evidence=evidence,
    )


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
    """Interval of mentions per 1,000 tokens, over articles."""
    undefined = np.full(counts.shape[1], np.nan)
    if len(names) < statistics.min_articles_interval:
        return undefined, undefined
    return article_interval(
        ratio,
        [Group(names, (1000.0 * counts, tokens[:, None]))],
        replicates=statistics.bootstrap,
        random_state=statistics.random_state,
    )
