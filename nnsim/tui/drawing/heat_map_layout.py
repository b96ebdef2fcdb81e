"""Where the numbers of a matrix stand in a given space: cell size, margins, window."""

from __future__ import annotations

from dataclasses import dataclass

MAXIMUM_FIGURE_WIDTH = 8
"""Columns of a cell that prints its number, the gap before it included."""
MINIMUM_FIGURE_WIDTH = 6


@dataclass(frozen=True)
class HeatMapLayout:
    """Where numbers stand. Heights count half lines: a half block shows two numbers a cell."""

    rows: int
    columns: int
    """Shape as drawn: a long vector is folded into several columns (or lines)."""
    fold: int
    """Numbers down a folded (n,1), along a folded (1,n); 0 unless folded."""
    folds_columns: bool
    """True for a folded (1,n)."""
    size: int
    """Numbers of a folded vector."""
    cell_width: int
    cell_halves: int
    figures: bool
    """True where each cell prints its number."""
    left: int
    """Columns of the margin with the row numbers."""
    top: int
    """Lines above with the column numbers."""
    notes: int
    """Lines below for values and scale."""
    first_row: int
    first_column: int
    shown_rows: int
    shown_columns: int

    @property
    def whole(self) -> bool:
        """True where every number is shown."""
        return self.shown_rows == self.rows and self.shown_columns == self.columns

    @property
    def figure_span(self) -> tuple[int, int]:
        """Where in a cell its printed number begins and ends; a bracket fits on either side."""
        if self.cell_width < 8:
            return 1, self.cell_width
        width = min(self.cell_width - 2, 7)
        begin = (self.cell_width - width) // 2
        return begin, begin + width

    def place(self, row: int, column: int) -> tuple[int, int]:
        """Return the drawn row and column of an element of the matrix."""
        if not self.fold:
            return row, column
        if self.folds_columns:
            return divmod(column, self.fold)
        return row % self.fold, row // self.fold

    def element(self, row: int, column: int) -> tuple[int, int] | None:
        """Return the element of the matrix that is drawn at a row and column, None for none."""
        if not self.fold:
            return row, column
        if self.folds_columns:
            index = row * self.fold + column
            return (0, index) if index < self.size else None
        index = column * self.fold + row
        return (index, 0) if index < self.size else None


def plan(
    shape: tuple[int, int],
    width: int,
    height: int,
    *,
    halves: bool,
    offset: tuple[int, int] = (0, 0),
    cursor: tuple[int, int] | None = None,
) -> HeatMapLayout:
    """Return the best layout: printed numbers, else large tiles, else half blocks, else a window.

    Parameters
    ----------
    shape
        Rows and columns of the matrix.
    halves
        Half blocks may be used.
    offset
        First row and column of the window, where not all fits.
    cursor
        An element that the window must hold.
    """
    rows, columns = shape
    width, height = max(width, 0), max(height, 0)
    printed = _printed(rows, columns, width, height)
    if printed is not None:
        return printed
    notes = 0 if height < 3 else 2 if height >= 8 and width < 44 else 1
    if height >= 24:
        notes = 2
    top = 1 if height - notes >= 5 else 0
    label = len(str(max(columns if rows == 1 and columns > width else rows, 1) - 1)) + 1
    left = label if width >= label + 8 else 1 if width >= 6 else 0
    body_width, body_halves = max(width - left, 1), max(2 * (height - notes - top), 2)
    size = rows * columns
    least = 1 if halves else 2
    fold, folds_columns = 0, False
    if columns == 1 and rows * least > body_halves and body_width >= 4:
        fold = body_halves // least
        if -(-rows // fold) <= body_width:
            rows, columns = fold, -(-rows // fold)
        else:
            fold = 0
    elif rows == 1 and columns > body_width and body_halves // least > 1:
        lines = body_halves // least
        tens = body_width - body_width % 10
        fold = tens if tens and -(-columns // tens) <= lines else body_width
        if -(-columns // fold) <= lines:
            rows, columns, folds_columns = -(-columns // fold), fold, True
        else:
            fold = 0
    cell_width, cell_halves = _cell_size(rows, columns, body_width, body_halves, halves)
    shown_rows = min(rows, body_halves // cell_halves)
    shown_columns = min(columns, body_width // cell_width)
    row, column = offset
    layout = HeatMapLayout(
        rows, columns, fold, folds_columns, size, cell_width, cell_halves, False,
        left, top, notes, 0, 0, shown_rows, shown_columns,
    )  # fmt: skip
    at = layout.place(*cursor) if cursor is not None else None
    first_row = _window(row, shown_rows, rows, None if at is None else at[0])
    first_column = _window(column, shown_columns, columns, None if at is None else at[1])
    return HeatMapLayout(
        rows, columns, fold, folds_columns, size, cell_width, cell_halves, False,
        left, top, notes, first_row, first_column, shown_rows, shown_columns,
    )  # fmt: skip


def _printed(rows: int, columns: int, width: int, height: int) -> HeatMapLayout | None:
    """Return a layout whose cells print their numbers, None where there is no room for them."""
    if rows == 0 or columns == 0:
        return None
    label = len(str(rows - 1)) + 1
    # What is given up first: the column numbers, the row numbers, the line below.
    for notes, top, left in ((1, 1, label), (1, 0, label), (1, 0, 0), (0, 0, 0)):
        # One column stays free at the right for the cursor's bracket.
        cell_width = min((width - left - 1) // columns, MAXIMUM_FIGURE_WIDTH)
        cell_lines = min((height - notes - top) // rows, 3)
        if cell_width < MINIMUM_FIGURE_WIDTH or cell_lines < 1:
            continue
        if cell_lines > 1:
            cell_width = min((width - left - 1) // columns, MAXIMUM_FIGURE_WIDTH + cell_lines)
        if notes and height - top - rows * cell_lines >= 2:
            notes = 2
        return HeatMapLayout(
            rows, columns, 0, False, rows * columns, cell_width, 2 * cell_lines, True,
            left, top, notes, 0, 0, rows, columns,
        )  # fmt: skip
    return None


def _cell_size(
    rows: int, columns: int, width: int, height_halves: int, halves: bool
) -> tuple[int, int]:
    """Return columns and half lines of a cell: square where it can be, stretched where it helps."""
    if rows == 0 or columns == 0:
        return 1, 2
    square = max(1, min(width // columns, height_halves // rows, 8))
    if not halves:
        square = max(2, square - square % 2)
    stretch = 6 if square * columns <= 12 else 2
    cell_width = max(1, min(width // columns, stretch * square, 8))
    stretch = 6 if square * rows <= 6 else 2
    cell_halves = max(1, min(height_halves // rows, stretch * square, 6))
    if not halves or cell_halves > 2:
        cell_halves = max(2, cell_halves - cell_halves % 2)
    return cell_width, cell_halves


def _window(first: int, shown: int, count: int, held: int | None) -> int:
    """Return the first row (or column) of a window, moved so that it holds one of them."""
    if held is not None:
        edge = 1 if shown >= 3 else 0  # room for the cursor's brackets
        first = min(max(first, held - shown + 1 + edge), held - edge)
    return min(max(first, 0), count - shown)
