"""Terms of an article with their places: folded tokens, their lemmas, and n-grams within sentences."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from functools import cache

from analysis.config import TermParameters
from analysis.corpus import Article
from analysis.errors import ParameterError


@cache
def lemma_finder(language: str) -> Callable[[str], str]:
    """Return the function that reduces a folded token to its lemma.

    A token with a hyphen or an apostrophe stays as it is: its parts are not words of their own.

    Parameters
    ----------
    language : str
        A two-letter code, as in ``[corpus] language``.

    Returns
    -------
    callable
        Token to lemma in lower case; dictionary lookups of the package simplemma, kept once made.

    Raises
    ------
    ParameterError
        There is no dictionary for the language.

    Examples
    --------
    >>> [lemma_finder("en")(word) for word in ("sanctions", "children", "us-led")]
    ['sanction', 'child', 'us-led']
    """
    import simplemma

    try:
        simplemma.lemmatize("a", lang=language)
    except ValueError:
        raise ParameterError(
            f"[terms] lemmas: there is no dictionary of lemmas for the language {language!r}; set lemmas = false"
        ) from None

    @cache
    def find(token: str) -> str:
        return simplemma.lemmatize(token, lang=language).lower() if token.isalpha() else token

    return find


def list_terms(article: Article, params: TermParameters, *, language: str = "en") -> list[str]:
    """List the terms of one token, in order.

    Parameters
    ----------
    article : Article
        The article.
    params : TermParameters
        `keep_case` and `lemmas`.
    language : str
        Whose lemmas, as in ``[corpus] language``.

    Returns
    -------
    list of str
        One per token.
    """
    return reduce_words(article.terms(params.keep_case), params, language=language)


def reduce_words(words: list[str], params: TermParameters, *, language: str = "en") -> list[str]:
    """Reduce folded tokens to their lemmas, if lemmas are asked for.

    Parameters
    ----------
    words : list of str
        Folded tokens.
    params : TermParameters
        `keep_case` and `lemmas`.
    language : str
        Whose lemmas.

    Returns
    -------
    list of str
        One per token; words of `keep_case` stay.
    """
    if not params.lemmas:
        return words
    lemma = lemma_finder(language)
    kept = set(params.keep_case)
    return [word if word in kept else lemma(word) for word in words]


def find_ngrams(article: Article, words: list[str], size: int) -> list[tuple[str, int]]:
    """List the terms of several tokens; an n-gram stands in one sentence.

    Parameters
    ----------
    article : Article
        The article.
    words : list of str
        The terms of its tokens.
    size : int
        Tokens of the n-gram.

    Returns
    -------
    list of (str, int)
        The n-gram, with one blank between its words, and the number of its first token.
    """
    starts = [sentence.start for sentence in article.sentences]
    return join_words(words, [token.start for token in article.tokens], starts, size)


def join_words(
    words: list[str], tokens: Sequence[int], sentences: Sequence[int], size: int
) -> list[tuple[str, int]]:
    """List the n-grams of a text whose tokens and sentences are known.

    Parameters
    ----------
    words : list of str
        The terms of its tokens.
    tokens, sentences : sequence of int
        At which character each token and each sentence begins.
    size : int
        Tokens of the n-gram.

    Returns
    -------
    list of (str, int)
        As from `find_ngrams`.
    """
    sentence = [bisect.bisect_right(sentences, start) for start in tokens]
    last = size - 1
    return [
        (" ".join(words[first : first + size]), first)
        for first in range(len(words) - last)
        if sentence[first] == sentence[first + last]
    ]
