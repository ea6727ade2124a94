"""Keywords of each article (TF-IDF over articles), as received and as cleaned: what the cleaning rules change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import TermParameters
from analysis.corpus import Corpus
from analysis.counts import TermCounts, are_words, count_terms
from analysis.results import Result
from analysis.schema.results import as_declared
from analysis.text import find_tokens, normalise


def measure_cleaning(corpus: Corpus) -> Result:
    """List what the cleaning rules removed, and where it went.

    Parameters
    ----------
    corpus : Corpus
        The cleaned articles.

    Returns
    -------
    Result
        The table ``cleaning``; offsets are into the text as received.
    """
    rows = [
        {
            "article_id": article.article_id,
            "rule_id": removal.rule_id,
            "field": removal.field,
            "start": removal.start,
            "end": removal.end,
            "n_tokens": len(find_tokens(normalise(removal.text).text)),
            "text": " ".join(removal.text.split()),
            "reason": removal.reason,
        }
        for article in corpus.articles
        for removal in article.removals
    ]
    return Result("cleaning", as_declared(pd.DataFrame(rows), "cleaning"))


def measure_keywords(
    corpus: Corpus, received: Corpus, *, terms: TermParameters, language: str = "en", top: int = 10
) -> Result:
    """Rank each article's terms by TF-IDF, with and without cleaning.

    Parameters
    ----------
    corpus, received : Corpus
        The same articles, cleaned and as received.
    terms : TermParameters
        Stop words, case, lemmas and n-grams.
    language : str
        Whose lemmas.
    top : int
        Terms kept of each ranking.

    Returns
    -------
    Result
        The table ``keywords``: every term that is among the top of either ranking.
    """
    rankings = [
        rank_terms(count_terms(part, terms, language=language), terms) for part in (received, corpus)
    ]
    rows = []
    for article_id in corpus.ids:
        before, after = (ranking.get(article_id, {}) for ranking in rankings)
        shown = {t for t, (rank, _) in before.items() if rank <= top} | {
            t for t, (rank, _) in after.items() if rank <= top
        }
        for term in sorted(
            shown, key=lambda t: (after.get(t, (np.inf, 0))[0], before.get(t, (np.inf, 0))[0], t)
        ):
            rank_received, tfidf_received = before.get(term, (np.nan, np.nan))
            rank_cleaned, tfidf_cleaned = after.get(term, (np.nan, np.nan))
            rows.append(
                {
                    "article_id": article_id,
                    "term": term,
                    "tfidf_received": tfidf_received,
                    "rank_received": rank_received,
                    "tfidf_cleaned": tfidf_cleaned,
                    "rank_cleaned": rank_cleaned,
                }
            )
    return Result("keywords", as_declared(pd.DataFrame(rows), "keywords"), params={"top": top})


def rank_terms(counts: TermCounts, terms: TermParameters) -> dict[str, dict[str, tuple[int, float]]]:
    """Rank the terms of each article by TF-IDF, then by name.

    Parameters
    ----------
    counts : TermCounts
        Of all terms.
    terms : TermParameters
        Stop words.

    Returns
    -------
    dict
        article_id to term to its rank, from 1, and its TF-IDF (scikit-learn's: smoothed idf, l2).
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    kept = np.flatnonzero(are_words(counts.terms, terms))
    if not len(kept):
        return {}  # a corpus of stop words has no keywords
    transformer = TfidfTransformer(norm="l2", smooth_idf=True).fit(counts.matrix[:, kept])
    if counts.copies:
        # the copies of a text are one document
        rows, counted = counts.weights, counts.matrix[:, kept] > 0
        transformer.idf_ = np.log((1 + rows.sum()) / (1 + counted.T @ rows)) + 1
    weights = transformer.transform(counts.matrix[:, kept]).tocsr()
    names = np.array([counts.terms[column] for column in kept])
    ranking = {}
    for row, article_id in enumerate(counts.article_ids):
        columns = weights.indices[weights.indptr[row] : weights.indptr[row + 1]]
        values = weights.data[weights.indptr[row] : weights.indptr[row + 1]].round(6)
        order = np.lexsort((names[columns], -values))
        ranking[article_id] = {
            str(names[columns[place]]): (rank, float(values[place]))
            for rank, place in enumerate(order, start=1)
        }
    return ranking
