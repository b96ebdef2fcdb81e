"""Figures of the paths over the steps, and where each path stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.strip import Strip

from nnsim.tui.drawing.canvas import Dash
from nnsim.tui.drawing.chart import Chart, Series
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.drawing.text import figure
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.chart_panel import ChartPanel
from nnsim.tui.panels.cost import marks_of, steps_shown
from nnsim.tui.panels.descent import chosen_path, color_of
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from nnsim.simulations.descent.snapshot import DescentSnapshot

PREFIXES = (("d", "v_"), ("s_",), ("update_",))
"""Of the figures in each view of the averages."""
FIGURES = ("J", "distance", "gradient_norm", "update_norm", "eigenvalue_largest", "learning_rate")


ROUNDING = 1e-12
"""A value of 0 may come out so far below 0, as a share of the largest one."""


class OverSteps(ChartPanel):
    """A chart over the steps whose axis is logarithmic where all values are above 0.

    The key for a log axis turns that round.
    """

    def draw(self, frame: Frame, attention: Attention, series: list[Series], log: bool) -> bool:
        """Draw curves; return whether the axis is logarithmic."""
        positive = all(_positive(y[np.isfinite(y)]) for _, y in (s.points for s in series))
        log = positive and log != attention.log
        x_range = steps_shown(frame, attention.recent)
        names = tuple(each.name for each in series)
        self.keep_range_of((frame.card.name, frame.run.number, self.view, log, names))
        y_range = self.settle(series, log, x_range)
        marks = marks_of(frame.run, self.look)
        chart = Chart(series, log, x_range, y_range, "step", marks=marks)
        self.query_one(ChartWidget).draw(chart)
        return log

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        self.post_message(self.Sought(max(0, round(event.x))))


def _positive(values: np.ndarray) -> bool:
    """Tell whether no value is below 0, but for the rounding of a sum that should be 0."""
    return not values.size or bool(values.min() >= -ROUNDING * np.abs(values).max())


class FiguresPanel(OverSteps):
    """One figure of every path; the next view is the next figure."""

    NAME = "figures"
    VIEWS = (
        "J of every path",
        "distance from the lowest point",
        "length of the gradient",
        "length of the update",
        "largest eigenvalue of the Hessian",
        "learning rate",
    )

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw a figure of all paths, the chosen one bold; other runs thin."""
        run: SteppedFrame = frame.run
        shown: DescentSnapshot = run.shown
        name, chosen = FIGURES[self.view], chosen_path(shown, attention)
        series = []
        for place, view in enumerate(shown.paths):
            y = run.curve[view.settings.named(name)]
            number, bold = color_of(run, place), place == chosen
            series.append(Series(view.name, run.curve["step"], y, number, bold=bold))
        for other in frame.runs:
            if other is run or len(other.shown.paths) > 1 or len(shown.paths) > 1:
                continue
            y = other.curve[other.shown.paths[0].settings.named(name)]
            dash = dash_of(other.number)
            series.append(Series(other.name, other.curve["step"], y, other.number, dash=dash))
        log = self.draw(frame, attention, series, log=True)
        self._title(f"{self.VIEWS[self.view]}{', log axis' if log else ''}")
        value = run.figures.get(shown.paths[chosen].settings.named(name))
        known = isinstance(value, float | int)
        self.reading(
            f"{shown.paths[chosen].name} {figure(value, 4)}" if known else "", playing=frame.playing
        )


class AveragesPanel(OverSteps):
    """Gradient, averages and update of the chosen path, a line a variable."""

    NAME = "averages"
    VIEWS = ("gradient and its average v", "average s of the squares", "update of each step")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw what the chosen path steps by."""
        run: SteppedFrame = frame.run
        shown: DescentSnapshot = run.shown
        path = shown.paths[chosen_path(shown, attention)]
        series: list[Series] = []
        steps = run.curve["step"]
        for number, variable in enumerate(shown.surface.variables):
            for prefix in PREFIXES[self.view]:
                y = run.curve.get(path.settings.named(f"{prefix}{variable}"))
                if y is not None:
                    dash: Dash = "dotted" if prefix == "d" else "solid"
                    series.append(Series(f"{prefix}{variable}", steps, y, number, dash=dash))
        optimizer = path.settings.optimizer
        who = path.name if path.name == optimizer else f"{path.name}: {optimizer}"
        self._title(self.VIEWS[self.view])
        self.draw(frame, attention, series, log=self.view == 1)
        if not series:
            self.reading(f"{who} keeps no s")
            return
        self.reading(who, playing=frame.playing)


class StandingPanel(Panel):
    """Where every path stands, or all that is known of the chosen one's place."""

    NAME = "standing"
    VIEWS = ("where each path stands", "at the point")

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the table of the view."""
        run: SteppedFrame = frame.run
        shown: DescentSnapshot = run.shown
        chosen = chosen_path(shown, attention)
        heading, rows = point_rows(shown, chosen) if self.view else path_rows(run, shown, chosen)

        def draw(look: Look, width: int, height: int) -> list[Strip]:
            return draw_table(heading, rows, look, width, height)

        self.query_one(Drawn).draw(draw)
        view = shown.paths[chosen]
        self.reading(f"{view.name}: {view.place.word}", playing=frame.playing)


def path_rows(
    run: SteppedFrame, shown: DescentSnapshot, chosen: int
) -> tuple[tuple[str, ...], list[Row]]:
    """Return a row a path: J, eigenvalues, what the place is, gradient, the point.

    Where it is narrow the columns at the right go: the curvature tells what a place is.
    """
    two = len(shown.surface.variables) > 1
    curvature = "eigenvalues" if two else "second derivative"
    heading = ("path", "J", curvature, "place", "gradient", *shown.surface.variables)
    rows = []
    for place, view in enumerate(shown.paths):
        here = view.place
        cells = (
            view.name,
            figure(here.J),
            ", ".join(figure(each) for each in here.eigenvalues),
            here.word,
            figure(here.gradient_norm),
            *(figure(float(each)) for each in here.point),
        )
        rows.append(Row(cells, bold=place == chosen, number=color_of(run, place)))
    return heading, rows


def point_rows(shown: DescentSnapshot, chosen: int) -> tuple[tuple[str, ...], list[Row]]:
    """Return the chosen path's place: a column a variable, the Hessian as its rows."""
    view = shown.paths[chosen]
    here, names = view.place, shown.surface.variables
    move = view.move

    def row(name: str, values: tuple[float, ...]) -> Row:
        return Row((name, *(figure(float(each), 4) for each in values)))

    rows = [row("point", here.point), row("gradient", here.gradient)]
    label = "Hessian" if len(names) > 1 else "second derivative"
    rows += [row(label if i == 0 else "", line) for i, line in enumerate(here.hessian)]
    if len(names) > 1:
        rows.append(row("eigenvalues", here.eigenvalues))
    if move is not None:
        rows.append(row("last gradient", move.gradient))
        if any(view.v):
            rows.append(row("v", view.v))
        if any(view.s):
            rows.append(row("s", view.s))
        rows.append(row("last update", move.update))
        rows.append(Row(("learning rate", figure(move.learning_rate, 4))))
    rows.append(Row(("J", figure(here.J, 4))))
    if view.distance == view.distance:
        rows.append(Row(("distance from lowest", figure(view.distance, 4))))
    return (view.name, *names), rows


class DerivativesPanel(Panel):
    """J as text, with the gradient and the Hessian that were found from it."""

    NAME = "derivatives"
    TITLE = "J and its derivatives"

    def compose(self) -> ComposeResult:
        """Hold the lines."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the formulas."""
        surface = frame.run.shown.surface
        rows = [Row(("J =", surface.text), bold=True)]
        for name, text in zip(surface.variables, surface.gradient_texts, strict=True):
            rows.append(Row((f"dJ/d{name} =", text)))
        for i, name in enumerate(surface.variables):
            for j in range(i + 1):
                other = surface.variables[j]
                what = f"d2J/(d{other} d{name}) ="
                rows.append(Row((what, surface.hessian_texts[i][j])))
        for name, value in surface.surface.constants:
            rows.append(Row((f"{name} =", figure(value, 6))))

        def draw(look: Look, width: int, height: int) -> list[Strip]:
            return draw_lines(rows, look, width, height)

        self.query_one(Drawn).draw(draw)
        self.reading("found by rules from J's text")


def draw_lines(rows: list[Row], look: Look, width: int, height: int) -> list[Strip]:
    """Return formulas folded into the width, as many as there is room for."""
    from nnsim.tui.panels.formula_lines import strips_of, wrapped

    lines: list[tuple[str, str, bool]] = []
    for row in rows:
        color = look.accent if row.bold else look.text
        lead, text = row.cells
        for number, part in enumerate(wrapped(f"{lead} {text}", width - 2)):
            lines.append((part if number == 0 else f"  {part}", color, row.bold))
    return strips_of(lines, look, width, height)
