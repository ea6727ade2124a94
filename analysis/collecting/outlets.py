"""Finds the outlet of an article in the study's table, and suggests what an unknown name may be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analysis.collecting.web import domain_of, name_of_domain
from analysis.schema.parts import ID_PATTERN, fold_name
from analysis.tables import clean_text

UNKNOWN = "unknown"
"""The outlet of an article of which nothing tells the outlet."""
_ENDING = re.compile(
    r"\.(?:com|org|net|info|news|int|eu|tv|co|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2}|org\.[a-z]{2})\Z"
)
_ADDED = re.compile(r"\s*(?:\([^)]*\)|\bonline|\bwebsite|\bdigital edition|\bnewspaper|\bnews service)\Z")


@dataclass
class OutletTable:
    """The outlets of a study, and those that are new.

    Parameters
    ----------
    rows : list of mapping
        The rows of outlets.csv.
    blocs : tuple of str
        The blocs that study.toml lists; with none, those of the rows count.
    same_as : mapping of str to str
        Outlets that a person said are others: outlet_id to outlet_id.
    added : list of dict
        New rows.
    hints : dict of str to str
        For an outlet_id without a bloc, the outlet that it may be.
    told : dict of str to set of str
        For an outlet_id, the blocs that sources name and the table does not.
    """

    rows: Iterable[Mapping[str, str]]
    blocs: tuple[str, ...] = ()
    same_as: Mapping[str, str] = field(default_factory=dict)
    added: list[dict[str, str]] = field(default_factory=list)
    hints: dict[str, str] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self):
        self._names: dict[str, set[str]] = {}
        self._loose: dict[str, set[str]] = {}
        self._labels: dict[str, str] = {}
        self._blocs: dict[str, str] = {}
        self._cache: dict[tuple[str, str], str] = {}
        self.rows = list(self.rows)
        for row in self.rows:
            self._learn(row)
        self._first = {row["outlet_id"] for row in self.rows}

    def find(self, name: str, bloc: str = "", url: str = "") -> str:
        """Find the outlet of an article, or make a row for it.

        Names are the same without differences of case, blanks, marks on letters, and "The". A name that is a
        domain is the outlet whose name the domain holds, if it is the only one and has that name as its only word.

        Parameters
        ----------
        name : str
            As the source prints it.
        bloc : str
            The bloc that the source gives a new outlet.
        url : str
            The article's address.

        Returns
        -------
        str
            The outlet_id.
        """
        key = (name, url if not name else "")
        if key not in self._cache:
            self._cache[key] = self._find(name, bloc, url)
        outlet_id = self._cache[key]
        if bloc and fold_name(bloc) not in (fold_name(self._blocs[outlet_id]), "uncoded"):
            self.told.setdefault(outlet_id, set()).add(" ".join(bloc.split()))
        return outlet_id

    def knows(self, name: str, url: str = "") -> bool:
        """Say whether an article's outlet had a row before anything was added, so that the order of files is nothing.

        Parameters
        ----------
        name : str
            As the source prints it; empty where only the address tells.
        url : str
            The article's address.

        Returns
        -------
        bool
            False where its row is new, or is to be made.
        """
        if name:
            found = [self._names.get(folded, set()) for folded in (fold_name(name), fold_outlet(name))]
        else:
            domain = domain_of(url)
            found = [self._loose.get(squeeze(domain), set())] if domain else []
        return any(len(ids & self._first) == 1 for ids in found)

    def label(self, outlet_id: str) -> str:
        """Return how figures name an outlet.

        Parameters
        ----------
        outlet_id : str
            Of a row.

        Returns
        -------
        str
            Its label, or its name.
        """
        return self._labels[outlet_id]

    def _find(self, name: str, bloc: str, url: str) -> str:
        by_address = not name
        name = " ".join(clean_text(name or domain_of(url) or UNKNOWN).split())[:120].strip() or UNKNOWN
        for folded in (fold_name(name), fold_outlet(name)):
            found = self._names.get(folded, set())
            if len(found) == 1:
                return self._same(next(iter(found)))
        near = sorted(self._loose.get(squeeze(name), set()))
        if by_address and len(near) == 1 and domain_of(url):
            return self._same(near[0])
        return self._add(name, bloc, near)

    def _same(self, outlet_id: str) -> str:
        return self.same_as.get(outlet_id, outlet_id)

    def _add(self, name: str, bloc: str, near: list[str]) -> str:
        """Make a row for a new outlet; its bloc is the source's if the study has it, and open otherwise."""
        if fold_name(name) == "rest":
            name = f"{name} (outlet)"  # 'rest' names all other groups together
        outlet_id = make_slug(name, {one.casefold() for one in self._labels}, "outlet", 40)
        known = {fold_name(one): one for one in (self.blocs or {row.get("bloc", "") for row in self.rows})}
        coded = (
            known.get(fold_name(bloc), "")
            if self.blocs or fold_name(bloc) in known
            else " ".join(bloc.split())
        )
        if fold_name(coded) in ("rest", "uncoded"):
            coded = ""
        notes = [] if coded or not bloc else [f"the source says {bloc!r}"]
        if near and name != UNKNOWN:
            # of a name and a domain, the domain is the second name
            second, first = outlet_id, near[0]
            if domain_of(self._labels[first]) and not domain_of(name) and not self._blocs[first]:
                second, first = first, second
            self.hints[second] = first
            notes.append(f"perhaps {self._labels[near[0]]!r} ({near[0]})")
        row = {"outlet_id": outlet_id, "name": name, "bloc": coded, "note": "; ".join(notes)}
        self.added.append(row)
        self.rows.append(row)
        self._learn(row)
        return outlet_id

    def _learn(self, row: Mapping[str, str]) -> None:
        outlet_id = row["outlet_id"]
        self._labels[outlet_id] = row.get("label") or row["name"]
        self._blocs[outlet_id] = row.get("bloc", "")
        for name in {row["name"], row.get("label", ""), outlet_id} - {""}:
            for folded in {fold_name(name), fold_outlet(name)}:
                self._names.setdefault(folded, set()).add(outlet_id)
            self._loose.setdefault(squeeze(name), set()).add(outlet_id)


def fold_outlet(name: str) -> str:
    """Fold the name of an outlet, so that its usual spellings are equal.

    Parameters
    ----------
    name : str
        As printed.

    Returns
    -------
    str
        Without differences of case, blanks and marks on letters, and without "The" in front.

    Examples
    --------
    >>> fold_outlet("The  Süddeutsche ZEITUNG")
    'suddeutsche zeitung'
    """
    plain = unicodedata.normalize("NFKD", fold_name(name))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.sub(r"\Athe (?=\S)", "", plain)


def squeeze(name: str) -> str:
    """Reduce a name to what an outlet keeps when it writes itself another way.

    Parameters
    ----------
    name : str
        A name or a domain.

    Returns
    -------
    str
        Letters and digits only, without "The", the ending of a domain, and words such as "online".

    Examples
    --------
    >>> squeeze("RT.com"), squeeze("The Guardian (London)"), squeeze("theguardian.com")
    ('rt', 'guardian', 'guardian')
    """
    plain = fold_outlet(name)
    domain = domain_of(plain)
    plain = name_of_domain(domain) if domain else _ENDING.sub("", _ADDED.sub("", plain))
    letters = "".join(sign for sign in plain if sign.isalnum())
    return letters.removeprefix("the") or letters


def make_slug(name: str, taken: set[str], kind: str, length: int) -> str:
    """Make a readable id that is not taken, whatever its case.

    Parameters
    ----------
    name : str
        Any text.
    taken : set of str
        Ids in use, case folded.
    kind : str
        What an id is called that has no letter left.
    length : int
        The most characters before a number that tells it apart.

    Returns
    -------
    str
        Such as may name a file on any disk.

    Examples
    --------
    >>> make_slug("The Daily / Näws", {"the-daily-naws"}, "outlet", 40)
    'the-daily-naws-2'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:length].strip("-") or kind
    if not ID_PATTERN.match(stem):
        stem = f"{kind}-{stem}"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
