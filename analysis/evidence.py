"""Builds the evidence behind term counts: every place of a term, as sorted lines in context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.config import TermParameters
from analysis.corpus import Corpus
from analysis.errors import ParameterError, UnknownName
from analysis.results import EVIDENCE_COLUMNS, Evidence, hit_row
from analysis.terms import find_ngrams, list_terms
from analysis.text import kwic

TERM_KEYS = ("term", "article_id", "outlet", "bloc")


def term_evidence(corpus: Corpus, terms: TermParameters | None = None, *, language: str = "en") -> Evidence:
    """Make evidence that finds the places of a term.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    terms : TermParameters, optional
        As in the counts; by default every token is a term.
    language : str
        As in the counts.

    Returns
    -------
    Evidence
        `find` takes ``term`` and, optionally, ``article_id``, ``outlet`` or ``bloc``, and returns as many
        rows as the term was counted; its index of the corpus is built when it is first used.
    """
    terms = terms or TermParameters()
    index: dict[str, list[tuple[int, int, int]]] = {}

    def find(wanted: Mapping[str, Any]) -> pd.DataFrame:
        if "term" not in wanted:
            raise ParameterError(
                "name the term: evidence_for(term=...), and optionally a bloc, outlet or article_id"
            )
        if not index:
            for number, article in enumerate(corpus.articles):
                words = list_terms(article, terms, language=language)
                for place, term in enumerate(words):
                    index.setdefault(term, []).append((number, place, place))
                for size in range(2, terms.ngrams + 1):
                    for term, place in find_ngrams(article, words, size):
                        index.setdefault(term, []).append((number, place, place + size - 1))
        if wanted["term"] not in index:
            raise UnknownName("term", wanted["term"], index)
        rows = []
        for number, first, last in index[wanted["term"]]:
            article = corpus.articles[number]
            if all(getattr(article, key) == value for key, value in wanted.items() if key != "term"):
                rows.append(hit_row(article, article.tokens[first].start, article.tokens[last].end))
        table = pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))
        return table.sort_values(["article_id", "start"], ignore_index=True)

    return Evidence(TERM_KEYS, find)


def query_places(corpus: Corpus, query: str, *, width: int = 60) -> pd.DataFrame:
    """Find a term or phrase in context.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    query : str
        Words; ``*`` stands for any ending.
    width : int
        Characters of context on each side.

    Returns
    -------
    pandas.DataFrame
        With the columns of `EVIDENCE_COLUMNS`, sorted by article and place.
    """
    rows = [
        hit_row(article, line.start, line.end, width=width)
        for article in corpus.articles
        for line in kwic(article.text, query, width=width)
    ]
    return pd.DataFrame(rows, columns=list(EVIDENCE_COLUMNS))
