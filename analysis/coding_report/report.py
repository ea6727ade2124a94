"""Measures a coded sample: agreement, machine against coders, disagreements, and the paragraph for a paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.coding_text import coding_paragraph
from analysis.codings import CodedItems, share_codings
from analysis.errors import Problem, StudyError, counted
from analysis.figures.machine_coders import machine_table
from analysis.measures.coding import (
    check_comparable,
    list_disagreements,
    measure_alphas,
    measure_coders,
    measure_confusions,
    measure_pairs,
)
from analysis.measures.machine import match_labels, measure_machine
from analysis.measures.machine_balance import measure_machine_balance
from analysis.methods_text import cite_works
from analysis.results import Result
from analysis.sentiment.contract import label_scores


@dataclass(frozen=True)
class CodingReport:
    """All that was measured of a coded sample.

    Parameters
    ----------
    title : str
        What was coded, in one line.
    results : dict of str to Result
        The tables, by name.
    paragraph : str
        For a paper, with the works cited.
    figure : pandas.DataFrame
        The table behind figure 23; empty without a machine.
    notes : tuple of str
        What was left out.
    """

    title: str
    results: dict[str, Result]
    paragraph: str
    figure: pd.DataFrame
    notes: tuple[str, ...]

    def table(self, name: str) -> pd.DataFrame:
        """Return one table.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        pandas.DataFrame
            As declared.
        """
        return self.results[name].table


def measure_sample(study, coded: CodedItems, *, unit: str, machine: bool) -> CodingReport:
    """Measure a coded sample.

    Parameters
    ----------
    study : analysis.study.Study
        The study that it was drawn from.
    coded : CodedItems
        What coders gave; for a machine, items have their place among the mentions in ``mention``.
    unit : str
        What an item is: mention, paragraph or article.
    machine : bool
        Whether the study's scorer is set against the coders.

    Returns
    -------
    CodingReport
        Tables, paragraph and figure.

    Raises
    ------
    StudyError
        Fewer than two coders gave codes, or no item was coded by two.
    """
    check_comparable(coded)
    statistics = study.config.statistics
    listed = coded
    if study.config.corpus.duplicates == "weight":
        coded = share_codings(coded, study.corpus.copies)
    found = [
        measure_alphas(coded, statistics),
        measure_pairs(coded, statistics),
        measure_confusions(coded),
        measure_coders(coded),
        list_disagreements(listed),
    ]
    figure, notes = pd.DataFrame(), []
    scorer = study.config.sentiment.scorer
    empty = pd.DataFrame()
    if machine:
        scores = study.result("scores").table
        places = coded.items["mention"].to_numpy(dtype=int)
        labels = label_scores(scores)[places]
        found.append(measure_machine(coded, {scorer: labels}, statistics=statistics))
        notes = [f"left out: {row.n} {row.what} ({row.why})" for row in found[-1].excluded.itertuples()]
        found.append(
            measure_machine_balance(
                study.corpus,
                study.groupings[1:],
                scores,
                (match_labels(coded, labels), places),
                study.actor_labels,
                statistics=statistics,
            )
        )
        figure = machine_table(found[-2].table, found[-1].table, scorer)
    results = {result.name: result for result in found}
    tables = [
        results[name].table if name in results else empty for name in ("machine_classes", "machine_balance")
    ]
    paragraph = coding_paragraph(
        results["coding_alpha"].table, *tables, unit=unit, coders=_coders(coded), scorer=scorer
    )
    who = ", ".join(coded.coders)
    title = f"{counted(len(coded.items), unit)} coded by {counted(len(coded.coders), 'coder')}: {who}"
    return CodingReport(title, results, cite_works(paragraph), figure, tuple(notes))


def _coders(coded: CodedItems) -> str:
    """Say how many coded, as a sentence begins."""
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    n = len(coded.coders)
    return f"{words[n] if n < len(words) else n} coders"


def not_sentiment(task: str) -> StudyError:
    """Make the refusal of a machine for a task that no machine does.

    Parameters
    ----------
    task : str
        The task of the sample.

    Returns
    -------
    StudyError
        To be raised.
    """
    remedy = "Leave out --machine: the study's scorer labels sentiment, and nothing else."
    return StudyError(
        [Problem("--machine", f"a sample of the task {task!r}", "the task 'sentiment'", remedy)]
    )


def sample_folder(paths: list[Path], given: Path | None) -> Path:
    """Find the folder of the sample that sheets belong to.

    Parameters
    ----------
    paths : list of pathlib.Path
        Sheets, or the folder itself.
    given : pathlib.Path, optional
        As the reader named it.

    Returns
    -------
    pathlib.Path
        It need not hold a sample: reading it says what is missing.

    Raises
    ------
    StudyError
        The sheets lie in several folders, or several folders were named.
    """
    if given is not None:
        return given
    folders = sorted({path if path.is_dir() else path.parent for path in paths})
    if len(folders) > 1:
        found = ", ".join(folder.as_posix() for folder in folders)
        remedy = "Name the sample's folder with --sample."
        raise StudyError([Problem("codings", f"sheets in {found}", "one sample", remedy)])
    return folders[0]
