"""All runs of a moment side by side: pictures, figures, and the settings that differ."""

from __future__ import annotations

from functools import partial
from typing import Any

from textual import events
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.drawing.bars import Bar, draw_bars
from nnsim.tui.drawing.comparison import (
    Comparison,
    Layout,
    Line,
    Paint,
    column_at,
    draw_comparison,
    layout,
)
from nnsim.tui.drawing.field import field_size
from nnsim.tui.drawing.histogram import HistogramRow, draw_histogram_rows
from nnsim.tui.look import Look
from nnsim.tui.panels.activations import histogram_rows
from nnsim.tui.panels.boundary import picture_of
from nnsim.tui.panels.comparing import (
    Row,
    differences,
    figures,
    stepped_differences,
    stepped_figures,
)
from nnsim.tui.panels.layers import layer_figures
from nnsim.tui.widgets.drawn import DrawnWidget
from nnsim.tui.worker.frames import Frame, RunFrame, TrainingFrame

PICTURES = ("boundary", "||dW|| by layer", "weights")
LOW = 34
"""Below so many lines of the screen a picture takes the table's place, not stands above it."""
ALONE = (
    "This is the only run. Back in the lab, v shows the next variant and f forks this run with "
    "another setting; each run is a column here."
)


class ComparisonPanel(DrawnWidget):
    """A column a run; what does not fit is reached sideways."""

    DEFAULT_CSS = "ComparisonPanel { height: 1fr; width: 1fr; background: $background; }"

    class RunPicked(Message):
        """A column was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__()
        self.frame: Frame | None = None
        self.view = 0
        """Which picture; in a low panel 0 is the table and pictures follow."""
        self.first = 0
        """Place of the first column seen."""
        self._differ: tuple[object, tuple[Any, ...], list[Line]] | None = None
        self._built: tuple[Frame, tuple[str, int, bool], Comparison] | None = None

    def show(self, frame: Frame) -> None:
        """Show a moment; the run that is looked at is brought into sight."""
        moved = self.frame is None or self.frame.current != frame.current
        self.frame = frame
        if moved:
            self._bring(frame, frame.current)
        self.redraw()

    @property
    def is_low(self) -> bool:
        """Whether there is room for either pictures or the table."""
        return self.screen.size.height < LOW

    @property
    def table_height(self) -> int:
        """Rows that the names and the table need."""
        return 1 + len(self._comparison(self.frame).lines) if self.frame is not None else 0

    @property
    def picture(self) -> str:
        """Name of the picture that is seen, or ""."""
        if self.frame is None or not isinstance(self.frame.run, TrainingFrame):
            return ""
        if not self.is_low:
            return PICTURES[self.view % len(PICTURES)]
        return ("", *PICTURES)[self.view % (len(PICTURES) + 1)]

    def next_picture(self) -> None:
        """Show another picture."""
        self.view += 1
        self.redraw()

    def scroll_columns(self, by: int) -> None:
        """Bring other runs into sight."""
        if self.frame is not None:
            shown = self._plan(self.frame).shown
            last = len(self.frame.runs) - len(shown)
            self.first = min(max(shown.start + by, 0), last)
            self.redraw()

    def _bring(self, frame: Frame, place: int) -> None:
        shown = self._plan(frame).shown
        if place not in shown:
            self.first = place if place < shown.start else place - len(shown) + 1

    def _plan(self, frame: Frame) -> Layout:
        return layout(self._comparison(frame), *self.size)

    @property
    def samples(self) -> tuple[int, int] | None:
        """Columns and rows of a boundary's picture; None while none is seen."""
        if self.frame is None or self.picture != PICTURES[0]:
            return None
        plan = self._plan(self.frame)
        return field_size(self.look, plan.width - 1, plan.picture) if plan.picture else None

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the columns."""
        if self.frame is None:
            return []
        return draw_comparison(self._comparison(self.frame), look, width, height)

    def _comparison(self, frame: Frame) -> Comparison:
        """Return what is shown of a frame; built once for each."""
        rest = self.picture, self.first, self.is_low
        if self._built is None or self._built[0] is not frame or self._built[1] != rest:
            self._built = frame, rest, self._build(frame)
        return self._built[2]

    def _build(self, frame: Frame) -> Comparison:
        runs, picture = frame.runs, self.picture
        training = isinstance(frame.run, TrainingFrame)
        rows = figures(runs) if training else stepped_figures(runs)
        found, differ = list(map(_line, rows)), self._differences(runs)
        lines = found
        if self.is_low:
            # What tells the runs apart comes first where not everything fits.
            lines = [] if picture else differ + found
        elif differ:
            heading, gap = Line("settings that differ", heading=True), Line("", heading=True)
            lines = [*found, gap, heading, *differ]
            if not training:
                # There may be more figures than lines; what tells the runs apart stays.
                lines = [heading, *differ, gap, *found]
        depth = max(len(run.network.layers) for run in runs) if training else 0
        heights = {PICTURES[1]: depth + 1, PICTURES[2]: 4 * depth + 1}
        return Comparison(
            tuple((run.number, run.name) for run in runs),
            frame.current,
            tuple(lines),
            tuple(_paint(run, picture) for run in runs),
            picture,
            heights.get(picture, 0),
            self.first,
            ALONE if len(runs) == 1 else "",
        )

    def _differences(self, runs: tuple[Any, ...]) -> list[Line]:
        """Return the settings that differ; compared anew only when a run has other ones."""
        if not all(isinstance(run, TrainingFrame) for run in runs):
            return list(map(_line, stepped_differences(runs)))
        key = tuple((run.number, run.secret, id(run.network), id(run.training)) for run in runs)
        kept = self._differ
        if kept is None or kept[0] != key:
            # The runs are kept too, so that no other object gets the id of one of theirs.
            kept = self._differ = key, runs, list(map(_line, differences(runs)))
        return kept[2]

    def on_click(self, event: events.Click) -> None:
        """Pick a run."""
        if self.frame is None:
            return
        place = column_at(self._comparison(self.frame), *self.size, event.x)
        if place is not None:
            self.post_message(self.RunPicked(self.frame.runs[place].number))

    def on_mouse_scroll_down(self) -> None:
        """Scroll to the right."""
        self.scroll_columns(1)

    def on_mouse_scroll_up(self) -> None:
        """Scroll to the left."""
        self.scroll_columns(-1)


def _line(row: Row) -> Line:
    return Line(row.name, row.values, row.best)


def _paint(run: RunFrame, picture: str) -> Paint | None:
    """Return what draws a run's picture, None where it has none."""
    if not isinstance(run, TrainingFrame):
        return None
    if picture == PICTURES[0] and run.boundary is not None:
        return picture_of(run, run.boundary)
    if picture == PICTURES[1]:
        norms = layer_figures(run, "gradient_norm")
        bars = [Bar(str(number), value) for number, value in enumerate(norms, start=1)]
        return partial(_draw_bars, bars) if bars else None
    if picture == PICTURES[2]:
        rows = histogram_rows(run, "W", 0)
        return partial(_draw_histograms, rows) if rows else None
    return None


def _draw_bars(bars: list[Bar], look: Look, width: int, height: int) -> list[Strip]:
    return draw_bars(bars, look, width, height, log=True)


def _draw_histograms(rows: list[HistogramRow], look: Look, width: int, height: int) -> list[Strip]:
    return draw_histogram_rows(rows, look, width, height)
