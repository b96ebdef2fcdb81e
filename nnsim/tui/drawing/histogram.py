"""Histograms in eighths of a cell: one large, or small ones in a row a layer.

Every bin that holds a value shows, however few there are beside the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nnsim.tui.drawing.axes import MOST_TICKS, Range, nice_range, tick_figures, ticks
from nnsim.tui.drawing.figure_row import FigureRow
from nnsim.tui.drawing.folding import folded
from nnsim.tui.drawing.sheet import BLANK, Sheet
from nnsim.tui.drawing.text import clip
from nnsim.tui.look import Look

LEAST_PLOT = 6
"""Columns of a histogram that labels and notes may not take."""
TALLEST_ROW = 5
"""Lines of a small histogram where there is room for all."""

_EIGHTHS = np.array([ord(character) for character in " ▁▂▃▄▅▆▇█"], np.uint32)
_ASCII_EIGHTHS = np.array([ord(character) for character in " ..::::##"], np.uint32)
"""The top cell of a tall column."""
_ASCII_RAMP = np.array([ord(character) for character in " .:-=+*##"], np.uint32)
"""A column of one cell."""


@dataclass(frozen=True, eq=False)
class HistogramRow:
    """One histogram of several below each other."""

    label: str
    values: ArrayLike
    note: str = ""
    """What is remarkable about the values: "saturated 62 %"."""
    bold: bool = False
    """The one that is looked at."""


def draw_histogram(
    values: ArrayLike | Mapping[str, ArrayLike],
    look: Look,
    width: int,
    height: int,
    range: Range | None = None,
    note: str = "",
) -> list[Strip]:
    """Return one large histogram with its x figures, or, of a mapping, one below the other.

    Parameters
    ----------
    values
        Numbers in any shape, or such by name.
    look, width, height
        How, and in which cells exactly.
    range
        Low and high end of the x axis; fits the values if None.
    note
        Written at the top right.
    """
    if isinstance(values, Mapping):
        rows = [HistogramRow(name, numbers) for name, numbers in values.items()]
        return draw_histogram_rows(rows, look, width, height, range)
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in _range(height)]
    numbers, missing = _finite(values)
    note = _note(note, missing)
    ends = range or _common_range([numbers])
    sheet = Sheet(width, height)
    top = int(bool(note) and height >= 4)
    if top:
        note = clip(note, width, ascii=look.ascii)
        sheet.put(width - cell_len(note), 0, note, look.ink(look.muted))
    footer = int(height >= 2)
    counts = bin_counts(numbers, ends, width)
    _draw_columns(sheet, look, counts, 0, top, height - top - footer, look.ink(look.series[1]))
    if footer:
        _draw_axis(sheet, look, height - 1, 0, width, ends)
    return sheet.strips()


def draw_histogram_rows(
    rows: Sequence[HistogramRow],
    look: Look,
    width: int,
    height: int,
    range: Range | None = None,
) -> list[Strip]:
    """Return small histograms below each other, over one x axis: label, columns, note.

    Each reaches up to its own largest bin: the shapes compare, not the counts. If there are more
    than lines, the first, the last, the bold and some evenly between are drawn, and the axis
    says how many of how many.
    """
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in _range(height)]
    sheet = Sheet(width, height)
    if not rows:
        return sheet.strips()
    footer = int(height >= 3)
    shown = folded([row.bold for row in rows], height - footer)
    kept = [rows[index] for index in shown]
    numbers = [_finite(row.values) for row in kept]
    notes = [_note(row.note, missing) for row, (_, missing) in zip(kept, numbers, strict=True)]
    ends = range or _common_range([values for values, _ in numbers])

    label = max(cell_len(row.label) for row in kept)
    left = label + 1 if label and width - label - 1 >= LEAST_PLOT else 0
    note = max(map(cell_len, notes))
    right = note + 2 if note and width - left - note - 2 >= LEAST_PLOT else 0
    plot = width - left - right
    tall = min((height - footer) // len(kept), TALLEST_ROW)
    space = int(tall >= 3)
    for index, (row, (values, _), note_text) in enumerate(zip(kept, numbers, notes, strict=True)):
        top = index * tall + space
        base = (index + 1) * tall - 1
        ink = look.ink(look.accent if row.bold else look.series[1])
        name = look.ink(look.accent if row.bold else look.muted, bold=row.bold)
        if left:
            sheet.put(left - 1 - cell_len(row.label), base, row.label, name)
        _draw_columns(sheet, look, bin_counts(values, ends, plot), left, top, tall - space, ink)
        if right:
            sheet.put(left + plot + 2, base, note_text, look.ink(look.muted))
    if footer:
        line = len(kept) * tall
        _draw_axis(sheet, look, line, left, plot, ends)
        if len(kept) < len(rows) and right:
            text = clip(f"{len(kept)} of {len(rows)}", note, ascii=look.ascii)
            sheet.put(left + plot + 2, line, text, look.ink(look.muted))
    return sheet.strips()


def bin_counts(values: NDArray[np.float64], ends: Range, bins: int) -> NDArray[np.int64]:
    """Return how many finite values lie in each of `bins` equal parts of a range.

    What lies outside counts in the first or the last part.
    """
    low, high = ends
    with np.errstate(over="ignore", invalid="ignore"):
        places = (values - low) * (bins / (high - low))
    return np.bincount(np.clip(places, 0, bins - 1).astype(np.int64), minlength=bins)


_range = range


def _finite(values: ArrayLike) -> tuple[NDArray[np.float64], int]:
    """Return the finite ones of some values, and how many are not."""
    numbers = np.asarray(values, float).ravel()
    finite = np.isfinite(numbers)
    if finite.all():
        return numbers, 0
    return numbers[finite], int(numbers.size - np.count_nonzero(finite))


def _note(note: str, missing: int) -> str:
    if not missing:
        return note
    return f"{note}, {missing} not finite" if note else f"{missing} not finite"


def _common_range(groups: Sequence[NDArray[np.float64]]) -> Range:
    groups = [values for values in groups if values.size]
    if not groups:
        return 0.0, 1.0
    return nice_range(
        min(float(values.min()) for values in groups),
        max(float(values.max()) for values in groups),
    )


def _draw_columns(
    sheet: Sheet,
    look: Look,
    counts: NDArray[np.int64],
    left: int,
    top: int,
    tall: int,
    ink: Style,
) -> None:
    """Draw a column a bin, the largest almost `tall` lines high: an eighth below what is above."""
    if tall < 1 or not counts.any():
        return
    largest = 8 * tall - (tall > 1)
    eighths = np.ceil(counts * (largest / counts.max())).astype(np.int64)
    above = 8 * np.arange(tall - 1, -1, -1)[:, None]
    levels = np.clip(eighths - above, 0, 8)
    if look.ascii:
        table = _ASCII_RAMP if tall == 1 else _ASCII_EIGHTHS
        characters = table[levels]
    else:
        characters = _EIGHTHS[levels]
    drawn = (characters != BLANK).astype(np.uint8)
    sheet.paint(left, top, characters, drawn, [ink])


def _draw_axis(sheet: Sheet, look: Look, row: int, left: int, width: int, ends: Range) -> None:
    """Write the x figures: both ends first, and round values between."""
    muted = look.ink(look.muted)
    figures = FigureRow(sheet, row, left, left + width)
    fine = ticks(*ends, MOST_TICKS)
    low, high = tick_figures(ends, like=tuple(sorted({*ends, *fine})))
    figures.write(left, low, muted)
    figures.write(left + width - len(high), high, muted)
    values = ticks(*ends, max(min(width // 12, MOST_TICKS), 2))
    if ends[0] < 0 < ends[1]:
        values = (0.0, *values)
    for value, text in zip(values, tick_figures(values, like=fine), strict=True):
        share = (value - ends[0]) / (ends[1] - ends[0])
        figures.center(left + min(int(share * width), width - 1), text, muted)
