"""Writes the paragraph on coding for a paper: who coded what, how far they agree, and how far the machine does."""

from __future__ import annotations

import pandas as pd

from analysis.errors import counted

LEVELS = ("nominal", "ordinal", "interval")


def coding_paragraph(
    alphas: pd.DataFrame, classes: pd.DataFrame, balance: pd.DataFrame, *, unit: str, coders: str, scorer: str
) -> str:
    """Write the paragraph; citations are keys in brackets.

    Parameters
    ----------
    alphas : pandas.DataFrame
        The table ``coding_alpha``.
    classes, balance : pandas.DataFrame
        The tables ``machine_classes`` and ``machine_balance``; empty where no machine was compared.
    unit : str
        What was coded, in the singular: mention, paragraph, article.
    coders : str
        Who coded, such as ``"Two coders"``; it begins the paragraph.
    scorer : str
        The scorer that is described.

    Returns
    -------
    str
        One paragraph of plain text; empty where no two coders coded the same item.
    """
    whole = alphas[(alphas["code"] == "") & (alphas["unclear"] == "missing") & (alphas["n_items"] > 0)]
    if whole.empty:
        return ""
    most = whole.loc[whole["n_items"].idxmax()]
    levels = " and ".join(level for level in LEVELS if level in set(whole["level"]))
    parts = [
        f"{coders} gave a code to the same {counted(most['n_items'], unit)} "
        f"of {counted(most['n_articles'], 'article')}. "
        f"Krippendorff's alpha [krippendorff2019] ({levels}; unclear is taken for missing) is {_alphas(whole)}."
    ]
    if whole["alpha_low"].notna().any():
        parts.append("Intervals in this paragraph are 95 % and resample articles.")
    own = classes[classes["scorer"] == scorer].set_index("class") if len(classes) else classes
    if len(own) and own.loc["macro", "n_coded"]:
        parts.append(_machine(own, scorer, unit))
        if len(balance) and (balance["n_coded"] > 0).any():
            parts.append(
                f"The balances that {scorer} counts are shown beside balances corrected by the errors seen in coded "
                f"{unit}s, weighted by the sample: design-based supervised learning, which assumes nothing of "
                "the errors [egami2023]. Correction by the confusion matrix stands beside it in the tables "
                "[teblunthuis2024]."
            )
    return " ".join(parts)


def estimate(row, name: str) -> str:
    """Write an estimate with its interval.

    Parameters
    ----------
    row : mapping
        With the estimate and, where there is one, its ``_low`` and ``_high``.
    name : str
        The estimate's column.

    Returns
    -------
    str
        Two decimals; "undefined" for NaN.

    Examples
    --------
    >>> estimate({"alpha": 0.712, "alpha_low": 0.6, "alpha_high": 0.8}, "alpha")
    '0.71 (0.60 to 0.80)'
    >>> estimate({"alpha": -0.001}, "alpha")
    '0.00'
    """
    if pd.isna(row[name]):
        return "undefined"
    low, high = row.get(f"{name}_low", float("nan")), row.get(f"{name}_high", float("nan"))
    # nothing is written as -0.00
    value, low, high = (f"{round(number, 2) + 0.0:.2f}" for number in (row[name], low, high))
    return value if low == "nan" else f"{value} ({low} to {high})"


def _alphas(whole: pd.DataFrame) -> str:
    """List alpha of every variable."""
    said = []
    for row in whole.to_dict("records"):
        reason = f" ({row['flag'].partition(': ')[2]})" if pd.isna(row["alpha"]) else ""
        name = f" for {row['variable'].replace('_', ' ')}" if len(whole) > 1 else ""
        said.append(f"{estimate(row, 'alpha')}{reason}{name}")
    return ", ".join(said)


def _machine(own: pd.DataFrame, scorer: str, unit: str) -> str:
    """Describe the machine's accuracy."""
    macro = own.loc["macro"]
    f1 = ", ".join(
        f"{name} {estimate(row, 'f1')}" for name, row in own.iterrows() if name not in ("macro", "all")
    )
    mean = f"a mean F1 of {estimate(macro, 'f1')}" if pd.notna(macro["f1"]) else "these F1"
    return (
        f"Against the code that more than half of a {unit}'s coders gave ({counted(macro['n_coded'], unit)}), {scorer} "
        f"reaches {mean}: {f1}."
    )
