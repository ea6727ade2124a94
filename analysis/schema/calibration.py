"""Results on planted corpora."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import SHARE, count_column, number_column, one_of, text_column

TABLES = (
    Table(
        "calibration",
        "how often intervals cover and tests reject on planted corpora; one row per quantity, method and size",
        (
            text_column("question", "what is counted", **one_of("coverage", "false positives", "power")),
            text_column("quantity", "what is planted, with the ratio of its rates in the two groups"),
            text_column("method", "the interval or test"),
            count_column("n_articles", "articles a group"),
            number_column(
                "truth", "the true value: log2 of the ratio of expected rates, or the ratio itself"
            ),
            count_column("n", "intervals or tests counted"),
            number_column(
                "rate", "the share that covers, or rejects at alpha; empty where p is withheld", **SHARE
            ),
            number_column("rate_low", "lower end of the simulation's own 95 % error", **SHARE),
            number_column("rate_high", "upper end", **SHARE),
            number_column("width", "median width of the interval"),
        ),
    ),
)
