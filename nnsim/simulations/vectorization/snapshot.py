"""What is shown of the loop and the matrix form. No Numba."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

LOOP_PHASES = ("z", "a", "J", "dz", "dw, db")
"""Of an example."""
MATRIX_PHASES = ("divide by m", "Z", "A, J", "dZ", "dw, db")
"""Of the last step: the loop ends, and the matrix form follows."""
MOST_NUMBERS = 1_000_000
"""Of X at most: the sums after every example are kept."""
SHOWN_FEATURES = 8
"""Entries of dw that are figures of their own."""


def figure_names(n_x: int) -> tuple[str, ...]:
    """Return the names of all figures for n_x features."""
    shown = range(1, min(n_x, SHOWN_FEATURES) + 1)
    return (
        *("J", "matrix.J", "difference", "dw.ulp", "loop.operations", "matrix.operations"),
        *("loop.multiplications", "matrix.multiplications", "J.ulp", "db.ulp"),
        *("examples", "z", "a", "dz", "db", "matrix.db", "matrix.columns"),
        *(f"dw{j}" for j in shown),
        *(f"matrix.dw{j}" for j in shown),
    )


@dataclass(frozen=True)
class Times:
    """Seconds of each form on this machine: medians of several runs, measured just now."""

    loop: float
    matrix: float
    compiled: float
    """The simulator's own kernels."""

    @property
    def ratio(self) -> float:
        """How many times longer the loop takes than the matrix form."""
        return self.loop / self.matrix


@dataclass(frozen=True)
class VectorizationSnapshot:
    """One moment; arrays are read-only."""

    step: int
    phase: int
    m: int
    n_x: int
    examples: int
    """Examples that the loop has done."""
    index: int
    """The example in hand, or done last; -1 before the first and in the matrix form."""
    known: int
    """Phases done of the present step; all 5 between two steps, 0 before the first."""
    matrix_begun: bool
    """The last step: dividing by m, and the matrix form."""
    finished: bool
    form: str
    """The matrix form: right, or the bug that it has."""
    x: np.ndarray
    """(n_x,) the example's column of X."""
    y: float
    z: float
    a: float
    loss: float
    """-(y log a + (1 - y) log(1 - a))."""
    dz: float
    w: np.ndarray
    """(n_x,)."""
    b: float
    J: float
    """The loop's sum, and once it is divided by m the mean."""
    J_before: float
    """Before the last thing that was added to it, or before it was divided."""
    dw: np.ndarray
    dw_before: np.ndarray
    db: float
    db_before: float
    all_z: np.ndarray
    """(examples,) of the examples done."""
    all_a: np.ndarray
    Y: np.ndarray
    """(m,)."""
    Z: np.ndarray
    """(m,) of the matrix form, (0,) before it."""
    A: np.ndarray
    dZ: np.ndarray
    """(1, m); (m, m) where Y is a column."""
    matrix_J: float
    matrix_dw: np.ndarray
    """(n_x,), its first column; NaN before it."""
    matrix_db: float
    apart: Mapping[str, float]
    """At the end, how far the results lie apart: J.ulp, dw.ulp, db.ulp, difference."""
    loop_operations: int
    """Of the interpreter, in all."""
    matrix_operations: int
    operations_done: int
    """Of the loop, until now."""
    multiplications: int
    """Of two numbers, in the loop."""
    matrix_multiplications: int
    """Of two numbers, inside NumPy: as many, where the matrix form is right."""
    times: Times | None
    """At the end only."""

    @property
    def phase_done(self) -> str:
        """Name of the phase done last; "" before the first."""
        phases = MATRIX_PHASES if self.matrix_begun else LOOP_PHASES
        return phases[self.known - 1] if self.known else ""

    @property
    def price(self) -> float:
        """How many operations on single numbers take as long as one array operation; NaN before."""
        if self.times is None:
            return float("nan")
        array = self.times.matrix / self.matrix_operations
        return array / (self.times.loop / self.loop_operations)
