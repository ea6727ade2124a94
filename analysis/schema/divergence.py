"""Results on the divergence of two groups' vocabularies."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import SHARE, count_column, number_column, one_of, text_column

TABLES = (
    Table(
        "divergence",
        "how far two groups' vocabularies lie apart: one row per pair and term, which sum to the divergence",
        (
            text_column("level", "what is compared", **one_of("outlet", "bloc")),
            text_column("target", "the first group"),
            text_column("reference", "the second group"),
            text_column("term", "the term; the last row holds all that are not ranked"),
            count_column("count_target", "occurrences in the first group"),
            count_column("count_reference", "occurrences in the second group"),
            count_column("n_articles_target", "articles of the first group"),
            count_column("n_articles_reference", "articles of the second group"),
            number_column("per_10000_target", "rate in the first group"),
            number_column("per_10000_reference", "rate in the second group"),
            number_column("contribution", "bits of the divergence that the term makes", **SHARE),
            text_column(
                "more_in", "the side that uses the term more", required=False, **one_of("target", "reference")
            ),
            number_column(
                "jsd", "Jensen-Shannon divergence of the pair, in bits: 0 the same, 1 nothing shared", **SHARE
            ),
            number_column("jsd_expected", "its mean when the same articles are divided at random", **SHARE),
            number_column("attainable_p", "smallest p that so many articles can reach", **SHARE),
            number_column("p", "permutation of articles, one-sided; empty where withheld", **SHARE),
            text_column("flag", "what the sample does not support", required=False),
        ),
    ),
)
