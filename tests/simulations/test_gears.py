"""The step gear and the run gear are one machine: equal to the last bit."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnsim.kernels.codes import Optimizer, Schedule, names_of
from nnsim.simulations.position import Position
from nnsim.training.specification import LearningRateSchedule
from tests.simulations.made import differences, rich_network, same_tables, simulation
from tests.simulations.strategies import descriptions, made


def walk(run, steps):
    """Do whole steps in the step gear."""
    for _ in range(steps * len(run.phases)):
        run.next_phase()


@settings(max_examples=40)
@given(description=descriptions(), steps=st.integers(1, 9))
def test_advancing_is_walking_all_phases(description, steps):
    walked, run = made(description), made(description)
    walk(walked, steps)
    assert run.advance(steps) == steps
    assert differences(run.snapshot(), walked.snapshot()) == []
    assert same_tables(run.history, walked.history)


@settings(max_examples=25)
@given(
    description=descriptions(),
    pieces=st.lists(st.integers(0, 5), max_size=5),
    phases=st.integers(0, 8),
)
def test_pieces_of_any_length_make_the_same_run(description, pieces, phases):
    broken, whole = made(description), made(description)
    for piece in pieces:
        for _ in range(phases):
            broken.next_phase()
        broken.advance(piece)
    broken.advance(1)
    assert broken.position.phase == 0
    whole.advance(broken.position.step)
    assert differences(broken.snapshot(), whole.snapshot()) == []
    assert same_tables(broken.history, whole.history)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("optimizer", names_of(Optimizer))
def test_every_optimizer_in_both_gears(optimizer, dtype):
    settings = {"optimizer": optimizer, "weight_decay": 0.1, "dtype": dtype}
    walked, run = simulation(**settings), simulation(**settings)
    walk(walked, 7)
    run.advance(7)
    assert differences(run.snapshot(), walked.snapshot()) == []
    assert np.abs(run.snapshot().arrays["update_W1"]).max() > 0


@pytest.mark.parametrize("kind", names_of(Schedule))
def test_every_schedule_in_both_gears(kind):
    schedule = LearningRateSchedule(kind, rate=0.9, warm_up=2, values=((1, 0.03),))
    walked, run = simulation(schedule=schedule), simulation(schedule=schedule)
    walk(walked, 7)
    run.advance(7)
    assert differences(run.snapshot(), walked.snapshot()) == []


def test_phases_are_named_in_order():
    run = simulation()
    names = [run.next_phase() for _ in range(len(run.phases))]
    assert tuple(names) == run.phases
    assert run.phases == (
        "batch", "forward 1", "forward 2", "forward 3", "cost",
        "backward 3", "backward 2", "backward 1", "check", "update",
    )  # fmt: skip
    assert run.position == Position(1, 0)


def test_a_snapshot_shows_what_the_step_has_computed_so_far():
    run = simulation()
    shown = []
    for _ in range(len(run.phases)):
        shown.append(set(run.snapshot().arrays))
        run.next_phase()
    shown.append(set(run.snapshot().arrays))
    new = [sorted(later - earlier) for earlier, later in pairwise(shown)]
    assert new[0] == ["A0", "Y"]
    assert new[1] == ["A1", "D1", "G1", "Z1", "Z_norm1", "Z_tilde1", "mean1", "variance1"]
    assert new[2] == ["A2", "D2", "G2", "Z2"]
    assert new[3] == ["A3", "G3", "Z3"]
    assert new[4] == new[8] == []
    assert new[5] == ["dW3", "dZ3", "db3"]
    assert new[6] == ["dA2", "dW2", "dZ2"]
    assert new[7] == ["dA1", "dW1", "dZ1", "dZ_tilde1", "db1", "dbeta1", "dgamma1"]
    assert all(name.startswith("update_") for name in new[9])


def test_snapshots_are_frozen_and_stay_as_they_were():
    run = simulation()
    run.advance(3)
    shot = run.snapshot()
    kept = {name: array.copy() for name, array in shot.arrays.items()}
    with pytest.raises(ValueError, match="read-only"):
        shot.arrays["W1"][0, 0] = 1
    run.advance(3)
    assert all((shot.arrays[name] == array).all() for name, array in kept.items())


def test_last_batch_is_smaller_and_epochs_count():
    run = simulation()
    sizes, places = [], []
    for _ in range(7):
        run.advance()
        shot = run.snapshot()
        sizes.append(shot.arrays["A0"].shape[1])
        places.append((shot.epoch, shot.batch))
    assert sizes == [4, 4, 3, 4, 4, 3, 4]
    assert places == [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1)]


def test_advance_wants_no_negative_steps():
    with pytest.raises(ValueError, match=r"advance: steps is -1.*seek"):
        simulation(rich_network()).advance(-1)


def test_advance_finishes_a_begun_step():
    run, whole = simulation(), simulation()
    run.next_phase()
    assert run.advance() == 1
    whole.advance()
    assert differences(run.snapshot(), whole.snapshot()) == []
