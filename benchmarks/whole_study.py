"""Measures a whole study, step by step: processor seconds and peak memory, in one process with one worker.

    .venv/bin/python benchmarks/whole_study.py --articles 10000

makes a corpus (make_corpus.py), runs every step of it as `framing run` does, in a process of its own and without the
encoder, and writes a table of the steps to docs/benchmarks.md. Nothing is taken from an earlier run.

A slow run fails nothing: tests check results, this measures time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- whole study: begin -->", "<!-- whole study: end -->"
GOAL = 60
NAMED = (
    "programs loaded", "articles read and cleaned", "counts", "mentions", "theme_stability", "themes", "contrasts",
    "scores", "sentiment",
)  # fmt: skip
"""The steps of the goal: counts, contrasts with their intervals, themes and their number, mentions, sentiment with the
lexicon."""
TERMS = """
[terms]
min_count = 20
min_articles = 20
"""


def main() -> None:
    """Make the corpus, run the study, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument(
        "--study", type=Path, help="a study that make_corpus.py made; by default it is made now"
    )
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--measured", nargs=2, type=Path, metavar=("STUDY", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measured:
        measure_here(*options.measured)
        return
    with tempfile.TemporaryDirectory() as folder:
        study = prepare_study(Path(folder) / "study", options.study, options.articles, options.words)
        articles = sum(1 for _ in (study / "seeds" / "texts").iterdir())
        write_page(options.page, measure(study, Path(folder) / "out"), articles, options.words)


def prepare_study(folder: Path, made: Path | None, articles: int, words: int) -> Path:
    """Write the study that is measured: nothing is kept from earlier runs, and rare terms are not tested.

    Parameters
    ----------
    folder : pathlib.Path
        Where to.
    made : pathlib.Path or None
        A made study whose texts are taken.
    articles, words : int
        Of the corpus that is made otherwise.

    Returns
    -------
    pathlib.Path
        The study.
    """
    from make_corpus import SETTINGS, write_study

    if made is None:
        write_study(folder, articles, words)
    else:
        shutil.copytree(made / "seeds", folder / "seeds")
    (folder / "study.toml").write_text(SETTINGS + TERMS, encoding="utf-8")
    return folder


def measure(study: Path, out: Path) -> list[dict]:
    """Run a study in a process of its own, with one thread and one worker.

    Parameters
    ----------
    study, out : pathlib.Path
        The study, and where its results are written.

    Returns
    -------
    list of dict
        For each step its name, ``seconds`` of processor time, and the ``megabytes`` that were most until then.
    """
    one = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "FRAMING_WORKERS"), "1"
    )
    command = [sys.executable, str(HERE / "whole_study.py"), "--measured", str(study), str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **one}) as process:
        steps = []
        for line in process.stdout:
            print(line, end="", flush=True)
            steps.append(json.loads(line))
    if process.returncode:
        raise SystemExit(f"the study failed with code {process.returncode}")
    return steps


def measure_here(study: Path, out: Path) -> None:
    """Run every step in this process, and print a line of JSON for each.

    Parameters
    ----------
    study, out : pathlib.Path
        The study, and where its results are written.
    """
    spent = cpu_seconds()

    def timed(name: str, call: Callable[[], object]) -> None:
        nonlocal spent
        call()
        now = cpu_seconds()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"step": name, "seconds": now - spent, "megabytes": peak}), flush=True)
        spent = now

    for name, call in list_steps(study, out):
        timed(name, call)


def list_steps(folder: Path, out: Path) -> Iterable[tuple[str, Callable[[], object]]]:
    """List the steps of `framing run`, each with what it needs before.

    Parameters
    ----------
    folder, out : pathlib.Path
        The study, and where its results are written.

    Yields
    ------
    (str, callable)
        The name of a step, and what runs it.
    """
    from analysis.checking import check_inputs
    from analysis.figures import export
    from analysis.kernels import bootstrap, ngrams, postings, sentences, tokens  # noqa: F401 numba is loaded here
    from analysis.methods_text import write_methods
    from analysis.study import load_study

    study = load_study(folder)
    yield "programs loaded", lambda: None
    yield "articles read and cleaned", lambda: study.corpus
    yield "counts", lambda: study.counts
    yield "mentions", lambda: study.result("mentions")
    yield "inputs checked", lambda: check_inputs(study)
    for name in study.steps:
        if name != "mentions":
            yield name, lambda name=name: study.result(name)
    written = []
    yield "tables written", lambda: written.extend(export.export_tables(study.run(), out / "tables"))
    yield "figures", lambda: written.extend(export.export_figures(study, out / "figures"))
    yield "methods", lambda: write_methods(study)
    yield "manifest", lambda: export.write_manifest(study, out / "manifest.json", written)


def cpu_seconds() -> float:
    """Add up the processor seconds of this process and of those that it started and that have ended.

    Returns
    -------
    float
        Since the process began.
    """
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def write_page(page: Path, steps: list[dict], articles: int, words: int) -> None:
    """Write the table between its marks; what else stands on the page stays.

    Parameters
    ----------
    page : pathlib.Path
        The page.
    steps : list of dict
        From `measure`.
    articles, words : int
        Of the corpus.
    """
    from speed_page import processor

    total = sum(one["seconds"] for one in steps)
    named = sum(one["seconds"] for one in steps if one["step"] in NAMED)
    peak = max(one["megabytes"] for one in steps)
    lines = [
        BEGIN,
        "## A whole study",
        "",
        f"`.venv/bin/python benchmarks/whole_study.py --articles {articles}`: {articles:,} articles of {words} words "
        "of `benchmarks/make_corpus.py`, nine outlets in three blocs, terms from 20 occurrences in 20 articles, "
        f"B = 1,000, `lexicon.v1`, one process, one thread. {processor()}, Python {platform.python_version()}; peak "
        f"memory {peak:,.0f} MB.",
        "",
        f"The steps of the goal (*) took **{named:.0f} CPU s** (goal for 10,000 articles: {GOAL}), everything that "
        f"`framing run` makes {total:.0f}. Each step is charged with what it is the first to need; steps of less than "
        "half a second are added up.",
        "",
        "| step | CPU s | peak MB until then |",
        "|---|---:|---:|",
    ]
    small = 0.0
    for one in steps:
        if one["seconds"] < 0.5 and one["step"] not in NAMED:
            small += one["seconds"]
            continue
        mark = "*" if one["step"] in NAMED else ""
        lines.append(f"| {one['step']}{mark} | {one['seconds']:.1f} | {one['megabytes']:,.0f} |")
    lines += [f"| all other steps | {small:.1f} | |", f"| **all** | **{total:.1f}** | **{peak:,.0f}** |", END]
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks of speed\n"
    before, mark, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if mark else ""
    page.write_text(f"{before.rstrip()}\n\n" + "\n".join(lines) + (after or "\n"), encoding="utf-8")


if __name__ == "__main__":
    main()
