"""Term contrasts: which terms set an outlet or bloc apart, with the article as the unit of evidence."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts, eligible_terms
from analysis.errors import ParameterError
from analysis.measures.dispersion import deviation_of_proportions
from analysis.resampling import (
    articles_needed,
    attainable_p,
    bootstrap_weights,
    descriptive_flag,
    false_discovery_q,
    percentile_interval,
    permutation_p,
)
from analysis.results import Evidence, Result
from analysis.schema import as_declared

REST = "rest"
_BLOCK = 2000  # terms whose bootstrap replicates are held at once


def contrast_statistics(a, b, n1, n2, family: int | None = None, prior=None) -> pd.DataFrame:
    """Compute the contrast statistics of terms from counts alone.

    With c = n1 - a, d = n2 - b, N = n1 + n2, E1 = n1 (a + b) / N, E2 = n2 (a + b) / N:

    - ``g2``: 2 sum O ln(O / E) over a, b, c, d, signed (Dunning 1993);
    - ``g2_two_term``: 2 (a ln(a / E1) + b ln(b / E2)), signed (Rayson & Garside 2000);
    - ``bic``: |g2| - ln N (Wilson 2013);
    - ``log_ratio``: log2 ((a + .5) / (n1 + .5)) - log2 ((b + .5) / (n2 + .5)) (Walter 1975; Hardie 2014);
    - ``lrc``: conservative log ratio, the Clopper-Pearson bound nearer 0 at .05 / family (Evert 2022);
    - ``simple_maths``: (1e6 a / n1 + 100) / (1e6 b / n2 + 100) (Kilgarriff 2009);
    - ``log_odds``, ``z``, ``z_four_term``: log-odds with Dirichlet prior, in standard errors with the two-
      and the four-term variance (Monroe, Colaresi & Quinn 2008).

    They treat tokens as independent draws: use them to describe and rank, not to test; `measure_contrasts`
    tests over articles.

    Parameters
    ----------
    a, b : array_like
        Of shape (terms,): occurrences in target and reference.
    n1, n2 : float or array_like
        Tokens of target and reference.
    family : int, optional
        Terms tested together, for ``lrc``; by default the number given.
    prior : float or array_like, optional
        w, the prior count of each term, with w0 their sum. By default informative: the terms' share of
        both sides together, times 500.

    Returns
    -------
    pandas.DataFrame
        One row per term; NaN where a side has no tokens, or the term does not occur at all. Log-odds and
        their z are NaN, too, where a side (with its prior) holds nothing but the term.

    Raises
    ------
    ParameterError
        A count is negative, or larger than its side.

    Examples
    --------
    >>> contrast_statistics([10], [5], 100, 200)[["g2", "g2_two_term"]].round(6).values.tolist()
    [[7.329812, 6.931472]]
    """
    a, b, n1, n2 = np.broadcast_arrays(
        np.atleast_1d(np.asarray(a, float)), np.atleast_1d(np.asarray(b, float)), *map(_as_float, (n1, n2))
    )
    # counts below 0 and NaN both fail these comparisons
    if not ((a >= 0) & (b >= 0) & (n1 >= a) & (n2 >= b)).all():
        raise ParameterError(
            "counts must be 0 or more, and at most the tokens of their side: 0 <= a <= n1, 0 <= b <= n2"
        )
    if prior is None:
        with np.errstate(invalid="ignore", divide="ignore"):
            w = 500.0 * (a + b) / (n1 + n2)
        w0 = 500.0
    else:
        w = np.broadcast_to(np.asarray(prior, float), a.shape)
        w0 = float(w.sum())
    if not (w[(a + b) > 0] > 0).all():
        raise ParameterError("the prior count of every term must be above 0")
    with np.errstate(invalid="ignore", divide="ignore"):
        over = a * n2 >= b * n1
        sign = np.where(over, 1.0, -1.0)
        expected1, expected2 = n1 * (a + b) / (n1 + n2), n2 * (a + b) / (n1 + n2)
        two_term = 2 * (_o_log(a, expected1) + _o_log(b, expected2))
        four_term = two_term + 2 * (_o_log(n1 - a, n1 - expected1) + _o_log(n2 - b, n2 - expected2))
        four_term = np.maximum(four_term, 0.0)
        log_odds = np.log((a + w) / (n1 + w0 - a - w)) - np.log((b + w) / (n2 + w0 - b - w))
        variance = 1 / (a + w) + 1 / (b + w)
        wide = variance + 1 / (n1 + w0 - a - w) + 1 / (n2 + w0 - b - w)
        table = pd.DataFrame(
            {
                "g2": sign * four_term,
                "g2_two_term": sign * np.maximum(two_term, 0.0),
                "bic": four_term - np.log(n1 + n2),
                "log_ratio": log_ratio(a, b, n1, n2),
                "lrc": _conservative_log_ratio(a, b, n1, n2, 0.05 / max(1, family or len(a))),
                "simple_maths": (1e6 * a / n1 + 100) / (1e6 * b / n2 + 100),
                "log_odds": log_odds,
                "z": log_odds / np.sqrt(variance),
                "z_four_term": log_odds / np.sqrt(wide),
            }
        )
    table.loc[(n1 == 0) | (n2 == 0) | (a + b == 0)] = np.nan
    # the odds of a term that is all there is on a side are not defined
    return table.where(np.isfinite(table), np.nan)


def log_ratio(a, b, n1, n2) -> np.ndarray:
    """Compute the log ratio with 0.5 added to every count (Walter 1975).

    Parameters
    ----------
    a, b, n1, n2 : numpy.ndarray
        Occurrences and tokens of target and reference.

    Returns
    -------
    numpy.ndarray
        In binary logarithms: 1 is twice as frequent.
    """
    return np.log2((a + 0.5) / (n1 + 0.5)) - np.log2((b + 0.5) / (n2 + 0.5))


def list_contrasts(grouping: Grouping) -> list[tuple[str, str]]:
    """List the contrasts of a grouping: each group against the rest, then every pair.

    Parameters
    ----------
    grouping : Grouping
        The groups.

    Returns
    -------
    list of (str, str)
        Target and reference; `REST` stands for all other groups pooled.

    Raises
    ------
    ParameterError
        A group is called as the rest is.
    """
    labels = grouping.labels
    if REST in labels:
        raise ParameterError(f"an {grouping.level} is named {REST!r}, which stands for all others; rename it")
    if len(labels) < 2:
        return []
    return [(label, REST) for label in labels] + list(combinations(labels, 2))


def measure_contrasts(
    counts: TermCounts,
    groupings: list[Grouping],
    *,
    terms: TermParameters,
    contrasts: ContrastParameters,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Measure every contrast of every grouping.

    Effects describe; p comes from permuting articles and is withheld where the number of articles cannot
    reach alpha; intervals come from resampling articles within groups.

    Parameters
    ----------
    counts : TermCounts
        Of all terms.
    groupings : list of Grouping
        Outlets and blocs.
    terms, contrasts, statistics : parameter dataclasses
        See `analysis.config`.
    evidence : Evidence, optional
        Finds the places of a term.

    Returns
    -------
    Result
        The table ``contrasts``: sorted by level, contrast, then |log_ratio| descending, then term.

    References
    ----------
    METHODS.md names each formula's variant.
    """
    family = eligible_terms(counts, terms)
    chosen = counts.only(family)
    # the corpus's own frequencies, scaled to w0 tokens
    prior = contrasts.prior_tokens * counts.totals / max(1, counts.sizes.sum())
    rank = np.argsort(np.argsort(np.array(counts.article_ids)))
    tables = []
    for grouping in groupings:
        everyone = np.concatenate(list(grouping.members.values()))
        for target, reference in list_contrasts(grouping):
            rest = np.setdiff1d(everyone, grouping.members[target])
            sides = grouping.members[target], rest if reference == REST else grouping.members[reference]
            # by name, so that nothing depends on the order of the rows
            sides = tuple(rows[np.argsort(rank[rows])] for rows in sides)
            sums = [np.asarray(counts.matrix[rows].sum(axis=0)).ravel() for rows in sides]
            tokens = [counts.sizes[rows].sum() for rows in sides]
            found = contrast_statistics(*sums, *tokens, family=max(1, len(family)), prior=prior).iloc[family]
            table = _contrast_table(chosen, sides, found.reset_index(drop=True), statistics)
            table.insert(0, "level", grouping.level)
            table.insert(1, "target", target)
            table.insert(2, "reference", reference)
            order = table["log_ratio"].abs().round(9)
            table = table.assign(_size=order).sort_values(
                ["_size", "term"], ascending=[False, True], ignore_index=True
            )
            tables.append(table.drop(columns="_size"))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    rare = len(counts.terms) - len(family)
    why = (
        f"stop words, figures, or terms below {terms.min_count} occurrences or {terms.min_articles} articles; "
        "they stay in the denominators"
    )
    return Result(
        "contrasts",
        as_declared(table, "contrasts"),
        params={
            "min_count": terms.min_count,
            "min_articles": terms.min_articles,
            "stop_words": terms.stop_words,
            "prior_tokens": contrasts.prior_tokens,
            "bootstrap": statistics.bootstrap,
            "alpha": statistics.alpha,
            "random_state": statistics.random_state,
        },
        provenance={
            "g2": "four-term, signed",
            "log_ratio": "0.5 added",
            "z": "log-odds, informative Dirichlet prior, two-term variance",
            "interval": "percentile bootstrap over articles within groups",
            "p": "permutation of article labels on mean relative frequency",
            "q": "Benjamini-Hochberg over the family",
        },
        excluded=pd.DataFrame([{"what": "terms", "n": rare, "why": why}]),
        evidence=evidence,
    )


def _contrast_table(
    counts: TermCounts,
    sides: tuple[np.ndarray, np.ndarray],
    found: pd.DataFrame,
    statistics: StatisticsParameters,
) -> pd.DataFrame:
    """Add dispersion, intervals and tests over articles to the statistics of one contrast."""
    (rows1, rows2), matrix, sizes = sides, counts.matrix, counts.sizes
    part1, part2 = matrix[rows1], matrix[rows2]
    a, b = (np.asarray(part.sum(axis=0)).ravel() for part in (part1, part2))
    n1, n2 = sizes[rows1].sum(), sizes[rows2].sum()
    k1, k2 = len(rows1), len(rows2)
    floor = attainable_p(k1, k2)
    table = pd.DataFrame(
        {
            "term": counts.terms,
            "count_target": a,
            "count_reference": b,
            "articles_target": np.bincount(part1.indices, minlength=len(a)),
            "articles_reference": np.bincount(part2.indices, minlength=len(a)),
            "n_articles_target": k1,
            "n_articles_reference": k2,
            "per_10000_target": 1e4 * a / max(1, n1),
            "per_10000_reference": 1e4 * b / max(1, n2),
            **{name: found[name] for name in ("g2", "log_ratio", "log_odds", "z")},
            "dp_target": deviation_of_proportions(part1, sizes[rows1]),
            "dp_reference": deviation_of_proportions(part2, sizes[rows2]),
            "family": len(a),
            "attainable_p": floor,
            "driven_by": _driven_by(counts, rows1, rows2, found["log_ratio"].to_numpy()),
        }
    )
    low, high = _intervals(counts, rows1, rows2, statistics)
    table["log_ratio_low"], table["log_ratio_high"] = low, high
    flags = []
    if floor <= statistics.alpha:
        if min(k1, k2) < statistics.min_articles_interval:
            flags.append(f"no interval: {k1} and {k2} articles")
        rates = [
            part.toarray() / np.maximum(1, sizes[rows])[:, None]
            for part, rows in ((part1, rows1), (part2, rows2))
        ]
        table["p"] = permutation_p(
            *rates, permutations=statistics.permutations, random_state=statistics.random_state
        )
        table["q"] = false_discovery_q(table["p"].to_numpy())
    else:
        table["p"] = table["q"] = np.nan
        flags.append(descriptive_flag(k1, k2))
        flags.append(
            f"p withheld: {floor:.2g} is the smallest attainable; {articles_needed(statistics.alpha)} articles "
            "a group are needed"
        )
    table["flag"] = "; ".join(flags)
    return table


def _intervals(
    counts: TermCounts, rows1: np.ndarray, rows2: np.ndarray, statistics: StatisticsParameters
) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap the log ratio over articles within the two groups."""
    terms = len(counts.terms)
    low, high = np.full(terms, np.nan), np.full(terms, np.nan)
    if min(len(rows1), len(rows2)) < statistics.min_articles_interval:
        return low, high
    weights = [
        bootstrap_weights(
            [counts.article_ids[row] for row in rows], statistics.bootstrap, statistics.random_state
        )
        for rows in (rows1, rows2)
    ]
    weights = [weight.astype(np.float64) for weight in weights]
    n1, n2 = (weight @ counts.sizes[rows] for weight, rows in zip(weights, (rows1, rows2), strict=True))
    empty = (n1 == 0) | (n2 == 0)
    for start in range(0, terms, _BLOCK):
        block = slice(start, start + _BLOCK)
        a, b = (
            (counts.matrix[rows][:, block].T @ weight.T).T
            for weight, rows in zip(weights, (rows1, rows2), strict=True)
        )
        replicates = log_ratio(a, b, n1[:, None], n2[:, None])
        replicates[empty] = np.nan
        low[block], high[block] = percentile_interval(replicates)
    return low, high


def _driven_by(counts: TermCounts, rows1: np.ndarray, rows2: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Name, for each term, the article without which the sign turns or the size halves.

    Only articles that contain the term are left out. The only article of a side always drives.
    """
    names = np.array(counts.article_ids, dtype=object)
    driven = np.full(len(counts.terms), "", dtype=object)
    sums = [np.asarray(counts.matrix[rows].sum(axis=0)).ravel().astype(float) for rows in (rows1, rows2)]
    tokens = [float(counts.sizes[rows].sum()) for rows in (rows1, rows2)]
    worst = np.full(len(counts.terms), np.inf)
    for side, rows in enumerate((rows1, rows2)):
        for row in rows:
            start, end = counts.matrix.indptr[row], counts.matrix.indptr[row + 1]
            columns, values = counts.matrix.indices[start:end], counts.matrix.data[start:end]
            if len(rows) == 1:
                kept = np.full(len(columns), -np.inf)
            else:
                left = [sums[0][columns], sums[1][columns]]
                left[side] = left[side] - values
                sizes = list(tokens)
                sizes[side] -= counts.sizes[row]
                kept = log_ratio(*left, *sizes) / np.where(whole[columns] == 0, np.nan, whole[columns])
            # the share of the effect that is left; NaN compares as False
            hit = (kept < 0.5) & (kept < worst[columns])
            worst[columns[hit]] = kept[hit]
            driven[columns[hit]] = names[row]
    return driven


def _as_float(value) -> np.ndarray:
    return np.asarray(value, dtype=float)


def _o_log(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Compute O ln(O / E), with 0 ln 0 = 0."""
    positive = observed > 0
    return np.where(positive, observed * np.log(np.where(positive, observed, 1.0) / expected), 0.0)


def _conservative_log_ratio(a, b, n1, n2, alpha: float) -> np.ndarray:
    """Compute LRC: the bound of the exact interval that is nearer to 0, or 0 where it crosses."""
    from scipy.stats import beta

    low = np.where(a > 0, beta.ppf(alpha / 2, np.maximum(a, 1e-300), b + 1), 0.0)
    high = np.where(b > 0, beta.isf(alpha / 2, a + 1, np.maximum(b, 1e-300)), 1.0)
    scale = np.log2(n2 / n1)
    over = np.maximum(0.0, scale + np.log2(low / (1 - low)))
    under = np.minimum(0.0, scale + np.log2(high / (1 - high)))
    return np.where(a * n2 >= b * n1, over, under)
