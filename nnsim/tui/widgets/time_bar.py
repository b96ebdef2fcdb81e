"""The whole run as a line at the bottom, and its runs by name; click or drag to move in time."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.drawing import run_legend, time_bar
from nnsim.tui.look import Look
from nnsim.tui.widgets.drawn import DrawnWidget
from nnsim.tui.worker.frames import Frame


class TimeBar(DrawnWidget):
    """One line; with several runs a second one that names them."""

    DEFAULT_CSS = """
    TimeBar {
        width: 1fr;
        height: auto;
        background: $background;
    }
    """

    class Sought(Message):
        """A place on the line was clicked or dragged to."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class RunPicked(Message):
        """A run's name was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, legend: bool = True) -> None:
        super().__init__()
        self.legend = legend
        """Whether several runs are named below the line."""

    time: time_bar.TimeLine | None = None
    names: run_legend.RunNames | None = None
    _sought: int | None = None
    """The step last sought in a drag; None where the mouse is up."""

    def show(self, frame: Frame, lessons_done: Iterable[int] = ()) -> None:
        """Show a moment; equal lines are not drawn again."""
        time = time_bar.time_line(frame, lessons_done)
        names = run_legend.run_names(frame.runs, frame.current)
        if (time, names) == (self.time, self.names):
            return
        taller = self.names is None or (len(names.runs) > 1) != (len(self.names.runs) > 1)
        self.time, self.names = time, names
        self.redraw()
        if taller:
            self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return two lines with several runs, else one."""
        several = self.names is not None and len(self.names.runs) > 1
        return 2 if several and self.legend else 1

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the line, and the runs' names below it."""
        if self.time is None or self.names is None:
            return []
        both = time_bar.draw(self.time, look, width), run_legend.draw(self.names, look, width)
        return list(both[:height])

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Seek, and follow the mouse until it is up; or pick a run."""
        if self.time is None or self.names is None or event.button != 1:
            return
        event.stop()
        if event.y == 0:
            self.capture_mouse()
            self._seek(event.x)
            return
        number = run_legend.run_at(self.names, self.look, self.size.width, event.x)
        if number is not None:
            self.post_message(self.RunPicked(number))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Seek while dragging; else tell what is under the mouse."""
        if self.time is None or self.names is None:
            return
        if self._sought is not None:
            self._seek(event.x)
            return
        width = self.size.width
        if event.y == 0:
            self.tooltip = time_bar.words_at(self.time, width, event.x)
        else:
            number = run_legend.run_at(self.names, self.look, width, event.x)
            self.tooltip = next((name for n, name in self.names.runs if n == number), None)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a drag."""
        self._sought = None
        self.release_mouse()

    def _seek(self, x: int) -> None:
        assert self.time is not None
        step = time_bar.step_at(self.time, self.size.width, x)
        if step != self._sought:
            self._sought = step
            self.post_message(self.Sought(step))
