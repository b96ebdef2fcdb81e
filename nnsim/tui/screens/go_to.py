"""Going to a step, or on until a condition holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from nnsim.tui.widgets.choices import Choices, Row
from nnsim.tui.widgets.dialog import Dialog, Hint
from nnsim.tui.widgets.entry import Entry
from nnsim.tui.worker.commands import Play, Seek
from nnsim.tui.worker.conditions import Condition, parse_condition
from nnsim.tui.worker.frames import RunFrame, SteppedFrame, TrainingFrame

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame

_MOST_STOPS = 8


class GoToScreen(Dialog[Seek | Play]):
    """Asks where to; dismissed with a `Seek` for a time, a `Play` for a condition."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Stop above", show=False),
        Binding("down", "move(1)", "Stop below", show=False),
    ]
    HINTS = (
        Hint("Enter", "go", "submit"),
        Hint("Up", "", "move(-1)"),
        Hint("Down", "take from the list", "move(1)"),
    )
    DETAIL = 0

    def __init__(self, frame: Frame) -> None:
        run = frame.run
        super().__init__("Go to", run.name, _explained(run))
        self.run_frame: RunFrame = run
        self._stops = stops_of(frame)

    def body(self) -> Iterable[Widget]:
        """Return the line to type in, and the places of this run."""
        yield Entry(placeholder="500")
        choices = Choices(self._stops)
        choices.can_focus = False
        yield choices

    @property
    def entry(self) -> Input:
        """The line to type in."""
        return self.query_one(Input)

    def on_mount(self) -> None:
        """Choose nothing from the list yet."""
        super().on_mount()
        self.query_one(Choices).at = -1
        self._show()

    def action_move(self, by: int) -> None:
        """Take the next place of the list."""
        choices = self.query_one(Choices)
        if choices.at < 0:
            choices.choose(self._stops[0 if by > 0 else -1].key)
        else:
            choices.action_move(by)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Write the place of the list."""
        self.entry.value = event.row.title
        self.entry.action_end()

    def on_choices_taken(self, event: Choices.Taken) -> None:
        """Go there."""
        self.action_submit()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what Enter would do."""
        choices = self.query_one(Choices)
        if choices.at >= 0 and choices.row and choices.row.title != event.value:
            choices.at = -1
            choices.refresh()
        self._show()

    def _show(self) -> None:
        text = self.entry.value.strip()
        if not text:
            self.tell("")
            return
        try:
            goal = self.goal(text)
        except ValueError as error:
            self.tell(_sentence(str(error)), error=True)
            return
        if isinstance(goal, Play):
            self.tell(f"Plays until {goal.until}{self._now(goal)}")
        elif goal.step == self.run_frame.step:
            self.tell(f"Stands at step {goal.step} already")
        else:
            back = " back" if (goal.step or 0) < self.run_frame.step else ""
            self.tell(f"Goes{back} to step {goal.step}")

    def goal(self, text: str) -> Seek | Play:
        """Return what a text asks for; ValueError says what was expected."""
        run = self.run_frame
        if text.startswith("-") and text[1:].isdecimal() and len(text) < 12:
            return Seek(max(0, run.step - int(text[1:])))
        if text == "start":
            return Seek(0)
        condition = parse_condition(text, step=run.step, **vocabulary_of(run))
        step = self._step_of(condition)
        if step is None:
            return Play(str(condition))
        if step > run.steps:
            raise ValueError(
                f"step {step} is after the end; expected 0 to {run.steps} "
                "(a fork can make the run longer)"
            )
        return Seek(step)

    def _step_of(self, condition: Condition) -> int | None:
        """Return the step that a plain time means, or None for a condition."""
        run = self.run_frame
        if not condition.terms:
            return run.steps
        term = condition.terms[0]
        if str(condition) != f"{term.name} {int(term.number) if term.number < 1e12 else 0}":
            return None
        return int(term.number) * (run.steps_an_epoch if term.name == "epoch" else 1)

    def _now(self, goal: Play) -> str:
        """Return the present value of the figure that is waited for, if it is known."""
        name = goal.until.split()[0]
        value = present_figure(self.run_frame, name)
        return "" if value is None else f"; {name} is {value:.4g} now"

    def action_submit(self) -> None:
        """Go."""
        text = self.entry.value.strip()
        if not text:
            self.tell("Nothing is typed: type a step or a condition, or leave with Esc", error=True)
            return
        try:
            self.dismiss(self.goal(text))
        except ValueError as error:
            self.tell(_sentence(str(error)), error=True)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go."""
        self.action_submit()


def _explained(run: RunFrame) -> str:
    """Return where the run stands and what can be typed."""
    if isinstance(run, SteppedFrame):
        names = vocabulary_of(run)["names"]
        until = ", ".join([f"{names[0]} < 0.1", *names[1:3]]) if names else "step 100"
        more = " ..." if len(names) > 3 else ""
        return (
            f"Step {run.step} of {run.steps}. Type a step, +100, end,\n"
            f"or what to run until: {until}{more}"
        )
    an_epoch = "step" if run.steps_an_epoch == 1 else "steps"
    return (
        f"Step {run.step} of {run.steps}, {run.steps_an_epoch} {an_epoch} an epoch. "
        "Type a step, +100, epoch 3, end,\nor what to run until: cost < 0.1, dev.accuracy >= 0.9."
    )


def vocabulary_of(run: RunFrame) -> dict[str, Any]:
    """Return the arguments of `parse_condition` that say which figures a run has."""
    if isinstance(run, TrainingFrame):
        return {"layers": len(run.network.layers)}
    assert isinstance(run, SteppedFrame)
    return {"names": tuple(name for name in run.curve if name != "step")}


def present_figure(run: RunFrame, name: str) -> float | None:
    """Return a figure of the present moment by the name that conditions use, if it is known."""
    if isinstance(run, SteppedFrame):
        value = run.figures.get(name)
        return float(value) if isinstance(value, float | int) and value == value else None
    assert isinstance(run, TrainingFrame)
    part, _, figure = name.partition(".")
    if part in run.evaluations:
        return getattr(run.evaluations[part], figure, None)
    snapshot = run.snapshot
    if snapshot is None:
        return None
    if "." not in name:
        return getattr(snapshot, name, None)
    if snapshot.layers and part.startswith("layer"):
        return getattr(snapshot.layers[int(part[5:]) - 1], figure, None)
    return None


def stops_of(frame: Frame) -> list[Row]:
    """Return the places of a run that have a name, in time."""
    run = frame.run
    named: list[tuple[int, str]] = [(0, "the beginning")]
    if run.start:
        named.append((run.start, "where this run forked"))
    if run.best_step is not None:
        named.append((run.best_step, "the best dev step"))
    if run.non_finite is not None:
        named.append((run.non_finite.step, f"the first NaN, {run.non_finite.phase}"))
    lessons = [stop for stop in frame.card.lessons if stop.variant in (None, run.variant)]
    named += [(stop.step, f"lesson stop {stop.number + 1}") for stop in lessons]
    if run.reached < run.steps:
        named.append((run.reached, "computed so far"))
    named.append((run.steps, "the end"))
    words: dict[int, list[str]] = {}
    for step, word in named:
        if step <= run.steps:
            words.setdefault(step, []).append(word)
    steps = sorted(words)
    if len(steps) > _MOST_STOPS:
        # The nearest ones, and both ends.
        near = sorted(steps[1:-1], key=lambda step: abs(step - run.step))[: _MOST_STOPS - 2]
        steps = sorted({steps[0], *near, steps[-1]})
    return [Row(str(step), f"step {step}", note=", ".join(words[step])) for step in steps]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
