"""Cuts a mention and its sentence into the word pieces that the encoder reads, with no actor's name left in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

Place = tuple[int, int]
Encoded = tuple[np.ndarray, int, int]

WINDOW = 128
"""Longest input in pieces, markers and ends included; a longer sentence is read around the mention."""

REACH = 2000
"""Characters read on either side of the mention: more than the window can hold, far less than a book."""

NAME_PIECES = 40
"""Pieces read of a name that is left visible, at most."""

PLACEHOLDER = "x"
"""Stands for every other actor."""

MARKS = ("«", "»")
"""Stand around the mention; in the text itself they are read as quotation marks."""

SPECIAL = {"first": "<s>", "pad": "<pad>", "last": "</s>", "mask": "<mask>"}

_POSSESSIVE = re.compile(r"['’]s?$")


def clear_places(places: Iterable[Place], taken: Sequence[Place]) -> list[Place]:
    """Keep the places that overlap none of those taken, nor each other.

    Parameters
    ----------
    places : iterable of (int, int)
        Start and exclusive end; of two that overlap, the longer is kept.
    taken : sequence of (int, int)
        Places that win over all of `places`.

    Returns
    -------
    list of (int, int)
        Sorted.

    Examples
    --------
    >>> clear_places([(0, 3), (0, 14), (20, 25)], [(24, 30)])
    [(0, 14)]
    """
    kept: list[Place] = []
    for start, end in sorted({(int(a), int(b)) for a, b in places}, key=lambda one: (one[0] - one[1], one[0])):
        if end > start and all(end <= a or start >= b for a, b in [*taken, *kept]):
            kept.append((start, end))
    return sorted(kept)


def find_repeats(text: str, start: int, end: int) -> list[Place]:
    """Find where the words of a mention stand again in its sentence.

    Parameters
    ----------
    text : str
        The sentence.
    start, end : int
        The mention; `end` is exclusive.

    Returns
    -------
    list of (int, int)
        Repeats at word boundaries; only of names, that is of words with a capital in them.

    Examples
    --------
    >>> find_repeats("Putin said Putin's aides like Putin.", 0, 5)
    [(11, 16), (30, 35)]
    """
    name = _POSSESSIVE.sub("", text[start:end]).strip()
    if len(name) < 2 or name == name.lower():
        return []
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    found = re.compile(r"(?<!\w)" + re.escape(name) + r"(?!\w)").finditer(text, low, high)
    return [match.span() for match in found if match.end() <= start or match.start() >= end]


def cut_sentence(mention: Mapping[str, Any], *, visible: bool = False) -> list[tuple[str, str | None]]:
    """Cut a sentence into segments, with a mask for the actor and one neutral word for every other.

    A possessive ending stays, since it is grammar and not name.

    Parameters
    ----------
    mention : mapping
        ``text``, ``start``, ``end``; ``same``, the actor's further mentions, which are masked too; and
        ``others``, the mentions of other actors.
    visible : bool
        Leave the actor's own name to be read. For comparison only: the encoder then knows who is meant.

    Returns
    -------
    list of (str, str or None)
        Side ("left", "target", "right") and text, None for the mask, in order.

    Examples
    --------
    >>> cut_sentence({"text": "Russia blamed China's army.", "start": 0, "end": 6, "others": [(14, 21)]})
    [('target', None), ('right', ' blamed '), ('right', 'x'), ('right', "'s"), ('right', ' army.')]
    """
    text, start, end = mention["text"], mention["start"], mention["end"]
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    same, others = (
        [(a, b) for a, b in (mention.get(key) or ()) if low <= a and b <= high] for key in ("same", "others")
    )
    own = [] if visible else clear_places(same, [(start, end)])
    rest = clear_places(others, [(start, end), *own])
    marked = [(start, end, "target"), *((*one, "mask") for one in own), *((*one, "other") for one in rest)]
    segments: list[tuple[str, str | None]] = []
    cursor, side = low, "left"
    for a, b, kind in sorted(marked):
        segments.append((side, text[cursor:a]))
        ending = _POSSESSIVE.search(text[a:b])
        tail = ending.group() if ending and ending.start() > 0 else ""
        if kind == "target":
            segments.append(("target", text[a : b - len(tail)] if visible else None))
            side = "right"
        else:
            segments.append((side, None if kind == "mask" else PLACEHOLDER))
        segments.append((side, tail))
        cursor = b
    segments.append((side, text[cursor:high]))
    return [(where, words) for where, words in segments if words != ""]


class Reader:
    """Turns mentions into piece numbers.

    Parameters
    ----------
    tokenizer : tokenizers.Tokenizer
        WordPiece without added tokens, so that no text can become a special token.
    """

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.number = {name: tokenizer.token_to_id(piece) for name, piece in SPECIAL.items()}
        self.marks = [tokenizer.token_to_id(mark) for mark in MARKS]
        self._unmark = str.maketrans(dict.fromkeys(MARKS, '"'))

    def read(self, mentions: Sequence[Mapping[str, Any]], *, visible: bool = False) -> list[Encoded]:
        """Encode mentions.

        Parameters
        ----------
        mentions : sequence of mapping
            As in `cut_sentence`.
        visible : bool
            As in `cut_sentence`.

        Returns
        -------
        list of (numpy.ndarray, int, int)
            Piece numbers, and first and exclusive last position of the actor's name among them.
        """
        cut = [cut_sentence(mention, visible=visible) for mention in mentions]
        texts = [text.translate(self._unmark) for segments in cut for _, text in segments if text is not None]
        encoded = iter(self.tokenizer.encode_batch_fast(texts, add_special_tokens=False))
        mask = self.number["mask"]
        rows = []
        for segments in cut:
            sides: dict[str, list[int]] = {"left": [], "target": [], "right": []}
            for side, text in segments:
                sides[side] += [mask] if text is None else next(encoded).ids
            rows.append(self._fit(sides["left"], sides["target"][:NAME_PIECES] or [mask], sides["right"]))
        return rows

    def _fit(self, left: list[int], target: list[int], right: list[int]) -> Encoded:
        """Fit a sentence into the window, as much on either side as there is room."""
        room = WINDOW - 4 - len(target)
        n_left = min(len(left), max(room - len(right), room // 2))
        left, right = left[len(left) - n_left :], right[: room - n_left]
        opening, closing = self.marks
        first, last = self.number["first"], self.number["last"]
        pieces = [first, *left, opening, *target, closing, *right, last]
        at = len(left) + 2
        return np.array(pieces, np.int64), at, at + len(target)


def collate(rows: Sequence[Encoded], pad: int, *, multiple: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Pad encoded mentions to one length.

    Parameters
    ----------
    rows : sequence of (numpy.ndarray, int, int)
        As from `Reader.read`.
    pad : int
        Number of the padding piece.
    multiple : int
        The length is rounded up to a multiple of this.

    Returns
    -------
    ids : numpy.ndarray of int64
        Of shape (mentions, length).
    target : numpy.ndarray of float32
        Of the same shape; each row adds up to 1 over the pieces of the name.
    """
    longest = -(-max(len(row[0]) for row in rows) // multiple) * multiple
    ids = np.full((len(rows), longest), pad, np.int64)
    target = np.zeros((len(rows), longest), np.float32)
    for number, (pieces, start, end) in enumerate(rows):
        ids[number, : len(pieces)] = pieces
        target[number, start:end] = 1 / (end - start)
    return ids, target


def find_batches(rows: Sequence[Encoded], size: int) -> Iterator[list[int]]:
    """Arrange encoded mentions in batches of nearly equal length, so that little is padding.

    Parameters
    ----------
    rows : sequence of (numpy.ndarray, int, int)
        As from `Reader.read`.
    size : int
        The most mentions in a batch.

    Yields
    ------
    list of int
        Positions in `rows`.
    """
    batch: list[int] = []
    for position in sorted(range(len(rows)), key=lambda i: (len(rows[i][0]), i)):
        if batch and (len(batch) == size or len(rows[position][0]) > 1.1 * len(rows[batch[0]][0]) + 1):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
