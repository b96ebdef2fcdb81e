"""What is set on a field: points, ways walked, the place that is pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnsim.tui.drawing.colors import quantise
from nnsim.tui.drawing.field_layers import braille, cells_of, shares_of, trace, winners
from nnsim.tui.drawing.field_margins import (
    ASCII_BEST,
    BEST,
    VALUE_MARKS,
    blocks,
    end_mark,
    ink_of,
)
from nnsim.tui.drawing.image import TEXT, Picture
from nnsim.tui.look import SERIES_MARKS

if TYPE_CHECKING:
    from nnsim.tui.drawing.field import Field, FieldLayout, Path, Points


def area(layout: FieldLayout) -> tuple[slice, slice]:
    """Return the picture's cells, without axes and legend."""
    return slice(0, layout.height), slice(layout.left, layout.left + layout.width)


def _ground_of(picture: Picture, layout: FieldLayout, where: NDArray[np.bool_]) -> None:
    """Make cells stand on one colour, where half blocks showed two: the level between them."""
    rows, columns = where.nonzero()
    columns = columns + layout.left
    inks, grounds = picture.inks[rows, columns], picture.grounds[rows, columns]
    first = picture.palette.first_level
    shown, under = inks >= first, grounds >= first
    # Neighbouring levels of one scale have a middle; of two classes the lower half's is taken.
    middle = shown & under & (np.abs(inks - grounds) <= 2)
    grounds = np.where(middle, (inks + grounds) // 2, grounds)
    picture.grounds[rows, columns] = np.where(shown & ~under, inks, grounds)


def stamp(
    picture: Picture,
    layout: FieldLayout,
    where: NDArray[np.bool_],
    marks: NDArray[np.uint32],
    ink: int | NDArray[np.intp],
    bold: bool,
) -> None:
    """Set marks on cells of the picture, on one ground each."""
    if blocks(picture.palette.look):
        _ground_of(picture, layout, where)
    here = area(layout)
    picture.glyphs[here][where] = marks[where]
    picture.inks[here][where] = ink if isinstance(ink, int) else ink[where]
    picture.bolds[here][where] = bold


def _places(
    field: Field, layout: FieldLayout, x: NDArray[np.floating], y: NDArray[np.floating]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the cells (columns, rows) of places of the plane; -1 outside."""
    columns = cells_of(shares_of(x, field.x_range, field.log_x), layout.width)
    rows = cells_of(1 - shares_of(y, field.y_range, field.log_y), layout.height)
    return columns, rows


def draw_points(picture: Picture, field: Field, layout: FieldLayout, count: int) -> None:
    """Set points: by their label, or in colours of their value."""
    points = field.points
    assert points is not None
    x = np.atleast_1d(np.asarray(points.x, dtype=np.float64))
    y = np.atleast_1d(np.asarray(points.y, dtype=np.float64))
    columns, rows = _places(field, layout, x, y)
    if points.values is not None:
        _valued(picture, field, layout, columns, rows, count)
    else:
        label = np.broadcast_to(np.asarray(points.label).astype(np.intp), x.shape)
        _labelled(picture, points, layout, columns, rows, label)
    best = points.best
    if best is not None and columns[best] >= 0 and rows[best] >= 0:
        mark = ASCII_BEST if picture.palette.look.ascii else BEST
        _mark(picture, layout, int(columns[best]), int(rows[best]), mark, TEXT)


def _labelled(
    picture: Picture,
    points: Points,
    layout: FieldLayout,
    columns: NDArray[np.intp],
    rows: NDArray[np.intp],
    label: NDArray[np.intp],
) -> None:
    at_row, at_column, label = winners(columns, rows, label, layout.width, layout.height)
    if label.size == 0:
        return
    palette = picture.palette
    where, marks, inks = _nothing(layout)
    where[at_row, at_column] = True
    glyph = np.array([ord(mark) for mark in points.marks], dtype=np.uint32)
    marks[at_row, at_column] = glyph[label % len(points.marks)]
    color = np.array([palette.class_color(number) for number in range(len(palette.look.classes))])
    inks[at_row, at_column] = color[label % len(color)]
    stamp(picture, layout, where, marks, inks, True)


def _valued(
    picture: Picture,
    field: Field,
    layout: FieldLayout,
    columns: NDArray[np.intp],
    rows: NDArray[np.intp],
    count: int,
) -> None:
    """Paint each point's cell in the colour of its value; of several in a cell the last one's."""
    points = field.points
    assert points is not None
    values = np.broadcast_to(np.asarray(points.values, dtype=np.float64), columns.shape)
    inside = (columns >= 0) & (rows >= 0) & ~np.isnan(values)
    rows, columns, values = rows[inside], columns[inside], values[inside]
    if not values.size:
        return
    low, high = field.span
    shares = shares_of(values, (low, high), field.log) if low < high else np.zeros(values.shape)
    where, marks, inks = _nothing(layout)
    where[rows, columns] = True
    glyph = np.array([ord(mark) for mark in VALUE_MARKS], dtype=np.uint32)
    marks[rows, columns] = glyph[quantise(shares, len(glyph))]
    inks[:] = TEXT
    stamp(picture, layout, where, marks, inks, True)
    if blocks(picture.palette.look):
        levels = picture.palette.level(quantise(shares, count))
        picture.grounds[area(layout)][rows, columns] = levels


def _nothing(
    layout: FieldLayout,
) -> tuple[NDArray[np.bool_], NDArray[np.uint32], NDArray[np.intp]]:
    shape = (layout.height, layout.width)
    return np.zeros(shape, np.bool_), np.zeros(shape, np.uint32), np.zeros(shape, np.intp)


def draw_paths(picture: Picture, field: Field, layout: FieldLayout) -> None:
    """Draw the ways walked, thin ones below, the first of the others above all; then their ends."""
    order = sorted(range(len(field.paths)), key=lambda k: (not field.paths[k].thin, -k))
    for k in order:
        _line(picture, field, layout, field.paths[k])
    for k in order:
        _ends(picture, field, layout, field.paths[k])


def _line(picture: Picture, field: Field, layout: FieldLayout, path: Path) -> None:
    look = picture.palette.look
    right = shares_of(np.atleast_1d(path.x), field.x_range, field.log_x)
    down = 1 - shares_of(np.atleast_1d(path.y), field.y_range, field.log_y)
    if blocks(look):
        width, height = 2 * layout.width, 4 * layout.height
        marks = braille(trace(right * width, down * height, width, height))
    else:
        # Contours are braille or shades already; the path must differ without colour.
        dots = trace(right * layout.width, down * layout.height, layout.width, layout.height)
        marks = np.where(dots, ord(_stroke(path)), 0).astype(np.uint32)
    stamp(picture, layout, marks > 0, marks, ink_of(picture, path), not path.thin)


def _ends(picture: Picture, field: Field, layout: FieldLayout, path: Path) -> None:
    """Mark the start, and where it has come to."""
    x = np.atleast_1d(np.asarray(path.x, dtype=np.float64))
    y = np.atleast_1d(np.asarray(path.y, dtype=np.float64))
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not known.size:
        return
    at = known[[0, -1]]
    columns, rows = _places(field, layout, x[at], y[at])
    ends = ("" if path.thin else "S", end_mark(path, picture.palette.look))
    for column, row, mark in zip(columns.tolist(), rows.tolist(), ends, strict=True):
        if mark and column >= 0 and row >= 0:
            _mark(picture, layout, column, row, mark, ink_of(picture, path), not path.thin)


def _stroke(path: Path) -> str:
    if path.thin:
        return "."
    return "o" if path.number is None else SERIES_MARKS[path.number % len(SERIES_MARKS)]


def _mark(
    picture: Picture,
    layout: FieldLayout,
    column: int,
    row: int,
    mark: str,
    ink: int,
    bold: bool = True,
) -> None:
    where = np.zeros((layout.height, layout.width), dtype=np.bool_)
    where[row, column] = True
    stamp(picture, layout, where, np.full(where.shape, ord(mark), dtype=np.uint32), ink, bold)


def draw_cursor(picture: Picture, field: Field, layout: FieldLayout) -> None:
    """Put the place that is pointed at in brackets."""
    assert field.cursor is not None
    x, y = field.cursor
    columns, rows = _places(field, layout, np.array([x]), np.array([y]))
    column, row = int(columns[0]), int(rows[0])
    if column < 0 or row < 0:
        return
    if column > 0:
        _mark(picture, layout, column - 1, row, "[", TEXT)
    if column + 1 < layout.width:
        _mark(picture, layout, column + 1, row, "]", TEXT)
