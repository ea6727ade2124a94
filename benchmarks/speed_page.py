"""Writes what `speed.py` measured into docs/benchmarks.md."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median

from scorer_page import interval
from speed_tasks import TASKS

CARDS = Path(__file__).resolve().parent.parent / "analysis" / "sentiment"
BEGIN, END = "<!-- speed: begin -->", "<!-- speed: end -->"
OWN = ("numpy", "scipy", "scikit-learn", "numba")


def write_page(page: Path, found: dict[str, dict], compared: list[dict], peers: str) -> None:
    """Write the tables between their marks; what else stands on the page stays.

    Parameters
    ----------
    page : pathlib.Path
        The page.
    found : dict
        By task, from `speed.measure`, and under the name "" the number of ``articles``.
    compared : list of dict
        From `speed_checks.compare_results`.
    peers : str
        Versions in the peers' environment; empty where it is not there.
    """
    runs = max((len(one.get("seconds", [])) for ways in found.values() for one in ways.values()), default=0)
    noun = "run" if runs == 1 else "runs"
    own = ", ".join(f"{name} {version(name)}" for name in OWN)
    lines = [
        BEGIN,
        "## Ours beside others",
        "",
        "`.venv/bin/python benchmarks/speed.py --setup`, then `.venv/bin/python benchmarks/speed.py`: articles of "
        f"`benchmarks/make_corpus.py`, every way in a process of its own on one core, ways in turn, medians of {runs} "
        f"{noun} (in brackets the least and the most). Loading the libraries and the texts is not in the seconds. "
        "*Ratio*: processor seconds over those of the first way in the same run, above 1 where the first is faster. "
        "*Peak*: of the process, with libraries and texts; *added*: what the task itself came to.",
        "",
        f"{processor()}. Ours: Python {platform.python_version()}, {own}. Peers: {peers or 'not there'}.",
    ]
    for task, ways in found.items():
        lines += ["", *task_lines(task, ways)]
    lines += ["", *agreement_lines(compared), "", *accuracy_lines(), END]
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks of speed\n"
    before, mark, rest = text.partition(BEGIN)
    after = rest.partition(END)[2] if mark else ""
    page.write_text(f"{before.rstrip()}\n\n" + "\n".join(lines) + (after or "\n"), encoding="utf-8")


def task_lines(task: str, ways: dict[str, dict]) -> list[str]:
    """Write the table of one task.

    Parameters
    ----------
    task : str
        One of `TASKS`.
    ways : dict
        From `speed.measure`, and under the name "" the number of ``articles``.

    Returns
    -------
    list of str
        Lines of Markdown.
    """
    first = next(iter(TASKS[task].ways))
    lines = [
        f"### {TASKS[task].title}: {ways['']['articles']:,} articles",
        "",
        "| way | CPU s | ratio | peak MB | added MB | made | what it computes |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for way, about in TASKS[task].ways.items():
        one = ways.get(way, {"missing": "not asked for"})
        if "missing" in one:
            reason = " ".join(one["missing"].split()).replace("|", "/")
            lines.append(f"| {way} | not run: {reason} | | | | | {about.computes} |")
            continue
        seconds = one["seconds"]
        spread = f"{median(seconds):.3g} [{min(seconds):.3g}, {max(seconds):.3g}]"
        pairs = zip(seconds, ways[first].get("seconds", []), strict=False)
        ratios = [other / own for other, own in pairs if own > 0]
        ratio = f"{median(ratios):.3g}" if way != first and ratios else ""
        added = [value for value in one["added"] if value is not None]
        memory = f"{median(one['megabytes']):,.0f} | {f'{median(added):,.0f}' if added else ''}"
        name = " ".join(filter(None, (way, one["version"])))
        lines.append(f"| {name} | {spread} | {ratio} | {memory} | {one['size']} | {about.computes} |")
    if TASKS[task].note:
        lines += ["", TASKS[task].note]
    return lines


def agreement_lines(compared: list[dict]) -> list[str]:
    """Write the table of what was compared.

    Parameters
    ----------
    compared : list of dict
        From `speed_checks.compare_results`.

    Returns
    -------
    list of str
        Lines of Markdown.
    """
    lines = [
        "### Where results must agree",
        "",
        "On the same tokens, counts or sentences, as each is given them:",
        "",
        "| what | ours against | compared | largest difference | allowed | agrees |",
        "|---|---|---:|---:|---:|---|",
    ]
    for row in compared:
        if "missing" in row:
            reason = " ".join(row["missing"].split()).replace("|", "/")
            lines.append(f"| {row['what']} | {row['with']} | | | | not run: {reason} |")
            continue
        lines.append(
            f"| {row['what']} | {row['with']} | {row['n']:,} {row['of']} | {row['apart']:.2g} | {row['allowed']:.0g} "
            f"| {'yes' if row['holds'] else '**no**'} |"
        )
    return lines


def accuracy_lines() -> list[str]:
    """Write the accuracy of the scorers on the dev sets, as their cards have it.

    Returns
    -------
    list of str
        Lines of Markdown.
    """
    cards = {
        path.name.removesuffix("_card.json") + ".v1": json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(CARDS.glob("*_card.json"))
    }
    rows = [(name, card["measured"]) for name, card in cards.items()]
    twin = cards["encoder.v1"]["against"]["target-blind twin"]
    rows.append(("the encoder without a marked target (twin)", twin))
    n = " and ".join(str(cards["encoder.v1"]["measured"][part]["n"]) for part in ("rw", "mt"))
    lines = [
        "### Accuracy of the scorers beside it",
        "",
        f"Macro-F1 in percent on NewsMTSC's dev sets ({n} targets), read as in a study, with the 95 % interval over "
        "articles; everything else is in [accuracy.md](accuracy.md).",
        "",
        "| scorer | dev_rw | dev_mt |",
        "|---|---:|---:|",
    ]
    for name, sets in rows:
        lines.append(f"| {name} | {' | '.join(interval(sets[part]['macro_f1']) for part in ('rw', 'mt'))} |")
    return lines


def processor() -> str:
    """Name the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()
