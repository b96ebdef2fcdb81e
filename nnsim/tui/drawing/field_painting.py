"""Painting a field: its ground with its lines, then what `field_marks` sets on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnsim.tui.drawing.colors import class_shades, diverging, quantise, sequential, steps
from nnsim.tui.drawing.field_layers import braille, edges, resampled, strokes
from nnsim.tui.drawing.field_margins import blocks, draw_axis, draw_legend, shades
from nnsim.tui.drawing.field_marks import area, draw_cursor, draw_paths, draw_points, stamp
from nnsim.tui.drawing.image import ERROR, MUTED, NONE, TEXT, Picture
from nnsim.tui.drawing.image import palette as palette_of
from nnsim.tui.look import Look

if TYPE_CHECKING:
    from nnsim.tui.drawing.field import Field, FieldLayout

FINE_CLASS_STEPS, COARSE_CLASS_STEPS = 12, 3
HEAVY = 100_000
"""Probabilities mixed for the border at most; beyond, the border is drawn more coarsely."""
CLASS_SHADES = (" ·", " ░", " -", " ⁘", " '", " =", " ~", " ,", ' "', " ^")
"""Unsure and sure, class after class, without colours."""
ASCII_CLASS_SHADES = (" .", " :", " ,", " '", ' "', " ;", " ~", " =", " ^", " `")


def paint_field(field: Field, layout: FieldLayout, look: Look, width: int, height: int) -> Picture:
    """Return the painted picture."""
    count = steps(look)
    if field.kind in ("probability", "classes"):
        count = FINE_CLASS_STEPS if look.fine else COARSE_CLASS_STEPS
        colors = class_shades(look, class_count(field), count)
    elif field.kind == "signed":
        colors = diverging(look, count)
    else:
        colors = sequential(look, count)
    picture = Picture(palette_of(look, colors), width, height)
    if layout.width and layout.height:
        if field.values is not None:
            _ground(picture, field, layout, count)
        if field.points is not None:
            draw_points(picture, field, layout, count)
        draw_paths(picture, field, layout)
        if field.cursor is not None:
            draw_cursor(picture, field, layout)
    if layout.axis:
        draw_axis(picture, field, layout)
    if layout.legend:
        draw_legend(picture, field, layout, count)
    return picture


def _ground(picture: Picture, field: Field, layout: FieldLayout, count: int) -> None:
    """Paint the values, the lines between them, and where they are not finite."""
    half_blocks = blocks(picture.palette.look)
    rows = layout.height * (2 if half_blocks else 1)
    ground = _levels(field, resampled(field.known[..., ::-1, :], rows, layout.width), count)
    if half_blocks:
        _paint(picture, layout, ground)
    else:
        _shade(picture, field, layout, ground, count)
    _lines(picture, field, layout)
    _missing(picture, layout, np.minimum(ground[::2], ground[1::2]) if half_blocks else ground)


def class_count(field: Field) -> int:
    """Return how many classes a field tells apart."""
    if field.kind == "probability":
        return 2
    if field.known.ndim == 3:
        return int(field.known.shape[0])
    return int(np.nanmax(field.known, initial=0)) + 1


def _classes(field: Field, values: NDArray[np.floating]) -> NDArray[np.intp]:
    """Return the most probable class of each sample."""
    if field.kind == "probability":
        return (values >= 0.5).astype(np.intp)
    if values.ndim == 3:
        return np.argmax(values, axis=0)
    return values.astype(np.intp)


def _levels(field: Field, values: NDArray[np.floating], count: int) -> NDArray[np.intp]:
    """Return the level of each sample in its palette; -1 where the value is not finite."""
    finite = np.isfinite(values)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if field.kind in ("probability", "classes"):
            chosen = _classes(field, np.where(finite, values, 0))
            if field.kind == "probability":
                sure = np.abs(2 * values - 1)
            elif values.ndim == 3:
                even = 1 / len(values)
                sure = (values.max(axis=0) - even) / (1 - even) if len(values) > 1 else values[0]
                finite = finite.all(axis=0)
            else:
                sure = np.ones(values.shape)
            levels = chosen * count + quantise(sure, count)
        else:
            low, high = field.span
            if field.log:
                values, low, high = np.log(values), np.log(low), np.log(high)
                finite &= ~np.isnan(values)
            span = float(high - low)
            middle = 0.5 if field.kind == "signed" else 0.0
            shares = (values - low) / span if span > 0 else np.full(values.shape, middle)
            levels = quantise(shares, count)
    levels[~finite] = -1
    return levels


def _paint(picture: Picture, layout: FieldLayout, ground: NDArray[np.intp]) -> None:
    numbers = np.where(ground < 0, NONE, picture.palette.level(ground))
    picture.paint(layout.left, 0, numbers)


def _shade(
    picture: Picture, field: Field, layout: FieldLayout, ground: NDArray[np.intp], count: int
) -> None:
    """Fill the picture with characters that tell class, sign and size."""
    palette = picture.palette
    look = palette.look
    inks = np.where(ground < 0, NONE, palette.level(ground)) if look.color else None
    if field.kind in ("probability", "classes"):
        families = ASCII_CLASS_SHADES if look.ascii else CLASS_SHADES
        chosen, sure = np.divmod(np.maximum(ground, 0), count)
        table = np.array([[ord(mark) for mark in family] for family in families], dtype=np.uint32)
        marks = table[chosen % len(families), (sure >= count / 2).astype(np.intp)]
        if inks is not None:
            colors = np.array([palette.class_color(c) for c in range(class_count(field))])
            inks = colors[chosen]
    else:
        ramp = shades(field, look)
        if inks is not None and field.kind == "signed":
            inks = np.where(ground < count // 2, palette.first_level, palette.count - 1)
        elif inks is not None:
            inks = np.full(ground.shape, MUTED, dtype=np.intp)
        shares = np.maximum(ground, 0) / max(count - 1, 1)
        table = np.array([ord(mark) for mark in ramp], dtype=np.uint32)
        marks = table[quantise(shares, len(ramp))]
    picture.glyphs[area(layout)] = marks
    if inks is not None:
        picture.inks[area(layout)] = inks


def _lines(picture: Picture, field: Field, layout: FieldLayout) -> None:
    """Draw the border between classes and the contour lines."""
    look = picture.palette.look
    classes = field.kind in ("probability", "classes")
    if not classes and not field.levels:
        return
    if not classes and not blocks(look):
        return  # the shades are bands already, and lines would cut them up
    fine = (layout.height, layout.width) if look.ascii else (4 * layout.height, 2 * layout.width)
    # Many classes on a large picture: a line two dots wide is found four times as fast.
    dot = 2 if field.known.ndim == 3 and len(field.known) * fine[0] * fine[1] > HEAVY else 1
    dot = 1 if look.ascii else dot
    values = resampled(field.known[..., ::-1, :], fine[0] // dot, fine[1] // dot)
    finite = np.isfinite(values)
    if classes:
        bands = _classes(field, np.where(finite, values, 0))
        if values.ndim == 3:
            finite = finite.all(axis=0)
    else:
        bands = np.searchsorted(np.array(field.levels), values)
    if dot > 1:
        bands, finite = (each.repeat(dot, axis=0).repeat(dot, axis=1) for each in (bands, finite))
    if look.ascii:
        marks = strokes(bands)
    else:
        dots = edges(bands)
        dots &= finite
        marks = braille(dots)
    stamp(picture, layout, marks > 0, marks, TEXT if classes else MUTED, False)


def _missing(picture: Picture, layout: FieldLayout, ground: NDArray[np.intp]) -> None:
    """Mark where values are not finite: each cell of a few, a lattice over many."""
    where = ground < 0
    count = int(where.sum())
    if not count:
        return
    marks = np.full(where.shape, ord("!"), dtype=np.uint32)
    if count > 8:
        marks[:] = ord(" ")
        marks[::2, ::4] = ord("!")
        marks[1::2, 2::4] = ord("!")
    picture.grounds[area(layout)][where] = NONE
    stamp(picture, layout, where, marks, ERROR, False)
