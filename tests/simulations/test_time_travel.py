"""Any position is reached exactly, from before and from after, however far."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.simulations import timeline
from nnsim.simulations.position import Position
from nnsim.simulations.timeline import Timeline
from tests.simulations.made import differences, same_tables, simulation
from tests.simulations.strategies import descriptions, made

STEPS = 5


def all_snapshots(run, steps):
    """Walk through `steps` steps; return the snapshot of every position on the way."""
    shots = {run.position: run.snapshot()}
    for _ in range(steps * len(run.phases)):
        run.next_phase()
        shots[run.position] = run.snapshot()
    return shots


@settings(max_examples=25)
@given(
    description=descriptions(),
    targets=st.lists(st.tuples(st.integers(0, STEPS - 1), st.integers(0, 99)), min_size=4),
    gear=st.booleans(),
)
def test_seeking_anywhere_gives_every_array_to_the_bit(description, targets, gear):
    shots = all_snapshots(made(description), STEPS)
    run = made(description)
    if gear:
        run.advance(STEPS)
    for step, phase in targets:
        position = Position(step, phase % len(run.phases))
        run.seek(position.step, position.phase)
        assert run.position == position
        assert differences(run.snapshot(), shots[position]) == []


@settings(max_examples=15)
@given(description=descriptions(), targets=st.lists(st.integers(0, 70), max_size=6))
def test_a_run_goes_on_the_same_after_any_seeks(description, targets):
    wandering, straight = made(description), made(description)
    for target in targets:
        wandering.seek(target)
    wandering.seek(75)
    straight.advance(75)
    assert differences(wandering.snapshot(), straight.snapshot()) == []
    assert same_tables(wandering.history, straight.history)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_walking_back_phase_by_phase(dtype):
    run = simulation(dtype=dtype)
    shots = all_snapshots(run, 3)
    for position in sorted(shots, reverse=True)[1:]:
        run.previous_phase()
        assert run.position == position
        assert differences(run.snapshot(), shots[position]) == []
    run.previous_phase()
    assert run.position == Position(0, 0)


def test_far_positions_across_thinned_checkpoints(monkeypatch):
    monkeypatch.setattr(timeline, "MOST_CHECKPOINTS", 5)
    run = simulation(steps=700)
    shots = {}
    for step in range(0, 700, 70):
        run.seek(step, 3)
        shots[step] = run.snapshot()
    checkpoints = run._run.timeline
    assert len(checkpoints.steps) <= 7 and checkpoints.interval >= 128
    for step in (630, 0, 350, 70, 560, 210):
        run.seek(step, 3)
        assert differences(run.snapshot(), shots[step]) == []


def test_checkpoints_are_bounded_in_bytes(monkeypatch):
    run = simulation()
    one = run._machine.capture()
    monkeypatch.setattr(timeline, "MOST_BYTES", 10 * one.nbytes)
    run.advance(4000)
    assert run._run.timeline.nbytes <= 12 * one.nbytes


def test_pinned_checkpoints_stay(monkeypatch):
    monkeypatch.setattr(timeline, "MOST_CHECKPOINTS", 4)
    kept = Timeline()
    run = simulation()
    kept.add(run._machine.capture(), pin=True)
    run.advance(7)
    kept.add(run._machine.capture(), pin=True)
    for _ in range(20):
        run.seek(kept.next_stop(run.position.step))
        kept.add(run._machine.capture())
    assert {0, 7} <= set(kept.steps) and len(kept.steps) <= 6
    assert kept.at_or_before(7).step == 7


def test_the_furthest_step_is_remembered():
    run = simulation()
    assert run.reached == 0
    run.advance(7)
    run.seek(3, 2)
    assert run.reached == 7
    fork = run.fork(learning_rate=0.2)
    assert fork.reached == 3
    fork.advance()
    assert (fork.reached, run.reached) == (4, 7)


@pytest.mark.parametrize("position", [(-1, 0), (2, -1), (2, 10)])
def test_positions_that_cannot_be(position):
    run = simulation()
    run.advance(3)
    before = run.snapshot()
    with pytest.raises(ValueError, match=r"seek: position .* cannot be.*phase from 0 to 9"):
        run.seek(*position)
    assert differences(run.snapshot(), before) == []
