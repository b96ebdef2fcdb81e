"""The gallery's right side: one scenario, before it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nnsim.tui.gallery.preview_text import preview_lines

if TYPE_CHECKING:
    from textual import events

    from nnsim.tui.gallery.details import Details
    from nnsim.tui.gallery.entries import Entry
    from nnsim.tui.look import Look


class Preview(ScrollView, can_focus=False):
    """Shows a scenario's summary, network, variants; scrolls where it is longer than the screen."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._entry: Entry | None = None
        self._details: Details | None = None
        self._lines: list[Strip] = []

    def show(self, entry: Entry | None, details: Details | None) -> None:
        """Show another scenario from its beginning."""
        self._entry, self._details = entry, details
        self.scroll_to(0, 0, animate=False)
        self._lay_out()

    def use(self, look: Look) -> None:
        """Draw in another way."""
        self._look = look
        self._lay_out()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the text to the new width."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Return a line of what is scrolled to."""
        y += round(self.scroll_y)
        strip = self._lines[y] if y < len(self._lines) else Strip.blank(0)
        ground = self._look.ink(self._look.text, on=self._look.background)
        return strip.extend_cell_length(self.size.width).apply_style(ground)

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return "\n".join(strip.text for strip in self._lines)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        self._lines = []
        if self._entry and width:
            self._lines = preview_lines(self._entry, self._details, self._look, width - 1)
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()
