"""The commands that show places in the texts: kwic, mentions."""

from __future__ import annotations

import argparse
import sys

from analysis.commands.common import add_command, checked_study, print_lines


def add_commands(commands) -> None:
    """Add the commands that show places in the texts.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    kwic = add_command(commands, "kwic", _kwic, "show a term or phrase in context; * stands for any ending")
    kwic.add_argument("query", metavar="TERM", help="words, such as 'sanctions' or 'arms control'")
    kwic.add_argument("--width", type=int, default=50, help="characters of context on each side (default 50)")
    kwic.add_argument("--csv", action="store_true", help="print CSV instead of lines")
    mentions = add_command(commands, "mentions", _mentions, "list the mentions of actors, in context")
    mentions.add_argument("--actor", metavar="ID", help="one actor only, such as russia")
    mentions.add_argument("--csv", action="store_true", help="print CSV instead of lines")


def _kwic(arguments: argparse.Namespace) -> int:
    study = checked_study(arguments)
    try:
        lines = study.kwic(arguments.query, width=arguments.width)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return print_lines(lines, csv=arguments.csv, nothing=f"no place of {arguments.query!r}")


def _mentions(arguments: argparse.Namespace) -> int:
    from analysis.errors import UnknownName

    study = checked_study(arguments)
    evidence = study.result("mentions").evidence
    if arguments.actor and arguments.actor not in study.actors.labels:
        raise UnknownName("actor", arguments.actor, study.actors.labels)
    lines = evidence.find({"actor_id": arguments.actor} if arguments.actor else {})
    return print_lines(lines, csv=arguments.csv, nothing="no mention", names=("actor_id", "voice"))
