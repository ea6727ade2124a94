"""Loads the corpus of a study from seeds/, and tells every problem of its files in one go."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from analysis.cleaning import CleaningRule, Removal, clean_received, load_rules
from analysis.columns import parse_published
from analysis.config import StudyConfig
from analysis.corpus import Article, Corpus, split_large
from analysis.count_engine import find_typed_tokens, list_typed_tokens
from analysis.errors import Problem, StudyError, shorten
from analysis.kernels.compiled import COMPILED_FROM
from analysis.language import find_other_language
from analysis.paths import StudyPaths
from analysis.readers import decode_text
from analysis.schema.seeds import ARTICLES_SEED, OUTLETS_SEED
from analysis.seed_rows import (
    Reading,
    check_article_rows,
    check_coded,
    check_outlets,
    join_outlets,
    read_seed,
)
from analysis.text import Normalised, list_tokens, normalise

_JUDGED = 2000  # tokens of an article that tell its language


class _Text(NamedTuple):
    """One article's text: as received, cleaned, and what cleaning took out."""

    received: str
    cleaned: Normalised
    removals: tuple[Removal, ...]


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
    reading = Reading(paths, config)
    rules: tuple[CleaningRule, ...] = ()
    try:
        rules = load_rules(paths.cleaning, shown=paths.shown(paths.cleaning)) if clean else ()
    except StudyError as error:
        reading.fatal += error.problems
    outlets = read_seed(reading, paths.outlets, OUTLETS_SEED)
    articles = read_seed(reading, paths.articles, ARTICLES_SEED)
    if outlets is not None:
        check_outlets(reading, outlets)
    cleaned: dict[int, _Text] = {}
    if articles is not None:
        check_article_rows(reading, articles, outlets)
        articles = join_outlets(reading, articles, outlets)
        uncoded = {} if outlets is None else check_coded(reading, articles, outlets)
        left_out = set(uncoded) if config.corpus.on_bad_article == "exclude" else set()
        records = articles.to_dict("records")
        inside = os.path.realpath(paths.seeds)
        for position, record in enumerate(records):
            received = _read_text(reading, position, record, inside)
            if received is not None:
                cleaned[position] = _Text(received, *clean_received(received, rules, record))
        # an article of an outlet that is left out is no twin of one that stays
        staying = {
            place: text for place, text in cleaned.items() if records[place]["outlet_id"] not in left_out
        }
        _check_texts(reading, records, staying)
    if articles is None or outlets is None:
        raise StudyError([*reading.fatal, *(p for found in reading.by_row.values() for p in found)])
    _check_evidence(reading, records, outlets, cleaned)
    return _assemble(reading, records, outlets, cleaned, uncoded)


def _read_text(reading: Reading, position: int, record: dict[str, str], inside: str) -> str | None:
    """Read one text, which must lie in a folder; None, with the problem noted, where it cannot be used."""
    paths, found = reading.paths, reading.by_row[position]
    if not record["file"]:
        return None  # the empty cell is reported already
    path = paths.seeds / record["file"]
    where = reading.articles_cell(position, "file")
    # realpath, not resolve: a loop of links is a problem to report, not an exception
    if not os.path.join(os.path.realpath(path), "").startswith(os.path.join(inside, "")):
        remedy = "Move the text there."
        found.append(Problem(where, shorten(record["file"]), "the name of a file below seeds/", remedy))
        return None
    try:
        # reading a pipe or a device would wait for ever
        what = "" if path.is_file() else "a folder" if path.is_dir() else "no such file"
        data = b"" if what else path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
    if what:
        found.append(Problem(where, f"{shorten(record['file'])}: {what}", "a text file", "Add the file."))
        return None
    shown = paths.shown(path)
    digest = hashlib.sha256(data).hexdigest()
    # a cell of another length is no SHA-256, which is reported already
    if len(record["sha256"]) == len(digest) and record["sha256"].lower() != digest:
        found.append(
            Problem(
                reading.articles_cell(position, "sha256"),
                f"{record['sha256'][:12]}..., but {shown} has {digest[:12]}...",
                "the SHA-256 of the file's bytes",
                "The text was changed: restore it, or take the new text on purpose by updating the cell.",
            )
        )
    try:
        return decode_text(data, shown=shown)
    except StudyError as error:
        found += error.problems
        return None


def _first_words(texts: Sequence[str]) -> Iterator[list[str]]:
    """List the tokens with which each text begins, case folded."""
    large = sum(map(len, texts)) >= COMPILED_FROM
    found = (find_typed_tokens if large else list_typed_tokens)(texts)
    folded = [token.casefold() for token in found.types]
    for first, last in pairwise(found.rows.tolist()):
        yield [folded[number] for number in found.numbers[first : min(last, first + _JUDGED)].tolist()]


def _check_texts(reading: Reading, records: Sequence[dict[str, str]], cleaned: Mapping[int, _Text]) -> None:
    """Check that texts are not empty, not in another language, and not twice in the corpus."""
    seen: dict[str, int] = {}
    cleaned = dict(sorted(cleaned.items()))
    beginnings = _first_words([article.cleaned.text for article in cleaned.values()])
    for (position, article), words in zip(cleaned.items(), beginnings, strict=True):
        record, found = records[position], reading.by_row[position]
        text = article.cleaned.text
        if not words:
            where = reading.paths.shown(reading.paths.seeds / record["file"])
            what = "no words after cleaning" if list_tokens(article.received, most=1) else "no words"
            found.append(Problem(where, what, "an article", "Add its text, or remove its row."))
            continue
        found += _check_language(reading, position, record, (text, words))
        digest = hashlib.sha256(" ".join(text.split()).casefold().encode("utf-8")).hexdigest()
        # where one of several copies is kept, the study chooses which, and says so
        if digest in seen and reading.config.corpus.duplicates == "keep":
            first = reading.lines[reading.paths.articles][seen[digest]]
            found.append(
                Problem(
                    reading.articles_cell(position, "file"),
                    f"the same text as row {first} ({records[seen[digest]]['article_id']})",
                    "each text once",
                    "Remove one of them, or set [corpus] duplicates in study.toml to 'one' or 'weight': a text that "
                    "counts twice is no second piece of evidence.",
                )
            )
        # where bad articles are excluded, the good one of two twins stays
        if not (found and reading.config.corpus.on_bad_article == "exclude"):
            seen.setdefault(digest, position)


def _check_language(
    reading: Reading, position: int, record: dict[str, str], content: tuple[str, list[str]]
) -> list[Problem]:
    """Check that an article is coded in the study's language, and written in it."""
    language = reading.config.corpus.language
    if record["language"] != language:
        # a cell that is no language code is reported already
        if not re.fullmatch("[a-z]{2}", record["language"]):
            return []
        return [
            Problem(
                reading.articles_cell(position, "language"),
                shorten(record["language"]),
                f"{language!r}, the language of the study",
                "Remove the article, or correct its language.",
            )
        ]
    other = find_other_language(*content, language) if reading.config.corpus.check_language else ""
    if not other:
        return []
    return [
        Problem(
            reading.paths.shown(reading.paths.seeds / record["file"]),
            f"a text in the language {other!r}",
            f"{language!r}, the language of the study",
            "Remove the article, or set corpus.check_language = false in study.toml if it is right.",
        )
    ]


def _check_evidence(
    reading: Reading, records: Sequence[dict[str, str]], outlets: pd.DataFrame, cleaned: Mapping[int, _Text]
) -> None:
    """Check that whatever a coding quotes as evidence stands in the texts."""
    positions: dict[str, list[int]] = defaultdict(list)
    for position, record in enumerate(records):
        positions[record["outlet_id"]].append(position)
        if position in cleaned and '"' in record["evidence"]:
            where = reading.articles_cell(position, "evidence")
            texts = [_squeeze(cleaned[position].received)]
            reading.by_row[position] += _missing_quotes(record["evidence"], texts, where)
    for position, record in enumerate(outlets.to_dict("records")):
        owned = positions[record["outlet_id"]]
        # a quotation may come from a text that could not be read, which is reported already
        if '"' in record["evidence"] and owned and all(number in cleaned for number in owned):
            where = reading.cell(reading.paths.outlets, position, "evidence")
            texts = [_squeeze(cleaned[number].received) for number in owned]
            reading.fatal += _missing_quotes(record["evidence"], texts, where)


def _missing_quotes(evidence: str, texts: list[str], where: str) -> list[Problem]:
    """List what stands in double quotes in `evidence` but in none of the texts."""
    return [
        Problem(
            where,
            f"the quotation {shorten(quote)}, which is not in the text",
            "words of the text",
            "Correct the quotation, or take the double quotes away if it is none.",
        )
        for quote in re.findall(r'"([^"]+)"', evidence)
        if not any(_squeeze(quote) in text for text in texts)
    ]


def _squeeze(text: str) -> str:
    """Bring marks and blanks to one form, so that a quotation is found across lines."""
    return " ".join(normalise(text).text.split())


def _assemble(
    reading: Reading,
    records: Sequence[dict[str, str]],
    outlets: pd.DataFrame,
    cleaned: Mapping[int, _Text],
    uncoded: Mapping[str, Problem],
) -> Corpus:
    """Make the corpus, or raise with all that is wrong."""
    bad = {position: found for position, found in reading.by_row.items() if found}
    exclude = reading.config.corpus.on_bad_article == "exclude"
    problems = list(reading.fatal)
    if not exclude:
        problems += [problem for found in bad.values() for problem in found]
    if problems:
        raise StudyError(problems)
    by_id = {record["outlet_id"]: record for record in outlets.to_dict("records")}
    made = []
    labels = {name: record["label"] or record["name"] for name, record in by_id.items()}
    counts = Counter(record["outlet_id"] for record in records)
    dropped = [
        {"what": f"outlet {labels[name]}", "n": counts[name], "why": str(problem)}
        for name, problem in uncoded.items()
    ]
    for position, record in enumerate(records):
        if record["outlet_id"] in uncoded:
            continue
        if position in bad:
            name = record["article_id"] or f"in row {reading.lines[reading.paths.articles][position]}"
            dropped += [
                {"what": f"article {name}", "n": 1, "why": str(problem)} for problem in sorted(bad[position])
            ]
            continue
        text = cleaned[position]
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
                received=text.received,
                text=text.cleaned.text,
                typographic=text.cleaned.typographic,
                offsets=text.cleaned.offsets,
                removals=text.removals,
                confidence=outlet["confidence"],
            )
        )
    if not made:
        raise StudyError([*uncoded.values(), *(problem for found in bad.values() for problem in found)])
    split_large(made)
    excluded = pd.DataFrame(dropped, columns=["what", "n", "why"])
    return Corpus(
        tuple(sorted(made, key=lambda article: article.article_id)),
        tuple(reading.config.groups.blocs),
        excluded,
    )
