"""Alias matching: which actors a text mentions, and where.

What counts as a mention, where more than one reading is possible:

- The longest alias wins, then the leftmost; mentions do not overlap. "North Korea" is one mention, and
  "Washington Post", a stop alias, is none.
- A person named with a title is one mention, of the person: in "Russian President Vladimir Putin" the
  title "Russian President" belongs to the name that directly follows it, whoever holds the office on
  the day. A state is not counted a second time inside it. Where no title of the table covers the
  state's name, both are mentions: "Russia's Vladimir Putin" mentions Russia and Putin.
- A title without a name mentions the holder of the office on the day the article was published. If
  the day is not known, or so imprecisely that two holders fit, it is no mention of a person; what
  is shorter inside it takes over, so that "US president" mentions the United States.
- A title after "former", "then-", "deputy", "a" and the like (`NOT_THE_HOLDER`) does not mention the holder.
- The possessive ending is not part of a mention; hyphens and dashes part words ("US-Russia" has two).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from analysis.aliases import STOP, ActorTable, Alias

# words before a title which say that somebody else than the holder of the office is meant, or nobody
NOT_THE_HOLDER = frozenset(
    "a an any assistant deputy each every ex first former future incoming junior last late next no old "
    "onetime outgoing past previous shadow sitting sometime then under vice".split()
)
_WORD_BEFORE = re.compile(r"([A-Za-z]+)[\s\-\u2010-\u2015]{1,2}\Z")


@dataclass(frozen=True, slots=True, order=True)
class Mention:
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


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    row: Alias

    @property
    def order(self) -> tuple[int, int]:
        return (self.start - self.end, self.start)


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
    named, titles = [], {}
    for start, end, rows in actors.find_aliases(text):
        if len(rows) == 1 and not rows[0].dated:
            named.append(_Candidate(start, end, rows[0]))
            continue
        row = _resolve(rows, published)
        if any(row.title for row in rows):
            titles[end] = min(start, titles.get(end, start))
            if row is not None and row.title and _names_nobody(text, start):
                row = None
        if row is not None:
            named.append(_Candidate(start, end, row))
    chosen = _choose(named)
    if titles:
        chosen = _join_titles(text, chosen, titles)
    return [
        Mention(candidate.start, candidate.end, candidate.row.actor_id, candidate.row.alias)
        for candidate in chosen
        if candidate.row.actor_id != STOP
    ]


def _resolve(rows: tuple[Alias, ...], published: tuple[date, date] | None) -> Alias | None:
    """Pick the row that applies on the day; None if none does or several disagree."""
    rows = [row for row in rows if row.applies(published)]
    return rows[0] if len({row.actor_id for row in rows}) == 1 else None


def _names_nobody(text: str, start: int) -> bool:
    """Whether the word before a title says that the holder of the office is not meant."""
    before = _WORD_BEFORE.search(text[max(0, start - 14) : start])
    return before is not None and before[1].lower() in NOT_THE_HOLDER


def _choose(candidates: list[_Candidate]) -> list[_Candidate]:
    """Keep the longest, then leftmost, of those that overlap."""
    chosen, cluster, reach = [], [], 0
    for candidate in sorted(candidates, key=lambda candidate: (candidate.start, candidate.end)):
        if cluster and candidate.start >= reach:
            chosen += _choose_in_cluster(cluster)
            cluster = []
        cluster.append(candidate)
        reach = max(reach, candidate.end)
    return chosen + _choose_in_cluster(cluster)


def _choose_in_cluster(cluster: list[_Candidate]) -> list[_Candidate]:
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


def _join_titles(text: str, chosen: list[_Candidate], titles: Mapping[int, int]) -> list[_Candidate]:
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
                    candidate = _Candidate(start, candidate.end, candidate.row)
        joined.append(candidate)
    return joined
