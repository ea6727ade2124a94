"""Themes: groups of terms that occur together in paragraphs (TF-IDF and non-negative matrix factorisation)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.config import StatisticsParameters, TermParameters, ThemeParameters
from analysis.corpus import Corpus, Grouping
from analysis.counts import LETTERS, count_lists, stop_words
from analysis.errors import ParameterError
from analysis.intervals import Group, article_interval, ratio
from analysis.resampling import descriptive_flag
from analysis.results import EVIDENCE_COLUMNS, Result, hit_row, one_line, table_evidence
from analysis.schema.results import RESULT_TABLES, as_declared
from analysis.text import fold_token

_DEPTH = 10  # terms compared when themes are matched
_MOST_REFITS = 20
_DECIMALS = 6
_NO_TERM = "no term"  # the name of an empty theme: the corpus holds fewer than k


@dataclass(frozen=True)
class _Paragraphs:
    """The paragraphs that carry themes, as a TF-IDF matrix."""

    article: np.ndarray
    start: np.ndarray
    end: np.ndarray
    counts: sparse.csr_matrix
    terms: tuple[str, ...]


def measure_themes(
    corpus: Corpus,
    groupings: list[Grouping],
    *,
    themes: ThemeParameters,
    terms: TermParameters,
    statistics: StatisticsParameters,
) -> Result:
    """Find themes, and their weight in each article, outlet and bloc.

    Paragraphs are weighted by TF-IDF (smoothed, l2) and factorised (NMF, coordinate descent, NNDSVD). A
    theme's weight in a paragraph is its column of W times the sum of its row of H; a group's weight is the
    theme's share of the sum over its paragraphs. Intervals resample articles. Stability is the mean, over
    refits that leave one article out, of the average Jaccard agreement of the top ten terms, themes matched
    by the Hungarian assignment (Greene et al. 2014).

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Which groups to weigh.
    themes, terms, statistics : parameter dataclasses
        See `analysis.config`.

    Returns
    -------
    Result
        The table ``themes``; evidence are paragraphs with their weight, heaviest first.

    Raises
    ------
    ParameterError
        There are fewer paragraphs or terms than themes.
    """
    paragraphs, skipped = _paragraph_counts(corpus, themes, terms)
    _check_size(paragraphs, themes.k)
    weights, components = _fit(paragraphs.counts, themes.k, statistics.random_state)
    order = np.lexsort((np.arange(themes.k), -weights.sum(axis=0).round(_DECIMALS)))
    weights, components = weights[:, order], components[order]
    tops = [_top_terms(row, paragraphs.terms, max(_DEPTH, themes.top_terms)) for row in components]
    labels = [", ".join(top[:3]) or _NO_TERM for top in tops]
    stability = _stability(paragraphs, tops, len(corpus), themes.k, statistics.random_state)
    articles = np.zeros((len(corpus), themes.k))
    np.add.at(articles, paragraphs.article, weights)
    rows = []
    for grouping in groupings:
        for label, positions in grouping.members.items():
            shares, low, high = _group_weight(articles, positions, corpus.ids, statistics)
            few = len(positions) < statistics.min_articles_interval
            for theme in range(themes.k):
                rows.append(
                    {
                        "theme_id": f"T{theme + 1}",
                        "label": labels[theme],
                        "top_terms": ", ".join(tops[theme][: themes.top_terms]) or _NO_TERM,
                        "stability": stability[theme],
                        "level": grouping.level,
                        "group": label,
                        "n_articles": len(positions),
                        "n_paragraphs": int(np.isin(paragraphs.article, positions).sum()),
                        "weight": shares[theme],
                        "weight_low": low[theme],
                        "weight_high": high[theme],
                        "flag": descriptive_flag(len(positions)) if few else "",
                    }
                )
    return Result(
        "themes",
        as_declared(pd.DataFrame(rows), "themes"),
        params={"k": themes.k, "n_terms": len(paragraphs.terms), "n_paragraphs": len(paragraphs.article)},
        provenance={
            "tfidf": "scikit-learn, smooth_idf, l2, paragraphs as documents",
            "nmf": "coordinate descent, Frobenius, NNDSVD initialisation",
            "stability": "average Jaccard of the top ten terms, leave one article out, Hungarian assignment",
        },
        excluded=pd.DataFrame(
            [
                {
                    "what": "paragraphs",
                    "n": skipped,
                    "why": f"fewer than {themes.min_tokens} tokens, or no term in the vocabulary",
                }
            ]
        ),
        evidence=table_evidence(
            _theme_paragraphs(corpus, paragraphs, weights), ("theme_id", "article_id", "outlet", "bloc")
        ),
    )


def no_themes(why: str) -> Result:
    """Make the result of a corpus in which no themes can be found.

    Parameters
    ----------
    why : str
        The reason; it is listed among what is excluded.

    Returns
    -------
    Result
        An empty table ``themes``.
    """
    empty = pd.DataFrame(columns=["theme_id", "weight", *EVIDENCE_COLUMNS])
    return Result(
        "themes",
        as_declared(pd.DataFrame(columns=RESULT_TABLES["themes"].names), "themes"),
        excluded=pd.DataFrame([{"what": "themes", "n": 0, "why": why}]),
        evidence=table_evidence(empty, ("theme_id", "article_id", "outlet", "bloc")),
    )


def _paragraph_counts(
    corpus: Corpus, themes: ThemeParameters, terms: TermParameters
) -> tuple[_Paragraphs, int]:
    """Count the terms of every paragraph that is long enough."""
    stopped = stop_words(terms)
    lists, places, everything = [], [], 0
    for number, article in enumerate(corpus.articles):
        spans, cursor = article.tokens, 0
        for paragraph in article.paragraphs:
            everything += 1
            while cursor < len(spans) and spans[cursor].start < paragraph.start:
                cursor += 1
            first = cursor
            while cursor < len(spans) and spans[cursor].end <= paragraph.end:
                cursor += 1
            words = [
                fold_token(article.text[token.start : token.end], keep_case=terms.keep_case)
                for token in spans[first:cursor]
            ]
            if len(words) >= themes.min_tokens:
                lists.append(
                    [w for w in words if w not in stopped and sum(c.isalpha() for c in w) >= LETTERS]
                )
                places.append((number, paragraph.start, paragraph.end))
    counts = count_lists(lists, [str(number) for number in range(len(lists))])
    present = counts.article_counts
    kept = np.flatnonzero(
        (present >= themes.min_paragraphs) & (present <= themes.max_share * max(1, len(lists)))
    )
    matrix = counts.matrix[:, kept]
    filled = np.flatnonzero(np.diff(matrix.indptr) > 0)
    place = np.array(places, dtype=np.int64).reshape(-1, 3)[filled]
    names = tuple(counts.terms[column] for column in kept)
    return _Paragraphs(place[:, 0], place[:, 1], place[:, 2], matrix[filled], names), everything - len(filled)


def _check_size(paragraphs: _Paragraphs, k: int) -> None:
    rows, columns = paragraphs.counts.shape
    if min(rows, columns) < k:
        raise ParameterError(
            f"study.toml [themes] k: {k} themes cannot be found in {rows} paragraphs with {columns} terms; "
            f"allowed: at most {min(rows, columns)}; lower k, min_tokens or min_paragraphs, or add articles"
        )


def _fit(counts: sparse.csr_matrix, k: int, random_state: int) -> tuple[np.ndarray, np.ndarray]:
    """Factorise; W carries the scale of H, so that a paragraph's weights add up to what is explained of it."""
    import warnings

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfTransformer

    tfidf = TfidfTransformer(norm="l2", smooth_idf=True).fit_transform(counts)
    model = NMF(n_components=k, init="nndsvd", solver="cd", random_state=random_state, max_iter=400, tol=1e-5)
    with warnings.catch_warnings():
        # the last decimals of a slow corpus do not matter: weights are rounded
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights = model.fit_transform(tfidf)
    scale = model.components_.sum(axis=1)
    return (weights * scale).round(_DECIMALS), model.components_.round(_DECIMALS)


def _top_terms(component: np.ndarray, terms: tuple[str, ...], depth: int) -> list[str]:
    """Rank a theme's terms by weight, then by name."""
    order = np.lexsort((np.array(terms), -component))
    return [terms[column] for column in order[:depth] if component[column] > 0]


def _stability(
    paragraphs: _Paragraphs, tops: list[list[str]], n_articles: int, k: int, random_state: int
) -> np.ndarray:
    """Refit without each article in turn (or without each of twenty parts of a large corpus)."""
    from scipy.optimize import linear_sum_assignment

    parts = min(n_articles, _MOST_REFITS)
    scores = []
    for part in range(parts):
        kept = np.flatnonzero(paragraphs.article % parts != part)
        counts = paragraphs.counts[kept]
        if min(counts.shape) < k or len(kept) == len(paragraphs.article):
            continue
        _, components = _fit(counts, k, random_state)
        others = [_top_terms(row, paragraphs.terms, _DEPTH) for row in components]
        agreement = np.array([[average_jaccard(top[:_DEPTH], other) for other in others] for top in tops])
        rows, columns = linear_sum_assignment(-agreement)
        scores.append(agreement[rows, columns])
    return np.mean(scores, axis=0) if scores else np.full(k, np.nan)


def average_jaccard(first: list[str], second: list[str]) -> float:
    """Compare two rankings: the mean Jaccard index of their tops of every depth.

    Parameters
    ----------
    first, second : list of str
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
    shares = [
        len(set(first[:d]) & set(second[:d])) / len(set(first[:d]) | set(second[:d]))
        for d in range(1, depth + 1)
    ]
    return float(np.mean(shares))


def _group_weight(
    articles: np.ndarray, positions: np.ndarray, names: list[str], statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share of each theme in a group, with its interval over articles."""
    sums = articles[positions]
    whole = sums.sum(axis=0)
    undefined = np.full(articles.shape[1], np.nan)
    shares = whole / whole.sum() if whole.sum() > 0 else undefined
    if len(positions) < statistics.min_articles_interval:
        return shares, undefined, undefined
    return shares, *article_interval(
        ratio,
        [Group([names[p] for p in positions], (sums, sums.sum(axis=1, keepdims=True)))],
        replicates=statistics.bootstrap,
        random_state=statistics.random_state,
    )


def _theme_paragraphs(corpus: Corpus, paragraphs: _Paragraphs, weights: np.ndarray) -> pd.DataFrame:
    """List the paragraphs of each theme, heaviest first."""
    rows = []
    for theme in range(weights.shape[1]):
        order = np.lexsort((paragraphs.start, paragraphs.article, -weights[:, theme]))
        for row in order[weights[order, theme] > 0]:
            article = corpus.articles[paragraphs.article[row]]
            start, end = int(paragraphs.start[row]), int(paragraphs.end[row])
            text = one_line(article.text[start:end])
            hit = hit_row(article, start, end, width=0)
            rows.append(
                {
                    "theme_id": f"T{theme + 1}",
                    "weight": weights[row, theme],
                    **hit,
                    "match": text,
                    "sentence": text,
                }
            )
    return pd.DataFrame(rows)
