"""Runs a study in partitions: orders the map and the reduce, and writes tables and manifest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.actors import load_actors
from analysis.cleaning import load_rules
from analysis.config import StudyConfig
from analysis.errors import Problem, StudyError
from analysis.measures.attention import ActorCounts, attention_rows
from analysis.partitions.assembly import PartedCorpus, Survey, assemble, stop_if_asked, survey_partitions
from analysis.partitions.blocks import WEIGHED_ARTICLES, BlockJob, contrast_block, weigh_articles
from analysis.partitions.contrasts import plan_contrasts, scale_prior, write_contrasts, write_totals
from analysis.partitions.executors import Executor, Inline, Processes
from analysis.partitions.mapping import MapJob, map_part
from analysis.partitions.storage import (
    FOLDER,
    code_version,
    make_key,
    only_run,
    save_arrays,
    writing,
)
from analysis.partitions.streams import write_articles, write_excluded, write_mentions, write_theme_articles
from analysis.partitions.tables import TableWriter
from analysis.partitions.themes import fit_sample, join_weights, save_model, themes_table, weigh_part
from analysis.partitions.vocabulary import locate_terms, merge_terms, split_blocks
from analysis.paths import StudyPaths, check_writable
from analysis.schema.results import RESULT_TABLES, as_declared
from analysis.tables import hash_file, write_bytes

MOST_POSTINGS = 2_000_000
MOST_TERMS = 256
"""What a block of terms holds at most: its replicates are in memory at once."""


@dataclass(frozen=True)
class PartitionRun:
    """Where a run reads and writes, and who does the work.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    config : StudyConfig
        Its settings.
    out : pathlib.Path
        Gets ``tables/`` and ``manifest.json``; partial results are below it, too.
    executor : Executor
        Does the work.
    progress : callable
        Takes the keywords ``desc``, ``total`` and ``unit`` and makes a progress bar, as tqdm does.
    """

    paths: StudyPaths
    config: StudyConfig
    out: Path
    executor: Executor
    progress: Callable[..., Any]

    @property
    def store(self) -> Path:
        """The folder of partial results."""
        return self.out / FOLDER

    def table(self, name: str) -> Path:
        """Name the file of a table.

        Parameters
        ----------
        name : str
            The table.

        Returns
        -------
        pathlib.Path
            Below ``tables/``.
        """
        return self.out / "tables" / f"{name}.parquet"

    def map(
        self,
        what: str,
        function: Callable,
        job: Any,
        items: Sequence[Any],
        sizes: Sequence[int] | None = None,
    ) -> list[Any]:
        """Do a piece of work for every item, with a progress bar.

        Parameters
        ----------
        what : str
            What the progress bar is called.
        function : callable
            Takes the job and an item.
        job : object
            What all items have in common.
        items : sequence
            The work.
        sizes : sequence of int, optional
            Articles in each item; without them the bar counts the items.

        Returns
        -------
        list
            What the function returned, in the order of the items.
        """
        results: list[Any] = [None] * len(items)
        sizes = sizes or [1] * len(items)
        with self.progress(desc=what, total=sum(sizes), unit="") as bar:
            for number, result in self.executor.run(function, job, items):
                results[number] = result
                bar.update(sizes[number])
        for folder in results:
            if not Path(folder).is_dir():
                found, allowed = "no results of a worker there", "a folder that all workers write to"
                remedy = "Name with --out a folder that this machine and all workers share."
                raise StudyError([Problem(folder, found, allowed, remedy)])
        return results


def check_partitions(paths: StudyPaths, config: StudyConfig) -> Survey:
    """Check all of a study in partitions but its texts.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    config : StudyConfig
        Its settings.

    Returns
    -------
    Survey
        Of the partitions.

    Raises
    ------
    StudyError
        With every problem; problems of partitions only where ``on_bad_article`` is ``"stop"``.
    """
    problems: list[Problem] = []
    if config.contrasts.reference:
        where, remedy = f"{paths.shown(paths.config)} [contrasts] reference", 'Set it to "".'
        allowed = '"": a corpus in partitions is not set against a list'
        problems.append(Problem(where, repr(config.contrasts.reference), allowed, remedy))
    if config.corpus.duplicates != "keep":
        where, remedy = f"{paths.shown(paths.config)} [corpus] duplicates", 'Set it to "keep".'
        allowed = '"keep": copies are not sought in partitions'
        problems.append(Problem(where, repr(config.corpus.duplicates), allowed, remedy))
    if paths.articles.exists():
        found, allowed = "articles beside those of the partitions", "articles in one of the two"
        remedy = 'Remove the file, or set corpus.partitions = "" in study.toml.'
        problems.append(Problem(paths.shown(paths.articles), found, allowed, remedy))
    try:
        load_rules(paths.cleaning, shown=paths.shown(paths.cleaning))
    except StudyError as error:
        problems += error.problems
    try:
        problems += load_actors(paths.actors).check_aliases()
    except StudyError as error:
        problems += error.problems
    survey = None
    try:
        survey = survey_partitions(paths, config)
        stop_if_asked(survey.findings, config)
    except StudyError as error:
        problems += error.problems
    if problems:
        raise StudyError(problems)
    if not survey.rows:
        told = list(survey.findings.problems())
        raise StudyError(
            told or [Problem(config.corpus.partitions, "no rows", "at least one article", "Add one.")]
        )
    return survey


def run_partitions(run: PartitionRun) -> list[Path]:
    """Run a study whose articles are in partitions.

    Every partial result is named by what it was made from, so that a run that was killed goes on where it
    was, and comes out the same.

    Parameters
    ----------
    run : PartitionRun
        What to run.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    StudyError
        The study cannot be run, or a worker's results are not to be seen here.
    """
    check_writable(run.out / "tables")
    survey = check_partitions(run.paths, run.config)
    if isinstance(run.executor, Processes) and survey.rows < run.executor.least:
        run = replace(run, executor=Inline())
    with only_run(run.store):
        inputs = make_key([hash_file(path) for path in (run.paths.actors, run.paths.cleaning)])
        job = MapJob(str(run.paths.root), str(run.store), run.config, inputs, code_version())
        sizes = [part.rows for part in survey.parts]
        folders = [Path(folder) for folder in run.map("articles", map_part, job, survey.parts, sizes)]
        corpus, findings = assemble(survey, run.config, folders)
        write_articles(run.table("articles"), corpus)
        write_excluded(run.table("excluded"), findings)
        key = make_key(
            [folder.name for folder in folders], corpus.ids, corpus.labels, corpus.blocs, run.config.as_dict()
        )
        _write_attention(run, corpus)
        _write_themes(run, corpus, key)
        _write_contrasts(run, corpus, key)
        _clear(run, {folder.name for folder in folders}, key)
        return [*sorted((run.out / "tables").glob("*.parquet")), _write_manifest(run, survey, corpus)]


def _clear(run: PartitionRun, parts: set[str], key: str) -> None:
    """Remove the partial results of earlier settings, texts and versions."""
    for folder in run.store.iterdir():
        if folder.is_dir() and folder.name not in parts and key not in folder.name:
            shutil.rmtree(folder, ignore_errors=True)


def _write_attention(run: PartitionRun, corpus: PartedCorpus) -> None:
    """Write mentions, and how much attention each actor gets."""
    actors = load_actors(run.paths.actors)
    ids = sorted(actors.labels)
    counts = write_mentions(run.table("mentions"), corpus, ids)
    totals = np.asarray(counts.sum(axis=0)).ravel()
    mentioned = [number for number in range(len(ids)) if totals[number]]
    mentioned.sort(key=lambda number: (-totals[number], actors.labels[ids[number]]))
    rows = [(name, actors.labels[name], actors.kinds[name]) for name in ids]
    named = pd.DataFrame(rows, columns=["actor_id", "actor", "kind"]).set_index("actor_id")
    counted = ActorCounts(corpus.ids, counts[:, mentioned].toarray(), corpus.sizes.astype(float))
    groupings = [corpus.grouping(level) for level in ("outlet", "bloc")]
    order = [ids[number] for number in mentioned]
    table = attention_rows(counted, groupings, named, order, run.config.statistics)
    _write_frame(run, "attention", as_declared(pd.DataFrame(table), "attention"))


def _write_themes(run: PartitionRun, corpus: PartedCorpus, key: str) -> None:
    """Fit themes on the sample, weigh them everywhere, and write their tables."""
    fitting = fit_sample(corpus, run.config)
    _write_frame(run, "theme_stability", fitting.stability)
    folders = None
    if not fitting.why and len(fitting.names) < len(corpus):
        model = run.store / f"model-{key}"
        save_model(fitting, model)
        parts = [(folder.as_posix(), number) for number, folder in enumerate(corpus.folders)]
        sizes = [len(rank) for rank in corpus.ranks]
        job = (model.as_posix(), (run.store / f"themes-{key}").as_posix())
        folders = run.map("themes", weigh_part, job, parts, sizes)
    articles = join_weights(corpus, fitting, folders)
    _write_frame(run, "themes", themes_table(corpus, fitting, articles, run.config))
    write_theme_articles(run.table("theme_articles"), corpus, articles)


def _write_contrasts(run: PartitionRun, corpus: PartedCorpus, key: str) -> None:
    """Contrast every tested term, block by block, and write contrasts and totals."""
    config, vocabulary = run.config, merge_terms(corpus)
    tested = vocabulary.eligible(config.terms)
    terms, planned = vocabulary.names(tested), plan_contrasts(corpus)
    articles = run.store / f"corpus-{key}"
    if not articles.is_dir():
        w, w0 = scale_prior(vocabulary, int(corpus.sizes.sum()), config.contrasts.prior_tokens)
        with writing(articles) as folder:
            save_arrays(
                folder,
                sizes=corpus.sizes,
                outlet=corpus.outlet.astype(np.int64),
                names=np.array(corpus.ids, dtype=bytes),
                prior=np.stack([w[tested], w0[tested]]),
                **{f"rank-{number}": rank for number, rank in enumerate(corpus.ranks)},
            )
            _save_terms(folder / "terms.parquet", terms)
    blocks: list[str] = []
    if terms:
        job = (articles / "terms.parquet").as_posix(), (run.store / f"terms-{key}").as_posix()
        parts = [(folder.as_posix(), number) for number, folder in enumerate(corpus.folders)]
        sizes = [len(rank) for rank in corpus.ranks]
        located = run.map("terms", locate_terms, job, parts, sizes)
        pieces = list(range(-(-len(corpus) // WEIGHED_ARTICLES)))
        statistics = config.statistics
        job = (articles.as_posix(), (run.store / f"weights-{key}").as_posix())
        job = (*job, statistics.bootstrap, statistics.random_state)
        weights = run.map("weights", weigh_articles, job, pieces)
        job = BlockJob(
            parts=tuple(
                (part, own, f"rank-{number}") for (part, number), own in zip(parts, located, strict=True)
            ),
            articles=articles.as_posix(),
            weights=tuple(weights),
            contrasts=planned,
            config=config,
            store=(run.store / f"block-{key}").as_posix(),
        )
        split = split_blocks(vocabulary.articles[tested], most_postings=MOST_POSTINGS, most_terms=MOST_TERMS)
        blocks = run.map("contrasts", contrast_block, job, split, [last - first for first, last in split])
    write_contrasts(run.table("contrasts"), planned, corpus, terms, (blocks, config))
    write_totals(run.table("term_totals"), corpus, terms, blocks)


def _save_terms(path: Path, terms: Sequence[str]) -> None:
    """Write the tested terms."""
    import pyarrow
    from pyarrow.parquet import write_table

    write_table(pyarrow.table({"term": pyarrow.array(terms, pyarrow.large_string())}), path)


def _write_frame(run: PartitionRun, name: str, table: pd.DataFrame) -> None:
    """Write a table that fits memory."""
    with TableWriter(run.table(name), RESULT_TABLES[name]) as file:
        file.write({column: table[column].to_numpy() for column in table.columns})


def _write_manifest(run: PartitionRun, survey: Survey, corpus: PartedCorpus) -> Path:
    """Write what was read, with which settings and versions, and the hashes of what was written."""
    from importlib.metadata import version

    read = {part.shown: part.digest for part in survey.parts}
    files = [run.paths.config, run.paths.outlets, run.paths.actors, run.paths.cleaning]
    read |= {run.paths.shown(path): hash_file(path) for path in files}
    tables = sorted((run.out / "tables").glob("*.parquet"))
    content = {
        "inputs": read,
        "articles": {"in partitions": survey.rows, "in the study": len(corpus)},
        "themes": {"fitted on articles": min(run.config.themes.sample, len(corpus))},
        "parameters": run.config.as_dict(),
        "versions": {
            name: version(name) for name in ("numba", "numpy", "pandas", "pyarrow", "scikit-learn", "scipy")
        },
        "outputs": {f"tables/{path.name}": hash_file(path) for path in tables},
    }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    return write_bytes(run.out / "manifest.json", text.encode("utf-8"))


def progress_bar() -> Callable[..., Any]:
    """Make the progress bar of the command line: articles done, rate and time left.

    Returns
    -------
    callable
        As `PartitionRun` takes it.
    """
    from tqdm import tqdm

    return partial(tqdm, dynamic_ncols=True, unit_scale=True)
