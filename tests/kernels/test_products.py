"""Products in registers against NumPy's, for every way in which tiles can end."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.kernels.cpu.products import (
    product_into,
    product_of_rows_into,
    row_sums_into,
    transpose_into,
)
from nnsim.kernels.jit import kernel

DTYPES = (np.float64, np.float32)
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
# Interpreted, a tile takes a thousand times longer.
FEW = 10 if os.environ.get("NUMBA_DISABLE_JIT") else 50
rows = st.integers(1, 11)
inner = st.integers(1, 20)
columns = st.integers(1, 150)


@kernel
def weighted(W, B, b, biased, C):
    product_into(W, W.shape[1], 1, W.shape[1], b, biased, B, C)


@kernel
def weighted_back(W, B, C):
    product_into(W, 1, W.shape[1], W.shape[0], B, False, B, C)


@kernel
def of_rows(D, A, C):
    product_of_rows_into(D, A, C)


@kernel
def turned(A, T):
    transpose_into(A, T)


@kernel
def row_sums(A, share, c):
    row_sums_into(A, share, c)


def drawn(dtype, *shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def framed(dtype, *shape):
    """Return an array to write to and the larger one that it lies in, which must not change."""
    size = int(np.prod(shape))
    whole = np.full(size + 128, 7, dtype)
    return whole[64 : 64 + size].reshape(shape), whole


def assert_written(target, whole, expected, inner):
    precision = 4 * inner * np.finfo(target.dtype).eps
    np.testing.assert_allclose(target, expected, rtol=precision, atol=precision * 10)
    assert (whole[:64] == 7).all() and (whole[64 + target.size :] == 7).all()


@each_dtype
@settings(max_examples=FEW)
@given(n=rows, n_prev=inner, m=columns, biased=st.booleans(), seed=st.integers(0, 99))
def test_w_b(dtype, n, n_prev, m, biased, seed):
    W, B, b = drawn(dtype, n, n_prev, seed=seed), drawn(dtype, n_prev, m), drawn(dtype, n, 1)
    C, whole = framed(dtype, n, m)
    weighted(W, B, b, biased, C)
    assert_written(C, whole, W @ B + (b if biased else 0), n_prev)


@each_dtype
@settings(max_examples=FEW)
@given(n=inner, n_prev=rows, m=columns, seed=st.integers(0, 99))
def test_w_turned_b(dtype, n, n_prev, m, seed):
    W, B = drawn(dtype, n, n_prev, seed=seed), drawn(dtype, n, m)
    C, whole = framed(dtype, n_prev, m)
    weighted_back(W, B, C)
    assert_written(C, whole, W.T @ B, n)


@each_dtype
@settings(max_examples=FEW)
@given(n=st.integers(1, 19), n_prev=st.integers(1, 19), m=columns, seed=st.integers(0, 99))
def test_rows_by_rows(dtype, n, n_prev, m, seed):
    D, A = drawn(dtype, n, m, seed=seed), drawn(dtype, n_prev, m)
    C, whole = framed(dtype, n, n_prev)
    of_rows(D, A, C)
    assert_written(C, whole, D @ A.T, m)


@each_dtype
@given(n=st.integers(1, 40), m=st.integers(1, 40))
def test_transposing_and_row_sums(dtype, n, m):
    A = drawn(dtype, n, m)
    T, whole = framed(dtype, m, n)
    turned(A, T)
    np.testing.assert_array_equal(T, A.T)
    assert (whole[:64] == 7).all() and (whole[64 + T.size :] == 7).all()
    c, whole = framed(dtype, n, 1)
    row_sums(A, dtype(0.5), c)
    assert_written(c, whole, 0.5 * A.sum(axis=1, keepdims=True), m)


@each_dtype
@given(n=st.integers(1, 9), n_prev=inner, m=columns, row=st.integers(0, 8))
def test_a_row_is_the_same_to_the_bit_alone(dtype, n, n_prev, m, row):
    row %= n
    W, B, b = drawn(dtype, n, n_prev), drawn(dtype, n_prev, m), drawn(dtype, n, 1)
    C, alone = np.empty((n, m), dtype), np.empty((1, m), dtype)
    weighted(W, B, b, True, C)
    weighted(W[row : row + 1].copy(), B, b[row : row + 1].copy(), True, alone)
    assert alone[0].tobytes() == C[row].tobytes()


@each_dtype
@pytest.mark.parametrize("place", [(0, 0), (2, 1), (4, 36)])
def test_nan_reaches_its_column_and_no_other(dtype, place):
    W, B, b = drawn(dtype, 6, 5), drawn(dtype, 5, 37), drawn(dtype, 6, 1)
    B[place] = np.nan
    C = np.empty((6, 37), dtype)
    weighted(W, B, b, True, C)
    assert np.isnan(C[:, place[1]]).all()
    assert np.isfinite(np.delete(C, place[1], axis=1)).all()


WIDTHS = """
import hashlib
import numpy as np
from nnsim.kernels.cpu.activations import softmax, tanh
from nnsim.kernels.cpu.dense import dense_backward, dense_forward
told = hashlib.sha256()
draw = np.random.default_rng(0)
W, A, b, dZ = (draw.normal(size=size) for size in ((9, 17), (17, 45), (9, 1), (9, 45)))
Z = dense_forward(W, A, b)
for array in (Z, *dense_backward(dZ, A, W), tanh(Z), softmax(Z), tanh(Z.astype(np.float32))):
    told.update(array.tobytes())
print(told.hexdigest())
"""


@pytest.mark.skipif(bool(os.environ.get("NUMBA_DISABLE_JIT")), reason="nothing is compiled then")
def test_results_do_not_depend_on_the_width_of_registers(tmp_path):
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    if not (features.get("avx2") and features.get("fma")):
        pytest.skip("this machine has one width")
    narrow = {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma,+bmi,+bmi2"}
    digests = {
        subprocess.run(
            [sys.executable, "-c", WIDTHS],
            env={**os.environ, **settings, "NUMBA_CACHE_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for settings in ({}, narrow)
    }
    assert len(digests) == 1
