"""The compiled loops that number n-grams and count words and n-grams by text; they load numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_DIGIT = 11  # bits that are sorted at a time
_FEW = 40  # terms of a text that are sorted by insertion


@compiled
def _first_slot(key, mask):
    """Return where in the hash table the search for a key begins."""
    mixed = (key ^ key >> np.uint64(31)) * _PRIME
    return np.int64((mixed ^ mixed >> np.uint64(29)) * _PRIME >> np.uint64(20)) & mask


@compiled
def _grow(slots, keys):
    """Make the hash table twice as large."""
    larger = np.full(len(slots) * 2, -1, np.int32)
    mask = len(larger) - 1
    for number in range(len(keys)):
        place = _first_slot(keys[number], mask)
        while larger[place] >= 0:
            place = (place + 1) & mask
        larger[place] = number
    return larger


@compiled
def number_ngrams(shorter, tokens, terms, sentences, size, out):
    """Number the n-grams of one length, as they come; none reaches over the beginning of a sentence.

    Parameters
    ----------
    shorter : tuple of numpy.ndarray
        int32: the number of the n-gram of one token less that begins at each token, or -1; and the rank of each.
    tokens : tuple of numpy.ndarray
        The type of each token, at which character of its text it begins (both int32), and the first token of each
        text, with the number of tokens (int64).
    terms : numpy.ndarray
        int32: the term of each type.
    sentences : tuple of numpy.ndarray
        int64: at which character each sentence begins, and the first sentence of each text.
    size : int
        Tokens of the n-gram, 2 or more.
    out : numpy.ndarray
        int32: the number of the n-gram that begins at each token, or -1, is written there.

    Returns
    -------
    numpy.ndarray
        uint64: of each n-gram the rank of the shorter one that it begins with, times 2 ** 32, plus its last term.
    """
    slots = np.full(1 << 14, -1, np.int32)
    while len(slots) * 8 < len(out):
        slots = np.full(len(slots) * 2, -1, np.int32)
    keys = np.empty(len(slots) // 2, np.uint64)
    state = np.zeros(2, np.int64)
    while _number_until_full(shorter, tokens, terms, sentences, size, (slots, keys, out, state)):
        slots = _grow(slots, keys)
        keys = np.concatenate((keys, np.empty_like(keys)))
    return keys[: state[1]].copy()


@compiled
def _number_until_full(shorter, tokens, terms, sentences, size, table):
    """Go on with whole texts until half of the slots are taken; `state` has the text and the n-grams."""
    beginning, ranks = shorter
    types, starts, rows = tokens
    begins, sentence_rows = sentences
    slots, keys, out, state = table
    mask, room, known = len(slots) - 1, len(keys), state[1]
    for text in range(state[0], len(rows) - 1):
        sentence, stop = sentence_rows[text], sentence_rows[text + 1]
        first, last = rows[text], rows[text + 1]
        for token in range(max(first, last - size + 1), last):
            out[token] = -1
        since = first  # the first token of the sentence
        upcoming = begins[sentence] if sentence < stop else np.int64(2**62)
        for token in range(first, last):
            while starts[token] >= upcoming:
                since = token
                sentence += 1
                upcoming = begins[sentence] if sentence < stop else np.int64(2**62)
            place = token - size + 1
            if place < first:
                continue
            if place < since:
                out[place] = -1
                continue
            key = np.uint64(ranks[beginning[place]]) << np.uint64(32) | np.uint64(terms[types[token]])
            slot = _first_slot(key, mask)
            number = np.int64(slots[slot])
            while number >= 0 and keys[number] != key:
                slot = (slot + 1) & mask
                number = np.int64(slots[slot])
            if number < 0:
                if known == room:  # the text is done again in a larger table, which knows its n-grams so far
                    state[0], state[1] = text, known
                    return True
                number = known
                keys[number] = key
                slots[slot] = number
                known += 1
            out[place] = number
    state[1] = known
    return False


@compiled
def sort_keys(keys, n_shorter, n_terms):
    """Sort n-grams by the shorter one that they begin with, then by their last term.

    Parameters
    ----------
    keys : numpy.ndarray
        As from `number_ngrams`.
    n_shorter, n_terms : int
        How many n-grams of one token less there are, and how many terms.

    Returns
    -------
    order, parents, lasts : numpy.ndarray
        int32, sorted: the n-grams, the ranks of what they begin with, and their last terms.
    """
    last = np.uint64(0xFFFFFFFF)
    head = np.zeros(n_terms + 1, np.int64)
    for key in keys:
        head[np.int64(key & last) + 1] += 1
    for term in range(n_terms):
        head[term + 1] += head[term]
    moved = np.empty(len(keys), np.int32)
    for number in range(len(keys)):
        term = np.int64(keys[number] & last)
        moved[head[term]] = number
        head[term] += 1
    head = np.zeros(n_shorter + 1, np.int64)
    for key in keys:
        head[np.int64(key >> np.uint64(32)) + 1] += 1
    for rank in range(n_shorter):
        head[rank + 1] += head[rank]
    order, parents, lasts = np.empty_like(moved), np.empty_like(moved), np.empty_like(moved)
    for number in moved:
        rank = np.int64(keys[number] >> np.uint64(32))
        place = head[rank]
        order[place], parents[place], lasts[place] = number, rank, np.int32(keys[number] & last)
        head[rank] += 1
    return order, parents, lasts


@compiled
def _move_terms(found, moved, number, shift, head):
    """Sort terms by one digit, keeping the order of equal ones."""
    digits = len(head) - 1
    head[:] = 0
    for place in range(number):
        head[found[place] >> shift & digits] += 1
    total = 0
    for digit in range(digits + 1):
        count = head[digit]
        head[digit] = total
        total += count
    for place in range(number):
        term = found[place]
        moved[head[term >> shift & digits]] = term
        head[term >> shift & digits] += 1


@compiled
def _sort_terms(found, spare, number, bits):
    """Sort the first terms of a text; return whether `spare` holds them now."""
    if number < _FEW:
        for place in range(1, number):
            term, at = found[place], place
            while at > 0 and found[at - 1] > term:
                found[at] = found[at - 1]
                at -= 1
            found[at] = term
        return False
    passes = (bits + _DIGIT - 1) // _DIGIT
    width = (bits + passes - 1) // passes
    head = np.empty(1 << width, np.int32)
    swapped = False
    for shift in range(0, bits, width):
        if swapped:
            _move_terms(spare, found, number, shift, head)
        else:
            _move_terms(found, spare, number, shift, head)
        swapped = not swapped
    return swapped


@compiled
def count_rows(streams, columns, rows, n_columns, out):
    """Count the terms of each text, columns ascending.

    Parameters
    ----------
    streams : tuple of numpy.ndarray
        int32: for n-grams of each length, the number of the one that begins at each token, or -1.
    columns : tuple of numpy.ndarray
        int32: the column of each n-gram.
    rows : numpy.ndarray
        int64: the first token of each text, and the number of tokens.
    n_columns : int
        How many columns there are.
    out : tuple of numpy.ndarray
        Columns (int32) and counts (int64) are written there; they hold as many items as there are n-grams.

    Returns
    -------
    numpy.ndarray
        int64, of shape (texts + 1,): the first entry of each text, and the number of entries.
    """
    indices, values = out
    longest, bits = 0, 1
    for text in range(len(rows) - 1):
        longest = max(longest, rows[text + 1] - rows[text])
    while n_columns > 1 << bits:
        bits += 1
    found = np.empty(longest * len(streams), np.int32)
    spare = np.empty_like(found)
    indptr = np.zeros(len(rows), np.int64)
    entry = 0
    for text in range(len(rows) - 1):
        number = 0
        for size in range(len(streams)):
            stream, column = streams[size], columns[size]
            for token in range(rows[text], rows[text + 1]):
                if stream[token] >= 0:
                    found[number] = column[stream[token]]
                    number += 1
        swapped = _sort_terms(found, spare, number, bits)
        terms = spare if swapped else found
        last = -1
        for place in range(number):
            term = terms[place]
            if term == last:
                values[entry - 1] += 1
            else:
                indices[entry], values[entry] = term, 1
                last = term
                entry += 1
        indptr[text + 1] = entry
    return indptr


@compiled
def write_ngrams(words, data, bounds):
    """Write n-grams as text, one a line.

    Parameters
    ----------
    words : numpy.ndarray
        int32, of shape (n-grams, size): terms; -1 fills up.
    data, bounds : numpy.ndarray
        The terms in UTF-8, and the byte at which each begins, with the end.

    Returns
    -------
    numpy.ndarray
        uint8.
    """
    length = 0
    for number in range(len(words)):
        for offset in range(words.shape[1]):
            term = words[number, offset]
            if term >= 0:
                length += bounds[term + 1] - bounds[term] + 1
    out = np.empty(length, np.uint8)
    at = 0
    for number in range(len(words)):
        for offset in range(words.shape[1]):
            term = words[number, offset]
            if term < 0:
                break
            if offset:
                out[at - 1] = 0x20
            for place in range(bounds[term], bounds[term + 1]):
                out[at] = data[place]
                at += 1
            out[at] = 0x0A
            at += 1
    return out
