"""The error tree: what a message says, and the order in which problems are listed."""

from __future__ import annotations

import pickle

import pytest

from analysis import errors
from analysis.errors import FramingError, Problem, StudyError, UnknownName, shorten


def test_a_problem_says_where_found_allowed_and_remedy():
    problem = Problem("seeds/articles.csv:4 (published)", "'2019-13'", "YYYY-MM-DD", "Correct the date.")
    assert str(problem) == (
        "seeds/articles.csv:4 (published): found '2019-13'; allowed: YYYY-MM-DD. Correct the date."
    )


def test_a_problem_without_a_list_of_what_is_allowed():
    assert str(Problem("study.toml", "nothing", "", "Fill it.")) == "study.toml: found nothing. Fill it."


def test_a_study_error_lists_everything_once_by_file_and_row_number():
    def problem(where):
        return Problem(where, "x", "y", "Mend it.")

    wheres = ("b.csv:10 (name)", "b.csv:9 (name)", "b.csv:10 (bloc)", "a.csv:100", "b.csv", "b.csv:9 (name)")
    error = StudyError(map(problem, wheres))
    assert [found.where for found in error.problems] == [
        "a.csv:100",
        "b.csv",
        "b.csv:9 (name)",
        "b.csv:10 (bloc)",
        "b.csv:10 (name)",
    ]
    assert str(error) == (
        "5 problems found:\n"
        "  a.csv:100: found x; allowed: y. Mend it.\n"
        "  b.csv: found x; allowed: y. Mend it.\n"
        "  b.csv:9 (name): found x; allowed: y. Mend it.\n"
        "  b.csv:10 (bloc): found x; allowed: y. Mend it.\n"
        "  b.csv:10 (name): found x; allowed: y. Mend it."
    )


def test_one_problem_is_singular():
    assert str(StudyError([Problem("a", "b", "c", "D.")])) == "1 problem found:\n  a: found b; allowed: c. D."


def test_an_unknown_name_lists_those_that_exist():
    error = UnknownName("step", "theems", ["themes", "articles"])
    assert str(error) == "unknown step 'theems'; allowed: articles, themes"
    assert error.allowed == ("articles", "themes")
    assert isinstance(error, KeyError)


def test_an_unknown_name_lists_no_more_than_forty():
    message = str(UnknownName("term", "x", [f"t{number:03}" for number in range(50)]))
    assert message.startswith("unknown term 'x'; allowed: t000, t001, ")
    assert message.endswith("t039, ...")


def test_an_unknown_name_where_none_exist():
    assert str(UnknownName("actor", "us", [])) == "unknown actor 'us'; allowed: (none)"


@pytest.mark.parametrize("name", ["StudyError", "ParameterError", "UnknownName", "ScorerError", "ClaimError"])
def test_every_error_is_a_framing_error(name):
    assert issubclass(getattr(errors, name), FramingError)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb", r"'a\nb'"),
        ("\x1b[31m", r"'\x1b[31m'"),
        ("\u202egnp.exe", r"'\u202egnp.exe'"),
        (12, "'12'"),
        ("", "''"),
    ],
)
def test_an_untrusted_value_is_shown_escaped_on_one_line(value, shown):
    assert shorten(value) == shown


def test_a_long_value_is_cut():
    assert len(shorten("x" * 1000)) == 60
    assert shorten("x" * 1000).endswith("...'")


def test_problems_survive_a_process_boundary():
    problem = Problem("a", "b", "c", "D.")
    assert pickle.loads(pickle.dumps(problem)) == problem
