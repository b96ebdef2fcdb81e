"""The panels by number on one line, where there is only room for one of them."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.look import Look
from nnsim.tui.widgets.drawn import DrawnWidget


class PanelTabs(DrawnWidget):
    """`1 cost  2 layers ...`; the one that is seen is lit, and marked without colour too."""

    DEFAULT_CSS = "PanelTabs { height: 1; }"

    class Picked(Message):
        """A panel was clicked."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, names: Sequence[tuple[int, str]]) -> None:
        super().__init__()
        self._names = names
        self._chosen = names[0][0] if names else 0

    def choose(self, number: int) -> None:
        """Light another panel."""
        if number != self._chosen:
            self._chosen = number
            self.redraw()

    def _spans(self, width: int) -> list[tuple[int, int, int, str]]:
        """Return start, end, number and text of every tab; short names where it is narrow."""
        for length in (20, 10, 7, 5, 3, 0):
            spans, x = [], 1
            for number, name in self._names:
                text = f"{number} {name[:length]}".rstrip()
                spans.append((x, x + len(text), number, text))
                x += len(text) + 2
            if x <= width + 2:
                break
        return spans

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the line."""
        segments, x = [], 0
        for start, end, number, text in self._spans(width):
            lit = number == self._chosen
            gap = " " * (start - x - 1)
            style = look.ink(look.accent if lit else look.muted, bold=lit)
            segments.append(Segment(gap))
            segments.append(Segment(f"[{text}]" if lit else f" {text} ", style))
            x = end + 1
        return [Strip(segments).adjust_cell_length(width)]

    def on_click(self, event: events.Click) -> None:
        """Pick the panel under the mouse."""
        for start, end, number, _ in self._spans(self.size.width):
            if start - 1 <= event.x <= end:
                self.post_message(self.Picked(number))
