"""Results on the corpus: articles, cleaning, keywords."""

from __future__ import annotations

from analysis.columns import Column, Table
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
    Table(
        "duplicates",
        "articles that are copies of one text: one row per article of a group",
        (
            count_column("group_id", "the group, numbered from 1"),
            text_column("article_id", "the article"),
            Column("kept", "flag", "it stands for the group: the earliest, then the longest"),
            Column(
                "left_out", "flag", "it is not in the corpus that is measured (study.toml, corpus.duplicates)"
            ),
            text_column("outlet", "the outlet's label"),
            text_column("bloc", "the outlet's bloc"),
            text_column("title", "headline", required=False),
            text_column("published", "date as coded", required=False),
            count_column("n_tokens", "tokens after cleaning"),
            count_column("n_articles", "articles of the group"),
            number_column("weight", "1 / articles of the group: what it counts if copies share their weight", **SHARE),
            number_column(
                "similarity", "share of the words of this and the kept article that both have", **SHARE
            ),
            number_column(
                "share", "share of this article that stands in the kept one, edited or not", **SHARE
            ),
            number_column(
                "share_kept", "share of the kept article that stands in this one, edited or not", **SHARE
            ),
        ),
    ),
    Table(
        "shared_copy",
        "who publishes the same texts as whom: one row per outlet and other outlet with groups in common",
        (
            text_column("outlet", "the outlet's label"),
            text_column("bloc", "the outlet's bloc"),
            text_column(
                "other", "the other outlet's label; the same for texts that an outlet published again"
            ),
            text_column("other_bloc", "its bloc"),
            count_column("n_groups", "groups in which both have an article"),
            count_column("n_first", "of these, the outlet published first"),
            count_column("n_later", "of these, the outlet published later: it may have taken the text over"),
            count_column("n_undated", "of these, the dates do not tell"),
            count_column("n_articles", "the outlet's articles in these groups"),
            number_column("share", "their share of the outlet's articles", **SHARE),
        ),
    ),
)
