"""Agreement: Krippendorff's alpha between coders, and how far each scorer agrees with them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from analysis.config import StatisticsParameters
from analysis.errors import ParameterError
from analysis.results import Evidence, Result
from analysis.schema.results import as_declared
from analysis.sentiment.contract import CLASSES

Measurement = Literal["nominal", "ordinal", "interval"]


def krippendorff_alpha(codes: np.ndarray, level: Measurement = "nominal") -> float:
    """Compute Krippendorff's alpha.

    Parameters
    ----------
    codes : array_like
        Of shape (coders, units), numbers; NaN is a missing code.
    level : {"nominal", "ordinal", "interval"}
        Level of measurement.

    Returns
    -------
    float
        1 is perfect agreement, 0 what chance gives; NaN where all codes are the same, so that nothing can be
        told from chance, or fewer than two codes can be paired.

    Raises
    ------
    ParameterError
        There are fewer than two coders.

    References
    ----------
    Krippendorff (2011), Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> a = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    >>> b = [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]
    >>> round(krippendorff_alpha([a, b]), 4)
    0.0952
    """
    import krippendorff

    codes = np.asarray(codes, dtype=float)
    if codes.ndim != 2 or len(codes) < 2:
        raise ParameterError(f"alpha needs two coders or more; found an array of shape {codes.shape}")
    paired = codes[:, (~np.isnan(codes)).sum(axis=0) >= 2]
    if paired.size == 0 or len(np.unique(paired[~np.isnan(paired)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=codes, level_of_measurement=level))


def alpha_interval(
    codes: np.ndarray, level: Measurement = "nominal", *, replicates: int = 1000, random_state: int = 0
) -> tuple[float, float]:
    """Bootstrap alpha over units.

    Parameters
    ----------
    codes : array_like
        As in `krippendorff_alpha`.
    level : {"nominal", "ordinal", "interval"}
        Level of measurement.
    replicates : int
        B.
    random_state : int
        Seed.

    Returns
    -------
    low, high : float
        The 95 % percentile interval; NaN with fewer than 10 units.
    """
    codes = np.asarray(codes, dtype=float)
    units = codes.shape[1]
    if units < 10:
        return float("nan"), float("nan")
    generator = np.random.Generator(np.random.Philox(random_state))
    drawn = [
        krippendorff_alpha(codes[:, generator.integers(0, units, units)], level) for _ in range(replicates)
    ]
    drawn = [value for value in drawn if not np.isnan(value)]
    if not drawn:
        return float("nan"), float("nan")
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def measure_agreement(
    codes: pd.DataFrame,
    labels: Mapping[str, np.ndarray],
    *,
    statistics: StatisticsParameters,
    evidence: Evidence | None = None,
) -> Result:
    """Compare coders with each other, and each scorer with the codes on which all coders agree.

    Parameters
    ----------
    codes : pandas.DataFrame
        One row per mention, one column per coder; ``""`` is missing.
    labels : mapping of str to numpy.ndarray
        Each scorer's most likely class for every mention.
    statistics : StatisticsParameters
        Of the intervals, which resample mentions: they say how firm the figure is for these sentences.
    evidence : Evidence, optional
        Finds the mentions on which they differ.

    Returns
    -------
    Result
        The table ``agreement``.
    """
    number = {"": np.nan, **{name: float(place) for place, name in enumerate(CLASSES)}}
    coded = {name: np.array([number[code] for code in codes[name]]) for name in codes.columns}
    rows = []
    for first, second in combinations(sorted(coded), 2):
        rows.append(_compare(first, second, coded[first], coded[second], statistics))
    if coded:
        stack = np.vstack(list(coded.values()))
        # a mention that one coder left out counts by the others
        low = np.where(np.isnan(stack), np.inf, stack).min(axis=0)
        high = np.where(np.isnan(stack), -np.inf, stack).max(axis=0)
        agreed = np.where(low == high, low, np.nan)
        for name, found in sorted(labels.items()):
            values = np.array([number[code] for code in found])
            rows.append(_compare("coders agreeing", name, agreed, values, statistics))
    return Result(
        "agreement",
        as_declared(pd.DataFrame(rows), "agreement"),
        params={"bootstrap": statistics.bootstrap, "random_state": statistics.random_state},
        provenance={"alpha": "Krippendorff, nominal", "interval": "percentile bootstrap over mentions"},
        evidence=evidence,
    )


def confusion(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Cross-tabulate two rows of codes.

    Parameters
    ----------
    first, second : numpy.ndarray
        Codes as places in the classes; NaN is missing.

    Returns
    -------
    numpy.ndarray
        Of shape (3, 3): rows are the first's codes, columns the second's.
    """
    both = ~(np.isnan(first) | np.isnan(second))
    table = np.zeros((len(CLASSES), len(CLASSES)), dtype=np.int64)
    np.add.at(table, (first[both].astype(int), second[both].astype(int)), 1)
    return table


def _compare(
    first_name: str, second_name: str, first: np.ndarray, second: np.ndarray, statistics: StatisticsParameters
) -> dict:
    """Describe the agreement of two rows of codes."""
    table = confusion(first, second)
    n = int(table.sum())
    low, high = alpha_interval(
        [first, second], replicates=min(statistics.bootstrap, 1000), random_state=statistics.random_state
    )
    hits = np.diag(table).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = np.where(
            table.sum(axis=0) + table.sum(axis=1) > 0, 2 * hits / (table.sum(axis=0) + table.sum(axis=1)), 0.0
        )
    row = {
        "first": first_name,
        "second": second_name,
        "n": n,
        "agreement": hits.sum() / n if n else np.nan,
        "alpha": krippendorff_alpha([first, second]),
        "alpha_low": low,
        "alpha_high": high,
        "macro_f1": f1.mean() if n else np.nan,
    }
    for place, one in enumerate(CLASSES):
        row[f"n_{one}_first"] = int(table[place].sum())
        row[f"n_{one}_second"] = int(table[:, place].sum())
        row[f"f1_{one}"] = f1[place] if n else np.nan
    return row
