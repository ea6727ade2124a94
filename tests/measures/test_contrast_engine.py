"""The contrasts of a large corpus have the numbers of the contrasts of a small one, and say when they cannot."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.config import ContrastParameters, StatisticsParameters, TermParameters
from analysis.corpus import Grouping
from analysis.counts import TermCounts
from analysis.measures import contrasts
from analysis.measures.contrast_engine import count_outlets
from analysis.tables import round_table

ARTICLES, TERMS = 60, 40
OUTLETS = {"O1": "C", "O2": "C", "O3": "R", "O4": "W", "O5": "W"}


@pytest.fixture(scope="module")
def planted():
    """Plant articles of five outlets in three blocs, not in the order of their names."""
    generator = np.random.Generator(np.random.Philox(11))
    outlet = generator.permutation(np.arange(ARTICLES) % len(OUTLETS))
    rates = generator.gamma(0.3, 2.0, (len(OUTLETS), TERMS))
    rates[0, 3] = rates[1, 3] = 0  # a term that one bloc does not have
    matrix = sparse.csr_matrix(generator.poisson(rates[outlet]))
    names = tuple(f"a{number:02d}" for number in generator.permutation(ARTICLES))
    sizes = np.asarray(matrix.sum(axis=1)).ravel() + generator.integers(20, 90, ARTICLES)
    counts = TermCounts(names, tuple(f"term{number:02d}" for number in range(TERMS)), matrix, sizes)
    labels = list(OUTLETS)
    blocs = sorted(set(OUTLETS.values()))
    bloc = np.array([blocs.index(OUTLETS[labels[number]]) for number in outlet])
    groupings = [
        Grouping("outlet", {label: np.flatnonzero(outlet == n) for n, label in enumerate(labels)}),
        Grouping("bloc", {label: np.flatnonzero(bloc == n) for n, label in enumerate(blocs)}),
    ]
    return counts, groupings, outlet


def measure(planted, **statistics):
    counts, groupings, _ = planted
    return contrasts.measure_contrasts(
        counts,
        groupings,
        terms=TermParameters(min_count=1, min_articles=1, stop_words="none"),
        contrasts=ContrastParameters(),
        statistics=StatisticsParameters(bootstrap=200, permutations=100, random_state=5, **statistics),
    ).table


def test_both_ways_have_the_same_numbers(planted, monkeypatch):
    reference = measure(planted)
    monkeypatch.setattr(contrasts, "COMPILED_FROM", 0)
    asked = []
    engine = contrasts.contrast_numbers
    monkeypatch.setattr(contrasts, "contrast_numbers", lambda *given: asked.append(1) or engine(*given))
    compiled = measure(planted)
    assert asked == [1]
    assert set(compiled["level"]) == {"outlet", "bloc"} and len(compiled) == 21 * TERMS
    assert compiled["p"].notna().all() and compiled["log_ratio_low"].notna().any()
    pd.testing.assert_frame_equal(round_table(compiled), round_table(reference))


def test_more_articles_than_the_bound_keep_their_interval_and_have_no_p(planted, monkeypatch):
    free = measure(planted)
    for floor in (10**18, 0):
        monkeypatch.setattr(contrasts, "COMPILED_FROM", floor)
        bound = measure(planted, permuted_articles=59)
        many = (bound["n_articles_target"] + bound["n_articles_reference"]) > 59
        assert 0 < many.sum() < len(bound)
        assert bound.loc[many, ["p", "q"]].isna().all().all()
        assert set(bound.loc[many, "flag"]) == {"p withheld: 60 articles are not permuted"}
        assert set(bound.loc[many, "test"]) == {""}
        pd.testing.assert_series_equal(bound.loc[~many, "p"], free.loc[~many, "p"])
        pd.testing.assert_series_equal(bound["log_ratio_low"], free["log_ratio_low"])


def test_groups_that_part_an_outlet_are_left_to_the_reference(planted):
    counts, groupings, outlet = planted
    assert count_outlets(counts, groupings, outlet) is not None
    halves = Grouping("half", {"one": np.arange(30), "two": np.arange(30, ARTICLES)})
    assert count_outlets(counts, [halves], outlet) is None
    some = Grouping("some", {"one": groupings[0].members["O1"]})
    assert count_outlets(counts, [some], outlet) is None
