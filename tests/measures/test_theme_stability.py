"""The stability curve: planted numbers of themes recovered, the rule by hand, and no more than articles bear."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from planted import make_corpus, make_theme_corpus

from analysis.config import StatisticsParameters, TermParameters, ThemeParameters
from analysis.errors import ParameterError
from analysis.measures.theme_model import count_paragraphs
from analysis.measures.theme_stability import (
    _chance,
    _deal_terms,
    choose_k,
    measure_theme_stability,
    no_stability,
)
from analysis.schema.results import RESULT_TABLES

STATISTICS = StatisticsParameters(random_state=1)


def curve_of(corpus, *, statistics=STATISTICS, terms=None, **options):
    options = {"resamples": 5, **options}
    return measure_theme_stability(
        corpus, themes=ThemeParameters(**options), terms=terms or TermParameters(), statistics=statistics
    )


def chosen(result):
    return result.table.loc[result.table["chosen"], "k"].item()


@pytest.mark.parametrize(("themes", "articles", "most"), [(3, 10, 5), (5, 12, 6), (8, 16, 9)])
def test_the_planted_number_of_themes_is_found(themes, articles, most):
    result = curve_of(make_theme_corpus(themes, articles), k_max=most)
    table = result.table.set_index("k")
    assert chosen(result) == themes
    assert list(table.index) == list(range(2, most + 1))
    assert table.loc[themes, "adjusted"] > max(0.75, table["adjusted"].max() - 0.05)
    assert table.loc[themes + 1, "adjusted"] < table.loc[themes, "adjusted"] - 0.1
    assert table.loc[themes, "left_out"] > 0.9
    assert (table["flag"] == "").all()
    assert table["error"].is_monotonic_decreasing
    assert table["by_rule"].equals(table["chosen"])


def test_five_articles_leave_each_out_in_turn():
    result = curve_of(make_theme_corpus(3, 5, paragraphs=9))
    table = result.table
    assert chosen(result) == 3
    # one theme for every eight of 45 paragraphs
    assert table["k"].tolist() == [2, 3, 4, 5]
    pd.testing.assert_series_equal(table["stability"], table["left_out"], check_names=False)
    assert (table[["n_resamples", "n_left_out", "n_articles"]] == 5).all(axis=None)


def test_paragraphs_of_shuffled_words_are_no_more_stable_than_chance():
    corpus = make_theme_corpus(3, 10)
    words = " ".join(article.text for article in corpus.articles).split()
    mixed = np.random.Generator(np.random.Philox(5)).permutation(words)
    texts = {
        f"a{n}": "\n\n".join(" ".join(part) for part in np.array_split(rows, 6))
        for n, rows in enumerate(np.array_split(mixed, 10))
    }
    result = curve_of(make_corpus(texts), k_max=5)
    assert result.table["adjusted"].abs().max() < 0.35
    assert (
        result.table.loc[result.table["chosen"], "flag"]
        .item()
        .endswith("not clearly more stable than chance")
    )


def test_a_number_that_study_toml_fixes_is_taken_and_the_curve_still_shown():
    corpus = make_theme_corpus(3, 12)
    result = curve_of(corpus, k=7, k_max=4)
    assert result.table["k"].tolist() == [2, 3, 4, 7]
    assert chosen(result) == 7
    assert result.table.loc[result.table["by_rule"], "k"].item() == 3
    same = curve_of(corpus, k_max=4).table
    # the chance line alone is laid through one point more
    pd.testing.assert_series_equal(same["stability"], result.table["stability"].iloc[:3])


def test_neither_order_of_articles_nor_a_second_run_changes_a_byte():
    corpus = make_theme_corpus(3, 9)
    first, again = curve_of(corpus, k_max=4).table, curve_of(corpus, k_max=4).table
    turned = curve_of(replace(corpus, articles=corpus.articles[::-1]), k_max=4).table
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    pd.testing.assert_frame_equal(first, turned, check_exact=True)


CURVE = pd.DataFrame(
    {"k": [2, 3, 4, 5], "adjusted": [0.5, 0.8, 0.72, 0.3], "adjusted_se": [0.1, 0.1, 0.01, 0.9]}
)


@pytest.mark.parametrize(
    ("changes", "k"),
    [
        ({}, 4),
        ({"adjusted_se": [0.1, 0.05, 0.01, 0.9]}, 3),
        ({"adjusted_se": [0.1, np.nan, 0.01, 0.9]}, 3),
        ({"adjusted": [0.5, np.nan, 0.72, 0.3]}, 4),
        ({"adjusted": [0.8, 0.8, 0.8, 0.8]}, 5),
        ({"adjusted": [np.nan] * 4}, 2),
        ({"adjusted": [-0.3, -0.2, -0.6, -0.9]}, 3),
    ],
)
def test_the_rule_by_hand(changes, k):
    assert choose_k(CURVE.assign(**changes)) == k


def test_what_is_left_out_of_the_curve_is_said():
    result = curve_of(make_theme_corpus(3, 20), k_max=3, curve_paragraphs=60)
    assert result.excluded[["what", "n"]].values.tolist() == [
        ["paragraphs", 0],
        ["paragraphs of the curve", 60],
    ]
    assert result.params["n_articles"] == 10 and (result.table["n_paragraphs"] == 60).all()


def test_dealt_terms_keep_their_frequency_and_stand_anywhere():
    found = count_paragraphs(make_theme_corpus(3, 6), ThemeParameters(), TermParameters())
    dealt = _deal_terms(found.counts, np.random.Generator(np.random.Philox(1)))
    assert dealt.sum() == found.counts.sum() and dealt.shape == found.counts.shape
    assert (dealt != found.counts).nnz > 0.5 * found.counts.nnz
    before, after = (np.diff(matrix.tocsc().indptr) for matrix in (found.counts, dealt))
    # two places of a term may fall into one paragraph
    assert (after <= before).all() and after.sum() > 0.8 * before.sum()


def test_chance_is_smoothed_and_undefined_without_refits():
    found = count_paragraphs(make_theme_corpus(3, 6), ThemeParameters(), TermParameters())
    dealt = [_deal_terms(found.counts, np.random.Generator(np.random.Philox(n))) for n in range(3)]
    kept = [np.arange(30)]
    line, spread = _chance(dealt, kept, [2, 3, 4], found.terms)
    assert 0 < spread < 0.5
    assert np.diff(line)[0] == pytest.approx(np.diff(line)[1]) and (line >= 0).all() and (line < 1).all()
    line, spread = _chance(dealt, [], [2, 3], found.terms)
    assert np.isnan(line).all() and np.isnan(spread)
    assert len(_chance(dealt, kept, [3], found.terms)[0]) == 1


def test_one_article_has_no_stability():
    result = curve_of(make_theme_corpus(2, 1, paragraphs=20), min_tokens=5)
    row = result.table.iloc[0]
    assert row["chosen"] and row["k"] == 2
    assert result.table[["stability", "se", "chance", "adjusted", "left_out"]].isna().all(axis=None)
    assert row["n_resamples"] == 0 and row["flag"] == "no stability: 1 article"


def test_two_identical_articles():
    text = make_theme_corpus(3, 1, paragraphs=18).articles[0].text
    result = curve_of(make_corpus({"a1": text, "b1": text}))
    values = result.table[["stability", "chance", "adjusted", "left_out", "error"]].to_numpy()
    assert np.isfinite(values).all()
    assert (result.table["n_resamples"] == 2).all()


def test_all_articles_of_one_sentence():
    result = curve_of(
        make_corpus({f"a{n}": "harbour vessel anchor tide" for n in range(4)}), min_tokens=2, max_share=1.0
    )
    assert chosen(result) == 2
    assert result.table["error"].item() == 0.0
    assert result.table["stability"].between(0, 1).all()


def test_a_corpus_without_themes_says_so():
    with pytest.raises(ParameterError) as caught:
        curve_of(make_corpus({"a1": "War.", "b1": "Peace."}))
    assert str(caught.value).startswith(
        "study.toml [themes] k: themes cannot be found in 0 paragraphs with 0 terms"
    )
    empty = no_stability("why")
    assert list(empty.table.columns) == RESULT_TABLES["theme_stability"].names and empty.table.empty
    assert empty.excluded["why"].item() == "why"
