"""Errors of differences against epsilon, the secants near theta, and all figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult

from nnsim.tui.drawing.canvas import Dash
from nnsim.tui.drawing.chart import Chart, Mark, Series
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from nnsim.simulations.derivative.simulation import DerivativeSnapshot

TWO, ONE, CURVE, TANGENT = 0, 1, 7, 2
"""Colours: both differences, f itself, the exact slope."""
LEAST_ERROR = 1e-17
"""The foot of the error axis: an error of 0 lies there."""


class ErrorsPanel(Panel):
    """Both errors against epsilon, on log axes: the V; with the other view what theory expects."""

    NAME = "errors"
    VIEWS = ("errors against epsilon", "errors, and what theory expects")

    def __init__(self, number: int, name: str = "") -> None:
        self._epsilons = np.empty(0)
        super().__init__(number, name)

    def compose(self) -> ComposeResult:
        """Hold one chart."""
        yield ChartWidget()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the errors found so far."""
        run: SteppedFrame = frame.run
        shown: DerivativeSnapshot = run.shown
        series = [*_errors(run), *_of_others(frame)]
        if self.view:
            series += _expected(run)
        self._epsilons = epsilons = shown.epsilons
        low, high = float(epsilons.min()), float(epsilons.max())
        x_range = (low, high) if low < high else (low / 10, high * 10)
        here = shown.working.epsilon
        chart = Chart(
            series,
            True,
            x_range,
            _error_range(series),
            "epsilon",
            "error",
            marks=[Mark(here, "▲", "^", "")] if here == here else [],
            # The legend gives the errors at this epsilon, not at the largest.
            cursor=here if here == here else None,
            log_x=True,
        )
        self.query_one(ChartWidget).draw(chart)
        self.reading(_reading(run), playing=frame.playing)

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        if event.x > 0 and self._epsilons.size:
            # The step that tried the epsilon nearest to what was clicked.
            nearest = np.abs(np.log(self._epsilons) - math.log(event.x)).argmin()
            self.post_message(self.Sought(int(nearest) + 1))


def _errors(run: SteppedFrame) -> Iterator[Series]:
    epsilons = run.curve["epsilon"][1:]
    for name, label, number in (
        ("two_sided", "two-sided", TWO),
        ("one_sided", "one-sided", ONE),
    ):
        errors = np.maximum(run.curve[f"{name}.error"][1:], LEAST_ERROR)
        dash: Dash = "solid" if number == TWO else "dashed"
        yield Series(label, epsilons, errors, number, bold=True, dash=dash)


def _of_others(frame: Frame) -> Iterator[Series]:
    """Yield the two-sided errors of the other runs, thin."""
    for other in frame.runs:
        if other is not frame.run:
            epsilons = other.curve["epsilon"][1:]
            errors = np.maximum(other.curve["two_sided.error"][1:], LEAST_ERROR)
            dash = dash_of(other.number)
            yield Series(other.name, epsilons, errors, 3 + other.number, dash=dash)


def _expected(run: SteppedFrame) -> list[Series]:
    """Return the errors that theory expects, where it expects any."""
    shown: DerivativeSnapshot = run.shown
    epsilons = np.sort(shown.epsilons)
    two, one = shown.truncation
    lines = (
        ("bend, two-sided", two * epsilons**2, TWO),
        ("bend, one-sided", one * epsilons, ONE),
        ("round-off", shown.unit_round_off * abs(shown.value) / epsilons, TANGENT),
    )
    return [
        Series(name, epsilons, y, number, dash="dotted") for name, y, number in lines if y.any()
    ]


def _error_range(series: list[Series]) -> tuple[float, float] | None:
    """Return decades around all errors, so that the axis grows by whole ones."""
    values = np.concatenate([one.points[1] for one in series]) if series else np.empty(0)
    values = values[np.isfinite(values) & (values >= LEAST_ERROR)]
    if not values.size:
        return None
    low, high = math.floor(math.log10(values.min())), math.ceil(math.log10(values.max()))
    return 10.0**low, 10.0 ** max(high, low + 1)


def _reading(run: SteppedFrame) -> str:
    if not run.step:
        return f"slope {figure(run.shown.exact)}"
    two, one = (float(run.figures[f"{name}.error"]) for name in ("two_sided", "one_sided"))
    return f"two-sided {figure(two, 2)}  one-sided {figure(one, 2)}"


class SecantsPanel(Panel):
    """f within two epsilons of theta, as the computer has it, with both secants and the tangent."""

    NAME = "secants"
    VIEWS = ("f within 2 epsilon", "f minus its tangent", "f around theta")

    def compose(self) -> ComposeResult:
        """Hold one chart."""
        yield ChartWidget()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the lines whose slopes are compared."""
        shown: DerivativeSnapshot = frame.run.shown
        state = shown.working
        if self.view == 2 or state.epsilon != state.epsilon:
            chart = _around(shown)
        else:
            chart = _within(shown, minus_tangent=self.view == 1)
        self.query_one(ChartWidget).draw(chart)
        words = f"epsilon {figure(state.epsilon)}" if state.epsilon == state.epsilon else ""
        self.reading(f"{words}  slope {figure(shown.exact)}".strip(), playing=frame.playing)


def _within(shown: DerivativeSnapshot, minus_tangent: bool) -> Chart:
    """Return f and the lines in units of epsilon: the picture has one size for every epsilon.

    Without the tangent, what is left is the bend of f, or the steps of its rounding.
    """
    state, x = shown.working, shown.offsets
    slope = shown.exact if minus_tangent else 0.0
    ends = np.array([x[0], x[-1]])
    above = (state.f_above - shown.value) / state.epsilon
    below = (state.f_below - shown.value) / state.epsilon
    middle = (above + below) / 2.0
    done = shown.phase or 5
    series = [Series("f", x, shown.rises - slope * x, CURVE, bold=True)]
    if done >= 3:
        y = middle + (state.two_sided - slope) * ends
        series.append(Series("2-sided", ends, y, TWO))
    if done >= 4:
        series.append(Series("1-sided", ends, (state.one_sided - slope) * ends, ONE, dash="dashed"))
    series.append(Series("slope", ends, (shown.exact - slope) * ends, TANGENT, dash="dotted"))
    marks = [Mark(-1.0, "-", "-", ""), Mark(0.0, "▲", "^", ""), Mark(1.0, "+", "+", "")]
    return Chart(series, x_name="epsilons", marks=marks)


def _around(shown: DerivativeSnapshot) -> Chart:
    """Return f over the whole range of the largest epsilon, with the tangent."""
    x = shown.grid
    state = shown.working
    tangent = shown.value + shown.exact * (x - shown.at)
    series = [
        Series("f", x, shown.values, CURVE, bold=True),
        Series("slope", x, tangent, TANGENT, dash="dotted"),
    ]
    marks = [Mark(shown.at, "▲", "^", "")]
    if state.epsilon == state.epsilon:
        points = (shown.at - state.epsilon, shown.at + state.epsilon)
        heights = (state.f_below, state.f_above)
        series.append(Series("2-sided", points, heights, TWO))
    return Chart(series, x_name="theta", marks=marks)


HEADING = ("epsilon", "error 2", "error 1", "two-sided", "one-sided")


class DifferencesPanel(Panel):
    """A line an epsilon: both errors, and where there is room both differences."""

    NAME = "differences"
    TITLE = "by epsilon"

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write what was tried."""
        rows = table_rows(frame.run)
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_table(HEADING, rows, look, width, height)
        )
        self.reading(f"exact {figure(frame.run.shown.exact, 6)}")


def table_rows(run: SteppedFrame) -> list[Row]:
    """Return a row for every epsilon tried so far."""
    curve = run.curve
    rows = []
    for k in range(1, len(curve["step"])):
        cells = (
            figure(float(curve["epsilon"][k])),
            figure(float(curve["two_sided.error"][k]), 2),
            figure(float(curve["one_sided.error"][k]), 2),
            f"{curve['two_sided'][k]:.10g}",
            f"{curve['one_sided'][k]:.10g}",
        )
        rows.append(Row(cells, bold=k == run.step))
    return rows
