"""Checks the inputs of a study: every problem of every file, before anything is computed."""

from __future__ import annotations

from analysis.codebook import check_examples
from analysis.errors import ParameterError, Problem, StudyError, UnknownName
from analysis.terms import lemma_finder


def check_inputs(study) -> list[Problem]:
    """Validate every input of a study.

    Parameters
    ----------
    study : analysis.study.Study
        The study; what can be read of it is kept by it.

    Returns
    -------
    list of Problem
        All problems of all files, in reading order; empty if the study can be run.
    """
    problems: list[Problem] = []
    coded = ("codebook",) if study.paths.codebook.exists() else ()
    for part in ("corpus", "actors", *coded, "reference", "scorer"):
        try:
            getattr(study, part)
        except StudyError as error:
            problems += error.problems
        except UnknownName as error:
            where = f"{study.paths.shown(study.paths.config)} [sentiment] scorer"
            problems.append(
                Problem(
                    where, repr(study.config.sentiment.scorer), ", ".join(error.allowed), "Correct it."
                )
            )
    if study.config.terms.lemmas:
        try:
            lemma_finder(study.config.corpus.language)
        except ParameterError:
            where = f"{study.paths.shown(study.paths.config)} [terms] lemmas"
            allowed = f"false: there is no dictionary for the language {study.config.corpus.language!r}"
            problems.append(Problem(where, "'true'", allowed, "Set it to false."))
    if "actors" in study.__dict__:
        problems += study.actors.check_aliases()
    if coded and {"codebook", "corpus"} <= set(study.__dict__):
        received = {article.article_id: article.received for article in study.corpus.articles}
        shown = study.paths.shown(study.paths.codebook)
        complete = study.corpus.excluded.empty
        problems += check_examples(study.codebook, received, complete=complete, shown=shown)
    if not problems:
        try:
            study.coded_mentions  # noqa: B018 (it is read here, and kept)
        except StudyError as error:
            problems += error.problems
    return list(StudyError(problems).problems)
