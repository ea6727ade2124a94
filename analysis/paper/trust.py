"""The tables of trust that a paper prints: agreement with coders, robustness, the multiverse."""

from __future__ import annotations

import pandas as pd

from analysis.paper.model import (
    MISSING,
    PaperColumn,
    PaperRow,
    PaperTable,
    bounded,
    fixed,
    interval,
    percent,
    shorten_rows,
    without_empty,
    words,
)
from analysis.paper.tables import contrasts_table, corpus_table, sentiment_table, themes_table

_VERDICTS = ("same", "halved", "turned", "lost")
_HEADINGS = {
    "contrasts": "Log ratio of the foremost terms",
    "sentiment": "Balance toward the actors mentioned most",
    "themes": "Weight of the theme minus its weight in all other blocs (points)",
}
_CLAIMS = {
    "contrasts": "Terms: log ratio of the bloc against all others",
    "sentiment": "Actors: balance in the bloc minus that in all others",
    "themes": "Themes: weight in the bloc minus that in all others (points)",
}


def make_tables(study) -> list[PaperTable]:
    """Make every table that a paper on the study prints.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    list of PaperTable
        In the order of the paper; what the corpus has nothing for is left out.
    """
    made = (
        corpus_table(study),
        contrasts_table(study),
        themes_table(study),
        sentiment_table(study),
        agreement_table(study),
        robustness_table(study),
        multiverse_table(study),
    )
    return [table for table in made if table is not None]


def agreement_table(study) -> PaperTable | None:
    """Say how far coders agree, and the scorers with them.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    PaperTable or None
        None if nobody has coded the mentions.
    """
    table = study.result("agreement").table
    if table.empty:
        return None
    columns = [
        PaperColumn("First", text=True),
        PaperColumn("Second", text=True),
        PaperColumn("n", symbol=True),
        PaperColumn("Articles"),
        PaperColumn("Agreement\n(%)"),
        PaperColumn("κ", symbol=True),
        PaperColumn("α", symbol=True),
        PaperColumn("95% CI"),
        PaperColumn("Macro-F1"),
    ]
    rows = [
        PaperRow(
            (
                words(row.first),
                words(row.second),
                fixed(row.n, 0),
                fixed(row.n_articles, 0),
                percent(row.agreement),
                bounded(row.kappa),
                bounded(row.alpha),
                interval(row.alpha_low, row.alpha_high, bounded),
                bounded(row.macro_f1),
            )
        )
        for row in table.itertuples()
    ]
    kept, rows = without_empty(columns, rows, ("95% CI",))
    shown, cut = shorten_rows(rows)
    dash = f" {MISSING} not defined, or withheld for too few articles." if _dashed(shown) else ""
    given = any(column.head == "95% CI" for column in kept)
    interval_said = (
        ", with its interval over articles" if given else "; so few articles support no interval of it"
    )
    note = (
        f"Codes negative, neutral and positive of the same mentions (n). κ is Cohen's; α is Krippendorff's, "
        f"nominal{interval_said}; macro-F1 is the mean F1 of the classes, the first taken as true.{dash} {cut}"
    )
    return PaperTable(
        "5_agreement", "Agreement of coders and scorers on sentiment", kept, shown, note.strip()
    )


def robustness_table(study) -> PaperTable | None:
    """Say what is left of each headline number without each article and under other codings.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    PaperTable or None
        None if there is no headline number.
    """
    table = study.result("robustness").table
    table = table[table["reference_value"].notna()]
    if table.empty:
        return None
    columns = (
        PaperColumn("Number and bloc", text=True),
        PaperColumn("Published"),
        PaperColumn("Least"),
        PaperColumn("Most"),
        *(PaperColumn(name.capitalize()) for name in _VERDICTS),
    )
    names, rows = _names(study), []
    for measure, family in table.groupby("measure", sort=True):
        rows.append(PaperRow((_HEADINGS[measure],), heading=True))
        for (item, group), cell in family.groupby(["item", "group"], sort=False):
            values = cell["value"]
            counts = cell["verdict"].value_counts()
            rows.append(
                PaperRow(
                    (
                        f"{names.get((measure, item), words(item))}, {words(group)}",
                        *(
                            _size(measure, one)
                            for one in (cell["reference_value"].iloc[0], values.min(), values.max())
                        ),
                        *(fixed(counts.get(verdict, 0), 0) for verdict in _VERDICTS),
                    )
                )
            )
    shown, cut = shorten_rows(rows)
    n = table["specification"].nunique()
    without = int(table["specification"].drop_duplicates().str.startswith("without ").sum())
    dash = f" {MISSING} the number is not to be had." if _dashed(shown) else ""
    note = (
        f"Each number repeated under {n} specifications: without one article ({without}), and with the alternative "
        f"coding of each outlet that has one, and of all ({n - without}). Least and most are the extremes; the last "
        f"columns count specifications in which it stays the same in sign and at least half its size, is halved, turns "
        f"its sign, or is lost.{dash} {cut}"
    )
    return PaperTable(
        "6_robustness",
        "Headline numbers without each article and under other codings",
        columns,
        shown,
        note.strip(),
    )


def multiverse_table(study) -> PaperTable | None:
    """Say how many specifications bear each headline claim.

    Parameters
    ----------
    study : analysis.study.Study
        The study.

    Returns
    -------
    PaperTable or None
        None if there is no claim.
    """
    table = study.result("multiverse_summary").table
    table = table[table["choice"].fillna("") == ""]
    if table.empty:
        return None
    columns = (
        PaperColumn("Claim and bloc", text=True),
        PaperColumn("Specifi-\ncations"),
        PaperColumn("Lost\n(%)"),
        PaperColumn("Same sign\n(%)"),
        PaperColumn("Published\nvalue"),
        PaperColumn("Relative size,\nmedian"),
        PaperColumn("5 to 95 %\nof sizes"),
    )
    names, rows = _names(study), []
    for family, claims in table.groupby("family", sort=True):
        rows.append(PaperRow((_CLAIMS[family],), heading=True))
        for row in claims.itertuples():
            rows.append(
                PaperRow(
                    (
                        f"{names.get((family, row.item), words(row.item))}, {words(row.group)}",
                        fixed(row.n_specifications, 0),
                        percent(row.n_lost / row.n_specifications if row.n_specifications else float("nan")),
                        percent(row.same_sign),
                        _size(family, row.value),
                        fixed(row.relative_median),
                        interval(row.relative_low, row.relative_high),
                    )
                )
            )
    shown, cut = shorten_rows(rows)
    dash = f" {MISSING} not defined." if _dashed(shown) else ""
    note = (
        f"Each claim under every combination of defensible choices. Lost: specifications in which the number is not to "
        f"be had, which count as not bearing the claim. Same sign: share of all specifications with the published "
        f"sign. Relative size: over the value of the same measure as published (1 the same, below 0 turned)."
        f"{dash} {cut}"
    )
    return PaperTable(
        "7_multiverse", "Headline claims under every specification", columns, shown, note.strip()
    )


def _dashed(rows: tuple[PaperRow, ...]) -> bool:
    """Whether a dash stands in any row."""
    return any(MISSING in row.cells for row in rows)


def _size(measure: str, value: float) -> str:
    """Write a headline number in the unit of its kind."""
    if measure == "themes":
        return percent(value)
    return bounded(value) if measure == "sentiment" else fixed(value)


def _names(study) -> dict[tuple[str, str], str]:
    """Name actors and themes as the other tables do."""
    actors: pd.DataFrame = study.actor_labels
    found = {("sentiment", row.actor_id): words(row.actor) for row in actors.itertuples()}
    themes = study.result("themes").table
    found |= {("themes", row.theme_id): f"{row.theme_id} {words(row.label)}" for row in themes.itertuples()}
    return found
