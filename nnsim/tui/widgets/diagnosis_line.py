"""The sentence about the present moment; while something works, how far it is."""

from __future__ import annotations

import time

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.drawing.text import clip, pad
from nnsim.tui.look import Look
from nnsim.tui.widgets.drawn import DrawnWidget
from nnsim.tui.worker.frames import Frame, SteppedFrame

BAR = 20
WHY = "? why"
CANCEL = "Esc cancels"
GRACE = 0.15
"""Seconds of work that are not worth a word: they would only flicker."""


class DiagnosisLine(DrawnWidget):
    """One plain sentence, the most important one; a click asks why."""

    DEFAULT_CSS = "DiagnosisLine { height: 1; }"

    class Asked(Message):
        """The line was clicked."""

    def __init__(self) -> None:
        super().__init__()
        self._sentence = ""
        self._why = False
        self._work: tuple[str, int, int] | None = None
        self._since = 0.0

    def show(self, frame: Frame) -> None:
        """Say what is to be said of a moment."""
        remarks = frame.run.remarks
        sentence, why = (remarks[0].sentence, True) if remarks else (self._sentence, self._why)
        if not remarks and isinstance(frame.run, SteppedFrame):
            # These are always looked at: there is nothing to say of this moment.
            sentence, why = "", False
        if (sentence, why) != (self._sentence, self._why):
            self._sentence, self._why = sentence, why
            self.redraw()

    def working(self, what: str, done: int, total: int) -> None:
        """Say how far some work is, from the moment on that it takes long enough to notice."""
        first = self._work is None
        self._work = what, done, total
        if first:
            self._since = time.monotonic()
            self.set_timer(GRACE, self.redraw)
        elif time.monotonic() - self._since > GRACE:
            self.redraw()

    def idle(self) -> None:
        """Go back to the sentence."""
        if self._work is not None:
            self._work = None
            self.redraw()

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the line."""
        if self._work is not None and time.monotonic() - self._since >= GRACE:
            return [self._work_line(look, width)]
        aside = f"{WHY} " if self._why else ""
        room = max(0, width - len(aside) - 2)
        text = pad(clip(self._sentence, room, ascii=look.ascii), room)
        return [
            Strip(
                [
                    Segment(f" {text} ", look.ink(look.text)),
                    Segment(aside, look.ink(look.accent)),
                ]
            ).adjust_cell_length(width)
        ]

    def _work_line(self, look: Look, width: int) -> Strip:
        assert self._work is not None
        what, done, total = self._work
        bar = ""
        if total > 0:
            filled = min(BAR, BAR * done // total)
            full, empty = ("#", ".") if look.ascii else ("━", "─")
            bar = f"  {full * filled}{empty * (BAR - filled)} {min(100, 100 * done // total)} %"
        room = max(0, width - len(CANCEL) - 3)
        text = pad(clip(what + bar, room, ascii=look.ascii), room)
        return Strip(
            [
                Segment(f" {text} ", look.ink(look.accent, bold=True)),
                Segment(CANCEL, look.ink(look.muted)),
            ]
        ).adjust_cell_length(width)

    def on_click(self) -> None:
        """Ask why."""
        if self._why and self._work is None:
            self.post_message(self.Asked())
