"""Draws where in each article a term stands: the dispersion ("x-ray") plot."""

from __future__ import annotations

import pandas as pd

from analysis.plots.style import FAINT, INK, group_style, label, ordered


def draw_xray(fig, data: pd.DataFrame) -> None:
    """Draw one panel per term, one line per article, one stroke per occurrence.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        An empty figure.
    data : pandas.DataFrame
        ``term``, ``article_id``, ``bloc``, ``bloc_rank``, ``n_tokens``, ``n_hits``, ``place`` (0 the article's
        first character, 1 its last; empty where the article lacks the term); in the order of drawing.
    """
    terms = ordered(data["term"])
    articles = data.drop_duplicates("article_id")
    axs = fig.subplots(1, max(1, len(terms)), sharey=True, squeeze=False).ravel()
    names = {name: line for line, name in enumerate(articles["article_id"])}
    for ax, term in zip(axs, terms, strict=False):
        rows = data[data["term"] == term]
        ax.hlines(list(names.values()), 0, 1, color=FAINT, linewidth=0.6)
        for rank, part in rows.groupby("bloc_rank", sort=True):
            found = part.dropna(subset=["place"])
            lines = found["article_id"].map(names).astype(float)
            ax.vlines(found["place"], lines - 0.33, lines + 0.33, color=group_style(int(rank))["color"], linewidth=1.2)
        for row in rows.drop_duplicates("article_id").itertuples():
            ax.text(1.03, names[row.article_id], str(int(row.n_hits)), ha="left", va="center", fontsize=7, color=INK)
        ax.set_xlim(-0.02, 1.14)
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.set_title(label(term, 24))
        ax.set_xticks([0, 0.5, 1], ["start", "middle", "end"])
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
    if len(articles):
        shown = [f"{label(row.article_id, 26)}  ({label(row.bloc, 12)})" for row in articles.itertuples()]
        axs[0].set_yticks(list(names.values()), shown)
