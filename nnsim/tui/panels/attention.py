"""What the learner looks at: shared by all panels, kept by the lab."""

from __future__ import annotations

from dataclasses import dataclass

from nnsim.tui.formulas import Cell

AXES = ("steps", "recent", "epochs")
"""What lies along a curve: all steps, those just behind us, or (of a training) epochs."""


def next_axis(axis: str, kind: str) -> str:
    """Return the axis after this one in a scenario of a kind; only a training has epochs."""
    axes = AXES if kind == "training" else AXES[:2]
    return axes[(axes.index(axis) + 1) % len(axes)]


@dataclass(frozen=True)
class Attention:
    """The layer, the cell and the way of looking that panels have in common."""

    layer: int = 1
    """The layer whose matrices are shown, 1 ... L."""
    cell: Cell | None = None
    """The cell that the formula is about."""
    log: bool = False
    """The cost's axis is logarithmic."""
    parts: bool = False
    """Data loss and penalty have lines of their own."""
    axis: str = "steps"
    """One of AXES."""

    @property
    def recent(self) -> bool:
        """Only the steps just behind us, not the whole history."""
        return self.axis == "recent"

    def near(self, array: str) -> tuple[int, int] | None:
        """Return the cell's row and column if it lies in this array."""
        if self.cell is None or self.cell.array != array:
            return None
        return self.cell.row, self.cell.column
