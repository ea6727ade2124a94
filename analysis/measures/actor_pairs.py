"""Actor by actor: who is praised or blamed in the sentences that name another beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.corpus import Corpus, Grouping
from analysis.intervals import METHOD
from analysis.measures.attention import rank_actors
from analysis.measures.balance_cells import measure_cells, sum_cells
from analysis.results import EVIDENCE_COLUMNS, Evidence, Result, table_evidence
from analysis.schema.results import as_declared

PAIR_KEYS = ("actor_id", "beside_id", "article_id", "outlet", "bloc", "voice")


def measure_actor_pairs(
    corpus: Corpus,
    groupings: list[Grouping],
    scores: pd.DataFrame,
    actors: pd.DataFrame,
    *,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Measure the balance toward each actor beside each other actor.

    The unit is the sentence that names both. Balance is the mean of positive minus negative over the
    mentions of the judged actor in those sentences; ``difference`` takes off its balance over all its
    mentions in the group, so that an actor that is blamed everywhere is not blamed for its company.
    Intervals resample articles. A sentence does not say that the two act on each other:
    `analysis.measures.directed` looks for that.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Which groups to measure.
    scores : pandas.DataFrame
        The table ``scores``.
    actors : pandas.DataFrame
        ``actor_id`` and ``actor`` (label).
    statistics : StatisticsParameters
        Of the intervals.
    evidence : Evidence, optional
        Finds the scored mentions.

    Returns
    -------
    Result
        The table ``actor_pairs``: every ordered pair that a sentence of the corpus names, in every group;
        by actors in the order of their mentions. A group that never names both has 0 sentences.
    """
    labels = actors.set_index("actor_id")["actor"]
    order = rank_actors(scores, labels)
    mentions = _beside(scores, order)
    pairs = (
        mentions[["actor", "beside"]].drop_duplicates().sort_values(["actor", "beside"], ignore_index=True)
    )
    index = pd.MultiIndex.from_frame(pairs)
    cell = index.get_indexer(pd.MultiIndex.from_frame(mentions[["actor", "beside"]]))
    ids = pd.Index(corpus.ids)
    article = ids.get_indexer(mentions["article_id"])
    weights = corpus.weights
    sums = sum_cells((article, cell), weights[article], mentions["score"].to_numpy(), (len(ids), len(pairs)))
    there = sum_cells((article, cell), np.ones(len(mentions)), np.zeros(len(mentions)), (len(ids), len(pairs)))
    everywhere = sum_cells(
        (ids.get_indexer(scores["article_id"]), pd.Index(order, dtype=str).get_indexer(scores["actor_id"])),
        weights[ids.get_indexer(scores["article_id"])],
        (scores["positive"] - scores["negative"]).to_numpy(dtype=float),
        (len(ids), len(order)),
    )
    # a sentence counts once, however often it names the actor
    once = mentions.assign(place=article, cell=cell).drop_duplicates(["place", "sentence_id", "cell"])
    sentences = sum_cells(
        (once["place"].to_numpy(), once["cell"].to_numpy()), np.ones(len(once)), np.zeros(len(once)),
        (len(ids), len(pairs)),
    )  # fmt: skip
    owner = pairs["actor"].to_numpy(dtype=int)
    parts = []
    for grouping in groupings:
        for label, positions in grouping.members.items():
            if not len(pairs):
                continue
            names = corpus.copies.texts([corpus.ids[p] for p in positions])
            found = measure_cells(sums.rows(positions), everywhere.rows(positions), owner, names, statistics)
            found = found.assign(
                level=grouping.level,
                group=label,
                n_mentions=np.asarray(there.weight[positions].sum(axis=0)).ravel().astype(int),
                flag=corpus.copies.in_words(found["flag"].tolist()),
                n_sentences=np.asarray(sentences.weight[positions].sum(axis=0)).ravel().astype(int),
                pair=range(len(pairs)),
            )
            parts.append(found)
    table = _named(pd.concat(parts, ignore_index=True), pairs, order, labels) if parts else pd.DataFrame()
    return Result(
        "actor_pairs",
        as_declared(table, "actor_pairs"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={
            "balance": "mean of positive minus negative over the actor's mentions in sentences that name both",
            "interval": METHOD,
        },
        evidence=_pair_evidence(evidence, order) if evidence else None,
    )


def _beside(scores: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Pair each mention with every other actor of its sentence."""
    keys = ["article_id", "sentence_id"]
    ranks = {actor_id: rank for rank, actor_id in enumerate(order)}
    mentions = scores[keys].assign(
        actor=scores["actor_id"].map(ranks),
        score=(scores["positive"] - scores["negative"]).astype(float),
        row=range(len(scores)),
    )
    others = mentions[[*keys, "actor"]].drop_duplicates().rename(columns={"actor": "beside"})
    joined = mentions.merge(others, on=keys)
    joined = joined[joined["actor"] != joined["beside"]]
    return joined.sort_values(["row", "beside"], ignore_index=True)


def _named(table: pd.DataFrame, pairs: pd.DataFrame, order: list[str], labels: pd.Series) -> pd.DataFrame:
    """Name the actors of each pair, and bring the table into its order."""
    actor, beside = (pairs[side].to_numpy(dtype=int)[table["pair"]] for side in ("actor", "beside"))
    ids = np.array(order, dtype=object)
    table = table.assign(
        actor_id=ids[actor],
        beside_id=ids[beside],
        actor=labels.reindex(ids[actor]).to_numpy(),
        beside=labels.reindex(ids[beside]).to_numpy(),
    )
    return table.drop(columns=["pair", "weight"])


def _pair_evidence(evidence: Evidence, order: list[str]) -> Evidence:
    """Find the mentions of an actor beside another."""

    def find(wanted):
        hits = evidence.find({})
        scored = hits.assign(positive=hits["balance"], negative=0.0)
        pairs = _beside(scored, order)
        found = hits.iloc[pairs["row"]].assign(
            beside_id=np.array(order, dtype=object)[pairs["beside"].to_numpy(dtype=int)]
        )
        columns = [*EVIDENCE_COLUMNS, "actor_id", "beside_id", "voice", "balance"]
        return table_evidence(found[columns].reset_index(drop=True), PAIR_KEYS).find(wanted)

    return Evidence(PAIR_KEYS, find)
