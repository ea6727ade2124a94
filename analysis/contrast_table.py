"""The work of `framing contrasts`: the term contrasts of a study or a table of articles, as one CSV file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.article_table import load_table
from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Corpus, Grouping
from analysis.counts import count_terms
from analysis.errors import ParameterError, Problem, StudyError, UnknownName, shorten_list
from analysis.measures.contrasts import LIST, REST, ChosenContrasts, list_contrasts, measure_contrasts
from analysis.paths import STUDY_FILE
from analysis.reference_list import ReferenceList, load_reference
from analysis.results import Result
from analysis.study import load_study
from analysis.tables import write_table


@dataclass(frozen=True)
class ContrastQuestion:
    """What is set against what, and in which terms.

    Parameters
    ----------
    by : str
        The column that groups the articles; of a study, ``outlet`` or ``bloc``.
    target, reference : str, optional
        Groups; `reference` may be ``"rest"``. Without both every group is set against the rest, and every pair.
    settings : tuple of (str, object)
        Settings of ``[terms]`` that replace those of the study.
    word_list : pathlib.Path, optional
        A CSV file of term and count that every target is set against as well.
    """

    by: str
    target: str | None = None
    reference: str | None = None
    settings: tuple[tuple[str, object], ...] = ()
    word_list: Path | None = None


@dataclass(frozen=True)
class _Material:
    corpus: Corpus
    groupings: list[Grouping]
    language: str
    terms: TermParameters
    contrasts: ContrastParameters
    statistics: StatisticsParameters
    listed: ReferenceList | None


def write_contrasts(source: Path, out: Path, question: ContrastQuestion) -> tuple[Result, list[str]]:
    """Compute contrasts and write them.

    Parameters
    ----------
    source : pathlib.Path
        A study's folder, or a table of articles (see `analysis.article_table.load_table`).
    out : pathlib.Path
        The CSV file: written whole, or not at all.
    question : ContrastQuestion
        What is asked.

    Returns
    -------
    result : Result
        The table ``contrasts``.
    notes : list of str
        What was done, in lines for the reader.

    Raises
    ------
    StudyError
        The source, the word list or the place to write to cannot be used.
    UnknownName
        There is no such column or group; those that exist are named.
    ParameterError
        The question cannot be answered: fewer than two groups, or a reference without a target.
    """
    source, out = Path(source), Path(out)
    if out.suffix.lower() != ".csv" or out.is_dir() or out.resolve() == source.resolve():
        found = "the table itself" if out.resolve() == source.resolve() else "no name of a CSV file"
        remedy = "Name another file, such as contrasts.csv."
        raise StudyError([Problem(f"--out {out.as_posix()}", found, "a new file that ends in .csv", remedy)])
    material = _load(source, question)
    designs = [_design(material.groupings[0], question, against_list=material.listed is not None)]
    # the other levels tell the outlets of an article and are not contrasted themselves
    designs += [ChosenContrasts(one.level, one.members) for one in material.groupings[1:]]
    result = measure_contrasts(
        count_terms(material.corpus, material.terms, language=material.language),
        designs,
        terms=material.terms,
        contrasts=material.contrasts,
        statistics=material.statistics,
        reference=material.listed,
    )
    write_table(result.table, out)
    return result, _describe(result.table, material.groupings[0], out)


def _load(source: Path, question: ContrastQuestion) -> _Material:
    """Read the articles and settle the parameters."""
    if not source.exists():
        remedy = "Correct the path."
        raise StudyError(
            [Problem(source.as_posix(), "nothing there", "a study's folder or a table of articles", remedy)]
        )
    if source.is_dir() or source.name == STUDY_FILE:
        study = load_study(source)
        problems = study.check()
        if problems:
            raise StudyError(problems)
        levels = ("bloc", "outlet")
        if question.by not in levels:
            raise UnknownName("column of a study", question.by, levels)
        # the level that is asked for comes first
        levels = sorted(levels, key=lambda level: level != question.by)
        groupings = [study.corpus.grouping(level) for level in levels]
        corpus, config, listed = study.corpus, study.config, study.reference
        language, terms = config.corpus.language, replace(config.terms, **dict(question.settings))
        parameters = config.contrasts, config.statistics
    else:
        corpus, groupings = load_table(source, question.by)
        language, terms, listed = "en", TermParameters(**dict(question.settings)), None
        parameters = ContrastParameters(), StatisticsParameters()
    if question.word_list is not None:
        listed = load_reference(question.word_list, terms, language=language)
    return _Material(corpus, groupings, language, terms, *parameters, listed)


def _design(grouping: Grouping, question: ContrastQuestion, *, against_list: bool) -> Grouping:
    """Choose the contrasts that are asked for."""
    labels, kind = grouping.labels, f"group of {grouping.level}"
    target, reference = question.target, question.reference
    if target is None and reference is not None:
        raise ParameterError("--reference needs a --target; allowed: " + ", ".join(labels))
    if target is not None and target not in labels:
        raise UnknownName(kind, target, labels)
    if reference is not None and reference not in (*labels, REST):
        raise UnknownName(kind, reference, [*labels, REST])
    if reference == target and target is not None:
        raise ParameterError(f"target and reference are both {target!r}; name two groups")
    if len(labels) < 2 and not against_list:
        raise ParameterError(
            f"{grouping.level} has one group only, {labels[0]!r}; a contrast needs two, or a word list (--list)"
        )
    pairs = list_contrasts(grouping)
    if target is not None and reference is not None:
        pairs = [(target, reference)]
    elif target is not None:
        pairs = [(target, other) for other in (REST, *labels) if other != target and len(labels) > 1]
    wanted = [target] if target is not None else labels
    return ChosenContrasts(grouping.level, grouping.members, tuple(pairs), tuple(wanted))


def _describe(table: pd.DataFrame, grouping: Grouping, out: Path) -> list[str]:
    """Say what was written."""
    sizes = ", ".join(f"{name} {len(rows)}" for name, rows in grouping.members.items())
    contrasts = table.drop_duplicates(["target", "reference"])
    lines = [f"articles by {grouping.level}: {sizes}"]
    for flag, rows in contrasts.groupby("flag", sort=False):
        shown = [f"{row.target} against {'the ' if row.reference in (REST, LIST) else ''}{row.reference}"
                 for row in rows.itertuples()]  # fmt: skip
        if flag:
            lines.append(f"{shorten_list(shown, 6)}: {flag}")
    rows, terms = len(table), table["term"].nunique()
    numbers = ((rows, "row"), (len(contrasts), "contrast"), (terms, "term"))
    done = f"{out}: " + ", ".join(f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in numbers)
    if not rows:
        done += "; no term passes the filter: lower --min-count or --min-articles"
    return [*lines, done]
