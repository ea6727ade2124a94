"""Results on the multiverse of specifications."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import SHARE, count_column, number_column, one_of, text_column

_FAMILY = text_column("family", "the kind of claim", **one_of("contrasts", "sentiment", "themes"))


def _choice(name: str, meaning: str):
    return text_column(name, f"{meaning}; empty where the kind of claim does not know it", required=False)


TABLES = (
    Table(
        "multiverse",
        "every headline claim under every specification",
        (
            _FAMILY,
            text_column("item", "term, actor_id or theme_id"),
            text_column("group", "the bloc, set against all others together"),
            _choice("case", "whether kept case is kept"),
            _choice("denominator", "what a rate is divided by"),
            _choice("lemmas", "words or lemmas"),
            _choice("ngrams", "what is counted"),
            _choice("min_count", "the least frequency"),
            _choice("cleaning", "the texts as cleaned or as received"),
            _choice("coding", "the coding of the outlets"),
            _choice("left_out", "the article left out"),
            _choice("voice", "whose words count"),
            _choice("scored_as", "probabilities or labels"),
            _choice("unit", "what is averaged"),
            _choice("baseline", "what is subtracted"),
            _choice("k", "the number of themes"),
            _choice("min_tokens", "the shortest paragraph"),
            text_column("measure", "how the size is measured; for sentiment, the scorer"),
            number_column("value", "the number; empty where it cannot be had"),
            number_column(
                "relative", "over the value of this measure as published: 1 the same, below 0 turned"
            ),
            count_column("published", "1 for the specification that is published, else 0"),
        ),
    ),
    Table(
        "multiverse_summary",
        "how many specifications bear each headline claim, in all and by choice",
        (
            _FAMILY,
            text_column("item", "term, actor_id or theme_id"),
            text_column("group", "the bloc"),
            text_column("choice", "a choice; empty for all specifications together", required=False),
            text_column("option", "what was chosen", required=False),
            count_column("n_specifications", "specifications"),
            count_column("n_lost", "those in which the number cannot be had"),
            number_column(
                "same_sign", "share of all specifications with the sign that is published", **SHARE
            ),
            number_column("value", "the number as published"),
            number_column("relative_low", "5 % of the relative sizes lie below"),
            number_column("relative_median", "half of them lie below"),
            number_column("relative_high", "95 % lie below"),
        ),
    ),
)
