"""First weights: their twins, their variances (course topic B11), and sameness over dtypes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.kernels.codes import Initializer, Stream
from nnsim.kernels.cpu.initializers import initialize_into
from tests.reference import initializers as twins
from tests.reference import random as random_twins

DRAWN = ("normal", "he", "xavier", "glorot", "orthogonal")


def weights(name, n, n_prev, *, scale=1.0, seed=3, layer=2, dtype=np.float64):
    W = np.full((n, n_prev), np.nan, dtype)
    initialize_into(int(Initializer[name.upper()]), scale, n_prev, n, seed, layer, W)
    return W


@pytest.mark.parametrize("name", DRAWN)
@given(n=st.integers(1, 7), n_prev=st.integers(1, 7), seed=st.integers(0, 2**63 - 1))
def test_agree_with_twins(name, n, n_prev, seed):
    normals = random_twins.normal(seed, Stream.INITIALIZE, 0, 2, n * n_prev)
    expected = getattr(twins, name)(normals, n, n_prev)
    result = weights(name, n, n_prev, scale=1.5, seed=seed)
    np.testing.assert_allclose(result, 1.5 * expected, rtol=1e-9, atol=1e-10)


@given(n=st.integers(1, 7), n_prev=st.integers(1, 7), seed=st.integers(0, 2**63 - 1))
def test_uniform_agrees_with_twin(n, n_prev, seed):
    uniforms = random_twins.uniform(seed, Stream.INITIALIZE, 0, 2, n * n_prev)
    expected = 0.1 * twins.uniform(uniforms, n, n_prev)
    result = weights("uniform", n, n_prev, scale=0.1, seed=seed)
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-16)


def test_without_chance():
    assert np.all(weights("zeros", 3, 4, scale=7.0) == 0)
    assert np.all(weights("constant", 3, 4, scale=0.3) == 0.3)
    np.testing.assert_array_equal(weights("identity", 3, 4, scale=1.5), 1.5 * np.eye(3, 4))


@pytest.mark.parametrize(
    ("name", "variance"),
    [("normal", 1), ("he", 2 / 300), ("xavier", 1 / 300), ("glorot", 2 / 500), ("uniform", 1 / 3)],
)
def test_variances_of_the_course(name, variance):
    W = weights(name, 200, 300)
    # A sample variance of N numbers strays by sqrt(2 / N) of itself, less for uniform ones.
    np.testing.assert_allclose(W.var(), variance, rtol=4 * np.sqrt(2 / W.size))
    assert abs(W.mean()) < 4 * np.sqrt(variance / W.size)


@pytest.mark.parametrize(("n", "n_prev"), [(1, 1), (5, 5), (3, 8), (8, 3), (60, 60), (90, 40)])
def test_orthogonal_rows_or_columns(n, n_prev):
    W = weights("orthogonal", n, n_prev, scale=2.0)
    product = W @ W.T if n <= n_prev else W.T @ W
    np.testing.assert_allclose(product, 4 * np.eye(min(n, n_prev)), atol=1e-13)


@pytest.mark.parametrize("name", (*DRAWN, "uniform"))
def test_float32_starts_where_float64_does(name):
    wide = weights(name, 6, 5)
    np.testing.assert_array_equal(weights(name, 6, 5, dtype=np.float32), wide.astype(np.float32))


@pytest.mark.parametrize("name", (*DRAWN, "uniform"))
def test_seed_and_layer_matter_and_nothing_else(name):
    first = weights(name, 6, 5)
    np.testing.assert_array_equal(weights(name, 6, 5), first)
    assert np.all(weights(name, 6, 5, seed=4) != first)
    assert np.all(weights(name, 6, 5, layer=3) != first)
