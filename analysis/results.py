"""`Result`: one measure's table, with the evidence, parameters and provenance behind it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import ParameterError, UnknownName
from analysis.tables import clean_text

EVIDENCE_COLUMNS = (
    "article_id",
    "outlet",
    "bloc",
    "sentence_id",
    "start",
    "end",
    "left",
    "match",
    "right",
    "sentence",
)
ACTOR_KEYS = ("actor_id", "article_id", "outlet", "bloc", "voice")
"""By what the mentions of actors are found."""


@dataclass(frozen=True)
class Evidence:
    """The sentences behind a table.

    Parameters
    ----------
    keys : tuple of str
        The names by which `find` selects.
    find : callable
        Takes a mapping of keys to values and returns a table with at least the columns
        `EVIDENCE_COLUMNS`; ``start`` and ``end`` are offsets into the article's cleaned text.
    """

    keys: tuple[str, ...]
    find: Callable[[Mapping[str, Any]], pd.DataFrame]


@dataclass(frozen=True)
class Result:
    """What a measure returns.

    Parameters
    ----------
    name : str
        The measure's name.
    table : pandas.DataFrame
        One tidy table, as declared in `analysis.schema`.
    params : mapping
        The parameters that made it.
    provenance : mapping
        Where the inputs come from: corpus, scorer, formula variants.
    excluded : pandas.DataFrame
        What was dropped: columns ``what``, ``n`` and ``why``.
    evidence : Evidence, optional
        The sentences behind the numbers.
    """

    name: str
    table: pd.DataFrame
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    provenance: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    excluded: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["what", "n", "why"]))
    evidence: Evidence | None = None

    def evidence_for(self, **keys: Any) -> pd.DataFrame:
        """Return the sentences behind a number.

        Parameters
        ----------
        **keys
            Which number: for example ``term="sanctions", bloc="Western"`` or ``actor_id="us"``.

        Returns
        -------
        pandas.DataFrame
            One row per hit, with the columns of `EVIDENCE_COLUMNS` first; sorted.

        Raises
        ------
        ParameterError
            The result has no sentences behind it.
        UnknownName
            A key does not exist.
        """
        if self.evidence is None:
            raise ParameterError(
                f"the result {self.name!r} counts whole articles: no sentence stands behind it"
            )
        for key in keys:
            if key not in self.evidence.keys:
                raise UnknownName("key of evidence", key, self.evidence.keys)
        return self.evidence.find(keys)

    def _repr_html_(self) -> str:
        shown = self.table.head(20).to_html(
            index=False, escape=True, border=0, float_format=lambda x: f"{x:.3g}"
        )
        settings = ", ".join(f"{key} = {value}" for key, value in sorted(self.params.items()))
        rest = f" (first 20 of {len(self.table)} rows)" if len(self.table) > 20 else ""
        return (
            f'<div class="mathjax_ignore tex2jax_ignore"><p><b>{html.escape(self.name)}</b>: '
            f"{len(self.table)} rows{rest}. {html.escape(settings)}</p>{clean_text(shown)}</div>"
        )


def table_evidence(table: pd.DataFrame, keys: tuple[str, ...]) -> Evidence:
    """Make evidence of a table that already holds the sentences.

    Parameters
    ----------
    table : pandas.DataFrame
        With the columns of `EVIDENCE_COLUMNS` and the keys.
    keys : tuple of str
        Columns by which to select.

    Returns
    -------
    Evidence
        Whose `find` filters the table; a key's value may be a list of values.
    """

    def find(wanted: Mapping[str, Any]) -> pd.DataFrame:
        chosen = table
        for key, value in wanted.items():
            values = [value] if isinstance(value, str) or not hasattr(value, "__iter__") else list(value)
            chosen = chosen[chosen[key].isin(values)]
        return chosen.reset_index(drop=True)

    return Evidence(keys, find)


def hit_row(article, start: int, end: int, *, width: int = 60) -> dict[str, Any]:
    """Describe one place in an article as a row of evidence.

    Parameters
    ----------
    article : analysis.corpus.Article
        The article.
    start, end : int
        Character offsets into its cleaned text.
    width : int
        Characters of context on each side.

    Returns
    -------
    dict
        With the columns of `EVIDENCE_COLUMNS`.
    """
    text = article.text
    sentence_id = article.sentence_at(start)
    return {
        "article_id": article.article_id,
        "outlet": article.outlet,
        "bloc": article.bloc,
        "sentence_id": sentence_id,
        "start": start,
        "end": end,
        "left": one_line(text[max(0, start - width) : start]),
        "match": text[start:end],
        "right": one_line(text[end : end + width]),
        "sentence": _sentence_line(article, sentence_id, start, end),
    }


def hit_table(hits: Sequence[tuple[Any, Sequence[tuple[int, int]]]], *, width: int = 60) -> pd.DataFrame:
    """Describe many places as a table of evidence.

    Parameters
    ----------
    hits : sequence of (analysis.corpus.Article, sequence of (int, int))
        Articles with character offsets into their cleaned texts; best in reading order, since a sentence is
        written down once for all places in it that follow each other.
    width : int
        Characters of context on each side.

    Returns
    -------
    pandas.DataFrame
        One row per place, as of `hit_row`.
    """
    sentences, in_sentence, sentence_ids = [], [], []
    for article, places in hits:
        last = -1
        for start, end in places:
            sentence_id = article.sentence_at(start)
            if sentence_id < 0 or sentence_id != last:
                last = sentence_id
                sentences.append(_sentence_line(article, sentence_id, start, end))
            in_sentence.append(len(sentences) - 1)
            sentence_ids.append(sentence_id)
    texts = {
        "left": [
            one_line(one.text[max(0, start - width) : start]) for one, places in hits for start, _ in places
        ],
        "match": [one.text[start:end] for one, places in hits for start, end in places],
        "right": [one_line(one.text[end : end + width]) for one, places in hits for _, end in places],
    }
    numbers = {
        "sentence_id": sentence_ids,
        "start": [start for _, places in hits for start, _ in places],
        "end": [end for _, places in hits for _, end in places],
    }
    articles = [(one.article_id, one.outlet, one.bloc) for one, _ in hits]
    lengths = np.array([len(places) for _, places in hits], dtype=np.int64)
    # the types are named, as no hits have none
    table = pd.DataFrame(articles, columns=["article_id", "outlet", "bloc"], dtype=str)
    return (
        table.take(np.repeat(np.arange(len(hits)), lengths))
        .reset_index(drop=True)
        .assign(**{name: np.array(values, dtype=np.int64) for name, values in numbers.items()})
        .assign(**{name: pd.array(values, dtype=str) for name, values in texts.items()})
        .assign(sentence=pd.array(sentences, dtype=str).take(np.array(in_sentence, dtype=np.int64)))
    )


def _sentence_line(article, sentence_id: int, start: int, end: int) -> str:
    """The sentence of a place on one line; between sentences the place itself."""
    span = article.sentences[sentence_id] if sentence_id >= 0 else None
    return one_line(article.text[span.start : span.end] if span else article.text[start:end])


def one_line(text: str) -> str:
    """Show a stretch of text on one line.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        With every run of line breaks and blanks as one blank.
    """
    line = text.strip()
    # of blanks, only the space itself can be printed
    return line if line.isprintable() and "  " not in line else " ".join(line.split())
