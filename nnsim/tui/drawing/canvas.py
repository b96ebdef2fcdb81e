"""A canvas of braille dots, for lines.

A cell holds 2 by 4 dots. Lines are drawn in dots: x to the right from 0, y downward from 0. Each
belongs to a layer; a cell takes the colour of its highest layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Dash: TypeAlias = Literal["solid", "dashed", "dotted"]
Floats: TypeAlias = NDArray[np.float64]


_PATTERNS: dict[str, tuple[int, int]] = {"dashed": (6, 4), "dotted": (2, 1)}
"""Dots from one dash to the next, and of those drawn."""
_STEEP = 4
"""A column of so many dots is dashed along y."""
_WORTH_THINNING = 16
"""Points a column; fewer are drawn sooner than thinned."""


def _shape(rows: int) -> str:
    """Return the ASCII character nearest to dots in these rows of a cell (bit 0: the highest)."""
    if rows == 0:
        return " "
    set_rows = [row for row in range(4) if rows >> row & 1]
    if set_rows[-1] - set_rows[0] >= 2:
        return "|"
    return "'--."[set_rows[0]] if len(set_rows) == 1 else "'-."[set_rows[0]]


def _braille(dots: int) -> str:
    """Return the character with these dots: bits 0 to 3 the left column downward, 4 to 7 right."""
    if dots == 0:
        return " "
    # Unicode counts both columns' lowest dots last.
    order = (0, 1, 2, 6, 3, 4, 5, 7)
    return chr(0x2800 + sum(1 << order[bit] for bit in range(8) if dots >> bit & 1))


_BRAILLE = np.array([ord(_braille(dots)) for dots in range(256)], np.uint32)
_ASCII_SHAPES = np.array([ord(_shape((dots & 15) | (dots >> 4))) for dots in range(256)], np.uint32)


class Canvas:
    """Dots of `width` by `height` cells."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.columns, self.rows = 2 * width, 4 * height
        self._layers = np.zeros((self.rows, self.columns), np.uint8)
        self._row = np.arange(self.rows, dtype=float)[:, None]

    def line(
        self, x: ArrayLike, y: ArrayLike, layer: int, *, bold: bool = False, dash: Dash = "solid"
    ) -> None:
        """Draw a line through points given in dots; a NaN is a gap in it.

        Points may lie outside. With x ascending, each column of dots shows the line's whole
        extent there, however many points it has.

        Parameters
        ----------
        x, y
            Points in dots: the centre of the dot at the top left is (0, 0).
        layer
            From 1; drawn over all that was drawn before.
        bold
            Two dots thick.
        dash
            Dots are left out along x, or along y where the line is steep. Ascending x only.
        """
        xs, ys = np.asarray(x, float), np.asarray(y, float)
        if not (xs.size and self.rows and self.columns):
            return
        with np.errstate(all="ignore"):
            if (xs[1:] >= xs[:-1]).all():
                top, bottom = _spans(xs, ys, self.columns, self.rows)
                self._draw_spans(top, bottom, layer, bold, dash)
            else:
                self._draw_path(xs, ys, layer, bold)

    def dots(self, x: ArrayLike, y: ArrayLike, layer: int) -> None:
        """Draw points given in dots."""
        xs, ys = np.rint(np.asarray(x, float)), np.rint(np.asarray(y, float))
        inside = (xs >= 0) & (xs < self.columns) & (ys >= 0) & (ys < self.rows)
        self._layers[ys[inside].astype(int), xs[inside].astype(int)] = layer

    def cells(self) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Return each cell's character (a code point) and its highest layer, 0 for none."""
        dots = self._by_cell()
        return _BRAILLE[_bits(dots)], dots.max(axis=2)

    def ascii_cells(self, marks: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Return the same in ASCII: a layer's mark, or "'", "-", ".", "|" where it has none.

        Parameters
        ----------
        marks
            By layer, from 1: a character, or "" for the shape of the line.
        """
        dots = self._by_cell()
        layers = dots.max(axis=2)
        shapes = _ASCII_SHAPES[_bits((dots == layers[:, :, None]) & (dots > 0))]
        codes = np.array([0, *(ord(mark) if mark else 0 for mark in marks)], np.uint32)[layers]
        return np.where(codes, codes, shapes).astype(np.uint32), layers

    def _by_cell(self) -> NDArray[np.uint8]:
        """Return the layer of each dot by cell: the left column downward, then the right."""
        dots = self._layers.reshape(self.height, 4, self.width, 2).transpose(0, 2, 3, 1)
        return dots.reshape(self.height, self.width, 8)

    def _draw_spans(self, top: Floats, bottom: Floats, layer: int, bold: bool, dash: Dash) -> None:
        """Draw each column's dots from `top` to `bottom`, as far as they lie inside."""
        steep = bottom - top >= _STEEP - 1
        any_steep = bool(steep.any())
        if bold:
            at_edge = top <= 0
            top, bottom = top - ~at_edge, bottom + at_edge
        top = np.maximum(top, 0)
        bottom = np.minimum(bottom, self.rows - 1)
        drawn = (self._row >= top) & (self._row <= bottom)
        if dash != "solid":
            every, on = _PATTERNS[dash]
            kept = np.arange(self.columns) % every < on
            drawn &= kept | steep
            if any_steep:
                at = np.flatnonzero(steep)
                drawn[:, at] &= ((self._row - top[at]) % every < on) | (self._row == bottom[at])
        if bold and any_steep:
            drawn[:, 1:] |= drawn[:, :-1] & steep[:-1]
        np.putmask(self._layers, drawn, layer)

    def _draw_path(self, x: Floats, y: Floats, layer: int, bold: bool) -> None:
        """Draw straight pieces between points in any order."""
        pieces = _inside(x, y, self.columns - 1, self.rows - 1)
        x0, y0, x1, y1 = pieces
        counts = np.maximum(np.ceil(np.maximum(abs(x1 - x0), abs(y1 - y0))), 1).astype(int) + 1
        piece = np.repeat(np.arange(counts.size), counts)
        nth = np.arange(piece.size) - np.repeat(np.cumsum(counts) - counts, counts)
        share = nth / (counts - 1)[piece]
        along_x = x0[piece] + share * (x1 - x0)[piece]
        along_y = y0[piece] + share * (y1 - y0)[piece]
        self.dots(along_x, along_y, layer)
        self.dots(x, y, layer)
        if bold:
            self.dots(along_x + 1, along_y, layer)
            self.dots(along_x, along_y + 1, layer)


def thinned(x: Floats, y: Floats, low: float, high: float, columns: int) -> tuple[Floats, Floats]:
    """Return at most four points a column that draw the same line as all of them (x ascending).

    A column keeps its first, least, greatest and last value; a NaN first or last stays a gap.

    Parameters
    ----------
    x, y
        Points, any number.
    low, high
        The x of the first and of the last column's middle.
    columns
        Columns of dots.
    """
    if x.size <= _WORTH_THINNING * columns or columns < 2:
        return x, y
    width = (high - low) / (columns - 1)
    middles = low + width * np.arange(columns)
    starts = np.searchsorted(x, np.append(middles - width / 2, high + width / 2))
    at = np.flatnonzero(starts[1:] > starts[:-1])
    if not at.size:
        return x, y
    begin, end = starts[at], starts[-1]
    kept = np.empty((at.size, 4))
    kept[:, 0], kept[:, 3] = y[begin], y[starts[at + 1] - 1]
    kept[:, 1], kept[:, 2] = np.fmin.reduceat(y[:end], begin), np.fmax.reduceat(y[:end], begin)
    before, after = slice(max(begin[0] - 1, 0), begin[0]), slice(end, end + 1)
    return (
        np.concatenate((x[before], np.repeat(middles[at], 4), x[after])),
        np.concatenate((y[before], kept.ravel(), y[after])),
    )


def _bits(dots: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return eight dots as a byte, for each cell."""
    return np.packbits(dots != 0, axis=2, bitorder="little")[:, :, 0]


def _spans(x: Floats, y: Floats, columns: int, rows: int) -> tuple[Floats, Floats]:
    """Return the highest and the lowest dot of a line in each column (x ascending), NaN for none.

    Neighbouring columns meet half way, so that the line is as thin as it can be without holes.
    """
    starts = np.searchsorted(x, np.arange(columns + 1) - 0.5)
    at = np.flatnonzero(starts[1:] > starts[:-1])
    found = np.empty((4, columns))
    if at.size < columns:
        # Columns without a point: where the line crosses their middle.
        found[:] = np.interp(np.arange(columns), x, y, left=np.nan, right=np.nan)
    if at.size:
        begin, inside = starts[at], y[: starts[-1]]
        found[0, at], found[1, at] = y[begin], y[starts[at + 1] - 1]
        found[2, at] = np.fmin.reduceat(inside, begin)
        found[3, at] = np.fmax.reduceat(inside, begin)
    # Whole dots; far outside is as good as just outside.
    np.rint(found, out=found)
    np.maximum(found, -2 * rows - 2, out=found)
    np.minimum(found, 3 * rows + 2, out=found)
    first, last, top, bottom = found
    down = first[1:] - last[:-1]
    left = last[:-1] + np.trunc(down / 2)
    right = left + np.sign(down)
    np.fmin(top[:-1], left, out=top[:-1])
    np.fmax(bottom[:-1], left, out=bottom[:-1])
    np.fmin(top[1:], right, out=top[1:])
    np.fmax(bottom[1:], right, out=bottom[1:])
    return top, bottom


def _inside(x: Floats, y: Floats, right: float, low: float) -> tuple[Floats, ...]:
    """Return the parts of a path's pieces inside the canvas (Liang and Barsky): x0, y0, x1, y1."""
    x0, y0, x1, y1 = x[:-1], y[:-1], x[1:], y[1:]
    finite = np.isfinite(x0 + y0 + x1 + y1)
    x0, y0, x1, y1 = x0[finite], y0[finite], x1[finite], y1[finite]
    dx, dy = x1 - x0, y1 - y0
    enters, leaves = np.zeros(x0.size), np.ones(x0.size)
    outside = np.zeros(x0.size, bool)
    for change, room in (
        (-dx, x0 + 0.5),
        (dx, right + 0.5 - x0),
        (-dy, y0 + 0.5),
        (dy, low + 0.5 - y0),
    ):
        at = np.divide(room, change, out=np.zeros_like(room), where=change != 0)
        enters = np.where(change < 0, np.maximum(enters, at), enters)
        leaves = np.where(change > 0, np.minimum(leaves, at), leaves)
        outside |= (change == 0) & (room < 0)
    kept = (enters <= leaves) & ~outside
    x0, y0, dx, dy = x0[kept], y0[kept], dx[kept], dy[kept]
    enters, leaves = enters[kept], leaves[kept]
    return x0 + enters * dx, y0 + enters * dy, x0 + leaves * dx, y0 + leaves * dy
