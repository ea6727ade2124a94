"""The multiverse of term contrasts: the headline claims under every combination of defensible choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from analysis.config import TermParameters
from analysis.copy_weights import weighted_mean
from analysis.corpus import Corpus
from analysis.counts import TermCounts, count_terms, stop_words
from analysis.measures.keyness import log_ratio
from analysis.terms import lemma_finder
from analysis.text import fold_token

PUBLISHED = {
    "case": "US apart from us",
    "denominator": "all tokens",
    "lemmas": "words",
    "ngrams": "single words",
    "min_count": "as set",
    "cleaning": "cleaned",
    "coding": "published",
    "left_out": "none",
}
"""The choices behind a published log ratio by default; the measure stands apart."""
MEASURES = ("log ratio", "log-odds z", "difference of article rates", "difference of article shares")
"""How the size of a contrast is measured."""

_NGRAMS = {1: PUBLISHED["ngrams"], 2: "words and pairs", 3: "words, pairs and triples"}
_MOST_LEFT_OUT = 10


@dataclass(frozen=True)
class TermChoices:
    """What the specifications of a term contrast need.

    Parameters
    ----------
    corpus, received : Corpus
        The articles as cleaned, and as received.
    terms : TermParameters
        As published.
    prior_tokens : float
        Of the log-odds.
    language : str
        Whose lemmas.
    left_out : tuple of tuple
        For each claim the positions of the articles that are left out in turn, and None for none.
    """

    corpus: Corpus
    received: Corpus
    terms: TermParameters
    prior_tokens: float
    language: str = "en"
    left_out: tuple = ()


def published_choices(terms: TermParameters) -> dict[str, str]:
    """Name the choices behind a published log ratio, which lemmas and n-grams of the study belong to.

    Parameters
    ----------
    terms : TermParameters
        As published.

    Returns
    -------
    dict of str to str
        The keys of `PUBLISHED`.
    """
    lemmas = "lemmas" if terms.lemmas else PUBLISHED["lemmas"]
    return PUBLISHED | {"lemmas": lemmas, "ngrams": _NGRAMS[terms.ngrams]}


def run_term_specifications(
    choices: TermChoices,
    claims: Iterable[tuple[str, str]],
    *,
    workers: int = 1,
    progress: Callable = iter,
) -> pd.DataFrame:
    """Compute term contrasts under every combination of choices.

    Case, denominator (with or without stop words), lemmas, n-grams (which enter the denominator and the
    prior), least frequency (as set, and twice that), cleaning, coding of the outlets, an article left out (of
    the ten with most occurrences) and the measure are crossed in full.

    Parameters
    ----------
    choices : TermChoices
        Corpus and parameters.
    claims : iterable of (str, str)
        Bloc and term: "the bloc uses the term more than all others together".
    workers : int
        Processes.
    progress : callable
        Wraps the list of count variants, as `tqdm.tqdm` does.

    Returns
    -------
    pandas.DataFrame
        One row per claim and specification: ``item`` (term), ``group`` (bloc), the choices as text, ``measure``
        and ``value``; NaN where the term is rarer than the least frequency, or a side has no article.

    References
    ----------
    Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), Increasing transparency through a multiverse analysis.
    Simonsohn, Simmons & Nelson (2020), Specification curve analysis.
    """
    claims = list(claims)
    case = sorted({(), choices.terms.keep_case}, key=len, reverse=True)
    # single words, and the n-grams as published: pairs where that is single words
    longest = (1, max(2, choices.terms.ngrams))
    variants = [
        (keep, lemmas, ngrams, cleaned)
        for keep, lemmas, ngrams, cleaned in product(case, (False, True), longest, (True, False))
    ]
    if not claims:
        return pd.DataFrame(columns=["item", "group", *PUBLISHED, "measure", "value"])
    choices = replace(choices, left_out=_choose_left_out(choices, [term for _, term in claims]))
    if workers > 1:
        from joblib import Parallel, delayed

        jobs = Parallel(n_jobs=workers, return_as="generator")(
            delayed(_run_variant)(choices, claims, variant) for variant in variants
        )
        parts = list(progress(jobs))
    else:
        parts = [_run_variant(choices, claims, variant) for variant in progress(variants)]
    return pd.concat(parts, ignore_index=True)


def _choose_left_out(choices: TermChoices, terms: list[str]) -> tuple[tuple, ...]:
    """List the articles with most occurrences of each term, counted as published whatever the specification."""
    counts = count_terms(choices.corpus, choices.terms, language=choices.language)
    # one article of each text: its copies go with it
    texts = counts.text_rows(np.arange(len(counts.article_ids)))
    names = np.array(counts.article_ids)[texts.first]
    if len(names) < 2:
        return ((None,),) * len(terms)
    hits = [texts.add_up(counts.column(term)) for term in terms]
    return tuple(
        (None, *texts.first[np.lexsort((names, -column))][:_MOST_LEFT_OUT].tolist()) for column in hits
    )


def _run_variant(choices: TermChoices, claims: list[tuple[str, str]], variant: tuple) -> pd.DataFrame:
    """Compute every specification that rests on one way to count."""
    keep, lemmas, ngrams, cleaned = variant
    params = replace(choices.terms, keep_case=keep, lemmas=lemmas, ngrams=ngrams)
    corpus = choices.corpus if cleaned else choices.received
    counts = count_terms(corpus, params, language=choices.language)
    lemma = lemma_finder(choices.language) if lemmas else str
    names = [_counted_as(term, choices.terms.keep_case, keep, lemma) for _, term in claims]
    columns = [counts.position.get(name, -1) for name in names]
    hits = np.zeros((len(counts.article_ids), len(claims)))
    for place, column in enumerate(columns):
        if column >= 0:
            hits[:, place] = counts.column(counts.terms[column])
    said = {
        "case": PUBLISHED["case"] if keep == choices.terms.keep_case else "all folded",
        "lemmas": "lemmas" if lemmas else PUBLISHED["lemmas"],
        "ngrams": _NGRAMS[ngrams],
        "cleaning": PUBLISHED["cleaning"] if cleaned else "as received",
    }
    rows = []
    for denominator, sizes in _denominators(counts, params).items():
        rows += [
            said | {"denominator": denominator} | row for row in _side_rows(choices, claims, hits, sizes)
        ]
    return pd.DataFrame(rows)[["item", "group", *PUBLISHED, "measure", "value"]]


def _denominators(counts: TermCounts, params: TermParameters) -> dict[str, np.ndarray]:
    """Count what a rate is divided by: all that is counted, or without stop words."""
    stopped = stop_words(replace(params, stop_words="english"))
    columns = [counts.position[word] for word in sorted(stopped) if word in counts.position]
    every = np.asarray(counts.matrix.sum(axis=1)).ravel().astype(float)
    fewer = np.asarray(counts.matrix[:, columns].sum(axis=1)).ravel()
    return {PUBLISHED["denominator"]: every, "without stop words": every - fewer}


def _side_rows(
    choices: TermChoices, claims: list[tuple[str, str]], hits: np.ndarray, sizes: np.ndarray
) -> list[dict]:
    """Cross the codings, the articles left out, the least frequencies and the measures."""
    articles = choices.corpus.articles
    coded = np.array([article.bloc for article in articles], dtype=object)
    other = np.array([article.bloc_alternative or article.bloc for article in articles], dtype=object)
    codings = {PUBLISHED["coding"]: coded}
    if (coded != other).any():
        codings["alternative"] = other
    names, texts = np.array(choices.corpus.ids), np.array(choices.corpus.texts, dtype=object)
    weights = choices.corpus.weights
    rows = []
    for (coding, blocs), (place, (bloc, term)) in product(codings.items(), enumerate(claims)):
        for left_out in choices.left_out[place]:
            kept = np.ones(len(names), dtype=bool)
            if left_out is not None:
                kept[texts == texts[left_out]] = False
            inside, outside = kept & (blocs == bloc), kept & (blocs != bloc)
            counted = hits[:, place] * weights, sizes * weights, weights
            values = _measure(counted, inside, outside, choices.prior_tokens)
            total = counted[0][kept].sum() + 1e-9
            for (label, least), (measure, value) in product(
                (
                    (PUBLISHED["min_count"], choices.terms.min_count),
                    ("twice that", 2 * choices.terms.min_count),
                ),
                zip(MEASURES, values, strict=True),
            ):
                rows.append(
                    {
                        "item": term, "group": bloc, "coding": coding, "min_count": label, "measure": measure,
                        "left_out": PUBLISHED["left_out"] if left_out is None else str(names[left_out]),
                        "value": value if total >= least else np.nan,
                    }
                )  # fmt: skip
    return rows


def _measure(
    counted: tuple[np.ndarray, np.ndarray, np.ndarray], inside: np.ndarray, outside: np.ndarray, prior_tokens: float
) -> tuple[float, ...]:
    """Measure one contrast in each of `MEASURES`; the last two weigh every article alike, or by its weight.

    `counted` are occurrences and tokens, weighted, and the weights.
    """
    hits, sizes, weights = counted
    if not inside.any() or not outside.any() or not sizes[inside].sum() or not sizes[outside].sum():
        return (np.nan,) * len(MEASURES)
    a, b, n1, n2 = hits[inside].sum(), hits[outside].sum(), sizes[inside].sum(), sizes[outside].sum()
    if a + b == 0:
        return (np.nan,) * len(MEASURES)
    rates, present = 1e4 * hits / np.maximum(weights, sizes), hits > 0
    return (
        float(log_ratio(a, b, n1, n2)),
        _log_odds_z(a, b, n1, n2, prior_tokens),
        *(
            float(np.subtract(*(weighted_mean(part[side], weights[side]) for side in (inside, outside))))
            for part in (rates, present)
        ),
    )


def _log_odds_z(a: float, b: float, n1: float, n2: float, w0: float) -> float:
    """Compute the log-odds with informative prior, two-term variance (Monroe, Colaresi & Quinn 2008)."""
    w = w0 * (a + b) / (n1 + n2)
    if n1 + w0 - a - w <= 0 or n2 + w0 - b - w <= 0:
        return np.nan
    odds = np.log((a + w) / (n1 + w0 - a - w)) - np.log((b + w) / (n2 + w0 - b - w))
    return float(odds / np.sqrt(1 / (a + w) + 1 / (b + w)))


def _counted_as(
    term: str, published: tuple[str, ...], keep: tuple[str, ...], lemma: Callable[[str], str]
) -> str:
    """Name the term as this way to count writes it."""
    words = []
    for word in term.split(" "):
        if word in keep:
            words.append(word)
        elif word in published:
            words.append(lemma(fold_token(word, keep_case=keep)))
        else:
            words.append(lemma(word))
    return " ".join(words)
