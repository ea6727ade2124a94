"""The theme model: TF-IDF and the start by published and exact values, and its limits."""

import numpy as np
import pytest
from planted import make_corpus
from scipy import sparse

from analysis.config import TermParameters, ThemeParameters
from analysis.errors import ParameterError
from analysis.measures import theme_model
from analysis.measures.theme_model import (
    by_weight,
    count_paragraphs,
    fit_themes,
    most_themes,
    singular_vectors,
    start_themes,
)

GUIDE = sparse.csr_matrix(np.array([[3, 0, 1], [2, 0, 0], [3, 0, 0], [4, 0, 0], [3, 2, 0], [3, 0, 2]]))


def random_counts(seed=3, rows=40, columns=25):
    generator = np.random.Generator(np.random.Philox(seed))
    return sparse.csr_matrix(generator.poisson(0.6, (rows, columns)) + (np.arange(columns) == 0))


def test_tfidf_settings_give_the_values_of_the_scikit_learn_guide(monkeypatch):
    given = []
    start = theme_model.singular_vectors
    monkeypatch.setattr(
        theme_model, "singular_vectors", lambda matrix, k: given.append(matrix.toarray()) or start(matrix, k)
    )
    fit_themes(GUIDE, 2)
    np.testing.assert_allclose(given[0][0], [0.85151335, 0, 0.52433293], atol=5e-9)
    np.testing.assert_allclose(given[0][4], [0.55422893, 0.83236428, 0], atol=5e-9)


@pytest.mark.parametrize("dense", [1, 10_000], ids=["iterative", "whole"])
def test_the_start_is_that_of_scikit_learn_with_an_exact_decomposition(monkeypatch, dense):
    from sklearn.decomposition._nmf import _initialize_nmf

    monkeypatch.setattr(theme_model, "_DENSE", dense)
    matrix = random_counts().astype(float)
    w, h = start_themes(singular_vectors(matrix, 5), 5)
    # its randomised decomposition is exact where the projection spans everything
    expected = _initialize_nmf(matrix.toarray(), 25, init="nndsvd", random_state=0)
    np.testing.assert_allclose(w, expected[0][:, :5], atol=2e-6)
    np.testing.assert_allclose(h, expected[1][:5], atol=2e-6)
    assert (w >= 0).all() and (h >= 0).all()


def test_the_decomposition_does_not_depend_on_how_it_is_computed(monkeypatch):
    matrix = random_counts(rows=60)
    whole = fit_themes(matrix, 4)
    monkeypatch.setattr(theme_model, "_DENSE", 1)
    other = fit_themes(matrix, 4)
    np.testing.assert_allclose(other.components, whole.components, atol=2e-6)


def test_the_error_is_the_norm_of_what_is_left():
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = random_counts()
    fit = fit_themes(counts, 3)
    tfidf = TfidfTransformer(norm="l2", smooth_idf=True).fit_transform(counts).toarray()
    w = fit.weights / fit.components.sum(axis=1)
    left = np.linalg.norm(tfidf - w @ fit.components) / np.linalg.norm(tfidf)
    assert fit.error == pytest.approx(left, abs=1e-5)
    errors = [fit_themes(counts, k).error for k in (2, 6, 12, 25)]
    assert errors == sorted(errors, reverse=True) and errors[0] > 0.3 and errors[-1] < 0.2


def test_a_perfect_fit_has_no_error():
    fit = fit_themes(sparse.csr_matrix(np.ones((4, 7))), 2)
    assert fit.error == 0.0
    assert np.isfinite(fit.weights).all() and np.isfinite(fit.components).all()


def test_themes_are_put_by_weight():
    fit = by_weight(fit_themes(random_counts(), 5))
    sums = fit.weights.sum(axis=0)
    assert (np.diff(sums) <= 1e-6).all()


def paragraphs_of(texts, **options):
    return count_paragraphs(make_corpus(texts), ThemeParameters(**options), TermParameters())


def test_paragraphs_stand_by_article_whatever_the_order_of_the_corpus():
    from dataclasses import replace

    texts = {f"a{n}": f"The vessel and anchor number {w} of harbours.\n\nShort." for n, w in enumerate("pqr")}
    corpus = make_corpus(texts)
    found = count_paragraphs(corpus, ThemeParameters(min_tokens=5, max_share=1.0), TermParameters())
    turned = replace(corpus, articles=corpus.articles[::-1])
    other = count_paragraphs(turned, ThemeParameters(min_tokens=5, max_share=1.0), TermParameters())
    assert found.skipped == other.skipped == 3
    assert (
        [corpus.ids[a] for a in found.article] == [turned.ids[a] for a in other.article] == ["a0", "a1", "a2"]
    )
    assert (found.counts != other.counts).nnz == 0 and found.terms == other.terms


def test_more_themes_than_can_be_found():
    found = paragraphs_of(
        {"a": "one harbour vessel anchor", "b": "two harbour vessel anchor"}, min_tokens=2, max_share=1.0
    )
    assert most_themes(found, "auto") == most_themes(found, 2) == 2
    with pytest.raises(ParameterError) as caught:
        most_themes(found, 3)
    assert str(caught.value) == (
        "study.toml [themes] k: 3 themes cannot be found in 2 paragraphs with 3 terms; allowed: at most 2; "
        "lower k, min_tokens or min_paragraphs, or add articles"
    )
    with pytest.raises(ParameterError) as caught:
        most_themes(paragraphs_of({"a": "War.", "b": "Peace."}, min_tokens=1), "auto")
    assert str(caught.value) == (
        "study.toml [themes] k: themes cannot be found in 0 paragraphs with 0 terms; needed: at least 2 of each; "
        "lower min_tokens or min_paragraphs, raise max_share, or add articles"
    )
