"""Exponentially weighted averages of a series, a value a step (course topics C2, C3). No Numba."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnsim.simulations.averages.remarks import averages_remarks
from nnsim.simulations.stepped import Figure, Stepped

FORMS = ("plain", "corrected", "stored")
"""v as it is; v / (1 - beta^t); and the quotient written back into v, one note's mistake."""
PHASES = ("value", "average", "correct")


@dataclass(frozen=True)
class Curve:
    """One average of the series."""

    name: str
    beta: float
    """Weight of the past, 0 <= beta < 1."""
    form: str = "plain"
    """One of `FORMS`."""

    def __post_init__(self) -> None:
        if not 0 <= self.beta < 1:
            raise ValueError(f"curve {self.name!r}: beta is {self.beta}, expected 0 <= beta < 1")
        if self.form not in FORMS:
            raise ValueError(f"curve {self.name!r}: no form {self.form!r}, expected one of {FORMS}")

    @property
    def window(self) -> float:
        """1 / (1 - beta): about so many values count."""
        return 1.0 / (1.0 - self.beta)


@dataclass(frozen=True)
class CurveState:
    """Where one average stands after t values."""

    before: float = 0.0
    """v_{t-1}."""
    averaged: float = 0.0
    """beta v_{t-1} + (1 - beta) theta_t."""
    power: float = 1.0
    """beta^t."""
    corrected: float = math.nan
    """The line above, divided by 1 - beta^t; none at t = 0."""
    v: float = 0.0
    """v_t, what the next step starts from."""
    average: float = math.nan
    """What the curve shows: v_t, or v_t / (1 - beta^t)."""
    change: float = math.nan
    """|average - the average before|, from t = 2 on."""
    weight_today: float = math.nan
    weight_first: float = math.nan
    """Weights of theta_t and of theta_1 in the average shown."""
    weight_sum: float = 0.0
    """Sum of the weights of all values in the average shown."""
    age: float = math.nan
    """sum_k k weight_k / sum_k weight_k: how many steps old the values in it are on average."""
    sums: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Weight of theta_1, sum of weights, sum of k times weight, in the v that goes on."""


@dataclass(frozen=True)
class State:
    """After t values."""

    t: int
    theta: float
    """theta_t; NaN at t = 0."""
    curves: tuple[CurveState, ...]


@dataclass(frozen=True)
class AveragesSnapshot:
    """What is shown of a moment."""

    step: int
    phase: int
    t: int
    """The value that is being averaged in; 0 before the first."""
    theta: np.ndarray
    """(steps,) the whole series, theta_1 first."""
    name: str
    """What the values are: "temperature (C)", "value"."""
    settings: tuple[Curve, ...]
    curves: tuple[CurveState, ...]
    """After value t; inside step t the first `phase` phases of it are done."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the curves, to choose one."""
        return tuple(curve.name for curve in self.settings)


def weights(beta: float, t: int, form: str = "plain") -> np.ndarray:
    """Return the weights of theta_t, theta_{t-1} ... theta_1 in the average, newest first: (t,).

    plain: (1 - beta) beta^k, k = 0 .. t-1; they sum to 1 - beta^t. corrected: these, divided by
    that sum. stored: weight k is divided by every 1 - beta^i, i = t-k .. t, for the quotient of
    each of these steps went on into the next. Course topics C2, C3.
    """
    k = np.arange(t)
    plain = (1.0 - beta) * float(beta) ** k
    if form == "plain":
        return plain
    if form == "corrected":
        return plain / (1.0 - beta**t)
    divisors = 1.0 - float(beta) ** np.arange(t, 0, -1)
    with np.errstate(over="ignore"):
        return np.asarray(plain / np.cumprod(divisors))


class AveragesSimulation(Stepped[State]):
    """v_t = beta v_{t-1} + (1 - beta) theta_t from v_0 = 0, of one series, with several beta.

    Parameters
    ----------
    theta : array (n,)
        The series.
    curves : sequence of Curve
        Each with a name of its own.
    steps : int, optional
        How many values to take; the whole series if left out. After the last value of the
        series that one goes on.
    dtype : str
        Precision of theta and v. As in the kernels, beta^t is kept in float64.
    name : str
        What the values are.

    Raises
    ------
    ValueError
        An empty series, one that is not finite, no curve, two curves of one name.
    """

    KIND = "averages"
    phases = PHASES

    def __init__(
        self,
        theta: Any,
        curves: Sequence[Curve],
        steps: int | None = None,
        dtype: str = "float64",
        name: str = "value",
    ) -> None:
        series = np.asarray(theta, float).ravel()
        if not series.size or not np.isfinite(series).all():
            raise ValueError("averages: theta must be one finite number at least")
        names = [curve.name for curve in curves]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"averages: curves are {names}; expected one or more different names")
        length = series.size if steps is None else steps
        held = np.full(max(length - series.size, 0), series[-1])
        self.theta = np.concatenate([series[:length], held]).astype(dtype)
        self.theta.flags.writeable = False
        self.curves = tuple(curves)
        self.name = name
        self._type = self.theta.dtype.type
        super().__init__(length)

    def begin(self) -> State:
        """v_0 = 0 for every curve."""
        zero = CurveState()
        shown = CurveState(average=0.0)
        states = tuple(shown if curve.form == "plain" else zero for curve in self.curves)
        return State(0, math.nan, states)

    def after(self, state: State, step: int) -> State:
        """Average one more value in."""
        theta = self.theta[step - 1]
        curves = tuple(
            self._averaged(curve, before, theta, step)
            for curve, before in zip(self.curves, state.curves, strict=True)
        )
        return State(step, float(theta), curves)

    def _averaged(self, curve: Curve, before: CurveState, theta: Any, t: int) -> CurveState:
        T, beta = self._type, curve.beta
        power = before.power * beta
        with np.errstate(over="ignore", invalid="ignore"):
            averaged = T(beta) * T(before.v) + T(1.0 - beta) * theta
            corrected = averaged / T(1.0 - power)
        v = corrected if curve.form == "stored" else averaged
        average = averaged if curve.form == "plain" else corrected
        # The weights follow the same recurrence as v; only what goes on is kept undivided.
        first, total, aged = before.sums
        today = 1.0 - beta
        first = today if t == 1 else beta * first
        sums = (first, beta * total + today, beta * (aged + total))
        if curve.form == "stored":
            sums = (sums[0] / (1.0 - power), sums[1] / (1.0 - power), sums[2] / (1.0 - power))
        divisor = 1.0 - power if curve.form == "corrected" else 1.0
        return CurveState(
            before=before.v,
            averaged=float(averaged),
            power=power,
            corrected=float(corrected),
            v=float(v),
            average=float(average),
            change=abs(float(average) - before.average) if t > 1 else math.nan,
            weight_today=today if curve.form == "plain" else today / (1.0 - power),
            weight_first=sums[0] / divisor,
            weight_sum=sums[1] / divisor,
            age=sums[2] / sums[1],
            sums=sums,
        )

    def figures_of(self, state: State, step: int) -> dict[str, Figure]:
        """Return theta, and of every curve its average and the weights in it."""
        pairs = [(each.name, at) for each, at in zip(self.curves, state.curves, strict=True)]
        found: dict[str, Figure] = {f"{name}.average": at.average for name, at in pairs}
        found["theta"] = state.theta
        for curve, (name, at) in zip(self.curves, pairs, strict=True):
            found |= {
                f"{name}.v": at.v,
                f"{name}.corrected": at.corrected,
                f"{name}.change": at.change,
                f"{name}.window": curve.window,
                f"{name}.weight_today": at.weight_today,
                f"{name}.weight_first": at.weight_first,
                f"{name}.weight_sum": at.weight_sum,
                f"{name}.age": at.age,
            }
        return found

    def snapshot(self) -> AveragesSnapshot:
        """Return what is shown now."""
        working = self.working
        return AveragesSnapshot(
            step=self.position.step,
            phase=self.position.phase,
            t=working.t,
            theta=self.theta,
            name=self.name,
            settings=self.curves,
            curves=working.curves,
        )

    def remarks(self) -> tuple[Any, ...]:
        """Return what can be said of the averages after the steps done."""
        return averages_remarks(self.curves, self.state.curves, self.theta[: self.position.step])


def figure_names(curves: Sequence[Curve]) -> tuple[str, ...]:
    """Return the names of all figures, in their order."""
    fields = ("v", "corrected", "change", "window")
    of_weights = ("weight_today", "weight_first", "weight_sum", "age")
    averages = [f"{curve.name}.average" for curve in curves]
    others = [f"{curve.name}.{field}" for curve in curves for field in (*fields, *of_weights)]
    return (*averages, "theta", *others)
