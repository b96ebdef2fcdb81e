"""A search beside its plane: the curves of its trials, the best of them, and where they fell."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from textual.app import ComposeResult

from nnsim.simulations.remark import counted
from nnsim.tui.drawing.axes import settled_range
from nnsim.tui.drawing.chart import Chart, Mark, Series, y_extent
from nnsim.tui.drawing.histogram import draw_histogram
from nnsim.tui.drawing.table import Row, draw_table
from nnsim.tui.drawing.text import figure
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.chart_panel import ChartPanel
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from textual.strip import Strip

    from nnsim.simulations.search.specification import Parameter
    from nnsim.simulations.search.state import SearchSnapshot

MOST_CURVES = 6
"""Lines that letters at their ends still tell apart."""


class CurvesPanel(ChartPanel):
    """The objective over the training steps: of this trial and the best, or of the population."""

    NAME = "curves"
    TITLE = "training curves"

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the curves that say most."""
        run: SteppedFrame = frame.run
        shown: SearchSnapshot = run.shown
        series = curves_of(shown)
        self.keep_range_of((frame.card.name, run.number, attention.log))
        if (extent := y_extent(series, attention.log, None)) is not None:
            low, high = extent
            high = min(high, top_of(shown)) if not attention.log else high
            self._range = settled_range(self._range, low, max(high, low), attention.log)
        chart = Chart(
            series,
            attention.log,
            None,
            self._range,
            "training step",
            shown.search.what if shown.search.trains else "",
            marks=_marks(shown, self.look),
        )
        self.query_one(ChartWidget).draw(chart)
        if not shown.search.trains:
            self.reading("nothing is trained here")
        elif not series:
            self.reading("nothing trained yet")
        else:
            self.reading(counted(len(shown.curves), "curve"), playing=frame.playing)


def curves_of(shown: SearchSnapshot) -> list[Series]:
    """Return this trial's curve bold, the best one's, and a few of the others.

    Of a population the leader is bold, and others are taken evenly over their ranks.
    """
    curves = shown.curves
    if not curves:
        return []
    if shown.search.in_days:
        order = sorted(range(len(curves)), key=lambda k: _last(curves[k].values))
        picked = order
        if len(order) > MOST_CURVES:
            places = np.linspace(0, len(order) - 1, MOST_CURVES).round().astype(int)
            picked = [order[k] for k in places]
    else:
        last = len(curves) - 1
        best = shown.best if 0 <= shown.best < len(curves) else last
        picked = list(dict.fromkeys([last, best, *range(last - 1, last - MOST_CURVES, -1)]))
        picked = [k for k in picked if k >= 0][:MOST_CURVES]
    series = []
    for rank, k in enumerate(picked):
        name = f"run {k + 1}" if shown.search.in_days else f"trial {k + 1}"
        if k == shown.best:
            name = f"best: {k + 1}"
        if shown.search.method == "panda":
            name = "panda"
        dash = "solid" if rank == 0 else "dashed" if k == shown.best else "dotted"
        values = np.where(np.isfinite(curves[k].values), curves[k].values, np.nan)
        series.append(
            Series(name, curves[k].steps, values, rank, bold=rank == 0, dash=dash)  # type: ignore[arg-type]
        )
    return series


def top_of(shown: SearchSnapshot) -> float:
    """Return where a linear axis may end: a run that is thrown out must not flatten the others.

    It reaches to the highest first value of all curves and to everything of the best one.
    """
    firsts = [float(curve.values[0]) for curve in shown.curves if len(curve.values)]
    best = shown.curves[shown.best].values if 0 <= shown.best < len(shown.curves) else np.empty(0)
    finite = [each for each in (*firsts, *best.tolist()) if math.isfinite(each)]
    return max(finite, default=math.inf)


def _last(values: np.ndarray) -> float:
    return float(values[-1]) if len(values) and math.isfinite(values[-1]) else math.inf


def _marks(shown: SearchSnapshot, look: Look) -> list[Mark]:
    """Return where settings were changed by hand, and where the data changed."""
    if shown.day is None:
        return []
    marks = [Mark(at, "▲", "^", "changed", color=look.accent) for at in shown.day.changed_at]
    if shown.day.drifted_at >= 0:
        mark = Mark(shown.day.drifted_at, "┬", "T", "new data", line=True, color=look.warning)
        marks.append(mark)
    return marks


class BestTrialsPanel(Panel):
    """The trials from the best to the worst, with their settings."""

    NAME = "table"
    TITLE = "best trials"

    def compose(self) -> ComposeResult:
        """Hold a table."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Write the table; the trial made last is bold."""
        shown: SearchSnapshot = frame.run.shown
        heading, rows = table_of(shown)

        def draw(look: Look, width: int, height: int) -> list[Strip]:
            return draw_table(heading, rows, look, width, height)

        self.query_one(Drawn).draw(draw)
        self._title(titled(shown))
        self.reading(f"{len(rows)} of {shown.search.steps}" if rows and not _days(shown) else "")


def _days(shown: SearchSnapshot) -> bool:
    return shown.search.in_days


def titled(shown: SearchSnapshot) -> str:
    """Return what the rows of the table are."""
    if shown.search.method == "panda":
        return "best days"
    if shown.search.method == "caviar":
        return "best runs today"
    return "trials" if shown.search.objective == "none" else "best trials"


def table_of(shown: SearchSnapshot) -> tuple[tuple[str, ...], list[Row]]:
    """Return heading and rows; with nothing judged, the latest trials first."""
    plain = shown.search.objective == "none"
    count = len(shown.results)
    if plain:
        order = list(range(count - 1, -1, -1))
    else:
        order = sorted(range(count), key=lambda k: (shown.results[k], k))
    what = () if plain else (shown.search.what,)
    first = {"panda": "day", "caviar": "run"}.get(shown.search.method, "trial")
    names = ("alpha" if name == "learning_rate" else name for name in shown.names)
    heading = (first, *what, *names)
    rows = []
    for k in order:
        value = () if plain else (_judged(float(shown.results[k])),)
        settings = tuple(_setting(float(each)) for each in shown.values[k])
        bold = not _days(shown) and k == shown.made_number - 1
        rows.append(Row((str(k + 1), *value, *settings), bold=bold))
    return heading, rows


def _judged(value: float) -> str:
    return figure(value) if math.isfinite(value) else "diverged"


def _setting(value: float) -> str:
    """Return a setting with as many digits as tell 0.999 from 0.9995."""
    return figure(value, 4)


class SamplesPanel(Panel):
    """How the values of one parameter are spread, on its own axis and on its scale's.

    The next view is the next parameter.
    """

    NAME = "samples"
    TITLE = "samples"

    def __init__(self, number: int, name: str = "") -> None:
        self._count = 1
        super().__init__(number, name)

    def compose(self) -> ComposeResult:
        """Hold two histograms, one above the other."""
        yield Drawn(id="own")
        yield Drawn(id="scaled")

    def next_view(self) -> bool:
        """Show the next parameter; tell whether there is another one."""
        if self._count < 2:
            return False
        self.view = (self.view + 1) % self._count
        return True

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw where the values of one parameter lie."""
        shown: SearchSnapshot = frame.run.shown
        parameters = shown.search.parameters
        self._count = max(len(parameters), 1)
        own, scaled = self.query_one("#own", Drawn), self.query_one("#scaled", Drawn)
        if not parameters:
            own.draw(lambda look, width, height: [])
            scaled.display = False
            self._title("samples")
            self.reading("one run: nothing is sampled")
            return
        column = min(self.view, len(parameters) - 1)
        parameter = parameters[column]
        values = shown.values[:, column]
        self._title(f"samples of {parameter.name}")
        own.draw(histogram(values, (parameter.low, parameter.high), parameter.name))
        found = on_log_axis(parameter, values)
        scaled.display = found is not None
        if found is not None:
            scaled.draw(histogram(*found))
        self.reading(reading_of(parameter, values), playing=frame.playing)


def histogram(values: np.ndarray, ends: tuple[float, float], note: str):
    """Return what draws a histogram over a range."""
    return lambda look, width, height: draw_histogram(values, look, width, height, ends, note)


def on_log_axis(
    parameter: Parameter, values: np.ndarray
) -> tuple[np.ndarray, tuple[float, float], str] | None:
    """Return the exponents, their range and name; None where no power of ten lies between."""
    if parameter.scale == "one_minus_log" or parameter.name in ("beta1", "beta2"):
        if parameter.high >= 1:
            return None
        ends = math.log10(1 - parameter.high), math.log10(1 - parameter.low)
        return np.log10(1 - values), ends, f"log10(1 - {parameter.name})"
    if parameter.low <= 0 or (parameter.scale != "log" and parameter.high < 10 * parameter.low):
        return None
    ends = math.log10(parameter.low), math.log10(parameter.high)
    return np.log10(values), ends, f"log10 {parameter.name}"


def reading_of(parameter: Parameter, values: np.ndarray) -> str:
    """Return how many values there are, how many different ones, and the share in a range."""
    if not len(values):
        return "no trial yet"
    different = len(np.unique(values))
    text = f"{counted(len(values), 'trial')}, {counted(different, 'value')}"
    if parameter.share is not None:
        low, high = parameter.share
        share = float(np.mean((values >= low) & (values <= high)))
        text += f", {figure(100 * share)} % in {figure(low)} to {figure(high)}"
    return text
