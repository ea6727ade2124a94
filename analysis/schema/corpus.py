"""Results on the corpus: articles, cleaning, keywords."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import SHARE, count_column, number_column, text_column

TABLES = (
    Table(
        "articles",
        "the corpus: one row per article after cleaning",
        (
            text_column("article_id", "the article"),
            text_column("outlet_id", "the outlet"),
            text_column("outlet", "the outlet's label"),
            text_column("bloc", "the outlet's bloc"),
            text_column("bloc_alternative", "the alternative coding; empty if none", required=False),
            text_column("title", "headline", required=False),
            text_column("author", "byline", required=False),
            text_column("published", "date as coded", required=False),
            text_column("published_from", "first day it may mean", required=False),
            text_column("published_to", "last day it may mean", required=False),
            count_column("n_paragraphs", "paragraphs after cleaning"),
            count_column("n_sentences", "sentences after cleaning"),
            count_column("n_tokens", "tokens after cleaning"),
            number_column("removed", "share of the received characters that cleaning removed", **SHARE),
            text_column("confidence", "confidence in the outlet's coding", required=False),
        ),
    ),
    Table(
        "cleaning",
        "what was removed from each article, by which rule",
        (
            text_column("article_id", "the article"),
            text_column("rule_id", "the rule (cleaning.toml)"),
            text_column(
                "field", "the field it was lifted into; empty if it was only removed", required=False
            ),
            count_column("start", "first character removed, in the text as received"),
            count_column("end", "character after the last removed"),
            count_column("n_tokens", "tokens removed"),
            text_column("text", "what was removed"),
            text_column("reason", "why, as the rule says"),
        ),
    ),
    Table(
        "keywords",
        "the effect of cleaning on the top keywords of each article (TF-IDF over articles)",
        (
            text_column("article_id", "the article"),
            text_column("term", "the term"),
            number_column("tfidf_received", "weight in the text as received"),
            number_column("rank_received", "rank there; empty if the term is not in it"),
            number_column("tfidf_cleaned", "weight in the cleaned text"),
            number_column("rank_cleaned", "rank there; empty if cleaning removed the term"),
        ),
    ),
)
