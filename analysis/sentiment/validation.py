"""How good a scorer is against coded sentences, with intervals over articles, and how two scorers differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.resampling import bootstrap_weights, percentile_interval
from analysis.sentiment.contract import CLASSES, label_scores

BINS = 10
"""Of the calibration error: equal widths of the probability of the most likely class."""

SHARES = ("macro_f1", "accuracy", "calibration_error")
PER_CLASS = ("precision", "recall", "f1")
_GROUP = 100


def validate_scores(
    targets: pd.DataFrame, scores: pd.DataFrame, *, bootstrap: int = 1000, random_state: int = 1
) -> dict[str, Any]:
    """Measure accuracy, calibration and the error of the balance.

    Intervals are percentile bootstraps over articles (sentences, where the article is not known), since
    targets of one sentence are right or wrong together.

    Parameters
    ----------
    targets : pandas.DataFrame
        ``label`` and ``article``, as from `analysis.sentiment.benchmark.load_targets`; at least one.
    scores : pandas.DataFrame
        The three classes, in the same order.
    bootstrap : int
        Replicates.
    random_state : int
        Of the resampling.

    Returns
    -------
    dict
        ``n`` and ``articles``; ``macro_f1`` (mean of three F1, 0 for a class that is neither coded nor found),
        ``accuracy`` and ``calibration_error`` (expected: the mean gap between the probability of the most
        likely class and the share of hits, over ten bins weighted by their targets), each ``[value, low,
        high]`` in percent; ``classes``, by class ``n`` and the same triples of ``precision``, ``recall`` and
        ``f1`` (NaN where undefined); ``confusion`` (rows coded, columns found, as `CLASSES`); ``balance`` and
        ``balance_coded``, the means of positive minus negative; and ``rmse_100`` and ``rmse_100_labels``, by
        which the balance of 100 targets drawn with replacement misses the coded one, from probabilities and
        from labels.

    References
    ----------
    Guo, C., et al. (2017). On calibration of modern neural networks. ICML (expected calibration error).
    """
    coded, found = _numbers(targets["label"]), _numbers(label_scores(scores))
    shares = scores.to_numpy(dtype=float)
    weights = _article_weights(targets["article"], bootstrap, random_state)
    cells = np.zeros((len(coded), len(CLASSES) ** 2))
    cells[np.arange(len(coded)), coded * len(CLASSES) + found] = 1
    bins = _bin_cells(shares, coded == found)
    whole = np.ones((1, len(coded)))
    values = {name: _measure(whole, cells, bins)[name][0] for name in (*SHARES, *PER_CLASS)}
    drawn = _measure(weights, cells, bins)
    bounds = {name: np.stack(percentile_interval(drawn[name])) for name in drawn}
    classes = {}
    for position, name in enumerate(CLASSES):
        triples = {key: _triple(values[key][position], bounds[key][:, position]) for key in PER_CLASS}
        classes[name] = {"n": int((coded == position).sum()), **triples}
    return {
        "n": len(coded),
        "articles": int(targets["article"].nunique()),
        **{name: _triple(values[name], bounds[name]) for name in SHARES},
        "classes": classes,
        "confusion": cells.sum(axis=0).reshape(len(CLASSES), -1).astype(int).tolist(),
        **_balance(coded, found, shares, bootstrap, random_state),
    }


def compare_scores(
    targets: pd.DataFrame,
    first: pd.DataFrame,
    second: pd.DataFrame,
    *,
    bootstrap: int = 1000,
    random_state: int = 1,
) -> dict[str, Any]:
    """Compare two scorers on the same targets.

    Parameters
    ----------
    targets : pandas.DataFrame
        As in `validate_scores`.
    first, second : pandas.DataFrame
        The three classes of each scorer.
    bootstrap : int
        Replicates.
    random_state : int
        Of the resampling; both scorers are read on the same replicates.

    Returns
    -------
    dict
        ``difference`` of macro-F1, first minus second, in points, as ``[value, low, high]``; ``only_first``
        and ``only_second``, the targets that one has right and the other wrong; ``p`` of McNemar's exact
        test, two-sided, which takes targets for independent.

    References
    ----------
    McNemar, Q. (1947). Note on the sampling error of the difference between correlated proportions.
    """
    from scipy.stats import binomtest

    coded = _numbers(targets["label"])
    weights = np.vstack(
        [np.ones((1, len(coded))), _article_weights(targets["article"], bootstrap, random_state)]
    )
    right, f1 = [], []
    for scores in (first, second):
        found = _numbers(label_scores(scores))
        cells = np.zeros((len(coded), len(CLASSES) ** 2))
        cells[np.arange(len(coded)), coded * len(CLASSES) + found] = 1
        right.append(coded == found)
        f1.append(_measure(weights, cells, _bin_cells(scores.to_numpy(dtype=float), right[-1]))["macro_f1"])
    gaps = f1[0] - f1[1]
    only_first, only_second = int((right[0] & ~right[1]).sum()), int((~right[0] & right[1]).sum())
    discordant = only_first + only_second
    return {
        "difference": _triple(gaps[0], np.stack(percentile_interval(gaps[1:]))),
        "only_first": only_first,
        "only_second": only_second,
        "p": float(f"{binomtest(only_first, discordant).pvalue:.2g}") if discordant else 1.0,
    }


def _numbers(labels) -> np.ndarray:
    """Turn classes into their positions in `CLASSES`."""
    return np.array([CLASSES.index(label) for label in labels], dtype=int)


def _article_weights(articles: pd.Series, bootstrap: int, random_state: int) -> np.ndarray:
    """Return how often each target is drawn in each replicate: as often as its article."""
    names, position = np.unique(articles.to_numpy(dtype=str), return_inverse=True)
    return bootstrap_weights(names.tolist(), bootstrap, random_state)[:, position].astype(float)


def _bin_cells(shares: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Put each target's confidence minus its hit in the column of its bin."""
    top = shares.max(axis=1)
    cells = np.zeros((len(top), BINS))
    cells[np.arange(len(top)), np.minimum((top * BINS).astype(int), BINS - 1)] = top - right
    return cells


def _measure(weights: np.ndarray, cells: np.ndarray, bins: np.ndarray) -> dict[str, np.ndarray]:
    """Compute every measure for every row of weights, in percent."""
    confusion = (weights @ cells).reshape(len(weights), len(CLASSES), len(CLASSES))
    hits = np.einsum("bkk->bk", confusion)
    coded, found, n = confusion.sum(axis=2), confusion.sum(axis=1), weights.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = 2 * hits / (coded + found)
        measures = {
            "macro_f1": np.where(n > 0, np.nan_to_num(f1).mean(axis=1), np.nan),
            "accuracy": hits.sum(axis=1) / n,
            "calibration_error": np.abs(weights @ bins).sum(axis=1) / n,
            "precision": hits / found,
            "recall": hits / coded,
            "f1": f1,
        }
    return {name: 100 * value for name, value in measures.items()}


def _balance(
    coded: np.ndarray, found: np.ndarray, shares: np.ndarray, bootstrap: int, random_state: int
) -> dict[str, float]:
    """Measure the balance, and how far that of 100 targets misses."""
    true, soft, hard = coded - 1.0, shares[:, 2] - shares[:, 0], found - 1.0
    drawn = np.random.default_rng(random_state).integers(0, len(coded), (bootstrap, _GROUP))
    return {
        "balance": round(float(soft.mean()), 3) + 0.0,
        "balance_coded": round(float(true.mean()), 3) + 0.0,
        "rmse_100": _miss(soft - true, drawn),
        "rmse_100_labels": _miss(hard - true, drawn),
    }


def _miss(errors: np.ndarray, drawn: np.ndarray) -> float:
    """Return the root mean square of the mean error over groups."""
    return round(float(np.sqrt((errors[drawn].mean(axis=1) ** 2).mean())), 3)


def _triple(value: float, bounds: np.ndarray) -> list[float]:
    """Round a value and its interval to one decimal."""
    return [round(float(one), 1) + 0.0 for one in (value, *bounds)]
