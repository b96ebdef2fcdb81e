"""A picture of a function over the plane that answers the mouse."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual import events
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.drawing.field import Field, Reading, draw_field, field_size, read_field
from nnsim.tui.look import Look
from nnsim.tui.widgets.drawn import DrawnWidget


class FieldWidget(DrawnWidget):
    """Shows a field; the mouse reads its values."""

    DEFAULT_CSS = "FieldWidget { height: 1fr; width: 1fr; }"

    @dataclass
    class Hovered(Message):
        """The mouse is over a place of the plane."""

        widget: FieldWidget
        x: float
        y: float
        value: float

        @property
        def control(self) -> FieldWidget:
            """The widget that posted this."""
            return self.widget

    @dataclass
    class Picked(Message):
        """A place of the plane was clicked."""

        widget: FieldWidget
        x: float
        y: float
        value: float

        @property
        def control(self) -> FieldWidget:
            """The widget that posted this."""
            return self.widget

    @dataclass
    class Resized(Message):
        """The picture can show another number of samples."""

        widget: FieldWidget
        columns: int
        rows: int

        @property
        def control(self) -> FieldWidget:
            """The widget that posted this."""
            return self.widget

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._field: Field | None = None
        self._samples = (0, 0)
        self._hovered: tuple[float, float] | None = None

    def draw(self, field: Field) -> None:
        """Show a field; values of another size than `samples` are resampled."""
        self._field = field
        self.redraw()

    @property
    def samples(self) -> tuple[int, int]:
        """How many columns and rows of samples the picture can show."""
        return field_size(self.look, *self.size)

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the picture, with the value under the mouse."""
        if self._field is None:
            return []
        field = self._field
        if self._hovered is not None:
            field = replace(field, cursor=self._hovered)
        return draw_field(field, look, width, height)

    def on_resize(self) -> None:
        """Tell how many samples fit now."""
        samples = self.samples
        if samples != self._samples:
            self._samples = samples
            self.post_message(self.Resized(self, *samples))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Read the value under the mouse."""
        reading = self._reading(event)
        place = None if reading is None else (reading.x, reading.y)
        if place != self._hovered:
            self._hovered = place
            self.redraw()
            if reading is not None:
                self.post_message(self.Hovered(self, *reading))

    def on_leave(self, event: events.Leave) -> None:
        """Show the legend again."""
        if self._hovered is not None and event.node is self:
            self._hovered = None
            self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Tell which place was clicked."""
        reading = self._reading(event)
        if reading is not None:
            self.post_message(self.Picked(self, *reading))

    def _reading(self, event: events.MouseEvent) -> Reading | None:
        at = event.get_content_offset(self)
        if at is None or self._field is None:
            return None
        return read_field(self._field, *self.size, at.x, at.y)
