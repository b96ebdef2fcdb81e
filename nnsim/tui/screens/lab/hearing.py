"""What the worker says: frames, progress, answers, trouble."""

from __future__ import annotations

from textual import on
from textual.widgets import Static

from nnsim.tui.panels.formula import FormulaPanel
from nnsim.tui.screens.lab.base import LabBase
from nnsim.tui.widgets.diagnosis_line import DiagnosisLine
from nnsim.tui.widgets.title_line import TitleLine
from nnsim.tui.worker.messages import FrameReady, Idle, Told, Trouble, Working


class Hearing(LabBase):
    """Hands on what comes back from the worker."""

    @on(FrameReady)
    def _frame_ready(self) -> None:
        frame = self.app.worker.take_frame()
        if frame is not None and frame.opening == self.opening:
            self.show(frame)

    @on(Working)
    def _working(self, event: Working) -> None:
        for line in self._lines():
            line.working(event.what, event.done, event.total)

    @on(Idle)
    def _idle(self, event: Idle) -> None:
        for line in self._lines():
            line.idle()
        if event.cancelled:
            self.notify("Cancelled; everything stands where it had got to.", markup=False)

    def _lines(self) -> list[DiagnosisLine]:
        return [each for screen in self.app.screen_stack for each in screen.query(DiagnosisLine)]

    @on(Told)
    def _told(self, event: Told) -> None:
        self.notify(event.text, markup=False)

    @on(Trouble)
    def _trouble(self, event: Trouble) -> None:
        text = f"{event.text}\n{event.advice}".strip()
        if event.opening:
            self._cannot_open(event.title, text)
        else:
            self.notify(text, title=event.title, severity="error", timeout=15, markup=False)

    def _cannot_open(self, title: str, text: str) -> None:
        """Show why in place of the panels; q leads back to the gallery."""
        self.broken = True
        self.query_one(TitleLine).say(str(self.source))
        body = self.query_one("#body")
        body.remove_children()
        body.mount(Static(f"{title}\n\n{text}\n\nq  back to the gallery", id="error", markup=False))
        self.query(FormulaPanel).set(display=False)
