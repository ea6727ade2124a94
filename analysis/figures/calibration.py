"""Figure 20: how often the intervals cover, and the tests err, on planted corpora."""

from __future__ import annotations

import pandas as pd

from analysis.figures.spec import FigureSpec
from analysis.measures.calibration import ARTICLE_INTERVAL, COVERAGE, PERMUTATION, TOKEN_TEST
from analysis.measures.planting import FALSE_POSITIVES
from analysis.plots.calibration import draw_calibration

_FROM = 10  # articles a group from which coverage is promised


def _data(study) -> pd.DataFrame:
    table = study.result("calibration").table
    columns = ["question", "quantity", "method", "n_articles", "n", "rate", "rate_low", "rate_high"]
    return table[columns].reset_index(drop=True)


def _range(data: pd.DataFrame, question: str, method: str, *, least: int = 0) -> str:
    chosen = data[(data["question"] == question) & (data["method"] == method) & (data["n_articles"] >= least)]
    rates = 100 * chosen["rate"].dropna()
    return f"{rates.min():.0f} to {rates.max():.0f} %" if len(rates) else "no share"


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No planted corpora."
    covers = _range(data, COVERAGE, ARTICLE_INTERVAL, least=_FROM)
    permutation, tokens = (_range(data, FALSE_POSITIVES, method) for method in (PERMUTATION, TOKEN_TEST))
    return (
        f"Planted corpora with {data['n_articles'].min()} to {data['n_articles'].max()} articles a group, at most "
        f"{data['n'].max():,} quantities at each point; no article of the study enters. Upper rows: the share of "
        "95 % intervals that hold the true value; the band is 93 to 97 %. The article interval covers "
        f"{covers} from {_FROM} articles a group. Last row: the share of p at most .05 where the true rates are "
        f"equal, and where they differ. Permuting articles errs in {permutation}, token G2 in {tokens}. Bars are "
        "the simulation's own 95 % error. Below 4 articles a group no permutation test can reach .05."
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty line charts: coverage and errors on 0 planted corpora are shown."
    return (
        f"Line charts by articles a group: the article interval covers "
        f"{_range(data, COVERAGE, ARTICLE_INTERVAL, least=_FROM)} from {_FROM} articles; "
        f"permutation errs in {_range(data, FALSE_POSITIVES, PERMUTATION)}, token G2 in "
        f"{_range(data, FALSE_POSITIVES, TOKEN_TEST)}."
    )


FIGURE = FigureSpec(
    "20_calibration",
    "Intervals and tests on planted corpora",
    "08_calibration",
    _data,
    draw_calibration,
    lambda data: 8.0,
    _caption,
    _alt,
)
