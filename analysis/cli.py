"""The command `framing`: parses, calls, and turns errors into messages and exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from analysis.commands import (
    agreement,
    coding,
    contrasts,
    corpora,
    duplicates,
    evidence,
    paper,
    scoring,
    study,
)
from analysis.errors import FramingError, StudyError

_EPILOG = """examples:
  framing check                          validate the study in this folder
  framing study                          tables, figures, notebooks and report
  framing run --study DIR --out OUT      tables, figures and manifest of another study
  framing new DIR --from articles.csv    start a study of your own
  framing add exports/ --study DIR       add articles from files and database exports
  framing duplicates                     copies of one text, by group
  framing boilerplate --out rules.toml   propose cleaning rules
  framing kwic 'sanction*'               a term in its sentences
  framing contrasts articles.csv --by outlet --out contrasts.csv
"""


COMMANDS = (study, evidence, scoring, contrasts, corpora, duplicates, coding, agreement, paper)
"""Where the commands are, in the order of the help; heavy modules are imported by the command that needs them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        Exit code: 0 done, 1 the study or a value cannot be used, 2 the command was not understood.
    """
    arguments = _parser().parse_args(argv)
    try:
        return arguments.call(arguments) or 0
    except StudyError as error:
        print(error, file=sys.stderr)
        return 1
    except FramingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # the reader of a pipe, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        name = f": {error.filename}" if error.filename else ""
        print(f"error: {error.strerror or error}{name}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was finished is kept, and the next run goes on from there", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    """Build the parser."""
    parser = argparse.ArgumentParser(
        prog="framing",
        description="Compare how outlets and blocs frame the same events: themes, term contrasts, sentiment.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    parser.set_defaults(call=_no_command)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in COMMANDS:
        module.add_commands(commands)
    return parser


def _no_command(arguments: argparse.Namespace) -> int:
    if arguments.version:
        from importlib.metadata import version

        print(f"framing {version('comparative-framing-study')}")
        return 0
    _parser().print_help()
    return 2


if __name__ == "__main__":
    sys.exit(main())
