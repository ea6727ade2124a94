"""Checks the inputs of a study: every problem of every file, before anything is computed."""

from __future__ import annotations

import re

from analysis.codebook import check_examples
from analysis.corpus import Corpus
from analysis.errors import ParameterError, Problem, StudyError, UnknownName, counted, shorten
from analysis.terms import lemma_finder

_ELEMENTS = (
    "article|aside|blockquote|body|br|button|center|code|div|dd|dl|dt|em|figcaption|figure|font|footer|form|h[1-6]|head|header"
    "|hr|html|iframe|img|input|label|li|link|main|meta|nav|noscript|ol|picture|pre|script|section|small|span|strong|style"
    "|sub|sup|svg|table|tbody|td|th|thead|time|tr|ul|video"
)
_TRACES = (
    (
        "HTML tags",
        re.compile(
            rf"<!--|</?(?:{_ELEMENTS})(?:\s[^<>]{{0,1000}})?/?>|</[abipsu]>|<[abipsu](?:\s[^<>=]{{1,40}}=[^<>]{{0,1000}})?>",
            re.IGNORECASE,
        ),
    ),
    ("HTML entities", re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#x[0-9A-Fa-f]{2,4});")),
    (
        "signs of a wrong encoding",
        re.compile(
            r"\u00e2\u20ac.|\u00e2\u201e\u00a2|\u00c3[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
            r"\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
            r"|\u00c2[\u0080-\u00bf\u2018-\u201e\u20ac\u2122]|\u00ef\u00bb\u00bf|(?:\u00d0.\u00d1.|\u00d1.\u00d0.)|\ufffd"
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
