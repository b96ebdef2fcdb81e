"""What a script for another framework needs of a run: settings, arrays, and nnsim's own costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnsim.errors import NnsimError

if TYPE_CHECKING:
    from nnsim.network.specification import Network
    from nnsim.training.specification import Training

MOST_STEPS = 4096
"""A script compares each step's cost, and a run's record keeps that many steps whole."""


class ExportError(NnsimError):
    """A scenario has no counterpart in a framework; says all that has none."""

    def __init__(self, what: str, framework: str, reasons: list[str]) -> None:
        self.reasons = tuple(reasons)
        text = "\n".join(f"  - {reason}" for reason in reasons)
        super().__init__(f"{what} cannot be written for {framework}:\n{text}")


@dataclass(frozen=True)
class Plan:
    """A run to be written as a script."""

    title: str
    command: str
    """The command that writes it again."""
    network: Network
    training: Training
    dtype: str
    arrays: dict[str, np.ndarray]
    """X, Y; W1, b1 ...; cost of every step; order, a row an epoch; alpha of every step."""

    @property
    def steps(self) -> int:
        """Updates to make."""
        return len(self.arrays["cost"])

    @property
    def batches(self) -> int:
        """Batches an epoch."""
        m = self.arrays["X"].shape[1]
        return -(-m // (self.training.batch_size or m))

    @property
    def scheduled(self) -> bool:
        """Whether the learning rate changes."""
        return "alpha" in self.arrays

    @property
    def tolerance(self) -> float:
        """How far costs may be apart, as a share of the cost."""
        return 1e-8 if self.dtype == "float64" else 1e-3


def plan_of(simulation: Any, title: str, command: str, seed: int) -> Plan:
    """Run a simulation to its end and return its plan; arrays are those that it began with.

    Raises ExportError where the run is too long to be compared step by step.
    """
    network, training = simulation.network, simulation.training
    if training.steps > MOST_STEPS:
        reason = f"it has {training.steps} steps, and at most {MOST_STEPS} are written (--steps)"
        raise ExportError(title, "any framework", [reason])
    dtype = simulation.snapshot().arrays["W1"].dtype
    kinds = ("W", "b", "gamma", "beta")
    arrays: dict[str, np.ndarray] = {
        "X": simulation.data.train.X.astype(dtype),
        "Y": simulation.data.train.Y.astype(dtype),
    }
    arrays |= {
        name: array
        for name, array in simulation.snapshot().arrays.items()
        if name.rstrip("0123456789") in kinds
    }
    simulation.run()
    if simulation.non_finite is not None:
        where = simulation.non_finite
        reason = f"NaN or infinity stops it at step {where.step}: there is nothing to compare after"
        raise ExportError(title, "any framework", [reason])
    curve = simulation.history.curve
    arrays["cost"] = curve["cost"].astype(np.float64)
    if training.schedule.kind != "constant" or training.schedule.warm_up:
        arrays["alpha"] = curve["learning_rate"].astype(np.float64)
    m = arrays["X"].shape[1]
    if 0 < training.batch_size < m:
        arrays["order"] = _orders(training, m, seed)
    return Plan(title, command, network, training, dtype.name, arrays)


def _orders(training: Training, m: int, seed: int) -> np.ndarray:
    """Return the order of the examples, a row an epoch."""
    from nnsim.kernels.codes import Stream
    from nnsim.kernels.cpu.random import permutation_into

    epochs = -(-training.steps // -(-m // training.batch_size))
    orders = np.tile(np.arange(m, dtype=np.int64), (epochs, 1))
    if training.shuffle:
        for epoch in range(epochs):
            permutation_into(seed, Stream.SHUFFLE, epoch, orders[epoch])
    return orders


def reasons_against(
    plan: Plan, activations: set[str], losses: set[str], rules: set[str]
) -> list[str]:
    """Return everything in a run that a framework's script has no counterpart for."""
    network, training = plan.network, plan.training
    found = []
    hidden, last = network.layers[:-1], network.layers[-1]
    names = {layer.activation for layer in hidden} - activations
    found += [f"the activation {name} has no counterpart" for name in sorted(names)]
    if network.loss in ("mean_squared_error", "huber") and last.activation not in activations:
        found.append(f"the last activation {last.activation} has no counterpart")
    if network.loss not in losses:
        found.append(f"the loss {network.loss} has no counterpart")
    if getattr(network, "label_smoothing", 0.0):
        found.append("label smoothing is not written")
    if training.optimizer not in rules:
        found.append(f"no optimiser there takes the steps of {training.optimizer}")
    if training.epsilon_inside and training.optimizer in ("adam", "adamw", "amsgrad", "adagrad"):
        found.append("epsilon stands inside the root (training.epsilon_inside)")
    if any(layer.keep_prob < 1 for layer in network.layers):
        found.append("dropout: the frameworks draw other masks, so no cost would agree")
    if any(getattr(layer, "layer_norm", None) for layer in network.layers):
        found.append("layer norm is not written")
    if any(getattr(layer, "residual", False) for layer in network.layers):
        found.append("residual connections are not written")
    if training.fault is not None:
        found.append(f"the planted fault {training.fault.kind}: frameworks have other bugs")
    if training.early_stopping is not None:
        found.append("early stopping (training.early_stopping=false leaves it out)")
    return found
