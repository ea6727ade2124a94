"""Reads a reference list: a CSV file of terms and their counts in a corpus that is not at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.columns import Column, Table, check_table
from analysis.config import TermParameters
from analysis.errors import Problem, StudyError, shorten
from analysis.readers import read_csv
from analysis.terms import reduce_words
from analysis.text import find_terms

REFERENCE_SEED = Table(
    "reference",
    "one row per word",
    (
        Column("term", "text", "a word, or a phrase with blanks between its words"),
        Column("count", "text", "its occurrences in the reference corpus", allowed="a whole number from 1"),
    ),
)
LARGEST = 10**12
"""The most occurrences of a term; beyond, a number is a slip."""


@dataclass(frozen=True)
class ReferenceList:
    """Counts of terms in a corpus that is not at hand.

    Parameters
    ----------
    name : str
        Its file, as messages name it.
    counts : mapping of str to int
        Term to occurrences; forms that are one term are added up.
    tokens : int
        Of the corpus: the sum over all words. A list must be whole, stop words and all, for rates to be right.
    """

    name: str
    counts: Mapping[str, int] = field(repr=False)
    tokens: int

    @property
    def lengths(self) -> list[int]:
        """Of how many tokens its terms are made, sorted."""
        return sorted({term.count(" ") + 1 for term in self.counts})


def load_reference(
    path: Path, params: TermParameters, *, shown: str | None = None, language: str = "en"
) -> ReferenceList:
    """Read a reference list.

    Parameters
    ----------
    path : pathlib.Path
        A CSV file with the columns ``term`` and ``count``.
    params : TermParameters
        How words become terms: `keep_case` and `lemmas`.
    shown : str, optional
        How messages name the file.
    language : str
        Whose lemmas.

    Returns
    -------
    ReferenceList
        Words reduced to terms as the corpus's are.

    Raises
    ------
    StudyError
        The file cannot be read, or rows of it cannot be used; all problems by row.
    """
    name = shown or path.name
    table = read_csv(path, shown=name)
    problems = check_table(table.iloc[:0], REFERENCE_SEED, where=name)
    if problems:
        raise StudyError(problems)
    counts: dict[str, int] = {}
    for row, word, count in zip(table.index, table["term"], table["count"], strict=True):
        terms = find_terms(word, keep_case=params.keep_case)
        if not terms:
            found = "an empty cell" if not word else shorten(word)
            remedy = "Fill it in, or remove the row."
            problems.append(Problem(f"{name}:{row} (term)", found, "a word or phrase", remedy))
        if not (count.isascii() and count.isdigit() and 0 < int(count[:20]) <= LARGEST):
            found = "an empty cell" if not count else shorten(count)
            allowed = f"a whole number from 1 to {LARGEST:,}"
            remedy = "Write it without separators, or remove the row: a term without occurrences needs none."
            problems.append(Problem(f"{name}:{row} (count)", found, allowed, remedy))
        elif terms:
            term = " ".join(reduce_words(terms, params, language=language))
            counts[term] = counts.get(term, 0) + int(count)
    tokens = sum(count for term, count in counts.items() if " " not in term)
    if not problems and not tokens:
        found = "no row" if table.empty else "phrases only"
        remedy = "Give the whole list, stop words and all: its sum is what rates are taken of."
        problems.append(Problem(name, found, "words with their counts", remedy))
    if problems:
        raise StudyError(problems)
    return ReferenceList(name, counts, tokens)
