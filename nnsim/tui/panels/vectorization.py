"""The loop beside the matrix form: their code, their sums, their times and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widgets import ContentSwitcher, Static

from nnsim.tui.drawing.bars import Bar, draw_bars
from nnsim.tui.drawing.chart import Chart, Mark, Series
from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.drawing.text import clip, figure
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from nnsim.simulations.vectorization.listing import Line
    from nnsim.simulations.vectorization.snapshot import VectorizationSnapshot

LOOP, MATRIX = 0, 1
"""Colours."""
SHOWN_LINES = 4
"""Entries of dw that have a line over the examples."""
FEW = 60
"""So many examples are points; more are a line."""


INVITATION = "Measured on this machine at the last step, when both forms are done."


class ListingPanel(Panel):
    """The code of both forms, the lines of the phase done last lit."""

    NAME = "listing"
    VIEWS = ("the code", "the loop", "the matrix form")

    def compose(self) -> ComposeResult:
        """Hold the listing."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the form in hand; both where there is room."""
        shown: VectorizationSnapshot = frame.run.shown
        view = self.view
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_listing(shown, view, look, width, height)
        )
        words = "" if shown.form == "right" else "a bug in the matrix form"
        self.reading(words, playing=frame.playing)


def draw_listing(
    shown: VectorizationSnapshot, view: int, look: Look, width: int, height: int
) -> list[Strip]:
    """Return the lines of code; what the phase done last carried out stands out."""
    from nnsim.simulations.vectorization.listing import listing

    if width < 1 or height < 1:
        return [Strip([], 0) for _ in range(max(height, 0))]
    sheet = Sheet(width, height)
    loop, matrix = listing("loop"), listing(shown.form)
    dividing = shown.phase_done == "divide by m"
    in_matrix = shown.matrix_begun and not dividing
    lit = shown.phase_done
    both = max(len(each.text) for each in loop) + max(len(each.text) for each in matrix) + 4
    if view == 0 and width >= both:
        middle = width - max(len(each.text) for each in matrix) - 1
        _write(sheet, 0, loop, "" if in_matrix else lit, look, middle - 1)
        _write(sheet, middle, matrix, lit if in_matrix else "", look, width)
    elif view == 2 or (view == 0 and in_matrix):
        _write(sheet, 0, matrix, lit if in_matrix else "", look, width)
    else:
        _write(sheet, 0, loop, "" if in_matrix else lit, look, width)
    return sheet.strips()


def _write(
    sheet: Sheet, left: int, lines: Sequence[Line], lit: str, look: Look, right: int
) -> None:
    """Write lines of code from a column on, so that the lit ones are seen."""
    places = [place for place, line in enumerate(lines) if lit and line.phase == lit]
    first = 0
    if len(lines) > sheet.height and places:
        first = min(max(places[-1] - sheet.height + 2, 0), len(lines) - sheet.height)
    for row, line in enumerate(lines[first : first + sheet.height]):
        here = bool(lit) and line.phase == lit
        mark = (">" if look.ascii else "▸") if here else " "
        text = clip(f"{mark}{line.text}", right - left, ascii=look.ascii)
        sheet.put(left, row, text, look.ink(look.accent if here else look.text, bold=here))


class SumsPanel(Panel):
    """J, dw and db of the loop as they grow, and of the matrix form."""

    NAME = "sums"
    VIEWS = ("J, dw and db", "dw by feature")

    def compose(self) -> ComposeResult:
        """Hold a table, and a chart for the other view."""
        with ContentSwitcher(initial="table"):
            yield Drawn(id="table")
            yield ChartWidget(id="chart")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the sums, or draw dw over the features."""
        shown: VectorizationSnapshot = frame.run.shown
        self.query_one(ContentSwitcher).current = "chart" if self.view else "table"
        if self.view:
            self.query_one(ChartWidget).draw(_by_feature(shown))
        else:
            rows = sum_rows(shown)
            self.query_one(Drawn).draw(
                lambda look, width, height: draw_table(
                    ("", "loop", "matrix form"), rows, look, width, height
                )
            )
        if shown.apart:
            words = f"difference {figure(shown.apart['difference'], 2)}"
        elif shown.matrix_begun:
            words = "divided by m"
        else:
            words = f"sums over {shown.examples} of {shown.m}"
        self.reading(words, playing=frame.playing)


def sum_rows(shown: VectorizationSnapshot) -> list[Row]:
    """Return a row for J, db and every entry of dw; bold what the last phase changed."""
    phase = shown.phase_done
    J = phase in ("J", "divide by m", "A, J")
    gradient = phase in ("dw, db", "divide by m")
    rows = [
        Row(("J", figure(shown.J, 6), _value(shown.matrix_J)), bold=J),
        Row(("db", figure(shown.db, 6), _value(shown.matrix_db)), bold=gradient),
    ]
    rows += [
        Row((f"dw{j}", figure(float(loop), 6), _value(float(matrix))), bold=gradient)
        for j, (loop, matrix) in enumerate(zip(shown.dw, shown.matrix_dw, strict=True), 1)
    ]
    return rows


def _value(value: float) -> str:
    return "-" if value != value else figure(value, 6)


def _by_feature(shown: VectorizationSnapshot) -> Chart:
    """Return dw of both forms over the features; the loop's sum divided by the examples done."""
    j = np.arange(1, shown.n_x + 1)
    few = shown.n_x <= FEW
    means = shown.dw if shown.matrix_begun else shown.dw / max(shown.examples, 1)
    series = [Series("loop", j, means, LOOP, bold=True, bare=few)]
    if np.isfinite(shown.matrix_dw).any():
        series.append(Series("matrix", j, shown.matrix_dw, MATRIX, dash="dashed"))
    return Chart(series, x_name="feature", y_name="mean so far")


class TimesPanel(Panel):
    """How long each form took on this machine."""

    NAME = "times"
    TITLE = "times just now"

    def compose(self) -> ComposeResult:
        """Hold bars, and words for before they are measured."""
        with ContentSwitcher(initial="words"):
            yield Static(
                "Measured on this machine at the last step, when both forms are done.", id="words"
            )
            yield Drawn(id="bars")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the times on a log axis."""
        shown: VectorizationSnapshot = frame.run.shown
        times = shown.times
        self.query_one(ContentSwitcher).current = "words" if times is None else "bars"
        if times is None:
            self.reading("", playing=frame.playing)
            return
        bars = [
            Bar("loop", times.loop, seconds(times.loop), bold=True),
            Bar("matrix", times.matrix, seconds(times.matrix)),
            Bar("compiled", times.compiled, seconds(times.compiled)),
        ]
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_bars(bars, look, width, height, log=True)
        )
        self.reading(f"loop / matrix = {figure(times.ratio, 2)}")


def seconds(value: float) -> str:
    """Return a time as one says it: 12 us, 3.4 ms, 0.5 s."""
    for factor, unit in ((1.0, "s"), (1e-3, "ms")):
        if value >= factor:
            return f"{figure(value / factor, 2)} {unit}"
    return f"{figure(value / 1e-6, 2)} us"


class ExamplesPanel(Panel):
    """How the sums grow from example to example; or every answer beside its label."""

    NAME = "examples"
    VIEWS = ("the loop's sums", "answers a and labels y")

    def compose(self) -> ComposeResult:
        """Hold one chart."""
        yield ChartWidget()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the examples done."""
        run: SteppedFrame = frame.run
        shown: VectorizationSnapshot = run.shown
        chart = _answers(shown) if self.view else _sums(run)
        self.query_one(ChartWidget).draw(chart)
        words = ""
        if shown.index >= 0 and shown.known >= 2:
            words = f"example {shown.index + 1}: a {figure(shown.a)}, y {figure(shown.y)}"
        self.reading(words, playing=frame.playing)

    @on(ChartWidget.Picked)
    def _picked(self, event: ChartWidget.Picked) -> None:
        event.stop()
        self.post_message(self.Sought(max(0, round(event.x))))


def _sums(run: SteppedFrame) -> Chart:
    shown: VectorizationSnapshot = run.shown
    steps = run.curve["step"][: shown.m + 1]
    series = [Series("J", steps, run.curve["J"][: len(steps)], 0, bold=True)]
    for j in range(1, min(shown.n_x, SHOWN_LINES) + 1):
        series.append(Series(f"dw{j}", steps, run.curve[f"dw{j}"][: len(steps)], j, dash="dashed"))
    series.append(Series("db", steps, run.curve["db"][: len(steps)], 5, dash="dotted"))
    marks = [Mark(min(run.step, shown.m), "▲", "^", "", line=True)]
    x_range = (0.0, float(shown.m))
    return Chart(series, x_range=x_range, x_name="examples", y_name="sum", marks=marks)


def _answers(shown: VectorizationSnapshot) -> Chart:
    i = np.arange(1, len(shown.all_a) + 1)
    few = shown.m <= FEW
    series = [
        Series("a", i, shown.all_a, LOOP, bold=True, bare=few),
        Series("y", i, shown.Y[: len(i)], MATRIX, bare=few),
    ]
    marks = [Mark(len(i), "▲", "^", "", line=True)] if len(i) else []
    x_range = (1.0, float(max(shown.m, 2)))
    return Chart(series, False, x_range, (-0.05, 1.05), "example", marks=marks)


class CountsPanel(Panel):
    """What each form has the interpreter do, and how many numbers are multiplied."""

    NAME = "counts"
    TITLE = "operations, counted in the code"

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the counts."""
        shown: VectorizationSnapshot = frame.run.shown
        rows = count_rows(shown)
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_table(
                ("", "loop", "matrix form"), rows, look, width, height
            )
        )
        self.reading(f"m = {shown.m}, n_x = {shown.n_x}", playing=frame.playing)


def count_rows(shown: VectorizationSnapshot) -> list[Row]:
    """Return the counts of both forms, and what an operation costs once times are known."""
    matrix = shown.matrix_operations
    rows = [
        Row(("operations so far", str(shown.operations_done), str(matrix * shown.finished))),
        Row(("operations in all", str(shown.loop_operations), str(matrix)), bold=True),
        Row(("multiplications", str(shown.multiplications), str(shown.matrix_multiplications))),
    ]
    if shown.times is not None:
        loop = shown.times.loop / shown.loop_operations
        each = shown.times.matrix / matrix
        rows.append(Row(("time an operation", seconds(loop), seconds(each))))
        rows.append(Row(("time in all", seconds(shown.times.loop), seconds(shown.times.matrix))))
    return rows
