"""Results on sentiment toward actors, and its agreement with human codes."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import (
    GROUP_COLUMNS,
    MENTION_COLUMNS,
    SHARE,
    count_column,
    number_column,
    one_of,
    text_column,
)

TABLES = (
    Table(
        "sentiment",
        "sentiment toward each actor",
        (
            text_column("actor_id", "the actor"),
            text_column("actor", "the actor's label"),
            text_column("kind", "state, person or organisation"),
            *GROUP_COLUMNS,
            text_column("voice", "whose words: all, own or quoted", **one_of("all", "own", "quoted")),
            count_column("n_mentions", "mentions scored"),
            count_column("n_articles", "articles with such mentions"),
            number_column("negative", "share of negative mentions", **SHARE),
            number_column("neutral", "share of neutral mentions", **SHARE),
            number_column("positive", "share of positive mentions", **SHARE),
            number_column("balance", "positive minus negative, -1 to 1"),
            number_column("baseline", "balance over all actors in the same articles, weighted as here"),
            number_column("balance_minus_baseline", "balance minus baseline"),
            number_column("balance_low", "lower end of the 95 % article-level interval of balance"),
            number_column("balance_high", "upper end"),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
    Table(
        "scores",
        "the score of every mention",
        (
            *MENTION_COLUMNS,
            number_column("negative", "probability, or 0 and 1 for a scorer that only labels", **SHARE),
            number_column("neutral", "probability", **SHARE),
            number_column("positive", "probability", **SHARE),
            text_column("sentence", "the sentence scored"),
        ),
    ),
    Table(
        "agreement",
        "how far coders agree, and each scorer with them",
        (
            text_column("first", "a coder, or the codes on which all coders agree"),
            text_column("second", "another coder, or a scorer"),
            count_column("n", "mentions that both have coded"),
            number_column("agreement", "share of them with the same code", **SHARE),
            number_column("alpha", "Krippendorff's alpha, nominal"),
            number_column("alpha_low", "lower end of its 95 % interval, over mentions"),
            number_column("alpha_high", "upper end"),
            number_column("macro_f1", "mean F1 of the three classes", **SHARE),
            *(
                column
                for one in ("negative", "neutral", "positive")
                for column in (
                    count_column(f"n_{one}_first", f"{one} codes of the first"),
                    count_column(f"n_{one}_second", f"{one} codes of the second"),
                    number_column(f"f1_{one}", f"F1 of the class {one}", **SHARE),
                )
            ),
        ),
    ),
)
