"""Figure 10: where in each article the foremost term of each bloc stands."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.errors import UnknownName, counted
from analysis.figures.spec import FigureSpec, fit_alt, row_height
from analysis.measures.headlines import top_contrasts
from analysis.plots.xray import draw_xray

MOST_ARTICLES = 30
MOST_TERMS = 3


def term_places(study, terms: Iterable[str]) -> pd.DataFrame:
    """Find where in each article terms stand.

    Parameters
    ----------
    study : analysis.study.Study
        The study.
    terms : iterable of str
        The terms, as they are counted.

    Returns
    -------
    pandas.DataFrame
        The table behind the dispersion plot: one row per term, article and occurrence, with ``place`` from 0
        (start) to 1 (end), and one row with an empty place where an article lacks the term. Of a larger
        corpus the `MOST_ARTICLES` articles with the most occurrences of all the terms; ``n_articles`` says
        how many there are, ``n_articles_term`` how many hold the term.

    Raises
    ------
    UnknownName
        A term does not occur.
    """
    counts, corpus = study.counts, study.corpus
    wanted = list(dict.fromkeys(terms))
    for term in wanted:
        if term not in counts.position:
            raise UnknownName("term", term, counts.terms)
    hits = {term: counts.column(term) for term in wanted}
    total = sum(hits.values()) if wanted else []
    blocs = corpus.grouping("bloc").labels
    order = sorted(range(len(corpus)), key=lambda row: (-total[row], corpus.ids[row])) if wanted else []
    shown = sorted(
        order[:MOST_ARTICLES], key=lambda row: (blocs.index(corpus.articles[row].bloc), corpus.ids[row])
    )
    rows = []
    for term in wanted:
        found = study.result("contrasts").evidence_for(term=term)
        for row in shown:
            article = corpus.articles[row]
            starts = found.loc[found["article_id"] == article.article_id, "start"]
            places = [start / max(1, len(article.text)) for start in starts] or [float("nan")]
            rows += [
                {
                    "term": term, "article_id": article.article_id, "bloc": article.bloc,
                    "bloc_rank": blocs.index(article.bloc), "n_tokens": int(counts.sizes[row]),
                    "n_hits": int(hits[term][row]), "place": place, "n_articles": len(corpus),
                    "n_articles_term": int((hits[term] > 0).sum()),
                }
                for place in places
            ]  # fmt: skip
    columns = [
        "term", "article_id", "bloc", "bloc_rank", "n_tokens", "n_hits", "place", "n_articles", "n_articles_term",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _data(study) -> pd.DataFrame:
    table = top_contrasts(study.result("contrasts").table, terms=1)
    return term_places(study, table["term"].head(MOST_TERMS))


def _caption(data: pd.DataFrame) -> str:
    if data.empty:
        return "No term sets a bloc apart, so there is none whose places could be shown."
    first = data.drop_duplicates("term")
    spread = "; ".join(
        f"{row.term} in {row.n_articles_term} of {row.n_articles}" for row in first.itertuples()
    )
    part = ""
    if data["article_id"].nunique() < int(first["n_articles"].iloc[0]):
        part = f" Shown are the {MOST_ARTICLES} articles with the most occurrences."
    return (
        f"Every occurrence of the foremost term of each bloc, from the start to the end of each article, with the "
        f"count. A term that stands in one article is that article's, not its bloc's. Articles: {spread}.{part}"
    )


def _alt(data: pd.DataFrame) -> str:
    if data.empty:
        return "Empty dispersion plot: 0 terms of this corpus set a bloc apart."
    first = data.drop_duplicates("term")
    items = [f"{row.term} in {counted(row.n_articles_term, 'article')}" for row in first.itertuples()]
    return fit_alt("Dispersion plot of where terms stand in each article:", items)


FIGURE = FigureSpec(
    "10_xray",
    "Where the foremost terms stand",
    "03_contrasts",
    _data,
    draw_xray,
    row_height("article_id", 0.8, 0.22),
    _caption,
    _alt,
)
