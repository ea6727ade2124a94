"""Brings the sheets of a sample into the form that the measures of agreement take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.coding.sample import Sample, corpus_digest, load_sample
from analysis.coding.sheets import find_sheets, load_codings
from analysis.codings import CodedItems, CodedVariable, coded_mentions, coded_places
from analysis.codings import load_codings as read_by_place
from analysis.errors import Problem, StudyError
from analysis.paths import StudyPaths

_AROUND = 200  # characters shown on each side where a mention stands in no sentence


def load_coded_sample(
    paths: Sequence[Path], folder: Path, corpus, labels: Mapping[str, str]
) -> tuple[CodedItems, Sample]:
    """Read a sample with the sheets that coders filled in.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Sheets; a folder stands for all sheets in it.
    folder : pathlib.Path
        The sample's.
    corpus : Corpus
        The articles that it was drawn from.
    labels : mapping of str to str
        actor_id to label.

    Returns
    -------
    coded : CodedItems
        What coders gave; its items have ``article_id``, ``start``, ``end``, ``actor_id``, ``actor``, ``before``,
        ``target`` and ``after`` as they stand in the cleaned text.
    sample : Sample
        The sample.

    Raises
    ------
    StudyError
        There is no sheet, the corpus is another than that of the sample, or a sheet does not fit.
    """
    sample = load_sample(folder)
    if corpus_digest(corpus) != sample.corpus:
        found = "a sample of another corpus: articles, cleaning rules or texts have changed since"
        remedy = "Name the study that it was drawn from (--study), or draw a new sample."
        where = (sample.folder / "sample.json").as_posix()
        raise StudyError([Problem(where, found, "the corpus of this study", remedy)])
    sheets = [sheet for path in paths for sheet in (find_sheets(path) if path.is_dir() else [path])]
    if not sheets:
        where = ", ".join(path.as_posix() for path in paths)
        remedy = "Name the folder that `framing sample` wrote, or the sheets."
        raise StudyError([Problem(where, "no coding sheet", "files sheet-<coder>.csv or .xlsx", remedy)])
    codings = load_codings(sheets, sample)
    key = sample.key[["item_id", "article_id", "outlet_id", "bloc", "start", "end", "actor_id"]]
    items = key.assign(
        stratum=sample.key["stratum"],
        weight=sample.key["weight"],
        actor=[labels.get(a, "") for a in key["actor_id"]],
    )
    context = [
        _context(corpus.article(row.article_id), int(row.start), int(row.end), whole=sample.unit != "mention")
        for row in key.itertuples()
    ]
    items = pd.concat([items, pd.DataFrame(context, columns=["before", "target", "after"])], axis=1)
    variables = tuple(CodedVariable(one.variable_id, one.level, one.scale) for one in sample.variables)
    return CodedItems(codings, items, variables), sample


def find_coded_mentions(
    paths: StudyPaths, corpus, mentions: pd.DataFrame, labels: Mapping[str, str]
) -> CodedItems:
    """Read what coders made of a study's mentions.

    ``seeds/codings`` holds sheets by place (`analysis.codings.load_codings`), or a sample of mentions with its
    coded sheets, as `framing sample` draws it.

    Parameters
    ----------
    paths : StudyPaths
        The study's.
    corpus : Corpus
        Its articles.
    mentions : pandas.DataFrame
        Its table ``mentions``.
    labels : mapping of str to str
        actor_id to label.

    Returns
    -------
    CodedItems
        Whose items have their place in `mentions` as ``mention``; without codings there are no coders.

    Raises
    ------
    StudyError
        The codings do not fit the study.
    """
    folder = paths.codings
    if not (folder / "sample.json").exists():
        return coded_mentions(read_by_place(folder, mentions), mentions)
    coded, sample = load_coded_sample([folder], folder, corpus, labels)
    if sample.task != "sentiment":
        where = paths.shown(folder / "sample.json")
        remedy = "Put it elsewhere, and measure it with `framing agreement`."
        raise StudyError(
            [Problem(where, f"a sample of the task {sample.task!r}", "the task 'sentiment'", remedy)]
        )
    return place_items(coded, mentions, paths.shown(paths.actors))


def place_items(coded: CodedItems, mentions: pd.DataFrame, where: str) -> CodedItems:
    """Find the items of a sample among the mentions.

    Parameters
    ----------
    coded : CodedItems
        Items with ``article_id``, ``start``, ``end``, ``actor_id``.
    mentions : pandas.DataFrame
        The table ``mentions``.
    where : str
        How a message names the table of actors.

    Returns
    -------
    CodedItems
        Whose items have their place in `mentions` as ``mention``.

    Raises
    ------
    StudyError
        An item is no mention: the actors were changed after the sample was drawn.
    """
    places = coded_places(coded.items, mentions)
    lost = coded.items.loc[places < 0, "item_id"]
    if len(lost):
        found = f"{len(lost)} of {len(places)} items that are no mention now, such as {lost.iloc[0]}"
        remedy = "Restore the actors, or draw a new sample."
        raise StudyError([Problem(where, found, "the actors that the sample was drawn with", remedy)])
    return replace(coded, items=coded.items.assign(mention=places))


def _context(article, start: int, end: int, *, whole: bool) -> tuple[str, str, str]:
    """Cut out what was coded: a passage, or a mention in its sentence."""
    text = article.text
    if whole:
        return "", " ".join(text[start:end].split()), ""
    number = article.sentence_at(start)
    low, high = max(0, start - _AROUND), end + _AROUND
    if number >= 0:
        low, high = article.sentences[number].start, article.sentences[number].end
    return tuple(" ".join(part.split()) for part in (text[low:start], text[start:end], text[end:high]))
