"""Machine against coders: precision, recall and F1 of each class, for the corpus that the coded sample stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.codings import SENTIMENT, CodedItems
from analysis.config import StatisticsParameters
from analysis.intervals import METHOD, Group, article_interval, ratio
from analysis.measures.agreement import code_matrix, reference_codes
from analysis.resampling import descriptive_flag
from analysis.results import Evidence, Result
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES

ALL, MACRO = "all", "macro"
_NOTHING = {"precision": "never found", "recall": "never coded", "f1": "neither coded nor found"}
SIZE = len(CLASSES)


@dataclass(frozen=True)
class CodedLabels:
    """The mentions of a sample, as coders and as the machine have them.

    Parameters
    ----------
    articles : numpy.ndarray of str
        The article of each item.
    reference : numpy.ndarray
        Of shape (items,): the code that more than half of its coders gave, as a place in the classes; NaN
        for a tie, an item that most found unclear, and one that nobody coded.
    balance : numpy.ndarray
        Of shape (items,): the mean over its coders of -1, 0 and 1; NaN where nobody gave a class.
    reference_weight, balance_weight : numpy.ndarray
        How many mentions of the corpus an item stands for among those with a reference, or a balance; 0 for
        the others.
    found : numpy.ndarray
        Of shape (items,): the machine's class, as a place.
    n_tied, n_unclear, n_uncoded : int
        Items without a reference, by reason.
    empty_strata : tuple of str
        Strata of the sample in which no item has a reference: the estimate is not of them.
    """

    articles: np.ndarray
    reference: np.ndarray
    balance: np.ndarray
    reference_weight: np.ndarray
    balance_weight: np.ndarray
    found: np.ndarray
    n_tied: int
    n_unclear: int
    n_uncoded: int
    empty_strata: tuple[str, ...]


def match_labels(coded: CodedItems, labels: np.ndarray) -> CodedLabels:
    """Set the machine's labels beside the coders' reference codes.

    Within a stratum the weight of items that cannot be used is carried by those that can, as if it were chance
    that decides which: sum of weights of the stratum, over that of its usable items.

    Parameters
    ----------
    coded : CodedItems
        Coded mentions.
    labels : numpy.ndarray of str
        The machine's class of each item.

    Returns
    -------
    CodedLabels
        In the order of ``coded.items``.
    """
    codes, articles = code_matrix(coded, SENTIMENT, unclear=True)
    given = ~np.isnan(codes)
    reference = reference_codes(codes) if len(codes) else np.full(len(articles), np.nan)
    unclear = reference == SIZE
    uncoded = ~given.any(axis=0) if len(codes) else np.ones(len(articles), dtype=bool)
    tied = np.isnan(reference) & ~uncoded
    reference[unclear] = np.nan
    signs = np.where(given & (codes < SIZE), codes - 1, 0.0)
    balance = ratio(signs.sum(axis=0), (given & (codes < SIZE)).sum(axis=0))
    strata, weight = coded.items["stratum"].to_numpy(dtype=str), coded.items["weight"].to_numpy(dtype=float)
    usable = ~np.isnan(reference)
    place = {name: number for number, name in enumerate(CLASSES)}
    return CodedLabels(
        articles,
        reference,
        balance,
        carry_weights(weight, strata, usable),
        carry_weights(weight, strata, ~np.isnan(balance)),
        np.array([place[label] for label in labels], dtype=np.int64),
        int(tied.sum()),
        int(unclear.sum()),
        int(uncoded.sum()),
        tuple(sorted(set(strata) - set(strata[usable]))),
    )


def carry_weights(weight: np.ndarray, strata: np.ndarray, usable: np.ndarray) -> np.ndarray:
    """Let the usable items of each stratum stand for all of it.

    Parameters
    ----------
    weight : numpy.ndarray
        Of shape (items,): how many items of the corpus each sampled item stands for.
    strata : numpy.ndarray of str
        Their strata.
    usable : numpy.ndarray of bool
        Which can be used.

    Returns
    -------
    numpy.ndarray
        Of shape (items,): 0 where an item cannot be used; the sums of strata with a usable item are kept.

    Examples
    --------
    >>> carry_weights(np.array([2.0, 2, 5]), np.array(["a", "a", "b"]), np.array([True, False, True])).tolist()
    [4.0, 0.0, 5.0]
    """
    _, owner = np.unique(strata, return_inverse=True)
    kept = np.where(usable, weight, 0.0)
    whole, part = (np.bincount(owner, values, minlength=1) for values in (weight, kept))
    return np.where(usable, kept * ratio(whole, part)[owner], 0.0)


def measure_machine(
    coded: CodedItems,
    labels: dict[str, np.ndarray],
    *,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Compute precision, recall and F1 of each class, weighted to the corpus, with intervals over articles.

    Parameters
    ----------
    coded : CodedItems
        Coded mentions.
    labels : dict
        Scorer to its class of every item.
    statistics : StatisticsParameters
        Of the intervals.
    evidence : Evidence, optional
        Finds the mentions.

    Returns
    -------
    Result
        The table ``machine_classes``: a row for each class, one for their mean (`MACRO`) and one for all
        mentions together (`ALL`), where precision, recall and F1 are the share labelled as coded. Of a value
        of exactly 0 or 1 the bootstrap knows no error: precision and recall then have Wilson's interval with
        the articles as trials, F1 has none.
    """
    tables, excluded = [], []
    for name, found in sorted(labels.items()) if coded.coders else ():
        matched = match_labels(coded, found)
        tables.append(_class_rows(matched, statistics).assign(scorer=name))
        excluded = [
            ("coded mentions", matched.n_tied, "coders tied: no code of more than half of them"),
            ("coded mentions", matched.n_unclear, "most coders found them unclear"),
            ("sampled mentions", matched.n_uncoded, "nobody coded them"),
            ("strata of the sample", len(matched.empty_strata), "no mention with a reference code"),
        ]
    return Result(
        "machine_classes",
        as_declared(pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(), "machine_classes"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={
            "reference": "the code that more than half of a mention's coders gave",
            "interval": f"{METHOD}; Wilson over articles at 0 and 1",
        },
        excluded=pd.DataFrame([row for row in excluded if row[1]], columns=["what", "n", "why"]),
        evidence=evidence,
    )


def confusion_sums(matched: CodedLabels) -> tuple[list[str], np.ndarray]:
    """Add up the weighted confusion matrix of every article.

    Parameters
    ----------
    matched : CodedLabels
        From `match_labels`.

    Returns
    -------
    names : list of str
        Articles with a reference code, sorted.
    sums : numpy.ndarray
        Of shape (articles, 3, 3): rows as coded, columns as found.
    """
    used = ~np.isnan(matched.reference)
    names, owner = np.unique(matched.articles[used], return_inverse=True)
    sums = np.zeros((len(names), SIZE, SIZE))
    places = (owner, matched.reference[used].astype(int), matched.found[used])
    np.add.at(sums, places, matched.reference_weight[used])
    return names.tolist(), sums


def _class_rows(matched: CodedLabels, statistics: StatisticsParameters) -> pd.DataFrame:
    """Describe every class, their mean, and all together."""
    names, sums = confusion_sums(matched)
    used = ~np.isnan(matched.reference)
    counts = np.zeros((SIZE, SIZE), dtype=np.int64)
    np.add.at(counts, (matched.reference[used].astype(int), matched.found[used]), 1)
    diagonal = sums[:, np.arange(SIZE), np.arange(SIZE)]
    coded, found = sums.sum(axis=2), sums.sum(axis=1)
    rows = []
    for place, name in enumerate(CLASSES):
        hit = diagonal[:, [place]]
        row = {"class": name, "n_coded": counts[place].sum(), "n_found": counts[:, place].sum()}
        for measure, whole in (
            ("precision", found[:, [place]]),
            ("recall", coded[:, [place]]),
            ("f1", (coded + found)[:, [place]] / 2),
        ):
            row |= _estimate(measure, ratio, (hit, whole), names, statistics)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = sums[:, place].sum(axis=0) / coded[:, place].sum()
        rows.append(row | {f"found_{other}": share for other, share in zip(CLASSES, shares, strict=True)})
    parts = tuple(part[:, [place]] for part in (diagonal, found, coded) for place in range(SIZE))
    macro = {"class": MACRO, "n_coded": counts.sum(), "n_found": counts.sum()}
    for measure, statistic in (("precision", _macro_precision), ("recall", _macro_recall), ("f1", _macro_f1)):
        macro |= _estimate(measure, statistic, parts, names, statistics)
    whole = {"class": ALL, "n_coded": counts.sum(), "n_found": counts.sum()}
    both = (diagonal.sum(axis=1, keepdims=True), coded.sum(axis=1, keepdims=True))
    for measure in ("precision", "recall", "f1"):
        whole |= _estimate(measure, ratio, both, names, statistics)
    rows += [macro, whole]
    table = pd.DataFrame([row | {"flag": _flag(row, statistics)} for row in rows])
    return table.reindex(
        columns=[*table.columns, *(f"found_{c}" for c in CLASSES if f"found_{c}" not in table)]
    )


def _flag(row: dict, statistics: StatisticsParameters) -> str:
    """Say what of a row is undefined or has no interval, and why."""
    reasons = []
    for measure in ("precision", "recall", "f1"):
        articles = row[f"{measure}_articles"]
        if np.isnan(row[measure]):
            reasons.append(f"{measure} undefined: {_NOTHING[measure]}")
        elif articles < statistics.min_articles_interval:
            reasons.append(f"{measure} {descriptive_flag(articles)}")
        elif np.isnan(row[f"{measure}_low"]):
            seen = (
                f"exactly {row[measure]:.0f}"
                if row[measure] in (0.0, 1.0)
                else "undefined in many replicates"
            )
            reasons.append(f"{measure} without an interval: {seen}")
    return "; ".join(reasons)


def _estimate(measure, statistic, parts, names, statistics: StatisticsParameters) -> dict:
    """Compute one share with its interval; its articles are those that count for it."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = float(statistic(*(part.sum(axis=0) for part in parts))[0])
    articles = int((sum(part for part in parts) > 0).any(axis=1).sum())
    low = high = np.nan
    # a class that nobody coded, or that was never found, has no mean
    if np.isfinite(value) and articles >= statistics.min_articles_interval:
        if value in (0.0, 1.0):
            low, high = _wilson(value, articles, statistics.alpha) if measure != "f1" else (np.nan, np.nan)
        else:
            bounds = article_interval(
                statistic,
                [Group(names, parts)],
                replicates=statistics.bootstrap,
                random_state=statistics.random_state,
                alpha=statistics.alpha,
            )
            low, high = (float(bound[0]) for bound in bounds)
    found = {measure: value, f"{measure}_low": low, f"{measure}_high": high}
    # of the three measures F1 comes last, and counts every article that holds the class
    return found | {"n_articles": articles, f"{measure}_articles": articles}


def _wilson(value: float, n: int, alpha: float) -> tuple[float, float]:
    """Bound a share of exactly 0 or 1 among n articles."""
    from scipy.stats import binomtest

    bounds = binomtest(round(value * n), n).proportion_ci(1 - alpha, method="wilson")
    return float(bounds.low), float(bounds.high)


def _macro_precision(*sums: np.ndarray) -> np.ndarray:
    hits, found = sums[:SIZE], sums[SIZE : 2 * SIZE]
    return sum(ratio(hit, n) for hit, n in zip(hits, found, strict=True)) / SIZE


def _macro_recall(*sums: np.ndarray) -> np.ndarray:
    hits, coded = sums[:SIZE], sums[2 * SIZE :]
    return sum(ratio(hit, n) for hit, n in zip(hits, coded, strict=True)) / SIZE


def _macro_f1(*sums: np.ndarray) -> np.ndarray:
    hits, found, coded = sums[:SIZE], sums[SIZE : 2 * SIZE], sums[2 * SIZE :]
    parts = zip(hits, found, coded, strict=True)
    return sum(ratio(2 * hit, one + other) for hit, one, other in parts) / SIZE
