"""Results on robustness."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import number_column, one_of, text_column

TABLES = (
    Table(
        "robustness",
        "every headline number again, under each specification",
        (
            text_column("measure", "the measure", **one_of("themes", "contrasts", "sentiment")),
            text_column("item", "theme, term or actor"),
            text_column("group", "the bloc"),
            text_column("quantity", "the column that is repeated"),
            text_column("specification", "what was changed"),
            number_column("value", "the number under this specification; empty where it cannot be had"),
            number_column("reference_value", "the number as published"),
            text_column(
                "verdict", "whether the finding stands", **one_of("same", "halved", "turned", "lost")
            ),
        ),
    ),
)
