"""Measures the alias table against coded mentions (NewsWCL50)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis.aliases import ActorTable
from analysis.mentions import find_mentions

# parts coded mentions as paragraphs
_BETWEEN = "\n\n"


def measure_alias_recall(
    gold: pd.DataFrame, actors: ActorTable, published: tuple[date, date] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure how well the table maps coded mentions to countries (NewsWCL50).

    A coded mention is *found* if an actor of its country is mentioned in it. The data hold the coded words only, not
    the articles. So the coded mentions of an article stand for it, one a paragraph, in their order: "The president"
    can go back to a "Mr. Trump" before it, as `analysis.naming.nominals` says, and "the defendants" to "Russian agents"
    (`analysis.naming.groups`), but the words that stand between them, which could forbid it or bring the antecedent
    nearer, are not there. Nor is the determiner of many: "military spy agency", coded so, may have been "its" or "a".

    Many coded mentions name nobody ("defendants", "lawmakers"): an alias table does not lead from them
    to a country. So recall is given over all, and over the *named* ones: those with a capitalised
    word that no coded mention has in lower case.

    Parameters
    ----------
    gold : pandas.DataFrame
        Columns id (``event_outlet_number``; without it every mention stands alone), code_name (ISO 3166 alpha-3
        code, optionally followed by a backslash and a person) and code_mention (the words), in the order of `id`.
    actors : ActorTable
        The table to measure.
    published : (date, date), optional
        When the articles were published.

    Returns
    -------
    summary : pandas.DataFrame
        One row per gold country: n, found, recall, n_named, recall_named, n_predicted, precision
        (the share of the mentions mapped to the country that are coded so).
    misses : pandas.DataFrame
        One row per missed mention text and country: country, mention, n, named, predicted.
    """
    countries = gold["code_name"].str.split("\\", regex=False).str[0]
    words = gold["code_mention"].str.findall(r"[^\W\d_]+")
    lower = {word for found in words for word in found if word.islower()}
    frame = pd.DataFrame({"country": countries, "mention": gold["code_mention"]})
    article = gold["id"].str.rpartition("_")[0] if "id" in gold else pd.Series(gold.index, index=gold.index)
    for _, part in frame.groupby(article, sort=False):
        frame.loc[part.index, "predicted"] = _map_in_order(part["mention"], actors, published)
    frame["found"] = [
        country in predicted for country, predicted in zip(frame["country"], frame["predicted"], strict=True)
    ]
    frame["named"] = [
        any(word[0].isupper() and word.lower() not in lower for word in found) for found in words
    ]
    rows = []
    for country, part in frame.groupby("country", sort=True):
        mapped = frame[[country in predicted for predicted in frame["predicted"]]]
        rows.append(
            {
                "country": country,
                "n": len(part),
                "found": int(part["found"].sum()),
                "recall": part["found"].mean(),
                "n_named": int(part["named"].sum()),
                "recall_named": part.loc[part["named"], "found"].mean(),
                "n_predicted": len(mapped),
                "precision": (mapped["country"] == country).mean() if len(mapped) else float("nan"),
            }
        )
    misses = frame.loc[~frame["found"]].assign(
        predicted=lambda missed: [" ".join(sorted(predicted - {""})) for predicted in missed["predicted"]]
    )
    misses = misses.groupby(["country", "mention", "named", "predicted"]).size().rename("n").reset_index()
    misses = misses.sort_values(["country", "n", "mention"], ascending=[True, False, True], ignore_index=True)
    return pd.DataFrame(rows), misses[["country", "mention", "n", "named", "predicted"]]


def _map_in_order(mentions: pd.Series, actors: ActorTable, published: tuple[date, date] | None) -> pd.Series:
    """Map the coded mentions of one article to sets of countries, each in the light of those before it."""
    starts = (mentions.str.len() + len(_BETWEEN)).cumsum().shift(fill_value=0)
    predicted = [set() for _ in mentions]
    for found in find_mentions(_BETWEEN.join(mentions), actors, published=published):
        index = int(starts.searchsorted(found.start, side="right")) - 1
        predicted[index].add(actors.countries[found.actor_id])
    return pd.Series([frozenset(countries) for countries in predicted], index=mentions.index)
