"""The multiverse of sentiment: the headline claims under every combination of defensible choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

import pandas as pd

from analysis.corpus import Corpus
from analysis.sentiment.contract import label_scores

PUBLISHED = {
    "voice": "own and quoted",
    "scored_as": "probabilities",
    "unit": "mention",
    "baseline": "none",
    "coding": "published",
    "left_out": "none",
}
"""The choices behind a published balance; the scorer stands apart."""

_MOST_LEFT_OUT = 10


def run_sentiment_specifications(
    corpus: Corpus, scored: Mapping[str, pd.DataFrame], claims: Iterable[tuple[str, str]]
) -> pd.DataFrame:
    """Compute the difference in balance under every combination of choices.

    Scorer, voice, probabilities or labels, the unit that is averaged (mention or article), the baseline (none,
    or minus the article's own mean over all actors), the coding of the outlets and an article left out (of the
    ten with most mentions of the actor) are crossed in full.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    scored : mapping of str to pandas.DataFrame
        Scorer to its table ``scores``.
    claims : iterable of (str, str)
        Bloc and actor_id: the balance of the actor in the bloc minus that in all others together.

    Returns
    -------
    pandas.DataFrame
        One row per claim and specification: ``item`` (actor_id), ``group`` (bloc), the choices as text,
        ``measure`` (the scorer) and ``value``; NaN where a side does not mention the actor.
    """
    columns = ["item", "group", *PUBLISHED, "measure", "value"]
    coded = {article.article_id: article.bloc for article in corpus.articles}
    other = {article.article_id: article.bloc_alternative or article.bloc for article in corpus.articles}
    codings = {PUBLISHED["coding"]: coded} | ({"alternative": other} if coded != other else {})
    rows = []
    for (bloc, actor_id), (scorer, table) in product(list(claims), sorted(scored.items())):
        left_out = _choose_left_out(table, actor_id, len(corpus))
        for own, labels, minus in product((False, True), (False, True), (False, True)):
            part = _values(table, labels=labels, own=own, minus_article=minus)
            mine = part[part["actor_id"] == actor_id].groupby("article_id")["value"].agg(["sum", "size"])
            part = {name: (float(row["sum"]), int(row["size"])) for name, row in mine.iterrows()}
            said = {
                "item": actor_id, "group": bloc, "measure": scorer,
                "voice": "own only" if own else PUBLISHED["voice"],
                "scored_as": "labels" if labels else PUBLISHED["scored_as"],
                "baseline": "article mean" if minus else PUBLISHED["baseline"],
            }  # fmt: skip
            for (coding, blocs), article_id, unit in product(
                codings.items(), left_out, ("mention", "article")
            ):
                rows.append(
                    said
                    | {"coding": coding, "left_out": article_id or PUBLISHED["left_out"], "unit": unit}
                    | {"value": _difference(part, blocs, bloc, article_id, unit)}
                )
    return pd.DataFrame(rows, columns=columns)


def _choose_left_out(table: pd.DataFrame, actor_id: str, articles: int) -> list[str | None]:
    """List the articles with most mentions of the actor, and None for none."""
    if articles < 2:
        return [None]
    counted = table.loc[table["actor_id"] == actor_id, "article_id"].value_counts()
    order = sorted(counted.index, key=lambda name: (-counted[name], name))
    return [None, *order[:_MOST_LEFT_OUT]]


def _values(table: pd.DataFrame, *, labels: bool, own: bool, minus_article: bool) -> pd.DataFrame:
    """Give each mention its number."""
    if labels:
        signs = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
        value = pd.Series(label_scores(table), index=table.index).map(signs).astype(float)
    else:
        value = table["positive"] - table["negative"]
    part = table[["article_id", "actor_id", "voice"]].assign(value=value)
    if own:
        part = part[part["voice"] == "own"]
    if minus_article:
        part = part.assign(value=part["value"] - part.groupby("article_id")["value"].transform("mean"))
    return part


def _difference(
    part: Mapping[str, tuple[float, int]], blocs: Mapping[str, str], bloc: str, left_out: str | None, unit: str
) -> float:
    """Subtract the mean of all other blocs from that of the bloc."""
    means = []
    for wanted in (True, False):
        sums = [
            (total, count)
            for article_id, (total, count) in part.items()
            if article_id != left_out and (blocs[article_id] == bloc) == wanted
        ]
        if not sums:
            return float("nan")
        if unit == "article":
            means.append(sum(total / count for total, count in sums) / len(sums))
        else:
            means.append(sum(total for total, _ in sums) / sum(count for _, count in sums))
    return float(means[0] - means[1])
