"""A block of terms over all articles: every contrast of these terms, whatever parts the articles came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy import sparse

from analysis.config import StudyConfig
from analysis.intervals import interval_levels, replicate_quantiles
from analysis.measures.contrast_sides import mean_log_ratio
from analysis.measures.contrast_trust import (
    CountSums,
    bound_log_ratios,
    count_moments,
    drawn_sizes,
    silent_counts,
)
from analysis.measures.dispersion import MEASURES
from analysis.measures.keyness import compute_statistics, log_ratio
from analysis.partitions.kernels import add_drawn, disperse_postings, sum_postings
from analysis.partitions.storage import load_array, save_arrays, writing
from analysis.partitions.vocabulary import take_ranges
from analysis.resampling import LARGEST_WEIGHT, bootstrap_weights, permutation_p, smallest_p

MOST_PERMUTED = 2000
"""Articles of a contrast up to which p is computed: permuting more costs more than all the rest of the study."""

WEIGHED_ARTICLES = 25_000
"""The weights of so many articles are one partial result."""

NUMBERS = (
    "count_target",
    "count_reference",
    "articles_target",
    "articles_reference",
    "per_10000_target",
    "per_10000_reference",
    "per_10000_mean_target",
    "per_10000_mean_reference",
    "g2",
    "g2_two_term",
    "bic",
    "g2_articles",
    "log_ratio",
    "log_ratio_mean",
    "lrc",
    "simple_maths",
    "log_odds",
    "z",
    "z_four_term",
    *(f"{measure}_{side}" for measure in MEASURES for side in ("target", "reference")),
    "log_ratio_low",
    "log_ratio_high",
    "log_ratio_mean_low",
    "log_ratio_mean_high",
    "p",
)
"""What is kept of each contrast and term, in this order."""


@dataclass(frozen=True)
class Contrast:
    """One contrast: what is set against what.

    Parameters
    ----------
    level, target, reference : str
        As in the table.
    sides : (tuple of int, tuple of int)
        The outlets of both.
    """

    level: str
    target: str
    reference: str
    sides: tuple[tuple[int, ...], tuple[int, ...]]


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


@dataclass(frozen=True)
class _Postings:
    """The postings of a block's terms: sorted by term, then article."""

    offsets: np.ndarray
    terms: np.ndarray
    articles: np.ndarray
    counts: np.ndarray
    outlets: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True)
class _Outlets:
    """Whose each article is, and sums over the articles of each outlet."""

    owner: np.ndarray
    articles: np.ndarray
    tokens: np.ndarray
    shortest: np.ndarray
    longest: np.ndarray
    powers: np.ndarray
    drawn: np.ndarray


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
    measured = _Measured(job.config, postings, outlets, sums, drawn, (place[0], place[1]))
    numbers = np.full((len(job.contrasts), len(NUMBERS), terms), np.nan)
    driven = np.full((len(job.contrasts), terms), -1, dtype=np.int64)
    for number, contrast in enumerate(job.contrasts):
        columns = measured.columns(contrast, family=load_array(Path(job.articles), "prior").shape[1])
        numbers[number] = [columns[name] for name in NUMBERS]
        driven[number] = measured.drivers(contrast, columns["log_ratio"])
    with writing(folder) as partial:
        save_arrays(partial, numbers=numbers, driven=driven, totals=sums[0], present=sums[1])
    return folder.as_posix()


def _load_postings(job: BlockJob, block: tuple[int, int]) -> _Postings:
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
    return _Postings(offsets, term, article, count[order].astype(np.int64), outlet, sizes)


def _load_outlets(job: BlockJob) -> _Outlets:
    """Add up the articles of each outlet."""
    outlet, sizes = (load_array(Path(job.articles), name) for name in ("outlet", "sizes"))
    drawn = sum(load_array(Path(piece), "tokens").astype(np.int64) for piece in job.weights)
    numbers = range(len(drawn))
    own = [sizes[outlet == number].astype(float) for number in numbers]
    return _Outlets(
        owner=outlet,
        articles=np.array([len(one) for one in own]),
        tokens=np.array([one.sum() for one in own]),
        shortest=np.array([one.min() for one in own]),
        longest=np.array([one.max() for one in own]),
        powers=np.array([[(one**power).sum() for power in (1, 2, 3)] for one in own]),
        drawn=drawn,
    )


def _draw_counts(job: BlockJob, postings: _Postings, sums: np.ndarray) -> np.ndarray:
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


class _Measured:
    """The numbers of a block's terms, for any contrast."""

    def __init__(self, config: StudyConfig, postings: _Postings, outlets: _Outlets, sums, drawn, prior):
        self.statistics = config.statistics
        self.postings = postings
        self.outlets = outlets
        self.sums = sums
        self.drawn = drawn
        self.prior = prior
        self.silent = silent_counts(config.statistics)
        self._sides: dict[tuple[int, ...], dict[str, np.ndarray]] = {}

    def side(self, outlets: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Sum up one side; each is summed up once."""
        if outlets not in self._sides:
            own = list(outlets)
            sums = self.sums[:, :, own].sum(axis=2)
            tokens = self.outlets.tokens[own]
            rates = self.sums[0][:, own] / tokens
            powers = self.outlets.powers[own].sum(axis=0)
            articles = int(self.outlets.articles[own].sum())
            inside = np.isin(self.postings.outlets, own)
            spread = disperse_postings(
                self.postings.offsets,
                inside,
                self.postings.sizes,
                self.postings.counts,
                (float(articles), float(tokens.sum()), float(self.outlets.shortest[own].min())),
            )
            moments = count_moments(
                CountSums(articles, sums[1], (sums[0], sums[3], sums[4]), tuple(sums[5:8]), tuple(powers))
            )
            self._sides[outlets] = {
                "count": sums[0],
                "articles": sums[1],
                "n_articles": articles,
                "tokens": tokens.sum(),
                "mean_rate": rates.mean(axis=1),
                "dispersion": dict(zip(MEASURES, spread, strict=True)),
                "moments": moments,
                "inside": inside,
            }
        return self._sides[outlets]

    def columns(self, contrast: Contrast, *, family: int) -> dict[str, np.ndarray]:
        """Measure one contrast, as `analysis.measures.contrasts` does."""
        one, two = (self.side(outlets) for outlets in contrast.sides)
        counts = (one["count"], two["count"], one["tokens"], two["tokens"])
        found = compute_statistics(counts, (self.prior[0], self.prior[1]), family=family)
        flat = np.ones(len(one["count"]))
        articles = (one["articles"], two["articles"], one["n_articles"], two["n_articles"])
        # every term weighs one: the prior does not enter g2
        columns = {**found, "g2_articles": compute_statistics(articles, (flat, flat.sum()), family=1)["g2"]}
        for name, side in (("target", one), ("reference", two)):
            columns[f"count_{name}"], columns[f"articles_{name}"] = side["count"], side["articles"]
            columns[f"per_10000_{name}"] = 1e4 * side["count"] / side["tokens"]
            columns[f"per_10000_mean_{name}"] = 1e4 * side["mean_rate"]
            columns |= {f"{measure}_{name}": side["dispersion"][measure] for measure in MEASURES}
        mean = mean_log_ratio(one["mean_rate"], two["mean_rate"], one["tokens"], two["tokens"])
        columns["log_ratio_mean"] = mean
        low, high = self.intervals(contrast)
        columns["log_ratio_low"], columns["log_ratio_high"] = low, high
        if max(map(len, contrast.sides)) > 1:
            low, high = self.mean_intervals(contrast)
        columns["log_ratio_mean_low"] = np.where(np.isnan(mean), np.nan, low)
        columns["log_ratio_mean_high"] = np.where(np.isnan(mean), np.nan, high)
        columns["p"] = self.test(contrast)
        return columns

    def _few(self, contrast: Contrast) -> bool:
        fewest = min(self.side(outlets)["n_articles"] for outlets in contrast.sides)
        return fewest < self.statistics.min_articles_interval

    def intervals(self, contrast: Contrast) -> tuple[np.ndarray, np.ndarray]:
        """Compute the interval of the log ratio."""
        sides = [self.side(outlets) for outlets in contrast.sides]
        if self._few(contrast):
            return np.full(len(self.drawn), np.nan), np.full(len(self.drawn), np.nan)
        moments = [side["moments"] for side in sides]
        absent = tuple(side["articles"] == 0 for side in sides)
        drawn = []
        for outlets in contrast.sides:
            sums = self.drawn[:, list(outlets)].sum(axis=1).astype(np.float32)
            sums += np.float32(0.5)
            drawn.append(sums)
        tokens = [self.outlets.drawn[list(outlets)].sum(axis=0).astype(float) for outlets in contrast.sides]
        low, high = bound_log_ratios(
            tuple(drawn),
            drawn_sizes(*tokens),
            interval_levels([moments[0], moments[1].turned()]),
            absent,
            self.silent,
        )
        low[absent[0] & absent[1]] = high[absent[0] & absent[1]] = np.nan
        return low, high

    def mean_intervals(self, contrast: Contrast) -> tuple[np.ndarray, np.ndarray]:
        """Compute the interval of the log ratio of the means over outlets."""
        terms = len(self.drawn)
        if self._few(contrast):
            return np.full(terms, np.nan), np.full(terms, np.nan)
        rates, tokens = [], []
        for outlets in contrast.sides:
            own = self.outlets.drawn[list(outlets)].astype(float)
            with np.errstate(divide="ignore"):
                each = np.where(own > 0, 1 / own, 0.0) / np.maximum(1, (own > 0).sum(axis=0))
            rate = np.zeros((terms, own.shape[1]))
            for place, outlet in enumerate(outlets):
                rate += self.drawn[:, outlet] * each[place]
            tokens.append(own.sum(axis=0))
            rates.append(rate * tokens[-1])
        replicates = log_ratio(*rates, *tokens)
        replicates[:, (tokens[0] == 0) | (tokens[1] == 0)] = np.nan
        levels = tuple(np.full(terms, level) for level in (0.05 / 2, 1 - 0.05 / 2))
        low, high = replicate_quantiles(replicates, levels)
        return low, high

    def test(self, contrast: Contrast) -> np.ndarray:
        """Permute the articles, where there are few enough of them."""
        none = np.full(len(self.drawn), np.nan)
        sides = [self.side(outlets) for outlets in contrast.sides]
        k1, k2 = (side["n_articles"] for side in sides)
        if (
            k1 + k2 > MOST_PERMUTED
            or not smallest_p(k1, k2, self.statistics.permutations) <= self.statistics.alpha
        ):
            return none
        rates = []
        for outlets, side in zip(contrast.sides, sides, strict=True):
            own, size = side["inside"], side["n_articles"]
            rows = np.cumsum(np.isin(self.outlets.owner, outlets)) - 1
            values = self.postings.counts[own] / self.postings.sizes[own]
            place = (values, (rows[self.postings.articles[own]], self.postings.terms[own]))
            rates.append(sparse.csr_matrix(place, shape=(size, len(self.drawn))))
        return permutation_p(
            *rates, permutations=self.statistics.permutations, random_state=self.statistics.random_state
        )

    def drivers(self, contrast: Contrast, whole: np.ndarray) -> np.ndarray:
        """Find the article without which the sign turns or the size halves; see `driving_articles`."""
        sides = [self.side(outlets) for outlets in contrast.sides]
        counts, tokens = [side["count"] for side in sides], [float(side["tokens"]) for side in sides]
        driven, worst = np.full(len(whole), -1, dtype=np.int64), np.full(len(whole), np.inf)
        divisor = np.where(whole == 0, np.nan, whole)
        for number, side in enumerate(sides):
            suspects = self._suspects(contrast, number, whole)
            where = take_ranges(self.postings.offsets, suspects)
            where = where[side["inside"][where]]
            if not len(where):
                continue
            term = self.postings.terms[where]
            left, sizes = [counts[0][term], counts[1][term]], [*tokens]
            left[number] = left[number] - self.postings.counts[where]
            sizes[number] = tokens[number] - self.postings.sizes[where]
            with np.errstate(invalid="ignore"):
                kept = log_ratio(*left, *sizes) / divisor[term]
            if side["n_articles"] == 1:
                kept = np.full(len(where), -np.inf)
            kept = np.where(np.isnan(kept), np.inf, kept)
            begin = np.flatnonzero(np.diff(term, prepend=-1))
            least = np.minimum.reduceat(kept, begin)
            ends = np.append(begin[1:], len(kept))
            first = np.flatnonzero(kept == np.repeat(least, ends - begin))
            first = first[np.flatnonzero(np.diff(term[first], prepend=-1))]
            own = term[begin]
            hit = (least < 0.5) & (least < worst[own])
            worst[own[hit]] = least[hit]
            driven[own[hit]] = self.postings.articles[where[first[hit]]]
        return driven

    def _suspects(self, contrast: Contrast, number: int, whole: np.ndarray) -> np.ndarray:
        """List the terms that an article of one side may drive: leaving out as much as any has halves them."""
        sides = [self.side(outlets) for outlets in contrast.sides]
        own = list(contrast.sides[number])
        largest, longest = self.sums[2][:, own].max(axis=1), self.outlets.longest[own].max()
        if sides[number]["n_articles"] == 1:
            return np.flatnonzero(largest > 0)
        bounds = []
        for less, shorter in ((largest, 0.0), (np.zeros(len(largest)), longest)):
            left, sizes = [side["count"] for side in sides], [float(side["tokens"]) for side in sides]
            left[number], sizes[number] = left[number] - less, max(0.0, sizes[number] - shorter)
            bounds.append(log_ratio(*left, *sizes))
        with np.errstate(invalid="ignore", divide="ignore"):
            kept = np.minimum(bounds[0] / whole, bounds[1] / whole)
        return np.flatnonzero((kept < 0.5 + 1e-9) & (largest > 0))
