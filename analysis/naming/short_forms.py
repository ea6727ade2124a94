"""Puts the short forms of a text among its names: "the president" and "the defendants".

`analysis.naming.nominals` and `analysis.naming.groups` say whom they mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from analysis.aliases import STOP, ActorTable, Alias
from analysis.naming.groups import GroupResolver, select_roles
from analysis.naming.nominals import Antecedent, NominalResolver


class Candidate(NamedTuple):
    """A place where a row of the table stands, and may be a mention.

    Parameters
    ----------
    start, end : int
        Character offsets.
    row : Alias
        The row.
    """

    start: int
    end: int
    row: Alias

    @property
    def order(self) -> tuple[int, int]:
        """What it is sorted by where places overlap: the longest first, then the leftmost."""
        return (self.start - self.end, self.start)


def add_short_forms(
    text: str,
    actors: ActorTable,
    chosen: list[Candidate],
    nominals: Sequence[tuple[int, int, tuple[Alias, ...]]],
    roles: Sequence[tuple[int, int, Alias]],
) -> list[Candidate]:
    """Put the short forms among the names, where they are clear and nothing longer covers them.

    Parameters
    ----------
    text : str
        The text.
    actors : ActorTable
        Who can be mentioned.
    chosen : list of Candidate
        The names, stop aliases included, sorted and not overlapping.
    nominals : sequence of (int, int, tuple of Alias)
        Character offsets of each nominal, and the rows that have it.
    roles : sequence of (int, int, Alias)
        Character offsets of each noun of a role, and its row.

    Returns
    -------
    list of Candidate
        The names and the short forms, sorted and not overlapping.
    """
    places = [*nominals, *((start, end, (row,)) for start, end, row in select_roles(text, roles))]
    resolver, groups, result, position, reach = NominalResolver(text), None, [], 0, 0
    for start, end, rows in sorted(places, key=lambda one: (one[0], -one[1])):
        while position < len(chosen) and chosen[position].start < start:
            _take(chosen[position], actors, resolver, result)
            reach = chosen[position].end
            position += 1
        if rows[0].role:
            groups = groups or GroupResolver(text, actors.states)
            after = chosen[position] if position < len(chosen) else None
            found = _read_role(actors, resolver, groups, (start, end, rows[0]), (result[-1:], after))
            if found is not None and found.start >= reach:
                _take(found, actors, resolver, result)
                reach = end
            continue
        inside = position
        while inside < len(chosen) and chosen[inside].end <= end and chosen[inside].row.actor_id != STOP:
            inside += 1
        if start < reach or (inside < len(chosen) and chosen[inside].start < end):
            continue
        row = resolver.resolve(start, end, rows)
        if row is not None:
            _take(Candidate(start, end, row), actors, resolver, result)
            position, reach = inside, end
    return [*result, *chosen[position:]]


def _read_role(
    actors: ActorTable,
    resolver: NominalResolver,
    groups: GroupResolver,
    noun: tuple[int, int, Alias],
    beside: tuple[list[Candidate], Candidate | None],
) -> Candidate | None:
    """Find out whom the noun of a role means; None where it is no mention, or part of one."""
    start, end, role = noun
    last, after = beside
    for candidate in (*last, after):
        if candidate is not None and candidate.start < end and start < candidate.end:
            if candidate.row.actor_id != STOP:
                groups.note(start, end, role, _to_antecedent(candidate, actors))
            return None
    following = None if after is None or after.row.actor_id == STOP else _to_antecedent(after, actors)
    read = groups.read(start, end, role, resolver.mentions, following)
    return None if read is None else Candidate(read[0], end, read[1])


def _to_antecedent(candidate: Candidate, actors: ActorTable) -> Antecedent:
    return Antecedent(candidate.start, candidate.end, candidate.row, actors.countries[candidate.row.actor_id])


def _take(
    candidate: Candidate, actors: ActorTable, resolver: NominalResolver, result: list[Candidate]
) -> None:
    """Keep a mention, and tell the resolver of it unless it is a stop alias."""
    result.append(candidate)
    if candidate.row.actor_id != STOP:
        country = actors.countries[candidate.row.actor_id]
        resolver.add(candidate.start, candidate.end, candidate.row, country)
