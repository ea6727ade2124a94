"""The terms of all parts in one list, and where each part keeps those that are tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from analysis.config import TermParameters
from analysis.counts import are_words
from analysis.partitions.assembly import PartedCorpus
from analysis.partitions.storage import load_array, save_arrays, writing

_MERGED = 2_000_000  # terms of parts that are merged at a time


@dataclass(frozen=True)
class Vocabulary:
    """All terms of a corpus.

    Parameters
    ----------
    terms : pyarrow.Array
        Sorted.
    totals, articles : numpy.ndarray
        Of shape (terms,): occurrences, and articles that contain the term.
    """

    terms: object = field(repr=False)
    totals: np.ndarray = field(repr=False)
    articles: np.ndarray = field(repr=False)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Of shape (terms,): of how many tokens each term is made."""
        import pyarrow.compute as compute

        return compute.count_substring(self.terms, " ").to_numpy(zero_copy_only=False).astype(np.int64) + 1

    def names(self, columns: np.ndarray) -> list[str]:
        """Return some terms.

        Parameters
        ----------
        columns : numpy.ndarray
            Their positions.

        Returns
        -------
        list of str
            The terms.
        """
        return self.terms.take(columns).to_pylist()

    def frequent(self, params: TermParameters) -> np.ndarray:
        """Return the terms that occur often enough, stop words among them.

        Parameters
        ----------
        params : TermParameters
            `min_count` and `min_articles`.

        Returns
        -------
        numpy.ndarray
            Positions, ascending.
        """
        return np.flatnonzero((self.totals >= params.min_count) & (self.articles >= params.min_articles))

    def eligible(self, params: TermParameters) -> np.ndarray:
        """Return the terms that are tested, as `analysis.counts.eligible_terms`.

        Parameters
        ----------
        params : TermParameters
            `min_count`, `min_articles` and `stop_words`.

        Returns
        -------
        numpy.ndarray
            Positions, ascending.
        """
        enough = self.frequent(params)
        return enough[are_words(self.names(enough), params)]


def merge_terms(corpus: PartedCorpus) -> Vocabulary:
    """Merge the terms of all parts.

    Parameters
    ----------
    corpus : PartedCorpus
        The articles; those that are set aside are not counted.

    Returns
    -------
    Vocabulary
        The same for any division into parts: whole numbers are added.
    """
    import pyarrow
    import pyarrow.compute as compute
    from pyarrow.parquet import read_table

    def merged(tables: list) -> pyarrow.Table:
        found = pyarrow.concat_tables(tables).group_by("term", use_threads=False)
        return found.aggregate([("articles", "sum"), ("total", "sum")]).rename_columns(
            ["term", "articles", "total"]
        )

    tables = []
    for folder, rank in zip(corpus.folders, corpus.ranks, strict=True):
        table = read_table(folder / "terms.parquet")
        if (rank < 0).any() and len(table):
            table = _without_dropped(folder, rank, table)
        tables.append(table)
        if sum(map(len, tables)) > _MERGED:
            tables = [merged(tables)]
    table = merged(tables)
    # bytes of UTF-8 sort as code points do
    table = table.take(compute.sort_indices(table["term"]))
    terms = table["term"].combine_chunks()
    if isinstance(terms, pyarrow.ChunkedArray):
        terms = terms.chunk(0) if terms.num_chunks else pyarrow.array([], pyarrow.large_string())
    totals, articles = (table[name].to_numpy().astype(np.int64) for name in ("total", "articles"))
    return Vocabulary(terms, totals, articles)


def _without_dropped(folder: Path, rank: np.ndarray, table):
    """Count a part's terms again without the articles that are set aside."""
    import pyarrow

    indptr, rows, counts = (load_array(folder, name) for name in ("indptr", "rows", "counts"))
    kept = rank[rows] >= 0
    articles = np.add.reduceat(kept.astype(np.int64), indptr[:-1])
    totals = np.add.reduceat(np.where(kept, counts, 0).astype(np.int64), indptr[:-1])
    found = pyarrow.table({"term": table["term"], "articles": articles, "total": totals})
    return found.filter(pyarrow.array(articles > 0))


def locate_terms(job: tuple[str, str], part: tuple[str, int]) -> str:
    """Look the tested terms up in a part.

    Parameters
    ----------
    job : (str, str)
        A Parquet file of the terms, and the folder of partial results to be made, without the part's number.
    part : (str, int)
        The part's folder and number.

    Returns
    -------
    str
        A folder with the array ``columns``: the term's position in the part, -1 where it does not occur.
    """
    import pyarrow.compute as compute
    from pyarrow.parquet import read_table

    folder = Path(f"{job[1]}-{part[1]}")
    if not folder.is_dir():
        wanted = read_table(job[0])["term"].combine_chunks()
        own = read_table(Path(part[0]) / "terms.parquet", columns=["term"])["term"].combine_chunks()
        found = compute.index_in(wanted, value_set=own).fill_null(-1)
        with writing(folder) as partial:
            save_arrays(partial, columns=found.to_numpy(zero_copy_only=False).astype(np.int32))
    return folder.as_posix()


def split_blocks(articles: Sequence[int], *, most_postings: int, most_terms: int) -> list[tuple[int, int]]:
    """Divide terms into blocks that fit memory; no result depends on how.

    Parameters
    ----------
    articles : sequence of int
        In how many articles each term occurs.
    most_postings, most_terms : int
        What a block holds at most; one term is a block whatever it holds.

    Returns
    -------
    list of (int, int)
        First term, and the one after the last.
    """
    blocks, first, held = [], 0, 0
    for place, count in enumerate(articles):
        if place > first and (held + count > most_postings or place - first >= most_terms):
            blocks.append((first, place))
            first, held = place, 0
        held += int(count)
    return [*blocks, (first, len(articles))] if len(articles) else []
