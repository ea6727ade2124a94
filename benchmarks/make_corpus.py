"""Makes a corpus of any size for the benchmarks: real sentences drawn anew, with a long tail of invented words.

The sentences are those of the seed study. In each, some lower-case words give way to words drawn by Zipf's law from
300,000 invented ones, so that the vocabulary grows as in real news and hardly a sentence stands twice. Every bloc draws
the sentences with weights of its own, so that contrasts have something to find. Article n is the same in a corpus
of any size.

    .venv/bin/python benchmarks/make_corpus.py FOLDER --articles 10000

writes a study that `framing run --study FOLDER` runs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import shutil
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.paths import StudyPaths
from analysis.schema.seeds import ARTICLES_SEED, OUTLETS_SEED
from analysis.study import load_study

ROOT = Path(__file__).resolve().parent.parent
BLOCS = ("Chinese", "Russian", "Western")
OUTLETS = 9
TAIL = 300_000
TAIL_SHARE = 0.12  # of the lower-case words of four letters or more
CAPITALS = 0.15  # of the tail: names
PARAGRAPH = 3  # sentences
_WORD = re.compile(r"\b[a-z]{4,}\b")
_ONSETS = "b br c ch d dr f g gr h k l m n p pr qu r s sh st t tr v w z".split()
_RHYMES = "a e i o u ai ea en er il in on or um an ist ol".split()

SETTINGS = """[study]
title = "A corpus made for benchmarks"

[corpus]
check_language = true

[groups]
blocs = ["Chinese", "Russian", "Western"]

[sentiment]
scorer = "lexicon.v1"
"""


class MadeArticle(NamedTuple):
    """One article."""

    article_id: str
    outlet_id: str
    bloc: str
    published: str
    text: str


@cache
def seed_sentences() -> tuple[tuple[str, int], ...]:
    """List the seed study's sentences with their number of tokens."""
    articles = load_study(ROOT).corpus.articles
    texts = sorted(
        {article.text[span.start : span.end] for article in articles for span in article.sentences}
    )
    return tuple((text, len(text.split())) for text in texts if len(text.split()) > 3)


@cache
def tail_words() -> tuple[list[str], np.ndarray]:
    """Invent the words of the tail, and add up their shares by Zipf's law."""
    parts = [onset + rhyme for onset in _ONSETS for rhyme in _RHYMES]
    words = []
    for rank in range(TAIL):
        first, rest = rank % len(parts), rank // len(parts)
        word = (
            parts[first]
            + parts[(rest * 7 + first) % len(parts)]
            + (parts[rest % len(parts)] if rest else "n")
        )
        word += parts[rest // len(parts)] if rest >= len(parts) else ""
        words.append(word.capitalize() if rank % 100 < 100 * CAPITALS else word)
    share = np.cumsum(1 / np.arange(3, TAIL + 3))
    return words, share / share[-1]


def make_article(number: int, words: int = 600, random_state: int = 1) -> MadeArticle:
    """Make one article; it depends on nothing but the arguments.

    Parameters
    ----------
    number : int
        Its place in the corpus.
    words : int
        About how many words.
    random_state : int
        The seed.

    Returns
    -------
    MadeArticle
        Its text ends with a line that no other has.
    """
    generator = np.random.Generator(np.random.Philox(key=[random_state, number]))
    sentences, (tail, share) = seed_sentences(), tail_words()
    outlet = int(generator.integers(OUTLETS))
    weights = _bloc_weights(outlet % len(BLOCS), random_state)
    enough = 2 * words // 10
    drawn = np.searchsorted(weights, generator.random(enough))
    chances, places = generator.random(8 * words), np.searchsorted(share, generator.random(8 * words))
    used, total, paragraph, paragraphs = 0, 0, [], []

    def replace(match: re.Match) -> str:
        nonlocal used
        used = (used + 1) % len(chances)
        return tail[places[used]] if chances[used] < TAIL_SHARE else match[0]

    for index in drawn:
        text, size = sentences[index]
        paragraph.append(_WORD.sub(replace, text))
        total += size
        if len(paragraph) == PARAGRAPH or total >= words:
            paragraphs.append(" ".join(paragraph))
            paragraph = []
        if total >= words:
            break
    day = f"2019-{1 + number % 12:02d}-{1 + number % 28:02d}"
    text = "\n\n".join([*paragraphs, f"This is report {number} of the wire."])
    return MadeArticle(f"made-{number:07d}", f"outlet-{outlet}", BLOCS[outlet % len(BLOCS)], day, text)


@cache
def _bloc_weights(bloc: int, random_state: int) -> np.ndarray:
    """Add up how likely a bloc draws each sentence."""
    generator = np.random.Generator(np.random.Philox(key=[random_state, 2**40 + bloc]))
    weights = np.cumsum(generator.gamma(2.0, size=len(seed_sentences())))
    return weights / weights[-1]


def write_study(folder: Path, articles: int, words: int = 600, random_state: int = 1) -> StudyPaths:
    """Write a study with made articles; actors and cleaning rules are the seed study's.

    Parameters
    ----------
    folder : pathlib.Path
        Where to; it must not hold a study already.
    articles, words : int
        How many, and of how many words each.
    random_state : int
        The seed.

    Returns
    -------
    StudyPaths
        The study's places.
    """
    paths = StudyPaths(folder)
    (paths.seeds / "texts").mkdir(parents=True)
    paths.config.write_text(SETTINGS, encoding="utf-8")
    shutil.copy(ROOT / "seeds" / "actors.csv", paths.actors)
    shutil.copy(ROOT / "seeds" / "cleaning.toml", paths.cleaning)
    with open(paths.articles, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ARTICLES_SEED.names, restval="", lineterminator="\n")
        writer.writeheader()
        for number in range(articles):
            made = make_article(number, words, random_state)
            data = made.text.encode("utf-8")
            name = f"texts/{made.article_id}.txt"
            (paths.seeds / name).write_bytes(data)
            digest = hashlib.sha256(data).hexdigest()
            row = {"article_id": made.article_id, "file": name, "outlet_id": made.outlet_id, "sha256": digest}
            row |= {"title": f"Report {number}", "published": made.published, "published_precision": "day"}
            writer.writerow({**row, "language": "en", "confidence": "high", "rights": "made"})
    with open(paths.outlets, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OUTLETS_SEED.names, restval="", lineterminator="\n")
        writer.writeheader()
        for outlet in range(OUTLETS):
            bloc = BLOCS[outlet % len(BLOCS)]
            row = {"outlet_id": f"outlet-{outlet}", "name": f"Outlet {outlet}", "label": f"Outlet {outlet}"}
            writer.writerow({**row, "bloc": bloc, "bloc_alternative": bloc, "confidence": "high"})
    return paths


def main() -> None:
    """Write the study."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument("--random-state", type=int, default=1)
    options = parser.parse_args()
    write_study(options.folder, options.articles, options.words, options.random_state)
    texts = list((options.folder / "seeds" / "texts").iterdir())
    print(f"{len(texts):,} articles, {sum(path.stat().st_size for path in texts) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
