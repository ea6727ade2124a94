"""A block of terms over all articles: every contrast of these terms, whatever parts the articles came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from analysis.config import StudyConfig
from analysis.kernels.postings import add_drawn, sum_postings
from analysis.measures.contrast_blocks import (
    NUMBERS,
    BlockMeasures,
    Contrast,
    OutletSums,
    Postings,
    take_ranges,
)
from analysis.partitions.storage import load_array, save_arrays, writing
from analysis.resampling import LARGEST_WEIGHT, bootstrap_weights

WEIGHED_ARTICLES = 25_000
"""The weights of so many articles are one partial result."""


@dataclass(frozen=True)
class BlockJob:
    """What every block is measured with.

    Parameters
    ----------
    parts : tuple of (str, str, str)
        For each part its folder, the folder of its tested terms, and the file of its articles' positions.
    articles : str
        The folder of the articles: sizes, outlets, names.
    weights : tuple of str
        Folders of the articles' weights.
    contrasts : tuple of Contrast
        Which.
    config : StudyConfig
        The settings.
    store : str
        The name of the partial results to be made, without the block's terms.
    """

    parts: tuple[tuple[str, str, str], ...] = field(repr=False)
    articles: str
    weights: tuple[str, ...] = field(repr=False)
    contrasts: tuple[Contrast, ...] = field(repr=False)
    config: StudyConfig = field(repr=False)
    store: str


def weigh_articles(job: tuple[str, str, int, int], piece: int) -> str:
    """Draw the bootstrap's weights of some articles.

    Parameters
    ----------
    job : (str, str, int, int)
        The folder of the articles, the name of the partial results without the piece's number, B and the seed.
    piece : int
        Which `WEIGHED_ARTICLES` of the articles.

    Returns
    -------
    str
        A folder with the arrays ``weights`` (articles, B), and ``tokens`` (outlets, B): tokens drawn.
    """
    articles, store, replicates, random_state = job
    folder = Path(f"{store}-{piece}")
    if not folder.is_dir():
        own = slice(piece * WEIGHED_ARTICLES, (piece + 1) * WEIGHED_ARTICLES)
        names = [name.decode("ascii") for name in load_array(Path(articles), "names")[own]]
        outlet, sizes = (load_array(Path(articles), name) for name in ("outlet", "sizes"))
        weights = np.ascontiguousarray(bootstrap_weights(names, replicates, random_state).T)
        tokens = np.zeros((int(outlet.max()) + 1, replicates), dtype=np.int64)
        for start in range(0, len(names), 1000):
            part = slice(start, start + 1000)
            drawn = weights[part].astype(np.int64) * sizes[own][part, None]
            np.add.at(tokens, outlet[own][part], drawn)
        with writing(folder) as partial:
            save_arrays(partial, weights=weights, tokens=tokens)
    return folder.as_posix()


def contrast_block(job: BlockJob, block: tuple[int, int]) -> str:
    """Measure every contrast of some terms.

    Parameters
    ----------
    job : BlockJob
        With what.
    block : (int, int)
        The first of the tested terms, and the one after the last.

    Returns
    -------
    str
        A folder with the arrays ``numbers`` (contrasts, `NUMBERS`, terms) and ``driven`` (contrasts, terms): the
        position of the article that drives, or -1; ``totals`` and ``present`` (terms, outlets): occurrences and
        articles.
    """
    folder = Path(f"{job.store}-{block[0]}-{block[1]}")
    if folder.is_dir():
        return folder.as_posix()
    postings = _load_postings(job, block)
    terms = block[1] - block[0]
    outlets = _load_outlets(job)
    sums = sum_postings(
        postings.terms, postings.outlets, postings.sizes, postings.counts, (terms, len(outlets.articles))
    )
    drawn = _draw_counts(job, postings, sums)
    place = load_array(Path(job.articles), "prior")[:, block[0] : block[1]]
    measured = BlockMeasures(job.config.statistics, (postings, outlets), sums, drawn, (place[0], place[1]))
    numbers = np.full((len(job.contrasts), len(NUMBERS), terms), np.nan)
    driven = np.full((len(job.contrasts), terms), -1, dtype=np.int64)
    for number, contrast in enumerate(job.contrasts):
        columns = measured.columns(contrast, family=load_array(Path(job.articles), "prior").shape[1])
        numbers[number] = [columns[name] for name in NUMBERS]
        driven[number] = measured.drivers(contrast, columns["log_ratio"])
    with writing(folder) as partial:
        save_arrays(partial, numbers=numbers, driven=driven, totals=sums[0], present=sums[1])
    return folder.as_posix()


def _load_postings(job: BlockJob, block: tuple[int, int]) -> Postings:
    """Gather the postings of some terms from all parts."""
    terms, articles, counts = [], [], []
    for part, located, ranks in job.parts:
        columns = load_array(Path(located), "columns")[block[0] : block[1]]
        there = np.flatnonzero(columns >= 0)
        offsets = load_array(Path(part), "indptr")
        chosen = columns[there].astype(np.int64)
        where = take_ranges(offsets, chosen)
        rank = load_array(Path(job.articles), ranks)[load_array(Path(part), "rows")[where]]
        kept = rank >= 0
        lengths = offsets[chosen + 1] - offsets[chosen]
        terms.append(np.repeat(there, lengths)[kept])
        articles.append(rank[kept])
        counts.append(load_array(Path(part), "counts")[where][kept])
    term, article, count = (np.concatenate(values) for values in (terms, articles, counts))
    order = np.lexsort((article, term))
    term, article = term[order], article[order]
    offsets = np.searchsorted(term, np.arange(block[1] - block[0] + 1))
    outlet, sizes = (load_array(Path(job.articles), name)[article] for name in ("outlet", "sizes"))
    return Postings(offsets, term, article, count[order].astype(np.int64), outlet, sizes)


def _load_outlets(job: BlockJob) -> OutletSums:
    """Add up the articles of each outlet."""
    outlet, sizes = (load_array(Path(job.articles), name) for name in ("outlet", "sizes"))
    drawn = sum(load_array(Path(piece), "tokens").astype(np.int64) for piece in job.weights)
    return OutletSums.of(outlet, sizes, drawn)


def _draw_counts(job: BlockJob, postings: Postings, sums: np.ndarray) -> np.ndarray:
    """Add up the postings in every replicate, for each term and outlet: whole numbers, so in any order."""
    most = sums[0].max(initial=0.0) * LARGEST_WEIGHT
    kind = np.int32 if most < 2**31 else np.int64
    drawn = np.zeros((*sums.shape[1:], job.config.statistics.bootstrap), dtype=kind)
    counts = postings.counts.astype(kind)
    piece = postings.articles // WEIGHED_ARTICLES
    for number, folder in enumerate(job.weights):
        own = np.flatnonzero(piece == number)
        if len(own):
            rows = postings.articles[own] - number * WEIGHED_ARTICLES
            weights = np.asarray(load_array(Path(folder), "weights"))
            add_drawn(drawn, postings.terms[own], postings.outlets[own], rows, counts[own], weights)
    return drawn
