"""Sums that no order of adding changes."""

import numpy as np
import pytest

from analysis.errors import ParameterError
from analysis.exact_sums import exact_values


def test_sums_in_any_order_are_the_same_to_the_bit():
    generator = np.random.default_rng(1)
    values = exact_values(generator.gamma(0.5, size=1000) / 3)
    sums = {float(np.cumsum(generator.permutation(values))[-1]) for _ in range(20)}
    assert len(sums) == 1


def test_values_hardly_move_and_zeros_stay():
    values = np.array([1 / 3, 0.0, 1e3])
    found = exact_values(values)
    np.testing.assert_allclose(found, values, rtol=1e-12, atol=1e-10)
    assert found[1] == 0 and not exact_values(np.zeros(3)).any()
    with pytest.raises(ParameterError):
        exact_values(np.array([np.nan]))
