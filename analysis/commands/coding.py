"""The command that draws a sample for people to code: sample."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.commands.common import add_command, checked_study, natural


def add_commands(commands) -> None:
    """Add the command that draws a sample.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    about = "draw a blind sample for people to code, with a sheet, a workbook and a notebook for each coder"
    sample = add_command(commands, "sample", _sample, about, writes=True)
    sample.add_argument(
        "--task", metavar="NAME", required=True, help="a task of seeds/codebook.toml: sentiment, frames"
    )
    sample.add_argument(
        "--n", metavar="N", type=natural, required=True, help="items to draw, over all coders"
    )
    sample.add_argument("--coders", metavar="A,B", default="a,b", help="who codes (default a,b)")
    sample.add_argument(
        "--overlap",
        metavar="SHARE",
        type=share,
        default=0.25,
        help="share of the items that all code; the rest is split evenly (default 0.25)",
    )
    sample.add_argument("--out", metavar="DIR", type=Path, help="the folder to write (default coding/TASK)")
    sample.add_argument(
        "--random-state", metavar="N", type=int, help="chooses the items (default: that of study.toml)"
    )
    sample.add_argument(
        "--by",
        choices=("auto", "outlet+actor", "bloc+actor", "outlet", "bloc", "none"),
        default="auto",
        help="what strata are made of (default: the finest with two items a stratum)",
    )
    sample.add_argument(
        "--allocation",
        choices=("proportional", "equal"),
        default="proportional",
        help="items by the strata's sizes, or as many from each (default proportional)",
    )


def share(text: str) -> float:
    """Read a share.

    Parameters
    ----------
    text : str
        As it was typed.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    argparse.ArgumentTypeError
        It is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share from 0 to 1, such as 0.2")
    return value


def _sample(arguments: argparse.Namespace) -> int:
    from analysis.coding.draw import SampleQuestion
    from analysis.coding.sampling import sample_study

    study = checked_study(arguments)
    state = arguments.random_state
    question = SampleQuestion(
        arguments.n,
        tuple(name.strip() for name in arguments.coders.split(",") if name.strip()),
        arguments.overlap,
        arguments.by,
        arguments.allocation,
        study.config.statistics.random_state if state is None else state,
    )
    folder = (arguments.out or study.paths.coding / arguments.task).resolve()
    sample, notes = sample_study(study, arguments.task, question, folder)
    print("\n".join(notes))
    print(f"sample {sample.sample_id}: {folder}")
    print(
        "give each coder their sheet, notebook and codebook.json, or their workbook; keep key.csv to yourself"
    )
    return 0
