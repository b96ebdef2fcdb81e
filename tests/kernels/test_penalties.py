"""Penalties against their twins and used wrongly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnsim.kernels.cpu import penalties
from tests.reference import penalties as twins

weights = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.floats(-10, 10) | st.just(0.0),
)
each_dtype = pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}


@each_dtype
@given(W=weights, lambd=st.floats(0, 10), m=st.integers(1, 1000), halved=st.booleans())
def test_penalties_agree_with_twins(dtype, W, lambd, m, halved):
    W, rtol = W.astype(dtype), TOLERANCE[dtype]
    J2, J1 = penalties.l2_penalty(W, lambd, m), penalties.l1_penalty(W, lambd, m, halved)
    np.testing.assert_allclose(J2, twins.l2_penalty(W, lambd, m), rtol=rtol, atol=1e-30)
    np.testing.assert_allclose(J1, twins.l1_penalty(W, lambd, m, halved), rtol=rtol, atol=1e-30)


@each_dtype
@given(W=weights, lambd=st.floats(0, 10), m=st.integers(1, 1000), halved=st.booleans())
def test_gradients_agree_with_twins(dtype, W, lambd, m, halved):
    W = W.astype(dtype)
    before = np.random.default_rng(0).normal(size=W.shape).astype(dtype)
    dW2, dW1 = before.copy(), before.copy()
    assert np.shares_memory(penalties.l2_gradient(W, lambd, m, dW2), dW2)
    assert np.shares_memory(penalties.l1_gradient(W, lambd, m, halved, dW1), dW1)
    close = {"rtol": TOLERANCE[dtype], "atol": 10 * TOLERANCE[dtype]}
    np.testing.assert_allclose(dW2, twins.l2_gradient(W, lambd, m, before), **close)
    np.testing.assert_allclose(dW1, twins.l1_gradient(W, lambd, m, halved, before), **close)


def test_gradients_are_the_slopes_of_the_penalties():
    W, step, zero = np.random.default_rng(1).normal(size=(3, 4)), 1e-6, np.zeros((3, 4))
    for halved in (False, True):
        slopes = np.empty((2, 3, 4))
        for place in np.ndindex(W.shape):
            nudge = zero.copy()
            nudge[place] = step
            slopes[0][place] = penalties.l2_penalty(W + nudge, 0.7, 9) - penalties.l2_penalty(
                W - nudge, 0.7, 9
            )
            slopes[1][place] = penalties.l1_penalty(
                W + nudge, 0.7, 9, halved
            ) - penalties.l1_penalty(W - nudge, 0.7, 9, halved)
        slopes /= 2 * step
        dW2 = penalties.l2_gradient(W, 0.7, 9, zero.copy())
        dW1 = penalties.l1_gradient(W, 0.7, 9, halved, zero.copy())
        np.testing.assert_allclose(dW2, slopes[0], rtol=1e-7)
        np.testing.assert_allclose(dW1, slopes[1], rtol=1e-7)


def test_l1_leaves_a_weight_of_zero_alone_and_nan_stays_nan():
    W = np.array([[0.0, -0.0, np.nan, 2.0]])
    dW = penalties.l1_gradient(W, 1.0, 2, False, np.zeros((1, 4)))
    np.testing.assert_array_equal(dW, [[0.0, 0.0, np.nan, 0.5]])
    assert np.isnan(penalties.l1_penalty(W, 1.0, 2, False))
    assert np.isnan(penalties.l2_penalty(W, 1.0, 2))


def test_wrong_arrays_are_named():
    W = np.ones((3, 4))
    with pytest.raises(ValueError, match=r"^l2_gradient: dW has \(4, 3\) but W has \(3, 4\)$"):
        penalties.l2_gradient(W, 1.0, 1, np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"^l1_gradient: dW has \(4, 3\) but W has \(3, 4\)$"):
        penalties.l1_gradient(W, 1.0, 1, False, np.ones((4, 3)))
    with pytest.raises(
        TypeError, match=r"^l2_gradient: dW holds float32 but W holds float64[^\n]*$"
    ):
        penalties.l2_gradient(W, 1.0, 1, W.astype(np.float32))
    with pytest.raises(TypeError, match=r"^l1_penalty: W is not C-contiguous; pass [^\n]*$"):
        penalties.l1_penalty(W.T, 1.0, 1, False)
