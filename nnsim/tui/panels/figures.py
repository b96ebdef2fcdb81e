"""Any figure over the steps, of this run and, thinner, of the others."""

from __future__ import annotations

from nnsim.tui.drawing.chart import Chart, Series
from nnsim.tui.drawing.run_legend import dash_of
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.chart_panel import ChartPanel
from nnsim.tui.panels.cost import marks_of, steps_shown
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.worker.frames import Frame, SteppedFrame


def names_of(run: SteppedFrame) -> tuple[str, ...]:
    """Return the figures that are numbers, the main one first."""
    return tuple(name for name in run.curve if name != "step")


class FiguresPanel(ChartPanel):
    """One figure over the steps; the next view is the next figure."""

    NAME = "figures"
    TITLE = "figures"

    def __init__(self, number: int, name: str = "") -> None:
        self._names: tuple[str, ...] = ()
        super().__init__(number, name)

    def next_view(self) -> bool:
        """Show the next figure; tell whether there is another one."""
        if len(self._names) < 2:
            return False
        self.view = (self.view + 1) % len(self._names)
        return True

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the figure of all runs, the present one bold."""
        run: SteppedFrame = frame.run
        self._names = names_of(run)
        if not self._names:
            return
        name = self._names[min(self.view, len(self._names) - 1)]
        self._title(name)
        series = [
            Series(
                each.name,
                each.curve["step"],
                each.curve[name],
                each.number,
                bold=each is run,
                dash="solid" if each is run else dash_of(each.number),
            )
            for each in frame.runs
            if name in each.curve
        ]
        x_range = steps_shown(frame, attention.recent)
        self.keep_range_of((frame.card.name, name, attention.log))
        y_range = self.settle(series, attention.log, x_range)
        marks = marks_of(run, self.look)
        chart = Chart(series, attention.log, x_range, y_range, "step", marks=marks)
        self.query_one(ChartWidget).draw(chart)
        value = run.figures.get(name)
        known = isinstance(value, float | int) and value == value
        self.reading(f"{name} {figure(value)}" if known else "", playing=frame.playing)
