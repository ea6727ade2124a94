"""The command `framing`: parses, calls, and turns errors into messages and exit codes."""

from __future__ import annotations

import argparse
import errno
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
        print(f"error: {_describe(error, arguments)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; what was finished is kept, and the next run goes on from there", file=sys.stderr)
        return 130


def _describe(error: OSError, arguments: argparse.Namespace) -> str:
    """Say what went wrong with a file, where, and what to do about a full disk."""
    # what pyarrow raises has the number in its words alone
    full = error.errno in (errno.ENOSPC, errno.EDQUOT) or f"[errno {errno.ENOSPC}]" in str(error)
    said = os.strerror(errno.ENOSPC) if full else (error.strerror or str(error))
    asked = (getattr(arguments, name, None) for name in ("out", "dir", "folder", "study"))
    place = error.filename or (next(filter(None, asked), ".") if full else "")
    where = f": {place}" if place else ""
    remedy = "; make room, or choose a folder on another disk, and run the command again" if full else ""
    return f"{said}{where}{remedy}"


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
