"""Themes: groups of terms that occur together in paragraphs (TF-IDF and non-negative matrix factorisation)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters, TermParameters, ThemeParameters
from analysis.corpus import Corpus, Grouping
from analysis.measures.theme_copies import first_copies, measure_copies
from analysis.measures.theme_groups import ArticleThemes, weigh_groups
from analysis.measures.theme_labels import (
    NO_TERM,
    automatic_labels,
    distinctive_terms,
    name_themes,
    rank_terms,
)
from analysis.measures.theme_model import (
    ThemeParagraphs,
    by_weight,
    count_paragraphs,
    fit_themes,
    most_themes,
    one_thread,
)
from analysis.measures.theme_refits import plan_refits, sample_counts, theme_agreement
from analysis.results import EVIDENCE_COLUMNS, Evidence, Result, hit_row, one_line, table_evidence
from analysis.schema.results import as_declared

VARIANTS = {
    "tfidf": "scikit-learn, smooth_idf, l2, paragraphs as documents",
    "nmf": "coordinate descent, Frobenius, NNDSVD initialisation",
    "stability": "average Jaccard of the top ten terms, leave one article out, Hungarian assignment",
    "label": "relevance (0.6) among the top ten terms",
    "p": "permutation of articles on their mean share, group against all others",
    "q": "Benjamini-Hochberg over all tests of a level",
}
"""The variant of each formula."""

_KEYS = ("theme_id", "article_id", "outlet", "bloc", "place_in_article")


@one_thread()
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
    theme's share of the sum over its paragraphs. Intervals resample articles; tests permute them.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Which groups to weigh.
    themes : ThemeParameters
        With ``k`` as a number: `analysis.measures.theme_stability.measure_theme_stability` chooses it.
    terms, statistics : parameter dataclasses
        See `analysis.config`.

    Returns
    -------
    Result
        The table ``themes``; evidence are paragraphs with their weight, heaviest first. Their
        ``place_in_article`` counts them within theme and article, so that those with 1 are the heaviest of
        as many different articles.

    Raises
    ------
    ParameterError
        There are fewer paragraphs or terms than themes.
    StudyError
        A name of ``[themes] labels`` fits no theme, or several.
    """
    one_each = first_copies(corpus)
    model = count_paragraphs(one_each, themes, terms)
    most_themes(model, themes.k)
    fit = by_weight(fit_themes(model.counts, themes.k))
    sums = np.zeros((len(one_each), themes.k))
    np.add.at(sums, model.article, fit.weights)
    described = describe_model(model, fit.components, sums, one_each.ids, (themes, statistics.random_state))
    # a theme is found in one copy of a text, and measured in all of them
    paragraphs, weights = measure_copies(corpus, model, fit, (themes, terms))
    sums = np.zeros((len(corpus), themes.k))
    np.add.at(sums, paragraphs.article, weights)
    sizes = np.bincount(paragraphs.article, minlength=len(corpus))
    articles = ArticleThemes(corpus.ids, sums, sizes, corpus.copies)
    groups = pd.concat([weigh_groups(articles, grouping, statistics) for grouping in groupings])
    table = groups.join(described, on="theme")
    return Result(
        "themes",
        as_declared(table, "themes"),
        params={
            "k": themes.k,
            "n_terms": len(model.terms),
            "n_paragraphs": len(model.article),
            "error": fit.error,
        },
        provenance=VARIANTS,
        excluded=pd.DataFrame(
            [
                {
                    "what": "paragraphs",
                    "n": paragraphs.skipped,
                    "why": f"fewer than {themes.min_tokens} tokens, or no term in the vocabulary",
                }
            ]
        ),
        evidence=_paragraph_evidence(corpus, paragraphs, weights),
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
    empty = pd.DataFrame(columns=["theme_id", "weight", "place_in_article", *EVIDENCE_COLUMNS])
    return Result(
        "themes",
        as_declared(pd.DataFrame(), "themes"),
        excluded=pd.DataFrame([{"what": "themes", "n": 0, "why": why}]),
        evidence=table_evidence(empty, _KEYS),
    )


def describe_model(
    paragraphs: ThemeParagraphs,
    components: np.ndarray,
    sums: np.ndarray,
    names: list[str],
    settings: tuple[ThemeParameters, int],
) -> pd.DataFrame:
    """Name the themes of a model, list their terms, and measure how stable each is.

    Parameters
    ----------
    paragraphs : ThemeParagraphs
        What the model was fitted on.
    components : numpy.ndarray
        Of shape (k, terms): H.
    sums : numpy.ndarray
        Of shape (articles, k): each article's weight.
    names : list of str
        The article_ids.
    settings : (ThemeParameters, int)
        Those of the themes, and the study's seed.

    Returns
    -------
    pandas.DataFrame
        One row per theme: the columns of the table ``themes`` that do not depend on a group.
    """
    stability = _theme_stability(paragraphs, components, sums, names, settings)
    return _describe_themes(paragraphs, components, settings[0]).join(stability)


def _describe_themes(
    paragraphs: ThemeParagraphs, components: np.ndarray, themes: ThemeParameters
) -> pd.DataFrame:
    """Name the themes and list their terms, one row each."""
    distinctive = distinctive_terms(components, paragraphs.terms)
    tops = [rank_terms(row, paragraphs.terms, themes.top_terms) for row in components]
    return pd.DataFrame(
        {
            "theme_id": [f"T{theme + 1}" for theme in range(len(components))],
            "label": name_themes(distinctive, themes.labels),
            "automatic_label": automatic_labels(distinctive),
            "top_terms": [", ".join(top) or NO_TERM for top in tops],
        }
    )


def _theme_stability(
    paragraphs: ThemeParagraphs,
    components: np.ndarray,
    sums: np.ndarray,
    names: list[str],
    settings: tuple[ThemeParameters, int],
) -> pd.DataFrame:
    """Compare each theme with refits: on resamples, without each article, and without its largest article."""
    refits = plan_refits(paragraphs, names, *settings)
    counts, terms = sample_counts(paragraphs, refits, settings[0].min_paragraphs)
    tops = [rank_terms(row, paragraphs.terms) for row in components]
    left_out = theme_agreement(counts, tops, refits.left_out, terms)
    resampled = left_out
    if refits.resamples is not refits.left_out:
        resampled = theme_agreement(counts, tops, refits.resamples, terms)
    order = sorted(range(len(names)), key=names.__getitem__)
    largest = [order[int(np.argmax(sums[order, theme]))] for theme in range(len(tops))]
    totals = sums[order].sum(axis=0)
    shares = [
        sums[article, theme] / totals[theme] if totals[theme] > 0 else np.nan
        for theme, article in enumerate(largest)
    ]
    article = paragraphs.article[refits.used]
    without = [np.flatnonzero(article != position) for position in largest]
    single = [
        theme_agreement(counts, tops, [rows] if refits.n_articles > 1 else [], terms) for rows in without
    ]
    return pd.DataFrame(
        {
            "stability": _mean(left_out),
            "stability_resamples": _mean(resampled),
            "largest_share": shares,
            "driven_by": [
                names[article] if share > 0.5 and refits.n_articles > 1 else ""
                for article, share in zip(largest, shares, strict=True)
            ],
            "stability_without": [_mean(scores)[theme] for theme, scores in enumerate(single)],
        }
    )


def _mean(scores: np.ndarray) -> np.ndarray:
    """Average over the refits that could be made."""
    made = scores[~np.isnan(scores).any(axis=1)]
    return made.mean(axis=0) if len(made) else np.full(scores.shape[1], np.nan)


def _paragraph_evidence(corpus: Corpus, paragraphs: ThemeParagraphs, weights: np.ndarray) -> Evidence:
    """List the paragraphs of each theme, heaviest first; made when it is first asked for."""

    @cache
    def listed() -> Evidence:
        hits = []
        for position, start, end in zip(paragraphs.article, paragraphs.start, paragraphs.end, strict=True):
            article = corpus.articles[position]
            text = one_line(article.text[start:end])
            hits.append(hit_row(article, int(start), int(end), width=0) | {"match": text, "sentence": text})
        hits = pd.DataFrame(hits)
        tables = []
        for theme in range(weights.shape[1]):
            # rows stand by article_id and place: a stable sort leaves equal weights so
            order = np.argsort(-weights[:, theme], kind="stable")
            order = order[weights[order, theme] > 0]
            table = hits.iloc[order]
            table.insert(0, "theme_id", f"T{theme + 1}")
            table.insert(1, "weight", weights[order, theme])
            table.insert(2, "place_in_article", table.groupby("article_id").cumcount() + 1)
            tables.append(table)
        return table_evidence(pd.concat(tables, ignore_index=True), _KEYS)

    def find(wanted: Mapping[str, Any]) -> pd.DataFrame:
        return listed().find(wanted)

    return Evidence(_KEYS, find)
