"""Gradient clipping against its twin and at the edges of the number range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnsim.kernels.cpu.clipping import clip_by_global_norm, clip_by_value, global_norm
from tests.reference import clipping as twins

DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
vectors = hnp.arrays(np.float64, st.integers(0, 70), elements=st.floats(-100, 100))
limits = st.floats(0.01, 1000)


@each_dtype
@given(grad=vectors, limit=limits)
def test_agree_with_twins(dtype, grad, limit):
    grad = grad.astype(dtype)
    wide, tolerance = grad.astype(float), TOLERANCE[dtype]
    norm = global_norm(grad)
    np.testing.assert_allclose(norm, twins.global_norm(wide), rtol=tolerance)
    result = clip_by_value(grad.copy(), limit)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, twins.clip_by_value(wide, limit), rtol=tolerance)
    result = grad.copy()
    assert clip_by_global_norm(result, limit) == norm
    expected = twins.clip_by_global_norm(wide, limit)
    np.testing.assert_allclose(result, expected, rtol=tolerance, atol=np.finfo(dtype).tiny)


@given(vectors, limits)
def test_clipped_norm_is_at_most_the_limit(grad, limit):
    before = grad.copy()
    norm = clip_by_global_norm(grad, limit)
    assert global_norm(grad) <= limit * (1 + 1e-12)
    if norm <= limit:
        np.testing.assert_array_equal(grad, before)
    else:
        # Subnormal numbers have fewer digits.
        np.testing.assert_allclose(grad * norm, before * limit, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize(
    ("dtype", "size"),
    [(np.float64, s) for s in (1e-320, 1e-200, 1e-160, 1e-15, 1e15, 1e160, 1e300)]
    + [(np.float32, s) for s in (1e-40, 1e-25, 1e-15, 1e15, 1e25, 1e37)],
)
def test_squares_may_overflow_and_underflow(dtype, size):
    grad = np.full(16, size, dtype)
    assert global_norm(grad) == pytest.approx(4 * float(grad[0]), rel=1e-5)


def test_norm_of_nothing_is_0():
    assert global_norm(np.zeros(5)) == 0
    assert global_norm(np.empty(0)) == 0


@pytest.mark.parametrize("place", [0, 20])
def test_nan_stays(place):
    grad = np.ones(21)
    grad[place] = np.nan
    assert np.isnan(global_norm(grad))
    assert np.isnan(clip_by_value(grad.copy(), 0.5)[place])
    assert np.isnan(clip_by_global_norm(grad, 0.5))
    assert np.isnan(grad[place])


def test_an_infinite_gradient_does_not_pass_for_a_clipped_one():
    grad = np.ones(20)
    grad[3] = -np.inf
    with np.errstate(invalid="ignore"):
        assert clip_by_global_norm(grad, 1.0) == np.inf
    assert not np.all(np.isfinite(grad))


@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan])
def test_limit_out_of_range(limit):
    with pytest.raises(ValueError, match="clip_by_value: limit must be above 0"):
        clip_by_value(np.ones(3), limit)
    with pytest.raises(ValueError, match="clip_by_global_norm: limit must be above 0"):
        clip_by_global_norm(np.ones(3), limit)
