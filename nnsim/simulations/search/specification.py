"""A search described: what a scenario or a Python user writes down. No arrays, no Numba."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PARAMETERS: Mapping[str, str] = {
    "learning_rate": "alpha",
    "beta1": "momentum's beta",
    "hidden_units": "units of every hidden layer",
    "batch_size": "examples a step",
    "layers": "hidden layers",
    "decay": "rate of alpha0 / (1 + rate epoch)",
    "beta2": "RMSprop's beta",
    "epsilon": "Adam's epsilon",
    "l2": "lambd of the L2 penalty",
    "keep_prob": "chance of a hidden unit to stay",
}
"""What can be searched for, in the order in which the course would tune it."""
WHOLE = frozenset({"hidden_units", "batch_size", "layers"})
"""Parameters that are counts."""
CHANGEABLE = ("learning_rate", "beta1", "batch_size", "beta2", "epsilon", "l2", "keep_prob")
"""Parameters that a run can change while it trains: the others decide its arrays."""
SCALES = ("linear", "log", "one_minus_log")
METHODS = ("grid", "random", "coarse_to_fine", "panda", "caviar")
OBJECTIVES = ("dev_error", "dev_cost", "train_error", "train_cost", "formula", "none")


@dataclass(frozen=True)
class Parameter:
    """One hyperparameter with its range and scale.

    A number u in [0, 1) becomes a value (topic D4):

    linear           low + (high - low) u
    log              10^r, r = log10(low) + (log10(high) - log10(low)) u
    one_minus_log    1 - 10^r, r from log10(1 - low) to log10(1 - high)

    Counts (hidden_units, batch_size, layers) are rounded down, and the range ends at high + 1, so
    that every whole number of a linear scale is as likely as any other.
    """

    name: str
    low: float
    high: float
    scale: str = "linear"
    points: int = 0
    """Points of a grid; 0: the n-th root of the trials, n being the number of parameters."""
    share: tuple[float, float] | None = None
    """Count the trials whose value lies in this range."""

    @property
    def whole(self) -> bool:
        """Whether it is a count."""
        return self.name in WHOLE

    def exponent(self, u: float) -> float:
        """Return r of 10^r or 1 - 10^r for a place u of the range; NaN on a linear scale."""
        if self.scale == "linear":
            return math.nan
        first, last = self._ends
        return first + (last - first) * u

    def value(self, u: float) -> float:
        """Return the value at a place u of the range, 0 being its low and 1 its high end."""
        first, last = self._ends
        inner = first + (last - first) * u
        if self.scale == "linear":
            found = inner
        elif self.scale == "log":
            found = 10.0**inner
        else:
            found = 1.0 - 10.0**inner
        if self.whole:
            # 1e-9: the round-off of a power of ten must not cost a whole unit.
            return float(min(math.floor(found + 1e-9), int(self.high)))
        return min(max(found, self.low), self.high)

    def place(self, value: float) -> float:
        """Return u of a value: where it stands in the range on its scale."""
        first, last = self._ends
        if self.scale == "linear":
            inner = value
        elif self.scale == "log":
            inner = math.log10(value)
        else:
            inner = math.log10(1.0 - value)
        return (inner - first) / (last - first)

    @property
    def _ends(self) -> tuple[float, float]:
        """The range as the scale sees it."""
        low, high = self.low, self.high + (1.0 if self.whole else 0.0)
        if self.scale == "linear":
            return low, high
        if self.scale == "log":
            return math.log10(low), math.log10(high)
        return math.log10(1.0 - low), math.log10(1.0 - high)


@dataclass(frozen=True)
class Change:
    """Settings that the babysitter changes at the beginning of a day."""

    day: int
    """1 is the first one."""
    settings: tuple[tuple[str, float], ...]
    """Parameter and new value."""


@dataclass(frozen=True)
class Drift:
    """The data change at the beginning of a day, as they do in the world."""

    day: int
    options: Mapping[str, Any]
    """Options of the data source, over those before."""


@dataclass(frozen=True)
class Search:
    """How hyperparameters are looked for, and what for.

    grid, random and coarse_to_fine make `trials` one after the other; panda and caviar go through
    `days`: panda trains one run and changes it by hand, caviar a population of `trials` runs side
    by side that share out the same number of training steps.
    """

    method: str
    objective: str
    parameters: tuple[Parameter, ...] = ()
    trials: int = 25
    budget: int = 200
    """Training steps of one trial; of one day for panda and caviar, all runs together."""
    epochs: int = 0
    """Passes over the training set of one trial, instead of `budget`; 0: the budget holds."""
    rounds: int = 3
    """coarse_to_fine: how often the box shrinks, and once more: the trials are shared out."""
    zoom: float = 0.4
    """coarse_to_fine: sides of the new box, as a part of the box before (on the scale)."""
    days: int = 8
    changes: tuple[Change, ...] = ()
    drift: Drift | None = None
    formula: str = ""
    """For the objective `formula`: in the names of the parameters."""
    start: Mapping[str, float] = field(default_factory=dict)
    """What a run begins with where nothing is searched for: learning_rate, beta1 ..."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(each.name for each in self.parameters)

    @property
    def trains(self) -> bool:
        """Whether a trial trains a network."""
        return self.objective not in ("formula", "none")

    @property
    def what(self) -> str:
        """What the objective is called in a sentence: dev error, or value for a formula."""
        return "value" if self.objective == "formula" else self.objective.replace("_", " ")

    @property
    def in_days(self) -> bool:
        """Whether a step is a day of training and not a trial."""
        return self.method in ("panda", "caviar")

    @property
    def points(self) -> tuple[int, ...]:
        """Points of a grid on every parameter."""
        even = round(self.trials ** (1 / max(len(self.parameters), 1)))
        return tuple(each.points or even for each in self.parameters)

    @property
    def steps(self) -> int:
        """Steps of the simulation: trials or days."""
        if self.in_days:
            return self.days
        return min(self.trials, math.prod(self.points)) if self.method == "grid" else self.trials

    @property
    def population(self) -> int:
        """Runs that train side by side."""
        return self.trials if self.method == "caviar" else 1

    @property
    def daily(self) -> int:
        """Training steps of each run on each day."""
        return max(self.budget // self.population, 1)

    @property
    def a_round(self) -> int:
        """Trials of a round of coarse_to_fine; the last round may have fewer."""
        return -(-self.trials // self.rounds)

    def watched(self) -> tuple[str, ...]:
        """Return the parameters that figures speak of, in the order of PARAMETERS."""
        if self.method != "panda":
            return self.names
        named = {"learning_rate", *(name for each in self.changes for name, _ in each.settings)}
        return tuple(name for name in PARAMETERS if name in named)


def figure_names(search: Search) -> tuple[str, ...]:
    """Return the names of all figures of a search, the main one first."""
    judged, watched = search.objective != "none", search.watched()
    # After a change of the data the lowest value of all days says nothing: today's goes first.
    names = ["value", "best"] if search.in_days else ["best", "value"] if judged else []
    if not judged:
        names += [f"share.{each.name}" for each in search.parameters if each.share]
    if judged and search.method != "panda":
        names += ["median", "worst", "spread", "diverged"]
    if search.method != "caviar":
        names += watched
    if judged:
        names += [f"best.{name}" for name in watched]
    if not search.in_days:
        names += [f"distinct.{name}" for name in watched]
        names += [f"share.{each.name}" for each in search.parameters if each.share and judged]
    if search.method == "coarse_to_fine":
        names.append("round")
        names += [f"box.{name}.{end}" for name in watched for end in ("low", "high")]
    if search.method == "panda":
        names.append("changes")
    names.append("days" if search.in_days else "trials")
    return (*names, "steps_spent") if search.trains else tuple(names)
