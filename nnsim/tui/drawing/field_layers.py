"""Layers of a picture over the plane: samples, contours, paths and points, as arrays of cells."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

BRAILLE = 0x2800
_DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], dtype=np.uint32)


def resampled(values: NDArray[np.floating], rows: int, columns: int) -> NDArray[np.floating]:
    """Return values at the centres of rows x columns cells, from those of another such grid.

    Between samples values are mixed in proportion; whole numbers (classes) take the nearest. Both
    axes are the last two.
    """
    values = _along(values, rows, -2)
    return _along(values, columns, -1)


def _along(values: NDArray[np.floating], count: int, axis: int) -> NDArray[np.floating]:
    have = values.shape[axis]
    if have == count:
        return values
    places = np.clip((np.arange(count) + 0.5) * have / count - 0.5, 0, have - 1)
    if values.dtype.kind != "f":
        return values.take(np.rint(places).astype(np.intp), axis=axis)
    below = places.astype(np.intp)
    share = (places - below).astype(values.dtype)
    if axis == -2:
        share = share[:, None]
    low = values.take(below, axis=axis)
    high = values.take(np.minimum(below + 1, have - 1), axis=axis)
    with np.errstate(invalid="ignore", over="ignore"):
        return low + (high - low) * share


def edges(bands: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Return where a band differs from its right or lower neighbour: the lines between bands."""
    found = np.zeros(bands.shape, dtype=np.bool_)
    np.not_equal(bands[:, 1:], bands[:, :-1], out=found[:, :-1])
    found[:-1] |= bands[1:] != bands[:-1]
    return found


def braille(dots: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Return the code points of dots, 4 rows x 2 columns a cell; 0 where a cell has no dot."""
    height, width = dots.shape[0] // 4, dots.shape[1] // 2
    cells = dots.reshape(height, 4, width, 2).transpose(0, 2, 1, 3).reshape(height, width, 8)
    codes = (cells * _DOTS.ravel()).sum(axis=2, dtype=np.uint32)
    return np.where(codes > 0, codes + np.uint32(BRAILLE), np.uint32(0))


def strokes(bands: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Return ASCII strokes along the lines between bands, one band number a cell; 0 for none."""
    right = np.zeros(bands.shape, dtype=np.intp)
    below = np.zeros(bands.shape, dtype=np.intp)
    right[:, :-1] = np.sign(bands[:, 1:] - bands[:, :-1])
    below[:-1] = np.sign(bands[1:] - bands[:-1])
    marks = np.zeros(bands.shape, dtype=np.uint32)
    marks[(right != 0) & (below == 0)] = ord("|")
    marks[(right == 0) & (below != 0)] = ord("-")
    marks[(right != 0) & (below == right)] = ord("/")
    marks[(right != 0) & (below == -right)] = ord("\\")
    return marks


def shares_of(
    values: ArrayLike, span: tuple[float, float], log: bool = False
) -> NDArray[np.float64]:
    """Return how far between the ends of an axis values lie: 0 at the low end, 1 at the high."""
    places = np.asarray(values, dtype=np.float64)
    low, high = span
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if log:
            places, low, high = np.log(places), math.log(low), math.log(high)
        return np.asarray((places - low) / (high - low), dtype=np.float64)


def cells_of(shares: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return in which of `count` equal cells shares of an axis lie; -1 for outside it."""
    with np.errstate(invalid="ignore"):
        inside = (shares >= 0) & (shares <= 1)
    places = np.where(inside, shares * count, -1.0)
    return np.where(inside, np.minimum(places, count - 1), -1).astype(np.intp)


def winners(
    x: NDArray[np.intp], y: NDArray[np.intp], label: NDArray[np.intp], width: int, height: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return y, x and label of each cell that holds points: the most frequent label there.

    Of labels equally frequent the lowest wins.
    """
    inside = (x >= 0) & (y >= 0) & (label >= 0)
    x, y, label = x[inside], y[inside], label[inside]
    if label.size == 0:
        return y, x, label
    kinds = int(label.max()) + 1
    counts = np.bincount((y * width + x) * kinds + label, minlength=width * height * kinds)
    counts = counts.reshape(height * width, kinds)
    held = np.flatnonzero(counts.sum(axis=1))
    rows, columns = np.divmod(held, width)
    return rows, columns, counts[held].argmax(axis=1)


def trace(
    x: NDArray[np.floating], y: NDArray[np.floating], width: int, height: int
) -> NDArray[np.bool_]:
    """Return the dots of a line through points given in dots; what lies outside is cut."""
    dots = np.zeros((height, width), dtype=np.bool_)
    known = np.isfinite(x) & np.isfinite(y)
    # Far ends are pulled in: a line to infinity needs no more dots than one to the next room.
    x = np.clip(x[known], -width, 2 * width)
    y = np.clip(y[known], -height, 2 * height)
    if x.size == 0:
        return dots
    # Steps within a dot need no line.
    moved = np.ones(x.size, dtype=np.bool_)
    moved[1:-1] = (np.floor(x[1:-1]) != np.floor(x[:-2])) | (np.floor(y[1:-1]) != np.floor(y[:-2]))
    x, y = x[moved], y[moved]
    if x.size > 1:
        spans = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
        counts = np.ceil(spans).astype(np.intp) + 1
        which = np.repeat(np.arange(counts.size), counts)
        begin = np.cumsum(counts) - counts
        share = (np.arange(which.size) - begin[which]) / counts[which]
        x = np.append(x[which] + (x[which + 1] - x[which]) * share, x[-1])
        y = np.append(y[which] + (y[which + 1] - y[which]) * share, y[-1])
    column, row = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    dots[row[inside], column[inside]] = True
    return dots
