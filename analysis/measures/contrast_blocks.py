"""What is measured of a block's terms in any contrast, from their postings and their sums in every replicate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.config import StatisticsParameters
from analysis.intervals import interval_levels
from analysis.measures.contrast_sides import mean_log_ratio
from analysis.measures.contrast_trust import (
    CountSums,
    bound_log_ratios,
    count_moments,
    drawn_sizes,
    mean_moments,
    silent_counts,
)
from analysis.measures.dispersion import MEASURES
from analysis.measures.keyness import compute_statistics, log_ratio
from analysis.resampling import permutation_p, smallest_p

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
class Postings:
    """The postings of a block's terms: sorted by term, then article.

    Parameters
    ----------
    offsets : numpy.ndarray
        Of shape (terms + 1,): where each term's postings begin.
    terms, articles, counts : numpy.ndarray
        Of shape (postings,): the term, the article's position in the corpus, and how often it has the term.
    outlets, sizes : numpy.ndarray
        Of shape (postings,): the article's outlet and tokens.
    """

    offsets: np.ndarray
    terms: np.ndarray
    articles: np.ndarray
    counts: np.ndarray
    outlets: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True)
class OutletSums:
    """Whose each article is, and sums over the articles of each outlet.

    Parameters
    ----------
    owner : numpy.ndarray
        Of shape (articles,): the outlet.
    articles, tokens, shortest, longest : numpy.ndarray
        Of shape (outlets,): articles, their tokens, and those of the shortest and the longest.
    powers : numpy.ndarray
        Of shape (outlets, 3): sums of the articles' tokens, their squares and cubes.
    drawn : numpy.ndarray
        Of shape (outlets, B): tokens in every replicate.
    """

    owner: np.ndarray
    articles: np.ndarray
    tokens: np.ndarray
    shortest: np.ndarray
    longest: np.ndarray
    powers: np.ndarray
    drawn: np.ndarray

    @classmethod
    def of(cls, owner: np.ndarray, sizes: np.ndarray, drawn: np.ndarray) -> OutletSums:
        """Add up the articles of each outlet.

        Parameters
        ----------
        owner, drawn : numpy.ndarray
            As above.
        sizes : numpy.ndarray
            Of shape (articles,): tokens.

        Returns
        -------
        OutletSums
            The sums in whole numbers, as float64.
        """
        own = [sizes[owner == number].astype(float) for number in range(len(drawn))]
        return cls(
            owner=owner,
            articles=np.array([len(one) for one in own]),
            tokens=np.array([one.sum() for one in own]),
            shortest=np.array([one.min() for one in own]),
            longest=np.array([one.max() for one in own]),
            powers=np.array([[(one**power).sum() for power in (1, 2, 3)] for one in own]),
            drawn=drawn,
        )


def take_ranges(offsets: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """List the places of some ranges one after the other.

    Parameters
    ----------
    offsets : numpy.ndarray
        Where each range begins, and where the last one ends.
    chosen : numpy.ndarray
        Which ranges.

    Returns
    -------
    numpy.ndarray
        Their places.
    """
    starts, lengths = offsets[chosen], offsets[chosen + 1] - offsets[chosen]
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum(), dtype=np.int64)


class BlockMeasures:
    """The numbers of a block's terms, for any contrast.

    Parameters
    ----------
    statistics : StatisticsParameters
        Of intervals and tests.
    found : (Postings, OutletSums)
        The terms and the articles.
    sums : numpy.ndarray
        From `analysis.kernels.postings.sum_postings`.
    drawn : numpy.ndarray
        Of shape (terms, outlets, B): occurrences in every replicate.
    prior : (numpy.ndarray, numpy.ndarray)
        w and w0 of the terms.
    """

    def __init__(self, statistics: StatisticsParameters, found: tuple, sums, drawn, prior: tuple):
        self.statistics = statistics
        self.postings, self.outlets = found
        self.sums = sums
        self.drawn = drawn
        self.prior = prior
        self._silent = silent_counts(statistics)
        self._sides: dict[tuple[int, ...], dict[str, np.ndarray]] = {}

    def _side(self, outlets: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Sum up one side; each is summed up once."""
        if outlets not in self._sides:
            from analysis.kernels.postings import disperse_postings

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
        """Measure one contrast, as `analysis.measures.contrasts` does.

        Parameters
        ----------
        contrast : Contrast
            Which.
        family : int
            Terms that are tested in all blocks.

        Returns
        -------
        dict of str to numpy.ndarray
            `NUMBERS`, each of shape (terms,).
        """
        one, two = (self._side(outlets) for outlets in contrast.sides)
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
        low, high = self._intervals(contrast)
        columns["log_ratio_low"], columns["log_ratio_high"] = low, high
        if max(map(len, contrast.sides)) > 1:
            low, high = self._mean_intervals(contrast)
        columns["log_ratio_mean_low"] = np.where(np.isnan(mean), np.nan, low)
        columns["log_ratio_mean_high"] = np.where(np.isnan(mean), np.nan, high)
        columns["p"] = self._test(contrast)
        return columns

    def _few(self, contrast: Contrast) -> bool:
        fewest = min(self._side(outlets)["n_articles"] for outlets in contrast.sides)
        return fewest < self.statistics.min_articles_interval

    def _intervals(self, contrast: Contrast) -> tuple[np.ndarray, np.ndarray]:
        """Compute the interval of the log ratio."""
        sides = [self._side(outlets) for outlets in contrast.sides]
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
            interval_levels([moments[0], moments[1].turned()], widened=False),
            absent,
            self._silent,
        )
        low[absent[0] & absent[1]] = high[absent[0] & absent[1]] = np.nan
        return low, high

    def _mean_intervals(self, contrast: Contrast) -> tuple[np.ndarray, np.ndarray]:
        """Compute the interval of the log ratio of the means over outlets."""
        terms = len(self.drawn)
        if self._few(contrast):
            return np.full(terms, np.nan), np.full(terms, np.nan)
        drawn, tokens = [], []
        for outlets in contrast.sides:
            own = self.outlets.drawn[list(outlets)].astype(float)
            with np.errstate(divide="ignore"):
                each = np.where(own > 0, 1 / own, 0.0) / np.maximum(1, (own > 0).sum(axis=0))
            rate = np.zeros((terms, own.shape[1]))
            for place, outlet in enumerate(outlets):
                rate += self.drawn[:, outlet] * each[place]
            tokens.append(own.sum(axis=0))
            drawn.append(rate * tokens[-1] + 0.5)
        one, two = (mean_moments([self._sum_outlet(own) for own in outlets]) for outlets in contrast.sides)
        absent = tuple(self._side(outlets)["articles"] == 0 for outlets in contrast.sides)
        levels = interval_levels([one, two.turned()], widened=False)
        low, high = bound_log_ratios(tuple(drawn), drawn_sizes(*tokens), levels, absent, self._silent)
        low[absent[0] & absent[1]] = high[absent[0] & absent[1]] = np.nan
        return low, high

    def _sum_outlet(self, outlet: int) -> CountSums:
        """Take what is summed over one outlet."""
        sums, powers = self.sums[:, :, outlet], self.outlets.powers[outlet]
        articles = int(self.outlets.articles[outlet])
        return CountSums(articles, sums[1], (sums[0], sums[3], sums[4]), tuple(sums[5:8]), tuple(powers))

    def _test(self, contrast: Contrast) -> np.ndarray:
        """Permute the articles, where there are few enough of them."""
        none = np.full(len(self.drawn), np.nan)
        sides = [self._side(outlets) for outlets in contrast.sides]
        k1, k2 = (side["n_articles"] for side in sides)
        if (
            k1 + k2 > self.statistics.permuted_articles
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
        """Find the article without which the sign turns or the size halves; see `driving_articles`.

        Parameters
        ----------
        contrast : Contrast
            Which.
        whole : numpy.ndarray
            Of shape (terms,): the log ratio with all articles.

        Returns
        -------
        numpy.ndarray
            Of shape (terms,): its position in the corpus, or -1.
        """
        sides = [self._side(outlets) for outlets in contrast.sides]
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
        sides = [self._side(outlets) for outlets in contrast.sides]
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
