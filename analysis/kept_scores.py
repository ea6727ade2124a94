"""Scores the mentions of a study, and keeps the scores on disk for as long as nothing that made them changes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.scoring import score_corpus
from analysis.paths import project_root
from analysis.schema.results import RESULT_TABLES, as_declared
from analysis.sentiment.contract import CLASSES, Scorer
from analysis.tables import hash_file, write_bytes


def score_mentions_once(
    corpus: Corpus, mentions: pd.DataFrame, name: str, load: Callable[[], Scorer], *, cache: Path
) -> pd.DataFrame:
    """Score every mention, or take the scores from disk where all that made them is the same.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    mentions : pandas.DataFrame
        The table ``mentions``.
    name : str
        The scorer's name with version.
    load : callable
        Loads it; called only if it is needed.
    cache : pathlib.Path
        Folder of kept scores; may be deleted at any time.

    Returns
    -------
    pandas.DataFrame
        The table ``scores``.
    """
    path = cache / f"{name}-{_key(corpus, mentions, name)[:32]}.csv"
    kept = _read(path, len(mentions))
    if kept is None:
        table = score_corpus(corpus, mentions, load())
        write_bytes(path, table[[*CLASSES]].to_csv(index=False, lineterminator="\n").encode())
        return table
    articles = {article.article_id: article for article in corpus.articles}
    sentences = []
    for row in mentions.itertuples():
        article = articles[row.article_id]
        sentence = article.sentences[row.sentence_id]
        sentences.append(" ".join(article.text[sentence.start : max(sentence.end, row.end)].split()))
    whole = mentions.assign(**{column: kept[column].to_numpy() for column in CLASSES}, sentence=sentences)
    return as_declared(whole[RESULT_TABLES["scores"].names], "scores")


def _key(corpus: Corpus, mentions: pd.DataFrame, name: str) -> str:
    """Hash the scorer, its code and model, the texts and the mentions."""
    digest = hashlib.sha256(name.encode())
    folder = project_root() / "analysis"
    files = [folder / "measures" / "scoring.py", folder / "text.py", *(folder / "sentiment").iterdir()]
    for file in sorted(file for file in files if file.is_file()):
        digest.update(f"{file.name}\0{hash_file(file)}\n".encode())
    for article in corpus.articles:
        digest.update(f"{article.article_id}\0{hashlib.sha256(article.text.encode()).hexdigest()}\n".encode())
    digest.update(mentions.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace"))
    return digest.hexdigest()


def _read(path: Path, rows: int) -> pd.DataFrame | None:
    """Read kept scores; a file that is not whole counts as none."""
    try:
        kept = pd.read_csv(io.BytesIO(path.read_bytes()), dtype=float)
    except (OSError, ValueError):
        return None
    return kept if list(kept.columns) == list(CLASSES) and len(kept) == rows else None
