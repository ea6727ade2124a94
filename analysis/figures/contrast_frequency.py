"""Figure 8: every term's effect against its frequency, with intervals and dispersion."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, fit_alt, small_sample
from analysis.measures.contrasts import REST
from analysis.measures.headlines import G2_FILTER
from analysis.plots.contrast_frequency import draw_contrast_frequency

MOST_PANELS = 6
_NAMES = 14


def _data(study) -> pd.DataFrame:
    table = study.result("contrasts").table
    table = table[(table["level"] == "bloc") & (table["reference"] == REST)]
    blocs = study.corpus.grouping("bloc").labels[:MOST_PANELS]
    table = table[table["target"].isin(blocs) & table["log_ratio"].notna()]
    table = table.assign(
        bloc_rank=[blocs.index(target) for target in table["target"]],
        count_both=table["count_target"] + table["count_reference"],
    )
    # terms of one frequency and one effect are one point, named after the first
    table = table.assign(_place=table["log_ratio"].round(3))
    place = [table["target"], table["count_both"], table["_place"]]
    table = table.assign(n_terms=table.groupby(place)["term"].transform("size"))
    table = table.assign(name_rank=_name_ranks(table))
    columns = [
        "target", "bloc_rank", "term", "count_target", "count_reference", "count_both", "n_terms",
        "n_articles_target", "n_articles_reference", "articles_target", "articles_reference", "log_ratio",
        "log_ratio_low", "log_ratio_high", "g2", "dp_target", "q", "driven_by", "name_rank", "flag",
    ]  # fmt: skip
    return table.sort_values(["bloc_rank", "term"], ignore_index=True)[columns]


def _name_ranks(table: pd.DataFrame) -> pd.Series:
    """Order the terms that are named: half by evidence, half by size among those that pass the filter."""
    ranks = pd.Series(np.nan, index=table.index)
    for _, part in table.groupby("target", sort=False):
        passed = part[part["g2"].abs() >= G2_FILTER].sort_values("term")
        passed = passed[~passed.duplicated(["count_both", "_place"])]
        passed = passed.assign(_size=passed["log_ratio"].abs().round(9), _g2=passed["g2"].abs().round(6))
        by_size = passed.sort_values(["_size", "term"], ascending=[False, True]).index[:_NAMES]
        by_g2 = passed.sort_values(["_g2", "term"], ascending=[False, True]).index[:_NAMES]
        # one by evidence, one by size, and so on
        both = [name for pair in zip(by_g2, by_size, strict=True) for name in pair]
        order = list(dict.fromkeys(both))[:_NAMES]
        ranks.loc[order] = np.arange(1.0, len(order) + 1)
    return ranks


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "There is one bloc only, so no term can be set against the rest."
    groups = data.drop_duplicates("target")
    sizes = ", ".join(
        f"{row.target} {row.n_articles_target} against {row.n_articles_reference}"
        for row in groups.itertuples()
    )
    interval = " Lines are 95 % intervals over articles." if data["log_ratio_low"].notna().any() else ""
    return (
        f"Each mark is a term: its log ratio (0.5 added) against all other blocs pooled, over its occurrences in the "
        f"corpus (logarithmic). A larger mark is more evenly spread in the bloc (DP); a hollow mark is driven by one "
        f"article. Named are terms with |G2| (four-term) of at least {G2_FILTER}, as far as there is room; "
        f"+2 says that two more terms stand at the same place.{interval} Rare terms reach "
        f"large ratios by chance. Articles: {sizes}. {small_sample(groups['n_articles_target'])}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty contrast plot: the corpus has 1 bloc, and no term to set against the rest."
    first = data[data["name_rank"] == 1]
    tops = [f"{row.target} {row.term} {row.log_ratio:.1f}" for row in first.itertuples()]
    terms = counted(data["term"].nunique(), "term")
    return fit_alt(f"Log ratio of {terms} against frequency, by bloc; strongest evidence:", tops or ["none"])


def _height(data: pd.DataFrame) -> float:
    panels = max(1, data["target"].nunique())
    return 3.5 if panels <= 3 else 3.0 * -(-panels // 2)


FIGURE = FigureSpec(
    "8_contrast_frequency",
    "Effect against frequency",
    "03_contrasts",
    _data,
    draw_contrast_frequency,
    _height,
    _caption,
    _alt,
)
