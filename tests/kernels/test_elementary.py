"""The exponential and the logarithm that all activations and losses are made of."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.elementary import exp_minus, log1p_unit, log_of, normal_or_zero
from nnsim.kernels.jit import kernel
from nnsim.kernels.lanes import lanes_in, load, store

each_dtype = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])


@kernel
def exp_minus_of(x, c, result):
    """Apply exp_minus to a vector."""
    for at in range(0, x.size, lanes_in(x)):
        store(result, at, x.size, exp_minus(load(x, at, x.size), c))


@kernel
def log1p_unit_of(u, result):
    """Apply log1p_unit to a vector."""
    for at in range(0, u.size, lanes_in(u)):
        store(result, at, u.size, log1p_unit(load(u, at, u.size)))


def applied_exp(values, c, dtype):
    x = np.array(values, dtype)
    result = np.empty_like(x)
    exp_minus_of(x, dtype(c), result)
    return result


@kernel
def log_of_all(x, result):
    """Apply log_of to a vector."""
    for at in range(0, x.size, lanes_in(x)):
        store(result, at, x.size, log_of(load(x, at, x.size)))


def applied_log(values, dtype):
    u = np.array(values, dtype)
    result = np.empty_like(u)
    log1p_unit_of(u, result)
    return result


def last_places(found, expected):
    """Return the largest distance in units in the last place of the expected results."""
    return np.max(np.abs(found - expected) / np.spacing(np.abs(expected).astype(found.dtype)))


@each_dtype
def test_exp_is_right_to_three_units_in_the_last_place(dtype):
    x = np.linspace(-80, 0, 20001).astype(dtype)
    wide = x.astype(np.longdouble)
    assert last_places(applied_exp(x, 0, dtype), np.exp(wide)) <= 3
    near = np.concatenate([-np.geomspace(1e-30, 0.7, 5001), np.linspace(-25, -0.7, 5001)])
    near = near.astype(dtype)
    assert last_places(applied_exp(near, 1, dtype), np.expm1(near.astype(np.longdouble))) <= 3


@each_dtype
def test_log1p_is_right_to_three_units_in_the_last_place(dtype):
    u = np.concatenate([np.linspace(1e-3, 1, 20001), np.geomspace(1e-30, 1e-3, 2001)]).astype(dtype)
    assert last_places(applied_log(u, dtype), np.log1p(u.astype(np.longdouble))) <= 3
    assert applied_log([0.0], dtype)[0] == 0


@each_dtype
def test_log_is_right_to_three_units_in_the_last_place(dtype):
    limits = np.finfo(dtype)
    x = np.concatenate(
        [
            np.geomspace(float(limits.tiny) * 1.01, float(limits.max) * 0.99, 20001),
            np.linspace(0.5, 2, 5001),
            1 + np.geomspace(1e-7, 0.4, 2001),
        ]
    ).astype(dtype)
    result = np.empty_like(x)
    log_of_all(x, result)
    expected = np.log(x.astype(np.longdouble))
    # At 1 the logarithm is 0, and so is the spacing of numbers around it.
    assert last_places(result[x != 1], expected[x != 1]) <= 3
    edges = np.array([1.0, np.inf, np.nan], dtype)
    log_of_all(edges, result)
    np.testing.assert_array_equal(result[:3], [0.0, np.inf, np.nan])


@given(x=st.floats(-1e308, 0))
def test_exp_of_any_number(x):
    (found,) = applied_exp([x], 0, np.float64)
    # Below 2**-1022 the spacing of numbers is fixed, so relative error is not bounded.
    assert found == pytest.approx(math.exp(x), rel=1e-15, abs=5e-324)
    (found,) = applied_exp([x], 1, np.float64)
    assert found == pytest.approx(math.expm1(x), rel=1e-15)


@kernel
def normal_or_zero_of(x, result):
    """Apply normal_or_zero to a vector."""
    for at in range(0, x.size, lanes_in(x)):
        store(result, at, x.size, normal_or_zero(load(x, at, x.size)))


@each_dtype
def test_subnormal_numbers_become_zero_and_no_others(dtype):
    limits = np.finfo(dtype)
    kept = [limits.tiny, -limits.tiny, 1.0, limits.max, np.inf, -np.inf, np.nan, 0.0]
    x = np.array([*kept, limits.smallest_subnormal, -limits.tiny * 0.75], dtype)
    result = np.empty_like(x)
    normal_or_zero_of(x, result)
    np.testing.assert_array_equal(result, [*x[: len(kept)], 0, 0])


@each_dtype
def test_edges(dtype):
    x = [0.0, -0.0, -np.inf, -np.finfo(dtype).max, -1000.0, np.nan, -np.finfo(dtype).tiny]
    np.testing.assert_array_equal(applied_exp(x, 0, dtype), [1, 1, 0, 0, 0, np.nan, 1])
    less_one = applied_exp(x, 1, dtype)
    np.testing.assert_array_equal(less_one[:6], [0, 0, -1, -1, -1, np.nan])
    assert less_one[6] == x[6]
    np.testing.assert_array_equal(applied_log([np.nan], dtype), [np.nan])
    assert applied_log([1.0], dtype)[0] == dtype(math.log(2))


@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="nothing is compiled then")
def test_kernels_are_taken_from_the_cache_by_the_next_process(tmp_path):
    program = (
        "import numpy as np\n"
        "from nnsim.kernels.cpu.activations import tanh\n"
        "tanh(np.ones((2, 3)))\n"
        "print(sum(tanh.stats.cache_hits.values()), sum(tanh.stats.cache_misses.values()))\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    ]
    assert outputs == [["0", "1"], ["1", "0"]]
