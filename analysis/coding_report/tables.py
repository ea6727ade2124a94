"""Lays out a coding report for reading: tables whose cells are text, and the lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.coding_report.report import CodingReport
from analysis.coding_text import estimate
from analysis.codings import UNCLEAR
from analysis.errors import counted
from analysis.measures.coding import OWN_CODE
from analysis.tables import clean_text

SHOWN = 10
"""Disagreements that the terminal shows; all are in the tables."""

MOST_ROWS = 40
"""Rows of a table that the terminal shows."""


def write_text(report: CodingReport) -> str:
    """Write a report for the terminal.

    Parameters
    ----------
    report : CodingReport
        What was measured.

    Returns
    -------
    str
        Lines; text of articles is without control characters.
    """
    parts = [report.title]
    for title, about, table in report_tables(report):
        more = f"\n  and {len(table) - MOST_ROWS} more rows: see the tables" if len(table) > MOST_ROWS else ""
        body = _columns(table.head(MOST_ROWS)) if len(table) else "  nothing to show"
        parts.append(f"{title}. {about}\n{body}{more}")
    parts += ["\n".join(report.notes)] if report.notes else []
    parts.append(_disagreements(report.table("coding_disagreements")))
    if report.paragraph:
        parts.append(f"For the paper:\n\n{report.paragraph.strip()}")
    return clean_text("\n\n".join(parts)) + "\n"


def report_tables(report: CodingReport) -> Iterable[tuple[str, str, pd.DataFrame]]:
    """Lay out a report's tables for reading.

    Parameters
    ----------
    report : CodingReport
        What was measured.

    Yields
    ------
    title, about : str
        What a table shows, and how it is to be read.
    table : pandas.DataFrame
        Cells as text.
    """
    alphas = report.table("coding_alpha")
    whole = alphas[alphas["code"] == ""]
    own = whole[whole["unclear"] == OWN_CODE].set_index("variable")
    cells = _alpha_cells(whole[whole["unclear"] != OWN_CODE]).drop(columns="code")
    also = [estimate(own.loc[name], "alpha") for name in cells["variable"]]
    cells.insert(list(cells.columns).index("note"), "unclear as a code", also)
    yield (
        "Agreement",
        "Krippendorff's alpha of all coders: .800 is firm, .667 the least for tentative conclusions. Unclear is "
        "missing; the last estimate takes it for a code of its own, nominal.",
        cells,
    )
    single = alphas[(alphas["code"] != "") & ((alphas["unclear"] != OWN_CODE) | (alphas["code"] == UNCLEAR))]
    # of two codes each against the rest is the variable itself
    more = single.groupby("variable")["code"].transform("size") > 3
    yield (
        "Each code against the rest",
        "Where alpha is low, the codes that coders tell apart badly. Unclear is missing; unclear itself is set against "
        "all codes. Of a variable with two codes both are as above.",
        _alpha_cells(single[more | (single["code"] == UNCLEAR)]),
    )
    pairs = report.table("coding_pairs")
    yield (
        "Pairs of coders",
        "Where one code prevails, kappa and alpha fall although coders agree; AC1 does not. Alpha stays the headline.",
        pd.DataFrame(
            {
                "variable": pairs["variable"],
                "coders": pairs["first"] + " and " + pairs["second"],
                "items": pairs["n"].astype(str),
                "agreement": [_share(value) for value in pairs["agreement"]],
                "alpha": [estimate(row, "alpha") for row in pairs.to_dict("records")],
                "kappa": [estimate(row, "kappa") for row in pairs.to_dict("records")],
                "AC1": [estimate(row, "ac1") for row in pairs.to_dict("records")],
                "note": pairs["flag"],
            }
        ),
    )
    coders = report.table("coding_coders")
    yield (
        "Missing and unclear",
        "Missing: of the items on the sheet; unclear: of the codes given.",
        pd.DataFrame(
            {
                "variable": coders["variable"],
                "coder": coders["coder"],
                "items": coders["n_items"].astype(str),
                "missing": [
                    f"{n} ({_share(v)})" for n, v in zip(coders["n_missing"], coders["missing"], strict=True)
                ],
                "unclear": [
                    f"{n} ({_share(v)})" for n, v in zip(coders["n_unclear"], coders["unclear"], strict=True)
                ],
            }
        ),
    )
    yield from _confusions(report.table("coding_confusion"))
    if "machine_classes" in report.results:
        yield from _machine(report)


def _confusions(table: pd.DataFrame) -> Iterable[tuple[str, str, pd.DataFrame]]:
    """Lay out a matrix for each variable and pair that both coded."""
    for (variable, first, second), rows in table.groupby(["variable", "first", "second"], sort=False):
        if rows["n"].sum() == 0:
            continue
        names = list(dict.fromkeys(rows["first_code"]))
        matrix = (
            rows.pivot(index="first_code", columns="second_code", values="n").loc[names, names].astype(str)
        )
        matrix.insert(0, f"{first} \\ {second}", names)
        about = f"Rows are the codes of {first}, columns those of {second}; items."
        yield f"{variable}: {first} and {second}", about, matrix.reset_index(drop=True)


def _machine(report: CodingReport) -> Iterable[tuple[str, str, pd.DataFrame]]:
    """Lay out the machine's tables."""
    classes = report.table("machine_classes")
    rows = classes.to_dict("records")
    scorer = classes["scorer"].iloc[0] if len(classes) else ""
    yield (
        f"{scorer} against the coders",
        "The reference is the code that more than half of a mention's coders gave; weighted by the sample.",
        pd.DataFrame(
            {
                "class": classes["class"],
                "coded": classes["n_coded"].astype(str),
                "labelled": classes["n_found"].astype(str),
                **{name: [estimate(row, name) for row in rows] for name in ("precision", "recall", "f1")},
                "note": classes["flag"],
            }
        ),
    )
    balance = report.table("machine_balance")
    balance = balance[(balance["level"] == "bloc") & balance["corrected"].notna()]
    # actor by actor; within one the balances come before the differences
    balance = balance.iloc[pd.factorize(balance["actor_id"])[0].argsort(kind="stable")]
    rows = balance.to_dict("records")
    yield (
        "Balance by bloc, as counted and corrected",
        "Corrected: plus the mean error in coded mentions, right whatever the errors are. By matrix: by the confusion "
        "matrix, right if the scorer errs alike everywhere. What cannot be corrected, and outlets, are in the tables.",
        pd.DataFrame(
            {
                "actor": balance["actor"],
                "bloc": [
                    f"{row['group']}{' minus ' + row['against'] if row['against'] else ''}" for row in rows
                ],
                "mentions": balance["n_mentions"].astype(str),
                "coded": balance["n_coded"].astype(str),
                "counted": [estimate(row, "machine") for row in rows],
                "corrected": [estimate(row, "corrected") for row in rows],
                "by matrix": [estimate(row, "by_matrix") for row in rows],
                "note": balance["flag"],
            }
        ),
    )


def _alpha_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Write alphas as cells."""
    rows = table.to_dict("records")
    return pd.DataFrame(
        {
            "variable": table["variable"],
            "level": table["level"],
            "code": table["code"].where(table["code"] != "", "all codes"),
            "items": table["n_items"].astype(str),
            "articles": table["n_articles"].astype(str),
            "agreement": [_share(row["agreement"]) for row in rows],
            "alpha": [estimate(row, "alpha") for row in rows],
            "note": table["flag"],
        }
    ).reset_index(drop=True)


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{100 * value:.0f} %"


def _columns(table: pd.DataFrame) -> str:
    """Write a table in columns of text; a column of notes without a note is left out."""
    if "note" in table and not (table["note"] != "").any():
        table = table.drop(columns="note")
    names = [str(name) for name in table.columns]
    cells = [names, *(list(map(str, row)) for row in table.itertuples(index=False))]
    widths = [max(len(row[place]) for row in cells) for place in range(len(names))]
    return "\n".join(
        ("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))).rstrip()
        for row in cells
    )


def _disagreements(table: pd.DataFrame) -> str:
    """List the first disagreements with what was read."""
    if table.empty:
        return "No disagreement."
    lines = [f"{counted(len(table), 'disagreement')}, of which the first {min(SHOWN, len(table))}:"]
    for row in table.head(SHOWN).itertuples():
        lines.append(f"  {row.item_id} {row.variable} ({row.article_id}): {row.codes}")
        marked = f"[{row.target}]" if row.before or row.after else row.target
        text = f"{row.before}{marked}{row.after}"
        lines.append(f"    {text if len(text) <= 300 else text[:299] + '…'}")
    return "\n".join(lines)
