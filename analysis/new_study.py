"""Starts a new study from a table of articles or a folder of texts."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.columns import parse_published
from analysis.config import load_config
from analysis.errors import Problem, StudyError, shorten
from analysis.paths import StudyPaths, check_writable, project_root
from analysis.schema.parts import ID_PATTERN, fold_name, is_uncoded
from analysis.schema.seeds import ARTICLES_SEED, OUTLETS_SEED
from analysis.seed_rows import NO_BLOC
from analysis.seeds import load_corpus
from analysis.sources import read_source
from analysis.tables import write_table

_STOP = 'on_bad_article = "stop"        # or "exclude": leave bad articles out and list them'
_EXCLUDE = 'on_bad_article = "exclude"     # or "stop": refuse to run while there are bad articles'

_TOML = """# The configuration of the study. Settings that are not here have the defaults that METHODS.md names.

[study]
title = {title}
question = ""
claims = "show"                # a claim of the notebooks that this corpus does not bear is printed as such

[corpus]
language = "en"
{bad}

[groups]
blocs = {blocs}   # all of them, in the order of tables and figures; [] takes those of outlets.csv, sorted

[terms]
more_stop_words = ["mr", "mrs", "ms"]

[themes]
k = "auto"                     # the stability curve chooses; or a whole number

[sentiment]
scorer = "lexicon.v1"          # fast and weak; validated: "encoder.v1" (20 mentions a second), "encoder-small.v1" (200)

[statistics]
random_state = 1
"""

_CLEANING = """# Rules that take out of a text what is not the article's own prose (seeds/README.md of the project).

[[rule]]
id = "title-line"
line_is = "title"
lift = "title"
reason = "The title stands in its own column; left in the text it would count as a sentence of the body."
"""

_OWN_FRAMES = """# Here is the place of your own frames: [[task.variable]] tables in the same form, with
# family = "study". An example from your texts names its article in example_from, and `framing check` finds it
# there. The examples here are the seed study's."""


def create_study(folder: Path, source: Path) -> tuple[StudyPaths, list[str]]:
    """Make a study's folder from a table or a folder of texts.

    Parameters
    ----------
    folder : pathlib.Path
        The new study; it must not exist, or be empty.
    source : pathlib.Path
        As in `analysis.sources.read_source`.

    Returns
    -------
    paths : StudyPaths
        The study, ready for ``framing check``.
    notes : list of str
        What was changed or is left to do.

    Raises
    ------
    StudyError
        The source cannot be used; every problem by row. Nothing is written then.
    """
    folder, source = Path(folder).resolve(), Path(source)
    _check_new(folder)
    records, notes = read_source(source)
    notes += _name_articles(records)
    outlets = _list_outlets(records)
    with _new_folder(folder) as partial:
        _write_study(partial, folder.name, records, outlets)
        notes += _set_aside(partial, records)
    uncoded = [record["label"] for record in outlets if is_uncoded(record["bloc"])]
    if uncoded:
        notes.append(f"code the bloc of these outlets in seeds/outlets.csv: {', '.join(uncoded[:10])}")
    return StudyPaths(folder), notes


def start_study(folder: Path) -> StudyPaths:
    """Make the folder of a study that has no articles yet.

    Parameters
    ----------
    folder : pathlib.Path
        The new study; it must not exist, or be empty.

    Returns
    -------
    StudyPaths
        The study: its settings, actors and cleaning rules, and tables without rows.

    Raises
    ------
    StudyError
        There is something in the folder, or it cannot be made.
    """
    folder = Path(folder).resolve()
    _check_new(folder)
    with _new_folder(folder) as partial:
        (partial / "seeds" / "texts").mkdir(parents=True)
        _write_tables(StudyPaths(partial), folder.name, [], [])
    return StudyPaths(folder)


def _check_new(folder: Path) -> None:
    """Refuse a folder that holds something, or that cannot be made."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        found, allowed = "something there already", "a new or empty folder"
        raise StudyError([Problem(folder.as_posix(), found, allowed, "Name another folder.")])
    check_writable(folder)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write to, which takes its place when all is written, and is gone if anything fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        yield partial
        if folder.exists():
            # someone may stand in the empty folder, and would be left in one that is gone
            for part in sorted(partial.iterdir()):
                part.rename(folder / part.name)
            partial.rmdir()
        else:
            partial.chmod(0o755)
            partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _set_aside(folder: Path, records: list[dict[str, Any]]) -> list[str]:
    """Have the study leave out what `framing check` would refuse, and say so; refuse where nothing is left."""
    paths = StudyPaths(folder)
    try:
        load_corpus(paths, load_config(paths.config))
    except StudyError as error:
        # an outlet without a bloc is for its reader to code, and no bad article
        problems = [one for one in error.problems if not one.found.startswith(NO_BLOC)]
    else:
        return []
    if not problems:
        return []
    by_id = {record["article_id"]: record["place"] for record in records}
    rows = sorted(by_id)  # as _write_study sorts them
    bad: dict[str, Problem] = {}
    for problem in problems:
        text = re.match(r"seeds/texts/(.*)\.txt(?::\d+)?\Z", problem.where)
        row = re.match(r"seeds/articles\.csv:(\d+) ", problem.where)
        if not text and not row:
            raise StudyError(problems)
        name = text[1] if text else rows[int(row[1]) - 2]
        twin = re.sub(
            r"(?<=as )row (\d+) \(.*\)", lambda match: by_id[rows[int(match[1]) - 2]], problem.found
        )
        bad.setdefault(name, replace(problem, where=by_id[name], found=twin))
    if len(bad) == len(records):
        raise StudyError(bad.values())
    # one or two such articles are in most corpora; a study stops for them only if it is told to
    config = paths.config.read_text(encoding="utf-8").replace(_STOP, _EXCLUDE)
    paths.config.write_text(config, encoding="utf-8")
    listed = StudyError(bad.values()).problems
    return [
        f"{len(bad)} article{'' if len(bad) == 1 else 's'} of {len(records)} will be left out of every result "
        '(on_bad_article = "exclude" in study.toml):',
        *(f"  {problem}" for problem in listed[:20]),
        *([f"  and {len(listed) - 20} more, which `framing check` lists"] if len(listed) > 20 else []),
    ]


def _name_articles(records: list[dict[str, Any]]) -> list[str]:
    """Give every article an id that can name a file on any disk, and refuse ids that stand twice in a table."""
    seen: dict[str, str] = {}
    problems = []
    for record in records:
        first = seen.setdefault(record["article_id"], record["place"])
        if first != record["place"] and "bytes" not in record:
            what = f"{shorten(record['article_id'])}, which {first} has"
            where = f"{record['place']} (article_id)"
            problems.append(Problem(where, what, "each article_id once", "Rename one of them."))
    if problems:
        raise StudyError(problems)
    # disks that fold case would take "a1" and "A1" for one file
    taken = {name.casefold() for name in seen if ID_PATTERN.match(name)}
    used: set[str] = set()
    renamed = 0
    for record in records:
        name = record["article_id"]
        if not ID_PATTERN.match(name) or name.casefold() in used:
            name = _slug(name, taken | used)
            named = f"named {record['article_id']!r} in the source"
            record["note"] = "; ".join(filter(None, (record.get("note"), named)))
            renamed += 1
        record["article_id"] = name
        used.add(name.casefold())
    if not renamed:
        return []
    what = "1 article was" if renamed == 1 else f"{renamed} articles were"
    return [f"{what} renamed; the column note of articles.csv has the old name{'' if renamed == 1 else 's'}"]


def _list_outlets(records: list[dict[str, Any]]) -> list[dict[str, str]]:
    """List the outlets with their blocs; an outlet in two blocs, or a name in two spellings, is a problem."""
    blocs: dict[str, str] = {}
    ids: dict[str, str] = {}
    spelt: dict[tuple[str, str], str] = {}
    problems = []
    for record in records:
        for column in ("outlet", "bloc"):
            first = spelt.setdefault((column, fold_name(record[column])), record[column])
            if record[column] != first:
                where, allowed = f"{record['place']} ({column})", f"{first!r}, as in an earlier row"
                problems.append(Problem(where, shorten(record[column]), allowed, "Give it one spelling."))
        known = blocs.setdefault(record["outlet"], record["bloc"])
        if fold_name(known) != fold_name(record["bloc"]):
            where = f"{record['place']} (bloc)"
            found = f"{shorten(record['bloc'])} for the outlet {shorten(record['outlet'])}"
            problems.append(
                Problem(where, found, f"{known!r}, as in an earlier row", "Give an outlet one bloc.")
            )
        if record["outlet"] not in ids:
            ids[record["outlet"]] = _slug(
                record["outlet"], {name.casefold() for name in ids.values()}, "outlet"
            )
        record["outlet_id"] = ids[record["outlet"]]
    if problems:
        raise StudyError(problems)
    return [
        {"outlet_id": ids[name], "name": name, "label": name, "bloc": bloc}
        for name, bloc in sorted(blocs.items())
    ]


def _write_study(
    folder: Path, title: str, records: list[dict[str, Any]], outlets: list[dict[str, str]]
) -> None:
    """Write the study's files."""
    paths = StudyPaths(folder)
    texts = paths.seeds / "texts"
    texts.mkdir(parents=True)
    rows = []
    for record in sorted(records, key=lambda record: record["article_id"]):
        data = record["bytes"] if "bytes" in record else record["text"].encode("utf-8", "replace")
        (texts / f"{record['article_id']}.txt").write_bytes(data)
        published = record["published"]
        rows.append(
            {
                "article_id": record["article_id"],
                "file": f"texts/{record['article_id']}.txt",
                "outlet_id": record["outlet_id"],
                "title": " ".join(record["title"].split()),
                "published": published,
                "published_precision": parse_published(published)[2] if published else "",
                "language": "en",
                "sha256": hashlib.sha256(data).hexdigest(),
                "note": record.get("note", ""),
            }
        )
    _write_tables(paths, title, rows, outlets)


def _write_tables(
    paths: StudyPaths, title: str, articles: list[dict[str, Any]], outlets: list[dict[str, str]]
) -> None:
    """Write what a study has beside its texts."""
    for path, spec, content in (
        (paths.articles, ARTICLES_SEED, articles),
        (paths.outlets, OUTLETS_SEED, outlets),
    ):
        write_table(pd.DataFrame(content).reindex(columns=spec.names, fill_value=""), path)
    shutil.copyfile(project_root() / "seeds" / "actors.csv", paths.actors)
    codebook = (project_root() / "seeds" / "codebook.toml").read_text(encoding="utf-8")
    paths.codebook.write_text(_general_codebook(codebook), encoding="utf-8")
    paths.cleaning.write_text(_CLEANING, encoding="utf-8")
    blocs = sorted({record["bloc"] for record in outlets})
    # where blocs are still to be coded, there is no list of them yet
    listed = "" if any(map(is_uncoded, blocs)) else ", ".join(map(_toml, blocs))
    config = _TOML.format(title=_toml(title), blocs=f"[{listed}]", bad=_STOP)
    paths.config.write_text(config, encoding="utf-8")


def _general_codebook(text: str) -> str:
    """Take out of the seed study's codebook what is its own: its frames, its title, and where its examples stand."""
    text = re.sub(r"(?m)^title = .*$", 'title = "Framing and sentiment toward actors"', text)
    text = re.sub(r"(?m)^# This study's own .*$", _OWN_FRAMES, text)
    blocks = re.split(r"(?m)^(?=\[\[|#)", re.sub(r"(?m)^example_from = .*\n", "", text))
    kept = (block for block in blocks if not (block.startswith("[[") and 'family = "study"' in block))
    return "".join(kept)


def _slug(name: str, taken: set[str], kind: str = "item") -> str:
    """Make a readable id that is not taken, whatever its case."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", plain)[:70].strip("-._") or kind
    if not ID_PATTERN.match(stem):
        stem = f"{kind}-{stem}"
    slug, number = stem, 2
    while slug.casefold() in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _toml(text: str) -> str:
    """Quote a text for TOML, whose basic strings are those of JSON."""
    return json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")
