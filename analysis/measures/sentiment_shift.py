"""Decomposes the difference of two blocs' balance toward an actor over the words near it: a word shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters, TermParameters
from analysis.copy_weights import CopyWeights, weighted_mean
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.measures.attention import rank_actors
from analysis.measures.word_weights import WordWeights, choose_words, find_near_words, weigh_words
from analysis.resampling import descriptive_flag
from analysis.results import ACTOR_KEYS, Evidence, Result
from analysis.schema.results import as_declared

LEAST_MENTIONS = 10
"""A bloc is compared from so many mentions of the actor."""
MOST_LINES = 20
"""Words listed for each pair; the others are one line."""
OTHER, UNTOLD = "other words", "untold"
_UNPREDICTIVE = "weights do not predict the scores of articles left out"


@dataclass(frozen=True)
class _Side:
    """One bloc's mentions of one actor, summed by text: listed words, fitted value, balance, mentions; weighted."""

    names: list[str]
    sizes: np.ndarray
    near: np.ndarray
    told: np.ndarray
    balance: np.ndarray


def measure_sentiment_shift(
    corpus: Corpus,
    grouping: Grouping,
    scores: pd.DataFrame,
    actors: pd.DataFrame,
    *,
    terms: TermParameters,
    statistics: StatisticsParameters,
) -> Result:
    """Say through which words two blocs differ in their balance toward an actor.

    For blocs 1 and 2, with f the share of an actor's mentions that a word stands near and w its weight
    (`analysis.measures.word_weights.weigh_words`)::

        balance_1 - balance_2 = sum over words of (f_1 - f_2) * w + what no word tells

    This is a word shift (Gallagher et al. 2021) whose word scores are estimated from the scorer's own
    scores, or, which is the same, the composition part of a Kitagawa-Oaxaca-Blinder decomposition with
    coefficients pooled within articles. The lines of a pair add up to the difference exactly. A line is an
    association, not a cause: the word goes with the scores, it need not have made them. Intervals resample
    the articles of both blocs and hold the weights fixed.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    grouping : Grouping
        The blocs.
    scores : pandas.DataFrame
        The table ``scores``.
    actors : pandas.DataFrame
        ``actor_id``, ``actor`` (label) and ``kind``.
    terms : TermParameters
        Stop words, and the mentions that a word must stand near (``min_count``).
    statistics : StatisticsParameters
        Of the intervals.

    Returns
    -------
    Result
        The table ``sentiment_shift``: for each actor and pair of blocs with at least `LEAST_MENTIONS`
        mentions on both sides, the `MOST_LINES` words that move most, all other words in one line, and
        what no word tells.

    References
    ----------
    Gallagher et al. (2021), Generalized word shift graphs. Jann (2008), The Blinder-Oaxaca decomposition.
    """
    scores = scores.reset_index(drop=True)
    near = find_near_words(corpus, scores, terms)
    copies = corpus.copies
    weighed = weigh_words(near, choose_words(near, scores, terms.min_count, copies), scores, copies)
    counted = copies.weights(scores["article_id"].tolist())
    named = actors.set_index("actor_id")["actor"]
    balance = (scores["positive"] - scores["negative"]).to_numpy(dtype=float)
    actor_of, bloc_of = (scores[name].to_numpy(dtype=object) for name in ("actor_id", "bloc"))
    tables = []
    for actor_id in rank_actors(scores, named):
        rows = {
            label: np.flatnonzero((actor_of == actor_id) & (bloc_of == label)) for label in grouping.labels
        }
        enough = [label for label in grouping.labels if counted[rows[label]].sum() >= LEAST_MENTIONS - 1e-9]
        for target, reference in combinations(enough, 2):
            sides = rows[target], rows[reference]
            table = _shift((weighed, balance), (scores["article_id"].to_numpy(), counted, copies), sides, statistics)
            tables.append(table.assign(actor_id=actor_id, target=target, reference=reference))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    if tables:
        table = table.assign(actor=table["actor_id"].map(named), level=grouping.level, fit=weighed.fit)
    few = "fewer than two blocs with so many mentions of any one actor"
    excluded = [] if tables else [{"what": "pairs of blocs", "n": 0, "why": f"{few}: {LEAST_MENTIONS}"}]
    return Result(
        "sentiment_shift",
        as_declared(table, "sentiment_shift"),
        params={
            "words": len(weighed.words),
            "penalty": weighed.penalty,
            "bootstrap": statistics.bootstrap,
            "random_state": statistics.random_state,
        },
        provenance={
            "weight": "ridge regression of balance on words near the mention, within articles",
            "interval": f"{METHOD}; weights held fixed",
        },
        excluded=pd.DataFrame(excluded, columns=["what", "n", "why"]),
    )


def word_evidence(corpus: Corpus, hits: pd.DataFrame, terms: TermParameters) -> Evidence:
    """Make evidence that finds the mentions that a word stands near.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    hits : pandas.DataFrame
        The evidence of all mentions, with ``balance``.
    terms : TermParameters
        As in `measure_sentiment_shift`.

    Returns
    -------
    Evidence
        `find` takes ``word`` beside the keys of actors, and sorts by balance; the words near the mentions
        are listed when it is first asked for one.
    """
    hits = hits.reset_index(drop=True)
    near: list[tuple[str, ...]] = []

    def find(wanted: Mapping[str, Any]) -> pd.DataFrame:
        chosen = np.ones(len(hits), dtype=bool)
        for key, value in wanted.items():
            values = [value] if isinstance(value, str) or not hasattr(value, "__iter__") else list(value)
            if key == "word":
                if not near:
                    near.extend(find_near_words(corpus, hits, terms))
                chosen &= np.array([any(word in words for word in values) for words in near], dtype=bool)
            else:
                chosen &= hits[key].isin(values).to_numpy()
        return hits[chosen].sort_values(["balance", "article_id", "start"], ignore_index=True)

    return Evidence((*ACTOR_KEYS, "word"), find)


def largest_differences(
    shift: pd.DataFrame, actor_ids: list[str], *, most: int = 3
) -> list[tuple[str, str, str]]:
    """Choose the pairs of blocs that differ most, one for each actor.

    Parameters
    ----------
    shift : pandas.DataFrame
        The table ``sentiment_shift``.
    actor_ids : list of str
        The actors to choose from, in their order.
    most : int
        The most pairs.

    Returns
    -------
    list of (str, str, str)
        actor_id, target and reference, by the size of the difference, then the actors' order.
    """
    pairs = shift.drop_duplicates(["actor_id", "target", "reference"])
    pairs = pairs[pairs["actor_id"].isin(actor_ids)]
    pairs = pairs.assign(
        _size=pairs["difference"].abs().round(9), _order=pairs["actor_id"].map(actor_ids.index)
    )
    # a stable sort keeps the blocs' order among equals
    pairs = pairs.sort_values(["_size", "_order"], ascending=[False, True], kind="stable")
    pairs = pairs.drop_duplicates("actor_id").head(most)
    return list(pairs[["actor_id", "target", "reference"]].itertuples(index=False, name=None))


def _shift(
    mentions: tuple[WordWeights, np.ndarray],
    articles: tuple[np.ndarray, np.ndarray, CopyWeights],
    sides: tuple[np.ndarray, np.ndarray],
    statistics: StatisticsParameters,
) -> pd.DataFrame:
    """Decompose one difference; `articles` are those of the mentions, what they count, and which are copies."""
    (weighed, balance), (names, counted, copies) = mentions, articles
    counts = [np.asarray(weighed.matrix[rows].sum(axis=0)).ravel() for rows in sides]
    shares = [(weighed.matrix[rows].T @ counted[rows]) / counted[rows].sum() for rows in sides]
    moved = (shares[0] - shares[1]) * weighed.weights
    order = np.lexsort((np.arange(len(moved)), -np.abs(moved).round(9)))
    listed = np.array([place for place in order[:MOST_LINES] if abs(moved[place]) > 1e-9], dtype=np.int64)
    places = [_articles_near(weighed, names, rows, listed) for rows in sides]
    texts = np.array(copies.texts(names), dtype=object)
    found = [_sum_side(weighed, (balance, counted), texts, rows, listed) for rows in sides]
    contribution = _lines(found, [np.ones((1, len(side.names))) for side in found], weighed.weights[listed])[
        0
    ]
    first, second = (weighted_mean(balance[rows], counted[rows]) for rows in sides)
    low, high, flag = _interval(found, weighed.weights[listed], statistics)
    flag = copies.in_words(flag)
    if np.isnan(weighed.fit) or weighed.fit <= 0:
        flag = "; ".join(filter(None, (flag, _UNPREDICTIVE)))
    lines = len(listed)
    blank = [np.nan, np.nan]
    return pd.DataFrame(
        {
            "line": ["word"] * lines + [OTHER, UNTOLD],
            "word": [weighed.words[place] for place in listed] + ["", ""],
            "rank": range(1, lines + 3),
            "n_mentions_target": len(sides[0]),
            "n_mentions_reference": len(sides[1]),
            "n_articles_target": len(np.unique(names[sides[0]].astype(str))),
            "n_articles_reference": len(np.unique(names[sides[1]].astype(str))),
            "near_target": [*counts[0][listed].astype(int), 0, 0],
            "near_reference": [*counts[1][listed].astype(int), 0, 0],
            "articles_target": [*places[0], 0, 0],
            "articles_reference": [*places[1], 0, 0],
            "share_target": [*shares[0][listed], *blank],
            "share_reference": [*shares[1][listed], *blank],
            "weight": [*weighed.weights[listed], *blank],
            "contribution": contribution,
            "contribution_low": low,
            "contribution_high": high,
            "direction": [_direction(place, shares, weighed.weights) for place in listed] + ["", ""],
            "balance_target": first,
            "balance_reference": second,
            "difference": first - second,
            "flag": flag,
        }
    )


def _sum_side(
    weighed: WordWeights,
    mentions: tuple[np.ndarray, np.ndarray],
    texts: np.ndarray,
    rows: np.ndarray,
    listed: np.ndarray,
) -> _Side:
    """Sum one side's mentions by text: their balance, and with what they count."""
    names, code = np.unique(texts[rows].astype(str), return_inverse=True)
    balance, counted = (values[rows] for values in mentions)
    near = np.zeros((len(names), len(listed)))
    part = weighed.matrix[rows]
    np.add.at(near, code, part[:, listed].toarray() * counted[:, None])
    told, sums, sizes = (
        np.bincount(code, values * counted, len(names))
        for values in (part @ weighed.weights, balance, np.ones(len(rows)))
    )
    return _Side(list(names), sizes, near, told, sums)


def _articles_near(
    weighed: WordWeights, articles: np.ndarray, rows: np.ndarray, listed: np.ndarray
) -> np.ndarray:
    """Count the articles in which each listed word stands near a mention."""
    _, code = np.unique(articles[rows].astype(str), return_inverse=True)
    near = np.zeros((code.max(initial=-1) + 1, len(listed)))
    np.add.at(near, code, weighed.matrix[rows][:, listed].toarray())
    return (near > 0).sum(axis=0)


def _lines(sides: list[_Side], drawn: list[np.ndarray], weights: np.ndarray) -> np.ndarray:
    """Compute every line of a pair, for each drawing of the articles of both sides."""
    means = []
    for side, times in zip(sides, drawn, strict=True):
        sums = times @ np.column_stack([side.near, side.told, side.balance])
        total = times @ side.sizes
        with np.errstate(invalid="ignore", divide="ignore"):
            means.append(np.where(total[:, None] > 0, sums / total[:, None], np.nan))
    difference = means[0] - means[1]
    words = difference[:, :-2] * weights
    told, whole = difference[:, -2], difference[:, -1]
    return np.column_stack([words, told - words.sum(axis=1), whole - told])


def _interval(
    sides: list[_Side], weights: np.ndarray, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray, str]:
    """Resample the articles of both sides, if there are enough; else say why not."""
    articles = [len(side.names) for side in sides]
    if min(articles) < statistics.min_articles_interval:
        nothing = np.full(len(weights) + 2, np.nan)
        return nothing, nothing, descriptive_flag(*articles)
    groups = []
    for side in sides:
        words = side.near * weights
        lines = np.column_stack([words, side.told - words.sum(axis=1), side.balance - side.told])
        groups.append(Group(side.names, (lines, side.sizes[:, None])))
    low, high = article_interval(
        lambda a, n, b, m: ratio(a, n) - ratio(b, m),
        groups,
        replicates=statistics.bootstrap,
        random_state=statistics.random_state,
    )
    return low, high, ""


def _direction(place: int, shares: list[np.ndarray], weights: np.ndarray) -> str:
    """Say in words what a line does: whether the target has more or less of what."""
    more = "more" if shares[0][place] > shares[1][place] else "less"
    return f"{more}, {'positive' if weights[place] > 0 else 'negative'}"
