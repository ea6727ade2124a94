"""The compiled loops of non-negative matrix factorisation: coordinate descent on a sparse matrix; they load numba."""

from __future__ import annotations

import numpy as np

from analysis.kernels.compiled import compiled

_BLOCK = 64  # rows whose weights stay in the nearest cache

# earlier, the points in front of the weights can lead into another hollow than the start is in
_SETTLED = 20
# how far in front the points lie at first, in steps; how that shrinks after a round too far, and grows otherwise;
# how the bound of what was too far is lifted again
_REACH, _BACK, _ON, _FREER = 0.5, 3.0, 1.05, 1.02


@compiled
def _gram(factor, span, gram):
    """Multiply the columns of one factorisation with each other, four with four."""
    rows = len(factor)
    for one in range(span[0], span[1], 4):
        for other in range(span[0], one + 1, 4):
            s00, s01, s02, s03, s10, s11, s12, s13 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            s20, s21, s22, s23, s30, s31, s32, s33 = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            for row in range(rows):
                a0, a1 = factor[row, one], factor[row, one + 1]
                a2, a3 = factor[row, one + 2], factor[row, one + 3]
                b0, b1 = factor[row, other], factor[row, other + 1]
                b2, b3 = factor[row, other + 2], factor[row, other + 3]
                s00, s01, s02, s03 = s00 + a0 * b0, s01 + a0 * b1, s02 + a0 * b2, s03 + a0 * b3
                s10, s11, s12, s13 = s10 + a1 * b0, s11 + a1 * b1, s12 + a1 * b2, s13 + a1 * b3
                s20, s21, s22, s23 = s20 + a2 * b0, s21 + a2 * b1, s22 + a2 * b2, s23 + a2 * b3
                s30, s31, s32, s33 = s30 + a3 * b0, s31 + a3 * b1, s32 + a3 * b2, s33 + a3 * b3
            at = other - span[0]
            gram[one, at], gram[one, at + 1], gram[one, at + 2], gram[one, at + 3] = s00, s01, s02, s03
            gram[one + 1, at], gram[one + 1, at + 1] = s10, s11
            gram[one + 1, at + 2], gram[one + 1, at + 3] = s12, s13
            gram[one + 2, at], gram[one + 2, at + 1] = s20, s21
            gram[one + 2, at + 2], gram[one + 2, at + 3] = s22, s23
            gram[one + 3, at], gram[one + 3, at + 1] = s30, s31
            gram[one + 3, at + 2], gram[one + 3, at + 3] = s32, s33
    for one in range(span[1] - span[0]):
        for other in range(one):
            gram[span[0] + other, one] = gram[span[0] + one, other]


@compiled
def _multiply(matrix, span, other, slope):
    """Write the products of some rows of the matrix with a factor, negative, column by column."""
    heads, places, values = matrix
    width = other.shape[1]
    sums = np.zeros(width)
    for row in range(span[0], span[1]):
        sums[:] = 0.0
        entry, stop = heads[row], heads[row + 1]
        while entry + 4 <= stop:
            v0, v1, v2, v3 = values[entry], values[entry + 1], values[entry + 2], values[entry + 3]
            p0, p1, p2, p3 = places[entry], places[entry + 1], places[entry + 2], places[entry + 3]
            for column in range(width):
                first = v0 * other[p0, column] + v1 * other[p1, column]
                second = v2 * other[p2, column] + v3 * other[p3, column]
                sums[column] += first + second
            entry += 4
        while entry < stop:
            value, place = values[entry], places[entry]
            for column in range(width):
                sums[column] += value * other[place, column]
            entry += 1
        for column in range(width):
            slope[column, row - span[0]] = -sums[column]


@compiled
def _move(weight, slope, gram, span, far):
    """Move the weights of a block of rows once, theme by theme.

    Rows do not touch each other, so that they are moved side by side: each number is the result of the same
    operations in the same order, however wide the processor's registers are.
    """
    first, themes = span
    step = np.empty(_BLOCK)
    for theme in range(first, first + themes):
        for place in range(_BLOCK):
            step[place] = slope[theme, place]
        for second in range(0, themes, 4):
            at = first + second
            g0, g1 = gram[theme, second], gram[theme, second + 1]
            g2, g3 = gram[theme, second + 2], gram[theme, second + 3]
            for place in range(_BLOCK):
                near = step[place] + g0 * weight[at, place] + g1 * weight[at + 1, place]
                step[place] = near + g2 * weight[at + 2, place] + g3 * weight[at + 3, place]
        steep = gram[theme, theme - first]
        inverse = 1.0 / steep if steep != 0.0 else 0.0
        for place in range(_BLOCK):
            old, gradient = weight[theme, place], step[place]
            free = (old > 0.0) | (gradient < 0.0)
            far[place] += abs(gradient) if free else 0.0
            new = old - gradient * inverse
            weight[theme, place] = new if new > 0.0 else 0.0


@compiled
def _update(matrix, factor, other, layout, reach):
    """Move every weight of the factors once, from the points in front of them.

    A factor is two arrays: the weights, and the points from which they move next, which lie in front of them by
    `reach` times their last step. Returned are how far the weights of each factorisation were from their optimum,
    twice their product with the slope of the matrix, and the products of the other factor's columns.
    """
    weights, points = factor
    begins, sizes = layout
    rows, width = weights.shape
    gram, reaches = np.zeros((width, np.diff(begins).max())), np.zeros(width)
    for n in range(len(sizes)):
        _gram(other, (begins[n], begins[n + 1]), gram)
        reaches[begins[n] : begins[n + 1]] = reach[n]
    slope, weight = np.zeros((width, _BLOCK)), np.zeros((width, _BLOCK))
    far, found, slant = np.zeros(_BLOCK), np.zeros(len(sizes)), np.zeros(len(sizes))
    for first in range(0, rows, _BLOCK):
        size = min(_BLOCK, rows - first)
        _multiply(matrix, (first, first + size), other, slope)
        # what is left over of the last block stays 0
        weight[:, size:] = 0.0
        slope[:, size:] = 0.0
        for place in range(size):
            for column in range(width):
                weight[column, place] = points[first + place, column]
        for n in range(len(sizes)):
            far[:] = 0.0
            _move(weight, slope, gram, (begins[n], sizes[n]), far)
            found[n] += far.sum()
            far[:] = 0.0
            for column in range(begins[n], begins[n] + sizes[n]):
                for place in range(_BLOCK):
                    far[place] += weight[column, place] * slope[column, place]
            slant[n] += 2.0 * far.sum()
        for place in range(size):
            for column in range(width):
                new, old = weight[column, place], weights[first + place, column]
                ahead = new + reaches[column] * (new - old)
                weights[first + place, column] = new
                points[first + place, column] = ahead if ahead > 0.0 else 0.0
    return found, slant, gram


@compiled
def _product(one, other, span):
    """Add up the products of the cells of two factorisations' grams."""
    total = 0.0
    for row in range(span[0], span[1]):
        for column in range(span[1] - span[0]):
            total += one[row, column] * other[row, column]
    return total


@compiled
def _lay_out(sizes):
    """Place factorisations beside each other, each padded to a multiple of four columns."""
    begins = np.zeros(len(sizes) + 1, np.int64)
    for n in range(len(sizes)):
        begins[n + 1] = begins[n] + (sizes[n] + 3) // 4 * 4
    return begins


@compiled
def _gather(factor, begins, chosen, sizes):
    """Copy the columns of some factorisations into a layout of their own."""
    after = _lay_out(sizes)
    found = np.zeros((len(factor), after[-1]))
    for n in range(len(chosen)):
        begin = begins[chosen[n]]
        found[:, after[n] : after[n] + sizes[n]] = factor[:, begin : begin + sizes[n]]
    return found


@compiled
def factorise(by_row, by_column, start, sizes, limits):
    """Factorise a sparse matrix into two of no negative numbers, for several numbers of themes at once.

    Coordinate descent on the Frobenius norm, as scikit-learn's for the first rounds; then each round begins from
    points a little in front of the weights, in the direction of their last step, and falls back where that did not
    bring the product nearer to the matrix. Rounds are halved, and the end is that of many more rounds without it.
    The factorisations have nothing to do with each other but that one pass over the matrix serves all.

    Parameters
    ----------
    by_row, by_column : tuple of numpy.ndarray
        The matrix in compressed rows, and in compressed columns: heads, places and values (float64).
    start : tuple of numpy.ndarray
        Where to start, not negative: W of shape (rows, sum of all k) and H' of shape (columns, sum of all k).
    sizes : numpy.ndarray
        int64: the k of each factorisation.
    limits : (int, float)
        At most so many rounds over all weights; done when the projected gradients of a round add up to no more
        than this share of the first round's.

    Returns
    -------
    w, h : numpy.ndarray
        Shaped as `start`.
    rounds : numpy.ndarray
        Made for each k.

    References
    ----------
    Ang & Gillis (2019), Accelerating nonnegative matrix factorization algorithms using extrapolation.
    """
    out_w, out_h = np.zeros(start[0].shape), np.zeros(start[1].shape)
    heads = np.zeros(len(sizes) + 1, np.int64)
    heads[1:] = np.cumsum(sizes)
    active = np.arange(len(sizes))
    w, h = _gather(start[0], heads, active, sizes), _gather(start[1], heads, active, sizes)
    from_w, from_h = w.copy(), h.copy()
    rounds, first = np.zeros(len(sizes), np.int64), np.zeros(len(sizes))
    reach, most, before = np.zeros(len(sizes)), np.ones(len(sizes)), np.full(len(sizes), np.inf)
    for number in range(1, limits[0] + 1):
        own, now = sizes[active], reach[active]
        begins = _lay_out(own)
        far_w, _, _ = _update(by_row, (w, from_w), from_h, (begins, own), now)
        far_h, slant, gram = _update(by_column, (h, from_h), from_w, (begins, own), now)
        far, grams = far_w + far_h, np.zeros(gram.shape)
        left = np.zeros(len(active), np.bool_)
        for n in range(len(active)):
            one, begin = active[n], begins[n]
            if number == 1:
                first[one] = far[n]
            left[n] = number < limits[0] and first[one] > 0.0 and far[n] > limits[1] * first[one]
            if not left[n]:
                out_w[:, heads[one] : heads[one + 1]] = w[:, begin : begin + sizes[one]]
                out_h[:, heads[one] : heads[one + 1]] = h[:, begin : begin + sizes[one]]
                rounds[one] = number
            elif number >= _SETTLED:
                _gram(h, (begin, begins[n + 1]), grams)
                error = slant[n] + _product(gram, grams, (begin, begins[n + 1]))
                if number == _SETTLED:
                    reach[one] = _REACH
                elif error > before[one]:
                    from_w[:, begin : begins[n + 1]] = w[:, begin : begins[n + 1]]
                    from_h[:, begin : begins[n + 1]] = h[:, begin : begins[n + 1]]
                    most[one], reach[one] = reach[one], reach[one] / _BACK
                else:
                    reach[one] = min(most[one], reach[one] * _ON)
                    most[one] = min(1.0, most[one] * _FREER)
                before[one] = error
        if not left.all():
            chosen = np.flatnonzero(left)
            active = active[chosen]
            if len(active) == 0:
                break
            kept = sizes[active]
            w, from_w = _gather(w, begins, chosen, kept), _gather(from_w, begins, chosen, kept)
            h, from_h = _gather(h, begins, chosen, kept), _gather(from_h, begins, chosen, kept)
    return out_w, out_h, rounds
