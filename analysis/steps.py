"""The steps of a study, in their order: which measure makes which result, from what."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis.codings import codes_by_coder
from analysis.errors import ParameterError
from analysis.evidence import term_evidence
from analysis.measures import multiverse_terms, multiverse_themes
from analysis.measures.actor_pairs import measure_actor_pairs
from analysis.measures.actor_themes import measure_actor_themes
from analysis.measures.agreement import measure_agreement
from analysis.measures.attention import measure_attention, measure_mentions
from analysis.measures.calibration import measure_calibration
from analysis.measures.claims import choose_sentiment_claims, choose_term_claims, choose_theme_claims
from analysis.measures.contrasts import measure_contrasts
from analysis.measures.directed import measure_directed
from analysis.measures.divergence import measure_divergence
from analysis.measures.duplicates import measure_duplicates, measure_shared_copy
from analysis.measures.headlines import choose_headlines, top_actors
from analysis.measures.keywords import measure_cleaning, measure_keywords
from analysis.measures.machine import match_labels, measure_machine
from analysis.measures.machine_balance import measure_machine_balance
from analysis.measures.masking import measure_masking, no_masking, sample_mentions
from analysis.measures.misclassification import measure_misclassification
from analysis.measures.multiverse import measure_multiverse, no_multiverse, summarise_multiverse
from analysis.measures.multiverse_sentiment import run_sentiment_specifications
from analysis.measures.multiverse_terms import MEASURES, TermChoices, run_term_specifications
from analysis.measures.multiverse_themes import MEASURE, ThemeChoices, run_theme_specifications
from analysis.measures.robustness import measure_robustness
from analysis.measures.scorer_differences import measure_scorer_differences
from analysis.measures.scoring import score_evidence
from analysis.measures.sentiment import measure_sentiment
from analysis.measures.sentiment_shift import measure_sentiment_shift, word_evidence
from analysis.measures.theme_groups import measure_theme_time
from analysis.measures.theme_stability import measure_theme_stability, no_stability
from analysis.measures.themes import measure_themes, no_themes
from analysis.relations.verbs import load_verbs
from analysis.results import ACTOR_KEYS, Result, table_evidence
from analysis.sentiment.contract import label_scores

PARALLEL_ARTICLES = 500
"""From so many articles on the specifications of the multiverse are run by several processes."""


def _articles(study) -> Result:
    return study.corpus.describe()


def _cleaning(study) -> Result:
    return measure_cleaning(study.corpus)


def _duplicates(study) -> Result:
    return measure_duplicates(study.admitted, study.copies, study.config.corpus.duplicates)


def _shared_copy(study) -> Result:
    return measure_shared_copy(study.admitted, study.copies)


def _keywords(study) -> Result:
    config = study.config
    return measure_keywords(study.corpus, study.received, terms=config.terms, language=config.corpus.language)


def _mentions(study) -> Result:
    return measure_mentions(study.corpus, study.actors)


def _attention(study) -> Result:
    mentions = study.result("mentions")
    return measure_attention(
        study.corpus,
        study.groupings,
        mentions.table,
        study.actor_labels,
        statistics=study.config.statistics,
        evidence=mentions.evidence,
    )


def _theme_stability(study) -> Result:
    config = study.config
    try:
        return measure_theme_stability(
            study.corpus, themes=config.themes, terms=config.terms, statistics=config.statistics
        )
    except ParameterError as error:
        return no_stability(str(error))


def _themes(study) -> Result:
    config = study.config
    themes = config.themes
    if themes.k == "auto":
        curve = study.result("theme_stability")
        if curve.table.empty:
            return no_themes(curve.excluded["why"].iloc[0])
        themes = replace(themes, k=int(curve.table.loc[curve.table["chosen"], "k"].item()))
    try:
        return measure_themes(
            study.corpus,
            study.groupings,
            themes=themes,
            terms=config.terms,
            statistics=config.statistics,
        )
    except ParameterError as error:
        # a corpus too small for its themes still has contrasts and sentiment; what is missing is listed
        return no_themes(str(error))


def _theme_time(study) -> Result:
    themes = study.result("themes")
    return measure_theme_time(study.corpus, themes.table, themes.evidence.find({}), study.config.statistics)


def _contrasts(study) -> Result:
    config = study.config
    result = measure_contrasts(
        study.counts,
        study.groupings[1:],
        terms=config.terms,
        contrasts=config.contrasts,
        statistics=config.statistics,
        reference=study.reference,
    )
    evidence = term_evidence(study.corpus, config.terms, language=config.corpus.language)
    return replace(result, evidence=evidence)


def _divergence(study) -> Result:
    config = study.config
    return measure_divergence(
        study.counts.words,
        study.groupings[1:],
        terms=config.terms,
        statistics=config.statistics,
        evidence=term_evidence(study.corpus, config.terms, language=config.corpus.language),
    )


def _scores(study) -> Result:
    table = study.scored(study.config.sentiment.scorer)
    return Result(
        "scores",
        table,
        params={"scorer": study.config.sentiment.scorer},
        provenance={"benchmark": dict(study.scorer.benchmark)},
        evidence=score_evidence(study.result("mentions").evidence.find({}), table),
    )


def _sentiment(study) -> Result:
    scores = study.result("scores")
    return measure_sentiment(
        study.corpus,
        study.groupings,
        scores.table,
        study.actor_labels,
        statistics=study.config.statistics,
        evidence=scores.evidence,
    )


def _sentiment_adjusted(study) -> Result:
    scores = study.result("scores")
    result = measure_misclassification(
        study.corpus,
        study.groupings,
        scores.table,
        study.actor_labels,
        benchmark=study.scorer.benchmark,
        statistics=study.config.statistics,
    )
    return replace(result, evidence=scores.evidence)


def _sentiment_shift(study) -> Result:
    scores = study.result("scores").table
    hits = study.result("mentions").evidence.find({})
    hits = hits.assign(balance=scores["positive"] - scores["negative"])
    result = measure_sentiment_shift(
        study.corpus,
        study.groupings[2],
        scores,
        study.actor_labels,
        terms=study.config.terms,
        statistics=study.config.statistics,
    )
    return replace(result, evidence=word_evidence(study.corpus, hits, study.config.terms))


def _scorer_differences(study) -> Result:
    own = study.config.sentiment.scorer
    names = sorted(study.compared_scorers, key=lambda name: name != own)
    return measure_scorer_differences(
        {name: study.scored(name) for name in names},
        study.groupings[2],
        study.actor_labels,
        study.result("mentions").evidence.find({}),
        study.corpus.copies,
    )


def _masking(study) -> Result:
    scorer, mentions = study.config.sentiment.scorer, study.result("mentions")
    if study.visible_scorer is None:
        return no_masking(scorer, len(mentions.table))
    chosen = sample_mentions(mentions.table)
    masked, copies = study.scored(scorer).iloc[chosen], study.corpus.copies
    if copies:
        names = masked["article_id"].tolist()
        masked = masked.assign(text=copies.texts(names), weight=copies.weights(names))
    return measure_masking(
        masked,
        study.scored_visible(chosen),
        study.actor_labels,
        mentions.evidence.find({}).iloc[chosen],
        statistics=study.config.statistics,
        left_out=len(mentions.table) - len(chosen),
    )


def _actor_pairs(study) -> Result:
    scores = study.result("scores")
    return measure_actor_pairs(
        study.corpus,
        study.groupings[2:],
        scores.table,
        study.actor_labels,
        statistics=study.config.statistics,
        evidence=scores.evidence,
    )


def _actor_themes(study) -> Result:
    return measure_actor_themes(
        study.corpus,
        study.groupings[2:],
        study.result("themes"),
        study.result("scores"),
        study.actor_labels,
        statistics=study.config.statistics,
    )


def _directed(study) -> Result:
    return measure_directed(
        study.corpus,
        study.groupings[2:],
        study.result("mentions").table,
        study.actor_labels,
        load_verbs(),
        statistics=study.config.statistics,
    )


def _agreement(study) -> Result:
    mentions, coded = study.result("mentions"), study.coded_mentions
    places = coded.items["mention"].to_numpy()
    codes = codes_by_coder(coded, mentions.table.index)
    names = study.compared_scorers if coded.coders else []
    labels = {name: label_scores(study.scored(name)) for name in names}
    hits = pd.concat([mentions.evidence.find({}), codes, pd.DataFrame(labels, index=codes.index)], axis=1)
    return measure_agreement(
        coded,
        {name: found[places] for name, found in labels.items()},
        statistics=study.config.statistics,
        evidence=table_evidence(hits, ACTOR_KEYS),
    )


def _machine_classes(study) -> Result:
    coded, statistics = study.coded_mentions, study.config.statistics
    names = study.compared_scorers if coded.coders else []
    labels = {name: label_scores(study.scored(name))[coded.items["mention"]] for name in names}
    result = measure_machine(coded, labels, statistics=statistics)
    return replace(result, evidence=study.result("agreement").evidence)


def _machine_balance(study) -> Result:
    scores, coded = study.result("scores"), study.coded_mentions
    places = coded.items["mention"].to_numpy(dtype=int)
    matched = (match_labels(coded, label_scores(scores.table)[places]), places) if coded.coders else None
    result = measure_machine_balance(
        study.corpus,
        study.groupings[1:],
        scores.table,
        matched,
        study.actor_labels,
        statistics=study.config.statistics,
    )
    return replace(result, evidence=scores.evidence)


def _robustness(study) -> Result:
    headlines = choose_headlines(
        study.result("contrasts").table, study.result("attention").table, study.config
    )
    return measure_robustness(
        study.corpus,
        study.counts,
        study.result("themes").evidence.find({}),
        study.result("scores").table,
        headlines,
    )


def _multiverse(study) -> Result:
    if len(study.corpus) > study.config.statistics.multiverse_articles:
        return no_multiverse(len(study.corpus), study.config.statistics.multiverse_articles)
    config, scores = study.config, study.result("scores").table
    contrasts = study.result("contrasts").table
    language = config.corpus.language
    terms = TermChoices(study.corpus, study.received, config.terms, config.contrasts.prior_tokens, language)
    actors = top_actors(
        study.result("attention").table,
        actors=config.figures.actors,
        min_mentions=config.sentiment.min_mentions,
    )
    claims = choose_sentiment_claims(study.corpus, scores, actors, min_mentions=config.sentiment.min_mentions)
    scored = {name: study.scored(name) for name in study.compared_scorers}
    parts = {
        "contrasts": run_term_specifications(
            terms, choose_term_claims(contrasts), workers=_workers(study), progress=study.progress
        ),
        "sentiment": run_sentiment_specifications(study.corpus, scored, claims),
        "themes": _theme_specifications(study),
    }
    headline = {"contrasts": MEASURES[0], "sentiment": config.sentiment.scorer, "themes": MEASURE}
    chosen = {
        "contrasts": multiverse_terms.published_choices(config.terms),
        "themes": multiverse_themes.published_choices(config.terms),
    }
    return measure_multiverse(parts, headline, chosen)


def _workers(study) -> int:
    """Count the processes that a multiverse is worth: starting them takes longer than a small corpus."""
    return 1 if len(study.corpus) < PARALLEL_ARTICLES else min(4, os.cpu_count() or 1)


def _theme_specifications(study) -> pd.DataFrame:
    themes, config = study.result("themes"), study.config
    claims = choose_theme_claims(study.result("robustness").table)
    names = tuple(themes.table["theme_id"].drop_duplicates())
    settings = replace(config.themes, k=max(2, len(names)))
    choices = ThemeChoices(study.corpus, study.received, settings, config.terms, names)
    return run_theme_specifications(choices, claims, progress=study.progress)


def _multiverse_summary(study) -> Result:
    return summarise_multiverse(study.result("multiverse").table)


def _calibration(study) -> Result:
    return measure_calibration(study.config.statistics)


STEPS: dict[str, Callable[..., Result]] = {
    "articles": _articles,
    "cleaning": _cleaning,
    "duplicates": _duplicates,
    "shared_copy": _shared_copy,
    "keywords": _keywords,
    "mentions": _mentions,
    "attention": _attention,
    "theme_stability": _theme_stability,
    "themes": _themes,
    "theme_time": _theme_time,
    "contrasts": _contrasts,
    "divergence": _divergence,
    "scores": _scores,
    "sentiment": _sentiment,
    "sentiment_adjusted": _sentiment_adjusted,
    "sentiment_shift": _sentiment_shift,
    "scorer_differences": _scorer_differences,
    "masking": _masking,
    "actor_pairs": _actor_pairs,
    "actor_themes": _actor_themes,
    "directed": _directed,
    "agreement": _agreement,
    "machine_classes": _machine_classes,
    "machine_balance": _machine_balance,
    "robustness": _robustness,
    "multiverse": _multiverse,
    "multiverse_summary": _multiverse_summary,
    "calibration": _calibration,
}
"""Name of a result to the function that makes it from the study, in the order in which they are computed."""
