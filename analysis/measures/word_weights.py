"""Finds the words near each mention, and how far the balance rises or falls with each of them within an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.config import TermParameters
from analysis.copy_weights import NO_COPIES, CopyWeights
from analysis.corpus import Corpus
from analysis.counts import LETTERS, stop_words
from analysis.text import find_between, fold_token

KEPT_STOP_WORDS = frozenset(
    "no not nor never none nobody nothing neither without cannot can't couldn't shouldn't wouldn't won't don't "
    "doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't against".split()
)
"""Stop words that turn a sentence, and are kept."""
MOST_WORDS = 1000
"""Beyond so many words the rarer ones are left to the part that no word tells."""
LEAST_SENTENCES = 2
PENALTIES = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
FOLDS = 5


@dataclass(frozen=True)
class WordWeights:
    """Words and what goes with them.

    Parameters
    ----------
    words : tuple of str
        Sorted.
    matrix : scipy.sparse.csr_matrix
        Of shape (mentions, words): 1 where the word stands near the mention.
    weights : numpy.ndarray
        Of shape (words,): balance that goes with the word, all others held equal, within an article; shrunk.
    penalty : float
        The ridge penalty chosen; NaN where there was nothing to choose by.
    fit : float
        Share of the variance within articles that the weights predict in articles left out; below 0 they
        do worse than none. NaN with fewer than two articles.
    """

    words: tuple[str, ...]
    matrix: sparse.csr_matrix
    weights: np.ndarray
    penalty: float
    fit: float


def find_near_words(corpus: Corpus, mentions: pd.DataFrame, terms: TermParameters) -> list[tuple[str, ...]]:
    """List the words in the sentence of each mention.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    mentions : pandas.DataFrame
        With ``article_id``, ``sentence_id``, ``start`` and ``end``.
    terms : TermParameters
        Stop words; those that turn a sentence (`KEPT_STOP_WORDS`) are kept. Case is as in the counts.

    Returns
    -------
    list of tuple of str
        Each mention's words, each once, sorted; the names of actors in the sentence are none.
    """
    stopped = stop_words(terms) - KEPT_STOP_WORDS
    names = defaultdict(list)
    columns = (mentions[name].tolist() for name in ("article_id", "sentence_id", "start", "end"))
    for article_id, sentence_id, *place in zip(*columns, strict=True):
        names[article_id, sentence_id].append(place)

    @cache
    def counts(word: str) -> bool:
        return word not in stopped and sum(map(str.isalpha, word)) >= LETTERS

    fold = cache(partial(fold_token, keep_case=terms.keep_case))
    found = {}
    for (article_id, sentence_id), places in names.items():
        article = corpus.article(article_id)
        sentence = article.sentences[sentence_id]
        words = set()
        for token, start, end in find_between(article.text, sentence.start, sentence.end):
            word = fold(token)
            if counts(word) and not any(start < last and first < end for first, last in places):
                words.add(word)
        found[article_id, sentence_id] = tuple(sorted(words))
    keys = zip(mentions["article_id"].tolist(), mentions["sentence_id"].tolist(), strict=True)
    return [found[key] for key in keys]


def choose_words(
    near: list[tuple[str, ...]], mentions: pd.DataFrame, least: int, copies: CopyWeights = NO_COPIES
) -> tuple[str, ...]:
    """Choose the words that get a weight.

    Parameters
    ----------
    near : list of tuple of str
        From `find_near_words`.
    mentions : pandas.DataFrame
        With ``article_id`` and ``sentence_id``.
    least : int
        Mentions that a word must stand near.
    copies : CopyWeights
        Which articles share the weight of one text.

    Returns
    -------
    tuple of str
        Sorted: words near at least `least` mentions in at least `LEAST_SENTENCES` sentences, the
        `MOST_WORDS` that stand near most.
    """
    by_mention = Counter(word for words in near for word in words)
    keys = zip(mentions["article_id"].tolist(), mentions["sentence_id"].tolist(), strict=True)
    sentences = dict(zip(keys, near, strict=True))
    by_sentence = Counter(word for words in sentences.values() for word in words)
    if copies:
        by_mention, by_sentence = _share_counts(near, mentions["article_id"].tolist(), sentences, copies)
    chosen = [w for w in by_mention if by_mention[w] >= least and by_sentence[w] >= LEAST_SENTENCES]
    return tuple(sorted(sorted(chosen, key=lambda word: (-by_mention[word], word))[:MOST_WORDS]))


def _share_counts(
    near: list[tuple[str, ...]],
    articles: list[str],
    sentences: Mapping[tuple[str, int], tuple[str, ...]],
    copies: CopyWeights,
) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Count the mentions and the sentences that each word stands near, with the weights of their articles."""
    found = []
    for names, lists in ((articles, near), ([name for name, _ in sentences], list(sentences.values()))):
        counted: dict[str, float] = {}
        for words, weight in zip(lists, copies.weights(names), strict=True):
            for word in words:
                counted[word] = counted.get(word, 0.0) + weight
        # what should be whole may lack its last digit
        found.append({word: round(value, 9) for word, value in counted.items()})
    return found[0], found[1]


def weigh_words(
    near: list[tuple[str, ...]],
    words: tuple[str, ...],
    scores: pd.DataFrame,
    copies: CopyWeights = NO_COPIES,
) -> WordWeights:
    """Regress the balance of mentions on the words near them, within articles.

    Ridge regression after the mean of each article is taken from balance and words, so that what sets whole
    articles (and so outlets and blocs) apart cannot pass for the effect of a word that only one of them
    uses. The penalty is the one of `PENALTIES` that predicts articles left out best (of equals, the larger).

    Parameters
    ----------
    near : list of tuple of str
        From `find_near_words`.
    words : tuple of str
        From `choose_words`.
    scores : pandas.DataFrame
        The table ``scores``, in the order of `near`.
    copies : CopyWeights
        Which articles share the weight of one text: they count so much less, and are left out together.

    Returns
    -------
    WordWeights
        Weights rounded to 4 decimals, all 0 where the balance does not vary within any article.
    """
    number = {word: place for place, word in enumerate(words)}
    columns = [[number[word] for word in one if word in number] for one in near]
    lengths = np.cumsum([0, *map(len, columns)])
    flat = np.array([place for one in columns for place in one], dtype=np.int64)
    matrix = sparse.csr_matrix((np.ones(len(flat)), flat, lengths), shape=(len(near), len(words)))
    balance = (scores["positive"] - scores["negative"]).to_numpy(dtype=float)
    ids = scores["article_id"].to_numpy(dtype=str)
    article = np.unique(ids, return_inverse=True)[1]
    names, text = np.unique(np.array(copies.texts(ids), dtype=str), return_inverse=True)
    folds, counted = min(FOLDS, len(names)), copies.weights(ids)
    if not words or folds < 2:
        return WordWeights(words, matrix, np.zeros(len(words)), np.nan, np.nan)
    parts = [
        _within_sums(matrix, balance, (article, counted), np.flatnonzero(text % folds == f)) for f in range(folds)
    ]
    total = tuple(sum(part[place] for part in parts) for place in range(3))
    if total[2] < 1e-9:
        return WordWeights(words, matrix, np.zeros(len(words)), np.nan, np.nan)
    errors = np.zeros(len(PENALTIES))
    for gram, cross, square in parts:
        for place, weights in enumerate(_ridge(total[0] - gram, total[1] - cross)):
            errors[place] += square - 2 * weights @ cross + weights @ gram @ weights
    fits = (1 - errors / total[2]).round(6)
    best = max(range(len(PENALTIES)), key=lambda place: (fits[place], PENALTIES[place]))
    weights = _ridge(*total[:2])[best].round(4) + 0.0
    return WordWeights(words, matrix, weights, PENALTIES[best], float(fits[best]))


def _within_sums(
    matrix: sparse.csr_matrix, balance: np.ndarray, articles: tuple[np.ndarray, np.ndarray], rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Add up squares and products of words and balance around the means of their articles, with their weights."""
    article, weight = articles
    part, values = matrix[rows], balance[rows]
    _, code = np.unique(article[rows], return_inverse=True)
    member = sparse.csr_matrix((np.ones(len(rows)), (code, np.arange(len(rows)))))
    sizes = np.asarray(member.sum(axis=1)).ravel()
    sums = (member @ part).toarray()
    means = sums / sizes[:, None]
    centred = values - (member @ values / sizes)[code]
    if (weight[rows] == 1).all():
        return (part.T @ part).toarray() - sums.T @ means, part.T @ centred, float(centred @ centred)
    own, each = weight[rows], np.zeros(len(sizes))
    each[code] = own
    weighed = sparse.diags_array(own) @ part
    gram = (part.T @ weighed).toarray() - (sums * each[:, None]).T @ means
    return gram, part.T @ (own * centred), float(own @ centred**2)


def _ridge(gram: np.ndarray, cross: np.ndarray) -> list[np.ndarray]:
    """Solve the ridge regression for every penalty."""
    values, vectors = np.linalg.eigh(gram)
    turned = vectors.T @ cross
    return [vectors @ (turned / (np.maximum(values, 0.0) + penalty)) for penalty in PENALTIES]
