"""Dropout against its twin, and the course's promises about it (topic B6)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.codes import Stream
from nnsim.kernels.cpu.dropout import (
    dropout_apply_into,
    dropout_backward,
    dropout_draw_into,
    dropout_forward,
    dropout_mask,
)
from nnsim.kernels.jit import kernel
from tests.reference import dropout as twins
from tests.reference.random import words

DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-6}
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


def mask(keep_prob, n, m, *, seed=3, step=5, layer=2, dtype=np.float64):
    return dropout_mask(keep_prob, seed, step, layer, np.full((n, m), np.nan, dtype))


@each_dtype
@given(
    keep_prob=st.floats(0.01, 1),
    seed=st.integers(0, 2**63 - 1),
    step=st.integers(0, 2**40),
    layer=st.integers(0, 1000),
    n=st.integers(1, 9),
    m=st.integers(1, 9),
)
def test_mask_agrees_with_twin(dtype, keep_prob, seed, step, layer, n, m):
    uniform = words(seed, Stream.DROPOUT, step, layer, n * m) / 2**32
    expected = twins.dropout_mask(keep_prob, uniform.reshape(n, m))
    D = mask(keep_prob, n, m, seed=seed, step=step, layer=layer, dtype=dtype)
    assert D.dtype == dtype
    np.testing.assert_array_equal(D, expected)


def test_mask_does_not_depend_on_dtype():
    for keep_prob in (0.1, 0.5, 0.8, 1 / 3):
        np.testing.assert_array_equal(
            mask(keep_prob, 64, 33), mask(keep_prob, 64, 33, dtype=np.float32)
        )


def test_an_entry_depends_on_its_index_alone():
    long = mask(0.5, 1, 1000).ravel()
    for n, m in ((1, 1), (3, 7), (7, 3), (25, 40), (40, 25)):
        np.testing.assert_array_equal(mask(0.5, n, m).ravel(), long[: n * m])


def test_masks_of_steps_layers_and_seeds_differ():
    masks = [mask(0.5, 8, 8), mask(0.5, 8, 8, step=6), mask(0.5, 8, 8, layer=3),
             mask(0.5, 8, 8, seed=4)]  # fmt: skip
    assert len({D.tobytes() for D in masks}) == len(masks)


@each_dtype
@given(keep_prob=st.floats(0.05, 1), seed=st.integers(0, 100))
def test_forward_and_backward_agree_with_twins(dtype, keep_prob, seed):
    A = np.random.default_rng(seed).normal(size=(5, 7)).astype(dtype)
    D = mask(keep_prob, 5, 7, seed=seed, dtype=dtype)
    for function, twin in (
        (dropout_forward, twins.dropout_forward),
        (dropout_backward, twins.dropout_backward),
    ):
        given_array = A.copy()
        result = function(given_array, D, keep_prob)
        assert result is given_array and result.dtype == dtype
        np.testing.assert_allclose(result, twin(A, D, keep_prob), rtol=TOLERANCE[dtype])


@kernel
def drawn(G, keep_prob, seed, step, layer, D, A):
    """Run `dropout_draw_into`."""
    dropout_draw_into(G, keep_prob, seed, step, layer, D, A)


@kernel
def applied(G, D, keep_prob, A):
    """Run `dropout_apply_into`."""
    dropout_apply_into(G, D, keep_prob, A)


@each_dtype
@given(keep_prob=st.floats(0.05, 1), n=st.integers(1, 9), m=st.integers(1, 40))
def test_one_pass_does_what_two_do_to_the_bit(dtype, keep_prob, n, m):
    G = np.random.default_rng(n).normal(size=(n, m)).astype(dtype)
    expected = mask(keep_prob, n, m, dtype=dtype)
    D, A, again = np.full((3, n, m), np.nan, dtype)
    drawn(G, keep_prob, 3, 5, 2, D, A)
    np.testing.assert_array_equal(D, expected)
    np.testing.assert_array_equal(A, dropout_forward(G.copy(), D, dtype(keep_prob)))
    applied(G, D, dtype(keep_prob), again)
    np.testing.assert_array_equal(again, A)
    drawn(G, keep_prob, 3, 5, 2, D, G)
    np.testing.assert_array_equal(G, A)


def test_keep_prob_1_changes_nothing():
    A = np.random.default_rng(0).normal(size=(6, 50))
    D = mask(1.0, 6, 50)
    assert np.all(D == 1)
    np.testing.assert_array_equal(dropout_forward(A.copy(), D, 1.0), A)


def test_fifty_units_at_80_percent_lose_about_ten():
    D = mask(0.8, 50, 2000)
    lost = 50 - D.sum(axis=0)
    # 10 on average, with a standard deviation of sqrt(50 * 0.8 * 0.2) = 2.83 an example.
    assert abs(lost.mean() - 10) < 4 * 2.83 / np.sqrt(2000)
    assert abs(lost.std() - 2.83) < 0.2


def test_expectation_of_A_is_kept():
    A = np.linspace(-1, 2, 12).reshape(3, 4)
    steps = 5_000
    mean = np.zeros((3, 4))
    for step in range(steps):
        mean += dropout_forward(A.copy(), mask(0.7, 3, 4, step=step), 0.7) / steps
    # An entry is a (1/0.7) with probability 0.7: standard deviation a sqrt(0.3 / 0.7).
    np.testing.assert_allclose(mean, A, atol=4 * 2 * np.sqrt(0.3 / 0.7 / steps))


@pytest.mark.parametrize("keep_prob", [0.0, -0.5, 1.1, np.nan])
def test_keep_prob_out_of_range(keep_prob):
    A = np.ones((2, 3))
    with pytest.raises(ValueError, match="dropout_mask: keep_prob"):
        dropout_mask(keep_prob, 1, 0, 1, A)
    with pytest.raises(ValueError, match="dropout_forward: keep_prob"):
        dropout_forward(A, A.copy(), keep_prob)
    with pytest.raises(ValueError, match="dropout_backward: keep_prob"):
        dropout_backward(A, A.copy(), keep_prob)


def test_wrong_arrays():
    with pytest.raises(ValueError, match=r"dropout_forward: D has \(3, 2\) but A has \(2, 3\)"):
        dropout_forward(np.ones((2, 3)), np.ones((3, 2)), 0.5)
    with pytest.raises(TypeError, match="dA holds float64 but D holds float32"):
        dropout_backward(np.ones((2, 3)), np.ones((2, 3), np.float32), 0.5)
