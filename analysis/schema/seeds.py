"""The tables that people write: seeds/articles.csv and seeds/outlets.csv."""

from __future__ import annotations

import re

from analysis.columns import Table
from analysis.schema.parts import CONFIDENCES, ID, NOT_REST, PRECISIONS, is_date, one_of, text_column

ARTICLES_SEED = Table(
    "articles.csv",
    "one row per article",
    (
        text_column("article_id", "readable, unique name of the article", **ID),
        text_column("file", "the text, relative to seeds/, as received and never edited"),
        text_column("outlet_id", "the outlet that carried it (outlets.csv)", **ID),
        text_column("title", "headline as printed", required=False),
        text_column("author", "byline as printed; empty where the text names none", required=False),
        text_column(
            "published",
            "date of publication, as precise as the text supports",
            required=False,
            allowed="YYYY-MM-DD, YYYY-MM or YYYY (a day of the calendar), or empty",
            check=is_date,
        ),
        text_column(
            "published_precision", "how precise `published` is", required=False, **one_of(*PRECISIONS)
        ),
        text_column(
            "language",
            "ISO 639-1 code",
            allowed="two lower-case letters",
            check=lambda value: bool(re.fullmatch("[a-z]{2}", str(value))),
        ),
        text_column("event", "the event that the article reports", required=False),
        text_column("url", "where it was published, if known", required=False),
        text_column("rights", "who holds the rights in the text", required=False),
        text_column(
            "sha256",
            "SHA-256 of the file's bytes; empty switches the check off",
            required=False,
            allowed="64 hexadecimal digits, or empty",
            check=lambda value: bool(re.fullmatch("[0-9a-fA-F]{64}", str(value))),
        ),
        text_column(
            "evidence", "what in the text bears out date and author, in double quotes", required=False
        ),
        text_column("confidence", "confidence in date and author", required=False, **one_of(*CONFIDENCES)),
        text_column("note", "anything a reader should know", required=False),
    ),
)

OUTLETS_SEED = Table(
    "outlets.csv",
    "one row per outlet",
    (
        text_column("outlet_id", "readable, unique name of the outlet", **ID),
        text_column("name", "the outlet's name, or a description where it is not known", **NOT_REST),
        text_column(
            "label", "short name for tables and figures; empty for the name", required=False, **NOT_REST
        ),
        text_column("bloc", "the bloc it is coded into; empty until it is coded", required=False, **NOT_REST),
        text_column(
            "bloc_alternative",
            "the coding that a sceptic would choose; empty if none",
            required=False,
            **NOT_REST,
        ),
        text_column(
            "country",
            "ISO 3166 alpha-3 code of its seat; empty where unknown",
            required=False,
            allowed="three capital letters, or empty",
            check=lambda value: bool(re.fullmatch("[A-Z]{3}", str(value))),
        ),
        text_column("evidence", "what in its texts bears out the coding, in double quotes", required=False),
        text_column("confidence", "confidence in the coding", required=False, **one_of(*CONFIDENCES)),
        text_column("note", "anything a reader should know", required=False),
    ),
)

SAME_OUTLETS_SEED = Table(
    "same_outlets.csv",
    "one row per outlet that is another under a second name",
    (
        text_column("outlet_id", "the second name's row of outlets.csv", **ID),
        text_column("same_as", "the outlet that it is", **ID),
    ),
)

ADDED_LOG = Table(
    "log.csv",
    "one row per article that was added",
    (
        text_column("article_id", "the article", **ID),
        text_column("key", "tells the article again: 16 digits of the SHA-256 of its source id, or of its content"),
        text_column("text", "16 digits of the SHA-256 of the text file"),
        text_column("place", "the file, and the number of the article in it"),
        text_column("reader", "what kind of file it was"),
        text_column("source_id", "the article's number in the database it came from", required=False),
        text_column("encoding", "what was done to the text to read it", required=False),
    ),
)

SET_ASIDE = Table(
    "set_aside.csv",
    "one row per file or article that was not added",
    (
        text_column("place", "the file, and the number of the article in it"),
        text_column("found", "what stood there"),
        text_column("allowed", "what may stand there", required=False),
        text_column("remedy", "what to do"),
    ),
)
