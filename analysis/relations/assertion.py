"""Tells what a sentence asserts from what it denies, wishes, asks or only supposes."""

from __future__ import annotations

from analysis import function_words as fw
from analysis.relations.clauses import Clauses


def event_status(clauses: Clauses, index: int) -> str:
    """Say whether a verb's event is asserted.

    Parameters
    ----------
    clauses : Clauses
        The sentence.
    index : int
        The verb's place in `verbs`.

    Returns
    -------
    str
        asserted, hypothetical or negated; what somebody is reported to say counts as asserted.
    """
    if index not in clauses.statuses:
        clauses.statuses[index] = _find_status(clauses, index)
    return clauses.statuses[index]


def _find_status(clauses: Clauses, index: int) -> str:
    verb = clauses.verbs[index]
    if verb.negated:
        return "negated"
    low = clauses.boundary(index)
    opened = clauses.word(low - 1) in fw.CONDITIONS or clauses.word(low - 2) in fw.CONDITIONS
    asked = clauses.tokens and clauses.tokens[-1].text == "?"
    if verb.possible or opened or asked:
        return "hypothetical"
    if verb.form == "ing" and clauses.word(verb.first - 1) == "without":
        return "negated"
    follows = verb.form == "base" or (verb.form == "ing" and clauses.word(verb.first - 1) != ",")
    if (
        follows
        and not verb.to
        and verb.first == verb.head
        and index
        and low == clauses.verbs[index - 1].last + 1
    ):
        # "could attack and occupy", "could help by attacking"
        return "hypothetical" if event_status(clauses, index - 1) == "hypothetical" else "asserted"
    if verb.to:
        noun = clauses.word(verb.first - 1)
        ranked = {"first", "only", "last", "latest"} & {
            clauses.word(verb.first - step) for step in range(1, 5)
        }
        if noun in fw.DONE_NOUNS or ranked:  # "the first senator to endorse"
            return "asserted"
        previous = clauses.verbs[index - 1] if index else None
        lemma = previous.verb.lemma if previous else ""
        purpose = previous is not None and previous.form == "past" and lemma not in fw.WISHED | fw.CONTROL
        if lemma not in fw.DONE and not purpose:
            return "hypothetical"
        if lemma in fw.UNDONE:
            return "negated"
        return event_status(clauses, index - 1)
    return "asserted"


def is_refused(clauses: Clauses, index: int) -> bool:
    """Say whether a verb is what somebody refuses to do.

    Parameters
    ----------
    clauses : Clauses
        The sentence.
    index : int
        The verb's place in `verbs`.

    Returns
    -------
    bool
        True for "refused to meet".
    """
    return index > 0 and clauses.verbs[index].to and clauses.verbs[index - 1].verb.lemma in fw.REFUSE
