"""Measures pairs of words with the sentences found anew and with those of a corpus that has been split, as in a study.

    .venv/bin/python benchmarks/counts.py --articles 10000 --runs 5

One process, ways in turn, processor seconds, medians; `CountVectorizer` gets the same token pattern, and its pairs
cross sentences. The corpus of the study is loaded and split before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from statistics import median

from make_corpus import make_article
from sklearn.feature_extraction.text import CountVectorizer

from analysis.article_table import load_table
from analysis.config import TermParameters
from analysis.corpus import split_large
from analysis.counts import count_terms, count_texts
from analysis.text import TOKEN_PATTERN


def main() -> None:
    """Print the medians, and the ratios of each run to the first way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "articles.jsonl"
        made = [make_article(number) for number in range(options.articles)]
        rows = ({"article_id": one.article_id, "bloc": one.bloc, "text": one.text} for one in made)
        table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        corpus = load_table(table, "bloc")[0]
    split_large(corpus.articles)
    texts, params = [article.text for article in corpus.articles], TermParameters(ngrams=2)
    count_texts(texts[:5], params, engine="compiled")
    ways = {
        "scikit-learn": lambda: CountVectorizer(
            token_pattern=TOKEN_PATTERN, ngram_range=(1, 2)
        ).fit_transform(texts),
        "ours, sentences found anew": lambda: count_texts(texts, params, engine="compiled"),
        "ours, sentences at hand": lambda: count_terms(corpus, params, engine="compiled"),
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.runs):
        for way, count in ways.items():
            begun = time.process_time()
            count()
            seconds[way].append(time.process_time() - begun)
    first = seconds["scikit-learn"]
    for way, own in seconds.items():
        ratio = median(other / one for other, one in zip(first, own, strict=True))
        print(f"{way:28s} {median(own):7.3f} s  {ratio:5.1f}")


if __name__ == "__main__":
    main()
