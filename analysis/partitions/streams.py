"""Tables with rows for single articles, written in the order of article_id some articles at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.measures.theme_groups import ArticleThemes
from analysis.partitions.assembly import PartedCorpus
from analysis.partitions.findings import Findings
from analysis.partitions.tables import TableWriter
from analysis.schema.partitions import EXCLUDED, THEME_ARTICLES
from analysis.schema.results import RESULT_TABLES

STRIDE = 10_000
"""A row group holds the rows of so many articles, whatever parts they came from."""


def write_articles(path: Path, corpus: PartedCorpus) -> int:
    """Write the table ``articles``.

    Parameters
    ----------
    path : pathlib.Path
        The Parquet file.
    corpus : PartedCorpus
        The articles.

    Returns
    -------
    int
        Rows written.
    """
    by_id = corpus.outlets.set_index("outlet_id")
    readers = [_open_articles(folder) for folder in corpus.folders]
    with TableWriter(path, RESULT_TABLES["articles"]) as table:
        for ranges in _strides(corpus):
            pieces = []
            for number, (first, last) in ranges:
                piece = readers[number].slice(first, last - first).to_pandas()
                piece["_rank"] = corpus.ranks[number][first:last]
                pieces.append(piece[piece["_rank"] >= 0])
            rows = pd.concat(pieces).sort_values("_rank", kind="stable")
            outlet = by_id.loc[rows["outlet_id"]]
            columns = {
                name: rows[name].to_numpy() for name in rows.columns if name not in ("row", "digest", "_rank")
            }
            columns |= {name: outlet[name].to_numpy() for name in ("bloc", "bloc_alternative", "confidence")}
            table.write({**columns, "outlet": outlet["label"].to_numpy()})
        return table.rows


def write_mentions(path: Path, corpus: PartedCorpus, actor_ids: list[str]) -> sparse.csr_matrix:
    """Write the table ``mentions``, and count the mentions of every actor in every article on the way.

    Parameters
    ----------
    path : pathlib.Path
        The Parquet file.
    corpus : PartedCorpus
        The articles.
    actor_ids : list of str
        All actors, sorted.

    Returns
    -------
    scipy.sparse.csr_matrix
        Of shape (articles, actors), int32: mentions. Most actors of the table are in few articles.
    """
    counts = []
    number_of = pd.Index(actor_ids, dtype=str)
    labels, blocs = (np.array(values, dtype=object) for values in (corpus.labels, corpus.blocs))
    names = np.array(corpus.ids, dtype=object)
    with TableWriter(path, RESULT_TABLES["mentions"]) as table:
        for start, ranges in enumerate(_strides(corpus)):
            pieces = []
            for number, (first, last) in ranges:
                # mapped for this stride alone: what has been read of it would stay in memory
                whole, article = _open_mentions(corpus.folders[number])
                begin, end = np.searchsorted(article, [first, last])
                piece = whole.slice(begin, end - begin).to_pandas()
                piece["_rank"] = corpus.ranks[number][piece["article"].to_numpy().astype(np.int64)]
                pieces.append(piece[piece["_rank"] >= 0])
            # a part has its mentions in reading order
            rows = pd.concat(pieces).sort_values("_rank", kind="stable")
            rank = rows["_rank"].to_numpy()
            begun = start * STRIDE
            shape = min(STRIDE, len(corpus) - begun), len(actor_ids)
            place = rank - begun, number_of.get_indexer(rows["actor_id"])
            counts.append(sparse.csr_matrix((np.ones(len(rank), dtype=np.int32), place), shape=shape))
            outlet = corpus.outlet[rank]
            columns = {
                name: rows[name].to_numpy() for name in ("sentence_id", "start", "end", "actor_id", "alias")
            }
            columns |= {"article_id": names[rank], "outlet": labels[outlet], "bloc": blocs[outlet]}
            table.write({**columns, "voice": np.where(rows["quoted"].to_numpy(dtype=bool), "quoted", "own")})
    return sparse.vstack(counts, format="csr")


def write_theme_articles(path: Path, corpus: PartedCorpus, articles: ArticleThemes) -> int:
    """Write the table ``theme_articles``.

    Parameters
    ----------
    path : pathlib.Path
        The Parquet file.
    corpus : PartedCorpus
        The articles.
    articles : ArticleThemes
        The weights of all articles.

    Returns
    -------
    int
        Rows written.
    """
    names = np.array(corpus.ids, dtype=object)
    with TableWriter(path, THEME_ARTICLES) as table:
        for start in range(0, len(corpus), STRIDE):
            row, theme = np.nonzero(articles.sums[start : start + STRIDE] > 0)
            ids = np.array([f"T{number + 1}" for number in range(articles.sums.shape[1])], dtype=object)
            table.write(
                {
                    "article_id": names[row + start],
                    "theme_id": ids[theme] if len(ids) else ids,
                    "weight": articles.sums[row + start, theme],
                    "n_paragraphs": articles.paragraphs[row + start],
                }
            )
        return table.rows


def write_excluded(path: Path, findings: Findings) -> int:
    """Write what was set aside, and why.

    Parameters
    ----------
    path : pathlib.Path
        The Parquet file.
    findings : Findings
        What was found.

    Returns
    -------
    int
        Rows written.
    """
    fields = ("file", "row", "article_id", "column", "found", "allowed", "remedy")
    rows = sorted({tuple(getattr(one, name) for name in fields) for one in findings.listed})
    with TableWriter(path, EXCLUDED) as table:
        if rows:
            table.write(dict(zip(fields, map(list, zip(*rows, strict=True)), strict=True)))
        return table.rows


def _strides(corpus: PartedCorpus) -> Iterator[list[tuple[int, tuple[int, int]]]]:
    """List, for every `STRIDE` articles, which rows of which parts hold them."""
    begun = []
    for rank in corpus.ranks:
        # an article that is set aside stands where the one before it does, so that positions ascend
        begun.append(np.maximum.accumulate(rank) if len(rank) else rank)
    for start in range(0, len(corpus), STRIDE):
        ranges = []
        for number, rank in enumerate(begun):
            first, last = np.searchsorted(rank, [start, start + STRIDE])
            if first < last:
                ranges.append((number, (int(first), int(last))))
        yield ranges


def _open_articles(folder: Path):
    """Read a part's articles, without what the table does not hold."""
    from pyarrow.parquet import read_table

    return read_table(folder / "articles.parquet", memory_map=True)


def _open_mentions(folder: Path):
    """Map a part's mentions, and the article of each."""
    import pyarrow
    from pyarrow import ipc

    table = ipc.open_file(pyarrow.memory_map((folder / "mentions.arrow").as_posix(), "r")).read_all()
    return table, table["article"].to_numpy()
