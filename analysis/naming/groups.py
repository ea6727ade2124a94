"""Persons of a state in a role ("the defendants") and its spy agencies, after they are introduced.

The rows of the alias table whose match is `role` hold the nouns; the label has their fields. A noun names no country
by itself. These are the rules, in full:

owner
    Where a mention of a state or an organisation stands directly before a noun, with nothing between but words of
    `analysis.naming.role_words` ("12 Russian military intelligence officers", "Iran's hackers"), or directly after it
    ("officers of the G.R.U."), the persons are its own. They are so, too, where "its" follows a state in the same
    sentence. Of "Russian and Iranian hackers", "two Russian officers and a German", "Bosnian Serb", "US-trained" and
    "pro-Russian fighters" nobody is the owner. The name of a spy agency that is a mention itself ("the G.R.U.") is an
    agency of the state that it names.
whom a noun goes back to
    With "the", "these", "those" or "both" before it ("the two officers"), to the nearest persons of the same noun
    or, if there are none, of the same field (`FIELDS`): "the spies" to "Russian agents". Nouns of the court go back to
    any persons but officials, to "two Russians" and "Chinese nationals", too, but not to those who arrest or accuse, or
    to victims. A modifier ("the naval officers") must have been named with them.
one candidate, strangers
    As in `analysis.naming.nominals`: the last `AGREE` of such persons within `REACH` must be of one owner; or the
    last two, if at least two thirds of all are. Persons of no owner ("other officers", "three men") are strangers.
    Nouns of diplomacy ("the envoys"), who meet those of others, look at all of their field.
no other owner
    What follows must not say which ones ("of", "from", "who", "in Berlin") or name them; no other country's mention may
    stand directly before. "The suspects were three Germans" are not those of before.
court
    "Defendants" may stand without an article, as in legal English, but not after "as" or an adjective, and not of
    defendants in general ("often", "can", "have the right"). Where a sentence between the persons and the noun tells of
    somebody charged, arrested or sued, it must mention the country, and not beside another ("Russia and WikiLeaks").
spy agencies
    "The spy agency" goes back to the last agency that was named, or said whose it is ("Russian intelligence"). "Its
    spy agency" is that of a state which the sentence names before, with no other name between.
other states
    "A hostile foreign power" and "the military spy agency": see `analysis.naming.other_states`.

In doubt nobody is meant. Singular persons ("the defendant", "a hacker") are never resolved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from analysis.aliases import Alias
from analysis.naming import role_words
from analysis.naming.nominals import ADJACENT, NAME_FOLLOWS, NAME_IN_APPOSITION, REACH, Antecedent, is_clear
from analysis.naming.other_states import FOREIGN, OtherStateResolver

# nouns of the court go back to persons of these
_BEFORE_A_COURT = frozenset({"court", "espionage", "cyber", "military", "armed", "diplomacy"})
# the nouns of the court that stand without an article, too
_WITHOUT_ARTICLE = frozenset({"defendants", "co-defendants", "codefendants", "plaintiffs"})
# how many earlier groups are looked at, so that the time stays linear
_LOOK_BACK = 40


class _Beside(NamedTuple):
    """What stands around a noun."""

    modifiers: str
    court: bool
    earlier: Sequence[Antecedent]
    after: Antecedent | None


def select_roles(text: str, roles: Sequence[tuple[int, int, Alias]]) -> Sequence[tuple[int, int, Alias]]:
    """Leave out the nouns of roles that need not be read; in most texts that is all of them.

    Parameters
    ----------
    text : str
        The text.
    roles : sequence of (int, int, Alias)
        Character offsets of each noun and its row, in any order.

    Returns
    -------
    sequence of (int, int, Alias)
        Those up to the last that may mean somebody named before, sorted.
    """
    if not roles:
        return ()
    roles = sorted(roles, key=lambda one: one[:2])
    for index in range(len(roles) - 1, -1, -1):
        start, _, role = roles[index]
        before = text[max(0, start - 20) : start].split()
        word = before[-1] if before else ""
        if (
            word.lower() in role_words.DETERMINERS
            or role.alias in _WITHOUT_ARTICLE
            or FOREIGN in role.label.split()
        ):
            return roles[: index + 1]
        if role_words.MAY_STAND_BEFORE.fullmatch(word) and role_words.DETERMINED.search(
            text, max(0, start - 60), start
        ):
            return roles[: index + 1]
    return ()


class _Group(NamedTuple):
    """Persons or agencies that the text speaks of; `row` is None where their owner is not known."""

    start: int
    end: int
    noun: str
    fields: frozenset[str]
    row: Alias | None
    country: str
    words: str


def _name_by_noun(row: Alias, role: Alias) -> Alias:
    """The row of a mention whose actor has `row`, and whose words are the noun."""
    return replace(row, alias=role.alias, match="nominal", row=role.row)


class GroupResolver:
    """Goes through a text from left to right, and finds out whom its nouns of roles mean.

    Parameters
    ----------
    text : str
        The text.
    states : mapping of str to Alias
        The first row of the state that has each country code.
    """

    def __init__(self, text: str, states: Mapping[str, Alias]):
        self.text = text
        self.states = states
        self.groups: list[_Group] = []
        self.others = OtherStateResolver(text)

    def note(self, start: int, end: int, role: Alias, mention: Antecedent) -> None:
        """Take note of a noun that is part of a mention, such as the name of a spy agency.

        Parameters
        ----------
        start, end : int
            Character offsets of the noun.
        role : Alias
            Its row.
        mention : Antecedent
            The mention that holds it.
        """
        self._add(start, end, role, mention, mention.start)

    def read(
        self, start: int, end: int, role: Alias, earlier: Sequence[Antecedent], after: Antecedent | None
    ) -> tuple[int, Alias] | None:
        """Read a noun: it has an owner of its own, goes back to a country, or means somebody else.

        Parameters
        ----------
        start, end : int
            Character offsets of the noun, after those of every noun so far.
        role : Alias
            Its row.
        earlier : sequence of Antecedent
            The mentions before it.
        after : Antecedent, optional
            The mention that follows.

        Returns
        -------
        (start, row) or None
            Where the mention begins ("the defendants") and the row that names its actor; None if it is no mention.
        """
        last = earlier[-1] if earlier else None
        its = role_words.ITS.search(self.text, max(0, start - 60), start)
        if its is not None:
            return self._read_its(its.start(), end, role, last)
        if last is not None and role_words.OWNED_BEFORE.fullmatch(self.text, last.end, start):
            joined = len(earlier) > 1 and role_words.JOINED.fullmatch(self.text, earlier[-2].end, last.start)
            mixed = (joined and earlier[-2].country != last.country) or self._is_mixed(end, last, after)
            owned = not mixed and self._owns(last, start)
            self._add(start, end, role, last if owned else None, last.start)
            return None
        if (
            after is not None
            and after.row.kind != "person"
            and role_words.OWNED_AFTER.fullmatch(self.text, end, after.start)
        ):
            beside_hyphen = self.text[after.end : after.end + 1] in ("-", "\u2010", "\u2011")
            self._add(start, end, role, None if beside_hyphen else after, start)
            return None
        found = self._find_determiner(start, end, role)
        if found is not None:
            first, modifiers = found
            group = self._go_back(first, role, earlier)
            beside = _Beside(modifiers, "court" in role.label.split(), earlier, after)
            if group is not None and self._is_meant(first, end, group, beside):
                self.groups.append(group._replace(start=first, end=end, noun=role.alias))
                return first, _name_by_noun(group.row, role)
        read = self._read_other_state(start, end, role, earlier) if FOREIGN in role.label.split() else None
        if read is None:
            self._add(start, end, role, None, start)
        return read

    def _find_determiner(self, start: int, end: int, role: Alias) -> tuple[int, str] | None:
        """Where a noun that means somebody named before begins, and its modifiers; None for any other."""
        if not role.alias.islower():
            return None
        definite = role_words.DEFINITE.search(self.text, max(0, start - 60), start)
        if definite is not None:
            return definite.start(), definite[1]
        bare = role.alias in _WITHOUT_ARTICLE and role_words.BARE_AFTER.search(
            self.text, max(0, start - 9), start
        )
        return (start, "") if bare and not role_words.IN_GENERAL.match(self.text, end) else None

    def _add(self, start: int, end: int, role: Alias, owner: Antecedent | None, first: int) -> None:
        """Take note of persons; of nobody's where the owner has no country, or is a person of none."""
        row = None
        if owner is not None:
            row = self.states.get(owner.country) if owner.row.kind == "person" else owner.row
        fields = frozenset(role.label.split())
        country = owner.country if owner is not None and row is not None else ""
        self.groups.append(_Group(start, end, role.alias, fields, row, country, self.text[first:end].lower()))

    def _is_mixed(self, end: int, mention: Antecedent, following: Antecedent | None) -> bool:
        """Whether persons of another owner are joined to these ("two Russians and a German")."""
        others = role_words.AND_OTHERS.match(self.text, end)
        if others is None:
            return False
        return following is None or following.start != others.end() or following.country != mention.country

    def _owns(self, mention: Antecedent, start: int) -> bool:
        """Whether a mention that stands before a noun says whose they are."""
        if mention.row.kind == "person":
            return self.text[mention.end] in "'\u2019"
        before = self.text[max(0, mention.start - 8) : mention.start]
        return not (
            mention.row.alias[:4].lower().rstrip("-") in ("pro", "anti")
            or re.search(r"(?:\bethnic\s|[-\u2010\u2011])\Z", before, re.IGNORECASE)
        )

    def _read_its(
        self, first: int, end: int, role: Alias, last: Antecedent | None
    ) -> tuple[int, Alias] | None:
        """Read "its hackers": those of a state that the same sentence names directly before."""
        between = self.text[last.end : first] if last is not None else ""
        owned = (
            last is not None
            and last.row.kind == "state"
            and len(between) <= 80
            and re.search(r"[.;:!?\n][\s\u201d\"]|[A-Z]|\b(?:that|told|with|from|the|an?)\b", between) is None
        )
        self._add(first, end, role, last if owned else None, first)
        if owned and "agency" in role.label.split():
            return first, _name_by_noun(last.row, role)
        return None

    def _read_other_state(
        self, start: int, end: int, role: Alias, earlier: Sequence[Antecedent]
    ) -> tuple[int, Alias] | None:
        """Read words for another state: the only one that the text has named."""
        found = self.others.resolve(start, end, role, earlier)
        row = self.states.get(found[1]) if found is not None else None
        if row is None:
            return None
        self._add(start, end, role, Antecedent(start, end, row, found[1]), start)
        return found[0], _name_by_noun(row, role)

    def _go_back(self, first: int, role: Alias, earlier: Sequence[Antecedent]) -> _Group | None:
        """The nearest group that a noun can mean, if those before it leave no doubt."""
        fields = frozenset(role.label.split())
        found = []
        for group in reversed(self.groups[-_LOOK_BACK:]):
            if first - group.end > REACH:
                break
            if self._can_mean(role.alias, fields, group):
                found.append(group)
        if "court" in fields:
            found += self._find_people(first, earlier, found)
            found.sort(key=lambda group: -group.start)
        if "diplomacy" not in fields:
            found = [group for group in found if group.noun == role.alias] or found
        owners = [group.row.actor_id if group.row is not None else "" for group in found]
        if found and owners[0] and is_clear(owners, owners.count(owners[0]), len(owners)):
            return found[0]
        return None

    def _can_mean(self, noun: str, fields: frozenset[str], group: _Group) -> bool:
        """Whether a noun can stand for earlier persons."""
        if "court" not in fields:
            return noun == group.noun or bool(fields & group.fields)
        if not group.fields & _BEFORE_A_COURT or (group.row is None and group.fields <= {"diplomacy"}):
            return False
        return group.row is None or not self._is_victim_or_police(group.start, group.end)

    def _is_victim_or_police(self, start: int, end: int) -> bool:
        """Whether persons are told of who arrest others, or to whom harm is done."""
        if role_words.ARRESTS.match(self.text, end) or role_words.HARMED.match(self.text, end):
            return True
        return role_words.HARMS.search(self.text, max(0, start - 40), start) is not None

    def _find_people(
        self, first: int, earlier: Sequence[Antecedent], found: Sequence[_Group]
    ) -> list[_Group]:
        """Persons without a role: of a nationality ("two Russians", "Chinese nationals"), or of none ("three men")."""
        taken = {group.start for group in found}
        people = []
        for place in range(len(earlier) - 1, max(-1, len(earlier) - 1 - _LOOK_BACK), -1):
            mention = earlier[place]
            if first - mention.end > REACH:
                break
            if mention.row.kind != "state" or mention.start in taken:
                continue
            start, end = mention.start, mention.end
            counted = role_words.NUMBERED.search(self.text, max(0, start - 20), start)
            noun = role_words.ARE_PEOPLE.match(self.text, end)
            if noun is not None:
                end = noun.end()
            elif counted is None or self.text[end - 1] != "s":
                continue
            begin = counted.start() if counted is not None else start
            if role_words.THE.search(self.text, max(0, start - 60), start) or self._is_victim_or_police(
                begin, end
            ):
                continue
            following = earlier[place + 1] if place + 1 < len(earlier) else None
            owned = self._owns(mention, end) and not self._is_mixed(end, mention, following)
            row = mention.row if owned else None
            words = self.text[start:end].lower()
            people.append(_Group(start, end, words, frozenset(), row, mention.country, words))
        if not any(group.row for group in (*found, *people)):
            return people
        owned = [(group.start, group.end) for group in people]
        for match in role_words.SOME_PEOPLE.finditer(self.text, max(0, first - REACH), first):
            if not any(start < match.end() and match.start() < end for start, end in owned):
                people.append(_Group(*match.span(), match[0], frozenset(), None, "", ""))
        return people

    def _is_meant(self, first: int, end: int, group: _Group, beside: _Beside) -> bool:
        """Whether what stands beside a noun leaves it with the persons that it would go back to."""
        agency = "agency" in group.fields
        if not agency and any(
            word.lower() not in group.words for word in role_words.NEW_WORD.findall(beside.modifiers)
        ):
            return False
        for says_which in (role_words.SAYS_WHICH, NAME_FOLLOWS, NAME_IN_APPOSITION):
            if says_which.match(self.text, end):
                return False
        last, after = (beside.earlier[-1] if beside.earlier else None), beside.after
        if (
            last is not None
            and last.country != group.country
            and ADJACENT.fullmatch(self.text, last.end, first)
        ):
            return False
        if (
            after is not None
            and after.country != group.country
            and role_words.IS_SAID_TO_BE.fullmatch(self.text, end, after.start)
        ):
            return False
        return not (beside.court and self._are_others_at_court(group, first, beside.earlier))

    def _are_others_at_court(self, group: _Group, first: int, earlier: Sequence[Antecedent]) -> bool:
        """Whether a sentence before tells of others who are charged, arrested or sued."""
        begin = max(0, first - REACH)
        mentions = []
        for mention in reversed(earlier):
            if mention.start < begin:
                break
            mentions.append(mention)
        while begin < first:
            stop = role_words.SENTENCE_ENDS.search(self.text, begin, first)
            end = stop.start() if stop else first
            cue = role_words.AT_COURT.search(self.text, begin, end)
            if cue is not None:
                own = [one for one in mentions if begin <= one.start < end and one.country == group.country]
                others = not own and end > group.start
                if others and role_words.NAME.search(self.text, cue.end(), min(end, cue.end() + 60)):
                    return True
                if any(cue.start() < one.start and self._is_in_a_list(one, own, end) for one in own):
                    return True
            begin = stop.end() if stop else first
        return False

    def _is_in_a_list(self, mention: Antecedent, own: Sequence[Antecedent], end: int) -> bool:
        """Whether a mention is joined to a name that is not its country's ("Russia and WikiLeaks")."""
        joined = role_words.JOINED_NAME.match(self.text, mention.end, end)
        return joined is not None and not any(joined.end() <= one.start < joined.end() + 15 for one in own)
