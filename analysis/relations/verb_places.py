"""Finds the verbs of a sentence by their forms and neighbours: which words are verbs there, in what form and voice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from analysis import function_words as fw
from analysis.relations.clauses import Clauses, VerbPlace
from analysis.relations.sentence_words import POSSESSIVE, Token
from analysis.relations.verbs import Verb, VerbTable

_TOKEN = re.compile(r"['’]s\b|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’\-][^\W_]+)*|[^\w\s]")
_UNKNOWN = Verb("", "verb", "", frozenset(), False)
_QUOTES = frozenset("\"'“”‘’«»*")
_TITLES = frozenset("mr mrs ms dr sen sens rep reps gov gen lt col prof st jr sr rev no".split())
_ASIDE = 10  # tokens of a parenthesis that is left out


def find_clauses(
    text: str, mentions: Sequence[tuple[int, int, str]], table: VerbTable, kinds: Mapping[str, str]
) -> Clauses:
    """Part a sentence into tokens and verbs.

    Parameters
    ----------
    text : str
        The sentence.
    mentions : sequence of (int, int, str)
        Start, end and actor_id of each mention; sorted, not overlapping.
    table : VerbTable
        The verbs.
    kinds : mapping of str to str
        actor_id to kind.

    Returns
    -------
    Clauses
        In one pass; the time grows with the sentence.
    """
    tokens, cursor = [], 0
    for start, end, actor in [*mentions, (len(text), len(text), "")]:
        for found in _TOKEN.finditer(text, cursor, max(cursor, start)):
            last = tokens[-1] if tokens else None
            owns = last is not None and last.actor and last.end == found.start()
            titled = last is not None and found[0] == "." and (last.word in _TITLES or len(last.word) == 1)
            if not titled and (found[0] not in _QUOTES or (owns and found[0] in "'’")):
                tokens.append(Token(found[0], found.start(), found.end()))
        if actor:
            tokens.append(Token(text[start:end], start, end, actor))
        cursor = max(cursor, end)
    clauses = Clauses(_without_asides(tokens), kinds)
    tokens = clauses.tokens
    place = 0
    while place < len(tokens):
        found = _verb_at(clauses, place, table)
        if found is not None:
            while clauses.verbs and clauses.verbs[-1].last >= found.first:
                clauses.verbs.pop()  # an auxiliary belongs to the verb that it helps
            clauses.verbs.append(found)
            place = found.last
        place += 1
    return clauses


def _without_asides(tokens: list[Token]) -> list[Token]:
    """Leave out short parentheses: "(R-Ky.)" parts no clause."""
    kept, opened = [], None
    for token in tokens:
        if token.text in "([":
            opened = len(kept)
        kept.append(token)
        if token.text in ")]" and opened is not None:
            if len(kept) - opened <= _ASIDE:
                del kept[opened:]
            opened = None
    return kept


def _verb_at(clauses: Clauses, place: int, table: VerbTable) -> VerbPlace | None:
    """Read the word at a place as a verb, if it can be one there."""
    word = clauses.word(place)
    if not word:
        return None
    for entry, rest, names in table.verbs.get(word, ()):
        if all(clauses.word(place + 1 + n) == part for n, part in enumerate(rest)):
            form = _form_here(clauses, place, names, is_noun=word in table.nouns, entry=entry)
            return _group(clauses, place, place + len(rest), entry, form) if form else None
    before = clauses.word(place - 1)
    known = (
        word in fw.ADVERBS
        or word in fw.PREPOSITIONS
        or word in fw.NEGATIONS
        or word in fw.AUXILIARIES
        or word.endswith("ly")
    )
    if known or not word[0].isalpha() or word in fw.DETERMINERS or word in fw.PRONOUNS:
        return None
    if before in fw.POSSIBLE or before in fw.FUTURE:
        return _group(clauses, place, place, _UNKNOWN, "base")
    if word.endswith("ed") and len(word) > 4:
        opens = (
            clauses.is_mention(place - 1)
            or before in fw.PRONOUNS
            or before in fw.RELATIVES
            or before in fw.CONJUNCTIONS
        )
        if opens and clauses.tokens[place].text[0].islower():
            return _group(clauses, place, place, _UNKNOWN, "past")
    return None


def _before(clauses: Clauses, place: int) -> int:
    """Step left over adverbs and "not"."""
    place -= 1
    while clauses.word(place) and (
        clauses.word(place) in fw.ADVERBS
        or clauses.word(place) in fw.NEGATIONS
        or clauses.word(place).endswith("ly")
    ):
        place -= 2 if clauses.word(place) in fw.DAYS and clauses.word(place - 1) == "on" else 1
    return place


def _form_here(clauses: Clauses, place: int, names: frozenset[str], *, is_noun: bool, entry: Verb) -> str:
    """Choose the form that a word has in its place; empty if it is a noun or adjective there."""
    left = _before(clauses, place)
    word, after = clauses.word(left), clauses.word(place + 1)
    nominal = word in fw.DETERMINERS or word in POSSESSIVE
    if "ing" in names:
        # "met with visiting Pompeo"
        return "" if nominal or word == "with" or (is_noun and word not in fw.BE) else "ing"
    if names & {"past", "part"}:
        if "base" in names and (word == "to" or word in fw.DO | fw.POSSIBLE | fw.FUTURE):
            return "base"
        if (nominal or word in fw.PREPOSITIONS) and after != "by" and word not in ("as", "after", "than"):
            return ""
        if word in fw.BE or word in fw.HAVE:
            return "part"
        if "past" not in names or after == "by":
            return "part"
        return "past"
    if word == "to" or word in fw.AUXILIARIES:
        return "base" if "base" in names and word not in fw.BE else ""
    if nominal or (word in fw.PREPOSITIONS and word not in fw.SUBORDINATORS):
        return ""
    if word in fw.PRONOUNS or word in fw.RELATIVES:
        return "s"
    opens = clauses.is_mention(place + 1) or after in fw.DETERMINERS or after in ("that", "him", "us", "them")
    if not is_noun and "s" in names:
        return "s"
    here = "s" if "s" in names else "base"
    return here if opens or (not is_noun and after in entry.frames and left >= 0) else ""


def _group(clauses: Clauses, head: int, last: int, entry: Verb, form: str) -> VerbPlace:
    """Gather a verb's auxiliaries, and what they say."""
    found, at = VerbPlace(entry, head, head, last, form), head - 1
    auxiliaries = []
    while clauses.word(at):
        word = clauses.word(at)
        if word in fw.AUXILIARIES and word not in ("do",) or word in fw.DO:
            auxiliaries.append(word)
            found.negated |= word.endswith("n't") or word == "cannot"
            found.possible |= word in fw.POSSIBLE
        elif word in fw.NEGATIONS and word != "without":
            found.negated = True
        elif word == "to" and not found.to and (form == "base" or auxiliaries):
            found.to = True
        elif not (word in fw.ADVERBS or word.endswith("ly")):
            break
        at -= 1
    # "now attacked": an adverb alone is no part of the group
    found.first = head
    for place in range(at + 1, head):
        if (
            clauses.word(place) in fw.AUXILIARIES
            or clauses.word(place) == "to"
            or clauses.word(place) in fw.NEGATIONS
        ):
            found.first = place
            break
    if form == "part":
        # "has attacked" is active; "was attacked" and "attacked by" are passive
        helper = auxiliaries[0] if auxiliaries else ""
        found.passive = helper in fw.BE or (not helper and clauses.word(last + 1) == "by") or not helper
    return found
