"""Alias matching: which actors a text mentions, and where.

What counts as a mention, where more than one reading is possible:

- The longest alias wins, then the leftmost; mentions do not overlap. "North Korea" is one mention, and
  "Washington Post", a stop alias, is none.
- A person named with a title is one mention, of the person: in "Russian President Vladimir Putin" the
  title "Russian President" belongs to the name that directly follows it, whoever holds the office on
  the day. A state is not counted a second time inside it. Where no title of the table covers the
  state's name, both are mentions: "Russia's Vladimir Putin" mentions Russia and Putin.
- A title without a name mentions the holder of the office on the day the article was published. It does not
  if the day is not known, or so imprecisely that two holders fit; if "former", "then-", "deputy", "a", "for" and
  the like stand before it (`NOT_THE_HOLDER`), or "nominee" after it. Then it mentions the state: what is
  shorter inside it takes over ("US president"), or the state of all who held the office ("secretary of state").
- A title that an unknown name follows ("British Prime Minister Lloyd George") is that person's, so no mention; nor
  is a title that names no state after a name with a capital ("Texas Attorney General").
- Names that share their last words are two mentions: "North and South Korea" (see `analysis.naming.joined_names`).
- Names that mean somebody or something else ("Moscow, Idaho", "Meghan McCain") are none: see
  `analysis.naming.namesakes`.
- Short forms ("the president", "Johnson") go back to what the text has named: see `analysis.naming.nominals`; persons
  in a role ("the defendants") and spy agencies to their country: see `analysis.naming.groups`.
- The possessive ending is not part of a mention; hyphens and dashes part words ("US-Russia" has two).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from analysis.aliases import STOP, ActorTable, Alias
from analysis.naming.joined_names import find_joined_names
from analysis.naming.namesakes import drop_by_cues, drop_in_addresses, stop_namesakes
from analysis.naming.nominals import BEFORE_A_NAME
from analysis.naming.short_forms import Candidate, add_short_forms

# words before a title which say that somebody else than the holder of the office is meant, or nobody
NOT_THE_HOLDER = frozenset(
    "a an any assistant become becoming deputy each every ex first for former future incoming junior last "
    "late next no nominated old onetime outgoing past possible potential previous shadow sitting sometime then under "
    "vice".split()
)
_NAME_AFTER = re.compile(r"[ \u00a0]([A-Z][^\W\d_]*[a-z]\w*)")
_DAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
_NOT_YET_HELD = re.compile(
    r"(?:[- ]elect|[- ]designate|[\s-]nominee|[\s-]pick|\s\(\w+\)\snominee|\scandidate|\shopeful|\scontender)\b",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\w(?:['\u2019]s|s['\u2019])\s\Z")
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[\s\-\u2010-\u2015]{1,2}\Z")


class Mention(NamedTuple):
    """One mention of an actor.

    Parameters
    ----------
    start, end : int
        Character offsets: ``text[start:end]`` are the words, a person's title included.
    actor_id : str
        The actor.
    alias : str
        The alias of the table that names the actor.
    """

    start: int
    end: int
    actor_id: str
    alias: str


def find_mentions(
    text: str, actors: ActorTable, *, published: date | tuple[date, date] | None = None
) -> list[Mention]:
    """Find the mentions of actors in a text; the time it takes grows with the text only.

    Parameters
    ----------
    text : str
        An article, or any part of one.
    actors : ActorTable
        Who can be mentioned.
    published : datetime.date or (date, date), optional
        The day of publication, or the first and last day that it may be. Dated aliases need it.

    Returns
    -------
    list of Mention
        Sorted by place, not overlapping.

    Examples
    --------
    >>> from analysis.actors import load_actors, project_actors
    >>> actors = load_actors(project_actors())
    >>> text = "The US president rang Russian President Vladimir Putin; China's reply came later."
    >>> [(text[m.start : m.end], m.actor_id) for m in find_mentions(text, actors, published=date(2019, 5, 3))]
    [('US president', 'trump'), ('Russian President Vladimir Putin', 'putin'), ('China', 'china')]
    >>> find_mentions("The US president", actors)
    [Mention(start=4, end=6, actor_id='us', alias='US')]
    """
    if isinstance(published, date):
        published = (published, published)
    found = _collect(text, actors, published)
    named = stop_namesakes(text, actors, drop_in_addresses(text, found.named), found.opens)
    chosen = _choose(drop_by_cues(text, actors, named, found.cues, found.company))
    chosen = _add_joined_names(text, actors, chosen, published)
    if found.titles:
        chosen = _join_titles(text, chosen, found.titles)
    if chosen and (found.nominals or found.roles):
        chosen = add_short_forms(text, actors, chosen, found.nominals, found.roles)
    return [
        Mention(candidate.start, candidate.end, candidate.row.actor_id, candidate.row.alias)
        for candidate in chosen
        if candidate.row.actor_id != STOP
    ]


@dataclass(slots=True)
class _Found:
    """What the alias table finds in a text, apart by what it is for."""

    named: list[Candidate] = field(default_factory=list)
    titles: dict[int, int] = field(default_factory=dict)
    nominals: list[tuple[int, int, tuple[Alias, ...]]] = field(default_factory=list)
    roles: list[tuple[int, int, Alias]] = field(default_factory=list)
    opens: list[Candidate] = field(default_factory=list)
    cues: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    company: list[tuple[int, int, tuple[Alias, ...]]] = field(default_factory=list)


def _collect(text: str, actors: ActorTable, published: tuple[date, date] | None) -> _Found:
    """Look the aliases up and sort them by their use."""
    found, offices = _Found(), []
    named = found.named
    for start, end, rows in actors.find_aliases(text):
        if len(rows) > 1:
            rows, company = actors.part_company(rows)
            if company:
                found.company.append((start, end, company))
        if len(rows) == 1:
            row = rows[0]
            if row.plain:
                named.append(Candidate(start, end, row))
                continue
            if row.match == "role":
                found.roles.append((start, end, row))
                continue
            if row.match == "with":
                found.company.append((start, end, rows))
                continue
        rest = []
        for row in rows:
            if row.match == "beside":
                found.cues.setdefault(row.label, []).append((start, end))
            elif row.open:
                found.opens.append(Candidate(start, end, row))
            elif row.match == "role":
                found.roles.append((start, end, row))
            else:
                rest.append(row)
        short = tuple(row for row in rest if row.nominal and row.applies(published))
        if short:
            found.nominals.append((start, end, short))
        rest = tuple(row for row in rest if not row.nominal)
        if not rest:
            continue
        row = _resolve(rest, published)
        if any(row.title for row in rest):
            found.titles[end] = min(start, found.titles.get(end, start))
            if row is None or row.title:
                offices.append((start, end, rest, row))
                continue
        if row is not None:
            found.named.append(Candidate(start, end, row))
    if offices:
        starts = {candidate.start: candidate.row.kind for candidate in found.named}
        for start, end, rows, holder in offices:
            owned = any(place in starts for place in range(start, end))
            if _has_another_owner(text, start, end, starts, owned=owned):
                continue
            if holder is not None and not _is_not_the_holder(text, start, end):
                found.named.append(Candidate(start, end, holder))
            elif not owned and (state := _state_of(rows, actors)) is not None:
                found.named.append(Candidate(start, end, state))
    return found


def _resolve(rows: tuple[Alias, ...], published: tuple[date, date] | None) -> Alias | None:
    """Pick the row that applies on the day; None if none does or several disagree."""
    rows = [row for row in rows if row.applies(published)]
    return rows[0] if len({row.actor_id for row in rows}) == 1 else None


def _is_not_the_holder(text: str, start: int, end: int) -> bool:
    """Whether the words beside a title speak of the office, or of somebody who does not hold it."""
    before = _WORD_BEFORE.search(text[max(0, start - 16) : start])
    if before is not None and before[1].lower() in NOT_THE_HOLDER:
        return True
    return _NOT_YET_HELD.match(text, end) is not None


def _has_another_owner(text: str, start: int, end: int, starts: Mapping[int, str], *, owned: bool) -> bool:
    """Whether a title belongs to somebody whom the table does not know.

    `starts` has the kind of what is named at each place: an unknown name after a title is its owner
    ("British Prime Minister Lloyd George"), and a title whose own words name no state ("Attorney General") may
    belong to what is named before it ("Texas", "Clinton's").
    """
    after = _NAME_AFTER.match(text, end)
    if after is not None and after[1] not in _DAYS and starts.get(after.start(1)) != "person":
        return True
    if owned:
        return False
    beside = text[max(0, start - 16) : start]
    before = _WORD_BEFORE.search(beside)
    return _POSSESSIVE.search(beside) is not None or (
        before is not None
        and before[1][0].isupper()
        and "\n" not in before[0]
        and before[1].lower() not in BEFORE_A_NAME | NOT_THE_HOLDER
    )


def _state_of(rows: tuple[Alias, ...], actors: ActorTable) -> Alias | None:
    """The state of an office that names none; an office is a title that several persons have held."""
    countries = {actors.countries[row.actor_id] for row in rows}
    several = len({row.actor_id for row in rows}) > 1
    return actors.states.get(countries.pop()) if several and len(countries) == 1 else None


def _choose(candidates: list[Candidate]) -> list[Candidate]:
    """Keep the longest, then leftmost, of those that overlap."""
    chosen, cluster, reach = [], [], 0
    for candidate in sorted(candidates, key=itemgetter(0, 1)):
        if candidate.start >= reach:
            chosen += cluster if len(cluster) < 2 else _choose_in_cluster(cluster)
            cluster = []
        cluster.append(candidate)
        if candidate.end > reach:
            reach = candidate.end
    return chosen + _choose_in_cluster(cluster)


def _choose_in_cluster(cluster: list[Candidate]) -> list[Candidate]:
    """Choose among candidates that hang together; nearly always one, two or three."""
    if len(cluster) < 2:
        return cluster
    free = bytearray(b"\x01") * (max(candidate.end for candidate in cluster) - cluster[0].start)
    kept, offset = [], cluster[0].start
    for candidate in sorted(cluster, key=lambda candidate: candidate.order):
        start, end = candidate.start - offset, candidate.end - offset
        # a kept candidate is at least as long as this one, so it covers one of its ends if they overlap
        if free[start] and free[end - 1]:
            free[start:end] = bytes(end - start)
            kept.append(candidate)
    return sorted(kept, key=lambda candidate: candidate.start)


def _add_joined_names(
    text: str, actors: ActorTable, chosen: list[Candidate], published: tuple[date, date] | None
) -> list[Candidate]:
    """Add the words that share the last words of a name with it ("North and South Korea")."""

    def look_up(words: str) -> Alias | None:
        for candidate in _collect(words, actors, published).named:
            if candidate.end - candidate.start == len(words):
                return None if candidate.row.title or candidate.row.actor_id == STOP else candidate.row
        return None

    joined = find_joined_names(text, chosen, look_up)
    return sorted([*chosen, *(Candidate(*name) for name in joined)], key=itemgetter(0)) if joined else chosen


def _join_titles(text: str, chosen: list[Candidate], titles: Mapping[int, int]) -> list[Candidate]:
    """Give each title to the person whose name directly follows it."""
    joined = []
    for candidate in chosen:
        if candidate.row.kind == "person" and not candidate.row.title:
            before = candidate.start
            while before and candidate.start - before < 3 and text[before - 1].isspace():
                before -= 1
            start = titles.get(before) if before < candidate.start else None
            if start is not None and "\n\n" not in text[before : candidate.start]:
                while joined and joined[-1].start >= start:
                    joined.pop()
                if not joined or joined[-1].end <= start:
                    candidate = Candidate(start, candidate.end, candidate.row)
        joined.append(candidate)
    return joined
