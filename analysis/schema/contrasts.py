"""Results on term contrasts."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import count_column, number_column, one_of, text_column

TABLES = (
    Table(
        "contrasts",
        "one row per contrast and term",
        (
            text_column("level", "what is contrasted", **one_of("outlet", "bloc")),
            text_column("target", "the outlet or bloc whose terms are sought"),
            text_column("reference", "what it is set against; 'rest' is all others pooled"),
            text_column("term", "the term"),
            count_column("count_target", "occurrences in the target"),
            count_column("count_reference", "occurrences in the reference"),
            count_column("articles_target", "articles of the target that contain it"),
            count_column("articles_reference", "articles of the reference that contain it"),
            count_column("n_articles_target", "articles of the target"),
            count_column("n_articles_reference", "articles of the reference"),
            number_column("per_10000_target", "occurrences per 10,000 tokens of the target"),
            number_column("per_10000_reference", "occurrences per 10,000 tokens of the reference"),
            number_column("g2", "signed log-likelihood ratio, four-term"),
            number_column("log_ratio", "log2 of the ratio of the rates, 0.5 added"),
            number_column("log_odds", "difference of log-odds, informative Dirichlet prior"),
            number_column("z", "log_odds in standard errors, two-term variance"),
            number_column("dp_target", "dispersion DP over the target's articles, 0 even"),
            number_column("dp_reference", "dispersion DP over the reference's articles, 0 even"),
            number_column("log_ratio_low", "lower end of the 95 % article-level interval of log_ratio"),
            number_column("log_ratio_high", "upper end"),
            number_column("p", "permutation test over articles, two-sided"),
            number_column("q", "Benjamini-Hochberg over the family"),
            count_column("family", "terms in the family that q is computed over"),
            number_column("attainable_p", "the smallest p that the test can give for so many articles"),
            text_column(
                "driven_by", "article without which the sign turns or the size halves", required=False
            ),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
)
