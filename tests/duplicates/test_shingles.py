"""Hashed words, MinHash against exact Jaccard indices, and which words two texts share, worked by hand."""

import hashlib

import numpy as np
import pytest

from analysis.duplicates import shingles
from analysis.duplicates.shingles import (
    WordHasher,
    find_candidates,
    find_same,
    find_shared,
    hash_pairs,
    hash_triples,
    sign_sets,
)


@pytest.fixture
def hasher():
    """Return a hasher."""
    return WordHasher()


def test_words_are_folded_and_closed_classes_have_no_hash(hasher):
    assert hasher.hash_words("Talks TALKS talks").tolist() == hasher.hash_words("ｔａｌｋｓ " * 3).tolist()
    assert len(hasher.hash_words("It was said to be of the and")) == 0
    assert len(set(hasher.hash_words("straße STRASSE").tolist())) == 1
    # blake2b of eight bytes, read big-endian: the same on every machine
    digest = hashlib.blake2b(b"geneva", digest_size=8).hexdigest()
    assert hasher.hash_words("Geneva").tolist() == [int(digest, 16)]


def test_places_of_words_are_those_of_their_hashes(hasher):
    text = "The talks (in Geneva) weren't long; U.S. envoys left."
    found = [text[start:end] for start, end in hasher.find_words(text)]
    assert found == ["talks", "Geneva", "weren", "long", "U", "envoys", "left"]
    assert len(hasher.hash_words(text)) == len(found)


def test_pairs_are_next_and_next_but_one(hasher):
    words = hasher.hash_words("alpha beta gamma delta")
    assert len(hash_pairs(words)) == 5
    # order matters, repetition does not
    assert not np.intersect1d(hash_pairs(words), hash_pairs(words[::-1])).size
    assert len(hash_pairs(np.tile(words[:1], 50))) == 1
    assert hash_pairs(words[:1]).tolist() == words[:1].tolist()


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.9])
def test_signatures_estimate_the_jaccard_index(share):
    generator = np.random.default_rng(1)
    estimates = []
    for _ in range(20):
        one = generator.integers(1, 2**63, 400, dtype=np.uint64)
        fresh = generator.integers(1, 2**63, 400, dtype=np.uint64)
        two = np.concatenate([one[: round(400 * share)], fresh[round(400 * share) :]])
        signatures = sign_sets([one, two])
        estimates.append((signatures[0] == signatures[1]).mean())
    exact = share / (2 - share)
    # twenty estimates of 512 values each
    assert np.mean(estimates) == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 512 / 20) ** 0.5)


def test_candidates_are_pairs_above_the_least_index():
    generator = np.random.default_rng(2)
    sets = [generator.integers(1, 2**63, 200, dtype=np.uint64) for _ in range(20)]
    sets[7] = np.concatenate([sets[3][:100], sets[7][:100]])
    sets.insert(5, np.empty(0, dtype=np.uint64))
    pairs, jaccard = find_candidates(sets)
    assert pairs.tolist() == [[3, 8]]
    assert jaccard == pytest.approx([1 / 3], abs=0.08)
    assert find_candidates([])[0].shape == find_candidates(sets[:1])[0].shape == (0, 2)


def test_many_equal_sets_are_paired_with_the_first_ones():
    same = [np.arange(1, 50, dtype=np.uint64)] * 200
    pairs, jaccard = find_candidates(same)
    hubs = shingles.HUBS
    assert len(pairs) == hubs * (hubs - 1) // 2 + hubs * (200 - hubs)
    assert set(pairs[:, 0]) == set(range(hubs)) and set(jaccard) == {1.0}
    assert {tuple(pair) for pair in pairs.tolist()} >= {(0, other) for other in range(1, 200)}


def shared(hasher, one, two):
    triples = hash_triples(hasher.hash_words(two))
    return find_shared(hash_triples(hasher.hash_words(one)), np.unique(triples)).tolist()


def test_a_word_is_shared_in_company(hasher):
    assert shared(hasher, "alpha beta gamma", "alpha beta gamma") == [True] * 3
    # a word replaced in the middle leaves the others with two more within reach
    assert shared(hasher, "alpha beta gamma delta", "alpha omega gamma delta") == [True, False, True, True]
    # a word put in moves the others apart, within the reach of a triple; four do not
    assert shared(hasher, "alpha beta gamma", "alpha beta omega gamma") == [True] * 3
    assert shared(hasher, "alpha beta gamma", "alpha kilo lima echo beta golf hotel gamma") == [False] * 3
    assert shared(hasher, "alpha beta", "alpha beta") == [False] * 2
    assert shared(hasher, "", "alpha beta gamma") == []


def test_a_stretch_is_the_same_from_the_density_on():
    assert find_same(np.zeros(30, dtype=bool)).tolist() == [False] * 30
    pattern = np.tile([True, False, True, False, False], 6)
    assert find_same(pattern)[7:-7].all()
    # three shared words among thirty are no stretch
    lone = np.zeros(30, dtype=bool)
    lone[[10, 11, 12]] = True
    assert not find_same(lone).any()
    assert find_same(np.empty(0, dtype=bool)).tolist() == []
