"""Horizontal bars, one a row: a figure of every layer at one moment, mostly on a log axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.strip import Strip

from nnsim.tui.drawing.axes import FIGURE_WIDTH, MOST_TICKS, Range, nice_range, tick_figures, ticks
from nnsim.tui.drawing.figure_row import FigureRow
from nnsim.tui.drawing.folding import folded
from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.drawing.text import clip, figure
from nnsim.tui.look import Look

LEAST_PLOT = 6
"""Columns of the bars that labels and figures may not take."""


@dataclass(frozen=True)
class Bar:
    """One row."""

    label: str
    value: float
    figure: str = ""
    """The value as written at the right; `figure(value)` if empty."""
    bold: bool = False
    """The one that is looked at."""


def draw_bars(
    rows: Sequence[Bar],
    look: Look,
    width: int,
    height: int,
    log: bool = True,
    range: Range | None = None,
) -> list[Strip]:
    """Return a bar a row, over one axis, with label and figure.

    On a log axis bars start at the decade below the least value; 0, negative and not finite
    values have a figure and no bar. If there are more rows than lines, the first, the last, the
    bold and some evenly between are drawn, and the axis says how many of how many.
    """
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in _range(height)]
    sheet = Sheet(width, height)
    if not rows:
        return sheet.strips()
    footer = int(height >= 3)
    kept = [rows[index] for index in folded([row.bold for row in rows], height - footer)]
    figures = [row.figure or figure(row.value) for row in kept]
    ends = range or _bar_range([row.value for row in kept], log)
    label = max(cell_len(row.label) for row in kept)
    left = label + 1 if label and width - label - 1 >= LEAST_PLOT else 0
    longest = max(FIGURE_WIDTH, *map(cell_len, figures))
    right = longest + 2 if width - left - longest - 2 >= LEAST_PLOT else 0
    plot = width - left - right

    for line, (row, text) in enumerate(zip(kept, figures, strict=True)):
        ink = look.ink(look.accent if row.bold else look.muted, bold=row.bold)
        if left:
            sheet.put(left - 1 - cell_len(row.label), line, row.label, ink)
        bar = _bar(_share(row.value, ends, log), plot, look, row.bold)
        sheet.put(left, line, bar, look.ink(look.accent if row.bold else look.series[1]))
        if right:
            color = look.text if math.isfinite(row.value) else look.error
            sheet.put(width - cell_len(text), line, text, look.ink(color))
    if footer:
        _draw_axis(sheet, look, len(kept), left, plot, ends, log)
        if len(kept) < len(rows) and right:
            text = clip(f"{len(kept)} of {len(rows)}", longest, ascii=look.ascii)
            sheet.put(width - len(text), len(kept), text, look.ink(look.muted))
    return sheet.strips()


_range = range


def _bar_range(values: Sequence[float], log: bool) -> Range:
    """Return a range that starts below every bar's end: at a power of ten, or at 0."""
    drawn = [value for value in values if math.isfinite(value) and (value > 0 or not log)]
    if not drawn:
        return (1e-3, 1.0) if log else (0.0, 1.0)
    if not log:
        return nice_range(min(*drawn, 0.0), max(*drawn, 0.0))
    low = min(max(math.floor(math.log10(min(drawn)) - 0.1), -307), 307)
    high = max(math.ceil(math.log10(max(drawn)) - 1e-9), low + 1)
    return float(f"1e{low}"), float(f"1e{min(high, 308)}")


def _share(value: float, ends: Range, log: bool) -> float:
    """Return how far a value's bar reaches, 0 for what has none."""
    low, high = ends
    if not math.isfinite(value) or (log and value <= 0):
        return 0.0
    if log:
        value, low, high = math.log10(value), math.log10(low), math.log10(high)
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _bar(share: float, width: int, look: Look, bold: bool) -> str:
    """Return a bar in half cells; without colours the bold one is the thick one."""
    halves = round(2 * width * share)
    if look.ascii:
        return ("#" if bold else "=") * ((halves + 1) // 2)
    whole, half = "━╸" if look.color or bold else "─╴"
    return whole * (halves // 2) + half * (halves % 2)


def _draw_axis(
    sheet: Sheet, look: Look, row: int, left: int, width: int, ends: Range, log: bool
) -> None:
    """Write the axis' figures under the ends of bars."""
    figures = FigureRow(sheet, row, left, left + width)
    count = max(min(width // FIGURE_WIDTH, MOST_TICKS), 2)
    values = ticks(*ends, count, log)
    for value, text in zip(values, tick_figures(values, log), strict=True):
        at = int(_share(value, ends, log) * width)
        figures.center(left + min(at, width - 1), text, look.ink(look.muted))
