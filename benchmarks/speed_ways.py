"""One way of one task of `speed.py`, in a process of its own: prints seconds, memory and the size of what it made.

python benchmarks/speed_ways.py TASK WAY TEXTS
"""

from __future__ import annotations

import json
import os
import re
import resource
import sys
import tempfile
from pathlib import Path

from speed_tasks import TASKS

ROOT = Path(__file__).resolve().parent.parent
PATTERN = r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’\-][^\W_]+)*"
"""`analysis.text.TOKEN_PATTERN`: peers that are told their tokens get the same."""
SEARCHED = r"(?<![\w'’\-])sanction\w*"
BLOCS = ("Russian", "Western")


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
        return lambda: _shape(count_texts(texts, params, engine="compiled").matrix)
    if way == "scikit-learn":
        from sklearn.feature_extraction.text import CountVectorizer

        vectors = CountVectorizer(token_pattern=PATTERN, ngram_range=(1, longest))
        return lambda: _shape(vectors.fit_transform(texts))
    import spacy
    from textacy.extract import ngrams as pairs
    from textacy.extract import words as tokens
    from textacy.representations import Vectorizer

    model, vectors = spacy.blank("en"), Vectorizer(tf_type="linear")

    def terms(document):
        yield from (token.lower_ for token in tokens(document, filter_stops=False))
        if longest > 1:
            yield from (span.text.lower() for span in pairs(document, 2, filter_stops=False))

    return lambda: _shape(vectors.fit_transform(map(terms, model.pipe(texts))))


def _shape(matrix):
    return "{:,} x {:,}".format(*matrix.shape)


def alias_names(table):
    """List the first 600 names that hold without a condition, the longest first.

    Parameters
    ----------
    table : analysis.aliases.ActorTable
        The alias table.

    Returns
    -------
    names : list of str
        Their words.
    rows : tuple of analysis.aliases.Alias
        Their rows.
    """
    rows = tuple(row for row in table.aliases if row.plain)[:600]
    return sorted({row.alias for row in rows}, key=lambda alias: (-len(alias), alias)), rows


def alias_expression(names):
    """Make one alternation of names, none of which begins or ends within a word."""
    edges = ((r"(?<!\w)" if name[0].isalnum() else "") + re.escape(name) for name in names)
    return re.compile("|".join(edge + r"(?!\w)" for edge in edges), re.IGNORECASE)


def find_longest(automaton, text):
    """List the places of an automaton's patterns: leftmost, longest, not within a word.

    Parameters
    ----------
    automaton : ahocorasick_rs.AhoCorasick
        Of lower-case patterns.
    text : str
        A text.

    Returns
    -------
    list of (int, int)
        Offsets.
    """
    found, free, best = [], 0, {}
    lower = text.lower()
    for _, start, end in automaton.find_matches_as_indexes(lower, overlapping=True):
        if (start and _inside(lower[start - 1], lower[start])) or (
            end < len(lower) and _inside(lower[end], lower[end - 1])
        ):
            continue
        best[start] = max(end, best.get(start, 0))
    for start, end in sorted(best.items()):
        if start >= free:
            found.append((start, end))
            free = end
    return found


def _inside(one, other):
    return (one.isalnum() or one == "_") and (other.isalnum() or other == "_")


def aliases(way, articles):
    """Find every place where one of 600 names stands."""
    texts, names = [one["text"] for one in articles], _names()

    def said(places):
        return f"{places:,} places of {len(names):,}"

    if way == "ours":
        from analysis.actors import load_actors
        from analysis.aliases import ActorTable

        table = load_actors(ROOT / "seeds" / "actors.csv")
        table = ActorTable(table.table, alias_names(table)[1])
        table.find_aliases(texts[0])
        return lambda: said(sum(len(table.find_aliases(text)) for text in texts))
    if way == "automaton":
        import ahocorasick_rs

        automaton = ahocorasick_rs.AhoCorasick([name.lower() for name in names])
        return lambda: said(sum(len(find_longest(automaton, text)) for text in texts))
    if way == "spaCy PhraseMatcher":
        import spacy
        from spacy.matcher import PhraseMatcher

        model = spacy.blank("en")
        matcher = PhraseMatcher(model.vocab, attr="LOWER")
        matcher.add("actor", list(model.pipe(names)))
        return lambda: said(sum(len(matcher(document)) for document in model.pipe(texts)))
    expression = alias_expression(names)
    return lambda: said(sum(1 for text in texts for _ in expression.finditer(text)))


def _names():
    """Read the names as `speed.py` wrote them for every environment, or take them from the table."""
    if "SPEED_NAMES" in os.environ:
        return json.loads(Path(os.environ["SPEED_NAMES"]).read_text(encoding="utf-8"))
    from analysis.actors import load_actors

    return alias_names(load_actors(ROOT / "seeds" / "actors.csv"))[0]


def mentions(way, articles):
    """Find the mentions, with titles, dates and short forms."""
    from analysis.actors import load_actors
    from analysis.mentions import find_mentions

    table = load_actors(ROOT / "seeds" / "actors.csv")
    find_mentions(articles[0]["text"], table)
    return lambda: f"{sum(len(find_mentions(one['text'], table)) for one in articles):,} mentions"


def kwic(way, articles):
    """Ask for one term."""
    texts = [one["text"] for one in articles]
    limit = None if way.endswith("all lines") else 50
    if way.startswith("ours"):
        corpus = load_articles(articles)
        from analysis.places import PlaceIndex

        if way == "ours, building the index":
            PlaceIndex(load_articles(articles[:5])).lines("sanction*", limit=1)
            return lambda: f"index of {len(PlaceIndex(corpus).corpus.articles):,} articles"
        index = PlaceIndex(corpus)
        index.lines("sanction*", limit=50)
        return lambda: f"{len(index.lines('sanction*', limit=limit)):,} lines"
    if way.startswith("textacy"):
        from textacy.extract import keyword_in_context

        return lambda: f"{sum(len(list(keyword_in_context(text, SEARCHED))) for text in texts):,} lines"
    return lambda: f"{len(search_lines(texts, limit)):,} lines"


def search_lines(texts, limit, width=60):
    """Find the first lines of the searched term by a regular expression, text by text."""
    expression, lines = re.compile(SEARCHED, re.IGNORECASE), []
    for number, text in enumerate(texts):
        for match in expression.finditer(text):
            start, end = match.span()
            lines.append(
                (number, start, text[max(0, start - width) : start], match[0], text[end : end + width])
            )
            if limit is not None and len(lines) == limit:
                return lines
    return lines


def load_articles(articles):
    """Make a corpus of articles."""
    from analysis.article_table import load_table

    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "articles.jsonl"
        rows = ({"article_id": f"a{number:07d}", **one} for number, one in enumerate(articles))
        table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return load_table(table, "bloc")[0]


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
    chosen = [one for one in articles if one["bloc"] in BLOCS]
    texts, blocs = [one["text"] for one in chosen], [one["bloc"] for one in chosen]
    if way.startswith("ours"):
        return _our_keyness(texts, blocs, intervals=way == "ours, with intervals")
    if way == "scattertext":
        import pandas as pd
        import scattertext

        frame = pd.DataFrame({"text": texts, "bloc": blocs})

        def score():
            made = scattertext.CorpusFromPandas(
                frame, category_col="bloc", text_col="text", nlp=scattertext.whitespace_nlp_with_sentences
            ).build()
            made = made.get_unigram_corpus()
            counts = made.get_term_freq_df("")[list(BLOCS)]
            z = scattertext.LogOddsRatioUninformativeDirichletPrior().get_zeta_i_j(counts.to_numpy())
            return f"{len(z):,} words"

        return score
    from convokit import FightingWords

    made = make_convokit(texts, blocs)

    def fight():
        found = FightingWords(ngram_range=(1, 1))
        found.fit(made, lambda one: one.speaker.id == BLOCS[0], lambda one: one.speaker.id == BLOCS[1])
        return f"{len(found.summarize(made)):,} words"

    return fight


def _our_keyness(texts, blocs, *, intervals):
    import numpy as np

    from analysis.config import StatisticsParameters, TermParameters
    from analysis.counts import count_texts
    from analysis.measures.contrast_trust import log_ratio_intervals
    from analysis.measures.keyness import contrast_statistics

    side = np.array([bloc == BLOCS[0] for bloc in blocs])
    rows, statistics = (np.flatnonzero(side), np.flatnonzero(~side)), StatisticsParameters(random_state=1)

    def score(chosen, rows):
        counts = count_texts(chosen, TermParameters(), engine="compiled")
        a, b = (np.asarray(counts.matrix[part].sum(axis=0)).ravel() for part in rows)
        found = contrast_statistics(a, b, a.sum(), b.sum())
        if intervals:
            low, _ = log_ratio_intervals(counts, *rows, statistics)
            return f"{len(found):,} words, {int(np.isfinite(low).sum()):,} intervals"
        return f"{len(found):,} words"

    few = [rows[0][0], rows[1][0]]
    score([texts[row] for row in few], (np.array([0]), np.array([1])))
    return lambda: score(texts, rows)


def make_convokit(texts, blocs):
    """Make a corpus of ConvoKit: one utterance for each article, one speaker for each bloc."""
    from convokit import Corpus, Speaker, Utterance

    speakers = {bloc: Speaker(id=bloc) for bloc in sorted(set(blocs))}
    pairs = enumerate(zip(texts, blocs, strict=True))
    return Corpus(
        utterances=[
            Utterance(id=str(number), text=text, speaker=speakers[bloc], conversation_id=str(number))
            for number, (text, bloc) in pairs
        ]
    )


def sentiment(way, articles):
    """Score every sentence by the lexicon."""
    import pandas as pd

    from analysis.text import find_sentences

    texts = [one["text"] for one in articles]
    sentences = [text[span.start : span.end] for text in texts for span in find_sentences(text)]
    if way == "VADER":
        return _vader(sentences, "sentences")
    from analysis.sentiment.lexicon import LexiconScorer

    scorer = LexiconScorer()
    scorer.compound("warm")
    frame = pd.DataFrame({"text": sentences, "start": 0, "end": 0, "names": [[] for _ in sentences]})
    return lambda: f"{len(scorer.score(frame)):,} sentences"


def scorers(way, articles):
    """Score every mention in its sentence, as a study asks for it."""
    from analysis.registry import load_scorer
    from analysis.sentiment.contract import score_mentions

    table = mention_requests(articles)
    if way == "VADER":
        return _vader(table["text"].tolist(), "mentions")
    scorer = load_scorer(way)
    score_mentions(scorer, table.head(1))
    return lambda: f"{len(score_mentions(scorer, table)):,} mentions"


def mention_requests(articles):
    """List the mentions of articles, each with its sentence, the names in it and the other mentions of its actor."""
    import pandas as pd

    from analysis.actors import load_actors
    from analysis.mentions import find_mentions
    from analysis.text import find_sentences

    actors, rows = load_actors(ROOT / "seeds" / "actors.csv"), []
    for one in articles:
        found = find_mentions(one["text"], actors)
        for span in find_sentences(one["text"]):
            inside = [row for row in found if span.start <= row.start and row.end <= span.end]
            places = [(row.start - span.start, row.end - span.start) for row in inside]
            for mention, place in zip(inside, places, strict=True):
                same = [
                    other
                    for row, other in zip(inside, places, strict=True)
                    if row.actor_id == mention.actor_id and other != place
                ]
                rows.append([one["text"][span.start : span.end], *place, places, same])
    return pd.DataFrame(rows, columns=["text", "start", "end", "names", "same"])


def _vader(sentences, noun):
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return lambda: f"{len([analyzer.polarity_scores(one)['compound'] for one in sentences]):,} {noun}"


def measure_run(run):
    """Run once: processor seconds, peak memory in MB, what of it came with the run, and what was made.

    Parameters
    ----------
    run : callable
        Does the task.

    Returns
    -------
    dict
        ``seconds`` (own and of ended children), ``megabytes``, ``added``, ``size``.
    """
    # the peak that getrusage gives is handed on by the process that started this one; the kernel's own is not
    try:
        Path("/proc/self/clear_refs").write_text("5")
        before = _status("VmRSS")
    except OSError:
        before = None
    start = _seconds()
    size = run()
    seconds = _seconds() - start
    if before is None:
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return {
            "seconds": seconds,
            "size": size,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
            "added": None,
        }
    peak = _status("VmHWM")
    return {"seconds": seconds, "size": size, "megabytes": peak, "added": max(0.0, peak - before)}


def _seconds():
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def _status(name):
    """Read a line of the kernel's report, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def main() -> None:
    """Prepare, run once, print."""
    from importlib.metadata import version

    task, way, path = sys.argv[1:4]
    articles = json.loads(Path(path).read_text(encoding="utf-8"))
    found = measure_run(globals()[task](way, articles))
    package = TASKS[task].ways[way].package
    print("\n" + json.dumps(found | {"version": version(package) if package else ""}))


if __name__ == "__main__":
    main()
