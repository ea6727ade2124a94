"""The commands that check a study, run it and write it down: check, study, run, figures, report."""

from __future__ import annotations

import argparse
from pathlib import Path

from analysis.commands.common import (
    add_command,
    checked_study,
    count_workers,
    natural,
    partitioned_study,
    print_lines,
)
from analysis.errors import Problem, StudyError, counted


def add_commands(commands) -> None:
    """Add the commands that check a study, run it and write it down.

    Parameters
    ----------
    commands : argparse._SubParsersAction
        The commands of the program.
    """
    check = add_command(
        commands,
        "check",
        _check,
        "validate a study: every problem by file and row, exit code 1 if there is any",
    )
    check.add_argument(
        "--aliases", action="store_true", help="list every alias with its places in the corpus, as CSV"
    )
    about = "run everything: tables, figures, executed notebooks and the HTML report"
    add_command(commands, "study", _study, about, writes=True)
    about = "compute the results: OUT/tables, OUT/figures and OUT/manifest.json"
    run = add_command(commands, "run", _run, about, writes=True)
    run.add_argument(
        "--out", metavar="OUT", type=Path, help="folder to write to (default: results/ of the study)"
    )
    run.add_argument("--only", metavar="STEP", nargs="+", help="some results only, and no figures")
    about = "articles in partitions: work on a Dask cluster of N processes of this machine"
    run.add_argument("--workers", metavar="N", type=natural, help=about)
    about = "articles in partitions: work on the Dask cluster of this scheduler, such as tcp://host:8786"
    run.add_argument("--scheduler", metavar="ADDRESS", help=about)
    about = "write the figures: PDF, SVG, PNG, CSV, alt text, captions"
    figures = add_command(commands, "figures", _figures, about, writes=True)
    figures.add_argument("ids", metavar="ID", nargs="*", help="some figures only, such as 3_contrasts")
    figures.add_argument("--out", metavar="DIR", type=Path, help="folder (default: figures/ of the study)")
    about = "write one self-contained HTML page of the executed notebooks, and print it as a PDF"
    report = add_command(commands, "report", _report, about, writes=True)
    report.add_argument("--out", metavar="FILE", type=Path, help="the page (default: results/report.html)")
    report.add_argument("--no-pdf", dest="pdf", action="store_false", help="leave out the PDF beside it")


def _check(arguments: argparse.Namespace) -> int:
    parted = partitioned_study(arguments)
    if parted is not None:
        return _check_partitions(arguments, *parted)
    from analysis.checking import describe_traces
    from analysis.duplicates.copies import describe_copies
    from analysis.measures.attention import count_aliases

    study = checked_study(arguments)
    corpus = study.corpus
    aliases = count_aliases(corpus, study.actors)
    if arguments.aliases:
        return print_lines(aliases, csv=True, nothing="")
    outlets, blocs = (len(corpus.grouping(level).labels) for level in ("outlet", "bloc"))
    print(f"{study.config.study.title}: no problems found")
    numbers = (
        (len(corpus), "article"),
        (outlets, "outlet"),
        (blocs, "bloc"),
        (len(study.actors.labels), "actor"),
    )
    print(", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in numbers))
    used = int((aliases["n_places"] > 0).sum())
    print(
        f"aliases: {used:,} of {len(aliases):,} occur in the corpus (--aliases lists all with their counts)"
    )
    for line in describe_traces(corpus):
        print(line)
    if corpus.copies:
        print(describe_copies(corpus))
    for row in corpus.excluded.itertuples():
        print(f"excluded: {row.what}: {row.why}")
    return 0


def _check_partitions(arguments: argparse.Namespace, paths, config) -> int:
    """Check a study whose articles are in partitions; their texts are read when it is run."""
    from analysis.partitions.run import check_partitions

    if arguments.aliases:
        found, remedy = "a study whose articles are in partitions", "Check it without the option."
        raise StudyError([Problem("--aliases", found, "articles in seeds/articles.csv", remedy)])
    survey = check_partitions(paths, config)
    print(f"{config.study.title}: no problems found in what stands beside the texts")
    files = len({part.path for part in survey.parts})
    print(
        f"{survey.rows:,} articles in {files:,} partition{'' if files == 1 else 's'}, {len(survey.outlets)} outlets"
    )
    for problem in survey.findings.problems():
        print(f"excluded: {problem}")
    return 0


def _study(arguments: argparse.Namespace) -> int:
    from analysis.pipeline import run_study

    study = checked_study(arguments)
    for line in run_study(study, workers=count_workers()):
        print(line)
    print(f"  {_printed(study.paths.report)}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    parted = partitioned_study(arguments)
    if parted is not None:
        return _run_partitions(arguments, *parted)
    from analysis.pipeline import run_results

    for option in ("workers", "scheduler"):
        if getattr(arguments, option) is not None:
            found, allowed = (
                "a study whose articles are not in partitions",
                "[corpus] partitions in study.toml",
            )
            raise StudyError([Problem(f"--{option}", found, allowed, "Run it without the option.")])
    study = checked_study(arguments)
    out = (arguments.out or study.paths.results).resolve()
    run_results(study, out, only=arguments.only)
    print(f"tables:   {out / 'tables'}")
    if not arguments.only:
        print(f"figures:  {out / 'figures'}")
        print(f"methods:  {out / 'methods.md'}")
    print(f"manifest: {out / 'manifest.json'}")
    return 0


def _run_partitions(arguments: argparse.Namespace, paths, config) -> int:
    """Run a study whose articles are in partitions."""
    from analysis.partitions.executors import open_executor
    from analysis.partitions.run import PartitionRun, progress_bar, run_partitions

    if arguments.only:
        found, remedy = "some results of a study in partitions", "Run it without the option."
        raise StudyError([Problem("--only", found, "all of its results", remedy)])
    if arguments.workers is not None and arguments.scheduler is not None:
        remedy = "Leave one of them out."
        raise StudyError([Problem("--workers", "--scheduler beside it", "one of the two", remedy)])
    out = (arguments.out or paths.results).resolve()
    with open_executor(workers=arguments.workers, scheduler=arguments.scheduler) as executor:
        run_partitions(PartitionRun(paths, config, out, executor, progress_bar()))
    from pyarrow.parquet import read_metadata

    excluded = out / "tables" / "excluded.parquet"
    if left_out := read_metadata(excluded).num_rows:
        print(f"excluded: {counted(left_out, 'finding')}, by file and row: {excluded}")
    print(f"tables:   {out / 'tables'}")
    print(f"manifest: {out / 'manifest.json'}")
    return 0


def _figures(arguments: argparse.Namespace) -> int:
    from analysis.pipeline import run_figures

    study = checked_study(arguments)
    out = (arguments.out or study.paths.figures).resolve()
    run_figures(study, out, only=arguments.ids or None)
    print(f"figures: {out}")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from analysis.pipeline import run_report

    study = checked_study(arguments)
    out = run_report(study, arguments.out, workers=count_workers())
    print(f"report: {out}")
    if arguments.pdf:
        print(_printed(out))
    return 0


def _printed(report: Path) -> str:
    """Print a report as a PDF, and say in one line where it is, or why there is none."""
    from analysis.report_pdf import print_report

    pdf, reason = print_report(report)
    return f"PDF:    {pdf}" if pdf else f"no PDF: {reason}"
