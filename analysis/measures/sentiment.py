"""Sentiment toward each actor: shares and balance by article, outlet and bloc, in own and quoted voice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.copy_weights import merge_named
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.measures.attention import rank_actors
from analysis.measures.balance_tests import compare_levels
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
        measured = [_measure_grouping(cube, corpus, grouping, statistics) for grouping in groupings]
        measured = _test_groupings(measured, cube, groupings, (corpus, statistics))
        for grouping, table in zip(groupings, measured, strict=True):
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
    table = _group_rows(cube, corpus, list(grouping.members.values()), statistics)
    groups, actors = len(grouping.members), cube.shape[1]
    table["level"] = grouping.level
    table["group"] = np.repeat(np.array(grouping.labels, dtype=object), actors)
    table["balance_minus_corpus"] = table["balance"] - np.tile(cube_balance(cube), groups)
    return table


def _test_groupings(
    tables: list[pd.DataFrame],
    cube: np.ndarray,
    groupings: list[Grouping],
    settings: tuple[Corpus, StatisticsParameters],
) -> list[pd.DataFrame]:
    """Test every group of outlets and blocs against all other articles; an article is not tested, as it is one."""
    corpus, statistics = settings
    tested = [g.level != "article" and len(g.members) > 1 for g in groupings]
    with np.errstate(invalid="ignore", divide="ignore"):
        balances = (cube[:, :, 3] - cube[:, :, 1]) / cube[:, :, 0]
    levels = [list(g.members.values()) for g, chosen in zip(groupings, tested, strict=True) if chosen]
    found = iter(compare_levels(balances, levels, statistics, corpus))
    untested = dict.fromkeys(("difference", "attainable_p", "p", "q"), np.nan) | {
        "n_articles_rest": 0, "family": 0,
    }  # fmt: skip
    complete = []
    for table, chosen in zip(tables, tested, strict=True):
        if chosen:
            tests = next(found)
            # the reason tells the articles of both sides, of which the group's are the first
            told = table["flag"].where(tests["p"].isna(), table["flag"].str.replace("descriptive", "no interval"))
            flag = told.where(tests["withheld"] == "", tests["withheld"])
            table = table.assign(flag=flag, **tests.drop(columns="withheld"))
        else:
            table = table.assign(**untested)
        complete.append(table.assign(flag=corpus.copies.in_words(table["flag"].tolist())))
    return complete


def _group_rows(
    cube: np.ndarray, corpus: Corpus, members: list[np.ndarray], statistics: StatisticsParameters
) -> pd.DataFrame:
    """Aggregate groups of articles: one row per group and actor; articles that are copies of one text are one."""
    names, there = corpus.texts, (cube[:, :, 0] / corpus.weights[:, None]).round()
    everyone = cube.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        article_mean = np.where(everyone[:, 0] > 0, (everyone[:, 3] - everyone[:, 1]) / everyone[:, 0], 0.0)
    if all(len(rows) == 1 for rows in members):
        rows = np.concatenate(members)
        sums, mentions, articles = cube[rows], there[rows], (cube[rows, :, 0] > 0).astype(int)
        texts = articles
        baseline = article_mean[rows, None] * cube[rows, :, 0]
        low, high = np.full((2, *articles.shape), np.nan)
    else:
        sums = np.stack([cube[rows].sum(axis=0) for rows in members])
        mentions = np.stack([there[rows].sum(axis=0) for rows in members])
        articles = np.stack([(cube[rows, :, 0] > 0).sum(axis=0) for rows in members])
        own = [[names[row] for row in rows] for rows in members]
        held = [merge_named(texts, [cube[rows, :, 0]])[1][0] for texts, rows in zip(own, members, strict=True)]
        texts = np.stack([(sums_of > 0).sum(axis=0) for sums_of in held])
        baseline = np.stack([article_mean[rows] @ cube[rows, :, 0] for rows in members])
        bounds = [
            _balance_interval(cube[rows], count, texts_of, statistics)
            for rows, count, texts_of in zip(members, texts, own, strict=True)
        ]
        low, high = (np.stack(ends) for ends in zip(*bounds, strict=True))
    n, negative, neutral, positive = np.moveaxis(sums, 2, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.array([negative, neutral, positive]) / n
        baseline = baseline / n
    balance = shares[2] - shares[0]
    flags = [descriptive_flag(k) for k in range(statistics.min_articles_interval)]
    columns = {
        "n_mentions": mentions.astype(int),
        "n_articles": articles,
        **dict(zip(CLASSES, shares, strict=True)),
        "balance": balance,
        "baseline": baseline,
        "balance_minus_baseline": balance - baseline,
        "balance_low": low,
        "balance_high": high,
        "flag": np.array([*flags, ""], dtype=object)[np.minimum(texts, len(flags))],
    }
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()})


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
