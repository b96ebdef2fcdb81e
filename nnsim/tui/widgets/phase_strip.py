"""The inside of a step on one line; click a phase to see what it computed."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.drawing import phase_strip
from nnsim.tui.look import Look
from nnsim.tui.widgets.drawn import DrawnWidget
from nnsim.tui.worker.frames import Frame, RunFrame, TrainingFrame


class PhaseStrip(DrawnWidget):
    """The phases of the step that is shown; the one done last is lit."""

    DEFAULT_CSS = """
    PhaseStrip {
        width: 1fr;
        height: 1;
        background: $background;
    }
    """

    class Picked(Message):
        """A phase was clicked: `seek` is where its results are fresh, as (step, phase)."""

        def __init__(self, number: int, seek: tuple[int, int]) -> None:
            super().__init__()
            self.number = number
            self.seek = seek

    run: RunFrame | None = None
    line: phase_strip.PhaseLine | None = None
    _names: tuple[object, ...] = ()

    def show(self, frame: Frame) -> None:
        """Show where in a step a moment is."""
        run = self.run = frame.run
        names = (run.phases, run.network if isinstance(run, TrainingFrame) else None)
        if self.line is None or self._names != names:
            self._names = names
            line = phase_strip.phase_line(run)
        else:
            line = self.line.at(run)
        if line != self.line:
            self.line = line
            self.redraw()

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the line."""
        return [phase_strip.draw(self.line, look, width)] if self.line is not None else []

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell which phase is under the mouse."""
        self.tooltip = None
        if self.line is not None and self.run is not None:
            number = phase_strip.phase_at(self.line, self.size.width, event.x)
            if number is not None:
                self.tooltip = self.run.phases[number]

    def on_click(self, event: events.Click) -> None:
        """Pick the phase under the mouse."""
        if self.line is None or self.run is None:
            return
        number = phase_strip.phase_at(self.line, self.size.width, event.x)
        if number is not None:
            self.post_message(self.Picked(number, self._seek(self.run, number)))

    @staticmethod
    def _seek(run: RunFrame, number: int) -> tuple[int, int]:
        # Between steps the strip shows the step just done.
        step = run.step if run.phase or not run.step else run.step - 1
        return (step, number + 1) if number + 1 < len(run.phases) else (step + 1, 0)
