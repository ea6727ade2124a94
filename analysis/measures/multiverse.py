"""The multiverse: what becomes of every headline claim under all defensible choices together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures import multiverse_sentiment, multiverse_terms, multiverse_themes
from analysis.results import Result
from analysis.schema.results import as_declared

FAMILIES = {
    "contrasts": multiverse_terms.PUBLISHED,
    "sentiment": multiverse_sentiment.PUBLISHED,
    "themes": multiverse_themes.PUBLISHED,
}
"""Kind of claim to the choices behind it as published by default."""
CHOICES = tuple(dict.fromkeys(name for published in FAMILIES.values() for name in published))
"""All choices, in order; a choice that a kind of claim does not know is empty."""


def measure_multiverse(
    parts: dict[str, pd.DataFrame],
    headline: dict[str, str],
    chosen: dict[str, dict[str, str]] | None = None,
) -> Result:
    """Put the specifications of all claims into one table.

    Parameters
    ----------
    parts : dict of str to pandas.DataFrame
        A key of `FAMILIES` to its specifications: ``item``, ``group``, the choices, ``measure``, ``value``.
    headline : dict of str to str
        A key of `FAMILIES` to the measure that is published.
    chosen : dict of str to dict, optional
        A key of `FAMILIES` to the choices behind what is published, where they are not those named there.

    Returns
    -------
    Result
        The table ``multiverse``: one row per claim and specification, with ``relative`` (1 as published, 0
        nothing, below 0 turned) and ``published``.
    """
    chosen = FAMILIES | (chosen or {})
    tables = []
    for family, table in parts.items():
        if table.empty:
            continue
        published = table["measure"] == headline[family]
        for name, value in chosen[family].items():
            published &= table[name] == value
        tables.append(
            table.assign(
                family=family,
                relative=relative_effects(table, chosen[family]),
                published=published.astype(int),
            )
        )
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    if len(table):
        table = table.assign(**{name: "" for name in CHOICES if name not in table})
        table[list(CHOICES)] = table[list(CHOICES)].astype(object).fillna("")
    return Result(
        "multiverse",
        as_declared(table, "multiverse"),
        params={f"headline_{family}": measure for family, measure in headline.items()},
        provenance={"relative": "value over the value of the same measure under the published choices"},
    )


def no_multiverse(articles: int, most: int) -> Result:
    """Return the result of a corpus that is too large to be measured anew under every choice.

    Parameters
    ----------
    articles, most : int
        Its articles, and ``statistics.multiverse_articles``.

    Returns
    -------
    Result
        An empty table ``multiverse``, with the reason.
    """
    why = f"{articles:,} articles; a corpus of more than statistics.multiverse_articles = {most:,} is measured once"
    return Result(
        "multiverse",
        as_declared(pd.DataFrame(), "multiverse"),
        excluded=pd.DataFrame([{"what": "specifications", "n": 0, "why": why}]),
    )


def summarise_multiverse(multiverse: pd.DataFrame) -> Result:
    """Say for every claim, and every choice, how many specifications bear it.

    Parameters
    ----------
    multiverse : pandas.DataFrame
        The table ``multiverse``.

    Returns
    -------
    Result
        The table ``multiverse_summary``: for each claim one row for all specifications together (``choice``
        and ``option`` empty), then one per option of each choice. ``same_sign`` is a share of all
        specifications, so that one in which the number cannot be had does not bear the claim.
    """
    rows = []
    for (family, item, group), claim in multiverse.groupby(["family", "item", "group"], sort=False):
        value = claim.loc[claim["published"] == 1, "value"]
        said = {
            "family": family, "item": item, "group": group,
            "value": float(value.iloc[0]) if len(value) else np.nan,
        }  # fmt: skip
        rows.append(said | {"choice": "", "option": ""} | _describe(claim))
        for choice in [*FAMILIES[family], "measure"]:
            options = claim[choice]
            if choice == "left_out":
                options = options.where(options == FAMILIES[family]["left_out"], "one article")
            rows += [
                said | {"choice": choice, "option": option} | _describe(part)
                for option, part in claim.groupby(options, sort=False)
            ]
    return Result("multiverse_summary", as_declared(pd.DataFrame(rows), "multiverse_summary"))


def relative_effects(table: pd.DataFrame, published: dict[str, str]) -> pd.Series:
    """Express every value in units of the same measure under the published choices.

    Parameters
    ----------
    table : pandas.DataFrame
        ``item``, ``group``, ``measure``, ``value`` and the choices.
    published : dict
        Choice to its published value.

    Returns
    -------
    pandas.Series
        1 is as published, 0 nothing, below 0 turned; NaN where either is not to be had, or the published
        value is 0.
    """
    chosen = np.ones(len(table), dtype=bool)
    for name, value in published.items():
        chosen &= (table[name] == value).to_numpy()
    keys = ["item", "group", "measure"]
    base = table[chosen].drop_duplicates(keys).set_index(keys)["value"]
    unit = base.reindex(pd.MultiIndex.from_frame(table[keys])).to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        found = table["value"].to_numpy() / unit
    return pd.Series(np.where(np.isfinite(found), found, np.nan), index=table.index)


def _describe(part: pd.DataFrame) -> dict[str, float]:
    """Count the specifications that bear the claim, and say how far its size moves."""
    relative = part["relative"].to_numpy(float)
    known = relative[~np.isnan(relative)]
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95]) if len(known) else (np.nan,) * 3
    return {
        "n_specifications": len(part),
        "n_lost": int(np.isnan(relative).sum()),
        "same_sign": float((known > 0).sum() / len(part)),
        "relative_low": low,
        "relative_median": middle,
        "relative_high": high,
    }
