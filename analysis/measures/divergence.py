"""How far two groups' vocabularies lie apart, and which terms make the distance."""

from __future__ import annotations

from itertools import combinations, islice
from math import comb

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.config import StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts, eligible_terms
from analysis.measures.bounds import not_permuted
from analysis.resampling import descriptive_flag, divide, why_withheld
from analysis.results import Evidence, Result
from analysis.schema.results import as_declared
from analysis.text_tests import TextComparison

OTHER_TERMS = "(all other terms)"
"""Names the row that holds what stop words, figures and rare terms contribute; no token is written so."""
MOST_GROUPS = 12
"""More groups than this have more pairs than can be read; the level is left out, and that is said."""

_DIVISIONS = 999
_FEW_DIVISIONS = 19  # of more articles than are permuted: their mean hardly differs from one division to the next
_BLOCK = 100  # divisions held at a time


def divergence_contributions(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Compute what each term adds to the Jensen-Shannon divergence of two vocabularies.

    With m = (p + q) / 2 the contribution is p/2 log2(p / m) + q/2 log2(q / m), with 0 log 0 = 0 (Lin 1991; as
    a word shift Gallagher et al. 2021, equal weights).

    Parameters
    ----------
    p, q : numpy.ndarray
        Of shape (..., terms): each term's share of all tokens; the last axis sums to 1.

    Returns
    -------
    numpy.ndarray
        Of the same shape, in bits, never negative; the last axis sums to the divergence, from 0 (the same
        vocabulary) to 1 (no term in common).

    Examples
    --------
    >>> divergence_contributions(np.array([1.0, 0.0]), np.array([0.5, 0.5])).round(4)
    array([0.0613, 0.25  ])
    """
    middle = (p + q) / 2
    safe = np.where(middle > 0, middle, 1.0)
    parts = [0.5 * x * np.log2(np.where(x > 0, x, safe) / safe) for x in (p, q)]
    return np.maximum(0.0, parts[0] + parts[1])


def measure_divergence(
    counts: TermCounts,
    groupings: list[Grouping],
    *,
    terms: TermParameters,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Measure the divergence of every pair of groups, term by term.

    All tokens count, stop words too: what is not ranked stands together in one row, so that the rows of a
    pair sum to its divergence. Two samples of one vocabulary diverge as well, the more so the shorter they
    are; ``jsd_expected`` is the mean over divisions of the same articles at random, and the test permutes
    articles. A pair of more articles than are permuted is divided a few times for the mean, and not tested.

    Parameters
    ----------
    counts : TermCounts
        Of all terms.
    groupings : list of Grouping
        Outlets and blocs.
    terms, statistics : parameter dataclasses
        See `analysis.config`.
    evidence : Evidence, optional
        Finds the places of a term.

    Returns
    -------
    Result
        The table ``divergence``: by level, pair, then contribution descending, then term.

    References
    ----------
    Lin (1991), Divergence measures based on the Shannon entropy. Gallagher et al. (2021), Generalized word
    shift graphs.
    """
    family = eligible_terms(counts, terms)
    rank = np.argsort(np.argsort(np.array(counts.article_ids)))
    tables, left_out = [], []
    for grouping in groupings:
        if len(grouping.labels) > MOST_GROUPS:
            why = f"{len(grouping.labels)} groups have more pairs than can be read; at most {MOST_GROUPS}"
            left_out.append(
                {"what": f"pairs of {grouping.level}s", "n": comb(len(grouping.labels), 2), "why": why}
            )
            continue
        for target, reference in combinations(grouping.labels, 2):
            sides = tuple(
                rows[np.argsort(rank[rows])]
                for rows in (grouping.members[target], grouping.members[reference])
            )
            table = _pair_table(counts, sides, family, statistics)
            if table is None:
                why = f"no token in {target} or {reference}"
                left_out.append({"what": f"pair of {grouping.level}s", "n": 1, "why": why})
                continue
            table.insert(0, "level", grouping.level)
            table.insert(1, "target", target)
            table.insert(2, "reference", reference)
            tables.append(table)
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return Result(
        "divergence",
        as_declared(table, "divergence"),
        params={
            "min_count": terms.min_count,
            "min_articles": terms.min_articles,
            "stop_words": terms.stop_words,
            "random_state": statistics.random_state,
            "divisions": _DIVISIONS,
        },
        provenance={
            "jsd": "Jensen-Shannon divergence in bits, equal weights, over all tokens",
            "p": "share of divisions of the articles with at least this divergence; one-sided",
        },
        excluded=pd.DataFrame(left_out, columns=["what", "n", "why"]),
        evidence=evidence,
    )


def _pair_table(
    counts: TermCounts,
    sides: tuple[np.ndarray, np.ndarray],
    family: np.ndarray,
    statistics: StatisticsParameters,
) -> pd.DataFrame | None:
    """Decompose the divergence of one pair; None where a side has no token."""
    compared = TextComparison(*(counts.text_rows(rows) for rows in sides))
    merged = [
        texts.add_up(counts.matrix[rows])
        for texts, rows in zip((compared.first, compared.second), sides, strict=True)
    ]
    sums = [np.asarray(part.sum(axis=0)).ravel().astype(float) for part in merged]
    tokens = [total.sum() for total in sums]
    if min(tokens) == 0:
        return None
    shares = [total / size for total, size in zip(sums, tokens, strict=True)]
    parts = divergence_contributions(*shares)
    k1, k2 = len(sides[0]), len(sides[1])
    table = pd.DataFrame(
        {
            "term": [counts.terms[column] for column in family],
            "count_target": sums[0][family],
            "count_reference": sums[1][family],
            "per_10000_target": 1e4 * shares[0][family],
            "per_10000_reference": 1e4 * shares[1][family],
            "contribution": parts[family],
            "more_in": np.where(shares[0][family] >= shares[1][family], "target", "reference"),
        }
    )
    table = table.assign(_column=family)[table["count_target"] + table["count_reference"] > 0]
    table = table.assign(_size=table["contribution"].round(12)).sort_values(
        ["_size", "term"], ascending=[False, True]
    )
    rest = {
        "term": OTHER_TERMS,
        "count_target": tokens[0] - table["count_target"].sum(),
        "count_reference": tokens[1] - table["count_reference"].sum(),
        "contribution": parts.sum() - table["contribution"].sum(),
        "more_in": "",
    }
    rest |= {
        f"per_10000_{side}": 1e4 * rest[f"count_{side}"] / size
        for side, size in zip(("target", "reference"), tokens, strict=True)
    }
    columns = table["_column"].to_numpy()
    table = pd.concat([table.drop(columns=["_size", "_column"]), pd.DataFrame([rest])], ignore_index=True)
    if counts.copies:
        # rates are of weighted counts, counts of what is there
        for side, rows in zip(("target", "reference"), sides, strict=True):
            there = np.asarray(counts.matrix[rows].sum(axis=0)).ravel()
            listed = there[columns]
            table[f"count_{side}"] = [*listed, there.sum() - listed.sum()]
    many = k1 + k2 > statistics.permuted_articles
    divisions = _FEW_DIVISIONS if many else _DIVISIONS
    expected, p = _permuted(compared, merged, float(parts.sum()), (divisions, statistics.random_state))
    (a, b), floor = compared.sizes, compared.smallest_p(_DIVISIONS)
    flag = ""
    if many and floor <= statistics.alpha:
        p, flag = np.nan, not_permuted(k1 + k2)
    elif floor > statistics.alpha:
        p = np.nan
        why = "p withheld: a side has no article of its own"
        if a and b:
            why = why_withheld(a, b, alpha=statistics.alpha, permutations=_DIVISIONS)
        flag = counts.copies.in_words(f"{descriptive_flag(len(compared.first), len(compared.second))}; {why}")
    return table.assign(
        n_articles_target=k1, n_articles_reference=k2, jsd=parts.sum(), jsd_expected=expected,
        attainable_p=floor, p=p, flag=flag,
    )  # fmt: skip


def _permuted(
    compared: TextComparison, merged: list, observed: float, drawn: tuple[int, int]
) -> tuple[float, float]:
    """Return the mean divergence over divisions of the articles, and the share that reaches the observed one.

    Articles that are copies of one text are one row; texts of which both sides hold copies stay where they are.
    """
    a, size = compared.sizes[0], sum(compared.sizes)
    if size == 2 or not all(compared.sizes):
        # the only division is the one that is observed
        return np.nan, np.nan
    parts = [part.astype(float) for part in merged]
    matrix = sparse.vstack([part[free] for part, free in zip(parts, compared.free, strict=True)], format="csr")
    held = [
        np.asarray(part.sum(axis=0) - part[free].sum(axis=0)).ravel()
        for part, free in zip(parts, compared.free, strict=True)
    ]
    whole = np.asarray(matrix.sum(axis=0)).ravel()
    exact = comb(size, a) <= _DIVISIONS
    draws = divide(a, size - a, *drawn, exact=exact)
    values = []
    while block := list(islice(draws, _BLOCK)):
        chosen = np.zeros((len(block), size))
        np.put_along_axis(chosen, np.array(block, dtype=np.int64), 1.0, axis=1)
        first = (matrix.T @ chosen.T).T
        second = whole - first + np.maximum(held[1], 0.0)
        first = first + np.maximum(held[0], 0.0)
        totals = first.sum(axis=1, keepdims=True), second.sum(axis=1, keepdims=True)
        # a side without a token has no vocabulary to compare
        usable = (totals[0] > 0).ravel() & (totals[1] > 0).ravel()
        values.append(
            divergence_contributions(
                first[usable] / totals[0][usable], second[usable] / totals[1][usable]
            ).sum(axis=1)
        )
    found = np.concatenate(values)
    reached = int((found >= observed - 1e-12).sum())
    return float(found.mean()), reached / len(found) if exact else (1 + reached) / (1 + len(found))
