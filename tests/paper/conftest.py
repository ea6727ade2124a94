"""The small study that the tests of a paper share."""

from __future__ import annotations

import pytest
from planted import BLOCS, build_planted

from analysis.study import load_study


@pytest.fixture(scope="session")
def small_study(tmp_path_factory):
    """Load a study of two blocs of two articles, which support neither an interval nor a test."""
    root = tmp_path_factory.mktemp("paper") / "study"
    build_planted(root, blocs=BLOCS[:2], articles=2, outlets=1)
    return load_study(root)
