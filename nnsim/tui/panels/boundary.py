"""The decision boundary: what the network answers over two inputs, with the examples."""

from __future__ import annotations

from typing import Any

import numpy as np
from textual import on
from textual.app import ComposeResult

from nnsim.tui.drawing.field import Field, Points
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.field import FieldWidget
from nnsim.tui.worker.frames import Boundary, Frame, RunFrame

MOST_POINTS = 400


class BoundaryPanel(Panel):
    """A picture over two inputs; the others are held at their means."""

    NAME = "boundary"
    TITLE = "boundary"

    def compose(self) -> ComposeResult:
        """Hold one picture."""
        yield FieldWidget()

    @property
    def samples(self) -> tuple[int, int]:
        """Columns and rows that the picture has room for."""
        return self.query_one(FieldWidget).samples

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the answers and the examples."""
        run = frame.run
        if run.boundary is None:
            return
        self.query_one(FieldWidget).draw(field_of(run, run.boundary))
        late = run.boundary.step != run.step
        text = f"of step {run.boundary.step}" if late else self._others(run)
        self.reading(text, playing=frame.playing)

    def _others(self, run: RunFrame) -> str:
        others = run.network.inputs - len(set(run.boundary.inputs)) if run.boundary else 0
        return f"{others} other inputs at their means" if others > 0 else ""

    @on(FieldWidget.Hovered)
    def _hovered(self, event: FieldWidget.Hovered) -> None:
        event.stop()

        self.reading(f"({figure(event.x)}, {figure(event.y)}) -> {figure(event.value)}")


def field_of(run: RunFrame, boundary: Boundary) -> Field:
    """Return the picture of a boundary: answers, border, examples by colour and mark."""
    answers, examples = boundary.answers, run.examples
    first, second = boundary.inputs
    shown = np.arange(examples.X.shape[1])
    if shown.size > MOST_POINTS:
        # Even, but not every so manieth: classes that alternate would lose one of them.
        shown = np.unique((np.arange(MOST_POINTS) * 0.6180339887 % 1 * shown.size).astype(int))
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
        return Field(answers[0], kind="sequential", **common)
    if len(answers) > 1:
        return Field(answers, kind="classes", **common)
    if run.network.layers[-1].activation == "sigmoid":
        return Field(answers[0], kind="probability", contours=(0.5,), **common)
    return Field(answers[0], kind="signed", contours=(0.0,), **common)
