"""Gradient checking (course topic B13): is the way back the derivative of the way forward?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nnsim.kernels.codes import Fault
from nnsim.network.layout import Block
from nnsim.training.differences import approximate_gradient
from nnsim.training.machine import Machine
from nnsim.training.progress import Progress
from nnsim.training.resolution import resolution_of
from nnsim.training.tables import RUNNING

GREAT, WRONG = 1e-7, 1e-3
"""The course's thresholds: up to 1e-7 great, around 1e-5 worth a look, from 1e-3 on wrong."""
WORST_ENTRIES = 8


@dataclass(frozen=True)
class CheckedEntry:
    """One parameter: its derivative by back-propagation and by differences."""

    name: str
    backward: float
    approximation: float
    kinks: int

    @property
    def difference(self) -> float:
        """Absolute difference of the two."""
        return abs(self.backward - self.approximation)


@dataclass(frozen=True)
class GradientCheck:
    """ratio = ||d_approx - d||_2 / (||d_approx||_2 + ||d||_2), for all of theta and per block."""

    step: int
    epsilon: float
    masks: str
    ratio: float
    blocks: dict[str, float]
    verdicts: dict[str, str]
    """"great", "look", "wrong" or "round-off", for "all" and for each block."""
    worst: tuple[CheckedEntry, ...]
    kinks: int
    """Parameters whose step crosses a kink, where a derivative need not exist."""
    gradient: np.ndarray
    approximation: np.ndarray
    smooth: dict[str, str] = field(default_factory=dict)
    """Verdict on each block without the entries whose step crosses a kink."""

    @property
    def accused(self) -> tuple[str, ...]:
        """Blocks that are wrong, and not merely where a step crosses a kink."""
        return tuple(
            name
            for name in self.blocks
            if self.verdicts[name] == "wrong" and self.smooth.get(name, "wrong") == "wrong"
        )

    @property
    def verdict(self) -> str:
        """The whole's, but "wrong" where any block is: a small block cannot hide in the whole."""
        return "wrong" if "wrong" in self.verdicts.values() else self.verdicts["all"]


def verdict_of(ratio: float) -> str:
    """Return the course's verdict on a ratio; NaN is wrong."""
    if ratio <= GREAT:
        return "great"
    return "look" if ratio < WRONG else "wrong"


def verdict_on(
    gradient: np.ndarray, approximation: np.ndarray, resolution: float | np.ndarray
) -> str:
    """Return the verdict on two gradients, given the round-off of each difference.

    "round-off" is not the course's: the ratio is above 1e-7, but the gradient is so small that the
    round-off of the differences (`resolution_of`) explains it. A larger epsilon tells more.
    """
    verdict = verdict_of(ratio_of(gradient, approximation, resolution))
    explained = _explained(gradient, resolution)
    if verdict != "great" and _distance(gradient, approximation) <= explained:
        return "round-off"
    return verdict


def ratio_of(
    gradient: np.ndarray, approximation: np.ndarray, resolution: float | np.ndarray = 0.0
) -> float:
    """Return the ratio; 0 where both vectors are no longer than differences can resolve.

    Such are the gradient of b under batch norm, which is exactly 0, and all gradients at the end
    of a training that has fitted its data: there the difference is round-off alone.
    """
    first, second = length_of(gradient), length_of(approximation)
    # np.maximum, unlike max, hands NaN on: a gradient that is not a number is not "no longer than".
    if np.maximum(first, second) <= _explained(gradient, resolution):
        return 0.0
    # Infinity over infinity is NaN, which is wrong.
    with np.errstate(invalid="ignore"):
        return float(np.float64(_distance(approximation, gradient)) / (first + second))


def length_of(vector: np.ndarray) -> float:
    """Return ||vector||_2, also of numbers whose squares overflow, as in a run that diverges."""
    with np.errstate(over="ignore", invalid="ignore"):
        length = np.linalg.norm(vector)
        largest = np.max(np.abs(vector), initial=0.0)
        if np.isinf(length) and np.isfinite(largest):
            length = largest * np.linalg.norm(vector / largest)
    return float(length)


def _distance(first: np.ndarray, second: np.ndarray) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return length_of(first - second)


def _explained(gradient: np.ndarray, resolution: float | np.ndarray) -> float:
    return length_of(np.broadcast_to(resolution, gradient.shape))


def check_gradients(
    machine: Machine, *, epsilon: float, masks: str, on_progress: Progress | None = None
) -> GradientCheck:
    """Check the gradient of the machine's present step, in float64 whatever its dtype.

    Parameters
    ----------
    machine : Machine
        Not changed.
    epsilon : float
        Half the distance of the two-sided difference.
    masks : str
        "frozen": dropout keeps the masks of the step; "fresh": every evaluation draws its own, the
        mistake that the course warns of.
    on_progress : callable, optional
        Called with (parameters done, parameters) about every 50 ms; what it raises ends the check.

    Raises
    ------
    ValueError
        epsilon is not positive, or masks is another word.
    """
    if not epsilon > 0:
        raise ValueError(f"check_gradients: epsilon is {epsilon}, expected a number above 0")
    twin, masks = twin_after_backward(machine, masks, "check_gradients")
    step, gradient = int(twin.state[0].step), twin.grad.copy()
    approximation, kinks = approximate_gradient(twin, epsilon, masks, on_progress)
    resolution = resolution_of(twin, epsilon)
    pairs = {
        f"d{block.name}": (
            gradient[block.start : block.stop],
            approximation[block.start : block.stop],
            resolution[block.start : block.stop],
        )
        for block in twin.layout.blocks
    }
    even = kinks == 0
    smooth = {
        f"d{block.name}": (gradient[kept], approximation[kept], resolution[kept])
        for block in twin.layout.blocks
        for kept in [np.flatnonzero(even[block.start : block.stop]) + block.start]
    }
    whole = (gradient, approximation, resolution)
    return GradientCheck(
        step=step,
        epsilon=epsilon,
        masks=masks,
        ratio=ratio_of(*whole),
        blocks={name: ratio_of(*pair) for name, pair in pairs.items()},
        verdicts={name: verdict_on(*pair) for name, pair in {"all": whole, **pairs}.items()},
        worst=worst_entries(twin.layout.blocks, gradient, approximation, kinks),
        kinks=int(np.count_nonzero(kinks)),
        gradient=gradient,
        approximation=approximation,
        smooth={name: verdict_on(*pair) for name, pair in smooth.items()},
    )


def twin_after_backward(machine: Machine, masks: str, asked: str) -> tuple[Machine, str]:
    """Return a float64 copy with the gradient of its step, not clipped, and the masks to use.

    Raises ValueError, in the name of what was asked for, if masks is neither frozen nor fresh.
    """
    if masks not in ("frozen", "fresh"):
        raise ValueError(f"{asked}: masks is {masks!r}, expected 'frozen' or 'fresh'")
    twin = machine.in_float64()
    settings, state = twin.settings[0], twin.state[0]
    if settings.fault == Fault.FRESH_MASKS_IN_CHECK:
        masks = "fresh"
    state.status, state.phase = RUNNING, 0
    settings.patience = 0
    # Up to and including the last layer's way back: no clipping, no update.
    twin.execute(len(twin.phases) - 2, record=False)
    return twin, masks


def worst_entries(
    blocks: Sequence[Block], gradient: np.ndarray, approximation: np.ndarray, kinks: np.ndarray
) -> tuple[CheckedEntry, ...]:
    """Return the entries that differ most, the worst first."""
    order = np.argsort(-np.abs(gradient - approximation), kind="stable")[:WORST_ENTRIES]
    entries = []
    for index in map(int, order):
        entries.append(
            CheckedEntry(
                f"d{name_of(blocks, index)}",
                float(gradient[index]),
                float(approximation[index]),
                int(kinks[index]),
            )
        )
    return tuple(entries)


def name_of(blocks: Sequence[Block], index: int) -> str:
    """Return the name of parameter `index` of theta: W1[0,2]."""
    block = next(b for b in blocks if b.start <= index < b.stop)
    i, j = divmod(index - block.start, block.shape[1])
    return f"{block.name}[{i},{j}]"
