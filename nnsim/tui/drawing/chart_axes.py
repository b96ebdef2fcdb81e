"""Where the parts of a line chart stand, and its two axes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rich.cells import cell_len

from nnsim.tui.drawing.axes import FIGURE_WIDTH, MOST_TICKS, tick_figures, ticks
from nnsim.tui.drawing.chart_legend import end_names
from nnsim.tui.drawing.figure_row import FigureRow
from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.drawing.text import clip, figure
from nnsim.tui.look import Look

if TYPE_CHECKING:
    from nnsim.tui.drawing.chart import Chart

LEAST_PLOT = 8
"""Columns of the plot that figures and names may not take."""
LEGEND_FROM = 6
"""Rows of a chart with a legend above its plot."""
RULE_FROM = 9
"""Rows of a chart with a line between plot and x figures."""


class Plan:
    """Where the parts of a chart stand. Columns depend on the width alone, not on the height."""

    def __init__(self, chart: Chart, width: int, height: int) -> None:
        self.names = end_names(chart.series)
        """At the ends of the lines; empty where dashes alone tell them apart."""
        y_range = chart.ranges[1]
        self.figures = _figures_width(*y_range, chart.log_y)
        """Columns of the y axis figures."""
        self.left = self.figures + 1 if width >= self.figures + 1 + LEAST_PLOT else 0
        self.ends = max(map(cell_len, self.names), default=0)
        """Columns right of the plot."""
        if width - self.left - self.ends < LEAST_PLOT:
            self.ends = 0
        self.width = width - self.left - self.ends
        shown = self.names != [one.name for one in chart.series] or chart.cursor is not None
        headed = bool(chart.y_name) or (bool(chart.series) and shown and width >= 20)
        self.header = int(height >= LEGEND_FROM and headed)
        self.footer = int(height >= 3)
        self.rule = int(height >= RULE_FROM)
        self.top = self.header
        self.height = max(height - self.header - self.footer - self.rule, 1)
        self.rows = range(self.top, self.top + self.height)
        self.right = self.left + self.width
        self._x_range, self._y_range = chart.ranges
        self._log = chart.log_y
        self._log_x = chart.log_x

    def column(self, x: float) -> int | None:
        """Return the cell column of an x, None outside."""
        low, high = self._x_range
        if not low <= x <= high:
            return None
        if self._log_x:
            x, low, high = math.log10(x), math.log10(low), math.log10(high)
        return self.left + round((x - low) / (high - low) * (2 * self.width - 1)) // 2

    def x_at(self, column: int) -> float:
        """Return the x in the middle of a cell column; the ends of the axis in the outermost."""
        low, high = self._x_range
        if column in (self.left, self.right - 1):
            return low if column == self.left else high
        share = (2 * (column - self.left) + 0.5) / max(2 * self.width - 1, 1)
        if self._log_x:
            return float(low * (high / low) ** share)
        return low + share * (high - low)

    def row(self, value: float) -> float | None:
        """Return the row of a value in cells, 0 at the top of the plot; None where it has none.

        What is above or below the range is at its end, and so is 0 on a log axis.
        """
        if math.isnan(value) or (self._log and value < 0):
            return None
        return place(value, *self._y_range, self._log, self.height)

    def y_figures(self) -> list[tuple[int, str]]:
        """Return the y axis figures by row, evenly spaced, all with the same digits."""
        return [
            (self.top + row, text)
            for row, text in _figures_by_row(*self._y_range, self._log, self.height)
        ]


def place(value: float, low: float, high: float, log: bool, height: int) -> float:
    """Return where a value lies in `height` rows of cells, 0 at the top: in whole dots."""
    if log:
        value, low, high = (math.log10(one) if one else -400.0 for one in (value, low, high))
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return round((1 - share) * (4 * height - 1)) / 4


@lru_cache(maxsize=512)
def _figures_width(low: float, high: float, log: bool) -> int:
    """Return the cells of the widest figure that a y axis has at any height."""
    fine = ticks(low, high, MOST_TICKS, log)
    sets = [fine, *_tick_sets(low, high, log, 2 * MOST_TICKS)]
    texts = (text for values in sets for text in tick_figures(values, log, fine))
    return min(max(map(len, texts), default=0), FIGURE_WIDTH)


@lru_cache(maxsize=512)
def _figures_by_row(low: float, high: float, log: bool, height: int) -> list[tuple[int, str]]:
    """Return figures for a y axis: the most that stand evenly, rather with those at its ends."""
    fine = ticks(low, high, MOST_TICKS, log)
    best: tuple[float, list[int], tuple[str, ...]] = (-1.0, [], ())
    for values in _tick_sets(low, high, log, height):
        rows = [int(place(value, low, high, log, height)) for value in values]
        at_ends = values[0] == low and values[-1] == high
        worth = max(len(values) + 0.5 * at_ends - _uneven(rows), 0.0)
        if worth > best[0]:
            best = worth, rows, tick_figures(values, log, fine)
    figures: dict[int, str] = {}
    for row, text in zip(best[1], best[2], strict=True):
        figures.setdefault(row, text)
    return list(figures.items())


def _tick_sets(low: float, high: float, log: bool, height: int) -> Iterator[tuple[float, ...]]:
    """Return ticks to choose from, for as many figures as fit: first the fewest."""
    fine = ticks(low, high, MOST_TICKS, log)
    most = min(max((height + 1) // 2, 2), MOST_TICKS)
    sets = [ticks(low, high, count, log) for count in range(1, most + 1)]
    yield from (values for values in sets if len(values) >= 2)
    for parts in range(1, most if not log else 0):
        inner = (low + (high - low) * (k / parts) for k in range(1, parts))
        values = (low, *inner, high)
        texts = tick_figures(values, like=fine)
        # Only if the figures are exact, and 0 is among them.
        slack = 1e-9 * (high - low)
        exact = all(abs(float(t) - v) <= slack for t, v in zip(texts, values, strict=True))
        if exact and (low * high >= 0 or any(abs(value) <= slack for value in values)):
            yield tuple(float(text) for text in texts)
    if sets[-1]:
        yield sets[-1]


def _uneven(rows: Sequence[int]) -> float:
    """Return how much rows of figures look uneven: 0 not at all, 1 as bad as one figure less."""
    gaps = [upper - lower for upper, lower in pairwise(rows)]
    if not gaps or min(gaps) < 2 or max(gaps) - min(gaps) > 1:
        return math.inf
    return 1.0 if max(gaps) > min(gaps) == 2 else 0.0


def draw_y_axis(sheet: Sheet, plan: Plan, look: Look) -> None:
    """Draw the line left of the plot, ticks and figures."""
    if not plan.left:
        return
    muted, faint = look.ink(look.muted), look.ink(look.faint, dim=not look.color)
    line, tick = ("|", "+") if look.ascii else ("│", "┤")
    sheet.rule(plan.left - 1, plan.rows, line, faint)
    for row, text in plan.y_figures():
        text = clip(text, plan.figures, ascii=look.ascii)
        sheet.put(plan.left - 1 - len(text), row, text, muted)
        sheet.put(plan.left - 1, row, tick, faint)


def draw_x_axis(sheet: Sheet, chart: Chart, plan: Plan, look: Look) -> None:
    """Draw the line under the plot, its figures, its name, and the figure at the cursor."""
    muted, faint = look.ink(look.muted), look.ink(look.faint, dim=not look.color)
    rule_row = plan.rows.stop
    row = rule_row + plan.rule
    if plan.rule:
        corner, line = ("+", "-") if look.ascii else ("└", "─")
        if plan.left:
            sheet.put(plan.left - 1, rule_row, corner, faint)
        sheet.put(plan.left, rule_row, line * plan.width, faint)
    if not plan.footer:
        return
    figures = FigureRow(sheet, row, plan.left, plan.right)
    name = cell_len(chart.x_name)
    if plan.left and name <= plan.figures:
        sheet.put(plan.left - 1 - name, row, chart.x_name, muted)
    elif name and plan.width >= 4 * name:
        figures.write(plan.right - name, chart.x_name, muted)
    cursor = None if chart.cursor is None else plan.column(chart.cursor)
    if chart.cursor is not None and cursor is not None:
        figures.center(cursor, figure(float(chart.cursor), 6), look.ink(look.text))
    values: tuple[float, ...] = ()
    count = min(max(plan.width // (FIGURE_WIDTH + 4), 1), MOST_TICKS)
    while len(values) < 2 and count <= MOST_TICKS:
        values = ticks(*chart.ranges[0], count, chart.log_x)
        count += 1
    tick = "+" if look.ascii else "┬"
    for x, text in zip(values, tick_figures(values, chart.log_x), strict=True):
        at = plan.column(x)
        if at is None or not figures.center(at, text, muted):
            continue
        if plan.rule and at > plan.left:
            sheet.put(at, rule_row, tick, faint)
