"""Weights, gradients, updates and the optimiser's state of a layer as heat maps."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import ContentSwitcher, Static

from nnsim.tui.drawing.heat_map import HeatMap
from nnsim.tui.formulas import Cell, arrays_of_phase
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.heat_map import HeatMapWidget
from nnsim.tui.worker.frames import Frame, TrainingFrame

NAMES = {
    "W": "weights",
    "b": "biases",
    "gamma": "gamma",
    "beta": "beta",
    "dW": "gradient",
    "db": "gradient of b",
    "dgamma": "gradient of gamma",
    "dbeta": "gradient of beta",
    "update_W": "last update",
    "update_b": "update of b",
    "v_W": "momentum v",
    "s_W": "squares s",
    "s_max_W": "largest s",
    "A0": "batch X",
    "A_prev": "into the layer",
    "Z": "Z",
    "Z_norm": "Z normalised",
    "Z_tilde": "Z tilde",
    "A": "activations",
    "D": "dropout mask",
    "dA": "dA",
    "dG": "dA, thinned",
    "dZ": "dZ",
}


class MatrixPanel(Panel):
    """One matrix of the layer that is looked at; a cell of it can be pointed at."""

    ROLES: ClassVar[tuple[str, ...]] = ()
    """What it can show, the letters before the layer's number, in turn."""

    class CellPicked(Message):
        """A cell was pointed at."""

        def __init__(self, cell: Cell) -> None:
            super().__init__()
            self.cell = cell

    shown: str | None = None
    """Name of the array that is drawn."""

    @property
    def cell(self) -> Cell | None:
        """The cell that its cursor stands on."""
        cursor = self.query_one(HeatMapWidget).cursor
        return Cell(self.shown, *cursor) if self.shown and cursor else None

    def compose(self) -> ComposeResult:
        """Hold a heat map, and words for when there is nothing to show."""
        with ContentSwitcher(initial="map"):
            yield HeatMapWidget(id="map")
            yield Static("", id="empty")

    def names(self, run: TrainingFrame, layer: int) -> list[str]:
        """Return the arrays that there are to show of a layer at this moment."""
        arrays = run.snapshot.arrays if run.snapshot else {}
        return [f"{role}{layer}" for role in self.ROLES if f"{role}{layer}" in arrays]

    def next_view(self) -> bool:
        """Show the next matrix."""
        self.view += 1
        return True

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the matrix of the layer."""
        run = frame.run
        heat_map = self.query_one(HeatMapWidget)
        switcher = self.query_one(ContentSwitcher)
        names = self.names(run, attention.layer)
        if not names or run.snapshot is None:
            self._entitle(f"{self.ROLES[0]}{attention.layer}")
            switcher.current = "empty"
            self.shown = None
            self.reading("not yet")
            return
        switcher.current = "map"
        name = names[self.view % len(names)]
        values = run.snapshot.arrays[name]
        rows, columns = values.shape
        self.shown = name
        self._entitle(name)
        self.reading(f"{rows} x {columns}")
        cursor = attention.near(name)
        if cursor is None and not heat_map.has_focus:
            # A mark of its own is for the arrows; else the formula's cell alone is marked.
            heat_map.cursor = None
        heat_map.draw(HeatMap(values, name, cursor=cursor))

    def _entitle(self, name: str) -> None:
        """Write the array's name into the border, and what it is where there is room."""
        word = NAMES.get(name.rstrip("0123456789"), "")
        room = self.size.width - len(name) - len(word) - 7
        self._title(f"{name}  {word}" if word and word != name[: len(word)] and room > 0 else name)

    @on(HeatMapWidget.CellPicked)
    def _cell_picked(self, event: HeatMapWidget.CellPicked) -> None:
        event.stop()
        self.post_message(self.CellPicked(Cell(event.array, event.row, event.column)))


class WeightsPanel(MatrixPanel):
    """W, b, gamma, beta."""

    NAME = "weights"
    ROLES = ("W", "b", "gamma", "beta")


class GradientsPanel(MatrixPanel):
    """dW, db, dgamma, dbeta, and what the gradient came through: dZ, dA, dG."""

    NAME = "gradients"
    ROLES = ("dW", "db", "dgamma", "dbeta", "dZ", "dA", "dG")


class UpdatesPanel(MatrixPanel):
    """The last update and the optimiser's averages; inside a step, what the phase computed."""

    NAME = "updates"
    ROLES = ("update_W", "v_W", "s_W", "s_max_W", "update_b", "v_b", "s_b")

    def names(self, run: TrainingFrame, layer: int) -> list[str]:
        """Return the present phase's arrays, then the others."""
        others = super().names(run, layer)
        if not run.phase or run.snapshot is None:
            return others
        now = arrays_of_phase(run.done_phase, run.snapshot, run.network)
        return [name for name in now if name in run.snapshot.arrays] + others
