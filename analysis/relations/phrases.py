"""Noun phrases after a verb, noun or preposition: which mention they name, and where they end."""

from __future__ import annotations

from analysis import function_words as fw
from analysis.relations.clauses import Clauses, VerbPlace
from analysis.relations.sentence_words import POSSESSIVE

_REACH = 12  # tokens from a verb or noun to its object


def stretch_end(clauses: Clauses, start: int, own: VerbPlace | None = None) -> int:
    """Find where the stretch that may hold an object ends: at a mark, a conjunction, or the next verb.

    Parameters
    ----------
    clauses : Clauses
        The sentence.
    start : int
        The first token of the stretch.
    own : VerbPlace, optional
        A verb that does not end it.

    Returns
    -------
    int
        The token after its last.
    """
    heads = clauses.opening
    high = min(len(clauses.tokens), start + _REACH)
    for place in range(start, high):
        word = clauses.word(place)
        if word in fw.MARKS or word in fw.SUBORDINATORS or word in fw.RELATIVES:
            return place
        if place in heads and heads[place] is not own:
            return place
    return high


def phrase_end(clauses: Clauses, start: int) -> int:
    """Find the end of a noun phrase: at a preposition, comma, conjunction, mark or verb.

    Parameters
    ----------
    clauses : Clauses
        The sentence.
    start : int
        The first token of the phrase.

    Returns
    -------
    int
        The token after its last.
    """
    high = stretch_end(clauses, start)
    for place in range(start, high):
        word = clauses.word(place)
        if word in fw.PREPOSITIONS or word in fw.CONJUNCTIONS or word == ",":
            return place
    return high


def actors_after(clauses: Clauses, start: int, high: int, prepositions) -> list[int]:
    """Find the mentions governed by one of some prepositions.

    Parameters
    ----------
    clauses : Clauses
        The sentence.
    start, high : int
        Where to look.
    prepositions : container of str
        The prepositions.

    Returns
    -------
    list of int
        Tokens that are mentions.
    """
    for place in range(start, high):
        if clauses.word(place) in prepositions:
            found = actors_in_phrase(clauses, place + 1, high)
            if found:
                return found
    return []


def actors_in_phrase(clauses: Clauses, start: int, high: int, *, direct: bool = False) -> list[int]:
    """Find the mention in the noun phrase that begins here, and those joined to it.

    Parameters
    ----------
    clauses : Clauses
        The sentence.
    start, high : int
        Where to look.
    direct : bool
        Whether it is a verb's direct object, so that what follows it may open a clause.

    Returns
    -------
    list of int
        Tokens that are mentions.
    """
    end = start
    while end < high:
        word = clauses.word(end)
        if clauses.is_mention(end):
            return _accepted(clauses, end, high, direct=direct)
        if word in ("of", "by", "from") and end > start:
            if any(clauses.word(p) in fw.OTHERS for p in range(start, end)):
                return []
            # "the policies of the US": the judged is the owner
            return (
                actors_in_phrase(clauses, end + 1, high)
                if clauses.word(end + 1) not in ("of", "by", "from")
                else []
            )
        if word == "in" and clauses.word(end - 1) in fw.REPRESENTATIVES:
            end += 1  # "the government in Kyiv"
            continue
        if (
            word in fw.PREPOSITIONS
            or word in fw.MARKS
            or word == ","
            or (word in fw.CONJUNCTIONS and end > start)
        ):
            return []
        end += 1
    return []


def _accepted(clauses: Clauses, place: int, high: int, *, direct: bool) -> list[int]:
    """Keep a mention as an object unless it opens a clause or belongs to somebody else; add those joined to it."""
    end = place + 1
    while (
        end < high
        and clauses.word(end)
        and not (
            clauses.word(end) in fw.PREPOSITIONS
            or clauses.word(end) in fw.CONJUNCTIONS
            or clauses.word(end) == ","
        )
    ):
        if clauses.word(end) in fw.OTHERS:
            return []
        end += 1
    following = clauses.opening.get(end)
    if direct and following and not following.to and following.form not in ("ing", "part"):
        return []  # "fears Russia will attack"
    if clauses.is_mention(end) and end < high:
        # "Russian President Putin": the name, not the state before it
        return _accepted(clauses, end, high, direct=direct)
    state = clauses.kinds.get(clauses.tokens[place].actor) == "state"
    deed = any(clauses.word(p).endswith(fw.ABSTRACT) for p in range(place + 1, end))
    if state and clauses.word(place + 1) not in POSSESSIVE and not deed and not clauses.acts(place, end):
        return []  # "Egyptian cleric"
    found, at = [place], end
    # a list counts only if "and" closes it: a comma alone may open another clause
    while at < high and (clauses.word(at) in ("and", "or", "&") or clauses.word(at) == ","):
        step = at + 1
        while clauses.word(step) in fw.DETERMINERS or clauses.word(step) in ("and", "or", "both", "then"):
            step += 1
        if not clauses.is_mention(step) or (direct and step + 1 in clauses.opening):
            break
        joints = (clauses.word(at + 1), clauses.word(step + 1))
        if clauses.word(at) == "," and not {"and", "or"} & set(joints) and joints[1] != ",":
            break
        found.append(step)
        at = step + 1
        if clauses.word(at) in POSSESSIVE:
            at += 1
    return found
