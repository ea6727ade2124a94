"""Puts the parts together: every article once, in the order of article_id, with its outlet and its bloc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.config import StudyConfig
from analysis.corpus import Grouping
from analysis.errors import Problem, StudyError, shorten
from analysis.partitions.findings import FILE, Finding, Findings
from analysis.partitions.mapping import load_findings
from analysis.partitions.reading import Part, check_record, find_partitions, read_rows, split_partition
from analysis.paths import StudyPaths
from analysis.schema.seeds import OUTLETS_SEED
from analysis.seed_rows import Reading, check_outlets, read_seed

_MOST_TOLD = 200
_CHECKED = ("article_id", "outlet_id", "published", "language")


@dataclass(frozen=True)
class Survey:
    """What is known of the partitions before their texts are read.

    Parameters
    ----------
    parts : tuple of Part
        In reading order.
    outlets : pandas.DataFrame
        outlets.csv.
    findings : Findings
        What is wrong with files and rows.
    """

    parts: tuple[Part, ...]
    outlets: pd.DataFrame
    findings: Findings

    @property
    def rows(self) -> int:
        """Records in all parts."""
        return sum(part.rows for part in self.parts)


@dataclass(frozen=True)
class PartedCorpus:
    """The articles of all parts, without those that are set aside.

    Parameters
    ----------
    folders : tuple of pathlib.Path
        The partial results of each part.
    ranks : tuple of numpy.ndarray
        For each part, of shape (its articles,): the article's position in the corpus, -1 if it is set aside.
        What is not set aside ascends.
    ids : list of str
        The article_ids, sorted.
    sizes : numpy.ndarray
        Of shape (articles,): tokens.
    outlet : numpy.ndarray
        Of shape (articles,): the position of the article's outlet in `labels`.
    labels : tuple of str
        The outlets' labels, ordered by bloc, then label.
    blocs : tuple of str
        The bloc of each outlet.
    order : tuple of str
        The blocs, in the study's order.
    outlets : pandas.DataFrame
        The rows of outlets.csv, in the order of `labels`.
    """

    folders: tuple[Path, ...]
    ranks: tuple[np.ndarray, ...]
    ids: list[str] = field(repr=False)
    sizes: np.ndarray = field(repr=False)
    outlet: np.ndarray = field(repr=False)
    labels: tuple[str, ...]
    blocs: tuple[str, ...]
    order: tuple[str, ...]
    outlets: pd.DataFrame = field(repr=False)

    def __len__(self) -> int:
        return len(self.ids)

    def members(self, level: str) -> dict[str, tuple[int, ...]]:
        """List the outlets of each group.

        Parameters
        ----------
        level : {"outlet", "bloc"}
            What a group is.

        Returns
        -------
        dict of str to tuple of int
            Positions in `labels`.
        """
        if level == "outlet":
            return {label: (number,) for number, label in enumerate(self.labels)}
        return {
            bloc: tuple(number for number, own in enumerate(self.blocs) if own == bloc) for bloc in self.order
        }

    def grouping(self, level: str) -> Grouping:
        """Group the articles.

        Parameters
        ----------
        level : {"outlet", "bloc"}
            What a group is.

        Returns
        -------
        Grouping
            As `analysis.corpus.Corpus.grouping` makes it.
        """
        return Grouping(
            level,
            {
                label: np.flatnonzero(np.isin(self.outlet, outlets))
                for label, outlets in self.members(level).items()
            },
        )


def survey_partitions(paths: StudyPaths, config: StudyConfig) -> Survey:
    """Read all that is said of the articles beside their texts, and check it.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    config : StudyConfig
        Its settings.

    Returns
    -------
    Survey
        With what is wrong.

    Raises
    ------
    StudyError
        outlets.csv cannot be used, or there is no partition.
    """
    reading = Reading(paths, config)
    outlets = read_seed(reading, paths.outlets, OUTLETS_SEED)
    if outlets is not None:
        check_outlets(reading, outlets)
    if outlets is None or reading.fatal:
        raise StudyError(reading.fatal)
    findings, parts, first = Findings(), [], None
    for path in find_partitions(paths, config.corpus.partitions):
        shown = paths.shown(path)
        found, columns, wrong = split_partition(path, shown)
        if not wrong and first is None:
            first = (shown, columns)
        elif not wrong and columns != first[1]:
            wrong = [_other_columns(shown, columns, first)]
            found = []
        for finding in wrong:
            findings.add(finding)
        parts += found
    return Survey(tuple(_check_rows(parts, outlets, config, findings)), outlets, findings)


def _other_columns(shown: str, columns: tuple[str, ...], first: tuple[str, tuple[str, ...]]) -> Finding:
    """Tell a file that has other columns than the first."""
    allowed = f"{', '.join(first[1])}, as {first[0]} has them"
    remedy = "Export all files with the same columns."
    return Finding(shown, FILE, "", "", f"the columns {', '.join(columns)}", allowed, remedy)


def _check_rows(
    parts: Sequence[Part], outlets: pd.DataFrame, config: StudyConfig, findings: Findings
) -> Iterator[Part]:
    """Check the rows of every part; a part that cannot be read is left out."""
    import pyarrow

    known = set(outlets["outlet_id"])
    seen: dict[str, tuple[str, int, str]] = {}
    for part in parts:
        try:
            for row, record, found in read_rows(part, _CHECKED):
                name = record["article_id"]
                wrong = [*found]
                wrong += check_record(part, row, record, known, config.corpus.language) if not found else []
                where = (
                    seen.setdefault(name.casefold(), (part.shown, row, name))
                    if name
                    else (part.shown, row, "")
                )
                if where[:2] != (part.shown, row):
                    same = where[2] == name
                    found_twice = f"{shorten(name)}, which {where[0]}:{where[1]} has"
                    wrong.append(
                        Finding(
                            part.shown,
                            row,
                            name,
                            "article_id",
                            found_twice + ("" if same else f" as {shorten(where[2])}"),
                            "each article_id once" + ("" if same else ", whatever its case"),
                            "Rename or remove one of the articles.",
                        )
                    )
                for finding in wrong:
                    findings.add(finding)
        except (OSError, ValueError, pyarrow.ArrowException) as error:
            name = f"{part.shown}:{part.first}-{part.first + part.rows - 1}"
            told = f"no Parquet: {shorten(error)}"
            findings.add(Finding(name, FILE, "", "", told, "a whole Parquet file", "Export it again."))
            continue
        yield part


def assemble(survey: Survey, config: StudyConfig, folders: Sequence[Path]) -> tuple[PartedCorpus, Findings]:
    """Bring the articles of all parts into one order, and set aside what cannot be used.

    Parameters
    ----------
    survey : Survey
        The parts.
    config : StudyConfig
        ``[corpus] on_bad_article`` and the order of the blocs.
    folders : sequence of pathlib.Path
        The results of each part.

    Returns
    -------
    corpus : PartedCorpus
        The articles that are left.
    findings : Findings
        Why the others are not.

    Raises
    ------
    StudyError
        Something is wrong and ``on_bad_article`` is ``"stop"``, or no article is left.
    """
    findings = Findings([*survey.findings.listed])
    for folder in folders:
        findings.listed += load_findings(folder)
    tables = [_load_articles(folder) for folder in folders]
    bad: dict[str, set[int]] = {}
    for one in findings.listed:
        bad.setdefault(one.file, set()).add(one.row)
    kept = [
        ~np.isin(table["row"].to_numpy(), list(bad.get(part.shown, ())))
        for part, table in zip(survey.parts, tables, strict=True)
    ]
    _set_twins_aside(survey.parts, tables, kept, findings)
    stop_if_asked(findings, config)
    whole = pd.concat([table[keep] for table, keep in zip(tables, kept, strict=True)], ignore_index=True)
    if whole.empty:
        stop = list(findings.problems()) or [
            Problem(config.corpus.partitions, "no articles", "at least one", "Add one.")
        ]
        raise StudyError(stop[:_MOST_TOLD])
    return _order(whole, kept, folders, (survey.outlets, config.groups.blocs)), findings


def stop_if_asked(findings: Findings, config: StudyConfig) -> None:
    """Stop the study with what was found, unless study.toml excludes bad articles.

    Parameters
    ----------
    findings : Findings
        What was found.
    config : StudyConfig
        ``[corpus] on_bad_article``.

    Raises
    ------
    StudyError
        Something was found, and it is ``"stop"``.
    """
    if not findings.listed or config.corpus.on_bad_article == "exclude":
        return
    problems = list(findings.problems())
    if len(problems) > _MOST_TOLD:
        more = f"{len(problems) - _MOST_TOLD:,} more problems"
        problems = problems[:_MOST_TOLD]
        problems.append(Problem("~", more, "none", "Mend these first, or set corpus.on_bad_article."))
    raise StudyError(problems)


def _load_articles(folder: Path) -> pd.DataFrame:
    """Read what the order of articles needs."""
    from pyarrow.parquet import read_table

    columns = ["row", "article_id", "outlet_id", "n_tokens", "digest"]
    return read_table(folder / "articles.parquet", columns=columns).to_pandas()


def _set_twins_aside(
    parts: Sequence[Part], tables: Sequence[pd.DataFrame], kept: list[np.ndarray], findings: Findings
) -> None:
    """Of articles with the same text, keep the one that is read first."""
    sizes = [len(table) for table in tables]
    digests = b"".join(b"".join(table["digest"]) for table in tables)
    halves = np.frombuffer(digests, dtype="<u8").reshape(-1, 2)
    part = np.repeat(np.arange(len(parts)), sizes)
    row = np.concatenate([table["row"].to_numpy() for table in tables]) if tables else np.zeros(0, np.int64)
    good = np.flatnonzero(np.concatenate(kept)) if kept else np.zeros(0, np.int64)
    # a part holds rows of one file, and parts stand in reading order
    order = good[np.lexsort((row[good], part[good], halves[good, 1], halves[good, 0]))]
    twin = np.zeros(len(order), dtype=bool)
    twin[1:] = (halves[order[1:]] == halves[order[:-1]]).all(axis=1)
    begin = np.cumsum([0, *sizes])
    first = 0
    for place in np.flatnonzero(twin):
        if not twin[place - 1]:
            first = order[place - 1]
        own = order[place]
        at, other = part[own], part[first]
        name = tables[at]["article_id"].iloc[own - begin[at]]
        twin_name = tables[other]["article_id"].iloc[first - begin[other]]
        found = f"the same text as {parts[other].shown}:{row[first]} ({twin_name})"
        remedy = "Remove one of them: a text that counts twice is no second piece of evidence."
        findings.add(Finding(parts[at].shown, int(row[own]), name, "text", found, "each text once", remedy))
        kept[at][own - begin[at]] = False


def _order(
    whole: pd.DataFrame, kept: list[np.ndarray], folders: Sequence[Path], groups: tuple[pd.DataFrame, tuple]
) -> PartedCorpus:
    """Sort the articles by article_id, and the outlets that have any by bloc and label."""
    outlets, listed = groups
    names = whole["article_id"].to_numpy(dtype=object)
    order = np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    ranks, start = [], 0
    for keep in kept:
        rank = np.full(len(keep), -1, dtype=np.int64)
        count = int(keep.sum())
        rank[keep] = position[start : start + count]
        ranks.append(rank)
        start += count
    used = outlets[outlets["outlet_id"].isin(set(whole["outlet_id"]))]
    used = used.assign(label=used["label"].where(used["label"] != "", used["name"]))
    place = {bloc: number for number, bloc in enumerate(listed)}
    rows = sorted(
        used.to_dict("records"),
        key=lambda row: (place.get(row["bloc"], len(place)), row["bloc"], row["label"]),
    )
    number = {row["outlet_id"]: at for at, row in enumerate(rows)}
    outlet = whole["outlet_id"].map(number).to_numpy(dtype=np.int16)[order]
    blocs = tuple(row["bloc"] for row in rows)
    return PartedCorpus(
        folders=tuple(folders),
        ranks=tuple(ranks),
        ids=names[order].tolist(),
        sizes=whole["n_tokens"].to_numpy(dtype=np.int64)[order],
        outlet=outlet,
        labels=tuple(row["label"] for row in rows),
        blocs=blocs,
        order=tuple(dict.fromkeys(blocs)),
        outlets=pd.DataFrame(rows),
    )
