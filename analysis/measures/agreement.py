"""Agreement of coders, and of scorers with them: alpha, percent agreement, kappa and AC1."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.codings import SENTIMENT, UNCLEAR, CodedItems, CodedVariable
from analysis.config import StatisticsParameters
from analysis.errors import ParameterError, shorten
from analysis.intervals import METHOD
from analysis.measures.alpha import alpha_interval, interval_flag, krippendorff_alpha
from analysis.results import Evidence, Result
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES

CODERS = "coders agreeing"
"""Stands for the code that more than half of an item's coders gave."""


def code_matrix(
    coded: CodedItems, variable: CodedVariable, *, unclear: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Lay out one variable's codes.

    Parameters
    ----------
    coded : CodedItems
        The items.
    variable : CodedVariable
        One of its variables.
    unclear : bool
        Whether `UNCLEAR` is a code of its own, behind the others; else it is missing.

    Returns
    -------
    codes : numpy.ndarray
        Of shape (coders, items), coders sorted, items in the order of ``coded.items``: places among the
        codes, the numbers themselves for an interval variable; NaN is missing.
    articles : numpy.ndarray of str
        The article of each item.

    Raises
    ------
    ParameterError
        A code is none of the variable's, or a code of an interval variable is no number.
    """
    own = list(variable.codes)
    known = [*own, UNCLEAR]
    numbers = {code: float(place) for place, code in enumerate(known)}
    if variable.level == "interval":
        try:
            numbers = {code: float(code) for code in own}
        except ValueError:
            raise ParameterError(
                f"the interval variable {variable.name!r} has a code that is no number; found: {', '.join(own)}"
            ) from None
    if not unclear:
        numbers[UNCLEAR] = float("nan")
    rows = coded.codings[coded.codings["variable"] == variable.name].dropna(subset="code")
    unknown = sorted(set(rows["code"]) - set(known))
    if unknown:
        raise ParameterError(
            f"{variable.name} has no code {shorten(unknown[0])}; allowed: {', '.join(known)} or empty"
        )
    items = pd.Index(coded.items["item_id"])
    matrix = np.full((len(coded.coders), len(items)), np.nan)
    coder = pd.Index(coded.coders).get_indexer(rows["coder"])
    matrix[coder, items.get_indexer(rows["item_id"])] = rows["code"].map(numbers).to_numpy(dtype=float)
    return matrix, coded.items["article_id"].to_numpy(dtype=str)


def reference_codes(codes: np.ndarray) -> np.ndarray:
    """Find the code that more than half of an item's coders gave.

    Parameters
    ----------
    codes : numpy.ndarray
        Of shape (coders, items), with `UNCLEAR` as a code of its own; NaN is missing.

    Returns
    -------
    numpy.ndarray
        Of shape (items,); NaN for a tie, and where nobody coded.

    Examples
    --------
    >>> nothing = float("nan")
    >>> reference_codes(np.array([[0, 1, 2, nothing], [0, 2, 2, 1], [1, nothing, 2, nothing]])).tolist()
    [0.0, nan, 2.0, 1.0]
    """
    values = np.unique(codes[~np.isnan(codes)])
    if not len(values):
        return np.full(codes.shape[1], np.nan)
    counts = (codes[:, :, None] == values).sum(axis=0)
    most = counts.argmax(axis=1)
    agreed = counts.max(axis=1) * 2 > counts.sum(axis=1)
    return np.where(agreed, values[most], np.nan)


def confusion(first: np.ndarray, second: np.ndarray, size: int = len(CLASSES)) -> np.ndarray:
    """Cross-tabulate two rows of codes.

    Parameters
    ----------
    first, second : numpy.ndarray
        Codes as places; NaN is missing.
    size : int
        How many codes there are.

    Returns
    -------
    numpy.ndarray
        Of shape (size, size): rows are the first's codes, columns the second's.
    """
    both = ~(np.isnan(first) | np.isnan(second))
    table = np.zeros((size, size), dtype=np.int64)
    np.add.at(table, (first[both].astype(int), second[both].astype(int)), 1)
    return table


def chance_corrected(table: np.ndarray) -> tuple[float, float, float]:
    """Compute percent agreement, Cohen's kappa and Gwet's AC1 of two coders.

    Kappa takes chance as the product of the two coders' own shares (Cohen 1960); AC1 as sum p (1 - p) / (Q - 1)
    with p the mean share of a code and Q the number of codes there are (Gwet 2008), so that it does not fall
    where one code prevails. Both treat codes as nominal.

    Parameters
    ----------
    table : numpy.ndarray
        From `confusion`.

    Returns
    -------
    agreement, kappa, ac1 : float
        NaN where nothing is coded by both; kappa NaN where both gave one and the same code throughout.

    Examples
    --------
    >>> [round(value, 4) for value in chance_corrected(np.array([[118, 5], [2, 0]]))]
    [0.944, -0.0234, 0.9408]
    """
    n = table.sum()
    if n == 0:
        return (float("nan"),) * 3
    agreement = np.trace(table) / n
    first, second = table.sum(axis=1) / n, table.sum(axis=0) / n
    by_kappa = float(first @ second)
    share = (first + second) / 2
    by_ac1 = float((share * (1 - share)).sum() / (len(table) - 1)) if len(table) > 1 else 1.0
    found = [
        (agreement - chance) / (1 - chance) if chance < 1 else float("nan") for chance in (by_kappa, by_ac1)
    ]
    return float(agreement), float(found[0]), float(found[1])


def measure_agreement(
    coded: CodedItems,
    labels: Mapping[str, np.ndarray],
    *,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Compare coders of sentiment with each other, and each scorer with the code that most coders gave.

    Parameters
    ----------
    coded : CodedItems
        Coded mentions.
    labels : mapping of str to numpy.ndarray
        Each scorer's most likely class for every item.
    statistics : StatisticsParameters
        Of the intervals, which resample articles.
    evidence : Evidence, optional
        Finds the mentions on which they differ.

    Returns
    -------
    Result
        The table ``agreement``.
    """
    codes, articles = code_matrix(coded, SENTIMENT)
    names = coded.coders
    pairs = [
        (names[one], names[other], codes[one], codes[other])
        for one, other in combinations(range(len(names)), 2)
    ]
    agreed = reference_codes(code_matrix(coded, SENTIMENT, unclear=True)[0])
    agreed[agreed >= len(CLASSES)] = np.nan
    place = {name: float(number) for number, name in enumerate(CLASSES)}
    if names:
        for name, found in sorted(labels.items()):
            pairs.append((CODERS, name, agreed, np.array([place[label] for label in found])))
    rows = [
        {"first": first, "second": second, **_compare(one, other, articles, statistics)}
        for first, second, one, other in pairs
    ]
    return Result(
        "agreement",
        as_declared(pd.DataFrame(rows), "agreement"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={"alpha": "Krippendorff, nominal; unclear is missing", "interval": METHOD},
        evidence=evidence,
    )


def pair_row(
    codes: np.ndarray,
    articles: np.ndarray,
    variable: CodedVariable,
    statistics: StatisticsParameters,
) -> dict[str, object]:
    """Describe how far two coders agree on a variable.

    Parameters
    ----------
    codes : numpy.ndarray
        Of shape (2, items), numbers as `code_matrix` makes them.
    articles : numpy.ndarray of str
        The article of each item.
    variable : CodedVariable
        What was coded.
    statistics : StatisticsParameters
        Of the interval.

    Returns
    -------
    dict
        ``n``, ``n_articles``, ``agreement``, ``kappa``, ``ac1``, ``alpha``, ``alpha_low``, ``alpha_high``, ``flag``.
    """
    places = codes
    if variable.level == "interval":
        order = np.array([float(code) for code in variable.codes])
        places = np.where(np.isnan(codes), np.nan, (codes[:, :, None] == order).argmax(axis=2))
    table = confusion(places[0], places[1], len(variable.codes))
    agreement, kappa, ac1 = chance_corrected(table)
    low, high = alpha_interval(codes, variable.level, articles=articles, statistics=statistics)
    both = ~np.isnan(codes).any(axis=0)
    n_articles = len(np.unique(articles[both]))
    return {
        "n": int(table.sum()),
        "n_articles": n_articles,
        "agreement": agreement,
        "kappa": kappa,
        "ac1": ac1,
        "alpha": krippendorff_alpha(codes, variable.level),
        "alpha_low": low,
        "alpha_high": high,
        "flag": interval_flag(codes, low, n_articles, statistics),
    }


def _compare(
    first: np.ndarray, second: np.ndarray, articles: np.ndarray, statistics: StatisticsParameters
) -> dict[str, object]:
    """Describe the agreement of two rows of sentiment codes, of which the first are taken for true."""
    table = confusion(first, second)
    hits, sizes = np.diag(table).astype(float), table.sum(axis=0) + table.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = np.where(sizes > 0, 2 * hits / sizes, np.nan)
    row = pair_row(np.vstack([first, second]), articles, SENTIMENT, statistics)
    row["macro_f1"] = np.nanmean(f1) if table.sum() else np.nan
    for place, one in enumerate(CLASSES):
        row[f"n_{one}_first"] = int(table[place].sum())
        row[f"n_{one}_second"] = int(table[:, place].sum())
        row[f"f1_{one}"] = f1[place]
    return row
