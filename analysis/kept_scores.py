"""Scores the mentions of a study, and keeps the scores on disk for as long as nothing that made them changes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.attention import mention_sentences
from analysis.measures.scoring import score_corpus, scores_table
from analysis.paths import project_root
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
    path = cache / f"{name}-{_key(corpus, mentions, name)[:32]}.parquet"
    kept = _read(path, len(mentions))
    if kept is None:
        table = score_corpus(corpus, mentions, load())
        write_bytes(path, table[[*CLASSES]].to_parquet(index=False))
        return table
    return scores_table(mentions, kept, mention_sentences(corpus, mentions))


def _key(corpus: Corpus, mentions: pd.DataFrame, name: str) -> str:
    """Hash the scorer, its code and model, the texts and the mentions."""
    digest = hashlib.sha256(name.encode())
    folder = project_root() / "analysis"
    code = [folder / "measures" / name for name in ("attention.py", "scoring.py")]
    files = [*code, folder / "text.py", *(folder / "sentiment").iterdir()]
    for file in sorted(file for file in files if file.is_file()):
        digest.update(f"{file.name}\0{hash_file(file)}\n".encode())
    for article in corpus.articles:
        digest.update(f"{article.article_id}\0{hashlib.sha256(article.text.encode()).hexdigest()}\n".encode())
    for name, column in mentions.items():
        cells = "\0".join(column.astype(str).tolist())
        digest.update(f"{name}\0{len(cells)}\0{cells}".encode("utf-8", "replace"))
    return digest.hexdigest()


def _read(path: Path, rows: int) -> pd.DataFrame | None:
    """Read kept scores; a file that is not whole counts as none."""
    try:
        kept = pd.read_parquet(io.BytesIO(path.read_bytes()))
    except (OSError, ValueError):
        return None
    return kept if list(kept.columns) == list(CLASSES) and len(kept) == rows else None
