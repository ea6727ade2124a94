"""Refits: whole articles left out by the hash of their name, themes matched, agreement by hand."""

from dataclasses import replace

import numpy as np
import pytest
from planted import make_theme_corpus
from scipy import sparse

from analysis.config import TermParameters, ThemeParameters
from analysis.measures.theme_model import ThemeParagraphs, count_paragraphs
from analysis.measures.theme_refits import (
    agreement_each,
    average_jaccard,
    match_themes,
    plan_refits,
    sample_counts,
    theme_agreement,
)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (list("abc"), list("abc"), 1.0),
        (list("abc"), list("xyz"), 0.0),
        # in the manner of Greene et al. 2014: depths 1 to 5 share 0, 0, 1/5, 1/7, 3/7
        (
            ["album", "music", "best", "award", "win"],
            ["sport", "best", "win", "medal", "award"],
            (0 + 0 + 1 / 5 + 1 / 7 + 3 / 7) / 5,
        ),
        (list("ab"), list("ba"), 0.5),
        (list("ab"), list("a"), (1 + 1 / 2) / 2),
        ([], [], 0.0),
        (["a"], [], 0.0),
    ],
)
def test_average_jaccard_by_hand(first, second, expected):
    assert average_jaccard(first, second) == pytest.approx(expected)
    assert average_jaccard(second, first) == pytest.approx(expected)


def test_themes_are_matched_so_that_they_agree_most_in_all():
    # the first theme agrees best with "ab", but the second has no other match at all
    tops = [list("abc"), list("ab")]
    others = [list("ab"), list("abx")]
    agreement = [average_jaccard(a, b) for a, b in ((tops[0], others[1]), (tops[1], others[0]))]
    np.testing.assert_allclose(match_themes(tops, others), agreement)
    np.testing.assert_allclose(match_themes([["a"], ["b"]], [["b"], ["a"]]), 1)
    np.testing.assert_allclose(match_themes([["a"], []], [["a"], []]), [1, 0])


def paragraphs_of(sizes):
    """Make paragraphs without text: only whose they are."""
    article = np.repeat(np.arange(len(sizes)), sizes)
    return ThemeParagraphs(article, article, article, sparse.csr_matrix((len(article), 1)), ("a",), 0)


def names_of(count):
    return [f"a{number:04}" for number in range(count)]


def kept_articles(paragraphs, refits):
    article = paragraphs.article[refits.used]
    return [sorted(set(article[rows].tolist())) for rows in refits.resamples]


@pytest.mark.parametrize(
    ("articles", "resamples", "left_out", "kept"),
    [(1, 0, 0, 1), (2, 2, 2, 1 / 2), (7, 7, 7, 6 / 7), (8, 9, 8, 6 / 8), (20, 9, 20, 0.8), (50, 9, 20, 0.8)],
)
def test_refits_leave_out_whole_articles(articles, resamples, left_out, kept):
    paragraphs = paragraphs_of([3] * articles)
    refits = plan_refits(paragraphs, names_of(articles), ThemeParameters(resamples=9), 1)
    assert (len(refits.resamples), len(refits.left_out)) == (resamples, left_out)
    assert refits.kept == pytest.approx(kept)
    for part in (refits.resamples, refits.left_out):
        for rows in part:
            assert (np.bincount(paragraphs.article[rows], minlength=articles) % 3 == 0).all()
    assert all(len(found) == round(kept * articles) for found in kept_articles(paragraphs, refits))
    out = [set(range(3 * articles)) - set(rows.tolist()) for rows in refits.left_out]
    # every article is left out once
    assert sum(map(len, out)) == len(set().union(*out)) == (3 * articles if articles > 1 else 0)


def test_resamples_follow_the_articles_name_and_the_random_state():
    paragraphs, names = paragraphs_of([2] * 12), names_of(12)
    one = kept_articles(paragraphs, plan_refits(paragraphs, names, ThemeParameters(), 1))
    assert one == kept_articles(paragraphs, plan_refits(paragraphs, names, ThemeParameters(), 1))
    assert one != kept_articles(paragraphs, plan_refits(paragraphs, names, ThemeParameters(), 2))
    assert len({tuple(found) for found in one}) > 15
    # a thirteenth article leaves the order of the others as it was
    more = paragraphs_of([2] * 13)
    for small, large in zip(
        one, kept_articles(more, plan_refits(more, names_of(13), ThemeParameters(), 1)), strict=True
    ):
        assert len(set(small) & set(large)) >= 9


def test_a_large_corpus_is_cut_to_whole_articles():
    paragraphs = paragraphs_of([7] * 200)
    refits = plan_refits(paragraphs, names_of(200), ThemeParameters(curve_paragraphs=100), 1)
    assert refits.n_articles == 14 and len(refits.used) == 98
    assert set(np.bincount(paragraphs.article[refits.used])) == {0, 7}
    # two articles are the least, however long they are
    long = paragraphs_of([80, 90, 70])
    assert plan_refits(long, names_of(3), ThemeParameters(curve_paragraphs=50), 1).n_articles == 2


def test_a_refit_with_too_few_paragraphs_is_not_counted():
    found = count_paragraphs(make_theme_corpus(3, 4), ThemeParameters(), TermParameters())
    tops = [["a"], ["b"], ["c"]]
    scores = theme_agreement(found.counts, tops, [np.arange(2), np.arange(20)], found.terms)
    assert np.isnan(scores[0]).all() and not np.isnan(scores[1]).any()


def test_a_sample_holds_the_terms_that_it_has_often_enough():
    article = np.array([0, 0, 1, 1])
    counts = sparse.csr_matrix(np.array([[1, 0, 2], [1, 1, 0], [0, 1, 1], [3, 0, 0]]))
    paragraphs = ThemeParagraphs(article, article, article, counts, ("a", "b", "c"), 0)
    whole = plan_refits(paragraphs, ["x", "y"], ThemeParameters(), 1)
    assert sample_counts(paragraphs, whole, 2)[1] == ("a", "b", "c")
    one = replace(whole, used=np.array([0, 1]))
    found, terms = sample_counts(paragraphs, one, 2)
    assert terms == ("a",) and found.toarray().tolist() == [[1], [1]]
    # a term in every paragraph is kept where no term is frequent enough
    assert sample_counts(paragraphs, one, 9)[1] == ("a",)


def test_several_models_are_compared_as_each_on_its_own():
    found = count_paragraphs(make_theme_corpus(3, 4), ThemeParameters(), TermParameters())
    models = [[["a"], ["b"]], [["a"], ["b"], list(found.terms[:3])]]
    kept = [np.arange(2), np.arange(20)]
    together = agreement_each(found.counts, models, kept, found.terms)
    for tops, scores in zip(models, together, strict=True):
        np.testing.assert_array_equal(scores, theme_agreement(found.counts, tops, kept, found.terms))
    assert not np.isnan(together[0]).any() and np.isnan(together[1][0]).all()
