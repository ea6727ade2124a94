"""One way of one task of `speed.py`, in a process of its own: prints seconds, peak memory and the size of the result.

    python benchmarks/speed_ways.py TASK WAY TEXTS
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATTERN = r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’\-][^\W_]+)*"
"""`analysis.text.TOKEN_PATTERN`: peers that are told their tokens get the same."""


def words(way, articles):
    """Count words."""
    return _matrix(way, articles, 1)


def ngrams(way, articles):
    """Count words and pairs."""
    return _matrix(way, articles, 2)


def _matrix(way, articles, longest):
    texts = [one["text"] for one in articles]
    if way == "ours":
        from analysis.config import TermParameters
        from analysis.counts import count_texts

        params = TermParameters(ngrams=longest)
        count_texts(texts[:5], params, engine="compiled")
        return lambda: "{:,} x {:,}".format(*count_texts(texts, params, engine="compiled").matrix.shape)
    if way == "scikit-learn":
        from sklearn.feature_extraction.text import CountVectorizer

        vectors = CountVectorizer(token_pattern=PATTERN, ngram_range=(1, longest))
        return lambda: "{:,} x {:,}".format(*vectors.fit_transform(texts).shape)
    import spacy
    from textacy.representations import Vectorizer

    model, vectors = spacy.blank("en"), Vectorizer(tf_type="linear")
    return lambda: "{:,} x {:,}".format(
        *vectors.fit_transform([token.lower_ for token in document] for document in model.pipe(texts)).shape
    )


def aliases(way, articles):
    """Find every place where an alias stands; both ways with the longest that begins there."""
    from analysis.actors import load_actors

    texts = [one["text"] for one in articles]
    table = load_actors(ROOT / "seeds" / "actors.csv")
    plain = [row for row in table.aliases if row.plain]
    names = sorted({row.alias for row in plain}, key=lambda alias: (-len(alias), alias))
    if way == "ours":
        table.find_aliases(texts[0])
        return lambda: f"{sum(len(table.find_aliases(text)) for text in texts):,} places, {len(names):,} aliases"
    if way == "same places as re":
        # the automaton alone, with the same definition as the expression beside it: leftmost, longest, whole words
        import ahocorasick_rs

        automaton = ahocorasick_rs.AhoCorasick([name.lower() for name in names])

        def count(text):
            found, free = 0, 0
            best = {}
            lower = text.lower()
            for _, start, end in automaton.find_matches_as_indexes(lower, overlapping=True):
                if (start and _inside(lower[start - 1], lower[start])) or (
                    end < len(lower) and _inside(lower[end], lower[end - 1])
                ):
                    continue
                best[start] = max(end, best.get(start, 0))
            for start, end in sorted(best.items()):
                if start >= free:
                    found, free = found + 1, end
            return found

        return lambda: f"{sum(map(count, texts)):,} places, {len(names):,} aliases"
    edges = ((r"(?<!\w)" if name[0].isalnum() else "") + re.escape(name) for name in names)
    expression = re.compile("|".join(edge + r"(?!\w)" for edge in edges), re.IGNORECASE)
    return lambda: f"{sum(1 for text in texts for _ in expression.finditer(text)):,} places, {len(names):,} aliases"


def _inside(one, other):
    return (one.isalnum() or one == "_") and (other.isalnum() or other == "_")


def mentions(way, articles):
    """Find the mentions, with titles, dates and short forms."""
    from analysis.actors import load_actors
    from analysis.mentions import find_mentions

    table = load_actors(ROOT / "seeds" / "actors.csv")
    find_mentions(articles[0]["text"], table)
    return lambda: f"{sum(len(find_mentions(one['text'], table)) for one in articles):,} mentions"


def kwic(way, articles):
    """Ask for one term."""
    if way == "ours":
        index = _corpus(articles)
        index.lines("sanction*", limit=50)
        return lambda: f"{len(index.lines('sanction*', limit=50))} lines"
    expression = re.compile(r"(?<!\w)sanction\w*", re.IGNORECASE)

    def scan():
        lines = [(match.start(), match.end()) for one in articles for match in expression.finditer(one["text"])]
        return f"{len(lines[:50])} lines"

    return scan


def _corpus(articles):
    from analysis.corpus import split_large
    from analysis.new_study import make_articles
    from analysis.places import PlaceIndex

    corpus = make_articles(articles)
    split_large(corpus.articles)
    return PlaceIndex(corpus)


def bootstrap(way, articles):
    """Compute the intervals of every term between two halves."""
    import numpy as np
    from bootstrap import loop_intervals, plant_corpus

    from analysis.config import StatisticsParameters
    from analysis.measures.contrast_trust import log_ratio_intervals

    statistics = StatisticsParameters(bootstrap=1000, random_state=1)
    counts = plant_corpus(len(articles), 600, 30_000, 1)
    half = len(articles) // 2
    rows = np.arange(half), np.arange(half, len(articles))
    run = log_ratio_intervals if way == "ours" else loop_intervals
    if way == "ours":
        run(counts, *rows, statistics)
    return lambda: f"{len(run(counts, *rows, statistics)[0]):,} intervals"


def keyness(way, articles):
    """Set two blocs against each other, from raw texts to one score a term."""
    chosen = [one for one in articles if one["bloc"] in ("Russian", "Western")]
    texts, blocs = [one["text"] for one in chosen], [one["bloc"] for one in chosen]
    if way == "ours":
        import numpy as np

        from analysis.config import TermParameters
        from analysis.counts import count_texts
        from analysis.measures.keyness import log_odds

        count_texts(texts[:5], TermParameters(), engine="compiled")
        side = np.array([bloc == "Russian" for bloc in blocs])

        def score():
            counts = count_texts(texts, TermParameters(), engine="compiled")
            a, b = (np.asarray(counts.matrix[rows].sum(axis=0)).ravel() for rows in (side, ~side))
            return f"{len(log_odds(a, b, (a + b) / (a + b).sum() * 500)[0]):,} terms"

        return score
    if way == "scattertext":
        import pandas as pd
        import scattertext

        frame = pd.DataFrame({"text": texts, "bloc": blocs})

        def run():
            made = scattertext.CorpusFromPandas(
                frame, category_col="bloc", text_col="text", nlp=scattertext.whitespace_nlp_with_sentences
            ).build()
            made = made.get_unigram_corpus()
            return f"{len(made.get_scaled_f_scores('Russian')):,} terms"

        return run
    from convokit import Corpus, FightingWords, Speaker, Utterance

    speakers = {bloc: Speaker(id=bloc) for bloc in set(blocs)}
    made = Corpus(
        utterances=[
            Utterance(id=str(number), text=text, speaker=speakers[bloc], conversation_id=str(number))
            for number, (text, bloc) in enumerate(zip(texts, blocs, strict=True))
        ]
    )

    def fight():
        words = FightingWords(ngram_range=(1, 1))
        words.fit(made, lambda one: one.speaker.id == "Russian", lambda one: one.speaker.id == "Western")
        return f"{len(words.summarize(made, plot=False)):,} terms"

    return fight


def sentiment(way, articles):
    """Score every sentence; ours is the same lexicon with each sentence scored once."""
    from analysis.text import find_sentences

    texts = [one["text"] for one in articles]
    sentences = [text[span.start : span.end] for text in texts for span in find_sentences(text)]
    if way == "ours":
        import pandas as pd

        from analysis.sentiment.lexicon import LexiconScorer

        scorer = LexiconScorer()
        scorer.compound("warm")
        frame = pd.DataFrame({"text": sentences, "start": 0, "end": 0, "names": [[] for _ in sentences]})
        return lambda: f"{len(scorer.score(frame)):,} sentences"
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda: f"{sum(1 for one in sentences if analyzer.polarity_scores(one)):,} sentences"


VERSIONS = {
    "scikit-learn": "scikit-learn", "textacy": "textacy", "scattertext": "scattertext", "VADER": "vaderSentiment",
    "ConvoKit FightingWords": "convokit",
}  # fmt: skip


def main() -> None:
    """Prepare, run once, print."""
    task, way, path = sys.argv[1:4]
    articles = json.loads(Path(path).read_text(encoding="utf-8"))
    run = globals()[task](way, articles)
    start = time.process_time()
    size = run()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shown = version(VERSIONS[way]) if way in VERSIONS else ""
    print(json.dumps({"seconds": seconds, "megabytes": peak, "size": size, "version": shown}))


if __name__ == "__main__":
    main()
