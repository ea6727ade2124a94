"""Calibration: how often intervals cover and tests err on planted corpora, whose true values are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.config import StatisticsParameters
from analysis.counts import TermCounts
from analysis.intervals import METHOD, Group, article_interval, article_replicates, ratio
from analysis.measures.contrast_sides import count_side, mean_intervals, mean_log_ratio, outlet_weights
from analysis.measures.contrast_trust import log_ratio_intervals
from analysis.measures.keyness import contrast_statistics, log_ratio
from analysis.measures.planting import (
    PLANTED,
    QUANTITIES,
    TESTED,
    PlantedMean,
    PlantedRatio,
    PlantedTerm,
    plant_outlets,
    plant_terms,
)
from analysis.resampling import bootstrap_weights, percentile_interval, permutation_p, smallest_p
from analysis.results import Result
from analysis.schema.results import as_declared
from analysis.shares import share_interval

SIZES = (3, 5, 7, 10, 15, 20, 40)
"""Articles a group."""

CORPORA = 10
"""Planted corpora for each quantity and size."""

PERMUTATIONS = 999
"""At most so many permutations in a planted test: the level of a sampled test is right for any number."""

MIN_COUNT = 3
"""A planted term enters where it occurs so often on both sides together, as in a study."""

COVERAGE = "coverage"
ARTICLE_INTERVAL, PERCENTILE = "article interval", "plain percentile"
PERMUTATION, TOKEN_INTERVAL, TOKEN_TEST = "article permutation", "token interval", "token G2"


def measure_calibration(
    statistics: StatisticsParameters,
    *,
    corpora: int = CORPORA,
    progress: Callable[[Iterable], Iterable] = iter,
) -> Result:
    """Measure the study's intervals and tests on planted corpora.

    Each planted corpus has two groups of n articles and `QUANTITIES` independent quantities of one kind. Coverage
    is the share of intervals that hold the true value; false positives and power are the shares of p at most
    alpha where the true ratio is 1, and where it is not. The functions are those of the study. Beside them stand
    the plain percentile interval, the interval of independent tokens (log ratio +- 1.96 sqrt(1 / (a + .5) +
    1 / (b + .5)) / ln 2) and the chi-squared p of token-level G2.

    Parameters
    ----------
    statistics : StatisticsParameters
        Of the study; intervals are computed below its ``min_articles_interval``, too.
    corpora : int
        Planted corpora for each quantity and size.
    progress : callable
        Wraps the list of simulations, as ``tqdm`` does.

    Returns
    -------
    Result
        The table ``calibration``; with the simulation's own error, a 95 % Wilson interval.
    """
    rows = _simulate(statistics, corpora) if progress is iter else _run(statistics, corpora, progress)
    return Result(
        "calibration",
        as_declared(pd.DataFrame(list(rows)), "calibration"),
        params={
            "corpora": corpora,
            "quantities": QUANTITIES,
            "bootstrap": statistics.bootstrap,
            "permutations": min(statistics.permutations, PERMUTATIONS),
            "alpha": statistics.alpha,
            "random_state": statistics.random_state,
        },
        provenance={"interval": METHOD, "articles": "planted; none of the study's"},
    )


@lru_cache(maxsize=4)
def _simulate(statistics: StatisticsParameters, corpora: int) -> tuple[dict, ...]:
    """Simulate once for each setting in a process."""
    return _run(statistics, corpora, iter)


def _run(statistics: StatisticsParameters, corpora: int, progress) -> tuple[dict, ...]:
    cells = [(COVERAGE, name, size) for name in PLANTED for size in SIZES]
    cells += [("tests", name, size) for name in TESTED for size in SIZES]
    rows: list[dict] = []
    for question, name, size in progress(cells):
        if question == COVERAGE:
            rows += _cover(name, size, statistics, corpora)
        else:
            rows += _test(name, size, statistics, corpora)
    return tuple(rows)


def _cover(name: str, size: int, statistics: StatisticsParameters, corpora: int) -> list[dict]:
    """Count the intervals that hold the true value."""
    planted = PLANTED[name]
    bounds: dict[str, list[np.ndarray]] = {}
    for corpus in range(corpora):
        generator = _generator(statistics, COVERAGE, name, size, corpus)
        cover = _BOUNDS[type(planted)]
        # its own article_ids, so that each corpus has its own weights
        prefix = f"planted {corpus}"
        for method, found in cover(planted, size, generator, prefix, statistics).items():
            bounds.setdefault(method, []).append(np.stack(found))
    rows = []
    for method, parts in bounds.items():
        low, high = np.concatenate(parts, axis=1)
        given = ~np.isnan(low)
        hits = int(((low <= planted.truth) & (planted.truth <= high))[given].sum())
        width = float(np.median((high - low)[given])) if given.any() else np.nan
        row = {"question": COVERAGE, "quantity": name, "method": method, "n_articles": size}
        rows.append(row | {"truth": planted.truth, "width": width} | _share(hits, int(given.sum())))
    return rows


def _term_bounds(planted: PlantedTerm, size, generator, prefix, statistics) -> dict[str, tuple]:
    """Bound the log ratio of planted terms by each method."""
    counts, lengths = plant_terms(planted, size, generator)
    names = [f"{prefix} {row}" for row in range(2 * size)]
    table = TermCounts(
        tuple(names), tuple(f"t{k:02d}" for k in range(counts.shape[1])), sparse.csr_matrix(counts), lengths
    )
    first, second = np.arange(size), np.arange(size, 2 * size)
    found = {
        ARTICLE_INTERVAL: log_ratio_intervals(
            table, first, second, replace(statistics, min_articles_interval=2)
        )
    }
    groups = [
        Group(names[:size], (counts[:size].astype(float), lengths[:size, None])),
        Group(names[size:], (counts[size:].astype(float), lengths[size:, None])),
    ]
    found[PERCENTILE] = percentile_interval(
        article_replicates(
            _log_ratio, groups, replicates=statistics.bootstrap, random_state=statistics.random_state
        )
    )
    a, b = counts[:size].sum(axis=0), counts[size:].sum(axis=0)
    whole = log_ratio(a, b, lengths[:size].sum(), lengths[size:].sum())
    reach = 1.959964 * np.sqrt(1 / (a + 0.5) + 1 / (b + 0.5)) / np.log(2)
    found[TOKEN_INTERVAL] = (whole - reach, whole + reach)
    enough = a + b >= MIN_COUNT
    return {
        method: tuple(np.where(enough, bound, np.nan) for bound in bounds) for method, bounds in found.items()
    }


def _mean_bounds(planted: PlantedMean, size, generator, prefix, statistics) -> dict[str, tuple]:
    """Bound the log ratio of means over outlets by each method."""
    counts, lengths = plant_terms(planted, size, generator)
    names = [f"{prefix} {row}" for row in range(2 * size)]
    table = TermCounts(
        tuple(names), tuple(f"t{k:02d}" for k in range(counts.shape[1])), sparse.csr_matrix(counts), lengths
    )
    outlets = plant_outlets(2 * size)
    halves = (np.arange(size), np.arange(size, 2 * size))
    sides = tuple(count_side(table, "", rows, outlets) for rows in halves)
    replicates = []
    for rows in halves:
        drawn = bootstrap_weights([names[row] for row in rows], statistics.bootstrap, statistics.random_state)
        weights = outlet_weights(drawn.astype(float), lengths[rows], outlets[rows])
        replicates += [weights @ counts[rows], (drawn @ lengths[rows])[:, None]]
    with np.errstate(invalid="ignore"):
        drawn = mean_log_ratio(replicates[0], replicates[2], replicates[1], replicates[3])
    found = {
        ARTICLE_INTERVAL: mean_intervals(table, sides, outlets, replace(statistics, min_articles_interval=2)),
        PERCENTILE: percentile_interval(drawn),
    }
    enough = counts.sum(axis=0) >= MIN_COUNT
    return {
        method: tuple(np.where(enough, bound, np.nan) for bound in bounds) for method, bounds in found.items()
    }


def _ratio_bounds(planted: PlantedRatio, size, generator, prefix, statistics) -> dict[str, tuple]:
    """Bound planted ratios by each method."""
    numerator, denominator = planted.plant(generator, (size, QUANTITIES))
    groups = [Group([f"{prefix} {row}" for row in range(size)], (numerator, denominator))]
    settings = {"replicates": statistics.bootstrap, "random_state": statistics.random_state}
    found = (
        share_interval(groups[0].names, *groups[0].parts, **settings)
        if planted.share
        else article_interval(ratio, groups, **settings)
    )
    return {
        ARTICLE_INTERVAL: found,
        PERCENTILE: percentile_interval(article_replicates(ratio, groups, **settings)),
    }


_BOUNDS = {PlantedTerm: _term_bounds, PlantedMean: _mean_bounds, PlantedRatio: _ratio_bounds}


def _test(name: str, size: int, statistics: StatisticsParameters, corpora: int) -> list[dict]:
    """Count the tests that reject equal rates."""
    question, planted = TESTED[name]
    rates, token_p = [], []
    for corpus in range(corpora):
        counts, lengths = plant_terms(planted, size, _generator(statistics, question, name, size, corpus))
        a, b = counts[:size].sum(axis=0), counts[size:].sum(axis=0)
        enough = a + b >= MIN_COUNT
        g2 = contrast_statistics(a[enough], b[enough], lengths[:size].sum(), lengths[size:].sum())["g2"]
        token_p.append(_chi_squared_p(g2.to_numpy()))
        rates.append((counts / lengths[:, None])[:, enough])
    rates, token_p = np.concatenate(rates, axis=1), np.concatenate(token_p)
    permutations = min(statistics.permutations, PERMUTATIONS)
    withheld = smallest_p(size, size, permutations) > statistics.alpha
    row = {
        "question": question,
        "quantity": name,
        "n_articles": size,
        "truth": planted.truth,
        "width": np.nan,
    }
    if withheld:
        ours = _share(0, 0)
    else:
        p = permutation_p(
            rates[:size], rates[size:], permutations=permutations, random_state=statistics.random_state
        )
        ours = _share(int((p <= statistics.alpha).sum()), len(p))
    tokens = _share(int((token_p <= statistics.alpha).sum()), len(token_p))
    return [row | {"method": PERMUTATION} | ours, row | {"method": TOKEN_TEST} | tokens]


def _log_ratio(a, n1, b, n2) -> np.ndarray:
    """Log ratio of sums; NaN where a side has no tokens."""
    return np.where((n1 > 0) & (n2 > 0), log_ratio(a, b, n1, n2), np.nan)


def _chi_squared_p(g2: np.ndarray) -> np.ndarray:
    from scipy.special import chdtrc

    return chdtrc(1.0, np.abs(g2))


def _generator(statistics: StatisticsParameters, *key: object) -> np.random.Generator:
    """Make the source of chance of one planted corpus, from its name."""
    import hashlib

    digest = hashlib.sha256(f"{statistics.random_state}:{key}".encode()).digest()
    return np.random.Generator(np.random.Philox(int.from_bytes(digest[:8], "big")))


def _share(hits: int, n: int) -> dict[str, float]:
    """Give a share of n with its Wilson interval; undefined without any."""
    if n == 0:
        return {"n": 0, "rate": np.nan, "rate_low": np.nan, "rate_high": np.nan}
    z2 = 1.959964**2
    middle, reach = (hits + z2 / 2) / (n + z2), np.sqrt(z2 * (hits * (n - hits) / n + z2 / 4)) / (n + z2)
    # for 0 and n hits an end is exactly 0 and 1, of which rounding would leave it short or beyond
    bounds = {
        "rate_low": 0.0 if hits == 0 else middle - reach,
        "rate_high": 1.0 if hits == n else middle + reach,
    }
    return {"n": n, "rate": hits / n} | bounds
