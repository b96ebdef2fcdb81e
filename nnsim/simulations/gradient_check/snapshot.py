"""What is shown of a gradient check in the making. No Numba."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from nnsim.training.gradient_check import CheckedEntry


ENTRY_VERDICTS = ("great", "look", "wrong", "round-off", "kink")
"""What one parameter alone can be: by its relative difference |d_approx - d| / (|d_approx| + |d|).

"round-off" where the round-off of one difference explains it, "kink" where it is wrong and its step
crosses one.
"""


@dataclass(frozen=True)
class CheckedBlock:
    """A block of theta, and how its parameters done compare."""

    name: str
    """Of its gradient: dW1."""
    layer: int
    start: int
    """Its first parameter's index in theta."""
    shape: tuple[int, int]
    ratio: float
    """Over the parameters done; NaN where there is none yet."""
    verdict: str
    """"great", "look", "wrong", "round-off"; "" where there is none yet."""

    @property
    def size(self) -> int:
        """How many parameters."""
        return self.shape[0] * self.shape[1]

    @property
    def stop(self) -> int:
        """End of the block in theta."""
        return self.start + self.size


@dataclass(frozen=True)
class GradientCheckSnapshot:
    """One moment of the check; arrays are read-only."""

    step: int
    """Parameters done."""
    phase: int
    """Phases done of the next one."""
    parameters: int
    done: int
    """Parameters whose difference is known: one more than `step` from the third phase on."""
    epsilon: float
    masks: str
    after: int
    """Training steps before the check."""
    m: int
    """Examples."""
    cost: float
    """J(theta)."""
    resolution: float
    """Round-off of the two-sided difference of the parameter in hand."""
    index: int
    """The parameter in hand, or done last; -1 before the first."""
    name: str
    """W1[0,2]; "" before the first."""
    theta: float
    d: float
    """Its derivative by back-propagation."""
    plus: float
    """J(theta_i + epsilon)."""
    minus: float
    """J(theta_i - epsilon)."""
    kinks: int
    """Kinks between the two."""
    ratio: float
    verdict: str
    suspect: str
    """The first wrong block on the way back; "none"."""
    distance: float
    """||d_approx - d|| over the parameters done."""
    lengths: tuple[float, float]
    """||d_approx|| and ||d|| over the parameters done."""
    gradient: np.ndarray
    """d (parameters,)."""
    approximation: np.ndarray
    """d_approx (done,)."""
    entries: np.ndarray
    """(done,) the verdict on each parameter alone, as its place in `ENTRY_VERDICTS`."""
    blocks: tuple[CheckedBlock, ...]
    worst: tuple[CheckedEntry, ...]
    dropout: bool
    """Whether a layer draws masks."""
    penalty: float
    """The penalty's part of J."""

    @property
    def known(self) -> int:
        """Phases done of the parameter `index`: all 4 between two steps, 0 before the first."""
        return self.phase or (4 if self.step else 0)

    @property
    def d_approx(self) -> float:
        """(J(theta_i + epsilon) - J(theta_i - epsilon)) / (2 epsilon)."""
        return (self.plus - self.minus) / (2 * self.epsilon)

    @property
    def block(self) -> CheckedBlock | None:
        """The block of the parameter in hand."""
        found = (each for each in self.blocks if each.start <= self.index < each.stop)
        return next(found, None)

    def differences(self) -> np.ndarray:
        """Return |d_approx - d| of the parameters done."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.abs(self.approximation - self.gradient[: self.done])
