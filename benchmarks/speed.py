"""Measures ours beside others on the same texts in the same run: processor seconds and peak memory.

Every task is done by several ways in turn, each time in a process of its own that reads the same texts; what is timed
is the task, after the libraries are loaded and what compiles has been compiled. Medians and ratios are written to
docs/benchmarks.md. Peers live in an environment of their own; those that are not there are named and left out:

    python3 -m venv .cache/peers && .cache/peers/bin/pip install scattertext convokit textacy
    .venv/bin/python benchmarks/speed.py

A slow run fails nothing: tests check results, this measures time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEERS = ROOT / ".cache" / "peers" / "bin" / "python"
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- speed: begin -->", "<!-- speed: end -->"

TASKS = {
    "words": ("Article-term matrix of words", ("ours", "scikit-learn", "textacy")),
    "ngrams": ("Article-term matrix of words and pairs of words", ("ours", "scikit-learn")),
    "aliases": ("Places of 600 aliases", ("ours", "longest-first re", "automaton, leftmost longest")),
    "mentions": ("Mentions of actors (titles, dates, short forms)", ("ours",)),
    "kwic": ("One query, first 50 lines, after indexing", ("ours", "re over all texts")),
    "bootstrap": ("Intervals of every term's log ratio, B = 1,000", ("ours", "naive bootstrap")),
    "keyness": ("Keyness of two blocs, from raw texts", ("ours", "scattertext", "ConvoKit FightingWords")),
    "sentiment": ("Sentiment of every sentence", ("ours", "VADER")),
}
SMALL = {"aliases", "keyness", "sentiment"}
"""Tasks whose peers are so slow that they take a tenth of the articles."""


def main() -> None:
    """Run everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tasks", nargs="+", choices=sorted(TASKS), default=list(TASKS))
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpora = {
            size: write_texts(Path(folder) / f"{size}.json", size, options.words)
            for size in {options.articles, max(20, options.articles // 10)}
        }
        small = min(corpora)
        found = {}
        for task in options.tasks:
            size = small if task in SMALL else options.articles
            found[task] = measure(task, corpora[size], options.runs)
            print(json.dumps({task: found[task]}), flush=True)
    write_page(options.page, found, options.articles, small)


def write_texts(path: Path, articles: int, words: int) -> Path:
    """Make the texts."""
    from make_corpus import make_article

    made = [make_article(number, words) for number in range(articles)]
    path.write_text(json.dumps([{"bloc": one.bloc, "text": one.text} for one in made]), encoding="utf-8")
    return path


def measure(task: str, corpus: Path, runs: int) -> dict[str, dict]:
    """Run every way of a task in turn.

    Parameters
    ----------
    task : str
        One of `TASKS`.
    corpus : pathlib.Path
        The texts.
    runs : int
        How often.

    Returns
    -------
    dict of str to dict
        For each way: ``seconds`` and ``megabytes`` of every run, the ``size`` of what it made, and its ``version``;
        or ``missing``, why it was not run.
    """
    ways = TASKS[task][1]
    found: dict[str, dict] = {way: {"seconds": [], "megabytes": []} for way in ways}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    for _ in range(runs):
        for way in ways:
            if "missing" in found[way]:
                continue
            peer = way in ("scattertext", "ConvoKit FightingWords", "textacy")
            if peer and not PEERS.exists():
                found[way] = {"missing": "its environment is not there"}
                continue
            command = [
                str(PEERS) if peer else sys.executable,
                str(HERE / "speed_ways.py"),
                task,
                way,
                str(corpus),
            ]
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            if done.returncode:
                found[way] = {"missing": (done.stderr.strip() or "it failed").splitlines()[-1][:150]}
                continue
            one = json.loads(done.stdout.splitlines()[-1])
            found[way]["seconds"].append(one["seconds"])
            found[way]["megabytes"].append(one["megabytes"])
            found[way] |= {"size": one["size"], "version": one["version"]}
    return found


def write_page(page: Path, found: dict[str, dict], articles: int, small: int) -> None:
    """Write the tables between their marks; what else stands on the page stays."""
    lines = [BEGIN, "## Ours beside others", ""]
    runs = max((len(ways["ours"].get("seconds", [])) for ways in found.values()), default=0)
    noun = "run" if runs == 1 else "runs"
    lines += [
        f"`.venv/bin/python benchmarks/speed.py`: {articles:,} articles of `benchmarks/make_corpus.py` "
        f"({small:,} where marked *), one core, ways in turn, medians of {runs} {noun}. {processor()}, Python "
        f"{platform.python_version()}. A ratio is the other's processor seconds over ours in the same run.",
        "",
        "| task | way | version | CPU s | peak MB | made | ratio |",
        "|---|---|---|---:|---:|---:|---:|",
    ]
    for task, ways in found.items():
        ours = ways["ours"].get("seconds", [])
        for way, one in ways.items():
            name = TASKS[task][0] + ("*" if task in SMALL else "") if way == "ours" else ""
            if "missing" in one:
                lines.append(f"| {name} | {way} | | not run: {one['missing'].replace('|', '/')} | | | |")
                continue
            ratios = [other / own for other, own in zip(one["seconds"], ours, strict=False)]
            ratio = f"{median(ratios):.1f}" if way != "ours" and ratios else ""
            lines.append(
                f"| {name} | {way} | {one['version']} | {median(one['seconds']):.4g} | {median(one['megabytes']):,.0f} "
                f"| {one['size']} | {ratio} |"
            )
    lines += ["", "How accurate the scorers are on the same dev sets: [accuracy.md](accuracy.md).", END]
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks of speed\n"
    before, mark, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if mark else ""
    page.write_text(f"{before.rstrip()}\n\n" + "\n".join(lines) + (after or "\n"), encoding="utf-8")


def processor() -> str:
    """Name the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


if __name__ == "__main__":
    main()
