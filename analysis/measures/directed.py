"""Who does what to whom: directed cooperative and conflictual relations between actors, counted by group."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.corpus import Corpus, Grouping
from analysis.relations.finding import find_relations
from analysis.relations.verbs import VerbTable
from analysis.resampling import descriptive_flag
from analysis.results import EVIDENCE_COLUMNS, Result, hit_row, table_evidence
from analysis.schema.results import as_declared
from analysis.text import voice_at

DIRECTED_KEYS = (
    "subject_id",
    "object_id",
    "relation",
    "status",
    "article_id",
    "outlet",
    "bloc",
    "voice",
    "verb",
)
_RELATION = ["subject_id", "object_id", "relation"]
_SENTENCE = ["article_id", "sentence_id", *_RELATION]


def measure_directed(
    corpus: Corpus,
    groupings: list[Grouping],
    mentions: pd.DataFrame,
    actors: pd.DataFrame,
    verbs: VerbTable,
    *,
    statistics: StatisticsParameters,
) -> Result:
    """Count the directed relations between actors.

    In every sentence that names two actors, `analysis.relations.finding` looks for a listed verb or noun between
    them, and for who does it to whom. A sentence counts once for a subject, object and kind, however many
    verbs say so. What is only possible, or denied, is counted apart.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    groupings : list of Grouping
        Which groups to count.
    mentions : pandas.DataFrame
        The table ``mentions``.
    actors : pandas.DataFrame
        ``actor_id``, ``actor`` (label) and ``kind``.
    verbs : VerbTable
        The verbs and nouns.
    statistics : StatisticsParameters
        Below how many articles a count is called descriptive.

    Returns
    -------
    Result
        The table ``directed``: every relation that the corpus holds, in every group; by asserted
        sentences in the corpus, then labels. Not for: the absence of a relation, as most that a reader
        would see are expressed by other words.
    """
    hits, n_sentences = _find_hits(
        corpus, mentions, dict(zip(actors["actor_id"], actors["kind"], strict=True)), verbs
    )
    labels = actors.set_index("actor_id")["actor"]
    asserted = hits[hits["status"] == "asserted"]
    once = asserted.drop_duplicates(_SENTENCE)
    order = hits[_RELATION].drop_duplicates().reset_index(drop=True)
    totals = once.groupby(_RELATION).size().rename("total").reset_index()
    order = order.merge(totals, on=_RELATION, how="left").fillna({"total": 0})
    order = order.assign(
        subject=labels.reindex(order["subject_id"]).to_numpy(),
        object=labels.reindex(order["object_id"]).to_numpy(),
    )
    order = order.sort_values(
        ["total", "subject", "object", "relation"], ascending=[False, True, True, True], ignore_index=True
    )
    counts = {
        "n": once,
        "n_material": asserted[asserted["material"]].drop_duplicates(_SENTENCE),
        "n_articles": asserted.drop_duplicates(["article_id", *_RELATION]),
        "n_hypothetical": hits[hits["status"] == "hypothetical"].drop_duplicates(_SENTENCE),
        "n_negated": hits[hits["status"] == "negated"].drop_duplicates(_SENTENCE),
    }
    parts = []
    for rank, grouping in enumerate(groupings):
        for place, (label, positions) in enumerate(grouping.members.items()):
            names = [corpus.ids[p] for p in positions]
            part = order.assign(level=grouping.level, group=label, _rank=rank, _place=place, _row=order.index)
            for name, chosen in counts.items():
                part[name] = _count(chosen[chosen["article_id"].isin(names)], order)
            part["verbs"] = _list_verbs(asserted[asserted["article_id"].isin(names)], order)
            least = statistics.min_articles_interval
            # copies of one text are one piece of evidence, however many there are
            own = counts["n_articles"][counts["n_articles"]["article_id"].isin(names)]
            own = own.assign(article_id=corpus.copies.texts(own["article_id"].tolist()))
            texts = _count(own.drop_duplicates(["article_id", *_RELATION]), order)
            part["flag"] = corpus.copies.in_words([descriptive_flag(n) if n < least else "" for n in texts])
            parts.append(part)
    table = pd.concat(parts) if parts and len(order) else pd.DataFrame()
    if len(table):
        table = table.sort_values(["_rank", "_row", "_place"], ignore_index=True)
    silent = n_sentences - len(hits.drop_duplicates(["article_id", "sentence_id"]))
    return Result(
        "directed",
        as_declared(table, "directed"),
        params={
            "verbs": sum(bool(one.relation) and one.pos == "verb" for one in verbs.entries),
            "nouns": sum(bool(one.relation) and one.pos == "noun" for one in verbs.entries),
        },
        provenance={"classes": "CAMEO's roots (Gerner et al. 2002), in two halves", "accuracy": verbs.accuracy},
        excluded=pd.DataFrame(
            [
                {
                    "what": "sentences",
                    "n": silent,
                    "why": "they name two actors, but no listed verb or noun joins them",
                }
            ]
        ),
        evidence=table_evidence(hits, DIRECTED_KEYS),
    )


def _find_hits(
    corpus: Corpus, mentions: pd.DataFrame, kinds: dict[str, str], verbs: VerbTable
) -> tuple[pd.DataFrame, int]:
    """Find the relations of all sentences that name two actors, in reading order."""
    articles = {article.article_id: article for article in corpus.articles}
    rows, n_sentences = [], 0
    keys = ["article_id", "sentence_id"]
    several = mentions.groupby(keys)["actor_id"].transform("nunique") > 1
    ordered = mentions[several].sort_values([*keys, "start"])
    by_sentence = defaultdict(list)
    columns = (ordered[name].tolist() for name in (*keys, "start", "end", "actor_id"))
    for name, sentence_id, *place in zip(*columns, strict=True):
        by_sentence[name, sentence_id].append(tuple(place))
    for (name, sentence_id), places in by_sentence.items():
        n_sentences += 1
        article = articles[name]
        sentence = article.sentences[sentence_id]
        # a misprinted stop can end a sentence inside a name
        text = article.text[sentence.start : max(sentence.end, *(end for _, end, _ in places))]
        inside = [(start - sentence.start, end - sentence.start, actor) for start, end, actor in places]
        for one in find_relations(text, inside, verbs, kinds):
            start = sentence.start + one.place
            end = start + len(text[one.place :].split(None, 1)[0].rstrip(".,;:!?\"')"))
            rows.append(
                {
                    **hit_row(article, start, end),
                    "subject_id": one.subject,
                    "object_id": one.object,
                    "relation": one.relation,
                    "status": one.status,
                    "verb": one.verb,
                    "material": one.material,
                    "voice": voice_at(article.quotes, start, end),
                }
            )
    columns = [*EVIDENCE_COLUMNS, *_RELATION, "status", "verb", "material", "voice"]
    return pd.DataFrame(rows, columns=columns).astype({"material": bool}), n_sentences


def _count(hits: pd.DataFrame, order: pd.DataFrame) -> np.ndarray:
    """Count hits by relation, in the order of the table."""
    found = hits.groupby(_RELATION).size()
    return found.reindex(pd.MultiIndex.from_frame(order[_RELATION]), fill_value=0).to_numpy(dtype=np.int64)


def _list_verbs(hits: pd.DataFrame, order: pd.DataFrame) -> list[str]:
    """List the verbs of each relation with their number, the most frequent first."""
    listed = {
        key: ", ".join(
            f"{verb} {n}"
            for verb, n in sorted(Counter(part["verb"]).items(), key=lambda item: (-item[1], item[0]))
        )
        for key, part in hits.groupby(_RELATION)
    }
    return [listed.get(key, "") for key in order[_RELATION].itertuples(index=False, name=None)]
