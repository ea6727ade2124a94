"""Writes result tables as Parquet, some rows at a time: declared columns, rounded, all or nothing."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.columns import Table
from analysis.tables import DIGITS

_NEAR_TIE = 1e-5


class TableWriter:
    """A table that is written row group by row group; it has its name when it is whole.

    Parameters
    ----------
    path : pathlib.Path
        Where to.
    spec : Table
        The columns.
    """

    def __init__(self, path: Path, spec: Table):
        self.path = path
        self.spec = spec
        self.rows = 0
        self._partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        self._file = None

    def __enter__(self) -> TableWriter:
        from pyarrow.parquet import ParquetWriter

        self.path.parent.mkdir(parents=True, exist_ok=True)
        texts = [column.name for column in self.spec.columns if column.kind == "text"]
        self._file = ParquetWriter(
            self._partial, _schema(self.spec), compression="zstd", use_dictionary=texts
        )
        return self

    def __exit__(self, kind, error, trace) -> None:
        try:
            self._file.close()
            if kind is None:
                os.replace(self._partial, self.path)
        finally:
            self._partial.unlink(missing_ok=True)

    def write(self, columns: Mapping[str, Any]) -> None:
        """Write some rows as a row group.

        Parameters
        ----------
        columns : mapping of str to array, or one value for all rows
            With every declared column.
        """
        import pyarrow

        length = max((len(values) for values in columns.values() if _is_many(values)), default=1)
        if not length:
            return
        arrays = []
        for column, field in zip(self.spec.columns, _schema(self.spec), strict=True):
            values = columns[column.name]
            if not _is_many(values):
                values = [values] * length if column.kind == "text" else np.full(length, values)
            if column.kind == "number":
                # an empty cell is null, as it is empty in a CSV file
                values = round_digits(np.asarray(values, dtype=float))
                arrays.append(pyarrow.array(values, field.type, mask=np.isnan(values)))
                continue
            if column.kind == "whole":
                values = np.asarray(values).astype(np.int64)
            arrays.append(pyarrow.array(values, field.type))
        self._file.write_table(pyarrow.table(arrays, schema=_schema(self.spec)), row_group_size=length)
        self.rows += length


def round_digits(values: np.ndarray, digits: int = DIGITS) -> np.ndarray:
    """Round to significant digits, as `analysis.tables.round_table` does, many values at a time.

    Parameters
    ----------
    values : numpy.ndarray
        Floats.
    digits : int
        Significant digits.

    Returns
    -------
    numpy.ndarray
        Each the float that is nearest to its decimal; -0.0 is 0.0, and what is not finite stays.
    """
    values = np.asarray(values, dtype=float)
    rounded = values + 0.0
    usual = np.flatnonzero(np.isfinite(values) & (np.abs(values) > 1e-200) & (np.abs(values) < 1e200))
    size = np.abs(values[usual])
    power = digits - 1 - np.floor(np.log10(size)).astype(np.int64)
    # powers of ten up to 22 are exact, so that one multiplication or division rounds once
    exact = np.abs(power) <= 22
    scaled = np.where(power >= 0, size * 10.0 ** np.clip(power, 0, 22), size / 10.0 ** np.clip(-power, 0, 22))
    whole = np.rint(scaled)
    result = np.where(
        power >= 0, whole / 10.0 ** np.clip(power, 0, 22), whole * 10.0 ** np.clip(-power, 0, 22)
    )
    rounded[usual] = np.copysign(result, values[usual])
    unsure = ~exact | (np.abs(scaled - np.floor(scaled) - 0.5) < _NEAR_TIE)
    unsure |= (scaled < 10 ** (digits - 1)) | (scaled >= 10**digits - 1)
    rest = np.concatenate(
        [usual[unsure], np.flatnonzero((np.abs(values) <= 1e-200) | (np.abs(values) >= 1e200))]
    )
    for place in rest:
        if np.isfinite(values[place]) and values[place] != 0:
            rounded[place] = float(f"{values[place]:.{digits}g}")
    return rounded


def _is_many(values: object) -> bool:
    return not isinstance(values, str) and hasattr(values, "__len__")


def _schema(spec: Table):
    """Translate a declaration for Parquet."""
    import pyarrow

    kinds = {
        "text": pyarrow.string(),
        "whole": pyarrow.int64(),
        "number": pyarrow.float64(),
        "flag": pyarrow.bool_(),
    }
    return pyarrow.schema([(column.name, kinds[column.kind]) for column in spec.columns])
