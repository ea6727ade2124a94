"""Who does what to whom in a sentence: directed relations between two mentioned actors, by verbs, nouns and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis import function_words as fw
from analysis.relations.assertion import event_status, is_refused
from analysis.relations.clauses import Clauses, VerbPlace
from analysis.relations.phrases import actors_after, actors_in_phrase, phrase_end, stretch_end
from analysis.relations.sentence_words import POSSESSIVE
from analysis.relations.verb_places import find_clauses
from analysis.relations.verbs import Verb, VerbTable

_JOINT = Verb("act together", "verb", "06", frozenset(), True)
_OPPOSITE = {"cooperative": "conflictual", "conflictual": "cooperative"}
# nouns whose owner suffers what they name: "Comey's firing by Trump"
_SUFFERED = frozenset(
    "ouster impeachment firing sacking dismissal expulsion arrest detention prosecution indictment assassination "
    "murder killing poisoning removal".split()
)


@dataclass(frozen=True, slots=True, order=True)
class Relation:
    """One directed relation.

    Parameters
    ----------
    place : int
        The first character of its verb or noun in the sentence.
    subject, object : str
        actor_ids: who acts or speaks, and toward whom.
    relation : {"cooperative", "conflictual"}
        Its kind.
    verb : str
        The lemma; with "not" where its opposite is meant ("lift sanctions" is "not sanction").
    material : bool
        Whether it is a deed.
    status : {"asserted", "hypothetical", "negated"}
        Whether the sentence, or somebody in it, says that it is so.
    """

    place: int
    subject: str
    object: str
    relation: str
    verb: str
    material: bool
    status: str


def find_relations(
    text: str,
    mentions: Sequence[tuple[int, int, str]],
    table: VerbTable,
    kinds: Mapping[str, str] | None = None,
) -> list[Relation]:
    """Find the directed relations of a sentence.

    Parameters
    ----------
    text : str
        The sentence.
    mentions : sequence of (int, int, str)
        Start, end and actor_id of each mention in it; sorted, not overlapping.
    table : VerbTable
        The verbs and nouns.
    kinds : mapping of str to str, optional
        actor_id to state, person or organisation: whom "he" and "it" can mean.

    Returns
    -------
    list of Relation
        Sorted, each once; subject and object differ.

    Examples
    --------
    >>> from analysis.relations.verbs import load_verbs
    >>> text, places = "Sanctions were imposed on Russia by the US.", [(26, 32, "ru"), (40, 42, "us")]
    >>> [(one.subject, one.object, one.relation) for one in find_relations(text, places, load_verbs())]
    [('us', 'ru', 'conflictual')]
    """
    if len({actor for *_, actor in mentions}) < 2:
        return []
    clauses = find_clauses(text, mentions, table, kinds or {})
    found = set()
    for index, place in enumerate(clauses.verbs):
        # in reading order, so that what a verb takes from the one before it is known
        clauses.subjects(index)
        event_status(clauses, index)
        if place.verb.relation:
            found |= _of_verb(clauses, index)
    heads = {place for verb in clauses.verbs for place in range(verb.head, verb.last + 1)}
    for place, token in enumerate(clauses.tokens):
        noun = table.nouns.get(token.word) if place not in heads and not token.actor else None
        # "trade agreement": the last noun says what it is
        if noun is not None and clauses.word(place + 1) not in table.nouns:
            found |= _of_noun(clauses, place, noun)
    for place, ones, others in _together(clauses):
        pairs = [(one, other) for one in ones for other in others]
        found |= _make(clauses, pairs, _JOINT, place, "asserted")
    # a relation said twice by one word with two readings is one
    once = {(one.place, one.subject, one.object, one.relation): one for one in sorted(found)}
    return sorted(once.values())


def _make(
    clauses: Clauses, pairs, verb: Verb, head: int, status: str, *, turned: bool = False
) -> set[Relation]:
    """Make relations of pairs of tokens."""
    made = set()
    relation = _OPPOSITE[verb.relation] if turned else verb.relation
    lemma = f"not {verb.lemma}" if turned else verb.lemma
    for one, other in pairs:
        subject, target = clauses.tokens[one].actor, clauses.tokens[other].actor
        if subject != target:
            start = clauses.tokens[head].start
            made.add(Relation(start, subject, target, relation, lemma, verb.material, status))
            if verb.symmetric:
                made.add(Relation(start, target, subject, relation, lemma, verb.material, status))
    return made


def _of_verb(clauses: Clauses, index: int) -> set[Relation]:
    """Relations of one verb."""
    place = clauses.verbs[index]
    status, turned = event_status(clauses, index), False
    if place.verb.relation == "cooperative" and is_refused(clauses, index):
        status, turned = "asserted", True
    surface = clauses.subjects(index)
    if place.passive:
        after = actors_after(clauses, place.last + 1, stretch_end(clauses, place.last + 1, place), ("by",))
        agents = [p for p in after if clauses.acts(p, phrase_end(clauses, p + 1))]
        if not surface and place.first == place.head and clauses.is_mention(place.first - 1):
            surface = [place.first - 1]
        pairs = [(agent, patient) for agent in agents for patient in surface]
        return _make(clauses, pairs, place.verb, place.head, status, turned=turned)
    objects = _objects(clauses, place) or _pronoun_object(clauses, index)
    if not objects and place.verb.symmetric and len(surface) > 1:
        pairs = [(one, other) for one in surface for other in surface]
        return _make(clauses, pairs, place.verb, place.head, status, turned=turned)
    pairs = [(one, other) for one in surface for other in objects]
    return _make(clauses, pairs, place.verb, place.head, status, turned=turned)


def _pronoun_object(clauses: Clauses, index: int) -> list[int]:
    """Let him or it stand for the subject of the clause around: "Russia says that the US attacks it"."""
    place = clauses.verbs[index]
    pronoun = clauses.word(place.last + 1)
    if pronoun not in ("him", "her", "it", "them") or "direct" not in place.verb.frames or not index:
        return []
    outer = clauses.subjects(index - 1)
    own = {clauses.tokens[p].actor for p in clauses.subjects(index)}
    if not outer or own & {clauses.tokens[p].actor for p in outer}:
        return []
    person = clauses.kinds.get(clauses.tokens[outer[-1]].actor, "") == "person"
    fits = {"him": person, "her": person and clauses.word(place.last + 2) in ("", ",", "."), "it": not person}
    return outer if fits.get(pronoun, len(outer) > 1) else []


def _objects(clauses: Clauses, place: VerbPlace) -> list[int]:
    """Find the mentions toward which a verb goes."""
    start = place.last + 1
    high = stretch_end(clauses, start, place)
    found = []
    if "direct" in place.verb.frames:
        found = actors_in_phrase(clauses, start, high, direct=True)
    frames = place.verb.frames - {"direct"}
    if not found and frames:
        found = actors_after(clauses, start, high, frames)
    return found


def _of_noun(clauses: Clauses, place: int, noun: Verb) -> set[Relation]:
    """Relations of one noun: "US sanctions on Russia", "Russia's invasion of Georgia", "launched an attack on"."""
    if not noun.relation:
        return set()
    joined = _hyphenated(clauses, place)
    status = "negated" if _denied(clauses, place) else "asserted"
    if joined:
        pairs = [joined] if noun.symmetric else []
        return _make(clauses, pairs, noun, place, status)
    high = _noun_limit(clauses, place)
    if "between" in noun.frames:
        between = actors_after(clauses, place + 1, high, ("between",))
        if len(between) > 1:
            pairs = [(one, other) for one in between for other in between]
            return _make(clauses, pairs, noun, place, status)
    owner = _owner(clauses, place)
    objects = actors_after(clauses, place + 1, high, noun.frames)
    agents = actors_after(clauses, place + 1, high, ("by",))
    if noun.lemma in _SUFFERED and owner and not objects:
        return _make(clauses, [(agent, one) for agent in agents for one in owner], noun, place, status)
    subjects, turned = owner or agents, False
    if not subjects:
        subjects, status, turned = _lent(clauses, place, status)
    if not subjects and "from" not in noun.frames:
        near = next((p for p in range(place + 1, high) if clauses.word(p) == ","), high)
        subjects = [p for p in actors_after(clauses, place + 1, near, ("from",)) if p not in objects]
    if not subjects and "of" not in noun.frames:
        subjects = actors_after(clauses, place + 1, high, ("of",))  # "the war of Russia against Ukraine"
    turned = turned or _ended(clauses, place)
    if not objects:
        objects, subjects = _received(clauses, place, high), owner or agents or _givers(clauses, place, high)
    pairs = [(one, other) for one in subjects for other in objects]
    return _make(clauses, pairs, noun, place, status, turned=turned)


def _givers(clauses: Clauses, place: int, high: int) -> list[int]:
    """Find from whom something comes: "criticism from Republicans"."""
    found = actors_after(clauses, place + 1, high, ("from", "among"))
    return [p for p in found if clauses.acts(p, phrase_end(clauses, p + 1))]


def _received(clauses: Clauses, place: int, high: int) -> list[int]:
    """Find who gets what a noun names: "Comey faced criticism from Republicans", "is under investigation by"."""
    index = clauses.after(place) - 1
    if index < 0 or clauses.verbs[index].verb.lemma not in fw.RECEIVING or clauses.verbs[index].passive:
        return []
    between = [clauses.word(p) for p in range(clauses.verbs[index].last + 1, place)]
    plain = all(word and word not in fw.PREPOSITIONS for word in between[:-1])
    is_under = between[-1:] == ["under"]
    is_be = clauses.verbs[index].verb.lemma == "be"
    if (
        len(between) > 5
        or not plain
        or is_be != is_under
        or (between and between[-1] in fw.PREPOSITIONS - {"under"})
    ):
        return []
    return clauses.subjects(index)


def _together(clauses: Clauses) -> list[tuple[int, list[int], list[int]]]:
    """Find actors that act together: "Ukraine, together with Belarus, has proposed"."""
    found = []
    for place in range(1, len(clauses.tokens)):
        word, before = clauses.word(place), clauses.word(place - 1)
        if not (word == "alongside" or (word == "with" and before in ("together", "along", "jointly"))):
            continue
        partners = actors_in_phrase(clauses, place + 1, stretch_end(clauses, place + 1))
        start = place - (2 if word == "with" else 1)
        start -= clauses.word(start) == ","
        nearest = [start] if clauses.is_mention(start) else clauses.subjects(clauses.after(place) - 1)
        if partners and nearest:
            found.append((place, nearest, partners))
    return found


def _noun_limit(clauses: Clauses, place: int) -> int:
    """Find where a noun's object can stand: also beyond the participle of a light verb ("imposed on")."""
    high = stretch_end(clauses, place + 1)
    verb = clauses.opening.get(high)
    if verb is not None and verb.passive and verb.verb.lemma in fw.LIGHT and high - place <= 3:
        return stretch_end(clauses, verb.last + 1)
    return high


def _ended(clauses: Clauses, place: int) -> bool:
    """Whether a noun is what is ended: "sanctions against Russia were lifted"."""
    index = clauses.after(place)
    if index == len(clauses.verbs):
        return False
    verb = clauses.verbs[index]
    return verb.passive and verb.verb.lemma in fw.ENDING and clauses.boundary(index) <= place


def _denied(clauses: Clauses, place: int) -> bool:
    """Whether "no" stands before a noun."""
    return any(clauses.word(p) in ("no", "without") for p in range(max(0, place - 3), place))


def _hyphenated(clauses: Clauses, place: int) -> tuple[int, int] | None:
    """Find the two actors of "US-Russia talks"."""
    for end in range(place - 1, max(place - 4, 1), -1):
        if (
            clauses.is_mention(end)
            and clauses.word(end - 1) in ("-", "–", "—", "/")
            and clauses.is_mention(end - 2)
        ):
            return (end - 2, end)
        if not clauses.word(end) or clauses.word(end) in fw.PREPOSITIONS or clauses.word(end) == ",":
            return None
    return None


def _owner(clauses: Clauses, place: int) -> list[int]:
    """Find the mention that a noun belongs to: "US sanctions", "Trump's latest attack"."""
    for before in range(place - 1, max(place - 6, -1), -1):
        if clauses.is_mention(before):
            if clauses.word(before - 1) in ("-", "–", "—") and clauses.is_mention(before - 2):
                return [before - 2, before]
            beyond = clauses.word(before + 1)
            if beyond not in POSSESSIVE and before + 1 < place and beyond in fw.OTHERS:
                return []
            return clauses.coordinated(before, max(0, before - 6))
        word = clauses.word(before)
        if (
            word in fw.PREPOSITIONS
            or word == ","
            or word in fw.MARKS
            or word in fw.CONJUNCTIONS
            or word in fw.AUXILIARIES
        ):
            return []
        if word in fw.DETERMINERS or word in fw.OTHERS or before in clauses.closing:
            return []
    return []


def _lent(clauses: Clauses, place: int, status: str) -> tuple[list[int], str, bool]:
    """Find the subject that a light verb lends a noun, and whether the verb turns it."""
    index = clauses.after(place) - 1
    if index < 0 or clauses.verbs[index].passive:
        return [], status, False
    between = range(clauses.verbs[index].last + 1, place)
    lemma = clauses.verbs[index].verb.lemma
    parted = any(
        not clauses.word(p) or clauses.word(p) in fw.PREPOSITIONS or clauses.word(p) == ","
        for p in between[:6]
    )
    if parted or len(between) > 5 or lemma not in fw.LIGHT | fw.ENDING:
        return [], status, False
    said = event_status(clauses, index)
    return clauses.subjects(index), said if status == "asserted" else status, lemma in fw.ENDING
