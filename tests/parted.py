"""A small corpus twice: as texts with articles.csv, and as Parquet partitions; and work that kills its worker."""

from __future__ import annotations

import csv
import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pyarrow
from pyarrow.parquet import write_table

from analysis.config import load_config
from analysis.partitions.executors import Inline
from analysis.partitions.run import PartitionRun, run_partitions
from analysis.paths import StudyPaths

OUTLETS = (("alpha", "East"), ("beta", "East"), ("gamma", "West"), ("delta", "West"))
SETTINGS = """[corpus]
{partitions}
on_bad_article = "{policy}"
[groups]
blocs = ["East", "West"]
[terms]
min_count = 2
[themes]
k = 2
k_max = 2
resamples = 5
[statistics]
random_state = 3
bootstrap = 100
permutations = 200
"""
WORDS = (
    "talks sanctions border summit treaty missile energy pipeline market trade election protest army drill "
    "border church refugee famine harvest climate vaccine satellite harbour railway budget inflation strike"
).split()
NAMES = ("Russia", "Moscow", "the US", "Washington", "the United States")


class NoBar:
    """A progress bar that shows nothing."""

    def __init__(self, **keywords):
        self.keywords = keywords

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def update(self, count):
        """Take what was done."""


def make_rows(articles: int = 36) -> list[dict[str, str]]:
    """Make articles whose words depend on their outlet."""
    rows = []
    for number in range(articles):
        generator = np.random.Generator(np.random.Philox(key=[7, number]))
        outlet = number % len(OUTLETS)
        weights = 1.0 + 4.0 * ((np.arange(len(WORDS)) + outlet) % 4 == 0)
        paragraphs = []
        for _ in range(3):
            words = generator.choice(WORDS, 14, p=weights / weights.sum())
            name = NAMES[int(generator.integers(len(NAMES)))]
            said = '"It is the end of it," they said.' if generator.random() < 0.5 else "It was not so."
            paragraphs.append(f"In the week {' '.join(words)} and {name} was with them for that. {said}")
        rows.append(
            {
                "article_id": f"a{(number * 171) % 997:03d}",
                "outlet_id": OUTLETS[outlet][0],
                "title": f"Report {number}",
                "published": f"2019-0{1 + number % 9}-03",
                "language": "en",
                "text": "\n\n".join([*paragraphs, f"Print report {number} of the wire."]),
            }
        )
    return rows


def write_parted(folder: Path, rows, files: int, *, each: int = 1000, policy: str = "stop") -> StudyPaths:
    """Write a study in so many partitions, with so many articles in a row group."""
    paths = write_frame(folder, policy)
    (folder / "corpus").mkdir()
    for number in range(min(files, len(rows))):
        own = rows[number::files]
        write_rows(folder / "corpus" / f"p{number}.parquet", own, each)
    return paths


def write_rows(path: Path, rows, each: int = 1000) -> None:
    """Write one partition."""
    table = pyarrow.table({name: [row[name] for row in rows] for name in rows[0]})
    write_table(table, path, row_group_size=each)


def write_frame(folder: Path, policy: str = "stop", partitions: bool = True) -> StudyPaths:
    """Write all of a study but its articles."""
    paths = StudyPaths(folder)
    paths.seeds.mkdir(parents=True)
    line = 'partitions = "corpus/*.parquet"' if partitions else ""
    paths.config.write_text(SETTINGS.format(partitions=line, policy=policy))
    lines = ["outlet_id,name,label,bloc,bloc_alternative,country,evidence,confidence,note"]
    lines += [f"{name},{name.title()},,{bloc},,,,," for name, bloc in OUTLETS]
    paths.outlets.write_text("\n".join(lines) + "\n")
    rule = '[[rule]]\nid = "print"\nreason = "a button"\npattern = "^Print "\nexample = "Print report"\n'
    paths.cleaning.write_text(rule)
    root = Path(__file__).resolve().parent.parent
    shutil.copy(root / "seeds" / "actors.csv", paths.actors)
    return paths


def write_texts(folder: Path, rows) -> StudyPaths:
    """Write the same study with articles.csv and texts."""
    paths = write_frame(folder, partitions=False)
    (paths.seeds / "texts").mkdir()
    names = "article_id file outlet_id title author published published_precision language event url rights sha256"
    with open(paths.articles, "w", newline="") as file:
        writer = csv.DictWriter(file, [*names.split(), "evidence", "confidence", "note"], restval="")
        writer.writeheader()
        for row in rows:
            (paths.seeds / "texts" / f"{row['article_id']}.txt").write_text(row["text"])
            kept = {name: value for name, value in row.items() if name != "text"}
            writer.writerow({**kept, "file": f"texts/{row['article_id']}.txt", "published_precision": "day"})
    return paths


def run_parted(paths: StudyPaths, out: Path, executor=None) -> Path:
    """Run a study in partitions, in this process unless something else does the work."""
    config = load_config(paths.config, shown="study.toml")
    run_partitions(PartitionRun(paths, config, out, executor or Inline(), NoBar))
    return out / "tables"


def bytes_of(tables: Path) -> dict[str, bytes]:
    """Read all tables as they are."""
    return {path.name: path.read_bytes() for path in sorted(tables.iterdir())}


def square_once_killed(folder: str, number: int) -> int:
    """Square a number; the first worker that is given 3 is killed."""
    mark = Path(folder) / "killed"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number
