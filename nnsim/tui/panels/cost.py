"""Cost and accuracy over the steps, or epochs, of this run and, thinner, of the others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from textual import on

from nnsim.tui.drawing.chart import Chart, Mark, Series
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.text import figure
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.chart_panel import ChartPanel
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
    return 0, min(_round_above(reached), max(run.steps, reached))


def epochs_shown(frame: Frame) -> tuple[float, float]:
    """Return the range of an axis of epochs: never beyond those of the run looked at.

    Runs of one scenario may differ much in this: the others would be a sliver at the left.
    """
    run = frame.run
    reached = max(each.reached / each.steps_an_epoch for each in frame.runs)
    return 0, min(_round_above(reached), max(run.steps, run.reached) / run.steps_an_epoch)


def _round_above(reached: float) -> float:
    """Return the first of 10, 20, 50, 100 ... that is not less."""
    for k in range(1, 8):
        for size in (1, 2, 5):
            if size * 10**k >= reached:
                return size * 10**k
    return reached


def axis_shown(frame: Frame, axis: str) -> tuple[str, tuple[float, float]]:
    """Return the name and the range of an axis, one of AXES."""
    if axis == "epochs":
        return "epoch", epochs_shown(frame)
    return "step", steps_shown(frame, axis == "recent")


def unit_of(run: RunFrame, axis: str) -> int:
    """Return how many steps of a run one unit of the axis is: x = step / unit.

    An epoch is m / size steps, rounded up (course topic C1), so that runs with different batches
    stand on one scale. A fork counts its epochs from step 0 with its own batches.
    """
    return run.steps_an_epoch if axis == "epochs" else 1


def alpha_of(run: TrainingFrame) -> float:
    """Return the learning rate of the step looked at, or of the one before; at first, the set one.

    Inside the first step none has been computed yet.
    """
    if run.snapshot is None or (run.phase and not run.step):
        return run.training.learning_rate
    return run.snapshot.learning_rate


def marks_of(run: RunFrame, look: Look, unit: int = 1) -> list[Mark]:
    """Return what the step axis shows of a run: where I am, its fork, its best step, its NaN."""
    marks = [Mark(run.step / unit, "▲", "^", "", line=True)]
    if run.start:
        marks.append(Mark(run.start / unit, "┬", "T", "fork", color=look.muted))
    if run.best_step is not None:
        marks.append(Mark(run.best_step / unit, "★", "*", "best", color=look.good))
    if run.non_finite:
        marks.append(Mark(run.non_finite.step / unit, "✗", "!", "NaN", color=look.error))
    return marks


class CostPanel(ChartPanel):
    """The cost J, and with other views the accuracy or the learning rate."""

    NAME = "cost"
    VIEWS = ("cost", "accuracy", "learning rate")

    def __init__(self, number: int, name: str = "") -> None:
        self._unit = 1
        super().__init__(number, name)

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the curves of all runs, the present one bold."""
        run, log = frame.run, attention.log and self.view != 1
        series = [*self._of_others(frame, attention.axis), *self._of_run(run, attention)]
        x_name, x_range = axis_shown(frame, attention.axis)
        self._unit = unit_of(run, attention.axis)
        self.keep_range_of((frame.card.name, self.view, log, attention.parts))
        if self.view == 1:
            self._range = (0.0, 1.0)
        else:
            self.settle(series, log, x_range)
        marks = marks_of(run, self.look, self._unit)
        chart = Chart(series, log, x_range, self._range, x_name, marks=marks)
        self.query_one(ChartWidget).draw(chart)
        self.reading(self._reading(run), playing=frame.playing)

    def _of_others(self, frame: Frame, axis: str) -> Iterator[Series]:
        for other in frame.runs:
            if other is frame.run:
                continue
            x, y = self._curve(other)
            x = x / unit_of(other, axis)
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
        number, records, unit = run.number, run.records, unit_of(run, attention.axis)
        if self.view == 0 and attention.parts:
            x = run.curve["step"] / unit
            yield Series("penalty", x, run.curve["penalty"], number + 2, dash="dotted")
            yield Series("loss", x, run.curve["data_loss"], number + 1, dash="dashed")
        if self.view < 2 and "dev" in run.examples.m and run.examples.m["dev"]:
            figure_name = "dev_cost" if self.view == 0 else "dev_accuracy"
            x = records["step"] / unit
            yield Series("dev", x, records[figure_name], number, dash="dashed")
        x, y = self._curve(run)
        name = "train" if self.view == 1 else "J" if self.view == 0 else "alpha"
        yield Series(name, x / unit, y, number, bold=True)

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
        x = int(readout.x) if readout.x.is_integer() else readout.x
        self.reading(f"{chart.x_name} {figure(x)}: " + "  ".join(shown[-3:]))

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        self.post_message(self.Sought(max(0, round(event.x * self._unit))))
