"""Published values: each is computed again, conforms or says why not, and stands on the committed page."""

from __future__ import annotations

import importlib.util
import sys

import pytest

from analysis.paths import project_root


@pytest.fixture(scope="module")
def conformance():
    """Return the script that writes the page, as a module."""
    spec = importlib.util.spec_from_file_location(
        "conformance", project_root() / "benchmarks" / "conformance.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["conformance"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["conformance"]


def test_the_page_is_what_the_package_computes(conformance):
    page = (project_root() / conformance.PAGE).read_text(encoding="utf-8")
    assert page == conformance.write_page(), "write it anew: .venv/bin/python benchmarks/conformance.py"


def test_every_value_conforms_or_says_why_it_does_not(conformance):
    values = [value for part in conformance.list_values().values() for value in part]
    assert len(values) >= 57
    differing = {value.what for value in values if not value.conforms}
    # what is known to differ, and nothing else
    tf_idf = {"row 1, first term", "row 1, third term", "row 5, first term", "row 5, second term"}
    assert differing == {"chi-squared(1) at 0.0001", *tf_idf}
    for value in values:
        assert value.conforms or value.why, value.what
        # an explained difference is small all the same
        assert value.ours == pytest.approx(float(value.published), rel=1e-3, abs=1e-3), value.what


def test_conforming_is_to_the_last_digit_printed(conformance):
    def conforms(published, ours):
        return conformance.Value("", published, ours).conforms

    assert conforms("270.72", 270.7249) and not conforms("270.72", 270.7251)
    assert conforms("1.6e-4", 1.64e-4) and not conforms("1.6e-4", 1.66e-4)
    assert conforms("-.5", -0.54) and not conforms("-.5", 0.5)
    assert conforms("4", 4) and not conforms("4", 5)
