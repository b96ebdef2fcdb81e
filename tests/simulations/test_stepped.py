"""Moving in the time of simulations that keep all their states."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnsim.simulations.position import Position
from nnsim.simulations.stepped import MOST_STEPS, Stepped


@dataclass(frozen=True)
class Halved:
    value: float
    word: str


class Halving(Stepped[Halved]):
    """8, 4, 2 ... down to 1, which is the last one."""

    KIND = "halving"
    phases = ("look", "halve", "write")

    def __init__(self, steps=10, last=1.0):
        self.last, self.made = last, 0
        super().__init__(steps)

    def begin(self):
        return Halved(8.0, "begin")

    def after(self, state, step):
        self.made += 1
        return Halved(state.value / 2, f"step {step}")

    def figures_of(self, state, step):
        late = {"late": float(step)} if step > 1 else {"late": float("nan")}
        return {"value": state.value, "word": state.word, **late}

    def over(self, state):
        return state.value <= self.last

    def snapshot(self):
        return self.position, self.state, self.working


def test_phases_go_through_a_step_and_back():
    simulation = Halving()
    assert [simulation.next_phase() for _ in range(3)] == ["look", "halve", "write"]
    assert simulation.position == Position(1, 0)
    simulation.next_phase()
    assert simulation.position == Position(1, 1)
    assert (simulation.state.value, simulation.working.value) == (4.0, 2.0)
    simulation.previous_phase()
    simulation.previous_phase()
    assert simulation.position == Position(0, 2)
    assert (simulation.state.value, simulation.working.value) == (8.0, 4.0)
    for _ in range(5):
        simulation.previous_phase()
    assert simulation.position == Position(0, 0)


def test_a_run_that_is_over_ends_before_its_last_step():
    simulation = Halving()
    told = []
    simulation.run(lambda done, total: told.append((done, total)))
    assert simulation.position == Position(3, 0)
    assert simulation.status == "finished"
    assert told[-1] == (3, 10)
    with pytest.raises(ValueError, match="ends at step 3"):
        simulation.next_phase()
    simulation.previous_phase()
    assert (simulation.position, simulation.status) == (Position(2, 2), "ready")


def test_all_steps_are_done_where_nothing_ends_it():
    simulation = Halving(steps=2)
    assert simulation.advance(5) == 2
    assert simulation.status == "finished"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=8))
def test_every_place_is_the_same_however_it_was_reached(places):
    wandering = Halving(steps=6, last=0.0)
    for step, phase in places:
        wandering.seek(step, phase)
        straight = Halving(steps=6, last=0.0)
        straight.seek(step, phase)
        assert wandering.snapshot() == straight.snapshot()
        assert wandering.figures() == straight.figures() or step < 2
    assert wandering.made <= 6


def test_what_was_computed_stays_where_it_is_stopped_on_the_way():
    simulation = Halving(steps=6, last=0.0)

    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulation.run(stop)
    assert simulation.position == Position(2, 0)
    simulation.run()
    assert simulation.position == Position(6, 0)


def test_history_has_every_number_and_no_words():
    simulation = Halving()
    simulation.seek(2)
    curve = simulation.history.curve
    assert list(curve) == ["step", "value", "late"]
    np.testing.assert_array_equal(curve["value"], [8.0, 4.0, 2.0])
    np.testing.assert_array_equal(curve["late"], [np.nan, np.nan, 2.0])
    simulation.seek(0)
    assert len(simulation.history.curve["step"]) == 3 == simulation.reached + 1
    assert simulation.figures()["word"] == "begin"
    with pytest.raises(ValueError, match="read-only"):
        curve["value"][0] = 1.0


@pytest.mark.parametrize("place", [(-1, 0), (11, 0), (0, 3), (0, -1), (10, 1)])
def test_places_that_cannot_be_are_told(place):
    with pytest.raises(ValueError, match="seek: "):
        Halving().seek(*place)


@pytest.mark.parametrize("steps", [-1, MOST_STEPS + 1])
def test_lengths_that_cannot_be_are_told(steps):
    with pytest.raises(ValueError, match="steps is"):
        Halving(steps=steps)
