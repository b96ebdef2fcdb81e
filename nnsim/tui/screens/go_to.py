"""Going to a step, or on until a condition holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from nnsim.tui.widgets.choices import Choices, Row
from nnsim.tui.widgets.dialog import Dialog, Hint
from nnsim.tui.widgets.entry import Entry
from nnsim.tui.worker.commands import Play, Seek
from nnsim.tui.worker.conditions import Condition, parse_condition

if TYPE_CHECKING:
    from nnsim.tui.worker.frames import Frame, RunFrame

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
        super().__init__(
            "Go to",
            run.name,
            f"Step {run.step} of {run.steps}, {run.steps_an_epoch} "
            f"{'step' if run.steps_an_epoch == 1 else 'steps'} an epoch. Type a step, +100, "
            "epoch 3, end,\nor what to run until: cost < 0.1, dev.accuracy >= 0.9.",
        )
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
        condition = parse_condition(text, step=run.step, layers=len(run.network.layers))
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
        run, snapshot = self.run_frame, self.run_frame.snapshot
        name = goal.until.split()[0]
        part, _, figure = name.partition(".")
        value: float | None = None
        if part in run.evaluations:
            value = getattr(run.evaluations[part], figure, None)
        elif snapshot is not None and "." not in name:
            value = getattr(snapshot, name, None)
        elif snapshot is not None and snapshot.layers and part.startswith("layer"):
            value = getattr(snapshot.layers[int(part[5:]) - 1], figure, None)
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
