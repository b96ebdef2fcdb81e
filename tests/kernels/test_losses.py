"""Losses against their twins, at the edges of the number range, and used wrongly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nnsim.kernels.codes import Loss, Task, names_of
from nnsim.kernels.cpu import activations, losses
from nnsim.kernels.cpu.loss_bodies import (
    LOGIT_LOSSES,
    accuracy_count,
    loss_cost,
    loss_gradient_into,
)
from tests.reference import losses as twins

NAMES = names_of(Loss)
DTYPES = (np.float64, np.float32)
TOLERANCE = {np.float64: 1e-12, np.float32: 1e-5}
DELTA = 0.75

each_name = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(autouse=True)
def quiet():
    """NumPy warns of overflow where it stands in for the compiled code."""
    with np.errstate(all="ignore"):
        yield


each_dtype = pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.__name__)


def delta_of(name):
    return (DELTA,) if name == "huber" else ()


def public_cost(name, Z, Y):
    return getattr(losses, name)(Z, Y, *delta_of(name))


def public_gradient(name, Z, Y):
    return getattr(losses, f"{name}_backward")(Z, Y, *delta_of(name))


def cost(name, Z, Y):
    """Call the dispatch of the compiled program: compiled once for all names."""
    delta = Z.dtype.type(DELTA)
    return loss_cost(int(Loss[name.upper()]), delta, Z, activated(name, Z), Y)


def gradient(name, Z, Y):
    delta, dOut = Z.dtype.type(DELTA), np.empty_like(Z)
    loss_gradient_into(int(Loss[name.upper()]), delta, Z, activated(name, Z), Y, dOut)
    return dOut


def labels_for(name, Z, seed=0):
    """Labels that fit the loss: 0 and 1, columns of a distribution, or any numbers."""
    random = np.random.default_rng(seed)
    if name == "softmax_cross_entropy":
        Y = random.uniform(size=Z.shape)
        Y /= Y.sum(axis=0)
    elif name in ("binary_cross_entropy", "hinge"):
        Y = np.round(random.uniform(size=Z.shape))
    else:
        Y = random.normal(size=Z.shape)
    return Y.astype(Z.dtype)


def activated(name, Z):
    functions = {
        "binary_cross_entropy": activations.sigmoid,
        "softmax_cross_entropy": activations.softmax,
    }
    return functions.get(name, activations.identity)(Z)


def drawn(dtype, n=4, m=37, scale=3.0, seed=0):
    return (scale * np.random.default_rng(seed).normal(size=(n, m))).astype(dtype)


logits = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=20),
    elements=st.floats(-100, 100) | st.floats(-1e-3, 1e-3),
)


@each_dtype
@each_name
@given(Z=logits, seed=st.integers(0, 100))
def test_cost_agrees_with_twin(name, dtype, Z, seed):
    Z = Z.astype(dtype)
    Y = labels_for(name, Z, seed)
    J = cost(name, Z, Y)
    expected = getattr(twins, name)(Z, Y, *delta_of(name))
    np.testing.assert_allclose(J, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@each_name
def test_gradient_is_that_of_the_twin(name):
    Z = drawn(np.float64)
    Y = labels_for(name, Z)
    expected = twins.numeric_gradient(lambda Z: getattr(twins, name)(Z, Y, *delta_of(name)), Z)
    np.testing.assert_allclose(gradient(name, Z, Y), expected, rtol=1e-6, atol=1e-6)


@each_name
def test_public_kernels_give_the_bits_of_the_dispatch(name):
    Z = drawn(np.float64)
    Y = labels_for(name, Z)
    assert public_cost(name, Z, Y) == cost(name, Z, Y)
    np.testing.assert_array_equal(public_gradient(name, Z, Y), gradient(name, Z, Y))


def test_public_kernels_keep_float32():
    Z = drawn(np.float32)
    for name in ("binary_cross_entropy", "huber"):
        Y = labels_for(name, Z)
        assert public_cost(name, Z, Y) == cost(name, Z, Y)
        dZ = public_gradient(name, Z, Y)
        assert dZ.dtype == np.float32
        np.testing.assert_array_equal(dZ, gradient(name, Z, Y))


def test_logit_losses_are_those_whose_gradient_is_A_minus_Y():
    Z = drawn(np.float64)
    for loss in Loss:
        name = loss.name.lower()
        Y = labels_for(name, Z)
        difference = gradient(name, Z, Y) - (activated(name, Z) - Y)
        assert (np.abs(difference).max() < 1e-12) == (loss in LOGIT_LOSSES)


def test_cross_entropies_of_the_course():
    yhat = np.array([[0.3], [0.2], [0.1], [0.4]])
    Y = np.array([[0.0], [1.0], [0.0], [0.0]])
    assert losses.softmax_cross_entropy(np.log(yhat), Y) == pytest.approx(1.609, abs=5e-4)
    np.testing.assert_allclose(losses.softmax_cross_entropy_backward(np.log(yhat), Y), yhat - Y)
    one = np.ones((1, 1))
    assert losses.binary_cross_entropy(0 * one, one) == pytest.approx(np.log(2), rel=1e-15)


@each_dtype
def test_costs_from_large_logits_are_finite(dtype):
    Z = np.array([[1000.0, -1000.0, 1000.0, -1000.0]], dtype)
    Y = np.array([[1.0, 0.0, 0.0, 1.0]], dtype)
    assert cost("binary_cross_entropy", Z, Y) == 500
    np.testing.assert_array_equal(gradient("binary_cross_entropy", Z, Y), [[0, 0, 1, -1]])
    columns = np.array([[1000.0], [-1000.0]], dtype)
    assert cost("softmax_cross_entropy", columns, np.array([[0.0], [1.0]], dtype)) == 2000


def test_a_small_cost_keeps_its_precision():
    Z, Y = np.array([[30.0]]), np.array([[1.0]])
    assert losses.binary_cross_entropy(Z, Y) == pytest.approx(np.exp(-30.0), rel=1e-12)


def test_an_impossible_and_absent_class_costs_nothing():
    Z, Y = np.array([[0.0], [-np.inf]]), np.array([[1.0], [0.0]])
    assert losses.softmax_cross_entropy(Z, Y) == 0


@each_dtype
@each_name
def test_nan_stays_nan(name, dtype):
    Z = drawn(dtype)
    Y = labels_for(name, Z)
    Z[1, 5] = np.nan
    assert np.isnan(cost(name, Z, Y))
    spoiled = np.isnan(gradient(name, Z, Y))
    assert spoiled[1, 5]
    assert not np.delete(spoiled, 5, axis=1).any()


@each_name
def test_a_given_gradient_is_written_and_wrong_arrays_are_named(name):
    Z = drawn(np.float64)
    Y, output = labels_for(name, Z), np.full_like(Z, 7.0)
    backward = getattr(losses, f"{name}_backward")
    returned = backward(Z, Y, *delta_of(name), output)
    assert np.shares_memory(returned, output)
    np.testing.assert_array_equal(output, public_gradient(name, Z, Y))
    first = "A" if name in ("mean_squared_error", "huber") else "Z"
    other = np.zeros((4, 36))
    with pytest.raises(ValueError, match=rf"^{name}: Y has \(4, 36\) but {first} has \(4, 37\)$"):
        public_cost(name, Z, other)
    with pytest.raises(ValueError, match=rf"^{name}_backward: Y has \(4, 36\) but {first} has "):
        public_gradient(name, Z, other)
    with pytest.raises(
        TypeError, match=rf"^{name}: Y holds float32 but {first} holds float64[^\n]*$"
    ):
        public_cost(name, Z, Y.astype(np.float32))


@pytest.mark.parametrize("loss", [Loss.BINARY_CROSS_ENTROPY, Loss.HINGE, Loss.MEAN_SQUARED_ERROR])
@given(Z=logits, seed=st.integers(0, 100))
def test_binary_accuracy_agrees_with_twin(loss, Z, seed):
    Y = labels_for("binary_cross_entropy", Z, seed)
    Z[0, 0] = np.nan if seed % 2 else Z[0, 0]
    A = activated(loss.name.lower(), Z)
    expected = twins.right_predictions("binary", loss != Loss.MEAN_SQUARED_ERROR, Z, A, Y)
    assert accuracy_count(int(Task.BINARY), int(loss), Z, A, Y) == expected


@given(Z=logits, seed=st.integers(0, 100))
def test_multiclass_accuracy_agrees_with_twin(Z, seed):
    Y = labels_for("softmax_cross_entropy", Z, seed)
    Z[0, 0] = np.nan if seed % 2 else Z[0, 0]
    A = activated("softmax_cross_entropy", Z)
    expected = twins.right_predictions("multiclass", True, Z, A, Y)
    code = int(Loss.SOFTMAX_CROSS_ENTROPY)
    assert accuracy_count(int(Task.MULTICLASS), code, Z, A, Y) == expected


def test_regression_has_no_accuracy():
    Z = drawn(np.float64)
    assert accuracy_count(int(Task.REGRESSION), int(Loss.MEAN_SQUARED_ERROR), Z, Z, Z) == 0
