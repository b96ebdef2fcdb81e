"""What stands around a field: axis figures with their names, and what marks and colours mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nnsim.tui.drawing.cell_figures import at_most
from nnsim.tui.drawing.colors import quantise
from nnsim.tui.drawing.heat_map import glyphs
from nnsim.tui.drawing.image import ACCENT, MUTED, TEXT, Picture
from nnsim.tui.drawing.text import figure, fitted_names
from nnsim.tui.look import SERIES_MARKS, Look

if TYPE_CHECKING:
    from nnsim.tui.drawing.field import Field, FieldLayout, Path

LEGEND_RAMP = 12
SHADES, ASCII_SHADES = " ·░▒▓", " .:-=+"
"""Low to high, without colours."""
VALUE_MARKS = ".:+*#"
"""Points by their value, low to high: the colour says it too."""
BEST, ASCII_BEST = "★", "B"


def blocks(look: Look) -> bool:
    """Return whether coloured half blocks may be drawn."""
    return look.color and not look.ascii


def shades(field: Field, look: Look) -> str:
    """Return the characters of a field's values without colours, from low to high."""
    if field.kind == "signed":
        positive, negative = glyphs(look)
        return negative[::-1] + " " + positive
    return ASCII_SHADES if look.ascii else SHADES


def draw_axis(picture: Picture, field: Field, layout: FieldLayout) -> None:
    """Write the ends of both axes and their names."""
    (x_low, x_high), (y_low, y_high) = field.x_range, field.y_range
    left, line = layout.left, layout.height
    begin, end = at_most(x_low, 6), at_most(x_high, 6)
    picture.write(left, line, begin, MUTED)
    picture.write(left + layout.width - len(end), line, end, MUTED)
    room = layout.width - len(begin) - len(end) - 2
    name = field.x_name
    narrow = left - 1
    if left:
        picture.write(0, 0, at_most(y_high, narrow).rjust(narrow), MUTED)
        if layout.height > 1:
            picture.write(0, layout.height - 1, at_most(y_low, narrow).rjust(narrow), MUTED)
        if layout.height > 2 and len(field.y_name) <= narrow:
            picture.write(0, (layout.height - 1) // 2, field.y_name.rjust(narrow), MUTED)
    if field.y_name and not (left and len(field.y_name) <= narrow):
        up = "up: " if picture.palette.look.ascii else "↑ "
        both = f"{name}  {up}{field.y_name}" if name else f"{up}{field.y_name}"
        name = both if len(both) <= room else name
    if len(name) > room:
        name = name[:room].rstrip() if room >= 3 else ""
    first = left + len(begin) + 1
    last = left + layout.width - len(end) - 1 - len(name)
    x = min(max(left + (layout.width - len(name)) // 2, first), last)
    picture.write(x, line, name, MUTED)


def reading_text(field: Field) -> str:
    """Return what the field says at its cursor: x1 0.5  x2 -0.31  p 0.87."""
    reading = field.at(*(field.cursor or (0.0, 0.0)))
    kinds = {"probability": "p", "classes": "class"}
    value_name = field.value_name or kinds.get(field.kind, "value")
    named = [(field.x_name or "x", reading.x), (field.y_name or "y", reading.y)]
    if field.values is not None:
        named.append((value_name, reading.value))
    return "  ".join(f"{name} {figure(value, 3)}" for name, value in named)


def draw_legend(picture: Picture, field: Field, layout: FieldLayout, count: int) -> None:
    """Write what the marks mean, names cut where there is no room, and the colours if they fit."""
    palette = picture.palette
    x, y, edge = layout.left, layout.height + 1, layout.left + layout.width
    if field.cursor is not None:
        picture.write(x, y, reading_text(field)[: layout.width], TEXT)
        return
    # Another run's way that looks the same needs no second entry.
    marks = list(dict.fromkeys(_marks(picture, field)))
    beside = [len(mark) + (3 if index else 1) for index, (mark, _, _) in enumerate(marks)]
    every = [name for _, _, name in marks]
    names, more = fitted_names(every, beside, edge - x, ascii=palette.look.ascii)
    for (mark, ink, _), name in zip(marks, names, strict=False):
        picture.write(x, y, mark, ink, bold=True)
        picture.write(x + 2, y, name, MUTED)
        x += len(name) + 4
    if more:
        picture.write(x - (1 if names else 0), y, more, MUTED)
        return
    valued = field.points is not None and field.points.values is not None
    if field.values is None and not valued:
        return
    if field.kind == "classes" or (field.kind == "probability" and not blocks(palette.look)):
        return
    low, high = (0.0, 1.0) if field.kind == "probability" else field.span
    name = field.value_name or ("p" if field.kind == "probability" else "")
    before = f"{name} {figure(low, 2)}".strip()
    after = figure(high, 2) + (" log" if field.log else "")
    if x + len(before) + len(after) + 2 + LEGEND_RAMP > edge:
        return
    picture.write(x, y, before, MUTED)
    draw_ramp(picture, field, x + len(before) + 1, y, count)
    picture.write(x + len(before) + LEGEND_RAMP + 2, y, after, MUTED)


def _marks(picture: Picture, field: Field) -> Iterator[tuple[str, int, str]]:
    """Yield mark, colour number and name of what is set on a field."""
    palette = picture.palette
    points = field.points
    if points is not None and points.values is None:
        for number, name in enumerate(points.names):
            mark = points.marks[number % len(points.marks)]
            yield mark, palette.class_color(number), name
    if points is not None and points.best is not None:
        yield ASCII_BEST if palette.look.ascii else BEST, TEXT, "best"
    for path in field.paths:
        if path.name:
            yield end_mark(path, palette.look), ink_of(picture, path), path.name


def draw_ramp(picture: Picture, field: Field, x: int, y: int, count: int) -> None:
    """Paint the scale of colours, or of shades, from its low end to its high end."""
    palette = picture.palette
    shares = np.linspace(0, 1, LEGEND_RAMP)
    if not blocks(palette.look):
        valued = field.values is None
        marks = VALUE_MARKS if valued else shades(field, palette.look)
        text = "".join(marks[place] for place in quantise(shares, len(marks)).tolist())
        picture.write(x, y, text, MUTED)
        return
    if field.kind == "probability":
        levels = (shares >= 0.5) * count + quantise(np.abs(2 * shares - 1), count)
    else:
        levels = quantise(shares, count)
    picture.paint(x, y, np.repeat(palette.level(levels)[None, :], 2, axis=0))


def ink_of(picture: Picture, path: Path) -> int:
    """Return the colour number of a way: its series', or the accent's."""
    if path.number is None:
        return MUTED if path.thin else ACCENT
    return picture.palette.series_color(path.number)


def end_mark(path: Path, look: Look) -> str:
    """Return what stands where a way has come to: its series' letter, or the mark of "here"."""
    if path.number is None:
        return "@" if look.ascii else "●"
    return SERIES_MARKS[path.number % len(SERIES_MARKS)]
