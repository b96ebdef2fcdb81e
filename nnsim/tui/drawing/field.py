"""A function over the plane: decision boundaries with their points, loss surfaces with their path.

Two samples a cell with half blocks, lines in braille, the points of the data on top. Without
colours, and in ASCII, sizes and classes are shades and the lines between them strokes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from textual.strip import Strip

from nnsim.tui.drawing.field_layers import shares_of
from nnsim.tui.drawing.field_painting import paint_field
from nnsim.tui.look import SERIES_MARKS, Look

Kind = Literal["signed", "sequential", "probability", "classes"]


@dataclass(frozen=True, eq=False)
class Points:
    """Points of the data, told apart by label: a colour and a mark each."""

    x: ArrayLike
    y: ArrayLike
    label: ArrayLike = 0
    """Whole numbers from 0, one a point or one for all."""
    names: tuple[str, ...] = ()
    """Names of the labels, for the legend."""
    marks: tuple[str, ...] = SERIES_MARKS
    values: ArrayLike | None = None
    """One a point: they are drawn in the colours of these on the field's scale, not by label."""
    best: int | None = None
    """The point that is marked as the best (★ or B)."""


@dataclass(frozen=True, eq=False)
class Path:
    """A way walked: a line from its start (S) to where it has come to."""

    x: ArrayLike
    y: ArrayLike
    name: str = ""
    """For the legend."""
    number: int | None = None
    """Which colour and which letter of the look; None: the accent, and ● or @ at its end."""
    thin: bool = False
    """Of another run: below the others, without its start."""


class Reading(NamedTuple):
    """What a field says at a place."""

    x: float
    y: float
    value: float
    """The value; for classes the most probable class."""


@dataclass(frozen=True, eq=False)
class Field:
    """Values over a rectangle, and what is drawn on them; without values, what is drawn alone.

    `values[row, column]` is the value at the centre of a cell of an even grid; row 0 is the
    lowest y, column 0 the lowest x (see `centres`). With kind "classes" it is the class (whole
    numbers) or has a first axis of one probability a class. "probability" is that of class 1.
    """

    values: NDArray[np.floating] | None
    x_range: tuple[float, float] = (-1.0, 1.0)
    y_range: tuple[float, float] = (-1.0, 1.0)
    kind: Kind = "sequential"
    limits: tuple[float, float] | None = None
    """Values at the ends of the colour scale; None: the smallest and the largest there are."""
    log: bool = False
    """Colours by the logarithm of the value; for "sequential"."""
    contours: tuple[float, ...] | int | None = None
    """Values with a contour line, or how many lines to draw; classes always have their border."""
    points: Points | None = None
    paths: tuple[Path, ...] = ()
    """The first of those that are not thin lies above the others."""
    log_x: bool = False
    """The axis is logarithmic: an even grid of values is even there, and its range positive."""
    log_y: bool = False
    x_name: str = ""
    y_name: str = ""
    value_name: str = ""
    cursor: tuple[float, float] | None = None
    """A place (x, y) in brackets."""

    def __post_init__(self) -> None:
        if self.values is not None:
            object.__setattr__(self, "values", self._checked(np.asarray(self.values)))
        if self.log and self.limits is not None and self.limits[0] <= 0:
            raise ValueError(
                f"With log, a field's limits are positive; got {self.limits}. "
                "Raise the lower limit or leave log out."
            )
        for axis, (low, high), log in (
            ("x", self.x_range, self.log_x),
            ("y", self.y_range, self.log_y),
        ):
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise ValueError(
                    f"A field's {axis}_range is (low, high) with low < high; "
                    f"got ({low:g}, {high:g})."
                )
            if log and low <= 0:
                raise ValueError(
                    f"With log_{axis}, a field's {axis}_range is positive; got ({low:g}, {high:g})."
                )

    def _checked(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        wanted = (2, 3) if self.kind == "classes" else (2,)
        if values.ndim not in wanted or values.size == 0:
            raise ValueError(
                f"A field of kind {self.kind!r} needs an array of rows and columns"
                f"{', or of classes, rows and columns,' if self.kind == 'classes' else ''} "
                f"with at least one value; got shape {values.shape}."
            )
        return values

    @property
    def known(self) -> NDArray[np.floating]:
        """The values of a field that has some."""
        assert self.values is not None
        return self.values

    @cached_property
    def span(self) -> tuple[float, float]:
        """The values at the ends of the colour scale."""
        if self.limits is not None:
            return self.limits
        values = self.values
        if values is None:
            of_points = self.points.values if self.points is not None else None
            values = np.empty(0) if of_points is None else np.asarray(of_points, dtype=np.float64)
        finite = values[np.isfinite(values)]
        if self.log:
            finite = finite[finite > 0]
        if finite.size == 0:
            return (1.0, 1.0) if self.log else (0.0, 1.0)
        low, high = float(finite.min()), float(finite.max())
        if self.kind == "signed":
            high = max(abs(low), abs(high))
            low = -high
        return (low, high)

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """The values that have a contour line."""
        if self.contours is None:
            return ()
        if not isinstance(self.contours, int):
            return tuple(sorted(self.contours))
        low, high = self.span
        if not low < high:
            return ()
        if self.log:
            low, high = math.log(low), math.log(high)
        inner = np.linspace(low, high, self.contours + 2)[1:-1]
        return tuple((np.exp(inner) if self.log else inner).tolist())

    def at(self, x: float, y: float) -> Reading:
        """Return the value of the nearest sample to a place; NaN where the field has none."""
        if self.values is None:
            return Reading(x, y, math.nan)
        rows, columns = self.values.shape[-2:]
        right = float(shares_of(x, self.x_range, self.log_x))
        up = float(shares_of(y, self.y_range, self.log_y))
        row = min(max(int(up * rows), 0), rows - 1)
        column = min(max(int(right * columns), 0), columns - 1)
        found = self.values[..., row, column]
        return Reading(x, y, float(found) if found.ndim == 0 else float(np.argmax(found)))


@dataclass(frozen=True)
class FieldLayout:
    """Where the picture stands: cells left of it, its size, lines below."""

    left: int
    width: int
    height: int
    axis: bool
    legend: bool


def layout_of(width: int, height: int) -> FieldLayout:
    """Return how much of a space the picture takes: axis figures and legend where there is room."""
    axis = width >= 12 and height >= 4
    legend = axis and height >= 9
    left = (6 if width >= 60 else 5) if axis and width >= 24 else 0
    return FieldLayout(
        left, max(width - left, 0), max(height - int(axis) - int(legend), 0), axis, legend
    )


def field_size(look: Look, width: int, height: int) -> tuple[int, int]:
    """Return how many columns and rows of samples a picture of this size can show."""
    layout = layout_of(width, height)
    return layout.width, layout.height * (2 if look.color and not look.ascii else 1)


def centres(span: tuple[float, float], count: int, log: bool = False) -> NDArray[np.float64]:
    """Return the places of `count` samples along a range: the centres of equal cells."""
    low, high = span
    if log:
        return np.asarray(np.exp(centres((math.log(low), math.log(high)), count)))
    return np.asarray(low + (np.arange(count) + 0.5) * ((high - low) / count), dtype=np.float64)


def read_field(field: Field, width: int, height: int, x: int, y: int) -> Reading | None:
    """Return the place and the value at the middle of a cell; None outside the picture."""
    layout = layout_of(width, height)
    column, row = x - layout.left, y
    if not (0 <= column < layout.width and 0 <= row < layout.height):
        return None
    right, up = (column + 0.5) / layout.width, 1 - (row + 0.5) / layout.height
    return field.at(
        _between(field.x_range, right, field.log_x), _between(field.y_range, up, field.log_y)
    )


def _between(span: tuple[float, float], share: float, log: bool) -> float:
    low, high = span
    return low * (high / low) ** share if log else low + share * (high - low)


def draw_field(field: Field, look: Look, width: int, height: int) -> list[Strip]:
    """Return `height` strips of `width` cells."""
    return paint_field(field, layout_of(width, height), look, width, height).strips()
