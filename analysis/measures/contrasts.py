"""Term contrasts: which terms set an outlet or bloc apart, with the article as the unit of evidence."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts, eligible_terms
from analysis.errors import ParameterError
from analysis.intervals import METHOD
from analysis.measures.contrast_trust import driving_articles, log_ratio_intervals
from analysis.measures.dispersion import deviation_of_proportions
from analysis.measures.keyness import contrast_statistics
from analysis.resampling import (
    articles_needed,
    attainable_p,
    descriptive_flag,
    false_discovery_q,
    permutation_p,
    smallest_p,
)
from analysis.results import Evidence, Result
from analysis.schema.results import as_declared

REST = "rest"


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
            "interval": METHOD,
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
    floor = smallest_p(k1, k2, statistics.permutations)
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
            "driven_by": driving_articles(counts, rows1, rows2, found["log_ratio"].to_numpy()),
        }
    )
    low, high = log_ratio_intervals(counts, rows1, rows2, statistics)
    table["log_ratio_low"], table["log_ratio_high"] = low, high
    flags = []
    if floor <= statistics.alpha:
        if min(k1, k2) < statistics.min_articles_interval:
            flags.append(f"no interval: {k1} and {k2} articles")
        table["p"] = permutation_p(
            *(_rates(part, sizes[rows]) for part, rows in ((part1, rows1), (part2, rows2))),
            permutations=statistics.permutations,
            random_state=statistics.random_state,
        )
        table["q"] = false_discovery_q(table["p"].to_numpy())
    else:
        table["p"] = table["q"] = np.nan
        if attainable_p(k1, k2) > statistics.alpha:
            flags.append(descriptive_flag(k1, k2))
        flags.append(_why_withheld(k1, k2, statistics))
    table["flag"] = "; ".join(flags)
    return table


def _rates(part, sizes: np.ndarray):
    """Divide each article's counts by its tokens; sparse stays sparse."""
    rates = part.astype(float)
    rates.data /= np.repeat(np.maximum(1, sizes), np.diff(rates.indptr))
    return rates


def _why_withheld(k1: int, k2: int, statistics: StatisticsParameters) -> str:
    """Say what keeps p from reaching alpha: too few articles, or too few permutations."""
    floor = smallest_p(k1, k2, statistics.permutations)
    if attainable_p(k1, k2) <= statistics.alpha:
        needed = f"more than {statistics.permutations} permutations are needed"
    else:
        needed = f"{articles_needed(statistics.alpha)} articles a group are needed"
    return f"p withheld: {floor:.2g} is the smallest attainable; {needed}"
