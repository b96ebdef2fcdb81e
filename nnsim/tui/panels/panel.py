"""The frame that all panels of the lab have: a border with a number, a name and a reading."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from nnsim.tui.drawing.text import clip
from nnsim.tui.look import Look
from nnsim.tui.panels.attention import Attention
from nnsim.tui.widgets.drawn import look_of_app
from nnsim.tui.worker.frames import Frame

READABLE = 0.25
"""Seconds for which a figure that changes must stand to be read."""


class Panel(Vertical):
    """One panel: shows a frame in one of its views.

    The lab calls `show` for the panels that can be seen. A panel never asks the worker for
    anything; it posts what was picked, and the lab decides.
    """

    NAME: ClassVar[str] = ""
    """What the lab calls it."""
    TITLE: ClassVar[str] = ""
    VIEWS: ClassVar[tuple[str, ...]] = ()
    """Names of its views, if it has several; the key for the next view goes through them."""

    class Chosen(Message):
        """The panel was clicked: it is the one that is looked at now."""

        def __init__(self, panel: Panel) -> None:
            super().__init__()
            self.panel = panel

    class Sought(Message):
        """A step was clicked in a chart."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, number: int, name: str = "") -> None:
        super().__init__(id=name or self.NAME, classes="panel")
        self.number = number
        self.view = 0
        self._read_at = 0.0
        self._heading = ""
        self._title()

    @property
    def look(self) -> Look:
        """How the app draws now."""
        return look_of_app(self)

    @property
    def main(self) -> Widget | None:
        """The widget inside that takes the keyboard, if one does."""
        return next((each for each in self.walk_children(Widget) if each.can_focus), None)

    def _title(self, name: str = "") -> None:
        title = name or (self.VIEWS[self.view] if self.VIEWS else self.TITLE)
        self._entitled(f"{self.number} {title}")

    def _entitled(self, heading: str) -> None:
        self._heading = heading
        title = self._fitted(heading)
        if self.border_title != title:
            self.border_title = title

    def _fitted(self, text: str) -> str:
        """Return a text of the border, short enough: the ellipsis put there else is no ASCII."""
        if not self.is_attached or not self.look.ascii:
            return text
        room = self.outer_size.width - 6
        return clip(text, room, ascii=True) if room > 0 else text

    def on_resize(self) -> None:
        """Fit the title into the new width."""
        self._entitled(self._heading)

    def next_view(self) -> bool:
        """Change to the next view; tell whether there is another one."""
        if len(self.VIEWS) < 2:
            return False
        self.view = (self.view + 1) % len(self.VIEWS)
        self._title()
        return True

    def reading(self, text: str, *, playing: bool = False) -> None:
        """Write a few words into the lower border; of a playing run not oftener than can be read.

        To write there draws the whole border anew, which costs as much as the picture inside.
        """
        now = time.monotonic()
        if playing and now - self._read_at < READABLE:
            return
        text = self._fitted(text)
        if self.border_subtitle != text:
            self._read_at = now
            self.border_subtitle = text

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw a frame."""
        raise NotImplementedError

    def on_click(self) -> None:
        """Become the panel that is looked at."""
        self.post_message(self.Chosen(self))
