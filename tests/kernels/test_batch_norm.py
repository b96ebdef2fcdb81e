"""Batch norm against its twin, its own slope, and the course's figures (topics D6, D7, D9)."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.cpu.batch_norm import (
    batch_norm_backward,
    batch_norm_backward_into,
    batch_norm_backward_without_statistics_into,
    batch_norm_forward,
    batch_norm_inference,
    update_running_average,
)
from tests.reference import batch_norm as twins

DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
EPSILON = 1e-5

each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
sizes = {"n": st.integers(1, 20), "m": st.integers(2, 40), "seed": st.integers(0, 1000)}


def drawn(n, m, seed, dtype=np.float64):
    """Return Z, gamma, beta and a gradient of Z_tilde."""
    generator = np.random.default_rng(seed)
    Z = 3 * generator.normal(size=(n, m)) + generator.normal(size=(n, 1))
    gamma, beta = generator.normal(size=(n, 1)) + 2, generator.normal(size=(n, 1))
    return [array.astype(dtype) for array in (Z, gamma, beta, generator.normal(size=(n, m)))]


@each_dtype
@given(**sizes)
def test_forward_agrees_with_twin(dtype, n, m, seed):
    Z, gamma, beta, _ = drawn(n, m, seed, dtype)
    results = batch_norm_forward(Z, gamma, beta, EPSILON)
    expected = twins.batch_norm_forward(*(x.astype(float) for x in (Z, gamma, beta)), EPSILON)
    for result, twin in zip(results, expected, strict=True):
        assert result.dtype == dtype
        np.testing.assert_allclose(result, twin, rtol=TOLERANCE[dtype], atol=10 * TOLERANCE[dtype])


@each_dtype
@given(**sizes)
def test_backward_agrees_with_twin(dtype, n, m, seed):
    Z, gamma, beta, dZ_tilde = drawn(n, m, seed, dtype)
    _, Z_norm, _, variance = batch_norm_forward(Z, gamma, beta, EPSILON)
    results = batch_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)
    expected = twins.batch_norm_backward(*(x.astype(float) for x in (dZ_tilde, Z, gamma)), EPSILON)
    for result, twin in zip(results, expected, strict=True):
        assert result.dtype == dtype
        # Two examples nearly alike divide by a small sigma, in the twin as well.
        scale = 1 + np.abs(gamma).max() / np.sqrt(variance.min() + EPSILON)
        np.testing.assert_allclose(result, twin, atol=100 * TOLERANCE[dtype] * scale)


@given(**sizes)
def test_inference_agrees_with_twin(n, m, seed):
    Z, gamma, beta, other = drawn(n, m, seed)
    mean, variance = other[:, :1].copy(), other[:, 1:2] ** 2
    result = batch_norm_inference(Z, gamma, beta, mean, variance, EPSILON)
    expected = twins.batch_norm_inference(Z, gamma, beta, mean, variance, EPSILON)
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-11)


def test_backward_is_the_slope_of_forward():
    Z, gamma, beta, dZ_tilde = drawn(3, 7, 1)
    m, step = 7, 1e-6

    def cost(Z, gamma, beta):
        return np.sum(dZ_tilde * batch_norm_forward(Z, gamma, beta, EPSILON)[0]) / m

    def slope(array, *, of):
        slopes = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            above, below = array.copy(), array.copy()
            above[place] += step
            below[place] -= step
            slopes[place] = (of(above) - of(below)) / (2 * step)
        return slopes

    _, Z_norm, _, variance = batch_norm_forward(Z, gamma, beta, EPSILON)
    dZ, dgamma, dbeta = batch_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)
    # dZ is undivided, as everywhere: its 1/m comes with dW.
    np.testing.assert_allclose(dZ / m, slope(Z, of=lambda Z: cost(Z, gamma, beta)), atol=1e-8)
    np.testing.assert_allclose(dgamma, slope(gamma, of=lambda g: cost(Z, g, beta)), atol=1e-8)
    np.testing.assert_allclose(dbeta, slope(beta, of=lambda b: cost(Z, gamma, b)), atol=1e-8)


@given(**sizes)
def test_rows_come_out_with_mean_0_and_variance_1(n, m, seed):
    Z, gamma, beta, _ = drawn(n, m, seed)
    _, Z_norm, mean, variance = batch_norm_forward(Z, gamma, beta, 0.0)
    np.testing.assert_allclose(Z_norm.mean(axis=1), 0, atol=1e-9)
    np.testing.assert_allclose((Z_norm**2).mean(axis=1), 1, rtol=1e-9)
    np.testing.assert_allclose(mean, Z.mean(axis=1, keepdims=True), rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(variance, Z.var(axis=1, keepdims=True), rtol=1e-11)


@given(**sizes)
def test_gamma_sigma_and_beta_mu_give_Z_back(n, m, seed):
    Z = drawn(n, m, seed)[0]
    mean, variance = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
    Z_tilde = batch_norm_forward(Z, np.sqrt(variance + EPSILON), mean, EPSILON)[0]
    np.testing.assert_allclose(Z_tilde, Z, rtol=1e-11, atol=1e-11)


@given(**sizes)
def test_a_shift_of_Z_has_no_effect_and_no_gradient(n, m, seed):
    """Which is why the bias b of a layer with batch norm is redundant (topic D7)."""
    Z, gamma, beta, dZ_tilde = drawn(n, m, seed)
    Z_tilde, Z_norm, _, variance = batch_norm_forward(Z, gamma, beta, EPSILON)
    shifted = batch_norm_forward(Z + 5.0, gamma, beta, EPSILON)[0]
    scale = 1 / np.sqrt(variance.min() + EPSILON)
    np.testing.assert_allclose(shifted, Z_tilde, atol=1e-11 * (1 + scale))
    dZ = batch_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)[0]
    np.testing.assert_allclose(dZ.sum(axis=1), 0, atol=1e-11 * (1 + scale))


def test_inference_with_the_batch_s_own_statistics_is_forward():
    Z, gamma, beta, _ = drawn(4, 33, 2)
    Z_tilde, _, mean, variance = batch_norm_forward(Z, gamma, beta, EPSILON)
    result = batch_norm_inference(Z, gamma, beta, mean, variance, EPSILON)
    np.testing.assert_array_equal(result, Z_tilde)
    for j in range(33):
        alone = np.ascontiguousarray(Z[:, j : j + 1])
        result = batch_norm_inference(alone, gamma, beta, mean, variance, EPSILON)
        np.testing.assert_array_equal(result[:, 0], Z_tilde[:, j])


def test_dZ_may_be_dZ_tilde():
    Z, gamma, beta, dZ_tilde = drawn(4, 33, 3)
    _, Z_norm, _, variance = batch_norm_forward(Z, gamma, beta, EPSILON)
    dgamma, dbeta = np.empty((4, 1)), np.empty((4, 1))
    expected = batch_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)
    batch_norm_backward_into(dZ_tilde, Z_norm, gamma, variance, EPSILON, dgamma, dbeta, dZ_tilde)
    for result, same in zip((dZ_tilde, dgamma, dbeta), expected, strict=True):
        np.testing.assert_array_equal(result, same)


def test_the_fault_differs_by_the_terms_of_mean_and_variance():
    Z, gamma, beta, dZ_tilde = drawn(4, 33, 4)
    _, Z_norm, _, variance = batch_norm_forward(Z, gamma, beta, EPSILON)
    dZ, dgamma, dbeta = batch_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)
    wrong = [np.empty((4, 33)), np.empty((4, 1)), np.empty((4, 1))]
    batch_norm_backward_without_statistics_into(
        dZ_tilde, Z_norm, gamma, variance, EPSILON, wrong[1], wrong[2], wrong[0]
    )
    expected = twins.batch_norm_backward_without_statistics(dZ_tilde, gamma, variance, EPSILON)
    np.testing.assert_allclose(wrong[0], expected, rtol=1e-12)
    np.testing.assert_array_equal(wrong[1], dgamma)
    np.testing.assert_array_equal(wrong[2], dbeta)
    assert np.abs(wrong[0] - dZ).max() > 0.01


def test_running_average():
    running, new = np.array([[1.0], [-2.0]]), np.array([[3.0], [5.0]])
    expected = twins.update_running_average(running, new, 0.9)
    result = update_running_average(running, new, 0.9)
    assert result is running
    np.testing.assert_allclose(running, expected, rtol=1e-15)


def test_nan_stays():
    Z, gamma, beta, _ = drawn(2, 20, 5)
    Z[1, 7] = np.nan
    Z_tilde = batch_norm_forward(Z, gamma, beta, EPSILON)[0]
    assert np.all(np.isfinite(Z_tilde[0])) and np.all(np.isnan(Z_tilde[1]))


def test_outputs_are_written_in_place():
    Z, gamma, beta, _ = drawn(4, 9, 6)
    mean, variance, Z_norm, Z_tilde = (
        np.empty(shape) for shape in ((4, 1), (4, 1), (4, 9), (4, 9))
    )
    batch_norm_forward(Z, gamma, beta, EPSILON, mean, variance, Z_norm, Z_tilde)
    expected = batch_norm_forward(Z, gamma, beta, EPSILON)
    for output, same in zip((Z_tilde, Z_norm, mean, variance), expected, strict=True):
        np.testing.assert_array_equal(output, same)


def test_from_jitted_code():
    @numba.njit
    def twice(Z, gamma, beta):
        Z_tilde, _, _, _ = batch_norm_forward(Z, gamma, beta, 1e-5)
        return batch_norm_forward(Z_tilde, gamma, beta, 1e-5)[0]

    Z, gamma, beta, _ = drawn(3, 10, 7)
    once = batch_norm_forward(Z, gamma, beta, EPSILON)[0]
    expected = batch_norm_forward(once, gamma, beta, EPSILON)[0]
    np.testing.assert_allclose(twice(Z, gamma, beta), expected, rtol=1e-14)


def test_wrong_arrays():
    Z, gamma, beta, dZ_tilde = drawn(3, 10, 8)
    with pytest.raises(ValueError, match=r"Z has \(3, 10\) but gamma has \(2, 1\)"):
        batch_norm_forward(Z, gamma[:2].copy(), beta, EPSILON)
    with pytest.raises(ValueError, match=r"beta has \(1, 1\) but gamma has \(3, 1\)"):
        batch_norm_inference(Z, gamma, beta[:1].copy(), gamma, gamma, EPSILON)
    with pytest.raises(ValueError, match=r"dZ_tilde has \(3, 9\) but Z_norm has \(3, 10\)"):
        batch_norm_backward(dZ_tilde[:, :9].copy(), Z, gamma, gamma, EPSILON)
    with pytest.raises(TypeError, match="gamma holds float32 but Z holds float64"):
        batch_norm_forward(Z, gamma.astype(np.float32), beta, EPSILON)
    with pytest.raises(ValueError, match=r"new has \(2, 1\) but running has \(3, 1\)"):
        update_running_average(gamma, beta[:2].copy(), 0.9)
