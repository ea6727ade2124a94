"""Lock words: terms that both sides use alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

LOCK_COUNT = 5
"""A lock word occurs at least so often on each side."""
LOCK_LOG_RATIO = 0.25
"""Its log ratio is at most so far from 0: one rate is at most 1.19 times the other."""
LOCK_DP_NORM = 0.5
"""It is spread at least so evenly over the articles of each side."""
LOCK_INTERVAL = 1.0
"""Where an interval is given, neither end says that one rate is more than twice the other."""


def are_lock_words(table: pd.DataFrame) -> np.ndarray:
    """Say which terms both sides use alike.

    A lock word is relatively static in frequency over corpora (Baker 2011), who takes, of the words that
    are frequent in all of them, those whose rates vary least. Here: frequent on both sides (`LOCK_COUNT`), a
    log ratio near 0 (`LOCK_LOG_RATIO`), an even dispersion on both sides (`LOCK_DP_NORM`; with one article on a
    side there is none to be asked), and, where there is an interval, one that stays within a doubling
    (`LOCK_INTERVAL`): a wide interval shows no likeness.

    Parameters
    ----------
    table : pandas.DataFrame
        Rows of the table ``contrasts``.

    Returns
    -------
    numpy.ndarray
        Of shape (rows,), bool.

    References
    ----------
    Baker (2011), Times may change, but we will always have money. Journal of English Linguistics 39(1).
    """
    frequent = np.minimum(table["count_target"], table["count_reference"]) >= LOCK_COUNT
    even = np.fmax(table["dp_norm_target"], table["dp_norm_reference"])
    reach = np.fmax(table["log_ratio_low"].abs(), table["log_ratio_high"].abs())
    alike = table["log_ratio"].abs() <= LOCK_LOG_RATIO
    # NaN is what was not measured: it neither shows unevenness nor width
    return (frequent & alike & ~(even > LOCK_DP_NORM) & ~(reach > LOCK_INTERVAL)).to_numpy()
