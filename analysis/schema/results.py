"""All tables of results, and the check that a measure kept to its declaration."""

from __future__ import annotations

import pandas as pd

from analysis.columns import KINDS, check_table
from analysis.schema import (
    attention,
    calibration,
    coding,
    contrasts,
    corpus,
    divergence,
    multiverse,
    relations,
    robustness,
    sentiment,
    themes,
)

_MODULES = (
    corpus,
    attention,
    themes,
    contrasts,
    divergence,
    sentiment,
    coding,
    relations,
    robustness,
    multiverse,
    calibration,
)

RESULT_TABLES = {table.name: table for module in _MODULES for table in module.TABLES}
"""Name to table: the results of a study's run."""

_DECLARED = RESULT_TABLES | {table.name: table for table in coding.CODING_TABLES}


def as_declared(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bring a result's table into its declared form and check it.

    Parameters
    ----------
    table : pandas.DataFrame
        With at least the declared columns.
    name : str
        A key of `RESULT_TABLES`, or one of `analysis.schema.coding.CODING_TABLES`.

    Returns
    -------
    pandas.DataFrame
        Declared columns in declared order and types, a plain index.

    Raises
    ------
    AssertionError
        The measure made a table that breaks its declaration: a defect of the program.
    """
    spec = _DECLARED[name]
    if table.empty and not len(table.columns):
        # a table made of no rows knows no columns: nothing was found, which is no defect
        table = table.reindex(columns=spec.names)
    missing = [column for column in spec.names if column not in table.columns]
    assert not missing, f"{name}: the measure made no column {', '.join(missing)}"
    table = table[spec.names].reset_index(drop=True)
    for column in spec.columns:
        values = table[column.name]
        if column.kind == "text":
            values = values.fillna("")
        table[column.name] = values.astype(KINDS[column.kind])
    problems = check_table(table, spec, where=name, first_row=0)
    assert not problems, "\n".join(map(str, problems[:10]))
    return table
