"""The tasks of `speed.py`: what each way computes, and in which environment it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One way to do a task.

    Parameters
    ----------
    computes : str
        What it does, where that differs from the others.
    package : str
        What is measured, for its version; empty for what stands in this project.
    peer : bool
        Whether it needs the peers' environment.
    """

    computes: str
    package: str = ""
    peer: bool = False


@dataclass(frozen=True)
class Task:
    """What is to be done.

    Parameters
    ----------
    title : str
        What every way gives.
    ways : dict of str to Way
        By name; the first is the one that ratios are taken of.
    share : int
        One article in so many is used, since some way is slow.
    note : str
        What a reader must know of the comparison.
    """

    title: str
    ways: dict[str, Way]
    share: int = 1
    note: str = ""


TASKS = {
    "words": Task(
        "Article-term matrix of words",
        {
            "ours": Way("tokens without possessive and the dots of initialisms, US apart from us; token totals"),
            "scikit-learn": Way("`CountVectorizer`: the same token pattern, lower-cased", "scikit-learn"),
            "textacy": Way(
                'tokens of `spacy.blank("en")` without punctuation, lower-cased; `Vectorizer`', "textacy", True
            ),
        },
    ),
    "ngrams": Task(
        "Article-term matrix of words and pairs of words",
        {
            "ours": Way("pairs within sentences, which are found, too"),
            "scikit-learn": Way("`CountVectorizer`: pairs across sentences and paragraphs", "scikit-learn"),
            "textacy": Way(
                "pairs across sentences, none with punctuation between; `Vectorizer`", "textacy", True
            ),
        },
    ),
    "kwic": Task(
        "One query (`sanction*`) in context",
        {
            "ours": Way("the first 50 lines, from an index"),
            "ours, all lines": Way("every line, from an index"),
            "ours, building the index": Way("once for all queries: tokens, sentences, postings"),
            "re": Way("the first 50 lines; stops there"),
            "re, all lines": Way("every line"),
            "textacy, all lines": Way("`keyword_in_context` of each text, every line", "textacy", True),
        },
        note="The rarer a term, the more texts a search without an index reads for 50 lines, up to all of them.",
    ),
    "aliases": Task(
        "Places of 600 aliases of actors",
        {
            "ours": Way("overlapping places, with the case that each alias asks for"),
            "longest-first re": Way("one alternation, leftmost longest, any case"),
            "automaton": Way("the automaton in ours alone: leftmost longest, any case"),
            "spaCy PhraseMatcher": Way(
                "overlapping runs of tokens, any case; `spacy.blank` tokens", "spacy", True
            ),
        },
        share=10,
    ),
    "mentions": Task(
        "Mentions of actors",
        {"ours": Way("all aliases, titles, dates, short forms with their antecedents, stop aliases")},
        note="No other way is known that resolves the same things without a trained model.",
    ),
    "bootstrap": Task(
        "Intervals of every term's log ratio, B = 1,000",
        {
            "ours": Way("planted counts, 30,000 terms, halves of the articles"),
            "naive bootstrap": Way("the same weights and levels, one sparse product for each replicate"),
        },
    ),
    "keyness": Task(
        "Keyness of two blocs, from raw texts to a score for each word",
        {
            "ours": Way("all words; log-odds with z and the other eight statistics of `contrast_statistics`"),
            "ours, with intervals": Way("besides, bootstrap intervals over articles (B = 1,000) of every log ratio"),
            "scattertext": Way(
                "all words; log-odds z (uninformative prior); no interval; `whitespace_nlp_with_sentences`",
                "scattertext",
                True,
            ),
            "ConvoKit FightingWords": Way(
                "words in 10 articles or more but at most half of them; log-odds z; no interval; cleans the text",
                "convokit",
                True,
            ),
        },
        note="Of the articles those of the Russian and the Western bloc, two thirds.",
    ),
    "sentiment": Task(
        "Lexicon sentiment of every sentence",
        {
            "ours": Way("`lexicon.v1`: VADER once for each different sentence, names masked, classes of it"),
            "VADER": Way("`polarity_scores` of every sentence", "vaderSentiment"),
        },
    ),
    "scorers": Task(
        "Sentiment toward every mention",
        {
            "lexicon.v1": Way("VADER on the sentence, names masked"),
            "encoder.v1": Way("the trained encoder, names masked, one score for each mention"),
            "VADER": Way("`polarity_scores` of the sentence of every mention", "vaderSentiment"),
        },
        share=600,
        note="What the time buys is in the table of accuracy below.",
    ),
}  # fmt: skip
