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


def fit_with_scikit_learn(tfidf, start, rounds, tolerance):
    import warnings

    from sklearn.decomposition import NMF

    model = NMF(start[0].shape[1], init="custom", solver="cd", max_iter=rounds, tol=tolerance)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weights = model.fit_transform(tfidf, W=start[0], H=start[1])
    return weights, model.components_


RANDOM = pytest.mark.parametrize(("seed", "rows", "columns"), [(1, 40, 25), (2, 130, 300), (3, 300, 70)])


@RANDOM
def test_the_first_rounds_are_those_of_scikit_learn(monkeypatch, seed, rows, columns):
    from sklearn.feature_extraction.text import TfidfTransformer

    monkeypatch.setattr(theme_model, "_SWEEPS", 20)
    counts = random_counts(seed, rows, columns)
    numbers = [2, 3, 5, 8, 13]
    tfidf = TfidfTransformer().fit_transform(counts)
    for k, fit in zip(numbers, theme_model.fit_each(counts, numbers), strict=True):
        start = start_themes(singular_vectors(tfidf, k), k)
        weights, components = fit_with_scikit_learn(tfidf, start, 20, 1e-4)
        np.testing.assert_allclose(fit.components, components, atol=2e-6)
        np.testing.assert_allclose(fit.weights, weights * components.sum(axis=1), atol=2e-6)
        left = np.linalg.norm(tfidf - weights @ components) / np.linalg.norm(tfidf.toarray())
        assert fit.error == pytest.approx(left, abs=2e-6)


@RANDOM
def test_factorisations_end_at_an_optimum(seed, rows, columns):
    from sklearn.feature_extraction.text import TfidfTransformer

    counts = random_counts(seed, rows, columns)
    numbers = [2, 3, 5, 8, 13]
    matrix = TfidfTransformer().fit_transform(counts).toarray()
    for k, fit in zip(numbers, theme_model.fit_each(counts, numbers), strict=True):
        h = fit.components
        w = fit.weights / np.where(h.sum(axis=1) > 0, h.sum(axis=1), 1)
        assert min(w.min(), h.min()) >= 0
        start = start_themes(singular_vectors(sparse.csr_matrix(matrix), k), k)
        far, first = (
            sum(
                np.abs(np.where((factor > 0) | (slope < 0), slope, 0)).sum()
                for factor, slope in ((a, a @ (b @ b.T) - matrix @ b.T), (b, a.T @ a @ b - a.T @ matrix))
            )
            for a, b in ((w, h), start)
        )
        # where nothing belongs together, 200 rounds are not quite enough
        assert far < 1e-2 * first
        alone = fit_themes(counts, k)
        np.testing.assert_allclose(alone.components, fit.components, atol=2e-6)


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_where_there_are_themes_the_end_is_that_of_many_more_rounds(seed):
    from sklearn.feature_extraction.text import TfidfTransformer

    generator = np.random.default_rng(seed)
    k, own = 4, 30
    shares = np.full((k, k * own), 0.2)
    for theme in range(k):
        shares[theme, theme * own : (theme + 1) * own] = generator.gamma(1.0, 1.0, own) + 0.5
    mixed = generator.dirichlet(np.full(k, 0.3), 200)
    rates = mixed @ (shares / shares.sum(axis=1, keepdims=True)) * 60
    counts = sparse.csr_matrix(generator.poisson(rates))
    tfidf = TfidfTransformer().fit_transform(counts)
    start = start_themes(singular_vectors(tfidf, k), k)
    _, components = fit_with_scikit_learn(tfidf, start, 20_000, 1e-10)
    found = fit_themes(counts, k).components

    def scaled(rows):
        return rows / rows.sum(axis=1, keepdims=True)

    np.testing.assert_allclose(scaled(found), scaled(components), atol=2e-4)


def test_terms_that_no_paragraph_holds_change_nothing():
    counts = random_counts()
    wide = sparse.hstack([sparse.csr_matrix((40, 7)), counts, sparse.csr_matrix((40, 5))], format="csr")
    fit, other = fit_themes(counts, 4), fit_themes(wide, 4)
    np.testing.assert_array_equal(fit.components, other.components[:, 7:-5])
    np.testing.assert_array_equal(fit.weights, other.weights)
    assert other.components.shape == (4, 37) and not other.components[:, :7].any()


def test_more_themes_than_terms_or_none_at_all():
    few = sparse.csr_matrix(np.array([[2, 0, 1, 0], [1, 0, 0, 0], [0, 0, 3, 0]]))
    fit = fit_themes(few, 3)
    assert fit.components.shape == (3, 4) and np.isfinite(fit.weights).all()
    assert fit.components[2].sum() == 0 and fit.error < 1e-3
    nothing = fit_themes(sparse.csr_matrix((3, 4), dtype=np.int64), 2)
    assert not nothing.components.any() and np.isnan(nothing.error)


def test_paragraphs_are_counted_alike_by_either_engine(monkeypatch):
    texts = {
        f"{n:02}": "The U.S. sent café boats; don't US-led fleets’ İstanbul sail?\n\nShort one.\n\n"
        f"Le 3-4 naïve émigrés of Beijing’s U.N. saw 𝒜nchors {n} again and again in harbours."
        for n in (3, 1, 2)
    }
    options = {"min_tokens": 4, "max_share": 1.0}
    reference = paragraphs_of(texts, **options)
    monkeypatch.setattr(theme_model, "COMPILED_FROM", 0)
    compiled = paragraphs_of(texts, **options)
    assert reference.terms == compiled.terms and "US" in reference.terms and len(reference.terms) > 10
    assert (reference.counts != compiled.counts).nnz == 0
    for name in ("article", "start", "end", "skipped"):
        np.testing.assert_array_equal(getattr(reference, name), getattr(compiled, name))
