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
    texts, rows = dict(zip(corpus.ids, corpus.texts, strict=True)), []
    for (bloc, actor_id), (scorer, table) in product(list(claims), sorted(scored.items())):
        left_out = _choose_left_out(table, actor_id, corpus)
        for own, labels, minus in product((False, True), (False, True), (False, True)):
            part = _values(table, labels=labels, own=own, minus_article=minus)
            mine = part[part["actor_id"] == actor_id].groupby("article_id")["value"].agg(["sum", "size"])
            counted = dict(zip(mine.index, corpus.copies.weights(list(mine.index)), strict=True))
            part = {
                name: (float(row["sum"]), int(row["size"]), counted[name]) for name, row in mine.iterrows()
            }
            said = {
                "item": actor_id, "group": bloc, "measure": scorer,
                "voice": "own only" if own else PUBLISHED["voice"],
                "scored_as": "labels" if labels else PUBLISHED["scored_as"],
                "baseline": "article mean" if minus else PUBLISHED["baseline"],
            }  # fmt: skip
            for (coding, blocs), article_id, unit in product(
                codings.items(), left_out, ("mention", "article")
            ):
                kept = {
                    name: sums
                    for name, sums in part.items()
                    if article_id is None or texts[name] != texts[article_id]
                }
                rows.append(
                    said
                    | {"coding": coding, "left_out": article_id or PUBLISHED["left_out"], "unit": unit}
                    | {"value": _difference(kept, blocs, bloc, unit)}
                )
    return pd.DataFrame(rows, columns=columns)


def _choose_left_out(table: pd.DataFrame, actor_id: str, corpus: Corpus) -> list[str | None]:
    """List the articles with most mentions of the actor, one of each text, and None for none."""
    if len(set(corpus.texts)) < 2:
        return [None]
    found = table.loc[table["actor_id"] == actor_id, "article_id"].value_counts()
    names = sorted(found.index)
    weights = dict(zip(names, corpus.copies.weights(names), strict=True))
    texts = dict(zip(names, corpus.copies.texts(names), strict=True))
    counted: dict[str, float] = {}
    first = {texts[name]: name for name in reversed(names)}
    for name in names:
        counted[first[texts[name]]] = counted.get(first[texts[name]], 0.0) + found[name] * weights[name]
    order = sorted(counted, key=lambda name: (-round(counted[name], 9), name))
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
    part: Mapping[str, tuple[float, int, float]], blocs: Mapping[str, str], bloc: str, unit: str
) -> float:
    """Subtract the mean of all other blocs from that of the bloc; articles bring sum, number and weight."""
    means = []
    for wanted in (True, False):
        sums = [found for article_id, found in part.items() if (blocs[article_id] == bloc) == wanted]
        if not sums:
            return float("nan")
        if unit == "article":
            weight = sum(weight for *_, weight in sums)
            means.append(sum(weight * (total / count) for total, count, weight in sums) / weight)
        else:
            number = sum(weight * count for _, count, weight in sums)
            means.append(sum(weight * total for total, _, weight in sums) / number)
    return float(means[0] - means[1])
