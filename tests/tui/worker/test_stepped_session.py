"""Every command on a kind with small states, without threads."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from nnsim.scenario import load
from nnsim.scenario.kinds import KINDS
from nnsim.simulations.stepped import Stepped
from nnsim.tui.worker import commands as c
from nnsim.tui.worker.frames import SteppedFrame
from nnsim.tui.worker.playing import ending_of
from nnsim.tui.worker.runs import ignore
from nnsim.tui.worker.session import Session
from nnsim.tui.worker.stepped_runs import SteppedRun, settings_of
from tests.tui.averaging import PHASES, SCENARIO, STEPS, averages
from tests.tui.worker.test_session import Told_, at, play

QUICK = averages(0.5)


@pytest.fixture
def told():
    return Told_()


@pytest.fixture
def session(told):
    session = Session(told)
    session.handle(c.Open(SCENARIO))
    return session


def test_opening_shows_the_beginning_and_the_kinds_own_snapshot(session):
    frame = session.frame()
    run = frame.run
    assert isinstance(run, SteppedFrame)
    assert (frame.card.kind, run.name, run.phases) == ("averages", "as they are", PHASES)
    assert [variant.name for variant in frame.card.variants] == ["as they are", "corrected"]
    assert at(session) == (0, 0) and run.reached == 0 and run.steps == STEPS
    assert run.shown is not None and run.done_phase == ""


@pytest.mark.parametrize(
    ("commands", "position"),
    [
        ([c.Step(1)], (1, 0)),
        ([c.Step(5), c.Step(-2)], (3, 0)),
        ([c.Phase(1)], (0, 1)),
        ([c.Phase(3)], (1, 0)),
        ([c.Step(3), c.Phase(2), c.Step(-1)], (3, 0)),
        ([c.Step(3), c.Phase(2), c.Leave()], (4, 0)),
        ([c.Step(3), c.Phase(-1)], (2, 2)),
        ([c.Phase(-5)], (0, 0)),
        ([c.Step(7), c.Seek(2, 1), c.Seek(None)], (7, 0)),
        ([c.Seek(1000)], (STEPS, 0)),
        ([c.Seek(STEPS), c.Phase(1)], (STEPS, 0)),
        ([c.Seek(5, 99)], (5, 0)),
    ],
)
def test_moving(session, commands, position):
    for command in commands:
        session.handle(command)
    assert at(session) == position


def test_figures_and_curves_are_those_of_the_steps_done(session):
    session.handle(c.Seek(6))
    session.handle(c.Seek(3))
    run = session.frame().run
    assert run.figures["quick.average"] == pytest.approx(QUICK[2])
    np.testing.assert_allclose(run.curve["quick.average"][1:], QUICK[:6])
    assert run.curve["step"].tolist() == list(range(7)) and run.reached == 6


def test_a_step_that_is_entered_is_not_done_yet(session):
    session.handle(c.Step(2))
    session.handle(c.Phase(2))
    run = session.frame().run
    assert run.reached == 2 and run.curve["step"].tolist() == [0, 1, 2]
    session.handle(c.Seek(None))
    assert at(session) == (2, 0)


def test_going_back_shows_the_very_same_moment(session):
    session.handle(c.Seek(3, 1))
    before = session.frame().run
    session.handle(c.Seek(9))
    session.handle(c.Seek(3, 1))
    after = session.frame().run
    assert (before.figures, before.at, before.remarks) == (after.figures, after.at, after.remarks)


def test_curves_of_a_frame_stay_as_they_are_and_cannot_be_written(session):
    session.handle(c.Step(3))
    curve = session.frame().run.curve
    kept = {name: column.copy() for name, column in curve.items()}
    session.handle(c.Seek(STEPS))
    session.frame()
    for name, column in curve.items():
        np.testing.assert_array_equal(column, kept[name])
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1


def test_a_frame_of_the_same_moment_makes_nothing_anew(session):
    session.handle(c.Step(3))
    first, second = session.frame().run, session.frame().run
    assert first.shown is second.shown and first.curve is second.curve


# Playing


def test_playing_stops_at_the_lesson_once_then_at_the_end(session):
    session.handle(c.Speed(math.inf))
    session.handle(c.Play())
    play(session, 0.01)
    assert at(session) == (4, 0)
    session.handle(c.Play())
    play(session, 0.01)
    assert at(session) == (STEPS, 0) and session.frame().run.status == "finished"


def test_playing_stops_where_a_figure_fulfils_the_condition(session, told):
    session.handle(c.Seek(4))
    session.handle(c.Speed(math.inf))
    session.handle(c.Play("quick.average > 6"))
    play(session, 0.01)
    first = next(step for step, value in enumerate(QUICK, start=1) if value > 6)
    assert at(session) == (first, 0) and f"at step {first}" in told.texts[-1]


@pytest.mark.parametrize(
    ("until", "what"),
    [
        ("quick.averag < 1", "did you mean 'quick.average'"),
        ("cost < 1", "no figure 'cost'"),
        ("epoch 3", "no epochs"),
        ("quick.average", "quick.average < 0.1"),
    ],
)
def test_a_condition_that_is_none_says_what_there_is(session, until, what):
    with pytest.raises(ValueError, match=what):
        session.handle(c.Play(until))
    assert not session.playing and at(session) == (0, 0)


def test_playing_at_the_end_says_why_not(session, told):
    session.handle(c.Seek(STEPS))
    session.handle(c.Play())
    assert not session.playing
    assert told.texts[-1] == f"the run ends at step {STEPS}; go back, or fork it"


# Variants, forks, comparing


def test_variants_share_the_moment(session):
    session.handle(c.Seek(3, 2))
    session.handle(c.ShowVariant("corrected"))
    frame = session.frame()
    assert (frame.run.name, frame.run.at) == ("corrected", (3, 2))
    value = frame.run.figures["quick.average"]
    assert value == pytest.approx(averages(0.8, corrected=True)[2])
    assert frame.runs[0].shown is not None, "the others are drawn too"


def test_a_turned_dial_is_a_run_of_its_own_at_the_same_moment(session):
    session.handle(c.Seek(5, 1))
    session.handle(c.Fork({"beta": 0.95}))
    frame = session.frame()
    run = frame.run
    assert (run.number, run.parent, run.start, run.at) == (1, 0, 0, (5, 1))
    assert run.name == "as they are, beta of the first curve 0.95"
    np.testing.assert_allclose(run.curve["quick.average"][1:], averages(0.95)[:5])
    # The other curve is as before, and the old run stays.
    np.testing.assert_allclose(run.curve["slow.average"][1:], averages(0.9)[:5])
    assert frame.runs[0].figures["quick.average"] == pytest.approx(QUICK[4])


def test_a_fork_of_another_variant_keeps_that_variants_settings(session):
    session.handle(c.ShowVariant("corrected"))
    session.handle(c.Step(4))
    session.handle(c.Fork({"beta": 0.5}))
    run = session.frame().run
    assert run.name == "corrected, beta of the first curve 0.5"
    assert run.figures["quick.average"] == pytest.approx(averages(0.5, corrected=True)[3])
    assert run.figures["slow.average"] == pytest.approx(averages(0.9, corrected=True)[3])


def test_forks_of_forks_add_up_and_are_named_after_all_that_differs(session):
    session.handle(c.Fork({"beta": 0.95}))
    session.handle(c.Fork({"corrected": True}))
    session.handle(c.Step(3))
    run = session.frame().run
    assert run.name == (
        "as they are, beta of the first curve 0.95, bias correction of the first curve on"
    )
    assert run.figures["quick.average"] == pytest.approx(averages(0.95, corrected=True)[2])
    session.handle(c.Fork({"beta": 0.5}))
    assert session.frame().run.name == "as they are, bias correction of the first curve on"


def test_dials_stand_where_the_run_has_them(session):
    def beta():
        return {dial.name: value for dial, value in session.frame().run.dials}["beta"]

    assert beta() == 0.5
    session.handle(c.Fork({"beta": 0.95}))
    assert beta() == 0.95
    session.handle(c.ShowVariant("corrected"))
    assert beta() == 0.8


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"bet": 0.9}, "did you mean 'beta'"),
        ({"beta": 2.0}, "^beta of the first curve: "),
        ({"beta": "adam"}, "^beta of the first curve: "),
    ],
)
def test_a_fork_that_cannot_be_changes_nothing(session, changes, what):
    session.handle(c.Step(2))
    with pytest.raises(ValueError, match=what):
        session.handle(c.Fork(changes))
    assert len(session.frame().runs) == 1 and at(session) == (2, 0)
    session.handle(c.Fork({"beta": 0.8}))
    assert session.frame().run.number == 1


def test_settings_say_what_differs(session):
    session.handle(c.Compare(True))
    first, second = session.frame().runs
    differ = {
        name for name in first.settings | second.settings
        if first.settings.get(name) != second.settings.get(name)
    }  # fmt: skip
    assert differ == {"curves 1 beta", "curves 1 corrected", "curves 2 corrected"}
    assert first.settings["curves 1 beta"] == "0.5" and first.settings["seed"] == "1"


def test_comparing_brings_all_runs_to_one_step(session):
    session.handle(c.Step(7))
    session.handle(c.Compare(True))
    assert [run.step for run in session.frame().runs] == [7, 7]
    session.handle(c.Step(2))
    assert [run.step for run in session.frame().runs] == [9, 9]


def test_runs_are_forgotten_but_the_last(session):
    session.handle(c.ShowVariant("corrected"))
    session.handle(c.RemoveRun(1))
    with pytest.raises(ValueError, match="stays"):
        session.handle(c.RemoveRun(0))


SEARCH = """
kind = "search"
[scenario]
title = "Nine trials"
topic = "D2"
[search]
method = "grid"
objective = "formula"
formula = "0.1 + (learning_rate - 0.3)**2"
trials = 9
[search.parameters.learning_rate]
low = 0.0
high = 1.0
"""


def test_dials_that_change_nothing_are_left_out_until_they_do(told):
    session = Session(told)
    session.handle(c.Open(SEARCH))

    def dials():
        return {dial.name for dial, _ in session.frame().run.dials}

    assert "method" in dials() and "zoom" not in dials()
    session.handle(c.Fork({"method": "coarse_to_fine"}))
    assert "zoom" in dials()


@pytest.mark.parametrize("command", [c.Check(), c.Scan(), c.Survey(), c.Hide(1), c.Reveal()])
def test_what_needs_a_network_says_so(session, command):
    with pytest.raises(ValueError, match="trains no network"):
        session.handle(command)
    assert at(session) == (0, 0)


# A run that ends before its planned steps


@dataclass(frozen=True)
class Height:
    value: float


class Falling(Stepped[Height]):
    """Halves until it is below 1."""

    KIND = "falling"

    def begin(self):
        return Height(8.0)

    def after(self, state, step):
        return replace(state, value=state.value / 2)

    def over(self, state):
        return state.value < 1

    def figures_of(self, state, step):
        return {"value": state.value, "word": "low" if state.value < 3 else "high"}

    def snapshot(self):
        return self.working


def test_a_run_that_ends_early_stays_at_its_end():
    run = SteppedRun(0, "fall", "fall", Falling(100), 1)
    for step, phase in ((50, 0), (4, 1), (100, 0), (4, 0)):
        run.go(step, phase, ignore)
        assert run.simulation.position.step == 4 and run.simulation.position.phase == 0
    assert run.simulation.status == "finished"
    assert ending_of(run) == "the run ends at step 4; go back, or fork it"
    rows = list(run.rows(1, 4))
    assert [row["value"] for row in rows] == [2.0, 1.0, 0.5] and "word" not in rows[0]
    assert run.vocabulary() == {"names": ("value",)}


def test_a_planted_fault_is_not_named_among_the_settings():
    tables = KINDS["gradient_check"].tables.model_validate(load("find-the-bug").variants[0].values)
    settings = settings_of(tables, "gradient_check")
    assert settings["training fault"] == "one"
    assert "derivative_wrong" not in settings.values()
