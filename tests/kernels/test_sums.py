"""Sums in lanes against exact sums, and their one order of adding."""

import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.cpu.sums import LANES, dot_of, squares_of, sum_of

DTYPES = (np.float64, np.float32)
PRECISION = {np.float64: 1e-14, np.float32: 1e-5}
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


@numba.njit
def three_sums(A, B, start, count, center):
    return (
        sum_of(A, start, count),
        dot_of(A, start, B, start + 1, count),
        squares_of(A, start, count, center),
    )


@each_dtype
@given(start=st.integers(0, 9), count=st.integers(0, 100), seed=st.integers(0, 1000))
def test_agree_with_exact_sums(dtype, start, count, seed):
    A, B = np.random.default_rng(seed).normal(size=(2, 11, 10)).astype(dtype)
    a = A.ravel()[start : start + count].astype(float)
    b = B.ravel()[start + 1 : start + 1 + count].astype(float)
    sums = three_sums(A, B, start, count, dtype(0.5))
    exact = [math.fsum(a), math.fsum(a * b), math.fsum((a - 0.5) ** 2)]
    sizes = [math.fsum(abs(a)), math.fsum(abs(a * b)), exact[2]]
    for result, expected, size in zip(sums, exact, sizes, strict=True):
        assert abs(result - expected) <= PRECISION[dtype] * size


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="NumPy adds in an order of its own")
@given(count=st.integers(0, 100), seed=st.integers(0, 1000))
def test_the_order_is_by_lanes_then_pairs_then_the_rest(count, seed):
    a = np.random.default_rng(seed).normal(size=count)
    lanes = np.zeros(LANES)
    whole = count // LANES * LANES
    for first in range(0, whole, LANES):
        lanes += a[first : first + LANES]
    while lanes.size > 1:
        lanes = lanes[: lanes.size // 2] + lanes[lanes.size // 2 :]
    expected = lanes[0]
    for k in range(whole, count):
        expected += a[k]
    assert three_sums(a, np.zeros(count + 1), 0, count, 0.0)[0] == expected


@pytest.mark.parametrize("place", [0, 17, 40])
def test_nan_and_infinity_stay(place):
    A = np.ones(41)
    A[place] = np.nan
    assert all(np.isnan(one) for one in three_sums(A, np.ones(42), 0, 41, 0.0))
    A[place] = np.inf
    assert all(one == np.inf for one in three_sums(A, np.ones(42), 0, 41, 0.0))
