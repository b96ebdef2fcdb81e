"""A gradient check in the making: J along a parameter, blocks, worst entries, the ratio."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult

from nnsim.tui.drawing.chart import Chart, Mark, Series
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.gradient_check_map import SIGNS
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from nnsim.simulations.gradient_check.snapshot import GradientCheckSnapshot

J, APPROX, BACK = 0, 1, 2
"""Colours: the cost, the difference, back-propagation."""
THRESHOLD = 7


class AlongPanel(Panel):
    """J at three points along one parameter, and the two slopes that must agree."""

    NAME = "along"
    TITLE = "J along theta_i"

    def compose(self) -> ComposeResult:
        """Hold one chart."""
        yield ChartWidget()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw what is known of the parameter in hand."""
        shown: GradientCheckSnapshot = frame.run.shown
        self.query_one(ChartWidget).draw(along_of(shown))
        self._title(f"J along {shown.name}" if shown.name else self.TITLE)
        words = ""
        if shown.known >= 3:
            words = f"d_approx {figure(shown.d_approx)}  d {figure(shown.d)}"
        self.reading(words, playing=frame.playing)


def along_of(shown: GradientCheckSnapshot) -> Chart:
    """Return J - J(theta) over the change of theta_i in epsilons."""
    x_range = (-1.5, 1.5)
    if shown.known == 0:
        return Chart((), x_range=x_range, x_name="epsilons")
    points = [(0.0, 0.0), (1.0, shown.plus - shown.cost)]
    if shown.known >= 2:
        points.append((-1.0, shown.minus - shown.cost))
    x, y = zip(*sorted(points), strict=True)
    series = [Series("J", x, y, J, bare=True)]
    ends = np.array(x_range)
    if shown.known >= 3:
        middle = (shown.plus + shown.minus) / 2 - shown.cost
        rise = shown.d_approx * shown.epsilon
        series.append(Series("d_approx", ends, middle + rise * ends, APPROX, bold=True))
        series.append(Series("d", ends, shown.d * shown.epsilon * ends, BACK, dash="dashed"))
    marks = [Mark(-1.0, "-", "-", ""), Mark(0.0, "▲", "^", ""), Mark(1.0, "+", "+", "")]
    return Chart(series, x_range=x_range, x_name="epsilons", y_name="J - J(theta)", marks=marks)


class BlocksPanel(Panel):
    """Ratio and verdict of every block."""

    NAME = "blocks"
    TITLE = "blocks"

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the table."""
        shown: GradientCheckSnapshot = frame.run.shown
        rows = block_rows(shown)
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_table(HEADING, rows, look, width, height)
        )
        words = shown.verdict and f"{figure(shown.ratio, 2)} {shown.verdict}"
        self.reading(words, playing=frame.playing)


HEADING = ("block", "ratio", "verdict", "done")


def block_rows(shown: GradientCheckSnapshot) -> list[Row]:
    """Return the whole, and each block."""
    rows = [
        Row(
            (
                "all",
                _ratio(shown.ratio),
                _verdict(shown.verdict),
                f"{shown.step}/{shown.parameters}",
            )
        )
    ]
    for block in shown.blocks:
        done = min(max(shown.step - block.start, 0), block.size)
        here = block.start <= shown.index < block.stop
        cells = (block.name, _ratio(block.ratio), _verdict(block.verdict), f"{done}/{block.size}")
        rows.append(Row(cells, bold=here))
    return rows


def _ratio(value: float) -> str:
    return "-" if math.isnan(value) else figure(value, 2)


def _verdict(verdict: str) -> str:
    return f"{SIGNS[verdict]} {verdict}" if verdict else ""


class WorstPanel(Panel):
    """The parameters that differ most."""

    NAME = "worst"
    TITLE = "largest differences"

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the table."""
        shown: GradientCheckSnapshot = frame.run.shown
        rows = worst_rows(shown)
        heading = ("", "difference", "d_approx", "d", "kinks")
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_table(heading, rows, look, width, height)
        )
        self.reading("" if rows else "not yet", playing=frame.playing)


def worst_rows(shown: GradientCheckSnapshot) -> list[Row]:
    """Return the entries that differ most, the worst first."""
    return [
        Row(
            (
                entry.name,
                figure(entry.difference, 2),
                figure(entry.approximation),
                figure(entry.backward),
                str(entry.kinks) if entry.kinks else "",
            ),
            bold=entry.name == f"d{shown.name}",
        )
        for entry in shown.worst
    ]


class RatioPanel(Panel):
    """The ratio over the parameters done, of this run and, thinner, of the others."""

    NAME = "ratio"
    TITLE = "ratio so far"

    def compose(self) -> ComposeResult:
        """Hold one chart."""
        yield ChartWidget()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the ratio, between the lines of great and wrong."""
        run: SteppedFrame = frame.run
        most = max(each.steps for each in frame.runs)
        x_range = (0.0, float(max(most, 1)))
        series = [*_ratios(frame), *_thresholds(x_range)]
        values = np.concatenate([one.points[1] for one in series])
        values = values[np.isfinite(values) & (values > 0)]
        low = 10.0 ** math.floor(math.log10(float(values.min())))
        marks = [Mark(run.step, "▲", "^", "", line=True)]
        chart = Chart(series, True, x_range, (low, 2.0), "parameters", "ratio", marks)
        self.query_one(ChartWidget).draw(chart)
        self.reading(
            f"ratio {figure(run.shown.ratio, 2)}" if run.step else "", playing=frame.playing
        )

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        self.post_message(self.Sought(max(0, round(event.x))))


def _ratios(frame: Frame) -> Iterator[Series]:
    run = frame.run
    yield Series("ratio", run.curve["step"], run.curve["ratio"], run.number, bold=True)
    for other in frame.runs:
        if other is not run:
            steps, values = other.curve["step"], other.curve["ratio"]
            yield Series(other.name, steps, values, other.number, dash=dash_of(other.number))


def _thresholds(x_range: tuple[float, float]) -> Iterator[Series]:
    for name, value in (("wrong", 1e-3), ("great", 1e-7)):
        yield Series(name, x_range, (value, value), THRESHOLD, dash="dotted")
