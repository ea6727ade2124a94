"""The theme model: paragraphs weighted by TF-IDF and factorised, from an exact start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.config import TermParameters, ThemeParameters
from analysis.corpus import Article, Corpus
from analysis.count_engine import TypedTokens, find_typed_tokens, fold_types
from analysis.counts import LETTERS, stop_words
from analysis.errors import ParameterError
from analysis.kernels.compiled import COMPILED_FROM

_DECIMALS = 6
_EXACT = 10
_SWEEPS, _TOLERANCE = 200, 1e-4
_DENSE = 200  # up to so many paragraphs or terms the whole decomposition is computed


@dataclass(frozen=True)
class ThemeParagraphs:
    """The paragraphs that carry themes, sorted by article_id and place.

    Parameters
    ----------
    article, start, end : numpy.ndarray
        Of shape (paragraphs,): the article's position in the corpus, and offsets into its cleaned text.
    counts : scipy.sparse.csr_matrix
        Of shape (paragraphs, terms).
    terms : tuple of str
        The columns, sorted.
    skipped : int
        Paragraphs that carry no theme.
    """

    article: np.ndarray
    start: np.ndarray
    end: np.ndarray
    counts: sparse.csr_matrix
    terms: tuple[str, ...]
    skipped: int


@dataclass(frozen=True)
class ThemeFit:
    """One factorisation.

    Parameters
    ----------
    weights : numpy.ndarray
        Of shape (paragraphs, k): W times the sum of the theme's row of H, so that a paragraph's weights add
        up to what is explained of it.
    components : numpy.ndarray
        Of shape (k, terms): H.
    error : float
        Frobenius norm of what is left, as a share of the norm of the TF-IDF matrix.
    """

    weights: np.ndarray
    components: np.ndarray
    error: float


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold linear algebra to one thread, as a context or a decorator.

    Yields
    ------
    None
        Nothing; threads would move the last digits, and cost more than they save on small matrices.
    """
    import scipy.linalg  # noqa: F401 - brings a library of its own, which is held only if it is there already
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def count_paragraphs(corpus: Corpus, themes: ThemeParameters, terms: TermParameters) -> ThemeParagraphs:
    """Count the terms of every paragraph that is long enough.

    Parameters
    ----------
    corpus : Corpus
        The articles, in any order.
    themes, terms : parameter dataclasses
        See `analysis.config`.

    Returns
    -------
    ThemeParagraphs
        Without paragraphs that hold no term of the vocabulary.
    """
    ids = corpus.ids
    order = sorted(range(len(ids)), key=ids.__getitem__)
    articles = [corpus.articles[number] for number in order]
    tokens = _find_tokens(articles)
    owner = np.repeat(order, [len(article.paragraphs) for article in articles])
    spans = [(one.start, one.end) for article in articles for one in article.paragraphs]
    places = np.column_stack([owner, np.array(spans, dtype=np.int64).reshape(-1, 2)]).astype(np.int64)
    first, last = _token_ranges(articles, tokens, places)
    long = np.flatnonzero(last - first >= themes.min_tokens)
    counts, names = _count_words(tokens, (first[long], last[long]), terms)
    present = np.bincount(counts.indices, minlength=len(names))
    kept = np.flatnonzero(
        (present >= themes.min_paragraphs) & (present <= themes.max_share * max(1, len(long)))
    )
    matrix = counts[:, kept]
    filled = np.flatnonzero(np.diff(matrix.indptr) > 0)
    vocabulary = tuple(names[column] for column in kept)
    return ThemeParagraphs(*places[long[filled]].T, matrix[filled], vocabulary, len(places) - len(filled))


def _find_tokens(articles: Sequence[Article]) -> TypedTokens:
    """Give the tokens of some articles by their types; small corpora know them already."""
    if sum(len(article.text) for article in articles) >= COMPILED_FROM:
        return find_typed_tokens([article.text for article in articles])
    known: dict[str, int] = {}
    numbers = [
        known.setdefault(article.text[span.start : span.end], len(known))
        for article in articles
        for span in article.tokens
    ]
    starts = [span.start for article in articles for span in article.tokens]
    rows = np.cumsum([0, *(len(article.tokens) for article in articles)])
    return TypedTokens(
        tuple(known), np.array(numbers, dtype=np.int32), np.array(starts, dtype=np.int32), rows
    )


def _token_ranges(
    articles: Sequence[Article], tokens: TypedTokens, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first token of each paragraph, and the first one after it."""
    # texts are laid end to end, so that one search finds all
    begins = np.cumsum([0, *(len(article.text) + 1 for article in articles)])[:-1]
    starts = tokens.starts + np.repeat(begins, np.diff(tokens.rows))
    offsets = np.repeat(begins, [len(article.paragraphs) for article in articles])
    return tuple(np.searchsorted(starts, offsets + places[:, column]) for column in (1, 2))


def _count_words(
    tokens: TypedTokens, ranges: tuple[np.ndarray, np.ndarray], terms: TermParameters
) -> tuple[sparse.csr_matrix, list[str]]:
    """Count the words of paragraphs, without stop words and what is no word; columns are sorted."""
    folded, stopped = fold_types(tokens.types, terms), stop_words(terms)
    words = sorted(
        word for word in set(folded) if word not in stopped and sum(map(str.isalpha, word)) >= LETTERS
    )
    place = {word: column for column, word in enumerate(words)}
    column_of = np.array([place.get(word, -1) for word in folded], dtype=np.int32)
    sizes = ranges[1] - ranges[0]
    row = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    token = np.arange(sizes.sum()) + np.repeat(ranges[0] - np.cumsum(sizes) + sizes, sizes)
    column = column_of[tokens.numbers[token]] if len(token) else np.zeros(0, dtype=np.int32)
    cells = row[column >= 0], column[column >= 0]
    shape = (len(sizes), len(words))
    counts = sparse.csr_matrix((np.ones(len(cells[0]), dtype=np.int64), cells), shape=shape)
    counts.sort_indices()
    return counts, words


def most_themes(paragraphs: ThemeParagraphs, k: int | str) -> int:
    """Return how many themes can be found at all, and refuse more.

    Parameters
    ----------
    paragraphs : ThemeParagraphs
        The paragraphs.
    k : int or "auto"
        How many are asked for.

    Returns
    -------
    int
        The smaller of paragraphs and terms.

    Raises
    ------
    ParameterError
        More themes are asked for, or not even two can be found.
    """
    rows, columns = paragraphs.counts.shape
    least, found = (2, "themes") if k == "auto" else (k, f"{k} themes")
    if min(rows, columns) >= least:
        return min(rows, columns)
    size = f"{rows} paragraph{'s' * (rows != 1)} with {columns} term{'s' * (columns != 1)}"
    allowed = (
        f"allowed: at most {min(rows, columns)}; lower k, min_tokens or min_paragraphs, or add articles"
        if min(rows, columns) >= 2
        else "needed: at least 2 of each; lower min_tokens or min_paragraphs, raise max_share, or add articles"
    )
    raise ParameterError(f"study.toml [themes] k: {found} cannot be found in {size}; {allowed}")


def fit_themes(counts: sparse.csr_matrix, k: int) -> ThemeFit:
    """Factorise: TF-IDF (smoothed, l2), then NMF (Frobenius, coordinate descent, NNDSVD).

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix
        Of shape (paragraphs, terms).
    k : int
        How many themes.

    Returns
    -------
    ThemeFit
        Rounded to six decimals; in the model's own order.
    """
    return fit_each(counts, [k])[0]


def fit_each(counts: sparse.csr_matrix, numbers: Sequence[int]) -> list[ThemeFit]:
    """Factorise for several numbers of themes: one decomposition, and one pass over the matrix, serve all.

    The start is the singular value decomposition of the matrix itself, computed to machine precision: the
    approximate one that scikit-learn starts from depends on a random projection, which moves themes. From there
    on the steps are those of scikit-learn's solver ``cd`` for 20 rounds, extrapolated ones after that, 200 at most and
    a tolerance of 1e-4.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix
        Of shape (paragraphs, terms).
    numbers : sequence of int
        How many themes.

    Returns
    -------
    list of ThemeFit
        One for each number; rounded to six decimals; in the model's own order.

    References
    ----------
    Cichocki & Phan (2009), Fast local algorithms for large scale nonnegative matrix and tensor factorizations.
    Boutsidis & Gallopoulos (2008), SVD based initialization: a head start for nonnegative matrix factorization.
    Ang & Gillis (2019), Accelerating nonnegative matrix factorization algorithms using extrapolation.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    from analysis.kernels.factorise import factorise

    # a term that none of the paragraphs holds has no part in any theme
    used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]))
    used = used if len(used) else np.arange(counts.shape[1])
    tfidf = TfidfTransformer(norm="l2", smooth_idf=True).fit_transform(counts[:, used])
    vectors = singular_vectors(tfidf, max(numbers))
    starts = [start_themes(vectors, k) for k in numbers]
    w, h, _ = factorise(
        _parts(tfidf),
        _parts(tfidf.tocsc()),
        (np.hstack([start for start, _ in starts]), np.vstack([start for _, start in starts]).T.copy()),
        np.array(numbers, dtype=np.int64),
        (_SWEEPS, _TOLERANCE),
    )
    norm = tfidf.multiply(tfidf).sum()
    ends, fits = np.cumsum(numbers), []
    for weights, found in zip(np.split(w, ends, axis=1), np.split(h, ends, axis=1)[:-1], strict=False):
        left = (
            norm - 2 * np.sum((tfidf @ found) * weights) + np.sum((weights.T @ weights) * (found.T @ found))
        )
        components = np.zeros((found.shape[1], counts.shape[1]))
        components[:, used] = found.T.round(_DECIMALS)
        error = float(np.sqrt(max(0.0, left) / norm)) if norm > 0 else float("nan")
        fits.append(
            ThemeFit((weights * found.sum(axis=0)).round(_DECIMALS), components, round(error, _DECIMALS))
        )
    return fits


def _parts(matrix: sparse.csr_matrix | sparse.csc_matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return heads, places and values in the types that the compiled loops take."""
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data


def start_themes(vectors: tuple[np.ndarray, np.ndarray, np.ndarray], k: int) -> tuple[np.ndarray, np.ndarray]:
    """Start a factorisation from the singular vectors: NNDSVD.

    Parameters
    ----------
    vectors : tuple of numpy.ndarray
        Left vectors, values and right vectors, as from `singular_vectors`.
    k : int
        How many themes.

    Returns
    -------
    w, h : numpy.ndarray
        Of shapes (paragraphs, k) and (k, terms). Of each pair of singular vectors after the first, the
        positive or the negative parts are kept, whichever are larger; themes beyond the vectors are empty.

    References
    ----------
    Boutsidis & Gallopoulos (2008), SVD based initialization: a head start for nonnegative matrix factorization.
    """
    left, values, right = vectors
    w, h = np.zeros((left.shape[0], k)), np.zeros((k, right.shape[1]))
    w[:, 0], h[0] = np.sqrt(values[0]) * np.abs(left[:, 0]), np.sqrt(values[0]) * np.abs(right[0])
    for place in range(1, min(k, len(values))):
        parts = []
        for sign in (1.0, -1.0):
            pair = np.maximum(sign * left[:, place], 0), np.maximum(sign * right[place], 0)
            norms = [float(np.linalg.norm(part)) for part in pair]
            parts.append((round(norms[0] * norms[1], _EXACT), pair, norms))
        size, (column, row), norms = parts[0] if parts[0][0] >= parts[1][0] else parts[1]
        if size > 0:
            scale = np.sqrt(values[place] * size)
            w[:, place], h[place] = scale * column / norms[0], scale * row / norms[1]
    # the last digits of singular vectors differ between processors
    return w.round(_EXACT), h.round(_EXACT)


def singular_vectors(matrix: sparse.csr_matrix, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute the k largest singular values with their vectors.

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix
        Of shape (paragraphs, terms).
    k : int
        How many; fewer where the matrix has not so many rows or columns.

    Returns
    -------
    left, values, right : numpy.ndarray
        Of shapes (paragraphs, k), (k,) and (k, terms), the largest value first.
    """
    from scipy.sparse.linalg import svds

    if min(matrix.shape) <= max(_DENSE, k + 1):
        left, values, right = np.linalg.svd(matrix.toarray(), full_matrices=False)
        return left[:, :k], values[:k], right[:k]
    left, values, right = svds(matrix, k=k, v0=np.ones(min(matrix.shape)), solver="arpack")
    order = np.argsort(-values, kind="stable")
    return left[:, order], values[order], right[order]


def by_weight(fit: ThemeFit) -> ThemeFit:
    """Put the heaviest theme first.

    Parameters
    ----------
    fit : ThemeFit
        A factorisation.

    Returns
    -------
    ThemeFit
        The same; themes of equal weight stay in their order.
    """
    k = len(fit.components)
    order = np.lexsort((np.arange(k), -fit.weights.sum(axis=0).round(_DECIMALS)))
    return ThemeFit(fit.weights[:, order], fit.components[order], fit.error)
