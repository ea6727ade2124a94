"""Results on sentiment toward actors, what stands behind it, and its agreement with human codes."""

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
            number_column("balance_minus_corpus", "balance minus that of all articles toward the same actor"),
            number_column("balance_low", "lower end of the 95 % article-level interval of balance"),
            number_column("balance_high", "upper end"),
            count_column("n_articles_rest", "articles of other groups with such mentions; 0 for an article"),
            number_column("difference", "mean per-article balance of the group minus that of the rest"),
            number_column("attainable_p", "the smallest two-sided p that so many articles can reach"),
            number_column(
                "p", "permutation of article labels on the difference; withheld above alpha", **SHARE
            ),
            number_column("q", "Benjamini-Hochberg over the tests of the level and voice", **SHARE),
            count_column("family", "tests of the level and voice"),
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
        "sentiment_adjusted",
        "shares of sentiment as counted, and as they would be if the scorer erred here as on its benchmark",
        (
            text_column("actor_id", "the actor"),
            text_column("actor", "the actor's label"),
            *GROUP_COLUMNS,
            text_column(
                "benchmark_set", "the test set whose confusion matrix is used; none if the card has none"
            ),
            count_column("n_mentions", "mentions scored"),
            number_column("counted_negative", "share of mentions labelled negative", **SHARE),
            number_column("counted_neutral", "share labelled neutral", **SHARE),
            number_column("counted_positive", "share labelled positive", **SHARE),
            number_column("counted_balance", "positive minus negative labels, -1 to 1"),
            number_column("adjusted_negative", "share after the adjustment", **SHARE),
            number_column("adjusted_neutral", "share after the adjustment", **SHARE),
            number_column("adjusted_positive", "share after the adjustment", **SHARE),
            number_column("adjusted_balance", "positive minus negative after the adjustment"),
            number_column("adjusted_balance_low", "lower end of its range over redrawn benchmark targets"),
            number_column("adjusted_balance_high", "upper end; not an interval over articles"),
            text_column("flag", "that it is a sensitivity, and why something is withheld"),
        ),
    ),
    Table(
        "scorer_differences",
        "two scorers side by side, on the same mentions",
        (
            text_column("actor_id", "the actor; all for all together"),
            text_column("actor", "the actor's label"),
            text_column("level", "what the group is", **one_of("corpus", "bloc")),
            text_column("group", "the bloc; all for the corpus"),
            text_column("first", "the study's scorer"),
            text_column("second", "the baseline"),
            count_column("n_mentions", "mentions scored by both"),
            count_column("n_articles", "articles with such mentions"),
            number_column("balance_first", "balance by the first"),
            number_column("balance_second", "balance by the second"),
            number_column("apart", "first minus second"),
            number_column("correlation", "Pearson's, between the balances of mentions"),
            number_column("agreement", "share of mentions with the same label", **SHARE),
            number_column("alpha", "Krippendorff's alpha of the labels, nominal"),
            *(
                count_column(f"{one}_{other}", f"mentions {one} to the first and {other} to the second")
                for one in ("negative", "neutral", "positive")
                for other in ("negative", "neutral", "positive")
            ),
        ),
    ),
    Table(
        "masking",
        "the same mentions scored with the actor's name masked and visible",
        (
            text_column("scope", "what the mentions have in common", **one_of("all", "kind", "actor")),
            text_column("item", "all actors, the kind, or the actor's label"),
            count_column("n_mentions", "mentions scored twice"),
            count_column("n_articles", "articles with such mentions"),
            number_column("balance_masked", "balance with the name masked, as in the study"),
            number_column("balance_visible", "balance with the name visible"),
            number_column("difference", "visible minus masked: what the name adds"),
            number_column("difference_low", "lower end of its 95 % article-level interval"),
            number_column("difference_high", "upper end"),
            number_column("turned", "share of mentions whose label changes", **SHARE),
            text_column("flag", "why something is withheld; empty if nothing is", required=False),
        ),
    ),
    Table(
        "sentiment_shift",
        "why two blocs differ in their balance toward an actor, word by word",
        (
            text_column("actor_id", "the actor"),
            text_column("actor", "the actor's label"),
            text_column("level", "what is compared", **one_of("bloc")),
            text_column("target", "one bloc"),
            text_column("reference", "the other"),
            text_column("line", "what the line stands for", **one_of("word", "other words", "untold")),
            text_column("word", "the word; empty for a line that is none", required=False),
            count_column("rank", "place in the pair, from 1"),
            count_column("n_mentions_target", "the target's mentions of the actor"),
            count_column("n_mentions_reference", "the reference's"),
            count_column("n_articles_target", "articles with such mentions"),
            count_column("n_articles_reference", "articles with such mentions"),
            count_column("near_target", "the target's mentions that the word stands near; 0 for no word"),
            count_column("near_reference", "the reference's"),
            count_column("articles_target", "articles in which it stands near the actor; 0 for no word"),
            count_column("articles_reference", "articles in which it stands near the actor"),
            number_column(
                "share_target", "share of the target's mentions that the word stands near", **SHARE
            ),
            number_column("share_reference", "share of the reference's", **SHARE),
            number_column("weight", "balance that goes with the word within an article, in the whole corpus"),
            number_column("contribution", "what the line adds to the difference of the balances"),
            number_column(
                "contribution_low", "lower end of its 95 % article-level interval, weights held fixed"
            ),
            number_column("contribution_high", "upper end"),
            text_column(
                "direction",
                "whether the target has more or less of a positive or negative word",
                required=False,
            ),
            number_column("balance_target", "the target's balance"),
            number_column("balance_reference", "the reference's balance"),
            number_column("difference", "target minus reference: the sum of the pair's contributions"),
            number_column(
                "fit", "variance within articles that the words predict in articles left out; at most 1"
            ),
            text_column("flag", "why something is withheld or doubtful; empty if nothing is", required=False),
        ),
    ),
    Table(
        "agreement",
        "how far coders agree, and each scorer with them",
        (
            text_column("first", "a coder, or the code that more than half of the coders gave"),
            text_column("second", "another coder, or a scorer"),
            count_column("n", "mentions that both have coded"),
            count_column("n_articles", "articles that hold them"),
            number_column("agreement", "share of them with the same code", **SHARE),
            number_column("kappa", "Cohen's kappa"),
            number_column("ac1", "Gwet's AC1"),
            number_column("alpha", "Krippendorff's alpha, nominal"),
            number_column("alpha_low", "lower end of its 95 % article-level interval"),
            number_column("alpha_high", "upper end"),
            number_column("macro_f1", "mean F1 of the classes that either has", **SHARE),
            *(
                column
                for one in ("negative", "neutral", "positive")
                for column in (
                    count_column(f"n_{one}_first", f"{one} codes of the first"),
                    count_column(f"n_{one}_second", f"{one} codes of the second"),
                    number_column(f"f1_{one}", f"F1 of the class {one}", **SHARE),
                )
            ),
            text_column(
                "flag", "why something is undefined or withheld; empty if nothing is", required=False
            ),
        ),
    ),
)
