"""Shown instead of everything else while the terminal is too small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widgets import Static

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

LEAST = (60, 18)
"""Columns and rows that are needed."""


def too_small(width: int, height: int) -> bool:
    """Tell whether a terminal of this size shows too little."""
    return width < LEAST[0] or height < LEAST[1]


class TooSmallScreen(Screen[None]):
    """Says how large the terminal is and has to be; goes by itself when it is large enough."""

    PLACE = "too_small"
    DEFAULT_CSS = """
    TooSmallScreen { align: center middle; }
    TooSmallScreen Static { width: auto; max-width: 100%; text-align: center; }
    """

    def compose(self) -> ComposeResult:
        """Yield the note."""
        yield Static(self._note(), markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Say the present size."""
        self.query_one(Static).update(self._note())

    def _note(self) -> str:
        width, height = self.app.size
        return (
            f"nnsim needs a larger terminal\n\nnow     {width:3} x {height}\n"
            f"needed  {LEAST[0]:3} x {LEAST[1]}\n\n^q quits"
        )
