"""Results on actors beside actors, actors in themes, and who does what to whom."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import GROUP_COLUMNS, SHARE, count_column, number_column, one_of, text_column

RELATIONS = ("cooperative", "conflictual")
STATUSES = ("asserted", "hypothetical", "negated")

_FLAG = text_column("flag", "why something is withheld; empty if nothing is", required=False)
_BALANCES = (
    number_column("balance", "positive minus negative toward the actor there, -1 to 1"),
    number_column("overall", "the actor's balance over all its mentions in the group"),
    number_column("difference", "balance minus overall"),
    number_column("balance_low", "lower end of the 95 % article-level interval of balance"),
    number_column("balance_high", "upper end"),
    number_column("difference_low", "lower end of the 95 % article-level interval of difference"),
    number_column("difference_high", "upper end"),
    _FLAG,
)

TABLES = (
    Table(
        "actor_pairs",
        "sentiment toward an actor in the sentences that name another beside it",
        (
            text_column("actor_id", "the actor that is judged"),
            text_column("actor", "its label"),
            text_column("beside_id", "the actor named in the same sentence"),
            text_column("beside", "its label"),
            *GROUP_COLUMNS,
            count_column("n_sentences", "sentences that name both"),
            count_column("n_mentions", "mentions of the judged actor in them"),
            count_column("n_articles", "articles with such sentences"),
            *_BALANCES,
        ),
    ),
    Table(
        "actor_themes",
        "actors in the paragraphs of each theme, and the sentiment toward them there",
        (
            text_column("theme_id", "the theme"),
            text_column("label", "its label, as in the table themes"),
            text_column("actor_id", "the actor"),
            text_column("actor", "its label"),
            *GROUP_COLUMNS,
            count_column("n_mentions", "mentions in paragraphs that carry the theme"),
            count_column("n_articles", "articles with such mentions"),
            number_column("weighted_mentions", "mentions, each times the theme's share of its paragraph"),
            number_column("share", "the theme's share of the actor's weighted mentions", **SHARE),
            *_BALANCES,
        ),
    ),
    Table(
        "directed",
        "who does what to whom: directed verbs between actors",
        (
            text_column("subject_id", "the actor that acts or speaks"),
            text_column("subject", "its label"),
            text_column("object_id", "the actor toward whom"),
            text_column("object", "its label"),
            text_column("relation", "cooperative or conflictual", **one_of(*RELATIONS)),
            *GROUP_COLUMNS,
            count_column("n", "relations that the sentences assert"),
            count_column("n_material", "of them deeds (the others are words)"),
            count_column("n_articles", "articles with them"),
            count_column(
                "n_hypothetical", "relations that are only possible, wished or asked; not in n"
            ),
            count_column("n_negated", "relations that are denied; not in n"),
            text_column("verbs", "verbs and nouns of the asserted ones, with their number", required=False),
            _FLAG,
        ),
    ),
)
