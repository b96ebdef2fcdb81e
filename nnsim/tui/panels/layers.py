"""Figures of every layer on a log axis: gradient and weight norms, update ratios, size of A."""

from __future__ import annotations

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.widgets import ContentSwitcher

from nnsim.tui.drawing.axes import settled_range
from nnsim.tui.drawing.bars import Bar, draw_bars
from nnsim.tui.drawing.chart import Chart, Series, y_extent
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.cost import marks_of, steps_shown
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, TrainingFrame

FIGURES = ("gradient_norm", "weight_norm", "update_ratio", "a_size")
MOST_LINES = 6
"""Of a deeper network, the first, the last and layers evenly between are drawn."""


class LayersPanel(Panel):
    """One line a layer over the steps; before there is a history, one bar a layer."""

    NAME = "layers"
    VIEWS = (
        "gradient norm by layer",
        "weight norm by layer",
        "update / weight ratio",
        "size of A by layer",
        "gradient norm, this step",
        "weight norm, this step",
        "update ratio, this step",
        "size of A, this step",
    )

    def __init__(self, number: int) -> None:
        self._range: tuple[float, float] | None = None
        self._ranged: tuple = ()
        super().__init__(number)

    def compose(self) -> ComposeResult:
        """Hold a chart and bars, one of which is seen."""
        with ContentSwitcher(initial="bars"):
            yield ChartWidget(id="lines")
            yield Drawn(id="bars")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw lines, or the bars of this step."""
        run = frame.run
        name = FIGURES[self.view % len(FIGURES)]
        lines = self.view < len(FIGURES) and len(run.records["step"]) > 1
        self.query_one(ContentSwitcher).current = "lines" if lines else "bars"
        if lines:
            self._show_lines(frame, attention, name)
        else:
            self._show_bars(run, attention, name)
        self.reading(self._reading(run, name), playing=frame.playing)

    def _show_lines(self, frame: Frame, attention: Attention, name: str) -> None:
        run = frame.run
        steps, values = run.records["step"], recorded(run, name)
        depth = values.shape[1]
        if run.snapshot and run.snapshot.layers and steps[-1] < run.step - 1:
            # Between two evaluations the snapshot knows the figures of the step just done.
            steps = np.append(steps, run.step - 1)
            values = np.vstack([values, layer_figures(run, name)])
        series = [
            Series(
                f"{number}",
                steps,
                values[:, number - 1],
                number - 1,
                bold=number == attention.layer,
                dash=dash_of(number - 1),
            )
            for number in some_layers(depth, attention.layer)
        ]
        x_range = steps_shown(frame, attention.recent)
        if (run.number, name) != self._ranged:
            self._range, self._ranged = None, (run.number, name)
        extent = y_extent(series, True, x_range)
        if extent is not None:
            self._range = settled_range(self._range, *extent, True)
        marks = marks_of(run, self.look)
        chart = Chart(series, True, x_range, self._range, "step", marks=marks)
        self.query_one(ChartWidget).draw(chart)

    def _show_bars(self, run: TrainingFrame, attention: Attention, name: str) -> None:
        figures = layer_figures(run, name)
        bars = [
            Bar(str(number), value, bold=number == attention.layer)
            for number, value in enumerate(figures, start=1)
        ]
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_bars(bars, look, width, height, log=True)
        )

    def _reading(self, run: TrainingFrame, name: str) -> str:
        figures = layer_figures(run, name)
        if not figures:
            return "not yet"
        first, depth = f"layer 1 {figure(figures[0])}", len(figures)
        return f"{first}  layer {depth} {figure(figures[-1])}" if depth > 1 else first

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        self.post_message(self.Sought(max(0, round(event.x))))


def layer_figures(run: TrainingFrame, name: str) -> list[float]:
    """Return a figure of every layer: of this step, or of the last evaluation before it."""
    if run.snapshot and run.snapshot.layers:
        if name == "a_size":
            return [float(np.hypot(layer.a_mean, layer.a_std)) for layer in run.snapshot.layers]
        return [float(getattr(layer, name)) for layer in run.snapshot.layers]
    at = int(np.searchsorted(run.records["step"], run.step, side="right")) - 1
    return [float(value) for value in recorded(run, name)[at]] if at >= 0 else []


def recorded(run: TrainingFrame, name: str) -> np.ndarray:
    """Return a figure at every evaluation (rows) of every layer (columns).

    `a_size` is the root of the mean of a^2, sqrt(mean^2 + std^2): the norm of A over
    sqrt(units x examples), so that wide and narrow layers compare.
    """
    if name == "a_size":
        return np.hypot(run.records["a_mean"], run.records["a_std"])
    return run.records[name]


def some_layers(depth: int, looked_at: int) -> list[int]:
    """Return the layers to draw: all, or the first, the last, this one and some between."""
    if depth <= MOST_LINES:
        return list(range(1, depth + 1))
    spread = np.linspace(1, depth, MOST_LINES - 1).round().astype(int)
    return sorted({*spread.tolist(), min(looked_at, depth)})
