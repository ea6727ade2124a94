"""Every table's columns, types and meanings, declared once; seeds and results are checked against them."""

from __future__ import annotations

import re

import pandas as pd

from analysis.columns import KINDS, Column, Table, check_table, parse_published

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}\Z")
CONFIDENCES = ("high", "medium", "low")
PRECISIONS = ("day", "month", "year")


def _is_date(value: object) -> bool:
    try:
        parse_published(str(value))
    except ValueError:
        return False
    return True


def _one_of(*values: str) -> dict:
    return {"allowed": ", ".join(values), "check": lambda value: value in values}


_ID = {
    "allowed": "letters, digits, '.', '_' and '-', at most 80, starting with a letter or digit",
    "check": lambda value: bool(ID_PATTERN.match(str(value))),
}
_SHARE = {"allowed": "0 to 1", "check": lambda value: 0 <= float(value) <= 1}
_COUNT = {"allowed": "0 or more", "check": lambda value: int(value) >= 0}
# 'rest' is how the contrasts name all other groups together
_NOT_REST = {"allowed": "any text but 'rest'", "check": lambda value: str(value).casefold() != "rest"}
_GROUP_COLUMNS = (
    Column("level", "text", "what the group is", **_one_of("article", "outlet", "bloc")),
    Column("group", "text", "the article_id, the outlet's label or the bloc"),
)


def _text(name: str, meaning: str, **options) -> Column:
    return Column(name, "text", meaning, **options)


def _count(name: str, meaning: str, **options) -> Column:
    return Column(name, "whole", meaning, **{**_COUNT, **options})


def _number(name: str, meaning: str, **options) -> Column:
    return Column(name, "number", meaning, **{"required": False, **options})


ARTICLES_SEED = Table(
    "articles.csv",
    "one row per article",
    (
        _text("article_id", "readable, unique name of the article", **_ID),
        _text("file", "the text, relative to seeds/, as received and never edited"),
        _text("outlet_id", "the outlet that carried it (outlets.csv)", **_ID),
        _text("title", "headline as printed", required=False),
        _text("author", "byline as printed; empty where the text names none", required=False),
        _text(
            "published",
            "date of publication, as precise as the text supports",
            required=False,
            allowed="YYYY-MM-DD, YYYY-MM or YYYY (a day of the calendar), or empty",
            check=_is_date,
        ),
        _text(
            "published_precision", "how precise `published` is", required=False, **_one_of(*PRECISIONS)
        ),
        _text(
            "language",
            "ISO 639-1 code",
            allowed="two lower-case letters",
            check=lambda value: bool(re.fullmatch("[a-z]{2}", str(value))),
        ),
        _text("event", "the event that the article reports", required=False),
        _text("url", "where it was published, if known", required=False),
        _text("rights", "who holds the rights in the text", required=False),
        _text(
            "sha256",
            "SHA-256 of the file's bytes; empty switches the check off",
            required=False,
            allowed="64 hexadecimal digits, or empty",
            check=lambda value: bool(re.fullmatch("[0-9a-fA-F]{64}", str(value))),
        ),
        _text("evidence", "what in the text bears out date and author, in double quotes", required=False),
        _text("confidence", "confidence in date and author", required=False, **_one_of(*CONFIDENCES)),
        _text("note", "anything a reader should know", required=False),
    ),
)

OUTLETS_SEED = Table(
    "outlets.csv",
    "one row per outlet",
    (
        _text("outlet_id", "readable, unique name of the outlet", **_ID),
        _text("name", "the outlet's name, or a description where it is not known", **_NOT_REST),
        _text("label", "short name for tables and figures; empty for the name", required=False, **_NOT_REST),
        _text("bloc", "the bloc it is coded into", **_NOT_REST),
        _text("bloc_alternative", "the coding that a sceptic would choose; empty if none", required=False),
        _text(
            "country",
            "ISO 3166 alpha-3 code of its seat; empty where unknown",
            required=False,
            allowed="three capital letters, or empty",
            check=lambda value: bool(re.fullmatch("[A-Z]{3}", str(value))),
        ),
        _text("evidence", "what in its texts bears out the coding, in double quotes", required=False),
        _text("confidence", "confidence in the coding", required=False, **_one_of(*CONFIDENCES)),
        _text("note", "anything a reader should know", required=False),
    ),
)

_MENTION_COLUMNS = (
    _text("article_id", "the article"),
    _text("outlet", "the outlet's label"),
    _text("bloc", "the outlet's bloc"),
    _count("sentence_id", "the sentence, counted from 0 in the article's cleaned text"),
    _count("start", "first character of the mention in the cleaned text"),
    _count("end", "character after the last of the mention"),
    _text("actor_id", "the actor mentioned (actors.csv)"),
    _text("alias", "the words that name the actor, as they stand in the text"),
    _text("voice", "whose words the mention stands in", **_one_of("own", "quoted")),
)

RESULT_TABLES = {
    table.name: table
    for table in (
        Table(
            "articles",
            "the corpus: one row per article after cleaning",
            (
                _text("article_id", "the article"),
                _text("outlet_id", "the outlet"),
                _text("outlet", "the outlet's label"),
                _text("bloc", "the outlet's bloc"),
                _text("bloc_alternative", "the alternative coding; empty if none", required=False),
                _text("title", "headline", required=False),
                _text("author", "byline", required=False),
                _text("published", "date as coded", required=False),
                _text("published_from", "first day it may mean", required=False),
                _text("published_to", "last day it may mean", required=False),
                _count("n_paragraphs", "paragraphs after cleaning"),
                _count("n_sentences", "sentences after cleaning"),
                _count("n_tokens", "tokens after cleaning"),
                _number("removed", "share of the received characters that cleaning removed", **_SHARE),
                _text("confidence", "confidence in the outlet's coding", required=False),
            ),
        ),
        Table(
            "cleaning",
            "what was removed from each article, by which rule",
            (
                _text("article_id", "the article"),
                _text("rule_id", "the rule (cleaning.toml)"),
                _text("field", "the field it was lifted into; empty if it was only removed", required=False),
                _count("start", "first character removed, in the text as received"),
                _count("end", "character after the last removed"),
                _count("n_tokens", "tokens removed"),
                _text("text", "what was removed"),
                _text("reason", "why, as the rule says"),
            ),
        ),
        Table(
            "keywords",
            "the effect of cleaning on the top keywords of each article (TF-IDF over articles)",
            (
                _text("article_id", "the article"),
                _text("term", "the term"),
                _number("tfidf_received", "weight in the text as received"),
                _number("rank_received", "rank there; empty if the term is not in it"),
                _number("tfidf_cleaned", "weight in the cleaned text"),
                _number("rank_cleaned", "rank there; empty if cleaning removed the term"),
            ),
        ),
        Table("mentions", "every mention of an actor", _MENTION_COLUMNS),
        Table(
            "attention",
            "who is mentioned, and how much",
            (
                _text("actor_id", "the actor"),
                _text("actor", "the actor's label"),
                _text("kind", "state, person or organisation"),
                *_GROUP_COLUMNS,
                _count("n_mentions", "mentions"),
                _count("n_articles", "articles of the group that mention the actor"),
                _count("n_group_articles", "articles of the group"),
                _number("per_1000", "mentions per 1,000 tokens of the group"),
                _number("share", "share of the group's mentions of all actors", **_SHARE),
                _number("per_1000_low", "lower end of the 95 % article-level interval"),
                _number("per_1000_high", "upper end"),
                _text("flag", "why something is withheld; empty if nothing is", required=False),
            ),
        ),
        Table(
            "themes",
            "themes, and their weight in each article, outlet and bloc",
            (
                _text("theme_id", "T1, T2, ... by weight in the corpus"),
                _text("label", "the theme's top three terms"),
                _text("top_terms", "its top terms, by weight"),
                _number(
                    "stability",
                    "agreement of its top terms with refits that leave one article out, 0 to 1",
                    **_SHARE,
                ),
                *_GROUP_COLUMNS,
                _count("n_articles", "articles of the group"),
                _count("n_paragraphs", "paragraphs of the group that carry themes"),
                _number("weight", "the theme's share of the group's theme weight", **_SHARE),
                _number("weight_low", "lower end of the 95 % article-level interval"),
                _number("weight_high", "upper end"),
                _text("flag", "why something is withheld; empty if nothing is", required=False),
            ),
        ),
        Table(
            "contrasts",
            "one row per contrast and term",
            (
                _text("level", "what is contrasted", **_one_of("outlet", "bloc")),
                _text("target", "the outlet or bloc whose terms are sought"),
                _text("reference", "what it is set against; 'rest' is all others pooled"),
                _text("term", "the term"),
                _count("count_target", "occurrences in the target"),
                _count("count_reference", "occurrences in the reference"),
                _count("articles_target", "articles of the target that contain it"),
                _count("articles_reference", "articles of the reference that contain it"),
                _count("n_articles_target", "articles of the target"),
                _count("n_articles_reference", "articles of the reference"),
                _number("per_10000_target", "occurrences per 10,000 tokens of the target"),
                _number("per_10000_reference", "occurrences per 10,000 tokens of the reference"),
                _number("g2", "signed log-likelihood ratio, four-term"),
                _number("log_ratio", "log2 of the ratio of the rates, 0.5 added"),
                _number("log_odds", "difference of log-odds, informative Dirichlet prior"),
                _number("z", "log_odds in standard errors, two-term variance"),
                _number("dp_target", "dispersion DP over the target's articles, 0 even"),
                _number("dp_reference", "dispersion DP over the reference's articles, 0 even"),
                _number("log_ratio_low", "lower end of the 95 % article-level interval of log_ratio"),
                _number("log_ratio_high", "upper end"),
                _number("p", "permutation test over articles, two-sided"),
                _number("q", "Benjamini-Hochberg over the family"),
                _count("family", "terms in the family that q is computed over"),
                _number("attainable_p", "the smallest p that so many articles can reach"),
                _text("driven_by", "article without which the sign turns or the size halves", required=False),
                _text("flag", "why something is withheld; empty if nothing is", required=False),
            ),
        ),
        Table(
            "sentiment",
            "sentiment toward each actor",
            (
                _text("actor_id", "the actor"),
                _text("actor", "the actor's label"),
                _text("kind", "state, person or organisation"),
                *_GROUP_COLUMNS,
                _text("voice", "whose words: all, own or quoted", **_one_of("all", "own", "quoted")),
                _count("n_mentions", "mentions scored"),
                _count("n_articles", "articles with such mentions"),
                _number("negative", "share of negative mentions", **_SHARE),
                _number("neutral", "share of neutral mentions", **_SHARE),
                _number("positive", "share of positive mentions", **_SHARE),
                _number("balance", "positive minus negative, -1 to 1"),
                _number("baseline", "balance over all actors in the same articles, weighted as here"),
                _number("balance_minus_baseline", "balance minus baseline"),
                _number("balance_low", "lower end of the 95 % article-level interval of balance"),
                _number("balance_high", "upper end"),
                _text("flag", "why something is withheld; empty if nothing is", required=False),
            ),
        ),
        Table(
            "scores",
            "the score of every mention",
            (
                *_MENTION_COLUMNS,
                _number("negative", "probability, or 0 and 1 for a scorer that only labels", **_SHARE),
                _number("neutral", "probability", **_SHARE),
                _number("positive", "probability", **_SHARE),
                _text("sentence", "the sentence scored"),
            ),
        ),
        Table(
            "agreement",
            "how far coders agree, and each scorer with them",
            (
                _text("first", "a coder, or the codes on which all coders agree"),
                _text("second", "another coder, or a scorer"),
                _count("n", "mentions that both have coded"),
                _number("agreement", "share of them with the same code", **_SHARE),
                _number("alpha", "Krippendorff's alpha, nominal"),
                _number("alpha_low", "lower end of its 95 % interval, over mentions"),
                _number("alpha_high", "upper end"),
                _number("macro_f1", "mean F1 of the three classes", **_SHARE),
                *(
                    column
                    for one in ("negative", "neutral", "positive")
                    for column in (
                        _count(f"n_{one}_first", f"{one} codes of the first"),
                        _count(f"n_{one}_second", f"{one} codes of the second"),
                        _number(f"f1_{one}", f"F1 of the class {one}", **_SHARE),
                    )
                ),
            ),
        ),
        Table(
            "robustness",
            "every headline number again, under each specification",
            (
                _text("measure", "the measure", **_one_of("themes", "contrasts", "sentiment")),
                _text("item", "theme, term or actor"),
                _text("group", "the bloc"),
                _text("quantity", "the column that is repeated"),
                _text("specification", "what was changed"),
                _number("value", "the number under this specification; empty where it cannot be had"),
                _number("reference_value", "the number as published"),
                _text("verdict", "whether the finding stands", **_one_of("same", "halved", "turned", "lost")),
            ),
        ),
    )
}


def as_declared(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Bring a result's table into its declared form and check it.

    Parameters
    ----------
    table : pandas.DataFrame
        With at least the declared columns.
    name : str
        A key of `RESULT_TABLES`.

    Returns
    -------
    pandas.DataFrame
        Declared columns in declared order and types, a plain index.

    Raises
    ------
    AssertionError
        The measure made a table that breaks its declaration: a defect of the program.
    """
    spec = RESULT_TABLES[name]
    if table.empty and not len(table.columns):
        # a table made of no rows knows no columns: nothing was found, which is no defect
        table = table.reindex(columns=spec.names)
    missing = [column for column in spec.names if column not in table.columns]
    assert not missing, f"{name}: the measure made no column {', '.join(missing)}"
    table = table[spec.names].reset_index(drop=True)
    for column in spec.columns:
        values = table[column.name]
        if column.kind == "text":
            values = values.fillna("")
        table[column.name] = values.astype(KINDS[column.kind])
    problems = check_table(table, spec, where=name, first_row=0)
    assert not problems, "\n".join(map(str, problems[:10]))
    return table
