"""Results on who is mentioned."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import (
    GROUP_COLUMNS,
    MENTION_COLUMNS,
    SHARE,
    count_column,
    number_column,
    text_column,
)

TABLES = (
    Table("mentions", "every mention of an actor", MENTION_COLUMNS),
    Table(
        "attention",
        "who is mentioned, and how much",
        (
            text_column("actor_id", "the actor"),
            text_column("actor", "the actor's label"),
            text_column("kind", "state, person or organisation"),
            *GROUP_COLUMNS,
            count_column("n_mentions", "mentions"),
            count_column("n_articles", "articles of the group that mention the actor"),
            count_column("n_group_articles", "articles of the group"),
            number_column("per_1000", "mentions per 1,000 tokens of the group"),
            number_column("share", "share of the group's mentions of all actors", **SHARE),
            number_column("per_1000_low", "lower end of the 95 % article-level interval"),
            number_column("per_1000_high", "upper end"),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
)
