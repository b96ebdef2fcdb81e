"""The numbers that an equation is about, taken out of a snapshot."""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.network.specification import Layer, Network
from nnsim.training.specification import Training
from nnsim.tui.formulas.cells import PARAMETERS, name_of

if TYPE_CHECKING:
    from nnsim.simulations.snapshot import Snapshot

ALL = slice(None)
BATCH, UPDATE = "batch", "update"


_last_norm: tuple[weakref.ref[np.ndarray], Network, Training, float] | None = None
"""The norm last worked out, for the snapshot to which that dZ1 belongs: a cursor that moves over
a heat map asks for it again and again."""


class OperandMissing(LookupError):
    """The phase that makes an operand has not run."""


def place_of(phase: str, depth: int) -> int:
    """Return a phase's number within a step of L = `depth` layers; -1 for no phase's name."""
    word, _, layer = phase.partition(" ")
    if word in ("forward", "backward"):
        if not layer.isdigit() or not 1 <= int(layer) <= depth:
            return -1
        return int(layer) if word == "forward" else 2 * depth + 2 - int(layer)
    numbers = {BATCH: 0, "cost": depth + 1, "check": 2 * depth + 2, UPDATE: 2 * depth + 3}
    return numbers.get(phase, -1)


class Operands:
    """A snapshot with the settings that were in force, read as an equation reads it.

    The parameters in an equation are those that the step began with: inside a step the snapshot
    holds them, between steps it holds those after the update, and the update is taken off again.
    """

    def __init__(
        self, snapshot: Snapshot, network: Network, training: Training, updates: int | None
    ) -> None:
        self.snapshot, self.network, self.training = snapshot, network, training
        self.arrays = snapshot.arrays
        self.depth = len(network.layers)
        self.between = snapshot.phase == BATCH
        self.updates = snapshot.step if updates is None else updates
        """The t of bias correction: updates since the optimiser's slots were empty."""

    def layer(self, number: int) -> Layer:
        """Return the description of layer `number`, counted from 1."""
        return self.network.layers[number - 1]

    @property
    def m(self) -> int:
        """Examples in the batch."""
        return int(self._array("A0").shape[1])

    @property
    def single(self) -> bool:
        """Tell whether the run computes in float32."""
        return any(array.dtype == np.float32 for array in self.arrays.values())

    @property
    def after_clipping(self) -> bool:
        """Tell whether the gradients in the snapshot have been through the phase `check`."""
        return self.between or self.snapshot.phase == UPDATE

    @property
    def alpha(self) -> float:
        """The learning rate of the last update."""
        return float(self.snapshot.learning_rate)

    def has(self, name: str) -> bool:
        """Tell whether the snapshot holds an array."""
        return name in self.arrays

    def stored(self, name: str, row: Any = ALL, column: Any = ALL) -> Any:
        """Return part of an array as it stands in the snapshot, in float64."""
        part = self._array(name)[row, column]
        return part.astype(np.float64) if isinstance(part, np.ndarray) else float(part)

    def take(self, name: str, row: Any = ALL, column: Any = ALL) -> Any:
        """Return part of an array as the equations of the step use it, in float64."""
        parsed = name_of(name)
        is_parameter = parsed is not None and not parsed.prefix and parsed.kind in PARAMETERS
        if not is_parameter:
            return self.stored(name, row, column)
        if self.between:
            return self.stored(name, row, column) - self.stored(f"update_{name}", row, column)
        if self.snapshot.phase == UPDATE and self.snapshot.status == "non-finite":
            # The update that made NaN or infinity has run, and what was before it is not kept.
            raise OperandMissing(name)
        return self.stored(name, row, column)

    def _array(self, name: str) -> np.ndarray:
        try:
            return self.arrays[name]
        except KeyError:
            raise OperandMissing(name) from None

    def gradients(self) -> tuple[str, ...]:
        """Return the names of all gradients of parameters that there are, in layers' order."""
        names = (f"d{kind}{n}" for n in range(1, self.depth + 1) for kind in PARAMETERS)
        return tuple(name for name in names if name in self.arrays)

    @property
    def norm_before_clipping(self) -> float:
        """The norm of the whole gradient that the equations give, after clipping by value."""
        global _last_norm
        ours = self._array("dZ1")
        if _last_norm is not None:
            shown, network, training, norm = _last_norm
            if shown() is ours and (network, training) == (self.network, self.training):
                return norm
        norm = self._norm()
        _last_norm = weakref.ref(ours), self.network, self.training, norm
        return norm

    def _norm(self) -> float:
        total = 0.0
        limit = self.training.clip_value or math.inf
        for number in range(1, self.depth + 1):
            for gradient in self._gradients_of(number):
                total += float((np.clip(gradient, -limit, limit) ** 2).sum())
        return math.sqrt(total)

    def _gradients_of(self, number: int) -> list[np.ndarray]:
        layer, network, m = self.layer(number), self.network, self.m
        dZ = self.take(f"dZ{number}")
        dW = dZ @ self.take(f"A{number - 1}").T / m
        if network.l2 > 0 or network.l1 > 0:
            W = self.take(f"W{number}")
            dW = dW + network.l2 / m * W + l1_share(network, m) * np.sign(W)
        found = [dW]
        if layer.bias:
            found.append(dZ.mean(axis=1))
        if layer.norm:
            dZ_tilde = self.take(f"dZ_tilde{number}")
            found.append((dZ_tilde * self.take(f"Z_norm{number}")).mean(axis=1))
            found.append(dZ_tilde.mean(axis=1))
        return found


def l1_share(network: Network, m: int) -> float:
    """Return the factor of the L1 penalty: lambd/m, or lambd/(2m) where it is halved."""
    return network.l1 / (2 * m if network.l1_halved else m)


def rounding(run: Operands, span: float) -> float:
    """Return how far rounding may take sums of numbers of this size apart."""
    return (1e-5 if run.single else 1e-12) * span
