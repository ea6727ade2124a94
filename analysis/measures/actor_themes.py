"""Actor by theme: how much each actor is mentioned under each theme, and the sentiment toward it there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD
from analysis.measures.attention import rank_actors
from analysis.measures.balance_cells import measure_cells, sum_cells
from analysis.results import Result, table_evidence
from analysis.schema.results import as_declared

THEME_ACTOR_KEYS = ("theme_id", "actor_id", "article_id", "outlet", "bloc", "voice")


def measure_actor_themes(
    corpus: Corpus,
    groupings: list[Grouping],
    themes: Result,
    scores: Result,
    actors: pd.DataFrame,
    *,
    statistics: StatisticsParameters,
) -> Result:
    """Cross actors with themes.

    Each mention counts for the themes of its paragraph in proportion to their weight there, so that a
    mention's parts add up to one. Balance is the mean of positive minus negative with these parts as
    weights; ``difference`` takes off the actor's balance over all its mentions in the group. Intervals
    resample articles; the theme model is not refitted.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Which groups to measure.
    themes, scores : Result
        The results of these names, with their evidence.
    actors : pandas.DataFrame
        ``actor_id`` and ``actor`` (label).
    statistics : StatisticsParameters
        Of the intervals.

    Returns
    -------
    Result
        The table ``actor_themes``: every theme by every actor that a paragraph of some theme mentions, in
        every group. What stands in paragraphs without a theme is listed as excluded.
    """
    labels = actors.set_index("actor_id")["actor"]
    table = scores.table
    order = rank_actors(table, labels)
    named = themes.table.drop_duplicates("theme_id").set_index("theme_id")["label"]
    parts = theme_parts(table, themes.evidence.find({}))
    ids, ranks = pd.Index(corpus.ids), pd.Index(order, dtype=str)
    values = (table["positive"] - table["negative"]).to_numpy(dtype=float)
    article = ids.get_indexer(table["article_id"])
    actor = ranks.get_indexer(table["actor_id"])
    row = parts["row"].to_numpy(dtype=int)
    used = np.unique(actor[row])
    column = np.searchsorted(used, actor[row]) * len(named) + named.index.get_indexer(parts["theme_id"])
    shape = (len(ids), len(used) * len(named))
    weights = corpus.weights
    part = parts["part"].to_numpy(dtype=float) * weights[article[row]]
    sums = sum_cells((article[row], column), part, values[row], shape)
    counts = sum_cells((article[row], column), np.ones(len(row)), np.zeros(len(row)), shape)
    everywhere = sum_cells((article, actor), weights[article], values, (len(ids), len(order)))
    owner = np.repeat(used, len(named))
    found = [
        _group_cells(corpus, grouping, label, (sums, counts, everywhere, owner), statistics)
        for grouping in groupings
        for label in grouping.members
        if shape[1]
    ]
    rows = pd.DataFrame()
    if found:
        rows = pd.concat(found, ignore_index=True)
        themes_of, actors_of = rows["cell"] % len(named), owner[rows["cell"]]
        rows = rows.assign(
            theme_id=named.index.to_numpy()[themes_of],
            label=named.to_numpy()[themes_of],
            actor_id=np.array(order, dtype=object)[actors_of],
            actor=labels.reindex(np.array(order, dtype=object)[actors_of]).to_numpy(),
        )
    hits = scores.evidence.find({}) if scores.evidence else None
    return Result(
        "actor_themes",
        as_declared(rows, "actor_themes"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={
            "weights": "the theme's share of the theme weight of the mention's paragraph",
            "interval": f"{METHOD}; themes as fitted once",
        },
        excluded=pd.DataFrame(
            [
                {
                    "what": "mentions",
                    "n": len(table) - parts["row"].nunique(),
                    "why": "their paragraph carries no theme",
                }
            ]
        ),
        evidence=None if hits is None else table_evidence(_hits_of(hits, table, parts), THEME_ACTOR_KEYS),
    )


def theme_parts(mentions: pd.DataFrame, paragraphs: pd.DataFrame) -> pd.DataFrame:
    """Divide each mention among the themes of its paragraph.

    Parameters
    ----------
    mentions : pandas.DataFrame
        With ``article_id`` and ``start``.
    paragraphs : pandas.DataFrame
        The evidence of the themes: ``theme_id``, ``weight``, ``article_id``, ``start``, ``end``.

    Returns
    -------
    pandas.DataFrame
        ``row`` (position in `mentions`), ``theme_id`` and ``part``; the parts of a mention add up to 1.
    """
    keys = ["article_id", "start"]
    weights = paragraphs[["theme_id", "weight", *keys, "end"]].astype({"weight": float})
    weights = weights[weights["weight"] > 0]
    weights = weights.assign(part=weights["weight"] / weights.groupby(keys)["weight"].transform("sum"))
    spans = weights[[*keys, "end"]].drop_duplicates()
    if spans.empty or mentions.empty:
        return pd.DataFrame({"row": [], "theme_id": [], "part": []}).astype({"row": int, "part": float})
    places = mentions[keys].assign(row=range(len(mentions))).astype({"start": "int64"})
    spans = spans.astype({"start": "int64", "end": "int64"}).assign(paragraph=lambda table: table["start"])
    inside = pd.merge_asof(
        places.sort_values(["start", "row"]),
        spans.sort_values(["start", "article_id"]),
        on="start",
        by="article_id",
    )
    inside = inside[inside["start"] < inside["end"]]
    joined = inside[["article_id", "row", "paragraph"]].merge(
        weights.rename(columns={"start": "paragraph"})[["article_id", "paragraph", "theme_id", "part"]],
        on=["article_id", "paragraph"],
    )
    return joined.sort_values(["row", "theme_id"], ignore_index=True)[["row", "theme_id", "part"]]


def _group_cells(
    corpus: Corpus, grouping: Grouping, label: str, cells: tuple, statistics: StatisticsParameters
) -> pd.DataFrame:
    """Measure every actor and theme in one group."""
    positions = grouping.members[label]
    sums, counts, everywhere, owner = cells
    names = corpus.copies.texts([corpus.ids[p] for p in positions])
    found = measure_cells(sums.rows(positions), everywhere.rows(positions), owner, names, statistics)
    totals = found.groupby(owner)["weight"].transform("sum")
    return found.assign(
        level=grouping.level,
        group=label,
        cell=range(len(owner)),
        flag=corpus.copies.in_words(found["flag"].tolist()),
        n_mentions=np.asarray(counts.weight[positions].sum(axis=0)).ravel().astype(int),
        weighted_mentions=found["weight"],
        share=(found["weight"] / totals.where(totals > 0)).clip(upper=1.0),
    )


def _hits_of(hits: pd.DataFrame, mentions: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Give the sentences of the mentions their themes; the scored mentions may be in another order."""
    keys = ["article_id", "start", "actor_id"]
    divided = mentions.iloc[parts["row"].to_numpy(dtype=int)][keys].reset_index(drop=True)
    divided = divided.assign(theme_id=parts["theme_id"].to_numpy(), part=parts["part"].to_numpy())
    return hits.merge(divided, on=keys, how="inner")
