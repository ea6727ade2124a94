"""Fits the bias of a trained scorer: the mean balance of coded mentions becomes the coded one.

The temperature is fitted on sentences held out of the training, the bias on NewsMTSC's dev files, whose sentences were
coded like those of its test sets. What it does for sentences that it was not fitted on is measured by leaving out a
tenth of the articles in turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from analysis.sentiment.contract import CLASSES
from analysis.sentiment.encoder import favour_positive
from analysis.sentiment.validation import validate_scores

FOLDS = 10
MOST = 3.0
"""Larger biases are not looked for."""


def fit_bias(shares: np.ndarray, labels: np.ndarray) -> float:
    """Find the bias of the positive class that makes the mean balance the coded one.

    Parameters
    ----------
    shares : numpy.ndarray
        Of shape (n, 3): the classes without a bias.
    labels : numpy.ndarray
        Of shape (n,): the coded classes.

    Returns
    -------
    float
        Added to the logarithm of the odds; at most `MOST` to either side.
    """
    coded = (labels == "positive").mean() - (labels == "negative").mean()

    def off(bias: float) -> float:
        found = favour_positive(shares, bias)
        return float((found[:, 2] - found[:, 0]).mean() - coded)

    if off(-MOST) >= 0 or off(MOST) <= 0:
        return -MOST if off(-MOST) >= 0 else MOST
    return brentq(off, -MOST, MOST)


def cross_fit(targets: Mapping[str, pd.DataFrame], scores: Mapping[str, pd.DataFrame]) -> dict[str, dict]:
    """Score each tenth of the articles with the bias of all others.

    Parameters
    ----------
    targets : mapping of str to pandas.DataFrame
        By set, as from `load_targets`.
    scores : mapping of str to pandas.DataFrame
        By set: the classes without a bias.

    Returns
    -------
    dict
        By set, as from `validate_scores`.
    """
    shares, labels = _stack(targets, scores)
    articles = np.concatenate([one["article"].to_numpy() for one in targets.values()])
    fold = np.array([hashlib.sha256(one.encode()).digest()[0] % FOLDS for one in articles])
    found = np.empty(shares.shape)
    for number in range(FOLDS):
        out = fold == number
        found[out] = favour_positive(shares[out], fit_bias(shares[~out], labels[~out]))
    ends = np.cumsum([len(one) for one in targets.values()])
    parts = np.split(found, ends[:-1])
    return {
        cut: validate_scores(targets[cut], pd.DataFrame(part, columns=list(CLASSES)))
        for cut, part in zip(targets, parts, strict=True)
    }


def calibrate(targets: Mapping[str, pd.DataFrame], scores: Mapping[str, pd.DataFrame]) -> float:
    """Fit one bias to several sets.

    Parameters
    ----------
    targets, scores : mapping of str to pandas.DataFrame
        As in `cross_fit`.

    Returns
    -------
    float
        Rounded to hundredths.
    """
    return round(fit_bias(*_stack(targets, scores)), 2)


def _stack(
    targets: Mapping[str, pd.DataFrame], scores: Mapping[str, pd.DataFrame]
) -> tuple[np.ndarray, np.ndarray]:
    """Put the sets after each other: the classes, and the coded labels."""
    shares = np.vstack([scores[cut][list(CLASSES)].to_numpy() for cut in targets])
    return shares, np.concatenate([one["label"].to_numpy() for one in targets.values()])
