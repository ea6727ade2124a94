"""Reliability of a coded sample: alpha of each variable and code, pairs of coders, what is missing, disagreements."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.codings import UNCLEAR, CodedItems, CodedVariable
from analysis.config import StatisticsParameters
from analysis.errors import Problem, StudyError
from analysis.intervals import METHOD
from analysis.measures.agreement import code_matrix, confusion, pair_row
from analysis.measures.alpha import (
    alpha_interval,
    interval_flag,
    krippendorff_alpha,
    unit_coincidences,
)
from analysis.results import Result
from analysis.schema.results import as_declared

MISSING, OWN_CODE = "missing", "a code"
"""What alpha takes `UNCLEAR` for."""


def check_comparable(coded: CodedItems) -> None:
    """Refuse codings in which nothing can be compared.

    Parameters
    ----------
    coded : CodedItems
        The codings.

    Raises
    ------
    StudyError
        Fewer than two coders gave codes, or no item was coded by two of them.
    """
    given = coded.codings.dropna(subset="code")
    coders = sorted(given["coder"].unique())
    if len(coders) < 2:
        found = f"codes by {coders[0]} only" if coders else "no code at all"
        remedy = "Give the sheet of another coder, too; what one coder does alone has no agreement."
        raise StudyError([Problem("codings", found, "codes by two coders or more", remedy)])
    per_item = given.drop_duplicates(["item_id", "variable", "coder"]).groupby(["item_id", "variable"]).size()
    if per_item.max() < 2:
        found = f"no item that two of {', '.join(coders)} coded"
        remedy = "Draw the sample with --overlap above 0, or let a second coder code some of the items."
        raise StudyError([Problem("codings", found, "items coded by two coders or more", remedy)])


def measure_alphas(coded: CodedItems, statistics: StatisticsParameters) -> Result:
    """Compute Krippendorff's alpha of every variable, and of each of its codes against the rest.

    `UNCLEAR` is missing, as no coder says by it what the item is; alpha is also given with `UNCLEAR` as a code of
    its own, since coders who are unclear about the same items agree on something. It stands on no scale, so that
    alpha is nominal then.

    Parameters
    ----------
    coded : CodedItems
        The codings.
    statistics : StatisticsParameters
        Of the intervals, which resample articles.

    Returns
    -------
    Result
        The table ``coding_alpha``.
    """
    rows = []
    for variable in coded.variables:
        codes, articles = code_matrix(coded, variable)
        places = _places(coded, variable)
        clear = np.where(places == len(variable.codes), np.nan, places)
        for unclear, matrix, level, names in (
            (MISSING, codes, variable.level, variable.codes),
            (OWN_CODE, places, "nominal", (*variable.codes, UNCLEAR)),
        ):
            own = clear if unclear == MISSING else places
            parts = [("", matrix, level)]
            for place, name in enumerate(names):
                parts.append((name, np.where(np.isnan(own), np.nan, (own == place).astype(float)), "nominal"))
            for name, matrix, level in parts:
                row = {"variable": variable.name, "level": level, "unclear": unclear, "code": name}
                rows.append(row | _alpha_row(matrix, articles, level, statistics))
    return Result(
        "coding_alpha",
        as_declared(pd.DataFrame(rows), "coding_alpha"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={"alpha": "Krippendorff", "interval": METHOD},
    )


def measure_pairs(coded: CodedItems, statistics: StatisticsParameters) -> Result:
    """Compare every two coders on every variable.

    Parameters
    ----------
    coded : CodedItems
        The codings.
    statistics : StatisticsParameters
        Of the intervals.

    Returns
    -------
    Result
        The table ``coding_pairs``; `UNCLEAR` is missing.
    """
    rows = []
    for variable in coded.variables:
        codes, articles = code_matrix(coded, variable)
        for one, other in combinations(range(len(coded.coders)), 2):
            row = {"variable": variable.name, "first": coded.coders[one], "second": coded.coders[other]}
            rows.append(row | pair_row(codes[[one, other]], articles, variable, statistics))
    return Result("coding_pairs", as_declared(pd.DataFrame(rows), "coding_pairs"))


def measure_confusions(coded: CodedItems) -> Result:
    """Cross-tabulate the codes of every two coders.

    Parameters
    ----------
    coded : CodedItems
        The codings.

    Returns
    -------
    Result
        The table ``coding_confusion``: every pair of codes, `UNCLEAR` among them, also where n is 0.
    """
    rows = []
    for variable in coded.variables:
        names = [*variable.codes, UNCLEAR]
        places = _places(coded, variable)
        for one, other in combinations(range(len(coded.coders)), 2):
            table = confusion(places[one], places[other], len(names))
            rows += [
                {
                    "variable": variable.name,
                    "first": coded.coders[one],
                    "second": coded.coders[other],
                    "first_code": names[row],
                    "second_code": names[column],
                    "n": int(table[row, column]),
                }
                for row in range(len(names))
                for column in range(len(names))
            ]
    return Result("coding_confusion", as_declared(pd.DataFrame(rows), "coding_confusion"))


def measure_coders(coded: CodedItems) -> Result:
    """Count what each coder left out or could not decide.

    Parameters
    ----------
    coded : CodedItems
        The codings; the items that a coder was to code are those of the rows of `coded.codings`.

    Returns
    -------
    Result
        The table ``coding_coders``: one row per variable and coder.
    """
    rows = []
    for variable in coded.variables:
        own = coded.codings[coded.codings["variable"] == variable.name]
        for coder in coded.coders:
            codes = own.loc[own["coder"] == coder, "code"]
            given, unclear = int(codes.notna().sum()), int((codes == UNCLEAR).sum())
            rows.append(
                {
                    "variable": variable.name,
                    "coder": coder,
                    "n_items": len(codes),
                    "n_missing": len(codes) - given,
                    "n_unclear": unclear,
                    "missing": (len(codes) - given) / len(codes) if len(codes) else np.nan,
                    "unclear": unclear / given if given else np.nan,
                }
            )
    return Result("coding_coders", as_declared(pd.DataFrame(rows), "coding_coders"))


def list_disagreements(coded: CodedItems) -> Result:
    """List the items on which coders differ, with what they read.

    Parameters
    ----------
    coded : CodedItems
        The codings; ``before``, ``target`` and ``after`` of the items, where there are, are kept.

    Returns
    -------
    Result
        The table ``coding_disagreements``, by variable and item: `UNCLEAR` against a code is a disagreement,
        a missing code is not.
    """
    items = coded.items.set_index("item_id")
    rows = []
    given = coded.codings.dropna(subset="code").sort_values(["item_id", "coder"])
    for variable in coded.variables:
        own = given[given["variable"] == variable.name]
        apart = own.groupby("item_id")["code"].transform("nunique") > 1
        for item_id, codes in own[apart].groupby("item_id", sort=True):
            item = items.loc[item_id]
            rows.append(
                {
                    "variable": variable.name,
                    "item_id": item_id,
                    "article_id": item["article_id"],
                    "codes": "; ".join(f"{row.coder}: {row.code}" for row in codes.itertuples()),
                    **{name: item.get(name, "") for name in ("actor", "before", "target", "after")},
                }
            )
    return Result("coding_disagreements", as_declared(pd.DataFrame(rows), "coding_disagreements"))


def _alpha_row(codes: np.ndarray, articles: np.ndarray, level: str, statistics: StatisticsParameters) -> dict:
    """Describe alpha of one matrix of codes."""
    paired = (~np.isnan(codes)).sum(axis=0) >= 2
    n_articles = len(np.unique(articles[paired]))
    low, high = alpha_interval(codes, level, articles=articles, statistics=statistics)
    agreement = np.nan
    if paired.any():
        values = np.unique(codes[:, paired][~np.isnan(codes[:, paired])])
        pairs = unit_coincidences(codes[:, paired], values).sum(axis=0)
        agreement = np.trace(pairs) / pairs.sum()
    return {
        "n_items": int(paired.sum()),
        "n_articles": n_articles,
        "n_coders": int((~np.isnan(codes[:, paired])).any(axis=1).sum()),
        "agreement": agreement,
        "alpha": krippendorff_alpha(codes, level),
        "alpha_low": low,
        "alpha_high": high,
        "flag": interval_flag(codes, low, n_articles, statistics),
    }


def _places(coded: CodedItems, variable: CodedVariable) -> np.ndarray:
    """Lay out codes as places, `UNCLEAR` last, whatever the level."""
    by_place = CodedVariable(variable.name, "nominal", variable.codes)
    return code_matrix(coded, by_place, unclear=True)[0]
