"""Results on term contrasts."""

from __future__ import annotations

from analysis.columns import Column, Table
from analysis.schema.parts import count_column, number_column, one_of, text_column

TABLES = (
    Table(
        "contrasts",
        "one row per contrast and term",
        (
            text_column("level", "what is contrasted: outlet, bloc, or another column of the articles"),
            text_column("target", "the outlet or bloc whose terms are sought"),
            text_column(
                "reference", "what it is set against; 'rest' is all others pooled, 'reference list' a list"
            ),
            text_column("term", "the term"),
            count_column("count_target", "occurrences in the target"),
            count_column("count_reference", "occurrences in the reference"),
            count_column("articles_target", "articles of the target that contain it"),
            count_column("articles_reference", "articles of the reference that contain it"),
            count_column("n_articles_target", "articles of the target"),
            count_column("n_articles_reference", "articles of the reference"),
            count_column("outlets_target", "outlets of the target"),
            count_column("outlets_reference", "outlets of the reference"),
            number_column("per_10000_target", "occurrences per 10,000 tokens of the target"),
            number_column("per_10000_reference", "occurrences per 10,000 tokens of the reference"),
            number_column(
                "per_10000_mean_target", "mean over the target's outlets of their rates per 10,000 tokens"
            ),
            number_column("per_10000_mean_reference", "mean over the reference's outlets"),
            number_column("g2", "signed log-likelihood ratio, four-term"),
            number_column("g2_two_term", "signed log-likelihood ratio, two-term"),
            number_column("bic", "g2 without its sign, minus the logarithm of the tokens"),
            number_column(
                "g2_articles", "text dispersion keyness: g2 of the numbers of articles that contain it"
            ),
            number_column("log_ratio", "log2 of the ratio of the rates, 0.5 added"),
            number_column(
                "log_ratio_mean", "log_ratio of the means over outlets: each outlet weighs the same"
            ),
            number_column(
                "lrc", "conservative log_ratio: the bound nearer 0 of its exact interval over tokens"
            ),
            number_column("simple_maths", "ratio of the rates per million, 100 added to both"),
            number_column("log_odds", "difference of log-odds, informative Dirichlet prior"),
            number_column("z", "log_odds in standard errors, two-term variance"),
            number_column("z_four_term", "log_odds in standard errors, four-term variance"),
            *(
                number_column(
                    f"{measure}_{side}", f"dispersion {name} over the {side}'s articles, {even} even"
                )
                for measure, name, even in (
                    ("dp", "DP", 0),
                    ("dp_norm", "DP, normalised", 0),
                    ("juilland_d", "Juilland's D", 1),
                    ("kld", "Kullback-Leibler divergence", 0),
                )
                for side in ("target", "reference")
            ),
            number_column("log_ratio_low", "lower end of the 95 % article-level interval of log_ratio"),
            number_column("log_ratio_high", "upper end"),
            number_column(
                "log_ratio_mean_low", "lower end of the 95 % article-level interval of log_ratio_mean"
            ),
            number_column("log_ratio_mean_high", "upper end"),
            number_column("p", "permutation test over articles, two-sided"),
            text_column(
                "test",
                "how p was found; empty where it is withheld",
                required=False,
                **one_of("exact", "sampled"),
            ),
            number_column("q", "Benjamini-Hochberg over the family"),
            count_column("family", "terms in the family that q is computed over"),
            number_column("attainable_p", "the smallest p that the test can give for so many articles"),
            text_column(
                "driven_by", "article without which the sign turns or the size halves", required=False
            ),
            Column("lock", "flag", "lock word: both sides use it alike, often and evenly (Baker 2011)"),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
)
