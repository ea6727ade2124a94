"""The words of a sentence, with each mention of an actor as one token, and what stands around a mention."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis import function_words as fw

POSSESSIVE = frozenset(("'s", "’s", "'", "’"))
_PHRASE_ENDS = POSSESSIVE | {",", "and", "or", "but"}
_LISTED = 20  # members of a list that are followed back to its preposition
_NEAR = 3  # words between a preposition and the mention that it governs


@dataclass(frozen=True, slots=True)
class Token:
    """One word, mark or mention; ``actor`` is empty unless it is a mention."""

    text: str
    start: int
    end: int
    actor: str = ""

    @property
    def word(self) -> str:
        """The word in lower case; empty for a mention."""
        return "" if self.actor else self.text.lower()


@dataclass
class Words:
    """A sentence's tokens.

    Parameters
    ----------
    tokens : list of Token
        Without quotation marks.
    kinds : mapping of str to str
        actor_id to state, person or organisation.
    """

    tokens: list[Token]
    kinds: Mapping[str, str]

    def word(self, place: int) -> str:
        """Return the word at a place.

        Parameters
        ----------
        place : int
            Of a token; outside the sentence is allowed.

        Returns
        -------
        str
            In lower case; empty for a mention or outside.
        """
        lower = self._lower
        return lower[place] if 0 <= place < len(lower) else ""

    @cached_property
    def _lower(self) -> list[str]:
        return [token.word for token in self.tokens]

    def is_mention(self, place: int) -> bool:
        """Say whether a mention stands at a place.

        Parameters
        ----------
        place : int
            Of a token; outside the sentence is allowed.

        Returns
        -------
        bool
            True for a mention.
        """
        return 0 <= place < len(self.tokens) and bool(self.tokens[place].actor)

    def governor(self, place: int, low: int) -> str:
        """Find the preposition that governs a mention.

        Parameters
        ----------
        place : int
            The mention's token.
        low : int
            Where to stop.

        Returns
        -------
        str
            The preposition; empty if none does.
        """
        for _ in range(_LISTED):
            for before in range(place - 1, place - 1 - _NEAR, -1):
                word = self.word(before)
                if before < low or not word or word in _PHRASE_ENDS or word in fw.MARKS:
                    if before < low or word not in ("and", "or", ",") or not self.is_mention(before - 1):
                        return ""
                    place = before - 1  # what governs "Russia and" governs what follows
                    break
                if word in fw.PREPOSITIONS:
                    return word
            else:
                return ""
        return ""

    def acts(self, place: int, high: int) -> bool:
        """Say whether what follows a mention up to a verb still is the actor, or acts for it.

        Parameters
        ----------
        place : int
            The mention's token.
        high : int
            The token after the last of the phrase.

        Returns
        -------
        bool
            False for "Russian journalists", "Trump's critics" and nouns that are not known to act for it.
        """
        words = [self.word(p) for p in range(place + 1, high)]
        for cut, word in enumerate(words):
            if word in ("(", ",") or word in fw.PREPOSITIONS or word in fw.ADVERBS or word in fw.CONJUNCTIONS:
                words = words[:cut]
                break
        plain = [word for word in words if word and word not in POSSESSIVE]
        if any(word in fw.OTHERS for word in plain):
            return False
        return not plain or any(word in fw.REPRESENTATIVES for word in plain)

    def coordinated(self, place: int, low: int) -> list[int]:
        """List the mentions joined to one by "and" and commas before it.

        Parameters
        ----------
        place : int
            The last mention's token.
        low : int
            Where to stop.

        Returns
        -------
        list of int
            In reading order.
        """
        found, at = [place], place
        joint = ("and", "or", "&")
        while at - 2 >= low:
            before = at - 1
            while self.word(before) in fw.DETERMINERS and before > low:
                before -= 1
            word = self.word(before)
            if word not in joint:
                break
            before -= 1
            if self.word(before) == ",":
                before -= 1
            if not self.is_mention(before) or before < low:
                break
            found.append(before)
            at, joint = before, ("and", "or", "&", ",")
        return sorted(found)
