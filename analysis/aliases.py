"""Aliases of actors, typed, and where they stand in a text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from analysis.errors import Problem, shorten
from analysis.folding import (
    AMBIGUOUS_IN_CAPITALS,
    SAME_LENGTH,
    FoldedText,
    keeps_capitals,
    same_case,
)

STOP = "-"
# what the nouns of roles are about: persons in a role, spy agencies, and words for another state
FIELDS = ("court", "espionage", "cyber", "military", "armed", "diplomacy", "office", "agency", "foreign")
# characters between a cue and the alias that it is of, at most
CUE_REACH = 200
# most words stand between these; they are looked at first, which is all that they are for
_PLAIN_EDGES = frozenset(" ,;:!?()\"'")


@dataclass(frozen=True, slots=True)
class Alias:
    """One row of the table: a way to name an actor, and when it applies.

    Parameters
    ----------
    actor_id : str
        The actor; ``"-"`` for a stop alias.
    kind : {"state", "person", "organisation", "none"}
        What the actor is.
    alias : str
        The words.
    match : {"exact", "case-insensitive", "nominal", "beside", "with", "role"}
        Whether case matters, or what else the row asks for; see `analysis.actors`.
    not_before, not_after : datetime.date
        First and last day on which the row applies; `date.min` and `date.max` where it is not limited.
    row : int
        The row in the file; the header is row 1.
    label : str
        The actor's label; for a cue, the alias that it is of; for a role, its fields; for a relative, the surname.
    """

    actor_id: str
    kind: str
    alias: str
    match: str
    not_before: date
    not_after: date
    row: int
    label: str = ""
    plain: bool = field(init=False, compare=False, repr=False)

    def __post_init__(self):
        """Note whether the row is a name at any time, without a condition; it is asked for at every match."""
        conditional = self.dated or self.open or self.match not in ("exact", "case-insensitive")
        object.__setattr__(self, "plain", not conditional)

    def __hash__(self) -> int:
        """Tell rows apart by their number: they are looked up at every match."""
        return self.row

    @property
    def exact(self) -> bool:
        """Whether the letters must be as written."""
        return self.match == "exact"

    @property
    def nominal(self) -> bool:
        """Whether the row is a short form that needs an antecedent."""
        return self.match == "nominal"

    @property
    def role(self) -> bool:
        """Whether the row is a noun for persons or agencies of whatever country has been named."""
        return self.match == "role"

    @property
    def words(self) -> str:
        """What is looked for in the text: the alias without the ``*`` of an open stop alias."""
        return self.alias.strip("*")

    @property
    def open(self) -> bool:
        """Whether the row stops whatever alias stands directly before or after it."""
        return self.words != self.alias

    @property
    def first_name(self) -> bool:
        """Whether the row stops whatever alias stands after one word ("Denzel *")."""
        return self.alias.endswith(" *") and self.alias[:-2].isalpha()

    @property
    def dated(self) -> bool:
        """Whether the row applies at some times only."""
        return self.not_before > date.min or self.not_after < date.max

    @property
    def title(self) -> bool:
        """Whether the row is an office or role rather than a name: a dated alias of several words."""
        return self.dated and self.kind == "person" and " " in self.alias and not self.nominal

    def applies(self, published: tuple[date, date] | None) -> bool:
        """Say whether the row applies to an article.

        Parameters
        ----------
        published : tuple of datetime.date, optional
            First and last day on which the article may have appeared; None where it is not known.

        Returns
        -------
        bool
            False for a dated row and an article without a date.
        """
        if published is None:
            return not self.dated
        return self.not_before <= published[1] and published[0] <= self.not_after


@dataclass(frozen=True, eq=False)
class ActorTable:
    """Who can be mentioned, and under which names; made by `load_actors`.

    Parameters
    ----------
    table : pandas.DataFrame
        The file as read, every cell text, indexed by row number. Do not change it.
    aliases : tuple of Alias
        The same rows, typed, in the file's order.
    """

    table: pd.DataFrame
    aliases: tuple[Alias, ...]

    @cached_property
    def labels(self) -> MappingProxyType:
        """The label of each actor_id, stop aliases left out."""
        return self._facts("label")

    @cached_property
    def kinds(self) -> MappingProxyType:
        """The kind of each actor_id."""
        return self._facts("kind")

    @cached_property
    def countries(self) -> MappingProxyType:
        """The ISO 3166 alpha-3 code of each actor_id; empty for those of no country."""
        return self._facts("country")

    @cached_property
    def states(self) -> MappingProxyType:
        """The first row of the state that has each country code."""
        rows = reversed(self.aliases)
        return MappingProxyType({self.countries[row.actor_id]: row for row in rows if row.kind == "state"})

    def _facts(self, column: str) -> MappingProxyType:
        pairs = zip(self.table["actor_id"], self.table[column], strict=True)
        return MappingProxyType({actor: value for actor, value in sorted(pairs) if actor != STOP})

    @cached_property
    def first_names(self) -> MappingProxyType:
        """The rows of open stop aliases of one word, by that word as written and in capitals.

        They are so many, and stand before so few aliases, that they are looked up from the alias backwards.
        """
        rows = {row.alias[:-2]: row for row in self.aliases if row.first_name}
        return MappingProxyType({word.upper(): row for word, row in rows.items()} | rows)

    @cached_property
    def in_company(self) -> frozenset[str]:
        """The aliases that match only with one of their cues in the text ("Georgia")."""
        return frozenset(row.label for row in self.aliases if row.match == "with")

    def names(self, actor_id: str, words: str) -> bool:
        """Say whether an actor has a row with these words, in any case.

        Parameters
        ----------
        actor_id : str
            The actor.
        words : str
            The words.

        Returns
        -------
        bool
            True for ("kerry", "John Kerry").
        """
        rows = self._patterns.get(words.translate(SAME_LENGTH).lower(), ())
        return any(row.actor_id == actor_id for row, _ in rows)

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[Alias, str]]]:
        """Folded, lower-case pattern -> the rows that it stands for, each with its case kept."""
        found = defaultdict(list)
        for alias in self.aliases:
            if alias.first_name:
                continue
            cased = alias.words.translate(SAME_LENGTH)
            found[cased.lower()].append((alias, cased))
        return dict(found)

    @cached_property
    def _rows_of(self) -> list[list[tuple[Alias, str]]]:
        """The rows of each pattern, by the number that the automaton gives it."""
        return list(self._patterns.values())

    @cached_property
    def _rows_that_fit(self) -> dict[tuple[int, str, bool], tuple[Alias, ...]]:
        """The rows of a pattern that fit what was found, by its words and whether they stand in a line of capitals.

        Texts say the same in the same words over and over, so each is compared with the rows once.
        """
        return {}

    @cached_property
    def _parted(self) -> dict[tuple[Alias, ...], tuple[tuple[Alias, ...], tuple[Alias, ...]]]:
        """Rows found at one place, parted once."""
        return {}

    def part_company(self, rows: tuple[Alias, ...]) -> tuple[tuple[Alias, ...], tuple[Alias, ...]]:
        """Part the rows that `find_aliases` finds at one place into names and company.

        Parameters
        ----------
        rows : tuple of Alias
            As found.

        Returns
        -------
        names, company : tuple of Alias
            The rows whose match is not ``with``, and those whose is.
        """
        parted = self._parted.get(rows)
        if parted is None:
            company = tuple(row for row in rows if row.match == "with")
            parted = (tuple(row for row in rows if row.match != "with") if company else rows, company)
            self._parted[rows] = parted
        return parted

    @cached_property
    def _automaton(self):
        """The compiled patterns; built when a text is first searched, kept on the instance."""
        import ahocorasick_rs

        return ahocorasick_rs.AhoCorasick(list(self._patterns))

    def find_aliases(self, text: str) -> list[tuple[int, int, tuple[Alias, ...]]]:
        """Find every place where an alias stands as a word, overlapping ones too.

        Dates are not looked at: `analysis.mentions.find_mentions` does that.

        Parameters
        ----------
        text : str
            Any text. One blank of an alias stands for up to three white-space characters, not
            for a blank line; curly quotes equal straight ones and every dash is a hyphen.

        Returns
        -------
        list of (start, end, rows)
            Character offsets into `text`, and the rows whose alias stands there.

        Examples
        --------
        >>> from analysis.actors import load_actors, project_actors
        >>> found = load_actors(project_actors()).find_aliases("the US\\u2019 partner")
        >>> [(start, end, [row.actor_id for row in rows]) for start, end, rows in found]
        [(4, 6, ['us'])]
        """
        folded = FoldedText(text)
        cased, length, known, found = folded.cased, len(folded.cased), self._rows_that_fit, []
        for index, start, end in self._automaton.find_matches_as_indexes(folded.lower, overlapping=True):
            if cased[end - 1] == "-":
                end -= 1
            elif end < length and cased[end] not in _PLAIN_EDGES:
                # most matches that are no words run on into a letter, which is seen without a call
                runs_on = cased[end].isalnum() and cased[end - 1].isalnum()
                if runs_on or not folded.ends_word(end):
                    continue
            if start and cased[start - 1] not in _PLAIN_EDGES:
                runs_on = cased[start - 1].isalnum() and cased[start].isalnum()
                if runs_on or not folded.starts_word(start):
                    continue
            there = cased[start:end]
            shouted = there in AMBIGUOUS_IN_CAPITALS and folded.is_shouting(folded.original(start))
            rows = known.get((index, there, shouted))
            if rows is None:
                rows = tuple(
                    [row for row, alias in self._rows_of[index] if _fits(row, alias, there, shouted)]
                )
                known[index, there, shouted] = rows
            if rows:
                found.append((start, end, rows))
        if folded.squeezed:
            found = [
                (folded.original(start), folded.original(end - 1) + 1, rows) for start, end, rows in found
            ]
        return found

    def check_aliases(self) -> list[Problem]:
        """List the aliases that cannot match their own text.

        Returns
        -------
        list of Problem
            Empty if every row matches itself.

        Examples
        --------
        >>> from analysis.actors import load_actors, project_actors
        >>> load_actors(project_actors()).check_aliases()
        []
        """
        return [
            Problem(
                f"actors.csv:{alias.row} (alias)",
                f"{shorten(alias.alias)}, which does not match its own text",
                "an alias that begins and ends at a word",
                "Correct or remove the row.",
            )
            for alias in self.aliases
            if not alias.first_name
            and not any(
                alias in rows and (start, end) == (0, len(alias.words.removesuffix("-")))
                for start, end, rows in self.find_aliases(alias.words)
            )
        ]


def _fits(row: Alias, cased: str, there: str, shouted: bool) -> bool:
    """Whether the words found have the case that a row asks for."""
    if row.match == "case-insensitive":
        return True
    if row.match == "exact":
        return same_case(there, cased, shouted=shouted)
    return keeps_capitals(there, cased)
