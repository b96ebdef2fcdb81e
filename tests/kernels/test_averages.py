"""Exponentially weighted averages against their twins and the course's figures (C2, C3)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnsim.kernels.cpu.averages import (
    exponentially_weighted_average,
    exponentially_weighted_average_corrected,
)
from tests.reference import averages as twins

DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
BOTH = [
    (exponentially_weighted_average, twins.exponentially_weighted_average),
    (exponentially_weighted_average_corrected, twins.exponentially_weighted_average_corrected),
]
each_form = pytest.mark.parametrize(("average", "twin"), BOTH)
series = hnp.arrays(np.float64, st.integers(0, 60), elements=st.floats(-100, 100))


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
@each_form
@given(theta=series, beta=st.floats(0, 0.98))
def test_agree_with_twins(average, twin, dtype, theta, beta):
    theta = theta.astype(dtype)
    result = average(theta, beta)
    assert result.dtype == dtype
    tolerance = TOLERANCE[dtype]
    np.testing.assert_allclose(result, twin(theta, beta), rtol=tolerance, atol=100 * tolerance)


@pytest.mark.parametrize("theta", [(40.0, 49.0), (-3.0, 8.0)])
def test_figures_of_the_course(theta):
    first, second = theta
    v = exponentially_weighted_average(np.array(theta), 0.98)
    corrected = exponentially_weighted_average_corrected(np.array(theta), 0.98)
    assert v[0] == pytest.approx(0.02 * first)
    assert v[1] == pytest.approx(0.0196 * first + 0.02 * second)
    assert corrected[0] == pytest.approx(first)
    assert corrected[1] == pytest.approx((0.0196 * first + 0.02 * second) / 0.0396)


@given(st.floats(-50, 50), st.floats(0, 0.99))
def test_a_constant_is_its_own_corrected_average(value, beta):
    corrected = exponentially_weighted_average_corrected(np.full(100, value), beta)
    np.testing.assert_allclose(corrected, value, rtol=1e-12)


def test_the_average_looks_back_over_about_one_over_one_minus_beta():
    """The weight of a day 1 / (1 - beta) days back is 1/e of today's (course topic C2)."""
    for beta, days in ((0.5, 2), (0.9, 10), (0.98, 50)):
        impulse = np.zeros(200)
        impulse[0] = 1
        v = exponentially_weighted_average(impulse, beta)
        assert v[0] == pytest.approx(1 - beta)
        assert v[days] / v[0] == pytest.approx(beta**days)
        assert 0.24 < v[days] / v[0] < 0.37


@each_form
def test_output_is_written_in_place_and_checked(average, twin):
    theta, out = np.arange(5.0), np.empty(5)
    average(theta, 0.9, out)
    np.testing.assert_allclose(out, twin(theta, 0.9), rtol=1e-12)
    with pytest.raises(ValueError, match=r"out has \(4,\) but theta has \(5,\)"):
        average(theta, 0.9, np.empty(4))
    with pytest.raises(TypeError, match="out holds float32 but theta holds float64"):
        average(theta, 0.9, np.empty(5, np.float32))
