"""The parameters walked through: those of the steps themselves, wherever they come from."""

import numpy as np
import pytest

from nnsim.simulations import path as path_module
from nnsim.simulations.fork import Edit
from tests.simulations.made import differences, network, same_tables, simulation


def theta_at(run, step):
    run.seek(step)
    return run._machine.theta.astype(np.float64)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("most", [1, 2, 7, 200])
@pytest.mark.parametrize("step", [0, 1, 40, 333])
def test_the_path_is_what_the_run_walked(dtype, most, step):
    run, again = simulation(network(3), dtype=dtype), simulation(network(3), dtype=dtype)
    run.seek(step, 3)
    steps, thetas = run.path(most)
    assert len(steps) <= most and steps[-1] == step and (np.diff(steps) > 0).all()
    assert len(steps) == min(most, step + 1)
    assert thetas.shape == (len(steps), run._machine.theta.size) and thetas.dtype == np.float64
    for at, theta in zip(steps, thetas, strict=True):
        assert np.array_equal(theta, theta_at(again, at))


def test_many_checkpoints_are_taken_as_they_are(monkeypatch):
    run, again = simulation(network(3)), simulation(network(3))
    monkeypatch.setattr("nnsim.simulations.run.REPLAY_SECONDS", 0)
    run.advance(1000)
    kept = run._run.timeline.steps
    assert len(kept) > 30
    monkeypatch.setattr(path_module.Run, "copy", None)
    run.seek(900)
    steps, thetas = run.path(20)
    assert len(steps) == 20 and steps[-1] == 900 and {*steps[:-1].tolist()} <= {*kept}
    assert steps[0] == 0 and np.diff(steps).max() < 2 * np.diff(steps)[:-1].min()
    for at, theta in zip(steps, thetas, strict=True):
        assert np.array_equal(theta, theta_at(again, at))


def test_a_slow_past_is_not_run_again(monkeypatch):
    monkeypatch.setattr("nnsim.simulations.run.REPLAY_SECONDS", 0)
    run = simulation(network(3))
    run.advance(500)
    run._run.steps_per_second = 499.0
    kept = [step for step in run._run.timeline.steps if step < 500]
    assert path_module.ENOUGH <= len(kept) < 199
    assert run.path()[0].tolist() == [*kept, 500]
    run._run.steps_per_second = 501.0
    assert len(run.path()[0]) == 200


def test_the_path_of_a_fork_leads_through_its_parents():
    run = simulation()
    run.advance(6)
    fork = run.fork(learning_rate=0.3, edits=(Edit("W1", 0, 0, 5.0),))
    fork.advance(6)
    steps, thetas = fork.path()
    assert steps.tolist() == list(range(13))
    for at in range(13):
        assert np.array_equal(thetas[at], theta_at(run if at < 6 else fork, at))
    assert thetas[6, 0] == 5.0


def test_a_large_network_has_fewer_points(monkeypatch):
    run = simulation(network(3))
    run.advance(50)
    monkeypatch.setattr(path_module, "MOST_BYTES", 11 * run._machine.theta.nbytes)
    assert len(run.path()[0]) == 11
    monkeypatch.setattr(path_module, "MOST_BYTES", 0)
    assert run.path()[0].tolist() == [0, 25, 50]


@pytest.mark.parametrize("phase", [0, 4])
def test_walking_the_path_leaves_no_trace(phase):
    run, unseen = simulation(), simulation()
    for one in (run, unseen):
        one.advance(40)
        one.seek(33, phase)

    def cancel(done, whole):
        assert whole == 33
        if done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.path(on_progress=cancel)
    run.path()
    assert run._run.timeline.steps == unseen._run.timeline.steps
    assert differences(run.snapshot(), unseen.snapshot()) == []
    assert same_tables(run.history, unseen.history)
    for one in (run, unseen):
        one.seek(60)
    assert differences(run.snapshot(), unseen.snapshot()) == []
    assert same_tables(run.history, unseen.history)


def test_at_least_one_point():
    with pytest.raises(ValueError, match="path: most is 0, expected at least 1 point"):
        simulation().path(0)
