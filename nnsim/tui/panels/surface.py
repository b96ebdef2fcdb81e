"""The cost around the present parameters, with the path walked so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.widgets import ContentSwitcher, Static

from nnsim.tui.drawing.field import Field, Path
from nnsim.tui.drawing.text import figure
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.field import FieldWidget
from nnsim.tui.worker.frames import Frame

if TYPE_CHECKING:
    from nnsim.training.surface import Surface

DIRECTIONS = ("principal", "random", "gradient")
"""In the order in which the key for other directions goes through them."""
INVITATION = """\
The cost J over two directions in the space of all parameters,
around where the run stands now.

s  compute it        o  other directions"""


class SurfacePanel(Panel):
    """A map of the cost with contours; computed when it is asked for."""

    NAME = "surface"
    TITLE = "loss surface"

    def compose(self) -> ComposeResult:
        """Hold the map, and words for when there is none."""
        with ContentSwitcher(initial="invitation"):
            yield Static(INVITATION, id="invitation")
            yield FieldWidget(id="map")

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the surface of the step for which it was computed."""
        surface = frame.surface
        self.query_one(ContentSwitcher).current = "map" if surface else "invitation"
        if surface is None:
            self._title(self.TITLE)
            self.reading("")
            return
        path = Path(surface.path[:, 0], surface.path[:, 1])
        self.query_one("#map", FieldWidget).draw(
            Field(
                surface.cost,
                cells_of(surface.alphas),
                cells_of(surface.betas),
                kind="sequential",
                contours=8,
                paths=(path,),
                log=True,
                x_name="a",
                y_name="b",
            )
        )
        directions = "random" if surface.stand_in else surface.directions
        self._title(f"loss surface, {directions} directions")
        old = surface.step != frame.run.step
        words = f"of step {surface.step}" if old else f"J {figure(cost_here(surface))}"
        if surface.stand_in:
            why = surface.description.partition(";")[0]
            words = f"{words}, {why[:1].lower()}{why[1:]}"
        self.reading(words)

    @on(FieldWidget.Hovered)
    def _hovered(self, event: FieldWidget.Hovered) -> None:
        event.stop()
        at = f"a {figure(event.x)}, b {figure(event.y)}"
        self.reading(f"{at}: J {figure(event.value)}")


def cells_of(points: np.ndarray) -> tuple[float, float]:
    """Return the range of the cells whose centres are these evenly spaced points."""
    half = 0.5 * float(points[1] - points[0])
    return float(points[0]) - half, float(points[-1]) + half


def cost_here(surface: Surface) -> float:
    """Return the cost at the surface's point nearest to the present parameters."""
    row, column = np.abs(surface.betas).argmin(), np.abs(surface.alphas).argmin()
    return float(surface.cost[row, column])
