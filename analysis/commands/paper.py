"""The command that writes what a paper prints: export-paper."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.commands.common import add_command, checked_study


def add_commands(commands) -> None:
    """Add the command that writes what a paper prints.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    about = "write figures at journal widths, tables for LaTeX and Word, methods and references to one folder"
    paper = add_command(commands, "export-paper", _export_paper, about, writes=True)
    paper.add_argument("--figures", metavar="ID", nargs="+", help="some figures only, such as 3_contrasts")
    paper.add_argument(
        "folder", metavar="DIR", type=Path, help="new, empty, or written by this command before"
    )


def _export_paper(arguments: argparse.Namespace) -> int:
    from analysis.figures.registry import find_figure
    from analysis.paper.folder import check_folder, export_paper
    from analysis.pipeline import compute

    study = checked_study(arguments)
    folder = arguments.folder.resolve()
    for name in arguments.figures or ():
        find_figure(name)
    check_folder(study, folder)
    compute(study)
    export_paper(study, folder, only=arguments.figures, progress=True)
    print(f"paper: {folder} (README.txt says what is what)")
    return 0
