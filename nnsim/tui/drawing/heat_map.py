"""A matrix as a heat map: numbers in cells, tiles, half blocks or a window, by what fits.

With colours a value's sign is its hue (see `colors.diverging`). Without colours, and in ASCII, sign
and size are characters: positive ░ ▒ ▓ █ (ASCII + * # @), negative · - = ≡ (ASCII . - = %), blank
for exactly 0. NaN is `?`, infinity `!`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray
from textual.strip import Strip

from nnsim.tui.drawing.cell_figures import aligned
from nnsim.tui.drawing.colors import (
    diverging,
    largest,
    signed_levels,
    sized,
    sized_levels,
    steps,
)
from nnsim.tui.drawing.heat_map_layout import HeatMapLayout, plan
from nnsim.tui.drawing.heat_map_margins import draw_cursor, draw_notes, draw_numbers
from nnsim.tui.drawing.image import BLANK, ERROR, MUTED, NONE, TEXT, Picture
from nnsim.tui.drawing.image import palette as palette_of
from nnsim.tui.look import Look

POSITIVE, NEGATIVE = "░▒▓█", "·-=≡"
ASCII_POSITIVE, ASCII_NEGATIVE = "+*#@", ".-=%"


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A matrix to draw; a vector is (n,1), a single number (1,1)."""

    values: NDArray[np.floating]
    name: str = ""
    limit: float | None = None
    """The |value| at the ends of the colour scale; None: the largest there is."""
    cursor: tuple[int, int] | None = None
    signed: bool = True
    """False for values that are never negative: the scale runs from 0."""

    def __post_init__(self) -> None:
        values = np.asarray(self.values)
        if values.ndim < 2:
            values = values.reshape(-1, 1)
        if values.ndim != 2:
            raise ValueError(
                f"A heat map draws a matrix; {self.name or 'the array'} has shape "
                f"{self.values.shape}. Give an array of 2 dimensions, or a vector."
            )
        if values.dtype.kind != "f":
            values = values.astype(np.float64)
        object.__setattr__(self, "values", values)
        if self.cursor is not None:
            if values.size == 0:
                object.__setattr__(self, "cursor", None)
            else:
                row, column = self.cursor
                kept = (
                    min(max(row, 0), values.shape[0] - 1),
                    min(max(column, 0), values.shape[1] - 1),
                )
                object.__setattr__(self, "cursor", kept)

    @cached_property
    def scale(self) -> float:
        """The |value| at the ends of the colour scale, 0 where nothing is but 0."""
        return largest(self.values) if self.limit is None else self.limit


def layout_of(
    heat_map: HeatMap, look: Look, width: int, height: int, offset: tuple[int, int] = (0, 0)
) -> HeatMapLayout:
    """Return where the numbers stand, the window moved so that it holds the cursor."""
    rows, columns = heat_map.values.shape
    return plan(
        (rows, columns),
        width,
        height,
        halves=look.color and not look.ascii,
        offset=offset,
        cursor=heat_map.cursor,
    )


def cell_at(
    heat_map: HeatMap,
    look: Look,
    width: int,
    height: int,
    offset: tuple[int, int],
    x: int,
    y: int,
) -> tuple[int, int] | None:
    """Return the element drawn at a cell, None where none is; of two in a cell the upper one."""
    layout = layout_of(heat_map, look, width, height, offset)
    column = (x - layout.left) // layout.cell_width
    row = 2 * (y - layout.top) // layout.cell_halves
    if not (0 <= row < layout.shown_rows and 0 <= column < layout.shown_columns):
        return None
    return layout.element(layout.first_row + row, layout.first_column + column)


def draw_heat_map(
    heat_map: HeatMap, look: Look, width: int, height: int, offset: tuple[int, int] = (0, 0)
) -> list[Strip]:
    """Return `height` strips of `width` cells; `offset` is the window's first row and column."""
    count = steps(look)
    levels = (diverging if heat_map.signed else sized)(look, count)
    picture = Picture(palette_of(look, levels), width, height)
    if heat_map.values.size == 0:
        rows, columns = heat_map.values.shape
        picture.write(0, 0, f"{heat_map.name} ({rows},{columns}) is empty".strip(), MUTED)
        return picture.strips()
    layout = layout_of(heat_map, look, width, height, offset)
    window = _window(heat_map, layout)
    absent = _absent(layout)
    if look.color and not look.ascii:
        _paint(picture, heat_map, layout, window, absent)
    elif not layout.figures:
        _shade(picture, heat_map, layout, window, absent)
    if layout.figures:
        _print(picture, heat_map, layout, window)
    draw_numbers(picture, layout, heat_map.cursor)
    if heat_map.cursor is not None:
        draw_cursor(picture, layout, heat_map.cursor)
    draw_notes(picture, layout, heat_map, partial(_ramp, picture, heat_map))
    return picture.strips()


def _window(heat_map: HeatMap, layout: HeatMapLayout) -> NDArray[np.floating]:
    values = heat_map.values
    if layout.fold:
        padded = np.zeros(layout.rows * layout.columns, dtype=values.dtype)
        padded[: values.size] = values.ravel()
        if layout.folds_columns:
            values = padded.reshape(layout.rows, layout.columns)
        else:
            values = padded.reshape(layout.columns, layout.rows).T
    return values[
        layout.first_row : layout.first_row + layout.shown_rows,
        layout.first_column : layout.first_column + layout.shown_columns,
    ]


def _absent(layout: HeatMapLayout) -> NDArray[np.bool_] | None:
    """Return which drawn cells of a folded vector lie beyond its end."""
    spare = layout.rows * layout.columns - layout.size
    if not layout.fold or not spare:
        return None
    index = np.arange(layout.rows * layout.columns)
    if layout.folds_columns:
        order = index.reshape(layout.rows, layout.columns)
    else:
        order = index.reshape(layout.columns, layout.rows).T
    shown = order[
        layout.first_row : layout.first_row + layout.shown_rows,
        layout.first_column : layout.first_column + layout.shown_columns,
    ]
    return shown >= layout.size


def _levels(heat_map: HeatMap, values: NDArray[np.floating], count: int) -> NDArray[np.intp]:
    find = signed_levels if heat_map.signed else sized_levels
    return find(values, heat_map.scale, count)


def _paint(
    picture: Picture,
    heat_map: HeatMap,
    layout: HeatMapLayout,
    window: NDArray[np.floating],
    absent: NDArray[np.bool_] | None,
) -> None:
    """Paint the cells in the colours of the map; NaN and infinity as marks."""
    palette = picture.palette
    pixels = palette.level(_levels(heat_map, window, palette.count - palette.first_level))
    finite = np.isfinite(window)
    broken = not bool(finite.all())
    if broken:
        pixels[~finite] = NONE
    if absent is not None:
        pixels[absent] = NONE
    tall = np.repeat(np.repeat(pixels, layout.cell_halves, axis=0), layout.cell_width, axis=1)
    picture.paint(layout.left, layout.top, tall)
    if broken and not layout.figures:
        for row, column in np.argwhere(~finite).tolist():
            x = layout.left + column * layout.cell_width
            y = layout.top + (row * layout.cell_halves) // 2
            mark = "?" if np.isnan(window[row, column]) else "!"
            for line in range(y, y + max(1, layout.cell_halves // 2)):
                picture.write(x, line, mark * layout.cell_width, ERROR, bold=True)


def glyphs(look: Look) -> tuple[str, str]:
    """Return the characters of positive and of negative values, faint to strong."""
    return (ASCII_POSITIVE, ASCII_NEGATIVE) if look.ascii else (POSITIVE, NEGATIVE)


def _shade(
    picture: Picture,
    heat_map: HeatMap,
    layout: HeatMapLayout,
    window: NDArray[np.floating],
    absent: NDArray[np.bool_] | None,
) -> None:
    """Fill the cells with characters that tell sign and size; in colour where there is one."""
    positive, negative = glyphs(picture.palette.look)
    shades = np.array([ord(mark) for mark in negative[::-1] + " " + positive], dtype=np.uint32)
    ends = (NONE, NONE)
    palette = picture.palette
    if palette.look.color:
        ends = (palette.first_level if heat_map.signed else TEXT, palette.count - 1)
    with np.errstate(invalid="ignore", over="ignore"):
        sizes = np.minimum(np.abs(window) / (heat_map.scale or 1.0), 1.0)
        # Anything but 0 shows its sign, however small it is.
        ranks = np.ceil(np.nan_to_num(sizes) * len(positive))
        ranks = np.where(window != 0, np.maximum(ranks, 1), 0)
        ranks = (np.where(window < 0, -ranks, ranks)).astype(np.intp)
    marks = shades[ranks + len(negative)]
    inks = np.where(ranks < 0, ends[0], ends[1])
    finite = np.isfinite(window)
    marks[~finite] = np.where(np.isnan(window[~finite]), ord("?"), ord("!"))
    inks[~finite] = ERROR if palette.look.color else NONE
    if absent is not None:
        marks[absent] = BLANK
    lines = max(1, layout.cell_halves // 2)
    area = (
        slice(layout.top, layout.top + lines * layout.shown_rows),
        slice(layout.left, layout.left + layout.cell_width * layout.shown_columns),
    )
    shape = picture.glyphs[area].shape
    for target, source in ((picture.glyphs, marks), (picture.inks, inks)):
        grown = np.repeat(np.repeat(source, lines, axis=0), layout.cell_width, axis=1)
        target[area] = grown[: shape[0], : shape[1]]


def _print(
    picture: Picture, heat_map: HeatMap, layout: HeatMapLayout, window: NDArray[np.floating]
) -> None:
    """Print the numbers in their cells, the decimals aligned."""
    begin, end = layout.figure_span
    before, after = " " * begin, " " * (layout.cell_width - end)
    lines = max(1, layout.cell_halves // 2)
    table = aligned(window, heat_map.scale, end - begin)
    broken = ~np.isfinite(window)
    for row, figures in enumerate(table):
        text = "".join(before + figure.rjust(end - begin) + after for figure in figures)
        y = layout.top + row * lines + (lines - 1) // 2
        picture.write(layout.left, y, text, TEXT)
        for column in np.flatnonzero(broken[row]).tolist():
            x = layout.left + column * layout.cell_width + begin
            picture.write(x, y, figures[column].rjust(end - begin), ERROR, bold=True)


def _ramp(picture: Picture, heat_map: HeatMap, x: int, y: int, width: int) -> None:
    """Paint the scale, from its low end to its high end, as wide as asked."""
    palette = picture.palette
    look = palette.look
    low = -1.0 if heat_map.signed else 0.0
    if look.color and not look.ascii:
        shares = np.linspace(low, 1.0, width)[None, :]
        find = signed_levels if heat_map.signed else sized_levels
        numbers = palette.level(find(shares, 1.0, palette.count - palette.first_level))
        picture.paint(x, y, np.repeat(numbers, 2, axis=0))
        return
    positive, negative = glyphs(look)
    marks = (negative[::-1] if heat_map.signed else "") + " " + positive
    places = np.rint(np.linspace(0, len(marks) - 1, width)).astype(int).tolist()
    for step, place in enumerate(places):
        ink = NONE
        if look.color:
            below = heat_map.signed and place < len(negative)
            ink = palette.first_level if below else palette.count - 1
        picture.write(x + step, y, marks[place], ink)
