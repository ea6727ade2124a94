"""The article-term matrix: how often each term occurs in each article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from scipy import sparse

from analysis.config import TermParameters
from analysis.copy_weights import NO_COPIES, CopyWeights, TextRows, text_rows
from analysis.corpus import Corpus, Grouping
from analysis.count_engine import count_typed, find_typed_tokens
from analysis.errors import UnknownName
from analysis.kernels.compiled import COMPILED_FROM
from analysis.sentence_engine import encode_texts, find_sentence_starts
from analysis.terms import find_ngrams, join_words, lemma_finder, list_terms, reduce_words
from analysis.text import find_sentences, find_terms, find_tokens, fold_token

Engine = Literal["auto", "reference", "compiled"]

LETTERS = 2
"""A term that is ranked or tested has at least so many letters: figures and single letters are no words."""


@dataclass(frozen=True)
class TermCounts:
    """Counts of terms in articles.

    Parameters
    ----------
    article_ids : tuple of str
        The rows, in the corpus's order.
    terms : tuple of str
        The columns, sorted.
    matrix : scipy.sparse.csr_matrix
        Of shape (articles, terms), int64.
    sizes : numpy.ndarray
        Of shape (articles,): tokens of each article, of every kind. They are the denominator of n-grams,
        too: at each token at most one n-gram of a length begins.
    copies : CopyWeights
        Which articles share the weight of one text.
    """

    article_ids: tuple[str, ...]
    terms: tuple[str, ...]
    matrix: sparse.csr_matrix
    sizes: np.ndarray
    copies: CopyWeights = NO_COPIES

    @cached_property
    def position(self) -> dict[str, int]:
        """Column of each term."""
        return {term: column for column, term in enumerate(self.terms)}

    @cached_property
    def article_counts(self) -> np.ndarray:
        """Of shape (terms,): in how many articles each term occurs."""
        return np.bincount(self.matrix.indices, minlength=len(self.terms)).astype(np.int64)

    @cached_property
    def totals(self) -> np.ndarray:
        """Of shape (terms,): occurrences of each term in the corpus."""
        total = np.asarray(self.matrix.sum(axis=0)).ravel()
        return total if total.dtype.kind == "f" else total.astype(np.int64)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Of shape (terms,): of how many tokens each term is made."""
        return np.array([term.count(" ") + 1 for term in self.terms], dtype=np.int64)

    @cached_property
    def words(self) -> TermCounts:
        """The counts of words without n-grams: each token once, as a distribution over tokens must have it."""
        return self if (self.lengths == 1).all() else self.only(np.flatnonzero(self.lengths == 1))

    def column(self, term: str) -> np.ndarray:
        """Return one term's count in each article.

        Parameters
        ----------
        term : str
            The term.

        Returns
        -------
        numpy.ndarray
            Of shape (articles,).

        Raises
        ------
        UnknownName
            The term does not occur.
        """
        if term not in self.position:
            raise UnknownName("term", term, self.terms)
        return np.asarray(self.matrix[:, self.position[term]].todense()).ravel()

    def only(self, columns: np.ndarray) -> TermCounts:
        """Return the counts of some terms; `sizes` stay those of whole articles.

        Parameters
        ----------
        columns : numpy.ndarray
            Positions of the terms, ascending.

        Returns
        -------
        TermCounts
            With fewer columns.
        """
        terms = tuple(self.terms[column] for column in columns)
        return replace(self, terms=terms, matrix=self.matrix[:, columns].tocsr())

    @cached_property
    def texts(self) -> list[str]:
        """The text of each article: its own id, or that of the article which stands for its copies."""
        return self.copies.texts(self.article_ids)

    @cached_property
    def weights(self) -> np.ndarray:
        """What each article counts."""
        return self.copies.weights(self.article_ids)

    def text_rows(self, rows: np.ndarray) -> TextRows:
        """Put articles that are copies of one text into one row.

        Parameters
        ----------
        rows : numpy.ndarray
            Positions of the articles.

        Returns
        -------
        TextRows
            Of these articles.
        """
        return text_rows([self.texts[row] for row in rows], self.weights[rows])

    @cached_property
    def by_text(self) -> TermCounts:
        """The counts with one row per text: the mean of its copies. They are these counts where nothing is copied."""
        if not self.copies:
            return self
        rows = self.text_rows(np.arange(len(self.article_ids)))
        return TermCounts(tuple(rows.names), self.terms, rows.add_up(self.matrix), rows.add_up(self.sizes))


def count_terms(
    corpus: Corpus, params: TermParameters, *, language: str = "en", engine: Engine = "auto"
) -> TermCounts:
    """Count the terms of every article.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    params : TermParameters
        `keep_case`, `lemmas` and `ngrams` are used here; thresholds and stop words are applied by the
        measures, so that rates keep all tokens in their denominator.
    language : str
        Whose lemmas, as in ``[corpus] language``.
    engine : {"auto", "reference", "compiled"}
        As in `count_texts`.

    Returns
    -------
    TermCounts
        Of all terms.
    """
    if _is_large((article.text for article in corpus.articles), engine):
        texts = [article.text for article in corpus.articles]
        counted = _count_compiled(texts, params, language, _sentences_at_hand(corpus))
        if counted is not None:
            return replace(counted, article_ids=tuple(corpus.ids), copies=corpus.copies)
    lists = [list_terms(article, params, language=language) for article in corpus.articles]
    sizes = np.array([len(words) for words in lists], dtype=np.int64)
    if params.ngrams > 1:
        lists = [
            words
            + [
                ngram
                for size in range(2, params.ngrams + 1)
                for ngram, _ in find_ngrams(article, words, size)
            ]
            for article, words in zip(corpus.articles, lists, strict=True)
        ]
    return replace(count_lists(lists, corpus.ids), sizes=sizes, copies=corpus.copies)


def count_texts(
    texts: Sequence[str], params: TermParameters, *, language: str = "en", engine: Engine = "auto"
) -> TermCounts:
    """Count the terms of texts; the result depends on nothing but the arguments.

    Parameters
    ----------
    texts : sequence of str
        Cleaned, normalised texts.
    params : TermParameters
        As in `count_terms`.
    language : str
        Whose lemmas.
    engine : {"auto", "reference", "compiled"}
        Which of two implementations with identical results: the reference, token by token, or loops that numba
        compiles. By default the compiled one from `COMPILED_FROM` characters on; below, loading it takes longer
        than it saves.

    Returns
    -------
    TermCounts
        Of all terms; the rows are named by their numbers.

    Examples
    --------
    >>> counts = count_texts(["US troops left.", "The US left, and us too."], TermParameters())
    >>> counts.terms, counts.matrix.toarray().tolist()
    (('US', 'and', 'left', 'the', 'too', 'troops', 'us'), [[1, 0, 1, 0, 0, 1, 0], [1, 1, 1, 1, 1, 0, 1]])
    """
    names = tuple(map(str, range(len(texts))))
    if _is_large(texts, engine):
        counted = _count_compiled(texts, params, language)
        if counted is not None:
            return replace(counted, article_ids=names)
    lists, sizes = [], []
    for text in texts:
        tokens = [span.start for span in find_tokens(text)]
        words = reduce_words(find_terms(text, keep_case=params.keep_case), params, language=language)
        sentences = [span.start for span in find_sentences(text)] if params.ngrams > 1 else []
        sizes.append(len(words))
        grams = [join_words(words, tokens, sentences, size) for size in range(2, params.ngrams + 1)]
        lists.append(words + [ngram for found in grams for ngram, _ in found])
    return replace(count_lists(lists, list(names)), sizes=np.array(sizes, dtype=np.int64))


def _is_large(texts: Iterable[str], engine: Engine) -> bool:
    """Say whether the compiled engine counts the texts."""
    if engine not in ("auto", "reference", "compiled"):
        raise UnknownName("engine", engine, ("auto", "reference", "compiled"))
    return engine == "compiled" or engine == "auto" and sum(map(len, texts)) >= COMPILED_FROM


def _sentences_at_hand(corpus: Corpus) -> tuple[np.ndarray, np.ndarray] | None:
    """Read where sentences begin off a corpus whose articles all have been split; see `find_sentence_starts`."""
    if not all("sentences" in article.__dict__ for article in corpus.articles):
        return None
    rows = np.zeros(len(corpus) + 1, np.int64)
    np.cumsum([len(article.sentences) for article in corpus.articles], out=rows[1:])
    starts = (span.start for article in corpus.articles for span in article.sentences)
    return np.fromiter(starts, np.int64, rows[-1]), rows


def _count_compiled(
    texts: Sequence[str],
    params: TermParameters,
    language: str,
    sentences: tuple[np.ndarray, np.ndarray] | None = None,
) -> TermCounts | None:
    """Count with the compiled engine; None where it cannot tell n-grams apart."""
    encoded = encode_texts(texts)
    if params.ngrams > 1 and sentences is None:
        sentences = find_sentence_starts(texts, encoded)
    tokens = find_typed_tokens(texts, encoded, placed=params.ngrams > 1)
    del encoded
    counted = count_typed(tokens, params, language=language, sentences=sentences)
    if counted is None:
        return None
    shape = (len(texts), len(counted.terms))
    matrix = sparse.csr_matrix((counted.values, counted.indices, counted.indptr), shape=shape)
    return TermCounts((), counted.terms, matrix, counted.sizes)


def count_lists(lists: list[list[str]], names: list[str]) -> TermCounts:
    """Count the terms of lists of terms.

    Parameters
    ----------
    lists : list of list of str
        One list of terms per row.
    names : list of str
        The rows' names.

    Returns
    -------
    TermCounts
        Columns sorted.
    """
    counters = [Counter(terms) for terms in lists]
    terms = tuple(sorted(set().union(*counters)))
    position = {term: column for column, term in enumerate(terms)}
    pairs = [sorted((position[term], count) for term, count in counter.items()) for counter in counters]
    indices = np.array([column for row in pairs for column, _ in row], dtype=np.int64)
    values = np.array([count for row in pairs for _, count in row], dtype=np.int64)
    indptr = np.concatenate([[0], np.cumsum([len(row) for row in pairs])]).astype(np.int64)
    matrix = sparse.csr_matrix((values, indices, indptr), shape=(len(lists), len(terms)))
    sizes = np.array([sum(counter.values()) for counter in counters], dtype=np.int64)
    return TermCounts(tuple(names), terms, matrix, sizes)


def sum_groups(matrix: sparse.csr_matrix | np.ndarray, grouping: Grouping) -> np.ndarray:
    """Add up the rows of each group.

    Parameters
    ----------
    matrix : array or sparse matrix
        Of shape (articles, columns).
    grouping : Grouping
        The groups.

    Returns
    -------
    numpy.ndarray
        Of shape (groups, columns).
    """
    rows = [np.asarray(matrix[positions].sum(axis=0)).ravel() for positions in grouping.members.values()]
    return np.vstack(rows)


def stop_words(params: TermParameters) -> frozenset[str]:
    """Return the stop words, folded as terms are.

    Parameters
    ----------
    params : TermParameters
        `stop_words` is ``"english"`` (scikit-learn's list, with the forms that its splitting leaves over,
        such as "don't") or ``"none"``; `more_stop_words` are added. With `lemmas`, the lemmas of the English
        list are stop words too, so that "made" does not come back as "make".

    Returns
    -------
    frozenset of str
        The stop words.
    """
    more = frozenset(fold_token(word, keep_case=params.keep_case) for word in params.more_stop_words)
    if params.stop_words == "none":
        return more
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    # scikit-learn splits at the apostrophe; whole forms are stop words here
    forms = "don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't "
    forms += "hadn't it's he's she's that's there's what's who's let's i'm i've i'd i'll you're you've you'll you'd "
    forms += "we're we've we'll we'd they're they've they'll they'd"
    words = ENGLISH_STOP_WORDS | frozenset(forms.split())
    if params.lemmas:
        words |= frozenset(map(lemma_finder("en"), ENGLISH_STOP_WORDS))
    return more | words


def are_words(terms: Sequence[str], params: TermParameters) -> np.ndarray:
    """Say which terms are words: no stop words, and of two letters or more.

    An n-gram is kept where its first and its last word are; a stop word may stand between them.

    Parameters
    ----------
    terms : sequence of str
        The terms.
    params : TermParameters
        `stop_words`.

    Returns
    -------
    numpy.ndarray
        Of shape (terms,), bool.
    """
    stopped = stop_words(params)

    def is_word(word: str) -> bool:
        return word not in stopped and sum(map(str.isalpha, word)) >= LETTERS

    return np.array(
        [is_word(term.partition(" ")[0]) and is_word(term.rpartition(" ")[2]) for term in terms],
        dtype=bool,
    )


def eligible_terms(counts: TermCounts, params: TermParameters) -> np.ndarray:
    """Return the terms that pass the filter fixed before anything is tested.

    Parameters
    ----------
    counts : TermCounts
        Counts of all terms.
    params : TermParameters
        `min_count`, `min_articles` and `stop_words`; copies of one text count once.

    Returns
    -------
    numpy.ndarray
        Positions of the terms, ascending.
    """
    texts = counts.by_text
    # a weighted count that should be whole may lack its last digit
    enough = np.flatnonzero(
        (texts.totals >= params.min_count - 1e-9) & (texts.article_counts >= params.min_articles)
    )
    return enough[are_words([counts.terms[column] for column in enough], params)]
