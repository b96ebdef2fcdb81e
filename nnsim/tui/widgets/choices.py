"""A list to choose from: rows in columns, some with a value that can be turned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nnsim.tui.drawing.text import clip, pad

GAP = 2
NARROW = 60
"""Columns below which rows go without their lead."""
COLUMN = 14
"""Columns that values share; a longer one runs on where its row has no note."""
NOTE = 14
"""Columns that a long value leaves to its row's note."""


@dataclass(frozen=True)
class Row:
    """One line."""

    key: str
    title: str
    value: str = ""
    note: str = ""
    """Quiet, at the end."""
    lead: str = ""
    """A word before the title, for the first row of a group."""
    turns: bool = False
    """The value can be turned: arrows stand around it where the row is chosen."""
    changed: bool = False
    editing: bool = False
    """The value is being typed: a cursor stands after it."""
    chooses: bool = True
    """False for headings and for what cannot be chosen."""
    heading: bool = False


class Choices(ScrollView, can_focus=True):
    """Rows, one of them chosen. Arrows move; a click chooses; a double click takes."""

    DEFAULT_CSS = """
    Choices { height: auto; min-height: 1; overflow-x: hidden; scrollbar-size-vertical: 1;
        background: $background; margin-top: 1; }
    Choices > .choices--heading { color: $muted; text-style: bold; }
    Choices > .choices--quiet { color: $muted; }
    Choices > .choices--mark { color: $accent; }
    Choices > .choices--chosen { background: $chosen; }
    Choices > .choices--cursor { color: $accent; text-style: reverse; }
    Dialog.-low Choices { margin-top: 0; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choices--heading",
        "choices--quiet",
        "choices--mark",
        "choices--chosen",
        "choices--cursor",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "One up", show=False),
        Binding("down", "move(1)", "One down", show=False),
        Binding("pageup", "page(-1)", "A page up", show=False),
        Binding("pagedown", "page(1)", "A page down", show=False),
        Binding("home", "end(False)", "First", show=False),
        Binding("end", "end(True)", "Last", show=False),
    ]

    class Chosen(Message):
        """Another row is chosen."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Taken(Message):
        """A row was clicked twice."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Turned(Message):
        """An arrow beside a value was clicked."""

        def __init__(self, row: Row, by: int) -> None:
            super().__init__()
            self.row, self.by = row, by

    def __init__(self, rows: Iterable[Row] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.ascii = False
        self.rows: tuple[Row, ...] = ()
        self.at = 0
        """Place of the chosen row; -1: none."""
        self._widths = (0, 0, 0)
        self._alone = 0
        self.show(rows)

    @property
    def row(self) -> Row | None:
        """The chosen row."""
        return self.rows[self.at] if 0 <= self.at < len(self.rows) else None

    def show(self, rows: Iterable[Row]) -> None:
        """Show other rows; the chosen one stays chosen, by its key, if it is still there."""
        key = self.row.key if self.row else None
        count = len(self.rows)
        self.rows = tuple(rows)
        self._widths = (
            _widest(row.lead for row in self.rows),
            _widest(row.title for row in self.rows if row.value or row.editing),
            min(_widest(row.value for row in self.rows), COLUMN),
        )
        self._alone = _widest(row.title for row in self.rows if row.note and not row.value)
        places = [i for i, row in enumerate(self.rows) if row.chooses]
        same = [i for i in places if self.rows[i].key == key]
        nearby = [i for i in places if i >= self.at] or places[-1:]
        self.at = (same or nearby or [0])[0]
        self.virtual_size = Size(0, len(self.rows))
        self.refresh(layout=len(self.rows) != count)

    def choose(self, key: str) -> None:
        """Choose the row of a key, if there is one."""
        for i, row in enumerate(self.rows):
            if row.key == key and row.chooses:
                self._go(i)

    # Moving

    def action_move(self, by: int) -> None:
        """Choose the next row up or down that can be chosen."""
        places = [i for i, row in enumerate(self.rows) if row.chooses]
        if places:
            here = places.index(self.at) if self.at in places else 0
            self._go(places[min(max(here + by, 0), len(places) - 1)])

    def action_page(self, by: int) -> None:
        """Choose a row one page away."""
        self.action_move(by * max(1, self.size.height - 1))

    def action_end(self, last: bool) -> None:
        """Choose the first or the last row."""
        self.action_move(len(self.rows) if last else -len(self.rows))

    def _go(self, place: int) -> None:
        if place != self.at:
            self.at = place
            self.refresh()
        self._reveal()
        self.post_message(self.Chosen(self.rows[place]))

    def _reveal(self) -> None:
        """Scroll so that the chosen row, and the heading right above it, can be seen."""
        top = self.at
        while top and self.rows[top - 1].heading:
            top -= 1
        if not any(row.chooses for row in self.rows[: self.at]):
            top = 0
        self.scroll_to_region(Region(0, top, 1, self.at - top + 1), animate=False, force=True)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the chosen row in sight."""
        self.virtual_size = Size(0, len(self.rows))
        if self.rows:
            self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Choose the row; turn its value where an arrow was hit; take it at the second click."""
        place = int(event.y + self.scroll_offset.y)
        if not 0 <= place < len(self.rows) or not self.rows[place].chooses:
            return
        row, was = self.rows[place], self.at
        left, right = self._arrows(row)
        self._go(place)
        if row.turns and event.x in (left, left + 1):
            self.post_message(self.Turned(row, -1))
        elif row.turns and event.x in (right - 1, right):
            self.post_message(self.Turned(row, 1))
        elif event.chain == 2 and was == place:
            self.post_message(self.Taken(row))

    # Drawing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return a line a row."""
        return max(1, len(self.rows))

    @property
    def _lead(self) -> int:
        """Columns of the words before the titles; none where it is narrow."""
        return self._widths[0] if self.size.width >= NARROW else 0

    def _value_at(self) -> int:
        lead, title = self._lead, self._widths[1]
        return 3 * GAP + (lead + 1 if lead else 0) + title

    def _arrows(self, row: Row) -> tuple[int, int]:
        """Return where the arrows around a value stand."""
        left = self._value_at()
        return left, left + self._value_room(row) + 3

    def _value_room(self, row: Row) -> int:
        """Return the columns of a row's value: the shared ones, more where it is longer."""
        shared = self._widths[2]
        note = GAP + min(len(row.note), NOTE) if row.note else 0
        left = self.size.width - self._value_at() - 4 - note
        return max(shared, min(len(row.value) + row.editing, left))

    def render_line(self, y: int) -> Strip:
        """Draw a row."""
        place, width = y + self.scroll_offset.y, self.size.width
        if place >= len(self.rows):
            return Strip.blank(width, self.rich_style)
        row, chosen = self.rows[place], place == self.at and self.rows[place].chooses
        base = self.rich_style
        if chosen:
            ground = self.get_component_rich_style("choices--chosen", partial=True)
            base = base + ground
        segments = self._heading(row, base) if row.heading else self._row(row, chosen, base)
        return Strip(segments).adjust_cell_length(width, base)

    def _heading(self, row: Row, base: Style) -> list[Segment]:
        style = base + self.get_component_rich_style("choices--heading", partial=True)
        return [Segment(row.title, style)]

    def _row(self, row: Row, chosen: bool, base: Style) -> list[Segment]:
        quiet = base + self.get_component_rich_style("choices--quiet", partial=True)
        mark = base + self.get_component_rich_style("choices--mark", partial=True)
        plain = base if row.chooses else quiet
        lead, title = self._lead, self._widths[1]
        bar, changed, left, right = (">", "*", "<", ">") if self.ascii else ("▌", "•", "‹", "›")
        segments = [Segment(bar if chosen else " ", mark), Segment(" ", base)]
        if lead:
            segments.append(Segment(row.lead.ljust(lead + 1), quiet))
        segments.append(Segment(changed if row.changed else " ", mark))
        segments.append(Segment(" ", base))
        name = plain + Style(bold=True) if chosen else plain
        segments.append(
            Segment(row.title.ljust(title if row.value or row.editing else self._alone), name)
        )
        segments.append(Segment(" " * GAP, base))
        if row.value or row.editing:
            turns = chosen and row.turns
            segments.append(Segment(f"{left} " if turns else "  ", mark))
            segments += self._value(row, self._value_room(row), plain, mark)
            segments.append(Segment(f" {right}" if turns else "  ", mark))
            segments.append(Segment(" " * GAP, base))
        if row.note:
            room = self.size.width - sum(segment.cell_length for segment in segments)
            segments.append(Segment(clip(row.note, max(room, 0), ascii=self.ascii), quiet))
        return segments

    def _value(self, row: Row, width: int, plain: Style, mark: Style) -> list[Segment]:
        style = mark if row.changed else plain
        if not row.editing:
            return [Segment(pad(row.value, width, ascii=self.ascii), style)]
        cursor = plain + self.get_component_rich_style("choices--cursor", partial=True)
        text = row.value[-(width - 1) :] if width > 1 else ""
        return [
            Segment(text, plain),
            Segment(" ", cursor),
            Segment(" " * (width - len(text) - 1), plain),
        ]


def _widest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def headed(title: str, rows: Sequence[Row], *, space: bool) -> list[Row]:
    """Return rows with a heading over them, and an empty line before it; nothing for no rows."""
    above = [Row("", "", chooses=False, heading=True)] if space else []
    head = Row("", title, chooses=False, heading=True)
    return [*above, head, *rows] if rows else []
