"""The panels of the lab, by kind of simulation. A new kind is a row in `PANELS`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnsim.tui.panels.panel import Panel


@dataclass(frozen=True)
class Place:
    """A panel, the key that shows it, and the room it gets in the two arrangements."""

    number: int
    module: str
    name: str
    short: str
    """Its name on a tab."""
    normal: int
    """Columns of 24 at 120 cells and more; 0: only when it is enlarged."""
    wide: int
    """Columns of 24 at 200 cells and more."""

    def make(self) -> Panel:
        """Return the panel, its module imported now."""
        panel: Panel = getattr(import_module(f"{__name__}.{self.module}"), self.name)(self.number)
        return panel


PANELS: Mapping[str, tuple[Place, ...]] = {
    "training": (
        Place(1, "cost", "CostPanel", "cost", 8, 8),
        Place(2, "layers", "LayersPanel", "layers", 8, 8),
        Place(3, "boundary", "BoundaryPanel", "boundary", 8, 8),
        Place(4, "matrices", "WeightsPanel", "W", 4, 6),
        Place(5, "matrices", "GradientsPanel", "dW", 4, 6),
        Place(6, "matrices", "UpdatesPanel", "update", 4, 6),
        Place(7, "activations", "ActivationsPanel", "A", 6, 6),
        Place(8, "gradient_check", "GradientCheckPanel", "check", 6, 12),
        Place(9, "surface", "SurfacePanel", "surface", 0, 12),
    ),
}
"""In reading order; each row of an arrangement fills 24 columns."""
