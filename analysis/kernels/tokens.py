"""The compiled loop that finds tokens in bytes and gives each its type; it loads numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

LETTER, DIGIT, JOINER, STOP = 1, 2, 3, 4
"""Classes of characters that the news token tells apart; 0 is all others."""

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_LONG = np.uint64(0xFF << 56)  # no byte of UTF-8: such a key holds a hash, and stands for more than 16 bytes


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
def _read_key(data, begin, end):
    """Read a token as two numbers: its bytes, or from 17 bytes on their number and a hash of them."""
    high, low = np.uint64(0), np.uint64(0)
    if end - begin <= 16:
        for place in range(begin, end):
            high = high << np.uint64(8) | low >> np.uint64(56)
            low = low << np.uint64(8) | np.uint64(data[place])
        return high, low
    for place in range(begin, end):
        low = (low ^ np.uint64(data[place])) * _PRIME
        low ^= low >> np.uint64(29)
    return _LONG | np.uint64(end - begin), low


@compiled
def _are_same(data, one, other, length):
    """Compare two stretches of bytes."""
    place = 0
    while place < length and data[one + place] == data[other + place]:
        place += 1
    return place == length


@compiled
def _first_slot(high, low, mask):
    """Return where in the hash table the search for a key begins."""
    mixed = (low ^ high * _PRIME) * _MIX
    return np.int64((mixed ^ mixed >> np.uint64(32)) * _PRIME >> np.uint64(20)) & mask


@compiled
def _grow(slots, keys):
    """Make the hash table twice as large."""
    larger = np.full(len(slots) * 2, -1, np.int32)
    mask = len(larger) - 1
    for number in range(len(keys)):
        place = _first_slot(keys[number, 0], keys[number, 1], mask)
        while larger[place] >= 0:
            place = (place + 1) & mask
        larger[place] = number
    return larger


@compiled
def scan_tokens(data, bounds, classes, types, starts):
    """Find the tokens of texts and give each its type.

    Parameters
    ----------
    data : numpy.ndarray
        uint8: the texts in UTF-8, each followed by a line break.
    bounds : numpy.ndarray
        int64, of shape (texts + 1,): the byte at which each text begins, and the end.
    classes : numpy.ndarray
        uint8, of shape (0x110000,): the class of each code point.
    types, starts : numpy.ndarray
        int32, of at least half as many items as bytes: there is written, for every token, its type, numbered as
        they come, and at which character of its text it begins; `starts` may be empty, if they are not wanted.

    Returns
    -------
    rows : numpy.ndarray
        int64, of shape (texts + 1,): the first token of each text, and the number of tokens.
    first, last : numpy.ndarray
        int64, of shape (types,): the bytes of the first token of each type.
    """
    rows = np.zeros(len(bounds), np.int64)
    slots, keys, spans = (
        np.full(1 << 14, -1, np.int32),
        np.empty((1 << 13, 2), np.uint64),
        np.empty((1 << 13, 2), np.int64),
    )
    state = np.zeros(3, np.int64)
    while _scan_until_full(data, bounds, classes, (types, starts, rows), (slots, keys, spans), state):
        slots = _grow(slots, keys)
        keys, spans = (
            np.concatenate((keys, np.empty_like(keys))),
            np.concatenate((spans, np.empty_like(spans))),
        )
    return rows, spans[: state[1], 0].copy(), spans[: state[1], 1].copy()


@compiled
def _scan_until_full(data, bounds, classes, tokens, table, state):
    """Go on with whole texts until half of the slots are taken; `state` has the text, the types and the tokens.

    What is found is written into `tokens` and `table`; arrays that are replaced inside the loop would be counted as
    references at every access, which takes ten times as long as the scan.
    """
    types, starts, rows = tokens
    placed = len(starts) > 0
    slots, keys, spans = table  # of each type its key, and the bytes of its first token
    mask, room = len(slots) - 1, len(keys)
    n_types, n_tokens = state[1], state[2]
    plain = np.zeros(256, np.bool_)
    for byte in range(128):
        plain[byte] = classes[byte] == LETTER or classes[byte] == DIGIT
    for text in range(state[0], len(bounds) - 1):
        at, end = bounds[text], bounds[text + 1]
        before = at  # and the bytes that are no characters of their own
        while at < end:
            byte = np.int64(data[at])
            stop, wide, simple = at, 0, False
            high, low = np.uint64(0), np.uint64(0)
            if plain[byte]:
                # nearly all tokens are letters and digits of ASCII, up to something that ends them
                while plain[byte]:
                    high = high << np.uint64(8) | low >> np.uint64(56)
                    low = low << np.uint64(8) | np.uint64(byte)
                    stop += 1
                    byte = np.int64(data[stop])
                simple = byte == 0x20 or not (
                    byte >= 0x80
                    or (byte == 0x2E and stop - at == 1)
                    or ((byte == 0x27 or byte == 0x2D) and (plain[data[stop + 1]] or data[stop + 1] >= 0x80))
                )
                simple = simple and stop - at <= 16
            elif byte < 0x80:
                at += 1
                continue
            else:
                kind = _beyond_ascii(data, at, classes)
                if kind >> 3 != LETTER and kind >> 3 != DIGIT:
                    at += kind & 7
                    before += (kind & 7) - 1
                    continue
            if not simple:
                stop, characters = _token_end(data, at, classes)
                wide = stop - at - characters
                high, low = _read_key(data, at, stop)
            slot = _first_slot(high, low, mask)
            number = np.int64(slots[slot])
            while number >= 0:
                same = keys[number, 1] == low and keys[number, 0] == high
                if same and (high < _LONG or _are_same(data, spans[number, 0], at, stop - at)):
                    break
                slot = (slot + 1) & mask
                number = np.int64(slots[slot])
            if number < 0:
                if n_types == room:  # the text is done again in a larger table, which knows its types so far
                    state[0], state[1], state[2] = text, n_types, rows[text]
                    return True
                number = n_types
                keys[number, 0], keys[number, 1] = high, low
                spans[number, 0], spans[number, 1] = at, stop
                slots[slot] = number
                n_types += 1
            types[n_tokens] = number
            if placed:
                starts[n_tokens] = at - before
            n_tokens += 1
            at = stop + (byte == 0x20)
            before += wide
        rows[text + 1] = n_tokens
    state[1], state[2] = n_types, n_tokens
    return False


@compiled
def write_types(data, first, last):
    """Write the types one a line.

    Parameters
    ----------
    data, first, last : numpy.ndarray
        As in `scan_tokens`.

    Returns
    -------
    numpy.ndarray
        uint8.
    """
    out = np.empty(np.sum(last) - np.sum(first) + len(first), np.uint8)
    at = 0
    for number in range(len(first)):
        for place in range(first[number], last[number]):
            out[at] = data[place]
            at += 1
        out[at] = 0x0A
        at += 1
    return out
