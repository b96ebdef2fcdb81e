"""How runs end: done, stopped early with the best parameters, or at the first NaN or infinity."""

import numpy as np
import pytest

from nnsim.data.dataset import DataSet, Examples
from nnsim.kernels.codes import Task
from nnsim.network.specification import BatchNorm, Layer
from nnsim.simulations.position import Position
from nnsim.simulations.training import NonFinite
from nnsim.training.specification import EarlyStopping
from tests.simulations.made import data_set, differences, network, simulation


def stopping(dtype="float64", patience=2, **settings):
    """Return a run that overfits its few examples soon."""
    described = network(Layer(6, "tanh", batch_norm=BatchNorm(), initializer="xavier"))
    settings = {"steps": 300, "evaluate_every": 3, "learning_rate": 0.03} | settings
    stop = EarlyStopping(patience=patience)
    return simulation(
        described, data=data_set(dev=30), dtype=dtype, early_stopping=stop, **settings
    )


def walk_to_the_end(run):
    while run.status not in ("stopped early", "non-finite"):
        run.next_phase()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_early_stopping_restores_the_best_parameters(dtype):
    run, watched = stopping(dtype), stopping(dtype, patience=1000)
    run.run()
    assert run.status == "stopped early"
    end = run.position
    assert end.step % 3 == 0 and end.step < 300
    losses, shots = {}, {}
    for step in range(0, end.step + 1, 3):
        watched.seek(step)
        losses[step], shots[step] = watched.evaluate()["dev"].data_loss, watched.snapshot()
    best = min(losses, key=losses.get)
    assert run.best_step == best
    assert [run.best_step + 3 * k for k in (1, 2)][-1] == end.step
    for name in ("W1", "gamma1", "beta1", "b2", "running_mean1", "running_variance1"):
        assert np.array_equal(run.snapshot().arrays[name], shots[best].arrays[name])
    assert run.evaluate()["dev"].data_loss == losses[best]


def test_early_stopping_in_both_gears():
    run, walked, advanced = stopping(), stopping(), stopping()
    run.run()
    walk_to_the_end(walked)
    advanced.advance(10_000)
    assert walked.position == run.position == advanced.position
    assert differences(walked.snapshot(), run.snapshot()) == []
    assert differences(advanced.snapshot(), run.snapshot()) == []


def test_the_stopped_snapshot_shows_no_update_that_never_was():
    run = stopping()
    run.run()
    shown = run.snapshot()
    assert not any(name.startswith(("update_", "dW")) for name in shown.arrays)
    assert shown.layers == ()


def test_seeking_around_the_stop():
    run = stopping()
    run.run()
    end, final = run.position, run.snapshot()
    free = stopping(patience=1000)
    for away in ((end.step - 1, 3), (0, 0), (end.step - 2, 0), (1, 7)):
        run.seek(*away)
        free.seek(*away)
        assert run.status == "ready"
        assert differences(run.snapshot(), free.snapshot()) == []
        run.seek(end.step)
        assert run.status == "stopped early"
        assert differences(run.snapshot(), final) == []
    for beyond in ((end.step, 4), (end.step + 1, 0), (end.step + 50, 2)):
        run.seek(*beyond)
        assert run.position == end
        assert differences(run.snapshot(), final) == []
        run.seek(2)
        run.seek(*beyond)
        assert run.position == end
        assert differences(run.snapshot(), final) == []


def test_nothing_moves_a_stopped_run_on():
    run = stopping()
    run.run()
    final = run.snapshot()
    assert run.advance(5) == 0
    run.next_phase()
    run.run()
    assert differences(run.snapshot(), final) == []


def test_early_stopping_at_the_end_of_the_run_restores_the_best_too():
    run = stopping(patience=1000, steps=60)
    run.run()
    assert run.position == Position(60, 0)
    assert run.status == run.snapshot().status == "finished"
    assert 0 < run.best_step < 60
    watched = stopping(patience=1000)
    watched.seek(run.best_step)
    assert np.array_equal(run.snapshot().arrays["W1"], watched.snapshot().arrays["W1"])


def test_patience_that_runs_out_at_the_last_step_stopped_the_run_early():
    soon = stopping()
    soon.run()
    run = stopping(steps=soon.position.step)
    run.run()
    assert run.position == soon.position and run.best_step == soon.best_step
    assert run.status == "stopped early"


def test_minimum_improvement_counts_small_gains_as_none():
    run = simulation(
        network(3),
        learning_rate=1e-6,
        evaluate_every=1,
        early_stopping=EarlyStopping(patience=3, minimum_improvement=0.1),
    )
    run.run()
    assert run.position.step == 3 and run.best_step == 0


def exploding(dtype="float64"):
    """Return a run whose weights grow until they overflow."""
    described = network(
        Layer(3, "identity", initializer="normal", scale=5.0),
        Layer(3, "identity", initializer="normal", scale=5.0),
        loss="mean_squared_error",
    )
    return simulation(described, optimizer="sgd", learning_rate=0.5, dtype=dtype, steps=500)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_infinity_stops_both_gears_at_the_same_phase(dtype):
    run, walked = exploding(dtype), exploding(dtype)
    run.run()
    walk_to_the_end(walked)
    assert run.status == walked.status == "non-finite"
    assert run.position == walked.position
    assert run.non_finite == walked.non_finite
    assert run.non_finite == NonFinite(run.position.step, run.phases[run.position.phase])
    assert 0 < run.non_finite.step < 500
    assert differences(run.snapshot(), walked.snapshot()) == []
    # Everything before the phase that failed is finite.
    for name, array in run.snapshot().arrays.items():
        assert np.isfinite(array).all(), name


def test_seeking_around_infinity():
    run = exploding()
    run.run()
    end, final = run.position, run.snapshot()
    run.seek(end.step - 1, 2)
    assert run.status == "ready" and run.non_finite is None
    run.seek(end.step + 3, 1)
    assert run.position == end and run.status == "non-finite"
    assert differences(run.snapshot(), final) == []
    run.seek(0)
    run.seek(end.step, end.phase)
    assert run.status == "non-finite"
    assert differences(run.snapshot(), final) == []
    assert run.advance(3) == 0


@pytest.mark.parametrize(
    ("place", "phase"),
    [("X", "forward 1"), ("Y", "cost"), ("W2", "forward 2")],
)
def test_nan_is_caught_where_it_first_appears(place, phase):
    weights = ((0.1, np.nan), (0.2, 0.3)) if place == "W2" else None
    hidden = Layer(2, "relu"), Layer(2, "relu", weights=weights)
    described = network(*hidden, loss="mean_squared_error")
    data = data_set(Task.REGRESSION, dev=0)
    if place != "W2":
        getattr(data.train, place)[0, 5] = np.nan
    run = simulation(described, data=data, batch_size=0)
    run.run()
    assert run.non_finite == NonFinite(0, phase)


def test_an_overflowing_gradient_is_caught_in_its_layer():
    described = network(
        Layer(2, "identity", weights=((1e200, 0.0), (0.0, 1e200))),
        Layer(2, "identity", weights=((1e-200, 0.0), (0.0, 1e200))),
        Layer(1, "identity", weights=((1e200, 0.0),)),
        loss="huber",
    )
    X = np.array([[1.0, 0.5], [0.0, 0.0]])
    data = DataSet(
        Examples(X, np.zeros((1, 2))),
        Examples(np.zeros((2, 0)), np.zeros((1, 0))),
        Examples(np.zeros((2, 0)), np.zeros((1, 0))),
        Task.REGRESSION,
    )
    run = simulation(described, data=data, batch_size=0, optimizer="sgd")
    run.run()
    # dW3 = dZ A2^T is about 1; dZ2 = W3^T dZ3 about 1e200, and dW2 = dZ2 A1^T overflows.
    assert run.non_finite == NonFinite(0, "backward 2")


def test_a_fork_of_a_failed_run_begins_before_the_failure():
    run = exploding()
    run.run()
    end = run.position
    healed = run.fork(learning_rate=1e-300)
    assert healed.position == Position(end.step, 0) and healed.status == "ready"
    assert run.position == end and run.status == "non-finite"


def test_the_status_follows_the_position():
    run = simulation(steps=6)
    assert run.status == "ready" and run.best_step is None
    run.run()
    assert run.status == "finished" and run.position == Position(6, 0)
    run.seek(5, 2)
    assert run.status == "ready"
    run.run()
    assert run.status == "finished"
