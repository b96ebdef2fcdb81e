"""The gallery's left side: scenarios under their topics, one of them chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nnsim.tui.contrast import chosen_ground, raised_ground
from nnsim.tui.drawing.text import clip
from nnsim.tui.gallery.entries import Entry, topic_line

if TYPE_CHECKING:
    from textual import events

    from nnsim.tui.look import Look


_NARROW = 40
"""Cells below which titles need the room of lesson counts that say nothing yet."""


@dataclass(frozen=True)
class Row:
    """A line of the list: a heading, or a scenario under it."""

    heading: str = ""
    entry: Entry | None = None


def rows_of(entries: Sequence[Entry], recent: Sequence[Entry] = ()) -> list[Row]:
    """Return the list's lines: the recently used on top, then topic by topic."""
    rows = [Row("Recently used"), *(Row(entry=entry) for entry in recent)] if recent else []
    topic = None
    for entry in entries:
        if entry.topic != topic or not rows:
            topic = entry.topic
            rows.append(Row(topic_line(topic)))
        rows.append(Row(entry=entry))
    return rows


class EntryList(ScrollView, can_focus=False):
    """Draws rows, keeps one scenario chosen, and says when another one is, or when it is opened."""

    class Chosen(Message):
        """Another scenario is looked at."""

        def __init__(self, entry: Entry | None) -> None:
            super().__init__()
            self.entry = entry

    class Opened(Message):
        """The chosen scenario was clicked once more."""

    def __init__(self, look: Look, done: Callable[[Entry], int]) -> None:
        super().__init__()
        self._look, self._done = look, done
        self._rows: list[Row] = []
        self._at = -1
        self._under_mouse = -1

    @property
    def chosen(self) -> Entry | None:
        """The scenario that is looked at."""
        return self._rows[self._at].entry if 0 <= self._at < len(self._rows) else None

    def show(self, rows: list[Row], keep: Entry | None = None, *, last: bool = False) -> None:
        """Show other rows; the chosen scenario stays chosen if it is among them.

        With `last` its last place counts: in its topic rather than among the recently used.
        """
        self._rows = rows
        places = [k for k, row in enumerate(rows) if keep and row.entry and row.entry == keep]
        first = next((k for k, row in enumerate(rows) if row.entry), -1)
        self._at = (places[-1] if last else places[0]) if places else first
        self._under_mouse = -1
        self.virtual_size = Size(self.size.width, len(rows))
        self._tell()

    def use(self, look: Look) -> None:
        """Draw in another way."""
        self._look = look
        self.refresh()

    def move(self, by: int) -> None:
        """Choose a scenario further down, or up where negative."""
        places = [k for k, row in enumerate(self._rows) if row.entry]
        if places:
            place = places.index(self._at) + by
            self._choose(places[min(max(place, 0), len(places) - 1)])

    def move_topic(self, by: int) -> None:
        """Choose the first scenario of the next topic, or of this one or the one before."""
        starts = [k + 1 for k, row in enumerate(self._rows[:-1]) if row.heading]
        later = [k for k in starts if k > self._at]
        earlier = [k for k in starts if k < self._at]
        if by > 0 and later:
            self._choose(later[0])
        elif by < 0 and earlier:
            self._choose(earlier[-1])

    def move_to_end(self, *, last: bool) -> None:
        """Choose the first or the last scenario."""
        self.move(len(self._rows) if last else -len(self._rows))

    def render_line(self, y: int) -> Strip:
        """Return a row that is scrolled to."""
        y += round(self.scroll_y)
        width, look = self.scrollable_content_region.width, self._look
        if y >= len(self._rows):
            return Strip([Segment(" " * width, look.ink(look.text, on=look.background))], width)
        row = self._rows[y]
        if row.entry is None:
            text = clip(f" {row.heading}", width, ascii=look.ascii).ljust(width)
            return Strip([Segment(text, look.ink(look.muted, on=look.background))], width)
        return self._entry_line(row.entry, y, width)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the chosen scenario in sight."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        self._into_sight()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Light up the scenario under the mouse."""
        self._light(event.y + round(self.scroll_y))

    def on_leave(self, event: events.Leave) -> None:
        """Light up none."""
        self._light(-1)

    def on_click(self, event: events.Click) -> None:
        """Choose the scenario; open it if it was chosen already."""
        y = event.y + round(self.scroll_y)
        if 0 <= y < len(self._rows) and self._rows[y].entry:
            if y == self._at:
                self.post_message(self.Opened())
            else:
                self._choose(y)

    def _entry_line(self, entry: Entry, y: int, width: int) -> Strip:
        look, here = self._look, y == self._at
        ground = look.background
        if here:
            ground = chosen_ground(look)
        elif y == self._under_mouse:
            ground = raised_ground(look)
        done = self._done(entry)
        lessons = f"{done}/{entry.lessons} " if entry.lessons else ""
        if entry.error:
            lessons = "error "
        elif width < _NARROW and not done and not here:
            lessons = ""
        room = width - 3 - len(lessons) - 1
        title = clip(entry.title or entry.name, room, ascii=look.ascii)
        ink = look.error if entry.error else look.text
        aside = look.text if here else look.accent if done else look.muted
        aside = look.error if entry.error else aside
        mark = ("> " if look.ascii or not look.color else "▌ ") if here else "  "
        return Strip(
            [
                Segment(mark + " ", look.ink(look.accent, on=ground, bold=here)),
                Segment(title, look.ink(ink, on=ground, bold=here)),
                Segment(" " * (width - 3 - len(lessons) - len(title)), look.ink(ink, on=ground)),
                Segment(lessons, look.ink(aside, on=ground)),
            ],
            width,
        )

    def _light(self, y: int) -> None:
        if y != self._under_mouse:
            self._under_mouse = y
            self.refresh()

    def _choose(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self._tell()

    def _tell(self) -> None:
        self._into_sight()
        self.refresh()
        self.post_message(self.Chosen(self.chosen))

    def _into_sight(self) -> None:
        """Scroll so that the chosen scenario and the heading above it are seen."""
        if self._at < 0:
            return
        top = self._at
        while top > 0 and self._rows[top].entry and self._at - top < 3:
            top -= 1
        region = Region(0, top, 1, self._at - top + 2)
        self.scroll_to_region(region, animate=False, force=True)
