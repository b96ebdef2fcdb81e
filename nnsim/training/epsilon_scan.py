"""Truncation against round-off: the error of numerical derivatives over epsilon (B12, B13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnsim.training.differences import approximate_gradient
from nnsim.training.gradient_check import twin_after_backward
from nnsim.training.machine import Machine
from nnsim.training.progress import Progress
from nnsim.training.resolution import resolution_of
from nnsim.training.verdicts import length_of, ratio_of

EPSILONS = tuple(float(f"1e-{power}") for power in range(1, 13))
"""One a decade, from where truncation rules to where round-off does."""


@dataclass(frozen=True)
class EpsilonScan:
    """The gradient check's ratio over epsilon: a V, truncation on one side, round-off the other.

    Nothing is rounded down to 0 here, as the check does where round-off explains all: the V is
    about round-off. Only a gradient that is exactly 0, as that of b under batch norm, has no V.
    """

    step: int
    epsilons: np.ndarray
    """As given, in order."""
    ratios: np.ndarray
    """Of all of theta, one an epsilon."""
    blocks: dict[str, np.ndarray]
    """The same for dW1, db1 ..."""

    @property
    def best_epsilon(self) -> float:
        """The epsilon of the smallest ratio: the tip of the V."""
        ratios = np.where(np.isnan(self.ratios), np.inf, self.ratios)
        return float(self.epsilons[np.argmin(ratios)])


def scan_epsilons(
    machine: Machine,
    epsilons: Sequence[float] | None = None,
    masks: str = "frozen",
    on_progress: Progress | None = None,
) -> EpsilonScan:
    """Check the gradient of the present step against differences over several epsilons.

    Parameters
    ----------
    machine : Machine
        Not changed.
    epsilons : sequence of float, optional
        1e-1, 1e-2 ... 1e-12 if not given.
    masks : str
        As in `check_gradients`.
    on_progress : callable, optional
        Called with (derivatives done, derivatives) between pieces; what it raises ends the scan.

    Raises
    ------
    ValueError
        There is no epsilon, or one is not positive, or masks is another word.
    """
    chosen = np.array(EPSILONS if epsilons is None else list(epsilons), np.float64)
    if chosen.size == 0 or not (chosen > 0).all():
        raise ValueError(f"scan_epsilons: epsilons are {chosen}, expected numbers above 0")
    twin, masks = twin_after_backward(machine, masks, "scan_epsilons")
    gradient = twin.grad.copy()
    # The finest that any of these differences can resolve: below it a gradient counts as 0.
    floor = resolution_of(twin, float(chosen.max()))
    pieces = {f"d{block.name}": slice(block.start, block.stop) for block in twin.layout.blocks}
    ratios = np.empty(chosen.size)
    blocks = {name: np.empty(chosen.size) for name in pieces}
    size = gradient.size

    def ratio(piece: slice, approximation: np.ndarray, epsilon: float) -> float:
        part = gradient[piece]
        zero = length_of(part) <= length_of(floor[piece])
        resolution = resolution_of(twin, epsilon)[piece] if zero else 0.0
        return ratio_of(part, approximation[piece], resolution)

    for number, epsilon in enumerate(map(float, chosen)):
        told = _shifted(on_progress, number * size, chosen.size * size)
        approximation, _ = approximate_gradient(twin, epsilon, masks, told)
        ratios[number] = ratio(slice(None), approximation, epsilon)
        for name, piece in pieces.items():
            blocks[name][number] = ratio(piece, approximation, epsilon)
    return EpsilonScan(int(twin.state[0].step), chosen, ratios, blocks)


def _shifted(on_progress: Progress | None, before: int, whole: int) -> Progress | None:
    if on_progress is None:
        return None
    return lambda done, _: on_progress(before + done, whole)
