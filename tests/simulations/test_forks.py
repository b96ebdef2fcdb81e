"""Forks: the same past, another future, and nothing shared that could be spoilt."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.kernels.codes import Optimizer, names_of
from nnsim.network.specification import Layer
from nnsim.simulations.position import Position
from nnsim.training.specification import EarlyStopping
from tests.simulations.made import differences, network, same_tables, simulation
from tests.simulations.strategies import descriptions, made

CHANGES = [
    {"learning_rate": 0.2},
    {"optimizer": "rmsprop"},
    {"optimizer": "sgd", "learning_rate": 0.3},
    {"batch_size": 3},
    {"batch_size": 0},
    {"seed": 12345},
    {"keep_prob": 0.5},
    {"keep_prob": 1.0},
    {"activation": "sigmoid"},
    {"l2": 2.0},
    {"clip_norm": 0.01},
    {"evaluate_every": 2},
]
each_change = pytest.mark.parametrize("change", CHANGES, ids=str)


@settings(max_examples=20)
@given(
    description=descriptions(),
    step=st.integers(0, 20),
    onward=st.integers(1, 20),
    back=st.integers(0, 20),
)
def test_a_fork_without_change_goes_on_identically(description, step, onward, back):
    run, whole = made(description), made(description)
    run.advance(step)
    other = run.fork()
    assert differences(other.snapshot(), run.snapshot()) == []
    other.advance(onward)
    whole.advance(step + onward)
    assert differences(other.snapshot(), whole.snapshot()) == []
    assert same_tables(other.history, whole.history)
    other.seek(back)
    whole.seek(back)
    assert differences(other.snapshot(), whole.snapshot()) == []


@each_change
@pytest.mark.parametrize("step", [0, 1, 16, 19])
def test_a_changed_fork_shares_the_past_and_leaves_its_parent_alone(change, step):
    run, untouched = simulation(), simulation()
    run.advance(step)
    other = run.fork(**change)
    other.advance(25 - step)
    futures = [other.snapshot()]
    for run_ in (run, untouched):
        run_.seek(25)
    assert differences(run.snapshot(), untouched.snapshot()) == []
    if "evaluate_every" not in change:
        assert not np.array_equal(other.snapshot().arrays["W1"], untouched.snapshot().arrays["W1"])
    for back in range(step):
        for phase in (0, 4):
            other.seek(back, phase)
            untouched.seek(back, phase)
            assert differences(other.snapshot(), untouched.snapshot()) == []
    other.seek(25)
    futures.append(other.snapshot())
    assert differences(*futures) == []


@each_change
def test_positions_around_the_fork_are_the_same_from_both_sides(change):
    run = simulation()
    run.advance(5)
    other = run.fork(**change)
    shots = {}
    for _ in range(3 * len(other.phases)):
        other.next_phase()
        shots[other.position] = other.snapshot()
    for position in [*sorted(shots, reverse=True), *sorted(shots)]:
        other.seek(position.step, position.phase)
        assert differences(other.snapshot(), shots[position]) == []
        other.seek(2, 3)
        other.seek(position.step, position.phase)
        assert differences(other.snapshot(), shots[position]) == []


@each_change
def test_walking_into_the_fork_changes_the_settings_there(change):
    run = simulation()
    run.advance(5)
    other = run.fork(**change)
    shots = [other.snapshot()]
    for _ in range(len(other.phases)):
        other.next_phase()
        shots.append(other.snapshot())
    other.seek(4, 7)
    while other.position < Position(5):
        other.next_phase()
    for shot in shots:
        assert differences(other.snapshot(), shot) == []
        other.next_phase()


@each_change
def test_the_fork_point_looks_the_same_on_return(change):
    run = simulation()
    run.advance(5)
    other = run.fork(**change)
    begin = other.snapshot()
    for away in ((0, 0), (4, 2), (5, 3), (9, 0)):
        other.seek(*away)
        other.seek(5)
        assert differences(other.snapshot(), begin) == []


@settings(max_examples=15)
@given(
    path=st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 9)), min_size=2, max_size=4),
    targets=st.lists(st.integers(0, 40), min_size=1, max_size=5),
)
def test_forks_of_forks(path, targets):
    """Also forks at one step, where the one between has no time of its own."""
    run = simulation()
    run.advance(3)
    whole = {}
    for change, onward in path:
        run = run.fork(**change)
        run.advance(onward)
    end = run.position.step
    final = run.snapshot()
    for target in sorted({min(target, end) for target in targets}):
        run.seek(target, 0)
        whole[target] = run.snapshot()
    for target in (*whole, *reversed(whole)):
        run.seek(target, 0)
        assert differences(run.snapshot(), whole[target]) == []
    run.seek(end)
    assert differences(run.snapshot(), final) == []


@pytest.mark.parametrize("step", [0, 5])
def test_forks_at_one_step(step):
    """The settings in between never were in force, nor did their optimiser's slots."""
    run = simulation()
    run.advance(step)
    twice = run.fork(optimizer="sgd", l2=9.0).fork(optimizer="rmsprop", learning_rate=0.01)
    twice.advance(4)
    final = twice.snapshot()
    for away in (0, step, step + 1, max(0, step - 1)):
        twice.seek(away, 3)
        twice.seek(step + 4)
        assert differences(twice.snapshot(), final) == []


def test_a_fork_of_a_rewound_fork_has_the_settings_of_that_time():
    run = simulation(learning_rate=0.01)
    run.advance(4)
    run = run.fork(learning_rate=0.5)
    run.advance(4)
    run.seek(2)
    other = run.fork(l2=1.0)
    other.advance()
    assert other.snapshot().learning_rate == 0.01
    assert other.training.learning_rate == 0.01
    run.advance(4)
    assert run.snapshot().learning_rate == 0.5


@pytest.mark.parametrize("before", names_of(Optimizer))
def test_slots_go_over_to_the_same_optimizer_and_start_empty_for_another(before):
    run = simulation(optimizer=before)
    run.advance(5)
    after = "adam" if before != "adam" else "amsgrad"
    same, other = run.fork(learning_rate=0.001), run.fork(optimizer=after)
    slots = [name for name in run.snapshot().arrays if name.startswith(("v_", "s_"))]
    for name in slots:
        assert np.array_equal(same.snapshot().arrays[name], run.snapshot().arrays[name])
    fresh = [array for name, array in other.snapshot().arrays.items() if name.startswith("v_")]
    assert fresh and not any(array.any() for array in fresh)


def test_a_fork_inside_a_step_begins_where_the_step_did_and_moves_nothing():
    run = simulation()
    run.seek(4, 3)
    before = run.snapshot()
    other = run.fork(learning_rate=0.5)
    assert other.position == Position(4, 0)
    assert run.position == Position(4, 3)
    assert differences(run.snapshot(), before) == []


def test_a_fork_with_other_evaluations_keeps_its_rows_together():
    run = simulation(evaluate_every=10, steps=100)
    run.advance(50)
    other = run.fork(evaluate_every=1)
    other.advance(5)
    assert other.history.records["step"].tolist() == [0, 10, 20, 30, 40, 50, 51, 52, 53, 54]
    assert np.isfinite(other.history.records["train_cost"]).all()
    longer = run.fork(steps=2000, evaluate_every=0)
    longer.advance(50)
    assert longer.history.records["step"].tolist() == [0, 10, 20, 30, 40, 60, 80]


def test_a_fork_forgets_the_later_rows_of_its_parent():
    run, straight = simulation(evaluate_every=2), simulation(evaluate_every=2)
    run.advance(30)
    run.seek(9)
    other = run.fork()
    straight.advance(9)
    assert same_tables(other.history, straight.history)
    assert run.history.curve["step"][-1] == 29


def test_forked_layers_other_than_hidden_ones_stay():
    run = simulation(network(Layer(3, "tanh"), Layer(2, "relu")))
    other = run.fork(activation="silu", keep_prob=0.5)
    assert [layer.activation for layer in other.network.layers] == ["silu", "silu", "sigmoid"]
    assert [layer.keep_prob for layer in other.network.layers] == [0.5, 0.5, 1.0]
    assert [layer.activation for layer in run.network.layers] == ["tanh", "relu", "sigmoid"]


def test_a_fork_may_take_residual_connections_away_or_add_them():
    run = simulation(network(Layer(3, "tanh"), Layer(3, "tanh")))
    run.advance(2)
    other = run.fork(network=replace(run.network, layers=residual_layers(run.network)))
    other.advance(1)
    shown = other.snapshot().arrays
    np.testing.assert_array_equal(shown["A2"], shown["G2"] + shown["A1"])
    back = other.fork(residual=False)
    back.advance(1)
    assert (back.snapshot().arrays["A2"] == back.snapshot().arrays["G2"]).all()
    with pytest.raises(ValueError, match="layer 1 is residual, but has 3 units after 2"):
        run.fork(residual=True)


def residual_layers(described):
    """Return the layers, the second one residual."""
    first, second, *others = described.layers
    return (first, replace(second, residual=True), *others)


def test_an_early_stopped_run_goes_on_in_a_fork():
    run = simulation(
        network(6),
        steps=400,
        learning_rate=0.3,
        early_stopping=EarlyStopping(patience=2, minimum_improvement=1e-4),
        evaluate_every=2,
    )
    run.run()
    assert run.status == "stopped early"
    free = run.fork(early_stopping=None)
    assert free.status == "ready" and free.advance(10) == 10
    again = run.fork(learning_rate=1e-9)
    assert again.advance(3) == 3
    again.run()
    assert again.position.step == run.position.step + 4


def test_a_fork_cannot_change_the_shape_of_theta():
    run = simulation(network(3))
    with pytest.raises(ValueError, match=r"fork: the parameters would change their shape"):
        run.fork(network=network(4))


def test_an_unknown_change_names_the_nearest():
    with pytest.raises(ValueError, match=r"fork: 'learning_rat' .* 'learning_rate'"):
        simulation().fork(learning_rat=0.1)
