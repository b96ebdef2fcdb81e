"""What panels of one chart share: the chart, and a y axis that stands still while it can."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from nnsim.tui.drawing.axes import Range, settled_range
from nnsim.tui.drawing.chart import Series, y_extent
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget


class ChartPanel(Panel):
    """A panel that holds one chart."""

    def __init__(self, number: int, name: str = "") -> None:
        self._range: Range | None = None
        self._ranged: tuple[object, ...] = ()
        super().__init__(number, name)

    def compose(self) -> ComposeResult:
        """Hold one chart."""
        yield ChartWidget()

    def keep_range_of(self, what: tuple[object, ...]) -> None:
        """Forget the y axis where something else is drawn than before."""
        if what != self._ranged:
            self._range, self._ranged = None, what

    def settle(self, series: Sequence[Series], log: bool, x_range: Range | None) -> Range | None:
        """Return the y axis for these curves: that of before, moved only as far as it must."""
        if (extent := y_extent(series, log, x_range)) is not None:
            self._range = settled_range(self._range, *extent, log)
        return self._range
