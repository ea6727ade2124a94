"""Fixtures that every test file may use: the seed study, and a builder of small ones."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from analysis.config import load_config
from analysis.errors import StudyError
from analysis.paths import StudyPaths
from analysis.seeds import load_corpus

# the same examples in every run, and no limit of time on a busy machine
settings.register_profile("study", deadline=None, derandomize=True)
settings.load_profile("study")

ROOT = Path(__file__).resolve().parent.parent

ARTICLE_COLUMNS = (
    "article_id",
    "file",
    "outlet_id",
    "title",
    "author",
    "published",
    "published_precision",
    "language",
    "event",
    "url",
    "rights",
    "sha256",
    "evidence",
    "confidence",
    "note",
)
OUTLET_COLUMNS = (
    "outlet_id",
    "name",
    "label",
    "bloc",
    "bloc_alternative",
    "country",
    "evidence",
    "confidence",
    "note",
)
ACTORS = """actor_id,label,kind,country,alias,match,not_before,not_after,note
us,United States,state,USA,US,exact,,,
us,United States,state,USA,United States,case-insensitive,,,
us,United States,state,USA,Washington,exact,,,
russia,Russia,state,RUS,Russia,case-insensitive,,,
russia,Russia,state,RUS,Moscow,exact,,,
"""


@pytest.fixture(autouse=True)
def _no_named_study(monkeypatch):
    """Keep the caller's environment from choosing the study."""
    monkeypatch.delenv("FRAMING_STUDY", raising=False)


@pytest.fixture(scope="session")
def seed_study_dir() -> Path:
    """Return the folder of the seed study: the repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Return the folder of shared data, or skip the test with the reason."""
    folder = Path(os.environ.get("FRAMING_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip("the shared folder is not there: set FRAMING_SHARED to it")
    return folder


@pytest.fixture(scope="session")
def make_study():
    """Return the builder of small studies, `_make_study`: its docstring lists what it takes."""
    return _make_study


@pytest.fixture(scope="session")
def corpus_of():
    """Return the reader of a study's corpus: ``corpus_of(folder)``."""
    return _corpus_of


@pytest.fixture(scope="session")
def problems_of():
    """Return the lister of what is wrong with a study's corpus: ``problems_of(folder)`` gives messages."""

    def problems_of(folder: Path) -> list[str]:
        with pytest.raises(StudyError) as caught:
            _corpus_of(folder)
        return [str(problem) for problem in caught.value.problems]

    return problems_of


def _corpus_of(folder: Path):
    """Read the configuration and the corpus of a study."""
    paths = StudyPaths(folder)
    return load_corpus(paths, load_config(paths.config, shown="study.toml"))


@pytest.fixture(scope="session")
def csv_text():
    """Return the writer of CSV: ``csv_text(columns, records)``."""
    return _csv_text


def _csv_text(columns: Sequence[str], records: Sequence[Mapping[str, object]]) -> str:
    """Write records as CSV; what a record does not hold is an empty cell."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


def _make_study(
    folder: Path,
    articles: Sequence[Mapping[str, object]] | None = None,
    outlets: Sequence[Mapping[str, object]] | None = None,
    texts: Mapping[str, str | bytes | None] | None = None,
    toml: str = "",
    files: Mapping[str, str | bytes | None] | None = None,
) -> Path:
    """Write a small study and return its folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where to.
    articles : sequence of mapping, optional
        Rows of articles.csv; columns left out get defaults (``file`` is ``texts/<article_id>.txt``,
        ``outlet_id`` ``alpha``, ``language`` ``en``). By default one row per text, or two articles
        ``a1`` (outlet ``alpha``) and ``b1`` (outlet ``beta``).
    outlets : sequence of mapping, optional
        Rows of outlets.csv; by default ``alpha`` (bloc East) and ``beta`` (bloc West).
    texts : mapping, optional
        article_id to its text, as str (written as UTF-8) or bytes; None writes no file. An article
        without an entry gets an English text of its own.
    toml : str
        The content of study.toml.
    files : mapping, optional
        Any other file, such as ``{"seeds/cleaning.toml": ...}``, written last; None removes the file.

    Returns
    -------
    pathlib.Path
        `folder`.
    """
    texts = dict(texts or {})
    if articles is None:
        articles = [{"article_id": name} for name in texts] or [
            {"article_id": "a1", "outlet_id": "alpha"},
            {"article_id": "b1", "outlet_id": "beta"},
        ]
    if outlets is None:
        outlets = [
            {"outlet_id": "alpha", "name": "Alpha", "bloc": "East"},
            {"outlet_id": "beta", "name": "Beta", "bloc": "West"},
        ]
    rows, written = [], {}
    for given in articles:
        row = {"outlet_id": "alpha", "language": "en", **given}
        row.setdefault("file", f"texts/{row['article_id']}.txt")
        rows.append(row)
        text = texts.get(row["article_id"], _plain_text(row["article_id"]))
        if row["file"] and ".." not in str(row["file"]) and not str(row["file"]).startswith("/"):
            written.setdefault(f"seeds/{row['file']}", text)
    content = {
        "study.toml": toml,
        "seeds/articles.csv": _csv_text(ARTICLE_COLUMNS, rows),
        "seeds/outlets.csv": _csv_text(OUTLET_COLUMNS, outlets),
        "seeds/actors.csv": ACTORS,
        "seeds/cleaning.toml": "",
        **written,
        **(files or {}),
    }
    for name, text in content.items():
        path = folder / name
        if path.is_dir():
            continue
        if text is None:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder


def _plain_text(name: object) -> str:
    """Return an English text that no other article has."""
    return (
        f"This is the article {name} about the talks. The United States and Russia met in the city, and they "
        "said that it was a good day for all of them.\n\n"
        "There is more to it than that. Moscow has been at odds with Washington for years, and the two have "
        "not been able to agree on what the other would do."
    )
