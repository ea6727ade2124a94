"""Words for a state other than the United States, after it has been named: "a hostile foreign power".

American English has words that name no state and are not used of the United States: "a hostile foreign power", and
"the military spy agency" (its own agencies have names). They are the rows of the alias table whose match is `role` and
whose label has the field `foreign`. These are the rules, in full:

one candidate
    It is the only other state that the text has named so far, by itself or by its persons and organisations, and it has
    been named `LEAST` times: where Trump once talks of Norway, the hostile foreign power is not Norway.
whose word it is
    A "foreign power" needs a mention of the United States, too; a British text speaks of other powers.
what stands before
    "A", "the", "that", or nothing at the beginning of a sentence or heading: "any hostile foreign power" is none in
    particular. No mention may stand directly before ("Russia, a hostile foreign power").
what follows
    Nothing that says which ("of", "that", "such as China") or names it.
no hypothesis
    A sentence that says what a foreign power could do, or what is done if one does it, means none in particular.

In doubt nobody is meant. Plurals are never resolved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from analysis.aliases import Alias
from analysis.naming.nominals import ADJACENT, NAME_FOLLOWS, Antecedent
from analysis.naming.role_words import BARE_AFTER, SAYS_WHICH, SENTENCE_ENDS

# the state that these words are not used of
HOME = "USA"
# the field of their rows
FOREIGN = "foreign"
# how often a state must have been named
LEAST = 3
_ARTICLE = re.compile(r"\b(?:an?|the|that)\s\Z", re.IGNORECASE)
# characters of a sentence that are read before the words, and after them
_SENTENCE = 300
_HYPOTHESIS = re.compile(
    r"\b(?:[Ii]f|[Uu]nless|[Ww]henever|can|could|may|might|must|shall|should|would|[Aa]ny|[Ee]very|when\san?\shostile)\b"
)
_NAMES_IT = re.compile(r",?\s(?:like|such\s+as|known|called|namely|including)\b|\s?[\u2013\u2014(-]|,\s[A-Z]")


class OtherStateResolver:
    """Goes through a text from left to right, and finds the state that words for another state mean.

    Parameters
    ----------
    text : str
        The text.
    """

    def __init__(self, text: str):
        self.text = text
        self.named: Counter[str] = Counter()
        self.counted = 0

    def resolve(
        self, start: int, end: int, role: Alias, earlier: Sequence[Antecedent]
    ) -> tuple[int, str] | None:
        """Find the state that is meant.

        Parameters
        ----------
        start, end : int
            Character offsets of the words, after those of all words so far.
        role : Alias
            Their row.
        earlier : sequence of Antecedent
            The mentions before them, those of the last call first.

        Returns
        -------
        (start, country) or None
            Where the mention begins ("a hostile foreign power"), and the country; None if no state is meant.
        """
        # each mention is counted once, so that the time stays linear
        self.named.update(one.country for one in earlier[self.counted :] if one.country)
        self.counted = len(earlier)
        others = [country for country in self.named if country != HOME]
        if len(others) != 1 or self.named[others[0]] < LEAST:
            return None
        if "agency" not in role.label.split() and (not self.named[HOME] or self._is_hypothesis(start, end)):
            return None
        article = _ARTICLE.search(self.text, max(0, start - 8), start)
        if article is None and BARE_AFTER.search(self.text, max(0, start - 9), start) is None:
            return None
        first = article.start() if article is not None else start
        if any(pattern.match(self.text, end) for pattern in (SAYS_WHICH, NAME_FOLLOWS, _NAMES_IT)):
            return None
        if ADJACENT.fullmatch(self.text, earlier[-1].end, first):
            return None
        return first, others[0]

    def _is_hypothesis(self, start: int, end: int) -> bool:
        """Whether the sentence says what may be, not what is."""
        first = max(0, start - _SENTENCE)
        for stop in SENTENCE_ENDS.finditer(self.text, first, start):
            first = stop.end()
        stop = SENTENCE_ENDS.search(self.text, end, end + _SENTENCE)
        last = stop.start() if stop is not None else end + _SENTENCE
        return _HYPOTHESIS.search(self.text, first, last) is not None
