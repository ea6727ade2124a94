"""Robustness: every headline number again without each article, and under the alternative outlet coding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.counts import TermCounts
from analysis.measures.keyness import log_ratio
from analysis.measures.sentiment import cube_balance, score_cube
from analysis.results import Result
from analysis.schema.results import as_declared

_MOST_ARTICLES = 60
_SMALL = 1e-9


@dataclass(frozen=True)
class Headlines:
    """The numbers that are repeated.

    Parameters
    ----------
    terms : tuple of (str, str)
        Bloc and term: the log ratio of the bloc against the rest.
    actors : tuple of str
        actor_ids: the balance in each bloc.
    """

    terms: tuple[tuple[str, str], ...]
    actors: tuple[str, ...]


def measure_robustness(
    corpus: Corpus,
    counts: TermCounts,
    theme_paragraphs: pd.DataFrame,
    scores: pd.DataFrame,
    headlines: Headlines,
) -> Result:
    """Repeat every headline number under each specification.

    Specifications leave one article out (the first sixty of a larger corpus), with all copies of its text, take
    the alternative coding of one outlet, or of all. The theme model is not refitted (its stability is in the
    table ``themes``);
    weights and labels of the groups are.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    counts : TermCounts
        Of all terms.
    theme_paragraphs : pandas.DataFrame
        ``article_id``, ``theme_id``, ``weight``.
    scores : pandas.DataFrame
        The table ``scores``.
    headlines : Headlines
        The numbers to repeat.

    Returns
    -------
    Result
        The table ``robustness``. The verdict is ``turned`` where the sign differs, ``halved`` where less
        than half of the size is left, ``lost`` where the number cannot be had, else ``same``.
    """
    weights = _theme_weights(corpus, theme_paragraphs)
    cube = score_cube(corpus, scores, list(headlines.actors))
    blocs = corpus.grouping("bloc").labels

    def numbers(rows: np.ndarray, coding: np.ndarray) -> dict[tuple, float]:
        found = {}
        for bloc in blocs:
            inside, outside = rows[coding[rows] == bloc], rows[coding[rows] != bloc]
            for theme, difference in _theme_difference(weights, inside, outside).items():
                found["themes", theme, bloc, "weight minus rest"] = difference
            balance = cube_balance(cube[inside]) if len(inside) else np.full(len(headlines.actors), np.nan)
            for actor_id, value in zip(headlines.actors, balance, strict=True):
                found["sentiment", actor_id, bloc, "balance"] = value
        for bloc, term in headlines.terms:
            inside, outside = rows[coding[rows] == bloc], rows[coding[rows] != bloc]
            found["contrasts", term, bloc, "log_ratio"] = _term_ratio(counts, term, inside, outside)
        return found

    table = _run_specifications(corpus, numbers)
    omitted = max(0, len(set(corpus.texts)) - _MOST_ARTICLES)
    excluded = pd.DataFrame(
        [
            {
                "what": "specifications 'without <article>'",
                "n": omitted,
                "why": f"only the first {_MOST_ARTICLES} are run",
            }
        ]
        if omitted
        else [],
        columns=["what", "n", "why"],
    )
    return Result("robustness", as_declared(table, "robustness"), excluded=excluded)


def list_specifications(corpus: Corpus) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """List the specifications.

    Parameters
    ----------
    corpus : Corpus
        The articles.

    Returns
    -------
    list of (str, numpy.ndarray, numpy.ndarray)
        What is changed, the positions of the articles that are kept, and the bloc of every article.
    """
    everyone = np.arange(len(corpus))
    coded = np.array([article.bloc for article in corpus.articles], dtype=object)
    other = np.array([article.bloc_alternative or article.bloc for article in corpus.articles], dtype=object)
    outlets = np.array([article.outlet for article in corpus.articles], dtype=object)
    # a text goes with all its copies
    texts = np.array(corpus.texts, dtype=object)
    first = dict(reversed(list(zip(texts, corpus.ids, strict=True))))
    found = [
        (f"without {first[text]}", everyone[texts != text], coded)
        for text in list(dict.fromkeys(texts))[:_MOST_ARTICLES]
        if len(first) > 1
    ]
    changed = [
        outlet for outlet in corpus.grouping("outlet").labels if (coded != other)[outlets == outlet].any()
    ]
    for outlet in changed:
        found.append((f"alternative coding of {outlet}", everyone, np.where(outlets == outlet, other, coded)))
    if len(changed) > 1:
        found.append(("alternative coding of all outlets", everyone, other))
    return found


def judge(value: float, reference: float) -> str:
    """Say whether a finding stands.

    Parameters
    ----------
    value, reference : float
        The number under a specification, and as published.

    Returns
    -------
    str
        ``same``, ``halved``, ``turned`` or ``lost``.

    Examples
    --------
    >>> [judge(value, 2.0) for value in (1.5, 0.5, -1.0, float("nan"))]
    ['same', 'halved', 'turned', 'lost']
    """
    if np.isnan(value):
        return "lost"
    if value * reference < -_SMALL:
        return "turned"
    if abs(value) < abs(reference) / 2 - _SMALL:
        return "halved"
    return "same"


def _run_specifications(corpus: Corpus, numbers: Callable[[np.ndarray, np.ndarray], dict]) -> pd.DataFrame:
    """Compute all numbers under all specifications."""
    coded = np.array([article.bloc for article in corpus.articles], dtype=object)
    published = numbers(np.arange(len(corpus)), coded)
    rows = []
    for name, kept, coding in list_specifications(corpus):
        found = numbers(kept, coding)
        for key, reference in published.items():
            if np.isnan(reference):
                continue
            measure, item, group, quantity = key
            rows.append(
                {
                    "measure": measure,
                    "item": item,
                    "group": group,
                    "quantity": quantity,
                    "specification": name,
                    "value": found[key],
                    "reference_value": reference,
                    "verdict": judge(found[key], reference),
                }
            )
    return pd.DataFrame(rows)


def _theme_weights(corpus: Corpus, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Sum the weight of each theme in each article."""
    if paragraphs.empty:
        return pd.DataFrame(index=range(len(corpus)))
    sums = paragraphs.pivot_table(index="article_id", columns="theme_id", values="weight", aggfunc="sum")
    return sums.reindex(corpus.ids).fillna(0.0).reset_index(drop=True).mul(corpus.weights, axis=0)


def _theme_difference(weights: pd.DataFrame, inside: np.ndarray, outside: np.ndarray) -> dict[str, float]:
    """Share of each theme in a group minus its share in the rest."""
    if not len(inside) or not len(outside):
        return dict.fromkeys(weights.columns, np.nan)
    sums = [weights.iloc[rows].sum() for rows in (inside, outside)]
    shares = [part / part.sum() if part.sum() > 0 else part * np.nan for part in sums]
    return (shares[0] - shares[1]).to_dict()


def _term_ratio(counts: TermCounts, term: str, inside: np.ndarray, outside: np.ndarray) -> float:
    """Log ratio of one term."""
    if not len(inside) or not len(outside):
        return np.nan
    column, sizes = counts.column(term) * counts.weights, counts.sizes * counts.weights
    tokens = sizes[inside].sum(), sizes[outside].sum()
    return float(log_ratio(column[inside].sum(), column[outside].sum(), *tokens))
