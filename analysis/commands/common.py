"""What every command shares: its options, the study that is meant, and printed evidence."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from analysis.errors import Problem, StudyError, shorten


def add_command(
    commands, name: str, call: Callable[[argparse.Namespace], int], about: str, *, writes: bool = False
) -> argparse.ArgumentParser:
    """Add a command that works on a study.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    name : str
        As it is typed.
    call : callable
        Takes the arguments and returns the exit code.
    about : str
        One line for the list of commands.
    writes : bool
        Whether it writes into the study: then it needs one, and does not take the seed study for want of it.

    Returns
    -------
    argparse.ArgumentParser
        Takes the options of its own.
    """
    elsewhere = "" if writes else "; outside of any: the seed study"
    command = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    command.add_argument(
        "--study", metavar="DIR", help=f"the study's folder (default: the one you are in{elsewhere})"
    )
    command.set_defaults(call=call, writes=writes)
    return command


def checked_study(arguments: argparse.Namespace):
    """Load the study that is meant, and stop with every problem if it has any.

    Parameters
    ----------
    arguments : argparse.Namespace
        Of a command made by `add_command`.

    Returns
    -------
    analysis.study.Study
        Outside of any study, a command that writes nothing takes the seed study.

    Raises
    ------
    StudyError
        The study has problems, or there is none and the command writes.
    """
    from analysis.paths import find_study, nearest_study, no_study_here
    from analysis.study import check_study

    paths = nearest_study(arguments.study)
    if paths is None:
        if arguments.writes:
            raise no_study_here()
        paths = find_study()
        print(f"no study.toml here or above: this is the seed study, {paths.root}", file=sys.stderr)
    if partitioned_study(arguments) is not None:
        found, remedy = "articles in partitions", "Use framing check and framing run."
        where = f"{paths.shown(paths.config)} [corpus] partitions"
        raise StudyError([Problem(where, found, "articles in seeds/articles.csv for this command", remedy)])
    study, problems = check_study(paths.root)
    if problems:
        raise StudyError(problems)
    return study


def partitioned_study(arguments: argparse.Namespace):
    """Find out whether the study that is meant has its articles in partitions.

    Parameters
    ----------
    arguments : argparse.Namespace
        Of a command made by `add_command`.

    Returns
    -------
    (analysis.paths.StudyPaths, analysis.config.StudyConfig) or None
        None where there is no study, or its articles are in seeds/articles.csv.

    Raises
    ------
    StudyError
        study.toml of a study in partitions cannot be used.
    """
    from analysis.config import read_config
    from analysis.paths import nearest_study

    paths = nearest_study(arguments.study)
    if paths is None:
        return None
    config, problems = read_config(paths.config, shown=paths.shown(paths.config))
    if not config.corpus.partitions:
        return None
    if problems:
        raise StudyError(problems)
    return paths, config


def count_workers() -> int:
    """Read how many notebooks may be executed at a time.

    Returns
    -------
    int
        ``FRAMING_WORKERS``, or 2.

    Raises
    ------
    StudyError
        It is no whole number from 1.
    """
    value = os.environ.get("FRAMING_WORKERS", "2")
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        remedy = "Correct or unset it (with make: WORKERS=2)."
        raise StudyError([Problem("FRAMING_WORKERS", shorten(value), "a whole number from 1", remedy)])
    return int(value)


def natural(text: str) -> int:
    """Read a whole number from 1.

    Parameters
    ----------
    text : str
        As it was typed.

    Returns
    -------
    int
        From 1 to 1,000,000,000.

    Raises
    ------
    argparse.ArgumentTypeError
        It is none.
    """
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) <= 10**9):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 to 1,000,000,000")
    return int(text)


def print_lines(lines, *, csv: bool, nothing: str, names: tuple[str, ...] = ()) -> int:
    """Print evidence as aligned lines or as CSV; article text is stripped of control characters.

    Parameters
    ----------
    lines : pandas.DataFrame
        Evidence: article_id, sentence_id, left, match, right.
    csv : bool
        Print CSV, with the cells made safe for spreadsheets.
    nothing : str
        Printed where there are no lines.
    names : tuple of str
        Further columns to print.

    Returns
    -------
    int
        The exit code, 0.
    """
    from analysis.tables import clean_text, safe_cell

    if csv:
        table = lines.copy()
        for column in table.columns:
            if table[column].dtype == object or str(table[column].dtype) in ("str", "string"):
                table[column] = [safe_cell(value) for value in table[column]]
        print(table.to_csv(index=False, lineterminator="\n"), end="")
        return 0
    if lines.empty:
        print(nothing)
        return 0
    left = max(len(text) for text in lines["left"])
    place = max(len(f"{row.article_id}:{row.sentence_id}") for row in lines.itertuples())
    for row in lines.to_dict("records"):
        head = f"{row['article_id']}:{row['sentence_id']}".ljust(place)
        extra = "".join(f" {row[name]}" for name in names)
        print(clean_text(f"{head}{extra}  {row['left']:>{left}} [{row['match']}] {row['right']}"))
    print(f"{len(lines)} place{'s' if len(lines) != 1 else ''}")
    return 0
