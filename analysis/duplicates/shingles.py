"""Word sequences of a text as hashes: MinHash signatures, candidate pairs, and which words two texts share."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from analysis import function_words

PERMUTATIONS = 512
"""Length of a signature."""
ROWS = 2
"""Values of a signature that must agree in one band: a pair with Jaccard index J becomes a candidate with probability
1 - (1 - J^ROWS)^(PERMUTATIONS / ROWS)."""
SEED = 20190821
"""Of the MinHash permutations; it is no setting, because groups must not hang on luck."""
NEAREST = 0.03
"""Pairs with a lower estimated Jaccard index are not looked at."""
HUBS = 32
"""Where more articles agree in a band, each is paired with the first so many of them, lest a thousand copies make
half a million pairs."""
REACH = 4
"""Words that belong together stand at most so far apart."""
WINDOW = 15
"""Words over which the share of shared words is averaged."""
DENSITY = 0.4
"""From this share of shared words on, a stretch is the same text."""

_WORD = re.compile(r"[^\W_]+")
_CLOSED = (
    function_words.DETERMINERS
    | function_words.AUXILIARIES
    | function_words.NEGATIONS
    | function_words.PREPOSITIONS
    | function_words.SUBORDINATORS
    | function_words.RELATIVES
    | function_words.PRONOUNS
    | function_words.CONJUNCTIONS
    | frozenset("s t him them me us said says say there here not also".split())
)
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_SKIPS = tuple((0, *pair) for pair in combinations(range(1, REACH + 1), 2))


class WordHasher:
    """Turns words into hashes that are the same in every process and on every machine.

    Closed-class words of English have none: they are the same in any two texts.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def hash_words(self, text: str) -> np.ndarray:
        """Hash the words of a text.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        numpy.ndarray
            Of shape (words,), uint64, without closed-class words.

        Examples
        --------
        >>> len(WordHasher().hash_words("The talks in Geneva were long."))
        3
        """
        known = self._known
        words = _WORD.findall(text)
        for word in set(words):
            if word not in known:
                known[word] = _hash_word(word)
        values = np.fromiter((known[word] for word in words), dtype=np.uint64, count=len(words))
        return values[values != 0]

    def find_words(self, text: str) -> list[tuple[int, int]]:
        """Find the places of the words that `hash_words` hashes.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of (int, int)
            Offsets, one pair for each hash.
        """
        self.hash_words(text)
        return [match.span() for match in _WORD.finditer(text) if self._known[match.group()]]


def _hash_word(word: str) -> int:
    """Hash one word in folded form; 0 for a word of a closed class."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    if folded in _CLOSED:
        return 0
    return (
        int.from_bytes(
            hashlib.blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
        )
        or 1
    )


def hash_pairs(words: np.ndarray) -> np.ndarray:
    """Hash every word with its next and its next but one.

    Parameters
    ----------
    words : numpy.ndarray
        Hashes of words.

    Returns
    -------
    numpy.ndarray
        Sorted, each once. A text of one word is its own pair.
    """
    if len(words) < 2:
        return words
    near = words[:-1] * _MIX[0] + words[1:] * _MIX[1]
    far = words[:-2] * _MIX[0] + words[2:] * _MIX[1]
    # by sorting: numpy's unique hashes what are hashes already, which takes longer
    values = np.sort(_stir(np.concatenate([near, far])))
    return values[np.concatenate([[True], values[1:] != values[:-1]])]


def hash_triples(words: np.ndarray) -> np.ndarray:
    """Hash every word with each two of the next `REACH`, so that a changed word in between does not matter.

    Parameters
    ----------
    words : numpy.ndarray
        Hashes of words.

    Returns
    -------
    numpy.ndarray
        Of shape (pairs of distances, words); 0 where a triple would reach over the end.
    """
    out = np.zeros((len(_SKIPS), len(words)), dtype=np.uint64)
    for row, (_, near, far) in enumerate(_SKIPS):
        n = len(words) - far
        if n > 0:
            mixed = words[:n] * _MIX[0] + words[near : near + n] * _MIX[1] + words[far : far + n] * _MIX[2]
            out[row, :n] = _stir(mixed) | np.uint64(1)
    return out


def _stir(values: np.ndarray) -> np.ndarray:
    """Spread the bits of hashes."""
    values = (values ^ (values >> np.uint64(31))) * _MIX[1]
    return values ^ (values >> np.uint64(29))


def find_shared(triples: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Say which words of a text stand in the same company in another.

    Parameters
    ----------
    triples : numpy.ndarray
        Of the text, by `hash_triples`.
    other : numpy.ndarray
        Sorted triples of the other text.

    Returns
    -------
    numpy.ndarray
        Of shape (words,), bool: the word is part of a triple that both have.
    """
    n = triples.shape[1]
    shared = np.zeros(n, dtype=bool)
    if not n or not len(other):
        return shared
    place = np.minimum(np.searchsorted(other, triples), len(other) - 1)
    both = (other[place] == triples) & (triples != 0)
    for row, skips in enumerate(_SKIPS):
        # a triple stands at its first word, and none begins so late that it would reach over the end
        found = both[row, : max(0, n - skips[-1])]
        for skip in skips:
            shared[skip : skip + len(found)] |= found
    return shared


def find_same(shared: np.ndarray) -> np.ndarray:
    """Say which words stand in stretches that are the same text, edited or not.

    Parameters
    ----------
    shared : numpy.ndarray
        By `find_shared`.

    Returns
    -------
    numpy.ndarray
        Of shape (words,), bool: of the `WINDOW` words around, at least the share `DENSITY` is shared. Words that an
        editor put in or replaced are part of a stretch; two names that happen to stand in both texts are none.
    """
    n = len(shared)
    if not n:
        return shared
    total = np.concatenate([[0], np.cumsum(shared)])
    half = WINDOW // 2
    places = np.arange(n)
    low, high = np.maximum(places - half, 0), np.minimum(places + half + 1, n)
    return (total[high] - total[low]) >= DENSITY * (high - low)


def find_candidates(sets: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Find pairs of sets that may be similar, by MinHash and banding.

    Parameters
    ----------
    sets : sequence of numpy.ndarray
        Hashes, such as those of `hash_pairs`.

    Returns
    -------
    pairs : numpy.ndarray
        Of shape (pairs, 2): positions, the smaller first; sorted.
    jaccard : numpy.ndarray
        Of shape (pairs,): the estimated Jaccard index, at least `NEAREST`.
    """
    filled = np.array([place for place, found in enumerate(sets) if len(found)], dtype=np.int64)
    empty = np.empty((0, 2), dtype=np.int64), np.empty(0)
    if len(filled) < 2:
        return empty
    signatures = sign_sets([sets[place] for place in filled])
    found = [empty[0]]
    for band in range(0, PERMUTATIONS, ROWS):
        found.append(_same_band(signatures[:, band : band + ROWS]))
        if sum(map(len, found)) > 20_000_000:
            found = [_unique_pairs(found, len(filled))]
    pairs = _unique_pairs(found, len(filled))
    jaccard = np.empty(len(pairs))
    for start in range(0, len(pairs), 100_000):
        part = pairs[start : start + 100_000]
        jaccard[start : start + 100_000] = (signatures[part[:, 0]] == signatures[part[:, 1]]).mean(axis=1)
    near = jaccard >= NEAREST
    return filled[pairs[near]], jaccard[near]


def sign_sets(sets: Iterable[np.ndarray]) -> np.ndarray:
    """Compute MinHash signatures.

    Parameters
    ----------
    sets : iterable of numpy.ndarray
        Sets of hashes, none empty.

    Returns
    -------
    numpy.ndarray
        Of shape (sets, `PERMUTATIONS`), uint32.
    """
    from rensa import RMinHash

    sets = list(sets)
    out = np.empty((len(sets), PERMUTATIONS), dtype=np.uint32)
    for start in range(0, len(sets), 2000):
        part = sets[start : start + 2000]
        ends = np.concatenate([[0], np.cumsum([len(found) for found in part])]).astype(np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(part), ends, PERMUTATIONS, SEED)
        out[start : start + len(part)] = matrix.to_rows()
    return out


def _same_band(band: np.ndarray) -> np.ndarray:
    """List the pairs of rows that are equal; of many equal ones, each with the first `HUBS` only."""
    keys = band[:, 0].astype(np.uint64) << np.uint64(32) | band[:, 1].astype(np.uint64)
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    new = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    start = np.flatnonzero(new)[np.cumsum(new) - 1]
    places = np.arange(len(order))
    out = []
    for hub in range(HUBS):
        places = places[start[places] + hub < places]
        if not len(places):
            break
        out.append(np.column_stack([order[start[places] + hub], order[places]]))
    return np.concatenate(out) if out else np.empty((0, 2), dtype=np.int64)


def _unique_pairs(found: list[np.ndarray], n: int) -> np.ndarray:
    """Put lists of pairs together, each pair once, sorted."""
    pairs = np.sort(np.concatenate(found), axis=1)
    keys = np.unique(pairs[:, 0] * n + pairs[:, 1])
    return np.column_stack([keys // n, keys % n])
