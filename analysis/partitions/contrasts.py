"""Contrasts of a study in partitions: which there are, and their table put together from the blocks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.config import StudyConfig
from analysis.measures.bounds import not_permuted
from analysis.measures.contrast_blocks import NUMBERS, Contrast
from analysis.measures.contrasts import REST, list_contrasts
from analysis.measures.lockwords import are_lock_words
from analysis.partitions.assembly import PartedCorpus
from analysis.partitions.storage import load_array
from analysis.partitions.tables import TableWriter
from analysis.partitions.vocabulary import Vocabulary
from analysis.resampling import (
    EXACT_LIMIT,
    attainable_p,
    descriptive_flag,
    false_discovery_q,
    smallest_p,
    why_withheld,
)
from analysis.schema.partitions import TERM_TOTALS
from analysis.schema.results import RESULT_TABLES


def plan_contrasts(corpus: PartedCorpus) -> tuple[Contrast, ...]:
    """List the contrasts of outlets and blocs, as `analysis.measures.contrasts` does.

    Parameters
    ----------
    corpus : PartedCorpus
        The articles.

    Returns
    -------
    tuple of Contrast
        In the order of the table.
    """
    planned, everyone = [], range(len(corpus.labels))
    for level in ("outlet", "bloc"):
        members = corpus.members(level)
        for target, reference in list_contrasts(corpus.grouping(level)):
            others = tuple(number for number in everyone if number not in members[target])
            sides = (members[target], others if reference == REST else members[reference])
            planned.append(Contrast(level, target, reference, sides))
    return tuple(planned)


def scale_prior(vocabulary: Vocabulary, tokens: int, prior_tokens: float) -> tuple[np.ndarray, np.ndarray]:
    """Scale the corpus's own frequencies to w0 tokens, words and n-grams apart.

    Parameters
    ----------
    vocabulary : Vocabulary
        All terms.
    tokens : int
        Of the corpus.
    prior_tokens : float
        w0.

    Returns
    -------
    w, w0 : numpy.ndarray
        Of shape (terms,).
    """
    w = prior_tokens * vocabulary.totals / max(1, tokens)
    w0 = np.zeros(len(w))
    for length in np.unique(vocabulary.lengths):
        same = vocabulary.lengths == length
        w0[same] = w[same].sum()
    return w, w0


def write_contrasts(
    path: Path,
    planned: Sequence[Contrast],
    corpus: PartedCorpus,
    terms: Sequence[str],
    measured: tuple[Sequence[str], StudyConfig],
) -> int:
    """Put the blocks together, one contrast after the other, and write the table ``contrasts``.

    Parameters
    ----------
    path : pathlib.Path
        The Parquet file.
    planned : sequence of Contrast
        The contrasts.
    corpus : PartedCorpus
        The articles.
    terms : sequence of str
        The tested terms, sorted.
    measured : (sequence of str, StudyConfig)
        The folders of their blocks, in order, and the settings.

    Returns
    -------
    int
        Rows written.
    """
    blocks, config = measured
    names = np.array(terms, dtype=object)
    articles = np.bincount(corpus.outlet, minlength=len(corpus.labels))
    # mapped once: a contrast is a slice of each block
    numbers = [load_array(Path(folder), "numbers") for folder in blocks]
    driven = [load_array(Path(folder), "driven") for folder in blocks]
    with TableWriter(path, RESULT_TABLES["contrasts"]) as table:
        for place, contrast in enumerate(planned if len(terms) else ()):
            values = np.concatenate([block[place] for block in numbers], axis=1)
            columns = dict(zip(NUMBERS, values, strict=True))
            drivers = np.concatenate([block[place] for block in driven])
            columns["driven_by"] = np.array(
                [corpus.ids[at] if at >= 0 else "" for at in drivers], dtype=object
            )
            columns["q"] = false_discovery_q(columns["p"])
            order = np.argsort(-np.abs(columns["log_ratio"]).round(9), kind="stable")
            columns = {name: column[order] for name, column in columns.items()}
            columns["term"] = names[order]
            columns["lock"] = are_lock_words(pd.DataFrame(columns))
            k1, k2 = (int(articles[list(outlets)].sum()) for outlets in contrast.sides)
            table.write(
                {
                    **columns,
                    "level": contrast.level,
                    "target": contrast.target,
                    "reference": contrast.reference,
                    "n_articles_target": k1,
                    "n_articles_reference": k2,
                    "outlets_target": len(contrast.sides[0]),
                    "outlets_reference": len(contrast.sides[1]),
                    "family": len(terms),
                    **_test_columns(k1, k2, config),
                }
            )
        return table.rows


def _test_columns(k1: int, k2: int, config: StudyConfig) -> dict[str, object]:
    """Say how p was found, or why it is withheld."""
    statistics = config.statistics
    floor = smallest_p(k1, k2, statistics.permutations)
    test, flags = "", []
    if floor <= statistics.alpha:
        if min(k1, k2) < statistics.min_articles_interval:
            flags.append(f"no interval: {k1} and {k2} articles")
        if k1 + k2 > statistics.permuted_articles:
            flags.append(not_permuted(k1 + k2))
        else:
            # 2 / attainable_p divisions of the articles are possible
            test = "exact" if 2 / attainable_p(k1, k2) <= EXACT_LIMIT else "sampled"
    else:
        if attainable_p(k1, k2) > statistics.alpha:
            flags.append(descriptive_flag(k1, k2))
        flags.append(why_withheld(k1, k2, alpha=statistics.alpha, permutations=statistics.permutations))
    return {"attainable_p": floor, "test": test, "flag": "; ".join(flags)}


def write_totals(path: Path, corpus: PartedCorpus, terms: Sequence[str], blocks: Sequence[str]) -> int:
    """Write how often the tested terms occur in each outlet and bloc.

    Parameters
    ----------
    path : pathlib.Path
        The Parquet file.
    corpus : PartedCorpus
        The articles.
    terms : sequence of str
        The tested terms, sorted.
    blocks : sequence of str
        The folders of their blocks, in order.

    Returns
    -------
    int
        Rows written.
    """
    names = np.array(terms, dtype=object)
    totals, present = (
        np.concatenate([load_array(Path(folder), name) for folder in blocks])
        if len(terms)
        else np.zeros((0, len(corpus.labels)))
        for name in ("totals", "present")
    )
    with TableWriter(path, TERM_TOTALS) as table:
        for level in ("outlet", "bloc"):
            for label, outlets in corpus.members(level).items():
                own = list(outlets)
                inside = np.isin(corpus.outlet, own)
                tokens = int(corpus.sizes[inside].sum())
                count = totals[:, own].sum(axis=1)
                there = np.flatnonzero(count)
                table.write(
                    {
                        "level": level,
                        "group": label,
                        "term": names[there],
                        "count": count[there],
                        "n_articles": present[there][:, own].sum(axis=1),
                        "n_group_articles": int(inside.sum()),
                        "n_tokens": tokens,
                        "per_10000": 1e4 * count[there] / tokens,
                    }
                )
        return table.rows
