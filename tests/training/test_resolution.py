"""The round-off of two-sided differences: what norms lose is counted, and hides no fault."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim import load
from nnsim.network.specification import BatchNorm, Layer, LayerNorm
from nnsim.simulations.gradient_check.simulation import GradientCheckSimulation
from nnsim.training.differences import approximate_gradient
from nnsim.training.gradient_check import twin_after_backward
from nnsim.training.resolution import resolution_of
from nnsim.training.specification import PlantedFault, Training
from tests.simulations.made import data_set, network, simulation

EPSILONS = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]
LARGE = [10.0, 1e3, 1e5]


def with_norm(b=0.0, norm="batch_norm"):
    """Return a network whose norms subtract about b."""
    norms = {"batch_norm": BatchNorm()} if norm == "batch_norm" else {"layer_norm": LayerNorm()}
    return network(
        Layer(4, "tanh", initializer="xavier", biases=(b,) * 4, **norms),
        Layer(4, "tanh", initializer="xavier", **norms),
        l2=0.3,
    )


def twin_of(run):
    return twin_after_backward(run._run.machine, "frozen", "a test")[0]


def in_j_alone(twin, epsilon):
    """Return the round-off of a difference whose costs are off by two units in the last place."""
    return 4 * np.spacing(max(1.0, float(twin.state[0].cost))) / (2 * epsilon)


@pytest.mark.parametrize("epsilon", EPSILONS)
@pytest.mark.parametrize("variant", ["another b", "shifted and stretched"])
def test_digits_lost_in_batch_norm_are_no_wrong_gradient(variant, epsilon):
    check = load("batch-norm-forward").simulation(variant=variant).check_gradients(epsilon=epsilon)
    assert check.verdict != "wrong" and check.accused == ()
    # At the smallest epsilon both gradients are below what differences can resolve: ratio 0.
    assert check.verdicts["dW1"] == "round-off" or check.blocks["dW1"] == 0
    # The gradient of b is exactly 0, and its differences cannot be told from it.
    assert check.verdicts["db1"] == "great"
    for name in ("dgamma1", "dbeta1", "dW2", "db2"):
        assert check.verdicts[name] == "great"


def test_the_figure_of_eight_numbers():
    """Against the formula, written out for Z = 9 ... 16 and J = mean((z_norm - y)^2)."""
    run = load("batch-norm-forward").simulation(variant="another b")
    Z = np.array([2, 4, 4, 4, 5, 5, 7, 9]) + 7.0
    Y = np.array([1, 0, 0.5, 0, 1, 2, 1.5, 3])
    deviation = np.sqrt(Z.var() + 1e-5)
    error = (Z - Z.mean()) / deviation - Y
    slopes = 2 * np.abs(error).mean() / deviation
    in_j, in_z = np.spacing(max(1.0, np.mean(error**2))), np.spacing(16.0) * slopes
    wanted = 2 * np.array([in_j + in_z, in_j + in_z, in_j, in_j, in_j, in_j]) / 1e-7
    np.testing.assert_allclose(resolution_of(twin_of(run), 1e-7), wanted, rtol=1e-9)


def test_without_a_norm_it_is_the_round_off_of_j():
    twin = twin_of(simulation(network(Layer(4, "relu", biases=(1e6,) * 4), 3)))
    np.testing.assert_array_equal(resolution_of(twin, 1e-5), in_j_alone(twin, 1e-5))


@pytest.mark.parametrize("norm", ["batch_norm", "layer_norm"])
def test_a_parameter_counts_the_norms_behind_it(norm):
    twin = twin_of(simulation(with_norm(1e4, norm)))
    resolution = resolution_of(twin, 1e-7)
    per = {block.name: set(resolution[block.start : block.stop]) for block in twin.layout.blocks}
    assert all(len(values) == 1 for values in per.values())
    (first,), (second,) = per["W1"], per["W2"]
    assert per["b1"] == {first} and per["b2"] == {second}
    # gamma and beta come after z_norm, which is then the same for both costs.
    assert per["gamma1"] == per["beta1"] == {second}
    assert per["gamma2"] == per["beta2"] == per["W3"] == {in_j_alone(twin, 1e-7)}
    assert first > 100 * second > 100 * in_j_alone(twin, 1e-7)


@settings(max_examples=25)
@given(
    b=st.floats(-1e6, 1e6),
    m=st.integers(4, 200),
    seed=st.integers(0, 1000),
    epsilon=st.sampled_from(EPSILONS),
)
def test_what_the_differences_of_b_miss_0_by_is_within_it(b, m, seed, epsilon):
    run = simulation(with_norm(b), data=data_set(m=m, seed=seed), seed=seed, batch_size=0)
    twin = twin_of(run)
    approximation, _ = approximate_gradient(twin, epsilon, "frozen")
    resolution = resolution_of(twin, epsilon)
    for block in twin.layout.blocks:
        if block.name in ("b1", "b2"):
            part = slice(block.start, block.stop)
            assert (np.abs(approximation[part]) <= resolution[part]).all()


def test_the_round_off_of_j_alone_would_not_do():
    twin = twin_of(simulation(with_norm(1e5), batch_size=0))
    approximation, _ = approximate_gradient(twin, 1e-5, "frozen")
    block = next(one for one in twin.layout.blocks if one.name == "b1")
    largest = np.abs(block.of(approximation)).max()
    assert largest > 10 * in_j_alone(twin, 1e-5)
    # Nor is it so generous that it would excuse anything: here by less than a factor 1000.
    assert largest > resolution_of(twin, 1e-5)[block.start] / 1000


@pytest.mark.parametrize("norm", ["batch_norm", "layer_norm"])
@pytest.mark.parametrize("b", LARGE)
def test_a_right_gradient_behind_a_large_mean_is_not_accused(b, norm):
    run = simulation(with_norm(b, norm), batch_size=0)
    for epsilon in EPSILONS[1:]:
        assert run.check_gradients(epsilon=epsilon).verdict != "wrong"


@pytest.mark.parametrize("b", LARGE)
@pytest.mark.parametrize(
    ("kind", "layer", "accused"),
    [
        ("dw_doubled", 1, "dW1"),
        ("sign_flipped", 1, "dW1"),
        ("mean_forgotten", 1, "dW1"),
        ("penalty_gradient_forgotten", 1, "dW1"),
        ("derivative_wrong", 1, "dW1"),
        ("batch_norm_terms_forgotten", 1, "dW1"),
        ("batch_norm_terms_forgotten", 1, "db1"),
        ("dw_doubled", 2, "dW2"),
        ("weights_transposed", 2, "dW1"),
    ],
)
def test_faults_behind_a_large_mean_are_caught(kind, layer, accused, b):
    run = simulation(with_norm(b), fault=PlantedFault(kind, layer), batch_size=0)
    for epsilon in (1e-4, 1e-7):
        assert accused in run.check_gradients(epsilon=epsilon).accused


@pytest.mark.parametrize("epsilon", [1e-4, 1e-7])
@pytest.mark.parametrize("fault", [None, PlantedFault("dw_doubled", 1)])
def test_one_parameter_at_a_time_it_is_the_same(fault, epsilon):
    described, data = with_norm(1e4), data_set()
    training = Training(steps=1, batch_size=0, learning_rate=0.05, fault=fault)
    stepped = GradientCheckSimulation(described, training, data, epsilon=epsilon)
    stepped.run()
    whole = simulation(
        described, data=data, seed=1, batch_size=0, fault=fault, optimizer="sgd"
    ).check_gradients(epsilon=epsilon)
    figures = stepped.figures()
    assert figures["ratio"] == whole.ratio and figures["verdict"] == whole.verdict
    for name, ratio in whole.blocks.items():
        assert figures[f"{name}.ratio"] == ratio
        assert figures[f"{name}.verdict"] == whole.verdicts[name]


@pytest.mark.parametrize("name", ["Z", "dZ_tilde", "variance"])
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_what_is_not_a_number_excuses_nothing(name, number):
    twin = twin_of(simulation(with_norm(10.0)))
    row = twin.layout.layers[1]
    before = resolution_of(twin, 1e-7)
    twin.work[row[name]] = number
    with np.errstate(all="raise"):
        after = resolution_of(twin, 1e-7)
    assert np.isfinite(after).all() and (after <= before).all() and after[0] < before[0]


def test_the_scan_calls_no_gradient_of_0_wrong():
    scan = load("batch-norm-forward").simulation(variant="another b").scan_epsilons(EPSILONS)
    np.testing.assert_array_equal(scan.blocks["db1"], 0)
    # Round-off alone: nothing else is rounded down.
    assert scan.blocks["dW1"][-1] > 1e-3
