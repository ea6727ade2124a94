"""Adds the articles of files to a study: each once, whatever happens in between."""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.collecting.admission import Admission, Admitted, name_article
from analysis.collecting.files import SINGLE, Item, list_files, read_file
from analysis.collecting.found import Found
from analysis.collecting.outlets import UNKNOWN, OutletTable
from analysis.collecting.seed_files import append_rows, load_rows
from analysis.collecting.web import PAGE, domain_of
from analysis.config import StudyConfig
from analysis.errors import Problem, shorten_list
from analysis.paths import StudyPaths
from analysis.schema.seeds import ADDED_LOG, ARTICLES_SEED, OUTLETS_SEED, SAME_OUTLETS_SEED, SET_ASIDE
from analysis.tables import write_bytes

_GENERIC = frozenset(
    "html htm pages page articles article texts text txt pdf pdfs docx word files file exports export data news corpus "
    "downloads download md markdown csv tables rtf sources source raw web website websites saved misc other".split()
)
_PAUSE = 5.0
_BATCH = 64 * 10**6


@dataclass(frozen=True)
class AddOptions:
    """What the user says of the sources.

    Parameters
    ----------
    outlet : str
        The outlet of articles whose file has no field for it.
    date_order : {"", "dmy", "mdy"}
        What 9/11/2018 means.
    progress : bool
        Whether a progress bar is shown.
    """

    outlet: str = ""
    date_order: str = ""
    progress: bool = False


@dataclass
class Added:
    """What became of the articles of some sources.

    Parameters
    ----------
    n_files : int
        Files that were read.
    added : list of str
        The new article_ids.
    n_known : int
        Articles that were there already, or stood twice in the sources.
    n_removed : int
        Articles that were added before, and that articles.csv no longer has.
    set_aside : list of Problem
        What was not added.
    notes : list of str
        What was taken for what.
    outlets : OutletTable
        The outlets.
    n_by_outlet : Counter
        New articles by outlet_id.
    """

    n_files: int
    outlets: OutletTable
    added: list[str] = field(default_factory=list)
    n_known: int = 0
    n_removed: int = 0
    set_aside: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    n_by_outlet: Counter = field(default_factory=Counter)


def add_articles(paths: StudyPaths, config: StudyConfig, sources: list[Path], options: AddOptions) -> Added:
    """Add the articles of files and folders to a study.

    Texts are written first, then the rows of outlets.csv, articles.csv and the log, a few seconds' work at a time and
    each file all or nothing: a run that is killed leaves whole articles, and the next run goes on.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    config : StudyConfig
        Its settings.
    sources : list of pathlib.Path
        Files and folders.
    options : AddOptions
        What the user says of them.

    Returns
    -------
    Added
        What became of each.

    Raises
    ------
    StudyError
        A source is not there, or a table of the study is broken; nothing is written then.
    """
    listing = list_files(sources, paths.root)
    keeper = _Keeper(paths, config)
    result = Added(len(listing.items), keeper.outlets, set_aside=list(listing.problems), notes=listing.notes)
    unread: dict[str, str] = {}
    admission = Admission(config.corpus, keeper.outlets, options.date_order, unread)
    for item, found in _read_all(listing.items, result, options.progress):
        if isinstance(found, Problem):
            result.set_aside.append(found)
            continue
        admitted = admission.admit(_with_outlet(found, item, options, keeper.outlets))
        if isinstance(admitted, Problem):
            result.set_aside.append(admitted)
            continue
        keeper.take(admitted, result)
    keeper.commit()
    _write_set_aside(paths, result, [item.shown for item in listing.items])
    if unread:
        places = [f"{place} ({words!r})" for place, words in sorted(unread.items())]
        result.notes.append(f"added without a date, which could not be read: {shorten_list(places)}")
    return result


def _read_all(items: list[Item], result: Added, progress: bool) -> Iterator[tuple[Item, Found | Problem]]:
    """Read every file, with a progress bar of bytes."""
    from tqdm import tqdm

    total = sum(item.size for item in items)
    options = {"unit": "B", "unit_scale": True, "desc": "reading", "dynamic_ncols": True}
    with tqdm(total=total, disable=not progress, **options) as bar:
        for item in items:
            left = item.size
            for found in read_file(item, result.notes):
                yield item, found
                # how far a table is read shows in the texts that came out of it
                step = min(left, len(found.text)) if isinstance(found, Found) else 0
                bar.set_postfix_str(f"{len(result.added):,} articles", refresh=False)
                bar.update(step)
                left -= step
            bar.update(left)


def _with_outlet(found: Found, item: Item, options: AddOptions, outlets: OutletTable) -> Found:
    """Give an article its outlet: a field of its file, the user's word, the folder's name, the page's own word."""
    if found.outlet and found.lifted.get("outlet") != PAGE:
        return found
    # folders of years or of kinds of file are no outlets
    named = [
        name
        for name in item.folders
        if not re.fullmatch(r"[\d\W_]+", name) and name.casefold() not in _GENERIC
    ]
    changed: dict = {}
    if options.outlet:
        changed = {"outlet": options.outlet, "lifted": {**found.lifted, "outlet": "the option --outlet"}}
    elif (
        named
        and found.reader in SINGLE
        and not (
            # a folder that is no outlet of the study stands back behind a page that is of one
            outlets.knows(found.outlet, found.url) and not outlets.knows(named[-1])
        )
    ):
        changed = {"outlet": named[-1], "lifted": {**found.lifted, "outlet": "the folder's name"}}
        if len(named) > 1:
            changed["bloc"] = named[-2]
    elif not found.outlet and domain_of(found.url):
        changed = {"lifted": {**found.lifted, "outlet": "the address"}}
    elif not found.outlet:
        changed = {"outlet": UNKNOWN}
    return replace(found, **changed)


class _Keeper:
    """Knows what the study has, and writes what is new."""

    def __init__(self, paths: StudyPaths, config: StudyConfig):
        self.paths = paths
        log = load_rows(paths.added / ADDED_LOG.name, ADDED_LOG, shown=f"added/{ADDED_LOG.name}")
        outlets = load_rows(paths.outlets, OUTLETS_SEED, shown=paths.shown(paths.outlets))
        same = load_rows(paths.same_outlets, SAME_OUTLETS_SEED, shown=paths.shown(paths.same_outlets))
        self.outlets = OutletTable(
            outlets.to_dict("records"),
            tuple(config.groups.blocs),
            dict(zip(same["outlet_id"], same["same_as"], strict=True)),
        )
        self.logged = dict(zip(log["key"], log["article_id"], strict=True))
        # the same file with another --outlet is no second article
        self.places = {(row["place"], row["text"]): row["article_id"] for row in log.to_dict("records")}
        self.by_hand: dict[tuple[str, str], list[str]] = {}
        self._load_articles()
        self.pending: list[tuple[str, Admitted]] = []
        self.size, self.last = 0, time.monotonic()
        self.written_outlets = 0

    def _load_articles(self) -> None:
        """Read which articles the study has; those that the log does not know are told by their text."""
        path = self.paths.articles
        articles = load_rows(path, ARTICLES_SEED, shown=self.paths.shown(path))
        self.there = set(articles["article_id"])
        self.written = set(self.there)
        self.taken = {name.casefold() for name in self.there}
        # an article whose row was removed keeps its name
        self.taken |= {name.casefold() for name in self.logged.values()}
        logged = set(self.logged.values())
        for row in articles.to_dict("records"):
            if row["article_id"] not in logged:
                digest = row["sha256"].lower() or self._digest(row["file"])
                self.by_hand.setdefault((digest, row["outlet_id"]), []).append(row["article_id"])
        self.stamp = _stamp(path)

    def _digest(self, file: str) -> str:
        try:
            return hashlib.sha256((self.paths.seeds / file).read_bytes()).hexdigest()
        except OSError:
            return ""

    def take(self, admitted: Admitted, result: Added) -> None:
        """Keep an article for writing, unless the study has it."""
        outlet_id = admitted.row["outlet_id"]
        place = (admitted.found.place, admitted.row["sha256"][:16])
        name = self.logged.get(admitted.key) or self.places.get(place)
        unlogged = self.by_hand.get((admitted.row["sha256"], outlet_id))
        if name is None and unlogged:
            name = self.logged[admitted.key] = unlogged.pop(0)
            self.pending.append((name, admitted))
        if name is not None:
            if name in self.there:
                result.n_known += 1
            else:
                result.n_removed += 1
            return
        name = name_article(admitted, self.taken)
        while not self._is_free(name, admitted):
            self.taken.add(name.casefold())
            name = name_article(admitted, self.taken)
        self.taken.add(name.casefold())
        self.there.add(name)
        self.logged[admitted.key] = name
        self.pending.append((name, admitted))
        result.added.append(name)
        result.n_by_outlet[outlet_id] += 1
        self.size += len(admitted.data)
        if self.size > _BATCH or time.monotonic() - self.last > _PAUSE:
            self.commit()

    def _is_free(self, name: str, admitted: Admitted) -> bool:
        """Say whether a text file of this name may be written: there is none, or a stopped run wrote this one."""
        path = self.paths.seeds / "texts" / f"{name}.txt"
        return not path.exists() or path.read_bytes() == admitted.data

    def commit(self) -> None:
        """Write texts, outlets, articles and log, in this order."""
        paths = self.paths
        if _stamp(paths.articles) != self.stamp:
            # someone saved the table meanwhile; what it says now counts
            table = load_rows(paths.articles, ARTICLES_SEED, shown=paths.shown(paths.articles))
            self.written = set(table["article_id"])
        rows, log = [], []
        for name, admitted in self.pending:
            log.append(
                {
                    "article_id": name,
                    "key": admitted.key,
                    "text": admitted.row["sha256"][:16],
                    "place": admitted.found.place,
                    "reader": admitted.found.reader,
                    "source_id": admitted.found.source_id,
                    "encoding": "; ".join(admitted.found.notes),
                }
            )
            if name in self.written:
                continue
            write_bytes(paths.seeds / "texts" / f"{name}.txt", admitted.data)
            rows.append({"article_id": name, "file": f"texts/{name}.txt", **admitted.row})
        fresh = self.outlets.added[self.written_outlets :]
        if fresh:
            append_rows(paths.outlets, fresh, OUTLETS_SEED)
            self.written_outlets = len(self.outlets.added)
        if rows:
            append_rows(paths.articles, rows, ARTICLES_SEED)
            self.written |= {row["article_id"] for row in rows}
        if log:
            append_rows(paths.added / ADDED_LOG.name, log, ADDED_LOG)
        self.pending, self.size, self.last = [], 0, time.monotonic()
        self.stamp = _stamp(paths.articles)


def _stamp(path: Path) -> tuple[int, int]:
    """Tell whether a file was written since."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _write_set_aside(paths: StudyPaths, result: Added, visited: list[str]) -> None:
    """Keep the list of what was not added; what earlier runs listed of other files stays."""
    path = paths.added / SET_ASIDE.name
    seen = set(visited) | {_file_of(problem.where) for problem in result.set_aside}
    before = load_rows(path, SET_ASIDE, shown=f"added/{SET_ASIDE.name}").to_dict("records")
    rows = [row for row in before if _file_of(row["place"]) not in seen]
    rows += [
        {"place": one.where, "found": one.found, "allowed": one.allowed, "remedy": one.remedy}
        for one in result.set_aside
    ]
    if rows or path.exists():
        partial = path.with_name(f".{path.name}.new")
        partial.unlink(missing_ok=True)
        append_rows(partial, rows, SET_ASIDE)
        write_bytes(path, partial.read_bytes())
        partial.unlink()


def _file_of(place: str) -> str:
    """Return the file that a place is in."""
    file = place.partition(" (")[0]
    head, _, number = file.rpartition(":")
    return head if number.isdigit() else file
