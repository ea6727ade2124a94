"""Short forms of what a text has named before: "the president", "the agency", "Johnson".

A row of the alias table whose match is `nominal` is no name by itself. It is a mention only where the
text before it makes clear whom it means; otherwise it is left alone. These are the rules, in full:

antecedent
    The nearest mention before it of an actor for whom the table has this nominal on the day. For a
    state the alias of that mention must hold the nominal's last word: "the department" goes back to
    "Justice Department", not to "US". It must stand within `REACH` characters.
one candidate
    The last `AGREE` mentions of such actors within reach must all be of the same one; or the last two, if that
    one has at least two thirds of all their mentions so far. After "Trump met Macron" nobody is
    "the president" until the text has turned to one of them.
strangers
    Where the same words stand for somebody else ("the president of Peru", "a company's president", "Ron Johnson")
    they count as a mention of another candidate, so after "Kenya's president met Trump" there is none.
no other owner
    What follows must not name another owner ("of Ukraine", "at the time") or a name; what
    directly precedes must not be a mention of another country ("In Ghana, the president"), a first name,
    or a name that the nominal explains ("Jim Ryan, the president, said").

A resolved nominal is a mention like any other, so a chain can go on over it. Pronouns are never resolved,
nor possessives of them ("his administration"), "the two leaders" and indefinites ("a senator"). Plurals of roles
("the defendants") are the matter of `analysis.naming.groups`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from analysis.aliases import Alias

# characters between an antecedent and a nominal, at most
REACH = 1000
# how many earlier mentions must agree
AGREE = 3
# how many earlier mentions are looked at, so that the time stays linear
_LOOK_BACK = 60

_OTHER_OWNER = re.compile(
    r"(?:['\u2019]?\s+(?:of|at|for|between|with|elect|emeritus|pro\s+tem\w*|and\s+(?:chief|ceo|co-?founder|founder|chair\w*))\b"
    r"|[-\u2010\u2011]\w)",
    re.IGNORECASE,
)
NAME_FOLLOWS = re.compile(r"[ \t\u00a0]+[A-Z][^\W\d_]")
NAME_IN_APPOSITION = re.compile(r",\s+(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?[A-Z]\w+\s+[A-Z]\w+")
_EXPLAINS_A_NAME = re.compile(r"[A-Z]\w+,?\s+\Z")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w.'\u2019-]*)[ \t\u00a0]\Z")
ADJACENT = re.compile(r",?[ \t\u00a0]+(?:where\s+|when\s+)?|['\u2019]s\s+|\s*\(")
TITLES = frozenset(
    "mr mr. mrs mrs. ms ms. dr dr. president secretary senator sen. representative rep. congressman congresswoman "
    "speaker chairman chairwoman governor gov. general gen. admiral ambassador minister chancellor premier "
    "judge justice director commissioner acting".split()
)
# words with a capital that may stand before a name: they are titles, or begin a sentence
BEFORE_A_NAME = TITLES | frozenset(
    "a after against although and as asked at because before both but by did does even for from had has how "
    "if in is like on or said since so that the then though to under unlike until was what when where "
    "whether while who why will with yet".split()
)
_OPENS_A_PARAGRAPH = re.compile(r"(?:\n\n|\A)\Z")
_NOT_ANOTHER = re.compile(r"\b(?:vice|deputy)[\s-]+\Z", re.IGNORECASE)


class Antecedent(NamedTuple):
    """A mention that a nominal may go back to.

    Parameters
    ----------
    start, end : int
        Character offsets.
    row : Alias
        The row that named the actor.
    country : str
        The actor's country, empty if none.
    """

    start: int
    end: int
    row: Alias
    country: str


def is_clear(recent: Sequence[str], own: int, everyone: int) -> bool:
    """Say whether earlier candidates leave no doubt that the nearest of them is meant.

    Parameters
    ----------
    recent : sequence of str
        The candidates, nearest first; at least one.
    own : int
        How often the nearest has been named so far.
    everyone : int
        How often all of them have.

    Returns
    -------
    bool
        True if the last `AGREE` are the same; or the last two, if that one has two thirds of all.
    """
    recent = recent[:AGREE]
    if len(set(recent)) == 1:
        return True
    return recent[0] == recent[1] and 3 * own >= 2 * everyone


class NominalResolver:
    """Goes through a text from left to right and resolves its nominals.

    Parameters
    ----------
    text : str
        The text.
    """

    def __init__(self, text: str):
        self.text = text
        self.mentions: list[Antecedent] = []
        self.counts: Counter[str] = Counter()

    def add(self, start: int, end: int, row: Alias, country: str) -> None:
        """Take note of a mention.

        Parameters
        ----------
        start, end : int
            Character offsets, after those of every mention so far.
        row : Alias
            The row that names the actor.
        country : str
            The actor's country.
        """
        self.mentions.append(Antecedent(start, end, row, country))
        self.counts[row.actor_id] += 1

    def resolve(self, start: int, end: int, rows: Iterable[Alias]) -> Alias | None:
        """Find out whom a nominal means.

        Parameters
        ----------
        start, end : int
            Character offsets of the nominal.
        rows : iterable of Alias
            The rows of the table that have this nominal and apply on the day.

        Returns
        -------
        Alias or None
            The row of the actor that is meant; None where that is not clear.
        """
        by_actor = {row.actor_id: row for row in rows}
        if not by_actor or not self.mentions:
            return None
        words = next(iter(by_actor.values())).alias
        antecedent = self._find_antecedent(start, by_actor, words)
        if antecedent is None or self._names_another(start, end, words, antecedent):
            return None
        return by_actor[antecedent.row.actor_id]

    def _find_antecedent(self, start: int, by_actor: dict[str, Alias], words: str) -> Antecedent | None:
        """The nearest candidate, if the last few that the words stand for are one actor."""
        head = words.rpartition(" ")[2].lower()
        candidates = []
        for mention in reversed(self.mentions[-_LOOK_BACK:]):
            if start - mention.end > REACH:
                break
            row = by_actor.get(mention.row.actor_id)
            if row is not None and (row.kind != "state" or head in mention.row.alias.lower().split()):
                candidates.append(mention)
        if not candidates:
            return None
        strangers = self._find_strangers(words, max(0, start - REACH), start, candidates)
        places = [(mention.start, mention.row.actor_id) for mention in candidates]
        places += [(place, "") for place in strangers]
        recent = [actor for _, actor in sorted(places, reverse=True)]
        everyone = sum(self.counts[actor] for actor in by_actor) + len(strangers)
        if recent[0] and is_clear(recent, self.counts[recent[0]], everyone):
            return candidates[0]
        return None

    def _find_strangers(self, words: str, start: int, end: int, candidates: list[Antecedent]) -> list[int]:
        """Where the nominal's words stand for somebody who is no candidate."""
        bare = words.removeprefix("the ")
        pattern = r"\b" + r"[\s-]+".join(re.escape(word) for word in re.split("[ -]", bare)) + r"\b(?!-elect)"
        found = []
        for match in re.finditer(pattern, self.text[start:end], re.IGNORECASE if bare.islower() else 0):
            first, last = start + match.start(), start + match.end()
            # "President Trump" and "Russian President Vladimir Putin" are the candidate's own
            own = any(
                one.start < last
                and first < one.end
                or 0 < one.start - last < 3
                and self.text[last : one.start].isspace()
                for one in candidates
            )
            # a word that opens a paragraph and has nothing beside it says of nobody that he is another
            alone = _OPENS_A_PARAGRAPH.search(self.text[max(0, first - 2) : first]) and not (
                _OTHER_OWNER.match(self.text, last) or NAME_FOLLOWS.match(self.text, last)
            )
            if not (own or alone or _NOT_ANOTHER.search(self.text[max(0, first - 12) : first])):
                found.append(first)
        return found

    def _names_another(self, start: int, end: int, words: str, antecedent: Antecedent) -> bool:
        """Whether what stands directly before or after the nominal says that somebody else is meant."""
        after = self.text[end : end + 80]
        if _OTHER_OWNER.match(after) or NAME_FOLLOWS.match(after):
            return True
        before = self.text[max(0, start - 40) : start]
        last = self.mentions[-1]
        beside = ADJACENT.fullmatch(self.text, last.end, start) if start - last.end < 12 else None
        if not words.startswith("the "):
            word = _WORD_BEFORE.search(before)
            named = word is not None and word[1][0].isupper() and word[1].lower() not in BEFORE_A_NAME
            return (
                named or bool(re.search(r"\b[A-Z]\.\s\Z", before)) or before[-1:] in ("-", "\u2010", "\u2011")
            )
        if beside and last.country != antecedent.country:
            return True
        if NAME_IN_APPOSITION.match(after):
            return True
        explains = after[:1] in (",", ")") and _EXPLAINS_A_NAME.search(before) is not None
        return explains and not (beside and last is antecedent)
