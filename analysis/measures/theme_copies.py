"""Themes of copies: found in one article of each text, and measured in all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from analysis.config import TermParameters, ThemeParameters
from analysis.corpus import Corpus
from analysis.measures.theme_model import ThemeFit, ThemeParagraphs, count_paragraphs


def first_copies(corpus: Corpus) -> Corpus:
    """Keep one article of each text: the one that stands for its copies, or else the first.

    Parameters
    ----------
    corpus : Corpus
        The articles.

    Returns
    -------
    Corpus
        The same corpus where nothing is copied.
    """
    if not corpus.copies:
        return corpus
    kept: dict[str, str] = {}
    for article_id, text in zip(corpus.ids, corpus.texts, strict=True):
        if text not in kept or article_id == text:
            kept[text] = article_id
    return corpus.subset(kept.values())


def measure_copies(
    corpus: Corpus, model: ThemeParagraphs, fit: ThemeFit, settings: tuple[ThemeParameters, TermParameters]
) -> tuple[ThemeParagraphs, np.ndarray]:
    """Weigh the themes of a model in the paragraphs of all articles.

    A paragraph that the model was fitted on keeps its weights, and so does every paragraph of the same words; of
    others the weights are least squares that are not negative, with the themes as they are, as the model's own.

    Parameters
    ----------
    corpus : Corpus
        All articles.
    model : ThemeParagraphs
        What the model was fitted on: paragraphs of `first_copies`, whose positions count within it.
    fit : ThemeFit
        The model.
    settings : (ThemeParameters, TermParameters)
        As of the model.

    Returns
    -------
    paragraphs : ThemeParagraphs
        Of all articles, sorted as the model's are, with its terms.
    weights : numpy.ndarray
        Of shape (paragraphs, k).
    """
    if not corpus.copies:
        return model, fit.weights
    from sklearn.feature_extraction.text import TfidfTransformer

    themes, terms = settings
    # no threshold on paragraphs: the vocabulary is the model's
    found = count_paragraphs(corpus, replace(themes, min_paragraphs=1, max_share=1.0), terms)
    everything = len(found.article) + found.skipped
    place = {term: column for column, term in enumerate(model.terms)}
    kept = [column for column, term in enumerate(found.terms) if term in place]
    matrix = sparse.csr_matrix((found.counts.shape[0], len(place)), dtype=found.counts.dtype)
    if kept:
        chosen = found.counts[:, kept].tocoo()
        columns = np.array([place[found.terms[column]] for column in kept])[chosen.col]
        matrix = sparse.csr_matrix((chosen.data, (chosen.row, columns)), shape=matrix.shape)
        matrix.sort_indices()
    filled = np.flatnonzero(np.diff(matrix.indptr) > 0)
    matrix = matrix[filled]
    known = {_key(model.counts, row): row for row in reversed(range(model.counts.shape[0]))}
    rows = np.array([known.get(_key(matrix, row), -1) for row in range(matrix.shape[0])], dtype=np.int64)
    weights = fit.weights[rows]
    new = np.flatnonzero(rows < 0)
    if len(new):
        tfidf = TfidfTransformer(norm="l2", smooth_idf=True).fit(model.counts).transform(matrix[new])
        weights[new] = _solve(tfidf.tocsr(), fit.components)
    places = (part[filled] for part in (found.article, found.start, found.end))
    return ThemeParagraphs(*places, matrix, model.terms, everything - len(filled)), weights


def _key(matrix: sparse.csr_matrix, row: int) -> bytes:
    """Tell paragraphs apart by their counts."""
    part = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[part].astype(np.int64).tobytes() + matrix.data[part].astype(np.int64).tobytes()


def _solve(tfidf: sparse.csr_matrix, components: np.ndarray) -> np.ndarray:
    """Fit each paragraph by the themes, without negative parts, in the unit of a fit's weights."""
    from scipy.optimize import nnls

    found = [nnls(components.T, row.toarray().ravel())[0] for row in tfidf]
    return (np.array(found) * components.sum(axis=1)).round(6)
