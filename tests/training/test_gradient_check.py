"""Gradient checking (course topic B13): great for every kind of layer, and not fooled by faults."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim import load
from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Activation, Fault, Loss, Task, names_of
from nnsim.network.specification import BatchNorm, Layer, LayerNorm, Network
from nnsim.training import pieces
from nnsim.training.differences import Differences
from nnsim.training.gradient_check import twin_after_backward
from nnsim.training.specification import PlantedFault
from nnsim.training.verdicts import ratio_of, verdict_of, verdict_on
from tests.simulations.made import (
    TASKS,
    data_set,
    differences,
    equal,
    network,
    residual_network,
    rich_network,
    simulation,
)
from tests.simulations.strategies import networks

LOSSES = {
    "binary_cross_entropy": ("sigmoid",),
    "softmax_cross_entropy": ("softmax",),
    "mean_squared_error": ("identity", "tanh", "softmax", "softplus"),
    "hinge": ("identity",),
    "huber": ("identity", "sigmoid", "gelu"),
}


def assert_great(check):
    assert check.kinks == 0, check.worst
    assert check.ratio < 1e-7, check.worst
    assert check.verdict == "great"
    assert np.linalg.norm(check.gradient) > 1e-3


@pytest.mark.parametrize("step", [0, 20])
@pytest.mark.parametrize("activation", [name for name in names_of(Activation) if name != "hardmax"])
def test_every_activation(activation, step):
    run = simulation(network(Layer(4, activation, slope=0.2), Layer(3, activation, slope=0.4)))
    run.advance(step)
    check = run.check_gradients()
    assert check.step == step
    assert_great(check)


@pytest.mark.parametrize("loss", names_of(Loss))
def test_every_loss_and_last_activation(loss):
    for last in LOSSES[loss]:
        outputs = 1 if loss == "hinge" else 3
        run = simulation(network(4, loss=loss, outputs=outputs, last=last, huber_delta=0.7))
        assert_great(run.check_gradients())


@pytest.mark.parametrize(
    ("hidden", "penalties"),
    [
        ((Layer(4, "tanh", bias=False),), {}),
        ((Layer(4, "tanh"),), {"l2": 0.7}),
        ((Layer(4, "tanh"),), {"l1": 0.7}),
        ((Layer(4, "tanh"),), {"l1": 0.7, "l1_halved": True, "l2": 0.3}),
        ((Layer(4, "tanh", batch_norm=BatchNorm()),), {}),
        ((Layer(4, "relu", batch_norm=BatchNorm(epsilon=0.1), bias=False),), {}),
        ((Layer(6, "tanh", keep_prob=0.5),), {}),
        ((Layer(6, "relu", keep_prob=0.5), Layer(6, "tanh", keep_prob=0.7)), {"l2": 0.4}),
        ((Layer(5, "silu", batch_norm=BatchNorm(), keep_prob=0.6), Layer(3, "elu", 1.0)), {}),
        (rich_network().layers[:-1], {"l1": 0.1, "l2": 0.2}),
    ],
    ids=str,
)
def test_every_kind_of_layer_and_penalty(hidden, penalties):
    run = simulation(network(*hidden, **penalties), batch_size=8)
    for step in (0, 7):
        run.seek(step)
        assert_great(run.check_gradients())


@settings(max_examples=25)
@given(described=networks(), step=st.integers(0, 3))
def test_any_network(described, step):
    run = simulation(described, batch_size=6, learning_rate=0.01)
    run.advance(step)
    check = run.check_gradients()
    # Tiny gradients and strong curvature (one unit, batch norm) are why the bound is wider here.
    assert check.kinks or check.ratio < 1e-5, check.worst


@pytest.mark.parametrize("step", [0, 7])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy"])
def test_layer_norm_residual_connections_and_smoothed_labels(loss, step):
    outputs = 3 if loss == "softmax_cross_entropy" else 1
    layer = Layer(5, "tanh", layer_norm=LayerNorm(), residual=True, initializer="xavier")
    described = network(
        Layer(5, "silu", layer_norm=LayerNorm(epsilon=0.1)),
        layer,
        Layer(5, "gelu", residual=True, keep_prob=0.7),
        loss=loss,
        outputs=outputs,
        label_smoothing=0.1,
        l2=0.2,
    )
    run = simulation(described)
    run.advance(step)
    assert_great(run.check_gradients())


def test_a_fault_in_a_residual_network_is_caught():
    run = simulation(residual_network(), fault=PlantedFault("derivative_wrong", 2))
    check = run.check_gradients()
    assert check.verdict == "wrong"
    # The layers behind the fault are right; before it all are wrong.
    assert "dW4" not in check.accused
    assert {"dW2", "dW1"} <= set(check.accused)


def test_the_check_of_a_float32_run_is_in_float64():
    run = simulation(dtype="float32")
    run.advance(3)
    assert_great(run.check_gradients())


def test_the_gradient_checked_is_that_of_the_next_step():
    run = simulation()
    run.advance(4)
    check, probed = run.check_gradients(), run.probe()
    flat = [probed.arrays[name].ravel() for name in check.blocks]
    assert equal(check.gradient, np.concatenate(flat))


def test_the_bias_before_batch_norm_is_redundant():
    run = simulation(network(Layer(4, "tanh", batch_norm=BatchNorm())))
    check = run.check_gradients()
    assert check.blocks["db1"] == 0
    assert np.abs(run.probe().arrays["db1"]).max() < 1e-15


@pytest.fixture
def in_threads(monkeypatch):
    """Let even the smallest check be shared by three threads."""
    monkeypatch.setattr(pieces, "PARALLEL_FROM", 0)
    monkeypatch.setattr(pieces.config, "NUMBA_NUM_THREADS", 3)


@pytest.mark.parametrize("described", [network(5, 4), rich_network(), residual_network()])
@pytest.mark.parametrize("masks", ["frozen", "fresh"])
def test_threads_change_nothing(request, described, masks):
    run = simulation(described, batch_size=0)
    alone = run.check_gradients(masks=masks)
    request.getfixturevalue("in_threads")
    shared = run.check_gradients(masks=masks)
    assert equal(alone.approximation, shared.approximation)
    assert alone.blocks == shared.blocks and alone.worst == shared.worst


def costs_one_at_a_time(run, epsilon):
    """Return J(theta_i + epsilon) and J(theta_i - epsilon) as the program's own phases have it."""
    twin, _ = twin_after_backward(run._machine, "frozen", "a test")
    theta, until_cost = twin.theta.copy(), len(run.network.layers) + 2
    costs = np.empty((theta.size, 2))
    for i in range(theta.size):
        for side, moved in enumerate((theta[i] + epsilon, theta[i] - epsilon)):
            twin.theta[:] = theta
            twin.theta[i] = moved
            twin.state[0].phase = 0
            twin.execute(until_cost, record=False)
            costs[i, side] = twin.state[0].cost
    return costs


@settings(max_examples=40)
@given(described=networks(), m=st.integers(1, 70), epsilon=st.sampled_from([1e-7, 1e-2]))
def test_costs_are_those_of_the_program_to_the_bit(described, m, epsilon):
    """Layers and units that a parameter does not reach are not run again, and no bit tells."""
    task = TASKS.get(described.loss, Task.REGRESSION)
    outputs = described.layers[-1].units
    data = data_set(task, inputs=described.inputs, outputs=outputs, m=m)
    run = simulation(described, data=data, batch_size=0, learning_rate=0.01)
    run.advance(2)
    assert_costs_are_the_program_s(run, epsilon)


@pytest.mark.parametrize("m", [1, 11, 64, 67])
@pytest.mark.parametrize("sizes", [(8, 8), (9, 17), (25, 5)])
def test_products_of_many_units_are_rounded_the_same(sizes, m):
    run = simulation(network(*sizes), data=data_set(m=m), batch_size=0)
    assert_costs_are_the_program_s(run, 1e-7)


def assert_costs_are_the_program_s(run, epsilon):
    twin, masks = twin_after_backward(run._machine, "frozen", "a test")
    found = Differences(twin, epsilon, masks)
    found.compute(0, twin.layout.parameters)
    assert equal(found.costs, costs_one_at_a_time(run, epsilon))


@pytest.mark.parametrize(
    "described", [rich_network(), residual_network()], ids=["rich", "residual"]
)
@pytest.mark.parametrize("phase", [0, 5])
@pytest.mark.parametrize("fault", [None, PlantedFault("dw_doubled", 2)], ids=str)
def test_the_gradient_checked_is_the_program_s_to_the_bit(described, phase, fault):
    run = simulation(described, fault=fault, clip_norm=0.01)
    run.seek(7, phase)
    by_phases = run._machine.copy()
    by_phases.state[0].phase = 0
    by_phases.execute(2 * len(described.layers) + 2, record=False)
    twin, _ = twin_after_backward(run._machine, "frozen", "a test")
    assert equal(twin.grad, by_phases.grad)
    for name in ("step", "phase", "epoch", "batch", "m", "t", "status", "cost"):
        assert twin.state[name] == by_phases.state[name]


@pytest.mark.parametrize("described", [rich_network(), network(9, 8, l2=0.1)])
def test_parameters_in_any_order_and_pieces(described):
    run = simulation(described, batch_size=0)
    twin, masks = twin_after_backward(run._machine, "frozen", "a test")
    size = twin.layout.parameters
    whole, parts = (Differences(twin, 1e-4, masks) for _ in range(2))
    whole.compute(0, size)
    for begin in np.random.default_rng(0).permutation(size).tolist():
        parts.compute(begin, begin + 1)
    for name in ("costs", "approximation", "kinks"):
        assert equal(getattr(whole, name), getattr(parts, name))


# Progress


@pytest.mark.parametrize("seconds", [1e-9, 1e9])
def test_progress_in_pieces_of_any_size_changes_nothing(monkeypatch, in_threads, seconds):
    run, seen = simulation(rich_network(), batch_size=0), []
    whole = run.check_gradients()
    size = whole.gradient.size
    monkeypatch.setattr(pieces, "PIECE_SECONDS", seconds)
    found = run.check_gradients(on_progress=lambda *done: seen.append(done))
    assert equal(found.approximation, whole.approximation)
    assert found.blocks == whole.blocks and found.worst == whole.worst
    assert seen[-1] == (size, size) and seen == sorted(set(seen))
    assert len(seen) == (-(-size // 3) if seconds < 1 else 2)


@pytest.mark.parametrize("looks", ["check_gradients", "scan_epsilons"])
@pytest.mark.parametrize("phase", [0, 5])
def test_a_cancelled_check_leaves_no_trace(looks, phase):
    run, unseen = simulation(), simulation()
    for one in (run, unseen):
        one.seek(4, phase)

    def cancel(done, whole):
        if done > 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        getattr(run, looks)(on_progress=cancel)
    assert differences(run.snapshot(), unseen.snapshot()) == []
    assert equal(run.check_gradients().approximation, unseen.check_gradients().approximation)
    for one in (run, unseen):
        one.advance(3)
    assert differences(run.snapshot(), unseen.snapshot()) == []


# Faults (course topic B14)


def faulty_run(kind, layer=0, **settings):
    described = network(
        Layer(3, "tanh", batch_norm=BatchNorm(), initializer="xavier"),
        Layer(3, "tanh", initializer="xavier", keep_prob=0.7),
        Layer(3, "sigmoid", initializer="xavier"),
        l2=0.5,
    )
    settings = {"batch_size": 8} | settings
    return simulation(described, fault=PlantedFault(kind, layer), **settings)


CAUGHT = {
    "dw_doubled": (2, {"dW2"}),
    "db_scaled": (2, {"db2"}),
    "derivative_missing": (2, {"dW1", "dgamma1", "dbeta1", "dW2", "db2"}),
    "derivative_wrong": (2, {"dW1", "dgamma1", "dbeta1", "dW2", "db2"}),
    "mean_forgotten": (2, {"dW2", "db2"}),
    "penalty_gradient_forgotten": (2, {"dW2"}),
    "sign_flipped": (2, {"dW2", "db2"}),
    "dropout_scale_forgotten": (2, {"dW1", "dgamma1", "dbeta1", "dW2", "db2"}),
    "batch_norm_terms_forgotten": (1, {"dW1", "db1"}),
    "weights_transposed": (2, {"dW1", "dgamma1", "dbeta1"}),
}
BLIND = (
    "adam_uncorrected",
    "adam_correction_multiplied",
    "adam_correction_stored",
    "shared_initial_weight",
    "last_batch_divisor",
    "no_reshuffle",
    "dev_normalized_alone",
    "dropout_at_test",
    "batch_statistics_at_test",
)


@pytest.mark.parametrize("kind", CAUGHT)
def test_faults_of_the_way_back_are_caught_and_found_by_their_block(kind):
    layer, blocks = CAUGHT[kind]
    run = faulty_run(kind, layer)
    for step in (0, 6):
        run.seek(step)
        check = run.check_gradients()
        assert check.verdict == "wrong" and check.ratio >= 1e-3
        assert {name for name, ratio in check.blocks.items() if ratio > 1e-3} == blocks
        assert check.worst[0].name.split("[")[0] in blocks
        assert check.worst[0].difference == np.abs(check.gradient - check.approximation).max()


@pytest.mark.parametrize("kind", CAUGHT)
def test_a_fault_in_every_layer_is_caught(kind):
    assert faulty_run(kind).check_gradients().verdict == "wrong"


@pytest.mark.parametrize("kind", BLIND)
def test_the_check_is_blind_to_faults_elsewhere(kind):
    run = faulty_run(kind)
    assert run.check_gradients().verdict == "great"
    run.advance(6)
    assert run.check_gradients().verdict == "great"


def test_all_faults_are_covered():
    known = set(names_of(Fault))
    assert known == {"none", "fresh_masks_in_check", *CAUGHT, *BLIND}


def test_the_wrong_divisor_shows_at_the_small_last_batch_alone():
    run = faulty_run("last_batch_divisor")
    assert run.check_gradients().verdict == "great"
    run.advance()
    check = run.check_gradients()
    assert check.verdict == "wrong"
    # 3 examples divided as if they were 8: every gradient but the penalty's is 3/8 of itself.
    db4 = slice(-1, None)
    np.testing.assert_allclose(check.gradient[db4], 3 / 8 * check.approximation[db4], rtol=1e-6)


def test_fresh_masks_make_the_check_fail_and_frozen_ones_mend_it():
    run = simulation(network(Layer(8, "tanh", keep_prob=0.5)))
    assert run.check_gradients(masks="frozen").verdict == "great"
    fresh = run.check_gradients(masks="fresh")
    assert fresh.verdict == "wrong" and fresh.masks == "fresh"
    planted = simulation(
        network(Layer(8, "tanh", keep_prob=0.5)), fault=PlantedFault("fresh_masks_in_check")
    )
    assert planted.check_gradients().verdict == "wrong"
    without = simulation(network(8))
    assert without.check_gradients(masks="fresh").verdict == "great"


# Kinks


def at_the_kink(activation, slope=0.3, **settings):
    """Return a network of which one pre-activation is exactly 0."""
    X = np.array([[1.0, -1.0, 0.5]])
    empty = Examples(np.zeros((1, 0)), np.zeros((1, 0)))
    data = DataSet(Examples(X, np.array([[1.0, 0.0, 1.0]])), empty, empty, Task.BINARY)
    hidden = Layer(2, activation, slope, weights=((1.0,), (2.0,)), biases=(-1.0, 0.7))
    described = network(hidden, inputs=1, **settings)
    return simulation(described, data=data, batch_size=0)


@pytest.mark.parametrize(
    ("activation", "slope"), [("relu", 0.0), ("leaky_relu", 0.1), ("selu", 0.0), ("elu", 0.3)]
)
def test_kinks_are_flagged(activation, slope):
    check = at_the_kink(activation, slope).check_gradients()
    assert check.kinks == 2 and check.verdict != "great"
    assert {(entry.name, entry.kinks) for entry in check.worst[:2]} == {
        ("dW1[0,0]", 1),
        ("db1[0,0]", 1),
    }


@pytest.mark.parametrize(("activation", "slope"), [("elu", 1.0), ("tanh", 0.0), ("gelu", 0.0)])
def test_smooth_activations_have_no_kinks(activation, slope):
    check = at_the_kink(activation, slope).check_gradients()
    assert check.kinks == 0 and check.verdict == "great"


def test_the_hinge_s_kink_is_flagged():
    data = data_set()
    margin = Layer(1, "identity", weights=((0.0, 0.0),), biases=(1.0,))
    run = simulation(Network(2, (margin,), "hinge"), data=data, batch_size=0)
    check = run.check_gradients()
    # Every example with label 1 stands at margin 1 for any of the three parameters.
    assert check.kinks == 3 and check.verdict == "wrong"


def test_l1_s_kink_at_a_weight_of_zero_is_flagged():
    described = network(Layer(2, "tanh", weights=((0.0, 1.0), (1.0, 1.0))), l1=0.5)
    check = simulation(described).check_gradients()
    # The two sides of |w| cancel, as the gradient's sign(0) = 0 has it.
    assert check.kinks == 1


# The figures themselves


def test_the_ratio_is_the_course_s():
    gradient, approximation = np.array([3.0, 0.0]), np.array([3.0, 4.0])
    assert ratio_of(gradient, approximation) == 4 / (3 + 5)
    assert ratio_of(gradient, gradient) == 0
    assert ratio_of(gradient, -gradient) == 1
    assert np.isnan(ratio_of(gradient, np.array([np.nan, 0.0])))
    assert ratio_of(np.zeros(2), np.full(2, 1e-9), resolution=1e-8) == 0
    assert ratio_of(np.zeros(2), np.full(2, 1e-7), resolution=1e-8) == 1


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (0.0, "great"),
        (1e-7, "great"),
        (1.1e-7, "look"),
        (9e-4, "look"),
        (1e-3, "wrong"),
        (1.0, "wrong"),
        (np.nan, "wrong"),
    ],
)
def test_verdicts(ratio, verdict):
    assert verdict_of(ratio) == verdict


@pytest.mark.parametrize("epsilon", [0.0, -1e-7, np.nan])
def test_epsilon_must_be_positive(epsilon):
    with pytest.raises(ValueError, match="check_gradients: epsilon is"):
        simulation(network(2)).check_gradients(epsilon=epsilon)


def test_masks_are_frozen_or_fresh():
    with pytest.raises(ValueError, match=r"masks is 'melted', expected 'frozen' or 'fresh'"):
        simulation(network(2)).check_gradients(masks="melted")


def test_larger_steps_make_the_larger_truncation_error():
    run = simulation(network(4), batch_size=0)
    errors = {
        epsilon: np.abs(check.gradient - check.approximation).max()
        for epsilon in (1e-1, 1e-2, 1e-3)
        for check in [run.check_gradients(epsilon=epsilon)]
    }
    # The error of two-sided differences falls as epsilon^2.
    assert 80 < errors[1e-1] / errors[1e-2] < 120
    assert 80 < errors[1e-2] / errors[1e-3] < 120


def test_gradients_whose_squares_overflow_have_a_ratio():
    gradient = np.array([3e300, 0.0])
    with np.errstate(all="raise"):
        assert ratio_of(gradient, np.array([3e300, 4e300])) == pytest.approx(0.5)
        assert ratio_of(gradient, gradient) == 0
        assert np.isnan(ratio_of(gradient, np.array([np.inf, 0.0])))
        assert verdict_on(gradient, gradient * (1 + 1e-5), 1e-8) == "look"
        assert verdict_on(np.array([1.5e308]), np.array([-1.5e308]), 1e-8) == "wrong"


def test_a_run_that_diverges_is_checked_and_scanned_in_silence():
    run = load("deep-linear-network").simulation(variant="1.5")
    run.seek(2)
    with np.errstate(all="raise"):
        check = run.check_gradients()
        scan = run.scan_epsilons([1e-3])
    assert np.abs(check.gradient).max() > 1e154
    assert scan.ratios.shape == (1,)


def test_only_entries_at_a_kink_excuse_a_block():
    data = data_set()
    margin = Layer(1, "identity", weights=((0.0, 0.0),), biases=(1.0,))
    check = simulation(Network(2, (margin,), "hinge"), data=data, batch_size=0).check_gradients()
    assert "wrong" in check.verdicts.values()
    assert set(check.smooth.values()) == {"great"} and check.accused == ()
    fault = PlantedFault("dw_doubled", 1)
    doubled = simulation(network(Layer(3, "relu")), fault=fault).check_gradients()
    assert doubled.smooth["dW1"] == "wrong" and doubled.accused == ("dW1",)


@pytest.mark.parametrize("size", [1, 3])
def test_what_is_not_a_number_is_wrong_whichever_side_it_is_on(size):
    numbers, none = np.full(size, 1e-12), np.full(size, np.nan)
    for gradient, approximation in ((numbers, none), (none, numbers), (none, none)):
        assert np.isnan(ratio_of(gradient, approximation, 1e-8))
        assert verdict_on(gradient, approximation, 1e-8) == "wrong"
