"""Cost and accuracy over the steps, of this run and, thinner, of the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from textual import on
from textual.app import ComposeResult

from nnsim.tui.drawing.axes import settled_range
from nnsim.tui.drawing.chart import Chart, Mark, Series, y_extent
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.text import figure
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.worker.frames import Frame, RunFrame, TrainingFrame

RECENT_STEPS = 100


def steps_shown(frame: Frame, recent: bool) -> tuple[float, float]:
    """Return the range of the step axis; it grows in jumps, so that curves stand still."""
    run = frame.run
    reached = max(each.reached for each in frame.runs)
    if recent:
        high = max(run.step, RECENT_STEPS)
        return high - RECENT_STEPS, high
    for k in range(1, 8):
        for size in (1, 2, 5):
            if size * 10**k >= reached:
                return 0, min(size * 10**k, max(run.steps, reached))
    return 0, reached


def alpha_of(run: TrainingFrame) -> float:
    """Return the learning rate of the step looked at, or of the one before; at first, the set one.

    Inside the first step none has been computed yet.
    """
    if run.snapshot is None or (run.phase and not run.step):
        return run.training.learning_rate
    return run.snapshot.learning_rate


def marks_of(run: RunFrame, look: Look) -> list[Mark]:
    """Return what the step axis shows of a run: where I am, its fork, its best step, its NaN."""
    marks = [Mark(run.step, "▲", "^", "", line=True)]
    if run.start:
        marks.append(Mark(run.start, "┬", "T", "fork", color=look.muted))
    if run.best_step is not None:
        marks.append(Mark(run.best_step, "★", "*", "best", color=look.good))
    if run.non_finite:
        marks.append(Mark(run.non_finite.step, "✗", "!", "NaN", color=look.error))
    return marks


class CostPanel(Panel):
    """The cost J, and with other views the accuracy or the learning rate."""

    NAME = "cost"
    VIEWS = ("cost", "accuracy", "learning rate")

    def __init__(self, number: int, name: str = "") -> None:
        self._range: tuple[float, float] | None = None
        self._ranged: tuple = ()
        super().__init__(number, name)

    def compose(self) -> ComposeResult:
        """Hold one chart."""
        yield ChartWidget()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the curves of all runs, the present one bold."""
        run, log = frame.run, attention.log and self.view != 1
        series = [*self._of_others(frame), *self._of_run(run, attention)]
        x_range = steps_shown(frame, attention.recent)
        ranged = (frame.card.name, self.view, log, attention.parts)
        if ranged != self._ranged:
            self._range, self._ranged = None, ranged
        if self.view == 1:
            self._range = (0.0, 1.0)
        elif (extent := y_extent(series, log, x_range)) is not None:
            self._range = settled_range(self._range, *extent, log)
        chart = Chart(series, log, x_range, self._range, "step", marks=marks_of(run, self.look))
        self.query_one(ChartWidget).draw(chart)
        self.reading(self._reading(run), playing=frame.playing)

    def _of_others(self, frame: Frame) -> Iterator[Series]:
        for other in frame.runs:
            if other is frame.run:
                continue
            x, y = self._curve(other)
            yield Series(other.name, x, y, other.number, dash=dash_of(other.number))

    def _curve(self, run: TrainingFrame) -> tuple[np.ndarray, np.ndarray]:
        if self.view == 1:
            return run.records["step"], run.records["train_accuracy"]
        name = "cost" if self.view == 0 else "learning_rate"
        steps, values = run.curve["step"], run.curve[name]
        if self.view == 0 and run.cost is not None and (not len(steps) or steps[-1] < run.step):
            # The row of a step is written when it is done; the curve reaches to where I am.
            return np.append(steps, run.step), np.append(values, run.cost)
        return steps, values

    def _of_run(self, run: TrainingFrame, attention: Attention) -> Iterator[Series]:
        number = run.number
        records = run.records
        if self.view == 0 and attention.parts:
            step = run.curve["step"]
            yield Series("penalty", step, run.curve["penalty"], number + 2, dash="dotted")
            yield Series("loss", step, run.curve["data_loss"], number + 1, dash="dashed")
        if self.view < 2 and "dev" in run.examples.m and run.examples.m["dev"]:
            figure_name = "dev_cost" if self.view == 0 else "dev_accuracy"
            yield Series("dev", records["step"], records[figure_name], number, dash="dashed")
        x, y = self._curve(run)
        name = "train" if self.view == 1 else "J" if self.view == 0 else "alpha"
        yield Series(name, x, y, number, bold=True)

    def _reading(self, run: TrainingFrame) -> str:
        """Write the figures of the present step."""
        if self.view == 2:
            return f"alpha {figure(alpha_of(run))}"
        parts = []
        for name, label in (("train", "train"), ("dev", "dev")):
            found = run.evaluations.get(name)
            if found:
                value = found.cost if self.view == 0 else found.accuracy
                parts.append(f"{label} {figure(float(value))}")
        return "  ".join(parts)

    @on(ChartWidget.Hovered)
    def _hovered(self, event: ChartWidget.Hovered) -> None:
        event.stop()
        readout, chart = event.readout, event.chart.chart
        if readout is None or chart is None:
            return
        shown = [
            f"{series.name} {figure(value)}"
            for series, value in zip(chart.series, readout.values, strict=True)
            if value is not None
        ]
        self.reading(f"step {figure(int(readout.x))}: " + "  ".join(shown[-3:]))

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        self.post_message(self.Sought(max(0, round(event.x))))
