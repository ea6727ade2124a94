"""The command that contrasts the groups of any table: contrasts."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.commands.common import natural


def add_commands(commands) -> None:
    """Add the command that contrasts any table.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    about = (
        "contrast the terms of groups of articles: every group against the rest, and every pair. INPUT is a study's "
        "folder, or a CSV, JSON-lines or Parquet table with article_id, text and the column that groups them."
    )
    command = commands.add_parser("contrasts", help=about.partition(":")[0], description=f"C{about[1:]}")
    command.add_argument("source", metavar="INPUT", type=Path, help="a study's folder or a table")
    command.add_argument("--by", metavar="COLUMN", required=True, help="the column of groups, such as outlet")
    command.add_argument("--out", metavar="FILE.csv", type=Path, required=True, help="the file to write")
    command.add_argument("--target", metavar="A", help="one group only")
    command.add_argument("--reference", metavar="B", help="what it is set against: a group, or rest")
    command.add_argument("--list", metavar="LIST.csv", type=Path, help="a word list (term,count) as reference, too")
    command.add_argument("--lemmas", action="store_const", const=True, help="count dictionary forms")
    command.add_argument("--ngrams", metavar="N", type=int, choices=(1, 2, 3), help="longest term in tokens")
    for name in ("count", "articles"):
        what = "occurrences" if name == "count" else "articles"
        command.add_argument(f"--min-{name}", metavar="N", type=natural, help=f"{what} that a term needs")
    command.set_defaults(call=_contrasts)


def _contrasts(arguments: argparse.Namespace) -> int:
    from analysis.contrast_table import ContrastQuestion, write_contrasts

    names = ("lemmas", "ngrams", "min_count", "min_articles")
    given = ((name, getattr(arguments, name)) for name in names)
    question = ContrastQuestion(
        arguments.by,
        arguments.target,
        arguments.reference,
        settings=tuple((name, value) for name, value in given if value is not None),
        word_list=arguments.list,
    )
    _, notes = write_contrasts(arguments.source, arguments.out, question)
    print("\n".join(notes))
    return 0
