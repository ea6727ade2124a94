"""Tests that permute texts: those of articles where nothing is copied, else divisions worked by hand."""

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from analysis.resampling import attainable_p, permutation_p
from analysis.text_tests import compare_texts, row_weights

SETTINGS = {"permutations": 200, "random_state": 3}
VALUES = np.random.default_rng(2).gamma(2, size=(24, 3))


def side(names, weights=None):
    return names, np.ones(len(names)) if weights is None else np.array(weights, dtype=float)


def names_of(letter, n):
    return [f"{letter}{number:02}" for number in range(n)]


@pytest.mark.parametrize("n", [4, 12])
def test_without_copies_it_is_the_test_of_articles(n):
    one, two = VALUES[:n], VALUES[n : 2 * n]
    compared = compare_texts(side(names_of("a", n)), side(names_of("b", n)))
    np.testing.assert_array_equal(
        compared.permutation_p(one, two, **SETTINGS), permutation_p(one, two, **SETTINGS)
    )
    assert compared.sizes == (n, n) and compared.smallest_p(200) == max(
        attainable_p(n, n), 2 / 201 if n == 12 else 0
    )


@pytest.mark.parametrize("n", [4, 12])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_matrix])
def test_articles_that_stand_twice_on_their_side_change_nothing(n, kind):
    one, two = VALUES[:n], VALUES[n : 2 * n]
    halves = [0.5] * (2 * n)
    twice = [side(names_of(letter, n) * 2, halves) for letter in "ab"]
    compared = compare_texts(*twice)
    found = compared.permutation_p(*(kind(np.vstack([part, part])) for part in (one, two)), **SETTINGS)
    np.testing.assert_allclose(found, permutation_p(one, two, **SETTINGS), rtol=1e-12)
    assert compared.sizes == (n, n)
    np.testing.assert_allclose(row_weights(compared.first), 1)


def test_a_text_on_both_sides_stays_and_the_others_are_divided():
    # w stands once on each side, v twice on the second and once elsewhere
    first, second = (
        side(["a", "b", "c", "w"], [1, 1, 1, 0.5]),
        side(["w", "d", "e", "v", "v"], [0.5, 1, 1, 1 / 3, 1 / 3]),
    )
    one, two = VALUES[:4, :1], VALUES[4:9, :1]
    compared = compare_texts(first, second)
    assert compared.sizes == (3, 3) and compared.exact
    assert compared.smallest_p(200) == attainable_p(3, 3)
    values = [*one[:3, 0], two[1, 0], two[2, 0], (two[3, 0] + two[4, 0]) / 2]
    weights = [1, 1, 1, 1, 1, 2 / 3]

    def differ(chosen):
        sums = [[0.5 * one[3, 0], 0.5], [0.5 * two[0, 0], 0.5]]
        for place, (value, weight) in enumerate(zip(values, weights, strict=True)):
            own = sums[0 if place in chosen else 1]
            own[0] += weight * value
            own[1] += weight
        return sums[0][0] / sums[0][1] - sums[1][0] / sums[1][1]

    found = [differ(chosen) for chosen in combinations(range(6), 3)]
    observed = differ((0, 1, 2))
    above, below = (sum(f >= observed - 1e-12 for f in found), sum(f <= observed + 1e-12 for f in found))
    expected = min(1, 2 * min(above, below) / 20)
    assert compared.permutation_p(one, two, **SETTINGS)[0] == pytest.approx(expected)


def test_many_prints_of_one_story_are_one_text():
    # eight outlets print one story against four articles: no test of eight against four
    compared = compare_texts(side(["w"] * 8, [1 / 8] * 8), side(names_of("b", 4)))
    assert compared.sizes == (1, 4) and compared.smallest_p(5000) == 0.4


def test_texts_that_both_sides_hold_cannot_be_told_apart():
    compared = compare_texts(side(["v", "w"], [0.5, 0.5]), side(["v", "w", "b"], [0.5, 0.5, 1]))
    assert compared.sizes == (0, 1) and compared.smallest_p(200) == 1
    assert np.isnan(compared.permutation_p(VALUES[:2], VALUES[2:5], **SETTINGS)).all()
    nobody = compare_texts(side([]), side(["b"]))
    assert np.isnan(nobody.smallest_p(200))


def test_sampled_divisions_do_not_depend_on_units():
    names = (
        side([*names_of("a", 11), "w"], [1] * 11 + [0.5]),
        side(["w", *names_of("b", 11)], [0.5] + [1] * 11),
    )
    compared = compare_texts(*names)
    assert not compared.exact
    p = compared.permutation_p(VALUES[:12], VALUES[12:], **SETTINGS)
    np.testing.assert_array_equal(compared.permutation_p(1e6 * VALUES[:12], 1e6 * VALUES[12:], **SETTINGS), p)
    assert ((p > 0) & (p <= 1)).all()
