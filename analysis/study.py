"""`load_study()` and `Study.run()`: the only place that orders the steps and keeps their results."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.actors import load_actors
from analysis.aliases import ActorTable
from analysis.checking import check_inputs
from analysis.codebook import Codebook, load_codebook
from analysis.coding.coded import find_coded_mentions
from analysis.codings import CodedItems, share_codings
from analysis.config import StudyConfig, load_config, read_config
from analysis.corpus import Corpus, Grouping
from analysis.counts import TermCounts, count_terms
from analysis.cycles import uncollected
from analysis.display import Shown, shown_claim
from analysis.duplicates.copies import Copies, find_copies, keep_one, share_weight
from analysis.errors import ClaimError, Problem, StudyError, UnknownName
from analysis.kept_results import compute_once, study_key
from analysis.kept_scores import score_mentions_once
from analysis.paths import StudyPaths, find_study
from analysis.places import PlaceIndex
from analysis.reference_list import ReferenceList, load_reference
from analysis.registry import load_scorer, load_visible_scorer
from analysis.results import Result
from analysis.seeds import load_corpus
from analysis.steps import STEPS

BASELINE = "lexicon.v1"
"""The transparent scorer that every other is set beside."""


class Study:
    """One study: its inputs, its results, its figures.

    Parameters
    ----------
    paths : StudyPaths
        Where it lies.
    config : StudyConfig
        Its settings.

    Examples
    --------
    >>> study = load_study()
    >>> study.run(only=["attention"])["attention"].table.loc[0, "actor_id"]
    'russia'
    """

    steps = tuple(STEPS)
    """The results, in the order in which they are computed."""

    def __init__(self, paths: StudyPaths, config: StudyConfig):
        self.paths = paths
        self.config = config
        self._results: dict[str, Result] = {}
        self.progress: Callable = iter
        """Wraps what takes long; the command line shows a progress bar."""
        self._scored: dict[str, pd.DataFrame] = {}

    def __repr__(self) -> str:
        return f"Study({self.config.study.title!r})"

    @cached_property
    def corpus(self) -> Corpus:
        """The cleaned articles that are measured: of copies one, or all with their weights, as study.toml says."""
        policy = {"one": keep_one, "weight": share_weight}.get(self.config.corpus.duplicates)
        return policy(self.admitted, self.copies) if policy else self.admitted

    @cached_property
    def admitted(self) -> Corpus:
        """All cleaned articles, copies of one text among them."""
        with uncollected():
            return load_corpus(self.paths, self.config)

    @cached_property
    def copies(self) -> Copies:
        """Which of the admitted articles are copies of one text."""
        return find_copies(self.admitted.articles)

    @cached_property
    def received(self) -> Corpus:
        """The same articles as received, without the cleaning rules."""
        return self.corpus.as_received()

    @cached_property
    def actors(self) -> ActorTable:
        """Who can be mentioned."""
        return load_actors(self.paths.actors)

    @cached_property
    def counts(self) -> TermCounts:
        """How often each term occurs in each article."""
        return count_terms(self.corpus, self.config.terms, language=self.config.corpus.language)

    @cached_property
    def reference(self) -> ReferenceList | None:
        """The word list that contrasts are set against, if the study names one."""
        if not self.config.contrasts.reference:
            return None
        path = self.paths.root / self.config.contrasts.reference
        return load_reference(
            path, self.config.terms, shown=self.paths.shown(path), language=self.config.corpus.language
        )

    @cached_property
    def codebook(self) -> Codebook:
        """What coders are asked; a study in which nothing is coded needs none."""
        return load_codebook(self.paths.codebook, shown=self.paths.shown(self.paths.codebook))

    @cached_property
    def scorer(self):
        """The sentiment scorer of the study."""
        return load_scorer(self.config.sentiment.scorer)

    @cached_property
    def visible_scorer(self):
        """The same scorer with the actor's name left to be read; None if it has no such variant."""
        return load_visible_scorer(self.config.sentiment.scorer)

    @cached_property
    def groupings(self) -> list[Grouping]:
        """Articles, outlets, blocs."""
        return [self.corpus.grouping(level) for level in ("article", "outlet", "bloc")]

    def check(self) -> list[Problem]:
        """Validate every input of the study.

        Returns
        -------
        list of Problem
            All problems of all files, in reading order; empty if the study can be run.
        """
        return check_inputs(self)

    def run(self, only: Iterable[str] | None = None) -> Mapping[str, Result]:
        """Compute results; each is computed once and kept.

        Parameters
        ----------
        only : iterable of str, optional
            Some of `steps`; by default all.

        Returns
        -------
        mapping of str to Result
            In the order of `steps`.

        Raises
        ------
        UnknownName
            There is no such step.
        StudyError
            An input cannot be used.
        """
        wanted = [only] if isinstance(only, str) else list(self.steps if only is None else only)
        for name in wanted:
            if name not in self.steps:
                raise UnknownName("step", name, self.steps)
        return {name: self.result(name) for name in self.steps if name in wanted}

    def result(self, name: str) -> Result:
        """Return one result.

        Parameters
        ----------
        name : str
            One of `steps`.

        Returns
        -------
        Result
            Computed now if it was not before.
        """
        if name not in self.steps:
            raise UnknownName("step", name, self.steps)
        if name not in self._results:
            self._results[name] = compute_once(
                name,
                lambda: self._compute(name),
                lambda: study_key(self.paths, self.config),
                cache=self.paths.cache / "results",
            )
        return self._results[name]

    def _compute(self, name: str) -> Result:
        """Compute one result; where copies share the weight of their text, its parameters say so."""
        with uncollected():
            found = STEPS[name](self)
        if self.config.corpus.duplicates != "weight" or name == "calibration" or not self.corpus.copies:
            return found
        return replace(found, params={**found.params, "duplicates": "weight"})

    def value(self, name: str, column: str, **keys: str) -> float:
        """Look up one number of a result.

        Parameters
        ----------
        name : str
            One of `steps`.
        column : str
            The column of the number.
        **keys : str
            Columns and the values that its row has.

        Returns
        -------
        float
            NaN where the corpus has no such row.
        """
        table = self.result(name).table
        for key, value in keys.items():
            table = table[table[key] == value]
        return float(table[column].iloc[0]) if len(table) else float("nan")

    @cached_property
    def places(self) -> PlaceIndex:
        """Where each token of the corpus stands; made at the first query."""
        return PlaceIndex(self.corpus)

    def kwic(self, query: str, *, width: int = 60, limit: int | None = None) -> pd.DataFrame:
        """Find a term or phrase in context.

        Parameters
        ----------
        query : str
            Words; ``*`` stands for any ending.
        width : int
            Characters of context on each side.
        limit : int, optional
            The first places only.

        Returns
        -------
        pandas.DataFrame
            One row per place, sorted by article and place.
        """
        return self.places.lines(query, width=width, limit=limit)

    def claim(self, text: str, holds: bool) -> Shown:
        """State what the numbers show, and check it.

        Parameters
        ----------
        text : str
            The claim, as it stands in the notebook.
        holds : bool
            Whether the numbers bear it.

        Returns
        -------
        analysis.display.Shown
            The claim; where it does not hold, it says so.

        Raises
        ------
        ClaimError
            It does not hold, and ``study.claims`` is ``"strict"``.
        """
        if not holds and self.config.study.claims == "strict":
            raise ClaimError(f"the numbers do not bear this claim: {text}")
        return shown_claim(text, holds)

    @cached_property
    def actor_labels(self) -> pd.DataFrame:
        """One row per actor: ``actor_id``, ``actor`` (label) and ``kind``."""
        rows = [(key, label, self.actors.kinds[key]) for key, label in sorted(self.actors.labels.items())]
        return pd.DataFrame(rows, columns=["actor_id", "actor", "kind"])

    @cached_property
    def compared_scorers(self) -> list[str]:
        """The scorers that are set beside the codings: the study's own, and the baseline."""
        return sorted({self.config.sentiment.scorer, BASELINE})

    @cached_property
    def coded_mentions(self) -> CodedItems:
        """What coders made of mentions; without codings there are no coders."""
        found = find_coded_mentions(self.paths, self.corpus, self.result("mentions").table, self.actors.labels)
        return share_codings(found, self.corpus.copies)

    def scored(self, scorer: str) -> pd.DataFrame:
        """Score every mention with one scorer.

        Parameters
        ----------
        scorer : str
            Its name with version.

        Returns
        -------
        pandas.DataFrame
            The table ``scores``; kept on disk, and reused where scorer, code and sentences are the same.
        """
        if scorer not in self._scored:
            self._scored[scorer] = score_mentions_once(
                self.corpus,
                self.result("mentions").table,
                scorer,
                lambda: load_scorer(scorer),
                cache=self.paths.cache / "scores",
            )
        return self._scored[scorer]

    def scored_visible(self, positions: Sequence[int]) -> pd.DataFrame:
        """Score some mentions with the study's scorer, the actor's name visible: for comparison only.

        Parameters
        ----------
        positions : sequence of int
            The mentions' places in the table ``mentions``.

        Returns
        -------
        pandas.DataFrame
            The table ``scores`` of these mentions; kept on disk like all scores.
        """
        mentions = self.result("mentions").table
        # names are masked in the sentences of all mentions, so only whole sentences can be left out
        chosen = mentions.iloc[list(positions)]
        keys = pd.MultiIndex.from_frame(mentions[["article_id", "sentence_id"]])
        inside = keys.isin(pd.MultiIndex.from_frame(chosen[["article_id", "sentence_id"]]))
        table = score_mentions_once(
            self.corpus,
            mentions[inside].reset_index(drop=True),
            f"{self.config.sentiment.scorer}-visible",
            lambda: self.visible_scorer,
            cache=self.paths.cache / "scores",
        )
        return table.set_index(mentions.index[inside]).loc[chosen.index].reset_index(drop=True)


def load_study(path: str | os.PathLike | None = None) -> Study:
    """Load a study.

    Parameters
    ----------
    path : path, optional
        Its folder; see `analysis.paths.find_study` for what is taken without it.

    Returns
    -------
    Study
        Articles and results are read and computed when they are first asked for.

    Raises
    ------
    StudyError
        There is no such study, or its configuration cannot be used.
    """
    paths = find_study(Path(path) if path is not None else None)
    return Study(paths, load_config(paths.config, shown=paths.shown(paths.config)))


def check_study(path: str | os.PathLike | None = None) -> tuple[Study, list[Problem]]:
    """Load a study and validate every file of it, whatever is wrong with its configuration.

    Parameters
    ----------
    path : path, optional
        As in `load_study`.

    Returns
    -------
    study : Study
        Where settings cannot be used, with their defaults.
    problems : list of Problem
        All problems of all files, in reading order; empty if the study can be run.

    Raises
    ------
    StudyError
        There is no such study.
    """
    paths = find_study(Path(path) if path is not None else None)
    config, problems = read_config(paths.config, shown=paths.shown(paths.config))
    study = Study(paths, config)
    return study, list(StudyError([*problems, *study.check()]).problems)
