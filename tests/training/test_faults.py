"""What shows the faults to which the gradient check is blind (course topic B14)."""

import numpy as np
import pytest

from nnsim.network.specification import BatchNorm, Layer
from nnsim.training.specification import PlantedFault
from tests.reference import optimizers
from tests.simulations.made import network, rich_network, simulation
from tests.training.runs import first_parameters


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("adam_uncorrected", optimizers.adam_uncorrected),
        ("adam_correction_multiplied", optimizers.adam_multiplied),
        ("adam_correction_stored", optimizers.adam_stored),
    ],
)
def test_adam_s_faults_are_those_of_the_twin(kind, rule):
    run, right = (simulation(fault=PlantedFault(name)) for name in (kind, "none"))
    theta = first_parameters(run)
    slots = {name: (np.zeros(array.shape), np.zeros(array.shape)) for name, array in theta.items()}
    for t in range(1, 6):
        run.advance()
        shown = run.snapshot().arrays
        for name in theta:
            theta[name], *slots[name] = rule(
                theta[name], shown[f"d{name}"], *slots[name], t, 0.05, 0.9, 0.999, 1e-8
            )
            for found, expected in zip(
                (name, f"v_{name}", f"s_{name}"), (theta[name], *slots[name]), strict=True
            ):
                np.testing.assert_allclose(shown[found], expected, rtol=1e-11, atol=1e-13)
    right.advance(5)
    assert not np.allclose(right.snapshot().arrays["W1"], theta["W1"], rtol=1e-3)


def test_shared_initial_weights_keep_units_equal():
    run = simulation(network(4, 3), fault=PlantedFault("shared_initial_weight"))
    run.advance(20)
    W1 = run.snapshot().arrays["W1"]
    assert not np.ptp(W1, axis=0).any()
    right = simulation(network(4, 3))
    right.advance(20)
    assert not np.isclose(np.ptp(right.snapshot().arrays["W1"], axis=0), 0).any()


@pytest.mark.parametrize("kind", ["dropout_at_test", "batch_statistics_at_test"])
def test_mode_bugs_show_in_evaluations_alone(kind):
    wrong, right = simulation(fault=PlantedFault(kind)), simulation()
    for run in (wrong, right):
        run.advance(20)
    W1 = [run.snapshot().arrays["W1"] for run in (wrong, right)]
    assert np.array_equal(*W1)
    losses = [run.evaluate()["dev"].data_loss for run in (wrong, right)]
    assert abs(losses[0] - losses[1]) > 1e-3


def test_batch_statistics_at_test_are_those_of_the_set_itself():
    described = network(Layer(3, "tanh", batch_norm=BatchNorm()))
    run = simulation(described, fault=PlantedFault("batch_statistics_at_test"))
    run.advance(5)
    X, shown = run.data.dev.X, run.snapshot().arrays
    Z = shown["W1"] @ X + shown["b1"]
    Z = (Z - Z.mean(axis=1, keepdims=True)) / np.sqrt(Z.var(axis=1, keepdims=True) + 1e-5)
    A = np.tanh(shown["gamma1"] * Z + shown["beta1"])
    logits = shown["W2"] @ A + shown["b2"]
    np.testing.assert_allclose(run.predict(X), 1 / (1 + np.exp(-logits)), rtol=1e-12)


def test_a_fault_in_a_layer_leaves_the_others_right():
    wrong, right = simulation(fault=PlantedFault("dw_doubled", 2)), simulation()
    for run in (wrong, right):
        run.advance()
    wrong, right = wrong.snapshot().arrays, right.snapshot().arrays
    for name in right:
        if name.startswith("d") and name != "dW2":
            assert np.array_equal(wrong[name], right[name]), name
    # The penalty's gradient is added after the doubled one.
    penalty = 0.1 / 4 * np.array(first_parameters(simulation(rich_network()))["W2"])
    l1 = 0.05 / 4 * np.sign(first_parameters(simulation())["W2"])
    np.testing.assert_allclose(
        wrong["dW2"] - penalty - l1, 2 * (right["dW2"] - penalty - l1), rtol=1e-9, atol=1e-14
    )
