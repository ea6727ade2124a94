"""Tables that only a study in partitions writes: what the study holds in memory, or lists in other ways."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import count_column, number_column, one_of, text_column

TERM_TOTALS = Table(
    "term_totals",
    "how often each tested term occurs in each outlet and bloc; where it does not, there is no row",
    (
        text_column("level", "what the group is", **one_of("outlet", "bloc")),
        text_column("group", "the outlet's label or the bloc"),
        text_column("term", "the term"),
        count_column("count", "occurrences"),
        count_column("n_articles", "articles of the group that contain it"),
        count_column("n_group_articles", "articles of the group"),
        count_column("n_tokens", "tokens of the group"),
        number_column("per_10000", "occurrences per 10,000 tokens"),
    ),
)

EXCLUDED = Table(
    "excluded",
    "articles and files that were set aside, each with the reason",
    (
        text_column("file", "the partition, with its rows where a stretch of it could not be read"),
        count_column("row", "the record, counted from 1; 0 for the whole file or stretch"),
        text_column("article_id", "as it stands there; empty where unknown", required=False),
        text_column("column", "the column that it stands in", required=False),
        text_column("found", "what is wrong"),
        text_column("allowed", "what may stand there", required=False),
        text_column("remedy", "what to do", required=False),
    ),
)

THEME_ARTICLES = Table(
    "theme_articles",
    "weight of each theme in each article that carries any",
    (
        text_column("article_id", "the article"),
        text_column("theme_id", "the theme"),
        number_column("weight", "weight of the theme, summed over the article's paragraphs"),
        count_column("n_paragraphs", "paragraphs of the article that carry themes"),
    ),
)

PARTITION_TABLES = (TERM_TOTALS, EXCLUDED, THEME_ARTICLES)
