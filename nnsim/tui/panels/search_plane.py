"""The plane of two hyperparameters: where the trials fell, how good each was, the boxes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult

from nnsim.simulations.remark import counted
from nnsim.tui.drawing.axes import nice_range
from nnsim.tui.drawing.field import Field, Path, Points
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.field import FieldWidget
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from nnsim.simulations.search.specification import Parameter
    from nnsim.simulations.search.state import SearchSnapshot

TEETH = 0.06
"""Length of a mark at the edge, as a part of the plane."""
NEAR = 0.12
"""A point so near to an edge stands in its row: as a part of the plane."""
UNITS = {"panda": "days", "caviar": "runs"}
"""What a point is, where it is no trial."""
MOST_TEETH = 200
"""More of them would be a solid line."""


class PlanePanel(Panel):
    """Trials as points: the first parameter to the right, the second (or the objective) up.

    Their colour is the objective. Marks at the lower and the left edge are the points as each
    axis alone sees them: five columns of a grid are five marks, however many trials they hold.
    """

    NAME = "plane"
    TITLE = "trials"

    def compose(self) -> ComposeResult:
        """Hold one picture."""
        yield FieldWidget()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the trials of this run."""
        run: SteppedFrame = frame.run
        shown: SearchSnapshot = run.shown
        self.query_one(FieldWidget).draw(field_of(shown))
        self._title(UNITS.get(shown.search.method, self.TITLE))
        self.reading(_reading(shown), playing=frame.playing)

    @on(FieldWidget.Hovered)
    def _hovered(self, event: FieldWidget.Hovered) -> None:
        event.stop()
        self.reading(f"({figure(event.x)}, {figure(event.y)})")


def _reading(shown: SearchSnapshot) -> str:
    count = len(shown.results)
    if not count:
        return "no day yet" if shown.search.in_days else "no trial yet"
    if shown.search.objective == "none":
        return counted(count, "place")
    best = shown.results[shown.best] if shown.best >= 0 else math.nan
    what = shown.search.what
    unit = UNITS.get(shown.search.method, "trials").removesuffix("s")
    return f"{counted(count, unit)}, lowest {what} {figure(float(best))}"


class Axis:
    """One side of the plane: how values stand on it."""

    def __init__(self, name: str, values: np.ndarray, parameter: Parameter | None) -> None:
        self.name, self.parameter = name, parameter
        self.mirrored = parameter is not None and parameter.scale == "one_minus_log"
        self.log = self.mirrored or (parameter is not None and parameter.scale == "log")
        if self.mirrored:
            self.name = f"1 - {name}"
        ends = (parameter.low, parameter.high) if parameter is not None else _ends(values)
        low, high = sorted(self.shown(np.array(ends)).tolist())
        if parameter is None:
            # Round values: the axis then moves in jumps, and seldom.
            self.log = low > 0 and high > 20 * low
            low, high = nice_range(low, high, self.log)
        self.inner = self.range = (low, high)

    def shown(self, values: np.ndarray) -> np.ndarray:
        """Return values as the axis has them."""
        return 1 - values if self.mirrored else values

    def at(self, share: float) -> float:
        """Return the place a share of the way from the low to the high end."""
        low, high = self.inner
        if self.log:
            return 10 ** (math.log10(low) + share * (math.log10(high) - math.log10(low)))
        return low + share * (high - low)

    def shares(self, values: np.ndarray) -> np.ndarray:
        """Return how far values stand from the low to the high end, as parts of the way."""
        low, high = self.inner
        if self.log:
            return np.asarray(np.log(values / low) / math.log(high / low))
        return np.asarray((values - low) / (high - low))


def _ends(values: np.ndarray) -> tuple[float, float]:
    """Return a range around values, never empty."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    room = 0.0 if high > low else 0.5 * abs(low) + 1e-9
    return low - room, high + room


def field_of(shown: SearchSnapshot) -> Field:
    """Return the picture of a search."""
    known = {each.name: each for each in shown.search.parameters}
    names = shown.names
    judged = np.where(np.isfinite(shown.results), shown.results, np.nan)
    first = Axis(names[0], shown.values[:, 0], known.get(names[0]))
    x = shown.values[:, 0]
    if len(names) > 1 and known:
        second, y = Axis(names[1], shown.values[:, 1], known.get(names[1])), shown.values[:, 1]
    elif shown.search.objective == "none":
        second, y = Axis("trial", np.arange(1.0, len(x) + 1), None), np.arange(1.0, len(x) + 1)
    else:
        what = shown.search.what
        second, y = Axis(what, judged, None), judged
    made = shown.made
    cursor = None
    if made is not None and shown.made_number and len(names) > 1 and known:
        cursor = tuple(
            float(axis.shown(np.array(value)))
            for axis, value in zip((first, second), made.values, strict=False)
        )
    x, y = first.shown(x), second.shown(y)
    points = None
    if len(x):
        plain = shown.search.objective == "none"
        # What left the numbers is as bad as the worst: it is drawn in that colour.
        worst = np.nanmax(judged) if np.isfinite(judged).any() else 0.0
        colors = None if plain else np.where(np.isnan(judged), worst, judged)
        best = shown.best if shown.best >= 0 and math.isfinite(y[shown.best]) else None
        points = Points(x, y, values=colors, best=best, marks=("o",))
    positive = points is not None and points.values is not None
    log = positive and bool(np.min(np.asarray(points.values)) > 0)  # type: ignore[union-attr]
    return Field(
        None,
        first.range,
        second.range,
        log=log,
        points=points,
        paths=(*_boxes(shown, first, second), *_combs(first, x, second, y)),
        log_x=first.log,
        log_y=second.log,
        x_name=first.name,
        y_name=second.name,
        value_name="" if shown.search.objective == "none" else shown.search.what,
        cursor=cursor,  # type: ignore[arg-type]
    )


def _combs(first: Axis, x: np.ndarray, second: Axis, y: np.ndarray) -> Iterable[Path]:
    """Yield the marks at both edges: what each axis alone sees of the points."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    for along, across, other, upright in ((x, y, second, True), (y, x, first, False)):
        # A point at the edge is its own mark, and would be hidden by another one.
        near = np.unique(along[other.shares(across) < NEAR])
        values = np.setdiff1d(np.unique(along), near)
        if not values.size or values.size > MOST_TEETH:
            continue
        # From outside to the tip and back: what lies outside is not drawn, nor are the ends there.
        places = np.repeat(values, 3)
        heights = np.tile([other.at(-NEAR), other.at(TEETH), other.at(-NEAR)], values.size)
        if upright:
            yield Path(places, heights, thin=True)
        else:
            yield Path(heights, places, thin=True)


def _boxes(shown: SearchSnapshot, first: Axis, second: Axis) -> Iterable[Path]:
    """Yield the boxes of coarse to fine, but for the first, which is the whole plane."""
    for number, box in enumerate(shown.boxes[1:], start=2):
        if len(box) < 2:
            return
        (left, right), (low, high) = first.shown(box[0]), second.shown(box[1])
        x = np.array([left, right, right, left, left])
        y = np.array([low, low, high, high, low])
        yield Path(x, y, f"box {number}", number)
