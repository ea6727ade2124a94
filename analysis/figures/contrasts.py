"""Figure 3: the terms that set each bloc apart."""

from __future__ import annotations

import pandas as pd

from analysis.figures.spec import FigureSpec, fit_alt, small_sample
from analysis.measures.headlines import G2_FILTER, top_contrasts
from analysis.plots.contrasts import draw_contrasts, panel_grid
from analysis.results import Result


def _data(study) -> pd.DataFrame:
    result = study.result("contrasts")
    table = top_contrasts(result.table, terms=study.config.figures.terms)
    blocs = study.corpus.grouping("bloc").labels
    examples = [_examples(result, row.term, row.target) for row in table.itertuples()]
    table = table.assign(
        example_1=[first for first, _ in examples], example_2=[second for _, second in examples]
    )
    table = table.assign(bloc_rank=[blocs.index(target) for target in table["target"]])
    columns = [
        "target", "bloc_rank", "reference", "term", "count_target", "count_reference", "articles_target",
        "articles_reference", "n_articles_target", "n_articles_reference", "log_ratio", "log_ratio_low",
        "log_ratio_high", "g2", "z", "dp_target", "q", "driven_by", "flag",
        "example_1", "example_2",
    ]  # fmt: skip
    return table[columns]


def _examples(result: Result, term: str, bloc: str) -> tuple[str, str]:
    """Show a term in two lines of its bloc, of two articles if it can be."""
    places = result.evidence_for(term=term, bloc=bloc)
    again = places["article_id"].duplicated()
    chosen = places.assign(again=again).sort_values(["again", "article_id", "start"]).head(2)
    lines = [f"{row.article_id}: {row.left} [{row.match}] {row.right}" for row in chosen.itertuples()]
    return (*lines, "", "")[:2]


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return f"No term passes the filter (|G2| of at least {G2_FILTER}, in two articles)."
    groups = data.drop_duplicates("target")
    sizes = ", ".join(
        f"{row.target} {row.n_articles_target} against {row.n_articles_reference}"
        for row in groups.itertuples()
    )
    interval = " Bars are 95 % intervals over articles." if data["log_ratio_low"].notna().any() else ""
    return (
        f"Log ratio (log2 of the ratio of rates, 0.5 added) against all other blocs pooled; at the right, "
        f"occurrences in the bloc : in the rest. Ranked by size among terms with G2 (four-term) of at least "
        f"{G2_FILTER} that stand in two of the bloc's articles, or in its only one. A larger mark is more evenly "
        f"spread (DP); a hollow mark is driven by one article: without it the sign turns or the size halves."
        f"{interval} Articles: {sizes}. {small_sample(groups['n_articles_target'])}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty contrast plot: 0 terms of the corpus pass the filter that the caption states."
    first = data.groupby("target", sort=False).head(1)
    tops = [f"{row.target} {row.term} {row.log_ratio:.1f}" for row in first.itertuples()]
    return fit_alt("Dot plots of the terms that set each bloc apart; the largest log ratio of each:", tops)


def _height(data: pd.DataFrame) -> float:
    sizes = data.groupby("target").size()
    most = sizes.max() if len(data) else 1
    return round(4 * (1.0 + 0.23 * most) * panel_grid(len(sizes))[0]) / 4


FIGURE = FigureSpec(
    "3_contrasts",
    "The terms that set each bloc apart",
    "03_contrasts",
    _data,
    draw_contrasts,
    _height,
    _caption,
    _alt,
)
