"""Running scenarios on a made-up simulation: what is asked of it, and what is made of it."""

from dataclasses import replace
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest

from nnsim.errors import ExitCode
from nnsim.scenario import load
from nnsim.scenario.kinds import training
from tests.scenario.texts import GOOD, good


class MadeUp:
    """A simulation whose cost at step p is 1 / (1 + p); a run can be told to end as one wants."""

    made: ClassVar[list] = []

    def __init__(self, run, *, stops_at=None, status="finished", interrupted_at=None):
        self.run_specification, self.training = run, run.training(24)
        self.steps = self.training.steps
        self.data = SimpleNamespace(train=SimpleNamespace(m=24))
        self.stops_at, self.ends_as, self.interrupted_at = stops_at, status, interrupted_at
        self.position = SimpleNamespace(step=0, phase=0)
        self.status, self.non_finite, self.best_step = "ready", None, None
        self.sought = []
        MadeUp.made.append(self)

    def run(self, on_progress=None):
        steps = self.training.steps if self.stops_at is None else self.stops_at
        if self.interrupted_at is not None:
            self.position.step = self.interrupted_at
            raise KeyboardInterrupt
        self.position.step, self.status = steps, self.ends_as
        if self.ends_as == "non-finite":
            self.non_finite = SimpleNamespace(step=steps, phase="cost")
        if on_progress:
            on_progress(steps, self.training.steps)

    def seek(self, step, phase=0):
        self.sought.append(step)
        self.position.step = step

    def probe(self):
        return SimpleNamespace(cost=1 / (1 + self.position.step), arrays={}, layers=())

    def snapshot(self):
        return SimpleNamespace(step=self.position.step, arrays={})

    def evaluate(self):
        cost = np.nan if self.status == "non-finite" else self.run_specification.seed
        return {"train": SimpleNamespace(cost=cost, error=0.5, accuracy=0.5, m=24)}

    history = SimpleNamespace()


@pytest.fixture
def run(monkeypatch):
    """Return a function that loads a text and runs it on made-up simulations."""

    def run(text, *, made_up=None, **arguments):
        MadeUp.made = []

        def prepare(specification, folder, shelf):
            return MadeUp(specification, **(made_up or {}))

        monkeypatch.setattr(training, "KIND", replace(training.KIND, prepare=prepare))
        return load(text).run(**arguments)

    return run


def expect(metric, comparison, value, at="end", **more):
    lines = [f"metric = {metric!r}", f"is = {comparison!r}", f"value = {value!r}", f"at = {at!r}"]
    lines += [f"{key} = {value!r}" for key, value in more.items()]
    return "\n[[expect]]\n" + "\n".join(lines) + "\n"


TWO = "[[variant]]\nname = 'a'\n[[variant]]\nname = 'b'\nseed = 7\n"


def test_expectations_are_judged_at_their_steps(run):
    text = (
        good(("steps = 20", "epochs = 10\nbatch_size = 12"))
        + expect("cost", "~=", 1 / 21, tolerance=1e-12)
        + expect("cost", "==", 1.0, at="start")
        + expect("cost", "==", 0.125, at="epoch 3")  # 24 examples: two steps an epoch, step 6
        + expect("cost", "==", 0.25, at=3, because="1 / 4")
    )
    result = run(text)
    assert [each.kept for each in result.expectations] == [True, True, False, True]
    missed = result.expectations[2]
    assert (missed.at, missed.measured, missed.expected) == ("epoch 3", 1 / 7, 0.125)
    assert result.expectations[3].because == "1 / 4"
    assert result.missed == (missed,)
    assert (result.ok, result.exit_code) == (False, ExitCode.EXPECTATION_MISSED)
    # The end is measured before anything is sought; then each step once.
    assert MadeUp.made[0].sought == [0, 3, 6]


def test_a_result_holds_every_variant(run):
    result = run(GOOD + TWO + expect("train.cost", "==", 1.0))
    assert list(result.variants) == ["a", "b"]
    a, b = result.variants.values()
    assert (a.seed, b.seed) == (1, 7)
    assert (a.step, a.steps, a.status) == (20, 20, "finished")
    assert a.diagnosis is None
    assert {each.variant: each.kept for each in result.expectations} == {"a": True, "b": False}
    assert (result.name, result.title, result.path) == ("text", "A scenario", "")


def test_variants_are_compared(run):
    than = "\n[[expect]]\nvariant = 'b'\nmetric = 'train.cost'\nis = '=='\n"
    than += "than = {variant = 'a', times = 3.0, plus = 4.0}\n"
    (expectation,) = run(GOOD + TWO + than).expectations
    assert (expectation.measured, expectation.expected, expectation.kept) == (7, 7, True)


def test_an_expectation_on_a_variant_that_was_not_run_is_not_judged(run):
    result = run(GOOD + TWO + expect("cost", "<", 1.0), variants="b")
    assert list(result.variants) == ["b"]
    a, b = result.expectations
    assert (a.kept, a.measured, a.reason) == (None, None, "its variant was not run")
    assert b.kept is True
    assert result.ok


def test_progress_names_the_variant(run):
    calls = []
    run(GOOD + TWO, on_progress=lambda *call: calls.append(call))
    assert calls == [("a", 20, 20), ("b", 20, 20)]


def test_an_interruption_keeps_what_was_done(run):
    text = GOOD + TWO + expect("cost", "<", 1.0)
    result = run(text, made_up={"interrupted_at": 5})
    assert result.interrupted
    assert result.exit_code is ExitCode.INTERRUPTED
    assert [(each.name, each.step) for each in result.variants.values()] == [("a", 5)]
    assert [each.kept for each in result.expectations] == [None, None]
    assert result.expectations[0].reason == "the run was interrupted"


def test_an_interruption_by_the_progress_callback_keeps_what_was_done(run):
    def stop(variant, step, steps):
        raise KeyboardInterrupt

    result = run(GOOD + TWO, on_progress=stop)
    assert result.interrupted
    assert list(result.variants) == ["a"]


def test_a_shortened_run_is_not_blamed_for_what_it_did_not_reach(run):
    text = GOOD + expect("cost", "<", 1.0, at=15) + expect("cost", "<", 0.01)
    late, end = run(text, steps=10).expectations
    assert (late.kept, late.reason) == (None, "the run ended at step 10 (finished)")
    assert end.kept is False


def test_a_run_that_stops_by_itself_is_blamed(run):
    text = good(("steps = 20", "steps = 20\nearly_stopping = true"))
    text += expect("cost", "<", 1.0, at=15)
    result = run(text, made_up={"stops_at": 8, "status": "stopped early"})
    (late,) = result.expectations
    assert (late.kept, late.reason) == (False, "the run ended at step 8 (stopped early)")


def test_the_last_step_is_sought_after_an_early_stop(run):
    # At the end the best parameters are back; at step 8 the run's own stood.
    text = good(("steps = 20", "steps = 20\nearly_stopping = true"))
    run(text + expect("cost", "<", 1.0, at=8), made_up={"stops_at": 8, "status": "stopped early"})
    assert MadeUp.made[0].sought == [8]
    run(text + expect("cost", "<", 1.0, at=20))
    assert MadeUp.made[0].sought == []


def test_the_last_step_is_sought_again_after_an_earlier_one(run):
    result = run(GOOD + expect("cost", "==", 1 / 6, at=5) + expect("cost", "==", 1 / 21, at=20))
    assert MadeUp.made[0].sought == [5, 20]
    assert result.ok


NON_FINITE = {"stops_at": 4, "status": "non-finite"}


def test_non_finite_numbers_are_told(run):
    result = run(GOOD + expect("train.cost", ">", 0.0), made_up=NON_FINITE)
    assert result.non_finite_unexpected("base")
    assert result.exit_code is ExitCode.NON_FINITE
    assert result.variants["base"].non_finite.step == 4
    (expectation,) = result.expectations
    assert expectation.kept is False


def test_non_finite_numbers_may_be_expected_and_then_must_come(run):
    text = good(("[scenario]", "[scenario]\nnon_finite = 'expected'"))
    result = run(text, made_up=NON_FINITE)
    assert not result.non_finite_unexpected("base")
    assert result.ok
    assert [(each.text, each.kept) for each in result.expectations] == [
        ("status at end == 'non-finite'", True)
    ]
    assert run(text).exit_code is ExitCode.EXPECTATION_MISSED
    assert run(text, steps=3).expectations[0].kept is None


def test_one_variant_may_expect_them(run):
    text = GOOD + TWO.replace("seed = 7", "non_finite = 'expected'")
    result = run(text, made_up=NON_FINITE)
    assert [result.non_finite_unexpected(name) for name in "ab"] == [True, False]
    assert result.exit_code is ExitCode.NON_FINITE


def test_what_cannot_be_measured_is_missed_with_the_reason(run):
    (expectation,) = run(GOOD + expect("W1.norm", "<", 1.0)).expectations
    assert expectation.kept is False
    assert expectation.reason == "there is no W1 in this run (at this step)"
    assert expectation.measured is None
