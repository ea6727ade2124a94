"""Figure 9: every outlet or bloc against every other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, fit_alt, small_sample
from analysis.measures.headlines import G2_FILTER
from analysis.plots.contrast_matrix import draw_contrast_matrix

MOST_GROUPS = 6
_TERMS = 3


def _data(study) -> pd.DataFrame:
    outlets = study.corpus.grouping("outlet")
    level = "outlet" if 2 <= len(outlets.labels) <= MOST_GROUPS else "bloc"
    grouping = study.corpus.grouping(level)
    groups = grouping.labels[: MOST_GROUPS + 2]
    contrasts = study.result("contrasts").table
    contrasts = contrasts[(contrasts["level"] == level) & (contrasts["g2"].abs() >= G2_FILTER)]
    distances = study.result("divergence").table
    distances = distances[distances["level"] == level].drop_duplicates(["target", "reference"])
    known = {frozenset((row.target, row.reference)): row.jsd for row in distances.itertuples()}
    rows = []
    for group in groups:
        for against in groups:
            terms = _terms(contrasts, group, against)
            rows.append(
                {
                    "level": level, "group": group, "against": against,
                    "n_articles_group": len(grouping.members[group]),
                    "n_articles_against": len(grouping.members[against]),
                    "jsd": known.get(frozenset((group, against)), np.nan) if group != against else np.nan,
                    "terms": ", ".join(terms["term"]),
                    "log_ratios": ", ".join(f"{value:.2f}" for value in terms["log_ratio"].abs()),
                }
            )  # fmt: skip
    columns = [
        "level", "group", "against", "n_articles_group", "n_articles_against", "jsd", "terms", "log_ratios",
    ]  # fmt: skip
    return pd.DataFrame(rows if len(groups) > 1 else [], columns=columns)


def _terms(contrasts: pd.DataFrame, group: str, against: str) -> pd.DataFrame:
    """List the terms of a group against another, by size; each pair stands once in the table, with a sign."""
    ahead = contrasts[(contrasts["target"] == group) & (contrasts["reference"] == against)]
    behind = contrasts[(contrasts["target"] == against) & (contrasts["reference"] == group)]
    found = pd.concat([ahead[ahead["log_ratio"] > 0], behind[behind["log_ratio"] < 0]])
    found = found.assign(_size=found["log_ratio"].abs().round(9))
    return found.sort_values(["_size", "term"], ascending=[False, True]).head(_TERMS)


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "The corpus has one group only, so there is nothing to set against it."
    return (
        f"Each cell names the terms that the {data['level'].iloc[0]} of the row uses more than that of the column: the "
        f"{_TERMS} largest log ratios with |G2| (four-term) of at least {G2_FILTER}. The shade and the number are the "
        f"Jensen-Shannon divergence of the pair, in bits. {small_sample(data['n_articles_group'])}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty matrix of contrasts: the corpus has only 1 group, and nothing to set against it."
    pairs = data[data["jsd"].notna()].drop_duplicates("jsd")
    far = pairs.assign(_size=pairs["jsd"].round(9)).sort_values(
        ["_size", "group", "against"], ascending=[False, True, True]
    )
    groups = counted(data["group"].nunique(), data["level"].iloc[0])
    items = [f"{row.group} and {row.against} {row.jsd:.2f} bits" for row in far.head(2).itertuples()]
    return fit_alt(f"Matrix of pairwise contrasts of {groups}; furthest apart:", items or ["none"])


def _height(data: pd.DataFrame) -> float:
    return round(4 * (1.0 + 0.66 * max(1, data["group"].nunique()))) / 4


FIGURE = FigureSpec(
    "9_contrast_matrix",
    "Every group against every other",
    "03_contrasts",
    _data,
    draw_contrast_matrix,
    _height,
    _caption,
    _alt,
)
