"""Refits of the theme model on fewer articles, and how well their themes agree with those of all articles."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.config import ThemeParameters
from analysis.measures.theme_labels import rank_terms
from analysis.measures.theme_model import ThemeParagraphs, fit_each

KEPT = 0.8
"""Share of the articles that a resample keeps."""

_MOST_LEFT_OUT = 20


@dataclass(frozen=True)
class Refits:
    """Which paragraphs take part, and which of them each refit keeps.

    Parameters
    ----------
    used : numpy.ndarray
        Rows of the paragraphs on which stability is measured, ascending.
    resamples : list of numpy.ndarray
        Positions in `used` that stay, one array for each resample of articles.
    left_out : list of numpy.ndarray
        The same for each article (or each of twenty parts of the articles) that is left out.
    kept : float
        Share of the articles in a resample.
    n_articles : int
        Articles with a paragraph in `used`.
    """

    used: np.ndarray
    resamples: list[np.ndarray]
    left_out: list[np.ndarray]
    kept: float
    n_articles: int


def plan_refits(
    paragraphs: ThemeParagraphs, names: Sequence[str], themes: ThemeParameters, random_state: int
) -> Refits:
    """Choose the paragraphs on which stability is measured, and what each refit keeps.

    An article's place in a resample is a hash of (random_state, article, replicate): it depends neither on
    the order of articles nor on a generator's history. Where 80 % of the articles would leave out one, every
    article is left out in turn instead.

    Parameters
    ----------
    paragraphs : ThemeParagraphs
        The paragraphs.
    names : sequence of str
        article_ids, by position in the corpus.
    themes : ThemeParameters
        ``curve_paragraphs`` and ``resamples``.
    random_state : int
        The study's.

    Returns
    -------
    Refits
        Without refits where there is one article.
    """
    articles = sorted(set(paragraphs.article.tolist()), key=lambda position: names[position])
    articles = _within(articles, paragraphs, names, (themes.curve_paragraphs, random_state))
    used = np.flatnonzero(np.isin(paragraphs.article, articles))
    article, n = paragraphs.article[used], len(articles)

    def without(dropped: Sequence[int]) -> np.ndarray:
        return np.flatnonzero(~np.isin(article, list(dropped)))

    if n < 2:
        return Refits(used, [], [], 1.0, n)
    mixed = _by_hash(articles, names, f"{random_state}:parts")
    parts = min(n, _MOST_LEFT_OUT)
    left_out = [without([position]) for position in articles] if parts == n else []
    left_out = left_out or [without(mixed[part::parts]) for part in range(parts)]
    kept = round(KEPT * n)
    if kept >= n - 1:
        return Refits(used, left_out, left_out, 1 - 1 / n, n)
    orders = [_by_hash(articles, names, f"{random_state}:{number}") for number in range(themes.resamples)]
    return Refits(used, [without(order[kept:]) for order in orders], left_out, kept / n, n)


def sample_counts(
    paragraphs: ThemeParagraphs, refits: Refits, least: int
) -> tuple[sparse.csr_matrix, tuple[str, ...]]:
    """Take the paragraphs on which stability is measured, and the terms that they hold often enough.

    Parameters
    ----------
    paragraphs : ThemeParagraphs
        All paragraphs.
    refits : Refits
        The plan.
    least : int
        ``[themes] min_paragraphs``: a term of fewer paragraphs does not take part, as in a corpus of these
        paragraphs alone.

    Returns
    -------
    counts : scipy.sparse.csr_matrix
        Of shape (paragraphs of the sample, terms).
    terms : tuple of str
        The columns, sorted.
    """
    counts = paragraphs.counts[refits.used]
    present = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = np.flatnonzero(present >= min(least, present.max(initial=0)))
    return counts[:, kept], tuple(paragraphs.terms[column] for column in kept)


def theme_agreement(
    counts: sparse.csr_matrix,
    tops: Sequence[Sequence[str]],
    kept: Sequence[np.ndarray],
    terms: tuple[str, ...],
) -> np.ndarray:
    """Refit on fewer paragraphs and compare each theme with its match.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix
        Of shape (paragraphs, terms).
    tops : sequence of sequence of str
        The top ten terms of each theme.
    kept : sequence of numpy.ndarray
        The rows of each refit.
    terms : tuple of str
        The columns.

    Returns
    -------
    numpy.ndarray
        Of shape (refits, k), 0 to 1; NaN where a refit has fewer paragraphs than themes.
    """
    return agreement_each(counts, [tops], kept, terms)[0]


def agreement_each(
    counts: sparse.csr_matrix,
    models: Sequence[Sequence[Sequence[str]]],
    kept: Sequence[np.ndarray],
    terms: tuple[str, ...],
) -> list[np.ndarray]:
    """Do the same for several models of the same paragraphs.

    Parameters
    ----------
    counts, kept, terms
        As in `theme_agreement`.
    models : sequence of sequence of sequence of str
        The top ten terms of each theme of each model.

    Returns
    -------
    list of numpy.ndarray
        Of each model what `theme_agreement` returns.
    """
    scores = [np.full((len(kept), len(tops)), np.nan) for tops in models]
    for number, rows in enumerate(kept):
        fitted = [place for place, tops in enumerate(models) if len(tops) <= len(rows)]
        fits = fit_each(counts[rows], [len(models[place]) for place in fitted]) if fitted else []
        for place, fit in zip(fitted, fits, strict=True):
            found = [rank_terms(row, terms) for row in fit.components]
            scores[place][number] = match_themes(models[place], found)
    return scores


def match_themes(tops: Sequence[Sequence[str]], others: Sequence[Sequence[str]]) -> np.ndarray:
    """Match the themes of two models one to one, so that they agree most.

    Parameters
    ----------
    tops, others : sequence of sequence of str
        Ranked terms of each theme; equally many themes.

    Returns
    -------
    numpy.ndarray
        Of shape (k,): the agreement of each theme of `tops` with its match.
    """
    from scipy.optimize import linear_sum_assignment

    agreement = np.array([[average_jaccard(top, other) for other in others] for top in tops])
    rows, columns = linear_sum_assignment(-agreement)
    return agreement[rows, columns]


def average_jaccard(first: Sequence[str], second: Sequence[str]) -> float:
    """Compare two rankings: the mean Jaccard index of their tops of every depth.

    Parameters
    ----------
    first, second : sequence of str
        Ranked terms.

    Returns
    -------
    float
        0 (nothing shared) to 1 (the same ranking).

    References
    ----------
    Greene, O'Callaghan & Cunningham (2014), How many topics? Stability analysis for topic models.

    Examples
    --------
    >>> average_jaccard(["a", "b"], ["a", "c"])
    0.6666666666666666
    """
    depth = max(len(first), len(second))
    if depth == 0:
        return 0.0
    seen, others, shared, total = set(), set(), 0, 0.0
    for place in range(depth):
        if place < len(first):
            shared += first[place] in others
            seen.add(first[place])
        if place < len(second):
            shared += second[place] in seen
            others.add(second[place])
        total += shared / (len(seen) + len(others) - shared)
    return total / depth


def _within(
    articles: list[int], paragraphs: ThemeParagraphs, names: Sequence[str], limit: tuple[int, int]
) -> list[int]:
    """Take whole articles, in the order of their hash, as long as their paragraphs stay within the limit."""
    most, random_state = limit
    if len(paragraphs.article) <= most:
        return articles
    sizes = np.bincount(paragraphs.article, minlength=len(names))
    order = _by_hash(articles, names, f"{random_state}:curve")
    taken = int(np.searchsorted(np.cumsum(sizes[order]), most, side="right"))
    return sorted(order[: max(2, taken)], key=lambda position: names[position])


def _by_hash(articles: Sequence[int], names: Sequence[str], salt: str) -> list[int]:
    """Order articles by a hash of their name."""
    return sorted(
        articles, key=lambda position: hashlib.sha256(f"{salt}:{names[position]}".encode()).digest()
    )
