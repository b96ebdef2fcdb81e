"""One- and two-sided differences against the derivative, an epsilon a step (B12). No Numba."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsim.simulations.derivative.remarks import derivative_remarks
from nnsim.simulations.formula import Program, Tree, derivative, printed, read_formula
from nnsim.simulations.stepped import Figure, Stepped

VARIABLE = "theta"
PHASES = ("f(theta + e)", "f(theta - e)", "two-sided", "one-sided", "error")
FIGURES = (
    "two_sided.error",
    "one_sided.error",
    "two_sided",
    "one_sided",
    "exact",
    "epsilon",
    "two_sided.order",
    "one_sided.order",
    "two_sided.best_epsilon",
    "one_sided.best_epsilon",
    "two_sided.truncation",
    "one_sided.truncation",
    "round_off",
)

OFFSETS = np.linspace(-2.0, 2.0, 161)
OFFSETS.flags.writeable = False


@dataclass(frozen=True)
class State:
    """What one epsilon gave; NaN everywhere before the first."""

    epsilon: float = math.nan
    f_above: float = math.nan
    """f(theta + epsilon)."""
    f_below: float = math.nan
    """f(theta - epsilon)."""
    two_sided: float = math.nan
    """(f(theta + epsilon) - f(theta - epsilon)) / (2 epsilon)."""
    one_sided: float = math.nan
    """(f(theta + epsilon) - f(theta)) / epsilon."""
    two_sided_error: float = math.nan
    one_sided_error: float = math.nan
    """|difference - exact derivative|."""
    two_sided_order: float = math.nan
    one_sided_order: float = math.nan
    """Slope of log error against log epsilon since the epsilon before."""
    best: tuple[float, float, float, float] = (math.nan, math.inf, math.nan, math.inf)
    """Best epsilon so far and its error: two-sided, one-sided."""


@dataclass(frozen=True)
class DerivativeSnapshot:
    """What is shown of a moment."""

    step: int
    phase: int
    text: str
    """The formula as one reads it."""
    slope_text: str
    """Its derivative as one reads it."""
    at: float
    value: float
    """f(at)."""
    exact: float
    dtype: str
    unit_round_off: float
    """Half of the distance from 1 to the next number: how far a rounded number is off."""
    epsilons: np.ndarray
    """(steps,) all that will be tried."""
    working: State
    """Of the epsilon shown; of a begun step the first `phase` phases are done."""
    grid: np.ndarray
    """(n,) theta, one and a half of the largest epsilon to either side."""
    values: np.ndarray
    """(n,) f over the grid."""
    offsets: np.ndarray
    """(n,) distances from theta in units of the epsilon shown: -2 to 2."""
    rises: np.ndarray
    """(n,) (f there - f(theta)) / epsilon, in the run's precision; NaN before the first epsilon."""
    truncation: tuple[float, float]
    """Factors c of the errors that theory expects: two-sided c epsilon^2, one-sided c epsilon."""


class Function:
    """A formula of theta with its derivatives, worked out in a precision.

    Parameters
    ----------
    text : str
        Such as "theta**3".
    dtype : str
        Precision of f itself; the derivative is always worked out in float64.

    Raises
    ------
    FormulaError
        The text cannot be read.
    """

    def __init__(self, text: str, dtype: str = "float64") -> None:
        self.tree = read_formula(text, (VARIABLE,))
        slopes: list[Tree] = [self.tree]
        for _ in range(3):
            slopes.append(derivative(slopes[-1], VARIABLE))
        self.text, self.slope_text = printed(slopes[0]), printed(slopes[1])
        self.dtype = dtype
        self._value = Program(slopes[:1], (VARIABLE,))
        self._slopes = Program(slopes[1:], (VARIABLE,))

    def __call__(self, theta: Any) -> Any:
        """Return f at a point or over an array, in the precision."""
        return self._value.over([theta], self.dtype)[0]

    def slopes(self, at: float) -> tuple[float, float, float]:
        """Return f', f'' and f''' at a point, from the formulas of the derivatives."""
        first, second, third = self._slopes.at([at])
        return first, second, third


class DerivativeSimulation(Stepped[State]):
    """Differences of f at a point with one epsilon after the other, and how far each is off.

    Parameters
    ----------
    formula : str
        f of theta.
    at : float
        Where the derivative is asked for.
    epsilons : sequence of float
        In the order in which they are tried; each above 0.
    dtype : str
        Precision of theta, f and the differences.

    Raises
    ------
    FormulaError
        The formula cannot be read.
    ValueError
        f or its derivative is not finite at the point; an epsilon is not above 0.
    """

    KIND = "derivative"
    phases = PHASES

    def __init__(
        self, formula: str, at: float, epsilons: Sequence[float], dtype: str = "float64"
    ) -> None:
        self.function = Function(formula, dtype)
        self._type = np.dtype(dtype).type
        self.at = float(self._type(at))
        """The point as the precision has it."""
        self.epsilons = np.asarray(epsilons, float)
        self.epsilons.flags.writeable = False
        if not self.epsilons.size or not (self.epsilons > 0).all():
            raise ValueError("derivative: epsilons must be one number above 0 at least")
        self.value = float(self.function(self.at))
        self.exact, second, third = self.function.slopes(self.at)
        if not (math.isfinite(self.value) and math.isfinite(self.exact)):
            raise ValueError(
                f"derivative: f({self.at:g}) is {self.value} and its slope {self.exact}; expected "
                "a point where both are finite"
            )
        self.truncation = (abs(third) / 6.0, abs(second) / 2.0)
        self.unit_round_off = float(np.finfo(dtype).eps) / 2.0
        span = float(self.epsilons.max()) * 1.5
        self._grid = np.linspace(self.at - span, self.at + span, 121)
        self._values = Function(formula)(self._grid)
        for array in (self._grid, self._values):
            array.flags.writeable = False
        super().__init__(self.epsilons.size)

    def begin(self) -> State:
        """Nothing has been tried."""
        return State()

    def after(self, state: State, step: int) -> State:
        """Try one more epsilon."""
        T = self._type
        at, epsilon = T(self.at), T(self.epsilons[step - 1])
        with np.errstate(all="ignore"):
            here, above, below = (T(self.function(x)) for x in (at, at + epsilon, at - epsilon))
            two = float((above - below) / (T(2.0) * epsilon))
            one = float((above - here) / epsilon)
        two_error, one_error = abs(two - self.exact), abs(one - self.exact)
        tried = float(self.epsilons[step - 1])
        best = state.best
        if two_error < best[1]:
            best = (tried, two_error, *best[2:])
        if one_error < best[3]:
            best = (*best[:2], tried, one_error)
        return State(
            epsilon=tried,
            f_above=float(above),
            f_below=float(below),
            two_sided=two,
            one_sided=one,
            two_sided_error=two_error,
            one_sided_error=one_error,
            two_sided_order=_order(state.epsilon, state.two_sided_error, tried, two_error),
            one_sided_order=_order(state.epsilon, state.one_sided_error, tried, one_error),
            best=best,
        )

    def figures_of(self, state: State, step: int) -> dict[str, Figure]:
        """Return both differences, their errors, and what theory expects of them."""
        two, one = self.truncation
        epsilon = state.epsilon
        found = (
            state.two_sided_error,
            state.one_sided_error,
            state.two_sided,
            state.one_sided,
            self.exact,
            epsilon,
            state.two_sided_order,
            state.one_sided_order,
            state.best[0],
            state.best[2],
            two * epsilon**2,
            one * epsilon,
            self.unit_round_off * abs(self.value) / epsilon,
        )
        return dict(zip(FIGURES, found, strict=True))

    def _rises(self, epsilon: float) -> np.ndarray:
        """Return (f - f(theta)) / epsilon around theta as the precision has them."""
        T = self._type
        with np.errstate(all="ignore"):
            values = self.function(T(self.at) + OFFSETS.astype(T) * T(epsilon))
            rises = (values - T(self.function(self.at))).astype(float) / epsilon
        rises.flags.writeable = False
        return rises

    def snapshot(self) -> DerivativeSnapshot:
        """Return what is shown now."""
        working = self.working
        return DerivativeSnapshot(
            step=self.position.step,
            phase=self.position.phase,
            text=self.function.text,
            slope_text=self.function.slope_text,
            at=self.at,
            value=self.value,
            exact=self.exact,
            dtype=self.function.dtype,
            unit_round_off=self.unit_round_off,
            epsilons=self.epsilons,
            working=working,
            grid=self._grid,
            values=self._values,
            offsets=OFFSETS,
            rises=self._rises(working.epsilon),
            truncation=self.truncation,
        )

    def remarks(self) -> tuple[Any, ...]:
        """Return what can be said after the epsilons tried."""
        return derivative_remarks(self.state, self.figures(), self.at)


def _order(before: float, error_before: float, epsilon: float, error: float) -> float:
    """Return p of an error that goes like epsilon^p between two; NaN where it cannot be told."""
    numbers = (before, error_before, epsilon, error)
    if before == epsilon or not all(0 < each < math.inf for each in numbers):
        return math.nan
    return (math.log(error) - math.log(error_before)) / (math.log(epsilon) - math.log(before))
