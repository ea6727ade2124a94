"""Figure 1: articles by date, outlet and length."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted
from analysis.figures.spec import FigureSpec, row_height
from analysis.plots.corpus import draw_corpus


def _data(study) -> pd.DataFrame:
    table = study.result("articles").table
    outlets = study.corpus.grouping("outlet").labels
    columns = [
        "article_id",
        "outlet",
        "bloc",
        "published",
        "published_from",
        "published_to",
        "n_tokens",
        "confidence",
    ]
    table = table.assign(_order=table["outlet"].map(outlets.index)).sort_values(
        ["_order", "published_from", "article_id"]
    )
    return table[columns].reset_index(drop=True)


def _caption(data: pd.DataFrame) -> str:
    blocs = [
        f"{name} {count}" for name, count in data.groupby("bloc", sort=False)["article_id"].size().items()
    ]
    low = int((data["confidence"] == "low").sum())
    doubt = f" The outlet of {counted(low, 'article')} is coded with low confidence." if low else ""
    unknown = int(pd.to_datetime(data["published_from"], errors="coerce").isna().sum())
    dates = "A bar spans the days that a date known only to the month or year may mean."
    if unknown == len(data):
        dates = "No date of publication is known."
    elif unknown:
        dates += f" {counted(unknown, 'article')} without a date: at the right only."
    return (
        f"{counted(len(data), 'article')} from {counted(data['outlet'].nunique(), 'outlet')}, "
        f"{data['n_tokens'].sum():,} tokens after cleaning; articles by bloc: {', '.join(blocs)}. "
        f"{dates}{doubt}"
    )


def _alt(data: pd.DataFrame) -> str:
    dated = pd.to_datetime(data["published_from"], errors="coerce").notna().any()
    return (
        f"{'Timeline and lengths' if dated else 'Lengths'} of {counted(len(data), 'article')} "
        f"from {counted(data['outlet'].nunique(), 'outlet')}: "
        f"the shortest has {data['n_tokens'].min():,} tokens and the longest {data['n_tokens'].max():,}."
    )


FIGURE = FigureSpec(
    "1_corpus",
    "Articles by date, outlet and length",
    "01_corpus",
    _data,
    draw_corpus,
    row_height("outlet", 1.1, 0.3),
    _caption,
    _alt,
)
