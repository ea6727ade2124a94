"""Term contrasts: which terms set an outlet or bloc apart, with the article as the unit of evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts, eligible_terms
from analysis.errors import ParameterError
from analysis.intervals import METHOD
from analysis.measures.bounds import not_permuted
from analysis.measures.contrast_engine import contrast_numbers, count_outlets
from analysis.measures.contrast_sides import Side, count_side, mean_intervals, mean_log_ratio
from analysis.measures.contrast_trust import COMPILED_FROM, driving_articles, log_ratio_intervals
from analysis.measures.dispersion import MEASURES
from analysis.measures.keyness import compute_statistics
from analysis.measures.lockwords import are_lock_words
from analysis.measures.reference_contrasts import find_listed, list_drivers, list_intervals
from analysis.reference_list import ReferenceList
from analysis.resampling import (
    attainable_p,
    descriptive_flag,
    false_discovery_q,
    why_withheld,
)
from analysis.results import Result
from analysis.schema.results import as_declared
from analysis.text_tests import TextComparison

REST = "rest"
LIST = "reference list"
_Named = tuple[str, np.ndarray]  # what a side is called, and the positions of its articles
STANDING_FOR = {REST: "all others", LIST: "a list of counts"}
"""What a reference may be called that is no group."""


@dataclass(frozen=True)
class ChosenContrasts(Grouping):
    """A grouping of which some contrasts only are wanted.

    Parameters
    ----------
    level, members
        As of any grouping.
    pairs : tuple of (str, str)
        Target and reference; none where the grouping only tells which outlet an article is from.
    listed : tuple of str
        The groups that are set against a reference list, if there is one.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    listed: tuple[str, ...] = ()


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
    article = "an" if grouping.level[:1] in "aeiou" else "a"
    for name, meaning in STANDING_FOR.items():
        if name in labels:
            raise ParameterError(
                f"{article} {grouping.level} is named {name!r}, which stands for {meaning}; rename it"
            )
    if isinstance(grouping, ChosenContrasts):
        return list(grouping.pairs)
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
    reference: ReferenceList | None = None,
) -> Result:
    """Measure every contrast of every grouping.

    Effects describe; p comes from permuting articles and is withheld where the number of articles cannot
    reach alpha; intervals come from resampling articles within groups.

    Parameters
    ----------
    counts : TermCounts
        Of all terms.
    groupings : list of Grouping
        Outlets and blocs. Means over outlets take the level ``outlet``; without it, the first grouping.
    terms, contrasts, statistics : parameter dataclasses
        See `analysis.config`.
    reference : ReferenceList, optional
        A list that every group is set against as well.

    Returns
    -------
    Result
        The table ``contrasts``: sorted by level, contrast, then |log_ratio| descending, then term.

    Raises
    ------
    ParameterError
        No term of the corpus is in the reference list, or a group is called as what stands for several.
    """
    family = eligible_terms(counts, terms)
    chosen = counts.only(family)
    prior = _informative_prior(counts, contrasts.prior_tokens)
    prior = prior[0][family], prior[1][family]
    outlets = _number_outlets(counts, groupings)
    tables = []
    for grouping, measured in zip(
        groupings, _measure_groupings(chosen, groupings, outlets, prior, statistics), strict=True
    ):
        tables += [{"level": grouping.level, **columns} for columns in measured]
        if reference is not None:
            # a list without phrases says nothing about phrases
            kept = np.flatnonzero(np.isin(chosen.lengths, reference.lengths))
            part, part_prior = chosen.only(kept), (prior[0][kept], prior[1][kept])
            listed = find_listed(part, reference, LIST)
            labels = grouping.listed if isinstance(grouping, ChosenContrasts) else grouping.labels
            for label in labels:
                pair = count_side(part, label, _by_name(counts, grouping.members[label]), outlets), listed
                columns = _contrast_columns(part, pair, outlets, part_prior, statistics)
                tables.append({"level": grouping.level, **columns})
    table = _join_columns(tables)
    if tables:
        weighted = {f"count_{side}": table[f"_weighted_{side}"] for side in ("target", "reference")}
        table["lock"] = are_lock_words(table.assign(**weighted))
        table["flag"] = counts.copies.in_words(table["flag"].tolist())
    least = f"{terms.min_count} occurrences or {terms.min_articles} articles"
    why = f"stop words, figures, or terms below {least}; they stay in the denominators"
    return Result(
        "contrasts",
        as_declared(table, "contrasts"),
        params={
            "min_count": terms.min_count,
            "min_articles": terms.min_articles,
            "stop_words": terms.stop_words,
            "lemmas": terms.lemmas,
            "ngrams": terms.ngrams,
            "prior_tokens": contrasts.prior_tokens,
            "reference": contrasts.reference,
            "bootstrap": statistics.bootstrap,
            "alpha": statistics.alpha,
            "random_state": statistics.random_state,
        },
        provenance=VARIANTS,
        excluded=pd.DataFrame([{"what": "terms", "n": len(counts.terms) - len(family), "why": why}]),
    )


VARIANTS = {
    "g2": "four-term, signed",
    "log_ratio": "0.5 added",
    "z": "log-odds, informative Dirichlet prior, two-term variance",
    "log_ratio_mean": "of the means over outlets of their rates",
    "interval": METHOD,
    "interval of log_ratio_mean": "percentile bootstrap over articles within groups",
    "p": "permutation of article labels on mean relative frequency",
    "q": "Benjamini-Hochberg over the family",
    "lock": "Baker 2011, bounds in analysis/measures/lockwords.py",
}
"""The variant of each formula."""


def _informative_prior(counts: TermCounts, tokens: float) -> tuple[np.ndarray, np.ndarray]:
    """Scale the corpus's own frequencies to w0 tokens, words and n-grams apart: w and w0 of each term."""
    texts = counts.by_text
    w = tokens * texts.totals / max(1, texts.sizes.sum())
    w0 = np.zeros(len(w))
    for length in np.unique(counts.lengths):
        same = counts.lengths == length
        w0[same] = w[same].sum()
    return w, w0


def _number_outlets(counts: TermCounts, groupings: list[Grouping]) -> np.ndarray:
    """Number each article's outlet."""
    numbers = np.full(len(counts.article_ids), -1)
    level = next((one for one in groupings if one.level == "outlet"), groupings[0] if groupings else None)
    for number, rows in enumerate(level.members.values() if level else ()):
        numbers[np.asarray(rows, dtype=np.int64)] = number
    return numbers


def _by_name(counts: TermCounts, rows: np.ndarray) -> np.ndarray:
    """Sort articles by name, so that nothing depends on the order of the corpus."""
    # an empty list of articles has no whole numbers
    rows = np.asarray(rows, dtype=np.int64)
    return np.array(sorted(rows, key=lambda row: counts.article_ids[row]), dtype=np.int64)


def _measure_groupings(
    counts: TermCounts,
    groupings: list[Grouping],
    outlets: np.ndarray,
    prior: tuple[np.ndarray, np.ndarray],
    statistics: StatisticsParameters,
) -> Iterator[Iterator[dict[str, object]]]:
    """Measure every contrast of every grouping: those of a large corpus all at once, with the same numbers."""
    planned = [_list_pairs(counts, grouping) for grouping in groupings]
    counted = None
    if counts.matrix.nnz * statistics.bootstrap >= COMPILED_FROM:
        counted = count_outlets(counts, groupings, outlets)
    if counted is not None:
        rows = [tuple(rows for _, rows in pair) for pairs in planned for pair in pairs]
        numbers = iter(contrast_numbers(counts, counted, rows, prior, statistics))
    for pairs in planned:
        if counted is None:
            sides = _count_pairs(counts, pairs, outlets)
            yield (_contrast_columns(counts, pair, outlets, prior, statistics) for pair in sides)
        else:
            yield (_named_columns(counts, pair, outlets, next(numbers), statistics) for pair in pairs)


def _count_pairs(
    counts: TermCounts, pairs: list[tuple[_Named, _Named]], outlets: np.ndarray
) -> Iterator[tuple[Side, Side]]:
    """Count the sides of every contrast; each group is counted once."""
    groups: dict[str, Side] = {}
    for pair in pairs:
        for name, rows in pair:
            # the rest is another one for every target
            if name == REST or name not in groups:
                groups[name] = count_side(counts, name, rows, outlets)
        yield groups[pair[0][0]], groups[pair[1][0]]


def _list_pairs(counts: TermCounts, grouping: Grouping) -> list[tuple[_Named, _Named]]:
    """List the two sides of every contrast: what they are called, and the positions of their articles."""
    contrasts = list_contrasts(grouping)
    if not contrasts:
        return []
    everyone = np.concatenate(list(grouping.members.values()))
    groups = {label: _by_name(counts, rows) for label, rows in grouping.members.items()}
    pairs = []
    for target, reference in contrasts:
        if reference == REST:
            rows = _by_name(counts, np.setdiff1d(everyone, grouping.members[target]))
        else:
            rows = groups[reference]
        pairs.append(((target, groups[target]), (reference, rows)))
    return pairs


def _join_columns(tables: list[dict[str, object]]) -> pd.DataFrame:
    """Put contrasts one below the other, each sorted by |log_ratio| and then by term, as its terms are."""
    orders = [np.argsort(-np.abs(one["log_ratio"]).round(9), kind="stable") for one in tables]
    joined = {}
    for name in tables[0] if tables else ():
        parts = [_spread(one[name], len(order))[order] for one, order in zip(tables, orders, strict=True)]
        joined[name] = np.concatenate(parts)
    return pd.DataFrame(joined)


def _spread(value: object, length: int) -> np.ndarray:
    """Repeat what is one value for all terms; texts of any length stay whole."""
    if np.ndim(value):
        return np.asarray(value)
    return np.full(length, value, dtype=object if isinstance(value, str) else None)


def _named_columns(
    counts: TermCounts,
    pair: tuple[_Named, _Named],
    outlets: np.ndarray,
    numbers: dict[str, np.ndarray],
    statistics: StatisticsParameters,
) -> dict[str, object]:
    """Put the names and the test beside the numbers of one contrast of a large corpus."""
    columns = {"term": np.array(counts.terms, dtype=object)}
    for side, (name, rows) in zip(("target", "reference"), pair, strict=True):
        columns |= {side: name, f"n_articles_{side}": len(rows)}
        columns[f"outlets_{side}"] = len(np.unique(outlets[rows]))
    columns |= {f"_weighted_{side}": numbers[f"count_{side}"] for side in ("target", "reference")}
    return columns | numbers | _test_terms(counts, pair, statistics, p=numbers["p"])


def _contrast_columns(
    counts: TermCounts,
    sides: tuple[Side, Side],
    outlets: np.ndarray,
    prior: tuple[np.ndarray, np.ndarray],
    statistics: StatisticsParameters,
) -> dict[str, object]:
    """Make the columns of one contrast: arrays over terms, or one value for all of them."""
    one, two = sides
    found = compute_statistics(
        (one.count, two.count, one.tokens, two.tokens), prior, family=len(counts.terms)
    )
    flat = np.ones(len(counts.terms))
    spread = (one.spread, two.spread, one.weight, two.weight)
    spread = compute_statistics(spread, (flat, flat.sum()), family=1)
    columns = {"target": one.name, "reference": two.name, "term": np.array(counts.terms, dtype=object)}
    columns |= {**found, "g2_articles": spread["g2"]}
    for name, side in zip(("target", "reference"), sides, strict=True):
        columns[f"count_{name}"], columns[f"_weighted_{name}"] = side.found, side.count
        columns[f"articles_{name}"] = side.articles
        columns[f"n_articles_{name}"] = len(side.rows)
        columns[f"outlets_{name}"] = side.outlets
        columns[f"per_10000_{name}"] = 1e4 * side.count / side.tokens if side.tokens else np.nan
        columns[f"per_10000_mean_{name}"] = 1e4 * side.mean_rate
        columns |= {f"{measure}_{name}": side.dispersion[measure].to_numpy() for measure in MEASURES}
    mean = mean_log_ratio(one.mean_rate, two.mean_rate, one.tokens, two.tokens)
    if two.name == LIST:
        low, high = list_intervals(counts, one, two, statistics)
        columns["driven_by"] = list_drivers(counts, one, two, found["log_ratio"])
    else:
        low, high = log_ratio_intervals(counts, one.rows, two.rows, statistics)
        columns["driven_by"] = driving_articles(counts, one.rows, two.rows, found["log_ratio"])
    columns |= {"log_ratio_mean": mean, "log_ratio_low": low, "log_ratio_high": high}
    if two.name != LIST and max(one.outlets, two.outlets) > 1:
        # with one outlet a side, means and pooled counts are the same
        low, high = mean_intervals(counts, sides, outlets, statistics)
    columns["log_ratio_mean_low"] = np.where(np.isnan(mean), np.nan, low)
    columns["log_ratio_mean_high"] = np.where(np.isnan(mean), np.nan, high)
    return columns | _test_terms(counts, tuple((side.name, side.rows) for side in sides), statistics)


def _test_terms(
    counts: TermCounts,
    sides: tuple[_Named, _Named],
    statistics: StatisticsParameters,
    *,
    p: np.ndarray | None = None,
) -> dict[str, object]:
    """Test over articles where their number can reach alpha; else say what is withheld, and why."""
    one, two = (counts.text_rows(rows) for _, rows in sides)
    k1, k2 = len(one), len(two)
    compared = TextComparison(one, two)
    (a, b), permutations = compared.sizes, statistics.permutations
    floor = compared.smallest_p(permutations)
    columns = {"family": len(counts.terms), "attainable_p": floor, "p": np.nan, "q": np.nan, "test": ""}
    flags = []
    if floor <= statistics.alpha:
        if min(k1, k2) < statistics.min_articles_interval:
            flags.append(f"no interval: {k1} and {k2} articles")
        if k1 + k2 > statistics.permuted_articles:
            return {**columns, "flag": "; ".join([*flags, not_permuted(k1 + k2)])}
        if p is None:
            p = compared.permutation_p(
                *(_rates(counts.matrix[rows], counts.sizes[rows]) for _, rows in sides),
                permutations=permutations,
                random_state=statistics.random_state,
            )
        columns["p"] = p
        columns["q"] = false_discovery_q(columns["p"])
        columns["test"] = "exact" if compared.exact else "sampled"
    elif sides[1][0] == LIST:
        flags += [descriptive_flag(k1), "p withheld: a list has no articles to permute"]
    elif not k1 or not k2:
        flags += [descriptive_flag(k1, k2), "p withheld: a side has no article"]
    elif not a or not b:
        flags += [descriptive_flag(k1, k2), "p withheld: a side has no article of its own"]
    else:
        if attainable_p(a, b) > statistics.alpha:
            flags.append(descriptive_flag(k1, k2))
        flags.append(why_withheld(a, b, alpha=statistics.alpha, permutations=permutations))
    return {**columns, "flag": "; ".join(flags)}


def _rates(part, sizes: np.ndarray):
    """Divide each article's counts by its tokens; sparse stays sparse."""
    rates = part.astype(float)
    rates.data /= np.repeat(np.maximum(1, sizes), np.diff(rates.indptr))
    return rates
