"""The compiled loops that count words and n-grams by text; they load numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled


@compiled
def begin_ngrams(starts, rows, sentences, sentence_rows, size):
    """List the tokens at which an n-gram of one sentence begins.

    Parameters
    ----------
    starts, rows : numpy.ndarray
        As from `analysis.kernels.tokens.scan_tokens`.
    sentences, sentence_rows : numpy.ndarray
        int64: at which character each sentence begins, and the first sentence of each text.
    size : int
        Tokens of the n-gram, 2 or more.

    Returns
    -------
    numpy.ndarray
        int32, ascending.
    """
    found = np.empty(len(starts), np.int32)
    number = 0
    for text in range(len(rows) - 1):
        sentence, stop = sentence_rows[text], sentence_rows[text + 1]
        for token in range(rows[text], rows[text + 1] - size + 1):
            while sentence < stop and sentences[sentence] <= starts[token]:
                sentence += 1
            if sentence < stop and sentences[sentence] <= starts[token + size - 1]:
                continue
            found[number] = token
            number += 1
    return found[:number].copy()


@compiled
def sort_places(places, terms, n_terms, size):
    """Sort n-grams by their words, keeping the order of equal ones (least significant word first).

    Parameters
    ----------
    places : numpy.ndarray
        int32: the first token of each.
    terms : numpy.ndarray
        int32: the term of every token.
    n_terms : int
        How many terms there are.
    size : int
        Tokens of the n-gram.

    Returns
    -------
    numpy.ndarray
        int32: the places in their new order.
    """
    for offset in range(size - 1, -1, -1):
        head = np.zeros(n_terms + 1, np.int64)
        for place in places:
            head[terms[place + offset] + 1] += 1
        for term in range(n_terms):
            head[term + 1] += head[term]
        moved = np.empty(len(places), np.int32)
        for place in places:
            term = terms[place + offset]
            moved[head[term]] = place
            head[term] += 1
        places = moved
    return places


@compiled
def count_sorted(places, terms, text_of, size):
    """Count sorted n-grams by text.

    Parameters
    ----------
    places, terms, size
        As in `sort_places`, `places` sorted.
    text_of : numpy.ndarray
        int32: the text of every token.

    Returns
    -------
    words : numpy.ndarray
        int32, of shape (n-grams, size): their terms.
    heads : numpy.ndarray
        int64, of shape (n-grams + 1,): the first entry of each.
    texts, values : numpy.ndarray
        The entries: texts (int32), ascending for each n-gram, and counts (int64).
    """
    words = np.empty((len(places), size), np.int32)
    heads = np.empty(len(places) + 1, np.int64)
    texts, values = np.empty(len(places), np.int32), np.empty(len(places), np.int64)
    column, entry = -1, -1
    for number in range(len(places)):
        place = places[number]
        new = number == 0
        if not new:
            before = places[number - 1]
            for offset in range(size):
                if terms[place + offset] != terms[before + offset]:
                    new = True
                    break
        if new:
            column += 1
            heads[column] = entry + 1
            for offset in range(size):
                words[column, offset] = terms[place + offset]
        if new or texts[entry] != text_of[place]:
            entry += 1
            texts[entry], values[entry] = text_of[place], 0
        values[entry] += 1
    heads[column + 1] = entry + 1
    return words[: column + 1].copy(), heads[: column + 2].copy(), texts[: entry + 1], values[: entry + 1]


@compiled
def count_words(terms, rows, n_terms):
    """Count single words by text: the entries that `count_sorted` gives for n-grams of one word.

    Parameters
    ----------
    terms, rows, n_terms
        The term of every token, the first token of every text, and how many terms there are.

    Returns
    -------
    heads, texts, values : numpy.ndarray
        As from `count_sorted`.
    """
    seen = np.full(n_terms, -1, np.int32)
    heads = np.zeros(n_terms + 1, np.int64)
    for text in range(len(rows) - 1):
        for token in range(rows[text], rows[text + 1]):
            term = terms[token]
            if seen[term] != text:
                seen[term] = text
                heads[term + 1] += 1
    for term in range(n_terms):
        heads[term + 1] += heads[term]
    texts, values = np.empty(heads[-1], np.int32), np.zeros(heads[-1], np.int64)
    last = heads[:-1] - 1
    for text in range(len(rows) - 1):
        for token in range(rows[text], rows[text + 1]):
            term = terms[token]
            entry = last[term]
            if entry < heads[term] or texts[entry] != text:
                entry += 1
                last[term] = entry
                texts[entry] = text
            values[entry] += 1
    return heads, texts, values


@compiled
def merge_orders(words1, words2):
    """Merge two sorted lists of n-grams of different lengths; a shorter one stands before what it begins.

    Parameters
    ----------
    words1, words2 : numpy.ndarray
        int32, of shapes (m, size1) and (n, size2): terms; -1 fills up.

    Returns
    -------
    numpy.ndarray
        int64, of shape (m + n,): positions in the first list, or m + the position in the second.
    """
    m, n = len(words1), len(words2)
    size1, size2 = words1.shape[1], words2.shape[1]
    order = np.empty(m + n, np.int64)
    one, other = 0, 0
    for place in range(m + n):
        if one == m or other == n:
            take = one < m
        else:
            take = True
            for offset in range(max(size1, size2)):
                left = words1[one, offset] if offset < size1 else -1
                right = words2[other, offset] if offset < size2 else -1
                if left != right:
                    take = left < right
                    break
        if take:
            order[place] = one
            one += 1
        else:
            order[place] = m + other
            other += 1
    return order


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


@compiled
def transpose(heads, texts, values, n_texts):
    """Turn entries by column into entries by row, columns ascending.

    Parameters
    ----------
    heads, texts, values : numpy.ndarray
        As from `count_sorted`.
    n_texts : int
        How many rows.

    Returns
    -------
    indptr : numpy.ndarray
        int64, of shape (rows + 1,).
    indices : numpy.ndarray
        int32.
    data : numpy.ndarray
        int64.
    """
    indptr = np.zeros(n_texts + 1, np.int64)
    for text in texts:
        indptr[text + 1] += 1
    for text in range(n_texts):
        indptr[text + 1] += indptr[text]
    filled = indptr[:-1].copy()
    indices, data = np.empty(len(texts), np.int32), np.empty(len(texts), np.int64)
    for column in range(len(heads) - 1):
        for entry in range(heads[column], heads[column + 1]):
            place = filled[texts[entry]]
            indices[place], data[place] = column, values[entry]
            filled[texts[entry]] += 1
    return indptr, indices, data


@compiled
def merge_entries(order, one, other):
    """Lay the entries of two lists of n-grams in their merged order.

    Parameters
    ----------
    order : numpy.ndarray
        As from `merge_orders`.
    one, other : tuple of numpy.ndarray
        Heads, texts and values, as from `count_sorted`.

    Returns
    -------
    heads, texts, values : numpy.ndarray
        The same of all.
    """
    heads1, texts1, values1 = one
    heads2, texts2, values2 = other
    m = len(heads1) - 1
    heads = np.empty(len(order) + 1, np.int64)
    texts = np.empty(len(texts1) + len(texts2), np.int32)
    values = np.empty(len(texts), np.int64)
    entry = 0
    for column in range(len(order)):
        heads[column] = entry
        number = order[column]
        if number < m:
            for place in range(heads1[number], heads1[number + 1]):
                texts[entry], values[entry] = texts1[place], values1[place]
                entry += 1
        else:
            for place in range(heads2[number - m], heads2[number - m + 1]):
                texts[entry], values[entry] = texts2[place], values2[place]
                entry += 1
    heads[len(order)] = entry
    return heads, texts, values
