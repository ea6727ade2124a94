"""The verbs and nouns of cooperation and conflict (verbs.csv), with every form in which they occur."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from analysis.errors import Problem, StudyError

ROOTS = {
    "02": "appeal",
    "03": "express intent to cooperate",
    "04": "consult",
    "05": "diplomatic cooperation",
    "06": "material cooperation",
    "07": "aid",
    "08": "yield",
    "09": "investigate",
    "10": "demand",
    "11": "disapprove",
    "12": "reject",
    "13": "threaten",
    "14": "protest",
    "15": "show of force",
    "16": "reduce relations",
    "17": "coerce",
    "18": "assault",
    "19": "fight",
    "20": "mass violence",
}
"""The root codes of CAMEO (Gerner et al. 2002)."""

COLUMNS = ("lemma", "pos", "cameo", "frames", "symmetric", "past")
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Verb:
    """One entry: a verb or noun, and how its object stands.

    Parameters
    ----------
    lemma : str
        The base form; of several words for ``"lash out"``.
    pos : {"verb", "noun"}
        What it is.
    cameo : str
        The CAMEO root code; empty for verbs that only part clauses.
    frames : frozenset of str
        ``"direct"`` and the prepositions before an object.
    symmetric : bool
        Whether what one does the other does, too: "A met B".
    """

    lemma: str
    pos: str
    cameo: str
    frames: frozenset[str]
    symmetric: bool

    @property
    def relation(self) -> str:
        """``"cooperative"``, ``"conflictual"`` or empty; 09 (investigate) counts as conflictual."""
        if not self.cameo:
            return ""
        return "cooperative" if self.cameo < "09" else "conflictual"

    @property
    def material(self) -> bool:
        """Whether it is a deed: roots 06 to 09 and 15 to 20."""
        return "06" <= self.cameo <= "09" or self.cameo >= "15"


@dataclass(frozen=True)
class VerbTable:
    """All entries, by form.

    Parameters
    ----------
    verbs : mapping of str to tuple
        First word of a form to (entry, the other words, form names), longest first; form names are among
        base, s, past, part, ing.
    nouns : mapping of str to Verb
        Form to entry.
    entries : tuple of Verb
        In the file's order.
    accuracy : str
        What was measured with them, in words.
    """

    verbs: dict[str, tuple[tuple[Verb, tuple[str, ...], frozenset[str]], ...]]
    nouns: dict[str, Verb]
    entries: tuple[Verb, ...]
    accuracy: str = ""


@lru_cache(maxsize=2)
def load_verbs(path: Path | None = None) -> VerbTable:
    """Read the verbs.

    Parameters
    ----------
    path : pathlib.Path, optional
        A table in the form of the package's own, which is taken without it.

    Returns
    -------
    VerbTable
        With all forms.

    Raises
    ------
    StudyError
        A row cannot be used; all are listed.
    """
    own = Path(__file__).with_name("verbs.csv")
    with (path or own).open(encoding="utf-8", newline="") as file:
        table = make_table(csv.DictReader(file), (path or own).name)
    # of another table nothing was measured
    return table if path else replace(table, accuracy=verbs_card()["summary"])


def verbs_card() -> dict:
    """Read the measured accuracy of the directed relations.

    Returns
    -------
    dict
        ``summary`` in words, and the numbers, as `benchmarks/directed.py` wrote them.
    """
    return json.loads(Path(__file__).with_name("verbs_card.json").read_text(encoding="utf-8"))


def make_table(rows: Iterable[dict[str, str]], name: str = "verbs.csv") -> VerbTable:
    """Make the table of forms.

    Parameters
    ----------
    rows : iterable of dict
        With the keys `COLUMNS`; ``past`` holds past and participle where they are irregular.
    name : str
        How messages name the file.

    Returns
    -------
    VerbTable
        With all forms.

    Raises
    ------
    StudyError
        A row cannot be used; all are listed.
    """
    verbs: dict[str, list] = {}
    nouns: dict[str, Verb] = {}
    entries, problems, seen = [], [], set()
    for number, row in enumerate(rows, start=2):
        where, key = f"{name}:{number}", (row["lemma"], row["pos"])
        if row["pos"] not in ("verb", "noun"):
            problems.append(Problem(f"{where} (pos)", repr(row["pos"]), "verb, noun", "Correct it."))
            continue
        if row["cameo"] and row["cameo"] not in ROOTS:
            problems.append(Problem(f"{where} (cameo)", repr(row["cameo"]), ", ".join(ROOTS), "Correct it."))
            continue
        if key in seen:
            problems.append(Problem(f"{where} (lemma)", f"{row['lemma']!r} again", "each once", "Remove it."))
            continue
        seen.add(key)
        entry = Verb(*key, row["cameo"], frozenset(row["frames"].split()), row["symmetric"] == "yes")
        entries.append(entry)
        if entry.pos == "noun":
            for form in (entry.lemma, plural(entry.lemma)):
                nouns[form] = entry
            continue
        head, *rest = entry.lemma.split()
        for form, names in verb_forms(head, row["past"].split()).items():
            verbs.setdefault(form, []).append((entry, tuple(rest), names))
    if problems:
        raise StudyError(problems)
    ranked = {
        form: tuple(sorted(found, key=lambda one: (-len(one[1]), "past" not in one[2], one[0].lemma)))
        for form, found in verbs.items()
    }
    return VerbTable(ranked, nouns, tuple(entries))


def verb_forms(lemma: str, irregular: list[str]) -> dict[str, frozenset[str]]:
    """List the forms of a verb.

    Parameters
    ----------
    lemma : str
        One word.
    irregular : list of str
        Past and participle; empty for a regular verb. A doubled consonant counts as irregular.

    Returns
    -------
    dict of str to frozenset
        Form to its names.

    Examples
    --------
    >>> sorted(verb_forms("deny", []))
    ['denied', 'deny', 'denying', 'denies']
    """
    if lemma == "be":
        past = {"was": "past", "were": "past", "been": "part", "being": "ing", "be": "base"}
        return {form: frozenset([kind]) for form, kind in (past | {"is": "s", "are": "s", "am": "s"}).items()}
    found: dict[str, set[str]] = {lemma: {"base"}}
    found.setdefault("has" if lemma == "have" else plural(lemma), set()).add("s")
    ended = lemma[:-1] if lemma.endswith("e") else lemma
    if lemma.endswith("y") and lemma[-2] not in _VOWELS:
        ended = lemma[:-1] + "i"
    past, part = irregular if irregular else (f"{ended}ed", f"{ended}ed")
    found.setdefault(past, set()).add("past")
    found.setdefault(part, set()).add("part")
    stem = lemma
    if lemma.endswith("ie"):
        stem = lemma[:-2] + "y"
    elif lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        stem = lemma[:-1]
    elif past == f"{lemma}{lemma[-1]}ed" or lemma in _DOUBLED:
        stem = lemma + lemma[-1]
    found.setdefault(f"{stem}ing", set()).add("ing")
    return {form: frozenset(names) for form, names in found.items()}


# irregular verbs that double their last consonant before -ing
_DOUBLED = frozenset(
    "get let set put cut hit run win sit begin split bet shut beget undercut overrun forget".split()
)


def plural(word: str) -> str:
    """Add the -s of a noun's plural or a verb's third person.

    Parameters
    ----------
    word : str
        In the singular, or the base form.

    Returns
    -------
    str
        Its form in -s.

    Examples
    --------
    >>> plural("ally"), plural("clash"), plural("raid")
    ('allies', 'clashes', 'raids')
    """
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return f"{word[:-1]}ies"
    if word.endswith(("s", "x", "z", "ch", "sh")) or word in ("go", "do", "veto"):
        return f"{word}es"
    return f"{word}s"
