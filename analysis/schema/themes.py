"""Results on themes."""

from __future__ import annotations

from analysis.columns import Column, Table
from analysis.schema.parts import GROUP_COLUMNS, SHARE, count_column, number_column, one_of, text_column

_ID = text_column("theme_id", "T1, T2, ... by weight in the corpus")
_LABEL = text_column("label", "the theme's name in study.toml, or its automatic label")

TABLES = (
    Table(
        "theme_stability",
        "one row per number of themes: how stable the model is, and which number is taken",
        (
            count_column("k", "number of themes"),
            number_column("stability", "mean agreement with refits on resampled articles, 0 to 1", **SHARE),
            number_column("se", "its standard error, corrected for the overlap of resamples"),
            number_column("chance", "the same agreement where terms were dealt out at random, a line over k", **SHARE),
            number_column("chance_sd", "standard deviation of chance between shuffles"),
            number_column("adjusted", "(stability - chance) / (1 - chance)"),
            number_column("adjusted_se", "standard error of adjusted"),
            number_column("left_out", "mean agreement with refits that leave one article out", **SHARE),
            number_column("error", "what the model leaves unexplained, as a share of the matrix's norm"),
            count_column("n_resamples", "refits behind stability"),
            count_column("n_left_out", "refits behind left_out"),
            count_column("n_articles", "articles on which stability is measured"),
            count_column("n_paragraphs", "their paragraphs"),
            Column("by_rule", "flag", "whether the rule takes this number"),
            Column("chosen", "flag", "whether the study takes this number"),
            text_column("flag", "what the curve does not support; empty if nothing", required=False),
        ),
    ),
    Table(
        "themes",
        "themes, and their weight in each article, outlet and bloc",
        (
            _ID,
            _LABEL,
            text_column("automatic_label", "the three of its ten top terms that set it apart most"),
            text_column("top_terms", "its top terms, by weight"),
            number_column(
                "stability",
                "agreement of its top terms with refits that leave one article out, 0 to 1",
                **SHARE,
            ),
            number_column("stability_resamples", "the same with refits on resampled articles", **SHARE),
            number_column("largest_share", "share of its weight that one article carries", **SHARE),
            text_column("driven_by", "the article that carries more than half of its weight", required=False),
            number_column("stability_without", "agreement when its largest article is left out", **SHARE),
            *GROUP_COLUMNS,
            count_column("n_articles", "articles of the group"),
            count_column("n_with_themes", "those of them with a paragraph that carries themes"),
            count_column("n_paragraphs", "paragraphs of the group that carry themes"),
            number_column("weight", "the theme's share of the group's theme weight", **SHARE),
            number_column("weight_low", "lower end of the 95 % article-level interval"),
            number_column("weight_high", "upper end"),
            number_column("difference", "mean share in the group's articles minus that in all others"),
            number_column("p", "permutation test of the difference over articles, two-sided"),
            number_column("q", "Benjamini-Hochberg over the family"),
            count_column("family", "tests in the family that q is computed over"),
            number_column("attainable_p", "the smallest p that so many articles can reach"),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
    Table(
        "theme_time",
        "weight of each theme in each bloc's articles of a month or year",
        (
            _ID,
            _LABEL,
            text_column("bloc", "the bloc"),
            text_column("unit", "how long a period is", **one_of("month", "year")),
            text_column("period", "YYYY-MM or YYYY"),
            count_column("n_articles", "articles of the bloc and period that carry themes"),
            count_column("n_paragraphs", "their paragraphs"),
            number_column("weight", "the theme's share of their theme weight", **SHARE),
            number_column("weight_low", "lower end of the 95 % article-level interval"),
            number_column("weight_high", "upper end"),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
)
