"""Line charts: cost and accuracy over steps, norms by layer, anything over x.

Pure: a `Chart`, a `Look`, a width and a height become strips; `read_chart` tells what lies under
a column. Lines are told apart without colour: by dash and thickness, or by names or letters at
their ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from rich.style import Style
from textual.strip import Strip

from nnsim.tui.drawing.axes import Range, nice_range
from nnsim.tui.drawing.canvas import Canvas, Dash, Floats, thinned
from nnsim.tui.drawing.chart_axes import Plan, draw_x_axis, draw_y_axis
from nnsim.tui.drawing.chart_legend import ascii_marks, draw_ends, draw_header, point_marks
from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.look import Look

_EMPTY: dict[bool, Range] = {False: (0.0, 1.0), True: (1e-3, 1.0)}
"""Range of an axis without values, linear and log."""


@dataclass(frozen=True, eq=False)
class Series:
    """One line: a y for each x. A NaN is a gap, an infinite value leaves the chart at its edge."""

    name: str
    x: ArrayLike
    y: ArrayLike
    number: int = 0
    """Which colour and which letter of the look."""
    bold: bool = False
    """Two dots thick and over all others: the present run."""
    dash: Dash = "solid"
    bare: bool = False
    """Only its points, each marked by its letter, without a line."""
    points: tuple[Floats, Floats] = field(init=False, repr=False)
    """x, ascending, and y."""

    def __post_init__(self) -> None:
        x, y = np.asarray(self.x, float).ravel(), np.asarray(self.y, float).ravel()
        if x.size != y.size:
            raise ValueError(
                f"Series {self.name!r} has {x.size} x and {y.size} y; expected a y for each x."
            )
        if not np.isfinite(x).all():
            x, y = x[np.isfinite(x)], y[np.isfinite(x)]
        if (x[1:] < x[:-1]).any():
            order = np.argsort(x, kind="stable")
            x, y = x[order], y[order]
        object.__setattr__(self, "points", (x, y))


@dataclass(frozen=True)
class Mark:
    """Something at an x: the present step, the best dev step, a fork, the first NaN."""

    x: float
    glyph: str
    ascii: str
    name: str = ""
    line: bool = False
    """A hairline through the chart, in the accent colour: where I am."""
    color: str = ""
    """"" for the text's own, with a hairline the accent's."""


@dataclass(frozen=True, eq=False)
class Chart:
    """What a line chart shows. Axes without a range fit the data."""

    series: Sequence[Series]
    log_y: bool = False
    x_range: Range | None = None
    y_range: Range | None = None
    x_name: str = "step"
    y_name: str = ""
    marks: Sequence[Mark] = ()
    cursor: float | None = None
    """The x that is pointed at: a hairline there, and the legend gives the values there."""
    log_x: bool = False
    last_values: bool = True
    """Without a cursor the legend gives each line's last value; over steps that is the present."""
    ranges: tuple[Range, Range] = field(init=False)
    """x and y range as drawn."""

    def __post_init__(self) -> None:
        given = _is_range(self.x_range, self.log_x)
        x_range = self.x_range if given else x_extent(self.series, self.log_x)
        y_range = self.y_range if _is_range(self.y_range, self.log_y) else None
        if y_range is None:
            found = y_extent(self.series, self.log_y, self.x_range and x_range)
            y_range = nice_range(*found, self.log_y) if found else _EMPTY[self.log_y]
        object.__setattr__(self, "ranges", (x_range or _EMPTY[self.log_x], y_range))

    @property
    def points(self) -> list[tuple[Floats, Floats]]:
        """x and y of each series."""
        return [one.points for one in self.series]


@dataclass(frozen=True)
class Readout:
    """What lies under a column of a chart."""

    x: float
    values: tuple[float | None, ...]
    """By series; None where a series has no point."""


def x_extent(series: Sequence[Series], log: bool = False) -> Range | None:
    """Return from where to where the series reach, above 0 with `log`; None without a point."""
    xs = [one.points[0] for one in series]
    xs = [x for x in (x[x > 0] if log else x for x in xs) if x.size]
    if not xs:
        return None
    low, high = float(min(x[0] for x in xs)), float(max(x[-1] for x in xs))
    if low < high:
        return low, high
    return (low, 10 * low) if log else (low, low + max(1.0, abs(low) * 1e-6))


def y_extent(
    series: Sequence[Series], log: bool = False, x_range: Range | None = None
) -> Range | None:
    """Return the least and the greatest finite value, above 0 with `log`; None without one.

    What `settled_range` is asked with. With `x_range`, only points within it count.
    """
    ends: list[float] = []
    for x, y in (one.points for one in series):
        if x_range is not None:
            begin, end = np.searchsorted(x, x_range[0]), np.searchsorted(x, x_range[1], "right")
            y = y[begin:end]
        if not y.size:
            continue
        low, high = float(y.min()), float(y.max())
        if not (np.isfinite(low) and np.isfinite(high)) or (log and low <= 0):
            y = y[np.isfinite(y) & (y > 0)] if log else y[np.isfinite(y)]
            if not y.size:
                continue
            low, high = float(y.min()), float(y.max())
        ends += low, high
    return (min(ends), max(ends)) if ends else None


def draw_chart(chart: Chart, look: Look, width: int, height: int) -> list[Strip]:
    """Return a chart in exactly `width` by `height` cells.

    In a small space the legend goes first, then the figures: from 12 by 4 on it is readable.
    """
    if width < 1 or height < 1:
        return [Strip([], 0) for _ in range(max(height, 0))]
    plan = Plan(chart, width, height)
    sheet = Sheet(width, height)
    inks = [look.ink(look.series[one.number % len(look.series)]) for one in chart.series]
    _draw_lines(sheet, chart, plan, look, inks)
    draw_y_axis(sheet, plan, look)
    draw_x_axis(sheet, chart, plan, look)
    _draw_points(sheet, chart, plan, inks)
    _draw_marks(sheet, chart, plan, look)
    if plan.ends:
        draw_ends(sheet, chart, plan, inks)
    draw_header(sheet, chart, plan, look, inks, _legend_values(chart))
    return sheet.strips()


def read_chart(chart: Chart, width: int, column: int) -> Readout | None:
    """Return what lies under a column of a chart drawn so wide; None beside the plot.

    The x is that of the nearest point of any series.
    """
    plan = Plan(chart, width, 1)
    if not plan.left <= column < plan.right:
        return None
    x = nearest_x(chart.series, plan.x_at(column), chart.log_x)
    return None if x is None else Readout(x, values_at(chart.series, x))


def nearest_x(series: Sequence[Series], x: float, log: bool = False) -> float | None:
    """Return the x of the point nearest to `x` of all series; None without a point.

    With `log` (x above 0) the nearest on a log axis.
    """
    near: list[float] = []
    for points, _ in (one.points for one in series):
        at = int(np.searchsorted(points, x))
        near += points[max(at - 1, 0) : at + 1].tolist()
    if log:
        near = [one for one in near if one > 0]
        return min(near, key=lambda one: max(one / x, x / one)) if near else None
    return min(near, key=lambda one: abs(one - x)) if near else None


def values_at(series: Sequence[Series], x: float) -> tuple[float | None, ...]:
    """Return each series' value at its last point up to x; None where x is beyond its ends."""
    values: list[float | None] = []
    for points, y in (one.points for one in series):
        at = int(np.searchsorted(points, x, side="right")) - 1
        values.append(float(y[at]) if at >= 0 and x <= points[-1] else None)
    return tuple(values)


def _legend_values(chart: Chart) -> tuple[float | None, ...]:
    if chart.cursor is not None:
        return values_at(chart.series, chart.cursor)
    if not chart.last_values:
        return ()
    return tuple(_last_value(y) for _, y in chart.points)


def _last_value(y: Floats) -> float | None:
    """Return the last value, NaN too where a line broke off; None where there never was one."""
    if not y.size or (np.isnan(y[-1]) and np.isnan(y).all()):
        return None
    return float(y[-1])


def _is_range(pair: Range | None, log: bool = False) -> bool:
    if pair is None or not (np.isfinite(pair[0]) and np.isfinite(pair[1])):
        return False
    return pair[0] < pair[1] and not (log and pair[0] <= 0)


def _draw_lines(sheet: Sheet, chart: Chart, plan: Plan, look: Look, inks: Sequence[Style]) -> None:
    canvas = Canvas(plan.width, plan.height)
    x_low, x_high = (float(np.log10(end)) if chart.log_x else end for end in chart.ranges[0])
    # What comes first lies over what follows, and bold over all.
    order = sorted(range(len(chart.series)), key=lambda i: (chart.series[i].bold, -i))
    for layer, index in enumerate(order, 1):
        one = chart.series[index]
        if one.bare:
            continue
        with np.errstate(all="ignore"):
            x, y = one.points
            if chart.log_x:
                x, y = np.log10(x[x > 0]), y[x > 0]
            if chart.log_y and y.size and not y.min() >= 0:
                y = np.where(y < 0, np.nan, y)
            x, y = thinned(x, y, x_low, x_high, canvas.columns)
            x = (x - x_low) / (x_high - x_low) * (canvas.columns - 1)
            y = _from_top(y, chart.ranges[1], chart.log_y) * (canvas.rows - 1)
        # In ASCII a cell is a dot: two of them would be a blot.
        canvas.line(x, y, layer, bold=one.bold and not look.ascii, dash=one.dash)
    if look.ascii:
        marks = ascii_marks(chart.series)
        cells = canvas.ascii_cells([marks[index] for index in order])
    else:
        cells = canvas.cells()
    sheet.paint(plan.left, plan.top, *cells, [inks[index] for index in order])


def _draw_points(sheet: Sheet, chart: Chart, plan: Plan, inks: Sequence[Style]) -> None:
    """Set the letters of the series that are points without a line, the first ones on top."""
    letters = point_marks(chart.series)
    low, high = chart.ranges[1]
    for index in reversed(range(len(chart.series))):
        if not chart.series[index].bare:
            continue
        for x, y in zip(*(each.tolist() for each in chart.points[index]), strict=True):
            at, row = plan.column(x), plan.row(y)
            if at is not None and row is not None and low <= y <= high:
                sheet.put(at, plan.top + int(row), letters[index], inks[index])


def _from_top(y: Floats, y_range: Range, log: bool) -> Floats:
    """Return where values lie, 0 at the top, 1 at the foot; 0 on a log axis is at the foot."""
    low, high = y_range
    if not log:
        return (high - y) / (high - low)
    low, high = float(np.log10(low)), float(np.log10(high))
    return (high - np.where(y == 0, low, np.log10(y))) / (high - low)


def _draw_marks(sheet: Sheet, chart: Chart, plan: Plan, look: Look) -> None:
    foot = plan.rows.stop - (0 if plan.rule else 1)
    hairline = "|" if look.ascii else "│"
    cursor = None if chart.cursor is None else plan.column(chart.cursor)
    if cursor is not None:
        sheet.rule(cursor, plan.rows, hairline, look.ink(look.muted))
    for mark in chart.marks:
        at = plan.column(mark.x)
        if at is None:
            continue
        ink = look.ink(mark.color or (look.accent if mark.line else look.text))
        if mark.line:
            sheet.rule(at, plan.rows, hairline, ink)
        sheet.put(at, foot, mark.ascii if look.ascii else mark.glyph, ink)
