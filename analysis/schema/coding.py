"""Results on human codings: how far coders agree, and how far the machine agrees with them."""

from __future__ import annotations

from analysis.columns import Table
from analysis.schema.parts import SHARE, count_column, number_column, one_of, text_column

_FLAG = text_column("flag", "why something is undefined or withheld; empty if nothing is", required=False)
_VARIABLE = text_column("variable", "what was coded")
_CODERS = (text_column("first", "a coder"), text_column("second", "another coder"))
_ALPHA = (
    number_column("alpha", "Krippendorff's alpha at the variable's level; of a single code, nominal"),
    number_column("alpha_low", "lower end of its 95 % article-level interval"),
    number_column("alpha_high", "upper end"),
)
_CLASSES = ("negative", "neutral", "positive")


def _bounded(name: str, meaning: str, **share) -> tuple:
    """Declare an estimate with its interval."""
    return (
        number_column(name, meaning, **share),
        number_column(f"{name}_low", "lower end of its 95 % article-level interval"),
        number_column(f"{name}_high", "upper end"),
    )


TABLES = (
    Table(
        "machine_classes",
        "how well a scorer finds each class that coders gave, in the corpus that the coded mentions stand for",
        (
            text_column("scorer", "the scorer"),
            text_column(
                "class",
                "the class; macro is the mean of the classes, all the share of mentions labelled as coded",
                **one_of(*_CLASSES, "macro", "all"),
            ),
            count_column("n_coded", "mentions with this reference code"),
            count_column("n_found", "coded mentions that the scorer labels so"),
            count_column("n_articles", "articles that count for it"),
            *_bounded("precision", "share of what is labelled so that is coded so", **SHARE),
            *_bounded("recall", "share of what is coded so that is labelled so", **SHARE),
            *_bounded("f1", "harmonic mean of precision and recall", **SHARE),
            *(
                number_column(f"found_{one}", f"share of the class that is labelled {one}", **SHARE)
                for one in _CLASSES
            ),
            _FLAG,
        ),
    ),
    Table(
        "machine_balance",
        "balance toward each actor as the scorer counts it, and corrected by coded mentions",
        (
            text_column("actor_id", "the actor"),
            text_column("actor", "the actor's label"),
            text_column("level", "what the group is", **one_of("outlet", "bloc")),
            text_column("group", "the outlet or bloc"),
            text_column(
                "against",
                "what is taken away: rest for all other articles, another bloc; empty for the balance itself",
                required=False,
            ),
            count_column("n_mentions", "mentions scored; of a difference, those of the smaller side"),
            count_column("n_articles", "articles with such mentions, likewise"),
            count_column("n_coded", "mentions coded, likewise"),
            count_column("n_articles_coded", "articles with coded mentions, likewise"),
            *_bounded("machine", "balance of the scorer's labels, uncorrected"),
            *_bounded(
                "corrected", "the same plus the mean error seen in coded mentions, weighted by the sample"
            ),
            number_column("by_matrix", "balance corrected by the confusion matrix of the coded mentions"),
            number_column("by_matrix_low", "lower end of its 95 % percentile interval over articles"),
            number_column("by_matrix_high", "upper end"),
            number_column("coded", "balance of the coded mentions alone, weighted by the sample"),
            _FLAG,
        ),
    ),
)

CODING_TABLES = (
    Table(
        "coding_alpha",
        "agreement of all coders on each variable, and on each of its codes",
        (
            _VARIABLE,
            text_column("level", "level of measurement", **one_of("nominal", "ordinal", "interval")),
            text_column("unclear", "what unclear is taken for", **one_of("missing", "a code")),
            text_column("code", "the code that is set against the rest; empty for all codes", required=False),
            count_column("n_items", "items that two or more coded"),
            count_column("n_articles", "articles that hold them"),
            count_column("n_coders", "coders who coded any of them"),
            number_column("agreement", "share of the pairs of codes of an item that are equal", **SHARE),
            *_ALPHA,
            _FLAG,
        ),
    ),
    Table(
        "coding_pairs",
        "agreement of every two coders; unclear is missing",
        (
            _VARIABLE,
            *_CODERS,
            count_column("n", "items that both coded"),
            count_column("n_articles", "articles that hold them"),
            number_column("agreement", "share of them with the same code", **SHARE),
            number_column("kappa", "Cohen's kappa, nominal"),
            number_column("ac1", "Gwet's AC1, nominal"),
            *_ALPHA,
            _FLAG,
        ),
    ),
    Table(
        "coding_confusion",
        "codes of every two coders, cross-tabulated",
        (
            _VARIABLE,
            *_CODERS,
            text_column("first_code", "the code of the first"),
            text_column("second_code", "the code of the second"),
            count_column("n", "items so coded"),
        ),
    ),
    Table(
        "coding_coders",
        "what each coder left out or could not decide",
        (
            _VARIABLE,
            text_column("coder", "the coder"),
            count_column("n_items", "items on the coder's sheet"),
            count_column("n_missing", "items without a code"),
            count_column("n_unclear", "items coded unclear"),
            number_column("missing", "share of the items without a code", **SHARE),
            number_column("unclear", "share of the codes given that are unclear", **SHARE),
        ),
    ),
    Table(
        "coding_disagreements",
        "items on which coders differ, with what they read",
        (
            _VARIABLE,
            text_column("item_id", "the item"),
            text_column("article_id", "its article"),
            text_column("codes", "each coder's code"),
            text_column("actor", "the actor, where one is coded", required=False),
            text_column("before", "what stands before the target", required=False),
            text_column("target", "the mention, or the text that was coded", required=False),
            text_column("after", "what stands after it", required=False),
        ),
    ),
)
"""Made by `framing agreement` of the sheets that it is given; a study's run does not hold them."""
