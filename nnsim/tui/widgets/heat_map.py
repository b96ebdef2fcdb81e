"""A heat map that can be pointed at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from nnsim.tui.drawing.colors import kept_limit, largest
from nnsim.tui.drawing.heat_map import HeatMap, cell_at, draw_heat_map, layout_of
from nnsim.tui.look import Look
from nnsim.tui.widgets.drawn import DrawnWidget


class HeatMapWidget(DrawnWidget, can_focus=True):
    """Shows a matrix; arrows and the mouse point at its elements.

    The colour scale of each array is kept from one `draw` to the next and moves in jumps, so that
    a colour means the same from step to step.
    """

    DEFAULT_CSS = "HeatMapWidget { height: 1fr; width: 1fr; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", "Cell above", show=False, id="heat_map.up"),
        Binding("down", "move(1, 0)", "Cell below", show=False, id="heat_map.down"),
        Binding("left", "move(0, -1)", "Cell to the left", show=False, id="heat_map.left"),
        Binding("right", "move(0, 1)", "Cell to the right", show=False, id="heat_map.right"),
    ]

    @dataclass
    class CellPicked(Message):
        """An element was pointed at."""

        widget: HeatMapWidget
        array: str
        row: int
        column: int
        hover: bool = False
        """True while the mouse only passes over it; the kept cell is posted when it leaves."""

        @property
        def control(self) -> HeatMapWidget:
            """The widget that posted this."""
            return self.widget

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._map: HeatMap | None = None
        self._cursor: tuple[int, int] | None = None
        self._hovered: tuple[int, int] | None = None
        self._offset = (0, 0)
        self._limits: dict[str, float] = {}

    def draw(self, heat_map: HeatMap) -> None:
        """Show a matrix. Without a cursor of its own it is given the one kept here."""
        if heat_map.limit is None:
            limit = kept_limit(self._limits.get(heat_map.name), largest(heat_map.values))
            self._limits[heat_map.name] = limit
            heat_map = replace(heat_map, limit=limit)
        if heat_map.cursor is not None:
            self._cursor = heat_map.cursor
        self._map = heat_map
        self._hovered = self._clamped(self._hovered)
        self._cursor = self._clamped(self._cursor)
        self.redraw()
        if self.has_focus and self._cursor is None and self._map.values.size:
            # The keyboard came before there was anything to point at.
            self._pick((0, 0))

    @property
    def cursor(self) -> tuple[int, int] | None:
        """The element pointed at (row, column); set it to point elsewhere without a message."""
        return self._cursor

    @cursor.setter
    def cursor(self, cursor: tuple[int, int] | None) -> None:
        cursor = self._clamped(cursor)
        if cursor != self._cursor:
            self._cursor = cursor
            self.redraw()

    def forget_limits(self) -> None:
        """Let the colour scales fit what is drawn next, as for another run."""
        self._limits.clear()

    def lines(self, look: Look, width: int, height: int) -> list[Strip]:
        """Return the picture; the window follows the kept cursor, not the mouse."""
        if self._map is None:
            return []
        kept = replace(self._map, cursor=self._cursor)
        layout = layout_of(kept, look, width, height, self._offset)
        self._offset = (layout.first_row, layout.first_column)
        shown = kept if self._hovered is None else replace(kept, cursor=self._hovered)
        return draw_heat_map(shown, look, width, height, self._offset)

    def action_move(self, rows: int, columns: int) -> None:
        """Move the cursor by rows and columns, as far as the matrix goes."""
        if self._map is None or self._map.values.size == 0:
            return
        self._hovered = None
        if self._cursor is None:
            self._pick((0, 0))
        else:
            row, column = self._cursor
            self._pick((row + rows, column + columns))

    def on_focus(self) -> None:
        """Point at the kept element or the first one, so that the arrows have where to start."""
        if self._hovered is None:
            self.action_move(0, 0)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Point at the element under the mouse, for as long as it is there."""
        cell = self._cell(event)
        if cell is not None and cell != self._hovered:
            self._hovered = cell
            self.redraw()
            self._post(cell, hover=True)

    def on_leave(self, event: events.Leave) -> None:
        """Point at the kept element again."""
        if self._hovered is None or event.node is not self:
            return
        self._hovered = None
        self.redraw()
        if self._cursor is not None:
            self._post(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """Keep the element under the mouse."""
        cell = self._cell(event)
        if cell is not None:
            self._hovered = None
            self._pick(cell)

    def _cell(self, event: events.MouseEvent) -> tuple[int, int] | None:
        at = event.get_content_offset(self)
        if at is None or self._map is None:
            return None
        width, height = self.size
        shown = replace(self._map, cursor=self._cursor)
        return cell_at(shown, self.look, width, height, self._offset, at.x, at.y)

    def _pick(self, cell: tuple[int, int]) -> None:
        self._cursor = self._clamped(cell)
        self.redraw()
        if self._cursor is not None:
            self._post(self._cursor)

    def _post(self, cell: tuple[int, int], hover: bool = False) -> None:
        name = self._map.name if self._map is not None else ""
        self.post_message(self.CellPicked(self, name, *cell, hover=hover))

    def _clamped(self, cell: tuple[int, int] | None) -> tuple[int, int] | None:
        if cell is None or self._map is None:
            return cell
        return replace(self._map, cursor=cell).cursor
