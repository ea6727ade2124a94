"""How many themes: agreement of the theme model with refits on fewer articles, for every number of themes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.config import StatisticsParameters, TermParameters, ThemeParameters
from analysis.corpus import Corpus
from analysis.measures.theme_copies import first_copies
from analysis.measures.theme_labels import rank_terms
from analysis.measures.theme_model import (
    ThemeParagraphs,
    by_weight,
    count_paragraphs,
    fit_each,
    most_themes,
    one_thread,
)
from analysis.measures.theme_refits import Refits, agreement_each, plan_refits, sample_counts
from analysis.results import Result
from analysis.schema.results import as_declared

PARAGRAPHS_EACH = 8
"""The curve tries at most one theme for so many paragraphs."""

_SHUFFLES = 12
_CHANCE_NUMBERS = 5  # of themes at which chance is measured; it hardly changes with k


def measure_theme_stability(
    corpus: Corpus,
    *,
    themes: ThemeParameters,
    terms: TermParameters,
    statistics: StatisticsParameters,
) -> Result:
    """Measure how stable the themes are for every number of themes, and choose one.

    For each k the model of all articles is compared with refits on 80 % of them: themes are matched by the
    Hungarian assignment, and their agreement is the average Jaccard index of the top ten terms (Greene et
    al. 2014, whose samples are of documents; here they are of articles). `chance` is the same of paragraphs
    whose terms were dealt out anew (twelve shuffles at up to five k, smoothed by a straight line over k); adjusted is
    (stability - chance) / (1 - chance).
    The standard error corrects for the overlap of resamples (Nadeau & Bengio 2003). The largest k whose
    adjusted stability is within one standard error of the best is chosen.

    Parameters
    ----------
    corpus : Corpus
        The articles.
    themes, terms, statistics : parameter dataclasses
        See `analysis.config`.

    Returns
    -------
    Result
        The table ``theme_stability``, one row per k.

    Raises
    ------
    ParameterError
        Two themes, or the number that is asked for, cannot be found.

    References
    ----------
    Greene, O'Callaghan & Cunningham (2014), How many topics? Stability analysis for topic models.
    Nadeau & Bengio (2003), Inference for the generalization error. Breiman et al. (1984), the rule of one
    standard error.
    """
    # copies of one text would make any theme stable: one of each takes part
    corpus = first_copies(corpus)
    return measure_model_stability(
        count_paragraphs(corpus, themes, terms), corpus.ids, themes=themes, statistics=statistics
    )


@one_thread()
def measure_model_stability(
    paragraphs: ThemeParagraphs,
    names: Sequence[str],
    *,
    themes: ThemeParameters,
    statistics: StatisticsParameters,
) -> Result:
    """Measure the same from paragraphs that are counted already.

    Parameters
    ----------
    paragraphs : ThemeParagraphs
        The paragraphs.
    names : sequence of str
        The article_ids.
    themes, statistics : parameter dataclasses
        See `analysis.config`.

    Returns
    -------
    Result
        As `measure_theme_stability` returns it.

    Raises
    ------
    ParameterError
        Two themes, or the number that is asked for, cannot be found.
    """
    most = most_themes(paragraphs, themes.k)
    refits = plan_refits(paragraphs, names, themes, statistics.random_state)
    counts, terms = sample_counts(paragraphs, refits, themes.min_paragraphs)
    shuffled = [
        _deal_terms(counts, np.random.Generator(np.random.Philox([statistics.random_state, number])))
        for number in range(_SHUFFLES)
    ]
    numbers = _numbers(themes, most, len(refits.used))
    chance, spread = _chance(shuffled, refits.resamples, numbers, terms)
    fits = [by_weight(fit) for fit in fit_each(counts, numbers)]
    models = [[rank_terms(row, terms) for row in fit.components] for fit in fits]
    resampled = agreement_each(counts, models, refits.resamples, terms)
    left_out = resampled
    if refits.left_out is not refits.resamples:
        left_out = agreement_each(counts, models, refits.left_out, terms)
    rows = [
        {
            "k": k,
            "error": fits[place].error,
            "chance_sd": spread,
            **_row(resampled[place], left_out[place], chance[place], refits),
        }
        for place, k in enumerate(numbers)
    ]
    table = pd.DataFrame(rows)
    by_rule = choose_k(table)
    chosen = by_rule if themes.k == "auto" else themes.k
    table = table.assign(by_rule=table["k"] == by_rule, chosen=table["k"] == chosen)
    table["flag"] = [
        _flag(row, table["k"].max(), refits) if row.chosen or row.by_rule else ""
        for row in table.itertuples()
    ]
    left = len(paragraphs.article) - len(refits.used)
    return Result(
        "theme_stability",
        as_declared(table, "theme_stability"),
        params={
            "k": themes.k,
            "k_max": themes.k_max,
            "n_articles": refits.n_articles,
            "n_paragraphs": len(refits.used),
            "resamples": len(refits.resamples),
            "left_out": len(refits.left_out),
            "random_state": statistics.random_state,
        },
        provenance={
            "agreement": "average Jaccard of the top ten terms, Hungarian assignment",
            "resamples": f"{refits.kept:.0%} of the articles, without replacement",
            "se": "standard deviation over resamples, corrected for their overlap",
            "chance": f"{_SHUFFLES} shuffles of the terms over the paragraphs, a line over k",
            "rule": "largest k within one standard error of the best adjusted stability",
        },
        excluded=pd.DataFrame(
            [
                {"what": "paragraphs", "n": paragraphs.skipped, "why": _why_skipped(themes)},
                {
                    "what": "paragraphs of the curve",
                    "n": left,
                    "why": f"stability is measured on articles of at most {themes.curve_paragraphs} paragraphs",
                },
            ]
        ),
    )


def no_stability(why: str) -> Result:
    """Make the result of a corpus in which no themes can be found.

    Parameters
    ----------
    why : str
        The reason; it is listed among what is excluded.

    Returns
    -------
    Result
        An empty table ``theme_stability``.
    """
    return Result(
        "theme_stability",
        as_declared(pd.DataFrame(), "theme_stability"),
        excluded=pd.DataFrame([{"what": "theme stability", "n": 0, "why": why}]),
    )


def choose_k(curve: pd.DataFrame) -> int:
    """Choose the largest number of themes that is about as stable as the best.

    Parameters
    ----------
    curve : pandas.DataFrame
        ``k``, ``adjusted`` and ``adjusted_se``, one row per k.

    Returns
    -------
    int
        The largest k within one standard error of the best; the smallest k where nothing was refitted.
    """
    known = curve[curve["adjusted"].notna()]
    if known.empty:
        return int(curve["k"].min())
    best = known.sort_values(["adjusted", "k"], ascending=[False, True]).iloc[0]
    margin = best["adjusted_se"] if best["adjusted_se"] > 0 else 0.0
    return int(known.loc[known["adjusted"] >= best["adjusted"] - margin - 1e-9, "k"].max())


def _numbers(themes: ThemeParameters, most: int, paragraphs: int) -> list[int]:
    """List the numbers of themes that are tried; a number that study.toml fixes is always among them."""
    top = max(2, min(themes.k_max, most, paragraphs // PARAGRAPHS_EACH))
    return sorted({*range(2, top + 1), *([] if themes.k == "auto" else [themes.k])})


def _row(resampled: np.ndarray, left_out: np.ndarray, chance: float, refits: Refits) -> dict[str, float]:
    """Sum up the agreement of one k."""
    scores = resampled.mean(axis=1)
    scores = scores[~np.isnan(scores)]
    without = left_out.mean(axis=1)
    without = without[~np.isnan(without)]
    stability = scores.mean() if len(scores) else np.nan
    se = np.nan
    if len(scores) > 1:
        overlap = (1 - refits.kept) / refits.kept
        se = scores.std(ddof=1) * np.sqrt(1 / len(scores) + overlap)
    room = 1 - chance
    return {
        "stability": stability,
        "se": se,
        "chance": chance,
        "adjusted": (stability - chance) / room,
        "adjusted_se": se / room,
        "left_out": without.mean() if len(without) else np.nan,
        "n_resamples": len(scores),
        "n_left_out": len(without),
        "n_articles": refits.n_articles,
        "n_paragraphs": len(refits.used),
    }


def _flag(row, largest: int, refits: Refits) -> str:
    """Say what the curve does not support."""
    if np.isnan(row.adjusted):
        return f"no stability: {refits.n_articles} article{'s' * (refits.n_articles != 1)}"
    flags = []
    if row.by_rule and row.k == largest:
        flags.append("the largest number tried")
    if not row.stability > row.chance + 2 * row.chance_sd:
        flags.append("not clearly more stable than chance")
    return "; ".join(flags)


def _chance(
    shuffled: list[sparse.csr_matrix], kept: list[np.ndarray], numbers: list[int], terms: tuple[str, ...]
) -> tuple[np.ndarray, float]:
    """Measure the same agreement where no term belongs with another: a line over k, and the spread about it."""
    # the ends and evenly between them
    spread_out = np.unique(np.linspace(0, len(numbers) - 1, _CHANCE_NUMBERS).round().astype(int))
    tried = [numbers[place] for place in spread_out]
    found = np.full((len(tried), len(shuffled)), np.nan)
    for column, counts in enumerate(shuffled if kept else []):
        models = [[rank_terms(row, terms) for row in fit.components] for fit in fit_each(counts, tried)]
        # shuffles differ more than refits of one shuffle do, so that each is refitted once
        scores = agreement_each(counts, models, [kept[column % len(kept)]], terms)
        found[:, column] = [part.mean() for part in scores]
    known = ~np.isnan(found)
    places = np.broadcast_to(np.array(tried, dtype=float)[:, None], found.shape)[known]
    if not known.any():
        return np.full(len(numbers), np.nan), float("nan")
    # one k's mean is too rough to tell neighbours apart, and chance hardly changes with k
    slope, level = np.polyfit(places, found[known], 1) if len(set(places)) > 1 else (0.0, found[known].mean())
    spread = float(np.std(found[known] - (level + slope * places)))
    return np.clip(level + slope * np.array(numbers), 0.0, 0.99), spread


def _deal_terms(counts: sparse.csr_matrix, generator: np.random.Generator) -> sparse.csr_matrix:
    """Deal all terms out anew: every paragraph keeps its length in terms, every term its frequency."""
    dealt = counts.copy()
    dealt.indices = generator.permutation(dealt.indices)
    dealt.sum_duplicates()
    return dealt


def _why_skipped(themes: ThemeParameters) -> str:
    return f"fewer than {themes.min_tokens} tokens, or no term in the vocabulary"
