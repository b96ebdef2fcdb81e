"""Progress between chunks, and stopping there: what remains is exact and may be gone on from."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.simulations.fork import Edit
from nnsim.simulations.position import Position
from nnsim.training.specification import EarlyStopping
from tests.simulations.made import data_set, differences, network, same_tables, simulation


class Cancelled(Exception):
    """Raised by a learner who does not want to wait."""


class CancelAfter:
    """Progress that is recorded, and an end put to it after some calls."""

    def __init__(self, calls=None):
        self.calls, self.seen = calls, []

    def __call__(self, done, target):
        self.seen.append((done, target))
        if self.calls is not None and len(self.seen) >= self.calls:
            raise Cancelled


def in_short_chunks(run):
    """Let chunks be one step long, whatever the speed of this machine."""
    run.chunk_seconds = 1e-12
    return run


def test_progress_of_a_forward_run():
    run, seen = in_short_chunks(simulation()), CancelAfter()
    assert run.advance(7, seen) == 7
    assert seen.seen == [(step, 7) for step in range(1, 8)]
    seen = CancelAfter()
    run.seek(9, 3, seen)
    assert seen.seen == [(8, 9), (9, 9)]


def test_progress_of_a_way_back():
    run, seen = in_short_chunks(simulation()), CancelAfter()
    run.advance(12)
    run.seek(6, 0, seen)
    assert seen.seen == [(step, 6) for step in range(1, 7)]


def test_long_chunks_end_where_checkpoints_are_due():
    run, seen = simulation(), CancelAfter()
    run.chunk_seconds = 1e6
    run.advance(10_000, seen)
    assert seen.seen[-1] == (10_000, 10_000)
    assert len(seen.seen) < 700


def test_forks_inherit_the_length_of_chunks():
    run = simulation()
    run.chunk_seconds = 0.02
    assert run.fork().chunk_seconds == 0.02
    with pytest.raises(ValueError, match="chunk_seconds is 0"):
        run.chunk_seconds = 0


@settings(max_examples=20)
@given(
    calls=st.integers(1, 10),
    target=st.integers(12, 20),
    onward=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=3),
)
def test_a_forward_run_cancelled_anywhere(calls, target, onward):
    run, fresh = in_short_chunks(simulation()), simulation()
    with pytest.raises(Cancelled):
        run.advance(target, CancelAfter(calls))
    assert run.position == Position(calls)
    fresh.seek(calls)
    assert differences(run.snapshot(), fresh.snapshot()) == []
    assert same_tables(run.history, fresh.history)
    for position in onward:
        run.seek(*position)
        fresh.seek(*position)
        assert differences(run.snapshot(), fresh.snapshot()) == []
    assert same_tables(run.history, fresh.history)


def forked(short=True):
    """Return a run of three segments, the last step being 24."""
    run = simulation()
    run.advance(6)
    run = run.fork(learning_rate=0.2)
    run.advance(6)
    run = run.fork(edits=(Edit("W1", 1, 1, 0.5),), optimizer="sgd")
    run.advance(12)
    return in_short_chunks(run) if short else run


@settings(max_examples=20)
@given(
    calls=st.integers(1, 12),
    target=st.integers(13, 22),
    onward=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), min_size=1, max_size=3),
    walk=st.booleans(),
)
def test_the_replay_of_a_way_back_cancelled_anywhere(calls, target, onward, walk):
    """Also where one segment ends and the next begins."""
    run, fresh = forked(), forked(short=False)
    run._run.timeline._kept = {
        step: kept
        for step, kept in run._run.timeline._kept.items()
        if step in run._run.timeline._pinned
    }
    with pytest.raises(Cancelled):
        run.seek(target, 2, CancelAfter(min(calls, target - 12)))
    reached = run.position
    assert 12 < reached.step <= target and reached.phase == 0
    fresh.seek(reached.step)
    assert differences(run.snapshot(), fresh.snapshot()) == []
    if walk:
        for _ in range(12):
            assert run.next_phase() == fresh.next_phase()
            assert differences(run.snapshot(), fresh.snapshot()) == []
    for position in onward:
        run.seek(*position)
        fresh.seek(*position)
        assert differences(run.snapshot(), fresh.snapshot()) == []
    assert same_tables(run.history, fresh.history)


@pytest.mark.parametrize("calls", range(1, 20))
def test_cancelled_on_the_way_through_all_segments(calls):
    run, fresh = forked(), forked(short=False)
    run.seek(0)
    with pytest.raises(Cancelled):
        run.advance(24, CancelAfter(calls))
    assert run.position == Position(calls)
    fresh.seek(calls)
    assert differences(run.snapshot(), fresh.snapshot()) == []
    run.advance(24 - calls)
    fresh.seek(24)
    assert differences(run.snapshot(), fresh.snapshot()) == []
    assert same_tables(run.history, fresh.history)


def test_cancelled_at_the_step_where_the_run_had_stopped_early():
    run = simulation(
        network(6),
        data=data_set(dev=30),
        steps=300,
        evaluate_every=3,
        learning_rate=0.1,
        early_stopping=EarlyStopping(patience=2),
    )
    run.run()
    end, final = run.position.step, run.snapshot()
    in_short_chunks(run)
    run.seek(0)
    with pytest.raises(Cancelled):
        run.seek(end, 0, CancelAfter(end))
    assert run.position == Position(end) and run.status == "ready"
    run.seek(end)
    assert run.status == "stopped early"
    assert differences(run.snapshot(), final) == []


def test_a_run_to_the_end_cancelled_and_taken_up_again():
    run, fresh = in_short_chunks(simulation()), simulation()
    with pytest.raises(Cancelled):
        run.run(CancelAfter(13))
    assert run.position == Position(13) and run.status == "ready"
    run.run()
    fresh.run()
    assert differences(run.snapshot(), fresh.snapshot()) == []
    assert same_tables(run.history, fresh.history)
