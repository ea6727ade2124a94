"""Compares what `speed.py` times: where two ways must give the same on the same tokens, counts or sentences.

    PEERS/bin/python benchmarks/speed_checks.py GIVEN FOUND

is the part in the peers' environment: it reads what each peer is given and writes what it found, or why it found
nothing.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from speed_ways import (
    BLOCS,
    ROOT,
    SEARCHED,
    alias_expression,
    alias_names,
    find_longest,
    load_articles,
    make_convokit,
    search_lines,
)

PRIOR = 0.1
"""Uniform, of every term: what FightingWords takes by default."""
SAME = 1e-6


def compare_results(corpus: Path, python: Path) -> list[dict]:
    """Compare every pair of ways that must agree.

    Parameters
    ----------
    corpus : pathlib.Path
        The texts, as `speed.write_texts` writes them.
    python : pathlib.Path
        Of the peers' environment.

    Returns
    -------
    list of dict
        ``what`` and ``with`` (whom); ``n`` and ``of`` (how many of what were compared), ``apart`` (the largest
        difference), ``allowed`` and ``holds``; or ``missing``, why it was not compared.
    """
    articles = json.loads(corpus.read_text(encoding="utf-8"))
    ours, given = our_results(articles)
    theirs = ask_peers(given, python)
    rows = [
        _numbers("Counts of words", "textacy, `Vectorizer`", "cells", ours["counts"], theirs["textacy"], 0),
        _numbers(
            "z, two-term, uniform prior", "ConvoKit, `FightingWords`", "words", ours["z"], theirs["convokit"]
        ),
        _numbers(
            "z, four-term, uniform prior", "scattertext", "words", ours["z_four_term"], theirs["scattertext"]
        ),
        _numbers(
            "z, four-term, informative prior of 500",
            "scattertext",
            "words",
            ours["z_informative"],
            theirs["scattertext, informative"],
        ),
        _numbers("Compound score of sentences", "VADER", "sentences", ours["compound"], theirs["VADER"], 0),
    ]
    return [*compare_at_home(articles, ours), *rows]


def _numbers(what, whom, noun, ours, theirs, allowed=SAME):
    """Compare two dictionaries of numbers: the keys must be the same."""
    row = {"what": what, "with": whom, "of": noun, "allowed": allowed}
    if "missing" in theirs:
        return row | theirs
    found = theirs["found"]
    apart = max(
        (abs(found.get(key, float("inf")) - value) for key, value in ours.items()), default=float("inf")
    )
    if found.keys() - ours.keys():
        apart = float("inf")
    return row | {"n": len(ours), "apart": apart, "holds": apart <= allowed}


def our_results(articles: list[dict]) -> tuple[dict, dict]:
    """Compute ours, and what the peers are given.

    Parameters
    ----------
    articles : list of dict
        ``bloc`` and ``text``.

    Returns
    -------
    ours : dict
        By comparison, a number by term, cell or sentence; ``lists`` and ``matrix``.
    given : dict
        Terms of each article, blocs, counts and sentences.
    """
    import numpy as np

    from analysis.config import TermParameters
    from analysis.counts import count_texts
    from analysis.measures.keyness import contrast_statistics
    from analysis.sentiment.lexicon import LexiconScorer
    from analysis.text import find_sentences, find_terms

    texts, blocs = [one["text"] for one in articles], [one["bloc"] for one in articles]
    params = TermParameters()
    counts = count_texts(texts, params, engine="compiled")
    a, b = (np.asarray(counts.matrix[[bloc == side for bloc in blocs]].sum(axis=0)).ravel() for side in BLOCS)
    used = np.flatnonzero(a + b)
    terms, a, b = [counts.terms[column] for column in used], a[used], b[used]
    uniform = contrast_statistics(a, b, a.sum(), b.sum(), prior=PRIOR * np.ones(len(a)))
    informative = contrast_statistics(a, b, a.sum(), b.sum())
    sentences = sorted({text[span.start : span.end] for text in texts for span in find_sentences(text)})
    scorer, cells = LexiconScorer(), counts.matrix.tocoo()
    ours = {
        "counts": {
            f"{row} {counts.terms[column]}": int(value)
            for row, column, value in zip(cells.row, cells.col, cells.data, strict=True)
        },
        "z": dict(zip(terms, uniform["z"].tolist(), strict=True)),
        "z_four_term": dict(zip(terms, uniform["z_four_term"].tolist(), strict=True)),
        "z_informative": dict(zip(terms, informative["z_four_term"].tolist(), strict=True)),
        "compound": {sentence: scorer.compound(sentence) for sentence in sentences},
    }
    lists = [find_terms(text, keep_case=params.keep_case) for text in texts]
    given = {
        "lists": lists,
        "blocs": blocs,
        "sides": list(BLOCS),
        "terms": terms,
        "a": a.tolist(),
        "b": b.tolist(),
        "sentences": sentences,
        "prior": PRIOR,
    }
    return ours, given


def compare_at_home(articles: list[dict], ours: dict) -> list[dict]:
    """Compare with what needs no other environment: scikit-learn, regular expressions, the naive bootstrap.

    Parameters
    ----------
    articles : list of dict
        ``bloc`` and ``text``.
    ours : dict
        From `our_results`.

    Returns
    -------
    list of dict
        As `compare_results`.
    """
    import numpy as np
    from bootstrap import ALLOWED, loop_intervals, plant_corpus
    from sklearn.feature_extraction.text import CountVectorizer

    from analysis.config import StatisticsParameters, TermParameters
    from analysis.counts import count_texts
    from analysis.measures.contrast_trust import log_ratio_intervals
    from analysis.text import find_sentences, find_terms

    texts, params = [one["text"] for one in articles], TermParameters(ngrams=2)
    owners, parts = [], []
    for row, text in enumerate(texts):
        for span in find_sentences(text):
            owners.append(row)
            parts.append(find_terms(text[span.start : span.end], keep_case=params.keep_case))
    vectors = CountVectorizer(
        tokenizer=lambda part: part, lowercase=False, token_pattern=None, ngram_range=(1, 2)
    )
    cells, names = vectors.fit_transform(parts).tocoo(), vectors.get_feature_names_out()
    theirs: dict[str, int] = {}
    for row, column, value in zip(cells.row, cells.col, cells.data, strict=True):
        key = f"{owners[row]} {names[column]}"
        theirs[key] = theirs.get(key, 0) + int(value)
    counts = count_texts(texts, params, engine="compiled")
    own = counts.matrix.tocoo()
    pairs = {
        f"{row} {counts.terms[column]}": int(value)
        for row, column, value in zip(own.row, own.col, own.data, strict=True)
    }
    words = {key: value for key, value in theirs.items() if key.count(" ") == 1}
    statistics = StatisticsParameters(bootstrap=200, random_state=1)
    planted = plant_corpus(200, 200, 1_000, 1)
    rows = np.arange(100), np.arange(100, 200)
    bounds = [
        dict(enumerate(np.nan_to_num(np.concatenate(run(planted, *rows, statistics)), nan=1e9).tolist()))
        for run in (log_ratio_intervals, loop_intervals)
    ]
    whom = "scikit-learn, `CountVectorizer`"
    return [
        _numbers("Counts of words", whom, "cells", ours["counts"], {"found": words}, 0),
        _numbers("Counts of words and pairs in sentences", whom, "cells", pairs, {"found": theirs}, 0),
        *_places(texts),
        _lines(articles),
        _numbers(
            "Bounds of log ratios", "naive bootstrap", "bounds", bounds[0], {"found": bounds[1]}, ALLOWED
        ),
    ]


def _places(texts):
    """Compare places of aliases, ours reduced to what the others find: leftmost, longest, any case."""
    from dataclasses import replace

    import ahocorasick_rs

    from analysis.actors import load_actors
    from analysis.aliases import ActorTable

    table = load_actors(ROOT / "seeds" / "actors.csv")
    names, rows = alias_names(table)
    table = ActorTable(table.table, tuple(replace(row, match="case-insensitive") for row in rows))
    automaton = ahocorasick_rs.AhoCorasick([name.lower() for name in names])
    expression = alias_expression(names)
    ours, by_expression, by_automaton = {}, {}, {}
    for number, text in enumerate(texts):
        free = 0
        for start, end in sorted(
            {(start, end) for start, end, _ in table.find_aliases(text)},
            key=lambda place: (place[0], -place[1]),
        ):
            if start >= free:
                ours[f"{number} {start} {end}"] = 1
                free = end
        by_expression |= {f"{number} {match.start()} {match.end()}": 1 for match in expression.finditer(text)}
        by_automaton |= {f"{number} {start} {end}": 1 for start, end in find_longest(automaton, text)}
    what = "Places of aliases, any case, leftmost longest"
    return [
        _numbers(what, "longest-first `re`", "places", ours, {"found": by_expression}, 0),
        _numbers(what, "automaton", "places", ours, {"found": by_automaton}, 0),
    ]


def _lines(articles):
    """Compare where the lines of one query begin."""
    from analysis.places import PlaceIndex

    number = {f"a{row:07d}": row for row in range(len(articles))}
    found = PlaceIndex(load_articles(articles)).lines("sanction*")
    ours = {f"{number[row.article_id]} {row.start}": 1 for row in found[["article_id", "start"]].itertuples()}
    theirs = {f"{line[0]} {line[1]}": 1 for line in search_lines([one["text"] for one in articles], None)}
    return _numbers(f"Lines of a query (`{SEARCHED}`)", "`re`", "lines", ours, {"found": theirs}, 0)


PEERS = ("textacy", "convokit", "scattertext", "scattertext, informative", "VADER")


def ask_peers(given: dict, python: Path) -> dict[str, dict]:
    """Ask every peer for its result.

    Parameters
    ----------
    given : dict
        From `our_results`.
    python : pathlib.Path
        Of the peers' environment.

    Returns
    -------
    dict of str to dict
        By peer: ``found``, or ``missing``, why it was not asked.
    """
    if not python.exists():
        return dict.fromkeys(PEERS, {"missing": "the peers' environment is not there; make it with --setup"})
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("given.json", "found.json")]
        paths[0].write_text(json.dumps(given), encoding="utf-8")
        done = subprocess.run(
            [str(python), str(Path(__file__).resolve()), *map(str, paths)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
            return dict.fromkeys(PEERS, {"missing": said[-1][:150]})
        return json.loads(paths[1].read_text(encoding="utf-8"))


def _textacy(given):
    from textacy.representations import Vectorizer

    vectors = Vectorizer(tf_type="linear")
    cells = vectors.fit_transform(given["lists"]).tocoo()
    names = vectors.id_to_term
    triples = zip(cells.row, cells.col, cells.data, strict=True)
    return {f"{row} {names[int(column)]}": int(value) for row, column, value in triples}


def _convokit(given):
    from convokit import FightingWords
    from sklearn.feature_extraction.text import CountVectorizer

    corpus = make_convokit([" ".join(terms) for terms in given["lists"]], given["blocs"])
    first, second = given["sides"]
    words = FightingWords(
        cv=CountVectorizer(analyzer=str.split), text_func=lambda one: one.text, prior=given["prior"]
    )
    words.fit(corpus, lambda one: one.speaker.id == first, lambda one: one.speaker.id == second)
    return words.get_ngram_zscores()["z-score"].astype(float).to_dict()


def _scattertext(given):
    import numpy as np
    from scattertext import LogOddsRatioUninformativeDirichletPrior as Uniform

    a, b = (np.array(given[side], dtype=float) for side in "ab")
    z = Uniform(alpha_w=given["prior"]).get_zeta_i_j_given_separate_counts(a, b)
    return dict(zip(given["terms"], z.tolist(), strict=True))


def _scattertext_informative(given):
    import numpy as np
    from scattertext import LogOddsRatioInformativeDirichletPrior as Informative

    a, b = (np.array(given[side], dtype=float) for side in "ab")
    prior = Informative(a + b, sigma=500, scale_type="word")
    return dict(zip(given["terms"], prior.get_zeta_i_j_given_separate_counts(a, b).tolist(), strict=True))


def _vader(given):
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return {one: analyzer.polarity_scores(one)["compound"] for one in given["sentences"]}


def main() -> None:
    """Ask the peers that this environment holds."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    asked = (_textacy, _convokit, _scattertext, _scattertext_informative, _vader)
    found = {}
    for name, ask in zip(PEERS, asked, strict=True):
        try:
            with contextlib.redirect_stdout(sys.stderr):
                found[name] = {"found": ask(given)}
        except Exception as error:  # one peer that fails must not hide the others
            found[name] = {"missing": f"{type(error).__name__}: {error}"[:150]}
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
