"""A line chart that can be pointed at."""

from __future__ import annotations

from dataclasses import replace

from textual import events
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.drawing.chart import Chart, Readout, draw_chart, read_chart
from nnsim.tui.look import Look
from nnsim.tui.widgets.drawn import DrawnWidget


class ChartWidget(DrawnWidget):
    """A line chart: `draw` shows another one; the mouse reads values and picks an x."""

    class Hovered(Message):
        """The mouse points at a column, or (with no readout) has left the plot."""

        def __init__(self, chart: ChartWidget, readout: Readout | None) -> None:
            super().__init__()
            self.chart = chart
            self.readout = readout

        @property
        def control(self) -> ChartWidget:
            """The chart, for `on(ChartWidget.Hovered, "#cost")`."""
            return self.chart

    class Picked(Message):
        """A column was clicked: go to this x."""

        def __init__(self, chart: ChartWidget, x: float) -> None:
            super().__init__()
            self.chart = chart
            self.x = x

        @property
        def control(self) -> ChartWidget:
            """The chart, for `on(ChartWidget.Picked, "#cost")`."""
            return self.chart

    chart: Chart | None = None
    """What is shown."""
    readout: Readout | None = None
    """What the mouse points at."""
    _column: int | None = None

    def draw(self, chart: Chart | None) -> None:
        """Show a chart; where the mouse points is kept."""
        if chart is self.chart:
            return
        self.chart = chart
        self.readout = self._read()
        self.redraw()

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the chart, with a crosshair where the mouse points."""
        if self.chart is None:
            return []
        shown = self.chart
        if self.readout is not None:
            shown = replace(shown, cursor=self.readout.x)
        return draw_chart(shown, look, width, height)

    def point(self, column: int | None) -> None:
        """Point at a column of the widget's content, or at none."""
        self._column = column
        readout = self._read()
        if readout == self.readout:
            return
        self.readout = readout
        self.redraw()
        self.post_message(self.Hovered(self, readout))

    def _read(self) -> Readout | None:
        if self.chart is None or self._column is None:
            return None
        return read_chart(self.chart, self.content_size.width, self._column)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Read the values under the mouse."""
        offset = event.get_content_offset(self)
        self.point(None if offset is None else offset.x)

    def on_leave(self, event: events.Leave) -> None:
        """Point at nothing."""
        if event.node is self:
            self.point(None)

    def on_click(self, event: events.Click) -> None:
        """Pick the x under the mouse."""
        offset = event.get_content_offset(self)
        if self.chart is None or offset is None:
            return
        readout = read_chart(self.chart, self.content_size.width, offset.x)
        if readout is not None:
            self.post_message(self.Picked(self, readout.x))
