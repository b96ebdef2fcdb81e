"""Activations against their twins, at the edges of the number range, and used wrongly."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnsim.kernels.codes import FAMILY_OF, Activation, Family, names_of
from nnsim.kernels.cpu import activation_bodies as bodies
from nnsim.kernels.cpu import activation_gradients, activations
from tests.reference import activations as twins

NAMES = names_of(Activation)
WITH_SLOPE = ("leaky_relu", "elu")
BY_COLUMN = ("softmax", "hardmax")
DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
SLOPE = 0.25

each_name = pytest.mark.parametrize("name", NAMES)
each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


FAMILIES = {
    Family.PIECEWISE: (bodies.piecewise_into, bodies.piecewise_backward_into),
    Family.SQUASHING: (bodies.squashing_into, bodies.squashing_backward_into),
    Family.COLUMNWISE: (bodies.columnwise_into, bodies.columnwise_backward_into),
    Family.CURVED: (bodies.curved_into, bodies.curved_backward_into),
}


def slope_of(name):
    return (SLOPE,) if name in WITH_SLOPE else ()


def public_forward(name, Z):
    return getattr(activations, name)(Z, *slope_of(name))


def public_backward(name, dA, Z, A):
    return getattr(activation_gradients, f"{name}_backward")(dA, Z, A, *slope_of(name))


def forward(name, Z):
    """Call what the compiled program calls: compiled once a family."""
    A = np.empty_like(Z)
    code = Activation[name.upper()]
    FAMILIES[FAMILY_OF[code]][0](int(code), Z.dtype.type(SLOPE), Z, A)
    return A


def backward(name, dA, Z, A):
    dZ = np.empty_like(Z)
    backward_in_place(name, dA, Z, A, dZ)
    return dZ


def backward_in_place(name, dA, Z, A, dZ):
    code = Activation[name.upper()]
    FAMILIES[FAMILY_OF[code]][1](int(code), Z.dtype.type(SLOPE), dA, Z, A, dZ)


@pytest.fixture(autouse=True)
def quiet():
    """NumPy warns of overflow where it stands in for the compiled code."""
    with np.errstate(all="ignore"):
        yield


def matrices(limit=30.0):
    """Matrices of many shapes; the small numbers among them are where precision is lost first."""
    entries = st.floats(-limit, limit) | st.floats(-1e-3, 1e-3) | st.just(0.0)
    return hnp.arrays(
        np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=20), elements=entries
    )


def drawn(dtype, n=5, m=19, scale=3.0, seed=0):
    return (scale * np.random.default_rng(seed).normal(size=(n, m))).astype(dtype)


@each_dtype
@each_name
@given(Z=matrices())
def test_forward_agrees_with_twin(name, dtype, Z):
    Z = Z.astype(dtype)
    A = forward(name, Z)
    expected = getattr(twins, name)(Z, *slope_of(name))
    assert A.dtype == dtype
    np.testing.assert_allclose(A, expected, rtol=TOLERANCE[dtype], atol=1e-3 * TOLERANCE[dtype])


@each_dtype
@each_name
@given(Z=matrices(), seed=st.integers(0, 100))
def test_backward_agrees_with_twin(name, dtype, Z, seed):
    Z = Z.astype(dtype)
    dA = drawn(dtype, *Z.shape, seed=seed)
    dZ = backward(name, dA, Z, forward(name, Z))
    expected = getattr(twins, f"{name}_backward")(dA, Z, *slope_of(name))
    assert dZ.dtype == dtype
    np.testing.assert_allclose(dZ, expected, rtol=TOLERANCE[dtype], atol=10 * TOLERANCE[dtype])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "hardmax"])
def test_backward_is_the_slope_of_forward(name):
    Z, dA, step = drawn(np.float64), drawn(np.float64, seed=1), 1e-6
    expected = np.empty(Z.shape)
    for place in np.ndindex(Z.shape):
        above, below = Z.copy(), Z.copy()
        above[place] += step
        below[place] -= step
        expected[place] = np.sum(dA * (forward(name, above) - forward(name, below))) / (2 * step)
    dZ = backward(name, dA, Z, forward(name, Z))
    np.testing.assert_allclose(dZ, expected, rtol=1e-6, atol=1e-7)


@each_name
def test_public_kernels_give_the_bits_of_the_dispatch(name):
    Z, dA = drawn(np.float64), drawn(np.float64, seed=1)
    A = public_forward(name, Z)
    dZ = public_backward(name, dA, Z, A)
    np.testing.assert_array_equal(A, forward(name, Z))
    np.testing.assert_array_equal(dZ, backward(name, dA, Z, A))


@each_dtype
@each_name
def test_backward_in_the_memory_of_dA_gives_the_same_bits(name, dtype):
    Z, dA = drawn(dtype), drawn(dtype, seed=1)
    A = forward(name, Z)
    expected = backward(name, dA, Z, A)
    backward_in_place(name, dA, Z, A, dA)
    np.testing.assert_array_equal(dA, expected)


def test_public_kernels_keep_float32():
    Z = drawn(np.float32)
    for name in ("tanh", "softmax", "leaky_relu"):
        A = public_forward(name, Z)
        dZ = public_backward(name, Z, Z, A)
        assert A.dtype == dZ.dtype == np.float32
        np.testing.assert_array_equal(A, forward(name, Z))
        np.testing.assert_array_equal(dZ, backward(name, Z, Z, A))


@each_dtype
@each_name
def test_nan_stays_nan(name, dtype):
    Z = drawn(dtype)
    Z[[0, 2, 4], [3, 7, 18]] = np.nan
    spoiled = np.isnan(Z)
    A = forward(name, Z)
    if name == "hardmax":
        np.testing.assert_array_equal(np.isnan(A).any(axis=0), spoiled.any(axis=0))
        return
    if name in BY_COLUMN:
        spoiled = np.broadcast_to(spoiled.any(axis=0), Z.shape)
    np.testing.assert_array_equal(np.isnan(A), spoiled)
    dZ = backward(name, np.ones_like(Z), Z, A)
    if name not in ("identity", "relu", "leaky_relu"):  # their dA is NaN then, Z is not looked at
        np.testing.assert_array_equal(np.isnan(dZ), spoiled)


@each_dtype
def test_edges_of_the_number_range(dtype):
    tiny, huge = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).max
    Z = np.array([[-np.inf, -huge, -1000, -0.0, 0.0, tiny, -tiny, 1000, huge, np.inf]], dtype)
    one, half = dtype(1), dtype(0.5)
    sigmoid = [0, 0, 0, half, half, half, half, one, one, one]
    np.testing.assert_array_equal(forward("sigmoid", Z)[0], np.array(sigmoid, dtype))
    tanh = forward("tanh", Z)
    np.testing.assert_array_equal(tanh, np.tanh(Z))
    np.testing.assert_array_equal(np.signbit(tanh), np.signbit(Z))
    np.testing.assert_array_equal(forward("relu", Z), np.maximum(Z, 0))
    softplus = forward("softplus", Z)[0]
    np.testing.assert_array_equal(softplus[[0, 1, 2]], 0)
    np.testing.assert_array_equal(softplus[-3:], Z[0, -3:])
    elu = forward("elu", Z)[0]
    np.testing.assert_array_equal(elu[:3], -dtype(SLOPE))
    np.testing.assert_array_equal(elu[-3:], Z[0, -3:])


def test_tiny_results_keep_their_precision():
    Z = np.array([[-745.0, -720.0, -700.0, -40.0]])
    A = forward("sigmoid", Z)[0]
    np.testing.assert_allclose(A[1:], np.exp(Z[0, 1:]), rtol=1e-10)
    assert A[0] == np.exp(-745.0)  # the smallest number but zero
    small = np.array([[1e-300, -1e-17, 1e-9]])
    np.testing.assert_allclose(forward("tanh", small), small, rtol=1e-15)


def test_softmax_of_the_course():
    Z = np.array([[5.0], [2.0], [-1.0], [3.0]])
    np.testing.assert_allclose(
        activations.softmax(Z)[:, 0], [0.842, 0.042, 0.002, 0.114], atol=5e-4
    )
    np.testing.assert_array_equal(activations.hardmax(Z)[:, 0], [1, 0, 0, 0])


@each_dtype
@given(Z=matrices(), shift=st.floats(-100, 100))
def test_softmax_columns_are_distributions_that_a_shift_leaves_alone(dtype, Z, shift):
    Z = Z.astype(dtype)
    A = activations.softmax(Z)
    precision = 100 * np.finfo(dtype).eps
    np.testing.assert_allclose(A.sum(axis=0), 1, rtol=precision)
    np.testing.assert_allclose(activations.softmax(Z + dtype(shift)), A, atol=precision * 100)


def test_softmax_survives_overflow_and_excludes_minus_infinity():
    A = activations.softmax(np.array([[1e308, -np.inf], [-1e308, 0.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(A, [[1.0, 0.0], [0.0, 0.5], [0.0, 0.5]])


def test_two_class_softmax_is_sigmoid_of_the_difference():
    Z = drawn(np.float64, n=2)
    expected = activations.sigmoid(np.ascontiguousarray(Z[:1] - Z[1:]))
    np.testing.assert_allclose(activations.softmax(Z)[:1], expected, rtol=1e-13)


def test_hardmax_takes_the_first_of_equals():
    Z = np.array([[1.0, 0.0, -np.inf], [1.0, 2.0, -np.inf], [0.0, 2.0, -np.inf]])
    np.testing.assert_array_equal(activations.hardmax(Z), [[1, 0, 1], [0, 1, 0], [0, 0, 0]])


@pytest.mark.parametrize("name", ["relu", "softmax"])
def test_given_outputs_are_written_and_returned(name):
    Z, dA = drawn(np.float64), drawn(np.float64, seed=1)
    A, dZ = np.full_like(Z, 7.0), np.full_like(Z, 7.0)
    returned = getattr(activations, name)(Z, A)
    assert np.shares_memory(returned, A)
    np.testing.assert_array_equal(A, forward(name, Z))
    returned = getattr(activation_gradients, f"{name}_backward")(dA, Z, A, dZ)
    assert np.shares_memory(returned, dZ)
    np.testing.assert_array_equal(dZ, backward(name, dA, Z, A))
    getattr(activation_gradients, f"{name}_backward")(dA, Z, A, dA)
    np.testing.assert_array_equal(dA, dZ)


@numba.njit
def relu_of_a_user(Z):
    return activations.relu(Z)


@numba.njit
def relu_into_of_a_user(Z, A):
    return activations.relu(Z, A=A)


def test_kernels_work_in_jitted_code_of_users():
    Z = drawn(np.float64)
    np.testing.assert_array_equal(relu_of_a_user(Z), np.maximum(Z, 0))
    with pytest.raises(ValueError, match=r"relu: A has \(2, 2\) but Z has \(5, 19\)"):
        relu_into_of_a_user(Z, np.empty((2, 2)))
    with pytest.raises(TypeError, match="relu: Z is not C-contiguous"):
        relu_of_a_user(Z[:, ::2])


@each_name
def test_wrong_shapes_are_named(name):
    Z, other = drawn(np.float64), drawn(np.float64, 4, 19)
    with pytest.raises(
        ValueError, match=rf"^{name}_backward: dA has \(4, 19\) but Z has \(5, 19\)$"
    ):
        public_backward(name, other, Z, Z)
    with pytest.raises(
        ValueError, match=rf"^{name}_backward: A has \(4, 19\) but Z has \(5, 19\)$"
    ):
        public_backward(name, Z, Z, other)


@each_name
def test_wrong_types_are_told_in_one_line(name):
    Z = drawn(np.float64)
    with pytest.raises(TypeError, match=rf"^{name}: Z is not C-contiguous; pass [^\n]*$"):
        public_forward(name, Z.T)
    with pytest.raises(TypeError, match=rf"^{name}: Z holds int64; expected float64[^\n]*$"):
        public_forward(name, np.ones((2, 3), int))
    with pytest.raises(TypeError, match=rf"^{name}_backward: Z holds float32 but dA[^\n]*$"):
        public_backward(name, Z, Z.astype(np.float32), Z)


def test_an_output_must_not_be_the_input():
    Z = drawn(np.float64)
    with pytest.raises(ValueError, match="relu: A is Z's own memory"):
        activations.relu(Z, Z)


@pytest.mark.parametrize("name", BY_COLUMN)
def test_columns_without_rows_are_refused(name):
    with pytest.raises(ValueError, match=rf"{name}: Z has \(0, 3\) but needs at least one row"):
        public_forward(name, np.empty((0, 3)))
