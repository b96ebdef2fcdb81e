"""Single parameters set by hand: a fork like any other, exact from both sides."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.simulations.fork import Edit
from nnsim.simulations.position import Position
from nnsim.training.specification import EarlyStopping
from tests.simulations.made import data_set, differences, network, same_tables, simulation

EDITS = [
    Edit("W1", 2, 1, 0.5),
    Edit("W1", 0, 0, -3.0),
    Edit("b1", 3, 0, 1.5),
    Edit("gamma1", 1, 0, 0.25),
    Edit("beta1", 0, 0, 2.0),
    Edit("W2", 1, 3, 0.0),
    Edit("W3", 0, 2, 1.0),
    Edit("b3", 0, 0, -0.5),
]
edits = st.lists(st.sampled_from(EDITS), min_size=1, max_size=3).map(tuple)
dtypes = pytest.mark.parametrize("dtype", ["float64", "float32"])


def set_by_hand(run, changes):
    """Change theta in place, at the end of a run's past."""
    blocks = {block.name: block for block in run._machine.layout.blocks}
    for edit in changes:
        blocks[edit.block].of(run._machine.theta)[edit.row, edit.column] = edit.value


@dtypes
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.block}[{edit.row},{edit.column}]")
def test_an_edit_sets_one_number_and_nothing_else(edit, dtype):
    run = simulation(dtype=dtype)
    run.advance(5)
    before = run.snapshot()
    other = run.fork(edits=(edit,))
    assert other.position == Position(5)
    kept = {name for name in before.arrays if not name.startswith(("d", "update_"))}
    for name, array in other.snapshot().arrays.items():
        expected = before.arrays[name].copy()
        if name == edit.block:
            assert expected[edit.row, edit.column] != edit.value
            expected[edit.row, edit.column] = edit.value
        assert name in kept and np.array_equal(array, expected), name
    assert differences(run.snapshot(), before) == []


def test_what_the_step_before_left_is_not_shown_beside_edited_parameters():
    run = simulation()
    run.advance(5)
    other = run.fork(edits=EDITS[:1])
    assert "A1" in run.snapshot().arrays and run.snapshot().layers
    assert not {"A1", "dW1", "update_W1"} & other.snapshot().arrays.keys()
    assert other.snapshot().layers == ()
    other.advance()
    assert "update_W1" in other.snapshot().arrays and other.snapshot().layers


@settings(max_examples=20)
@given(
    changes=edits,
    step=st.integers(0, 20),
    onward=st.integers(1, 30),
    optimizer=st.sampled_from(["sgd", "adam", "amsgrad"]),
)
def test_equal_to_a_run_whose_theta_was_set_by_hand(changes, step, onward, optimizer):
    run, by_hand = simulation(optimizer=optimizer), simulation(optimizer=optimizer)
    run.advance(step)
    by_hand.advance(step)
    set_by_hand(by_hand, changes)
    other = run.fork(edits=changes)
    for one in (other, by_hand):
        one.advance(onward)
    assert differences(other.snapshot(), by_hand.snapshot()) == []
    assert same_tables(other.history, by_hand.history)


@settings(max_examples=20)
@given(
    changes=edits,
    step=st.integers(0, 20),
    targets=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=3, max_size=6),
)
def test_time_travel_across_an_edit_is_exact_both_ways(changes, step, targets):
    plain, by_hand, parent = simulation(), simulation(), simulation()
    parent.advance(step)
    other = parent.fork(edits=changes)
    begin = other.snapshot()
    by_hand.advance(step)
    set_by_hand(by_hand, changes)
    shots = {Position(step): begin}
    for _ in range((30 - step) * len(by_hand.phases) + 9):
        by_hand.next_phase()
        shots[by_hand.position] = by_hand.snapshot()
    other.advance(12)
    for target in [*targets, (step, 0), (max(0, step - 1), 9), (step, 0), (step + 1, 0)]:
        position = Position(*target)
        other.seek(*target)
        if position < Position(step):
            plain.seek(*target)
            expected = plain.snapshot()
        else:
            expected = shots[position]
        assert other.position == position
        assert differences(other.snapshot(), expected) == [], position


def test_walking_phase_by_phase_across_an_edit():
    run = simulation()
    run.advance(5)
    other = run.fork(edits=EDITS[:2], learning_rate=0.2)
    shots = {other.position: other.snapshot()}
    for _ in range(2 * len(other.phases)):
        other.next_phase()
        shots[other.position] = other.snapshot()
    other.seek(4, 2)
    for _ in range(3 * len(other.phases) - 2):
        other.next_phase()
        if other.position in shots:
            assert differences(other.snapshot(), shots[other.position]) == []
    for position in sorted(shots, reverse=True)[1:]:
        other.previous_phase()
        assert differences(other.snapshot(), shots[position]) == []
    other.previous_phase()
    run.seek(4, 9)
    assert differences(other.snapshot(), run.snapshot()) == []


@settings(max_examples=12)
@given(
    path=st.lists(st.tuples(edits, st.integers(0, 6)), min_size=2, max_size=4),
    targets=st.lists(st.integers(0, 40), min_size=1, max_size=5),
)
def test_forks_of_edited_forks(path, targets):
    """Also two edits at one step: the later one adds to the earlier."""
    run, by_hand = simulation(), simulation()
    for one in (run, by_hand):
        one.advance(3)
    states = {}
    for changes, onward in path:
        run = run.fork(edits=changes)
        set_by_hand(by_hand, changes)
        for _ in range(onward):
            run.advance()
            by_hand.advance()
            states[run.position.step] = by_hand.snapshot()
    end = run.position.step
    theta = run.snapshot().arrays
    for name, array in by_hand.snapshot().arrays.items():
        assert name not in theta or np.array_equal(theta[name], array), name
    final = run.snapshot()
    starts = {segment.start for segment in run._run.segments}
    for target in targets:
        run.seek(min(target, end))
        if run.position.step in states and run.position.step not in starts:
            assert differences(run.snapshot(), states[run.position.step]) == []
    run.seek(end)
    assert differences(run.snapshot(), final) == []


def test_segments_keep_their_edits():
    run = simulation()
    run.advance(4)
    first = run.fork(edits=EDITS[:1])
    again = first.fork(edits=EDITS[1:2], learning_rate=0.2)
    assert [segment.edits for segment in again._run.segments] == [(), tuple(EDITS[:2])]
    first.advance()
    later = first.fork(edits=EDITS[3:4])
    assert [segment.edits for segment in later._run.segments] == [(), (EDITS[0],), (EDITS[3],)]


def test_the_last_of_two_edits_of_one_place_holds():
    other = simulation().fork(edits=(EDITS[0], replace(EDITS[0], value=7.0)))
    assert other.snapshot().arrays["W1"][2, 1] == 7.0


def test_an_edit_inside_a_step_begins_where_the_step_did():
    run = simulation()
    run.seek(4, 6)
    before = run.snapshot()
    other = run.fork(edits=EDITS[:1])
    assert other.position == Position(4) and run.position == Position(4, 6)
    assert differences(run.snapshot(), before) == []
    assert other.snapshot().arrays["W1"][2, 1] == 0.5


def test_an_edited_early_stopped_run_goes_on_from_its_best_parameters():
    stop = EarlyStopping(patience=2)
    settings = {"steps": 300, "evaluate_every": 3, "learning_rate": 0.1}
    run = simulation(network(6), data=data_set(dev=30), early_stopping=stop, **settings)
    run.run()
    best = run.snapshot().arrays["W1"]
    other = run.fork(edits=(Edit("W1", 0, 0, 9.0),))
    edited = other.snapshot().arrays["W1"]
    assert edited[0, 0] == 9.0 and np.array_equal(edited.ravel()[1:], best.ravel()[1:])
    again = other.fork(edits=(Edit("b1", 0, 0, 4.0),), learning_rate=1e-9)
    assert again.snapshot().arrays["W1"][0, 0] == 9.0
    assert again.advance(2) == 2


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (Edit("W9", 0, 0, 1.0), r"no block 'W9'; this network has W1, b1, gamma1.*W3, b3"),
        (Edit("b2", 0, 0, 1.0), r"no block 'b2'"),
        (Edit("W1", 4, 0, 1.0), r"W1 has no row 4; its shape is \(4, 2\).* from 0 to 3"),
        (Edit("W1", -1, 0, 1.0), r"W1 has no row -1"),
        (Edit("W1", 0, 2, 1.0), r"W1 has no column 2; its shape is \(4, 2\).* from 0 to 1"),
        (Edit("W1", 1, 1, float("nan")), r"W1\[1,1\] cannot be nan; expected a finite number"),
        (Edit("W1", 1, 1, float("inf")), r"W1\[1,1\] cannot be inf"),
    ],
)
@pytest.mark.parametrize("phase", [0, 4])
def test_edits_that_cannot_be(edit, message, phase):
    run = simulation()
    run.seek(3, phase)
    before = run.snapshot()
    with pytest.raises(ValueError, match=message):
        run.fork(edits=(EDITS[0], edit))
    assert run.position == Position(3, phase)
    assert differences(run.snapshot(), before) == []


def test_a_value_too_large_for_the_dtype_is_refused():
    assert simulation().fork(edits=(Edit("W1", 0, 0, 1e200),))
    with pytest.raises(ValueError, match=r"cannot be 1e\+200; expected a finite number in float32"):
        simulation(dtype="float32").fork(edits=(Edit("W1", 0, 0, 1e200),))


def test_a_refused_fork_inside_a_step_moves_nothing():
    run = simulation()
    run.seek(3, 5)
    before = run.snapshot()
    with pytest.raises(ValueError, match="would change their shape"):
        run.fork(network=network(7))
    assert run.position == Position(3, 5)
    assert differences(run.snapshot(), before) == []
