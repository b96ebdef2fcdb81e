"""A series and its averages, the weights of past values, and where every average stands."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import ContentSwitcher

from nnsim.tui.drawing.bars import Bar, draw_bars
from nnsim.tui.drawing.canvas import Dash
from nnsim.tui.drawing.chart import Chart, Series
from nnsim.tui.drawing.chart_legend import VALUE_WIDTH
from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.drawing.text import figure
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.chart_panel import ChartPanel
from nnsim.tui.panels.cost import marks_of, steps_shown
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from nnsim.simulations.averages.simulation import AveragesSnapshot, Curve, CurveState

FEW = 60
"""Series up to here are points; longer ones a line."""
POINTS, LINE = 3, 7
"""The number of the series itself: its points are stars, its line is grey."""
WINDOWS = 2.0
"""The weights are drawn so many windows of the longest average back."""
DASHES: tuple[Dash, ...] = ("solid", "dashed")


def dash_of_curve(place: int) -> Dash:
    """Return how the curve at a place of the list is drawn."""
    return DASHES[place % len(DASHES)]


class AveragesPanel(ChartPanel):
    """The values and every average of them; curves of other runs where they differ."""

    NAME = "averages"
    TITLE = "series and averages"

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw what was computed so far."""
        run: SteppedFrame = frame.run
        shown: AveragesSnapshot = run.shown
        chosen = chosen_curve(shown, attention)
        series = [*_of_run(run, chosen), *_of_others(frame)]
        x_range = steps_shown(frame, attention.recent)
        self.keep_range_of((frame.card.name, run.number, attention.log, attention.recent))
        y_range = self.settle(series, attention.log, x_range)
        marks = marks_of(run, self.look)
        chart = Chart(series, attention.log, x_range, y_range, "day", shown.name, marks=marks)
        self.query_one(ChartWidget).draw(chart)
        name = shown.parts[chosen]
        parts = [
            f"{label} {figure(float(run.figures[key]))}"
            for label, key in (("theta", "theta"), (name, f"{name}.average"))
            if run.step
        ]
        self.reading("  ".join(parts), playing=frame.playing)

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        self.post_message(self.Sought(max(0, round(event.x))))


def chosen_curve(shown: AveragesSnapshot, attention: Attention) -> int:
    """Return the place of the curve that is looked at."""
    return min(attention.layer, len(shown.settings)) - 1


def _of_run(run: SteppedFrame, chosen: int) -> Iterator[Series]:
    """Yield the averages, and the values last, so that they lie below."""
    steps = run.curve["step"]
    for place, curve in enumerate(run.shown.settings):
        y = run.curve[f"{curve.name}.average"]
        bold = place == chosen
        yield Series(curve.name, steps, y, place, bold=bold, dash=dash_of_curve(place))
    few = run.steps <= FEW
    yield Series("theta", steps, run.curve["theta"], POINTS if few else LINE, bare=few)


def _of_others(frame: Frame) -> Iterator[Series]:
    """Yield curves of other runs that this run does not have, as thin lines."""
    here = set(frame.run.shown.settings)
    for other in frame.runs:
        if other is frame.run or other.shown.name != frame.run.shown.name:
            continue
        for place, curve in enumerate(other.shown.settings):
            if curve not in here:
                y = other.curve[f"{curve.name}.average"]
                name = f"{curve.name} {curve.beta:g}"
                yield Series(name, other.curve["step"], y, place, dash="dotted")


class WeightsPanel(Panel):
    """How much each past value counts now."""

    NAME = "weights"
    VIEWS = ("weights of past days", "weights, day by day")

    def compose(self) -> ComposeResult:
        """Hold a chart, and bars for the other view."""
        with ContentSwitcher(initial="lines"):
            yield ChartWidget(id="lines")
            yield Drawn(id="bars")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the weights of all curves, or as bars those of the one that is looked at."""
        shown: AveragesSnapshot = frame.run.shown
        chosen = chosen_curve(shown, attention)
        self.query_one(ContentSwitcher).current = "bars" if self.view else "lines"
        if not shown.t:
            self.query_one(ChartWidget).draw(Chart((), x_name="days ago"))
            self.query_one(Drawn).draw(lambda look, width, height: [])
            self.reading("no day yet")
            return
        if self.view:
            self._show_bars(shown, shown.settings[chosen])
        else:
            self._title()
            self.query_one(ChartWidget).draw(_weights_chart(shown, chosen))
        weight_sum = shown.curves[chosen].weight_sum
        words = f"{shown.parts[chosen]}: sum {figure(weight_sum)}"
        self.reading(words, playing=frame.playing)

    def _show_bars(self, shown: AveragesSnapshot, curve: Curve) -> None:
        found = _weights_of(curve, shown.t)
        bars = [
            Bar("today" if k == 0 else f"{k} ago", float(weight), bold=k == 0)
            for k, weight in enumerate(found[:500])
        ]
        self._title(f"weights of {curve.name}")
        # The oldest are the lightest: where there is no room, they are left out first.
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_bars(
                bars[: max(height - 1, 1)], look, width, height, log=False
            )
        )


def _weights_of(curve: Curve, t: int) -> np.ndarray:
    from nnsim.simulations.averages.simulation import weights

    return weights(curve.beta, t, curve.form)


def _weights_chart(shown: AveragesSnapshot, chosen: int) -> Chart:
    longest = max(curve.window for curve in shown.settings)
    seen = max(1, min(shown.t, round(WINDOWS * longest)))
    series = []
    for place, curve in enumerate(shown.settings):
        y = _weights_of(curve, shown.t)[:seen]
        bold, dash = place == chosen, dash_of_curve(place)
        series.append(Series(curve.name, np.arange(y.size), y, place, bold=bold, dash=dash))
    top = max(float(np.nanmax(one.points[1])) for one in series)
    y_range = (0.0, top * 1.05) if 0 < top < np.inf else None
    x_range = (0, max(seen - 1, 1))
    return Chart(series, False, x_range, y_range, "days ago")


HEADING = ("", "beta", "average", "window", "today", "sum", "days old")


class WindowsPanel(Panel):
    """A line a curve: beta, the average, over how many values, what today's value weighs."""

    NAME = "windows"
    TITLE = "averages now"

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the table, curve by curve where the panel is narrow and high."""
        shown: AveragesSnapshot = frame.run.shown
        chosen = chosen_curve(shown, attention)
        rows, blocks = window_rows(shown, chosen), block_rows(shown, chosen)

        def draw(look: Look, width: int, height: int) -> list[Strip]:
            wide = sum(max(len(row.cells[k]) for row in rows) for k in range(len(HEADING)))
            if width < wide + 2 * len(HEADING) and height >= len(blocks):
                return draw_table((), blocks, look, width, height)
            return draw_table(HEADING, rows, look, width, height)

        self.query_one(Drawn).draw(draw)
        self.reading(f"day {shown.t}" if shown.t else "", playing=frame.playing)


def window_rows(shown: AveragesSnapshot, chosen: int) -> list[Row]:
    """Return a row a curve."""
    rows = []
    for place, (curve, state) in enumerate(zip(shown.settings, shown.curves, strict=True)):
        average, _ = _so_far(shown, curve, state)
        figures = (average, curve.window, state.weight_today, state.weight_sum, state.age)
        cells = (curve.name, f"{curve.beta:g}", *(_figure(value) for value in figures))
        rows.append(Row(cells, bold=place == chosen, number=place))
    return rows


def block_rows(shown: AveragesSnapshot, chosen: int) -> list[Row]:
    """Return some rows a curve: name, then what it has."""
    rows: list[Row] = []
    for place, (curve, state) in enumerate(zip(shown.settings, shown.curves, strict=True)):
        average, v = _so_far(shown, curve, state)
        form = {"plain": "", "corrected": "corrected", "stored": "stored back"}[curve.form]
        heading = f"{curve.name}, {form}" if form and form != curve.name else curve.name
        rows += [
            Row((heading,), bold=place == chosen, number=place),
            Row(("  beta", f"{curve.beta:g}")),
            Row(("  1 / (1 - beta)", _figure(curve.window))),
            Row(("  average", _figure(average))),
            Row(("  v", _figure(v))),
            Row(("  weight of today", _figure(state.weight_today))),
            Row(("  sum of weights", _figure(state.weight_sum))),
            Row(("  days old", _figure(state.age))),
        ]
    return rows


def _so_far(shown: AveragesSnapshot, curve: Curve, state: CurveState) -> tuple[float, float]:
    """Return the average and v as far as the phases done have made them, NaN for not yet."""
    if shown.phase == 1:
        return math.nan, state.before
    if shown.phase == 2 and curve.form != "plain":
        return math.nan, state.averaged
    return state.average, state.v


def _figure(value: float) -> str:
    return "-" if value != value else figure(float(value), 4)[:VALUE_WIDTH]
