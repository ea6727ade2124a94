"""The commands that bring articles into a study: new."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_commands(commands) -> None:
    """Add the commands that bring articles into a study.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    new = commands.add_parser(
        "new",
        help="start a study from a table or a folder of .txt files",
        description="Start a study from a table (CSV, JSON lines, Excel, Parquet) with article_id, outlet, bloc, published, "
        "title and text, or from a folder of .txt files.",
    )
    new.add_argument(
        "dir", metavar="DIR", type=Path, help="the new study's folder; it must not hold a study yet"
    )
    new.add_argument(
        "--from", dest="source", metavar="SOURCE", type=Path, required=True, help="table or folder"
    )
    new.set_defaults(call=_new)


def _new(arguments: argparse.Namespace) -> int:
    from analysis.new_study import create_study

    paths, notes = create_study(arguments.dir, arguments.source)
    for note in notes:
        print(note)
    print(f"made the study {paths.root}")
    print(f"next: framing check --study '{paths.root}', then framing run --study '{paths.root}'")
    return 0
