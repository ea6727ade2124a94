"""The command that measures how far coders agree, and how far the machine agrees with them: agreement."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.commands.common import add_command, checked_study


def add_commands(commands) -> None:
    """Add the command.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    about = "measure the agreement of coders, and of the study's scorer with them, from the sheets of `framing sample`"
    command = add_command(commands, "agreement", _agreement, about)
    command.add_argument(
        "codings", metavar="CODINGS", type=Path, nargs="+", help="the sample's folder, or its coded sheets"
    )
    command.add_argument(
        "--sample", metavar="DIR", type=Path, help="the sample's folder (default: where the sheets lie)"
    )
    command.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="folder for tables, an HTML page, the figure and the paragraph",
    )
    command.add_argument(
        "--machine",
        action="store_true",
        help="set the study's scorer against the coders (always done where sentiment was coded)",
    )


def _agreement(arguments: argparse.Namespace) -> int:
    from analysis.coding.coded import load_coded_sample, place_items
    from analysis.coding_report.page import export_report
    from analysis.coding_report.report import measure_sample, not_sentiment, sample_folder
    from analysis.coding_report.tables import write_text

    study = checked_study(arguments)
    folder = sample_folder(arguments.codings, arguments.sample)
    coded, sample = load_coded_sample(arguments.codings, folder, study.corpus, study.actors.labels)
    machine = sample.task == "sentiment"
    if arguments.machine and not machine:
        raise not_sentiment(sample.task)
    if machine:
        mentions = study.result("mentions").table
        coded = place_items(coded, mentions, study.paths.shown(study.paths.actors))
    report = measure_sample(study, coded, unit=sample.unit, machine=machine)
    print(write_text(report), end="")
    if arguments.out is not None:
        written = export_report(report, arguments.out)
        print(f"\n{len(written)} files in {arguments.out}; open agreement.html")
    return 0
