"""The compiled loop that finds tokens in bytes and gives each its type; it loads numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

LETTER, DIGIT, JOINER, STOP = 1, 2, 3, 4
"""Classes of characters that the news token tells apart; 0 is all others."""

_PRIME = np.uint64(0x100000001B3)
_OFFSET = np.uint64(0xCBF29CE484222325)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@compiled
def _beyond_ascii(data, at, classes):
    """Return the class of a character of several bytes (UTF-8, surrogates too), times 8, plus its width."""
    byte = np.int64(data[at])
    if byte < 0xE0:
        point, width = (byte & 0x1F) << 6 | data[at + 1] & 0x3F, 2
    elif byte < 0xF0:
        point, width = (byte & 0x0F) << 12 | np.int64(data[at + 1] & 0x3F) << 6 | data[at + 2] & 0x3F, 3
    else:
        point = (byte & 0x07) << 18 | np.int64(data[at + 1] & 0x3F) << 12
        point, width = point | np.int64(data[at + 2] & 0x3F) << 6 | data[at + 3] & 0x3F, 4
    return np.int64(classes[point]) * 8 + width


@compiled
def _token_end(data, at, classes):
    """Return where the token that begins at a byte ends, and how many characters it has.

    First `(?:letter stop){2,}`, then `alphanumeric+ (?:joiner alphanumeric+)*`. The line break after every text
    ends it.
    """
    here, characters, pairs = at, 0, 0
    while True:
        kind = (
            np.int64(classes[data[here]]) * 8 + 1 if data[here] < 0x80 else _beyond_ascii(data, here, classes)
        )
        if kind >> 3 != LETTER or data[here + (kind & 7)] != 0x2E:
            break
        here += (kind & 7) + 1
        characters += 2
        pairs += 1
    if pairs >= 2:
        return here, characters
    here, characters = at, 0
    while True:
        kind = (
            np.int64(classes[data[here]]) * 8 + 1 if data[here] < 0x80 else _beyond_ascii(data, here, classes)
        )
        if kind >> 3 == JOINER:
            after = here + (kind & 7)
            kind = (
                np.int64(classes[data[after]]) * 8 + 1
                if data[after] < 0x80
                else _beyond_ascii(data, after, classes)
            )
            if kind >> 3 != LETTER and kind >> 3 != DIGIT:
                return here, characters
            here = after
        elif kind >> 3 != LETTER and kind >> 3 != DIGIT:
            return here, characters
        else:
            here += kind & 7
        characters += 1


@compiled
def _grow(slots, entries):
    """Make the hash table twice as large."""
    larger = np.full(len(slots) * 2, -1, np.int32)
    mask = np.uint64(len(larger) - 1)
    for number in range(len(entries)):
        place = (np.uint64(entries[number, 0]) * _MIX >> np.uint64(20)) & mask
        while larger[place] >= 0:
            place = (place + np.uint64(1)) & mask
        larger[place] = number
    return larger


@compiled
def scan_tokens(data, bounds, classes):
    """Find the tokens of texts and give each its type.

    Parameters
    ----------
    data : numpy.ndarray
        uint8: the texts in UTF-8, each followed by a line break.
    bounds : numpy.ndarray
        int64, of shape (texts + 1,): the byte at which each text begins, and the end.
    classes : numpy.ndarray
        uint8, of shape (0x110000,): the class of each code point.

    Returns
    -------
    types : numpy.ndarray
        int32: the type of each token, numbered as they come.
    starts : numpy.ndarray
        int32: at which character of its text each token begins.
    rows : numpy.ndarray
        int64, of shape (texts + 1,): the first token of each text, and the number of tokens.
    first, last : numpy.ndarray
        int64, of shape (types,): the bytes of the first token of each type.
    """
    texts = len(bounds) - 1
    # a token takes a byte and one that parts it from the next; memory that is never written is never taken
    types, starts = np.empty(len(data) // 2 + 1, np.int32), np.empty(len(data) // 2 + 1, np.int32)
    rows = np.zeros(texts + 1, np.int64)
    slots, entries = np.full(1 << 14, -1, np.int32), np.empty((1 << 13, 3), np.int64)
    state = np.zeros(3, np.int64)
    while _scan_until_full(data, bounds, classes, (types, starts, rows), (slots, entries), state):
        slots = _grow(slots, entries)
        entries = np.concatenate((entries, np.empty(entries.shape, np.int64)))
    n_types, n_tokens = state[1], state[2]
    return types[:n_tokens], starts[:n_tokens], rows, entries[:n_types, 1].copy(), entries[:n_types, 2].copy()


@compiled
def _scan_until_full(data, bounds, classes, tokens, table, state):
    """Go on with whole texts until half of the slots are taken; `state` has the text, the types and the tokens.

    What is found is written into `tokens` and `table`; arrays that are replaced inside the loop would be counted as
    references at every access, which takes ten times as long as the scan.
    """
    types, starts, rows = tokens
    slots, entries = table  # of each type its hash, and the bytes of its first token
    mask, room = np.uint64(len(slots) - 1), len(entries)
    n_types, n_tokens = state[1], state[2]
    for text in range(state[0], len(bounds) - 1):
        at, end = bounds[text], bounds[text + 1]
        character = 0
        while at < end:
            byte = data[at]
            if byte < 0x80:
                if classes[byte] != LETTER and classes[byte] != DIGIT:
                    at += 1
                    character += 1
                    continue
            else:
                kind = _beyond_ascii(data, at, classes)
                if kind >> 3 != LETTER and kind >> 3 != DIGIT:
                    at += kind & 7
                    character += 1
                    continue
            # nearly all tokens are letters and digits of ASCII, up to something that ends them
            stop, mixed, simple = at, _OFFSET, True
            while True:
                byte = data[stop]
                if byte >= 0x80:
                    simple = False
                    break
                kind = classes[byte]
                if kind in (LETTER, DIGIT):
                    mixed = (mixed ^ np.uint64(byte)) * _PRIME
                    stop += 1
                    continue
                simple = kind == 0 or (kind == STOP and stop - at > 1)
                break
            passed = stop - at
            if not simple:
                stop, passed = _token_end(data, at, classes)
                mixed = _OFFSET
                for place in range(at, stop):
                    mixed = (mixed ^ np.uint64(data[place])) * _PRIME
            slot = (mixed * _MIX >> np.uint64(20)) & mask
            number = np.int64(-1)
            while slots[slot] >= 0:
                other = np.int64(slots[slot])
                begin = entries[other, 1]
                if entries[other, 0] == np.int64(mixed) and entries[other, 2] - begin == stop - at:
                    place = 0
                    while place < stop - at and data[begin + place] == data[at + place]:
                        place += 1
                    if place == stop - at:
                        number = other
                        break
                slot = (slot + np.uint64(1)) & mask
            if number < 0:
                if n_types == room:  # the text is done again in a larger table, which knows its types so far
                    state[0], state[1], state[2] = text, n_types, rows[text]
                    return True
                number = n_types
                entries[number, 0], entries[number, 1], entries[number, 2] = np.int64(mixed), at, stop
                slots[slot] = number
                n_types += 1
            types[n_tokens], starts[n_tokens] = number, character
            n_tokens += 1
            at = stop
            character += passed
        rows[text + 1] = n_tokens
    state[1], state[2] = n_types, n_tokens
    return False
