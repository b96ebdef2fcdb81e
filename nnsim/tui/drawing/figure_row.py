"""A row of figures under an axis, of which none touches another."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style

from nnsim.tui.drawing.sheet import Sheet


class FigureRow:
    """Figures in columns `left` to `right` of a row; what is written first stays."""

    def __init__(self, sheet: Sheet, row: int, left: int, right: int) -> None:
        self._sheet, self._row = sheet, row
        self._left, self._right = left, right
        self._taken: list[tuple[int, int]] = []

    def center(self, column: int, text: str, style: Style) -> bool:
        """Write a text under a column; return whether there was room."""
        start = min(column - (len(text) - 1) // 2, self._right - cell_len(text))
        return self.write(max(start, self._left), text, style)

    def write(self, start: int, text: str, style: Style) -> bool:
        """Write a text from a column on; return whether there was room."""
        end = start + cell_len(text)
        if start < self._left or end > self._right:
            return False
        if any(start <= taken_end and end >= taken_start for taken_start, taken_end in self._taken):
            return False
        self._taken.append((start, end))
        self._sheet.put(start, self._row, text, style)
        return True
