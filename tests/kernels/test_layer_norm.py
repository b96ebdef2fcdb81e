"""Layer norm against its twin and its own slope, and what it does to an example (topic E7)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.cpu.layer_norm import layer_norm_backward, layer_norm_forward
from tests.reference import layer_norm as twins

DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
EPSILON = 1e-5

each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)
sizes = {"n": st.integers(2, 40), "m": st.integers(1, 40), "seed": st.integers(0, 1000)}


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
    results = layer_norm_forward(Z, gamma, beta, EPSILON)
    expected = twins.layer_norm_forward(*(x.astype(float) for x in (Z, gamma, beta)), EPSILON)
    for result, twin in zip(results, expected, strict=True):
        assert result.dtype == dtype
        assert result.shape == twin.shape
        np.testing.assert_allclose(result, twin, rtol=TOLERANCE[dtype], atol=1e3 * TOLERANCE[dtype])


@each_dtype
@given(**sizes)
def test_backward_agrees_with_twin(dtype, n, m, seed):
    n, m = min(n, 8), min(m, 8)
    Z, gamma, beta, dZ_tilde = drawn(n, m, seed, dtype)
    _, Z_norm, _, variance = layer_norm_forward(Z, gamma, beta, EPSILON)
    results = layer_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)
    expected = twins.layer_norm_backward(*(x.astype(float) for x in (dZ_tilde, Z, gamma)), EPSILON)
    for result, twin in zip(results, expected, strict=True):
        assert result.dtype == dtype
        # Two units nearly alike divide by a small sigma, in the twin as well.
        scale = 1 + np.abs(gamma).max() / np.sqrt(variance.min() + EPSILON)
        np.testing.assert_allclose(result, twin, atol=300 * TOLERANCE[dtype] * scale)


def test_backward_is_the_slope_of_forward():
    Z, gamma, beta, dZ_tilde = drawn(4, 7, 1)
    m, step = 7, 1e-6

    def cost(Z, gamma, beta):
        return np.sum(dZ_tilde * layer_norm_forward(Z, gamma, beta, EPSILON)[0]) / m

    def slope(array, *, of):
        slopes = np.empty(array.shape)
        for place in np.ndindex(array.shape):
            above, below = array.copy(), array.copy()
            above[place] += step
            below[place] -= step
            slopes[place] = (of(above) - of(below)) / (2 * step)
        return slopes

    _, Z_norm, _, variance = layer_norm_forward(Z, gamma, beta, EPSILON)
    dZ, dgamma, dbeta = layer_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)
    # dZ is undivided, as everywhere: its 1/m comes with dW.
    np.testing.assert_allclose(dZ / m, slope(Z, of=lambda Z: cost(Z, gamma, beta)), atol=1e-8)
    np.testing.assert_allclose(dgamma, slope(gamma, of=lambda g: cost(Z, g, beta)), atol=1e-8)
    np.testing.assert_allclose(dbeta, slope(beta, of=lambda b: cost(Z, gamma, b)), atol=1e-8)


@given(**sizes)
def test_columns_come_out_with_mean_0_and_variance_1(n, m, seed):
    Z, gamma, beta, _ = drawn(n, m, seed)
    _, Z_norm, mean, variance = layer_norm_forward(Z, gamma, beta, 0.0)
    np.testing.assert_allclose(Z_norm.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose((Z_norm**2).mean(axis=0), 1, rtol=1e-8)
    np.testing.assert_allclose(mean, Z.mean(axis=0, keepdims=True), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(variance, Z.var(axis=0, keepdims=True), rtol=1e-9)


@given(**sizes)
def test_an_example_sees_no_other_one(n, m, seed):
    """To the bit: what is done at test time, one example at a time, is what training did."""
    Z, gamma, beta, dZ_tilde = drawn(n, m, seed)
    Z_tilde, Z_norm, _, variance = layer_norm_forward(Z, gamma, beta, EPSILON)
    dZ = layer_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)[0]
    for j in range(min(m, 3)):
        alone = [np.ascontiguousarray(x[:, j : j + 1]) for x in (Z, dZ_tilde)]
        first, z_norm, _, spread = layer_norm_forward(alone[0], gamma, beta, EPSILON)
        assert (first == Z_tilde[:, j : j + 1]).all()
        back = layer_norm_backward(alone[1], z_norm, gamma, spread, EPSILON)[0]
        assert (back == dZ[:, j : j + 1]).all()


@given(**sizes)
def test_the_scale_of_an_example_is_forgotten(n, m, seed):
    Z, gamma, beta, _ = drawn(n, m, seed)
    plain = layer_norm_forward(Z, gamma, beta, 0.0)[0]
    louder = layer_norm_forward(8.0 * Z, gamma, beta, 0.0)[0]
    np.testing.assert_allclose(louder, plain, rtol=1e-9, atol=1e-9)


@given(**sizes)
def test_dZ_may_be_dZ_tilde_itself(n, m, seed):
    Z, gamma, beta, dZ_tilde = drawn(n, m, seed)
    _, Z_norm, _, variance = layer_norm_forward(Z, gamma, beta, EPSILON)
    apart = layer_norm_backward(dZ_tilde, Z_norm, gamma, variance, EPSILON)[0]
    in_place = dZ_tilde.copy()
    layer_norm_backward(in_place, Z_norm, gamma, variance, EPSILON, None, None, in_place)
    assert (in_place == apart).all()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"gamma": np.ones((3, 1))}, "layer_norm_forward: Z has (4, 5) but gamma has (3, 1)"),
        ({"beta": np.ones((3, 1))}, "layer_norm_forward: beta has (3, 1) but gamma has (4, 1)"),
        ({"mean": np.ones((4, 1))}, "mean has (4, 1) but a row of Z has (1, 5)"),
    ],
)
def test_wrong_shapes_are_told(arguments, told):
    given_ones = {"Z": np.ones((4, 5)), "gamma": np.ones((4, 1)), "beta": np.ones((4, 1))}
    given_ones |= arguments
    mean = given_ones.get("mean")
    with pytest.raises(ValueError) as error:
        layer_norm_forward(given_ones["Z"], given_ones["gamma"], given_ones["beta"], 0.1, mean)
    assert told in str(error.value)


def test_a_variance_of_another_batch_is_told():
    with pytest.raises(ValueError, match="variance has"):
        layer_norm_backward(np.ones((4, 5)), np.ones((4, 5)), np.ones((4, 1)), np.ones((1, 6)), 0.1)
