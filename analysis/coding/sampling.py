"""Draws a sample for coding from a study and writes it: what `framing sample` does."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.coding.draw import MAX_SHOWN, Drawn, SampleQuestion, add_context, draw_sample, find_units
from analysis.coding.sample import CONTEXT, Sample, corpus_digest
from analysis.coding.write import SampleSource, check_folder, write_sample
from analysis.errors import ParameterError
from analysis.paths import check_writable
from analysis.readers import read_csv

FEW_SHARED = 50
"""With fewer items that all coders code, the interval of an agreement is wide."""
_CODER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,29}\Z")


def sample_study(study, task_id: str, question: SampleQuestion, folder: Path) -> tuple[Sample, list[str]]:
    """Draw a sample from a study and write it.

    Parameters
    ----------
    study : Study
        A study with a codebook.
    task_id : str
        A task of the codebook.
    question : SampleQuestion
        What is to be drawn.
    folder : pathlib.Path
        Where to.

    Returns
    -------
    sample : Sample
        As written.
    notes : list of str
        What was drawn, from what, and what a reader must know.

    Raises
    ------
    StudyError
        There is no codebook, or the folder cannot be used.
    UnknownName
        There is no such task.
    ParameterError
        The question cannot be answered: names of coders, strata or shares that cannot be used.
    """
    check_question(question)
    source = SampleSource(corpus_digest(study.corpus), study.codebook, study.codebook.task(task_id))
    check_folder(folder)
    check_writable(folder)
    unit = source.task.unit
    mentions = study.result("mentions").table if unit == "mention" else None
    units, n_short = find_units(study.corpus, unit, mentions, min_tokens=study.config.themes.min_tokens)
    named = named_actors(units, study)
    drawn = add_context(
        draw_sample(units, question, named), study.corpus, outlet_names(study), study.actors.labels, unit
    )
    idle = [coder for coder in question.coders if not _given(drawn, coder)]
    if idle:
        raise ParameterError(
            f"a sample of {len(drawn.key)} leaves nothing to code for {', '.join(idle)}; raise --n or --overlap, or "
            "name fewer coders"
        )
    sample = write_sample(folder, drawn, question, source)
    notes = _tell(drawn, question, unit, len(units))
    n_cut = int(sum(drawn.key[name].str.len().gt(MAX_SHOWN).sum() for name in CONTEXT[unit]))
    if n_cut:
        what = "1 text is" if n_cut == 1 else f"{n_cut} texts are"
        notes.append(f"cut: {what} longer than {MAX_SHOWN:,} characters; the sheets show the beginning")
    if n_short:
        fewer = f"of fewer than {study.config.themes.min_tokens} tokens (themes.min_tokens)"
        notes.append(f"left out: {n_short} paragraph{'' if n_short == 1 else 's'} {fewer}")
    return sample, notes


def check_question(question: SampleQuestion) -> None:
    """Check who is to code and how much is shared.

    Parameters
    ----------
    question : SampleQuestion
        What is to be drawn.

    Raises
    ------
    ParameterError
        A coder's name cannot name a file, stands twice, or the overlap is no share.
    """
    for coder in question.coders:
        if not _CODER.match(coder):
            raise ParameterError(
                f"{coder!r} cannot name a coder; allowed: a letter, then letters, digits, '_' and '-', at most 30"
            )
    folded = [coder.lower() for coder in question.coders]
    twice = sorted({name for name in folded if folded.count(name) > 1})
    if twice or not folded:
        found = f"the coder {twice[0]!r} twice" if twice else "no coder"
        raise ParameterError(f"{found}; allowed: each coder once, such as --coders anna,ben")
    if not 0 <= question.overlap <= 1:
        raise ParameterError(f"overlap is {question.overlap:g}; allowed: a share from 0 to 1")


def named_actors(units: pd.DataFrame, study) -> dict[str, str]:
    """Choose the actors that are strata of their own.

    Parameters
    ----------
    units : pandas.DataFrame
        From `analysis.coding.draw.find_units`.
    study : Study
        Its figures show so many actors.

    Returns
    -------
    dict of str to str
        actor_id to label of the most mentioned, ties by id; empty where no mentions are coded.
    """
    counts = units.loc[units["actor_id"] != "", "actor_id"].value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {name: study.actors.labels[name] for name, _ in ranked[: study.config.figures.actors]}


def outlet_names(study) -> dict[str, tuple[str, ...]]:
    """List the names by which an outlet could give itself away.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    dict of str to tuple of str
        outlet_id to name and label.
    """
    table = read_csv(study.paths.outlets, shown=study.paths.shown(study.paths.outlets))
    rows = table.to_dict("records")
    return {row["outlet_id"]: tuple(sorted({row["name"], row["label"]} - {""})) for row in rows}


def _tell(drawn: Drawn, question: SampleQuestion, unit: str, n_units: int) -> list[str]:
    """Say what was drawn."""
    n = len(drawn.key)
    lines = [f"drawn: {n} of {n_units:,} {unit}s"]
    if question.n > n_units:
        lines[0] += f", which are all there are ({question.n:,} were asked for)"
    count = len(drawn.strata)
    by = "no strata" if drawn.by == "none" else f"{count} strata by {drawn.by.replace('+', ' and ')}"
    lines.append(f"strata: {by}, {question.allocation} allocation; weights in sample.json and key.csv")
    single = int((drawn.strata["drawn"] == 1).sum())
    if single:
        what = "1 stratum has" if single == 1 else f"{single} strata have"
        lines.append(f"note: {what} one item only, which cannot show how items differ there")
    coders = question.coders
    if len(coders) == 1:
        lines.append(f"coders: {coders[0]} alone: agreement needs two or more (--coders anna,ben)")
        return [*lines, *_tell_masks(drawn)]
    shared = int((drawn.key["coders"].str.split().str.len() == len(coders)).sum())
    each = ", ".join(f"{coder} {_given(drawn, coder)}" for coder in coders)
    lines.append(f"coders: {each} items; {shared} coded by all")
    if shared < FEW_SHARED and shared < n:
        lines.append(
            f"note: {shared} shared item{'' if shared == 1 else 's'} say little of agreement: with fewer than "
            f"{FEW_SHARED} its interval is wide; raise --overlap or --n"
        )
    return [*lines, *_tell_masks(drawn)]


def _given(drawn: Drawn, coder: str) -> int:
    """Count the items that a coder is given."""
    return sum(coder in names.split() for names in drawn.key["coders"])


def _tell_masks(drawn: Drawn) -> list[str]:
    """Say in how many items a name was masked."""
    masked = int(drawn.key["masked"].sum())
    if not masked:
        return []
    what = (
        "1 item, in which the outlet or the writer names itself"
        if masked == 1
        else (f"{masked} items, in which the outlet or the writer names itself")
    )
    return [f"masked: {what}"]
