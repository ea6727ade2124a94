"""The registry of scorers: built in, from entry points, and everything that can go wrong."""

import sys
from types import ModuleType

import pytest

from analysis import registry
from analysis.errors import ScorerError, UnknownName
from analysis.registry import list_scorers, load_scorer, load_visible_scorer


class Entry:
    """An entry point of another package."""

    def __init__(self, name, value):
        self.name, self.value = name, value


@pytest.fixture
def provide(monkeypatch):
    """Offer scorers as other packages would: name to class."""

    def provide(**classes):
        module = ModuleType("other_package")
        for attribute, kind in classes.items():
            setattr(module, attribute, kind)
        monkeypatch.setitem(sys.modules, "other_package", module)
        entries = [Entry(f"{name.lower()}.v1", f"other_package:{name}") for name in classes]
        monkeypatch.setattr(
            registry, "entry_points", lambda group: entries if group == "framing.scorers" else []
        )

    return provide


class Good:
    name, version, benchmark = "good", "v1", {}

    def score(self, mentions):
        return mentions


def test_the_built_in_scorer():
    assert "lexicon.v1" in list_scorers()
    scorer = load_scorer()
    assert f"{scorer.name}.{scorer.version}" == "lexicon.v1"


def test_every_listed_scorer_is_what_its_name_says():
    for name in list_scorers():
        scorer = load_scorer(name)
        assert f"{scorer.name}.{scorer.version}" == name


def test_another_package_can_add_a_scorer(provide):
    provide(Good=Good)
    assert list_scorers() == ["encoder-small.v1", "encoder.v1", "good.v1", "lexicon.v1"]
    assert isinstance(load_scorer("good.v1"), Good)


def test_another_package_cannot_replace_a_built_in_scorer(provide):
    provide(Lexicon=Good)
    assert list_scorers() == ["encoder-small.v1", "encoder.v1", "lexicon.v1"]
    assert load_scorer("lexicon.v1").name == "lexicon"


def test_an_unknown_scorer_is_told_with_those_that_exist(provide):
    provide()
    with pytest.raises(UnknownName) as caught:
        load_scorer("lexicon")
    assert str(caught.value) == "unknown scorer 'lexicon'; allowed: encoder-small.v1, encoder.v1, lexicon.v1"


def test_a_scorer_that_lacks_a_part(provide):
    provide(Partial=type("Partial", (), {"name": "partial"}))
    with pytest.raises(ScorerError) as caught:
        load_scorer("partial.v1")
    assert str(caught.value) == (
        "scorer 'partial.v1' (other_package:Partial) lacks version, benchmark, score; "
        "see analysis/sentiment/contract.py"
    )


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("no_such_package:Scorer", "No module named 'no_such_package'"),
        ("analysis.errors:Nothing", "module 'analysis.errors' has no attribute 'Nothing'"),
    ],
)
def test_a_scorer_that_cannot_be_loaded(monkeypatch, target, reason):
    monkeypatch.setattr(registry, "entry_points", lambda group: [Entry("lost.v1", target)])
    with pytest.raises(ScorerError) as caught:
        load_scorer("lost.v1")
    expected = f"scorer 'lost.v1' ({target}) cannot be loaded: {reason}; reinstall its package"
    assert str(caught.value) == expected
    assert isinstance(caught.value.__cause__, (ImportError, AttributeError))


def test_only_a_scorer_that_masks_names_can_leave_them_visible(provide):
    class Masking(Good):
        visible = False

    provide(Good=Good, Masking=Masking)
    assert load_visible_scorer("good.v1") is None
    assert load_visible_scorer("lexicon.v1") is None
    assert load_visible_scorer("masking.v1").visible is True
    assert load_visible_scorer("encoder.v1").visible is True
    # the scorer of the study is another object
    assert load_scorer("masking.v1").visible is False
