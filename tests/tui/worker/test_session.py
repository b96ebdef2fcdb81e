"""Every command, on real simulations, without threads."""

import math

import numpy as np
import pytest

from nnsim.tui.formulas import Cell, explain
from nnsim.tui.worker import commands as c
from nnsim.tui.worker.messages import Cancelled, Told, Working
from nnsim.tui.worker.session import Session

SCENARIO = """
[scenario]
title = "Two circles"
topic = "B10"
[data]
source = "circles"
examples = 60
noise = 0.1
split = [0.8, 0.2]
[network]
loss = "binary_cross_entropy"
layers = [{ units = 4 }, { units = 3 }, { units = 1, activation = "sigmoid" }]
[network.hidden]
activation = "tanh"
initializer = "xavier"
[training]
steps = 60
learning_rate = 0.1
batch_size = 16
[[variant]]
name = "tanh"
[[variant]]
name = "relu"
[variant.network.hidden]
activation = "relu"
[[lesson]]
step = 20
text = "Look."
"""
HOUSES = """
[scenario]
title = "Prices"
topic = "A1"
[data]
source = "house_prices"
features = 1
examples = 30
noise = 10.0
[network]
loss = "mean_squared_error"
layers = [{ units = 1, activation = "relu", weights = [[1.0]], biases = [100.0] }]
[training]
steps = 9
learning_rate = 1e-9
[[variant]]
name = "normal"
[variant.data]
normalize = "standard"
[[variant]]
name = "raw"
"""


class Told_(list):
    def __call__(self, message):
        self.append(message)

    @property
    def texts(self):
        return [message.text for message in self if isinstance(message, Told)]


@pytest.fixture
def told():
    return Told_()


@pytest.fixture
def session(told):
    session = Session(told)
    session.handle(c.Open(SCENARIO))
    return session


def at(session):
    frame = session.frame()
    return frame.run.step, frame.run.phase


def test_opening_shows_the_first_step_to_come(session):
    frame = session.frame()
    assert (frame.card.title, frame.card.kind, frame.run.name) == (
        "Two circles",
        "training",
        "tanh",
    )
    assert [variant.name for variant in frame.card.variants] == ["tanh", "relu"]
    assert at(session) == (0, 0)
    arrays = frame.run.snapshot.arrays
    assert arrays["dW1"].shape == (4, 2) and arrays["A1"].shape == (4, 16)
    assert not any(name.startswith("update_") for name in arrays)
    assert len(frame.run.snapshot.layers) == 3
    assert frame.run.examples.classes and frame.run.examples.labels.shape == (48,)


def test_phases_go_through_a_step_and_back(session):
    phases = session.frame().run.phases
    for number in range(1, len(phases)):
        session.handle(c.Phase(1))
        assert at(session) == (0, number)
        assert session.frame().run.done_phase == phases[number - 1]
    session.handle(c.Phase(1))
    assert at(session) == (1, 0)
    session.handle(c.Phase(-1))
    assert at(session) == (0, len(phases) - 1)
    session.handle(c.Phase(-100))
    assert at(session) == (0, 0)


@pytest.mark.parametrize(
    ("commands", "position"),
    [
        ([c.Step(1)], (1, 0)),
        ([c.Step(5), c.Step(-2)], (3, 0)),
        ([c.Step(3), c.Phase(2), c.Step(-1)], (3, 0)),
        ([c.Step(3), c.Phase(2), c.Step(1)], (4, 0)),
        ([c.Step(3), c.Phase(2), c.Leave()], (4, 0)),
        ([c.Step(3), c.Leave()], (3, 0)),
        ([c.Step(-1)], (0, 0)),
        ([c.Epoch(1)], (3, 0)),
        ([c.Step(4), c.Epoch(-1)], (3, 0)),
        ([c.Step(3), c.Epoch(-1)], (0, 0)),
        ([c.Step(7), c.Seek(2, 3), c.Seek(None)], (7, 0)),
        ([c.Seek(1000)], (60, 0)),
        ([c.Seek(5, 999)], (5, 0)),
    ],
)
def test_moving(session, commands, position):
    for command in commands:
        session.handle(command)
    assert at(session) == position


def test_going_back_shows_the_very_same_frame(session):
    session.handle(c.Seek(10, 4))
    before = session.frame().run.snapshot
    session.handle(c.Seek(40))
    session.handle(c.Seek(10, 4))
    after = session.frame().run.snapshot
    assert before.arrays.keys() == after.arrays.keys()
    for name, array in before.arrays.items():
        np.testing.assert_array_equal(after.arrays[name], array)


def test_arrays_of_a_frame_cannot_be_written(session):
    with pytest.raises(ValueError, match="read-only"):
        session.frame().run.snapshot.arrays["W1"][0, 0] = 1


def play(session, seconds=0.5, most=400):
    for _ in range(most):
        if not session.playing:
            return
        session.play_on(seconds)


def test_playing_stops_at_a_lesson_once_and_then_at_the_end(session):
    session.handle(c.Speed(math.inf))
    session.handle(c.Play())
    assert session.frame().playing
    play(session, 0.01)
    assert at(session) == (20, 0)
    session.handle(c.Play())
    play(session, 0.01)
    assert at(session) == (60, 0) and session.frame().run.status == "finished"
    session.handle(c.Seek(5))
    session.handle(c.Play())
    play(session, 0.01)
    assert at(session) == (60, 0)


def test_a_speed_is_kept(session):
    session.handle(c.Speed(10.0))
    session.handle(c.Play())
    session.play_on(0.25)
    assert at(session) == (2, 0)
    session.play_on(0.25)
    assert at(session) == (5, 0)
    session.handle(c.Pause())
    assert not session.frame().playing


def test_a_speed_must_be_above_zero(session):
    with pytest.raises(ValueError, match="above 0"):
        session.handle(c.Speed(0.0))


def test_playing_stops_where_a_condition_holds_first(session, told):
    session.handle(c.Seek(60))
    cost = session.frame().run.curve
    limit = float(np.median(cost["cost"]))
    first = int(cost["step"][np.flatnonzero(cost["cost"] < limit)[0]])
    session.handle(c.Open(SCENARIO.replace("step = 20", "step = 0")))
    session.handle(c.Speed(math.inf))
    session.handle(c.Play(f"cost < {limit!r}"))
    play(session, 0.01)
    assert at(session) == (first, 0)
    assert any(str(first) in text for text in told.texts)


def test_playing_to_a_step_and_an_epoch(session):
    session.handle(c.Speed(math.inf))
    session.handle(c.Play("step 7"))
    play(session, 0.01)
    assert at(session) == (7, 0)
    session.handle(c.Play("epoch 4"))
    play(session, 0.01)
    assert at(session) == (12, 0)


def test_a_condition_that_is_none_changes_nothing(session):
    session.handle(c.Step(3))
    with pytest.raises(ValueError, match="costt"):
        session.handle(c.Play("costt < 1"))
    assert at(session) == (3, 0) and not session.playing


def test_playing_at_the_end_says_why_not(session, told):
    session.handle(c.Seek(60))
    session.handle(c.Play())
    assert not session.playing and "ends at step 60" in told.texts[-1]


def test_variants_share_the_moment(session):
    session.handle(c.Step(12))
    session.handle(c.ShowVariant("relu"))
    frame = session.frame()
    assert (frame.run.name, frame.run.step) == ("relu", 12)
    assert frame.runs[0].snapshot is None, "only the run that is looked at is copied"
    session.handle(c.Step(3))
    session.handle(c.ShowRun(0))
    assert session.frame().run.name == "tanh" and at(session) == (15, 0)
    session.handle(c.ShowVariant("relu"))
    assert len(session.frame().runs) == 2


def test_a_fork_keeps_the_past_and_the_old_run(session):
    session.handle(c.Step(10))
    old = session.frame().run
    session.handle(c.Fork({"learning_rate": 0.5}))
    frame = session.frame()
    assert (frame.run.number, frame.run.parent, frame.run.start, frame.run.step) == (1, 0, 10, 10)
    assert frame.run.training.learning_rate == 0.5 and "0.5" in frame.run.name
    np.testing.assert_array_equal(frame.run.snapshot.arrays["W1"], old.snapshot.arrays["W1"])
    session.handle(c.Step(5))
    session.handle(c.ShowRun(0))
    assert at(session) == (15, 0)
    session.handle(c.ShowRun(1))
    session.handle(c.Seek(4))
    np.testing.assert_array_equal(session.frame().run.curve["cost"][:4], old.curve["cost"][:4])


def test_an_edit_sets_one_weight(session):
    session.handle(c.Step(3))
    before = session.frame().run.snapshot.arrays["W2"].copy()
    session.handle(c.Fork(edits=(("W2", 1, 2, 0.5),)))
    after = session.frame().run.snapshot.arrays["W2"]
    changed = np.argwhere(before != after)
    assert changed.tolist() == [[1, 2]] and after[1, 2] == 0.5
    assert "dW2" in session.frame().run.snapshot.arrays


def test_new_sizes_start_from_the_beginning(session):
    session.handle(c.Step(10))
    session.handle(c.Fork({"hidden": (6, 5)}))
    frame = session.frame()
    assert frame.run.network.sizes == (2, 6, 5, 1)
    assert (frame.run.step, frame.run.start, len(frame.runs)) == (0, 0, 2)


def test_a_fork_that_cannot_be_changes_nothing(session):
    session.handle(c.Step(2))
    with pytest.raises(ValueError):
        session.handle(c.Fork({"learning_rat": 1}))
    assert len(session.frame().runs) == 1 and at(session) == (2, 0)


def test_runs_are_forgotten_but_the_last(session):
    session.handle(c.ShowVariant("relu"))
    session.handle(c.RemoveRun(1))
    assert [run.name for run in session.frame().runs] == ["tanh"]
    with pytest.raises(ValueError, match="stays"):
        session.handle(c.RemoveRun(0))
    with pytest.raises(ValueError, match="any more"):
        session.handle(c.ShowRun(1))


def test_comparing_brings_all_runs_to_one_step(session):
    session.handle(c.Step(7))
    session.handle(c.Compare(True))
    frame = session.frame()
    assert frame.comparing and [run.step for run in frame.runs] == [7, 7]
    assert all(run.snapshot is not None for run in frame.runs)
    session.handle(c.Step(2))
    assert [run.step for run in session.frame().runs] == [9, 9]
    session.handle(c.Compare(False))
    assert not session.frame().comparing


def test_a_hidden_bug_is_found_by_the_check_or_not_but_stays_secret(session):
    session.handle(c.Hide(3))
    run = session.frame().run
    assert run.secret and run.training.fault is not None and run.step == 0
    assert run.training.fault.kind.replace("_", " ") not in run.name
    session.handle(c.Reveal())
    shown = session.frame().run
    assert not shown.secret and shown.name.startswith("bug")
    with pytest.raises(ValueError, match="hides no bug"):
        session.handle(c.Reveal())


def test_check_scan_and_surface_are_of_their_step(session):
    session.handle(c.Step(4))
    session.handle(c.Check())
    session.handle(c.Scan())
    session.handle(c.Survey("random", 9))
    frame = session.frame()
    assert frame.check.step == frame.scan.step == frame.surface.step == 4
    assert frame.check.verdict in ("great", "look", "round-off")
    assert frame.surface.cost.shape == (9, 9)
    session.handle(c.ShowVariant("relu"))
    assert session.frame().check is None


def test_the_boundary_is_computed_when_it_is_watched(session):
    assert session.frame().run.boundary is None
    session.handle(c.Watch((20, 10), (0, 1)))
    boundary = session.frame().run.boundary
    assert boundary.answers.shape == (1, 10, 20)
    assert boundary is session.frame().run.boundary, "nothing moved, so nothing is computed"
    (left, right), (low, high) = boundary.x_range, boundary.y_range
    X = np.array([[left + (right - left) / 40], [low + (high - low) / 20]])
    answer = session.now.simulation.predict(X)
    assert boundary.answers[0, 0, 0] == pytest.approx(answer[0, 0]), "the lowest, leftmost cell"
    session.handle(c.Step(1))
    assert session.frame().run.boundary.step == 1


def test_the_line_of_one_input_is_in_the_units_of_the_data_and_of_all_runs(told):
    session = Session(told)
    session.handle(c.Open(HOUSES))
    session.handle(c.Step(2))
    session.handle(c.Watch((20, 10), (0, 1)))
    session.handle(c.ShowVariant("raw"))
    raw, normal = sorted(session.frame().runs, key=lambda run: run.number, reverse=True)
    assert raw.boundary.is_line and normal.boundary.is_line
    assert raw.boundary.y_range is None and raw.boundary.answers.shape == (1, 1, 40)
    assert normal.boundary.x_range == pytest.approx(raw.boundary.x_range)
    assert np.allclose(normal.examples.measured, raw.examples.X)
    assert normal.examples.targets == ("price ($1000)",)
    data = session.runs.all[0].simulation.data
    low, high = normal.boundary.x_range
    X = (low + (high - low) / 80 - data.normalization.mean) / data.normalization.scale
    answer = session.runs.all[0].simulation.predict(X)
    assert normal.boundary.answers[0, 0, 0] == pytest.approx(answer[0, 0])


def test_a_stop_at_the_end_is_at_the_end_of_its_own_variant(told):
    session = Session(told)
    session.handle(c.Open("vectorization"))
    stops = session.frame().card.lessons
    assert [(stop.variant, stop.step) for stop in stops if stop.at == "end"] == [
        ("100 examples", 101),
        ("3 examples", 4),
        ("1000 examples", 1001),
    ]
    longer = (
        HOUSES
        + """
[variant.training]
steps = 20
[[lesson]]
step = "end"
variant = "raw"
text = "Look."
"""
    )
    session.handle(c.Open(longer))
    assert session.frame().card.lessons[0].step == 20


def test_long_work_can_be_cancelled(told):
    asked = []

    def give_up():
        asked.append(None)
        return len(asked) > 2

    session = Session(told, give_up)
    session.handle(c.Open(SCENARIO.replace("steps = 60", "steps = 1000000")))
    with pytest.raises(Cancelled):
        session.handle(c.Seek(1_000_000))
    reached = session.frame().run.step
    assert 0 < reached < 1_000_000
    assert any(isinstance(message, Working) for message in told)
    asked[:] = [None] * -5
    session.give_up = lambda: False
    session.handle(c.Seek(10))
    assert at(session) == (10, 0)


def test_commands_without_a_scenario_say_so(told):
    session = Session(told)
    assert session.frame() is None
    with pytest.raises(ValueError, match="no scenario"):
        session.handle(c.Step(1))


def test_nan_is_shown_where_it_appeared(session, told):
    session.handle(c.Fork({"learning_rate": 1e9, "activation": "identity"}))
    session.handle(c.Seek(60))
    run = session.frame().run
    assert run.status == "non-finite"
    assert run.non_finite is not None and run.step == run.non_finite.step
    session.handle(c.Play())
    assert "NaN" in told.texts[-1]


@pytest.mark.parametrize(("first", "then"), [("adam", "sgd"), ("sgd", "adam"), ("adam", "adam")])
@pytest.mark.parametrize("position", [(10, 0), (10, 3), (10, 9), (11, 0), (12, 0), (8, 0)])
def test_formulas_agree_with_the_run_around_a_fork(first, then, position):
    session = Session(lambda message: None)
    optimizer = f'steps = 60\noptimizer = "{first}"'
    session.handle(c.Open(SCENARIO.replace("steps = 60", optimizer)))
    session.handle(c.Step(10))
    session.handle(c.Fork({"optimizer": then, "learning_rate": 0.02}))
    session.handle(c.Seek(12))
    session.handle(c.Seek(*position))
    run = session.frame().run
    for name in run.snapshot.arrays:
        cell = Cell(name, 0, 0)
        formula = explain(cell, run.snapshot, *run.in_force, updates=run.snapshot.updates)
        assert formula is None or formula.agrees, formula.substituted
