"""Chooses the headline claims that the multiverse specifies otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.copy_weights import weighted_mean
from analysis.corpus import Corpus
from analysis.measures.headlines import top_contrasts

MOST_CLAIMS = 3


def choose_term_claims(contrasts: pd.DataFrame) -> list[tuple[str, str]]:
    """Choose the foremost term of each bloc.

    Parameters
    ----------
    contrasts : pandas.DataFrame
        The table ``contrasts``.

    Returns
    -------
    list of (str, str)
        Bloc and term, in the order of the blocs; at most three.
    """
    table = top_contrasts(contrasts, terms=1)
    return list(zip(table["target"], table["term"], strict=True))[:MOST_CLAIMS]


def choose_sentiment_claims(
    corpus: Corpus, scores: pd.DataFrame, actors: list[str], *, min_mentions: int
) -> list[tuple[str, str]]:
    """Choose, for the actors named most, the bloc that differs most from all others together.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    scores : pandas.DataFrame
        The table ``scores``.
    actors : list of str
        actor_ids, the foremost first.
    min_mentions : int
        Mentions that the bloc, and all others together, must have.

    Returns
    -------
    list of (str, str)
        Bloc and actor_id; at most three. Ties go to the earlier bloc.
    """
    blocs = {article.article_id: article.bloc for article in corpus.articles}
    table = scores.assign(value=scores["positive"] - scores["negative"], bloc=scores["article_id"].map(blocs))
    table["weight"] = corpus.copies.weights(scores["article_id"].tolist())
    chosen: list[tuple[str, str]] = []
    for actor_id in actors:
        mine = table[table["actor_id"] == actor_id]
        best, size = None, 0.0
        for bloc in corpus.grouping("bloc").labels:
            inside = mine["bloc"] == bloc
            weight = mine["weight"]
            if min(weight[inside].sum(), weight[~inside].sum()) < min_mentions - 1e-9:
                continue
            means = [weighted_mean(mine.loc[side, "value"], weight[side]) for side in (inside, ~inside)]
            difference = abs(round(means[0] - means[1], 4))
            if difference > size:
                best, size = bloc, difference
        if best is not None:
            chosen.append((best, actor_id))
    return chosen[:MOST_CLAIMS]


def choose_theme_claims(robustness: pd.DataFrame) -> list[tuple[str, str]]:
    """Choose the themes whose weight differs most between a bloc and all others together.

    Parameters
    ----------
    robustness : pandas.DataFrame
        The table ``robustness``, which holds the published differences.

    Returns
    -------
    list of (str, str)
        Bloc and theme_id, the largest first; at most three, of different themes.
    """
    rows = robustness[robustness["measure"] == "themes"].drop_duplicates(["item", "group"])
    rows = rows.assign(_size=rows["reference_value"].abs().round(9), _order=np.arange(len(rows)))
    rows = rows[rows["_size"] > 0].sort_values(["_size", "_order"], ascending=[False, True])
    rows = rows.drop_duplicates("item").head(MOST_CLAIMS)
    return list(zip(rows["group"], rows["item"], strict=True))
