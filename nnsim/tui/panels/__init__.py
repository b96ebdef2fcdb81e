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
    "averages": (
        Place(1, "averages", "AveragesPanel", "averages", 12, 12),
        Place(2, "averages", "WeightsPanel", "weights", 6, 6),
        Place(3, "averages", "WindowsPanel", "now", 6, 6),
    ),
    "derivative": (
        Place(1, "derivative", "ErrorsPanel", "errors", 10, 10),
        Place(2, "derivative", "SecantsPanel", "secants", 7, 7),
        Place(3, "derivative", "DifferencesPanel", "table", 7, 7),
    ),
    "diagnosis": (
        Place(1, "diagnosis", "GapsPanel", "errors", 10, 10),
        Place(2, "diagnosis", "RecipePanel", "recipe", 7, 7),
        Place(3, "diagnosis", "CasesPanel", "cases", 7, 7),
    ),
    "gradient_check": (
        Place(1, "gradient_check_map", "ParametersPanel", "theta", 9, 9),
        Place(2, "gradient_check_steps", "AlongPanel", "J", 8, 8),
        Place(3, "gradient_check_steps", "BlocksPanel", "blocks", 7, 7),
        Place(4, "gradient_check_steps", "RatioPanel", "ratio", 12, 12),
        Place(5, "gradient_check_steps", "WorstPanel", "worst", 12, 12),
    ),
    "vectorization": (
        Place(1, "vectorization", "ListingPanel", "code", 12, 14),
        Place(2, "vectorization", "SumsPanel", "sums", 6, 5),
        Place(3, "vectorization", "TimesPanel", "times", 6, 5),
        Place(4, "vectorization", "ExamplesPanel", "examples", 12, 12),
        Place(5, "vectorization", "CountsPanel", "counts", 12, 12),
    ),
    "descent": (
        Place(1, "descent", "PathsPanel", "surface", 12, 10),
        Place(2, "descent_figures", "FiguresPanel", "J", 12, 7),
        Place(3, "descent_figures", "StandingPanel", "point", 10, 7),
        Place(4, "descent_figures", "AveragesPanel", "v, s", 7, 12),
        Place(5, "descent_figures", "DerivativesPanel", "dJ", 7, 12),
    ),
    "search": (
        Place(1, "search_plane", "PlanePanel", "trials", 12, 8),
        Place(2, "figures", "FiguresPanel", "figures", 12, 8),
        Place(3, "search", "CurvesPanel", "curves", 8, 8),
        Place(4, "search", "BestTrialsPanel", "table", 8, 12),
        Place(5, "search", "SamplesPanel", "samples", 8, 12),
    ),
}
"""In reading order; each row of an arrangement fills 24 columns."""
FIGURES = (Place(1, "figures", "FiguresPanel", "figures", 24, 24),)
"""Of a kind without panels of its own."""


def places_of(kind: str) -> tuple[Place, ...]:
    """Return the panels of a kind of simulation."""
    return PANELS.get(kind, FIGURES)
