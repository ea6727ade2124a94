"""The compiled loop that splits texts into paragraphs and sentences where that is plain; it loads numba.

It takes the decisions of `analysis.sentences` one by one. Where one of them needs more than letters of ASCII on both
sides of a single stop, it leaves the paragraph to that module.
"""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

WORD, OPEN, BLANK, PART, STOP = 1, 2, 4, 8, 16
"""Bits of a character: in a word, before a word, white space, what parts words, and stops."""
TITLE, ABBREVIATION, BEFORE_NUMBER, CLOCK, AFTER_CLOCK, OPENER, FILE_ENDING = 1, 2, 4, 8, 16, 32, 64
"""Bits of a word: the lists of `analysis.sentences` that it stands in."""

_LOOK_BACK = 40
_SHORT_START = 20
_NO, _YES, _HARD = 0, 1, 2
_WRAP_WIDEST, _WRAP_NARROWEST, _WRAP_LINES = 100, 50, 3


@compiled
def _lists_of(codes, begin, end, lists, fold):
    """Return the lists that hold a word of ASCII; `fold` is 1 for its lower case, 2 for a capital before it."""
    if end - begin > 16 or end == begin:
        return 0
    high, low = np.uint64(0), np.uint64(0)
    for place in range(begin, end):
        code = codes[place]
        if fold and 65 <= code <= 90 and not (fold == 2 and place == begin):
            code += 32
        if fold == 2 and place == begin and 97 <= code <= 122:
            code -= 32
        if place - begin < 8:
            high = high << np.uint64(8) | np.uint64(code)
        else:
            low = low << np.uint64(8) | np.uint64(code)
    first, last = 0, len(lists)
    while first < last:
        middle = (first + last) // 2
        if lists[middle, 0] < high or (lists[middle, 0] == high and lists[middle, 1] < low):
            first = middle + 1
        else:
            last = middle
    if first < len(lists) and lists[first, 0] == high and lists[first, 1] == low:
        return np.int64(lists[first, 2])
    return 0


@compiled
def _is_initialism(codes, begin, end):
    """Whether letters and stops alternate, from a letter to a letter."""
    if (end - begin) % 2 == 0:
        return False
    for place in range(begin, end):
        code = codes[place] | 32
        if (place - begin) % 2:
            if codes[place] != 46:
                return False
        elif not 97 <= code <= 122:
            return False
    return True


@compiled
def _is_final(codes, flags, lists, span, word):
    """Decide on a single full stop, as `_is_final` of `analysis.sentences`."""
    begin, stop = span
    following, end = word
    start, lowest = stop, max(begin, stop - _LOOK_BACK)
    capitals, smalls, digits, dots = 0, 0, 0, 0
    while start > lowest:
        code = codes[start - 1]
        if flags[code] & PART:
            break
        if code > 127:
            return _HARD
        capitals += 65 <= code <= 90
        smalls += 97 <= code <= 122
        digits += 48 <= code <= 57
        dots += code == 46
        start -= 1
    length = stop - start
    if length == 0:
        return _YES
    number = end == following or 48 <= codes[following] <= 57
    after, after_lists = codes[end], _lists_of(codes, following, end, lists, 0)
    opener = after_lists & OPENER and after != 45 and not (end - following == 1 and after == 46)
    in_capitals = capitals > 0 and smalls == 0
    own = _lists_of(codes, start, stop, lists, 0)
    known = own | _lists_of(codes, start, stop, lists, 2) if length > 1 and in_capitals else own
    if known & TITLE:
        return _NO
    if own & BEFORE_NUMBER:
        return _NO if number else _YES
    if own & CLOCK:
        return _YES if opener or (not after_lists & AFTER_CLOCK and stop - begin > _SHORT_START) else _NO
    if digits == length and length <= 3 and start == begin:
        return _NO
    if known & ABBREVIATION or ((dots > 0 or in_capitals) and _is_initialism(codes, start, stop)):
        return _YES if opener and not number else _NO
    return _YES


@compiled
def _decide(codes, flags, lists, span, after):
    """Decide on one stop, as `_ends_sentence` of `analysis.sentences`."""
    begin, stop = span
    close, following = after
    first, end, capital_inside = codes[following], following, False
    while flags[codes[end]] & WORD:
        if codes[end] > 127:
            return _HARD
        capital_inside |= 65 <= codes[end] <= 90
        end += 1
    if 97 <= first <= 122 and not capital_inside:
        return _NO
    if stop > begin and codes[stop - 1] in (40, 91) and codes[stop + 1] in (41, 93):
        return _NO
    if following == stop + 1:
        if not 65 <= first <= 90 or _lists_of(codes, following, end, lists, 1) & FILE_ENDING:
            return _NO
        mark = codes[end]
        if end - following == 1:
            begins = first in (65, 73) and mark in (32, 39, 0x2019)
        else:
            begins = 97 <= codes[following + 1] <= 122 or mark in (32, 39, 0x2019, 45)
        if not begins:
            return _NO
        if codes[stop] == 46:
            return _HARD
    if codes[stop] == 46:
        return _is_final(codes, flags, lists, (begin, stop), (following, end))
    for place in range(stop + 1, close):
        if codes[place] in (34, 39, 0x201D, 0x2019, 0xBB):
            if 65 <= first <= 90 and not _lists_of(codes, following, end, lists, 0) & OPENER:
                return _HARD
            break
    return _YES


@compiled
def _after_stop(codes, flags, stop, end):
    """Find the end of the closing marks after a stop, and the next word; -1 where the stop is no plain one."""
    none = -1, -1
    if codes[stop] not in (33, 46, 63):
        return none
    if stop >= 3 and codes[stop - 1] == 119 and codes[stop - 2] == 119 and codes[stop - 3] == 119:
        return none
    close = stop + 1
    if close < end and flags[codes[close]] & STOP:
        return none
    if close + 1 < end and codes[close] in (9, 32, 160) and codes[close + 1] in (46, 0x2026):
        return none
    while close < end:
        code = codes[close]
        if code in (34, 39, 41, 93, 125, 0x201D, 0x2019, 0xBB, 0x203A, 0x300D, 0x300F):
            close += 1
        elif (
            code in (91, 0x201C, 0x2018)
            or code in (32, 160)
            and close + 1 < end
            and codes[close + 1] in (0x201D, 0xBB)
        ):
            return none
        else:
            break
    following = close
    while following < end and flags[codes[following]] & OPEN:
        following += 1
    return close, following


@compiled
def _split_paragraph(codes, flags, lists, span, out):
    """Write the sentences of one paragraph; return their number, or -1 where one decision is not plain."""
    begin, end = span
    starts, ends, written = out
    has_word, place, found = False, begin, 0
    while place < end:
        code = codes[place]
        bits = flags[code]
        if bits & WORD:
            has_word = True
            place += 1
            continue
        if code == 58 and codes[place + 1] == 47 and codes[place + 2] == 47:
            return -1
        if not bits & STOP:
            place += 1
            continue
        close, following = _after_stop(codes, flags, place, end)
        if close < 0:
            return -1
        if has_word and following < end:
            decision = _decide(codes, flags, lists, (begin, place), (close, following))
            if decision == _HARD:
                return -1
            if decision == _YES:
                starts[written + found], ends[written + found] = begin, close
                found += 1
                begin = close
                while flags[codes[begin]] & BLANK:
                    begin += 1
                has_word, place = False, begin
                continue
        place += 1
    starts[written + found], ends[written + found] = begin, end
    return found + 1


@compiled
def split_texts(codes, bounds, flags, lists):
    """Split texts into paragraphs, and paragraphs into sentences.

    Parameters
    ----------
    codes : numpy.ndarray
        uint32: the code points of the texts, each followed by three line breaks.
    bounds : numpy.ndarray
        int64, of shape (texts + 1,): where each text begins, and the end.
    flags : numpy.ndarray
        uint8, of shape (0x110000,): the bits of each code point.
    lists : numpy.ndarray
        uint64, of shape (words, 3): words of at most 16 characters of ASCII, eight in each of two numbers, sorted,
        and their bits.

    Returns
    -------
    rows : numpy.ndarray
        int64, of shape (texts + 1,): the first paragraph of each text; a text without any may be one that needs
        more than this loop (`wrapped`).
    wrapped : numpy.ndarray
        bool, of shape (texts,): whether the text may be broken by line width.
    paragraphs : numpy.ndarray
        int64, of shape (paragraphs, 4): start, end, first sentence, number of sentences (-1 where it is not plain).
    starts, ends : numpy.ndarray
        int64: the sentences, as offsets into `codes`.
    """
    texts, room = len(bounds) - 1, len(codes) // 2 + 2
    rows, wrapped = np.zeros(texts + 1, np.int64), np.zeros(texts, np.bool_)
    paragraphs = np.empty((room, 4), np.int64)
    starts, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    count, written = 0, 0
    for text in range(texts):
        line, last = bounds[text], bounds[text + 1] - 3
        lines, fits, narrow = 0, True, False
        while line <= last:
            stop = line
            while stop < last and codes[stop] != 10 and codes[stop] != 13:
                stop += 1
            begin, end = line, stop
            while begin < end and flags[codes[begin]] & BLANK:
                begin += 1
            while end > begin and flags[codes[end - 1]] & BLANK:
                end -= 1
            if end > begin:
                # a block of lines of like width: all up to 100 characters, all but the last from 50
                fits = fits and not narrow and end - begin <= _WRAP_WIDEST
                narrow = end - begin < _WRAP_NARROWEST
                lines += 1
                found = _split_paragraph(codes, flags, lists, (begin, end), (starts, ends, written))
                paragraphs[count, 0], paragraphs[count, 1] = begin, end
                paragraphs[count, 2], paragraphs[count, 3] = written, found
                count += 1
                written += max(0, found)
            if end == begin or stop >= last:
                wrapped[text] |= fits and lines >= _WRAP_LINES
                lines, fits, narrow = 0, True, False
            line = stop + 2 if stop + 1 < last and codes[stop] == 13 and codes[stop + 1] == 10 else stop + 1
        rows[text + 1] = count
    return rows, wrapped, paragraphs[:count].copy(), starts[:written].copy(), ends[:written].copy()
