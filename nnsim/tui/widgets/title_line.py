"""The line at the top: where I am, and what belongs to it at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from nnsim.tui.drawing.text import clip

if TYPE_CHECKING:
    from nnsim.tui.look import Look


class TitleLine(Widget, can_focus=False):
    """`nnsim`, a title, muted words at the right, which go first where it is narrow."""

    DEFAULT_CSS = "TitleLine { height: 1; dock: top; }"

    def __init__(self, look: Look, title: str = "", aside: str = "") -> None:
        super().__init__()
        self._look, self._title, self._aside = look, title, aside

    def use(self, look: Look) -> None:
        """Draw in another way."""
        self._look = look
        self.refresh()

    def say(self, title: str, aside: str = "") -> None:
        """Write something else."""
        if (title, aside) != (self._title, self._aside):
            self._title, self._aside = title, aside
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        look, width = self._look, self.size.width
        on = look.background
        name = " nnsim  "
        title = clip(self._title, max(width - len(name) - 1, 0), ascii=look.ascii)
        room = width - len(name) - len(title) - 3
        aside = self._aside if len(self._aside) <= room else ""
        gap = " " * (width - len(name) - len(title) - len(aside) - 1)
        return Strip(
            [
                Segment(name, look.ink(look.accent, on=on, bold=True)),
                Segment(title, look.ink(look.text, on=on)),
                Segment(gap, look.ink(look.text, on=on)),
                Segment(f"{aside} ", look.ink(look.muted, on=on)),
            ]
        ).adjust_cell_length(width)
