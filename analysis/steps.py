"""The steps of a study, in their order: which measure makes which result, from what."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.codings import load_codings
from analysis.errors import ParameterError
from analysis.evidence import term_evidence
from analysis.measures.agreement import measure_agreement
from analysis.measures.attention import measure_attention, measure_mentions
from analysis.measures.calibration import measure_calibration
from analysis.measures.contrasts import measure_contrasts
from analysis.measures.headlines import choose_headlines
from analysis.measures.keywords import measure_cleaning, measure_keywords
from analysis.measures.robustness import measure_robustness
from analysis.measures.sentiment import measure_sentiment
from analysis.measures.themes import measure_themes, no_themes
from analysis.results import ACTOR_KEYS, Result, table_evidence
from analysis.sentiment.contract import label_scores


def _articles(study) -> Result:
    return study.corpus.describe()


def _cleaning(study) -> Result:
    return measure_cleaning(study.corpus)


def _keywords(study) -> Result:
    return measure_keywords(study.corpus, study.received, terms=study.config.terms)


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


def _themes(study) -> Result:
    config = study.config
    try:
        return measure_themes(
            study.corpus,
            study.groupings,
            themes=config.themes,
            terms=config.terms,
            statistics=config.statistics,
        )
    except ParameterError as error:
        # a corpus too small for its themes still has contrasts and sentiment; what is missing is listed
        return no_themes(str(error))


def _contrasts(study) -> Result:
    config = study.config
    return measure_contrasts(
        study.counts,
        study.groupings[1:],
        terms=config.terms,
        contrasts=config.contrasts,
        statistics=config.statistics,
        evidence=term_evidence(study.corpus, config.terms.keep_case),
    )


def _scores(study) -> Result:
    table = study.scored(study.config.sentiment.scorer)
    hits = study.result("mentions").evidence.find({}).reset_index(drop=True)
    classes = table[["negative", "neutral", "positive"]]
    scored = pd.concat([hits, classes, (table["positive"] - table["negative"]).rename("balance")], axis=1)
    scored = scored.sort_values(["balance", "article_id", "start"], ignore_index=True)
    return Result(
        "scores",
        table,
        params={"scorer": study.config.sentiment.scorer},
        provenance={"benchmark": dict(study.scorer.benchmark)},
        evidence=table_evidence(scored, ACTOR_KEYS),
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


def _agreement(study) -> Result:
    mentions = study.result("mentions")
    codes = load_codings(study.paths.codings, mentions.table)
    names = study.compared_scorers if len(codes.columns) else []
    labels = {name: label_scores(study.scored(name)) for name in names}
    hits = pd.concat([mentions.evidence.find({}), codes, pd.DataFrame(labels, index=codes.index)], axis=1)
    return measure_agreement(
        codes, labels, statistics=study.config.statistics, evidence=table_evidence(hits, ACTOR_KEYS)
    )


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


def _calibration(study) -> Result:
    return measure_calibration(study.config.statistics)


STEPS: dict[str, Callable[..., Result]] = {
    "articles": _articles,
    "cleaning": _cleaning,
    "keywords": _keywords,
    "mentions": _mentions,
    "attention": _attention,
    "themes": _themes,
    "contrasts": _contrasts,
    "scores": _scores,
    "sentiment": _sentiment,
    "agreement": _agreement,
    "robustness": _robustness,
    "calibration": _calibration,
}
"""Name of a result to the function that makes it from the study, in the order in which they are computed."""
