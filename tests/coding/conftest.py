"""A small study with planted outlets, and samples drawn from it."""

from __future__ import annotations

import csv
import io
import shutil

import pytest

from analysis.coding.draw import SampleQuestion
from analysis.coding.sampling import sample_study
from analysis.study import load_study

OUTLETS = [
    {"outlet_id": "planet-times", "name": "The Planet Times", "label": "Planet", "bloc": "Eastbloc"},
    {"outlet_id": "weekly-mirror", "name": "Weekly Mirror", "bloc": "Westbloc"},
]
OPENING = (
    '=HYPERLINK("x") Russia was told by the Planet Times, and by planettimes.com, that the talks were off '
    "for good."
)
SENTENCES = (
    "Russia and the United States said in city {0} that they would meet again, and it was good for all of "
    "them.",
    "The Weekly Mirror was told by {0} that Moscow would not be there, which was <b>bad</b> for Washington.",
    "Nobody in {0} had heard of it, and the people of the town had other things to do on that day of the "
    "week.",
)
TOWNS = ("Oslo", "Bern", "Riga", "Kyiv")


@pytest.fixture(scope="session")
def coding_study(tmp_path_factory, make_study, seed_study_dir):
    """Return a study of two outlets, eight articles and the seed study's codebook without its sources."""
    from analysis.new_study import _general_codebook

    articles, texts = [], {}
    for number in range(8):
        outlet = OUTLETS[number % 2]["outlet_id"]
        name = f"{outlet}-{number}"
        paragraphs = [sentence.format(TOWNS[number % 4] + str(number)) for sentence in SENTENCES]
        texts[name] = "\n\n".join(([OPENING] if number == 0 else []) + paragraphs)
        articles.append(
            {"article_id": name, "outlet_id": outlet, "published": "1999-12-31", "title": f"Headline{number}"}
        )
    codebook = _general_codebook((seed_study_dir / "seeds" / "codebook.toml").read_text(encoding="utf-8"))
    folder = make_study(
        tmp_path_factory.mktemp("coding"), articles, OUTLETS, texts, files={"seeds/codebook.toml": codebook}
    )
    return load_study(folder)


@pytest.fixture(scope="session")
def drawn_sentiment(coding_study, tmp_path_factory):
    """Return a sample of mentions for anna and ben, as it was written."""
    folder = tmp_path_factory.mktemp("drawn") / "sentiment"
    question = SampleQuestion(12, ("anna", "ben"), overlap=0.5, random_state=3)
    return sample_study(coding_study, "sentiment", question, folder)[0]


@pytest.fixture(scope="session")
def drawn_frames(coding_study, tmp_path_factory):
    """Return a sample of paragraphs for anna alone, as it was written."""
    folder = tmp_path_factory.mktemp("drawn") / "frames"
    return sample_study(coding_study, "frames", SampleQuestion(5, ("anna",), random_state=3), folder)[0]


@pytest.fixture
def sentiment_folder(drawn_sentiment, tmp_path):
    """Return a copy of the sample of mentions that a test may write to."""
    return shutil.copytree(drawn_sentiment.folder, tmp_path / "sample")


@pytest.fixture
def frames_folder(drawn_frames, tmp_path):
    """Return a copy of the sample of paragraphs that a test may write to."""
    return shutil.copytree(drawn_frames.folder, tmp_path / "sample")


@pytest.fixture(scope="session")
def rows_of():
    """Return the reader of a sheet: ``rows_of(path)`` gives header and records as lists of text."""

    def rows_of(path):
        return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))

    return rows_of


@pytest.fixture(scope="session")
def write_rows():
    """Return the writer of a sheet: ``write_rows(path, rows, encoding=..., delimiter=...)``."""

    def write_rows(path, rows, *, encoding="utf-8", delimiter=",", first="", end="\r\n"):
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
        path.write_bytes((first + out.getvalue()).encode(encoding))
        return path

    return write_rows
