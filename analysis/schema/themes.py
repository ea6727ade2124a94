"""Results on themes."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import GROUP_COLUMNS, SHARE, count_column, number_column, text_column

TABLES = (
    Table(
        "themes",
        "themes, and their weight in each article, outlet and bloc",
        (
            text_column("theme_id", "T1, T2, ... by weight in the corpus"),
            text_column("label", "the theme's top three terms"),
            text_column("top_terms", "its top terms, by weight"),
            number_column(
                "stability",
                "agreement of its top terms with refits that leave one article out, 0 to 1",
                **SHARE,
            ),
            *GROUP_COLUMNS,
            count_column("n_articles", "articles of the group"),
            count_column("n_paragraphs", "paragraphs of the group that carry themes"),
            number_column("weight", "the theme's share of the group's theme weight", **SHARE),
            number_column("weight_low", "lower end of the 95 % article-level interval"),
            number_column("weight_high", "upper end"),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
)
