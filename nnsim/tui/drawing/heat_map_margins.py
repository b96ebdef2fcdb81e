"""What stands around a heat map: row and column numbers, the cursor, values and scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from nnsim.tui.drawing.image import ACCENT, ERROR, MUTED, TEXT, Picture
from nnsim.tui.drawing.text import figure

if TYPE_CHECKING:
    from nnsim.tui.drawing.heat_map import HeatMap
    from nnsim.tui.drawing.heat_map_layout import HeatMapLayout

ROUND_STEPS = (1, 2, 4, 5, 8, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000)
RAMP_WIDTH = 16


def draw_numbers(picture: Picture, layout: HeatMapLayout, cursor: tuple[int, int] | None) -> None:
    """Write row and column numbers, as many as fit; the cursor's in the accent colour."""
    at = layout.place(*cursor) if cursor is not None else None
    down = layout.fold if layout.fold and layout.folds_columns else 1
    across = layout.fold if layout.fold and not layout.folds_columns else 1
    if layout.left >= 2:
        _row_numbers(picture, layout, down, None if at is None else at[0])
    if layout.top:
        _column_numbers(picture, layout, across, None if at is None else at[1])


def _row_numbers(picture: Picture, layout: HeatMapLayout, factor: int, held: int | None) -> None:
    width = layout.left - 1
    # Rows without a line of their own are numbered at every second line.
    step = 1 if layout.cell_halves >= 2 else 4
    for row in range(0, layout.shown_rows, step):
        text = str((layout.first_row + row) * factor)
        if len(text) <= width:
            picture.write(0, _line(layout, row), text.rjust(width), MUTED)
    if held is not None:
        text = str(held * factor)
        y = _line(layout, held - layout.first_row)
        picture.write(0, y, text.rjust(width)[:width], ACCENT, bold=True)


def _column_numbers(picture: Picture, layout: HeatMapLayout, factor: int, held: int | None) -> None:
    last = (layout.first_column + layout.shown_columns - 1) * factor
    room = len(str(last)) + 1
    step = next(step for step in ROUND_STEPS if step * layout.cell_width >= room or step == 10_000)

    def place(column: int) -> tuple[int, str]:
        text = str(column * factor)
        x = layout.left + (column - layout.first_column) * layout.cell_width
        if layout.figures:
            return x + layout.figure_span[1] - len(text), text
        return x, text

    taken = range(0)
    if held is not None:
        x, text = place(held)
        x = min(x, picture.width - len(text))
        picture.write(x, 0, text, ACCENT, bold=True)
        taken = range(x - 1, x + len(text) + 1)
    begin = -(-layout.first_column // step) * step
    for column in range(begin, layout.first_column + layout.shown_columns, step):
        x, text = place(column)
        if x + len(text) > picture.width or column == held:
            continue
        if any(cell in taken for cell in range(x, x + len(text))):
            continue
        picture.write(x, 0, text, MUTED)


def _line(layout: HeatMapLayout, row: int) -> int:
    """Return the line in the middle of a shown row."""
    lines = max(1, layout.cell_halves // 2)
    return layout.top + row * layout.cell_halves // 2 + (lines - 1) // 2


def draw_cursor(picture: Picture, layout: HeatMapLayout, cursor: tuple[int, int]) -> None:
    """Put brackets around the cursor's cell: in it where it is wide, else beside it."""
    row, column = layout.place(*cursor)
    y = _line(layout, row - layout.first_row)
    x = layout.left + (column - layout.first_column) * layout.cell_width
    width = layout.cell_width
    look = picture.palette.look
    if layout.figures:
        begin, end = layout.figure_span
        start, end = x + begin - 1, x + end
        picture.bolds[y, x : x + width] = True
    elif width >= 2 and layout.cell_halves >= 2 and ((look.color and not look.ascii) or width > 2):
        start, end = x, x + width - 1
    else:
        start, end = x - 1, x + width
    picture.write(start, y, "[", TEXT, bold=True)
    picture.write(end, y, "]", TEXT, bold=True)


def draw_notes(
    picture: Picture,
    layout: HeatMapLayout,
    heat_map: HeatMap,
    ramp: Callable[[int, int, int], None],
) -> None:
    """Write the value under the cursor, the window and the scale, in this order, where they fit.

    `ramp(x, y, width)` paints the scale's colours.
    """
    first = picture.height - layout.notes
    used = [0] * layout.notes

    def place(width: int) -> tuple[int, int] | None:
        for line, taken in enumerate(used):
            x = taken + 2 if taken else 0
            if x + width <= picture.width:
                used[line] = x + width
                return x, first + line
        return None

    def write(*candidates: str) -> None:
        for text in candidates:
            at = place(len(text))
            if at is not None:
                picture.write(*at, text, MUTED)
                return

    if heat_map.cursor is not None:
        _value(picture, heat_map, place)
    parts = []
    for word, start, shown, count in (
        ("rows", layout.first_row, layout.shown_rows, layout.rows),
        ("columns", layout.first_column, layout.shown_columns, layout.columns),
    ):
        if shown < count:
            parts.append(f"{word} {start}-{start + shown - 1} of {count}")
    if parts:
        short_form = "  ".join(part.replace("columns", "cols") for part in parts)
        write("  ".join(parts), short_form, *parts)
    low = figure(-heat_map.scale, 2) if heat_map.signed else "0"
    high = figure(heat_map.scale, 2)
    for width in (RAMP_WIDTH, 9):
        at = place(len(low) + len(high) + 2 + width)
        if at is not None:
            x, y = at
            picture.write(x, y, low, MUTED)
            ramp(x + len(low) + 1, y, width)
            picture.write(x + len(low) + width + 2, y, high, MUTED)
            return


def _value(
    picture: Picture, heat_map: HeatMap, place: Callable[[int], tuple[int, int] | None]
) -> None:
    assert heat_map.cursor is not None
    row, column = heat_map.cursor
    value = float(heat_map.values[row, column])
    written = figure(value, 4)
    for label in (f"{heat_map.name}[{row},{column}] ", f"[{row},{column}] ", ""):
        at = place(len(label) + len(written))
        if at is not None:
            picture.write(*at, label, MUTED)
            ink = TEXT if np.isfinite(value) else ERROR
            picture.write(at[0] + len(label), at[1], written, ink, bold=True)
            return
