"""Starts a new study from a table of articles or a folder of texts."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.columns import parse_published
from analysis.errors import Problem, StudyError, shorten
from analysis.paths import StudyPaths, project_root
from analysis.readers import read_csv
from analysis.schema.parts import ID_PATTERN
from analysis.schema.seeds import ARTICLES_SEED, OUTLETS_SEED
from analysis.tables import write_table

COLUMNS = ("article_id", "outlet", "bloc", "published", "title", "text")
UNCODED = "uncoded"

_TOML = """# The configuration of the study. Settings that are not here have the defaults that METHODS.md names.

[study]
title = {title}
question = ""
claims = "show"                # a claim of the notebooks that this corpus does not bear is printed as such

[corpus]
language = "en"
on_bad_article = "stop"        # or "exclude": leave bad articles out and list them

[groups]
blocs = {blocs}

[terms]
more_stop_words = ["mr", "mrs", "ms"]

[themes]
k = "auto"                     # the stability curve chooses; or a whole number

[sentiment]
scorer = "lexicon.v1"          # fast and weak; "encoder.v1" is validated, and scores about 20 mentions a second

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


def create_study(folder: Path, source: Path) -> tuple[StudyPaths, list[str]]:
    """Make a study's folder from a table or a folder of texts.

    Parameters
    ----------
    folder : pathlib.Path
        The new study; it must not exist, or be empty.
    source : pathlib.Path
        A ``.csv``, ``.jsonl`` (JSON lines) or ``.parquet`` table with `COLUMNS`, or a folder of ``.txt``
        files: ``bloc/outlet/name.txt``, ``outlet/name.txt`` or ``name.txt``.

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
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(
            [
                Problem(
                    folder.as_posix(),
                    "something there already",
                    "a new or empty folder",
                    "Name another folder.",
                )
            ]
        )
    records = _read_folder(source) if source.is_dir() else _read_table(source)
    notes = _name_articles(records)
    outlets = _list_outlets(records, source.name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        _write_study(partial, folder.name, records, outlets)
        if folder.exists():
            folder.rmdir()
        partial.chmod(0o755)
        partial.rename(folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    uncoded = [record["label"] for record in outlets if record["bloc"] == UNCODED]
    if uncoded:
        notes.append(f"code the bloc of these outlets in seeds/outlets.csv: {', '.join(uncoded[:10])}")
    return StudyPaths(folder), notes


def _read_table(source: Path) -> list[dict[str, Any]]:
    """Read the rows of a table, with every problem by row."""
    readers = {
        ".csv": lambda path: read_csv(path, shown=path.name),
        ".jsonl": _read_json_lines,
        ".ndjson": _read_json_lines,
        ".parquet": _read_parquet,
    }
    name, kind = source.name, source.suffix.lower()
    if kind not in readers:
        raise StudyError(
            [
                Problem(
                    name, f"a file that ends in {kind!r}", ", ".join(readers) + ", or a folder", "Convert it."
                )
            ]
        )
    if not source.is_file():
        raise StudyError(
            [Problem(source.as_posix(), "no such file", "a table or a folder", "Correct the path.")]
        )
    table = readers[kind](source)
    missing = [
        column for column in COLUMNS if column not in table.columns and column not in ("published", "title")
    ]
    if missing:
        found = ", ".join(map(str, table.columns)) or "none"
        raise StudyError(
            [Problem(f"{name}:1 ({column})", f"no such column among {found}", ", ".join(COLUMNS), "Add it.")
             for column in missing]
        )  # fmt: skip
    records, problems = [], []
    for row, values in zip(table.index, table.to_dict("records"), strict=True):
        record = {column: _text(values.get(column)) for column in COLUMNS}
        for column in ("article_id", "outlet", "bloc"):
            record[column] = " ".join(record[column].split())
        problems += _check_record(record, f"{name}:{row}")
        records.append({**record, "row": row})
    if not records:
        problems.append(Problem(name, "no rows", "at least one article", "Add a row."))
    if problems:
        raise StudyError(problems)
    return records


def _check_record(record: dict[str, Any], where: str) -> list[Problem]:
    """Check one row, and bring its date into the form of articles.csv."""
    problems = [
        Problem(f"{where} ({column})", "an empty cell", "text", "Fill it in, or remove the row.")
        for column in ("article_id", "outlet", "bloc", "text")
        if not record[column].strip()
    ]
    published = record["published"].strip()
    # a time of day is dropped, as are the forms in which tables store midnight
    match = re.match(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}", published)
    record["published"] = match.group(1) if match else published
    if record["published"]:
        try:
            parse_published(record["published"])
        except ValueError:
            problems.append(
                Problem(
                    f"{where} (published)",
                    shorten(published),
                    "YYYY-MM-DD, YYYY-MM, YYYY or empty",
                    "Correct it.",
                )
            )
    return problems


def _read_json_lines(source: Path) -> pd.DataFrame:
    records, numbers, problems = [], [], []
    with source.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
                if not isinstance(record, dict):
                    raise ValueError("not an object")
            except ValueError as error:
                what = f"no JSON object: {shorten(error)}"
                problems.append(
                    Problem(f"{source.name}:{number}", what, "one JSON object a line", "Correct it.")
                )
                continue
            records.append(record)
            numbers.append(number)
    if problems:
        raise StudyError(problems)
    return pd.DataFrame(records, index=numbers)


def _read_parquet(source: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(source)
    except (OSError, ValueError) as error:
        raise StudyError(
            [Problem(source.name, f"no Parquet: {shorten(error)}", "a Parquet file", "Export it again.")]
        ) from None
    return table.set_axis(range(1, len(table) + 1))


def _read_folder(source: Path) -> list[dict[str, Any]]:
    """Read the .txt files of a folder; bytes are kept as they are."""
    records = []
    for path in sorted(source.rglob("*.txt")):
        parts = path.relative_to(source).parts
        if any(part.startswith(".") for part in parts):
            continue
        outlet = parts[-2] if len(parts) > 1 else "unknown"
        bloc = parts[-3] if len(parts) > 2 else UNCODED
        record = dict.fromkeys(COLUMNS, "")
        records.append(
            {**record, "article_id": path.stem, "outlet": outlet, "bloc": bloc, "bytes": path.read_bytes()}
        )
    if not records:
        raise StudyError(
            [Problem(source.as_posix(), "no .txt files", "texts as .txt", "Export them as .txt.")]
        )
    return records


def _name_articles(records: list[dict[str, Any]]) -> list[str]:
    """Give every article an id that can name a file, and refuse ids that stand twice."""
    seen: dict[str, Any] = {}
    problems, renamed = [], 0
    for record in records:
        original = record["article_id"]
        if original in seen and "row" in record:
            where = f"row {record['row']} (article_id)"
            what = f"{shorten(original)}, which row {seen[original]} has"
            problems.append(Problem(where, what, "each article_id once", "Rename one of them."))
            continue
        seen.setdefault(original, record.get("row", original))
    if problems:
        raise StudyError(problems)
    taken = {record["article_id"] for record in records if ID_PATTERN.match(record["article_id"])}
    used: set[str] = set()
    for record in records:
        name = record["article_id"]
        if not ID_PATTERN.match(name) or name in used:
            name = _slug(name, (taken | used))
            record["note"] = f"named {record['article_id']!r} in the source"
            renamed += 1
        record["article_id"] = name
        used.add(name)
    return (
        [f"{renamed} articles were renamed; the column note of articles.csv has their old names"]
        if renamed
        else []
    )


def _list_outlets(records: list[dict[str, Any]], source: str) -> list[dict[str, str]]:
    """List the outlets with their blocs; an outlet in two blocs is a problem."""
    blocs: dict[str, str] = {}
    ids: dict[str, str] = {}
    problems = []
    for record in records:
        known = blocs.setdefault(record["outlet"], record["bloc"])
        if known != record["bloc"]:
            where = f"{source}:{record.get('row', record['article_id'])} (bloc)"
            found = f"{shorten(record['bloc'])} for the outlet {shorten(record['outlet'])}"
            problems.append(
                Problem(where, found, f"{known!r}, as in an earlier row", "Give an outlet one bloc.")
            )
        if record["outlet"] not in ids:
            ids[record["outlet"]] = _slug(record["outlet"], set(ids.values()))
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
    for path, spec, content in (
        (paths.articles, ARTICLES_SEED, rows),
        (paths.outlets, OUTLETS_SEED, outlets),
    ):
        write_table(pd.DataFrame(content).reindex(columns=spec.names, fill_value=""), path)
    shutil.copyfile(project_root() / "seeds" / "actors.csv", paths.actors)
    paths.cleaning.write_text(_CLEANING, encoding="utf-8")
    blocs = sorted({record["bloc"] for record in outlets})
    config = _TOML.format(title=_toml(title), blocs=f"[{', '.join(map(_toml, blocs))}]")
    paths.config.write_text(config, encoding="utf-8")


def _slug(name: str, taken: set[str]) -> str:
    """Make a readable id that is not taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._")[:70] or "item"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _text(value: Any) -> str:
    """Read a cell as text; a missing one is empty."""
    if value is None or (not isinstance(value, str) and pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    return value if isinstance(value, str) else str(value)


def _toml(text: str) -> str:
    """Quote a text for TOML, whose basic strings are those of JSON."""
    return json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")
