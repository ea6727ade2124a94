"""The multiverse of themes: the headline claims under every combination of defensible choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from analysis.config import TermParameters, ThemeParameters
from analysis.copy_weights import weighted_mean
from analysis.corpus import Corpus
from analysis.errors import ParameterError
from analysis.measures.theme_copies import first_copies, measure_copies
from analysis.measures.theme_labels import rank_terms
from analysis.measures.theme_model import by_weight, count_paragraphs, fit_themes, most_themes, one_thread
from analysis.measures.theme_refits import average_jaccard
from analysis.terms import lemma_finder

PUBLISHED = {
    "k": "as published",
    "min_tokens": "as set",
    "lemmas": "words",
    "cleaning": "cleaned",
    "unit": "pooled weight",
    "coding": "published",
    "left_out": "none",
}
"""The choices behind a published theme weight by default."""
MEASURE = "difference of shares"
SAME_THEME = 0.1
"""A refitted theme that agrees less (average Jaccard of the top ten terms) is another theme: the claim is lost."""

_MOST_LEFT_OUT = 10
_MOST_PARAGRAPHS = 3000


@dataclass(frozen=True)
class ThemeChoices:
    """What the specifications of a theme's weight need.

    Parameters
    ----------
    corpus, received : Corpus
        The articles as cleaned, and as received.
    themes : ThemeParameters
        As published, with ``k`` as a number.
    terms : TermParameters
        As published.
    names : tuple of str
        The published theme_ids, the heaviest theme first.
    """

    corpus: Corpus
    received: Corpus
    themes: ThemeParameters
    terms: TermParameters
    names: tuple[str, ...]


def published_choices(terms: TermParameters) -> dict[str, str]:
    """Name the choices behind a published theme weight, which lemmas of the study belong to.

    Parameters
    ----------
    terms : TermParameters
        As published.

    Returns
    -------
    dict of str to str
        The keys of `PUBLISHED`.
    """
    return PUBLISHED | ({"lemmas": "lemmas"} if terms.lemmas else {})


@one_thread()
def run_theme_specifications(
    choices: ThemeChoices, claims: Sequence[tuple[str, str]], *, progress: Callable = iter
) -> pd.DataFrame:
    """Compute the difference in a theme's share under every combination of choices.

    The number of themes (one fewer, as published, one more), the shortest paragraph (as set, and half as
    long), lemmas, cleaning and an article left out (the first ten by name; none in a corpus of more than
    3,000 paragraphs) each refit the model; the unit (pooled weight, or the mean over articles) and the coding
    of the outlets are crossed with them. Themes are matched to the published ones by the assignment that
    makes their top terms agree most.

    Parameters
    ----------
    choices : ThemeChoices
        Corpus and parameters.
    claims : sequence of (str, str)
        Bloc and theme_id: the theme's share in the bloc minus that in all others together.
    progress : callable
        Wraps the list of refits, as `tqdm.tqdm` does.

    Returns
    -------
    pandas.DataFrame
        One row per claim and specification: ``item`` (theme_id), ``group`` (bloc), the choices as text,
        ``measure`` and ``value``; NaN where the theme is not found again or a side has no paragraph.
    """
    columns = ["item", "group", *PUBLISHED, "measure", "value"]
    if not claims:
        return pd.DataFrame(columns=columns)
    rows: list[dict] = []
    tops = _published_tops(choices)
    refits, lemma = _list_refits(choices), _lemmatiser(choices.terms)
    for k, shorter, lemmas, cleaned, left_out in progress(refits):
        said = {
            "k": PUBLISHED["k"]
            if k == choices.themes.k
            else ("one more" if k > choices.themes.k else "one fewer"),
            "min_tokens": "half of that" if shorter else PUBLISHED["min_tokens"],
            "lemmas": "lemmas" if lemmas else PUBLISHED["lemmas"],
            "cleaning": PUBLISHED["cleaning"] if cleaned else "as received",
            "left_out": left_out or PUBLISHED["left_out"],
            "measure": MEASURE,
        }
        corpus = choices.corpus if cleaned else choices.received
        if left_out:
            # a text goes with all its copies
            gone = corpus.copies.texts([left_out])[0]
            kept = zip(corpus.ids, corpus.texts, strict=True)
            corpus = corpus.subset([name for name, text in kept if text != gone])
        themes = choices.themes
        if shorter:
            themes = replace(themes, min_tokens=max(1, themes.min_tokens // 2))
        # lemmas are set beside lemmas
        wanted = {name: list(map(lemma, top)) for name, top in tops.items()} if lemmas else tops
        sums = _refit(corpus, replace(themes, k=k), replace(choices.terms, lemmas=lemmas), wanted)
        rows += [said | row for row in _differences(corpus, sums, claims)]
    return pd.DataFrame(rows, columns=columns)


def _lemmatiser(terms: TermParameters) -> Callable[[str], str]:
    """Return what makes a lemma of a term; words whose case is kept stay."""
    lemma = lemma_finder("en")
    return lambda term: term if term in terms.keep_case else lemma(term)


def _published_tops(choices: ThemeChoices) -> dict[str, list[str]]:
    """List the top ten terms of each published theme."""
    paragraphs = count_paragraphs(first_copies(choices.corpus), choices.themes, choices.terms)
    fit = by_weight(fit_themes(paragraphs.counts, choices.themes.k))
    ranked = [rank_terms(row, paragraphs.terms) for row in fit.components]
    return dict(zip(choices.names, ranked, strict=True))


def _list_refits(choices: ThemeChoices) -> list[tuple]:
    """List every model that is fitted."""
    k = choices.themes.k
    corpus = first_copies(choices.corpus)
    names = [None, *sorted(corpus.ids)[:_MOST_LEFT_OUT]]
    paragraphs = sum(len(article.paragraphs) for article in corpus.articles)
    if len(corpus) < 2 or paragraphs > _MOST_PARAGRAPHS:
        names = [None]
    return list(
        product([n for n in (k - 1, k, k + 1) if n >= 2], (False, True), (False, True), (True, False), names)
    )


def _refit(
    corpus: Corpus, themes: ThemeParameters, terms: TermParameters, tops: dict[str, list[str]]
) -> pd.DataFrame | None:
    """Fit one model and sum the weight of each published theme in each article; None where it cannot be fitted."""
    model = count_paragraphs(first_copies(corpus), themes, terms)
    try:
        most_themes(model, themes.k)
    except ParameterError:
        return None
    from scipy.optimize import linear_sum_assignment

    fit = fit_themes(model.counts, themes.k)
    found = [rank_terms(row, model.terms) for row in fit.components]
    agreement = np.array([[average_jaccard(top, other) for other in found] for top in tops.values()])
    rows, columns = linear_sum_assignment(-agreement)
    paragraphs, weights = measure_copies(corpus, model, fit, (themes, terms))
    sums = np.zeros((len(corpus), themes.k))
    np.add.at(sums, paragraphs.article, weights)
    table = pd.DataFrame(index=corpus.ids)
    names = list(tops)
    for row, column in zip(rows, columns, strict=True):
        if agreement[row, column] >= SAME_THEME:
            table[names[row]] = sums[:, column]
    return table.assign(**{"": sums.sum(axis=1)})


def _differences(corpus: Corpus, sums: pd.DataFrame | None, claims: Sequence[tuple[str, str]]) -> list[dict]:
    """Cross the codings and the units of one model."""
    coded = np.array([article.bloc for article in corpus.articles], dtype=object)
    other = np.array([article.bloc_alternative or article.bloc for article in corpus.articles], dtype=object)
    codings = {PUBLISHED["coding"]: coded} | ({"alternative": other} if (coded != other).any() else {})
    rows, weights = [], corpus.weights
    for (coding, blocs), unit, (bloc, theme) in product(
        codings.items(), (PUBLISHED["unit"], "mean of articles"), claims
    ):
        value = np.nan
        if sums is not None and theme in sums:
            part, whole, inside = sums[theme].to_numpy(), sums[""].to_numpy(), blocs == bloc
            pooled = unit == PUBLISHED["unit"]
            value = _share(part[inside], whole[inside], weights[inside], pooled=pooled) - _share(
                part[~inside], whole[~inside], weights[~inside], pooled=pooled
            )
        rows.append({"item": theme, "group": bloc, "coding": coding, "unit": unit, "value": float(value)})
    return rows


def _share(part: np.ndarray, whole: np.ndarray, weights: np.ndarray, *, pooled: bool) -> float:
    """Share of a theme in some articles; those that carry no theme do not count."""
    part, weights, whole = part[whole > 0], weights[whole > 0], whole[whole > 0]
    if not len(whole):
        return np.nan
    if pooled:
        return float((part * weights).sum() / (whole * weights).sum())
    return float(weighted_mean(part / whole, weights))
