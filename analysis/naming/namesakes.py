"""Names of the table that mean somebody or something else: "Moscow, Idaho", "Meghan McCain", the US state Georgia.

open stop aliases
    What touches one ("*, Idaho", "Meghan *") is no mention, unless a name of the table is as long. A first name counts
    before an initial, too: "Robert J. Nunes" is not the actor, if he has no row "Robert Nunes".
other bearers
    After another bearer of a surname ("Reggie Bush"), the surname alone is his in this text, unless the actor is named
    in it by more than his surname, or with a title. A relative ("Jill Biden", whose stop alias has the surname
    in `label`, or who is an actor herself) leaves it to the actor.
cues and company
    An alias is left out beside one of its cues; one that has company, in a text where none of it stands near.
addresses
    What stands in an address of the web ("https://example.org/russia", "cyprus-mail.com") is no mention.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from analysis.aliases import CUE_REACH, STOP, ActorTable, Alias
from analysis.naming.nominals import TITLES
from analysis.naming.short_forms import Candidate

_IN_ADDRESSES = frozenset("/.-_=&?%#+~@")
_URL = re.compile(r"(?i:https?://|www\.)\S+")
_DOMAIN = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]*\w"
    r"|(?<![\w@.-])[a-z0-9][a-z0-9.-]*\."
    r"(?:com|org|net|gov|edu|info|int|tv|eu|co|ru|cn|uk|ua|by|de|fr|ir|il|pl|cz|jp|kr)(?:\.[a-z]{2})?(?![\w-])(?:/\S*)?"
)

# by alias, the places of its cues in a text
Cues = Mapping[str, Sequence[tuple[int, int]]]
# places of company in a text, and the rows that stand there
Company = Sequence[tuple[int, int, Sequence[Alias]]]


def drop_in_addresses(text: str, named: list[Candidate]) -> list[Candidate]:
    """Leave out the names that stand in an address of the web.

    Parameters
    ----------
    text : str
        The text.
    named : list of Candidate
        The names found.

    Returns
    -------
    list of Candidate
        Those that are left.
    """
    if "://" in text or "www." in text:
        urls = [match.span() for match in _URL.finditer(text)]
        starts = [start for start, _ in urls]
        named = [
            candidate
            for candidate in named
            if not (place := bisect_right(starts, candidate.start)) or urls[place - 1][1] <= candidate.start
        ]
    return [candidate for candidate in named if not _is_in_domain(text, candidate.start, candidate.end)]


def _is_in_domain(text: str, start: int, end: int) -> bool:
    """Whether a name stands in a domain or e-mail; beside most stand signs that are in none, which is seen at once."""
    if (not start or text[start - 1] not in _IN_ADDRESSES) and (
        end == len(text) or text[end] not in _IN_ADDRESSES
    ):
        return False
    first = text.rfind(" ", max(0, start - 300), start) + 1 or max(0, start - 300)
    return any(match.start() <= start < match.end() for match in _DOMAIN.finditer(text, first, end + 100))


def stop_namesakes(
    text: str, actors: ActorTable, named: list[Candidate], opens: Sequence[Candidate]
) -> list[Candidate]:
    """Stop the names that an open stop alias touches, and the surnames of other bearers.

    Parameters
    ----------
    text : str
        The text.
    actors : ActorTable
        Who can be mentioned.
    named : list of Candidate
        The names found, stop aliases included.
    opens : sequence of Candidate
        The open stop aliases found, those of first names left out.

    Returns
    -------
    list of Candidate
        The names, and the stop aliases that cover some of them.
    """
    stops, bearers = _stop_after_first_names(text, actors, named)
    stops |= _stop_beside_open(text, named, opens)
    if not stops:
        return named
    known = {(candidate.start, candidate.end) for candidate in named}
    if bearers:
        named = _drop_surnames(text, named, bearers)
    return [*named, *(Candidate(*span, row) for span, row in stops.items() if span not in known)]


def _stop_after_first_names(
    text: str, actors: ActorTable, named: list[Candidate]
) -> tuple[dict[tuple[int, int], Alias], dict[str, int]]:
    """Stop the names after a first name: the rows by place, and where the first other bearer of each actor stands."""
    stops, bearers = {}, {}
    first_names = actors.first_names
    by_end: dict[int, list[Candidate]] = {}
    for candidate in named:
        word = _word_before(text, candidate.start)
        start = candidate.start - len(word) - 1
        if word[1:] == "." and word.isupper() and candidate.row.kind == "person":
            word = _word_before(text, start)
            if word in first_names and actors.names(candidate.row.actor_id, f"{word} {candidate.row.alias}"):
                continue
            start -= len(word) + 1
        if word not in first_names:
            continue
        if not by_end:
            for one in named:
                by_end.setdefault(one.end, []).append(one)
        # "Maria" of "Hurricane Maria" is nobody's first name
        if start + len(word) in by_end:
            continue
        stops[start, candidate.end] = first_names[word]
        # a relative leaves the surname to the actor, and what another line ends with may be no part of the name
        relative = any(
            one.start < candidate.start and (one.row.actor_id != STOP or one.row.label == candidate.row.alias)
            for one in by_end[candidate.end]
        )
        if candidate.row.kind == "person" and not relative and text[candidate.start - 1] not in "\r\n":
            actor_id = candidate.row.actor_id
            bearers[actor_id] = min(candidate.start, bearers.get(actor_id, candidate.start))
    return stops, bearers


def _stop_beside_open(
    text: str, named: list[Candidate], opens: Sequence[Candidate]
) -> dict[tuple[int, int], Alias]:
    """Stop the names that an open stop alias touches: the rows by place."""
    if not opens:
        return {}
    stops, starts, ends = {}, {}, {}
    for candidate in named:
        starts.setdefault(candidate.start, []).append(candidate)
        ends.setdefault(candidate.end, []).append(candidate)
    for stop in opens:
        for candidate in (ends if stop.row.alias.startswith("*") else starts).get(_edge(text, stop), ()):
            # "Cruz, Texas Republican" is still the senator
            if not (stop.row.alias.startswith("*,") and candidate.row.kind == "person"):
                stops[min(stop.start, candidate.start), max(stop.end, candidate.end)] = stop.row
    return stops


def _drop_surnames(text: str, named: list[Candidate], bearers: dict[str, int]) -> list[Candidate]:
    """Leave out the surnames that come after another bearer of them, if the actor is never named in full."""
    for candidate in named:
        actor_id = candidate.row.actor_id
        if actor_id in bearers and (
            " " in candidate.row.alias or _word_before(text, candidate.start).lower() in TITLES
        ):
            del bearers[actor_id]
    return [
        candidate
        for candidate in named
        if candidate.row.actor_id not in bearers or candidate.start <= bearers[candidate.row.actor_id]
    ]


def _word_before(text: str, start: int) -> str:
    """The word that one blank parts from a place, its stop included; empty if there is none, or it is long."""
    if start < 2 or not text[start - 1].isspace():
        return ""
    end = first = start - 1
    word = text[max(0, end - 16) : end].rpartition(" ")[2]
    if not word or word.isalnum() or (len(word) < 6 and word[:-1].isalpha() and word[-1] == "."):
        return word
    # other signs than a blank may stand before a word
    while first and end - first < 16 and text[first - 1].isalnum():
        first -= 1
    return text[first:end]


def _edge(text: str, stop: Candidate) -> int:
    """Where the name begins or ends that an open stop alias touches."""
    if stop.row.alias.startswith("*"):
        return stop.start
    end = stop.end
    while end < len(text) and end - stop.end < 2 and text[end].isspace():
        end += 1
    return end


def drop_by_cues(
    text: str, actors: ActorTable, named: list[Candidate], cues: Cues, company: Company
) -> list[Candidate]:
    """Leave out the aliases that mean something else by what stands near them.

    Parameters
    ----------
    text : str
        The text.
    actors : ActorTable
        Who can be mentioned.
    named : list of Candidate
        The names found, stop aliases included.
    cues : mapping of str to sequence of (int, int)
        By alias, the places of its cues in the text, sorted.
    company : sequence of (int, int, sequence of Alias)
        The places of company in the text, sorted, with the rows that stand there.

    Returns
    -------
    list of Candidate
        Those that are left.
    """
    if cues:
        named = [
            candidate
            for candidate in named
            if (places := cues.get(candidate.row.alias)) is None
            or not any("\n\n" not in gap for gap in _gaps(text, candidate, places))
        ]
    in_company = actors.in_company
    alone = {candidate.row.alias for candidate in named if candidate.row.alias in in_company}
    if alone:
        places: dict[str, list[tuple[int, int]]] = {alias: [] for alias in alone}
        for start, end, rows in company:
            for row in rows:
                if row.label in places:
                    places[row.label].append((start, end))
        alone -= {
            candidate.row.alias
            for candidate in named
            if candidate.row.alias in alone and _gaps(text, candidate, places[candidate.row.alias])
        }
        named = [candidate for candidate in named if candidate.row.alias not in alone]
    return named


def _gaps(text: str, candidate: Candidate, places: Sequence[tuple[int, int]]) -> list[str]:
    """What stands between a name and those of the places beside it, at most one to each side, that are near."""
    index = bisect_left(places, (candidate.start, 0))
    return [
        text[end : candidate.start] if end <= candidate.start else text[candidate.end : start]
        for start, end in places[max(0, index - 1) : index + 1]
        if max(start - candidate.end, candidate.start - end) <= CUE_REACH
    ]
