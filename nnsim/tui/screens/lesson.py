"""The lesson over the lab, where the terminal is too small for a column of its own."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import ModalScreen

from nnsim.tui.keys import actions_for
from nnsim.tui.panels.lesson import LessonPanel
from nnsim.tui.panels.lesson_state import LessonState
from nnsim.tui.worker.frames import Frame


class LessonScreen(ModalScreen[Message | None]):
    """A `LessonPanel` in the middle.

    It closes with the `LessonPanel.Go` or `LessonPanel.Tried` that was asked for, or with None.
    """

    PLACE = "lesson"
    DEFAULT_CSS = """
    LessonScreen {
        align: center middle;
        background: $background 60%;
        LessonPanel { width: 100%; max-width: 84; height: 100%; max-height: 32; padding: 0 2; }
    }
    """

    def __init__(self, state: LessonState, frame: Frame | None = None) -> None:
        super().__init__(classes="-dialog")
        self._panel = LessonPanel(state)
        self._frame = frame

    def compose(self) -> ComposeResult:
        """Hold the panel."""
        yield self._panel

    def on_mount(self) -> None:
        """Give the panel the keyboard."""
        self._panel.focus()
        if self._frame is not None:
            self.show(self._frame)

    def show(self, frame: Frame) -> None:
        """Show the moment that a frame has."""
        self._panel.show(frame)

    def on_lesson_panel_go(self, message: LessonPanel.Go) -> None:
        """Close, so that the steps can be seen."""
        message.stop()
        self.dismiss(message)

    def on_lesson_panel_tried(self, message: LessonPanel.Tried) -> None:
        """Close, so that the fork can be seen."""
        message.stop()
        self.dismiss(message)

    def on_lesson_panel_left(self, message: LessonPanel.Left) -> None:
        """Close."""
        message.stop()
        self.dismiss(None)


def _add_actions() -> None:
    """Let the palette and the footer do on this screen what the panel does."""
    for each in actions_for(LessonScreen.PLACE, everywhere=False):
        name = f"action_{each.method}"
        setattr(LessonScreen, name, lambda self, name=name: getattr(self._panel, name)())


_add_actions()
