"""Themes of copies: one article of each text takes part in the model, and all are measured with it."""

from dataclasses import replace

import numpy as np
import pytest
from planted import make_corpus, make_theme_corpus

from analysis.config import TermParameters, ThemeParameters
from analysis.copy_weights import CopyWeights
from analysis.measures.theme_copies import first_copies, measure_copies
from analysis.measures.theme_model import count_paragraphs, fit_themes

SETTINGS = ThemeParameters(k=3), TermParameters()


@pytest.fixture(scope="module")
def copied():
    """Return planted themes of twelve articles; x000 is a copy of a000 with a paragraph more, and two words edited."""
    corpus = make_theme_corpus(3, 12)
    texts = {one.article_id: one.text for one in corpus.articles}
    paragraphs = texts["a000"].split("\n\n")
    edited = [paragraphs[0].replace(" ", " edited ", 2), *paragraphs[1:], texts["a001"].split("\n\n")[0]]
    twin = make_corpus({**texts, "x000": "\n\n".join(edited)})
    return replace(twin, copies=CopyWeights({"a000": ("a000", 2), "x000": ("a000", 2)}))


def test_one_article_of_each_text_takes_part(copied):
    assert "x000" not in first_copies(copied).ids and len(first_copies(copied)) == 12
    # where the one that stands for a text is not there, the first is
    without = copied.subset([name for name in copied.ids if name != "a000"])
    assert first_copies(without).ids == without.ids
    plain = replace(copied, copies=CopyWeights())
    assert first_copies(plain) is plain


def test_paragraphs_of_the_same_words_have_the_same_weights(copied):
    model = count_paragraphs(first_copies(copied), *SETTINGS)
    fit = fit_themes(model.counts, 3)
    paragraphs, weights = measure_copies(copied, model, fit, SETTINGS)
    ids = np.array(copied.ids)[paragraphs.article]
    old = np.array(first_copies(copied).ids)[model.article]
    for name in set(old):
        np.testing.assert_array_equal(weights[ids == name], fit.weights[old == name])
    twin = weights[ids == "x000"]
    np.testing.assert_array_equal(twin[1:-1], fit.weights[old == "a000"][1:])
    np.testing.assert_array_equal(twin[-1], fit.weights[old == "a001"][0])
    # the words put in are none of the vocabulary, so that least squares find what the fit found
    np.testing.assert_allclose(twin[0], fit.weights[old == "a000"][0], atol=0.02)
    assert (twin >= 0).all()


def test_without_copies_the_fit_is_what_is_measured():
    corpus = make_theme_corpus(3, 6)
    model = count_paragraphs(corpus, *SETTINGS)
    fit = fit_themes(model.counts, 3)
    paragraphs, weights = measure_copies(corpus, model, fit, SETTINGS)
    assert paragraphs is model and weights is fit.weights
