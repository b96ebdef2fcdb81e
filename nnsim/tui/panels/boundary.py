"""The decision boundary: what the network answers over its inputs, with the examples."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import ContentSwitcher

from nnsim.tui.drawing.chart import draw_chart
from nnsim.tui.drawing.comparison import Paint
from nnsim.tui.drawing.field import Field, Points, draw_field, field_size
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.boundary_curve import answer_range, border_of, curve_of, shown_examples
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.field import FieldWidget
from nnsim.tui.worker.frames import Boundary, Frame, TrainingFrame


class BoundaryPanel(Panel):
    """A picture over two inputs, the others held at their means; over one input a curve."""

    NAME = "boundary"
    TITLE = "boundary"

    def compose(self) -> ComposeResult:
        """Hold a picture, and a chart for networks of one input."""
        with ContentSwitcher(initial="plane"):
            yield FieldWidget(id="plane")
            yield ChartWidget(id="line")

    @property
    def samples(self) -> tuple[int, int]:
        """Columns and rows that the picture has room for."""
        return field_size(self.look, *self.query_one(ContentSwitcher).content_size)

    class Resized(Message):
        """The picture has another size now: the worker is to be told."""

    def on_resize(self) -> None:
        """Fit the title, and ask for a picture of the new size."""
        super().on_resize()
        self.post_message(self.Resized())

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the answers and the examples."""
        run = frame.run
        if run.boundary is None:
            return
        switcher, wanted = self.query_one(ContentSwitcher), "plane"
        if run.boundary.is_line:
            wanted = "line"
            others = [each for each in frame.runs if each is not run]
            chart = curve_of(run, run.boundary, others)
            self.query_one(ChartWidget).draw(chart)
            text = border_of(run, run.boundary)
            self._title(f"answers over {run.examples.features[0]}")
        else:
            self.query_one(FieldWidget).draw(field_of(run, run.boundary))
            text = self._others(run)
            self._title()
        if switcher.current != wanted:
            switcher.current = wanted
        late = run.boundary.step != run.step
        text = f"of step {run.boundary.step}" if late else text
        self.reading(text, playing=frame.playing)

    def _others(self, run: TrainingFrame) -> str:
        others = run.network.inputs - len(set(run.boundary.inputs)) if run.boundary else 0
        return f"{others} other inputs at their means" if others > 0 else ""

    @on(FieldWidget.Hovered)
    def _hovered(self, event: FieldWidget.Hovered) -> None:
        event.stop()

        self.reading(f"({figure(event.x)}, {figure(event.y)}) -> {figure(event.value)}")

    @on(ChartWidget.Hovered)
    def _pointed(self, event: ChartWidget.Hovered) -> None:
        event.stop()
        chart, readout = event.chart.chart, event.readout
        if chart is not None and readout is not None:
            curve, value = chart.series[0], readout.values[0]
            self.reading(f"{chart.x_name} {figure(readout.x)}: {curve.name} {figure(value)}")

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        # Its x is no step.
        event.stop()


def picture_of(run: TrainingFrame, boundary: Boundary) -> Paint:
    """Return what draws a boundary anywhere: the picture over two inputs, or the curve over one."""
    if boundary.is_line:
        return partial(draw_chart, curve_of(run, boundary))
    return partial(draw_field, field_of(run, boundary))


def field_of(run: TrainingFrame, boundary: Boundary) -> Field:
    """Return the picture of a boundary: answers, border, examples by colour and mark.

    A regression's examples have the colour of their y on the scale of the answers.
    """
    assert boundary.y_range is not None, "a line has no plane"
    answers, examples = boundary.answers, run.examples
    first, second = boundary.inputs
    shown = shown_examples(examples.X.shape[1])
    labels = np.zeros(shown.size, int) if examples.labels is None else examples.labels[shown]
    points = Points(examples.X[first, shown], examples.X[second, shown], labels, examples.classes)
    names = examples.features
    common: dict[str, Any] = {
        "x_range": boundary.x_range,
        "y_range": boundary.y_range,
        "points": points,
        "x_name": names[first],
        "y_name": names[second],
    }
    if examples.labels is None:
        targets = np.asarray(examples.Y[0], float)
        common["points"] = replace(points, values=targets[shown])
        limits = answer_range(answers[0], targets)
        return Field(answers[0], kind="sequential", limits=limits, value_name="yhat", **common)
    if len(answers) > 1:
        return Field(answers, kind="classes", **common)
    if run.network.layers[-1].activation == "sigmoid":
        return Field(answers[0], kind="probability", contours=(0.5,), **common)
    return Field(answers[0], kind="signed", contours=(0.0,), **common)
