"""Runs side by side: a column each with its name, a picture, figures, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.strip import Strip

from nnsim.tui.drawing.run_legend import color_of, sample_of
from nnsim.tui.drawing.text import pad, shorten
from nnsim.tui.look import Look

LABELS, MOST_LABELS = 18, 28
"""Cells of the names of rows; in a wide space up to the second, where they are long."""
ROOMY = 100
"""Cells from which long names of rows are given more room."""
NARROWEST, WIDEST = 23, 48
"""Cells of a column."""
LOWEST_PICTURE = 6
GAP = 2

Paint = Callable[[Look, int, int], list[Strip]]


@dataclass(frozen=True)
class Line:
    """A line of the table."""

    name: str
    values: tuple[str, ...] = ()
    best: tuple[bool, ...] = ()
    heading: bool = False


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is shown of some runs."""

    names: tuple[tuple[int, str], ...]
    """Number and name of each run."""
    current: int
    """Place of the run that is looked at."""
    lines: tuple[Line, ...]
    pictures: tuple[Paint | None, ...]
    """What draws each run's picture; None where it has none."""
    picture_name: str = ""
    picture_height: int = 0
    """As high as the pictures need to be; 0: half of their width, as cells are high."""
    first: int = 0
    """Place of the first run shown, as far as there is a choice."""
    alone: str = ""
    """Said beside a single run."""


@dataclass(frozen=True)
class Layout:
    """Which runs are seen and how large everything is."""

    shown: range
    width: int
    """Of a column."""
    picture: int
    """Height of the pictures; 0: none."""
    rows: int
    """Lines of the table."""
    labels: int = LABELS
    """Cells of the names of rows."""


def layout(comparison: Comparison, width: int, height: int) -> Layout:
    """Return what fits: names, then the table, then pictures as high as there is room."""
    count = len(comparison.names)
    labels = LABELS
    if width >= ROOMY:
        longest = max((len(line.name) for line in comparison.lines if not line.heading), default=0)
        labels = min(max(LABELS, longest + 2), MOST_LABELS)
    room = max(width - labels - 1, 1)
    seen = min(max((room + GAP) // (NARROWEST + GAP), 1), count)
    first = min(max(comparison.first, 0), count - seen)
    column = min(max((room - GAP * (seen - 1)) // seen, 1), WIDEST)
    below = height - 1
    rows = min(len(comparison.lines), below)
    left = below - rows - 1
    picture = left if comparison.picture_name and left >= LOWEST_PICTURE else 0
    picture = min(picture, max(comparison.picture_height or column // 2, LOWEST_PICTURE))
    return Layout(range(first, first + seen), column, picture, rows, labels)


def column_at(comparison: Comparison, width: int, height: int, x: int) -> int | None:
    """Return the place of the run whose column is at a cell, or None."""
    plan = layout(comparison, width, height)
    at, inside = divmod(x - plan.labels, plan.width + GAP)
    if x < plan.labels or at >= len(plan.shown) or inside >= plan.width:
        return None
    return plan.shown[at]


def draw_comparison(comparison: Comparison, look: Look, width: int, height: int) -> list[Strip]:
    """Draw the columns in exactly `width` by `height` cells."""
    plan = layout(comparison, width, height)
    strips = [_names(comparison, plan, look)]
    if plan.picture:
        strips += _pictures(comparison, plan, look)
        strips.append(Strip.blank(width))
    lines = comparison.lines[: plan.rows]
    left_out = len(comparison.lines) - plan.rows
    if left_out and lines:
        more = Line(f"{left_out + 1} lines more in a higher terminal", heading=True)
        lines = (*lines[:-1], more)
    strips += [_line(line, plan, look) for line in lines]
    strips = [strip.adjust_cell_length(width) for strip in strips[:height]]
    if comparison.alone:
        strips = _with_note(strips, comparison.alone, plan, look, width)
    return strips + [Strip.blank(width)] * (height - len(strips))


def _label(text: str, plan: Layout, look: Look) -> Segment:
    return Segment(pad(f" {text}", plan.labels, ascii=look.ascii), look.ink(look.muted))


def _names(comparison: Comparison, plan: Layout, look: Look) -> Strip:
    before, after = plan.shown.start, len(comparison.names) - plan.shown.stop
    arrows = ("<", ">") if look.ascii else ("◂", "▸")
    hints = [f"{arrows[0]} {before}"] * bool(before) + [f"{after} {arrows[1]}"] * bool(after)
    segments = [_label("   ".join(hints), plan, look)]
    for place in plan.shown:
        number, name = comparison.names[place]
        current = place == comparison.current
        sample = sample_of(number, look)
        ends = ("[", "]") if current else (" ", " ")
        text = look.ink(look.text if current else look.muted, bold=current)
        name = shorten(name, plan.width - len(sample) - 3, ascii=look.ascii)
        rest = f" {name}{ends[1]}"
        segments += [
            Segment(ends[0], text),
            Segment(sample, look.ink(color_of(number, look), bold=current)),
            Segment(rest, text),
            Segment(" " * (plan.width + GAP - 1 - len(sample) - len(rest))),
        ]
    return Strip(segments)


def _pictures(comparison: Comparison, plan: Layout, look: Look) -> list[Strip]:
    columns: list[list[Strip]] = []
    width = plan.width - 1
    for place in plan.shown:
        paint = comparison.pictures[place]
        drawn = paint(look, width, plan.picture) if paint is not None else []
        if paint is None:
            text = pad("no picture", width, ascii=look.ascii)
            drawn = [Strip([Segment(text, look.ink(look.muted))])]
        drawn = [strip.adjust_cell_length(width) for strip in drawn[: plan.picture]]
        columns.append(drawn + [Strip.blank(width)] * (plan.picture - len(drawn)))
    strips = []
    for row in range(plan.picture):
        label = _label(comparison.picture_name if row == 0 else "", plan, look)
        parts = [Strip([label])]
        for column in columns:
            parts += [Strip([Segment(" ")]), column[row], Strip([Segment(" " * GAP)])]
        strips.append(Strip.join(parts))
    return strips


def _line(line: Line, plan: Layout, look: Look) -> Strip:
    if line.heading:
        return Strip([Segment(f" {line.name}", look.ink(look.muted, bold=True))])
    segments = [_label(line.name, plan, look)]
    for place in plan.shown:
        best = bool(line.best) and line.best[place]
        text = pad(line.values[place], plan.width - 2, ascii=look.ascii)
        segments += [
            Segment("*" if best else " ", look.ink(look.accent, bold=True)),
            Segment(f" {text}", look.ink(look.text, bold=best)),
            Segment(" " * GAP),
        ]
    return Strip(segments)


def _with_note(
    strips: Sequence[Strip], note: str, plan: Layout, look: Look, width: int
) -> list[Strip]:
    """Write a note at the right of a single column, or in the last lines."""
    start = plan.labels + plan.width + 2 * GAP
    room = width - start - 1
    if room < 20:
        return list(strips)
    words, lines = note.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    muted = look.ink(look.muted)
    noted = list(strips)
    for row, text in enumerate(lines, start=1):
        if row < len(noted):
            tail = Strip([Segment(pad(text, width - start, ascii=look.ascii), muted)])
            noted[row] = Strip.join([noted[row].crop(0, start), tail])
    return noted
