"""The surface with everything that goes down it: contours and paths, or a curve and points."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from textual.app import ComposeResult
from textual.widgets import ContentSwitcher

from nnsim.tui.drawing.chart import Chart, Series
from nnsim.tui.drawing.field import Field, Path, centres
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.chart import ChartWidget
from nnsim.tui.widgets.field import FieldWidget
from nnsim.tui.worker.frames import Frame, SteppedFrame

if TYPE_CHECKING:
    from nnsim.simulations.descent.snapshot import DescentSnapshot, PathView
    from nnsim.simulations.descent.surface import AnalyticSurface
    from nnsim.simulations.descent.surfaces import Range

COLUMNS, ROWS = 160, 96
"""Samples of the surface: more than most terminals show."""
CURVE_POINTS = 400
CONTOURS = 9
STEEP = 8.0
"""Where the highest value is so many times the middle one, contours are even in the logarithm."""
TRAIL = 8
"""Of a point on a curve, so many of its last places are shown."""
CURVE = 7
"""The number of the curve itself: its line is grey."""


def chosen_path(shown: DescentSnapshot, attention: Attention) -> int:
    """Return the place of the path that is looked at."""
    return min(max(attention.layer, 1), len(shown.paths)) - 1


def color_of(run: SteppedFrame, place: int) -> int:
    """Return the number of a path's colour: by its place, or its run's where it is alone."""
    return place if len(run.shown.paths) > 1 else run.number


class PathsPanel(Panel):
    """Contours with all paths; of one variable the curve J(w) with the points walking on it."""

    NAME = "paths"
    TITLE = "surface"

    def compose(self) -> ComposeResult:
        """Hold a picture and a chart, one of which is seen."""
        with ContentSwitcher(initial="plane"):
            yield FieldWidget(id="plane")
            yield ChartWidget(id="curve")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the paths of this run, thin those of others on the same surface."""
        run: SteppedFrame = frame.run
        shown: DescentSnapshot = run.shown
        chosen = chosen_path(shown, attention)
        flat = len(shown.surface.variables) == 1
        self.query_one(ContentSwitcher).current = "curve" if flat else "plane"
        if flat:
            self.query_one(ChartWidget).draw(curve_of(run, chosen))
        else:
            self.query_one(FieldWidget).draw(field_of(frame, chosen))
        name = shown.surface.surface.name
        self._title(f"J = {shown.surface.text}" if name == "formula" else name.replace("_", " "))
        view = shown.paths[chosen]
        at = ", ".join(figure(float(each), 4) for each in view.place.point)
        self.reading(f"{view.name} ({at})  J {figure(view.place.J, 4)}", playing=frame.playing)

    def on_field_widget_hovered(self, event: FieldWidget.Hovered) -> None:
        """Tell what lies under the mouse."""
        event.stop()
        self.reading(f"({figure(event.x)}, {figure(event.y)}): J {figure(event.value)}")


def field_of(frame: Frame, chosen: int) -> Field:
    """Return contours and paths, the chosen path above the others."""
    run: SteppedFrame = frame.run
    shown: DescentSnapshot = run.shown
    surface, window = shown.surface, shown.window
    values = heights(surface, window)
    order = [chosen, *(i for i in range(len(shown.paths)) if i != chosen)]
    paths = [_path(shown.paths[i], window, color_of(run, i)) for i in order]
    for other in frame.runs:
        if other is run or other.shown.surface.surface != surface.surface:
            continue
        paths += [
            _path(view, window, color_of(other, i), thin=True)
            for i, view in enumerate(other.shown.paths)
            if len(view.points) > 1
        ]
    steep = bool(values.min() >= 0 and values.max() > STEEP * np.median(values))
    return Field(
        values,
        window[0],
        window[1],
        contours=CONTOURS,
        log=steep,
        paths=tuple(paths),
        x_name=surface.variables[0],
        y_name=surface.variables[1],
        value_name="J",
    )


@lru_cache(maxsize=16)
def _heights(
    key: tuple[object, ...], surface: AnalyticSurface, window: tuple[Range, ...]
) -> NDArray[np.float64]:
    x, y = centres(window[0], COLUMNS), centres(window[1], ROWS)
    values = surface.over(*np.meshgrid(x, y))
    values.flags.writeable = False
    return values


def heights(surface: AnalyticSurface, window: tuple[Range, ...]) -> NDArray[np.float64]:
    """Return J over the window, row 0 at the lowest second variable; kept for a few surfaces."""
    return _heights((surface.surface, window), surface, window)


def _path(view: PathView, window: tuple[Range, ...], number: int, *, thin: bool = False) -> Path:
    """Return a path that leaves the picture at its edge, as far as it is numbers."""
    points = view.points[np.isfinite(view.points).all(axis=1)]
    # Far outside a line would have no direction that can be drawn.
    x, y = (
        np.clip(points[:, axis], 2 * low - high, 2 * high - low)
        for axis, (low, high) in enumerate(window)
    )
    return Path(x, y, name=view.settings.name, number=number, thin=thin)


def curve_of(run: SteppedFrame, chosen: int) -> Chart:
    """Return the curve J(w), with every path's last places on it."""
    shown: DescentSnapshot = run.shown
    surface = shown.surface
    (low, high) = shown.window[0]
    w = np.linspace(low, high, CURVE_POINTS)
    J = surface.over(w)
    series = []
    for place, view in enumerate(shown.paths):
        x = view.points[-TRAIL:, 0]
        inside = np.isfinite(x) & (x >= low) & (x <= high)
        x = x[inside]
        bold = place == chosen
        series.append(
            Series(view.name, x, surface.over(x), color_of(run, place), bold=bold, bare=True)
        )
    series.sort(key=lambda each: each.bold)
    finite = J[np.isfinite(J)]
    floor, top = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    room = 0.05 * (top - floor) or 1.0
    return Chart(
        [Series("J", w, J, CURVE), *series],
        False,
        (low, high),
        (floor - room, top + room),
        surface.variables[0],
    )
