"""Keywords of each article (TF-IDF over articles), as received and as cleaned: what the cleaning rules change."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pandas as pd

from analysis.config import TermParameters
from analysis.corpus import Corpus
from analysis.counts import TermCounts, are_words, count_terms
from analysis.results import Result
from analysis.schema.results import RESULT_TABLES, as_declared
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
    cleaned = rank_terms(count_terms(corpus, terms, language=language), terms)
    # where cleaning took nothing out, the two texts are one, and so are their rankings
    same = all(one is other for one, other in zip(corpus.articles, received.articles, strict=True))
    as_received = cleaned if same else rank_terms(count_terms(received, terms, language=language), terms)
    absent = (np.nan, np.nan)
    rows = []
    for article_id in corpus.ids:
        before, after = (ranking.get(article_id, {}) for ranking in (as_received, cleaned))
        shown = {*islice(before, top), *islice(after, top)}
        for term in sorted(
            shown, key=lambda t: (after.get(t, (np.inf, 0))[0], before.get(t, (np.inf, 0))[0], t)
        ):
            rank_received, tfidf_received = before.get(term, absent)
            rank_cleaned, tfidf_cleaned = after.get(term, absent)
            rows.append((article_id, term, tfidf_received, rank_received, tfidf_cleaned, rank_cleaned))
    table = pd.DataFrame(rows, columns=RESULT_TABLES["keywords"].names)
    return Result("keywords", as_declared(table, "keywords"), params={"top": top})


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
        article_id to term to its rank, from 1, and its TF-IDF (scikit-learn's: smoothed idf, l2); the terms in
        the order of their ranks.
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
    names = np.array([counts.terms[column] for column in kept], dtype=object)
    ranking = {}
    for row, article_id in enumerate(counts.article_ids):
        own = slice(weights.indptr[row], weights.indptr[row + 1])
        columns, values = weights.indices[own], weights.data[own].round(6)
        order = np.lexsort((columns, -values))  # the columns are in the order of their terms
        ranked = zip(range(1, len(order) + 1), values[order].tolist(), strict=True)
        ranking[article_id] = dict(zip(names[columns[order]].tolist(), ranked, strict=True))
    return ranking
