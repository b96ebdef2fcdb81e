"""Tables of figures: a heading, rows, the one that is looked at bold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.drawing.text import clip
from nnsim.tui.look import Look

GAP = 2


@dataclass(frozen=True)
class Row:
    """One line: a name and figures."""

    cells: tuple[str, ...]
    bold: bool = False
    """The one that is looked at."""
    number: int | None = None
    """Which colour of the look its name has; the text's own where it is None."""


def draw_table(
    heading: Sequence[str], rows: Sequence[Row], look: Look, width: int, height: int
) -> list[Strip]:
    """Return a table in exactly `width` by `height` cells: names at the left, figures at the right.

    Where there is no room, columns are left out from the right, and rows far from the bold one:
    a line then says how many.
    """
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in range(max(height, 0))]
    sheet = Sheet(width, height)
    headed = int(bool(heading) and height >= 3)
    shown, above, below = _window(rows, height - headed)
    lines = [tuple(heading), *(row.cells for row in rows)] if headed else [r.cells for r in rows]
    count = max((len(cells) for cells in lines), default=0)
    widths = [max(cell_len(cells[k]) for cells in lines if k < len(cells)) for k in range(count)]
    if widths and widths[0] > width:
        widths[0] = width
    kept = 1
    while kept < count and sum(widths[: kept + 1]) + GAP * kept <= width:
        kept += 1
    muted = look.ink(look.muted)
    if headed:
        _write(sheet, 0, tuple(heading), widths[:kept], look, muted, muted)
    for line, place in enumerate(shown, start=headed):
        if place is None:
            text = f"... {above if line == headed and above else below} more"
            sheet.put(0, line, clip(text, width, ascii=look.ascii), muted)
            continue
        row = rows[place]
        text_ink = look.ink(look.accent if row.bold else look.text, bold=row.bold)
        name_ink = text_ink
        if row.number is not None:
            name_ink = look.ink(look.series[row.number % len(look.series)], bold=row.bold)
        _write(sheet, line, row.cells, widths[:kept], look, name_ink, text_ink)
    return sheet.strips()


def _window(rows: Sequence[Row], room: int) -> tuple[list[int | None], int, int]:
    """Return which rows are drawn, None for "... more", and how many are above and below them."""
    if len(rows) <= room:
        return list(range(len(rows))), 0, 0
    bold = next((k for k, row in enumerate(rows) if row.bold), 0)
    begin = min(max(bold - room // 2, 0), len(rows) - room)
    shown: list[int | None] = list(range(begin, begin + room))
    above, below = begin, len(rows) - begin - room
    if above and room > 2 and shown[0] != bold:
        shown[0], above = None, above + 1
    else:
        above = 0
    if below and room > 2 and shown[-1] != bold:
        shown[-1], below = None, below + 1
    return shown, above, below


def _write(
    sheet: Sheet,
    line: int,
    cells: Sequence[str],
    widths: Sequence[int],
    look: Look,
    name: Style,
    text: Style,
) -> None:
    column = 0
    for k, (cell, width) in enumerate(zip(cells, widths, strict=False)):
        cell = clip(cell, width, ascii=look.ascii)
        start = column if k == 0 else column + width - cell_len(cell)
        sheet.put(start, line, cell, name if k == 0 else text)
        column += width + GAP
