"""An index of all tokens of a corpus, in which a term or phrase is found at once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.count_engine import find_typed_tokens, list_typed_tokens
from analysis.errors import ParameterError
from analysis.kernels.compiled import COMPILED_FROM
from analysis.results import EVIDENCE_COLUMNS, hit_row
from analysis.text import QueryWord, parse_query, query_forms

_PREFIX_END = "\U0010ffff"


class PlaceIndex:
    """Where each token of a corpus stands; built once, it answers a query without reading the texts again.

    It finds what `analysis.text.kwic` finds: whole tokens of one sentence, in order and without overlap.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    """

    def __init__(self, corpus: Corpus):
        self.corpus = corpus
        texts = [article.text for article in corpus.articles]
        large = sum(map(len, texts)) >= COMPILED_FROM
        self._tokens = (find_typed_tokens if large else list_typed_tokens)(texts)
        numbers = self._tokens.numbers
        self._by_type = np.argsort(numbers, kind="stable")
        self._heads = np.searchsorted(numbers[self._by_type], np.arange(len(self._tokens.types) + 1))
        self._lengths = np.array([len(token) for token in self._tokens.types], dtype=np.int32)
        self._sentence = self._number_sentences()
        self._forms = [query_forms(token) for token in self._tokens.types]

    def _number_sentences(self) -> np.ndarray:
        """Number the sentence of every token, through all articles."""
        found, before, rows = np.empty(len(self._tokens.numbers), np.int64), 0, self._tokens.rows
        for row, article in enumerate(self.corpus.articles):
            starts = [sentence.start for sentence in article.sentences]
            chosen = slice(rows[row], rows[row + 1])
            found[chosen] = before + np.searchsorted(starts, self._tokens.starts[chosen], side="right")
            before += len(starts) + 1
        return found

    @cached_property
    def _sorted(self) -> dict[tuple[bool, bool], tuple[list[str], list[int]]]:
        """The forms with or without case, sorted from the left or the right, with their types."""
        orders = {}
        for cased in (False, True):
            for turned in (False, True):
                forms = [form[cased][::-1] if turned else form[cased] for form in self._forms]
                order = sorted(range(len(forms)), key=forms.__getitem__)
                orders[cased, turned] = [forms[number] for number in order], order
        return orders

    @cached_property
    def _joined(self) -> list[tuple[str, list[int]]]:
        """All forms without and with case as one text, and where each begins."""
        texts = []
        for cased in (False, True):
            forms = [form[cased] for form in self._forms]
            begins = np.cumsum([0, *(len(form) + 1 for form in forms)])[: len(forms)].tolist()
            texts.append(("\n".join(forms), begins))
        return texts

    def _types_of(self, word: QueryWord) -> np.ndarray:
        """List the types that one word of a query fits."""
        first, last = word.pattern.split("*")[0], word.pattern.split("*")[-1]
        turned = not first and bool(last)
        part = last[::-1] if turned else first
        forms, order = self._sorted[word.cased, turned]
        if part:
            near = order[bisect_left(forms, part) : bisect_left(forms, part + _PREFIX_END)]
        else:
            near = self._around(max(word.pattern.split("*"), key=len), word.cased)
        found = [number for number in near if word.fits(self._forms[number][word.cased])]
        return np.array(sorted(found), dtype=np.int64)

    def _around(self, part: str, cased: bool) -> list[int]:
        """List the types in which a part stands anywhere."""
        text, begins = self._joined[cased]
        places = {bisect_right(begins, match.start()) - 1 for match in re.finditer(re.escape(part), text)}
        return sorted(places) if part else list(range(len(self._forms)))

    def find(self, query: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Find the places of a term or phrase.

        Parameters
        ----------
        query : str
            Words, as in `analysis.text.kwic`.

        Returns
        -------
        articles, start, end : numpy.ndarray
            Of shape (places,): the position of the article, and offsets into its text; in order.

        Raises
        ------
        ValueError
            The query holds no term.
        """
        first, size = self._first_tokens(query)
        return self._places(first, size)

    def _places(self, first: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Turn the first tokens of matches into articles and offsets."""
        last = first + size - 1
        articles = np.searchsorted(self._tokens.rows, first, side="right") - 1
        ends = self._tokens.starts[last] + self._lengths[self._tokens.numbers[last]]
        return articles, self._tokens.starts[first].astype(np.int64), ends.astype(np.int64)

    def _first_tokens(self, query: str) -> tuple[np.ndarray, int]:
        """Find the first token of every match, and how many tokens a match has."""
        words = parse_query(query)
        types = [None if word.pattern == "*" else self._types_of(word) for word in words]
        everything = len(self._sentence)
        sizes = [
            everything if found is None else int((self._heads[found + 1] - self._heads[found]).sum())
            for found in types
        ]
        rarest, last = int(np.argmin(sizes)), len(words) - 1
        chosen = types[rarest]
        first = np.arange(everything) if chosen is None else self._postings(chosen) - rarest
        if last:
            first = first[(first >= 0) & (first + last < everything)]
            first = first[self._sentence[first] == self._sentence[first + last]]
        for offset, found in enumerate(types):
            if offset != rarest and found is not None:
                wanted = np.zeros(len(self._tokens.types), dtype=bool)
                wanted[found] = True
                first = first[wanted[self._tokens.numbers[first + offset]]]
        return _apart(first, len(words)), len(words)

    def _postings(self, types: np.ndarray) -> np.ndarray:
        """List the tokens of some types, ascending."""
        parts = [self._by_type[self._heads[number] : self._heads[number + 1]] for number in types]
        if len(parts) < 2:  # of one type they ascend already
            return parts[0] if parts else np.zeros(0, dtype=np.int64)
        return np.sort(np.concatenate(parts))

    def lines(self, query: str, *, width: int = 60, limit: int | None = None) -> pd.DataFrame:
        """Show the places of a term or phrase in context.

        Parameters
        ----------
        query : str
            Words; ``*`` stands for any characters within a token.
        width : int
            Characters of context on each side.
        limit : int, optional
            The first lines only.

        Returns
        -------
        pandas.DataFrame
            With the columns of `EVIDENCE_COLUMNS`, sorted by article and place.

        Raises
        ------
        ParameterError
            The limit is negative.
        ValueError
            The query holds no term, or the width is negative.
        """
        if width < 0:
            raise ValueError(f"width is {width}; give 0 or more characters.")
        if limit is not None and limit < 0:
            raise ParameterError(f"limit is {limit}; give 0 or more lines")
        first, size = self._first_tokens(query)
        places = (part.tolist() for part in self._places(first[:limit], size))
        rows = [
            hit_row(self.corpus.articles[number], start, end, width=width)
            for number, start, end in zip(*places, strict=True)
        ]
        return pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))


def _apart(first: np.ndarray, size: int) -> np.ndarray:
    """Leave out the matches of several words that overlap an earlier one."""
    if size == 1 or not (np.diff(first) < size).any():
        return first
    kept, free = [], 0
    for place in first.tolist():
        if place >= free:
            kept.append(place)
            free = place + size
    return np.array(kept, dtype=np.int64)
