"""The map: reads one part, counts its terms and finds its mentions; what it makes depends on nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from analysis.actors import load_actors
from analysis.aliases import ActorTable
from analysis.cleaning import CleaningRule, clean_received, load_rules
from analysis.columns import parse_published
from analysis.config import StudyConfig
from analysis.corpus import Article, split_large
from analysis.count_engine import find_typed_tokens, fold_types
from analysis.counts import are_words
from analysis.cycles import uncollected
from analysis.errors import ParameterError, shorten
from analysis.language import find_other_language
from analysis.mentions import find_mentions
from analysis.partitions.findings import FILE, Finding
from analysis.partitions.reading import OPTIONAL, REQUIRED, Part, read_rows
from analysis.partitions.storage import code_version, make_key, save_arrays, writing
from analysis.paths import StudyPaths
from analysis.terms import find_ngrams
from analysis.text import find_tokens, voice_at

_BATCH = 500  # articles whose texts are held at once
_JUDGED = 2000  # tokens of an article that tell its language


@dataclass(frozen=True)
class MapJob:
    """What every part is mapped with.

    Parameters
    ----------
    root, store : str
        The study, and the folder of partial results; where several machines work, all must see both.
    config : StudyConfig
        Its settings.
    inputs : str
        SHA-256 of the actors and of the cleaning rules.
    code : str
        `code_version` of the program that gives the work out.
    """

    root: str
    store: str
    config: StudyConfig
    inputs: str
    code: str

    def folder(self, part: Part) -> Path:
        """Name a part's results by all that they are made from.

        Parameters
        ----------
        part : Part
            The part.

        Returns
        -------
        pathlib.Path
            Made or not.
        """
        terms, corpus = self.config.terms, self.config.corpus
        settings = [terms.keep_case, terms.lemmas, terms.ngrams, corpus.language, corpus.check_language]
        settings += [self.config.themes.min_tokens, terms.stop_words, terms.more_stop_words]
        key = make_key(self.code, self.inputs, settings, part.digest, part.groups, part.first, part.rows)
        return Path(self.store) / f"part-{key}"


@dataclass
class _Pile:
    """What the articles of a part have in common piles: a row is an article, a paragraph or a mention."""

    articles: list[tuple] = field(default_factory=list)
    vocabulary: dict[str, int] = field(default_factory=dict)
    tokens: list[np.ndarray] = field(default_factory=list)
    paragraphs: list[tuple[int, int, int]] = field(default_factory=list)
    paragraph_tokens: list[np.ndarray] = field(default_factory=list)
    mentions: list[tuple] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


ARTICLE_FIELDS = (
    "row",
    "article_id",
    "outlet_id",
    "title",
    "author",
    "published",
    "published_from",
    "published_to",
    "n_paragraphs",
    "n_sentences",
    "n_tokens",
    "removed",
    "digest",
)
"""What is kept of each article."""


@uncollected()
def map_part(job: MapJob, part: Part) -> str:
    """Count the terms of a part's articles, and find their mentions.

    Parameters
    ----------
    job : MapJob
        With what.
    part : Part
        Which.

    Returns
    -------
    str
        The folder of the results. Articles are sorted by article_id, terms by themselves.

    Raises
    ------
    ParameterError
        The worker runs another version of the program.
    """
    import pyarrow

    folder = job.folder(part)
    if folder.is_dir():
        return folder.as_posix()
    if code_version() != job.code:
        raise ParameterError("a worker runs another version of the program; install the same one everywhere")
    rules, actors = _load_inputs(job.root, job.inputs)
    pile, batch = _Pile(), []
    try:
        for row, record, findings in read_rows(part, (*REQUIRED, *OPTIONAL)):
            pile.findings += findings
            if not findings:
                batch.append((row, _make_article(record, rules)))
            if len(batch) >= _BATCH:
                _add_articles(job.config, part, batch, actors, pile)
                batch = []
        _add_articles(job.config, part, batch, actors, pile)
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        # what stands before the damage is not used either: half a part is no part
        pile = _Pile()
        told = f"no Parquet: {shorten(error)}"
        name = f"{part.shown}:{part.first}-{part.first + part.rows - 1}"
        pile.findings.append(Finding(name, FILE, "", "", told, "a whole Parquet file", "Export it again."))
    with writing(folder) as partial:
        _save(partial, job.config, pile)
    return folder.as_posix()


@lru_cache(maxsize=2)
def _load_inputs(root: str, inputs: str) -> tuple[tuple[CleaningRule, ...], ActorTable]:
    """Read rules and actors once in each worker; `inputs` tells one state of the files from another."""
    paths = StudyPaths(Path(root))
    return load_rules(paths.cleaning, shown=paths.shown(paths.cleaning)), load_actors(paths.actors)


def _make_article(record: Mapping[str, str], rules: tuple[CleaningRule, ...]) -> Article:
    """Clean a text."""
    cleaned, removals = clean_received(record["text"], rules, record)
    dates = None
    # a date that is none is noted where the rows are checked: the article is set aside
    with suppress(ValueError):
        dates = parse_published(record["published"])[:2] if record["published"] else None
    return Article(
        article_id=record["article_id"],
        outlet_id=record["outlet_id"],
        outlet="",
        bloc="",
        bloc_alternative="",
        title=record["title"],
        author=record["author"],
        published=record["published"],
        published_range=dates,
        received=record["text"],
        text=cleaned.text,
        typographic=cleaned.typographic,
        offsets=cleaned.offsets[:0],
        removals=removals,
    )


def _add_articles(
    config: StudyConfig, part: Part, batch: list[tuple[int, Article]], actors: ActorTable, pile: _Pile
) -> None:
    """Count some articles, find their mentions, and let go of their texts."""
    language, vocabulary = config.corpus.language, pile.vocabulary
    split_large([article for _, article in batch])
    found = find_typed_tokens([article.text for _, article in batch])
    terms = fold_types(found.types, config.terms, language=language)
    folded = [word.casefold() for word in found.types]
    for place, (row, article) in enumerate(batch):
        own = slice(found.rows[place], found.rows[place + 1])
        numbers, starts = found.numbers[own].tolist(), found.starts[own]
        words = [folded[number] for number in numbers[:_JUDGED]]
        told = _check_text(config, article, words)
        if told:
            pile.findings.append(Finding(part.shown, row, article.article_id, "text", *told))
            continue
        listed = [terms[number] for number in numbers]
        for size in range(2, config.terms.ngrams + 1):
            listed += [ngram for ngram, _ in find_ngrams(article, listed[: len(numbers)], size)]
        ids = np.array([vocabulary.setdefault(term, len(vocabulary)) for term in listed], dtype=np.int32)
        pile.tokens.append(ids)
        _add_paragraphs(config, article, (starts, ids), pile)
        _add_mentions(article, actors, pile)
        first, last = article.published_range or ("", "")
        squeezed = " ".join(article.text.split()).casefold()
        facts = (article.article_id, article.outlet_id, article.title, article.author, article.published)
        sizes = (len(article.paragraphs), len(article.sentences), len(numbers))
        removed = sum(one.end - one.start for one in article.removals) / max(1, len(article.received))
        digest = hashlib.sha256(squeezed.encode("utf-8")).digest()[:16]
        pile.articles.append((row, *facts, str(first), str(last), *sizes, removed, digest))


def _check_text(config: StudyConfig, article: Article, words: list[str]) -> tuple[str, str, str] | None:
    """Say what is wrong with a text: no words, or another language."""
    if not words:
        what = "no words after cleaning" if find_tokens(article.received) else "no words"
        return what, "an article", "Add its text, or remove its row."
    language = config.corpus.language
    other = find_other_language(article.text, words, language) if config.corpus.check_language else ""
    if not other:
        return None
    remedy = "Remove the article, or set corpus.check_language = false in study.toml if it is right."
    return f"a text in the language {other!r}", f"{language!r}, the language of the study", remedy


def _add_paragraphs(
    config: StudyConfig, article: Article, tokens: tuple[np.ndarray, np.ndarray], pile: _Pile
) -> None:
    """Keep the terms of the paragraphs that are long enough to carry a theme."""
    starts, ids = tokens
    edges = [edge for paragraph in article.paragraphs for edge in (paragraph.start, paragraph.end)]
    places = np.searchsorted(starts, edges).tolist()
    for paragraph, first, last in zip(article.paragraphs, places[::2], places[1::2], strict=True):
        if last - first >= config.themes.min_tokens:
            pile.paragraphs.append((len(pile.articles), paragraph.start, paragraph.end))
            pile.paragraph_tokens.append(ids[first:last])


def _add_mentions(article: Article, actors: ActorTable, pile: _Pile) -> None:
    """Keep the mentions that stand in a sentence."""
    for mention in find_mentions(article.text, actors, published=article.published_range):
        sentence = article.sentence_at(mention.start)
        if sentence >= 0:
            quoted = voice_at(article.quotes, mention.start, mention.end) == "quoted"
            there = article.text[mention.start : mention.end]
            place = (len(pile.articles), sentence, mention.start, mention.end)
            pile.mentions.append((*place, mention.actor_id, there, quoted))


def _save(folder: Path, config: StudyConfig, pile: _Pile) -> None:
    """Sort what was piled up, and write it."""
    import pyarrow
    from pyarrow import ipc
    from pyarrow.parquet import write_table

    order = sorted(range(len(pile.articles)), key=lambda at: (pile.articles[at][1], pile.articles[at][0]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    names = sorted(pile.vocabulary)
    rank = np.empty(len(names), dtype=np.int64)
    rank[[pile.vocabulary[name] for name in names]] = np.arange(len(names))
    columns = list(zip(*(pile.articles[at] for at in order), strict=True)) or [()] * len(ARTICLE_FIELDS)
    kinds = [
        pyarrow.int64(),
        *[pyarrow.string()] * 7,
        *[pyarrow.int64()] * 3,
        pyarrow.float64(),
        pyarrow.binary(),
    ]
    arrays = [pyarrow.array(values, kind) for values, kind in zip(columns, kinds, strict=True)]
    write_table(pyarrow.table(arrays, list(ARTICLE_FIELDS)), folder / "articles.parquet")
    lengths = np.array([len(ids) for ids in pile.tokens], dtype=np.int64)
    rows = np.repeat(place, lengths)
    by_term = _count_pairs(rank[_join(pile.tokens)], rows, len(names), max(1, len(order)))
    totals = np.add.reduceat(by_term[2], by_term[0][:-1]) if len(names) else np.zeros(0, dtype=np.int64)
    terms = pyarrow.table(
        {
            "term": pyarrow.array(names, pyarrow.large_string()),
            "articles": np.diff(by_term[0]),
            "total": totals,
        }
    )
    write_table(terms, folder / "terms.parquet", compression="zstd")
    save_arrays(
        folder, indptr=by_term[0], rows=by_term[1].astype(np.uint32), counts=by_term[2].astype(np.uint32)
    )
    _save_paragraphs(folder, pile, (place, rank), are_words(names, config.terms))
    mentions = sorted((int(place[one[0]]), *one[1:]) for one in pile.mentions)
    columns = list(zip(*mentions, strict=True)) or [()] * 7
    kinds = [*[pyarrow.uint32()] * 4, pyarrow.string(), pyarrow.string(), pyarrow.bool_()]
    arrays = [pyarrow.array(values, kind) for values, kind in zip(columns, kinds, strict=True)]
    fields = ["article", "sentence_id", "start", "end", "actor_id", "alias", "quoted"]
    table = pyarrow.table(arrays, fields).combine_chunks()
    with ipc.new_file(folder / "mentions.arrow", table.schema) as file:
        file.write_table(table)
    text = json.dumps([asdict(one) for one in pile.findings], ensure_ascii=True)
    (folder / "findings.json").write_text(text, encoding="ascii")


def _save_paragraphs(
    folder: Path, pile: _Pile, order: tuple[np.ndarray, np.ndarray], words: np.ndarray
) -> None:
    """Write the paragraphs that may carry themes, in the articles' order, with their words counted."""
    place, rank = order
    where = np.array(pile.paragraphs, dtype=np.int64).reshape(-1, 3)
    lengths = np.array([len(ids) for ids in pile.paragraph_tokens], dtype=np.int64)
    order = np.lexsort((where[:, 1], place[where[:, 0]])) if len(where) else np.zeros(0, dtype=np.int64)
    new = np.empty(len(order), dtype=np.int64)
    new[order] = np.arange(len(order))
    terms = rank[_join(pile.paragraph_tokens)]
    kept = words[terms]
    found = _count_pairs(np.repeat(new, lengths)[kept], terms[kept], len(order), max(1, len(rank)))
    where = where[order]
    save_arrays(
        folder,
        paragraph_article=(place[where[:, 0]] if len(where) else where[:, 0]).astype(np.uint32),
        paragraph_start=where[:, 1].astype(np.uint32),
        paragraph_end=where[:, 2].astype(np.uint32),
        paragraph_indptr=found[0],
        paragraph_terms=found[1].astype(np.uint32),
        paragraph_counts=_narrow(found[2]),
    )


def _narrow(values: np.ndarray) -> np.ndarray:
    """Store whole numbers in the smallest type that holds the largest."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))


def _join(arrays: list[np.ndarray]) -> np.ndarray:
    """Put arrays of ids one after the other."""
    return np.concatenate(arrays) if arrays else np.zeros(0, dtype=np.int32)


def _count_pairs(
    major: np.ndarray, minor: np.ndarray, majors: int, minors: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count equal pairs: offsets of each major, its minors ascending, and how often."""
    pairs, counts = np.unique(major.astype(np.int64) * minors + minor, return_counts=True)
    offsets = np.searchsorted(pairs, np.arange(majors + 1, dtype=np.int64) * minors)
    return offsets.astype(np.int64), pairs % minors, counts.astype(np.int64)


def load_findings(folder: Path) -> list[Finding]:
    """Read what was wrong with a part.

    Parameters
    ----------
    folder : pathlib.Path
        Of the part's results.

    Returns
    -------
    list of Finding
        In the order of the rows.
    """
    listed = json.loads((folder / "findings.json").read_text(encoding="ascii"))
    return [Finding(**one) for one in listed]
