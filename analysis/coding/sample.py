"""A sample for coding: what was drawn for whom, and the hashes that hold its sheets to it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.coding.cells import read_cells
from analysis.errors import Problem, StudyError, shorten
from analysis.tables import plain_cell

FORMAT = 1
CONTEXT = {"mention": ("actor", "before", "target", "after"), "paragraph": ("text",), "article": ("text",)}
"""The columns that show a unit to the coder."""
KEY_COLUMNS = (
    *("item_id", "article_id", "outlet_id", "bloc", "start", "end", "part_id", "actor_id"),
    *("stratum", "weight", "coders", "masked", "context"),
)


@dataclass(frozen=True)
class SampledVariable:
    """A variable as it was sampled for.

    Parameters
    ----------
    variable_id, label : str
        The column of the sheets, and its name in words.
    level : {"nominal", "ordinal", "interval"}
        What the codes' order and distance mean.
    codes : tuple of str
        Every code that a cell may hold, in order.
    scale : tuple of str
        The codes without ``unclear``: on an ordinal or interval level from low to high.
    """

    variable_id: str
    label: str
    level: str
    codes: tuple[str, ...]
    scale: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """A sample for coding: what was drawn, for whom, and what may be coded.

    Parameters
    ----------
    folder : pathlib.Path
        Where it lies.
    sample_id : str
        Its short hash, which every sheet carries.
    task, unit : str
        The coding task, and what an item is: mention, paragraph or article.
    corpus, codebook : str
        SHA-256 of the cleaned corpus (`corpus_digest`) and of the codebook file it was drawn with.
    random_state, n : int
        As asked for; fewer items than `n` were drawn where the corpus has no more.
    coders : tuple of str
        Who codes.
    overlap : float
        The share of the items that every coder codes.
    variables : tuple of SampledVariable
        What is asked about each item.
    strata : pandas.DataFrame
        One row per stratum: ``stratum``, ``size``, ``drawn``, ``weight``.
    key : pandas.DataFrame
        One row per item, in the order of item_id, with `KEY_COLUMNS`; ``coders`` is a tuple of names.
    """

    folder: Path
    sample_id: str
    task: str
    unit: str
    corpus: str
    codebook: str
    random_state: int
    n: int
    coders: tuple[str, ...]
    overlap: float
    variables: tuple[SampledVariable, ...]
    strata: pd.DataFrame
    key: pd.DataFrame


def corpus_digest(corpus) -> str:
    """Name a cleaned corpus by its content.

    Parameters
    ----------
    corpus : Corpus
        The articles.

    Returns
    -------
    str
        SHA-256 of the ids and cleaned texts, in the order of the ids.
    """
    digest = hashlib.sha256()
    for article in sorted(corpus.articles, key=lambda article: article.article_id):
        for part in (article.article_id, article.text):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def context_digest(cells: Iterable[str]) -> str:
    """Name what a coder is shown, so that a change of it is seen.

    Parameters
    ----------
    cells : iterable of str
        The context columns as they are written.

    Returns
    -------
    str
        16 hexadecimal digits. Blanks, line ends and the apostrophe that guards a formula do not count.
    """
    plain = (
        " ".join(unicodedata.normalize("NFC", plain_cell(cell.strip()).replace("_x000D_", " ")).split())
        for cell in cells
    )
    return hashlib.sha256("\x1f".join(plain).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def key_digest(rows: Iterable[Iterable[str]]) -> str:
    """Name the content of a key.

    Parameters
    ----------
    rows : iterable of iterable of str
        Its cells, without the header.

    Returns
    -------
    str
        SHA-256.
    """
    text = "\x1e".join("\x1f".join(row) for row in rows)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sample_name(data: bytes) -> str:
    """Return the short hash of a sample.

    Parameters
    ----------
    data : bytes
        The content of ``sample.json``.

    Returns
    -------
    str
        An "s" and 11 hexadecimal digits: nothing that a spreadsheet takes for a number or a date.
    """
    return f"s{hashlib.sha256(data).hexdigest()[:11]}"


def load_sample(folder: Path) -> Sample:
    """Read a sample as `framing sample` wrote it.

    Parameters
    ----------
    folder : pathlib.Path
        It holds ``sample.json`` and ``key.csv``.

    Returns
    -------
    Sample
        The sample.

    Raises
    ------
    StudyError
        A file is missing or was changed.
    """
    folder = Path(folder)
    path = folder / "sample.json"
    shown = path.as_posix()
    remedy = "Name the folder that `framing sample` wrote; restore the file if it was changed."
    try:
        data = path.read_bytes()
        content = json.loads(data)
        if content["format"] != FORMAT:
            found = f"format {shorten(content['format'])}"
            raise StudyError([Problem(shown, found, f"format {FORMAT}", "Draw the sample again.")])
        variables = tuple(
            SampledVariable(
                name, entry["label"], entry["level"], tuple(entry["codes"]), tuple(entry["scale"])
            )
            for name, entry in content["variables"].items()
        )
        strata = pd.DataFrame(content["strata"], columns=["stratum", "size", "drawn", "weight"])
        sample = Sample(
            folder=folder,
            sample_id=sample_name(data),
            **{name: content[name] for name in ("task", "unit", "corpus", "codebook", "random_state", "n")},
            coders=tuple(content["coders"]),
            overlap=float(content["overlap"]),
            variables=variables,
            strata=strata,
            key=_read_key(folder / "key.csv", content["key"]),
        )
    except OSError as error:
        found = (
            "no such file"
            if isinstance(error, FileNotFoundError)
            else f"it cannot be read ({error.strerror})"
        )
        raise StudyError([Problem(shown, found, "the description of a sample", remedy)]) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StudyError(
            [Problem(shown, "no sample that can be read", "as it was written", remedy)]
        ) from None
    return sample


def _read_key(path: Path, digest: str) -> pd.DataFrame:
    """Read the key of a sample, and check that it is the one that was written."""
    shown = path.as_posix()
    cells = read_cells(path, shown=shown, needed="item_id")
    rows = [tuple(plain_cell(cell.strip()) for cell in row) for _, row in cells.rows]
    if cells.columns != KEY_COLUMNS or key_digest(rows) != digest:
        remedy = "Restore it, or draw the sample again: a changed key gives codes to other texts."
        raise StudyError([Problem(shown, "a key that was changed", "the key as it was written", remedy)])
    key = pd.DataFrame(rows, columns=list(KEY_COLUMNS), dtype=object)
    for name in ("start", "end", "part_id", "masked"):
        key[name] = key[name].astype("int64")
    key["weight"] = key["weight"].astype("float64")
    key["coders"] = [tuple(names.split()) for names in key["coders"]]
    return key
