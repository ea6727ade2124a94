"""Dispersion: how evenly a term is spread over articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import ParameterError

MEASURES = ("dp", "dp_norm", "juilland_d", "kld")
"""The measures of dispersion, in the order of the tables."""


def dispersion(counts: np.ndarray, sizes: np.ndarray) -> pd.DataFrame:
    """Compute the dispersion of terms over the parts of a corpus.

    With v_i the count in part i, f = sum v, t_i = v_i / f, and s_i the part's share of the tokens:
    DP = .5 sum |t_i - s_i| (0 is even); DPnorm = DP / (1 - min s); KLD = sum t log2(t / s);
    Juilland's D = 1 - VC / sqrt(n - 1), with VC the population coefficient of variation of the rates.

    Parameters
    ----------
    counts : array_like
        Of shape (parts,) for one term, or (parts, terms).
    sizes : array_like
        Of shape (parts,): tokens of each part; above 0.

    Returns
    -------
    pandas.DataFrame
        One row per term: ``frequency``, ``parts``, ``range`` (parts that contain the term), ``dp``,
        ``dp_norm``, ``kld``, ``juilland_d``. With one part, or without an occurrence, they are NaN.

    Raises
    ------
    ParameterError
        Shapes do not agree, there is no part, a size is not above 0, or a count is negative.

    References
    ----------
    Gries (2008, 2020); Lijffijt & Gries (2012) for DPnorm; Juilland & Chang-Rodriguez (1964).

    Examples
    --------
    >>> dispersion([1, 2, 3, 4, 5], [9, 10, 10, 10, 11]).round(3).loc[0, "dp"].item()
    0.18
    """
    try:
        counts, sizes = np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float)
    except (TypeError, ValueError):
        raise ParameterError("counts and sizes must be lists of numbers") from None
    counts = counts[:, None] if counts.ndim == 1 else counts
    if sizes.ndim != 1 or counts.ndim != 2 or len(counts) != len(sizes):
        raise ParameterError(
            f"counts of shape {counts.shape} do not fit sizes of shape {sizes.shape}; give one size per part"
        )
    if not ((counts >= 0) & np.isfinite(counts)).all() or not ((sizes > 0) & np.isfinite(sizes)).all():
        raise ParameterError("counts must be 0 or more and sizes above 0; leave empty parts out")
    parts = len(sizes)
    if not parts:
        raise ParameterError("there is no part to be dispersed over; give the size of one part or more")
    share = (sizes / sizes.sum())[:, None]
    total = counts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = counts / total
        dp = 0.5 * np.abs(inside - share).sum(axis=0)
        dp_norm = dp / (1 - share.min())
        kld = np.where(inside > 0, inside * np.log2(inside / share), 0.0).sum(axis=0)
        rates = counts / sizes[:, None]
        variation = rates.std(axis=0) / rates.mean(axis=0)
        juilland = 1 - variation / np.sqrt(parts - 1)
    defined = (total > 0) & (parts > 1)
    table = {"dp": dp, "dp_norm": dp_norm, "kld": kld, "juilland_d": juilland}
    return pd.DataFrame(
        {
            "frequency": total,
            "parts": parts,
            "range": (counts > 0).sum(axis=0),
            **{name: np.where(defined, values, np.nan) for name, values in table.items()},
        }
    )


def disperse_sparse(matrix: sparse.csr_matrix, sizes: np.ndarray) -> pd.DataFrame:
    """Compute the dispersion of every column of a sparse matrix, touching only its filled cells.

    Parameters
    ----------
    matrix : scipy.sparse.csr_matrix
        Of shape (articles, terms).
    sizes : numpy.ndarray
        Of shape (articles,): tokens. Articles without a token are no parts.

    Returns
    -------
    pandas.DataFrame
        One row per term: ``dp``, ``dp_norm``, ``juilland_d``, ``kld`` of `dispersion`; NaN with fewer than two
        articles or without an occurrence.
    """
    terms = matrix.shape[1]
    parts = int((sizes > 0).sum())
    if parts < 2:
        return pd.DataFrame(np.nan, index=range(terms), columns=list(MEASURES))
    share = sizes / sizes.sum()
    cells = matrix.tocoo()

    def add_up(values: np.ndarray) -> np.ndarray:
        return np.bincount(cells.col, weights=values, minlength=terms)

    total = add_up(cells.data)
    with np.errstate(divide="ignore", invalid="ignore"):
        inside, expected = cells.data / total[cells.col], share[cells.row]
        # articles without the term add their whole share: 1 minus the shares of those with it
        dp = 0.5 * (add_up(np.abs(inside - expected) - expected) + 1.0)
        rates = cells.data / sizes[cells.row]
        mean = add_up(rates) / parts
        filled = np.bincount(cells.col, minlength=terms)
        squares = add_up((rates - mean[cells.col]) ** 2) + (parts - filled) * mean**2
        table = {
            "dp": dp,
            "dp_norm": dp / (1 - share[sizes > 0].min()),
            "juilland_d": 1 - np.sqrt(squares / parts) / mean / np.sqrt(parts - 1),
            "kld": add_up(inside * np.log2(inside / expected)),
        }
    return pd.DataFrame({name: np.where(total > 0, table[name], np.nan) for name in MEASURES})
