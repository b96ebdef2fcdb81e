"""What all parts of the lab share: what it looks at, the worker it asks, the dialogs it opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from nnsim.tui.panels.panel import Panel
from nnsim.tui.screens.moving import Moving
from nnsim.tui.worker import commands as c

if TYPE_CHECKING:
    from pathlib import Path

    from nnsim.tui.app import NnsimApp
    from nnsim.tui.panels import Place
    from nnsim.tui.panels.attention import Attention
    from nnsim.tui.panels.lesson_state import LessonState
    from nnsim.tui.worker.frames import Frame


class LabBase(Moving):
    """A screen with a scenario; the parts of the lab build on it."""

    frame: Frame | None
    attention: Attention
    lesson_state: LessonState
    chosen: int
    zoomed: bool
    lesson_open: bool
    inputs: tuple[int, int]
    places: tuple[Place, ...]
    panels: list[Panel]
    source: str | Path
    opening: int
    broken: bool
    """The scenario could not be opened."""
    kind: str
    """Of the simulation."""
    _watched: c.Watch | None

    if TYPE_CHECKING:

        @property
        def app(self) -> NnsimApp:  # type: ignore[override]
            """The app, which is always ours."""

        def show(self, frame: Frame) -> None:
            """Show a moment in everything that can be seen."""

        def again(self) -> None:
            """Show the same moment after the way of looking has changed."""

        def _arrange(self) -> None: ...

        def _watch(self) -> None: ...

    def seek(self, step: int, phase: int = 0) -> None:
        """Go to a position."""
        self.ask(c.Seek(step, phase))

    def chosen_panel(self) -> Panel | None:
        """Return the panel that is looked at."""
        number = self.chosen
        return next(
            (each for each in self.panels if each.number == number and each.id != "strip"), None
        )

    def open_dialog(self, kind: Callable[[Frame], Screen[Any]]) -> None:
        """Ask something about the present moment; what is answered is a command."""
        if self.frame is not None:
            self.app.push_screen(kind(self.frame), self.take)

    def take(self, command: Any) -> None:
        """Pass on what a dialog was left with, if it is a command."""
        if isinstance(command, c.Command):
            self.ask(command)
