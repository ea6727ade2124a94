"""Light clauses: a sentence's verbs and who their subjects are, found by rules instead of a parser.

A sentence is a row of tokens in which every mention of an actor is one token. A verb's subject is looked for to its
left, up to the verb or conjunction before it; a verb without a subject of its own takes that of the verb before
("annexed Crimea and attacked"), a relative pronoun stands for the mention before it, and he, she or it for the
subject before it if that is a person, or none.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from analysis import function_words as fw
from analysis.relations.sentence_words import POSSESSIVE, Words
from analysis.relations.verbs import Verb

_FAR = 40  # tokens between a pronoun and the one person it can mean


@dataclass(slots=True)
class VerbPlace:
    """A verb in its sentence: tokens ``first`` (of its group, auxiliaries included) to ``last``."""

    verb: Verb
    head: int
    first: int
    last: int
    form: str
    passive: bool = False
    negated: bool = False
    possible: bool = False
    to: bool = False


@dataclass
class Clauses(Words):
    """A sentence's tokens and verbs; `subjects` and `status` answer for each verb.

    Parameters
    ----------
    tokens : list of Token
        Without quotation marks.
    verbs : list of VerbPlace
        In reading order.
    kinds : mapping of str to str
        actor_id to state, person or organisation.
    statuses : dict of int to str
        What is known of the verbs' status (`analysis.relations.assertion`).
    """

    verbs: list[VerbPlace] = field(default_factory=list)
    statuses: dict[int, str] = field(default_factory=dict)
    _found: dict[int, list[int]] = field(default_factory=dict)

    @cached_property
    def opening(self) -> dict[int, VerbPlace]:
        """Each verb by the first token of its group."""
        return {verb.first: verb for verb in self.verbs}

    @cached_property
    def closing(self) -> dict[int, VerbPlace]:
        """Each verb by its last token."""
        return {verb.last: verb for verb in self.verbs}

    def after(self, place: int) -> int:
        """Find the first verb whose group begins after a place.

        Parameters
        ----------
        place : int
            Of a token.

        Returns
        -------
        int
            The verb's place in `verbs`; their number if there is none.
        """
        return bisect_right(self.verbs, place, key=lambda verb: verb.first)

    def boundary(self, index: int) -> int:
        """Find where the stretch that may hold a verb's subject begins.

        Parameters
        ----------
        index : int
            The verb's place in `verbs`.

        Returns
        -------
        int
            The first token of the stretch.
        """
        low = self.verbs[index - 1].last + 1 if index else 0
        for place in range(self.verbs[index].first - 1, low - 1, -1):
            word = self.word(place)
            if (
                word in fw.SUBORDINATORS
                or word in fw.MARKS
                or (word == "that" and self._is_conjunction(place))
            ):
                return place + 1
        return low

    def _is_conjunction(self, place: int) -> bool:
        """Whether "that" opens a clause: after a verb, or not directly before one."""
        return place - 1 in self.closing or place + 1 not in self.opening

    def subjects(self, index: int) -> list[int]:
        """Find what stands before a verb as its subject (the object, if it is passive).

        Parameters
        ----------
        index : int
            The verb's place in `verbs`; below 0 there is none.

        Returns
        -------
        list of int
            Tokens that are mentions; empty if it is nobody in the table of actors.
        """
        if index < 0:
            return []
        if index not in self._found:
            self._found[index] = []  # a verb never waits for itself
            self._found[index] = self._find_subjects(index)
        return self._found[index]

    def _find_subjects(self, index: int) -> list[int]:
        verb = self.verbs[index]
        low, high = self.boundary(index), verb.first
        while high > low and (self.word(high - 1) in fw.ADVERBS or self.word(high - 1).endswith("ly")):
            high -= 1
        before = self.word(high - 1) if high > low else ""
        having = self.word(verb.first) in ("having", "being")  # "accused of having attacked"
        bare = verb.form == "ing" and verb.first == verb.head and self.word(verb.head - 1) not in fw.BE
        if not verb.to and (having or bare):
            return self._of_ing(index, low, high)
        if verb.to:
            return self._of_infinitive(index, low, high)
        if all(self.word(p) in fw.CONJUNCTIONS or self.word(p) in (",", "then") for p in range(low, high)):
            # "as" and "after" do not part a participle from the subject before them
            return (
                self.subjects(index - 1)
                if low < high or verb.form in ("part", "ing")
                else self._close(index, low)
            )
        if before in fw.RELATIVES:
            return self._antecedent(high - 1)
        if before in fw.CONJUNCTIONS and index and low == self.verbs[index - 1].last + 1:
            # "Xi said that relations are good and praised Putin": past the clause that says nothing of an actor
            embedded = index > 1 and self.word(self.boundary(index - 1) - 1) == "that"
            return self.subjects(index - 1) or (self.subjects(index - 2) if embedded else [])
        if verb.form == "part" and verb.first == verb.head and before == "," and self.is_mention(high - 2):
            return [high - 2]  # "Comey, fired by Trump, ..."
        return self._noun_phrase(index, low, high)

    def _close(self, index: int, low: int) -> list[int]:
        """Nothing stands between this verb and the boundary."""
        return self.subjects(index - 1) if index and low == self.verbs[index - 1].last + 1 else []

    def _of_ing(self, index: int, low: int, high: int) -> list[int]:
        """Subject of an -ing form: "accused M of attacking", "M attacking", else that of the verb before."""
        before = self.word(high - 1)
        if high > low and self.is_mention(high - 1):
            return [high - 1]
        if not index and before == "," and self.is_mention(high - 2):
            return [high - 2]
        if before in ("of", "for", "from") and index:
            inside = [p for p in range(self.verbs[index - 1].last + 1, high - 1) if self.is_mention(p)]
            if inside:
                return inside[-1:]
        return self.subjects(index - 1)

    def _of_infinitive(self, index: int, low: int, high: int) -> list[int]:
        """Subject of "to V": the object of "urge", the owner of "decision", else that of the verb before."""
        for owner in range(high - 2, max(low - 1, high - 5), -1):
            if self.word(owner) in POSSESSIVE and self.is_mention(owner - 1):
                return [owner - 1]  # "Trump's decision to"
        inside = [
            p for p in range(low, high) if self.is_mention(p) and self.governor(p, low) in ("", "for", "by")
        ]
        if inside and self.governor(inside[-1], low) == "for":
            return inside[-1:]
        if inside and index and low == self.verbs[index - 1].last + 1:
            controls = self.verbs[index - 1].verb.lemma in fw.CONTROL
            owns = self.word(inside[-1] + 1) in POSSESSIVE or self.word(high - 1) in fw.DONE_NOUNS
            return inside[-1:] if controls or owns else self.subjects(index - 1)
        return inside[-1:] if inside else self.subjects(index - 1)

    def _antecedent(self, relative: int) -> list[int]:
        """Find the mention that a relative pronoun stands for."""
        place = relative - 1
        if self.word(place) == ",":
            place -= 1
        for step in range(4):
            if self.is_mention(place - step):
                if self.word(place - step - 1) in ("a", "an") and self.word(place - step - 2) == ",":
                    return []  # "Schiff, a Democrat who ...": somebody is described, not named
                return self.coordinated(place - step, 0) if step == 0 else [place - step]
            word = self.word(place - step)
            if not word or word in fw.OTHERS or word in fw.MARKS or place - step in self.closing:
                return []
        return []

    def _noun_phrase(self, index: int, low: int, high: int) -> list[int]:
        """Find the mention that heads, or acts through, the noun phrase before a verb."""
        while high > low and self.word(high - 1) == ",":
            # "Schiff, a critic of Trump, said": the chunk between commas is not the subject
            chunk = next((p for p in range(high - 2, low, -1) if self.word(p) == ","), None)
            if chunk is None:
                return self.subjects(index - 1)
            high = chunk
        words = range(low, high)
        pronoun = self.word(high - 1)
        if pronoun in fw.PRONOUNS:
            return self._resolve(pronoun, index)
        commas = [p for p in words if self.word(p) == ","]
        start = commas[-1] + 1 if commas and self.word(commas[-1] + 1) not in fw.CONJUNCTIONS else low
        if commas and self._is_list(start, high, commas[-1]):
            start = low
        inside = [p for p in range(start, high) if self.is_mention(p)]
        free = [p for p in inside if self.governor(p, start) == ""]
        owned = [p for p in inside if self.governor(p, start) in ("of", "by")]
        chosen = (free or owned)[-1:]
        if not chosen or not self.acts(chosen[0], high):
            return []
        after_clause = index and low == self.verbs[index - 1].last + 1
        if (
            after_clause
            and self.verbs[index - 1].verb.lemma not in fw.WITH_CLAUSE
            and self.word(low - 1) != ","
        ):
            found = [p for p in self.coordinated(chosen[0], start) if not self._is_object(index, p)]
            return found or self.subjects(index - 1)
        return self.coordinated(chosen[0], start)

    def _is_list(self, start: int, high: int, comma: int) -> bool:
        """Whether a comma parts members of a list that ends in "and M"."""
        ahead = [p for p in range(start, high) if self.word(p) in ("and", "or")]
        return bool(ahead) and self.is_mention(comma - 1) and self.is_mention(comma + 1)

    def _is_object(self, index: int, place: int) -> bool:
        """Whether a mention directly follows the verb before, as its object."""
        return all(self.word(p) in fw.DETERMINERS for p in range(self.verbs[index - 1].last + 1, place))

    def _resolve(self, pronoun: str, index: int) -> list[int]:
        """Let he, she or it stand for the subject of the verb before, if it is a person, or none."""
        for previous in range(index - 1, max(-1, index - 4), -1):
            found = self.subjects(previous)
            if not found or self.verbs[previous].to:
                continue
            person = self.kinds.get(self.tokens[found[-1]].actor, "") == "person"
            if (pronoun in ("he", "she", "i") and person) or (pronoun == "it" and not person):
                return found[-1:]
            return found if pronoun in ("they", "we") and (len(found) > 1 or not person) else []
        if pronoun in ("he", "she"):
            return self._only_person(self.verbs[index].first)
        return []

    def _only_person(self, place: int) -> list[int]:
        """Find the one person named before a place; none if there are several."""
        named = [p for p in range(max(0, place - _FAR), place) if self.is_mention(p)]
        people = [p for p in named if self.kinds.get(self.tokens[p].actor) == "person"]
        return people[-1:] if len({self.tokens[p].actor for p in people}) == 1 else []

    def possessor(self, place: int) -> list[int]:
        """Find whom "his", "her", "its" or "their" stands for.

        Parameters
        ----------
        place : int
            The pronoun's token.

        Returns
        -------
        list of int
            Tokens that are mentions.
        """
        index = bisect_right(self.verbs, place, key=lambda verb: verb.first) - 1
        subjects = self.subjects(index)
        person = bool(subjects) and self.kinds.get(self.tokens[subjects[-1]].actor) == "person"
        his = self.word(place) in ("his", "her")
        if subjects and (self.word(place) == "their" or person == his):
            return subjects
        return self._only_person(place) if his else []
