"""Looking changes nothing: probe, evaluation, prediction, gradient check and curvature."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.network.specification import BatchNorm, Layer, LayerNorm
from nnsim.training.evaluation import CHUNK
from nnsim.training.specification import EarlyStopping
from tests.reference import network as twin
from tests.simulations.made import data_set, differences, equal, network, simulation
from tests.simulations.strategies import descriptions, made

MACHINE_ARRAYS = (
    "theta", "grad", "v", "s", "s_max", "before", "running", "best_theta", "best_running",
    "work", "order", "state", "scratch", "settings",
)  # fmt: skip


def everything(run):
    """Return copies of all arrays of the machine and its history."""
    machine = run._machine
    found = {name: getattr(machine, name).copy() for name in MACHINE_ARRAYS}
    found["curve"] = machine.history.curve_table.copy()
    found["records"] = machine.history.record_table.copy()
    return found


def look(run):
    run.snapshot()
    run.probe()
    run.evaluate()
    run.figures()
    run.predict(run.data.dev.X)
    run.check_gradients()
    run.check_gradients(masks="fresh")
    run.curvature()
    run.scan_epsilons((1e-3, 1e-6))
    run.path(5)
    for directions in ("random", "principal", "gradient"):
        run.surface(directions, 3)
    run.remarks()


@settings(max_examples=8)
@given(description=descriptions(), step=st.integers(0, 4), phase=st.integers(0, 5))
def test_looking_leaves_no_trace(description, step, phase):
    run, unseen = made(description), made(description)
    for one in (run, unseen):
        one.seek(step, phase)
    before = everything(run)
    look(run)
    after = everything(run)
    assert [name for name in before if before[name].tobytes() != after[name].tobytes()] == []
    for one in (run, unseen):
        one.advance(4)
    assert differences(run.snapshot(), unseen.snapshot()) == []


def test_looking_at_a_stopped_run_leaves_no_trace():
    run = simulation(
        network(6),
        steps=300,
        evaluate_every=3,
        learning_rate=0.1,
        early_stopping=EarlyStopping(patience=2),
    )
    run.advance(300)
    assert run.status == "stopped early"
    before = everything(run)
    look(run)
    after = everything(run)
    assert [name for name in before if before[name].tobytes() != after[name].tobytes()] == []


@settings(max_examples=12)
@given(description=descriptions(), step=st.integers(0, 9))
def test_a_probe_shows_what_the_next_step_does(description, step):
    run = made(description)
    run.advance(step)
    probed, present = run.probe(), run.snapshot()
    run.advance()
    done = run.snapshot()
    assert probed.step == step and probed.status == present.status
    assert probed.cost == done.cost and probed.learning_rate == done.learning_rate
    assert probed.arrays.keys() == done.arrays.keys()
    kept = ("v_", "s_", "s_max_", "running_")
    for name, array in probed.arrays.items():
        parameter = name in present.arrays and f"update_{name}" in probed.arrays
        source = present if parameter or name.startswith(kept) else done
        assert equal(array, source.arrays[name]), name
    assert probed.layers == done.layers


def test_a_probe_inside_a_step_shows_the_whole_step():
    run = simulation()
    run.seek(3, 5)
    probed = run.probe()
    run.seek(3)
    whole = run.probe()
    assert probed.arrays.keys() == whole.arrays.keys()
    for name, array in whole.arrays.items():
        # The running statistics have moved on with the way forward of the begun step.
        assert equal(probed.arrays[name], array) != name.startswith("running_"), name


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_evaluating_in_chunks_is_evaluating_at_once(dtype):
    sizes = {"m": 2 * CHUNK + 77, "dev": CHUNK, "test": 3}
    described = network(
        Layer(4, "relu", batch_norm=BatchNorm(), keep_prob=0.8), l2=0.3, l1=0.1, l1_halved=True
    )
    run = simulation(described, data=data_set(**sizes), dtype=dtype, batch_size=64)
    run.advance(5)
    shown = run.snapshot().arrays
    parameters = {name: shown[name] for name in ("W1", "b1", "gamma1", "beta1", "W2", "b2")}
    running = {name: shown[f"running_{name}"] for name in ("mean1", "variance1")}
    rtol = 1e-12 if dtype == "float64" else 1e-5
    for name, found in run.evaluate().items():
        examples = getattr(run.data, name)
        assert found.m == examples.m == sizes["m" if name == "train" else name]
        A = twin.inference(described, parameters, running, examples.X)
        Z = np.log(A / (1 - A))
        data_loss, penalty = twin.cost(described, parameters, {"Z2": Z, "A2": A}, examples.Y)
        np.testing.assert_allclose(found.data_loss, data_loss, rtol=rtol)
        np.testing.assert_allclose(found.cost, data_loss + penalty, rtol=rtol)
        right = ((A > 0.5) == (examples.Y > 0.5)).mean()
        assert found.accuracy == pytest.approx(right) and found.error == 1 - found.accuracy
        np.testing.assert_allclose(run.predict(examples.X), A, rtol=rtol)


def test_empty_sets_are_not_evaluated():
    run = simulation(network(2), data=data_set(dev=0, test=2))
    assert sorted(run.evaluate()) == ["test", "train"]


@pytest.mark.parametrize("batch_size", [0, 4])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy"])
def test_training_sees_smoothed_labels_and_evaluations_the_labels(loss, batch_size):
    outputs = 3 if loss == "softmax_cross_entropy" else 1
    described = network(3, loss=loss, outputs=outputs, label_smoothing=0.2)
    run = simulation(described, batch_size=batch_size)
    run.advance(2)
    share = 0.2 / max(outputs, 2)
    assert set(np.unique(run.snapshot().arrays["Y"]).round(12)) == {
        round(share, 12), round(0.8 + share, 12),
    }  # fmt: skip
    plain = simulation(replace(described, label_smoothing=0.0), batch_size=batch_size)
    plain._machine.theta[:] = run._machine.theta
    assert run.evaluate() == plain.evaluate()
    assert set(np.unique(run.data.train.Y)) == {0.0, 1.0}


@pytest.mark.parametrize("batch_size", [0, 4])
def test_a_fork_with_another_smoothing_trains_on_other_targets_at_once(batch_size):
    run = simulation(network(3, label_smoothing=0.2), batch_size=batch_size)
    run.advance(3)
    fork = run.fork(label_smoothing=0.0)
    fork.advance(1)
    assert set(np.unique(fork.snapshot().arrays["Y"])) == {0.0, 1.0}
    run.advance(1)
    assert set(np.unique(run.snapshot().arrays["Y"]).round(12)) == {0.1, 0.9}


def test_the_surface_is_that_of_the_cost_that_is_trained():
    described = network(3, label_smoothing=0.3)
    run = simulation(described, batch_size=0, optimizer="sgd")
    run.advance(5)
    found = run.surface("gradient", 5)
    middle = [int(np.flatnonzero(axis == 0)[0]) for axis in (found.betas, found.alphas)]
    assert found.cost[tuple(middle)] == pytest.approx(run.probe().cost, rel=1e-12)
    assert found.cost[tuple(middle)] != pytest.approx(run.evaluate()["train"].cost, rel=1e-3)


def test_layer_norm_needs_no_running_figures():
    """What training computed is what an evaluation of the same examples computes, to the bit."""
    layers = (Layer(4, "tanh", layer_norm=LayerNorm()), Layer(4, "tanh", residual=True))
    run = simulation(network(*layers), batch_size=0)
    run.advance(3)
    shown = run.probe()
    np.testing.assert_array_equal(run.predict(run.data.train.X), shown.arrays["A3"])
    alone = run.predict(np.ascontiguousarray(run.data.train.X[:, :1]))
    np.testing.assert_allclose(alone, shown.arrays["A3"][:, :1], rtol=1e-12)


def test_regression_has_no_accuracy():
    found = simulation(network(2, loss="huber")).evaluate()["train"]
    assert np.isnan(found.accuracy) and np.isnan(found.error) and np.isfinite(found.cost)


def test_predict_wants_one_example_a_column():
    with pytest.raises(ValueError, match=r"predict: X has shape \(5, 2\), expected \(2, m\)"):
        simulation(network(3)).predict(np.zeros((5, 2)))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"inputs": 3}, r"the data have 3 features, but the network has 2"),
        ({"outputs": 2}, r"the data have 2 rows of labels, but the network has 1"),
        ({"m": 0}, r"the training set is empty"),
    ],
)
def test_data_that_do_not_fit_the_network(settings, message):
    with pytest.raises(ValueError, match=message):
        simulation(network(3), data=data_set(**settings))
