"""Labels: relevance by hand, and names that stay with their themes or are refused."""

import numpy as np
import pytest

from analysis.errors import StudyError
from analysis.measures.theme_labels import automatic_labels, distinctive_terms, name_themes, rank_terms


def test_terms_are_ranked_by_weight_then_name():
    assert rank_terms(np.array([0.5, 0.0, 0.9, 0.5]), ("b", "c", "d", "e")) == ["d", "b", "e"]
    assert rank_terms(np.zeros(2), ("a", "b")) == []
    assert rank_terms(np.arange(1.0, 13.0), tuple("abcdefghijkl")) == list("lkjihgfedc")


def test_labels_set_a_theme_apart_by_hand():
    terms = ("gas", "pipeline", "said", "treaty")
    components = np.array([[3.0, 2.0, 5.0, 0.0], [0.0, 0.0, 6.0, 4.0]])
    # rates: gas .3, pipeline .2, said .5 and .6, treaty .4; means .15, .1, .55, .2
    # relevance of the first: gas .6 ln .3 + .4 ln 2 = -.445, said .6 ln .5 + .4 ln(.5/.55) = -.454, pipeline -.688
    # of the second: treaty .6 ln .4 + .4 ln 2 = -.273, said .6 ln .6 + .4 ln(.6/.55) = -.272
    assert distinctive_terms(components, terms) == [["gas", "said", "pipeline"], ["said", "treaty"]]
    heavier = np.array([[3.0, 2.0, 5.0, 0.0], [0.0, 0.0, 5.0, 5.0]])
    assert distinctive_terms(heavier, terms)[1] == ["treaty", "said"]
    # by weight alone "said" comes first in both
    assert [rank_terms(row, terms)[0] for row in heavier] == ["said", "said"] or heavier[1, 2] == heavier[
        1, 3
    ]


def test_an_empty_theme_is_named_as_such():
    assert automatic_labels(distinctive_terms(np.array([[1.0, 0.0], [0.0, 0.0]]), ("a", "b"))) == [
        "a",
        "no term",
    ]


THEMES = [["nato", "europe", "army"], ["oil", "gas", "europe"], []]


def test_names_stay_with_their_theme_when_themes_change_places():
    names = {"europe, nato": "Security", " gas ": "Energy"}
    assert name_themes(THEMES, names) == ["Security", "Energy", "no term"]
    assert name_themes([THEMES[1], ["war"], THEMES[0]], names) == ["Energy", "war", "Security"]
    assert name_themes(THEMES, {}) == ["nato, europe, army", "oil, gas, europe", "no term"]


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("nato, gas", "terms that no theme has together"),
        ("tanks", "terms that no theme has together"),
        (" , ", "terms that no theme has together"),
        ("europe", "terms of 2 themes"),
    ],
)
def test_a_name_that_fits_no_theme_lists_the_themes(key, found):
    with pytest.raises(StudyError) as caught:
        name_themes(THEMES, {key: "Name"})
    assert str(caught.value.problems[0]) == (
        f"study.toml [themes] labels {key!r}: found {found}; allowed: top terms of one theme; the themes are "
        "'nato, europe, army'; 'oil, gas, europe'. Correct the terms."
    )


def test_two_names_for_one_theme():
    with pytest.raises(StudyError) as caught:
        name_themes(THEMES, {"nato": "One", "army": "Two"})
    assert [str(problem) for problem in caught.value.problems] == [
        "study.toml [themes] labels 'army': found the theme that 'nato' names, too; allowed: one name a theme. "
        "Remove one of them."
    ]
