"""Tests whether a group's articles differ from all others in their balance toward an actor."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.copy_weights import text_rows
from analysis.corpus import Corpus
from analysis.measures.bounds import not_permuted
from analysis.resampling import (
    EXACT_LIMIT,
    descriptive_flag,
    false_discovery_q,
    permutation_p,
    smallest_p,
    why_withheld,
)
from analysis.shuffles import shuffle_rows
from analysis.text_tests import ALIKE, compare_texts, row_weights

_BLOCK_CELLS = 2_000_000


def compare_balances(
    balances: np.ndarray,
    members: Sequence[np.ndarray],
    statistics: StatisticsParameters,
    corpus: Corpus | None = None,
) -> pd.DataFrame:
    """Compare each group's articles with all others, for every actor.

    The statistic is the difference of mean per-article balances, over the articles that mention the actor:
    each article counts once, however often it mentions the actor. Labels of articles are permuted; up to
    `analysis.resampling.EXACT_LIMIT` divisions exactly, else `statistics.permutations` times, the same
    permutations for all groups of an actor; where more than `statistics.permuted_articles` mention it, p is
    withheld. q is Benjamini-Hochberg's over all tests of the call.

    Parameters
    ----------
    balances : numpy.ndarray
        Of shape (articles, actors): the balance of each article, -1 to 1; NaN where it does not mention the
        actor.
    members : sequence of numpy.ndarray
        The positions of each group's articles.
    statistics : StatisticsParameters
        Permutations, random state and alpha.
    corpus : Corpus, optional
        The articles, where some of them share the weight of one text: texts are permuted.

    Returns
    -------
    pandas.DataFrame
        One row per group and actor, in that order: ``n_articles_rest``, ``difference`` (group minus rest),
        ``attainable_p``, ``p`` and ``q`` (withheld where p cannot reach alpha), ``family`` (tests made) and
        ``withheld``, the reason.
    """
    return compare_levels(balances, [members], statistics, corpus=corpus)[0]


def compare_levels(
    balances: np.ndarray,
    levels: Sequence[Sequence[np.ndarray]],
    statistics: StatisticsParameters,
    corpus: Corpus | None = None,
) -> list[pd.DataFrame]:
    """Compare each group's articles with all others at several levels, from the same permutations.

    Parameters
    ----------
    balances : numpy.ndarray
        As in `compare_balances`.
    levels : sequence of sequence of numpy.ndarray
        For each level, such as outlets and blocs, the positions of each group's articles.
    statistics : StatisticsParameters
        Permutations, random state and alpha.
    corpus : Corpus, optional
        As in `compare_balances`.

    Returns
    -------
    list of pandas.DataFrame
        For each level what `compare_balances` returns for its groups alone.
    """
    shared = corpus is not None and bool(corpus.copies)
    if shared and len(levels) > 1:
        return [compare_levels(balances, [level], statistics, corpus)[0] for level in levels]
    members = [rows for level in levels for rows in level]
    rows = [
        _compare_texts(balances[:, actor], members, corpus, statistics).assign(actor=actor, group=range(len(members)))
        if shared
        else _compare_actor(balances[:, actor], members, statistics).assign(actor=actor, group=range(len(members)))
        for actor in range(balances.shape[1])
    ]
    columns = ["n_articles_rest", "difference", "attainable_p", "p", "withheld", "actor", "group"]
    whole = pd.concat(rows) if rows else pd.DataFrame(columns=columns)
    tables, first = [], 0
    for level in levels:
        table = whole[whole["group"].between(first, first + len(level) - 1)]
        table = table.sort_values(["group", "actor"], ignore_index=True)
        table["q"] = false_discovery_q(table["p"].to_numpy(dtype=float))
        table["family"] = int(table["p"].notna().sum())
        tables.append(table.drop(columns=["group", "actor"]))
        first += len(level)
    return tables


def _compare_actor(
    values: np.ndarray, members: Sequence[np.ndarray], statistics: StatisticsParameters
) -> pd.DataFrame:
    """Compare the groups on one actor."""
    mentions = ~np.isnan(values)
    inside = np.zeros((len(values), len(members)), dtype=bool)
    for group, positions in enumerate(members):
        inside[positions, group] = True
    inside, values = inside[mentions], values[mentions]
    sizes = inside.sum(axis=0)
    rest = len(values) - sizes
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = values @ inside / sizes - values @ ~inside / rest
    floor = np.array(
        [smallest_p(int(a), int(b), statistics.permutations) for a, b in zip(sizes, rest, strict=True)]
    )
    p = np.full(len(members), np.nan)
    tested = (floor <= statistics.alpha) & (len(values) <= statistics.permuted_articles)
    exact = np.array(
        [comb(len(values), min(a, b)) <= EXACT_LIMIT for a, b in zip(sizes, rest, strict=True)], dtype=bool
    )
    for group in np.flatnonzero(tested & exact):
        chosen = inside[:, group]
        p[group] = permutation_p(values[chosen, None], values[~chosen, None])[0]
    sampled = tested & ~exact
    if sampled.any():
        p[sampled] = _sampled_p(values, inside[:, sampled], statistics)
    return pd.DataFrame(
        {
            "n_articles_rest": rest,
            "difference": np.where(np.isfinite(difference), difference, np.nan),
            "attainable_p": floor,
            "p": p,
            "withheld": [_reason(int(a), int(b), statistics) for a, b in zip(sizes, rest, strict=True)],
        }
    )


def _compare_texts(
    values: np.ndarray, members: Sequence[np.ndarray], corpus: Corpus, statistics: StatisticsParameters
) -> pd.DataFrame:
    """Compare the groups on one actor, where copies share the weight of one text."""
    names, weights, permutations = corpus.texts, corpus.weights, statistics.permutations
    # by name, so that sampled permutations do not depend on the order of articles
    by_name = np.argsort(np.array(corpus.ids, dtype=str), kind="stable")
    mentions, rows = by_name[~np.isnan(values[by_name])], []
    everyone = text_rows([names[row] for row in mentions], weights[mentions])
    groups = [text_rows([names[row] for row in own], np.ones(len(own))) for own in members]
    held = [name for group in groups for name in group.names]
    if len(held) == len(set(held)) and np.abs(row_weights(everyone) - 1).max(initial=0.0) <= ALIKE:
        # every text is one group's alone, whole: texts take the place of articles
        index = {name: place for place, name in enumerate(everyone.names)}
        places = [
            np.array([index[name] for name in group.names if name in index], dtype=np.int64) for group in groups
        ]
        inside = np.array([np.isin(mentions, own).sum() for own in members])
        means = everyone.add_up(values[mentions])
        return _compare_actor(means, places, statistics).assign(n_articles_rest=len(mentions) - inside)
    for positions in members:
        sides = [mentions[np.isin(mentions, positions)], mentions[~np.isin(mentions, positions)]]
        compared = compare_texts(*(([names[row] for row in side], weights[side]) for side in sides))
        sizes = tuple(map(len, (compared.first, compared.second)))
        floor, p, difference = compared.smallest_p(permutations), np.nan, np.nan
        if all(sizes):
            difference = np.subtract(*(np.average(values[side], weights=weights[side]) for side in sides))
        if floor <= statistics.alpha and sum(sizes) <= statistics.permuted_articles:
            p = compared.permutation_p(
                *(values[side, None] for side in sides),
                permutations=permutations,
                random_state=statistics.random_state,
            )[0]
        withheld = _reason(*sizes, statistics)
        if all(sizes) and compared.sizes != sizes:
            why = why_withheld(*compared.sizes, alpha=statistics.alpha, permutations=permutations)
            if not all(compared.sizes):
                why = "p withheld: a side has no article of its own"
            if why:
                withheld = f"{descriptive_flag(*sizes)}; {why}"
        rows.append(
            {
                "n_articles_rest": len(sides[1]),
                "difference": difference,
                "attainable_p": floor,
                "p": p,
                "withheld": withheld,
            }
        )
    return pd.DataFrame(rows)


def _sampled_p(values: np.ndarray, inside: np.ndarray, statistics: StatisticsParameters) -> np.ndarray:
    """Permute the articles of all groups at once."""
    observed = values @ inside
    tolerance = 1e-9 * max(1e-300, np.abs(values).sum())
    above, below = np.zeros((2, inside.shape[1]))
    block = max(1, _BLOCK_CELLS // len(values))
    for start in range(0, statistics.permutations, block):
        numbers = range(start, min(start + block, statistics.permutations))
        drawn = shuffle_rows(values, numbers, statistics.random_state) @ inside.astype(float)
        above += (drawn >= observed - tolerance).sum(axis=0)
        below += (drawn <= observed + tolerance).sum(axis=0)
    return np.minimum(1.0, 2 * (1 + np.minimum(above, below)) / (1 + statistics.permutations))


def _reason(group: int, rest: int, statistics: StatisticsParameters) -> str:
    """Say why there is no p; empty where there is one, or the group does not mention the actor."""
    if group and not rest:
        return "no test: no other article mentions the actor"
    if not group:
        return ""
    why = why_withheld(group, rest, alpha=statistics.alpha, permutations=statistics.permutations)
    if why:
        return f"{descriptive_flag(group, rest)}; {why}"
    if group + rest <= statistics.permuted_articles:
        return ""
    few = group < statistics.min_articles_interval
    short = [descriptive_flag(group).replace("descriptive", "no interval")] if few else []
    return "; ".join([*short, not_permuted(group + rest)])
