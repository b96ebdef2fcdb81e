"""Costs and gradients of random networks against PyTorch's autograd."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.kernels.codes import Activation, names_of
from nnsim.network.specification import BatchNorm, Layer, LayerNorm
from tests.parity.torch_networks import cost, parameters_of
from tests.simulations.made import network, simulation
from tests.simulations.strategies import networks


def assert_agrees(described, *, seed=3, step=0, batch_size=0):
    run = simulation(described, seed=seed, batch_size=batch_size, learning_rate=0.01)
    run.advance(step)
    shown = run.probe().arrays
    parameters = parameters_of(shown)
    depth = len(described.layers)
    masks = {n: shown[f"D{n}"] for n in range(1, depth + 1) if f"D{n}" in shown}
    J = cost(described, parameters, shown["A0"], shown["Y"], masks)
    J.backward()
    np.testing.assert_allclose(run.probe().cost, J.item(), rtol=1e-12, atol=1e-14)
    for name, leaf in parameters.items():
        np.testing.assert_allclose(
            shown[f"d{name}"], leaf.grad.numpy(), rtol=1e-10, atol=1e-10, err_msg=name
        )


@settings(max_examples=60)
@given(
    described=networks(),
    seed=st.integers(0, 2**31),
    step=st.integers(0, 3),
    batch_size=st.sampled_from([0, 5]),
)
def test_random_networks(described, seed, step, batch_size):
    # Autograd has no single example in batch norm's training; 11 by 5 leave one in the last batch.
    step = min(step, 1) if batch_size else step
    assert_agrees(described, seed=seed, step=step, batch_size=batch_size)


@pytest.mark.parametrize("activation", [name for name in names_of(Activation) if name != "hardmax"])
def test_every_activation(activation):
    assert_agrees(network(Layer(5, activation, slope=0.3), Layer(4, activation, slope=0.1)))


@pytest.mark.parametrize("last", ["identity", "sigmoid", "tanh", "softplus", "softmax", "gelu"])
@pytest.mark.parametrize("loss", ["mean_squared_error", "huber"])
def test_losses_on_outputs(loss, last):
    assert_agrees(network(4, loss=loss, outputs=3, last=last, huber_delta=0.4))


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "hinge"])
def test_several_yes_or_no_outputs(loss, outputs):
    assert_agrees(network(4, loss=loss, outputs=outputs))


def test_deep_with_batch_norm_and_penalties():
    layers = [Layer(6, "relu", batch_norm=BatchNorm(), keep_prob=0.8) for _ in range(6)]
    described = network(
        *layers, loss="softmax_cross_entropy", outputs=3, l1=0.3, l1_halved=True, l2=0.5
    )
    assert_agrees(described, step=5)


@pytest.mark.parametrize("keep_prob", [1.0, 0.7])
def test_deep_with_layer_norm_and_residual_connections(keep_prob):
    first = Layer(6, "gelu", layer_norm=LayerNorm(epsilon=1e-3))
    block = Layer(6, "tanh", layer_norm=LayerNorm(), residual=True, keep_prob=keep_prob)
    described = network(first, *[block] * 5, loss="softmax_cross_entropy", outputs=3)
    assert_agrees(described, step=5)


@pytest.mark.parametrize("smoothing", [0.1, 0.6])
@pytest.mark.parametrize(
    ("loss", "outputs"),
    [("softmax_cross_entropy", 4), ("binary_cross_entropy", 1), ("binary_cross_entropy", 3)],
)
def test_smoothed_labels(loss, outputs, smoothing):
    """With softmax, PyTorch smooths by itself; yes and no it has to be told."""
    assert_agrees(network(4, loss=loss, outputs=outputs, label_smoothing=smoothing), step=2)
