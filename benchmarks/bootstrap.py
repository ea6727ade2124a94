"""Times the article bootstrap of all terms against a loop of sparse products, with the same weights and bounds.

The corpus is planted: 10,000 articles of 600 tokens, terms drawn by Zipf's law. Both ways use the study's weights
and levels and give the interval of the log ratio of every term between two groups of 5,000 articles. The loop
multiplies the term-article matrix of each group with one replicate's weights after the other. Runs are interleaved;
times are of the processor, so that a second core
wins nothing.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 .venv/bin/python benchmarks/bootstrap.py
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy import sparse

from analysis.config import StatisticsParameters
from analysis.counts import TermCounts
from analysis.intervals import interval_levels
from analysis.measures import contrast_trust
from analysis.measures.keyness import log_ratio
from analysis.resampling import bootstrap_weights

ALLOWED = 1e-5
GOAL = 8.0


def plant_corpus(articles: int, tokens: int, types: int, random_state: int) -> TermCounts:
    """Draw every token by Zipf's law; terms that no article holds are left out."""
    generator = np.random.Generator(np.random.Philox(random_state))
    share = 1 / np.arange(1, types + 1)
    drawn = generator.choice(types, size=articles * tokens, p=share / share.sum())
    rows = np.repeat(np.arange(articles), tokens)
    matrix = sparse.coo_matrix(
        (np.ones(len(drawn), np.int64), (rows, drawn)), shape=(articles, types)
    ).tocsr()
    matrix = matrix[:, np.flatnonzero(matrix.getnnz(axis=0))]
    names = tuple(f"article {row:05d}" for row in range(articles))
    return TermCounts(
        names,
        tuple(f"term {column:05d}" for column in range(matrix.shape[1])),
        matrix,
        np.full(articles, tokens),
    )


def loop_intervals(counts: TermCounts, rows1, rows2, statistics: StatisticsParameters):
    """Compute the same intervals one replicate at a time."""
    sides = []
    for rows in (rows1, rows2):
        weights = bootstrap_weights(
            [counts.article_ids[row] for row in rows], statistics.bootstrap, statistics.random_state
        ).astype(float)
        sides.append((counts.matrix[rows].T.tocsr().astype(float), weights, counts.sizes[rows].astype(float)))
    replicates = np.empty((statistics.bootstrap, len(counts.terms)))
    pseudo = contrast_trust.silent_counts(statistics)
    absent = [np.flatnonzero(np.diff(matrix.indptr) == 0) for matrix, _, _ in sides]
    cautious = [np.empty((statistics.bootstrap, len(terms))) for terms in absent]
    for replicate in range(statistics.bootstrap):
        (a, n1), (b, n2) = (
            (matrix @ weights[replicate], weights[replicate] @ sizes) for matrix, weights, sizes in sides
        )
        replicates[replicate] = log_ratio(a, b, n1, n2)
        # where a term does not occur on a side, a draw takes the place of the 0.5
        draw = pseudo[replicate] - 0.5
        cautious[0][replicate] = log_ratio(draw, b[absent[0]], n1, n2)
        cautious[1][replicate] = log_ratio(a[absent[1]], draw, n1, n2)
    moments = [
        contrast_trust.count_moments(
            contrast_trust.sum_counts(counts.matrix[rows].tocsc(), counts.sizes[rows].astype(float))
        )
        for rows in (rows1, rows2)
    ]
    low_level, high_level = interval_levels([moments[0], moments[1].turned()], widened=False)
    replicates.sort(axis=0)
    low, high = read_quantiles(replicates, low_level), read_quantiles(replicates, high_level)
    for end, terms, part, level, better in (
        (high, absent[0], cautious[0], 0.975, np.maximum),
        (low, absent[1], cautious[1], 0.025, np.minimum),
    ):
        part.sort(axis=0)
        end[terms] = better(end[terms], read_quantiles(part, np.full(len(terms), level)))
    return low, high


def read_quantiles(ordered: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Interpolate between sorted replicates, one level for each column."""
    place = levels * (len(ordered) - 1)
    before = np.floor(place).astype(int)
    columns = np.arange(ordered.shape[1])
    low, high = ordered[before, columns], ordered[np.minimum(before + 1, len(ordered) - 1), columns]
    return low + (place - before) * (high - low)


def main() -> None:
    """Run both ways in turn, compare the bounds and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--tokens", type=int, default=600)
    parser.add_argument("--types", type=int, default=30_000)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    statistics = StatisticsParameters(bootstrap=options.replicates, random_state=1)
    counts = plant_corpus(options.articles, options.tokens, options.types, 1)
    half = options.articles // 2
    rows = np.arange(half), np.arange(half, options.articles)
    print(f"{options.articles:,} articles, {len(counts.terms):,} terms, {counts.matrix.nnz:,} entries, "
          f"B = {options.replicates:,}")  # fmt: skip
    ways = {"loop": loop_intervals, "ours": contrast_trust.log_ratio_intervals}
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    bounds = {}
    for run in range(options.runs):
        for name, way in ways.items():
            start = time.process_time()
            bounds[name] = way(counts, *rows, statistics)
            seconds[name].append(time.process_time() - start)
            print(f"run {run + 1}, {name}: {seconds[name][-1]:.2f} s")
    apart = max(
        float(np.nanmax(np.abs(one - other)))
        for one, other in zip(bounds["loop"], bounds["ours"], strict=True)
    )
    start = time.process_time()
    for part in rows:
        bootstrap_weights([counts.article_ids[row] for row in part], options.replicates, 1)
    drawing = time.process_time() - start
    loop, ours = (np.array(seconds[name]) for name in ways)
    ratio = float(np.median(loop / ours))
    shared = float(np.median((loop - drawing) / (ours - drawing)))
    print(f"largest difference of a bound: {apart:.1e} (allowed: {ALLOWED:.0e})")
    print(
        f"ratio: {ratio:.1f} (goal: {GOAL:.0f}); without drawing the weights, {drawing:.2f} s in both: {shared:.1f}"
    )
    if apart > ALLOWED or ratio < GOAL:
        raise SystemExit("the goal is not met")


if __name__ == "__main__":
    main()
