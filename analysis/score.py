"""Scores the targets of a JSON-lines file: streamed, resumable, every bad line named."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from analysis.actors import load_actors, project_actors
from analysis.aliases import ActorTable
from analysis.errors import ParameterError, Problem, ScorerError, StudyError, shorten
from analysis.mentions import find_mentions
from analysis.offsets import offset_error
from analysis.sentiment.contract import CLASSES, Scorer, label_scores, score_mentions
from analysis.tables import safe_cell, write_bytes

COLUMNS = ("line", "target", "mention", *CLASSES, "label")
CHUNK = 256
"""Lines that are scored and written at a time; a run that was stopped loses at most these."""

_PACKED = {
    b"\x1f\x8b": "a gzip file",
    b"PK\x03\x04": "a ZIP file",
    b"BZh": "a bzip2 file",
    b"\xfd7zX": "an xz file",
    b"PAR1": "a Parquet file",
    b"\xff\xfe": "a file in UTF-16",
    b"\xfe\xff": "a file in UTF-16",
}
"""First bytes of what would otherwise be refused line by line."""

_FORM = "an object with text (or sentence_normalized) and targets"
_TARGET_FORM = "an object with from, to and mention"


@dataclass(frozen=True)
class Scored:
    """What a run of `score_file` did.

    Attributes
    ----------
    targets : int
        Rows of the written table.
    problems : tuple of Problem
        Lines and targets that were left out.
    """

    targets: int
    problems: tuple[Problem, ...]


def score_file(
    source: Path, out: Path, scorer: Scorer, *, keep_going: bool = False, progress: bool = False
) -> Scored:
    """Score every target of a file and write one row for each, in order.

    The file is read twice, a few lines at a time: once to find everything that is wrong with it, once to
    score it. Text in any language is scored, although a benchmark speaks for its own language only.
    A run that was stopped goes on where it was, if the file and the scorer are the same.

    Parameters
    ----------
    source : path
        JSON lines: ``text`` or ``sentence_normalized``, and ``targets``, a list of ``from``, ``to``
        (exclusive), ``mention`` and, optionally, ``further_mentions`` with ``from`` and ``to``. Targets of
        the same words, and aliases of the same actor, are taken for further mentions; other states and
        their people are hidden from the scorer.
    out : path
        The CSV: ``line``, ``target`` (both from 1), ``mention``, the three classes and ``label``.
    scorer : Scorer
        Any scorer.
    keep_going : bool
        Leave out what cannot be used and score the rest.
    progress : bool
        Show a progress bar on a terminal's standard error.

    Returns
    -------
    Scored
        Number of rows, and what was left out.

    Raises
    ------
    StudyError
        The file cannot be used, in part or wholly; all problems are named, and nothing is written.
    ParameterError
        `out` is `source`, a folder or no file.
    ScorerError
        The scorer cannot be loaded or breaks its contract.
    """
    source, out = Path(source), Path(out)
    _check_out(out, source)
    total, digest, problems = _check_file(source)
    if problems and (not keep_going or total == 0):
        raise StudyError(problems)
    label = f"{scorer.name}.{scorer.version}"
    key = {"source": digest, "scorer": label, "model": scorer.benchmark.get("sha256", "")}
    out.parent.mkdir(parents=True, exist_ok=True)
    run = _Run(out, key)
    with source.open("rb") as lines, run.open() as table, _bar(total, progress) as bar:
        lines.seek(run.read)
        bar.update(run.targets)
        while rows := _read_chunk(source.name, lines, run):
            try:
                table.write(_score_rows(rows, scorer).encode("utf-8"))
            except ScorerError:
                run.tidy()
                raise
            found = sum(len(targets) for _, targets in rows)
            run.save(table, lines.tell(), found)
            bar.update(found)
    run.finish()
    return Scored(total, tuple(problems))


def read_targets(where: str, number: int, line: bytes) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Read one line of the input.

    Parameters
    ----------
    where : str
        Name of the file.
    number : int
        The line, from 1.
    line : bytes
        What stands on it.

    Returns
    -------
    targets : list of dict
        Those that can be scored: ``target`` (from 1), ``mention``, ``text``, ``start``, ``end``, ``names``,
        ``same``; empty for a blank line.
    problems : list of Problem
        What is wrong with the others.

    Examples
    --------
    >>> line = b'{"text": "Russia met China.", "targets": [{"from": 0, "to": 6, "mention": "Russia"}]}'
    >>> targets, problems = read_targets("in.jsonl", 1, line)
    >>> targets[0]["start"], targets[0]["end"], problems
    (0, 6, [])
    """
    place = f"{where}:{number}"
    try:
        text_line = line.decode("utf-8-sig" if number == 1 else "utf-8")
        if not text_line.strip():
            return [], []
        record = json.loads(text_line)
    except UnicodeDecodeError:
        return [], [Problem(place, "bytes that are not UTF-8", "UTF-8", "Save the file as UTF-8.")]
    except (ValueError, RecursionError) as error:
        what = getattr(error, "msg", "a number or a nesting that is too long")
        return [], [Problem(place, f"no JSON: {what}", "one JSON object", "Correct the line.")]
    wrong = _record_error(record)
    if wrong:
        return [], [Problem(place, wrong, _FORM, "Correct the line.")]
    text = record["sentence_normalized"] if "sentence_normalized" in record else record["text"]
    found: list[dict[str, Any]] = []
    problems = []
    for index, target in enumerate(record["targets"], start=1):
        wrong, allowed = _target_error(text, target)
        if wrong:
            problems.append(Problem(f"{place} (target {index})", wrong, allowed, "Correct the target."))
            continue
        further = [_place(one) for one in target.get("further_mentions") or []]
        start, end = _place(target)
        found.append(
            {"target": index, "mention": target["mention"], "start": start, "end": end, "same": further}
        )
    return [_with_company(text, one, found) for one in found], problems


def _record_error(record: Any) -> str | None:
    """Say what is wrong with a line as a whole."""
    if not isinstance(record, dict):
        return f"{shorten(record)} instead of an object"
    if "sentence_normalized" not in record and "text" not in record:
        return "no text"
    text = record["sentence_normalized"] if "sentence_normalized" in record else record["text"]
    if not isinstance(text, str):
        return f"the text {shorten(text)}"
    if not text.strip():
        return "an empty text"
    if re.search("[\ud800-\udfff]", text):
        return "half a character (a lone surrogate) in the text"
    if "targets" not in record:
        return "no targets"
    if not isinstance(record["targets"], list):
        return f"the targets {shorten(record['targets'])}"
    return None


def _target_error(text: str, target: Any) -> tuple[str | None, str]:
    """Say what is wrong with a target, and what may stand there."""
    if not isinstance(target, dict):
        return f"{shorten(target)} instead of an object", _TARGET_FORM
    missing = [name for name in ("from", "to", "mention") if name not in target]
    if missing:
        return f"no {', '.join(missing)}", _TARGET_FORM
    offsets = f"whole characters of the text, 0 <= from < to <= {len(text)}"
    wrong = offset_error(text, target["from"], target["to"])
    if wrong:
        return wrong, offsets
    start, end = _place(target)
    if target["mention"] != text[start:end]:
        return (
            f"the mention {shorten(target['mention'])}",
            f"the words at these offsets, {shorten(text[start:end])}",
        )
    further = target.get("further_mentions") or []
    if not isinstance(further, list) or not all(isinstance(one, dict) for one in further):
        return f"the further_mentions {shorten(further)}", "a list of objects with from and to"
    for one in further:
        wrong = offset_error(text, one.get("from"), one.get("to"))
        if wrong:
            return f"in further_mentions {wrong}", offsets
    return None, ""


def _place(mention: Mapping[str, Any]) -> tuple[int, int]:
    return mention["from"], mention["to"]


def _with_company(text: str, target: dict[str, Any], targets: list[dict[str, Any]]) -> dict[str, Any]:
    """Add the names of the sentence: this actor's own, and those of others that would colour the score.

    Other actors are found by the project's alias table. States and their people are hidden; persons and
    parties of US politics stay, since the training data name them so often, well and ill, that their names
    move a score by no more than .02 (docs/decisions/0009-encoder.md).
    """
    start, end = target["start"], target["end"]
    words, same = text[start:end].casefold(), list(target["same"])
    for other in targets:
        place = (other["start"], other["end"])
        if not (place[0] < end and start < place[1]) and text[slice(*place)].casefold() == words:
            same += [place, *other["same"]]
    mentions = find_mentions(text, _actors())
    own = {one.actor_id for one in mentions if one.start < end and start < one.end}
    others = []
    for one in mentions:
        if one.start < end and start < one.end:
            continue
        if one.actor_id in own:
            same.append((one.start, one.end))
        elif _actors().kinds[one.actor_id] == "state" or _actors().countries[one.actor_id] != "USA":
            others.append((one.start, one.end))
    same = [one for one in dict.fromkeys(same) if one != (start, end)]
    names = [(start, end), *same, *(one for one in others if one not in same)]
    return {**target, "text": text, "names": sorted(set(names)), "same": same}


@cache
def _actors() -> ActorTable:
    """Load the project's alias table once."""
    return load_actors(project_actors())


def _check_out(out: Path, source: Path) -> None:
    """Make sure that the finished table may take the place of what is there."""
    wrong = None
    if out.is_dir():
        wrong = "a folder"
    elif out.exists() and not out.is_file():
        # /dev/stdout and the like would be replaced by a file
        wrong = "a device or a pipe"
    elif out.resolve() == source.resolve():
        wrong = "the input"
    if wrong:
        raise ParameterError(f"cannot write to {out}: it is {wrong}; name a file")


def _check_form(source: Path) -> None:
    """Make sure that the input is a file of lines: it is read twice, and a packed one has none."""
    if source.exists() and not source.is_file():
        what = "a folder" if source.is_dir() else "a pipe or a device"
        raise StudyError([Problem(source.name, what, "a file, which is read twice", "Save it as a file.")])
    with source.open("rb") as file:
        start = file.read(4)
    for mark, what in _PACKED.items():
        if start.startswith(mark):
            raise StudyError([Problem(source.name, what, "JSON lines in UTF-8", "Unpack or convert it.")])


def _check_file(source: Path) -> tuple[int, str, list[Problem]]:
    """Count the targets that can be scored, hash the file, and find every problem."""
    total, digest, problems = 0, hashlib.sha256(), []
    try:
        _check_form(source)
        with source.open("rb") as file:
            for number, line in enumerate(file, start=1):
                digest.update(line)
                targets, wrong = read_targets(source.name, number, line)
                total += len(targets)
                problems += wrong
    except FileNotFoundError:
        raise StudyError([Problem(source.name, "no such file", "JSON lines", "Correct the path.")]) from None
    if not total and not problems:
        problems.append(Problem(source.name, "no target", "at least one target", "Check the file."))
    return total, digest.hexdigest(), problems


def _read_chunk(where: str, lines: BinaryIO, run: _Run) -> list[tuple[int, list[dict[str, Any]]]]:
    """Read the next lines with their targets; an empty list at the end of the file."""
    rows = []
    # readline, since a file that is being iterated does not tell where it is
    for line in islice(iter(lines.readline, b""), CHUNK):
        run.line += 1
        rows.append((run.line, read_targets(where, run.line, line)[0]))
    return rows


def _score_rows(rows: list[tuple[int, list[dict[str, Any]]]], scorer: Scorer) -> str:
    """Score some lines and write them as CSV."""
    targets = [{"line": line, **target} for line, found in rows for target in found]
    if not targets:
        return ""
    frame = pd.DataFrame(targets)
    scores = score_mentions(scorer, frame[["text", "start", "end", "names", "same"]])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    shares = [[f"{value:.6g}" for value in row] for row in scores.to_numpy()]
    for target, values, label in zip(targets, shares, label_scores(scores), strict=True):
        writer.writerow([target["line"], target["target"], safe_cell(target["mention"]), *values, label])
    return text.getvalue()


def _bar(total: int, progress: bool):
    """Make the progress bar; only a terminal shows it."""
    from tqdm import tqdm

    return tqdm(total=total, unit="target", disable=None if progress else True)


class _Run:
    """The unfinished table beside the finished one, and how far it got.

    Parameters
    ----------
    out : pathlib.Path
        The finished table.
    key : dict
        What must be the same for a run to go on: input, scorer, model.
    """

    def __init__(self, out: Path, key: dict[str, str]):
        self.out, self.key = out, key
        self.partial = out.with_name(f"{out.name}.partial")
        self.state = out.with_name(f"{out.name}.state.partial")
        self.line = self.read = self.written = self.targets = 0
        self._recall()

    def _recall(self) -> None:
        """Go on from an earlier run, if it read the same input with the same scorer."""
        try:
            state = json.loads(self.state.read_text(encoding="utf-8"))
            fits = state["key"] == self.key and self.partial.stat().st_size >= state["written"] > 0
            kept = [int(state[name]) for name in ("line", "read", "written", "targets")] if fits else []
        except (OSError, ValueError, KeyError, TypeError):
            return
        if kept:
            self.line, self.read, self.written, self.targets = kept

    def open(self) -> BinaryIO:
        """Open the unfinished table behind its last whole chunk."""
        if not self.written:
            self.partial.write_bytes((",".join(COLUMNS) + "\n").encode())
            self.written = self.partial.stat().st_size
        table = self.partial.open("r+b")
        table.truncate(self.written)
        table.seek(self.written)
        return table

    def save(self, table: BinaryIO, read: int, found: int) -> None:
        """Write down how far the run got; the table is on the disk before."""
        table.flush()
        os.fsync(table.fileno())
        self.read, self.written, self.targets = read, table.tell(), self.targets + found
        state = {name: getattr(self, name) for name in ("key", "line", "read", "written", "targets")}
        write_bytes(self.state, json.dumps(state).encode())

    def tidy(self) -> None:
        """Leave nothing behind of a run that scored nothing."""
        if not self.targets:
            self.partial.unlink(missing_ok=True)

    def finish(self) -> None:
        """Put the finished table in its place."""
        os.replace(self.partial, self.out)
        self.state.unlink(missing_ok=True)
