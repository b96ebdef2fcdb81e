"""What tells a chart's lines apart: the legend above, and names or letters at the lines' ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style

from nnsim.tui.drawing.sheet import Sheet
from nnsim.tui.drawing.text import clip, figure, fitted_names
from nnsim.tui.look import SERIES_MARKS, Look

if TYPE_CHECKING:
    from nnsim.tui.drawing.chart import Chart, Series
    from nnsim.tui.drawing.chart_axes import Plan

SHORT_NAME = 3
"""Names up to here stand at the ends of lines themselves, in place of letters."""
MOST_BY_DASH = 3
"""More lines than these are told apart by what stands at their ends."""
VALUE_WIDTH = 7
"""Cells kept for a value in the legend, so that it stands still while values change."""
GAP = 2
"""Blanks between two entries."""

_SAMPLES: dict[tuple[str, bool], str] = {
    ("solid", False): "──",
    ("dashed", False): "╌╌",
    ("dotted", False): "┈┈",
    ("solid", True): "━━",
    ("dashed", True): "╍╍",
    ("dotted", True): "┅┅",
}
_ASCII_SAMPLES = {"solid": "--", "dashed": "- ", "dotted": ".."}


def end_names(series: Sequence[Series]) -> list[str]:
    """Return what stands at the ends of lines that dashes alone do not tell apart: [] for none.

    Bare points have their letter themselves: nothing stands at their end.
    """
    lines = [one for one in series if not one.bare]
    kinds = {(one.dash, one.bold) for one in lines}
    if len(lines) <= MOST_BY_DASH and len(kinds) == len(lines):
        return []
    if len(lines) < len(series):
        letters = _letters(series)
        return ["" if one.bare else letter for one, letter in zip(series, letters, strict=True)]
    names = [one.name for one in series]
    if len(set(names)) == len(names) and all(0 < cell_len(name) <= SHORT_NAME for name in names):
        return names
    return _letters(series)


def point_marks(series: Sequence[Series]) -> list[str]:
    """Return the letter that each series' bare points are drawn with."""
    return _letters(series)


def ascii_marks(series: Sequence[Series]) -> list[str]:
    """Return what draws each series in ASCII: a letter, or "" for one drawn by its shape.

    That is the bold one, or else the first; names of one character all draw themselves.
    """
    names = end_names(series)
    if names and all(len(name) == 1 and name.isascii() for name in names):
        return names
    shaped = next((index for index, one in enumerate(series) if one.bold), 0)
    return ["" if k == shaped else letter for k, letter in enumerate(_letters(series))]


def draw_ends(sheet: Sheet, chart: Chart, plan: Plan, inks: Sequence[Style]) -> None:
    """Write each line's name or letter at the right of its last value, none over another."""
    wanted: list[tuple[float, int]] = []
    for index, (_, y) in enumerate(chart.points):
        row = plan.row(float(y[-1])) if y.size and plan.names[index] else None
        if row is not None:
            wanted.append((row, index))
    wanted.sort()
    if len(wanted) > plan.height:
        wanted = [wanted[k * len(wanted) // plan.height] for k in range(plan.height)]
    for (_, index), row in zip(wanted, _apart([at for at, _ in wanted], plan.height), strict=True):
        sheet.put(plan.right, plan.top + row, plan.names[index], inks[index])


def _apart(wanted: Sequence[float], height: int) -> list[int]:
    """Return a row for each wanted place (ascending), each its own, as near as order allows."""
    rows: list[int] = []
    for at in wanted:
        rows.append(max(int(at), rows[-1] + 1) if rows else int(at))
    below = height
    for k in range(len(rows) - 1, -1, -1):
        rows[k] = below = min(rows[k], below - 1)
    return rows


def draw_header(
    sheet: Sheet,
    chart: Chart,
    plan: Plan,
    look: Look,
    inks: Sequence[Style],
    values: Sequence[float | None],
) -> None:
    """Write the y axis' name and the legend above the plot: samples, names, values.

    Where there is no room they close up, then names are cut; "+1" stands for a line without entry.
    """
    if not plan.header:
        return
    column = 0
    if chart.y_name:
        name = clip(chart.y_name, sheet.width, ascii=look.ascii)
        start = max(plan.left - 1 - cell_len(name), 0)
        column = sheet.put(start, 0, name, look.ink(look.muted)) + 1
    column = max(column, plan.left)
    samples = [_sample(chart, plan, look, index) for index in range(len(inks))]
    names = [one.name for one in chart.series]
    if plan.names == names:
        names = [""] * len(names)  # the sample is the name
    widths = [
        cell_len(sample) + (cell_len(name) and cell_len(name) + 1)
        for sample, name in zip(samples, names, strict=True)
    ]
    room = sheet.width - column
    with_values = bool(values) and sum(widths) + len(widths) * (VALUE_WIDTH + 1 + GAP) - GAP <= room
    gap = GAP if sum(widths) + (len(widths) - 1) * GAP <= room else 1
    beside = [
        cell_len(sample) + bool(name) + (gap if index else 0)
        for index, (sample, name) in enumerate(zip(samples, names, strict=True))
    ]
    more = ""
    if not with_values:
        names, more = fitted_names(names, beside, room, ascii=look.ascii)
    for index, sample in enumerate(samples[: len(names)]):
        end = sheet.put(column, 0, sample, inks[index])
        if names[index]:
            end = sheet.put(end + 1, 0, names[index], look.ink(look.muted))
        if with_values:
            sheet.put(end + 1, 0, figure(values[index]), look.ink(look.text))
            end += VALUE_WIDTH + 1
        column = end + gap
    sheet.put(column, 0, more, look.ink(look.muted))


def _sample(chart: Chart, plan: Plan, look: Look, index: int) -> str:
    """Return how a line looks, for the legend."""
    one = chart.series[index]
    if one.bare:
        return point_marks(chart.series)[index]
    name = plan.names[index] if plan.names else ""
    if name == one.name:
        return name
    if look.ascii:
        return ascii_marks(chart.series)[index] * 2 or name or _ASCII_SAMPLES[one.dash]
    line = _SAMPLES[one.dash, one.bold]
    return line[0] + name if name else line


def _letters(series: Sequence[Series]) -> list[str]:
    """Return a letter for each series: that of its number, or the next that is free."""
    letters: list[str] = []
    for one in series:
        after = [
            SERIES_MARKS[(one.number + k) % len(SERIES_MARKS)] for k in range(len(SERIES_MARKS))
        ]
        letters.append(next((letter for letter in after if letter not in letters), after[0]))
    return letters
