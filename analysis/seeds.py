"""Reads seeds/: articles.csv, outlets.csv and the texts, and tells every problem in one go."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.cleaning import CleaningRule, Removal, apply_rules, load_rules
from analysis.config import StudyConfig
from analysis.corpus import Article, Corpus
from analysis.errors import Problem, StudyError, shorten
from analysis.paths import StudyPaths
from analysis.schema import ARTICLES_SEED, OUTLETS_SEED, Table, check_table, parse_published
from analysis.text import Normalised, find_tokens, normalise

# The commonest words of English prose: a fifth of the tokens of any English text, and hardly any of another
# language's. Only a text that fails this is sent to the language model.
_FUNCTION_WORDS = frozenset(
    "the of and to in a is that for it on was with as by at from be are this has have not an or its "
    "their they he his we you i which will would but were been had who more about if there".split()
)
_MIN_TOKENS_FOR_LANGUAGE = 20
_ENGLISH_SHARE = 0.2


@dataclass
class _Reading:
    """What has been read so far, and what is wrong with it, by article row."""

    paths: StudyPaths
    config: StudyConfig
    fatal: list[Problem] = field(default_factory=list)
    by_row: dict[int, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    lines: dict[Path, list[int]] = field(default_factory=dict)

    def cell(self, path: Path, position: int, column: str) -> str:
        """Name a cell of a seeds table, rows as a spreadsheet counts them."""
        return f"{self.paths.shown(path)}:{self.lines[path][position]} ({column})"

    def articles_cell(self, position: int, column: str) -> str:
        """Name a cell of articles.csv."""
        return self.cell(self.paths.articles, position, column)


def load_corpus(paths: StudyPaths, config: StudyConfig, *, clean: bool = True) -> Corpus:
    """Read the articles of a study.

    Parameters
    ----------
    paths : StudyPaths
        The study.
    config : StudyConfig
        Its settings.
    clean : bool
        Whether the cleaning rules are used; without them the corpus holds the texts as received.

    Returns
    -------
    Corpus
        Sorted by article_id.

    Raises
    ------
    StudyError
        With every problem of every file. Where ``corpus.on_bad_article`` is ``"exclude"``, problems of
        single articles exclude the article instead, and are listed in the corpus.
    """
    reading = _Reading(paths, config)
    rules: tuple[CleaningRule, ...] = ()
    try:
        rules = load_rules(paths.cleaning, shown=paths.shown(paths.cleaning)) if clean else ()
    except StudyError as error:
        reading.fatal += error.problems
    outlets = _read_seed(reading, paths.outlets, OUTLETS_SEED)
    articles = _read_seed(reading, paths.articles, ARTICLES_SEED)
    if outlets is not None:
        _check_outlets(reading, outlets)
    if articles is None or outlets is None:
        raise StudyError([*reading.fatal, *(p for found in reading.by_row.values() for p in found)])
    _check_article_rows(reading, articles, outlets)
    cleaned = {}
    for position, record in enumerate(articles.to_dict("records")):
        text = _read_text(reading, position, record)
        if text is not None:
            cleaned[position] = _clean(text, rules, record)
    _check_texts(reading, articles, cleaned)
    _check_evidence(reading, articles, outlets, cleaned)
    return _assemble(reading, articles, outlets, cleaned)


def read_csv(path: Path, *, shown: str) -> pd.DataFrame:
    """Read a CSV file in which every cell is text.

    Parameters
    ----------
    path : pathlib.Path
        A UTF-8 file, with or without a byte order mark.
    shown : str
        How messages name it.

    Returns
    -------
    pandas.DataFrame
        Cells are stripped; an empty cell is ``""``; rows without any text are dropped. The index is the
        row's number as a spreadsheet counts it.

    Raises
    ------
    StudyError
        The file is missing, empty, in another encoding, or a row has too many or too few cells.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise StudyError([Problem(shown, "no such file", "a CSV file", "Create it; see seeds/README.md.")]) from None
    except IsADirectoryError:
        raise StudyError([Problem(shown, "a folder", "a CSV file", "Put the file in its place.")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = Problem(
            f"{shown}:{line}",
            f"a byte that is not UTF-8 (0x{error.object[error.start]:02x})",
            "UTF-8",
            "Save the file as UTF-8 (in a spreadsheet: 'CSV UTF-8').",
        )
        raise StudyError([problem]) from None
    problems = []
    if "\x00" in content:
        raise StudyError([Problem(shown, "binary data", "a CSV file in UTF-8", "Save it as CSV UTF-8.")])
    try:
        rows = [row for row in csv.reader(io.StringIO(content, newline=""), strict=True)]
    except csv.Error as error:
        raise StudyError([Problem(shown, f"no CSV: {error}", "a CSV file", "Correct its quotes.")]) from None
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise StudyError([Problem(f"{shown}:1", "no header", "the columns' names", "Add a header.")])
    header = [name.strip() for name in rows[0]]
    for name in sorted({name for name in header if header.count(name) > 1}):
        problems.append(Problem(f"{shown}:1 ({name})", "the column twice", "each column once", "Remove one."))
    records, numbers = [], []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            problems.append(
                Problem(
                    f"{shown}:{number}",
                    f"{len(row)} cells",
                    f"{len(header)} cells, as in the header",
                    "Check its commas; put text that holds a comma in quotes.",
                )
            )
            continue
        records.append([cell.strip() for cell in row])
        numbers.append(number)
    if problems:
        raise StudyError(problems)
    return pd.DataFrame(records, columns=header, dtype=str, index=pd.Index(numbers, name="row"))


def _read_seed(reading: _Reading, path: Path, spec: Table) -> pd.DataFrame | None:
    """Read and check one seeds table; None where it cannot be used at all."""
    shown = reading.paths.shown(path)
    try:
        table = read_csv(path, shown=shown)
    except StudyError as error:
        reading.fatal += error.problems
        return None
    reading.lines[path] = list(table.index)
    table = table.reset_index(drop=True)
    if table.empty:
        reading.fatal.append(Problem(shown, "no rows", "at least one row", "Add a row."))
        return None
    problems = check_table(table, spec, where=shown)
    if any(":1 (" in problem.where for problem in problems):
        reading.fatal += problems
        return None
    for problem in problems:
        # check_table numbers the records from 2; blank rows in the file move what the reader sees
        position, column = re.search(r":(\d+) \((.*)\)$", problem.where).groups()
        position = int(position) - 2
        moved = replace(problem, where=reading.cell(path, position, column))
        if spec is ARTICLES_SEED:
            reading.by_row[position].append(moved)
        else:
            reading.fatal.append(moved)
    return table


def _check_outlets(reading: _Reading, outlets: pd.DataFrame) -> None:
    """Check what holds between the rows of outlets.csv."""
    labels = outlets["label"].where(outlets["label"] != "", outlets["name"])
    for column, values in (("outlet_id", outlets["outlet_id"]), ("label", labels)):
        for position in np.flatnonzero(values.duplicated() & (values != "")):
            reading.fatal.append(
                Problem(
                    reading.cell(reading.paths.outlets, position, column),
                    f"{shorten(values.iloc[position])}, which an earlier row has",
                    f"each {column} once",
                    "Rename or remove one of them.",
                )
            )


def _check_article_rows(reading: _Reading, articles: pd.DataFrame, outlets: pd.DataFrame) -> None:
    """Check what holds between the rows of articles.csv, and with outlets.csv."""
    known = sorted(set(outlets["outlet_id"]))
    seen: dict[str, int] = {}
    for position, record in enumerate(articles.to_dict("records")):
        found = reading.by_row[position]
        if record["article_id"] in seen:
            found.append(
                Problem(
                    reading.articles_cell(position, "article_id"),
                    f"{shorten(record['article_id'])}, which row {seen[record['article_id']]} has",
                    "each article_id once",
                    "Rename or remove one of the articles.",
                )
            )
        seen.setdefault(record["article_id"], reading.lines[reading.paths.articles][position])
        if record["outlet_id"] and record["outlet_id"] not in known:
            found.append(
                Problem(
                    reading.articles_cell(position, "outlet_id"),
                    f"the unknown outlet {shorten(record['outlet_id'])}",
                    ", ".join(known[:20]) + (", ..." if len(known) > 20 else ""),
                    f"Add the outlet to {reading.paths.shown(reading.paths.outlets)}, or correct the id.",
                )
            )
        try:
            precision = parse_published(record["published"])[2] if record["published"] else ""
        except ValueError:
            continue
        if record["published_precision"] not in ("", precision):
            found.append(
                Problem(
                    reading.articles_cell(position, "published_precision"),
                    shorten(record["published_precision"]),
                    f"{precision!r}, the precision of {record['published']!r}",
                    "Write the date as precisely as it is known, and no more.",
                )
            )


def _read_text(reading: _Reading, position: int, record: dict[str, str]) -> str | None:
    """Read one text; None, with the problem noted, where it cannot be used."""
    paths, found = reading.paths, reading.by_row[position]
    path = paths.seeds / record["file"]
    shown = paths.shown(path)
    inside = path.resolve().is_relative_to(paths.seeds.resolve())
    where = reading.articles_cell(position, "file")
    if not inside or not record["file"]:
        found.append(Problem(where, shorten(record["file"]), "a file below seeds/", "Move the text there."))
        return None
    try:
        data = path.read_bytes()
    except OSError as error:
        what = "a folder" if path.is_dir() else "no such file" if isinstance(error, FileNotFoundError) else str(error)
        found.append(Problem(where, f"{shorten(record['file'])}: {what}", "a text file", "Add the file."))
        return None
    digest = hashlib.sha256(data).hexdigest()
    if record["sha256"] not in ("", digest):
        found.append(
            Problem(
                reading.articles_cell(position, "sha256"),
                f"{record['sha256'][:12]}..., but {shown} has {digest[:12]}...",
                "the SHA-256 of the file's bytes",
                "The text was changed: restore it, or take the new text on purpose by updating the cell.",
            )
        )
    problem = None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        problem = Problem(shown, "UTF-16", "UTF-8", "Save the text as UTF-8.")
    elif b"\x00" in data:
        problem = Problem(shown, "binary data (a NUL byte)", "plain text in UTF-8", "Export the text as .txt.")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            found_byte = f"a byte that is not UTF-8 (0x{data[error.start]:02x})"
            problem = Problem(f"{shown}:{line}", found_byte, "UTF-8", "Save the text as UTF-8.")
        else:
            control = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f")
            if control > max(8, len(text) // 100):
                problem = Problem(shown, f"binary data ({control} control characters)", "plain text", "Export it as .txt.")
    if problem is not None:
        found.append(problem)
        return None
    return text


def _clean(text: str, rules: tuple[CleaningRule, ...], record: dict[str, str]):
    """Normalise and clean one text: (received, normalised and cleaned, removals in received offsets)."""
    whole = normalise(text)
    removals = apply_rules(whole.text, rules, record)
    keep = np.ones(len(whole.text), dtype=bool)
    for removal in removals:
        keep[removal.start : removal.end] = False
    kept = np.flatnonzero(keep)
    # blanks at the two ends belong to nobody
    body = "".join(np.array(list(whole.text), dtype=object)[kept]) if len(kept) else ""
    first = len(body) - len(body.lstrip())
    last = len(body.rstrip())
    kept = kept[first:last]
    body = body[first:last]
    typographic = "".join(whole.typographic[i] for i in kept)
    cleaned = Normalised(body, typographic, whole.offsets[kept])
    moved = tuple(
        Removal(
            removal.rule_id,
            removal.field,
            int(whole.offsets[removal.start]),
            int(whole.offsets[removal.end - 1]) + 1,
            removal.text,
            removal.reason,
            removal.fields,
        )
        for removal in removals
    )
    return text, cleaned, moved


def _check_texts(reading: _Reading, articles: pd.DataFrame, cleaned: dict) -> None:
    """Check that texts are not empty, not in another language, and not twice in the corpus."""
    seen: dict[str, int] = {}
    for position, (_, text, _) in sorted(cleaned.items()):
        record, found = articles.iloc[position], reading.by_row[position]
        where = reading.paths.shown(reading.paths.seeds / record["file"])
        tokens = find_tokens(text.text)
        if not tokens:
            found.append(Problem(where, "no words", "an article", "Add its text, or remove its row."))
            continue
        words = [text.text[token.start : token.end].casefold() for token in tokens[:2000]]
        language = reading.config.corpus.language
        if reading.config.corpus.check_language and record["language"] == language:
            other = _other_language(text.text, words, language)
            if other:
                found.append(
                    Problem(
                        where,
                        f"a text in the language {other!r}",
                        f"{language!r}, the language of the study",
                        "Remove the article, or set corpus.check_language = false in study.toml if it is right.",
                    )
                )
        elif record["language"] not in ("", language):
            found.append(
                Problem(
                    reading.articles_cell(position, "language"),
                    shorten(record["language"]),
                    f"{language!r}, the language of the study",
                    "Remove the article, or correct its language.",
                )
            )
        digest = hashlib.sha256(" ".join(text.text.split()).casefold().encode("utf-8")).hexdigest()
        if digest in seen:
            first = reading.lines[reading.paths.articles][seen[digest]]
            found.append(
                Problem(
                    reading.articles_cell(position, "file"),
                    f"the same text as row {first} ({articles.iloc[seen[digest]]['article_id']})",
                    "each text once",
                    "Remove one of them: a text that counts twice is no second piece of evidence.",
                )
            )
        seen.setdefault(digest, position)


def _other_language(text: str, words: list[str], language: str) -> str:
    """Return the code of the language a text is in, if it is surely not the study's."""
    if len(words) < _MIN_TOKENS_FOR_LANGUAGE:
        return ""
    if language == "en":
        share = sum(word in _FUNCTION_WORDS for word in words) / len(words)
        if share >= _ENGLISH_SHARE:
            return ""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    found, probability = identifier.classify(text[:5000])
    return found if found != language and probability > 0.9 else ""


def _check_evidence(reading: _Reading, articles: pd.DataFrame, outlets: pd.DataFrame, cleaned: dict) -> None:
    """Check that whatever a coding quotes as evidence stands in the texts."""
    whole = {position: _squeeze(received) for position, (received, _, _) in cleaned.items()}
    for position, record in enumerate(articles.to_dict("records")):
        if position in whole:
            where = reading.articles_cell(position, "evidence")
            reading.by_row[position] += _missing_quotes(record["evidence"], [whole[position]], where)
    for position, record in enumerate(outlets.to_dict("records")):
        texts = [whole[i] for i, owner in enumerate(articles["outlet_id"]) if owner == record["outlet_id"] and i in whole]
        if texts:
            where = reading.cell(reading.paths.outlets, position, "evidence")
            reading.fatal += _missing_quotes(record["evidence"], texts, where)


def _missing_quotes(evidence: str, texts: list[str], where: str) -> list[Problem]:
    """List what stands in double quotes in `evidence` but in none of the texts."""
    return [
        Problem(where, f"the quotation {shorten(quote)}, which is not in the text", "words of the text", "Correct it.")
        for quote in re.findall(r'"([^"]+)"', evidence)
        if not any(_squeeze(quote) in text for text in texts)
    ]


def _squeeze(text: str) -> str:
    return " ".join(normalise(text).text.split())


def _assemble(reading: _Reading, articles: pd.DataFrame, outlets: pd.DataFrame, cleaned: dict) -> Corpus:
    """Make the corpus, or raise with all that is wrong."""
    bad = {position: found for position, found in reading.by_row.items() if found}
    exclude = reading.config.corpus.on_bad_article == "exclude"
    problems = list(reading.fatal)
    if not exclude:
        problems += [problem for found in bad.values() for problem in found]
    if problems:
        raise StudyError(problems)
    by_id = {record["outlet_id"]: record for record in outlets.to_dict("records")}
    made, dropped = [], []
    for position, record in enumerate(articles.to_dict("records")):
        if position in bad:
            dropped += [
                {"what": f"article {record['article_id']}", "n": 1, "why": str(problem)} for problem in bad[position]
            ]
            continue
        received, text, removals = cleaned[position]
        outlet = by_id[record["outlet_id"]]
        dates = parse_published(record["published"])[:2] if record["published"] else None
        made.append(
            Article(
                article_id=record["article_id"],
                outlet_id=record["outlet_id"],
                outlet=outlet["label"] or outlet["name"],
                bloc=outlet["bloc"],
                bloc_alternative=outlet["bloc_alternative"],
                title=record["title"],
                author=record["author"],
                published=record["published"],
                published_range=dates,
                received=received,
                text=text.text,
                typographic=text.typographic,
                offsets=text.offsets,
                removals=removals,
                confidence=outlet["confidence"],
            )
        )
    if not made:
        raise StudyError([problem for found in bad.values() for problem in found])
    excluded = pd.DataFrame(dropped, columns=["what", "n", "why"])
    return Corpus(
        tuple(sorted(made, key=lambda article: article.article_id)),
        tuple(reading.config.groups.blocs),
        excluded,
    )
