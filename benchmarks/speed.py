"""Measures ours beside others on the same texts in the same run: processor seconds and peak memory.

Every task is done by several ways in turn, each time in a process of its own that reads the same texts; what is timed
is the task, after the libraries are loaded and what compiles has been compiled. What should agree is compared. Medians
and ratios are written to docs/benchmarks.md. Peers live in an environment of their own, which --setup makes; a way that
cannot run says why:

    .venv/bin/python benchmarks/speed.py --setup
    .venv/bin/python benchmarks/speed.py

A slow run fails nothing: tests check results, this measures time. Results that do not agree do fail it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from speed_page import write_page
from speed_tasks import TASKS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PEERS = ROOT / ".cache" / "peers" / "bin" / "python"
PAGE = ROOT / "docs" / "benchmarks.md"
REQUIREMENTS = HERE / "requirements-peers.in"
CHECKED = 40
"""Articles on which results are compared."""
LONGEST = 900
"""Seconds after which a run is stopped."""


def main() -> None:
    """Run everything and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--setup", action="store_true", help="make the peers' environment, and nothing else")
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tasks", nargs="+", choices=sorted(TASKS), default=list(TASKS))
    parser.add_argument("--page", type=Path, default=PAGE)
    options = parser.parse_args()
    if options.setup:
        make_environment(PEERS.parent.parent)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for task in options.tasks:
            size = max(2, options.articles // TASKS[task].share)
            corpus = write_texts(Path(folder) / f"{size}.json", size, options.words)
            found[task] = measure(task, corpus, options.runs) | {"": {"articles": size}}
            print(json.dumps({task: found[task]}), flush=True)
        from speed_checks import compare_results

        compared = compare_results(write_texts(Path(folder) / "checked.json", CHECKED, options.words), PEERS)
    for row in compared:
        print(json.dumps(row))
    write_page(options.page, found, compared, peer_versions(PEERS))
    apart = [f"{row['what']}: {row['with']}" for row in compared if row.get("holds") is False]
    if apart:
        sys.exit(f"not the same results: {'; '.join(apart)}; {options.page} shows by how much")


def make_environment(folder: Path) -> None:
    """Make the peers' environment anew.

    Parameters
    ----------
    folder : pathlib.Path
        Where; what stands there is removed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    base = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([base, "-m", "venv", str(folder)], check=True)
    python, uv = folder / "bin" / "python", Path(sys.executable).parent / "uv"
    install = (
        [str(uv), "pip", "install", "--python", str(python)]
        if uv.exists()
        else [str(python), "-m", "pip", "install"]
    )
    subprocess.run([*install, "--quiet", "-r", str(REQUIREMENTS)], check=True)
    print(f"made {folder}")


def write_texts(path: Path, articles: int, words: int) -> Path:
    """Make the texts, if they are not there."""
    from make_corpus import make_article

    if not path.exists():
        made = [make_article(number, words) for number in range(articles)]
        path.write_text(json.dumps([{"bloc": one.bloc, "text": one.text} for one in made]), encoding="utf-8")
    return path


def measure(task: str, corpus: Path, runs: int) -> dict[str, dict]:
    """Run every way of a task in turn; each run begins with another way.

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
        For each way: ``seconds``, ``megabytes`` and ``added`` of every run, the ``size`` of what it made, and its
        ``version``; or ``missing``, why it was not run.
    """
    ways = TASKS[task].ways
    found: dict[str, dict] = {way: {"seconds": [], "megabytes": [], "added": []} for way in ways}
    names = corpus.with_name("names.json")
    if not names.exists():
        from speed_ways import _names

        names.write_text(json.dumps(_names()), encoding="utf-8")
    single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
    environment = {**os.environ, **single, "SPEED_NAMES": str(names)}
    for number in range(runs):
        shift = number % len(ways)
        for way in [*ways][shift:] + [*ways][:shift]:
            if "missing" not in found[way]:
                one = run_way(task, way, corpus, environment)
                if "missing" in one:
                    found[way] = one
                    continue
                for key in ("seconds", "megabytes", "added"):
                    found[way][key].append(one[key])
                found[way] |= {"size": one["size"], "version": one["version"]}
    return found


def run_way(task: str, way: str, corpus: Path, environment: dict[str, str]) -> dict:
    """Run one way once, in a process of its own.

    Parameters
    ----------
    task, way : str
        One of `TASKS`, and of its ways.
    corpus : pathlib.Path
        The texts.
    environment : dict of str to str
        Of the process.

    Returns
    -------
    dict
        What `speed_ways.py` prints, or ``missing``: why it was not run.
    """
    peer = TASKS[task].ways[way].peer
    if peer and not PEERS.exists():
        return {"missing": "the peers' environment is not there; make it with --setup"}
    command = [
        str(PEERS) if peer else sys.executable,
        str(HERE / "speed_ways.py"),
        task,
        way,
        str(corpus),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return {"missing": f"stopped after {LONGEST} s"}
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        return {"missing": said[-1][:150]}
    return json.loads(done.stdout.splitlines()[-1])


def peer_versions(python: Path) -> str:
    """Say what the peers' environment holds; empty where it is not there."""
    if not python.exists():
        return ""
    asked = ("numpy", "scipy", "scikit-learn", "spacy")
    code = (
        "import platform; from importlib.metadata import version; "
        f"print('Python', platform.python_version(), *(', ' + n + ' ' + version(n) for n in {asked}), sep='|')"
    )
    done = subprocess.run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip().replace("|,", ",").replace("|", " ")


if __name__ == "__main__":
    main()
