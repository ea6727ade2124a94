"""Shuffles: the same however they are made, and every order as likely as the others."""

import itertools

import numpy as np
import pytest

from analysis import shuffles
from analysis.shuffles import shuffle_rows


def test_compiled_and_plain_shuffles_are_the_same(monkeypatch):
    values = np.random.default_rng(1).normal(size=57)
    plain = shuffle_rows(values, range(40), 5)
    monkeypatch.setattr(shuffles, "COMPILED_FROM", 0)
    np.testing.assert_array_equal(shuffle_rows(values, range(40), 5), plain)
    np.testing.assert_array_equal(np.sort(plain, axis=1), np.tile(np.sort(values), (40, 1)))


def test_a_block_is_the_same_by_itself():
    values = np.arange(9.0)
    whole = shuffle_rows(values, range(30), 2)
    np.testing.assert_array_equal(
        np.vstack([shuffle_rows(values, range(11), 2), shuffle_rows(values, range(11, 30), 2)]), whole
    )
    assert (shuffle_rows(values, range(30), 3) != whole).any()
    assert (whole[0] != whole[1]).any()


@pytest.mark.parametrize("seed", [0, 1, 20_240_131])
def test_every_order_is_as_likely(seed):
    from scipy.stats import chisquare

    found = shuffle_rows(np.arange(4.0), range(24_000), seed)
    counts = [int((found == order).all(axis=1).sum()) for order in itertools.permutations(range(4))]
    assert sum(counts) == 24_000
    assert chisquare(counts).pvalue > 0.001


def test_places_of_long_shuffles_are_uniform():
    from scipy.stats import chisquare

    found = shuffle_rows(np.arange(300.0), range(3_000), 7)
    # where the first, a middle and the last number went, in ten parts of the row
    for number in (0, 150, 299):
        places = np.argmax(found == number, axis=1) // 30
        assert chisquare(np.bincount(places, minlength=10)).pvalue > 0.001
    # numbers that were neighbours are no longer so
    near = np.abs(np.argmax(found == 10, axis=1) - np.argmax(found == 11, axis=1))
    assert near.mean() == pytest.approx(100, abs=6)


def test_nothing_and_one_number():
    assert shuffle_rows(np.array([]), range(3), 1).shape == (3, 0)
    assert shuffle_rows(np.array([2.0]), range(3), 1).tolist() == [[2.0]] * 3
