"""Sentiment toward each actor: shares and balance by article, outlet and bloc, in own and quoted voice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.copy_weights import merge_named
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.measures.attention import rank_actors
from analysis.measures.balance_tests import compare_balances
from analysis.resampling import descriptive_flag
from analysis.results import Evidence, Result
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES

VOICES = ("all", "own", "quoted")


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
    articles. It stands beside two references. The baseline is the balance over all actors' mentions in the
    same articles, each article weighted by its mentions of this actor: an article about a war is negative
    about everyone. The corpus's balance toward the same actor, in the same voice, shows what the group adds
    to how everyone writes about it. Outlets and blocs are tested against all other articles that mention
    the actor.

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
    tables = []
    for voice in VOICES if order else ():
        chosen = scores if voice == "all" else scores[scores["voice"] == voice]
        cube = score_cube(corpus, chosen, order)
        for grouping in groupings:
            table = _measure_grouping(cube, corpus, grouping, statistics)
            table.insert(0, "actor_id", np.tile(np.array(order, dtype=object), len(grouping.members)))
            table.insert(1, "voice", voice)
            tables.append(table[(table["n_mentions"] > 0) | (grouping.level != "article")])
    table = pd.concat(tables, ignore_index=True) if order else pd.DataFrame()
    if order:
        table = table.assign(**{name: table["actor_id"].map(named[name]) for name in ("actor", "kind")})
    return Result(
        "sentiment",
        as_declared(table, "sentiment"),
        params={
            "bootstrap": statistics.bootstrap,
            "permutations": statistics.permutations,
            "alpha": statistics.alpha,
            "random_state": statistics.random_state,
        },
        provenance={
            "balance": "mean of positive minus negative over mentions",
            "interval": METHOD,
            "p": "permutation of article labels on the mean per-article balance, group against the rest",
            "q": "Benjamini-Hochberg over the tests of a level and voice",
        },
        evidence=evidence,
    )


def score_cube(corpus: Corpus, scores: pd.DataFrame, order: list[str]) -> np.ndarray:
    """Add up scores by article and actor, each article with its weight.

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
    return cube * corpus.weights[:, None, None]


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


def _measure_grouping(
    cube: np.ndarray, corpus: Corpus, grouping: Grouping, statistics: StatisticsParameters
) -> pd.DataFrame:
    """Aggregate every group of a grouping: one row per group and actor."""
    names, weights = corpus.texts, corpus.weights
    overall = cube_balance(cube)
    tables = []
    for label, positions in grouping.members.items():
        table = _group_rows(cube[positions], [names[p] for p in positions], weights[positions], statistics)
        tables.append(table.assign(level=grouping.level, group=label))
    table = pd.concat(tables, ignore_index=True)
    table["balance_minus_corpus"] = table["balance"] - np.tile(overall, len(tables))
    tests = dict.fromkeys(("difference", "attainable_p", "p", "q"), np.nan) | {
        "n_articles_rest": 0, "family": 0, "withheld": "",
    }  # fmt: skip
    if grouping.level != "article" and len(tables) > 1:
        with np.errstate(invalid="ignore", divide="ignore"):
            balances = (cube[:, :, 3] - cube[:, :, 1]) / cube[:, :, 0]
        tests = compare_balances(balances, list(grouping.members.values()), statistics, corpus=corpus)
        # the reason tells the articles of both sides, of which the group's are the first
        told = table["flag"].where(tests["p"].isna(), table["flag"].str.replace("descriptive", "no interval"))
        table["flag"] = told.where(tests["withheld"] == "", tests["withheld"])
    table["flag"] = corpus.copies.in_words(table["flag"].tolist())
    return table.assign(**{name: values for name, values in tests.items() if name != "withheld"})


def _group_rows(
    cube: np.ndarray, names: list[str], weights: np.ndarray, statistics: StatisticsParameters
) -> pd.DataFrame:
    """Aggregate one group's articles, one row per actor; rows of one name are copies of one text."""
    n, negative, neutral, positive = cube.sum(axis=0).T
    texts = (merge_named(names, [cube[:, :, 0]])[1][0] > 0).sum(axis=0)
    everyone = cube.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        article_mean = np.where(everyone[:, 0] > 0, (everyone[:, 3] - everyone[:, 1]) / everyone[:, 0], 0.0)
        baseline = article_mean @ cube[:, :, 0] / n
        shares = np.array([negative, neutral, positive]) / n
    balance = shares[2] - shares[0]
    low, high = _balance_interval(cube, texts, names, statistics)
    few = texts < statistics.min_articles_interval
    return pd.DataFrame(
        {
            "n_mentions": (cube[:, :, 0] / weights[:, None]).sum(axis=0).round().astype(int),
            "n_articles": (cube[:, :, 0] > 0).sum(axis=0),
            **dict(zip(CLASSES, shares, strict=True)),
            "balance": balance,
            "baseline": baseline,
            "balance_minus_baseline": balance - baseline,
            "balance_low": low,
            "balance_high": high,
            "flag": [
                descriptive_flag(int(k)) if short else "" for k, short in zip(texts, few, strict=True)
            ],
        }
    )


def _balance_interval(
    cube: np.ndarray, texts: np.ndarray, names: list[str], statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of the balance, for actors with enough articles, or texts of which some are copied."""
    low, high = np.full((2, cube.shape[1]), np.nan)
    enough = texts >= statistics.min_articles_interval
    if enough.any():
        difference, n = (cube[:, enough, 3] - cube[:, enough, 1]), cube[:, enough, 0]
        low[enough], high[enough] = article_interval(
            ratio,
            [Group(names, (difference, n))],
            replicates=statistics.bootstrap,
            random_state=statistics.random_state,
        )
    return low, high
