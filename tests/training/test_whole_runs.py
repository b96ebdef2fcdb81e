"""Whole training runs agree with the slow NumPy twin, array by array and step by step."""

import pytest
from hypothesis import given, settings

from nnsim.kernels.codes import Activation, Initializer, Loss, Optimizer, Schedule, names_of
from nnsim.network.specification import BatchNorm, Layer, LayerNorm, Network
from nnsim.training.specification import LearningRateSchedule
from tests.simulations.made import (
    network,
    residual_network,
    rich_network,
    simulation,
    without_redundant_biases,
)
from tests.simulations.strategies import descriptions
from tests.training.runs import assert_agrees

LOSSES = {
    "binary_cross_entropy": (1, "sigmoid"),
    "softmax_cross_entropy": (3, "softmax"),
    "mean_squared_error": (2, "identity"),
    "hinge": (1, "identity"),
    "huber": (2, "identity"),
}


@pytest.mark.parametrize("activation", [name for name in names_of(Activation) if name != "hardmax"])
def test_every_activation(activation):
    hidden = Layer(4, activation, slope=0.3, initializer="glorot")
    described = network(hidden, Layer(3, activation, slope=0.2, initializer="glorot"))
    assert_agrees(simulation(described, optimizer="sgd", learning_rate=0.3), 4)


@pytest.mark.parametrize("last", ["identity", "sigmoid", "tanh", "relu", "softplus", "softmax"])
@pytest.mark.parametrize("loss", ["mean_squared_error", "huber"])
def test_every_last_activation_of_a_loss_on_outputs(loss, last):
    described = network(3, loss=loss, outputs=2, last=last, huber_delta=0.5)
    assert_agrees(simulation(described, optimizer="sgd", learning_rate=0.1), 4)


@pytest.mark.parametrize("loss", names_of(Loss))
def test_every_loss_with_everything_before_it(loss):
    outputs, last = LOSSES[loss]
    hidden = rich_network().layers[:-1]
    described = network(*hidden, loss=loss, outputs=outputs, last=last, l2=0.2, l1=0.1)
    assert_agrees(simulation(described, optimizer="momentum"), 7)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("optimizer", names_of(Optimizer))
def test_every_optimizer(optimizer, inside):
    run = simulation(
        without_redundant_biases(rich_network()),
        optimizer=optimizer,
        epsilon_inside=inside,
        weight_decay=0.1,
        epsilon=1e-6,
        learning_rate=0.005,
    )
    # Where s is tiny, dividing by its root enlarges the last bits: hence 1e-12 absolutely.
    assert_agrees(run, 7, atol=1e-12)


@pytest.mark.parametrize("kind", names_of(Schedule))
def test_every_schedule(kind):
    schedule = LearningRateSchedule(
        kind, rate=0.7, every=2, minimum=0.001, warm_up=3, values=((1, 0.03), (2, 0.01))
    )
    run = simulation(network(2), schedule=schedule, steps=12, batch_size=5)
    assert_agrees(run, 12)


@pytest.mark.parametrize("initializer", names_of(Initializer))
def test_every_initializer_trains(initializer):
    described = network(Layer(5, "tanh", initializer=initializer, scale=0.5))
    assert_agrees(simulation(described), 3)


@pytest.mark.parametrize("halved", [False, True])
def test_penalties(halved):
    described = network(4, 3, l1=0.4, l1_halved=halved, l2=0.7)
    assert_agrees(simulation(described, optimizer="momentum"), 5)


@pytest.mark.parametrize(
    "settings",
    [
        {"batch_size": 0},
        {"batch_size": 1},
        {"batch_size": 4, "shuffle": False},
        {"batch_size": 11, "shuffle": True},
        {"batch_size": 99},
    ],
    ids=str,
)
def test_batches(settings):
    assert_agrees(simulation(network(3), **settings), 12)


@pytest.mark.parametrize(
    "settings",
    [{"clip_value": 0.05}, {"clip_norm": 0.05}, {"clip_value": 0.1, "clip_norm": 0.05}],
    ids=str,
)
def test_clipping(settings):
    run = simulation(optimizer="sgd", **settings)
    assert_agrees(run, 5)
    free = simulation(optimizer="sgd")
    free.advance(5)
    assert (run.snapshot().arrays["W1"] != free.snapshot().arrays["W1"]).any()


def test_layer_norm_residual_connections_and_smoothed_labels():
    assert_agrees(simulation(residual_network(), batch_size=5), 6)
    assert_agrees(simulation(residual_network(), optimizer="sgd", batch_size=0), 6)


def test_layer_norm_with_given_numbers_and_a_residual_first_layer():
    norm = LayerNorm(epsilon=0.1, gamma=(0.5, 2.0, 1.0), beta=(1.0, -1.0, 0.0))
    described = network(
        Layer(2, "tanh", residual=True),
        Layer(3, "silu", layer_norm=norm),
        label_smoothing=0.2,
    )
    assert_agrees(simulation(described, optimizer="sgd", batch_size=5), 5)


def test_batch_norm_in_the_last_layer_and_with_given_numbers():
    norm = BatchNorm(epsilon=0.1, momentum=0.3, gamma=(0.5, 2.0), beta=(1.0, -1.0))
    hidden = Layer(2, "silu", batch_norm=norm, weights=((1.0, 2.0), (0.5, -1.0)), biases=(0.1, 0.2))
    last = Layer(1, "sigmoid", batch_norm=BatchNorm(), initializer="xavier")
    described = Network(2, (hidden, last), "binary_cross_entropy")
    assert_agrees(simulation(described, optimizer="sgd", batch_size=5), 5)


@settings(max_examples=25)
@given(description=descriptions())
def test_any_run_in_float64(description):
    (described,), settings = description
    # Where a shift is taken off again by batch norm, its gradient is round-off; a tiny epsilon, or
    # Lion's sign, would make whole steps of it, which no two computations share.
    settings |= {"dtype": "float64", "seed": 3, "epsilon": 1e-3}
    if settings["optimizer"] == "lion":
        settings["optimizer"] = "momentum"
    run = simulation(without_redundant_biases(described), **settings)
    # One example has no variance, and its normalised 0 / sqrt(epsilon) enlarges the last bits.
    assert_agrees(run, 4, rtol=1e-9, atol=1e-10)


def test_a_run_in_float32_stays_near():
    assert_agrees(simulation(dtype="float32", optimizer="sgd"), 5, rtol=2e-4, atol=2e-5)
