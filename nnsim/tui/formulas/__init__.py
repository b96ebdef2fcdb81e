"""The text of the formula panel: the equation of any cell, with the run's numbers put in."""

from nnsim.tui.formulas.cells import Cell, Formula
from nnsim.tui.formulas.explaining import explain
from nnsim.tui.formulas.phases import (
    arrays_of_phase,
    cell_of_phase,
    equations_of_phase,
    strip_label,
)

__all__ = [
    "Cell",
    "Formula",
    "arrays_of_phase",
    "cell_of_phase",
    "equations_of_phase",
    "explain",
    "strip_label",
]
