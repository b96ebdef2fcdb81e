"""The first parameters (course topics A8, B11): drawn by layer, or given number by number."""

import numpy as np
import pytest

from nnsim.kernels.codes import Initializer, Stream, names_of
from nnsim.network.specification import BatchNorm, Layer
from tests.reference import initializers, random
from tests.simulations.made import network, simulation

INITIALIZE = int(Stream.INITIALIZE)


def first(*hidden, seed=3, **settings):
    return simulation(network(*hidden), seed=seed, **settings).snapshot().arrays


@pytest.mark.parametrize("name", ["he", "xavier", "glorot", "normal", "orthogonal"])
def test_weights_are_the_twin_s(name):
    found = first(Layer(5, initializer=name, scale=0.5), Layer(3, initializer=name))
    for number, (n, n_prev), scale in ((1, (5, 2), 0.5), (2, (3, 5), 1.0)):
        normals = random.normal(3, INITIALIZE, 0, number, n * n_prev)
        expected = scale * getattr(initializers, name)(normals, n, n_prev)
        np.testing.assert_allclose(found[f"W{number}"], expected, rtol=1e-12, atol=1e-15)


def test_the_other_parameters_start_at_0_and_1():
    found = first(Layer(4, batch_norm=BatchNorm()))
    assert not found["b1"].any() and not found["beta1"].any() and (found["gamma1"] == 1).all()
    assert not found["running_mean1"].any() and (found["running_variance1"] == 1).all()


@pytest.mark.parametrize("initializer", names_of(Initializer))
def test_float32_starts_where_float64_does(initializer):
    layer = Layer(3, initializer=initializer, scale=0.7)
    wide, narrow = first(layer), first(layer, dtype="float32")
    assert narrow["W1"].dtype == np.float32
    assert np.array_equal(narrow["W1"], wide["W1"].astype(np.float32))


def test_a_layer_s_draws_do_not_depend_on_the_others():
    assert np.array_equal(
        first(Layer(3, initializer="zeros"), 4)["W2"], first(Layer(3, initializer="he"), 4)["W2"]
    )


def test_seeds_and_layers_have_draws_of_their_own():
    found = first(2, 2, 2)
    draws = [found["W1"], found["W2"], found["W3"], first(2, 2, 2, seed=4)["W1"]]
    assert len({draw.tobytes() for draw in draws}) == 4


def test_given_numbers():
    norm = BatchNorm(gamma=(2.0, 3.0), beta=(4.0, 5.0))
    layer = Layer(2, weights=((1.0, 2.0), (3.0, 4.0)), biases=(6.0, 7.0), batch_norm=norm)
    found = first(layer)
    assert found["W1"].tolist() == [[1, 2], [3, 4]] and found["b1"].tolist() == [[6], [7]]
    assert found["gamma1"].tolist() == [[2], [3]] and found["beta1"].tolist() == [[4], [5]]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            Layer(2, weights=((1.0, 2.0),)),
            r"W1: given numbers have shape \(1, 2\), expected \(2, 2\)",
        ),
        (Layer(2, weights=((1.0, 2.0), (3.0,))), r"W1: given numbers have shape"),
        (Layer(2, biases=(1.0, 2.0, 3.0)), r"b1: given numbers have shape \(3, 1\), expected \(2"),
        (Layer(2, batch_norm=BatchNorm(gamma=(1.0,))), r"gamma1: given .* expected \(2, 1\)"),
    ],
)
def test_given_numbers_of_a_wrong_shape(layer, message):
    with pytest.raises(ValueError, match=message):
        first(layer)
