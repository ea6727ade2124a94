"""The commands of the sentiment scorers, which need no study: score, scorers."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.errors import StudyError


def add_commands(commands) -> None:
    """Add the commands that score targets and list the scorers.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    about = (
        "score the targets of a JSON-lines file: one row per target. Text in any language is scored; the benchmark "
        "speaks for its own language only. A run that was stopped goes on from there."
    )
    score = commands.add_parser("score", help=about.partition(":")[0], description=f"S{about[1:]}")
    score.add_argument(
        "source", metavar="IN.jsonl", type=Path, help='"text" and "targets": [{"from", "to", "mention"}]'
    )
    score.add_argument(
        "out", metavar="OUT.csv", type=Path, help="line, target, mention, three classes, label"
    )
    score.add_argument(
        "--scorer", metavar="NAME", default="encoder.v1", help="see `framing scorers` (default encoder.v1)"
    )
    score.add_argument(
        "--keep-going",
        action="store_true",
        help="score the rest where lines cannot be used; the exit code is 1",
    )
    score.set_defaults(call=_score)
    scorers = commands.add_parser("scorers", help="list the sentiment scorers with their benchmarks")
    scorers.set_defaults(call=_scorers)


def _score(arguments: argparse.Namespace) -> int:
    from analysis.registry import load_scorer
    from analysis.score import score_file

    scorer = load_scorer(arguments.scorer)
    done = score_file(arguments.source, arguments.out, scorer, keep_going=arguments.keep_going, progress=True)
    print(
        f"{arguments.out}: {done.targets} target{'s' if done.targets != 1 else ''} scored by {arguments.scorer}"
    )
    if done.problems:
        raise StudyError(done.problems)
    return 0


def _scorers(arguments: argparse.Namespace) -> int:
    from analysis.registry import list_scorers, load_scorer

    names = list_scorers()
    for name in names:
        print(f"{name.ljust(max(map(len, names)))}  {load_scorer(name).benchmark['summary']}")
    return 0
