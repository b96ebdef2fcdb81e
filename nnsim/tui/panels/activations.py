"""What each layer's units give out: histograms with the share of dead and of saturated ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from textual.app import ComposeResult

from nnsim.tui.drawing.histogram import HistogramRow, draw_histogram_rows
from nnsim.tui.panels.attention import Attention
from nnsim.tui.panels.panel import Panel
from nnsim.tui.widgets.drawn import Drawn
from nnsim.tui.worker.frames import Frame, TrainingFrame

if TYPE_CHECKING:
    from nnsim.simulations.snapshot import LayerFigures


class ActivationsPanel(Panel):
    """One histogram a layer: A, Z or the weights."""

    NAME = "activations"
    VIEWS = ("activations", "inputs Z", "weights W", "gradients dW")
    ROLES = ("A", "Z", "W", "dW")

    def compose(self) -> ComposeResult:
        """Hold one picture."""
        yield Drawn()

    def show(self, frame: Frame, attention: Attention) -> None:
        """Draw the layers whose arrays are there."""
        run, role = frame.run, self.ROLES[self.view]
        rows = histogram_rows(run, role, attention.layer)
        self.query_one(Drawn).draw(
            lambda look, width, height: draw_histogram_rows(rows, look, width, height)
        )
        self.reading("" if rows else "not yet in this step")


def histogram_rows(run: TrainingFrame, role: str, layer: int) -> list[HistogramRow]:
    """Return a row a layer: its values, and what is remarkable about them."""
    arrays = run.snapshot.arrays if run.snapshot else {}
    figures = run.snapshot.layers if run.snapshot else ()
    rows = []
    for number in range(1, len(run.network.layers) + 1):
        values = arrays.get(f"{role}{number}")
        if values is None:
            continue
        note = ""
        if role == "A" and figures:
            note = _note(figures[number - 1], run.network.layers[number - 1].activation)
        elif role != "A":
            with np.errstate(invalid="ignore"):  # infinity has no deviation
                note = f"sd {float(np.std(values)):.2g}"
        rows.append(HistogramRow(f"{role}{number}", values.ravel(), note, bold=number == layer))
    return rows


def _note(figures: LayerFigures, activation: str) -> str:
    """Say what can be wrong with such units: ReLU's are dead, sigmoid's and tanh's saturated."""
    dead, saturated = figures.dead_share, figures.saturated_share
    if activation == "identity":  # At 0 it has the slope that it has everywhere.
        return ""
    if activation == "relu" or dead > 0:
        return f"dead {100 * dead:.0f} %"
    if saturated > 0 or (saturated == 0 and activation in ("sigmoid", "tanh")):
        return f"saturated {100 * saturated:.0f} %"
    return ""
