"""Measures studies in partitions at 10,000, 100,000 and 1,000,000 articles: CPU time, peak memory, size on disk.

    .venv/bin/python benchmarks/large.py make FOLDER --articles 1000000
    .venv/bin/python benchmarks/large.py run FOLDER --articles 10000 100000 1000000
    .venv/bin/python benchmarks/large.py page

The first writes partitions of 10,000 articles each (article n is the same in a corpus of any size, see make_corpus.py),
the second runs the study on the first so many of them and notes what it took in benchmarks/large.json, the third
writes docs/large-corpora.md from the notes.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

NOTES = ROOT / "benchmarks" / "large.json"
PAGE = ROOT / "docs" / "large-corpora.md"
BEGIN, END = "<!-- measured: written by benchmarks/large.py -->", "<!-- end -->"
EACH = 10_000
SETTINGS = """[study]
title = "A corpus made for benchmarks"

[corpus]
partitions = "corpus/*.parquet"

[groups]
blocs = ["Chinese", "Russian", "Western"]

[terms]
min_count = 20
min_articles = 20

[themes]
k_max = 12

[statistics]
bootstrap = 1000
"""


def write_partition(task: tuple[str, int, int]) -> str:
    """Write one partition of made articles.

    Parameters
    ----------
    task : (str, int, int)
        The folder, the partition's number, and its articles.

    Returns
    -------
    str
        The file.
    """
    import pyarrow
    from make_corpus import make_article
    from pyarrow.parquet import write_table

    folder, number, size = task
    path = Path(folder) / f"articles-{number:04d}.parquet"
    if not path.exists():
        made = [make_article(place) for place in range(number * EACH, number * EACH + size)]
        columns = {
            "article_id": [one.article_id for one in made],
            "outlet_id": [one.outlet_id for one in made],
            "title": [f"Report {number * EACH + place}" for place in range(size)],
            "published": [one.published for one in made],
            "language": ["en"] * size,
            "text": [one.text for one in made],
        }
        partial = path.with_suffix(".partial")
        write_table(pyarrow.table(columns), partial, compression="zstd", row_group_size=EACH)
        partial.rename(path)
    return str(path)


def make_partitions(folder: Path, articles: int, workers: int) -> None:
    """Write a study in partitions.

    Parameters
    ----------
    folder : pathlib.Path
        Where to.
    articles : int
        How many.
    workers : int
        Processes.
    """
    from make_corpus import BLOCS, OUTLETS

    from analysis.schema.seeds import OUTLETS_SEED

    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    for name in ("actors.csv", "cleaning.toml"):
        shutil.copy(ROOT / "seeds" / name, folder / "seeds" / name)
    rows = [",".join(OUTLETS_SEED.names)]
    for outlet in range(OUTLETS):
        bloc = BLOCS[outlet % len(BLOCS)]
        cells = {
            "outlet_id": f"outlet-{outlet}",
            "name": f"Outlet {outlet}",
            "bloc": bloc,
            "confidence": "high",
        }
        rows.append(",".join(cells.get(name, "") for name in OUTLETS_SEED.names))
    (folder / "seeds" / "outlets.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    starts = range(0, articles, EACH)
    tasks = [(str(folder / "corpus"), start // EACH, min(EACH, articles - start)) for start in starts]
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for number, path in enumerate(pool.imap(write_partition, tasks), start=1):
            print(f"{number}/{len(tasks)} {path}", flush=True)


def run_study(folder: Path, articles: int) -> dict[str, object]:
    """Run the study on the first partitions in a process of its own, and watch it.

    Parameters
    ----------
    folder : pathlib.Path
        From `make_partitions`.
    articles : int
        How many.

    Returns
    -------
    dict
        CPU seconds, wall seconds, peak memory of the process and its workers together, sizes on disk.
    """
    study, out = folder / f"first-{articles}", folder / f"out-{articles}"
    shutil.rmtree(study, ignore_errors=True)
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(folder / "seeds", study / "seeds")
    (study / "corpus").mkdir()
    shutil.copy(folder / "study.toml", study / "study.toml")
    for number in range(-(-articles // EACH)):
        name = f"articles-{number:04d}.parquet"
        os.link(folder / "corpus" / name, study / "corpus" / name)
    command = [sys.executable, "-m", "analysis.cli", "run", "--study", str(study), "--out", str(out)]
    log = (folder / f"log-{articles}.txt").open("wb")
    began, stages = time.time(), []
    process = subprocess.Popen(command, stdout=log, stderr=log, cwd=ROOT)
    peak = peak_shared = 0.0
    while process.poll() is None:
        proportional, resident = _memory(process.pid)
        peak, peak_shared = max(peak, proportional), max(peak_shared, resident)
        time.sleep(0.5)
    _, status, usage = 0, process.returncode, _children_cpu()
    if status != 0:
        raise SystemExit(f"the run of {articles:,} articles failed: see {log.name}")
    for stage in sorted(
        {path.name.split("-")[0] for path in (out / ".partitions").iterdir() if path.is_dir()}
    ):
        size = sum(file.stat().st_size for file in (out / ".partitions").glob(f"{stage}-*/*"))
        stages.append((stage, size))
    return {
        "articles": articles,
        "mean_bytes": _mean_bytes(study / "corpus"),
        "parquet_bytes": _size(study / "corpus"),
        "cpu_seconds": round(usage, 1),
        "wall_seconds": round(time.time() - began, 1),
        "peak_bytes": int(peak),
        "peak_resident_bytes": int(peak_shared),
        "partial_bytes": dict(stages),
        "table_bytes": _size(out / "tables"),
        "rows": _rows(out / "tables"),
        "tested": _tested(out / "tables"),
    }


def _children_cpu() -> float:
    """Return the CPU seconds of the children that have ended, since the last call."""
    import resource

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = usage.ru_utime + usage.ru_stime
    spent, _children_cpu.before = total - getattr(_children_cpu, "before", 0.0), total
    return spent


def _memory(pid: int) -> tuple[float, float]:
    """Add up the memory of a process and its children: proportional (shared pages once) and resident."""
    pids, found = [pid], []
    while pids:
        one = pids.pop()
        found.append(one)
        try:
            pids += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
    proportional = resident = 0.0
    for one in found:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        for line in lines:
            if line.startswith("Pss:"):
                proportional += 1024 * int(line.split()[1])
            elif line.startswith("Rss:"):
                resident += 1024 * int(line.split()[1])
    return proportional, resident


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def _mean_bytes(folder: Path) -> float:
    """Measure the articles of the first partition; the others are like them."""
    from pyarrow import compute
    from pyarrow.parquet import read_table

    text = read_table(sorted(folder.iterdir())[0], columns=["text"])["text"]
    return round(compute.mean(compute.binary_length(text)).as_py(), 1)


def _tested(folder: Path) -> int:
    """Count the terms that were tested."""
    from pyarrow.parquet import ParquetFile

    table = ParquetFile(folder / "contrasts.parquet").read_row_group(0, columns=["term"])
    return table.num_rows


def _rows(folder: Path) -> dict[str, int]:
    from pyarrow.parquet import ParquetFile

    return {path.stem: ParquetFile(path).metadata.num_rows for path in sorted(folder.glob("*.parquet"))}


def main() -> None:
    """Make, run or write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True, dest="what")
    make = commands.add_parser("make")
    make.add_argument("folder", type=Path)
    make.add_argument("--articles", type=int, default=1_000_000)
    make.add_argument("--workers", type=int, default=2)
    run = commands.add_parser("run")
    run.add_argument("folder", type=Path)
    run.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    commands.add_parser("page")
    options = parser.parse_args()
    if options.what == "make":
        make_partitions(options.folder, options.articles, options.workers)
    elif options.what == "run":
        notes = json.loads(NOTES.read_text(encoding="utf-8")) if NOTES.exists() else {}
        for articles in options.articles:
            _children_cpu()
            notes[str(articles)] = {**run_study(options.folder.resolve(), articles), "machine": _machine()}
            NOTES.write_text(json.dumps(notes, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            print(json.dumps(notes[str(articles)], indent=2))
    else:
        PAGE.write_text(write_page(json.loads(NOTES.read_text(encoding="utf-8"))), encoding="utf-8")


def _machine() -> str:
    from speed_page import processor

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}"


def write_page(notes: dict[str, dict]) -> str:
    """Put what was measured into docs/large-corpora.md.

    Parameters
    ----------
    notes : dict
        By number of articles, from `run_study`.

    Returns
    -------
    str
        Markdown.
    """
    runs = sorted(notes.values(), key=lambda one: one["articles"])
    names = sorted({name for one in runs for name in one["partial_bytes"]})
    lines = [
        "| | " + " | ".join(f"{one['articles']:,} articles" for one in runs) + " |",
        "|---|" + "---:|" * len(runs),
    ]

    def row(name: str, values) -> None:
        lines.append(f"| {name} | " + " | ".join(values) + " |")

    row("text, GB", (f"{one['articles'] * one['mean_bytes'] / 1e9:.2f}" for one in runs))
    row("CPU, minutes", (f"{one['cpu_seconds'] / 60:.1f}" for one in runs))
    row("CPU, ms an article", (f"{1000 * one['cpu_seconds'] / one['articles']:.1f}" for one in runs))
    row("wall clock, minutes", (f"{one['wall_seconds'] / 60:.1f}" for one in runs))
    row("peak memory, GB", (f"{one['peak_bytes'] / 1e9:.2f}" for one in runs))
    row(
        "the same, shared pages counted in each process, GB",
        (f"{one['peak_resident_bytes'] / 1e9:.2f}" for one in runs),
    )
    for name in names:
        row(
            f"partial results: {name}, MB",
            (f"{one['partial_bytes'].get(name, 0) / 1e6:,.0f}" for one in runs),
        )
    row("tables, MB", (f"{one['table_bytes'] / 1e6:,.0f}" for one in runs))
    row("mentions", (f"{one['rows']['mentions']:,}" for one in runs))
    row("terms tested", (f"{one['tested']:,}" for one in runs))
    row("rows of contrasts", (f"{one['rows']['contrasts']:,}" for one in runs))
    machines = "; ".join(sorted({one["machine"] for one in runs}))
    lines += ["", f"Machine: {machines}.", "", _extrapolate(runs)]
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    return "\n".join([before + BEGIN, *lines, END + after])


def _extrapolate(runs: list[dict]) -> str:
    """Say what a million articles would take where they were not run."""
    if runs[-1]["articles"] >= 10**6:
        return "The run of a million articles is measured, not extrapolated."
    if len(runs) < 2:
        return "A million articles were not run, and one size says nothing of how cost grows."
    small, large = runs[-2:]
    step = (10**6 - large["articles"]) / (large["articles"] - small["articles"])

    def line(name: str) -> float:
        return large[name] + step * (large[name] - small[name])

    return (
        f"**A million articles were not run to the end on this machine.** The straight line through the two runs gives "
        f"{line('cpu_seconds') / 60:,.0f} CPU minutes and {line('peak_bytes') / 1e9:.1f} GB; that is an extrapolation, "
        "no measurement. More articles also bring more terms above the thresholds, which the line does not know."
    )


if __name__ == "__main__":
    main()
