"""Measures the alias table against coded mentions (NewsWCL50)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis.aliases import ActorTable
from analysis.mentions import find_mentions


def measure_alias_recall(
    gold: pd.DataFrame, actors: ActorTable, published: tuple[date, date] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure how well the table maps coded mentions to countries (NewsWCL50).

    A coded mention is *found* if an actor of its country is mentioned in it. Many coded mentions name
    nobody ("the president", "defendants"): they are understood from the article, which an alias table
    does not do. So recall is given over all, and over the *named* ones: those with a capitalised word
    that no coded mention has in lower case.

    Parameters
    ----------
    gold : pandas.DataFrame
        Columns code_name (ISO 3166 alpha-3 code, optionally followed by a backslash and a person) and
        code_mention (the words).
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
    found = [find_mentions(text, actors, published=published) for text in frame["mention"]]
    frame["predicted"] = [
        frozenset(actors.countries[mention.actor_id] for mention in mentions) for mentions in found
    ]
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
