"""Cells of a snapshot's arrays, their names taken apart, and what is said about them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from nnsim.tui.formulas.terms import Line

COST, GRADIENT_NORM = "J", "gradient_norm"
"""Cells that belong to no array: the cost, and the norm of the whole gradient."""

PARAMETERS = ("W", "b", "gamma", "beta")
SLOTS = ("v_", "s_", "s_max_")
_VECTORS = ("b", "gamma", "beta", "mean", "variance")
_KINDS = "W|b|gamma|beta|Z_norm|Z_tilde|Z|G|D|A|mean|variance"
_NAME = re.compile(rf"(update_|running_|v_|s_max_|s_|d)?({_KINDS})(\d+)")


@dataclass(frozen=True)
class Cell:
    """One number: an array by its name in `Snapshot.arrays`, or "J" or "gradient_norm".

    Of J, row is 0 and column is the example whose own loss is told.
    """

    array: str
    row: int
    column: int


@dataclass(frozen=True)
class Formula:
    """What the formula panel says about a cell."""

    cell: Cell
    equation: str
    """The general equation, in the course's notation."""
    substituted: str
    """The same for this cell, with the operands put in."""
    value: float
    """The number in the run."""
    meaning: str
    """One sentence or two."""
    computed: float
    """The number that the equation gives."""
    tolerance: float = 0.0
    """How far rounding alone can bring the two apart."""

    @property
    def agrees(self) -> bool:
        """Tell whether the run has what the equation gives."""
        return alike(self.computed, self.value, self.tolerance)


@dataclass(frozen=True)
class Draft:
    """A formula before it is fitted to a width."""

    equation: str
    lines: tuple[Line, ...]
    """Right-hand sides that say the same, the most telling first; none: the value says it all."""
    computed: float
    meaning: str
    span: float = 0.0
    """Size of the numbers that were added up, by which rounding errors are measured."""
    digits: int = 3
    """Significant digits of the result."""


@dataclass(frozen=True)
class ArrayName:
    """An array's name taken apart: "s_max_W2" is prefix "s_max_", kind "W", layer 2."""

    prefix: str
    kind: str
    layer: int

    @property
    def symbol(self) -> str:
        """The array in an equation: s_max_W[2]."""
        return f"{self.prefix}{self.kind}[{self.layer}]"

    @property
    def vector(self) -> bool:
        """Tell whether the array has one column by its nature."""
        return self.kind in _VECTORS

    @property
    def parameter(self) -> str:
        """The parameter to which a gradient, a slot or an update belongs: W2."""
        return f"{self.kind}{self.layer}"


def name_of(array: str) -> ArrayName | None:
    """Take an array's name apart; None for a name that no array has."""
    if array == "Y":
        return ArrayName("", "Y", 0)
    match = _NAME.fullmatch(array)
    return ArrayName(match[1] or "", match[2], int(match[3])) if match else None


def label_of(cell: Cell) -> str:
    """Return a cell as it is written on the left: dW2[1,3], b1[0], J."""
    if cell.array == COST:
        return "J"
    if cell.array == GRADIENT_NORM:
        return "||grad||"
    name = name_of(cell.array)
    if name is not None and name.vector:
        # Layer norm's mean and variance are a row, all other vectors a column.
        return f"{cell.array}[{max(cell.row, cell.column)}]"
    return f"{cell.array}[{cell.row},{cell.column}]"


def alike(first: float, second: float, tolerance: float) -> bool:
    """Tell whether two numbers are equal but for rounding; NaN is like NaN."""
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    return first == second or abs(first - second) <= tolerance
