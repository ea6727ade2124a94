"""Checks the inputs of a study: every problem of every file, before anything is computed."""

from __future__ import annotations

import re

from analysis.codebook import check_examples
from analysis.corpus import Corpus
from analysis.errors import ParameterError, Problem, StudyError, UnknownName, counted, shorten
from analysis.terms import lemma_finder

_ELEMENTS = (
    "a|article|b|blockquote|br|center|div|em|figure|font|h[1-6]|hr|i|img|li|ol|p|script|section|span|strong"
)
_TRACES = (
    (
        "HTML tags",
        re.compile(
            rf"</?(?:{_ELEMENTS}|style|sub|sup|table|td|th|tr|u|ul)(?:\s[^<>=]{{1,40}}=[^<>]{{0,300}})?\s?/?>",
            re.IGNORECASE,
        ),
    ),
    (
        "HTML entities",
        re.compile(r"&(?:amp|apos|gt|hellip|[lr][ds]quo|lt|[mn]dash|nbsp|quot|#\d{2,5}|#x[0-9a-fA-F]{2,4});"),
    ),
    (
        "signs of a wrong encoding",
        re.compile(
            r"\u00e2\u20ac.|\u00c3[\u00a1-\u00bf]|\u00c2[\u00a0\u00a3\u00a9\u00ab\u00b0\u00bb]|\ufffd"
        ),
    ),
)


def describe_traces(corpus: Corpus) -> list[str]:
    """Describe what texts hold that is no prose of the article, and would be counted as words.

    Parameters
    ----------
    corpus : Corpus
        The articles, cleaned.

    Returns
    -------
    list of str
        A line for each kind of trace, with the number of articles and the first of them; empty if there are none.
    """
    lines = []
    for kind, pattern in _TRACES:
        found = [(one.article_id, match[0]) for one in corpus.articles if (match := pattern.search(one.text))]
        if found:
            name, sign = found[0]
            have = "has" if len(found) == 1 else "have"
            lines.append(
                f"note: {counted(len(found), 'article')} {have} {kind} (first: {shorten(sign)} in {name}), which count "
                "as words: export the texts without them, or add a rule to seeds/cleaning.toml"
            )
    return lines


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
                Problem(where, repr(study.config.sentiment.scorer), ", ".join(error.allowed), "Correct it.")
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
