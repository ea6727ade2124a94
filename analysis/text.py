"""Sentences, tokens, terms and keyword in context, with character offsets.

Every span is a pair of offsets into the string given, so that `text[span.start:span.end]` is the match and
each number of the study can be traced to the words it counts. All functions take time linear in the text.
The layers below, `analysis.typography` (normalised text, paragraphs), `analysis.sentences` and `analysis.quotes`, are
public here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from analysis.quotes import Quote, find_quotes, voice_at
from analysis.sentences import find_sentences
from analysis.typography import Normalised, Span, find_paragraphs, normalise

__all__ = [
    "TOKEN_PATTERN",
    "KwicLine",
    "Normalised",
    "QueryWord",
    "Quote",
    "Span",
    "find_between",
    "find_paragraphs",
    "find_quotes",
    "find_sentences",
    "find_terms",
    "find_tokens",
    "fold_token",
    "kwic",
    "list_tokens",
    "normalise",
    "parse_query",
    "query_forms",
    "voice_at",
]

TOKEN_PATTERN = r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’\-][^\W_]+)*"
"""The news token: keeps U.S., don't and US-led whole; "U.S.-led" gives U.S. and led."""


@dataclass(frozen=True, slots=True)
class KwicLine:
    """One match of a query with the text on both sides."""

    start: int
    end: int
    left: str
    match: str
    right: str


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query: its pattern, and whether the case counts."""

    pattern: str
    cased: bool

    def fits(self, bare: str) -> bool:
        """Compare a form of a token, without a regular expression that could run away.

        Parameters
        ----------
        bare : str
            The form with case if the case counts, else the one without; see `query_forms`.

        Returns
        -------
        bool
            Whether the word finds the token.
        """
        first, *rest = self.pattern.split("*")
        if not rest:
            return bare == self.pattern
        *middle, last = rest
        if len(bare) < len(first) + len(last) or not (bare.startswith(first) and bare.endswith(last)):
            return False
        at = len(first)
        for part in middle:
            at = bare.find(part, at, len(bare) - len(last))
            if at < 0:
                return False
            at += len(part)
        return True


_TOKEN = re.compile(TOKEN_PATTERN)
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?\Z")


def find_tokens(text: str) -> list[Span]:
    """Locate the tokens.

    Parameters
    ----------
    text : str
        The text; normalise it first where outlets are compared.

    Returns
    -------
    list of Span
        In order, without overlap; none crosses a sentence.

    Examples
    --------
    >>> text = "The US-led deal, Russia’s U.S. envoy"
    >>> [text[span.start:span.end] for span in find_tokens(text)]
    ['The', 'US-led', 'deal', 'Russia’s', 'U.S.', 'envoy']
    """
    return [Span(*match.span()) for match in _TOKEN.finditer(text)]


def list_tokens(text: str, *, most: int | None = None) -> list[str]:
    """List the tokens as they stand in the text.

    Parameters
    ----------
    text : str
        The text.
    most : int, optional
        The first ones only.

    Returns
    -------
    list of str
        In order.

    Examples
    --------
    >>> list_tokens("The US-led deal", most=2)
    ['The', 'US-led']
    """
    return [match[0] for match in islice(_TOKEN.finditer(text), most)]


def find_between(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Find the tokens of a stretch that begins and ends where a sentence does: none crosses its ends.

    Parameters
    ----------
    text : str
        The text.
    start, end : int
        The stretch.

    Returns
    -------
    iterator of (str, int, int)
        Each token with its place in the text.
    """
    return ((match[0], *match.span()) for match in _TOKEN.finditer(text, start, end))


def _undress(token: str) -> str:
    """Drop the dots of an initialism and the mark of the possessive, keeping the case."""
    token = token.replace("’", "'")
    end = len(token)
    while end and token[end - 1] == "'" or (end > 2 and token[end - 2 : end] in ("'s", "'S")):
        end -= 1 if token[end - 1] == "'" else 2
    token = token[:end]
    return token.replace(".", "") if _DOTTED.match(token) else token


def fold_token(token: str, *, keep_case: tuple[str, ...] = ("US",)) -> str:
    """Reduce a token to the term it is counted as.

    Parameters
    ----------
    token : str
        A token as it stands in the text.
    keep_case : tuple of str, default ("US",)
        Terms that stay as they are, so that the country and the pronoun do not merge.

    Returns
    -------
    str
        The term.

    Examples
    --------
    >>> [fold_token(token) for token in ("U.S.", "us", "Russia’s", "US-led", "US's")]
    ['US', 'us', 'russia', 'us-led', 'US']
    """
    bare = _undress(token)
    return bare if bare in keep_case else bare.lower()


def find_terms(text: str, *, keep_case: tuple[str, ...] = ("US",)) -> list[str]:
    """List the terms of a text in order: its tokens, folded.

    Parameters
    ----------
    text : str
        The text.
    keep_case : tuple of str, default ("US",)
        As in `fold_token`.

    Returns
    -------
    list of str
        One term per token.

    Examples
    --------
    >>> find_terms("Lavrov’s visit to the U.S. and to us")
    ['lavrov', 'visit', 'to', 'the', 'US', 'and', 'to', 'us']
    """
    return [fold_token(match[0], keep_case=keep_case) for match in _TOKEN.finditer(text)]


_QUERY_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|(?:[^\W_]|\*)+(?:['’\-](?:[^\W_]|\*)+)*")


def kwic(text: str, query: str, *, width: int = 60) -> list[KwicLine]:
    """Show each match of a term or phrase with the text around it.

    A match is made of whole tokens of one sentence, compared as terms, so that "russia" finds "Russia's". A
    word of the query in capitals, such as "US" or "WHO", is compared with its case; "us" never finds "US".

    Parameters
    ----------
    text : str
        The text.
    query : str
        A term or phrase; ``*`` stands for any characters within a token.
    width : int, default 60
        Largest number of characters on each side.

    Returns
    -------
    list of KwicLine
        In order, without overlap.

    Raises
    ------
    ValueError
        If the query holds no term, or the width is negative.

    Examples
    --------
    >>> kwic("New sanctions on Russia, US sanctions.", "us sanction*")
    []
    >>> kwic("New sanctions on Russia, US sanctions.", "US sanction*", width=8)
    [KwicLine(start=25, end=37, left='Russia, ', match='US sanctions', right='.')]
    """
    words = parse_query(query)
    if width < 0:
        raise ValueError(f"width is {width}; give 0 or more characters.")
    lines: list[KwicLine] = []
    for sentence in find_sentences(text):
        matches = _TOKEN.finditer(text, sentence.start, sentence.end)
        tokens = [(match.start(), match.end(), query_forms(match[0])) for match in matches]
        index = 0
        while index + len(words) <= len(tokens):
            window = tokens[index : index + len(words)]
            if all(word.fits(token[2][word.cased]) for token, word in zip(window, words, strict=True)):
                start, end = window[0][0], window[-1][1]
                parts = text[max(0, start - width) : start], text[start:end], text[end : end + width]
                shown = (re.sub(r"[\r\n]", " ", part) for part in parts)
                lines.append(KwicLine(start, end, *shown))
                index += len(words)
            else:
                index += 1
    return lines


def parse_query(query: str) -> list[QueryWord]:
    """Take a query apart.

    Parameters
    ----------
    query : str
        As in `kwic`.

    Returns
    -------
    list of QueryWord
        One for each token.

    Raises
    ------
    ValueError
        If the query holds no term.
    """
    wanted = [_undress(match[0]) for match in _QUERY_TOKEN.finditer(query)]
    if not wanted:
        raise ValueError(f"query {query!r} holds no term; give a word or a phrase, such as 'sanction*'.")
    cased = [term.isupper() and sum(character.isalnum() for character in term) > 1 for term in wanted]
    return [QueryWord(term if case else _lower(term), case) for term, case in zip(wanted, cased, strict=True)]


def query_forms(token: str) -> tuple[str, str]:
    """Return what a token is compared as: without case (but for "US"), and with it.

    Parameters
    ----------
    token : str
        A token as it stands in the text.

    Returns
    -------
    (str, str)
        Both without the dots of an initialism and the mark of the possessive.
    """
    bare = _undress(token)
    return _lower(bare), bare


def _lower(term: str) -> str:
    return term if term == "US" else term.lower()
