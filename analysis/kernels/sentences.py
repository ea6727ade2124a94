"""The compiled loop that splits texts into paragraphs and sentences where that is plain; it loads numba.

It takes the decisions of `analysis.sentences` one by one. Where one of them needs letters beyond ASCII, and where an
address stands, it leaves the paragraph to that module.
"""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

WORD, OPEN, BLANK, PART, STOP, EVENT = 1, 2, 4, 8, 16, 32
"""Bits of a character: in a word, before a word, white space, what parts words, stops, and all that is looked at."""
TITLE, ABBREVIATION, BEFORE_NUMBER, CLOCK, AFTER_CLOCK, OPENER, FILE_ENDING, SPEECH = (
    1,
    2,
    4,
    8,
    16,
    32,
    64,
    128,
)
"""Bits of a word: the lists of `analysis.sentences` that it stands in."""

_LOOK_BACK, _SHORT_START = 40, 20
_NO, _YES, _HARD = 0, 1, 2
_WRAP_WIDEST, _WRAP_NARROWEST, _WRAP_LINES = 100, 50, 3
_MARGIN = 8  # line breaks after a text, where a rule reads on


@compiled
def _lists_of(codes, begin, end, lists, fold):
    """Return the lists that hold a word of ASCII; `fold` is 1 for its lower case, 2 for that but for the first."""
    if end - begin > 16 or end == begin:
        return 0
    high, low = np.uint64(0), np.uint64(0)
    for place in range(begin, end):
        code = codes[place]
        if fold and 65 <= code <= 90 and not (fold == 2 and place == begin):
            code += 32
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
        letter = 97 <= codes[place] | 32 <= 122
        if codes[place] != 46 if (place - begin) % 2 else not letter:
            return False
    return True


@compiled
def _last_word(codes, flags, begin, stop):
    """Find the word before a stop: its start, or -1 beyond ASCII; its capitals, small letters, dots and digits."""
    start, lowest = stop, max(begin, stop - _LOOK_BACK)
    capitals, smalls, dots, digits = 0, 0, 0, 0
    while start > lowest and not flags[codes[start - 1]] & PART:
        start -= 1
        code = codes[start]
        if code > 127:
            return -1, 0, 0, 0, 0
        capitals += 65 <= code <= 90
        smalls += 97 <= code <= 122
        dots += code == 46
        digits += 48 <= code <= 57
    return start, capitals, smalls, dots, digits


@compiled
def _is_final(codes, flags, lists, span, word):
    """Decide on a single full stop, as `_is_final` of `analysis.sentences`."""
    begin, stop = span
    following, end = word
    start, capitals, smalls, dots, digits = _last_word(codes, flags, begin, stop)
    if start < 0:
        return _HARD
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
def _splits_glued(codes, flags, lists, span, following):
    """Decide on a single full stop within a word, as `_splits_glued` of `analysis.sentences`."""
    begin, stop = span
    if stop - begin < 2 or not flags[codes[stop - 1]] & flags[codes[stop - 2]] & WORD:
        return _NO
    lowest, place = max(begin, stop - _LOOK_BACK), stop
    while place > lowest and not flags[codes[place - 1]] & BLANK:
        place -= 1
        if codes[place] == 64:
            return _NO
    place = following
    while place < following + _LOOK_BACK and not flags[codes[place]] & BLANK:
        if codes[place] == 64:
            return _NO
        place += 1
    start, capitals, smalls, dots, _ = _last_word(codes, flags, begin, stop)
    if start < 0:
        return _HARD
    if dots:
        return _NO
    known = _lists_of(codes, start, stop, lists, 0)
    if stop - start > 1 and capitals and not smalls:
        known |= _lists_of(codes, start, stop, lists, 2)
    return _NO if known & (TITLE | ABBREVIATION | BEFORE_NUMBER) else _YES


@compiled
def _is_attribution(codes, flags, lists, place):
    """Whether one to four names and a verb of speech stand there, as `_ATTRIBUTION` of `analysis.sentences`."""
    for _ in range(4):
        if not 65 <= codes[place] <= 90:
            return _HARD if codes[place] > 127 and flags[codes[place]] & WORD else _NO
        longest = place + 31
        place += 1
        while place <= longest and (flags[codes[place]] & WORD or codes[place] in (95, 46, 39, 45, 0x2019)):
            place += 1
        blank = place
        while place < blank + 4 and flags[codes[place]] & BLANK:
            place += 1
        if blank > longest or not 0 < place - blank < 4:
            return _NO
        if 97 <= codes[place] <= 122:
            end = place
            while flags[codes[end]] & WORD or codes[end] == 95:
                if codes[end] > 127:
                    return _NO
                end += 1
            return _YES if _lists_of(codes, place, end, lists, 0) & SPEECH else _NO
    return _NO


@compiled
def _decide(codes, flags, lists, run, after):
    """Decide on a run of stops, as `_ends_sentence` of `analysis.sentences`."""
    begin, stop, run_end, dots, asks = run
    close, following = after
    if codes[run_end - 1] in (0x3002, 0xFF01, 0xFF1F, 0x0964):
        return _YES
    first, end, capital_inside = codes[following], following, False
    while flags[codes[end]] & WORD:
        if codes[end] > 127:
            return _HARD
        capital_inside |= 65 <= codes[end] <= 90
        end += 1
    if 97 <= first <= 122 and not capital_inside:
        return _NO
    if stop > begin and codes[stop - 1] in (40, 91) and codes[run_end] in (41, 93):
        return _NO
    single = run_end == stop + 1 and codes[stop] == 46
    if following == run_end:
        if not 65 <= first <= 90 or _lists_of(codes, following, end, lists, 1) & FILE_ENDING:
            return _NO
        mark = codes[end]
        if end - following == 1:
            begins = first in (65, 73) and mark in (32, 39, 0x2019)
        else:
            begins = 97 <= codes[following + 1] <= 122 or mark in (32, 39, 0x2019, 45)
        if not begins:
            return _NO
        if single:
            return _splits_glued(codes, flags, lists, (begin, stop), following)
    if single:
        return _is_final(codes, flags, lists, (begin, stop), (following, end))
    spaced = stop > begin and flags[codes[stop - 1]] & BLANK
    if not asks and ((dots == 2 and following == close) or (dots == 3 and spaced)):
        return _NO
    for place in range(run_end, close):
        if codes[place] in (34, 39, 0x201D, 0x2019, 0xBB):
            if _lists_of(codes, following, end, lists, 0) & OPENER:
                return _YES
            attribution = _is_attribution(codes, flags, lists, following)
            return attribution if attribution == _HARD else 1 - attribution
    return _YES


@compiled
def _read_stops(codes, flags, stop, end):
    """Read a run of stops: its end, what its dots count, and whether it asks or cries."""
    place, dots, asks = stop, 0, False
    while place < end and flags[codes[place]] & STOP:
        dots += (codes[place] == 46) + 3 * (codes[place] == 0x2026)
        asks |= codes[place] in (33, 63, 0x061F)
        place += 1
    while place + 1 < end and codes[place] in (9, 32, 160) and codes[place + 1] in (46, 0x2026):
        more, last = 0, place + 1
        while last < end and codes[last] in (46, 0x2026):
            more += 1 + 2 * (codes[last] == 0x2026)
            last += 1
        if last < end and (flags[codes[last]] & WORD or codes[last] == 95):
            break
        dots += more
        place = last
    return place, dots, asks


@compiled
def _after_stop(codes, flags, run_end, end):
    """Find the end of the closing marks after a run of stops, and the next word; -1 where that is not plain."""
    close = run_end
    while close < end:
        code, width = codes[close], 0
        if code in (34, 39, 41, 93, 125, 0x201D, 0x2019, 0xBB, 0x203A, 0x300D, 0x300F):
            close += 1
            continue
        if code == 91:
            place = close + 1
            while place < end and place < close + 4 and 48 <= codes[place] <= 57:
                place += 1
            if place < end and codes[place] > 127:
                return -1, -1
            if place < end and place > close + 1 and codes[place] == 93:
                close = place + 1
                continue
        elif code in (0x201C, 0x2018):
            width = 1
        elif code in (32, 160) and close + 1 < end and codes[close + 1] in (0x201D, 0xBB):
            width = 2
        if width == 0 or not (close + width == end or flags[codes[close + width]] & BLANK):
            break
        close += width
    following = close
    while following < end and flags[codes[following]] & OPEN:
        following += 1
    return close, following


@compiled
def _split_paragraph(codes, flags, lists, events, span, out):
    """Write the sentences of one paragraph; return their number, or -1 where one decision is not plain."""
    begin, end = span
    starts, ends, written = out
    has_word, read, place, found = False, begin, begin, 0
    for stop in events:
        if stop < place:
            continue
        if not flags[codes[stop]] & STOP:
            if codes[stop] == 58 and codes[stop + 1] == 47 and codes[stop + 2] == 47:
                return -1
            continue
        www = stop >= 3 and codes[stop - 1] == codes[stop - 2] == codes[stop - 3] == 119
        if www and codes[stop] == 46:
            return -1
        while not has_word and read < stop:
            has_word = flags[codes[read]] & WORD != 0
            read += 1
        place, dots, asks = _read_stops(codes, flags, stop, end)
        read = max(read, place)
        if not has_word:
            continue
        close, following = _after_stop(codes, flags, place, end)
        if close < 0:
            return -1
        if following >= end:
            continue
        decision = _decide(codes, flags, lists, (begin, stop, place, dots, asks), (close, following))
        if decision == _HARD:
            return -1
        if decision == _YES:
            starts[written + found], ends[written + found] = begin, close
            found += 1
            begin = close
            while flags[codes[begin]] & BLANK:
                begin += 1
            has_word, read = False, place
    starts[written + found], ends[written + found] = begin, end
    return found + 1


@compiled
def _lay_out(data, span, flags, codes, events):
    """Write a text as code points, and where the characters stand that are looked at; return both numbers."""
    at, end = span
    count, found = 0, 0
    while at < end:
        code = np.uint32(data[at])
        if code < 0x80:
            at += 1
        elif code < 0xE0:
            code = (code & 0x1F) << 6 | data[at + 1] & 0x3F
            at += 2
        elif code < 0xF0:
            code = (code & 0x0F) << 12 | np.uint32(data[at + 1] & 0x3F) << 6 | data[at + 2] & 0x3F
            at += 3
        else:
            code = (code & 0x07) << 18 | np.uint32(data[at + 1] & 0x3F) << 12
            code |= np.uint32(data[at + 2] & 0x3F) << 6 | data[at + 3] & 0x3F
            at += 4
        codes[count] = code
        events[found] = count
        found += flags[code] >> 5
        count += 1
    codes[count : count + _MARGIN] = 10
    return count, found


@compiled
def split_texts(data, bounds, flags, lists):
    """Split texts into paragraphs, and paragraphs into sentences.

    Parameters
    ----------
    data, bounds : numpy.ndarray
        As from `analysis.sentence_engine.encode_texts`: bytes, and at which each text begins.
    flags : numpy.ndarray
        uint8, of shape (0x110000,): the bits of each code point.
    lists : numpy.ndarray
        uint64, of shape (words, 3): words of at most 16 characters of ASCII, eight in each of two numbers, sorted,
        and their bits.

    Returns
    -------
    rows : numpy.ndarray
        int64, of shape (texts + 1,): the first paragraph of each text, and their number.
    wrapped : numpy.ndarray
        bool, of shape (texts,): whether the text may be broken by line width.
    paragraphs : numpy.ndarray
        int64, of shape (paragraphs, 4): start, end, first sentence, number of sentences (-1 where it is not plain).
    starts, ends : numpy.ndarray
        int64: the sentences; all are characters of their text.
    """
    texts, room = len(bounds) - 1, (bounds[-1] - bounds[0]) // 2 + 2
    longest = (bounds[1:] - bounds[:-1]).max() if texts else 0
    codes, events = np.empty(longest + _MARGIN, np.uint32), np.empty(longest + 1, np.int64)
    rows, wrapped = np.zeros(texts + 1, np.int64), np.zeros(texts, np.bool_)
    paragraphs = np.empty((room, 4), np.int64)
    starts, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    count, written = 0, 0
    for text in range(texts):
        last, n_events = _lay_out(data, (bounds[text], bounds[text + 1] - 1), flags, codes, events)
        line, event = 0, 0
        lines, fits, narrow = 0, True, False
        while line <= last:
            first = event
            while event < n_events and codes[events[event]] != 10 and codes[events[event]] != 13:
                event += 1
            stop = events[event] if event < n_events else last
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
                inside, out = events[first:event], (starts, ends, written)
                found = _split_paragraph(codes, flags, lists, inside, (begin, end), out)
                paragraphs[count, 0], paragraphs[count, 1] = begin, end
                paragraphs[count, 2], paragraphs[count, 3] = written, found
                count += 1
                written += max(0, found)
            if end == begin or stop >= last:
                wrapped[text] |= fits and lines >= _WRAP_LINES
                lines, fits, narrow = 0, True, False
            line = stop + 1
            event += 1
            if stop + 1 < last and codes[stop] == 13 and codes[stop + 1] == 10:
                line += 1
                event += 1
        rows[text + 1] = count
    return rows, wrapped, paragraphs[:count].copy(), starts[:written].copy(), ends[:written].copy()
