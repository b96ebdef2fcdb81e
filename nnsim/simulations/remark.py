"""One thing to say about a moment of a run, and what it is said from. No Numba."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nnsim.network.specification import Network
    from nnsim.simulations.looking import Evaluation, NonFinite
    from nnsim.simulations.snapshot import Snapshot
    from nnsim.training.gradient_check import GradientCheck
    from nnsim.training.specification import Training


@dataclass(frozen=True)
class Remark:
    """One thing to say: a plain line, the figures behind it, what the course advises."""

    kind: str
    """One of `nnsim.simulations.remarks.KINDS`."""
    sentence: str
    how: str
    """The figures it rests on, and from where on it is said."""
    advice: str
    topic: str
    """Of the course: B10."""
    weight: int
    """The larger, the more important."""
    layer: int | None = None


@dataclass(frozen=True)
class Thresholds:
    """From where on something is said."""

    gradient_factor: float = 1e3
    """Between the gradients of two layers: vanishing or exploding."""
    signal_factor: float = 30.0
    """At least so much of it must be in dZ, lest a layer's inputs be the reason."""
    weight_growth: float = 100.0
    """||W|| against the first evaluation."""
    hardly_learns: float = 1e-5
    """||update|| / ||W|| of a layer whose gradient vanishes."""
    update_large: float = 1e-1
    update_tiny: float = 1e-6
    dead: float = 0.4
    """Share of a layer's ReLU units that are 0 for the whole batch."""
    examples: int = 32
    """Fewer examples in a batch say nothing about a unit, dead or saturated."""
    saturated: float = 0.5
    """Share of a layer's sigmoid or tanh values with a slope below 1 % of its largest."""
    most_of: float = 0.9
    """Share of dead or saturated units that makes it the main thing."""
    window: int = 5
    """Evaluations that a trend is read from."""
    rise: float = 1.1
    """Cost now against a window before, all the way up."""
    swing: float = 0.1
    """Mean step of an oscillating cost, as a share of it."""
    flat: float = 1e-3
    """Relative change of the cost over a window."""
    still_high: float = 0.3
    """Cost against that of the first evaluation, where there is no accuracy to go by."""
    late: float = 0.5
    """Share of the run from which on high bias is more than the beginning of learning."""
    coarse: float = 1e-5
    """Epsilon of a gradient check: with a larger one truncation and kinks look like a bug."""
    bayes_error: float = 0.0
    bias: float = 0.05
    """Train error above the Bayes error."""
    variance: float = 0.05
    """Dev error above the train error."""


@dataclass(frozen=True)
class Moment:
    """All that remarks are made from."""

    snapshot: Snapshot
    records: Mapping[str, np.ndarray]
    phases: tuple[str, ...]
    network: Network
    training: Training
    evaluations: Mapping[str, Evaluation]
    non_finite: NonFinite | None
    best_step: int | None
    check: GradientCheck | None
    thresholds: Thresholds

    @property
    def step(self) -> int:
        """Updates done."""
        return self.snapshot.step

    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Return steps and costs of the training set, evaluated until now; the last is now's."""
        steps = self.records.get("step", np.empty(0))
        costs = self.records.get("train_cost", np.empty(0))
        past = (steps < self.step) & ~np.isnan(costs)
        steps, costs = steps[past], costs[past]
        if "train" in self.evaluations:
            steps = np.append(steps, self.step)
            costs = np.append(costs, self.evaluations["train"].cost)
        return steps, costs

    def first(self, name: str) -> np.ndarray | None:
        """Return a layer figure (L,) of the first evaluation, None where there is none before."""
        steps, table = self.records.get("step"), self.records.get(name)
        if steps is None or table is None or not len(steps) or steps[0] >= self.step:
            return None
        return table[0]

    def stride(self) -> tuple[float, int]:
        """Return the largest ||update|| / ||W|| and its layer; infinity where W is 0."""
        ratios = [layer.update_ratio for layer in self.snapshot.layers]
        known = [(ratio, number) for number, ratio in enumerate(ratios, 1) if not np.isnan(ratio)]
        return max(known, key=lambda pair: pair[0], default=(0.0, 0))

    def steepest(self) -> tuple[float, int]:
        """Return the largest ||dW|| and its layer; NaN and 0 where no gradient is known."""
        norms = [layer.gradient_norm for layer in self.snapshot.layers]
        known = [(norm, number) for number, norm in enumerate(norms, 1) if not np.isnan(norm)]
        return max(known, key=lambda pair: pair[0], default=(np.nan, 0))

    def unlearnt(self) -> bool:
        """Tell whether much is left to learn: by the error, or else by the cost since the start."""
        train = self.evaluations.get("train")
        if train is None:
            return False
        if not np.isnan(train.error):
            return train.error - self.thresholds.bayes_error > self.thresholds.bias
        _, costs = self.curve()
        return bool(train.cost > self.thresholds.still_high * costs[0])


def figure(value: float, digits: int = 3) -> str:
    """Return significant digits, 3 if not told: 0.0312, 1950, 4.5e5."""
    if 10**digits <= abs(value) < 1e5:
        return f"{value:.0f}"
    text = f"{value:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text


def apart(first: float, second: float) -> tuple[str, str]:
    """Return two figures with as many digits as it takes to tell them apart, 8 at most.

    >>> apart(98.99, 99.0)
    ('98.99', '99.00')
    """
    for digits in range(3, 9):
        texts = figure(first, digits), figure(second, digits)
        if texts[0] != texts[1]:
            return _as_long(*texts) if digits > 3 else texts
    return figure(first), figure(second)


def _as_long(first: str, second: str) -> tuple[str, str]:
    """Return two numbers with equally many decimals, zeros added."""
    if "e" in first + second:
        return first, second
    decimals = max(len(text.partition(".")[2]) for text in (first, second))
    longer = [f"{float(text):.{decimals}f}" for text in (first, second)]
    return longer[0], longer[1]


def counted(count: int, what: str) -> str:
    """Return a count with its noun: 1 evaluation, 5 evaluations."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def times(factor: float) -> str:
    """Return a factor as one says it: 40, 1200, 4e5."""
    if factor < 9999.5:
        return f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}"
    mantissa, exponent = f"{factor:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def change(ratio: float) -> str:
    """Return by how much a step changes weights: "by 12 % of their length", "by 40 times ..."."""
    if np.isinf(ratio):
        return "away from 0"
    if ratio < 10:
        return f"by {percent(ratio)} of their length"
    return f"by {times(ratio)} times their length"


def percent(share: float) -> str:
    """Return a share in percent: 12 %."""
    return f"{figure(100 * share)} %"
