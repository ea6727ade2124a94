"""Figure 11: which terms make the distance between two blocs."""

from __future__ import annotations

import pandas as pd

from analysis.figures.spec import FigureSpec, fit_alt, small_sample
from analysis.measures.divergence import OTHER_TERMS
from analysis.plots.divergence import draw_divergence

MOST_PAIRS = 3
_TERMS = 12


def _data(study) -> pd.DataFrame:
    table = study.result("divergence").table
    table = table[(table["level"] == "bloc") & (table["term"] != OTHER_TERMS)]
    pairs = table.drop_duplicates(["target", "reference"])
    order = pairs["jsd"].round(9).sort_values(ascending=False, kind="stable").index[:MOST_PAIRS]
    kept = pairs.loc[sorted(order), ["target", "reference"]]
    table = table.merge(kept, on=["target", "reference"])
    table = table.groupby(["target", "reference"], sort=False).head(_TERMS)
    blocs = study.corpus.grouping("bloc").labels
    table = table.assign(
        pair=table["target"] + " | " + table["reference"],
        target_rank=[blocs.index(name) for name in table["target"]],
        reference_rank=[blocs.index(name) for name in table["reference"]],
    )
    columns = [
        "pair", "target", "target_rank", "reference", "reference_rank", "term", "count_target", "count_reference",
        "n_articles_target", "n_articles_reference", "contribution", "more_in", "jsd", "jsd_expected",
        "attainable_p", "p", "flag",
    ]  # fmt: skip
    return table[columns].reset_index(drop=True)


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No two blocs share the corpus, so there is no divergence to take apart."
    pairs = data.drop_duplicates("pair")
    sizes = "; ".join(_pair_text(row) for row in pairs.itertuples())
    articles = pd.concat([pairs["n_articles_target"], pairs["n_articles_reference"]])
    return (
        f"The {_TERMS} terms that contribute most to the Jensen-Shannon divergence of each pair of blocs, in "
        f"thousandths of a bit; bars point to the bloc that uses the term more, with the occurrences in both. "
        f"Divergence, and its mean when the same articles are divided at random: {sizes}. {small_sample(articles)}"
    )


def _pair_text(row) -> str:
    expected = "not to be had with one division" if pd.isna(row.jsd_expected) else f"{row.jsd_expected:.2f}"
    p = "" if pd.isna(row.p) else f", p = {row.p:.2g}"
    return f"{row.target} and {row.reference} {row.jsd:.2f} ({expected}{p})"


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty word-shift plot: 0 pairs of blocs can be compared in this corpus."
    first = data.groupby("pair", sort=False).head(1)
    tops = [
        f"{row.target} and {row.reference} {row.term} {int(row.count_target)} to {int(row.count_reference)}"
        for row in first.itertuples()
    ]
    return fit_alt("Word-shift plots of the terms that set pairs of blocs apart; the foremost of each:", tops)


def _height(data: pd.DataFrame) -> float:
    most = data.groupby("pair").size().max() if len(data) else 1
    return round(4 * (0.9 + 0.21 * most)) / 4


FIGURE = FigureSpec(
    "11_divergence",
    "The terms that make the distance between two blocs",
    "03_contrasts",
    _data,
    draw_divergence,
    _height,
    _caption,
    _alt,
)
