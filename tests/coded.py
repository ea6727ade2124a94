"""Builds coded items of what coders gave."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.codings import SENTIMENT, CodedItems


def coded_by(codes, *, articles=None, strata=None, weight=None, variable=SENTIMENT):
    """Make coded items of one list of codes per coder; "" is missing."""
    n = len(next(iter(codes.values())))
    items = pd.DataFrame(
        {
            "item_id": [f"i{k:04d}" for k in range(n)],
            "article_id": articles if articles is not None else [f"a{k % 6}" for k in range(n)],
            "stratum": strata if strata is not None else ["all"] * n,
            "weight": weight if weight is not None else np.ones(n),
        }
    )
    parts = [
        pd.DataFrame({"item_id": items["item_id"], "coder": name, "variable": variable.name, "code": own})
        for name, own in codes.items()
    ]
    codings = pd.concat(parts, ignore_index=True)
    codings["code"] = codings["code"].astype(object).where(codings["code"] != "", np.nan)
    return CodedItems(codings, items, (variable,))
